# SPDX-License-Identifier: Apache-2.0
"""Cameras that break in every way we know of, and heal: the short form of `make camera-trials`."""

import unittest

import camera_trials
import dwelltest


class Cameras(unittest.TestCase):
    def test_whatever_a_camera_does_it_is_measured_again_within_ten_seconds_of_healing(self):
        dwelltest.skip_without(not dwelltest.SANITIZED, "time to spare with a sanitizer")
        kinds = camera_trials.KINDS
        wrong = camera_trials.run_trials(kinds, kinds, 0, tell=lambda text: print(f"# {text}"))
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    dwelltest.main()
