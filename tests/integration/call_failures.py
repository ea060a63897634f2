# SPDX-License-Identifier: Apache-2.0
"""A start, a moment of measuring and an end, in which one thing fails that may fail.

    call_failures.py [COUNT]

does so for each program and kind, for as many numbers of calls and allocations as COUNT says (all),
and prints what came of it. What must hold: it goes on, or ends with a sentence that says why; when
the heap has nothing left it may abort, saying so; the store stays whole, and no file open. Built
with gcc's address sanitizer it shows that nothing leaks.
"""

import collections
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import camera_trials
import dwelltest

KINDS = {"call": 0, "allocation": 1}
SANITIZER = 99  # the exit code by which it says that something is wrong
# Libraries that end all where nothing fails in earnest: a thread's own stack, an eventfd's count.
GIVE_UP = ("AddressSanitizer: CHECK failed", "Fatal error in GNU libmicrohttpd")
# Of a store whose making broke off: whoever writes next makes it.
NOT_YET_MADE = ("(it is empty)", "was left half written when it was made")
SUPPRESSED = dwelltest.ROOT / "tools/lsan.supp"
CONFIG = """\
site: Shop
store: dwell.db
cameras:
- {{name: door, source: clip.avi, loop: true, zones: zones.json}}
- {{name: gate, source: "http://{address}/clip.avi", zones: zones.json}}
"""


class Lives:
    """Lives of one program in a folder, whose files are also at an address."""

    def __init__(self, folder, address):
        self.folder = Path(folder)
        clip = ("-f", "lavfi", "-i", "testsrc2=size=160x120:rate=10:duration=1", "-c:v", "mjpeg")
        dwelltest.ffmpeg(*clip, "-pix_fmt", "yuvj420p", "-y", self.folder / "clip.avi")
        (self.folder / "zones.json").write_text(json.dumps(dwelltest.WHOLE_PICTURE))
        (self.folder / "site.yaml").write_text(CONFIG.format(address=address))
        self.model = camera_trials.person_everywhere(self.folder)
        self.store = self.folder / "dwell.db"

    def environment(self, kind, number):
        return {
            **os.environ,
            "LD_PRELOAD": os.environ["DWELL_FAIL_CALLS"],
            "ASAN_OPTIONS": f"verify_asan_link_order=0:exitcode={SANITIZER}",
            "LSAN_OPTIONS": f"suppressions={SUPPRESSED}:print_suppressions=0:exitcode={SANITIZER}",
            "DWELL_MODEL": str(self.model),
            "DWELL_FAIL_COUNT": str(self.folder / "count"),
            f"DWELL_FAIL_{kind.upper()}": str(number),
        }

    def start(self, program, kind, number):
        options = {
            "serve": ("--config", "site.yaml", "--listen", "127.0.0.1:0"),
            "analyze": ("clip.avi", "--zones", "zones.json", "--store", "dwell.db"),
        }[program]
        environment = self.environment(kind, number)
        return dwelltest.start_dwell(program, *options, env=environment, cwd=self.folder)

    def live(self, program, kind, number):
        """What came of it: "", or what was wrong; how it ended; and how many calls there were. Each
        begins with nothing: on a store that is there it would do less, and number less."""
        (self.folder / "count").unlink(missing_ok=True)
        for file in self.folder.glob("dwell.db*"):
            file.unlink()
        shutil.rmtree(self.folder / "dwell-data", ignore_errors=True)
        process = self.start(program, kind, number)
        if program == "serve" and any(line.startswith("page:") for line in process.stdout):
            time.sleep(0.7)
            process.terminate()
        try:
            _, said = process.communicate(timeout=30 * dwelltest.SLOW)
        except subprocess.TimeoutExpired:
            process.kill()
            return f"hangs: {process.communicate()[1]}", "hangs", 0
        wrong, end = judge(process.returncode, said, kind)
        if not wrong and self.store.exists():
            done = dwelltest.dwell("store", "check", "--store", self.store)
            whole = done.returncode == 0 or any(words in done.stderr for words in NOT_YET_MADE)
            wrong = "" if whole else done.stdout + done.stderr
        count = self.folder / "count"
        counts, *left = count.read_text().splitlines() if count.exists() else ("0 0",)
        if not wrong and left:
            wrong = f"leaves open {left}: {said}"
        return wrong, end, int(counts.split()[KINDS[kind]])


def judge(code, said, kind):
    if code == 0:
        return "", "went on"
    if code == 1 and re.search(r"(?m)^dwell \w+: .{10,}", said):
        return "", "ended with a sentence"
    if code == -6 and kind == "allocation" and "dwell: out of memory\n" in said:
        return "", "aborted for want of memory"
    if any(words in said for words in GIVE_UP):
        return "", "given up by a library"
    return f"code {code}: {said}", "wrong"


def run(folder, program, kind, count, tell=print):
    """What was wrong, by number."""
    found, ends = {}, collections.Counter()
    with dwelltest.served(folder) as address:
        lives = Lives(folder, address)
        wrong, _, most = lives.live(program, kind, 0)
        assert not wrong and most > 30, (wrong, most)
        numbers = random.Random(5).sample(range(1, most + 1), min(count or most, most))
        for number in sorted(numbers):
            wrong, end, _ = lives.live(program, kind, number)
            ends[end if not wrong else "wrong"] += 1
            if wrong:
                found[number] = wrong
                tell(f"{program}, {kind} {number} of {most}: {wrong}")
    tell(f"{program}: {len(numbers)} of {most} {kind}s failed: {dict(ends)}")
    return found


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    failed = 0
    for program in ("analyze", "serve"):
        for kind in KINDS:
            with tempfile.TemporaryDirectory(prefix="dwell-test-") as folder:
                failed += len(run(folder, program, kind, count))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
