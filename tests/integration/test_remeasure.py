# SPDX-License-Identifier: Apache-2.0
"""`dwell remeasure`: visits found again in foot tracks, against those measured from the source."""

import json
import random
import sqlite3
import statistics

import dwelltest
from dwelltest import SHARED, Case, dwell

START = "2024-02-03T09:00:00Z"


def walkers(seconds=300, fps=10, people=40):
    """Rows of people who walk in, stand in front of something, and walk out, one or more at once."""
    rows = []
    chance = random.Random(7)
    for person in range(1, people + 1):
        start = chance.uniform(0, seconds - 40)
        lane = 200 + (person % 4) * 140
        stop, stand = chance.uniform(350, 900), chance.expovariate(1 / 8)
        speed = chance.uniform(120, 200)
        left, right = stop / speed, (1280 - stop) / speed
        for frame in range(int(start * fps), int((start + left + stand + right) * fps)):
            t = frame / fps - start
            x = speed * t if t < left else stop + max(t - left - stand, 0) * speed
            jitter = [chance.gauss(0, 1.5) for _ in range(2)]
            rows.append((frame + 1, x + jitter[0] - 30, lane + jitter[1] - 60, 60, 120))
    lines = [f"{f},-1,{x:.1f},{y:.1f},{w},{h},0.9" for f, x, y, w, h in sorted(rows)]
    return "\n".join(lines) + "\n"


def zone(name, left, right, top=0.2, bottom=0.98, **settings):
    corners = [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]
    return {"name": name, "polygon": corners, **settings}


def renamed(zones):
    return {"zones": [{**zone, "name": zone["name"] + " again"} for zone in zones["zones"]]}


def pair(ours, others):
    """Pairs of visits of a person that overlap, and how many of either side are alone."""
    pairs, left = [], list(others)
    for one in ours:
        for other in left:
            if one[0] == other[0] and one[1] < other[2] and other[1] < one[2]:
                pairs.append((one, other))
                left.remove(other)
                break
    return pairs, len(ours) - len(pairs), len(left)


