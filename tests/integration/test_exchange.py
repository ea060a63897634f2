# SPDX-License-Identifier: Apache-2.0
"""`dwell export` and `dwell import`."""

import csv
import io
import json
import sqlite3

import dwelltest
from dwelltest import SCENARIOS, Case, dwell

PLAIN = "zone,enter,exit\nshelf,2026-11-22T09:00:00Z,2026-11-22T09:00:07Z\n"


class Exchange(Case):
    def setUp(self):
        super().setUp()
        shape = ["--fps", "10", "--size", "1280x720", "--start", "2024-02-03T09:00:00Z"]
        self.zones = SCENARIOS / "zones.json"
        self.store = self.analyze(
            SCENARIOS / "line-both-ways.csv", *shape, zones=self.zones, outputs=["store"]
        )["store"]
        self.shop = self.folder / "shop.db"
        options = ["--days", "3", "--displays", "2", "--shoppers", "120", "--gaps", "0"]
        done = dwell("simulate", "--store", self.shop, *options, "--start", "2026-11-23")
        self.assertEqual(done.returncode, 0, done)

    def export(self, store, what, *options):
        done = dwell("export", "--store", store, "--what", what, *options)
        self.assertEqual(done.returncode, 0, done)
        return done.stdout

    def rows(self, store, what, *options):
        return list(csv.DictReader(io.StringIO(self.export(store, what, *options))))

    def bring(self, text, *options, store="new.db", code=0):
        file = self.write("visits.csv", text)
        done = dwell("import", file, "--store", self.folder / store, *options)
        self.assertEqual(done.returncode, code, done)
        return done.stderr if code else done.stdout

    def figures(self, store):
        done = dwell("report", "--store", store, "--json")
        self.assertEqual(done.returncode, 0, done)
        wanted = ["visits", "people", "passes", "cut_visits", "median_s", "p75_s", "p90_s"]
        wanted += ["total_seen_s", "stop", "engage", "bridged_share", "entries", "occupancy_peak"]
        wanted += ["staff_visits", "entries_by_side"]
        zones = [zone for camera in json.loads(done.stdout)["cameras"] for zone in camera["zones"]]
        return {zone["zone"]: {key: zone[key] for key in wanted} for zone in zones}

    def test_what_is_exported_and_imported_gives_the_same_figures(self):
        text = self.export(self.shop, "visits")
        text += "".join(self.export(self.shop, "passes").splitlines(keepends=True)[1:])
        said = self.bring(text)
        self.assertRegex(said, r"^\d+ visits and \d+ passes in 3 runs; 0 were in the store already")
        new = self.folder / "new.db"
        self.assertEqual(self.figures(new), self.figures(self.shop))
        self.assertGreater(self.figures(new)["display 1"]["visits"], 50)
        self.assertEqual(dwell("store", "check", "--store", new).returncode, 0)
        again = self.rows(new, "visits")
        for row in again:
            row["run"] = ""
        first = self.rows(self.shop, "visits")
        for row in first:
            row["run"] = ""
        self.assertEqual(again, first)
        before = self.figures(new)
        self.assertIn("0 visits and 0 passes in 0 runs", self.bring(text))
        self.assertEqual(self.figures(new), before)

    def test_what_was_simulated_stays_marked(self):
        for what in ("visits", "crossings", "hours"):
            rows = self.rows(self.shop, what)
            self.assertEqual({row["simulated"] for row in rows}, {"1"}, what)
        self.bring(self.export(self.shop, "visits"))
        done = dwell("report", "summary", "--store", self.folder / "new.db")
        self.assertTrue(done.stdout.startswith("SIMULATED"), done)
        self.assertEqual({row["simulated"] for row in self.rows(self.store, "crossings")}, {"0"})

    def test_json_says_what_csv_says(self):
        for what in ("visits", "passes", "crossings", "hours"):
            store = self.store if what == "crossings" else self.shop
            rows = self.rows(store, what)
            lines = [json.loads(x) for x in self.export(store, what, "--format", "jsonl").split("\n") if x]
            self.assertEqual(len(rows), len(lines), what)
            self.assertGreater(len(rows), 1, what)
            for row, line in zip(rows, lines):
                for key, value in line.items():
                    if isinstance(value, (bool, int, float)):
                        self.assertAlmostEqual(float(row[key]), float(value), places=5)
                    else:
                        self.assertEqual(row[key], value)

    def test_hours_with_few_people_say_so_and_no_more(self):
        all_hours = self.rows(self.shop, "hours", "--k", "1")
        few = self.rows(self.shop, "hours", "--k", "10")
        self.assertEqual(len(all_hours), len(few))
        hidden = 0
        for plain, row in zip(all_hours, few):
            stays = int(plain["visits"]) + int(plain["passes"])
            if 0 < stays < 10 or (stays == 0 and float(plain["occupancy_s"]) > 0):
                hidden += 1
                self.assertEqual((row["suppressed"], row["visits"], row["dwell_s"]), ("1", "", ""))
            else:
                self.assertEqual(row, plain)
        self.assertGreater(hidden, 0)
        total = sum(int(row["visits"]) for row in all_hours if row["zone"] == "display 1")
        self.assertEqual(total, self.figures(self.shop)["display 1"]["visits"])

    def test_a_period_and_a_camera_are_picked(self):
        rows = self.rows(self.shop, "visits", "--from", "2026-11-24", "--to", "2026-11-25")
        self.assertTrue(rows and all(row["enter"].startswith("2026-11-24") for row in rows))
        self.assertEqual(self.rows(self.shop, "visits", "--camera", "none"), [])

    def test_columns_may_be_few_and_of_other_systems(self):
        text = "colour,zone,dwell_s,enter\nred,shelf,7.5,2026-11-22T10:00:00+01:00\n"
        file = self.write("visits.csv", text)
        done = dwell("import", file, "--store", self.folder / "new.db", "--camera", "door")
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("not known were left out: 'colour'", done.stderr)
        (row,) = self.rows(self.folder / "new.db", "visits")
        self.assertEqual(row["enter"], "2026-11-22T09:00:00.000000Z")
        self.assertEqual(row["exit"], "2026-11-22T09:00:07.500000Z")
        self.assertEqual((row["camera"], row["zone"], row["role"]), ("door", "shelf", "unknown"))
        self.assertIn("1 were in the store already", self.bring(text, "--camera", "door"))

    def test_bad_rows_are_all_named_and_nothing_is_imported(self):
        good_id = "00112233445566778899aabbccddeeff"
        text = "id,zone,enter,exit,role\n"
        text += f"{good_id},shelf,2026-11-22T09:00:00Z,2026-11-22T09:00:07Z,shopper\n"
        text += f"{good_id},shelf,2026-11-22T09:10:00Z,2026-11-22T09:10:07Z,\n"
        text += ",shelf,yesterday,2026-11-22T09:10:07Z,\n"
        text += ",,2026-11-22T09:10:00Z,2026-11-22T09:10:07Z,\n"
        text += ",shelf,2026-11-22T09:10:00Z,2026-11-22T09:10:07Z,boss\n"
        text += ",shelf,2026-11-22T09:10:00Z,2026-11-22T09:09:07Z,\n"
        text += "12,shelf,2026-11-22T09:10:00Z,2026-11-22T09:10:07Z,\n"
        text += ",shelf\n"
        said = self.bring(text, code=1)
        for sentence in (
            "line 4, enter: 'yesterday' is wrong, wants a time as 2026-11-22T09:15:00Z",
            "line 5, zone: is empty",
            "line 6, role: 'boss' is wrong, wants unknown, shopper or staff",
            "line 7, exit: wants to be after enter",
            "line 8, id: '12' is wrong, wants 32 hexadecimal digits",
            "line 9: has 2 columns, and line 1 has 5 names",
            "line 3, id: the visit is on line 2 already",
            "has 7 bad rows; nothing was imported",
        ):
            self.assertIn(sentence, said)
        with sqlite3.connect(self.folder / "new.db") as database:
            for table in ("visit", "run", "rollup"):
                count = database.execute(f"SELECT count(*) FROM {table}").fetchone()
                self.assertEqual(count, (0,))
        database.close()
        self.assertIn("wants columns named zone", self.bring("a,b\n1,2\n", code=1))
        self.assertIn("it is empty", self.bring("", code=1))

    def test_zones_bring_their_settings(self):
        zone = {"name": "shelf", "polygon": [[0, 0], [0.5, 0], [0.5, 1], [0, 0]], "min_dwell": 8}
        zones = self.write("zones.json", {"zones": [zone]})
        self.assertIn("0 visits and 1 passes", self.bring(PLAIN, "--zones", zones))

    def test_wrong_words_are_refused(self):
        for arguments, sentence in {
            ("export", "--store", "x"): "--what visits",
            ("export", "--store", "x", "--what", "people"): "got 'people'",
            ("export", "--store", "x", "--what", "visits", "--format", "xml"): "got 'xml'",
            ("export", "--store", "x", "--what", "hours", "--k", "0"): "--k",
            ("import",): "wants a file and a store",
            ("import", "a.csv", "b.csv"): "b.csv",
        }.items():
            done = dwell(*arguments)
            self.assertEqual(done.returncode, 2, done)
            self.assertIn(sentence, done.stderr)
        done = dwell("import", self.folder / "no.csv", "--store", self.folder / "x.db")
        self.assertEqual(done.returncode, 1, done)
        self.assertFalse((self.folder / "x.db").exists())


if __name__ == "__main__":
    dwelltest.main()
