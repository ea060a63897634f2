# SPDX-License-Identifier: Apache-2.0
"""`dwell analyze --alerts`: what is told as it happens, and what a store keeps of it."""

import sqlite3

import dwelltest
from dwelltest import SCENARIOS, WHOLE_PICTURE, Case, dwell, needs_detector, read_lines

QUEUE = SCENARIOS / "queue.csv"
ZONES = SCENARIOS / "queue.json"
SHAPE = ["--fps", "10", "--size", "1280x720"]
SUNDAY_NINE = ["--start", "2026-11-22T09:00:00Z"]


class Alerts(Case):
    def run_queue(self, *options, outputs=("alerts",), zones=ZONES):
        options = options or SUNDAY_NINE
        return self.analyze(QUEUE, *SHAPE, *options, zones=zones, outputs=outputs)

    def alerts_of(self, *options, zones=ZONES):
        records = read_lines(self.run_queue(*options, zones=zones)["alerts"])
        return [record for record in records if record["kind"].startswith("alert_")]

    def test_records_come_in_order_of_time_and_each_alert_is_cleared_once(self):
        records = read_lines(self.run_queue()["alerts"])
        times = [record["time_s"] for record in records if "time_s" in record]
        self.assertEqual(times, sorted(times))
        raised = [r["id"] for r in records if r["kind"] == "alert_raised"]
        cleared = [r["id"] for r in records if r["kind"] == "alert_cleared"]
        self.assertGreater(len(raised), 4)
        self.assertEqual(sorted(raised), sorted(cleared))
        self.assertEqual(len(set(raised)), len(raised))

    def test_the_same_input_gives_the_same_alerts(self):
        self.assertEqual(self.alerts_of(), self.alerts_of())

    def test_a_store_keeps_what_was_told(self):
        made = self.run_queue(outputs=["alerts", "store"])
        told = [r for r in read_lines(made["alerts"]) if r["kind"] == "alert_cleared"]
        with sqlite3.connect(made["store"]) as database:
            kept = database.execute(
                "SELECT hex(uid), name, kind, people, end_reason, cleared_us - raised_us FROM alert"
            ).fetchall()
        database.close()
        self.assertEqual(
            sorted(kept),
            sorted(
                (r["id"].upper(), r["alert"], r["rule"], r["people"], r["end"], r["lasted_s"] * 1e6)
                for r in told
            ),
        )

    def test_hours_are_those_of_the_time_zone(self):
        def nobody(*options):
            return sum(r["alert"] == "nobody at night" for r in self.alerts_of(*options))

        self.assertEqual(nobody("--start", "2026-11-22T13:00:00Z"), 0)
        self.assertGreater(nobody("--start", "2026-11-22T13:00:00Z", "--tz", "Asia/Tokyo"), 0)

    def test_days_of_a_store_begin_at_the_local_midnight(self):
        store = self.run_queue(*SUNDAY_NINE, "--tz", "Asia/Tokyo", outputs=["store"])["store"]
        with sqlite3.connect(store) as database:
            (offset,) = database.execute("SELECT utc_offset_us FROM run").fetchone()
            (quarter,) = database.execute("SELECT first_quarter FROM rollup LIMIT 1").fetchone()
        database.close()
        self.assertEqual(offset, 9 * 3600 * 1e6)
        self.assertEqual(quarter % 96, 96 - 9 * 4)
        self.assertEqual(dwell("store", "check", "--store", store).returncode, 0)

    def test_the_count_of_the_retired_messages_is_the_same(self):
        zones = ZONES.read_text().replace('"alerts"', '"events": [{"type": "count"}], "alerts"')
        made = self.run_queue(
            *SUNDAY_NINE, outputs=["alerts", "events"], zones=self.write("count.json", zones)
        )
        counted = [
            (message["sourceInfo"]["timestamp"], event["properties"]["personCount"])
            for message in read_lines(made["events"])
            for event in message["events"]
            if event["type"] == "personCountEvent"
        ]
        told = [
            (record["time"], record["people"])
            for record in read_lines(made["alerts"])
            if record["kind"] == "occupancy" and record["people"] is not None
        ]
        self.assertGreater(len(counted), 4)
        self.assertEqual(counted, told)

    @needs_detector
    def test_a_gap_of_the_camera_clears_alerts_and_makes_counts_unknown(self):
        clip = dwelltest.people_clip(self.folder / "people.mp4", 6, 5)
        jumps = self.folder / "jumps.mp4"
        late = "setpts='PTS+if(gte(N,15),30/TB,0)'"
        dwelltest.ffmpeg("-i", clip, "-vf", late, "-fps_mode", "passthrough", jumps)
        zone = {**WHOLE_PICTURE["zones"][0], "alerts": [{"kind": "occupancy", "people": 1}]}
        zones = self.write("watched.json", {"zones": [zone]})
        records = read_lines(self.analyze(jumps, zones=zones, outputs=["alerts"])["alerts"])
        ends = [(r["time_s"], r["end"]) for r in records if r["kind"] == "alert_cleared"]
        unknown = [r["time_s"] for r in records if r.get("people", 0) is None]
        between = [r for r in records if 3 < r.get("time_s", 0) < 33]
        self.assertEqual(ends, [(3.0, "gap"), (36.0, "stopped")])
        self.assertEqual(unknown, [3.0, 36.0])
        self.assertEqual(between, [])
        (quarter,) = [r for r in records if r["kind"] == "occupancy_quarter"][-1:]
        self.assertLessEqual(quarter["measured_s"], 6)

    def test_an_unknown_time_zone_is_refused(self):
        done = dwell("analyze", QUEUE, "--zones", ZONES, *SHAPE, "--tz", "Mars/Olympus")
        self.assertEqual(done.returncode, 1)
        self.assertIn("--tz: time zone 'Mars/Olympus' is not known here", done.stderr)


if __name__ == "__main__":
    dwelltest.main()
