# SPDX-License-Identifier: Apache-2.0
"""Cameras that break in every way we know of, and heal: the short form of `make camera-trials`."""

import collections
import contextlib
import shutil
import socket
import statistics
import threading
import time

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

    def attempts(self, addresses, seconds):
        """When a camera at each of the addresses, which hangs up on everybody, is asked."""
        asked = collections.defaultdict(list)
        listener = socket.create_server(("0.0.0.0", 0), backlog=64)

        def hang_up():
            with contextlib.suppress(OSError):  # the listener is shut
                while True:
                    with listener.accept()[0] as peer:
                        asked[peer.getsockname()[0]].append(time.monotonic())

        thread = threading.Thread(target=hang_up)
        thread.start()
        port = listener.getsockname()[1]
        cameras = "".join(
            f'- {{name: c{i}, source: "rtsp://{address}:{port}/{i}", zones: zones.json}}\n'
            for i, address in enumerate(addresses)
        )
        self.write("zones.json", dwelltest.WHOLE_PICTURE)
        self.write("site.yaml", f"cameras:\n{cameras}")
        site = self.folder / "site.yaml"
        process = dwelltest.start_dwell("serve", "--config", site, "--listen", "127.0.0.1:0")
        time.sleep(seconds)
        dwelltest.stop(process)
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        listener.close()
        return asked

    def test_cameras_that_are_gone_are_asked_ever_less_often_and_not_in_step(self):
        addresses = [f"127.0.0.{1 + i}" for i in range(8)]
        asked = self.attempts(addresses, 24)
        rhythms = [
            [b - a for a, b in zip(asked[address], asked[address][1:])] for address in addresses
        ]
        print(f"# {[[round(pause, 1) for pause in rhythm] for rhythm in rhythms]}")
        for i, whole in enumerate((0.5, 1, 2, 4, 4)):
            pauses = [rhythm[i] for rhythm in rhythms]
            self.assertGreater(min(pauses), 0.75 * whole - 0.3, f"pause {i}")  # the first is late
            self.assertLess(max(pauses), 1.25 * whole + 1, f"pause {i}")
        self.assertGreater(statistics.pstdev(asked[address][5] for address in addresses), 0.3)

    def test_cameras_of_one_recorder_do_not_stampede(self):
        times = self.attempts(["127.0.0.1"] * 16, 12)["127.0.0.1"]
        pauses = [b - a for a, b in zip(times, times[1:])]
        self.assertGreater(len(times), 40)
        self.assertGreater(statistics.median(pauses), 0.09)
        self.assertLess(sum(pause < 0.03 for pause in pauses), len(pauses) / 10)


if __name__ == "__main__":
    dwelltest.main()
