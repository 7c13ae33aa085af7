#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Single sign-on with a real key distribution centre, seen from outside: Floe's client and floectl
with a ticket and without, and what must not get in. The cases run in the order of their names."""
import base64
import http.server
import json
import os
import shutil
import subprocess
import threading
import time
import unittest

import harness
from screen import Program, Screen
from stack import HELPDESK, NO_LIMIT, OFFICE, Broker, Directory, Hypervisor

ALICE = OFFICE[0]
LOGIN = "/api/v1/login/kerberos"


class Centre:
    """The key distribution centre, and people's tickets of it."""

    def __init__(self, work, user):
        self.work, self.folder = work, work.folder("kdc")
        work.at_end.append(self.stop)
        environment = dict(os.environ, KRB_OWNER=str(os.getpid()))
        self.values = harness.environment_of(work.run(
            os.path.join(harness.FIXTURES, "krb5-up.sh"), self.folder, env=environment))
        # For all that this test starts: nobody looks at this machine's own configuration, and the
        # broker's user notes used tokens where it may.
        os.environ["KRB5_CONFIG"] = self.values["KRB5_CONFIG"]
        os.environ["KRB5RCACHENAME"] = "file2:" + work.folder("tokens", user, 0o700) + "/used"
        os.environ["KRB5CCNAME"] = self.tickets("nobody")
        self.keytab = work.file("http.keytab")
        shutil.copy(self.values["KRB5_KEYTAB"], self.keytab)
        os.chmod(self.keytab, 0o400)
        work.give(self.keytab, user)

    def tickets(self, name):
        return "FILE:" + os.path.join(self.folder, "cc-" + name)

    def log_in(self, principal):
        """Gets tickets for somebody; returns where they are."""
        where = self.tickets(principal.replace("/", "-"))
        subprocess.run(["kinit", "-c", where, principal], input="secret\n", text=True, check=True,
                       stdout=subprocess.DEVNULL)
        return where

    def stop(self):
        subprocess.run([os.path.join(harness.FIXTURES, "stop.sh"), self.folder], check=False)


