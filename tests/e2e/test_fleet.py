#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A locked terminal with its broker: it becomes one by a code that is typed on it, goes by what is
set for it, also without network, tells how it is, and is opened by a code that needs no network."""
import os
import re
import secrets
import signal
import unittest

import harness
from client import Client
from harness import wait_for
from screen import Screen
from stack import HELPDESK, NO_LIMIT, OFFICE, POOL, Broker, Directory, Hypervisor, screen_text

FIELDS = ["text", "entry"]
PATIENCE = 60


class Fleet(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = harness.Work()
        cls.addClassCleanup(cls.work.stop)
        user = harness.service_user("nobody")
        key = cls.work.put("terminals.key", secrets.token_hex(32) + "\n", mode=0o400)
        cls.work.give(key, user)
        Broker.more = f"[terminals]\nkey_file = {key}\n{NO_LIMIT}"
        cls.hypervisor = Hypervisor(cls.work, user)
        for number in (1, 2):
            cls.hypervisor.define(f"office-{number}", screen_text(number))
        cls.broker = Broker(cls.work, user, Directory(cls.work, OFFICE), {"lab": cls.hypervisor})
        cls.front = cls.broker.front
        cls.screen = Screen(cls.work, "1280x800")

    def floectl(self, *arguments):
        return self.broker.floectl("terminal", *arguments)

    def kiosk(self, name, start="floe"):
        """floe on a machine that has nothing else, with the key of this terminal or none yet."""
        client = Client(self.screen, self, None, name=f"{start}-{name}",
                        options=("--kiosk", "--terminal-key", self.key(name)))
        self.addCleanup(client.end)
        return client

    def key(self, name):
        return self.work.file(name + ".pem")

    def state(self, name, start="floe"):
        return os.path.join(self.work.file(f"home-{start}-{name}"), "state", "floe")

    def enrol(self, name, *options):
        """Makes a terminal, and a kiosk of it by what is typed there."""
        self.floectl("put", name, *options)
        code = self.floectl("code", name).split()[0]
        client = self.kiosk(name)
        field = client.find(FIELDS, "^Code from the helpdesk$", PATIENCE)
        client.type(field, code)
        client.key("Return")
        return client

    def wait_state(self, name, state):
        def is_it():
            row, = [line for line in self.floectl("list").splitlines()
                    if line.startswith(name + " ")]
            return row.split()[1] == state
        wait_for(is_it, f"terminal {name} to be {state}", PATIENCE, step=1)

    def audit(self):
        return self.broker.floectl("audit")

    def test_enrolment_and_reports(self):
        client = self.enrol("hall-1", "--group", "hall")
        client.find(["password text"], seconds=PATIENCE)
        self.assertEqual(os.stat(self.key("hall-1")).st_mode & 0o777, 0o600)
        self.wait_state("hall-1", "online")
        shown = self.floectl("show", "hall-1")
        self.assertRegex(shown, r"version +\d")
        self.assertRegex(shown, r"monitors +1280x800")
        self.assertIn("terminal-trust", self.audit())

    def layout(self):
        said = self.work.run("setxkbmap", "-query", env=self.screen.environment)
        return re.search(r"^layout: *(\S+)", said, re.MULTILINE)[1]

    def test_settings(self):
        self.floectl("settings", "--group", "all", "--set", "idle_minutes=10")
        self.floectl("settings", "--group", "desks", "--set", "volume=40", "--set", "keyboard=de",
                     "--set", "language=de_DE.UTF-8", "--set", "login_parts=keyboard,power")
        client = self.enrol("desk-1", "--group", "desks")
        client.wait_text("Benutzername", PATIENCE)
        wait_for(lambda: "de" in self.layout(), "a German keyboard", PATIENCE)
        shown = client.text()
        self.assertIn("Tastaturbelegung", shown)
        self.assertNotIn("Große Schrift", shown)
        kept = os.path.join(self.state("desk-1"), "terminal-settings")
        wait_for(lambda: os.path.exists(kept), "the settings to be kept", PATIENCE)
        with open(kept, encoding="utf-8") as file:
            text = file.read()
        self.assertIn('"settings":{"idle_minutes":10,"language":"de_DE.UTF-8",'
                      '"keyboard":"de","volume":40,"login_parts":["keyboard","power"]}', text)
        self.assertEqual(os.stat(kept).st_mode & 0o777, 0o600)
        client.end()
        # Whoever sits before the disk changes nothing unnoticed.
        with open(kept, "w", encoding="utf-8") as file:
            file.write(text.replace('"volume":40', '"volume":99'))
        again = self.kiosk("desk-1")
        wait_for(lambda: "the kept settings are not used" in again.log(), "a warning", PATIENCE)

        def is_mended():
            with open(kept, encoding="utf-8") as file:
                return file.read() == text
        wait_for(is_mended, "the right settings to be kept again", PATIENCE)
        # Another administrator was faster.
        answer = self.front.call(
            "PUT", "/api/v1/admin/terminals/desk-1/settings", {"revision": 5, "settings": {}},
            token=self.broker.login(HELPDESK))
        self.assertEqual((answer.status, answer.json["reason"]), (409, "changed-meanwhile"))

    def test_way_out(self):
        client = self.enrol("gate-1")
        client.find(["password text"], seconds=PATIENCE)
        self.wait_state("gate-1", "online")
        client.key("ctrl+alt+shift+o")
        field = client.find(FIELDS, "^Code from the administrator$", PATIENCE)
        digits = re.search(r"^(\d{5}) (\d{5})$", client.text(), re.MULTILINE)
        said = self.floectl("unlock", "gate-1", digits[1], digits[2])
        self.front.process.send_signal(signal.SIGSTOP)  # a network that is not there
        try:
            client.type(field, "00000000")
            client.key("Return")
            client.wait_text("does not fit these digits")
            client.type(client.find(FIELDS, "^Code from the administrator$"), said[:9])
            client.key("Return")
            wait_for(lambda: client.process.poll() is not None, "floe to end", PATIENCE)
        finally:
            self.front.process.send_signal(signal.SIGCONT)
        self.assertEqual(client.process.returncode, 0)
        self.assertIn("terminal-unlock", self.audit())
        self.kiosk("gate-1")
        wait_for(lambda: "terminal-unlocked" in self.audit(), "the trail to know", PATIENCE, step=1)

    def test_public_terminal(self):
        """Nobody types anything, and when the desktop ends it comes again."""
        answer = self.front.call(
            "PUT", f"/api/v1/admin/pools/{POOL}", {
                "name": POOL, "kind": "floating", "manager": "libvirt",
                "domains": {"pattern": "office-*"},
                "entitlements": {"groups": ["terminals:lobby"], "users": []}},
            token=self.broker.login(HELPDESK))
        self.assertIn(answer.status, (200, 201))
        client = self.enrol("lobby-9", "--group", "lobby", "--public")
        guest = client.guest(90)
        self.hypervisor.virsh("destroy", guest)
        wait_for(lambda: client.guest(90), "a desktop again", 120)


if __name__ == "__main__":
    harness.main("/fleet")
