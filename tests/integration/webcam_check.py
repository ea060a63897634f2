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


class Device:
    """What camera_trials.Shop wants of a camera."""

    datagrams = False

    def url(self):
        return f"v4l2://{DEVICE}"


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

    def wait_for(self, shop, frames, since):
        """Until so many pictures were measured, the last of them after that moment."""

        def measured():
            when, said = shop.seen("webcam")
            return when > since and said["state"] == "running" and said["frames"] >= frames

        dwelltest.wait_for(measured, 30, what=f"the webcam: {shop.seen('webcam')[1]}")
        return shop.seen("webcam")[1]

    def test_a_webcam_is_measured_and_comes_back_after_it_was_pulled_out(self):
        film = self.folder / "film.avi"
        source = "testsrc2=size=640x480:rate=10:duration=4"
        mjpeg = ("-pix_fmt", "yuvj420p", "-c:v", "mjpeg", "-huffman", 0)
        dwelltest.ffmpeg("-f", "lavfi", "-i", source, *mjpeg, film)
        player = self.plug_in(film)
        model = camera_trials.person_everywhere(self.folder)
        shop = camera_trials.Shop(self.folder, {"webcam": Device()}, model)
        self.addCleanup(shop.stop)
        first = self.wait_for(shop, 20, 0)
        self.assertEqual((first["width_px"], first["height_px"]), (640, 480))
        dwelltest.stop(player)
        dwelltest.wait_for(
            lambda: shop.seen("webcam")[1]["state"] == "waiting", what="the loss to be told"
        )
        reason = shop.seen("webcam")[1]["reason"]
        self.plug_in(film)
        healed = time.time()
        again = self.wait_for(shop, first["frames"] + 20, healed)
        print(f"# {first['frames']} pictures; then: {reason}; {again['frames']} pictures")


if __name__ == "__main__":
    dwelltest.main()
