#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""HAProxy as we ship it, before a broker that only records what reaches it: nobody can forge who
they are, and what must not pass does not."""
import os
import socket
import ssl
import threading
import time
import unittest
import warnings

import harness
from front import Answer, Haproxy, read_all

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Recorder(threading.Thread):
    """Stands where the broker would: keeps each request's head as it came, and answers."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        os.chmod(path, 0o666)
        self.listener.listen(64)
        self.heads = []
        self.connections = 0
        self.start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            connection.settimeout(20)
            data = b""
            while b"\r\n\r\n" not in data:
                part = connection.recv(65536)
                if not part:
                    return
                data += part
            head = data.partition(b"\r\n\r\n")[0].decode("latin-1")
            self.heads.append(head)
            self.answer(connection, head.split(" ")[1])

    @staticmethod
    def answer(connection, path):
        if path == "/api/v1/dies":
            return
        if path == "/api/v1/stream":
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            for _ in range(5):
                connection.sendall(b": ping\n\n")
                time.sleep(0.2)
            return
        connection.sendall(OK)

    def last(self):
        """The headers of the last request: a list of (name in lower case, value)."""
        pairs = [line.partition(":") for line in self.heads[-1].split("\r\n")[1:]]
        return [(name.lower(), value.strip()) for name, _, value in pairs]

    def values(self, name):
        return [value for key, value in self.last() if key == name]


