# SPDX-License-Identifier: Apache-2.0
"""A camera as ONVIF sees it, on loopback: answers WS-Discovery and the questions for its streams.

It checks who is asking as cameras do: digest over nonce, time and password, and a time of its own
clock, which may be wrong. What it does wrong on purpose is said by `fault`.

    onvif_camera.py PASSWORD URI

prints where it listens for discovery and serves; {token} in the URI is t_main, t_sub or t_tiny.
"""

import base64
import calendar
import hashlib
import html
import http.server
import re
import socket
import sys
import threading
import time

SOAP = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>{}</s:Body>'
    "</s:Envelope>"
)
DENIED = SOAP.format(
    "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value>"
    "</s:Subcode></s:Code><s:Reason><s:Text>Sender not Authorized</s:Text></s:Reason></s:Fault>"
)
PROFILE = (
    '<trt:Profiles token="{token}"><tt:Name>{name}</tt:Name>'
    '<tt:VideoEncoderConfiguration token="v">'
    "<tt:Name>encoder</tt:Name><tt:Encoding>{codec}</tt:Encoding><tt:Resolution><tt:Width>{w}"
    "</tt:Width><tt:Height>{h}</tt:Height></tt:Resolution><tt:RateControl><tt:FrameRateLimit>{fps}"
    "</tt:FrameRateLimit></tt:RateControl></tt:VideoEncoderConfiguration></trt:Profiles>"
)
SPACES = (
    'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema"'
    ' xmlns:tds="http://www.onvif.org/ver10/device/wsdl"'
)


