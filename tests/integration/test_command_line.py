# SPDX-License-Identifier: Apache-2.0
"""Exit codes and sentences: 1 failed, 2 wrong usage, always one sentence that says what to do."""

import contextlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import dwelltest
from dwelltest import SCENARIOS, WHOLE_PICTURE, Case, dwell, needs, needs_detector

SCENARIO = SCENARIOS / "walk-through.csv"
SHAPE = ["--fps", "10", "--size", "1280x720"]
SQUARE = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9], [0.1, 0.1]]


class Manual(Case):
    def test_the_manual_names_each_setting_with_its_default(self):
        done = dwell("analyze", "--list-settings")
        program = [line.split()[:2] for line in done.stdout.splitlines()]
        page = Path(__file__).parents[2] / "docs/man/dwell.1.scd"
        settings = page.read_text().split("\n# SETTINGS\n")[1].split("\n# ")[0]
        manual = re.findall(r"^\*(\S+)\* \((\S+)\)$", settings.replace("\\", ""), re.MULTILINE)
        self.assertEqual([list(row) for row in manual], program)


class Sentences(Case):
    def setUp(self):
        super().setUp()
        self.zones = self.write("zones.json", WHOLE_PICTURE)

    def assert_fails(self, code, arguments, *words, command="analyze", **options):
        done = dwell(command, *arguments, **options)
        self.assertEqual(done.returncode, code, done)
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 2 if code == 2 else 1, done.stderr)
        self.assertTrue(lines[0].startswith(f"dwell {command}: "), done.stderr)
        self.assertFalse(lines[0].endswith("."), done.stderr)
        if code == 2:
            self.assertEqual(lines[1], f"Try 'dwell {command} --help'.")
        for word in words:
            self.assertIn(str(word), lines[0])

    def fails(self, source, *words, options=()):
        """A source that cannot be measured."""
        self.assert_fails(1, [source, "--zones", self.zones, *options], *words)

    def misused(self, arguments, *words):
        self.assert_fails(2, [SCENARIO, "--zones", self.zones, *arguments], *words)


class Usage(Sentences):
    def test_without_a_command_the_help_is_shown(self):
        done = dwell()
        self.assertEqual(done.returncode, 2)
        self.assertIn("usage: dwell COMMAND", done.stderr)

    def test_every_command_has_a_help(self):
        overview = dwell("--help")
        self.assertEqual(overview.returncode, 0)
        commands = [line.split()[0] for line in overview.stdout.splitlines() if line[:2] == "  "]
        self.assertIn("analyze", commands)
        for command in commands:
            done = dwell(command, "--help")
            self.assertEqual(done.returncode, 0, command)
            self.assertIn(f"usage: dwell {command}", done.stdout)
            self.assertEqual(done.stderr, "")

    def test_the_version_is_told(self):
        self.assertRegex(dwell("--version").stdout, r"^dwell \d+\.\d+\.\d+\n$")

    def test_the_nearest_command_is_suggested(self):
        done = dwell("analyse")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(
            done.stderr, "dwell: there is no command 'analyse'; did you mean 'analyze'?\n"
        )

    def test_an_unknown_option_gets_the_nearest_one(self):
        self.misused(["--vists", "x"], "no option '--vists'; did you mean '--visits'?")
        self.misused(["-v"], "no option '-v'")

    def test_an_option_without_its_value_is_told_so(self):
        self.misused(["--visits"], "'--visits' wants a value: FILE")
        self.misused(["--realtime=yes"], "'--realtime' takes no value")

    def test_zones_are_required(self):
        self.assert_fails(2, [SCENARIO, *SHAPE], "wants --zones FILE", "dwell zones")

    def test_a_source_is_required_and_only_one(self):
        self.assert_fails(2, ["--zones", self.zones], "wants a video")
        self.misused(["other.csv"], "one source at a time", "other.csv")

    def test_an_unknown_setting_gets_the_nearest_one(self):
        self.misused(["--set", "zone.grase=1"], "'zone.grase'; did you mean 'zone.grace'?")

    def test_a_bad_value_is_named_with_its_range(self):
        self.misused(["--set", "zone.grace=soon"], "'zone.grace' wants a number, got 'soon'")
        self.misused(["--set", "zone.grace=-1"], "'zone.grace' wants 0 to 3600, got -1")
        self.misused(["--fps", "0"], "--fps", "'0'")
        self.misused(["--fps", "ten"], "--fps", "'ten'")
        self.misused(["--size", "1280"], "--size wants WIDTHxHEIGHT", "'1280'")
        self.misused(["--start", "yesterday"], "'yesterday' is no time")
        self.misused(["--workers", "many"], "--workers", "'many'")

    def test_a_mistake_in_a_settings_file_is_named_with_its_line(self):
        path = self.write("settings.yaml", "zone:\n  grase: 1\n")
        self.misused(["--config", path], path, "line 2", "did you mean 'zone.grace'?")

    def test_all_settings_are_listed(self):
        done = dwell("analyze", "--list-settings")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"(?m)^zone\.grace +1 ")


