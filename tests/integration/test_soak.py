# SPDX-License-Identifier: Apache-2.0
"""Cameras that are opened anew all the time let nothing grow: the short form of `make soak`."""

import shutil
import subprocess
import sys

import dwelltest


class Soak(dwelltest.Case):
    def setUp(self):
        super().setUp()
        dwelltest.skip_without(not dwelltest.SANITIZED, "memory that is the program's own")
        dwelltest.skip_without(shutil.which("ffmpeg"), "ffmpeg")
        dwelltest.skip_without(dwelltest.VTEST.exists(), "sample video")
        dwelltest.skip_without(dwelltest.can_detect(), "person model")

    def test_memory_files_and_threads_stay_as_films_begin_again_and_again(self):
        command = [sys.executable, "-B", dwelltest.ROOT / "tools/soak", "--minutes", 1]
        command += ["--cameras", 4, "--loop", 2, dwelltest.PROGRAM]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
        print("# " + done.stdout.strip().replace("\n", "\n# "))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    dwelltest.main()
