#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The second factor as people meet it: in floe, whose QR code is read from its window, and in
floectl at a terminal and from a script."""
import codecs
import os
import pty
import re
import secrets
import subprocess
import unittest

import harness
from client import Client
from screen import Screen
from stack import HELPDESK, NO_LIMIT, OFFICE, Broker, Directory, Hypervisor
from totp import App, read_qr, terminal_picture

ALICE, BOB = OFFICE[:2]
# Nothing here is about speed, and a code may have to be waited for.
PATIENCE = 180
BUTTON = ["push button"]
OUTSIDE = "127.0.0.9"  # from where everybody must have one


class Factor(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = harness.Work()
        cls.addClassCleanup(cls.work.stop)
        user = harness.service_user("nobody")
        key = cls.work.put("factor.key", secrets.token_hex(32) + "\n", mode=0o400)
        cls.work.give(key, user)
        Broker.more = f"""
[second_factor]
key_file = {key}
required_groups = vdi-users
required_networks = {OUTSIDE}/32
{NO_LIMIT}
"""
        cls.hypervisor = Hypervisor(cls.work, user)
        cls.broker = Broker(cls.work, user, Directory(cls.work, OFFICE), {"lab": cls.hypervisor})
        cls.admin = admin = cls.broker.login(HELPDESK)
        for name in ("east", "west"):  # two, so that a list is shown and none is opened
            answer = cls.broker.front.call("PUT", f"/api/v1/admin/pools/{name}", {
                "name": name, "kind": "floating", "manager": "libvirt",
                "domains": {"pattern": name + "-*"},
                "entitlements": {"groups": ["vdi-users"], "users": []}}, token=admin)
            assert answer.status in (200, 201), answer
        cls.screen = Screen(cls.work, "1000x760")
        cls.app = None
        cls.recovery = []

    def client(self, name):
        """floe with Alice's password typed."""
        client = Client(self.screen, self, ALICE, name=name)
        self.addCleanup(client.end)
        client.login()
        return client

    def send(self, client, code):
        client.type(client.find(["text", "entry"], "^Code from the app$", PATIENCE), code)
        client.key("Return")

    def refused(self):
        """How many codes of Alice's the broker has refused."""
        rows = self.broker.front.call("GET", "/api/v1/admin/audit?user=alice&limit=1000",
                                      token=self.admin).json["items"]
        return sum(row["action"] == "login" and row["outcome"] == "denied" for row in rows)

    def send_wrong(self, client):
        """Sends a wrong code, and waits until the page is ready for the next one."""
        before = self.refused()
        self.send(client, self.app.wrong())
        harness.wait_for(lambda: self.refused() > before, "a refused code", PATIENCE, step=0.5)
        field = client.find(["text", "entry"], "^Code from the app$", PATIENCE)
        harness.wait_for(lambda: self.screen.atspi.Text.get_text(field, 0, -1) == "",
                         "an empty field", PATIENCE)
        client.wait_text("wrong, or was used before", PATIENCE)

    def wait_list(self, client):
        client.find(["list item"], "west", PATIENCE)

    def floectl(self, person, *arguments):
        password = self.work.put(person.uid + ".password", person.password + "\n", mode=0o600)
        return [harness.program("floectl"), "--broker", self.broker.url, "--ca",
                self.broker.authority.cert, "--user", person.uid, "--password-file", password,
                "--token-file", self.work.file(person.uid + ".token"), *arguments]

    def run_floectl(self, person, *arguments):
        """From a script: without a terminal. Returns its exit code and what it said. Where a busy
        machine did not let it connect in time, nothing was sent yet, and it runs again."""
        for _ in range(10):
            done = subprocess.run(self.floectl(person, *arguments), stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, start_new_session=True,
                                  check=False)
            if "no connection to the broker in time" not in done.stderr:
                break
        return done.returncode, done.stdout + done.stderr

    def code_file(self, code):
        return self.work.put("code", code + "\n", mode=0o600)

    def test_1_enrol_in_floe(self):
        client = self.client("enrol")
        client.wait_text("Set Up Your Second Factor", PATIENCE)
        uri = read_qr(self.work, client.still())
        self.assertRegex(uri, r"^otpauth://totp/Floe:alice\?")
        app = App.of_uri(uri)
        self.assertEqual(App(client.find(["label"], r"^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$").get_name()).key,
                         app.key)
        self.send(client, app.wrong())
        client.wait_text("The code is wrong", PATIENCE)
        self.send(client, app.code())
        client.wait_text("Keep These Recovery Codes", PATIENCE)
        codes = client.find(["label"], r"^[A-Z2-7]{4}-[A-Z2-7]{4}-").get_name().split()
        self.assertEqual(len(set(codes)), 10, codes)
        client.click(client.find(BUTTON, "Written Them Down"))
        self.wait_list(client)
        type(self).app, type(self).recovery = app, codes

    def test_2_code(self):
        client = self.client("code")
        client.wait_text("Enter a Code", PATIENCE)
        code = self.app.code()
        self.send(client, f"{code[:3]} {code[3:]}")
        self.wait_list(client)
        again = self.client("again")
        self.send(again, code)
        again.wait_text("wrong, or was used before", PATIENCE)
        again.key("Escape")
        again.find(["password text"], seconds=PATIENCE)

    def test_3_recovery_code(self):
        client = self.client("recovery")
        self.send(client, self.recovery[0].lower())
        self.wait_list(client)
        again = self.client("recovery-again")
        self.send(again, self.recovery[0])
        again.wait_text("wrong, or was used before", PATIENCE)
        self.send(again, self.recovery[1])
        self.wait_list(again)

    def test_4_five_wrong_codes(self):
        client = self.client("wrong")
        for _ in range(5):
            self.send_wrong(client)
        self.send(client, self.app.wrong())
        client.wait_text("The log-in took too long", PATIENCE)
        client.find(["password text"], seconds=PATIENCE)
        client.login()
        self.send(client, self.app.code())
        self.wait_list(client)

    def test_5_floectl_of_a_script(self):
        status, said = self.run_floectl(ALICE, "login")
        self.assertEqual(status, 2, said)
        self.assertIn("give --code-file FILE", said)
        code = self.app.code()
        status, said = self.run_floectl(ALICE, "--code-file", self.code_file(code), "login")
        self.assertEqual(status, 0, said)
        self.assertIn("alice", self.run_floectl(ALICE, "whoami")[1])
        status, said = self.run_floectl(ALICE, "--code-file", self.code_file(code), "login")
        self.assertEqual(status, 3, said)

    def test_6_floectl_at_a_terminal(self):
        """Bob must enrol, and may not end it, since it is required."""
        shown, text = "", codecs.getincrementaldecoder("utf-8")()  # a read may end within a character
        child, terminal = pty.fork()
        if child == 0:
            os.environ.update(TERM="xterm", LC_ALL="C.UTF-8")
            os.execv(harness.program("floectl"), self.floectl(BOB, "login"))
        app = None
        while True:
            try:
                shown += text.decode(os.read(terminal, 65536))
            except OSError:  # its end
                break
            if app is None and shown.endswith("Code of the second factor: "):
                app = App.of_uri(read_qr(self.work, terminal_picture(shown)))
                os.write(terminal, app.code().encode() + b"\n")
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0, shown)
        self.assertEqual(len(re.findall(r"^  [A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}\r$", shown, re.M)), 10, shown)
        self.assertIn("bob", self.run_floectl(BOB, "whoami")[1])
        status, said = self.run_floectl(BOB, "--code-file", self.code_file(app.code()), "factor", "end")
        self.assertEqual(status, 3, said)
        self.assertIn("is required of bob", said)

    def test_7_helpdesk_resets(self):
        self.broker.floectl("factor", "reset", "alice", "--reason", "lost her phone")
        client = self.client("reset")
        client.wait_text("Set Up Your Second Factor", PATIENCE)
        client.key("Escape")
        client.find(["password text"], seconds=PATIENCE)

    def test_8_required_network(self):
        """From there the helpdesk must set one up, who may log in with a password anywhere else."""
        body = {"username": HELPDESK.uid, "password": HELPDESK.password}
        inside = self.broker.front.call("POST", "/api/v1/login", body)
        outside = self.broker.front.call("POST", "/api/v1/login", body, source=OUTSIDE)
        self.assertEqual((inside.status, outside.status), (201, 401), outside)
        self.assertEqual(outside.json["reason"], "enrolment-needed")


if __name__ == "__main__":
    harness.main("/factor")
