# SPDX-License-Identifier: GPL-3.0-or-later
"""HAProxy with the configuration that we ship, on a free port, and plain HTTPS to it."""
import json
import os
import select
import socket
import ssl

from harness import SOURCE, as_user, service_user, wait_for

CONFIGURATION = os.path.join(SOURCE, "data", "haproxy", "haproxy.cfg")


class Haproxy:
    """HAProxy before `broker` (the path of a Unix socket). It inherits its listening socket, so
    that no other program can take the port in between."""

    def __init__(self, work, authority, broker, terminals=None, **variables):
        self.work, self.authority = work, authority
        self.user = service_user("haproxy")
        self.listener, self.browsers = (socket.create_server(("127.0.0.1", 0), backlog=1024)
                                        for _ in range(2))
        self.port = self.listener.getsockname()[1]
        self.browser_port = self.browsers.getsockname()[1]
        self.url = f"https://localhost:{self.port}"
        certificate = authority.issue("server")
        work.give(certificate, self.user)
        self.environment = dict(
            os.environ, FLOE_BIND=f"fd@{self.listener.fileno()}",
            FLOE_BROWSER_BIND=f"fd@{self.browsers.fileno()}", FLOE_CERTIFICATE=certificate,
            FLOE_TERMINAL_CA=terminals or "", FLOE_BROKER=broker, **variables)
        self.configuration = work.copy(CONFIGURATION)
        self.process = None
        self.start()

    def start(self):
        self.process = self.work.start(
            "haproxy", as_user(self.user, ["haproxy", "-db", "-f", self.configuration]),
            env=self.environment, pass_fds=[self.listener.fileno(), self.browsers.fileno()])
        wait_for(self.answers, "HAProxy\n" + self.work.log("haproxy"))

    def serve(self, certificate):
        """Goes on with another certificate."""
        self.work.end(self.process)
        self.work.give(certificate, self.user)
        self.environment["FLOE_CERTIFICATE"] = certificate
        self.start()

    def answers(self):
        assert self.process.poll() is None, "HAProxy ended:\n" + self.work.log("haproxy")
        try:
            with self.connect(timeout=1):
                return True
        except ssl.SSLCertVerificationError:
            return True  # a test's own, that nobody is to trust
        except OSError:
            return False

    def context(self, certificate=None, authority=None):
        context = ssl.create_default_context(cafile=(authority or self.authority).cert)
        if certificate is not None:
            context.load_cert_chain(certificate)
        return context

    def connect(self, certificate=None, context=None, session=None, timeout=20, port=None,
                source=None):
        """A TLS connection; with a terminal's certificate if one is given, or from another address of this
        machine."""
        raw = socket.create_connection(("127.0.0.1", port or self.port), timeout, (source, 0) if source else None)
        context = context or self.context(certificate)
        return context.wrap_socket(raw, server_hostname="localhost", session=session)

    def raw(self, request, later=b"", **options):
        """Sends bytes and returns all that comes until the connection ends. What is to be sent
        later is sent only if no answer comes first: who is refused early and sends on may find the
        connection reset, and the answer lost."""
        with self.connect(**options) as connection:
            connection.sendall(request)
            if later and not select.select([connection], [], [], 2)[0]:
                connection.sendall(later)
            return read_all(connection)

    def call(self, method, path, body=None, token=None, headers=(), careless=False, **options):
        """One request; returns an Answer. A PUT changes whatever is there, unless it is careless: then it does
        not say what it changes."""
        if method == "PUT" and not careless and not any(name == "If-Match" for name, _ in headers):
            there = self.call("GET", path.split("?")[0], token=token, **options)
            if there.status == 200:
                headers = [*headers, ("If-Match", there.headers["etag"])]
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers]
        if token is not None:
            lines.append(f"Authorization: Bearer {token}")
        data = b""
        if body is not None:
            data = json.dumps(body).encode() if not isinstance(body, bytes) else body
            lines += ["Content-Type: application/json", f"Content-Length: {len(data)}"]
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        if len(data) > 65536:
            return Answer(self.raw(head, data, **options))
        return Answer(self.raw(head + data, **options))

    def first(self, path, token):
        """The head of an event stream's answer, and none of its events."""
        with self.connect() as connection:
            connection.sendall((f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
                                f"Authorization: Bearer {token}\r\nConnection: close\r\n\r\n").encode())
            data = b""
            while b"\r\n\r\n" not in data:
                data += connection.recv(1) or b"\r\n\r\n"
            return Answer(data.replace(b"transfer-encoding", b"x-coding").replace(b"Transfer-Encoding", b"x-coding"))

    def events(self, path, token, timeout=60):
        """What an event stream tells, as it comes, until it ends."""
        with self.connect(timeout=timeout) as connection:
            connection.sendall((f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
                                f"Authorization: Bearer {token}\r\n"
                                "Connection: close\r\n\r\n").encode())
            with connection.makefile("rb") as lines:
                for line in lines:
                    if line.startswith(b"data: "):
                        yield json.loads(line[len(b"data: "):])


def read_all(connection):
    parts = []
    while True:
        try:
            part = connection.recv(65536)
        except (ConnectionError, ssl.SSLError, socket.timeout):
            part = b""
        if not part:
            return b"".join(parts)
        parts.append(part)


class Answer:
    """Status, headers and body of one HTTP answer."""

    def __init__(self, data):
        head, _, self.body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        parts = lines[0].split(" ")
        self.status = int(parts[1]) if len(parts) > 1 else 0
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers[name.lower()] = value.strip()
        if self.headers.get("transfer-encoding") == "chunked":
            self.body = unchunk(self.body)

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def problem(self):
        """The name of the problem that the body tells, or None."""
        if self.headers.get("content-type") != "application/problem+json":
            return None
        return self.json["type"].removeprefix("urn:floe:problem:")

    def __repr__(self):
        return f"<{self.status} {self.body[:500]!r}>"


def unchunk(data):
    parts = []
    while data:
        size, _, data = data.partition(b"\r\n")
        length = int(size.split(b";")[0] or b"0", 16)
        if length == 0:
            break
        parts.append(data[:length])
        data = data[length + 2:]
    return b"".join(parts)
