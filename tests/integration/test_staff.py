# SPDX-License-Identifier: Apache-2.0
"""From a labelled set to a model, and two models side by side."""

import json
import subprocess

import dwelltest
from dwelltest import Case, dwell

PEOPLE = 24  # every other one is staff


def is_staff(track):
    return track % 2 == 0


class Models(Case):
    def setUp(self):
        super().setUp()
        head = {"dwell_staff_set": 1, "looks": "colours", "camera": "till"}
        lines = [json.dumps({**head, "until": "2099-01-01T00:00:00Z"})]
        for track in range(1, PEOPLE + 1):
            red, other = (0.8, 0.2) if is_staff(track) else (0.2, 0.8)
            look = [red + track % 5 / 50, other + track % 7 / 50, track % 3 / 10]
            sums = [[2 * number for number in look]] * 2
            start = f"2026-11-23T10:{track:02}:00Z"
            lines.append(
                json.dumps({"track": track, "start": start, "views": [2, 2], "sums": sums})
            )
        self.set = self.folder / "set"
        self.set.mkdir()
        (self.set / "set.jsonl").write_text("\n".join(lines) + "\n")
        self.labels = self.label("labels.csv", is_staff)
        self.model = self.train("model.json", self.labels)

    def label(self, name, staff):
        roles = [(track, "staff" if staff(track) else "shopper") for track in range(1, PEOPLE + 1)]
        rows = [f"{track},{role}" for track, role in roles]
        return self.write(name, "\n".join(["track,role", *rows]) + "\n")

    def train(self, name, labels):
        model = self.folder / name
        task = ["train", self.set, "--labels", labels, "--out", model, "--sure", "0.5"]
        done = dwell("staff", *task)
        self.assertEqual(done.returncode, 0, done.stderr)
        return model

    def compare(self, model, *options):
        return dwell("staff", "compare", self.model, "--with", model, "--set", self.set, *options)

    def test_a_model_beside_its_opposite_changes_everybody_and_labels_say_which_is_right(self):
        opposite = self.train("other.json", self.label("wrong.csv", lambda t: not is_staff(t)))
        done = self.compare(opposite, "--labels", self.labels)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"(?m)^ +12  staff +shopper +changes$")
        self.assertRegex(done.stdout, r"(?m)^ +12  shopper +staff +changes$")
        self.assertRegex(done.stdout, r"called staff \(recall\) +12 of +12 +0 of +12")
        self.assertRegex(done.stdout, r"\(visits lost\) +0 of +12 +12 of +12")
        changed = done.stdout.split("track,label,first,p,second,p\n")[1].splitlines()
        self.assertEqual(len(changed), PEOPLE)
        self.assertRegex(changed[1], r"^2,staff,staff,[01]\.\d\d,shopper,[01]\.\d\d$")

    def test_a_model_says_how_few_shoppers_it_has_seen_and_whether_staff_were_told_apart(self):
        said = dwell("staff", "show", self.model).stdout
        self.assertIn("one in 13 may look like none of these 12", said)
        self.assertIn("the same persons may be", said)
        rows = self.labels.read_text().splitlines()
        named = [f"{row},{int(row.split(',')[0]) % 8 + 1}" for row in rows[1:]]
        labels = self.write("named.csv", "\n".join(["track,role,person", *named]) + "\n")
        said = dwell("staff", "show", self.train("named.json", labels)).stdout
        self.assertIn("one in 5 may look like none of these 4", said)
        self.assertIn("no person or fifth", said)

    def test_a_model_beside_itself_changes_nobody(self):
        done = self.compare(self.model)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("changes", done.stdout)
        self.assertNotIn("recall", done.stdout)
        self.assertTrue(done.stdout.endswith("track,label,first,p,second,p\n"))

    def test_what_cannot_be_compared_is_refused_with_the_reason(self):
        other = json.loads(self.model.read_text())
        other["looks"] = "colours+reid.onnx"
        looks = self.write("looks.json", json.dumps(other))
        done = self.compare(looks)
        self.assertEqual(done.returncode, 1)
        self.assertIn("the set has them by", done.stderr)
        done = dwell("staff", "compare", self.model, "--set", self.set)
        self.assertEqual(done.returncode, 2)
        self.assertIn("compare wants --set FOLDER and --with MODEL", done.stderr)

    def test_what_is_forgotten_leaves_nothing_not_even_what_a_killed_program_half_wrote(self):
        for name in ("1.png", "2.jpg", "2.jpg.x3Yz0A", "labels.csv.abcdef"):
            (self.set / name).write_bytes(b"somebody")
        done = dwell("staff", "forget", self.set)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse(self.set.exists())

    def test_what_is_no_part_of_a_set_is_not_deleted_with_it(self):
        others = {"notes.txt", "2.jpg.old", "2.jpg.toolong", "x.png", ".jpg"}
        for name in others:
            (self.set / name).write_text("of somebody else")
        done = dwell("staff", "forget", self.set)
        self.assertEqual(done.returncode, 1)
        self.assertIn("its folder", done.stderr)
        self.assertEqual({path.name for path in self.set.iterdir()}, others)
        self.assertEqual(dwell("staff", "forget", self.set).returncode, 1)


