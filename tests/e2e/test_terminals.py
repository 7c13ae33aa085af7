#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Terminals behind the real HAProxy: a machine becomes one by floectl and a code, opens what only
it may open, gets a desktop without a person, and is nobody again once it was removed."""
import os
import subprocess
import unittest

import harness
from client import Client
from harness import program, wait_for
from screen import Screen
from stack import OFFICE, POOL, Stack

ALICE = OFFICE[0]


class Terminals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(office=OFFICE[:2], guests=2)
        cls.addClassCleanup(cls.stack.stop)
        cls.broker, cls.work = cls.stack.broker, cls.stack.work
        cls.front = cls.broker.front

    def setUp(self):
        self.stack.apply_pool()

    def ctl(self, *arguments):
        """floectl as the helpdesk."""
        return self.broker.floectl("--json", *arguments)

    def machine(self, *arguments):
        """floectl as nobody, on the machine that is to be a terminal."""
        return subprocess.run(
            [program("floectl"), "--broker", self.broker.url, "--ca", self.broker.authority.cert,
             "--token-file", self.work.file("nobody.token"), *arguments],
            check=False, capture_output=True, text=True)

    def machine_enrol(self, code, key):
        """The machine becomes a terminal by a code, which is not among its arguments."""
        path = self.work.put("enrol.code", code)
        return self.machine("terminal", "enrol", "--code-file", path, "--terminal-key", key)

    def code(self, name):
        return self.broker.floectl("terminal", "code", name).split()[0]

    def test_tests_itself(self):
        """The way to the real server is found good, and the code says so at the other end."""
        environment = dict(os.environ, HOME=self.work.folder("tested"), GSETTINGS_BACKEND="memory",
                           GSETTINGS_SCHEMA_DIR=os.path.join(harness.BUILD, "data"))
        done = subprocess.run(
            [program("floe"), "--test", "--broker", self.broker.url, "--ca",
             self.broker.authority.cert], env=environment, check=False, capture_output=True,
            text=True)
        self.assertEqual(done.returncode, 0, done)
        self.assertRegex(done.stdout, "(?m)^(ok|warning): Certificate: .*CN=")
        self.assertRegex(done.stdout, "(?m)^ok: Clock: ")
        self.assertRegex(done.stdout, "(?m)^ok: Server: floe-broker ")
        told = self.machine("code", done.stdout.split()[-1])
        self.assertEqual(told.returncode, 0, told)
        for step in ("Connection", "Clock", "Server"):
            self.assertIn("ok: " + step, told.stdout)

    def enrol(self, name, *options):
        """Makes a terminal and a machine that is it; returns the file of its key."""
        self.broker.floectl("terminal", "put", name, *options)
        key = self.work.file(name + ".pem")
        done = self.machine_enrol(self.code(name), key)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn(f"this machine is terminal {name} now", done.stdout)
        self.addCleanup(self.machine_gone, name, key)
        return key

    def machine_gone(self, name, key):
        os.unlink(key)
        if name in self.broker.floectl("terminal", "list"):
            self.broker.floectl("terminal", "remove", name)

    def what(self, **options):
        return self.front.call("GET", "/api/v1/terminal", **options)

    def login(self, **options):
        answer = self.front.call("POST", "/api/v1/login",
                                 {"username": ALICE.uid, "password": ALICE.password}, **options)
        self.assertEqual(answer.status, 201, answer)
        self.addCleanup(self.front.call, "POST", "/api/v1/logout", token=answer.json["token"])
        return answer.json["token"], [pool["name"] for pool in answer.json["pools"]]

    def connect(self, token, **options):
        """Until there is a connection or a refusal."""
        def answered():
            answer = self.front.call("POST", f"/api/v1/pools/{POOL}/connect", {}, token=token,
                                     **options)
            return answer if answer.status != 202 else None
        return wait_for(answered, "an answer to a connect", 90, step=0.5)

    def test_enrolment(self):
        key = self.enrol("lobby-1", "--group", "lobby", "--description", "By the stairs")
        self.assertEqual(os.stat(key).st_mode & 0o777, 0o600)
        fingerprint = harness.fingerprint_of(key)
        self.assertEqual(self.what(certificate=key).json,
                         {"name": "lobby-1", "description": "By the stairs", "groups": ["lobby"],
                          "public": False})
        shown = self.broker.floectl("terminal", "show", "lobby-1")
        self.assertIn(fingerprint, shown)
        audit = self.broker.floectl("audit")
        for action in ("terminal-create", "terminal-code", "terminal-enrol"):
            self.assertIn(action, audit)

    def test_codes(self):
        self.broker.floectl("terminal", "put", "lobby-2")
        first, second = self.code("lobby-2"), self.code("lobby-2")
        key = self.work.file("lobby-2.pem")
        for code in ("AAAA-AAAA", first):
            done = self.machine_enrol(code, key)
            self.assertEqual(done.returncode, 3, done)
            self.assertIn("ask the helpdesk for a new code", done.stderr)
        before = harness.fingerprint_of(key)
        done = self.machine_enrol(second, key)
        self.assertEqual(done.returncode, 0, done)
        self.addCleanup(self.machine_gone, "lobby-2", key)
        self.assertEqual(harness.fingerprint_of(key), before)  # a key that is there is used
        other = self.work.file("other.pem")
        self.assertEqual(
            self.machine_enrol(second, other).returncode, 3)
        # The next machine takes its place, and the first one is nobody at once.
        done = self.machine_enrol(self.code("lobby-2"), other)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(self.what(certificate=other).json["name"], "lobby-2")
        answer = self.what(certificate=key)
        self.assertEqual((answer.status, answer.json["reason"]), (404, "unknown-terminal"))

    def test_nobody_without_the_key(self):
        key = self.enrol("lobby-3", "--public")
        forged = [("X-Floe-Terminal", harness.fingerprint_of(key))]
        answer = self.what(headers=forged)
        self.assertEqual((answer.status, answer.json["reason"]), (404, "no-certificate"))
        answer = self.front.call("POST", "/api/v1/terminal/login", headers=forged)
        self.assertEqual((answer.status, answer.json["reason"]), (404, "no-certificate"))
        stranger = harness.self_made(self.work, "stranger")
        answer = self.what(certificate=stranger, headers=forged)
        self.assertEqual((answer.status, answer.json["reason"]), (404, "unknown-terminal"))

    def test_pool_from_a_terminal(self):
        key = self.enrol("lobby-4", "--group", "lobby")
        stranger = harness.self_made(self.work, "stranger")
        self.stack.apply_pool(**{"from": {"terminals": ["lobby-4"]}})
        for elsewhere in ({}, {"certificate": stranger}):
            token, pools = self.login(**elsewhere)
            self.assertEqual(pools, [])
            answer = self.connect(token, **elsewhere)
            self.assertEqual((answer.status, answer.json["reason"]), (403, "not-from-here"))
        token, pools = self.login(certificate=key)
        self.assertEqual(pools, [POOL])
        answer = self.connect(token, certificate=key)
        self.assertEqual(answer.status, 200, answer)
        self.assertIn("lobby-4", self.broker.floectl("pool", "show", POOL))
        # Not even to what they have there.
        self.assertEqual(self.connect(token).json["reason"], "not-from-here")
        explained = self.broker.floectl("explain", ALICE.uid, POOL)
        self.assertIn("opened only from these terminals: lobby-4", explained)
        self.assertRegex(explained, r"entitled by group: vdi-users \(uuid:[0-9a-f-]{36}\)")

    def test_public_terminal(self):
        key = self.enrol("lobby-5", "--group", "lobby", "--public")
        self.stack.apply_pool(entitlements={"groups": ["terminals:lobby"], "users": []})
        answer = self.front.call("POST", "/api/v1/terminal/login", certificate=key)
        self.assertEqual(answer.status, 201, answer)
        token = answer.json["token"]
        self.assertEqual(answer.json["user"]["name"], "terminal:lobby-5")
        self.assertEqual([pool["name"] for pool in answer.json["pools"]], [POOL])
        answer = self.connect(token, certificate=key)
        self.assertEqual(answer.status, 200, answer)
        self.assertIn("terminal:lobby-5", self.broker.floectl("pool", "show", POOL))
        # Its token without its key is worth nothing.
        me = self.front.call("GET", "/api/v1/me", token=token)
        self.assertEqual((me.status, me.problem), (401, "expired-token"))
        self.broker.floectl("terminal", "remove", "lobby-5")
        me = self.front.call("GET", "/api/v1/me", token=token, certificate=key)
        self.assertEqual((me.status, me.problem), (401, "expired-token"))
        answer = self.front.call("POST", "/api/v1/terminal/login", certificate=key)
        self.assertEqual((answer.status, answer.json["reason"]), (404, "unknown-terminal"))
        wait_for(lambda: "terminal:lobby-5" not in self.broker.floectl("pool", "show", POOL),
                 "its desktop to be given back", 10, step=0.5)

    def test_public_terminal_without_a_person(self):
        """floe at a public terminal: nobody types anything, and there is a desktop."""
        key = self.enrol("lobby-6", "--group", "lobby", "--public")
        self.stack.apply_pool(entitlements={"groups": ["terminals:lobby"], "users": []})
        client = Client(Screen(self.work), self.stack, None, name="floe-lobby-6",
                        options=("--terminal-key", key))
        guest = client.guest()
        shown = self.broker.floectl("pool", "show", POOL).splitlines()
        row, = [line for line in shown if line.startswith(guest + " ")]
        self.assertIn("terminal:lobby-6", row)
        self.broker.floectl("terminal", "remove", "lobby-6")
        wait_for(lambda: guest not in self.stack.hypervisor.running(), "its desktop to stop", 20)


if __name__ == "__main__":
    harness.main("/terminals")
