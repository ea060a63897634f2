# SPDX-License-Identifier: Apache-2.0
"""The overlay video and the still picture are what players and browsers expect."""

import json
import struct
import subprocess
import time
import zlib

import dwelltest
from dwelltest import WHOLE_PICTURE, Case, dwell, needs, needs_detector


def probe(path):
    """The video stream, its pictures counted by decoding them."""
    command = ["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v"]
    command += ["-show_streams", "-show_format", "-of", "json", str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=60)
    found = json.loads(done.stdout)
    return found["streams"][0], found["format"]


def png_size(path):
    """Width and height of a PNG whose chunks are all sound."""
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, kinds = 8, []
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 4 : at + 8 + length]
        (sum_,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        assert zlib.crc32(body) == sum_, kind
        kinds.append(kind)
        at += 12 + length
    assert kinds[0] == b"IHDR" and kinds[-1] == b"IEND"
    return struct.unpack(">II", data[16:24])


class Overlay(Case):
    @needs("ffprobe")
    @needs_detector
    def test_an_overlay_is_an_h264_mp4_with_every_picture_of_the_source(self):
        clip = dwelltest.people_clip(self.folder / "people.mp4", 4, 10)
        source, _ = probe(clip)
        overlay = self.folder / "overlay.mp4"
        self.analyze(clip, "--overlay", overlay)
        video, container = probe(overlay)
        self.assertEqual(video["codec_name"], "h264")
        self.assertEqual(video["pix_fmt"], "yuv420p")
        self.assertEqual((video["width"], video["height"]), (source["width"], source["height"]))
        self.assertEqual(int(video["nb_read_frames"]), int(source["nb_read_frames"]))
        self.assertAlmostEqual(float(container["duration"]), 4, delta=0.15)
        self.assertIn("mp4", container["format_name"])

    @needs("ffprobe")
    @needs_detector
    def test_the_overlay_of_an_interrupted_measurement_can_be_played(self):
        clip = dwelltest.people_clip(self.folder / "people.mp4", 30, 10)
        overlay = self.folder / "overlay.mp4"
        zones = self.write("zones.json", WHOLE_PICTURE)
        process = dwelltest.start_dwell(
            "analyze", clip, "--zones", zones, "--overlay", overlay, "--realtime"
        )
        self.addCleanup(dwelltest.stop, process)
        dwelltest.wait_for(lambda: overlay.exists() and overlay.stat().st_size, what="the overlay")
        time.sleep(dwelltest.SLOW)  # until surely one picture is in it
        process.terminate()
        _, errors = process.communicate(timeout=20 * dwelltest.SLOW)
        self.assertEqual(process.returncode, 0, errors)
        video, _ = probe(overlay)
        self.assertGreaterEqual(int(video["nb_read_frames"]), 1)


MASK = {"name": "left", "polygon": [[0, 0], [0.5, 0], [0.5, 1], [0, 1], [0, 0]]}
LEFT_MASKED = {**WHOLE_PICTURE, "masks": [MASK]}


def grey_levels(path, crop):
    """The least and the greatest brightness in a part of the first picture of a video or still."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-frames:v", "1"]
    command += ["-vf", f"crop={crop},format=gray", "-f", "rawvideo", "-"]
    data = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=60).stdout
    return min(data), max(data)


class Masks(Case):
    @needs("ffmpeg")
    @needs_detector
    def test_nobody_is_found_and_nothing_is_shown_under_a_mask(self):
        clip = dwelltest.people_clip(self.folder / "people.mp4", 4, 10)
        everywhere = [{**MASK, "polygon": [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]}]
        zones = self.write("masked.json", {**WHOLE_PICTURE, "masks": everywhere})
        overlay = self.folder / "overlay.mp4"
        bare = self.analyze(clip, outputs=("tracks",))
        covered = self.analyze(clip, "--overlay", overlay, zones=zones, outputs=("tracks",))
        self.assertGreater(len(bare["tracks"].read_text().splitlines()), 10)
        self.assertEqual(covered["tracks"].read_text(), "")
        least, most = grey_levels(overlay, "iw/2:ih/4:iw/4:ih/2")
        self.assertLess(most - least, 12, "a person shows through the mask")

    @needs("ffmpeg")
    def test_a_still_shows_masks_as_grey(self):
        video = dwelltest.test_picture_clip(self.folder / "video.mp4", 2)
        still = self.folder / "still.png"
        zones = self.write("zones.json", LEFT_MASKED)
        done = dwell("zones", video, "--zones", zones, "--output", still)
        self.assertEqual(done.returncode, 0, done.stderr)
        least, most = grey_levels(still, "iw/2-40:ih-80:20:40")
        self.assertLess(most - least, 12)
        least, most = grey_levels(still, "iw/2-40:ih-80:iw/2+20:40")
        self.assertGreater(most - least, 50, "the other half is as it was")


class Still(Case):
    def setUp(self):
        super().setUp()
        self.video = dwelltest.test_picture_clip(self.folder / "video.mp4", 2)
        self.still = self.folder / "still.png"

    def draw(self, *options):
        done = dwell("zones", self.video, "--output", self.still, *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(png_size(self.still), (320, 240))
        return self.still.read_bytes()

    def test_a_still_has_the_size_of_the_video(self):
        self.draw()

    def test_zones_and_moments_make_other_stills(self):
        zones = self.write("zones.json", WHOLE_PICTURE)
        grid, drawn = self.draw(), self.draw("--zones", zones)
        later = self.draw("--zones", zones, "--at", "1.5")
        self.assertEqual(len({grid, drawn, later}), 3)
        self.assertEqual(self.draw("--zones", zones, "--at", "1.5"), later)

    def test_a_moment_behind_the_end_is_the_last_picture(self):
        self.assertEqual(self.draw("--at", "1.9"), self.draw("--at", "99"))

    def test_what_cannot_be_drawn_gets_a_sentence(self):
        for arguments, word in (
            (["no-such.mp4"], "does not exist"),
            ([self.video, "--zones", "no.json"], "no.json"),
            ([self.video, "--output", self.folder / "missing/still.png"], "missing/still.png"),
            ([dwelltest.SCENARIOS / "pillar.csv"], "--fps"),
        ):
            done = dwell("zones", *arguments)
            self.assertEqual(done.returncode, 1, arguments)
            self.assertEqual(len(done.stderr.splitlines()), 1)
            self.assertIn(word, done.stderr)

    def test_a_full_disk_is_told_for_a_still(self):
        dwelltest.skip_without(dwelltest.Path("/dev/full").exists(), "/dev/full")
        done = dwell("zones", self.video, "--output", "/dev/full")
        self.assertEqual(done.returncode, 1)
        self.assertIn("'/dev/full'", done.stderr)


if __name__ == "__main__":
    dwelltest.main()
