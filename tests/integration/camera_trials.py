# SPDX-License-Identifier: Apache-2.0
"""Seeded trials: cameras break in every way we know of and heal, before the real `dwell serve`.

    camera_trials.py [--trials N] [--cameras N] [--seed N]

A camera is well, misbehaves for some seconds, and heals; then the clock runs until the program
measures its pictures again. At the end the store is held against what the cameras really sent.
Exit code 0 when every trial is as docs/cameras.md promises.
"""

import argparse
import collections
import functools
import json
import os
import random
import shutil
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import bad_camera
import dwelltest
import httpsite
from bad_camera import Fault

LIMIT_S = 10.0  # from healing to the next picture measured
LATE_S = 5.0  # by so much a busy machine may date a picture
RATE = 2  # pictures a second of the cameras that break
GOOD_RATE = 5
KINDS = 22  # of faults
JUMPS = (-9800, 9800, -3600, 37600, 86400)
NO_VIDEO = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=camera\r\nt=0 0\r\n"
WRONG_SDP = (
    "this is no description of anything",
    NO_VIDEO,
    NO_VIDEO + "m=audio 0 RTP/AVP 0\r\na=control:track\r\n",
    NO_VIDEO + "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H265/90000\r\na=control:track\r\n",
    NO_VIDEO + "m=video 0 RTP/AVP 96\r\na=rtpmap:96 NONE/0\r\na=control:../../etc\r\n",
)


def faults(streams, trap):
    """What may go wrong: a name, and what makes the fault from a chance."""
    other, tall = streams["hevc"], streams["tall"]
    stalls = {
        f"stalls at {method}": lambda chance, method=method: Fault("stall", method)
        for method in bad_camera.METHODS
    }
    return {
        "refuses": lambda _: Fault("refuse"),
        "does not accept": lambda _: Fault("deaf"),
        **stalls,
        "plays nothing": lambda _: Fault("silent"),
        "stalls while it plays": lambda _: Fault("hang"),
        "drips": lambda _: Fault("drip"),
        "resets": lambda _: Fault("reset"),
        "sends garbage": lambda chance: Fault("garbage", seed=chance.randrange(1 << 20)),
        "asks for a password again and again": lambda _: Fault("loop401"),
        "sends elsewhere": lambda _: Fault("redirect", f"rtsp://127.0.0.1:{trap.port}/camera"),
        "describes nonsense": lambda chance: Fault("sdp", chance.choice(WRONG_SDP)),
        "changes its size": lambda _: Fault("size", streams["large"]),
        "changes its shape": lambda _: Fault("size", tall),
        "changes its codec": lambda _: Fault("codec", other),
        "loses packets": lambda chance: Fault("loss", chance.uniform(0.05, 0.5)),
        "jumps": lambda chance: Fault("jump", chance.choice(JUMPS)),
        "stamps single pictures hours off": lambda _: Fault("spikes"),
        "wraps": lambda chance: Fault("wrap", chance.uniform(1, 4)),
        "begins anew at 0": lambda _: Fault("restart"),
    }


def certificate(folder):
    """What a camera shows that speaks TLS: signed by itself, as they do."""
    key, shown = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=camera", "-keyout", key, "-out", shown]
    subprocess.run(list(map(str, command)), check=True, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, key)
    return context


