# SPDX-License-Identifier: Apache-2.0
"""A running server over a site that is made up (tests/http/http_site.c), and clients of it."""

import atexit
import functools
import http.client
import json
import os
import re
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import dwelltest

HTTP_SITE = os.environ.get("DWELL_HTTP_SITE", str(dwelltest.ROOT / "build/tests/http/http-site"))
PASSWORD = "four words are good"
USERS = {"viewer": "vera", "editor": "emil", "admin": "anna"}
SCOPES = ("read", "write", "admin", "metrics")
PAST, FUTURE = "2020-01-01", "2100-01-01"


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class Client:
    """One user (by session), token, or nobody."""

    def __init__(self, port, **headers):
        self.port = port
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def ask(self, method, path, body=None, source="127.0.0.1", **headers):
        wanted = {**self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}}
        if method == "GET":
            wanted.pop("X-CSRF-Token", None)
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            wanted.setdefault("Content-Type", "application/json")
        line = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=30, source_address=(source, 0)
        )
        try:
            line.request(method, path, body, {k: v for k, v in wanted.items() if v is not None})
            return Answer(line.getresponse())
        finally:
            line.close()

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)


def claim(process):
    """Who may read, for ever, of a `dwell serve` that was just started for the first time."""
    for line in process.stdout:
        if "/claim#" in line:
            break
    else:
        raise AssertionError(process.communicate()[1])
    threading.Thread(target=process.stdout.read, daemon=True).start()
    port, token = re.search(r":(\d+)/claim#(\S+)", line).groups()
    body = {"token": token, "name": USERS["admin"], "password": PASSWORD}
    answer = Client(int(port)).ask("POST", "/api/v1/claim", body)
    assert answer.status == 200, answer.body
    body = {"name": "tests", "scopes": ["read"], "expires": FUTURE}
    answer = Client(int(port), **session_of(answer)).ask("POST", "/api/v1/tokens", body)
    assert answer.status == 201, answer.body
    return Client(int(port), Authorization=f"Bearer {answer.json()['token']}")


def session_of(answer):
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    return {"Cookie": cookie, "X_CSRF_Token": answer.json()["csrf"]}


class Site:
    """The server, with its folder; `claimed` also has users and tokens of every kind."""

    def __init__(self, store=None, listen="127.0.0.1:0", rate=0, claimed=True, environment=None):
        self.scratch = tempfile.TemporaryDirectory(prefix="dwell-test-")
        self.folder = Path(self.scratch.name)
        command = [HTTP_SITE, self.folder, store or self.folder / "none.db", listen, rate]
        self.process = subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        self.link = self.process.stdout.readline().strip()
        self.port = int(self.link.split("//")[1].split("/")[0].rsplit(":", 1)[1])
        self.nobody = Client(self.port)
        if claimed:
            self.claim()

    def claim(self):
        body = {"token": self.link.split("#")[1], "name": USERS["admin"], "password": PASSWORD}
        answer = self.nobody.ask("POST", "/api/v1/claim", body)
        assert answer.status == 200, answer.body
        self.users = {"admin": Client(self.port, **session_of(answer))}
        admin = self.users["admin"]
        for role in ("viewer", "editor"):
            self.add_user(USERS[role], role)
            self.users[role] = self.sign_in(USERS[role])
        self.tokens = {scope: self.token(scope) for scope in SCOPES}
        self.expired = self.token(*SCOPES, expires=PAST)
        return admin

    def add_user(self, name, role):
        body = {"name": name, "password": PASSWORD, "role": role}
        answer = self.users["admin"].ask("POST", "/api/v1/users", body)
        assert answer.status == 201, answer.body

    def sign_in(self, name):
        body = {"name": name, "password": PASSWORD}
        answer = self.nobody.ask("POST", "/api/v1/session", body)
        assert answer.status == 200, answer.body
        return Client(self.port, **session_of(answer))

    def token(self, *scopes, expires=FUTURE):
        body = {"name": " ".join(scopes), "scopes": scopes, "expires": expires}
        answer = self.users["admin"].ask("POST", "/api/v1/tokens", body)
        assert answer.status == 201, answer.body
        return Client(self.port, Authorization=f"Bearer {answer.json()['token']}")

    def publish(self, kind, camera, value):
        self.process.stdin.write(f"{kind} {camera} {json.dumps(value)}\n")
        self.process.stdin.flush()

    def stop(self):
        self.process.stdin.close()
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        self.scratch.cleanup()
        return code

    def cpu_s(self):
        """User and system time of the server so far."""
        words = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


class Events:
    """A viewer of the stream."""

    def __init__(self, client, query="", **headers):
        head = {**client.headers, **{k.replace("_", "-"): v for k, v in headers.items()}}
        self.line = http.client.HTTPConnection("127.0.0.1", client.port, timeout=20)
        self.line.request("GET", f"/api/v1/events{query}", headers=head)
        self.file = self.line.getresponse()
        assert self.file.status == 200, self.file.read()

    def next(self, *kinds):
        """The next event of these kinds (all): its id, kind and data."""
        event = {}
        while True:
            text = self.file.readline().decode()
            if text == "":
                raise EOFError
            name, _, value = text.rstrip("\n").partition(": ")
            if name in ("id", "event", "data"):
                event[name] = value
            elif text == "\n" and "event" in event:
                if not kinds or event["event"] in kinds:
                    return event.get("id"), event["event"], json.loads(event["data"])
                event = {}

    def close(self):
        self.file.close()
        self.line.close()


def routes():
    """The table in src/http/routes.c."""
    done = subprocess.run([HTTP_SITE, "--routes"], check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@functools.cache
def simulated_store(days=14):
    """A store whose last day is about now, so that `today` has something to say."""
    scratch = tempfile.TemporaryDirectory(prefix="dwell-test-")
    atexit.register(scratch.cleanup)
    store = Path(scratch.name) / "shop.db"
    start = time.strftime("%Y-%m-%d", time.gmtime(time.time() - (days - 1) * 86400))
    options = ["--store", store, "--days", days, "--start", start, "--camera", "entrance"]
    done = dwelltest.dwell("simulate", *options, timeout=120)
    assert done.returncode == 0, done.stderr
    return store
