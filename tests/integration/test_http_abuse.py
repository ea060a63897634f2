#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Clients that are slow, idle or too big do not hurt the others: 99 of 100 answers in 100 ms."""

import contextlib
import socket
import threading
import time

import dwelltest
from httpsite import PASSWORD, Site

ASKED = 300
LIMIT_S = 0.1 * (dwelltest.SLOW if dwelltest.SANITIZED else 1)


def connect(port, source):
    return socket.create_connection(("127.0.0.1", port), timeout=30, source_address=(source, 0))


class Abuse(dwelltest.Case):
    def setUp(self):
        super().setUp()
        self.site = Site()
        self.addCleanup(self.site.stop)
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)

    def slowest(self):
        """What 99 of 100 well-behaved requests keep to, in seconds; the best of three tries, for
        this machine has other work too."""
        tries = []
        while len(tries) < 3 and min(tries, default=LIMIT_S) >= LIMIT_S:
            tries.append(self.slowest_of_a_try())
        print("# 99 % within " + ", ".join(f"{1000 * t:.1f}" for t in tries) + " ms", flush=True)
        return min(tries)

    def slowest_of_a_try(self):
        times = []
        for _ in range(ASKED):
            began = time.perf_counter()
            self.assertEqual(self.site.users["viewer"].get("/api/v1/cameras").status, 200)
            times.append(time.perf_counter() - began)
        return sorted(times)[ASKED * 99 // 100]

    def meanwhile(self, job):
        """Runs the job again and again in a thread of its own."""
        ending = threading.Event()

        def run():
            while not ending.is_set():
                with contextlib.suppress(OSError):
                    job()

        thread = threading.Thread(target=run)
        thread.start()
        self.stack.callback(thread.join)
        self.stack.callback(ending.set)

    def test_idle_connections(self):
        for number in range(1000):
            line = connect(self.site.port, f"127.0.0.{2 + number % 3}")
            self.stack.enter_context(line)
        self.assertLess(self.slowest(), LIMIT_S)

    def test_clients_that_write_their_headers_slowly(self):
        lines = [connect(self.site.port, "127.0.0.2") for _ in range(300)]
        for line in lines:
            self.stack.enter_context(line)
            line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")

        def drip():
            for line in lines:
                line.sendall(b"X-Slow: 1\r\n")
            time.sleep(0.2)

        self.meanwhile(drip)
        self.assertLess(self.slowest(), LIMIT_S)

    def test_clients_that_never_finish_are_ended(self):
        line = self.stack.enter_context(connect(self.site.port, "127.0.0.2"))
        began = time.monotonic()
        line.settimeout(0.5)
        with contextlib.suppress(ConnectionError, BrokenPipeError):
            while time.monotonic() - began < 40:
                line.sendall(b"GET" if time.monotonic() - began < 1 else b"x")
                try:
                    if line.recv(1) == b"":
                        break
                except socket.timeout:
                    pass
        self.assertLess(time.monotonic() - began, 30)

    def test_headers_of_ten_megabytes(self):
        def send():
            with connect(self.site.port, "127.0.0.2") as line:
                line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Big: " + b"x" * 10_000_000)

        self.meanwhile(send)
        self.assertLess(self.slowest(), LIMIT_S)
        with connect(self.site.port, "127.0.0.2") as line:
            with contextlib.suppress(OSError):
                line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Big: " + b"x" * 200_000)
            with contextlib.suppress(OSError):
                self.assertIn(line.recv(12)[9:], (b"431", b"413", b""))

    def test_clients_that_do_not_read(self):
        for _ in range(100):
            line = self.stack.enter_context(connect(self.site.port, "127.0.0.2"))
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            line.sendall(b"GET /api/v1/openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50)
        self.assertLess(self.slowest(), LIMIT_S)

    def test_passwords_are_computed_without_holding_up_others(self):
        body = {"name": "nobody", "password": PASSWORD}
        for _ in range(2):
            self.meanwhile(lambda: self.site.nobody.ask("POST", "/api/v1/session", body))
        self.assertLess(self.slowest(), LIMIT_S)

    def test_one_address_does_not_take_all_connections(self):
        lines = []
        for _ in range(600):
            with contextlib.suppress(OSError):
                lines.append(self.stack.enter_context(connect(self.site.port, "127.0.0.2")))
        self.assertEqual(self.site.nobody.get("/healthz").status, 200)


if __name__ == "__main__":
    dwelltest.main()
