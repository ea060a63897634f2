# SPDX-License-Identifier: Apache-2.0
"""A webcam as the kernel shows it, measured, pulled out and plugged in again.

$DWELL_WEBCAM is a device of v4l2loopback (exclusive_caps=0) that nobody else writes to; without it
the test skips. `make webcam-check` starts a machine that has one.
"""

import os
import shutil
import subprocess
import time

import camera_trials
import dwelltest

DEVICE = os.environ.get("DWELL_WEBCAM", "")


class Webcam(dwelltest.Case):
    def setUp(self):
        super().setUp()
        dwelltest.skip_without(DEVICE, "webcam: DWELL_WEBCAM names none")
        dwelltest.skip_without(shutil.which("ffmpeg"), "ffmpeg")

    def plug_in(self, film):
        """The process that gives the device its pictures. One that comes while somebody looks
        whether there is a webcam may be refused by the driver."""
        play = ["ffmpeg", "-nostdin", "-v", "error", "-re", "-stream_loop", "-1", "-i", film]
        for _ in range(10):
            player = subprocess.Popen([*play, "-c", "copy", "-f", "v4l2", DEVICE])
            self.addCleanup(dwelltest.stop, player)
            try:
                player.wait(2 * dwelltest.SLOW)
            except subprocess.TimeoutExpired:
                return player
        self.fail(f"ffmpeg cannot write to {DEVICE}")

    def test_a_webcam_is_measured_and_comes_back_after_it_was_pulled_out(self):
        film = self.folder / "film.avi"
        source = "testsrc2=size=640x480:rate=10:duration=4"
        mjpeg = ("-pix_fmt", "yuvj420p", "-c:v", "mjpeg", "-huffman", 0)
        dwelltest.ffmpeg("-f", "lavfi", "-i", source, *mjpeg, film)
        player = self.plug_in(film)
        model = camera_trials.person_everywhere(self.folder)
        cameras = {"webcam": camera_trials.Address(f"v4l2://{DEVICE}")}
        shop = camera_trials.Shop(self.folder, cameras, model)
        self.addCleanup(shop.stop)
        first = shop.wait_until_measured("webcam")
        self.assertEqual((first["width_px"], first["height_px"]), (640, 480))
        dwelltest.stop(player)
        dwelltest.wait_for(
            lambda: shop.seen("webcam")[1]["state"] == "waiting", what="the loss to be told"
        )
        reason = shop.seen("webcam")[1]["reason"]
        self.plug_in(film)
        again = shop.wait_until_measured("webcam", first["frames"] + 20, time.time())
        print(f"# {first['frames']} pictures; then: {reason}; {again['frames']} pictures")


if __name__ == "__main__":
    dwelltest.main()
