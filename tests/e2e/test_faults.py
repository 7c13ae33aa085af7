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
import unicodedata
import unittest
from concurrent.futures import ThreadPoolExecutor

import harness
from stack import NO_LIMIT, OFFICE, PASSWORD, POOL, Broker, Directory, Person, Stack

ALICE, BOB, DAVE = OFFICE[0], OFFICE[1], OFFICE[3]
ERIN, FRANK, GRACE = Person("erin", "Erin Ely"), Person("frank", "Frank Fox"), Person("grace", "Grace Gray")
LOGIN = "/api/v1/login"
# How long somebody may keep what the directory has taken from them.
TAKEN = 60
# More than the broker has connections to a directory.
MANY = 12
# Each is one password, and none that looks like it is.
PASSWORDS = [
    "correct horse battery staple, and a long way home again. " * 3,
    " a blank before, two  within, and two behind  ",
    "Gr\u00fc\u00dfe an K\u00e4the \U0001f40e\U0001f50b \u6771\u4eac",
    unicodedata.normalize("NFD", "Gr\u00fc\u00dfe an K\u00e4the \U0001f40e\U0001f50b \u6771\u4eac"),
    "\uff26\uff55\uff4c\uff4c width, \ufb01ne \u200d \u202e",
    "\u00e4" * 300,
]


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        Broker.more, Directory.log = NO_LIMIT, "stats"
        cls.stack = Stack([*OFFICE, ERIN, FRANK, GRACE], guests=1)
        cls.addClassCleanup(cls.stack.stop)
        cls.directory = cls.stack.directory
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

    def holder(self):
        token = self.broker.login(self.stack.helpdesk)
        answer = self.front.call("GET", f"/api/v1/admin/pools/{POOL}", token=token)
        self.broker.logout(token)
        return answer.json["desktops"][0]["holder"]

    def test_accounts_that_end(self):
        """Whoever leaves the company loses their desktop as its pool wants it, whoever is locked their
        log-in, and whoever leaves the group its pool; each without doing anything."""
        self.stack.apply_pool(on_account_end="reset")
        token, locked, moved = (self.broker.login(person) for person in (DAVE, FRANK, ERIN))
        answer = self.broker.connect(token)
        self.assertEqual(answer.status, 200, answer)
        self.assertIsNotNone(self.holder())
        self.assertEqual(self.call_connect(moved).status, 202)
        self.assertEqual(self.pools(locked), (200, [POOL]))
        since = time.monotonic()
        self.directory.change(
            (self.directory.dn(DAVE.uid), "changetype: delete"),
            (self.directory.dn(FRANK.uid), "changetype: modify\nadd: pwdAccountLockedTime\n"
             "pwdAccountLockedTime: 000001010000Z"),
            (f"cn=vdi-users,{self.directory.values['LDAP_GROUPS']}",
             f"changetype: modify\ndelete: member\nmember: {self.directory.dn(ERIN.uid)}"))
        for what, condition in (
                ("the removed one's log-in to end", lambda: self.pools(token)[0] == 401),
                ("the locked one's log-in to end", lambda: self.pools(locked)[0] == 401),
                ("the pool to be refused", lambda: self.call_connect(moved).status == 404)):
            harness.wait_for(condition, what, since + TAKEN - time.monotonic(), step=0.5)
        print(f"# what the directory took was gone after {time.monotonic() - since:.0f} s", flush=True)
        harness.wait_for(lambda: self.holder() is None, "the desktop to be taken back", 90, step=1)
        self.assertEqual(self.pools(token)[0], 401)
        self.assertEqual(self.pools(moved), (200, []))
        for person in (DAVE, FRANK):
            self.assertEqual(len(self.audit(action="account-ended", object=person.uid)), 1)
        self.assertEqual(self.audit(action="account-ended", object=ERIN.uid), [])
        self.assertEqual(len(self.audit(action="release", object="office-1", actor="broker")), 1)
        for person, status in ((DAVE, 401), (FRANK, 403), (ERIN, 201)):
            self.assertEqual(self.login(person.uid, person.password).status, status, person.uid)
        self.stack.apply_pool()

    def call_connect(self, token):
        return self.front.call("POST", f"/api/v1/pools/{POOL}/connect", {}, token=token)

    def pools(self, token):
        answer = self.front.call("GET", "/api/v1/pools", token=token)
        return answer.status, [pool["name"] for pool in answer.json.get("pools", [])]

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

    def change_password(self, name, old, new):
        return self.front.call("POST", "/api/v1/password",
                               {"username": name, "password": old, "new_password": new})

    def test_passwords_that_reach_no_directory(self):
        """The directory takes an empty password for nobody's, and says that all is well."""
        before = self.directory.asked("bob")
        invalid = (400, None)
        for password, wrong, refused in (
                ("", (401, "wrong-credentials"), (403, "password-refused")),
                *((text, invalid, invalid) for text in ("\0", "\0" + PASSWORD, PASSWORD + "\0", PASSWORD + "\0x"))):
            for answer, wanted in (
                    (self.login("bob", password), wrong),
                    (self.change_password("bob", password, "another.Passw0rd"), wrong),
                    (self.change_password("bob", PASSWORD, password), refused)):
                self.assertEqual((answer.status, answer.json.get("reason")), wanted, (password, answer))
        self.assertEqual(self.directory.asked("bob"), before)
        # A blank is a password as good as any other, and is not made an empty one.
        self.assertEqual(self.login("bob", " ").status, 401)
        self.assertEqual(self.change_password("bob", " ", "another.Passw0rd").status, 401)
        self.assertEqual(len(self.directory.asked("bob")), len(before) + 2)
        self.assertEqual(self.login("bob", PASSWORD).status, 201)
        self.assertEqual(len(self.directory.asked("bob")), len(before) + 3)

    def test_passwords_as_typed(self):
        """They go to the directory as they are, when they are changed and when they are used."""
        old = GRACE.password
        for password in PASSWORDS:
            answer = self.change_password(GRACE.uid, old, password)
            self.assertEqual(answer.status, 204, (password, answer))
            self.assertEqual(self.login(GRACE.uid, password).status, 201, password)
            self.directory.try_password(GRACE.uid, password)
            others = {password.strip(), password + " ", " " + password, password.lower(),
                      " ".join(password.split()), password[:64], password[:72], password[:-1], old,
                      *(unicodedata.normalize(form, password) for form in ("NFC", "NFD", "NFKC"))}
            others.discard(password)
            with ThreadPoolExecutor(len(others)) as pool:
                answers = list(pool.map(lambda other: self.login(GRACE.uid, other), others))
            self.assertEqual([answer.status for answer in answers], [401] * len(others), (password, others))
            old = password

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

    def timed_login(self, person):
        """Also how long the answer takes."""
        started = time.monotonic()
        answer = self.login(person.uid, person.password)
        return time.monotonic() - started, answer

    def test_directory_down_and_back(self):
        token = self.broker.login(ALICE)
        self.directory.stop()
        try:
            for _ in range(3):
                seconds, answer = self.timed_login(BOB)
                self.assertEqual((answer.status, answer.problem), (503, "unavailable"), answer)
                self.assertEqual(answer.json["reason"], "directory-down")
                self.assertLess(seconds, 2)
            # Who is in stays in.
            self.assertEqual(self.front.call("GET", "/api/v1/pools", token=token).status, 200)
            harness.wait_for(lambda: self.connected(token), "her desktop", 60, 0.5)
        finally:
            self.directory.start()
        harness.wait_for(lambda: self.login("bob", PASSWORD).status == 201,
                         "log-ins after the directory is back", 5, step=0.2)

    def test_directory_hangs(self):
        """It takes connections and says nothing. What it was asked may be answered for five seconds;
        after that everybody is told at once, for as long as it lasts."""
        token = self.broker.login(ALICE)
        os.kill(self.directory.pid(), signal.SIGSTOP)
        try:
            waited = []
            for most in [5 + 2] + 12 * [2]:
                seconds, answer = self.timed_login(BOB)
                self.assertEqual((answer.status, answer.problem), (503, "unavailable"), answer)
                self.assertEqual(answer.json["reason"], "directory-down")
                self.assertLess(seconds, most)
                waited.append(f"{seconds:.2f}")
                time.sleep(0.3)
            print("# a directory that hangs was given up after", " s, ".join(waited), "s", flush=True)
            started = time.monotonic()
            self.assertEqual(self.front.call("GET", "/api/v1/pools", token=token).status, 200)
            self.assertLess(time.monotonic() - started, 1)
        finally:
            os.kill(self.directory.pid(), signal.SIGCONT)
        harness.wait_for(lambda: self.login("bob", PASSWORD).status == 201,
                         "log-ins after the directory goes on", 5, step=0.2)

    def many_logins(self):
        """At once, so that each connection has its share; what came of them."""
        with ThreadPoolExecutor(MANY) as pool:
            return list(pool.map(lambda _: self.login("bob", PASSWORD), range(MANY)))

    def refused_logins(self):
        """Of so many at once."""
        return [answer for answer in self.many_logins() if answer.status != 201]

    def kill_directory(self):
        os.kill(self.directory.pid(), signal.SIGKILL)
        self.directory.stop()
        self.directory.start()

    def test_directory_killed_between_log_ins(self):
        """It has closed all connections, which is found out by writing to them. Nobody's log-in fails,
        and the broker is the one that it was."""
        for _ in range(2):
            self.assertEqual(self.refused_logins(), [])
            self.kill_directory()
        self.assertEqual(self.refused_logins(), [])
        self.assertIsNone(self.broker.process.poll(), self.stack.work.log("broker"))

    def test_directory_killed_during_log_ins(self):
        """They have asked, and no answer comes on that connection any more."""
        self.assertEqual(self.refused_logins(), [])
        os.kill(self.directory.pid(), signal.SIGSTOP)
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(self.many_logins)
            time.sleep(0.5)
            self.assertFalse(waiting.done())
            self.kill_directory()
            self.assertLessEqual({answer.status for answer in waiting.result()}, {201, 503})
        self.assertEqual(self.refused_logins(), [])
        self.assertIsNone(self.broker.process.poll(), self.stack.work.log("broker"))

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
