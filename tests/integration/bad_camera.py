# SPDX-License-Identifier: Apache-2.0
"""Cameras that misbehave as told: RTSP over TCP and UDP, in one thread of this process.

A camera plays a made-up picture over and over. What is wrong with it is `camera.break_(fault)`
until `camera.heal()`; when pictures left it is in `camera.sent`. Nothing here is random but by the
seed of the fault.
"""

import asyncio
import base64
import collections
import contextlib
import hashlib
import random
import re
import socket
import struct
import threading
import time

from pathlib import Path

import dwelltest

CLOCK = 90000  # of RTP video
PACKET = 1200  # bytes of payload
NTP_EPOCH = 2208988800  # seconds from 1900 to 1970
METHODS = ("OPTIONS", "DESCRIBE", "SETUP", "PLAY")
WORDS = {200: "OK", 302: "Moved Temporarily", 401: "Unauthorized", 454: "Session Not Found"}

# What a camera may do, and what is asked of it meanwhile (see Camera.break_).
Fault = collections.namedtuple("Fault", "kind value seed", defaults=(None, 0))


class Stream:
    """Pictures of a codec, each a list of NAL units; the first of them can be decoded alone."""

    def __init__(self, codec, size, rate, scratch):
        self.codec, self.size, self.rate = codec, size, rate
        path = Path(scratch) / f"{codec}-{size}.bin"
        encoder = {"h264": "libx264", "hevc": "libx265", "mjpeg": "mjpeg"}[codec]
        encode = ["-c:v", encoder, "-f", codec]
        if codec != "mjpeg":
            encode += ["-preset", "ultrafast", "-g", 4, "-bf", 0]
            encode += ["-bsf:v", f"{codec}_metadata=aud=insert"]
        if codec == "hevc":
            encode += ["-x265-params", "log-level=none:keyint=4:min-keyint=4:bframes=0"]
        source = f"testsrc2=size={size}:rate={rate}:duration={8 / rate}"
        dwelltest.ffmpeg("-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", *encode, path)
        units = [unit.rstrip(b"\0") for unit in re.split(rb"\x00\x00\x01", path.read_bytes())[1:]]
        self.pictures, self.parameters = [], {}
        for unit in units:
            kind = self.kind_of(unit)
            if kind in self.kinds["delimiter"]:
                self.pictures.append([])
            elif kind in self.kinds["parameters"]:
                self.parameters.setdefault(kind, unit)
            if kind not in self.kinds["delimiter"]:
                self.pictures[-1].append(unit)

    @property
    def kinds(self):
        if self.codec == "hevc":
            return {"delimiter": (35,), "parameters": (32, 33, 34)}
        return {"delimiter": (9,), "parameters": (7, 8)}

    def kind_of(self, unit):
        return (unit[0] >> 1) & 63 if self.codec == "hevc" else unit[0] & 31

    def sdp(self):
        sets = [base64.b64encode(unit).decode() for _, unit in sorted(self.parameters.items())]
        if self.codec == "hevc":
            names = ("sprop-vps", "sprop-sps", "sprop-pps")
            form = "; ".join(f"{name}={text}" for name, text in zip(names, sets))
            return f"a=rtpmap:96 H265/90000\r\na=fmtp:96 {form}\r\n"
        form = f"packetization-mode=1; sprop-parameter-sets={','.join(sets)}"
        return f"a=rtpmap:96 H264/90000\r\na=fmtp:96 {form}\r\n"

    def payloads(self, picture):
        """The RTP payloads of one picture (RFC 6184, RFC 7798), in pieces where they must be."""
        for unit in self.pictures[picture % len(self.pictures)]:
            if len(unit) <= PACKET:
                yield unit
                continue
            head = 2 if self.codec == "hevc" else 1
            body = unit[head:]
            for at in range(0, len(body), PACKET):
                first, last = at == 0, at + PACKET >= len(body)
                yield self.piece_head(unit, first, last) + body[at : at + PACKET]

    def piece_head(self, unit, first, last):
        flags = 0x80 * first | 0x40 * last
        if self.codec == "hevc":
            return bytes(((unit[0] & 0x81) | 49 << 1, unit[1], flags | self.kind_of(unit)))
        return bytes((unit[0] & 0xE0 | 28, flags | unit[0] & 31))


