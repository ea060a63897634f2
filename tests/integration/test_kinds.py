# SPDX-License-Identifier: Apache-2.0
"""Each kind of stream that a camera may have, from servers that others wrote, measured at once."""

import shutil
import subprocess
import sys
from pathlib import Path

import camera_trials
import dwelltest
from camera_trials import Address

SERVER = Path(__file__).resolve().parent / "rtsp_server.py"
USER = "shop:op@n"
IN_URL = "shop:op%40n"
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", 10, "-bf", 0)
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1")
HEVC += ("-x265-params", "log-level=none:keyint=10:bframes=0")
MJPEG = ("-c:v", "mjpeg", "-huffman", 0)


class Kinds(dwelltest.Case):
    def setUp(self):
        super().setUp()
        for program in ("ffmpeg", "openssl"):
            dwelltest.skip_without(shutil.which(program), program)

    def clip(self, name, codec, pixels="yuv420p"):
        path = self.folder / name
        source = "testsrc2=size=320x240:rate=10:duration=60"
        dwelltest.ffmpeg("-f", "lavfi", "-i", source, "-pix_fmt", pixels, *codec, path)
        return path

    def start(self, *command):
        process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True)
        self.addCleanup(dwelltest.stop, process)
        return process

    def rtsp(self, *options):
        """The port of a server of GStreamer that plays all clips to those who prove USER."""
        clips = ("h264.mp4", "h265.mp4=h265", "jpeg.mov=jpeg")
        files = [self.folder / clip for clip in clips]
        server = self.start(sys.executable, "-B", SERVER, "--user", USER, *options, *files)
        port = server.stdout.readline().strip()
        if not port:
            self.assertEqual(server.wait(), 77)
            self.skipTest("no GStreamer RTSP server")
        return port

    def certificate(self):
        path, key = self.folder / "tls.pem", self.folder / "key.pem"
        make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=camera"]
        subprocess.run([*make, "-keyout", key, "-out", path], check=True, capture_output=True)
        path.write_text(path.read_text() + key.read_text())
        return path

    def single_pictures(self):
        port = dwelltest.free_port()
        play = ["ffmpeg", "-nostdin", "-v", "error", "-re", "-i", self.folder / "jpeg.mov"]
        play += ["-c", "copy", "-f", "mpjpeg", "-listen", 1]
        kind = "multipart/x-mixed-replace;boundary=ffmpeg"
        self.start(*play, "-content_type", kind, f"http://127.0.0.1:{port}/")
        dwelltest.wait_for(lambda: dwelltest.is_listening(port), what="ffmpeg to listen")
        return f"http://127.0.0.1:{port}/"

    def sent(self, kind, scheme, more=""):
        """Somebody sends a stream here, or wherever it is fetched from."""
        address = f"{scheme}://127.0.0.1:{dwelltest.free_port()}"
        play = ["ffmpeg", "-nostdin", "-v", "error", "-re", "-i", self.folder / "h264.mp4"]
        self.start(*play, "-c", "copy", "-f", kind, address + more)
        return address

    def playlist(self):
        """The folder of one that is written while it is read, as cameras do."""
        pieces = self.folder / "pieces"
        pieces.mkdir()
        play = ["ffmpeg", "-nostdin", "-v", "error", "-re", "-i", self.folder / "h264.mp4"]
        play += ["-c", "copy", "-f", "hls", "-hls_time", 1, "-hls_list_size", 5]
        self.start(*play, pieces / "live.m3u8")
        dwelltest.wait_for(lambda: (pieces / "live.m3u8").exists(), what="the playlist")
        return pieces

    def test_each_kind_of_stream_is_measured(self):
        self.clip("h264.mp4", H264)
        self.clip("h265.mp4", HEVC)
        self.clip("jpeg.mov", MJPEG, "yuvj420p")
        certificate, pieces = self.certificate(), self.playlist()
        plain, closed = self.rtsp(), self.rtsp("--tls", certificate)
        basic = self.rtsp("--basic")
        hls = self.enterContext(dwelltest.served(pieces))
        secret = self.enterContext(dwelltest.served(pieces, USER, certificate))
        kinds = {"http-mjpeg": Address(self.single_pictures())}
        kinds["hls"] = Address(f"http://{hls}/live.m3u8")
        kinds["https"] = Address(f"https://{IN_URL}@{secret}/live.m3u8")
        for codec in ("h264", "h265", "jpeg"):
            address = f"{IN_URL}@127.0.0.1:{plain}/{codec}"
            kinds[f"tcp-{codec}"] = Address(f"rtsp://{address}")
            kinds[f"udp-{codec}"] = Address(f"rtsp://{address}", datagrams=True)
            kinds[f"tls-{codec}"] = Address(f"rtsps://{IN_URL}@127.0.0.1:{closed}/{codec}")
        if not dwelltest.THREADS_SANITIZED:  # FFmpeg's own for this ends by force
            kinds["udp"] = Address(self.sent("mpegts", "udp"))
        kinds["tcp"] = Address(self.sent("mpegts", "tcp", "?listen=1"))
        kinds["rtp"] = Address(self.sent("rtp_mpegts", "rtp"))
        kinds["basic"] = Address(f"rtsp://{IN_URL}@127.0.0.1:{basic}/h264")
        wrong = {
            f"wrong-{port}": Address(f"rtsp://shop:guess@127.0.0.1:{port}/h264")
            for port in (plain, basic)
        }
        wrong["wrong-https"] = Address(f"https://shop:guess@{secret}/live.m3u8")
        model = camera_trials.person_everywhere(self.folder)
        shop = camera_trials.Shop(self.folder, {**kinds, **wrong}, model)
        self.addCleanup(shop.stop)
        for name in kinds:
            said = shop.wait_until_measured(name)
            self.assertEqual((said["width_px"], said["height_px"]), (320, 240), name)
            print(f"# {name}: {said['frames']} pictures, {said['fps_in']:.1f} a second")
        for name in wrong:
            said = shop.seen(name)[1]
            self.assertNotEqual(said["state"], "running")
            self.assertIn("or others than these", said["reason"])


if __name__ == "__main__":
    dwelltest.main()
