# SPDX-License-Identifier: Apache-2.0
"""`dwell discover` against cameras that are right, wrong and hostile."""

import json
import os

import dwelltest
from dwelltest import Case, dwell
from onvif_camera import Camera


class Discover(Case):
    def discover(self, *options, password=None, code=0):
        environment = dict(os.environ)
        environment.pop("DWELL_CAMERA_PASSWORD", None)
        if password is not None:
            environment["DWELL_CAMERA_PASSWORD"] = password
        done = dwell("discover", "--wait", "0.5", *options, env=environment)
        self.assertEqual(done.returncode, code, done)
        return done.stderr if code else done.stdout

    def find(self, camera, *options, password=None):
        text = self.discover("--host", camera.discovery, "--json", *options, password=password)
        return json.loads(text)

    def test_a_camera_is_found_with_its_streams_and_the_one_to_measure_on(self):
        with Camera() as camera:
            (found,) = self.find(camera)
        self.assertEqual(found["name"], "Front door")
        self.assertEqual(found["model"], "CAM-1")
        self.assertEqual([s["profile"] for s in found["streams"]], ["main", "sub", "tiny"])
        self.assertEqual([s["best"] for s in found["streams"]], [False, True, False])
        sub = found["streams"][1]
        self.assertEqual((sub["width_px"], sub["height_px"], sub["fps"]), (640, 360, 12))
        self.assertEqual(sub["uri"], "rtsp://192.0.2.7:554/t_sub?a=1&b=2")
        self.assertEqual(sub["codec"], "H264")

    def test_a_password_is_proved_also_to_a_camera_whose_clock_is_wrong(self):
        with Camera(password="open & <shut>", ahead_s=-86400 * 400) as camera:
            (found,) = self.find(camera, "--user", "shop", password="open & <shut>")
            self.assertEqual(len(found["streams"]), 3, found)
            (found,) = self.find(camera, "--user", "shop", password="wrong")
            self.assertIn("not Authorized", found["problem"])
            (found,) = self.find(camera)
        self.assertIn("refuses: Sender not Authorized", found["problem"])
        self.assertEqual(found["streams"], [])

    def test_a_camera_may_want_the_digest_of_http_as_well(self):
        with Camera(password="secret", fault="http digest") as camera:
            (found,) = self.find(camera, "--user", "shop", password="secret")
            self.assertEqual(len(found["streams"]), 3, found)
            (found,) = self.find(camera, "--user", "shop", password="wrong")
        self.assertIn("wants a user and a password, or others than these", found["problem"])

    def test_the_address_of_the_service_does_without_discovery(self):
        with Camera() as camera:
            text = self.discover("--host", camera.service)
        self.assertIn("* sub", text)
        self.assertNotIn("secret", text)

    def test_a_user_without_password_is_wrong_usage(self):
        error = self.discover("--user", "shop", code=2)
        self.assertIn("DWELL_CAMERA_PASSWORD", error)
        error = self.discover("--host", "front door", code=2)
        self.assertIn("'front door' is no address as 192.168.1.20", error)

    def test_nobody_there_says_what_to_look_at(self):
        text = self.discover("--host", "127.0.0.1:9")
        self.assertIn("No camera answered", text)
        (found,) = json.loads(self.discover("--json", "--host", "http://127.0.0.1:9/onvif"))
        self.assertIn("cannot be connected to", found["problem"])

    def test_answers_that_are_none_or_lead_elsewhere_are_left_out(self):
        for fault in ("garbage", "elsewhere"):
            with Camera(fault=fault) as camera:
                text = self.discover("--host", camera.discovery)
            self.assertIn("answers were no camera's", text)
            self.assertEqual(camera.asked, [])

    def test_a_flood_and_a_redirect_are_not_followed(self):
        with Camera(fault="flood") as camera:
            (found,) = self.find(camera)
        self.assertIn("more than a camera has to say", found["problem"])
        with Camera(fault="redirect") as camera:
            (found,) = self.find(camera)
        self.assertIn("HTTP status 302", found["problem"])


if __name__ == "__main__":
    dwelltest.main()
