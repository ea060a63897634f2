# SPDX-License-Identifier: Apache-2.0
"""Cameras that break in every way we know of, and heal: the short form of `make camera-trials`."""

import shutil

import bad_camera
import camera_trials
import dwelltest
import httpsite


class Cameras(dwelltest.Case):
    def setUp(self):
        super().setUp()
        dwelltest.skip_without(not dwelltest.SANITIZED, "time to spare with a sanitizer")
        dwelltest.skip_without(shutil.which("openssl"), "openssl")

    def test_whatever_a_camera_does_it_is_measured_again_within_ten_seconds_of_healing(self):
        kinds = camera_trials.KINDS
        wrong = camera_trials.run_trials(kinds, kinds, 0, tell=lambda text: print(f"# {text}"))
        self.assertEqual(wrong, [])

    def test_a_camera_whose_clock_is_wrong_is_told(self):
        farm = bad_camera.Farm()
        self.addCleanup(farm.stop)
        camera = bad_camera.Camera(farm, bad_camera.Stream("h264", "160x120", 2, self.folder))
        camera.wall_ahead = 7200
        model = camera_trials.person_everywhere(self.folder)
        shop = camera_trials.Shop(self.folder, {"late": camera}, model)
        self.addCleanup(shop.stop)
        events = httpsite.Events(shop.client)
        self.addCleanup(events.close)
        reason = ""
        while "clock" not in reason:
            reason = events.next("health")[2]["reason"]
        self.assertRegex(reason, r"^the camera's own clock is \+7(200|199|201) s off")


if __name__ == "__main__":
    dwelltest.main()