class Identity:
    """Who a client is: what it says itself is never believed."""

    # What a client may try, to be somebody else. HAProxy's own words must be the only ones left.
    FORGERIES = [
        [("X-Forwarded-For", "10.1.2.3")],
        [("x-forwarded-for", "10.1.2.3"), ("X-FORWARDED-FOR", "10.1.2.4")],
        [("X_Forwarded_For", "10.1.2.3")],
        [("X-Forwarded_For", "10.1.2.3"), ("X.Forwarded.For", "10.1.2.3")],
        [("X-Forwarded-For", "127.0.0.1, 10.1.2.3"), ("X-Forwarded-Host", "evil")],
        [("Forwarded", "for=10.1.2.3;proto=https"), ("FORWARDED", "for=10.1.2.3")],
        [("X-Real-IP", "10.1.2.3")],
        [("X-Floe-Terminal", "a" * 64)],
        [("x-floe-terminal", "a" * 64), ("X-FLOE-TERMINAL", "a" * 64)],
        [("X_Floe_Terminal", "a" * 64), ("X-Floe_Terminal", "a" * 64)],
        [("X-Floe-Request", "mine")],
        [("X-Floe-", "a"), ("X-Floe-Anything", "b"), ("x-floe", "c")],
        [("Connection", "X-Forwarded-For, X-Floe-Request, X-Floe-Terminal")],
    ]

    def headers_after(self, forged, **options):
        self.broker.heads.clear()
        answer = self.front.call("GET", "/api/v1/health", headers=forged, **options)
        self.assertEqual(answer.status, 200, (forged, answer))
        return self.broker.last()

    def check_only_ours(self, forged, headers, terminal):
        names = [name for name, _ in headers]
        self.assertEqual(self.broker.values("x-forwarded-for"), ["127.0.0.1"], forged)
        self.assertEqual(self.broker.values("x-floe-terminal"), terminal, forged)
        self.assertEqual(len(self.broker.values("x-floe-request")), 1, forged)
        self.assertNotIn("mine", self.broker.values("x-floe-request"), forged)
        allowed = {"x-forwarded-for", "x-floe-request", "x-floe-terminal"}
        for name in names:
            if name not in allowed:
                self.assertNotRegex(name, "(?i)forwarded|floe|real.ip", forged)
        for value in ("10.1.2.3", "a" * 64, "evil"):
            self.assertNotIn(value, str(headers), forged)

    def test_forged_headers_without_certificate(self):
        for forged in self.FORGERIES:
            self.check_only_ours(forged, self.headers_after(forged), [])

    def test_forged_headers_with_certificate(self):
        for forged in self.FORGERIES:
            self.check_only_ours(forged, self.headers_after(forged, certificate=self.good),
                                 [self.fingerprint])

    def test_no_certificate_from_browsers(self):
        headers = self.headers_after([], certificate=self.good, port=self.front.browser_port)
        self.check_only_ours([], headers, [])

    def test_certificate_in_resumed_session(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.front.context(self.good)
            context.maximum_version = context.minimum_version = version
            session = None
            for _ in range(2):
                request = b"GET /api/v1/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                with self.front.connect(context=context, session=session) as connection:
                    connection.sendall(request)
                    self.assertIn(b"200 OK", connection.recv(65536))
                    resumed, session = connection.session_reused, connection.session
                self.assertEqual(self.broker.values("x-floe-terminal"), [self.fingerprint])
            self.assertTrue(resumed, version)


class Front(Identity, unittest.TestCase):
    """Where an authority signs the certificates of terminals, and all the rest."""

    @classmethod
    def setUpClass(cls):
        cls.work = harness.Work()
        cls.addClassCleanup(cls.work.stop)
        cls.broker = Recorder(cls.work.file("broker.sock"))
        cls.addClassCleanup(cls.broker.listener.close)
        ours = harness.Authority(cls.work, "terminals")
        cls.good = ours.issue("terminal-1", "extendedKeyUsage=clientAuth")
        cls.foreign = harness.Authority(cls.work, "foreign").issue(
            "terminal-1-forged", "extendedKeyUsage=clientAuth")
        os.chmod(ours.cert, 0o644)
        cls.site = harness.Authority(cls.work, "site")
        cls.front = Haproxy(cls.work, cls.site, cls.work.file("broker.sock"), ours.cert,
                            FLOE_LOGINS="5")
        cls.fingerprint = harness.fingerprint_of(cls.good)

    def test_certificate_of_foreign_authority(self):
        self.broker.heads.clear()
        request = b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        try:
            answer = self.front.raw(request, certificate=self.foreign)
        except OSError:
            answer = b""
        self.assertEqual((answer, self.broker.heads), (b"", []))

    def test_second_request_of_a_connection(self):
        one = b"GET /api/v1/one HTTP/1.1\r\nHost: localhost\r\n\r\n"
        two = (b"GET /api/v1/two HTTP/1.1\r\nHost: localhost\r\nX-Floe-Terminal: abc\r\n"
               b"X-Forwarded-For: 10.1.2.3\r\nConnection: close\r\n\r\n")
        before = self.broker.connections
        self.assertEqual(self.front.raw(one + two).count(b"200 OK"), 2)
        self.check_only_ours([], self.broker.last(), [])
        # A connection to the broker carries one request, so that nobody's can be mixed up.
        self.assertEqual(self.broker.connections - before, 2)

    def test_old_tls_is_refused(self):
        context = self.front.context()
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        with self.assertRaises(OSError):
            self.front.connect(context=context).close()

    def test_metrics_are_not_for_clients(self):
        self.broker.heads.clear()
        for path in ("/metrics", "/metrics/", "/metrics?x=1", "/Metrics", "/%6detrics",
                     "/metrics%3fx", "https://localhost/metrics"):
            answer = self.front.call("GET", path)
            self.assertEqual((answer.status, answer.problem), (404, "not-found"), path)
        self.assertEqual(self.broker.heads, [])
        self.assertEqual(self.front.call("GET", "/api/v1/metrics").status, 200)

    def test_body_limit(self):
        self.broker.heads.clear()
        answer = self.front.call("POST", "/api/v1/login", b"[" * 150_000)
        self.assertEqual((answer.status, answer.problem), (413, "too-large"))
        self.assertEqual(self.broker.heads, [])
        answer = self.front.call("POST", "/api/v1/other", b" " * 65536)
        self.assertEqual(answer.status, 200)

    def test_smuggling(self):
        """Each ends after one request at most, and no second one is made of its body."""
        inner = b"GET /api/v1/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
        head = b"POST /api/v1/outer HTTP/1.1\r\nHost: localhost\r\n"
        for lines, body in [
            (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + inner),
            (b"Content-Length: 5\r\nContent-Length: 70\r\n", b"hello" + inner),
            (b"Content-Length: +5\r\n", b"hello" + inner),
            (b"Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n" + inner),
            (b"Transfer-Encoding: chunked\r\n", b"ffffffffffffffff\r\n" + inner),
            (b"Host: other\r\nContent-Length: 0\r\n", b""),
        ]:
            self.broker.heads.clear()
            answers = self.front.raw(head + lines + b"Connection: close\r\n\r\n" + body)
            with self.subTest(lines=lines):
                self.assertNotIn("smuggled", "".join(self.broker.heads))
                self.assertLessEqual(answers.count(b"HTTP/1.1 "), 1)

    def test_odd_paths(self):
        self.broker.heads.clear()
        for path in ("/api/../etc/passwd", "/api/v1//login", "/api/%00", "/api/v1/..%2f"):
            answer = self.front.call("GET", path)
            self.assertEqual((answer.status, answer.problem), (400, "invalid"), path)
        self.assertEqual(self.broker.heads, [])

    def test_range_and_upgrade_are_dropped(self):
        self.headers_after([("Range", "bytes=0-9"), ("If-Range", "x"), ("Upgrade", "websocket")])
        for name in ("range", "if-range", "upgrade", "sec-websocket-key"):
            self.assertEqual(self.broker.values(name), [])

    def test_slow_request(self):
        started = time.monotonic()
        with self.front.connect() as connection:
            connection.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: loc")
            answer = Answer(read_all(connection))
        self.assertEqual(answer.status, 408)
        self.assertLess(time.monotonic() - started, 8)

    def test_stream_is_not_held_back(self):
        request = b"GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"
        with self.front.connect() as connection:
            connection.sendall(request)
            started, pings = time.monotonic(), b""
            while b": ping" not in pings:
                pings += connection.recv(65536)
            self.assertLess(time.monotonic() - started, 0.8)
            while pings.count(b": ping") < 5:
                pings += connection.recv(65536)

    def test_broker_that_dies_in_an_answer(self):
        answer = self.front.call("GET", "/api/v1/dies")
        self.assertEqual((answer.status, answer.problem), (503, "unavailable"))
        self.assertIn("retry-after", answer.headers)

    def test_every_answer_asks_for_tls(self):
        for path in ("/api/v1/health", "/api/..", "/api/v1/dies"):
            self.assertIn("max-age=31536000",
                          self.front.call("GET", path).headers["strict-transport-security"], path)

    def test_flood_of_logins(self):
        answers = [self.front.call("POST", "/api/v1/login", {}) for _ in range(12)]
        # The page that asks for a name still learns what to offer.
        self.assertEqual(self.front.call("GET", "/api/v1/login").status, 200)
        self.assertEqual(sum(answer.status == 200 for answer in answers), 5)
        last = answers[-1]
        self.assertEqual((last.status, last.problem), (503, "busy"))
        self.assertGreater(int(last.headers["retry-after"]), 0)
        # Nothing but logging in is slowed, and what was refused does not count.
        self.assertEqual(self.front.call("GET", "/api/v1/health").status, 200)
        harness.wait_for(lambda: self.front.call("POST", "/api/v1/login", {}).status == 200,
                         "the next log-in to be let through", 15, step=0.5)


class Alone(unittest.TestCase):
    def setUp(self):
        self.work = harness.Work()
        self.addCleanup(self.work.stop)
        self.front = Haproxy(self.work, harness.Authority(self.work, "site"),
                             self.work.file("broker.sock"))

    def test_no_broker(self):
        answer = self.front.call("GET", "/api/v1/health")
        self.assertEqual((answer.status, answer.problem), (503, "unavailable"))
        self.assertIn("retry-after", answer.headers)


class SelfMade(Identity, unittest.TestCase):
    """Where terminals make their own certificates: any one is passed on, by its fingerprint."""

    @classmethod
    def setUpClass(cls):
        cls.work = harness.Work()
        cls.addClassCleanup(cls.work.stop)
        cls.broker = Recorder(cls.work.file("broker.sock"))
        cls.addClassCleanup(cls.broker.listener.close)
        cls.good = harness.self_made(cls.work, "terminal-1")
        cls.fingerprint = harness.fingerprint_of(cls.good)
        cls.front = Haproxy(cls.work, harness.Authority(cls.work, "site"),
                            cls.work.file("broker.sock"))

    def test_certificate_of_whatever_authority(self):
        foreign = harness.Authority(self.work, "foreign").issue(
            "terminal-2", "extendedKeyUsage=clientAuth")
        self.assertEqual(self.front.call("GET", "/api/v1/x", certificate=foreign).status, 200)
        self.assertEqual(self.broker.values("x-floe-terminal"), [harness.fingerprint_of(foreign)])


if __name__ == "__main__":
    harness.main("/front")
