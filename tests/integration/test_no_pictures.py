# SPDX-License-Identifier: Apache-2.0
"""No picture is written, shown or not: every write of the program is looked at by strace."""

import json
import os
import re
import signal
import time
from pathlib import Path

import dwelltest
from dwelltest import WHOLE_PICTURE, Case, needs, needs_detector

CALLS = "write,pwrite64,writev,pwritev,pwritev2,sendfile,copy_file_range,splice,ftruncate"
CALL = re.compile(r"""\b(\w+)\(\d+<([^>]*)>, (?:"((?:\\x[0-9a-f]{2})*)"(?:\.\.\.)?, (\d+))?""")
OPEN = re.compile(r'openat\([^,]*, "([^"]*)", ([A-Z_|0-9]+)')
PICTURES = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG", "GIF": b"GIF8", "WebP": b"RIFF", "BMP": b"BM"}
WRITTEN = re.compile(
    r"dwell\.db(-wal|-shm|-lock|-journal)?|(status|access|door)\.json.*|audit\.jsonl.*|site\.name.*"
)
WIDTH, HEIGHT, SECONDS = 640, 360, 12


def plain(text):
    """strace writes all texts in hexadecimal digits."""
    return bytes.fromhex(text.replace("\\x", "")) if text.startswith("\\x") else text.encode()


def is_file(path):
    """A place where something stays: no pipe, socket or memory."""
    return path.startswith("/") and not path.startswith(("/dev/", "/proc/", "/memfd:", "/sys/"))


class NoPictures(Case):
    def trace(self, privacy):
        """Measures a film under strace; gives its lines and how many pictures were analysed."""
        self.write("zones.json", WHOLE_PICTURE)
        dwelltest.people_clip(self.folder / "film.mp4", 4, 10)
        config = f"privacy: {{pictures: {privacy}}}\ncameras:\n"
        config += "- {name: door, source: film.mp4, loop: true, zones: zones.json}\n"
        log = self.folder / "strace.txt"
        command = ["strace", "-f", "-y", "-xx", "-s", "64", "-o", str(log), "-e"]
        command += [f"trace=openat,{CALLS}"]
        process = dwelltest.start_dwell(
            "serve", "--config", self.write("site.yaml", config), "--listen", "127.0.0.1:0",
            under=command,
        )
        self.addCleanup(dwelltest.stop, process)
        status = self.folder / "dwell-data/status.json"
        for line in process.stdout:
            if "running" in line:
                break
        time.sleep(SECONDS)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
        os.kill(int(children.split()[0]), signal.SIGTERM)  # strace itself would not pass it on
        _, errors = process.communicate(timeout=60 * dwelltest.SLOW)
        self.assertEqual(process.returncode, 0, errors)
        camera = json.loads(status.read_text())["cameras"][0]
        return log.read_text(errors="replace").splitlines(), camera

    def looked_at(self, lines):
        """Bytes written to files, after each write was looked at."""
        total = 0
        for line in lines:
            found = CALL.search(line)
            if not found or found[1] == "openat":
                continue
            name, place, text, size = found.groups()
            path = plain(place).decode()
            if not is_file(path):
                continue
            self.assertNotIn(name, ("sendfile", "copy_file_range", "splice"), line)
            start = plain(text or "")
            for kind, magic in PICTURES.items():
                self.assertFalse(start.startswith(magic), f"{kind}: {line}")
            total += int(size or 0)
        return total

    def opened(self, lines):
        """Names of the files opened to be written."""
        names = set()
        for line in lines:
            found = OPEN.search(line)
            if found and ("O_WRONLY" in found[2] or "O_RDWR" in found[2]):
                path = plain(found[1]).decode()
                if is_file(path) or not path.startswith("/"):
                    names.add(path)
        return names

    @needs("strace")
    @needs_detector
    def test_no_byte_of_a_picture_is_written_with_pictures_off(self):
        self.assert_no_picture_is_written("off")

    @needs("strace")
    @needs_detector
    def test_no_byte_of_a_picture_is_written_by_default(self):
        self.assert_no_picture_is_written("on")

    def assert_no_picture_is_written(self, privacy):
        dwelltest.skip_without(not dwelltest.SANITIZED, "strace with a sanitizer")
        lines, camera = self.trace(privacy)
        names = self.opened(lines)
        self.assertGreater(len(names), 1, "strace saw the store being opened")
        for path in names:
            self.assertRegex(path, "dwell-data/|^/tmp/etilqs_")
            self.assertRegex(path.rsplit("/", 1)[1], WRITTEN)
        total = self.looked_at(lines)
        pictures = SECONDS * max(camera["fps_in"], 1) * WIDTH * HEIGHT * 1.5
        print(f"# {total} bytes written to files, {pictures:.0f} bytes of pictures seen")
        self.assertGreater(total, 4096)
        self.assertLess(total, pictures / 20)


if __name__ == "__main__":
    dwelltest.main()
