#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Desktops that only speak VNC, lent like any other: the picture, the keys, and why it ended. One
story; the cases run in the order of their names."""
import unittest

import harness
from client import Client
from screen import Screen
from stack import Broker, Directory, HELPDESK, Hypervisor, OFFICE, Stack, screen_text

ALICE = OFFICE[0]


class PlainBroker(Broker):
    plain_display = "yes"


class Vnc(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.work, cls.helpdesk = harness.Work(), HELPDESK
        cls.addClassCleanup(cls.work.stop)
        user = harness.service_user("nobody")
        cls.hypervisor = Hypervisor(cls.work, user)
        cls.hypervisor.define("office-1", screen_text(1), "no-spice")
        cls.broker = PlainBroker(cls.work, user, Directory(cls.work, OFFICE),
                                 {"lab": cls.hypervisor})
        Stack.apply_pool(cls, vnc=True)
        cls.screen = Screen(cls.work)
        cls.clients = []

    def client(self, name, position=(0, 0)):
        client = Client(self.screen, self, ALICE, position, name=name)
        client.login()
        self.assertEqual(client.guest(), "office-1")
        self.clients.append(client)
        return client

    def test_1_she_sees_and_types(self):
        client = self.client("first")
        client.wait_text("speaks VNC")
        before = self.hypervisor.screenshot("office-1")
        client.key("h", "i")
        harness.wait_for(lambda: self.hypervisor.screenshot("office-1") != before,
                         "the guest to show what was typed", 10)
        self.assertEqual(client.guest(), "office-1")

    def test_2_taken_over_at_another_place(self):
        self.client("second", (1300, 0))
        self.clients[0].wait_text("open somewhere else")

    def test_3_switched_off(self):
        self.hypervisor.virsh("destroy", "office-1")
        self.clients[1].wait_text("was shut down")
        self.clients[1].click(self.clients[1].find(["push button"], "Start It Again"))
        self.assertEqual(self.clients[1].guest(), "office-1")


if __name__ == "__main__":
    harness.main("/vnc")
