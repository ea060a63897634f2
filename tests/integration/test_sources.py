# SPDX-License-Identifier: Apache-2.0
"""The same pictures give the same visits, from whatever kind of source they come."""

import functools
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import dwelltest
from dwelltest import ROOT, SCENARIOS, Case, needs_detector, read_lines

RATE = 5
FRAME_S = 1 / RATE
RTSP_SERVER = Path(__file__).resolve().parent / "rtsp_server.py"
SAMPLE_ZONES = ROOT / "share/sample/zones.json"


def setUpModule():
    """One clip and its visits serve all tests."""
    global scratch, clip
    scratch = tempfile.TemporaryDirectory(prefix="dwell-test-")
    try:
        clip = dwelltest.people_clip(Path(scratch.name) / "people.mp4", 6, RATE)
    except Exception:
        scratch.cleanup()
        raise


def tearDownModule():
    scratch.cleanup()


@functools.cache
def true_visits():
    """What the file itself gives, with the zones of the sample."""
    visits = Path(scratch.name) / "visits"
    done = dwelltest.dwell("analyze", clip, "--zones", SAMPLE_ZONES, "--visits", visits)
    assert done.returncode == 0, done.stderr
    return read_lines(visits)


class Files(Case):
    def run_scenario(self, outputs, *options):
        arguments = ["--fps", 10, "--size", "1280x720", "--start", "2026-11-22T09:00:00Z", *options]
        path = SCENARIOS / "two-people-cross.csv"
        return self.analyze(path, *arguments, zones=SCENARIOS / "zones.json", outputs=outputs)

    def test_the_same_detections_give_the_same_bytes(self):
        kinds = ("visits", "tracks", "events")
        first, again = self.run_scenario(kinds), self.run_scenario(kinds)
        for kind in kinds:
            self.assertGreater(first[kind].stat().st_size, 0)
            self.assertEqual(first[kind].read_bytes(), again[kind].read_bytes(), kind)

    def test_tracks_hold_each_person_once_a_frame(self):
        tracks = self.run_scenario(("tracks",))["tracks"].read_text().splitlines()
        keys = [tuple(map(int, line.split(",")[:2])) for line in tracks]
        self.assertEqual(len(keys), len(set(keys)))
        self.assertEqual([frame for frame, _ in keys], sorted(frame for frame, _ in keys))

    @needs_detector
    def test_the_same_video_gives_the_same_bytes(self):
        kinds = ("visits", "tracks", "events")
        first = self.analyze(clip, zones=SAMPLE_ZONES, outputs=kinds)
        again = self.analyze(clip, "--workers", 1, zones=SAMPLE_ZONES, outputs=kinds)
        for kind in kinds:
            self.assertGreater(first[kind].stat().st_size, 0)
            self.assertEqual(first[kind].read_bytes(), again[kind].read_bytes(), kind)

    @needs_detector
    def test_a_copy_under_another_name_gives_the_same_visits_and_ids(self):
        copy = self.write("other name.mp4", clip.read_bytes())
        options = ["--camera", "front", "--start", "2026-11-22T09:00:00Z"]
        first = self.analyze(clip, *options, zones=SAMPLE_ZONES)["visits"]
        again = self.analyze(copy, *options, zones=SAMPLE_ZONES)["visits"]
        self.assertEqual(first.read_bytes(), again.read_bytes())

    @needs_detector
    def test_a_file_played_in_real_time_gives_the_same_visits(self):
        played = self.analyze(clip, "--realtime", zones=SAMPLE_ZONES)["visits"]
        self.assertEqual(read_lines(played), true_visits())

    @needs_detector
    def test_resolution_does_not_move_visits_by_more_than_two_frames(self):
        small = self.folder / "small.mp4"
        dwelltest.ffmpeg("-i", clip, "-vf", "scale=640:480", "-crf", 14, small)
        visits = read_lines(self.analyze(small, zones=SAMPLE_ZONES)["visits"])
        long = [visit for visit in true_visits() if visit["dwell_s"] > 3]
        for visit in long:
            near = [
                other
                for other in visits
                if other["zone"] == visit["zone"]
                and abs(other["enter_s"] - visit["enter_s"]) < 2.1 * FRAME_S
                and abs(other["exit_s"] - visit["exit_s"]) < 2.1 * FRAME_S
            ]
            self.assertTrue(near, visit)


