# SPDX-License-Identifier: Apache-2.0
"""dwell serve: several cameras, what was told is kept, and it ends when told to."""

import concurrent.futures
import json
import os
import random
import signal
import sqlite3
import time

import dwelltest
from dwelltest import WHOLE_PICTURE, Case, dwell

CAMERA = "{name: %s, source: film.csv, fps: 100, size: 640x480, loop: true, zones: zones.json}"
WALKERS = CAMERA.replace("film.csv", "walk.csv").replace("zones.json", "aisle.json") % "walkers"
AISLE = {"zones": [{"name": "aisle", "polygon": [[0.3, 0], [0.7, 0], [0.7, 1], [0.3, 1], [0.3, 0]]}]}
WALK = [f"{frame},-1,{16 * frame - 56},200,48,120,0.9\n" for frame in range(1, 41)]
PICTURE_US = 10_000
WALK_EVERY_US = (len(WALK) + 1) * PICTURE_US  # a film begins anew a picture after its end
QUICK = {"zone.min_dwell": "0.1", "zone.enter_after": "0"}

KILLS = int(os.environ.get("DWELL_KILLS", "200"))
KILLING_S = 60 * float(os.environ.get("DWELL_MINUTES", "inf"))
SHOPS = int(os.environ.get("DWELL_SHOPS", "4"))
READY_S = 2
OVERLAPS = """SELECT count(*) FROM visit a JOIN visit b
 ON a.run_id = b.run_id AND a.person = b.person AND a.zone_id = b.zone_id AND a.uid < b.uid
 AND a.enter_us < b.exit_us AND b.enter_us < a.exit_us"""


class Shop:
    """A site in a folder, with four cameras that measure three visits a second each, cut at both
    ends, and one that sees people walk through an aisle."""

    CAMERAS = 4

    def __init__(self, folder):
        folder.mkdir()
        (folder / "zones.json").write_text(json.dumps(WHOLE_PICTURE))
        rows = [f"{frame},-1,100,100,50,120,0.9\n" for frame in range(1, 31)]
        (folder / "film.csv").write_text("".join(rows))
        cameras = "".join(f"- {CAMERA % f'c{i}'}\n" for i in range(self.CAMERAS))
        (folder / "aisle.json").write_text(json.dumps(AISLE))
        (folder / "walk.csv").write_text("".join(WALK))
        settings = "".join(f"  {name}: {value}\n" for name, value in QUICK.items())
        (folder / "site.yaml").write_text(
            f"settings:\n{settings}cameras:\n{cameras}- {WALKERS}\n"
        )
        self.config, self.store = folder / "site.yaml", folder / "dwell-data/dwell.db"
        self.known, self.ready, self.lost = set(), [], []

    def ask(self, query):
        """Rows, by a reader of its own, while it is written to."""
        connection = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def ids(self):
        return [row[0] for row in self.ask("SELECT uid FROM visit UNION ALL SELECT uid FROM pass")]

    def walks(self):
        """Lists of (enter, dwell), a list a life, of visits to the aisle that were not cut."""
        lives = {}
        for run, *walk in self.ask(
            "SELECT run_id, enter_us, dwell_us FROM visit JOIN zone ON zone.id = visit.zone_id"
            " WHERE zone.name = 'aisle' AND cut_start = 0 AND cut_end = 0 ORDER BY run_id, enter_us"
        ):
            lives.setdefault(run, []).append(walk)
        return list(lives.values())

    def live(self, seconds):
        """One life, until it is killed: what it had stored then must be known for ever."""
        started = time.monotonic()
        process = dwelltest.start_dwell("serve", "--config", self.config, "--listen", "127.0.0.1:0")
        try:
            while not process.stdout.readline().startswith("page:"):
                assert process.poll() is None, process.stderr.read()
            self.ready.append(time.monotonic() - started)
            time.sleep(seconds)
            stored = set(self.ids())
        finally:
            process.kill()
            process.communicate()
        self.lost += self.known - stored
        self.known = stored

    def live_often(self, seed, kills, end):
        dice = random.Random(seed)
        while len(self.ready) < kills and time.monotonic() < end:
            self.live(dice.uniform(0, 1.6))