class Camera:
    """One address. Methods are for any thread; changes take effect at the next picture."""

    def __init__(self, farm, stream, host="127.0.0.1", user=None, tls=None):
        self.datagrams = False  # whether the program is to ask for UDP
        self.farm, self.stream, self.host, self.user, self.tls = farm, stream, host, user, tls
        self.fault = None
        self.port = dwelltest.free_port()
        self.server = self.deaf = None
        self.lines = set()
        self.sent = []  # wall times at which whole pictures left
        self.spoilt = []  # and those of which a part was lost
        self.began = time.monotonic()
        self.base = random.Random(self.port).randrange(1 << 32)
        self.wall_ahead = 0.0  # of what its sender reports say
        self.heard = collections.deque(maxlen=50)  # what was asked, when, during which fault
        farm.run(self.listen())

    def url(self, secret=True):
        user = f"{self.user}@" if self.user and secret else ""
        return f"rtsp{'s' if self.tls else ''}://{user}{self.host}:{self.port}/camera"

    def break_(self, fault):
        self.farm.run(self.begin_fault(fault))

    def heal(self):
        """Returns when it was well again."""
        self.farm.run(self.end_fault())
        return time.time()

    def now(self):
        """In ticks of the camera's clock."""
        return int((time.monotonic() - self.began) * CLOCK)

    # --- Within the farm's thread -------------------------------------------------------------

    async def listen(self):
        if self.server is None:
            self.server = await asyncio.start_server(
                self.serve, self.host, self.port, ssl=self.tls, reuse_address=True
            )

    async def stop_listening(self):
        if self.server is not None:
            self.server.close()
            self.server = None

    def drop_lines(self, reset=False):
        for line in list(self.lines):
            if reset:
                line.writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
            line.writer.transport.abort() if reset else line.writer.close()

    async def begin_fault(self, fault):
        self.fault = fault
        if fault.kind in ("refuse", "deaf"):
            await self.stop_listening()
        if fault.kind == "deaf":
            self.deaf = [socket.socket()]
            self.deaf[0].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.deaf[0].bind((self.host, self.port))
            self.deaf[0].listen(0)
            for _ in range(3):  # who comes after them is not even told that somebody is there
                line = socket.socket()
                line.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    line.connect((self.host, self.port))
                self.deaf.append(line)
        if fault.kind == "reset":
            self.drop_lines(reset=True)
        elif fault.kind in DROPPED:
            self.drop_lines()
        if fault.kind in ("jump", "restart"):
            self.base = 0 if fault.kind == "restart" else self.base + int(fault.value * CLOCK)
        if fault.kind == "wrap":
            self.base = (1 << 32) - self.now() - int(fault.value * CLOCK)
            self.drop_lines()

    async def end_fault(self):
        kind, self.fault = self.fault.kind, None
        for line in self.deaf or ():
            line.close()
        self.deaf = None
        await self.listen()
        if kind in ("drip", "garbage", "size", "codec"):
            for line in self.lines:
                line.spoilt = kind in ("drip", "garbage")

    async def serve(self, reader, writer):
        line = Line(self, reader, writer)
        self.lines.add(line)
        try:
            await line.serve()
        except (OSError, EOFError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            line.playing = False
            self.lines.discard(line)
            with contextlib.suppress(Exception):
                writer.close()


# Faults that begin with the end of all connections.
DROPPED = ("refuse", "deaf", "stall", "drip", "loop401", "redirect", "sdp", "restart", "silent")


class Line:
    """One connection to a camera."""

    def __init__(self, camera, reader, writer):
        self.camera, self.reader, self.writer = camera, reader, writer
        self.playing = self.spoilt = False
        self.udp = None
        self.sequence = 0
        self.nonce = f"{random.getrandbits(64):x}"
        self.stream = camera.stream
        self.task = None

    @property
    def fault(self):
        return self.camera.fault or Fault(None)

    async def serve(self):
        if self.fault.kind == "reset":
            self.camera.drop_lines(reset=True)
            return
        while True:
            first = await self.reader.readexactly(1)
            if first == b"$":
                size = await self.reader.readexactly(3)
                await self.reader.readexactly(size[1] << 8 | size[2])
                continue
            text = (first + await self.reader.readuntil(b"\r\n\r\n")).decode("latin1")
            await self.answer(text)

    async def answer(self, text):
        method, url = text.split(" ", 2)[:2]
        head = dict(re.findall(r"^([\w-]+): *(.*?)\r$", text, re.MULTILINE))
        self.camera.heard.append((time.time(), method, self.fault.kind))
        fault = self.fault
        if fault.kind == "stall" and method == fault.value:
            return
        if fault.kind == "garbage":
            await self.put(random.Random(fault.seed).randbytes(2000))
            return
        if fault.kind == "loop401" or (self.camera.user and not self.knows(head, method, url)):
            challenge = f'Digest realm="camera", nonce="{self.nonce}"'
            return await self.reply(401, head, {"WWW-Authenticate": challenge})
        if fault.kind == "redirect" and method in ("OPTIONS", "DESCRIBE"):
            return await self.reply(302, head, {"Location": fault.value})
        await getattr(self, method.lower(), self.other)(head, url)

    def knows(self, head, method, url):
        said = dict(re.findall(r'(\w+)="([^"]*)"', head.get("Authorization", "")))
        name, password = self.camera.user.split(":")
        one = hashlib.md5(f"{name}:camera:{password}".encode()).hexdigest()
        two = hashlib.md5(f"{method}:{said.get('uri', url)}".encode()).hexdigest()
        right = hashlib.md5(f"{one}:{self.nonce}:{two}".encode()).hexdigest()
        return said.get("username") == name and said.get("response") == right

    async def reply(self, status, head, more=(), body=""):
        lines = [f"RTSP/1.0 {status} {WORDS[status]}", f"CSeq: {head.get('CSeq', 0)}"]
        lines += [f"{name}: {value}" for name, value in dict(more).items()]
        if body:
            lines += [f"Content-Length: {len(body)}"]
        await self.put(("\r\n".join(lines) + "\r\n\r\n" + body).encode())

    async def put(self, data):
        """Writes it, one byte a second if that is what is wrong."""
        if self.spoilt:
            return
        if self.fault.kind == "drip":
            for at in range(len(data)):
                self.writer.write(data[at : at + 1])
                await asyncio.sleep(1)
                if self.fault.kind != "drip":
                    return  # the rest would be out of step: it never comes
        elif not self.writer.is_closing():
            self.writer.write(data)
            await self.writer.drain()

    async def options(self, head, _url):
        await self.reply(200, head, {"Public": ", ".join((*METHODS, "TEARDOWN", "GET_PARAMETER"))})

    async def describe(self, head, url):
        body = f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=camera\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
        if self.fault.kind == "codec":
            self.stream = self.fault.value
        body += self.stream.sdp() + "a=control:track\r\n"
        if self.fault.kind == "sdp":
            body = self.fault.value
        more = {"Content-Type": "application/sdp", "Content-Base": f"{url}/"}
        await self.reply(200, head, more, body)

    async def setup(self, head, _url):
        wanted = head.get("Transport", "")
        ports = re.search(r"client_port=(\d+)", wanted)
        if ports:
            self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.udp.bind((self.camera.host, 0))
            self.udp.setblocking(False)
            self.udp_to = (self.writer.get_extra_info("peername")[0], int(ports[1]))
            port = self.udp.getsockname()[1]
            wanted += f";server_port={port}-{port + 1}"
        await self.reply(200, head, {"Transport": wanted, "Session": "1;timeout=60"})

    async def play(self, head, _url):
        await self.reply(200, head, {"Session": "1", "Range": "npt=0-"})
        if not self.playing:
            self.playing = True
            self.task = asyncio.ensure_future(self.send_pictures())

    async def teardown(self, head, _url):
        self.playing = False
        await self.reply(200, head)
        self.writer.close()

    async def other(self, head, _url):
        await self.reply(200, head)

    async def send_pictures(self):
        picture = reported = 0
        chance = random.Random(self.camera.port)
        # asyncio forgets its own state when TLS breaks while it writes.
        with contextlib.suppress(OSError, AttributeError):
            while self.playing and not self.writer.is_closing():
                await asyncio.sleep(1 / self.stream.rate)
                if self.camera.now() - reported > CLOCK:
                    reported = self.camera.now()
                    await self.report()
                await self.send_picture(picture, chance)
                picture += 1

    def stamp(self, chance):
        stamp = self.camera.base + self.camera.now()
        if self.fault.kind == "spikes" and chance.random() < 0.3:
            stamp += int(chance.choice((-9800, 37600)) * CLOCK)
        return stamp & 0xFFFFFFFF

    async def report(self):
        """A sender report: what the clock on the wall says at this moment of the stream."""
        wall = time.time() + NTP_EPOCH + self.camera.wall_ahead
        stamp = (self.camera.base + self.camera.now()) & 0xFFFFFFFF
        ntp = int(wall), int(wall % 1 * 2**32)
        data = struct.pack(">BBHIIIIII", 0x80, 200, 6, 1, *ntp, stamp, 0, 0)
        if self.udp is None and self.fault.kind is None:
            await self.put(struct.pack(">cBH", b"$", 1, len(data)) + data)

    async def send_picture(self, picture, chance):
        fault = self.fault
        if fault.kind in ("silent", "hang", "stall", "refuse", "deaf"):
            return
        if fault.kind == "garbage" and not self.spoilt:
            await self.put(random.Random(fault.seed).randbytes(1 + fault.seed % 3000))
            self.spoilt = fault.seed % 2 == 1
            return
        stream = fault.value if fault.kind in ("size", "codec") else self.stream
        stamp = self.stamp(chance)
        payloads = list(stream.payloads(picture))
        whole = not self.spoilt
        for i, payload in enumerate(payloads):
            marker = 0x80 if i + 1 == len(payloads) else 0
            head = struct.pack(">BBHII", 0x80, 96 | marker, self.sequence & 0xFFFF, stamp, 1)
            self.sequence += 1
            if fault.kind == "loss" and chance.random() < fault.value:
                whole = False
                continue
            await self.send_packet(head + payload)
        if fault.kind != "drip":
            (self.camera.sent if whole else self.camera.spoilt).append(time.time())

    async def send_packet(self, packet):
        if self.udp is None:
            await self.put(struct.pack(">cBH", b"$", 0, len(packet)) + packet)
        else:
            with contextlib.suppress(BlockingIOError):
                self.udp.sendto(packet, self.udp_to)


class Farm:
    """The thread that all cameras live in."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def stop(self):
        self.run(self.cancel())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    async def cancel(self):
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=5)


class Trap:
    """An address nobody may be led to: it counts what it hears."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.heard = 0
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            line, _ = self.socket.accept()
            line.settimeout(1)
            with contextlib.suppress(OSError), line:
                self.heard += len(line.recv(4096))
