# SPDX-License-Identifier: Apache-2.0
"""The clock on the wall is set while `dwell serve` measures: no dwell changes, and no day is wrong.

The clock is set by libfaketime, in front of the program alone; the clocks that only go on are left
as they are, as the kernel leaves them.
"""

import datetime
import glob
import json
import os
import sqlite3
import subprocess
import threading
import time
import zoneinfo

import dwelltest
import httpsite
from dwelltest import Case, dwell

FAKETIME = next(iter(glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), "libfaketime")
ZONE = {"name": "picture", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]], "link": 1}
RATE, CYCLE_S, STAY_US = 5, 4, 2_000_000
BEFORE_S, AFTER_S = 5, 17  # a clock is believed after 10 s

# What is set to what while it runs, in which time zone it is told; None: nothing.
CASES = {
    "an hour ahead": ("2026-11-26 09:00:00", 3600, "Europe/Berlin"),
    "an hour back": ("2026-11-26 09:00:00", -3600, "Europe/Berlin"),
    "a day ahead": ("2026-11-26 09:00:00", 86400, "Europe/Berlin"),
    "a day back": ("2026-11-26 09:00:00", -86400, "America/New_York"),
    "from 1970": ("1970-01-01 00:10:00", 1_795_000_000, "Europe/London"),
    "to 2038": ("2026-11-26 09:00:00", 356_000_000, "Europe/London"),
    "summer time begins": ("2026-03-29 00:59:52", None, "Europe/Berlin"),
    "summer time ends": ("2026-10-25 00:59:52", None, "Europe/Berlin"),
    "the day of 23 hours ends": ("2026-03-29 21:59:52", None, "Europe/Berlin"),
    "the day of 25 hours ends": ("2026-10-25 22:59:52", None, "Europe/Berlin"),
    "half an hour of summer time begins": ("2026-10-03 15:29:52", None, "Australia/Lord_Howe"),
}


class Clock(Case):
    def setUp(self):
        super().setUp()
        inside = [f"{frame},-1,100,100,50,120,0.9" for frame in range(4, 4 + 2 * RATE)]
        self.write("film.csv", "\n".join([*inside, f"{RATE * CYCLE_S},-1,0,0,1,1,0.01"]) + "\n")
        self.write("zones.json", {"zones": [ZONE]})

    def measure(self, name, start, step_s, zone):
        """Measures, sets the clock in between, and returns the store."""
        folder = self.folder / name.replace(" ", "-")
        folder.mkdir()
        camera = f"{{name: a, source: ../film.csv, fps: {RATE}, size: 640x480, loop: true,"
        camera += " zones: ../zones.json}"
        (folder / "site.yaml").write_text(f"time_zone: {zone}\ncameras:\n- {camera}\n")
        began = datetime.datetime.fromisoformat(f"{start}+00:00").timestamp()
        ahead = began - time.time()

        def set_clock(seconds):
            (folder / "new").write_text(f"{seconds:+.3f}\n")
            (folder / "new").rename(folder / "clock")

        set_clock(ahead)
        fake = {
            "LD_PRELOAD": FAKETIME,
            "FAKETIME_TIMESTAMP_FILE": str(folder / "clock"),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        command = [dwelltest.PROGRAM, "serve", "--config", folder / "site.yaml"]
        process = subprocess.Popen(
            [*map(str, command), "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **fake},
            text=True,
        )
        self.addCleanup(dwelltest.stop, process)
        client = httpsite.claim(process)
        time.sleep(BEFORE_S)
        if step_s is not None:
            set_clock(ahead + step_s)
        time.sleep(AFTER_S)
        dropped = client.get("/api/v1/cameras").json()["cameras"][0]["dropped"]
        process.terminate()
        self.assertEqual(process.wait(timeout=20), 0)
        return folder / "dwell-data/dwell.db", began, dropped

    def check(self, name, start, step_s, zone):
        store, began, dropped = self.measure(name, start, step_s, zone)
        line = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
        query = "SELECT enter_us / 1e6, dwell_us, end_reason FROM visit ORDER BY run_id, enter_us"
        visits = line.execute(query).fetchall()
        line.close()
        # A program that has just begun may not have been quick enough for the first.
        whole = [visit for visit in visits[1:] if visit[2] != "stopped"]
        self.assertGreaterEqual(len(whole), (BEFORE_S + AFTER_S) // CYCLE_S - 2, name)
        # Pictures that a busy machine left out are no matter of the clock.
        wrong_us = max(abs(dwell_us - STAY_US) for _, dwell_us, _ in whole)
        self.assertLessEqual(wrong_us, dropped * 1_000_000 / RATE, f"{name}: {visits}")
        self.told.append((name, wrong_us, dropped))
        if step_s is not None:
            told = visits[-1][0] - began - step_s
            self.assertTrue(0 < told < 60, f"{name}: {visits}")
        days = [local_day(visit[0], zone) for visit in visits]
        for day in set(days):
            self.assertEqual(self.counted(store, day, zone), days.count(day), f"{name}: {day}")

    def counted(self, store, day, zone):
        options = ["--store", store, "--from", day, "--days", 1, "--tz", zone, "--json"]
        done = dwell("report", "summary", *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return sum(zone["visits"] for zone in json.loads(done.stdout)["zones"])

    def test_no_dwell_and_no_day_is_wrong_whatever_the_clock_does(self):
        dwelltest.skip_without(os.path.exists(FAKETIME), "libfaketime")
        dwelltest.skip_without(not dwelltest.SANITIZED, "libfaketime with a sanitizer")
        wrong, self.told = [], []
        turns = threading.Semaphore(6)  # more at once, and the machine drops pictures

        def run(name):
            try:
                with turns:
                    self.check(name, *CASES[name])
            except Exception as error:  # of a thread, told by the test
                wrong.append(f"{name}: {error}")

        threads = [threading.Thread(target=run, args=[name]) for name in CASES]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])
        for name, wrong_us, dropped in self.told:
            print(f"# {name}: wrong by {wrong_us / 1000:g} ms, {dropped} pictures dropped")


def local_day(wall_s, zone):
    return datetime.datetime.fromtimestamp(wall_s, zoneinfo.ZoneInfo(zone)).strftime("%Y-%m-%d")


if __name__ == "__main__":
    dwelltest.main()
