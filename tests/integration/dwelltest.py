# SPDX-License-Identifier: Apache-2.0
"""What the tests of the program share: running it, making videos, skipping, reporting.

The program is $DWELL_PROGRAM. Each driver ends with `dwelltest.main()`, which prints TAP.
"""

import base64
import contextlib
import functools
import http.server
import json
import os
import random
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("DWELL_PROGRAM", str(ROOT / "build/dwell"))
SHARED = Path(os.environ.get("DWELL_SHARED") or ROOT.parent / "shared")
CACHE = Path(
    os.environ.get("DWELL_CACHE")
    or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dwell"
)
VTEST = CACHE / "media/vtest.avi"
SANITIZED = "DWELL_SANITIZER" in os.environ
THREADS_SANITIZED = os.environ.get("DWELL_SANITIZER") == "threads"
SLOW = int(os.environ.get("DWELL_SLOW") or (8 if SANITIZED else 2))
SCENARIOS = ROOT / "tests/scenario"

WHOLE_PICTURE = {
    "zones": [{"name": "picture", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]}]
}


class Case(unittest.TestCase):
    """A test with a folder of its own, self.folder, that goes away with it."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="dwell-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, content):
        """A file in the test's folder: text, bytes, or a value that becomes JSON."""
        path = self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    def analyze(self, source, *options, zones=None, outputs=("visits",), timeout=60):
        """Runs `dwell analyze`, which must succeed; gives its outputs by name and `stdout`."""
        zones = zones or self.write("zones.json", WHOLE_PICTURE)
        files = {name: Path(tempfile.mktemp(prefix=name, dir=self.folder)) for name in outputs}
        command = ["analyze", source, "--zones", zones, *options]
        for name, path in files.items():
            command += [f"--{name}", path]
        done = dwell(*command, timeout=timeout)
        self.assertEqual(done.returncode, 0, done.stderr)
        files["stdout"] = done.stdout
        return files

    def assert_same_visits(self, a, b, within_s=0.0):
        """Visits pair up in zone, flags and times; ids and persons may differ."""
        self.assertEqual(len(a), len(b), f"{a}\n{b}")
        for one, other in zip(sorted(a, key=visit_key), sorted(b, key=visit_key)):
            self.assertEqual(one["zone"], other["zone"])
            for key in ("enter_s", "exit_s"):
                self.assertAlmostEqual(one[key], other[key], delta=within_s + 0.0011)


def visit_key(visit):
    return visit["zone"], round(visit["enter_s"]), visit["exit_s"]


def dwell(*arguments, timeout=60, stdout=subprocess.PIPE, **options):
    command = [PROGRAM, *map(str, arguments)]
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=timeout * SLOW,
        check=False,
        **options,
    )


def start_dwell(*arguments, under=(), **options):
    """`under`: a command that runs the program, like strace."""
    command = [*under, PROGRAM, *map(str, arguments)]
    pipes = {name: subprocess.PIPE for name in ("stdout", "stderr")}
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, text=True, **pipes, **options)


def read_lines(path):
    """JSON Lines."""
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


@functools.cache
def can_detect():
    """Whether ONNX Runtime and a model are there."""
    return dwell("doctor").returncode == 0


def needs_detector(test):
    return functools.wraps(test)(lambda self: skip_without(can_detect(), "person model") or test(self))


def needs(path):
    """Skips a test when a file or program is absent."""
    there = Path(path).exists() if "/" in str(path) else shutil.which(path) is not None

    def decorate(test):
        return functools.wraps(test)(lambda self: skip_without(there, path) or test(self))

    return decorate


def skip_without(there, what):
    if not there:
        raise unittest.SkipTest(f"no {what}")


def ffmpeg(*arguments):
    skip_without(shutil.which("ffmpeg"), "ffmpeg")
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)]
    subprocess.run(command, check=True, timeout=60 * SLOW)


def people_clip(path, seconds=6, rate=10, start=2):
    """A piece of the sample video as H.264, `rate` pictures a second."""
    skip_without(VTEST.exists(), "sample video")
    encode = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", 18, "-g", rate, "-bf", 0]
    times = ["-ss", start, "-t", seconds]
    # A server without byte ranges can serve it only with the index in front.
    encode += ["-pix_fmt", "yuv420p", "-movflags", "+faststart"]
    ffmpeg("-i", VTEST, *times, "-r", rate, "-an", *encode, path)
    return path


def test_picture_clip(path, seconds=2, *encode):
    """A moving test picture without people."""
    source = f"testsrc2=size=320x240:rate=10:duration={seconds}"
    ffmpeg("-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", *encode, path)
    return path


def free_port():
    """A port for a server that is started later. Not one of those that the system gives to whoever
    connects: by then another test would have it."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as line:
            try:
                line.bind(("0.0.0.0", port))
            except OSError:
                continue
        return port


def wait_for(condition, seconds=10, what="it"):
    deadline = time.monotonic() + seconds * SLOW
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited too long for {what}")
        time.sleep(0.02)


def is_listening(port):
    """Looks at the kernel's table: a trial connection would use up a server for one client."""
    wanted = f":{port:04X} "
    lines = Path("/proc/net/tcp").read_text().splitlines()
    return any(wanted in line[:24] and line.split()[3] == "0A" for line in lines)


class Files(http.server.SimpleHTTPRequestHandler):
    """For all, or for those who say the user's name and password ("name:password")."""

    def __init__(self, *arguments, user=None, **options):
        self.wanted = user and "Basic " + base64.b64encode(user.encode()).decode()
        super().__init__(*arguments, **options)

    def do_GET(self):
        if self.headers["Authorization"] == self.wanted:
            return super().do_GET()
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="camera"')
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def served(folder, user=None, certificate=None):
    """Where the folder's files are, over HTTP, or HTTPS with a certificate: "127.0.0.1:PORT"."""
    handler = functools.partial(Files, user=user, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.handle_error = lambda *_: None  # whoever asked has hung up
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def stop(process):
    """Ends a process that the test started."""
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.communicate()


class TapResult(unittest.TestResult):
    """One line a test, as meson reads it."""

    def tell(self, verdict, test, remark=""):
        name = test.id().split(".")[-1].removeprefix("test_").replace("_", " ")
        print(f"{verdict} {self.testsRun} - {name}{remark}", flush=True)

    def addSuccess(self, test):
        self.tell("ok", test)

    def addSkip(self, test, reason):
        self.tell("ok", test, f" # SKIP {reason}")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.tell("not ok", test)
        text = "".join(traceback.format_exception(*err))
        print("".join(f"# {line}\n" for line in text.splitlines()), flush=True)

    addError = addFailure


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    names = sys.argv[1:]
    if names:
        suite = unittest.defaultTestLoader.loadTestsFromNames(names, sys.modules["__main__"])
    print(f"1..{suite.countTestCases()}", flush=True)
    result = TapResult()
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
