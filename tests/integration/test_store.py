# SPDX-License-Identifier: Apache-2.0
"""`dwell store`: what it does to a store that `dwell analyze` wrote."""

import json
import sqlite3

import dwelltest
from dwelltest import SCENARIOS, Case, dwell


class Store(Case):
    def setUp(self):
        super().setUp()
        shape = ["--fps", "10", "--size", "1280x720", "--start", "2024-02-03T09:00:00Z"]
        walk = SCENARIOS / "walk-through.csv"
        zones = SCENARIOS / "zones.json"
        self.store = self.analyze(walk, *shape, zones=zones, outputs=["store"])["store"]

    def run_store(self, *arguments, code=0):
        done = dwell("store", *arguments, "--store", self.store)
        self.assertEqual(done.returncode, code, done)
        return done.stderr if code else done.stdout

    def rows(self):
        kinds = json.loads(self.run_store("info", "--json"))["kinds"]
        return {kind["kind"]: kind["rows"] for kind in kinds}

    def change(self, sql):
        with sqlite3.connect(self.store) as database:
            database.execute(sql)
        database.close()

    def test_each_kind_is_kept_for_its_own_time_and_counts_stay(self):
        before = self.rows()
        self.assertEqual(before["visits"], 2)
        self.assertGreater(before["feet"], 0)
        self.assertIn("feet: ", self.run_store("prune", "--feet", "1d", "--visits", "90000d"))
        after = self.rows()
        self.assertEqual(after, {**before, "feet": 0})
        self.run_store("prune", "--visits", "0d")
        self.assertEqual(self.rows(), {**after, "visits": 0})
        self.assertGreater(self.rows()["rollups"], 0)
        self.assertIn("whole", self.run_store("check"))

    def test_a_wrong_roll_up_is_found_and_made_again(self):
        self.assertIn("whole", self.run_store("check"))
        self.change("DELETE FROM rollup WHERE kind=0")
        self.assertIn("2 faults: wrong roll-ups", self.run_store("check", code=1))
        self.run_store("rebuild")
        self.assertIn("whole", self.run_store("check"))

    def test_a_copy_says_the_same(self):
        copy = self.folder / "copy.db"
        self.run_store("backup", copy)
        reports = [dwell("report", "--json", "--store", store) for store in (self.store, copy)]
        self.assertEqual(reports[0].returncode, 0, reports[0])
        self.assertEqual(reports[0].stdout, reports[1].stdout)
        self.assertIn("name a new file", self.run_store("backup", copy, code=1))

    def test_wrong_words_are_refused(self):
        wrong = {
            (): "wants info, check, rebuild",
            ("sweep",): "got 'sweep'",
            ("prune",): "how long to keep what",
            ("info", "--feet", "3d"): "how long to keep what",
            ("prune", "--feet", "3"): "as 730d, got '3'",
            ("prune", "--feet", "-1d"): "as 730d, got '-1d'",
            ("check", "twice"): "one word too many",
            ("backup",): "the name of the copy",
        }
        for arguments, sentence in wrong.items():
            self.assertIn(sentence, self.run_store(*arguments, code=2))
        self.assertIn("no such store", dwell("store", "info", "--store", "/nowhere.db").stderr)
        self.assertEqual(dwell("store", "info").returncode, 2)


if __name__ == "__main__":
    dwelltest.main()