class Killed(Case):
    """kill -9 at any moment, of several programs at once."""

    def test_no_kill_loses_or_doubles_what_was_stored(self):
        shops = [Shop(self.folder / str(i)) for i in range(SHOPS)]
        end = time.monotonic() + KILLING_S
        with concurrent.futures.ThreadPoolExecutor(SHOPS) as pool:
            lives = [pool.submit(shop.live_often, i, KILLS / SHOPS, end) for i, shop in enumerate(shops)]
            for life in lives:
                life.result()
        for shop in shops:
            found = shop.ids()
            self.assertEqual(shop.lost, [])
            self.assertLessEqual(shop.known, set(found))
            self.assertEqual(len(found), len(set(found)))
            wrong = "SELECT count(*) FROM visit WHERE dwell_us < 0 OR exit_us < enter_us"
            self.assertEqual(shop.ask(wrong), [(0,)])
            self.assertEqual(shop.ask(OVERLAPS), [(0,)])
            done = dwell("store", "check", "--store", shop.store)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assert_undisturbed(shops)
        times = sorted(time for shop in shops for time in shop.ready)
        kept = sum(len(shop.known) for shop in shops)
        print(f"# {len(times)} kills, {kept} visits and passes, ready after"
              f" {times[len(times) // 2]:.2f} s, at most {times[-1]:.2f} s")
        self.assertLess(times[len(times) // 2], READY_S * dwelltest.SLOW / 2)
        self.assertGreater(kept, len(times))

    def assert_undisturbed(self, shops):
        """Visits that no kill cut are those of a run that is not killed: as long, and none left
        out between two. One in twenty may be off: a busy machine leaves pictures out."""
        settings = [word for name, value in QUICK.items() for word in ("--set", f"{name}={value}")]
        options = ["--fps", "100", "--size", "640x480", *settings]
        folder = shops[0].config.parent
        walk = self.analyze(folder / "walk.csv", *options, zones=folder / "aisle.json")["visits"]
        dwell_us = round(json.loads(walk.read_text())["dwell_s"] * 1e6)
        lives = [life for shop in shops for life in shop.walks()]
        found = [dwell for life in lives for _, dwell in life]
        steps = [b[0] - a[0] for life in lives for a, b in zip(life, life[1:])]
        self.assertGreater(len(steps), 0)
        for name, values, right in (("dwell", found, dwell_us), ("step", steps, WALK_EVERY_US)):
            wrong = [value for value in values if abs(value - right) > 5 * PICTURE_US]
            print(f"# {name} {right} us as if undisturbed: {values.count(right)} of {len(values)}"
                  f" to the microsecond, {len(wrong)} off by over five pictures: {wrong[:8]}")
            self.assertEqual(sorted(values)[len(values) // 2], right)
            self.assertLessEqual(len(wrong), max(1, len(values) / 20))


class Serve(Case):
    def setUp(self):
        super().setUp()
        self.write("zones.json", WHOLE_PICTURE)
        rows = [f"{frame},-1,100,100,50,120,0.9" for frame in range(1, 201)]
        self.write("film.csv", "\n".join(rows) + "\n")
        cameras = "".join(f"- {CAMERA % name}\n" for name in ("door", "till"))
        self.config = self.write("site.yaml", f"cameras:\n{cameras}")
        self.store = self.folder / "dwell-data/dwell.db"

    def serve(self):
        process = dwelltest.start_dwell("serve", "--config", self.config, "--listen", "127.0.0.1:0")
        self.addCleanup(dwelltest.stop, process)
        return process

    def visits(self):
        """The ids of what is stored, by camera."""
        query = (
            "SELECT hex(visit.uid) FROM visit JOIN zone ON zone.id = visit.zone_id"
            " JOIN camera ON camera.id = zone.camera_id WHERE camera.name = ?"
        )
        try:
            connection = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)
            try:
                return [
                    {row[0] for row in connection.execute(query, [name])}
                    for name in ("door", "till")
                ]
            finally:
                connection.close()
        except sqlite3.OperationalError:
            return [set(), set()]

    def wait_for_visits(self, count):
        dwelltest.wait_for(
            lambda: all(len(found) >= count for found in self.visits()),
            seconds=30 * dwelltest.SLOW,
            what="visits of both cameras",
        )

    def test_a_kill_loses_no_visit_and_the_next_start_adds_to_them(self):
        process = self.serve()
        self.wait_for_visits(2)
        before = self.visits()
        process.kill()
        process.communicate()
        self.serve()
        self.wait_for_visits(max(map(len, before)) + 2)
        for kept, former in zip(self.visits(), before):
            self.assertLessEqual(former, kept)

    def test_it_ends_when_told_to_with_everything_written(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            before = max(map(len, self.visits()))
            process = self.serve()
            self.wait_for_visits(before + 1)
            started = time.monotonic()
            process.send_signal(number)
            output, errors = process.communicate(timeout=20 * dwelltest.SLOW)
            self.assertLess(time.monotonic() - started, 2 * dwelltest.SLOW)
            self.assertEqual(process.returncode, 0, errors)
            self.assertIn("page:    http://127.0.0.1:", output)
        self.assertEqual(dwell("store", "check", "--store", self.store).returncode, 0)

    def test_a_mistake_in_the_configuration_is_told_with_its_line(self):
        path = self.write("wrong.yaml", "cameras:\n- nam: a\n")
        result = dwell("serve", "--config", path)
        self.assertEqual(result.returncode, 1)
        self.assertIn("wrong.yaml: line 2: unknown key 'nam'; did you mean 'name'?", result.stderr)


if __name__ == "__main__":
    dwelltest.main()
