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

    def test_the_measures_of_trackers_stand_beside_the_visits(self):
        # Frames 1 to 40 and 101 to 120 are exact, the second time under another number: 60 of 120
        # boxes, together on 40 of 120 and 20 of 120 frames.
        command = ["score", self.sequence, "--set", "link.stand=0"]
        (score,) = map(json.loads, self.lines(*command, "--json"))
        association = (40 * 40 / 120 + 20 * 20 / 120) / 60
        self.assertAlmostEqual(score["det_a"], 0.5, places=3)
        self.assertAlmostEqual(score["ass_a"], association, places=3)
        self.assertAlmostEqual(score["hota"], (0.5 * association) ** 0.5, places=3)
        self.assertAlmostEqual(score["idf1"], 2 * 40 / (120 + 60), places=3)
        self.assertAlmostEqual(score["mota"], (60 - 1) / 120, places=3)
        self.assertEqual(score["id_switches"], 1)
        heading, row = self.lines(*command, "--tracks")[-2:]
        self.assertEqual(heading.split()[1:], ["HOTA", "DetA", "AssA", "IDF1", "MOTA", "switches"])
        self.assertEqual(row.split()[0], "stand")
        self.assertEqual(row.split()[-1], "1")

    def test_fewer_frames_make_the_same_visit(self):
        self.write_boxes("detections.csv", range(1, FRAMES + 1), "0.9", person=-1)
        (score,) = map(json.loads, self.lines("score", self.sequence, "--json", "--fps", "5"))
        self.assertEqual((score["matched"], score["measured_visits"]), (1, 1))
        self.assertEqual((score["hota"], score["mota"]), (1, 1))

    def test_what_is_dropped_depends_on_the_seed_only(self):
        self.write_boxes("detections.csv", range(1, FRAMES + 1), "0.9", person=-1)
        command = ["score", self.sequence, "--json", "--drop", "0.5", "--seed"]
        first, again, other = (self.lines(*command, seed) for seed in ("1", "1", "2"))
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)

    def test_robustness_is_a_table_of_f1(self):
        heading, row, pooled = self.lines("score", self.sequence, "--robustness")
        self.assertEqual(heading.split()[:5], ["F1", "full", "15", "fps", "10"])
        self.assertEqual(len(row.split()), 8)
        self.assertEqual(row.split()[1:], pooled.split()[1:])

    def test_what_does_not_go_together_is_refused(self):
        for arguments in (
            ["--cut", "pictures"],
            ["--oracle", "--video", "x.mp4"],
            ["--drop", "0.1", "--video", "x.mp4"],
            ["--drop", "0.9"],
            ["--explain", "--fps", "5"],
            ["--realtime"],
            ["--robustness", "--json"],
        ):
            self.assertEqual(dwell("score", self.sequence, *arguments).returncode, 2)

    def test_tuning_gives_the_same_for_the_same_seed(self):
        command = ["tune", self.sequence, "--evaluations", "64", "--jobs"]
        self.assertEqual(self.lines(*command, "1"), self.lines(*command, "2"))
        self.assertEqual(dwell("tune").returncode, 2)
        self.assertEqual(dwell("tune", self.folder).returncode, 1)


if __name__ == "__main__":
    dwelltest.main()