class Remeasure(Case):
    def setUp(self):
        super().setUp()
        self.zones = {"zones": [zone("left", 0.25, 0.45), zone("right", 0.5, 0.8)]}
        self.source = self.write("walkers.csv", walkers())
        self.shape = ["--fps", "10", "--size", "1280x720", "--start", START]

    def measure(self, source=None, zones=None, shape=None):
        file = zones or self.write("zones.json", self.zones)
        files = self.analyze(
            source or self.source, *(shape or self.shape), zones=file, outputs=["store"]
        )
        return files["store"]

    def remeasure(self, store, zones, *options, code=0):
        file = self.write("again.json", zones)
        done = dwell("remeasure", "--store", store, "--zones", file, *options)
        self.assertEqual(done.returncode, code, done)
        return done.stderr if code else done.stdout

    def report(self, store):
        done = dwell("report", "--store", store, "--json")
        self.assertEqual(done.returncode, 0, done)
        return {zone["zone"]: zone for zone in json.loads(done.stdout)["cameras"][0]["zones"]}

    def check(self, store):
        done = dwell("store", "check", "--store", store)
        self.assertEqual(done.returncode, 0, done)

    def visits(self, store):
        """By zone: person, enter, exit, dwell in seconds."""
        found = {}
        with sqlite3.connect(store) as database:
            rows = database.execute(
                "SELECT name, person, enter_us / 1e6, exit_us / 1e6, dwell_us / 1e6 FROM visit"
                " JOIN zone ON zone.id=zone_id ORDER BY enter_us"
            )
            for name, *row in rows:
                found.setdefault(name, []).append(row)
        database.close()
        return found

    def agreement(self, store, zones, what):
        """Measures the same zones under other names, and says how far the two agree."""
        self.remeasure(store, renamed(zones))
        self.check(store)
        found = self.visits(store)
        pairs, missing, more = [], 0, 0
        for name in [zone["name"] for zone in zones["zones"]]:
            one, lost, extra = pair(found.get(name, []), found.get(name + " again", []))
            pairs, missing, more = pairs + one, missing + lost, more + extra
        count = len(pairs) + missing
        off = sorted(abs(a[3] - b[3]) for a, b in pairs)
        bias = statistics.fmean(b[3] - a[3] for a, b in pairs)
        medians = [statistics.median(side[i][3] for side in pairs) for i in (0, 1)]
        figures = {
            "visits": count,
            "missing": missing / count,
            "more": more / count,
            "median_off": off[len(off) // 2],
            "p95_off": off[int(len(off) * 0.95)],
            "bias": bias,
            "medians": medians,
        }
        print(
            f"# {what}: {count} visits, {missing} not found again, {more} more; dwell off by"
            f" {figures['median_off']:.2f} s (median), {figures['p95_off']:.2f} s (95 %),"
            f" {bias:+.2f} s (mean); medians {medians[0]:.2f} and {medians[1]:.2f} s"
        )
        return figures

    def assert_agrees(self, figures, missing, median_s, p95_s):
        self.assertLessEqual(figures["missing"], missing, figures)
        self.assertLessEqual(figures["more"], missing, figures)
        self.assertLessEqual(figures["median_off"], median_s, figures)
        self.assertLessEqual(abs(figures["bias"]), median_s, figures)
        self.assertLessEqual(figures["p95_off"], p95_s, figures)

    def test_visits_from_foot_tracks_agree_with_those_measured(self):
        store = self.measure()
        figures = self.agreement(store, self.zones, "40 walkers")
        self.assertGreater(figures["visits"], 40)
        self.assert_agrees(figures, 0.02, 0.1, 0.3)

    def test_visits_agree_on_real_sequences(self):
        names = ["pets09-s2l1", "mot17-02", "mot17-09", "adl-rundle-6"]
        if not (SHARED / "bench" / names[0] / "detections.csv").exists():
            self.skipTest("there are no sequences in $DWELL_SHARED/bench")
        pooled = {"visits": 0, "missing": 0, "more": 0}
        for name in names:
            folder = SHARED / "bench" / name
            facts = json.loads((folder / "sequence.json").read_text())
            shape = ["--fps", str(facts["fps"]), "--size", f"{facts['width']}x{facts['height']}"]
            store = self.measure(
                folder / "detections.csv", folder / "zones.json", [*shape, "--start", START]
            )
            zones = json.loads((folder / "zones.json").read_text())
            figures = self.agreement(store, zones, name)
            # Of some forty visits, three on the edge of min_dwell are seven percent: shares are pooled.
            self.assert_agrees(figures, 0.1, 0.1, 0.5)
            for kind in pooled:
                pooled[kind] += figures["visits"] * (figures[kind] if kind != "visits" else 1)
        self.assertLessEqual(pooled["missing"], 0.05 * pooled["visits"])
        self.assertLessEqual(pooled["more"], 0.05 * pooled["visits"])

    def test_a_moved_zone_counts_as_drawn_last_and_drawn_back_as_at_first(self):
        store = self.measure()
        first = self.report(store)
        visits = len(self.visits(store)["left"])
        moved = {"zones": [zone("left", 0.02, 0.25), self.zones["zones"][1]]}
        before = self.rows(store)
        self.assertIn("Nothing was changed", self.remeasure(store, moved, "--dry-run"))
        self.assertEqual(self.rows(store), before)
        said = self.remeasure(store, moved)
        self.assertIn("1 anew, 0 recalled, 0 as they are", said)
        self.assertIn("0 anew, 0 recalled, 1 as they are", said)
        self.check(store)
        after = self.report(store)
        self.assertEqual(after["right"], first["right"])
        self.assertNotEqual(after["left"], first["left"])
        self.assertGreater(len(self.visits(store)["left"]), visits)  # both are kept
        self.assertEqual(self.rows(store)["run"], 2)
        self.assertIn("1 as they are", self.remeasure(store, moved))
        self.assertEqual(self.rows(store)["run"], 2)
        self.assertIn("0 anew, 1 recalled", self.remeasure(store, self.zones))
        self.assertEqual(self.report(store), first)
        self.check(store)
        self.measure_again(store)
        self.assertEqual(self.report(store), first)
        self.assertEqual(self.rows(store)["run"], 1)

    def measure_again(self, store):
        zones = self.write("zones.json", self.zones)
        done = dwell("analyze", self.source, "--zones", zones, *self.shape, "--store", store)
        self.assertEqual(done.returncode, 0, done)

    def rows(self, store):
        with sqlite3.connect(store) as database:
            tables = ["run", "run_zone", "visit", "pass", "rollup", "zone", "zone_revision"]
            rows = {
                table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in tables
            }
        database.close()
        return rows

    def test_changed_settings_and_roles_are_taken_over(self):
        store = self.measure()
        with sqlite3.connect(store) as database:
            database.execute("UPDATE visit SET role='staff', role_p=.9 WHERE person=1")
        database.close()
        self.remeasure(store, self.zones, "--set", "zone.min_dwell=5")
        with sqlite3.connect(store) as database:
            shortest = database.execute(
                "SELECT min(dwell_us) FROM visit WHERE run_id=2"
            ).fetchone()[0]
            roles = database.execute(
                "SELECT DISTINCT role FROM (SELECT * FROM visit UNION ALL SELECT * FROM pass)"
                " WHERE run_id=2 AND person=1"
            ).fetchall()
        database.close()
        self.assertGreaterEqual(shortest, 5e6)
        self.assertEqual(roles, [("staff",)])

    def test_what_cannot_be_measured_again_is_refused(self):
        store = self.measure()
        period = ["--from", "2025-01-01"]
        self.assertIn("nothing of this camera", self.remeasure(store, self.zones, *period, code=1))
        moved = {"zones": [zone("left", 0.1, 0.3)]}
        self.assertEqual(
            dwell("store", "prune", "--store", store, "--feet", "1d").returncode, 0
        )
        self.assertIn("were pruned", self.remeasure(store, moved, code=1))
        other = self.folder / "other.db"
        done = dwell("simulate", "--store", other, "--days", "1", "--displays", "1", "--feet", "0")
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("no foot tracks", self.remeasure(other, moved, code=1))
        wrong = {
            ("--store", "x"): "--zones FILE",
            ("--zones", "x"): "--store FILE",
            ("x",): "'x' is no option",
            ("--store", "x", "--zones", "y", "--from", "2025-01-02", "--to", "2025-01-01"): "later",
        }
        for arguments, sentence in wrong.items():
            done = dwell("remeasure", *arguments)
            self.assertEqual(done.returncode, 2, done)
            self.assertIn(sentence, done.stderr)


if __name__ == "__main__":
    dwelltest.main()