class Sources(Sentences):
    def test_a_missing_file_is_named(self):
        self.fails("no-such.mp4", "'no-such.mp4' does not exist")
        self.fails("no-such.csv", "'no-such.csv' does not exist", options=SHAPE)

    def test_a_folder_is_no_video(self):
        self.fails(self.folder, f"'{self.folder}' is a folder")

    def test_an_empty_file_is_told_so(self):
        self.fails(self.write("empty.mp4", b""), "empty.mp4", "is empty")

    def test_text_is_no_video(self):
        text = self.write("notes.mp4", "Buy milk, bread, and a camera.\n" * 40)
        self.fails(text, "notes.mp4")
        self.fails(self.write("notes.txt", "Buy milk.\n" * 40), "notes.txt")

    def test_random_bytes_are_no_video(self):
        self.fails(self.write("noise.avi", bytes(range(256)) * 64), "noise.avi")

    def test_sound_alone_is_no_video(self):
        path = self.folder / "sound.wav"
        dwelltest.ffmpeg("-f", "lavfi", "-i", "sine=duration=1", path)
        self.fails(path, "sound.wav", "no video")

    def test_an_unknown_protocol_is_named(self):
        self.fails("gopher://camera/1", "gopher://camera/1", "no known protocol")

    def test_a_camera_that_is_off_is_named_without_its_password(self):
        url = f"rtsp://user:secret@127.0.0.1:{dwelltest.free_port()}/1"
        done = dwell("analyze", url, "--zones", self.zones)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stderr.splitlines()), 1)
        self.assertIn("127.0.0.1", done.stderr)
        self.assertNotIn("secret", done.stderr)

    def test_detections_want_their_rate_and_size(self):
        self.fails(SCENARIO, "--fps", options=["--size", "1280x720"])
        self.fails(SCENARIO, "--size", options=["--fps", "10"])

    def test_a_bad_line_of_detections_is_named(self):
        rows = "1,-1,10,10,50,100,0.9\n2,-1,10,ten,50,100,0.9\n"
        self.fails(self.write("bad.csv", rows), "bad.csv", "line 2", "'ten'", options=SHAPE)
        rows = "2,-1,10,10,50,100,0.9\n1,-1,10,10,50,100,0.9\n"
        self.fails(self.write("order.csv", rows), "line 2", "sort the file", options=SHAPE)

    def test_detections_have_no_pictures(self):
        overlay = ["--overlay", self.folder / "overlay.mp4"]
        self.fails(SCENARIO, "holds detections", "--overlay", options=[*SHAPE, *overlay])
        reid = ["--reid", self.folder / "reid.onnx"]
        self.fails(SCENARIO, "holds detections", "--reid", options=[*SHAPE, *reid])

    @needs_detector
    def test_a_video_that_was_cut_off_is_measured_as_far_as_it_goes(self):
        whole = dwelltest.test_picture_clip(self.folder / "whole.avi", 4, "-c:v", "mpeg4")
        cut = self.write("cut.avi", whole.read_bytes()[: whole.stat().st_size // 2])
        visits = self.folder / "visits"
        done = dwell("analyze", cut, "--zones", self.zones, "--visits", visits)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r"\Adwell analyze: note: .*early.*\n\Z")
        self.assertTrue(visits.exists())

    @needs_detector
    def test_a_video_without_its_index_is_told_so(self):
        whole = dwelltest.test_picture_clip(self.folder / "whole.mp4", 2)
        self.fails(self.write("cut.mp4", whole.read_bytes()[:-2000]), "cut.mp4")


class Zones(Sentences):
    def wrong(self, content, *words):
        path = self.write("wrong.json", content)
        self.assert_fails(1, [SCENARIO, *SHAPE, "--zones", path], path, *words)

    def wrong_polygon(self, polygon, *words):
        self.wrong({"zones": [{"name": "shelf", "polygon": polygon}]}, "zone 'shelf'", *words)

    def test_a_missing_file_of_zones_is_named(self):
        self.assert_fails(1, [SCENARIO, *SHAPE, "--zones", "no.json"], "'no.json'", "No such file")

    def test_what_is_no_json_is_told_with_its_line(self):
        self.wrong("zones: a, b", "is no JSON", "line 1")
        self.wrong('{"zones": [\n  {"name": }\n]}', "is no JSON", "line 2")

    def test_two_corners_are_no_polygon(self):
        self.wrong_polygon([[0.1, 0.1], [0.5, 0.5]], "3 corners or more, got 2")

    def test_a_polygon_must_be_closed(self):
        self.wrong_polygon(SQUARE[:4], "not closed", "[0.1, 0.1]")

    def test_a_polygon_may_not_cross_itself(self):
        corners = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]
        self.wrong_polygon(corners, "crosses itself")

    def test_coordinates_are_shares_of_the_picture(self):
        self.wrong_polygon([[0, 0], [1.5, 0], [1.5, 1], [0, 0]], "1.5", "from 0 to 1")
        self.wrong_polygon([[0, 0], [640, 0], [640, 480], [0, 0]], "640", "not pixels")

    def test_a_polygon_must_have_an_area(self):
        self.wrong_polygon([[0, 0], [0.5, 0.5], [1, 1], [0, 0]], "no area")

    def test_two_zones_of_one_name_are_refused(self):
        zone = {"name": "shelf", "polygon": SQUARE}
        self.wrong({"zones": [zone, zone]}, "two zones are called 'shelf'")

    def test_an_unknown_key_gets_the_nearest_one(self):
        zone = {"name": "shelf", "polygon": SQUARE, "min_dwel": 2}
        self.wrong({"zones": [zone]}, "unknown key 'min_dwel'; did you mean 'min_dwell'?")


