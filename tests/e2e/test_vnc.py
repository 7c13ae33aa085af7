#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Desktops that only speak VNC, lent like any other: the picture, the keys, and why it ended. One
story; the cases run in the order of their names."""
import re
import unittest

import harness
from client import Client
from screen import Screen
from stack import Broker, Directory, HELPDESK, Hypervisor, OFFICE, Stack, screen_text
from wire import Wire

ALICE = OFFICE[0]
ADDRESS = "127.0.0.2"


class PlainBroker(Broker):
    plain_display, display_address = "yes", ADDRESS


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
        Stack.wait_for_desktops(cls, 1)
        cls.broker.connect(cls.broker.login(ALICE))
        cls.lay_wire()
        cls.screen = Screen(cls.work)
        cls.clients = []

    @classmethod
    def lay_wire(cls):
        """To the guest's display, whose port is another one with each start."""
        number = harness.wait_for(lambda: cls.hypervisor.virsh("vncdisplay", "office-1").strip(),
                                  "the guest's display")
        cls.wire = Wire(cls.work, ADDRESS, 5900 + int(number.rpartition(":")[2]))

    def client(self, name, position=(0, 0)):
        client = Client(self.screen, self, ALICE, position, name=name)
        client.login()
        self.assertEqual(client.guest(), "office-1")
        self.clients.append(client)
        return client

    def assert_typing_arrives(self, client):
        before = self.hypervisor.screenshot("office-1")
        client.key("h", "i")
        harness.wait_for(lambda: self.hypervisor.screenshot("office-1") != before,
                         "the guest to show what was typed", 10)
        self.assertEqual(client.guest(), "office-1")

    def test_1_she_sees_and_types(self):
        client = self.client("first")
        client.wait_text("speaks VNC")
        self.assert_typing_arrives(client)

    def test_1_the_network_is_away(self):
        client = self.clients[0]
        self.wire.close()
        client.wait_text("reconnecting|disconnected")
        self.wire.open()
        harness.wait_for(lambda: not re.search("econnecting|isconnected", client.text()), "the picture to be back")
        self.assert_typing_arrives(client)

    def test_2_taken_over_at_another_place(self):
        self.client("second", (1300, 0))
        self.clients[0].wait_text("open somewhere else")

    def test_3_switched_off(self):
        self.hypervisor.virsh("destroy", "office-1")
        self.clients[1].wait_text("was shut down")
        self.clients[1].click(self.clients[1].find(["push button"], "Start It Again"))
        self.wire.close()
        self.lay_wire()
        self.assertEqual(self.clients[1].guest(), "office-1")


if __name__ == "__main__":
    harness.main("/vnc")
