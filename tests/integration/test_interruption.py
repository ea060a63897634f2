# SPDX-License-Identifier: Apache-2.0
"""What was measured survives Ctrl-C and kill -9."""

import signal
import sqlite3
import time

import dwelltest
from dwelltest import WHOLE_PICTURE, Case, dwell, read_lines

SECONDS = 30  # of a film that no test waits for


class Interruption(Case):
    def setUp(self):
        super().setUp()
        self.zones = self.write("zones.json", WHOLE_PICTURE)
        rows = [f"{frame},-1,100,100,50,120,0.9" for frame in range(1, SECONDS * 10 + 1)]
        self.film = self.write("film.csv", "\n".join(rows) + "\n")
        self.visits = self.folder / "visits"
        self.store = self.folder / "dwell.db"

    def arguments(self, film):
        shape = ["--fps", 10, "--size", "640x480", "--start", "2026-11-22T09:00:00Z"]
        return ["analyze", film, "--zones", self.zones, *shape, "--store", self.store]

    def play(self, *options):
        """Plays the film at its own speed in a process of its own."""
        command = [*self.arguments(self.film), "--realtime", *options]
        process = dwelltest.start_dwell(*command)
        self.addCleanup(dwelltest.stop, process)
        return process

    def rows(self, query):
        connection = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def open_visits(self):
        """How many visits the store holds as going on; 0 as long as it is being made."""
        try:
            return self.rows("SELECT count(*) FROM open_visit WHERE dwell_us >= 1000000")[0][0]
        except sqlite3.OperationalError:
            return 0

    def assert_ends_cleanly(self, number):
        process = self.play("--visits", self.visits)
        dwelltest.wait_for(self.open_visits, what="an open visit in the store")
        started = time.monotonic()
        process.send_signal(number)
        output, errors = process.communicate(timeout=10 * dwelltest.SLOW)
        self.assertLess(time.monotonic() - started, 2 * dwelltest.SLOW)
        self.assertEqual(process.returncode, 0, errors)
        self.assertIn("stopped early", output)
        self.assertEqual(errors, "")
        (visit,) = read_lines(self.visits)
        self.assertTrue(visit["cut_start"] and visit["cut_end"])
        self.assertEqual(visit["end_reason"], "stopped")
        self.assertTrue(1 <= visit["dwell_s"] < SECONDS)
        report = dwell("report", "--store", self.store)
        self.assertEqual(report.returncode, 0, report.stderr)
        self.assertEqual(self.rows("PRAGMA integrity_check"), [("ok",)])
        self.assertEqual(self.open_visits(), 0)

    def test_ctrl_c_writes_what_was_measured(self):
        self.assert_ends_cleanly(signal.SIGINT)

    def test_a_polite_kill_writes_what_was_measured(self):
        self.assert_ends_cleanly(signal.SIGTERM)

    def test_after_kill_9_the_open_visit_reappears_closed(self):
        process = self.play()
        dwelltest.wait_for(self.open_visits, what="an open visit in the store")
        process.kill()
        process.communicate()
        other = self.write("other.csv", "1,-1,100,100,50,120,0.2\n")
        done = dwell(*self.arguments(other))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.open_visits(), 0)
        self.assertEqual(self.rows("PRAGMA integrity_check"), [("ok",)])
        ((dwell_us, cut_end, reason),) = self.rows("SELECT dwell_us, cut_end, end_reason FROM visit")
        self.assertTrue(cut_end)
        self.assertEqual(reason, "restart")
        self.assertTrue(500_000 <= dwell_us < SECONDS * 1_000_000)

    def test_a_second_program_may_not_write_to_the_same_store(self):
        self.play()
        dwelltest.wait_for(self.open_visits, what="an open visit in the store")
        done = dwell(*self.arguments(self.film))
        self.assertEqual(done.returncode, 1)
        self.assertIn(str(self.store), done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_the_same_film_again_replaces_what_was_measured(self):
        for _ in range(2):
            done = dwell(*self.arguments(self.film))
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.rows("SELECT count(*) FROM visit"), [(1,)])


if __name__ == "__main__":
    dwelltest.main()
