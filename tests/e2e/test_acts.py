#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody does with their desktop from the client's menu: with real guests, one story in the
order of the cases' names."""
import os
import unittest

import harness
from client import Client
from harness import wait_for
from screen import Screen
from stack import OFFICE, Stack

ALICE = OFFICE[0]


class Acts(unittest.TestCase):
    """State goes from case to case."""

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(guests=2)
        cls.addClassCleanup(cls.stack.stop)
        cls.stack.apply_pool(actions=["restart", "force-off", "fresh"])
        cls.screen = Screen(cls.stack.work)
        cls.client = Client(cls.screen, cls.stack, ALICE)
        cls.client.login()
        cls.first = cls.client.guest()

    def ask(self, item, question):
        """Chooses it in the menu, and waits for the question."""
        self.client.click(self.client.find(["toggle button"], "menu"))
        chosen = self.client.find(["push button", "menu item"], item)
        self.client.still()  # the menu slides out, and what is clicked must stay where it is
        self.client.click(chosen)
        self.client.wait_text(question)
        if "FLOE_PICTURES" in os.environ:
            self.client.still().save(os.path.join(os.environ["FLOE_PICTURES"], "question.png"))

    def power(self, name):
        return name in self.stack.hypervisor.running()

    def rows(self, action):
        """The trail's rows of one action."""
        admin = self.stack.broker.login(self.stack.helpdesk)
        rows = self.stack.broker.front.call("GET", "/api/v1/admin/audit?limit=1000",
                                            token=admin).json["items"]
        self.stack.broker.logout(admin)
        return [row for row in rows if row["action"] == action]

    def test_01_only_what_the_pool_allows(self):
        self.client.click(self.client.find(["toggle button"], "menu"))
        self.client.find(["push button", "menu item"], "^Restart…$")
        names = [name for _, name, _ in self.client.widgets()]
        self.assertIn("Get a Fresh One…", names)
        self.assertNotIn("Shut Down…", names)
        if "FLOE_PICTURES" in os.environ:
            self.client.still().save(os.path.join(os.environ["FLOE_PICTURES"], "menu.png"))
        self.client.key("Escape")
        wait_for(lambda: "Get a Fresh One…" not in [name for _, name, _ in self.client.widgets()],
                 "the menu to close", 10)

    def test_02_no_is_no(self):
        self.ask("^Get a Fresh One…$", "for a fresh one")
        self.client.click(self.client.find(["push button"], "^Not Now$"))
        self.assertEqual(self.client.guest(), self.first)
        self.assertEqual(self.rows("desktop-fresh"), [])

    def test_03_fresh(self):
        self.ask("^Get a Fresh One…$", "for a fresh one")
        self.client.click(self.client.find(["push button"], "^Get a Fresh One$"))
        second = wait_for(lambda: self.client.guest() != self.first and self.client.guest(),
                          "another guest", 60)
        self.assertNotEqual(second, self.first)
        row, = self.rows("desktop-fresh")
        self.assertEqual((row["actor"], row["outcome"], row["object"]),
                         (ALICE.uid, "done", self.first))

    def test_04_force_off_and_start_again(self):
        name = self.client.guest()
        self.ask("^Force Off…$", "Force the desktop off")
        self.client.click(self.client.find(["push button"], "^Force Off$"))
        wait_for(lambda: not self.power(name), "the guest to be off", 30)
        self.client.wait_text("was shut down")
        self.client.click(self.client.find(["push button"], "^Start It Again$"))
        self.assertEqual(self.client.guest(), name)

    def test_05_restart_comes_back_by_itself(self):
        """These guests do not heed the power button, so that it is pulled for them."""
        name = self.client.guest()
        self.ask("^Restart…$", "Restart the desktop")
        self.client.click(self.client.find(["push button"], "^Restart$"))
        wait_for(lambda: self.rows("stop"), "the restart to begin", 30)
        self.stack.hypervisor.virsh("destroy", name)
        self.assertEqual(self.client.guest(), name)
        self.assertTrue(self.power(name))

    def test_06_the_pool_decides(self):
        """A client that was told otherwise before is refused."""
        self.stack.apply_pool(actions=[])
        self.ask("^Force Off…$", "Force the desktop off")
        self.client.click(self.client.find(["push button"], "^Force Off$"))
        self.client.wait_text("not allowed")
        self.assertTrue(self.power(self.client.guest()))


if __name__ == "__main__":
    harness.main("/acts")
