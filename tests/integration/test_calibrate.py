# SPDX-License-Identifier: Apache-2.0
"""`dwell calibrate` from boxes to a ground model that `dwell analyze` takes."""

import json
import math
import random

import dwelltest
from dwelltest import SHARED, VTEST, Case, dwell, needs, needs_detector, read_lines

WIDTH, HEIGHT, FPS = 1280, 720, 10
SHAPE = ["--fps", FPS, "--size", f"{WIDTH}x{HEIGHT}"]
FOCAL, TILT, UP = 850, math.radians(24), 3.2


def project(x, y, z):
    """A point in metres to pixels: the camera at (0, 0, UP) looks along Y and down by TILT."""
    down = (UP - z) * math.cos(TILT) - y * math.sin(TILT)
    depth = (UP - z) * math.sin(TILT) + y * math.cos(TILT)
    return WIDTH / 2 + FOCAL * x / depth, HEIGHT / 2 + FOCAL * down / depth


def known_ground():
    c, s = math.cos(TILT), math.sin(TILT)
    depth = [0, c, UP * s]
    across, down = [FOCAL, 0, 0], [0, -FOCAL * s, FOCAL * UP * c]
    rows = [
        [a + WIDTH / 2 * d for a, d in zip(across, depth)],
        [b + HEIGHT / 2 * d for b, d in zip(down, depth)],
        depth,
    ]
    return {"world_to_image": rows, "image_width": WIDTH, "image_height": HEIGHT}


def walkers(count, pace=1.25):
    """A detections file: people cross the floor one after another, straight on."""
    rng, lines = random.Random(count), []
    for person in range(count):
        x, y = rng.uniform(-4, 4), rng.uniform(4, 14)
        heading, body = rng.uniform(0, 2 * math.pi), rng.gauss(1.7, 0.07)
        for at in range(60):
            ahead = (at - 30) * pace / FPS
            place = x + ahead * math.cos(heading), y + ahead * math.sin(heading)
            if place[1] < 1:
                continue
            u, foot = project(*place, 0)
            head = project(*place, body)[1]
            h = (foot - head) * rng.gauss(1, 0.015)
            if 0 < u < WIDTH and foot < HEIGHT:
                box = u - h / 6, foot - h, h / 3, h
                numbers = ",".join(f"{value:.2f}" for value in box)
                lines.append(f"{person * 100 + at + 1},-1,{numbers},0.9\n")
    return "".join(lines)


class Calibrate(Case):
    def calibrate(self, source, *options):
        output = self.folder / "ground.json"
        done = dwell("calibrate", source, "--output", output, "--json", *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout), output

    def test_a_camera_is_learned_from_its_people_and_analyze_takes_it(self):
        source = self.write("people.csv", walkers(60))
        check = self.write("known.json", known_ground())
        learned, path = self.calibrate(source, *SHAPE, "--check", check)
        self.assertAlmostEqual(learned["camera_height_m"], UP, delta=0.4)
        self.assertAlmostEqual(learned["tilt_deg"], math.degrees(TILT), delta=3)
        self.assertLess(learned["check"]["error"], 0.05)
        self.assertAlmostEqual(learned["check"]["scale"], 1, delta=0.1)
        for figure in ("camera_height_m", "tilt_deg", "roll_deg", "focal_px"):
            low, high = learned[figure + "_95"]
            self.assertTrue(low <= learned[figure] <= high)
        self.assertNotIn("check", json.loads(path.read_text()))

        files = self.analyze(source, *SHAPE, "--ground", path)
        speeds = sorted(visit["speed_avg"] for visit in read_lines(files["visits"]))
        self.assertGreater(len(speeds), 20)
        self.assertAlmostEqual(speeds[len(speeds) // 2], 1.25, delta=0.2)

    def test_taller_people_hang_the_camera_higher(self):
        source = self.write("people.csv", walkers(60))
        usual, _ = self.calibrate(source, *SHAPE)
        taller, _ = self.calibrate(source, *SHAPE, "--body-height", "1.87")
        ratio = taller["camera_height_m"] / usual["camera_height_m"]
        self.assertAlmostEqual(ratio, 1.1, delta=0.001)

    def test_it_says_in_words_what_it_learned(self):
        source = self.write("people.csv", walkers(60))
        output = self.folder / "g.json"
        done = dwell("calibrate", source, *SHAPE, "--output", output)
        self.assertEqual(done.returncode, 0, done.stderr)
        for words in ("learned from", "camera height", "tilt", "focal length", "95 %", output):
            self.assertIn(str(words), done.stdout)

    def test_too_few_people_are_refused_and_nothing_is_written(self):
        source, output = self.write("people.csv", walkers(3)), self.folder / "g.json"
        done = dwell("calibrate", source, *SHAPE, "--output", output)
        self.assertEqual(done.returncode, 1)
        self.assertIn("at least 6 are wanted", done.stderr)
        self.assertFalse(output.exists())

    def test_mistakes_get_a_sentence(self):
        source, output = self.write("people.csv", walkers(60)), self.folder / "g.json"
        for code, options, words in (
            (2, [], "wants a video"),
            (2, [source, "--size", "12"], "WIDTHxHEIGHT"),
            (2, [source, "--body-height", "17"], "from 0.5 to 2.5"),
            (2, [source, source], "one source at a time"),
            (1, [source], "--fps"),
            (1, [self.folder / "none.csv", *SHAPE], "none.csv"),
            (1, [source, *SHAPE, "--output", "/no/such/folder/g.json"], "/no/such/folder"),
            (1, [source, *SHAPE, "--check", "/no/such.json"], "/no/such.json"),
            (1, [source, *SHAPE, "--output", output, "--still", "s.png"], "--still"),
        ):
            done = dwell("calibrate", *options, cwd=self.folder)
            self.assertEqual(done.returncode, code, done)
            self.assertIn(words, done.stderr)
        self.assertFalse(output.exists())

    @needs_detector
    @needs(VTEST)
    def test_a_grid_of_metres_is_drawn_on_the_floor_of_a_video(self):
        # A short piece has few people: either it is refused, or the picture is there.
        still, output = self.folder / "s.png", self.folder / "g.json"
        clip = dwelltest.people_clip(self.folder / "clip.mp4", seconds=20, rate=5)
        done = dwell("calibrate", clip, "--output", output, "--still", still, timeout=120)
        self.assertEqual(still.exists(), done.returncode == 0, done.stderr)

    @needs(SHARED / "bench")
    def test_real_streets_are_learned(self):
        for name, error in (("pets09-s2l1", 0.07), ("sim-strong-zara02", 0.05)):
            folder = SHARED / "bench" / name
            shape = json.loads((folder / "sequence.json").read_text())
            learned, _ = self.calibrate(
                folder / "detections.csv",
                *("--fps", shape["fps"], "--size", f"{shape['width']}x{shape['height']}"),
                *("--check", folder / "ground.json"),
            )
            self.assertLess(learned["check"]["error"], error, name)


if __name__ == "__main__":
    dwelltest.main()