def person_everywhere(folder):
    """A model that finds the same person on every picture, so that who is measured is seen."""
    import numpy as np
    from onnx import TensorProto, helper, numpy_helper, save

    rows = np.zeros((1, 84, 6), np.float32)
    rows[0, 0] = (24, 24, 12, 30, 1, 0.9)
    nodes = [
        helper.make_node("ReduceMean", ["picture"], ["mean"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Mul", ["mean", "nothing"], ["zero"]),
        helper.make_node("Add", ["rows", "zero"], ["found"]),
    ]
    graph = helper.make_graph(
        nodes,
        "person",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, 64, 64])],
        [helper.make_tensor_value_info("found", TensorProto.FLOAT, [1, 84, 6])],
        [
            numpy_helper.from_array(rows, "rows"),
            numpy_helper.from_array(np.zeros(1, np.float32), "nothing"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    save(model, folder / "person.onnx")
    sidecar = {"layout": "yolox", "boxes": "cxcywh"}
    (folder / "person.json").write_text(json.dumps(sidecar))
    return folder / "person.onnx"


class Address:
    """A camera of a shop that something else plays."""

    def __init__(self, url, datagrams=False):
        self.text, self.datagrams = url, datagrams

    def url(self):
        return self.text


class Shop:
    """The program at work on cameras, and what it says of them, looked at all the time."""

    def __init__(self, folder, cameras, model):
        self.folder, self.cameras = folder, cameras
        (folder / "zones.json").write_text(json.dumps(dwelltest.WHOLE_PICTURE))
        lines = ["cameras:"]
        for name, camera in cameras.items():
            more = ", transport: udp" if camera.datagrams else ""
            lines.append(f'- {{name: {name}, source: "{camera.url()}", zones: zones.json{more}}}')
        (folder / "site.yaml").write_text("\n".join(lines) + "\n")
        os.environ["DWELL_MODEL"] = str(model)
        command = ["serve", "--config", folder / "site.yaml", "--listen", "127.0.0.1:0"]
        self.process = dwelltest.start_dwell(*command)
        self.client = httpsite.claim(self.process)
        self.latest = {}  # by camera: (when it was asked, what it said)
        self.over = threading.Event()
        self.watcher = threading.Thread(target=self.watch, daemon=True)
        self.watcher.start()

    def watch(self):
        while not self.over.wait(0.2):
            asked = time.time()
            for said in self.client.get("/api/v1/cameras").json()["cameras"]:
                self.latest[said["name"]] = (asked, said)

    def seen(self, name):
        """The wall time at which its latest picture was measured, and what is said of it."""
        asked, said = self.latest.get(name, (0, {"state": "", "last_frame_age_s": None}))
        age = said["last_frame_age_s"]
        return (asked - age if age is not None else 0), said

    def wait_until_measured(self, name, frames=20, since=0, seconds=40):
        """Until so many pictures were measured, the last of them after that moment."""

        def measured():
            if self.process.poll() is not None:
                raise AssertionError(f"dwell ended: {self.process.communicate()[1]}")
            when, said = self.seen(name)
            return when > since and said["state"] == "running" and said["frames"] >= frames

        dwelltest.wait_for(measured, seconds, what=f"{name}: {self.seen(name)[1]}")
        return self.seen(name)[1]

    def stop(self):
        self.over.set()
        self.watcher.join()
        self.process.terminate()
        said = self.process.communicate(timeout=30)[1]
        assert self.process.returncode == 0, said


class Trials:
    """One camera, and the trials that are made of it one after the other."""

    def __init__(self, shop, name, kinds, plan, results):
        self.shop, self.name, self.camera = shop, name, shop.cameras[name]
        self.kinds, self.plan, self.results = kinds, plan, results
        self.tell = print

    def run(self):
        self.wait(0, 60)
        for seed in self.plan:
            chance = random.Random(seed)
            kind = kind_of(seed, list(self.kinds))
            time.sleep(chance.uniform(0.5, 1.5))
            began = time.time()
            self.camera.break_(self.kinds[kind](chance))
            time.sleep(chance.uniform(0.5, 7))
            healed = self.camera.heal()
            took = self.wait(healed, LIMIT_S)
            reason = self.shop.seen(self.name)[1].get("reason")
            self.results.append((kind, seed, took, reason, self.name, began, healed))
            if took is None:
                late = self.wait(healed, 60)
                self.tell(f"seed {seed} ({kind}, {self.name}): {late} s after healing: {reason}")
                for at, method, fault in list(self.camera.heard):
                    if at > began:
                        self.tell(f"  {at - healed:+.2f} {method} ({fault})")

    def wait(self, since, limit):
        """Seconds until a picture sent since then was measured and more followed, or None."""
        first = None
        deadline = time.time() + limit + 1
        while time.time() < deadline:
            time.sleep(0.05)
            when, said = self.shop.seen(self.name)
            if said["state"] != "running" or when <= since:
                first = None
            elif first is None:
                first = when
            elif when > first + 0.9 / RATE:
                return first - since if first - since <= limit else None
        return None


def kind_of(seed, kinds):
    """Of as many seeds in a row as there are kinds, each has another, in an order of its own."""
    block, place = divmod(seed, len(kinds))
    return random.Random(block).sample(kinds, len(kinds))[place]


def spans_of(times, pause):
    """Where pictures came without a pause of so many seconds."""
    spans = []
    for at in times:
        if spans and at - spans[-1][1] <= pause:
            spans[-1][1] = at
        else:
            spans.append([at, at])
    return spans


class Books:
    """What the store holds of a camera against what the camera sent."""

    def __init__(self, store, name, camera):
        self.sent, self.rate = sorted(camera.sent), camera.stream.rate
        self.tried = sorted(camera.sent + camera.spoilt)
        line = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
        camera = "run.camera_id = (SELECT id FROM camera WHERE name = ?)"
        query = "SELECT {} FROM {} JOIN run ON run.id = run_id WHERE " + camera

        def rows(what, table):
            found = line.execute(query.format(what, table), [name]).fetchall()
            return [tuple(value / 1e6 for value in row) for row in found]

        self.visits = rows("enter_us, exit_us, dwell_us, observed_us", "visit")
        self.gaps = rows("gap.start_us, gap.end_us", "gap")
        line.close()

    def long_visits(self):
        """Visits of which more is said than was sent."""
        slack = 1.5 + 2 / self.rate
        spans = spans_of(self.sent, 8 + slack)
        for enter, leave, dwell, observed in self.visits:
            near = [at for at in self.sent if enter - LATE_S <= at <= leave + LATE_S]
            seen = sum(min(b - a, 3 / self.rate) for a, b in zip(near, near[1:]))
            around = [s for s in spans if s[0] <= leave + LATE_S and enter - LATE_S <= s[1]]
            longest = max((s[1] - s[0] for s in around), default=-slack)
            if dwell > longest + slack or observed > dwell + 0.01 or observed > seen + slack:
                yield enter, leave, dwell, observed, seen, longest

    def missing_gaps(self):
        """Pauses too long to be a stutter that are not gaps."""
        for before, after in zip(self.tried, self.tried[1:]):
            since, until = before - LATE_S, after + LATE_S
            told = sum(max(0, min(until, end) - max(since, start)) for start, end in self.gaps)
            if after - before > 6 and told < after - before - 2:
                yield before, after, told


def make_cameras(farm, streams, count, tls):
    """One that is always well, and those that break: of several kinds, each host with some."""
    cameras = {"good": bad_camera.Camera(farm, streams["good"])}
    for i in range(count):
        host = f"127.0.0.{2 + i // 4}"
        stream = streams["hevc" if i % 8 == 3 else "h264"]
        user = "me:secret" if i % 4 == 1 else None
        camera = bad_camera.Camera(farm, stream, host, user, tls if i % 8 == 5 else None)
        camera.datagrams = i % 4 == 2
        cameras[f"bad{i}"] = camera
    return cameras


def run_trials(trials, count, seed, tell=print):
    """Returns the sentences of what went wrong."""
    folder = Path(tempfile.mkdtemp(prefix="dwell-trials-"))
    farm, trap = bad_camera.Farm(), bad_camera.Trap()
    try:
        return Run(folder, farm, trap, trials, count, seed, tell).run()
    finally:
        farm.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Run:
    def __init__(self, folder, farm, trap, trials, count, seed, tell):
        self.folder, self.trap, self.tell = folder, trap, tell
        self.streams = {
            "h264": bad_camera.Stream("h264", "160x120", RATE, folder),
            "hevc": bad_camera.Stream("hevc", "160x120", RATE, folder),
            "large": bad_camera.Stream("h264", "320x240", RATE, folder),
            "tall": bad_camera.Stream("h264", "120x160", RATE, folder),
            "good": bad_camera.Stream("h264", "192x144", GOOD_RATE, folder),
        }
        self.cameras = make_cameras(farm, self.streams, count, certificate(folder))
        self.kinds = faults(self.streams, trap)
        self.plans = [range(seed + i, seed + trials, count) for i in range(count)]
        self.results = []

    def run(self):
        shop = Shop(self.folder, self.cameras, person_everywhere(self.folder))
        try:
            work = [
                Trials(shop, f"bad{i}", self.kinds, plan, self.results)
                for i, plan in enumerate(self.plans)
            ]
            threads = [threading.Thread(target=each.run, daemon=True) for each in work]
            for thread in threads:
                thread.start()
            marks = [self.mark(shop)]
            for thread in threads:
                thread.join()
            marks.append(self.mark(shop))
        finally:
            shop.stop()
        return self.judge(marks)

    def mark(self, shop):
        """When the number of pictures measured changed, and to what."""
        seen = functools.partial(shop.seen, "good")
        dwelltest.wait_for(lambda: seen()[1]["state"] == "running", 20, "the good camera")
        known = seen()[1]["frames"]
        dwelltest.wait_for(lambda: seen()[1]["frames"] != known, 20, "its pictures")
        return seen()[1]["frames"], len(self.cameras["good"].sent)

    def judge(self, marks):
        wrong = []
        done = [took for _, _, took, *_ in self.results if took is not None]
        for kind, seed, took, reason, name, began, healed in self.results:
            if took is None:
                wrong.append(f"seed {seed} ({kind}, {name}): not back in time: {reason}")
        self.tell(f"recovered within {LIMIT_S:g} s of healing: {len(done)} of {len(self.results)}")
        by_kind = collections.defaultdict(list)
        for kind, _, took, *_ in self.results:
            by_kind[kind].append(took if took is not None else float("inf"))
        for kind, took in by_kind.items():
            self.tell(f"  {kind:36} {len(took):4} trials, at most {max(took):5.2f} s")
        (before, sent_before), (after, sent_after) = marks
        lost = 1 - (after - before) / max(sent_after - sent_before, 1)
        self.tell(f"the camera that was always well: {-100 * lost:+.2f} % pictures measured")
        if abs(lost) > 0.02 + 2 / max(sent_after - sent_before, 1):
            wrong.append(f"the good camera lost {100 * lost:.2f} % of its pictures")
        visits = gaps = 0
        for name, camera in self.cameras.items():
            books = Books(self.folder / "dwell-data/dwell.db", name, camera)
            visits, gaps = visits + len(books.visits), gaps + len(books.gaps)
            wrong += [f"{name}: longer than what was seen: {v}" for v in books.long_visits()]
            wrong += [f"{name}: no gap for a pause: {g}" for g in books.missing_gaps()]
        self.tell(f"{visits} visits, {gaps} gaps")
        self.tell(f"said to where a camera sent us: {self.trap.heard} bytes")
        if self.trap.heard > 0:
            wrong.append("a redirect was followed")
        return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--cameras", type=int, default=24)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    wrong = run_trials(options.trials, options.cameras, options.seed)
    print("\n".join(wrong) or "as promised")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
