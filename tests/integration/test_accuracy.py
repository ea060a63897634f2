# SPDX-License-Identifier: Apache-2.0
"""How good visits are, on real videos and on the benchmark's detections: the figures we promise."""

import json

import dwelltest
from dwelltest import SHARED, VTEST, Case, dwell, needs, needs_detector

BENCH = SHARED / "bench"
ONE_BY_ONE = SHARED / "media/one-by-one-person-detection.mp4"
ONE_BY_ONE_TRUTH = SHARED / "media/one-by-one-truth.json"


class Accuracy(Case):
    def setUp(self):
        super().setUp()
        if dwelltest.SANITIZED:
            self.skipTest("figures do not depend on sanitizers, and take long")

    def score(self, *arguments, timeout=300):
        done = dwell("score", "--json", *arguments, timeout=timeout)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    @needs(BENCH)
    def test_pooled_visits_of_the_benchmark_are_better_than_bytetrack(self):
        folders = sorted(path.parent for path in BENCH.glob("*/detections.csv"))
        scores = self.score(*folders)
        self.assertEqual([score["sequence"] for score in scores[:-1]], [path.name for path in folders])
        pooled = scores[-1]
        self.assertEqual(pooled["sequence"], "pooled")
        self.assertGreaterEqual(pooled["f1"], 0.742)
        self.assertLess(abs(pooled["dwell_bias"]), 0.095)
        self.assertLess(pooled["dwell_mae_s"], 0.73)
        self.assertGreater(pooled["long_found"], 106)

    @needs(ONE_BY_ONE)
    @needs_detector
    def test_six_people_one_after_another_are_six_visits(self):
        (score,) = self.score(ONE_BY_ONE_TRUTH, "--video", ONE_BY_ONE)
        self.assertEqual((score["matched"], score["measured_visits"]), (6, 6))
        self.assertLessEqual(score["dwell_mae_s"], 0.5)

    @needs(BENCH)
    @needs(VTEST)
    @needs_detector
    def test_the_sample_video_reaches_an_f1_of_80(self):
        (score,) = self.score(BENCH / "pets09-s2l1", "--video", VTEST)
        self.assertGreaterEqual(score["f1"], 0.80)

    def test_a_folder_without_a_sequence_is_named(self):
        done = dwell("score", self.folder)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{self.folder}/sequence.json", done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertEqual(dwell("score").returncode, 2)


if __name__ == "__main__":
    dwelltest.main()