class Models(Sentences):
    def setUp(self):
        super().setUp()
        self.video = dwelltest.test_picture_clip(self.folder / "video.mp4", 1)

    def wrong(self, model, *words):
        self.fails(self.video, *words, options=["--model", model])

    def test_a_missing_model_is_named(self):
        self.wrong("no-such.onnx", "no-such.onnx")

    @needs_detector
    def test_a_damaged_model_is_named(self):
        models = sorted((dwelltest.CACHE / "models").glob("nanodet-g-*x*.onnx"))
        dwelltest.skip_without(models, "model in the cache")
        half = models[0].read_bytes()[: models[0].stat().st_size // 2]
        self.wrong(self.write("half.onnx", half), "half.onnx")
        self.wrong(self.write("text.onnx", "no model at all"), "text.onnx")

    @needs_detector
    def test_a_model_of_unknown_layout_is_named(self):
        # A minimal model: y = Identity(x), x of 1 x 7 numbers.
        dims = bytes([0x0A, 0x02, 0x08, 0x01, 0x0A, 0x02, 0x08, 0x07])
        tensor = bytes([0x0A, 4 + len(dims), 0x08, 0x01, 0x12, len(dims)]) + dims
        x, y = (bytes([0x0A, 1, name, 0x12, len(tensor)]) + tensor for name in b"xy")
        node = bytes([0x0A, 1, 0x78, 0x12, 1, 0x79, 0x22, 8]) + b"Identity"
        graph = bytes([0x0A, len(node)]) + node + bytes([0x12, 1, 0x67])
        graph += bytes([0x5A, len(x)]) + x + bytes([0x62, len(y)]) + y
        model = bytes([0x08, 7, 0x3A, len(graph)]) + graph + bytes([0x42, 2, 0x10, 13])
        self.wrong(self.write("identity.onnx", model), "identity.onnx")


class Outputs(Sentences):
    def test_a_folder_that_is_not_there_is_named(self):
        for name in ("visits", "tracks", "events", "store"):
            path = self.folder / "missing" / name
            self.fails(SCENARIO, path, options=[*SHAPE, f"--{name}", path])

    @needs("/dev/full")
    def test_a_full_disk_is_told_for_each_file_of_text(self):
        for name in ("visits", "tracks", "events"):
            self.fails(
                SCENARIO, "'/dev/full'", "No space left", options=[*SHAPE, f"--{name}", "/dev/full"]
            )

    @needs("/dev/full")
    def test_a_full_disk_is_told_for_what_is_printed(self):
        for arguments in (("--help",), ("--version",), ("report", "--help"), ("doctor",)):
            with open("/dev/full", "w", encoding="utf-8") as full:
                done = dwell(*arguments, stdout=full)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("standard output cannot be written", done.stderr)

    @needs("/dev/full")
    @needs_detector
    def test_a_full_disk_is_told_for_the_overlay(self):
        video = dwelltest.test_picture_clip(self.folder / "video.mp4", 1)
        self.fails(video, "/dev/full", options=["--overlay", "/dev/full"])

    def test_a_full_disk_is_told_for_the_store(self):
        with small_disk(self.folder) as disk:
            (disk / "ballast").write_bytes(bytes(900 * 1024))
            store = disk / "dwell.db"
            self.fails(SCENARIO, store, options=[*SHAPE, "--store", store])

    def test_a_store_that_is_no_database_is_left_alone(self):
        path = self.write("notes.db", "these are my notes, not a database\n" * 100)
        before = path.read_bytes()
        self.fails(SCENARIO, path, options=[*SHAPE, "--store", path])
        self.assertEqual(path.read_bytes(), before)

    def test_a_camera_without_a_name_is_called_as_its_file_is(self):
        film = self.write("floor.2 door.csv", SCENARIO.read_text())
        visits = self.analyze(film, *SHAPE, zones=SCENARIOS / "zones.json")["visits"]
        names = {visit["camera"] for visit in dwelltest.read_lines(visits)}
        self.assertEqual(names, {"floor.2 door"})

    def test_a_dash_writes_to_standard_output_and_nothing_else(self):
        done = dwell("analyze", SCENARIO, *SHAPE, "--zones", self.zones, "--tracks", "-")
        self.assertEqual(done.returncode, 0)
        for line in done.stdout.splitlines():
            self.assertRegex(line, r"^\d+,\d+(,-?\d+\.\d+){5},-1,-1,-1$")


@contextlib.contextmanager
def small_disk(folder):
    """A file system of 1 MB; only the superuser can have one."""
    disk = Path(folder) / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]
    allowed = os.geteuid() == 0 and shutil.which("mount")
    if not allowed or subprocess.run(mount, stderr=subprocess.DEVNULL, check=False).returncode:
        dwelltest.skip_without(False, "right to mount a small disk")
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


if __name__ == "__main__":
    dwelltest.main()
