#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Desktops that only speak VNC, lent like any other: the picture, the keys, and why it ended. One
story; the cases run in the order of their names."""
import io
import re
import unittest

import harness
from client import Client
from PIL import Image
from screen import Screen, changed, guest_in
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

    def look(self, token, path):
        """The whole screen, of the parts that come."""
        screen, after = None, 0
        while screen is None or after < 3:
            answer = self.broker.front.call("GET", f"{path}/picture?after={after}", token=token)
            if answer.status == 204:
                break
            self.assertEqual(200, answer.status, answer)
            place = dict(part.split("=") for part in answer.headers["floe-picture"].split(", "))
            after = int(place["number"])
            with Image.open(io.BytesIO(answer.body)) as part:
                screen = screen or Image.new("RGB", (int(place["width"]), int(place["height"])))
                screen.paste(part.convert("RGB"), (int(place["x"]), int(place["y"])))
            if int(place["y"]) + part.height >= screen.height:
                break
        return screen

    def test_1_shown_to_the_helpdesk(self):
        """With her consent, and typed into with another one."""
        client, token = self.clients[0], self.broker.login(HELPDESK)
        desktop, = self.broker.front.call("GET", "/api/v1/admin/desktops?pool=office", token=token).json["items"]
        asked = self.broker.front.call("POST", f"/api/v1/admin/desktops/{desktop['id']}/shadow", {"reason": "a test"}, token=token)
        path = "/api/v1/admin/shadows/" + asked.json["id"]
        client.click(client.find(["push button"], "Let Them Look"))
        client.find(["alert", "label"], "sees your screen")
        seen = self.look(token, path)
        self.assertEqual(guest_in(seen, self.hypervisor.screenshot("office-1")) or 0, 0)
        key = [{"kind": "key", "code": 35, "down": down} for down in (True, False)]
        self.assertEqual(403, self.broker.front.call("POST", path + "/input", {"events": key}, token=token).status)
        self.broker.front.call("POST", path + "/control", {"wanted": True}, token=token)
        client.click(client.find(["push button"], "Allow"))
        client.wait_text("can type and click")
        before = self.hypervisor.screenshot("office-1")
        for _ in range(8):
            self.assertEqual(204, self.broker.front.call("POST", path + "/input", {"events": key}, token=token).status)
        harness.wait_for(lambda: changed(before, self.hypervisor.screenshot("office-1")), "what the helpdesk typed", 10)
        client.click(client.find(["push button"], "End"))
        self.assertEqual(409, self.broker.front.call("POST", path + "/input", {"events": key}, token=token).status)

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