class Camera:
    """`with Camera(...) as camera`: camera.discovery is HOST:PORT, camera.service its address."""

    def __init__(self, password=None, ahead_s=0, fault=None):
        self.password, self.ahead_s, self.fault = password, ahead_s, fault
        self.uri = "rtsp://admin:secret@192.0.2.7:554/{token}?a=1&b=2"
        self.asked = []
        camera = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                if camera.fault == "http digest" and not self.digest_is_right():
                    self.send_response(401)
                    challenge = 'Digest realm="cam", nonce="n", qop="auth"'
                    self.send_header("WWW-Authenticate", challenge)
                    self.end_headers()
                    return
                status, reply = camera.answer(body)
                if camera.fault == "redirect":
                    self.send_response(302)
                    self.send_header("Location", "http://127.0.0.1:9/")
                    self.end_headers()
                    return
                self.send_response(status)
                self.end_headers()
                try:
                    self.wfile.write(reply)
                except BrokenPipeError:
                    pass

            def digest_is_right(self):
                said = dict(re.findall(r'(\w+)="?([^",]*)', self.headers.get("Authorization", "")))
                parts = [
                    hashlib.md5(f"shop:cam:{camera.password}".encode()).hexdigest(),
                    *(said.get(name, "") for name in ("nonce", "nc", "cnonce", "qop")),
                    hashlib.md5(f"POST:{self.path}".encode()).hexdigest(),
                ]
                return said.get("response") == hashlib.md5(":".join(parts).encode()).hexdigest()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.service = f"http://127.0.0.1:{self.server.server_port}/onvif/device_service"
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.udp.settimeout(0.1)
        self.discovery = f"127.0.0.1:{self.udp.getsockname()[1]}"
        self.stop = threading.Event()

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        threading.Thread(target=self.discover, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.server.shutdown()
        self.server.server_close()
        self.udp.close()

    def discover(self):
        while not self.stop.is_set():
            try:
                question, sender = self.udp.recvfrom(65536)
            except (TimeoutError, OSError):
                continue
            assert b"NetworkVideoTransmitter" in question
            self.udp.sendto(self.match(), sender)

    def match(self):
        if self.fault == "garbage":
            return b"\x00\xff<not xml"
        if self.fault == "elsewhere":
            addresses = "http://192.0.2.1/onvif/device_service"
        else:
            addresses = f"http://[fe80::1]/onvif/device_service {self.service}"
        return SOAP.format(
            '<d:ProbeMatches xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
            ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"><d:ProbeMatch>'
            "<a:EndpointReference><a:Address>urn:uuid:1</a:Address></a:EndpointReference>"
            "<d:Scopes>onvif://www.onvif.org/name/Front%20door\n"
            "onvif://www.onvif.org/hardware/CAM-1</d:Scopes>"
            f"<d:XAddrs>{addresses}</d:XAddrs></d:ProbeMatch></d:ProbeMatches>"
        ).encode()

    def is_known(self, body):
        found = {
            name: re.search(f"<{name}[^>]*>([^<]*)</{name}>", body)
            for name in ("Username", "Password", "Nonce", "Created")
        }
        if not all(found.values()):
            return False
        text = {name: match.group(1) for name, match in found.items()}
        nonce = base64.b64decode(text["Nonce"])
        wanted = hashlib.sha1(nonce + text["Created"].encode() + self.password.encode()).digest()
        created = calendar.timegm(time.strptime(text["Created"], "%Y-%m-%dT%H:%M:%SZ"))
        fresh = abs(created - time.time() - self.ahead_s) < 30
        return text["Username"] == "shop" and base64.b64decode(text["Password"]) == wanted and fresh

    def answer(self, body):
        question = re.search(r"<s:Body><(\w+)", body).group(1)
        self.asked.append(question)
        if self.fault == "flood":
            return 200, b" " * (2 << 20)
        if question == "GetSystemDateAndTime":
            now = time.gmtime(time.time() + self.ahead_s)
            return 200, self.clock(now)
        if self.password is not None and not self.is_known(body):
            return 400, DENIED.encode()
        return 200, SOAP.format(self.reply(question, body)).encode()

    @staticmethod
    def clock(now):
        parts = "".join(
            f"<tt:{name}>{value}</tt:{name}>"
            for name, value in zip(("Hour", "Minute", "Second"), now[3:6])
        )
        days = "".join(
            f"<tt:{name}>{value}</tt:{name}>"
            for name, value in zip(("Year", "Month", "Day"), now[:3])
        )
        return SOAP.format(
            f"<tds:GetSystemDateAndTimeResponse {SPACES}><tds:SystemDateAndTime><tt:UTCDateTime>"
            f"<tt:Time>{parts}</tt:Time><tt:Date>{days}</tt:Date></tt:UTCDateTime>"
            "</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
        ).encode()

    def reply(self, question, body):
        if question == "GetCapabilities":
            return (
                f"<tds:GetCapabilitiesResponse {SPACES}><tds:Capabilities><tt:Media>"
                "<tt:XAddr>http://192.0.2.7:81/onvif/media</tt:XAddr></tt:Media>"
                "</tds:Capabilities></tds:GetCapabilitiesResponse>"
            )
        if question == "GetProfiles":
            profiles = [("main", "H264", 1920, 1080, 25), ("sub", "H264", 640, 360, 12)]
            profiles += [("tiny", "JPEG", 320, 180, 5)]
            return f"<trt:GetProfilesResponse {SPACES}>" + "".join(
                PROFILE.format(token=f"t_{name}", name=name, codec=codec, w=w, h=h, fps=fps)
                for name, codec, w, h, fps in profiles
            ) + "</trt:GetProfilesResponse>"
        token = re.search(r"<ProfileToken>([^<]*)<", body).group(1)
        return (
            f"<trt:GetStreamUriResponse {SPACES}><trt:MediaUri><tt:Uri>"
            f"{html.escape(self.uri.format(token=token))}</tt:Uri></trt:MediaUri>"
            "</trt:GetStreamUriResponse>"
        )


if __name__ == "__main__":
    with Camera(password=sys.argv[1]) as shown:
        shown.uri = sys.argv[2]
        print(shown.discovery, flush=True)
        threading.Event().wait()