class Kerberos(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = harness.Work()
        cls.addClassCleanup(cls.work.stop)
        user = harness.service_user("nobody")
        cls.centre = Centre(cls.work, user)
        Broker.more = f"[kerberos]\nkeytab = {cls.centre.keytab}\n{NO_LIMIT}"
        cls.broker = Broker(cls.work, user, Directory(cls.work, OFFICE),
                            {"lab": Hypervisor(cls.work, user)})
        cls.front = cls.broker.front
        admin = cls.broker.login(HELPDESK)
        for name in ("office", "design"):  # two, so that nobody's desktop is opened at once
            answer = cls.front.call("PUT", f"/api/v1/admin/pools/{name}", {
                "name": name, "kind": "floating", "manager": "libvirt",
                "domains": {"pattern": name + "-*"},
                "entitlements": {"groups": ["vdi-users"], "users": []}}, token=admin)
            assert answer.status in (200, 201), answer
        cls.screen = Screen(cls.work)

    def floectl(self, tickets, *arguments):
        """floectl with somebody's tickets: how it ended."""
        return subprocess.run(
            [harness.program("floectl"), "--broker", self.broker.url, "--ca",
             self.broker.authority.cert, "--token-file", self.work.file("token"), *arguments],
            env=dict(os.environ, KRB5CCNAME=tickets, LC_ALL="C.UTF-8"), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False)

    def token(self, tickets):
        """What a web browser with these tickets would send to localhost."""
        seen = []

        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # pylint: disable=invalid-name
                sent = self.headers.get("Authorization", "").split()
                seen.extend(sent[1:])
                self.send_response(200 if sent else 401)
                self.send_header("WWW-Authenticate", "Negotiate")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):  # pylint: disable=arguments-differ
                pass
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            subprocess.run(["curl", "-sS", "--noproxy", "*", "--negotiate", "-u", ":",
                            f"http://localhost:{server.server_port}/"],
                           env=dict(os.environ, KRB5CCNAME=tickets), check=True)
            server.shutdown()
        self.assertEqual(len(seen), 1)
        return seen[0]

    def floe(self, name, tickets, *arguments):
        self.screen.environment["KRB5CCNAME"] = tickets
        client = Program(self.screen, name, [
            harness.program("floe"), "--broker", self.broker.url, "--ca",
            self.broker.authority.cert, *arguments])
        self.addCleanup(client.end)
        return client

    def test_1_floectl_is_the_same_person(self):
        tickets = self.centre.log_in("alice@FLOE.TEST")
        done = self.floectl(tickets, "login", "--kerberos")
        self.assertEqual((done.returncode, done.stderr), (0, ""), done)
        self.assertIn("alice (Alice Archer, user) is logged in", done.stdout)
        with open(self.work.file("token"), encoding="ascii") as kept:
            token = kept.read().split()[1]
        me = self.front.call("GET", "/api/v1/me", token=token)
        by_password = self.front.call("GET", "/api/v1/me", token=self.broker.login(ALICE))
        self.assertEqual((me.status, by_password.status), (200, 200))
        self.assertEqual(me.json["user"], by_password.json["user"])
        self.assertEqual(len(me.json["pools"]), 2)
        trail = json.loads(self.broker.floectl("--json", "audit"))
        rows = [row for row in next(iter(trail.values())) if row["action"] == "login"]
        self.assertIn(("alice", "kerberos"), [(row.get("actor"), row.get("detail")) for row in rows])

    def test_2_who_does_not_get_in(self):
        for principal, why in (("alice@OTHER.TEST", "realm"), ("stranger@FLOE.TEST", "nobody"),
                               ("alice/admin@FLOE.TEST", "nobody")):
            done = self.floectl(self.centre.log_in(principal), "login", "--kerberos")
            self.assertEqual((done.returncode, done.stdout), (3, ""), done)
            self.assertIn(why, done.stderr)
        done = self.floectl(self.centre.tickets("nobody"), "login", "--kerberos")
        self.assertEqual((done.returncode, done.stdout), (3, ""), done)
        self.assertIn('run "kinit"', done.stderr)

    def test_3_bad_tokens(self):
        for token, status, reason in (("", 401, "wrong-ticket"), ("YWJj", 401, "wrong-ticket"),
                                      ("no base64!", 400, None), ("A" * 64000, 401, "wrong-ticket"),
                                      ("A" * 64004, 400, None)):
            answer = self.front.call("POST", LOGIN, {"token": token})
            self.assertEqual((answer.status, answer.json.get("reason")), (status, reason), answer)
        # What a browser that offers NTLM would send.
        ntlm = base64.b64encode(b"NTLMSSP\0\1\0\0\0" + bytes(20)).decode()
        self.assertEqual(self.front.call("POST", LOGIN, {"token": ntlm}).status, 401)

    def test_3b_the_clocks_are_looked_at(self):
        """The server does not tell its own here: with Kerberos that is worth a warning."""
        done = subprocess.run([
            harness.program("floe-broker"), "--config", self.broker.configuration,
            "--test-directory"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(done.stdout.count("warning: clock: "), 1, done.stdout)

    def test_4_floe_with_a_ticket(self):
        client = self.floe("with", self.centre.log_in("alice@FLOE.TEST"))
        client.wait_text("design")
        self.assertIn("office", client.text())
        client.click(client.find(["toggle button"], "menu"))
        client.click(client.find(["menu item", "push button", "check menu item"], "^Log Out…"))
        client.click(client.find(["push button"], "^Log Out$"))
        client.find(["password text"])
        button = client.find(["push button"], "^Log In as alice@FLOE.TEST$")
        time.sleep(3)  # it would have logged in again by now
        self.assertNotIn("design", client.text())
        client.find(["password text"], seconds=1)
        client.click(button)
        client.wait_text("design")

    def test_5_floe_without_a_ticket(self):
        began = time.monotonic()
        client = self.floe("without", self.centre.tickets("nobody"))
        client.find(["password text"])
        client.find(["push button"], "^Use Another Server$", seconds=5)  # not "Cancel": it is not busy
        self.assertLess(time.monotonic() - began, 30)
        name = client.find(["text", "entry"], "name|user")
        client.type(name, ALICE.uid)
        client.type(client.find(["password text"]), ALICE.password)
        client.key("Return")
        client.wait_text("design")

    def test_6_floe_that_must_not(self):
        client = self.floe("must-not", self.centre.log_in("alice@FLOE.TEST"), "--no-kerberos")
        client.find(["password text"])
        time.sleep(3)
        self.assertNotIn("design", client.text())

    def test_7_the_key_is_lost(self):
        os.rename(self.centre.keytab, self.centre.keytab + ".away")
        tickets = self.centre.log_in("alice@FLOE.TEST")
        done = self.floectl(tickets, "login", "--kerberos")
        self.assertEqual(done.returncode, 4, done)
        os.rename(self.centre.keytab + ".away", self.centre.keytab)
        done = self.floectl(tickets, "login", "--kerberos")
        self.assertEqual(done.returncode, 0, done)

    def test_8_used_tokens_are_known_after_a_restart(self):
        """As systemd starts it: with a state directory, and temporary ones that are new."""
        token = self.token(self.centre.log_in("alice@FLOE.TEST"))
        del os.environ["KRB5RCACHENAME"]
        os.environ["STATE_DIRECTORY"] = self.work.folder("state", self.broker.user, 0o700)
        for number, reason in enumerate((None, "replayed-ticket", "replayed-ticket")):
            self.work.end(self.broker.process)
            os.environ["TMPDIR"] = self.work.folder(f"tmp-{number}", self.broker.user, 0o700)
            self.broker.start()
            answer = self.front.call("POST", LOGIN, {"token": token})
            self.assertEqual(answer.status, 401 if reason else 201, answer)
            self.assertEqual(answer.json.get("reason"), reason, answer)


if __name__ == "__main__":
    harness.main("/kerberos")
