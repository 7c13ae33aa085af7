#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input and faults, seen from outside: what the broker answers while something is wrong, and
that it is itself again afterwards."""
import json
import os
import signal
import sqlite3
import subprocess
import time
import unittest

import harness
from stack import NO_LIMIT, OFFICE, PASSWORD, POOL, Broker, Stack

ALICE, BOB, DAVE = OFFICE[0], OFFICE[1], OFFICE[3]
LOGIN = "/api/v1/login"


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        Broker.more = NO_LIMIT
        cls.stack = Stack(guests=1)
        cls.addClassCleanup(cls.stack.stop)
        cls.broker, cls.front = cls.stack.broker, cls.stack.broker.front

    def tearDown(self):
        """Whatever was tried, it has taken nothing down."""
        answer = self.front.call("GET", "/api/v1/health")
        self.assertEqual(answer.status, 200, (answer, self.stack.work.log("broker")))

    def login(self, name, password, **options):
        return self.front.call("POST", LOGIN, {"username": name, "password": password}, **options)

    def audit(self, **wanted):
        token = self.broker.login(self.stack.helpdesk)
        rows = self.front.call("GET", "/api/v1/admin/audit?limit=200", token=token).json["items"]
        self.broker.logout(token)
        return [row for row in rows if all(row[key] == value for key, value in wanted.items())]

    # --- people who leave -------------------------------------------------------------------------

    def remove(self, person):
        values = self.stack.directory.values
        self.stack.work.run(
            "ldapdelete", "-x", "-H", values["LDAPS_URI"], "-D", values["LDAP_ADMIN_DN"], "-w",
            values["LDAP_ADMIN_PW"], f"uid={person.uid},{values['LDAP_PEOPLE']}",
            env=dict(os.environ, LDAPTLS_CACERT=values["LDAP_CA"]))

    def holder(self):
        token = self.broker.login(self.stack.helpdesk)
        answer = self.front.call("GET", f"/api/v1/admin/pools/{POOL}", token=token)
        self.broker.logout(token)
        return answer.json["desktops"][0]["holder"]

    def test_account_removed(self):
        """Whoever leaves the company loses their desktop as its pool wants it."""
        self.stack.apply_pool(on_account_end="reset")
        token = self.broker.login(DAVE)
        answer = self.broker.connect(token)
        self.assertEqual(answer.status, 200, answer)
        self.assertIsNotNone(self.holder())
        self.remove(DAVE)
        harness.wait_for(lambda: self.front.call("GET", "/api/v1/pools", token=token).status == 401,
                         "the log-in to end", 60, step=1)
        harness.wait_for(lambda: self.holder() is None, "the desktop to be taken back", 90, step=1)
        self.assertEqual(self.front.call("GET", "/api/v1/pools", token=token).status, 401)
        self.assertEqual(len(self.audit(action="account-ended", object="dave")), 1)
        self.assertEqual(len(self.audit(action="release", object="office-1", actor="broker")), 1)
        self.stack.apply_pool()

    # --- input -----------------------------------------------------------------------------------

    def test_passwords(self):
        wrong = self.login("alice", "wrong")
        self.assertEqual((wrong.status, wrong.problem), (401, "unauthenticated"))
        self.assertEqual(wrong.json["reason"], "wrong-credentials")
        unknown = self.login("nobody-of-that-name", "wrong")
        self.assertEqual((unknown.status, unknown.json), (wrong.status, wrong.json))
        for password in ("", "\0", "\0" + PASSWORD, PASSWORD + "\0", "x" * 10240, " ", "\u202e"):
            answer = self.login("alice", password)
            self.assertIn(answer.status, (400, 401), (password[:20], answer))
        self.assertEqual(self.login("alice", PASSWORD).status, 201)

    def test_names(self):
        for name in ("", "*", "a*", "alice)(uid=*", "(|(uid=*))", "alice\\", "\\2a", "alice\0",
                     "uid=alice,ou=people,dc=floe,dc=test", "cn=svc,ou=services,dc=floe,dc=test",
                     "alice,bob", "#616c696365", "x" * 10240, "\ud83d\ude00"):
            answer = self.login(name, PASSWORD)
            self.assertIn(answer.status, (400, 401), (name[:40], answer))

    def test_bodies(self):
        good = json.dumps({"username": "alice", "password": PASSWORD}).encode()
        for body, status in (
                (b"[" * 150_000, 413), (b"[" * 60_000, 400), (b'{"a":' * 5_000, 400),
                (b"", 400), (b"null", 400), (b'"x"', 400), (good[:-1], 400), (good[:-12], 400),
                (good + good, 400), (b"/**/" + good, 400), (good.replace(b'"', b"'"), 400),
                (b'{"username":"alice","username":"bob","password":"x"}', 400),
                (b'{"username":"alice","password":1}', 400), (b'{"username":"alice"}', 400),
                (b'{"username":"alice","password":"\\u0000"}', 400),
                (b'{"username":"al\xffice","password":"x"}', 400)):
            answer = self.front.call("POST", LOGIN, body)
            if b"u0000" in body:
                self.assertIn(answer.status, (400, 401), answer)
            else:
                self.assertEqual(answer.status, status, (body[:60], answer))

    def test_who_is_asking_cannot_be_forged(self):
        good = self.broker.terminals.issue("terminal-1", "extendedKeyUsage=clientAuth")
        fingerprint = harness.fingerprint_of(good)
        forged = [("X-Forwarded-For", "10.9.8.7"), ("X-Floe-Terminal", "f" * 64),
                  ("X-Floe-Request", "mine")]
        self.assertEqual(self.login("alice", PASSWORD, headers=forged).status, 201)
        self.assertEqual(
            self.login("bob", PASSWORD, headers=forged, certificate=good).status, 201)
        rows = self.audit()
        for value in ("10.9.8.7", "f" * 64, "mine"):
            self.assertNotIn(value, json.dumps(rows))
        self.assertTrue(any(row["terminal"] == fingerprint and row["address"] == "127.0.0.1"
                            for row in rows), rows)

    def test_no_token(self):
        for token in (None, "", "flt_" + "A" * 43, "flr_" + "A" * 43, "x" * 5000):
            for method, path in (("GET", "/api/v1/pools"), ("GET", "/api/v1/me"),
                                 ("GET", "/api/v1/admin/audit"), ("POST", "/api/v1/logout"),
                                 ("POST", f"/api/v1/pools/{POOL}/connect")):
                answer = self.front.call(method, path, {} if method == "POST" else None, token)
                self.assertIn(answer.status, (400, 401), (path, token, answer))

    def test_not_an_administrator(self):
        token = self.broker.login(ALICE)
        for method, path in (("GET", "/api/v1/admin/pools"), ("GET", "/api/v1/admin/audit"),
                             ("DELETE", f"/api/v1/admin/pools/{POOL}")):
            answer = self.front.call(method, path, token=token)
            self.assertEqual((answer.status, answer.problem), (403, "denied"), path)

    # --- pools -----------------------------------------------------------------------------------

    def test_pool_that_matches_nothing(self):
        self.stack.apply_pool("nothing", "no-such-domain-*")
        answer = self.broker.connect(self.broker.login(ALICE), "nothing")
        self.assertEqual((answer.status, answer.json.get("state")), (202, "queued"))

    def test_guest_that_cannot_start(self):
        hypervisor = self.stack.hypervisor
        image = os.path.join(hypervisor.folder, "images", "missing.img")
        self.stack.work.run(os.path.join(harness.FIXTURES, "define-guest.sh"), hypervisor.uri,
                            "broken-1", image, "tls")
        self.stack.apply_pool("broken", "broken-*")
        token = self.broker.login(ALICE)
        path = "/api/v1/pools/broken/connect"
        answer = harness.wait_for(lambda: self.accepted(path, token), "the new domain to be seen",
                                  60, step=0.5)
        location = answer.headers["location"]
        harness.wait_for(lambda: self.given_up(location, token), "the start to fail", 60, step=0.2)
        shown = self.broker.floectl("pool", "show", "broken")
        self.assertRegex(shown, "broken-1.*broken")
        # Why is in the trail.
        self.assertRegex(self.broker.floectl("audit"), "(?i)no such file|missing.img")

    def accepted(self, path, token):
        answer = self.front.call("POST", path, {}, token)
        return answer if answer.status == 202 and answer.json["state"] != "queued" else None

    def given_up(self, location, token):
        """It did not start, and there is no other one: they stand in line."""
        request = self.front.call("GET", location, token=token).json
        self.assertNotEqual(request["state"], "ready")
        return request["state"] == "queued"

    # --- servers ---------------------------------------------------------------------------------

    def test_directory_down_and_back(self):
        token = self.broker.login(ALICE)
        self.stack.directory.stop()
        try:
            started = time.monotonic()
            answer = self.login("bob", PASSWORD)
            self.assertEqual((answer.status, answer.problem), (503, "unavailable"), answer)
            self.assertEqual(answer.json["reason"], "directory-down")
            self.assertLess(time.monotonic() - started, 12)
            # Who is in stays in.
            self.assertEqual(self.front.call("GET", "/api/v1/pools", token=token).status, 200)
            harness.wait_for(lambda: self.connected(token), "her desktop", 60, 0.5)
        finally:
            self.stack.directory.start()
        harness.wait_for(lambda: self.login("bob", PASSWORD).status == 201,
                         "log-ins after the directory is back", 5, step=0.2)

    def test_directory_hangs(self):
        token = self.broker.login(ALICE)
        with open(os.path.join(self.stack.directory.folder, "slapd.pid"), encoding="ascii") as file:
            pid = int(file.read())
        os.kill(pid, signal.SIGSTOP)
        try:
            started = time.monotonic()
            answer = self.login("bob", PASSWORD)
            self.assertIn(answer.status, (503, 504), answer)
            self.assertLess(time.monotonic() - started, 20)
            started = time.monotonic()
            self.assertEqual(self.front.call("GET", "/api/v1/pools", token=token).status, 200)
            self.assertLess(time.monotonic() - started, 1)
        finally:
            os.kill(pid, signal.SIGCONT)
        harness.wait_for(lambda: self.login("bob", PASSWORD).status == 201,
                         "log-ins after the directory goes on", 5, step=0.2)

    def test_libvirtd_killed_and_back(self):
        token = self.broker.login(ALICE)
        first = harness.wait_for(lambda: self.connected(token), "her desktop", 60, 0.5)
        with open(self.stack.hypervisor.values["LIBVIRT_PIDFILE"], encoding="ascii") as file:
            os.kill(int(file.read()), signal.SIGKILL)
        try:
            answer = harness.wait_for(lambda: self.refused(token), "the host to be lost", 30, 0.5)
            self.assertEqual(answer.json.get("reason"), "host-down", answer)
            self.assertEqual(self.front.call("GET", "/api/v1/pools", token=token).status, 200)
        finally:
            self.stack.hypervisor.start()
        again = harness.wait_for(lambda: self.connected(token), "the host to be back", 60, 0.5)
        self.assertEqual(again.json["desktop"], first.json["desktop"])

    def refused(self, token):
        answer = self.front.call("POST", f"/api/v1/pools/{POOL}/connect", {}, token)
        return answer if answer.status == 503 else None

    def connected(self, token):
        answer = self.front.call("POST", f"/api/v1/pools/{POOL}/connect", {}, token)
        return answer if answer.status == 200 else None

    # --- the broker's own start -------------------------------------------------------------------

    def other_configuration(self, **changes):
        """A configuration as the broker's, with other values; the path of it."""
        with open(self.broker.configuration, encoding="utf-8") as file:
            lines = file.read().splitlines()
        lines = [f"{line.split(' = ')[0]} = {changes[line.split(' = ')[0]]}"
                 if line.split(" = ")[0] in changes else line for line in lines]
        return self.stack.work.put("other.conf", "\n".join(lines) + "\n")

    def run_other(self, *arguments, **changes):
        """Runs another broker, which is expected to end by itself."""
        command = [self.broker.program, "--config", self.other_configuration(**changes),
                   *arguments]
        return subprocess.run(harness.as_user(self.broker.user, command), text=True, cwd="/",
                              capture_output=True, check=False, timeout=30)

    def database(self, name):
        folder = self.stack.work.folder("other", owner=self.broker.user, mode=0o700)
        return os.path.join(folder, name)

    def test_second_broker_on_one_database(self):
        done = self.run_other(socket=self.database("second.sock"))
        self.assertEqual(done.returncode, 1, done)
        self.assertRegex(done.stderr, "(?i)in use|another|lock")

    def test_database_of_a_newer_version(self):
        path = self.database("newer.db")
        with sqlite3.connect(path) as database:
            database.execute("PRAGMA user_version = 9999")
        database.close()
        self.stack.work.give(path, self.broker.user)
        with open(path, "rb") as file:
            before = file.read()
        done = self.run_other(socket=self.database("newer.sock"), database=path)
        self.assertEqual(done.returncode, 1, done)
        self.assertRegex(done.stderr, "(?i)newer|version")
        with open(path, "rb") as file:
            self.assertEqual(file.read(), before)

    def test_database_that_cannot_be_written(self):
        path = self.database("locked/floe.db")
        os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
        done = self.run_other(socket=self.database("locked.sock"), database=path)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("locked", done.stderr)

    def test_all_problems_of_a_configuration_at_once(self):
        done = self.run_other("--check-config", uris="ldap://directory.example",
                              bind_password_file="/nonexistent/file", trusted_user="no-such-user")
        self.assertEqual(done.returncode, 1, done)
        for wanted in ("uris", "bind_password_file", "trusted_user"):
            self.assertRegex(done.stderr, rf"other\.conf:\d+:.*{wanted}")
        self.assertEqual(self.run_other("--check-config").returncode, 0)


if __name__ == "__main__":
    harness.main("/faults")