class Streams(Case):
    def measure(self, url):
        """Measures a live stream; a machine too busy to keep up proves nothing."""
        measured = self.analyze(url, zones=SAMPLE_ZONES)
        if re.search(r", \d+ dropped", measured["stdout"]):
            self.skipTest("the machine is too busy to keep up with 5 pictures a second")
        return read_lines(measured["visits"])

    @needs_detector
    def test_a_file_over_http_gives_the_same_visits(self):
        with dwelltest.served(clip.parent) as address:
            measured = self.analyze(f"http://{address}/{clip.name}", zones=SAMPLE_ZONES)
        visits = read_lines(measured["visits"])
        self.assert_same_visits(visits, true_visits())

    @needs_detector
    def test_a_live_stream_over_http_gives_the_same_visits(self):
        port = dwelltest.free_port()
        url = f"http://127.0.0.1:{port}/"
        command = ["ffmpeg", "-nostdin", "-v", "error", "-re", "-i", clip, "-c", "copy"]
        camera = subprocess.Popen([*command, "-f", "mpegts", "-listen", "1", url])
        self.addCleanup(dwelltest.stop, camera)
        dwelltest.wait_for(lambda: dwelltest.is_listening(port), what="ffmpeg to listen")
        self.assert_same_visits(self.measure(url), true_visits(), FRAME_S)

    @needs_detector
    def test_a_playlist_of_pieces_gives_the_same_visits(self):
        pieces = self.folder / "pieces"
        pieces.mkdir()
        cut = ["-c", "copy", "-f", "hls", "-hls_time", 2, "-hls_list_size", 0]
        dwelltest.ffmpeg("-i", clip, *cut, pieces / "live.m3u8")
        with dwelltest.served(pieces) as address:
            measured = self.analyze(f"http://{address}/live.m3u8", zones=SAMPLE_ZONES)
        visits = read_lines(measured["visits"])
        self.assert_same_visits(visits, true_visits())

    @needs_detector
    def test_single_pictures_over_http_are_measured_as_they_come(self):
        port = dwelltest.free_port()
        url = f"http://127.0.0.1:{port}/"
        command = ["ffmpeg", "-nostdin", "-v", "error", "-re", "-i", clip, "-c:v", "mjpeg"]
        command += ["-q:v", "2", "-pix_fmt", "yuvj420p", "-f", "mpjpeg", "-listen", "1"]
        kind = "multipart/x-mixed-replace;boundary=ffmpeg"
        camera = subprocess.Popen([*command, "-content_type", kind, url])
        self.addCleanup(dwelltest.stop, camera)
        dwelltest.wait_for(lambda: dwelltest.is_listening(port), what="ffmpeg to listen")
        told = self.analyze(url, zones=SAMPLE_ZONES)["stdout"]
        seconds, frames = re.search(r"([\d.]+) s measured in .*: (\d+) frames", told).groups()
        # They carry no times but that of their arrival: 6 s of them, and what a busy machine adds.
        self.assertTrue(4 < float(seconds) < 9 * dwelltest.SLOW, told)
        self.assertGreater(int(frames), 10)

    @needs_detector
    def test_an_rtsp_camera_gives_the_same_visits(self):
        camera = subprocess.Popen(
            [sys.executable, "-B", RTSP_SERVER, clip], stdout=subprocess.PIPE, text=True
        )
        self.addCleanup(dwelltest.stop, camera)
        port = camera.stdout.readline().strip()
        if not port:
            self.assertEqual(camera.wait(), 77)
            self.skipTest("no GStreamer RTSP server")
        visits = self.measure(f"rtsp://127.0.0.1:{port}/{clip.stem}")
        self.assert_same_visits(visits, true_visits(), FRAME_S)


if __name__ == "__main__":
    dwelltest.main()
