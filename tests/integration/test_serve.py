# SPDX-License-Identifier: Apache-2.0
"""dwell serve: several cameras, what was told is kept, and it ends when told to."""

import signal
import sqlite3
import time

import dwelltest
from dwelltest import WHOLE_PICTURE, Case, dwell

CAMERA = "{name: %s, source: film.csv, fps: 100, size: 640x480, loop: true, zones: zones.json}"


class Serve(Case):
    def setUp(self):
        super().setUp()
        self.write("zones.json", WHOLE_PICTURE)
        rows = [f"{frame},-1,100,100,50,120,0.9" for frame in range(1, 201)]
        self.write("film.csv", "\n".join(rows) + "\n")
        cameras = "".join(f"- {CAMERA % name}\n" for name in ("door", "till"))
        self.config = self.write("site.yaml", f"cameras:\n{cameras}")
        self.store = self.folder / "dwell-data/dwell.db"

    def serve(self):
        process = dwelltest.start_dwell("serve", "--config", self.config, "--listen", "127.0.0.1:0")
        self.addCleanup(dwelltest.stop, process)
        return process

    def visits(self):
        """The ids of what is stored, by camera."""
        query = (
            "SELECT hex(visit.uid) FROM visit JOIN zone ON zone.id = visit.zone_id"
            " JOIN camera ON camera.id = zone.camera_id WHERE camera.name = ?"
        )
        try:
            connection = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)
            try:
                return [
                    {row[0] for row in connection.execute(query, [name])}
                    for name in ("door", "till")
                ]
            finally:
                connection.close()
        except sqlite3.OperationalError:
            return [set(), set()]

    def wait_for_visits(self, count):
        dwelltest.wait_for(
            lambda: all(len(found) >= count for found in self.visits()),
            seconds=30 * dwelltest.SLOW,
            what="visits of both cameras",
        )

    def test_a_kill_loses_no_visit_and_the_next_start_adds_to_them(self):
        process = self.serve()
        self.wait_for_visits(2)
        before = self.visits()
        process.kill()
        process.communicate()
        self.serve()
        self.wait_for_visits(max(map(len, before)) + 2)
        for kept, former in zip(self.visits(), before):
            self.assertLessEqual(former, kept)

    def test_it_ends_when_told_to_with_everything_written(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            before = max(map(len, self.visits()))
            process = self.serve()
            self.wait_for_visits(before + 1)
            started = time.monotonic()
            process.send_signal(number)
            output, errors = process.communicate(timeout=20 * dwelltest.SLOW)
            self.assertLess(time.monotonic() - started, 2 * dwelltest.SLOW)
            self.assertEqual(process.returncode, 0, errors)
            self.assertIn("page:    http://127.0.0.1:", output)
        self.assertEqual(dwell("store", "check", "--store", self.store).returncode, 0)

    def test_a_mistake_in_the_configuration_is_told_with_its_line(self):
        path = self.write("wrong.yaml", "cameras:\n- nam: a\n")
        result = dwell("serve", "--config", path)
        self.assertEqual(result.returncode, 1)
        self.assertIn("wrong.yaml: line 2: unknown key 'nam'; did you mean 'name'?", result.stderr)


if __name__ == "__main__":
    dwelltest.main()
