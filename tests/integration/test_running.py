# SPDX-License-Identifier: Apache-2.0
"""dwell as a service: what systemd is told, what helpers are sent, and how closed the unit is."""

import contextlib
import io
import json
import os
import re
import signal
import socket
import subprocess
import tarfile
import time

import dwelltest
from dwelltest import WHOLE_PICTURE, Case, dwell, needs

UNIT = dwelltest.ROOT / "contrib/systemd/dwell.service"
CAMERA = "{name: %s, source: film.csv, fps: 100, size: 640x480, loop: true, zones: zones.json}"
SECRETS = ("hunter2", "sesame", "swordfish", "planted", "tok3n")
CONFIG = f"""\
# the installer's password is planted
site: Shop
store: dwell-data/dwell.db
cameras:
- {CAMERA % "door"}
- {{name: yard, enabled: false, source: "rtsp://admin:hunter2@192.0.2.1/stream?token=tok3n"}}
- {{name: till, enabled: false, source: "rtsp://admin:${{CAMERA_PASSWORD}}@192.0.2.2/s"}} # swordfish
"""


class Service(Case):
    """`dwell serve` with a service manager that listens."""

    def setUp(self):
        super().setUp()
        self.write("zones.json", WHOLE_PICTURE)
        rows = [f"{frame},-1,100,100,50,120,0.9" for frame in range(1, 201)]
        self.write("film.csv", "\n".join(rows) + "\n")
        self.config = self.write("site.yaml", CONFIG)

    def start(self, watchdog_us=0):
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.manager.close)
        self.manager.bind(str(self.folder / "notify"))
        self.manager.settimeout(20 * dwelltest.SLOW)
        environment = {**os.environ, "NOTIFY_SOCKET": str(self.folder / "notify")}
        environment["CAMERA_PASSWORD"] = "sesame"
        if watchdog_us:
            environment["WATCHDOG_USEC"] = str(watchdog_us)
        process = dwelltest.start_dwell(
            "serve", "--config", self.config, "--listen", "127.0.0.1:0", env=environment
        )
        self.addCleanup(dwelltest.stop, process)
        return process

    def hear(self, words):
        """Waits until the manager is told this, and gives when."""
        while True:
            if words in self.manager.recv(4096).decode():
                return time.monotonic()


class Manager(Service):
    def test_systemd_is_told_that_it_is_ready_works_reads_again_and_ends(self):
        process = self.start(watchdog_us=4_000_000)
        self.hear("READY=1")
        times = [self.hear("WATCHDOG=1") for _ in range(3)]
        self.assertLess(max(b - a for a, b in zip(times, times[1:])), 3, "later than half of 4 s")
        self.write("site.yaml", CONFIG + f"- {CAMERA % 'exit'}\n")
        process.send_signal(signal.SIGHUP)
        self.hear("RELOADING=1")
        self.hear("READY=1")
        self.hear("STATUS=2 of 4 cameras run")
        process.send_signal(signal.SIGTERM)
        told = time.monotonic()
        self.hear("STOPPING=1")
        output, errors = process.communicate(timeout=20 * dwelltest.SLOW)
        self.assertLess(time.monotonic() - told, 5 * dwelltest.SLOW)
        self.assertEqual(process.returncode, 0, errors)
        self.assertIn("configuration read again", output)

    def test_a_configuration_that_is_wrong_changes_nothing_when_read_again(self):
        process = self.start()
        self.hear("READY=1")
        self.write("site.yaml", "camras: []\n")
        process.send_signal(signal.SIGHUP)
        self.hear("RELOADING=1")
        self.hear("READY=1")
        self.hear("STATUS=1 of 3 cameras run")
        process.terminate()
        output, _ = process.communicate(timeout=20 * dwelltest.SLOW)
        self.assertIn("did you mean 'cameras'?", output)

    def test_a_daemon_that_hangs_is_not_called_alive(self):
        process = self.start(watchdog_us=2_000_000)
        self.hear("WATCHDOG=1")
        process.send_signal(signal.SIGSTOP)
        self.addCleanup(process.send_signal, signal.SIGCONT)
        self.manager.settimeout(0)
        with contextlib.suppress(BlockingIOError):
            while True:  # what was said before
                self.manager.recv(4096)
        self.manager.settimeout(3)
        self.assertRaises(TimeoutError, self.hear, "WATCHDOG=1")


class Bundle(Service):
    def bundle(self, *options):
        path = self.folder / "bundle.tar"
        environment = {**os.environ, "CAMERA_PASSWORD": "sesame"}
        done = dwell("support-bundle", *options, "--output", path, env=environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        with tarfile.open(path) as archive:
            files = {member.name: archive.extractfile(member).read() for member in archive}
        return path.read_bytes(), {name.split("/")[1]: text for name, text in files.items()}

    def test_a_support_bundle_tells_how_all_is_and_no_secret(self):
        process = self.start()
        self.hear("STATUS=1 of 3 cameras run")
        process.terminate()
        process.communicate(timeout=20 * dwelltest.SLOW)
        raw, files = self.bundle("--config", self.config)
        for secret in SECRETS:
            self.assertNotIn(secret.encode(), raw)
        for magic in (b"\xff\xd8\xff", b"\x89PNG"):
            self.assertNotIn(magic, raw)
        self.assertIn(b"dwell ", files["version.txt"])
        self.assertIn("checks", json.loads(files["doctor.json"]))
        said = json.loads(files["configuration.json"])
        sources = [camera["source"] for camera in said["cameras"]]
        self.assertEqual(sources[1], "rtsp://admin:***@192.0.2.1/stream?token=***")
        self.assertEqual(said["pictures"], "on")
        self.assertIn("kinds", json.loads(files["store.json"]))
        status = json.loads(files["status.json"])
        self.assertEqual([camera["name"] for camera in status["cameras"]], ["door", "yard", "till"])
        self.assertIn("camera 'door': running", "\n".join(status["log"]))

    def test_a_bundle_of_a_site_that_cannot_be_read_says_why(self):
        _, files = self.bundle("--config", self.folder / "none.yaml")
        self.assertIn("none.yaml", json.loads(files["configuration.json"])["error"])
        self.assertNotIn("store.json", files)
        _, files = self.bundle("--config", self.config)  # before dwell serve ran there
        self.assertIn(b"dwell serve has not run here", files["status.txt"])
        self.assertIn(b"dwell.db", files["store.txt"])


class Unit(Case):
    @needs("systemd-analyze")
    def test_the_unit_is_closed_as_far_as_it_can_be(self):
        command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(UNIT)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        found = re.search(r"exposure level for dwell.service: ([0-9.]+)", done.stdout)
        self.assertIsNotNone(found, done.stdout + done.stderr)
        self.assertLessEqual(float(found.group(1)), 1.5)

    def test_every_line_of_an_archive_is_as_tar_wants_it(self):
        path = self.folder / "bundle.tar"
        done = dwell("support-bundle", "--config", "/nowhere", "--output", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(path.stat().st_size % 512, 0)
        with tarfile.open(fileobj=io.BytesIO(path.read_bytes()), mode="r:") as archive:
            for member in archive:
                self.assertTrue(member.isreg())
                self.assertEqual(member.mode, 0o600)


if __name__ == "__main__":
    dwelltest.main()
