# SPDX-License-Identifier: Apache-2.0
"""What `dwell score` explains and `dwell tune` finds on a sequence made by hand."""

import json

import dwelltest
from dwelltest import Case, dwell

FPS, FRAMES = 10, 120
ZONES = {"zones": [{"name": "shelf", "polygon": [[0, 0], [0.5, 0], [0.5, 1], [0, 1], [0, 0]]}]}


class Score(Case):
    def setUp(self):
        super().setUp()
        self.sequence = self.folder / "stand"
        self.sequence.mkdir()
        self.write({"fps": FPS, "frames": FRAMES, "width": 1000, "height": 1000}, "sequence.json")
        self.write(ZONES, "zones.json")
        self.write({"visits": [{"zone": "shelf", "person": 5, "enter_s": 0, "exit_s": 12}]},
                   "visits_truth.json")
        self.write_boxes("tracks_truth.csv", range(1, FRAMES + 1), "1,1,1", person=5)
        # Hidden for so long that no tracker joins the two halves.
        seen = [*range(1, 41), *range(101, FRAMES + 1)]
        self.write_boxes("detections.csv", seen, "0.9", person=-1)

    def write(self, value, name):
        (self.sequence / name).write_text(json.dumps(value))

    def write_boxes(self, name, frames, rest, person):
        lines = [f"{frame},{person},180,400,40,100,{rest}\n" for frame in frames]
        (self.sequence / name).write_text("".join(lines))

    def lines(self, *arguments):
        done = dwell(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.splitlines()

    def test_the_oracle_fills_the_gaps_it_is_told_to(self):
        command = ["score", self.sequence, "--json", "--oracle", "--set", "zone.link=0"]
        measured, oracle = map(json.loads, self.lines(*command))
        self.assertEqual((measured["measured_visits"], measured["matched"]), (2, 0))
        self.assertTrue(oracle["oracle"])
        self.assertEqual((oracle["measured_visits"], oracle["matched"]), (2, 0))
        oracle = json.loads(self.lines(*command, "--oracle-gap", "10")[1])
        self.assertEqual((oracle["measured_visits"], oracle["matched"]), (1, 1))

    def test_every_wrong_visit_is_explained(self):
        command = ["score", self.sequence, "--explain", "--set", "zone.link=0", "--set",
                   "link.stand=0"]
        _, *errors = map(json.loads, self.lines(*command, "--json"))
        self.assertEqual([error["error"] for error in errors], ["missed", "false", "false"])
        self.assertEqual({error["reason"] for error in errors}, {"split"})
        self.assertIn("person 5 lost at 4.0 s for 6.0 s, number 1 became 2", errors[0]["text"])
        self.assertIn("  missed shelf", "\n".join(self.lines(*command)))

    def test_pictures_want_a_video(self):
        for arguments in (["--cut", "pictures"], ["--oracle", "--video", "x.mp4"]):
            self.assertEqual(dwell("score", self.sequence, *arguments).returncode, 2)

    def test_tuning_gives_the_same_for_the_same_seed(self):
        command = ["tune", self.sequence, "--evaluations", "64", "--jobs"]
        self.assertEqual(self.lines(*command, "1"), self.lines(*command, "2"))
        self.assertEqual(dwell("tune").returncode, 2)
        self.assertEqual(dwell("tune", self.folder).returncode, 1)


if __name__ == "__main__":
    dwelltest.main()