class Classifiers(Case):
    """One that calls staff whoever wears red, on a film in which every other one of 16 does."""

    def setUp(self):
        super().setUp()
        dwelltest.skip_without(dwelltest.can_detect(), "person model")
        made = subprocess.run(
            ["/usr/bin/python3", dwelltest.ROOT / "tests/e2e/staff_film.py", self.folder],
            check=False,
            stderr=subprocess.DEVNULL,
        )
        dwelltest.skip_without(made.returncode == 0, "numpy or onnx")
        self.set, self.vest = self.folder / "set", self.folder / "vest.onnx"
        model = ["--model", self.folder / "person.onnx"]
        self.analyze(self.folder / "film.y4m", *model, "--staff-set", self.set)

    def red_first(self):
        """Numbers of the tiles, those with more red than green first."""
        reds = {}
        for tile in self.set.glob("*.jpg"):
            dot = self.folder / "dot.rgb"
            squeeze = ["-vf", "scale=1:1:flags=area", "-pix_fmt", "rgb24", "-f", "rawvideo"]
            dwelltest.ffmpeg("-i", tile, *squeeze, dot)
            red, green, _ = dot.read_bytes()
            reds[int(tile.stem)] = red - green
        return sorted(reds, key=reds.get, reverse=True)

    def test_a_classifier_looks_at_the_tiles_and_stands_beside_a_model(self):
        tracks = self.red_first()
        self.assertEqual(len(tracks), 16)
        rows = [f"{track},{'shopper' if n >= 8 else 'staff'}" for n, track in enumerate(tracks)]
        labels = self.write("labels.csv", "\n".join(["track,role", *rows]) + "\n")
        model = self.folder / "model.json"
        done = dwell("staff", "train", self.set, "--labels", labels, "--out", model, "--sure", 0.5)
        self.assertEqual(done.returncode, 0, done.stderr)
        command = ["staff", "compare", model, "--with", self.vest, "--set", self.set]
        done = dwell(*command, "--labels", labels)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"(?m)^ +8  staff +staff *$")
        self.assertRegex(done.stdout, r"(?m)^ +8  shopper +shopper *$")
        self.assertRegex(done.stdout, r"called staff \(recall\) +8 of +8 +8 of +8")
        (self.set / f"{tracks[0]}.jpg").write_bytes(b"no picture")
        self.assertRegex(dwell(*command).stdout, r"(?m)^ +1  staff +unknown +changes$")

    def test_a_set_without_pictures_is_refused_with_the_reason(self):
        for tile in self.set.glob("*.jpg"):
            tile.unlink()
        done = dwell("staff", "compare", self.vest, "--with", self.vest, "--set", self.set)
        self.assertEqual(done.returncode, 1)
        self.assertIn("has no picture", done.stderr)


if __name__ == "__main__":
    dwelltest.main()
