#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""floe-broker's metrics as Prometheus gets them, from the program as it is installed. It has neither
a directory nor a host to talk to, which is what its metrics say then."""
import http.client
import os
import random
import re
import socket
import subprocess
import unittest

import harness

PORT = 9469
LINE = re.compile(r'[a-z_]+(\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\})? [0-9.e+-]+')


class UnixConnection(http.client.HTTPConnection):
    """HTTP on a Unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=20)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Metrics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = harness.Work()
        cls.addClassCleanup(cls.work.stop)
        cls.user = harness.service_user("nobody")
        cls.state = cls.work.folder("broker", owner=cls.user, mode=0o711)
        # Nobody else has this address, so the port is free.
        cls.address = "127." + ".".join(str(random.randint(1, 254)) for _ in range(3))
        cls.socket = os.path.join(cls.state, "broker.sock")
        cls.work.give(cls.work.put("broker/password", "x\n", mode=0o400), cls.user)
        cls.configuration = cls.put_configuration("broker.conf", f"{cls.address}:{PORT}")
        cls.program = cls.work.copy(harness.program("floe-broker"), mode=0o755)
        cls.process = cls.work.start("broker", harness.as_user(cls.user, [
            cls.program, "--config", cls.configuration]))
        harness.wait_for(cls.listens, "the broker")

    @classmethod
    def put_configuration(cls, name, listen):
        return cls.work.put(name, f"""
[broker]
database = {cls.state}/broker.db
host_names = localhost
[listen]
socket = {cls.socket}
[metrics]
listen = {listen}
[directory]
uris = ldaps://localhost:1
bind_dn = cn=floe,dc=example,dc=org
bind_password_file = {cls.state}/password
base = dc=example,dc=org
[directory partner]
uris = ldaps://localhost:2; ldaps://localhost:3
bind_dn = cn=floe,dc=partner,dc=example
bind_password_file = {cls.state}/password
base = dc=partner,dc=example
[roles]
admin_groups = admins
[host lab]
uri = qemu:///session?socket={cls.state}/nothing
""")

    @classmethod
    def listens(cls):
        assert cls.process.poll() is None, "the broker ended:\n" + cls.work.log("broker")
        try:
            socket.create_connection((cls.address, PORT), 1).close()
            return True
        except OSError:
            return False

    @staticmethod
    def ask(connection, path, method="GET", **headers):
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.getheader("Content-Type"), text

    def scrape(self, path="/metrics", method="GET", **headers):
        return self.ask(http.client.HTTPConnection(self.address, PORT, timeout=20), path, method,
                        **headers)

    def test_scrape(self):
        status, kind, text = self.scrape()
        self.assertEqual((status, kind), (200, "text/plain; version=0.0.4; charset=utf-8"))
        lines = text.splitlines()
        for line in lines:
            self.assertTrue(line.startswith(("# HELP ", "# TYPE ")) or LINE.fullmatch(line), line)
        self.assertIn("floe_scrape_failures_total 0", lines)
        self.assertIn('floe_held_back{who="people"} 0', lines)
        for queue in ("store-write", "store-read", "directory"):
            self.assertIn(f'floe_queue_length{{queue="{queue}"}} 0', lines)
        for queue in ("libvirt-tickets", "libvirt-power", "libvirt-looks"):
            self.assertIn(f'floe_queue_overdue_calls{{queue="{queue}",host="lab"}} 0', lines)

    def test_lost_host(self):
        harness.wait_for(lambda: 'floe_host_up{host="lab"} 0' in self.scrape()[2].splitlines(),
                         "the host to be known as lost")

    def test_failed_login(self):
        connection = UnixConnection(self.socket)
        connection.request("POST", "/api/v1/login", '{"username":"a","password":"b"}',
                           {"Content-Type": "application/json"})
        self.assertEqual(connection.getresponse().status, 503)
        connection.close()
        lines = self.scrape()[2].splitlines()
        self.assertIn('floe_actions_total{action="login"} 1', lines)
        self.assertIn('floe_failures_total{action="login",reason="directory-down"} 1', lines)
        self.assertIn("floe_directory_up 0", lines)
        self.assertIn('floe_directory_server_up{server="ldaps://localhost:1"} 0', lines)
        for port in (2, 3):  # which nobody has asked yet
            self.assertIn('floe_directory_server_up{directory="partner",'
                          f'server="ldaps://localhost:{port}"}} 1', lines)

    def test_nothing_else_is_there(self):
        for path in ("/", "/api/v1/health", "/metrics/", "/metrics/x"):
            self.assertEqual(self.scrape(path)[0], 404, path)
        self.assertEqual(self.scrape(method="POST")[0], 405)
        self.assertEqual(self.scrape("/metrics?a=b")[0], 400)

    def test_foreign_names(self):
        """A page of somebody else's, whose name leads here, gets nothing."""
        self.assertEqual(self.scrape(Host=f"localhost:{PORT}")[0], 200)
        for host in ("evil.example.org", "127.0.0.1.evil.example.org", f"evil:{PORT}", ""):
            self.assertEqual(self.scrape(Host=host)[0], 400, host)

    def test_own_socket(self):
        status, kind, text = self.ask(UnixConnection(self.socket), "/metrics")
        self.assertEqual((status, kind), (200, "text/plain; version=0.0.4; charset=utf-8"))
        self.assertIn("floe_build_info{", text)

    def test_other_machines(self):
        for listen in (f"0.0.0.0:{PORT}", f"192.0.2.1:{PORT}", f"[::]:{PORT}", f"localhost:{PORT}",
                       str(PORT), f"{self.address}:0"):
            path = self.put_configuration("bad.conf", listen)
            done = subprocess.run(harness.as_user(self.user, [
                self.program, "--config", path, "--check-config"]), stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True, check=False)
            self.assertEqual(done.returncode, 1, listen)
            self.assertIn(f'[metrics] listen: got "{listen}", expected a loopback address',
                          done.stdout)

    def test_port_in_use(self):
        """Said in words, and nothing is half done."""
        path = self.put_configuration("second.conf", f"{self.address}:{PORT}")
        with open(path, encoding="utf-8") as file:
            text = file.read().replace("broker.db", "second.db").replace("broker.sock", "2.sock")
        self.work.put("second.conf", text)
        done = subprocess.run(harness.as_user(self.user, [self.program, "--config", path]),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False, timeout=60)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn(f"[metrics] cannot listen on {self.address}:{PORT}: ", done.stdout)
        self.assertFalse(os.path.exists(os.path.join(self.state, "2.sock")))


if __name__ == "__main__":
    harness.main("/metrics-service")
