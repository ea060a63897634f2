# SPDX-License-Identifier: Apache-2.0
"""Calls and allocations that fail, one in each life of the program: short `make call-failures`."""

import shutil

import call_failures
import dwelltest
from dwelltest import Case

FEW = {"analyze": 4, "serve": 2} if dwelltest.SANITIZED else {"analyze": 12, "serve": 6}


class Failures(Case):
    def setUp(self):
        super().setUp()
        dwelltest.skip_without(not dwelltest.THREADS_SANITIZED, "way to stand before clang's sanitizer")
        dwelltest.skip_without(shutil.which("ffmpeg"), "ffmpeg")
        dwelltest.skip_without(dwelltest.can_detect(), "person model")

    def test_nothing_that_fails_makes_it_crash_leak_or_spoil_the_store(self):
        for program, count in FEW.items():
            for kind in call_failures.KINDS:
                wrong = call_failures.run(
                    self.folder, program, kind, count, tell=lambda text: print(f"# {text}")
                )
                self.assertEqual(wrong, {}, f"{program}, {kind}")


if __name__ == "__main__":
    dwelltest.main()
