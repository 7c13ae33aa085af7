#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job, with real parts throughout: four office users, one floating pool of three guests.
The cases are one story and run in the order of their names."""
import re
import threading
import time
import unittest

import harness
from client import Client
from screen import Program, Screen, which_guest
from stack import OFFICE, POOL, Stack

ALICE, BOB, CAROL, DAVE = OFFICE


class Desktop(unittest.TestCase):
    """State goes from case to case: that is what is tested."""

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack()
        cls.addClassCleanup(cls.stack.stop)
        cls.broker, cls.hypervisor = cls.stack.broker, cls.stack.hypervisor
        cls.screen = Screen(cls.stack.work)
        cls.clients, cls.has, cls.tokens = {}, {}, {}

    def client(self, person, position=(0, 0)):
        self.clients[person] = Client(self.screen, self.stack, person, position)
        return self.clients[person]

    def token(self, person):
        """One log-in a person for what the tests ask by plain HTTP."""
        if person not in self.tokens:
            self.tokens[person] = self.broker.login(person)
        return self.tokens[person]

    def desktop_of(self, person):
        """What the broker says that somebody has."""
        answer = self.broker.front.call("GET", "/api/v1/pools", token=self.token(person))
        self.assertEqual(answer.status, 200, answer)
        pool, = [pool for pool in answer.json["pools"] if pool["name"] == POOL]
        return pool["desktop"] and pool["desktop"]["name"]

    def leases(self):
        """Who has what, as an administrator sees it."""
        admin = self.broker.login(self.stack.helpdesk)
        answer = self.broker.front.call("GET", f"/api/v1/admin/pools/{POOL}", token=admin)
        self.assertEqual(answer.status, 200, answer)
        self.broker.logout(admin)
        return {desktop["name"]: desktop["holder"] for desktop in answer.json["desktops"]}

    def test_01_user_one_sees_her_guest(self):
        client = self.client(ALICE)
        client.login()
        self.has[ALICE] = client.guest()
        # on the connection that was made while she typed
        calls = re.findall(r'(?m)^(\S+) \S+ "\S+ /api/v1/(health|login|\S+/connect)"',
                           self.stack.work.log("haproxy"))
        last = max(i for i, (_, call) in enumerate(calls) if call == "login")
        self.assertEqual(len({way for way, _ in calls[last - 1:last + 2]}), 1, calls)
        self.assertEqual(self.desktop_of(ALICE), self.has[ALICE])

    def test_02_what_she_types_reaches_it(self):
        client, guest = self.clients[ALICE], self.has[ALICE]
        before = self.hypervisor.screenshot(guest)
        client.key("h", "e", "l", "l", "o")
        harness.wait_for(lambda: self.hypervisor.screenshot(guest) != before,
                         "the guest to show what was typed", 10)
        self.assertEqual(client.guest(), guest)

    def test_03_user_two_gets_another(self):
        client = self.client(BOB, (1300, 0))
        client.login()
        self.has[BOB] = client.guest()
        self.assertNotEqual(self.has[BOB], self.has[ALICE])
        self.assertEqual(self.clients[ALICE].guest(), self.has[ALICE])

    def test_04_user_three_gets_the_last(self):
        answer = self.broker.connect(self.token(CAROL))
        self.assertEqual(answer.status, 200, answer)
        self.has[CAROL] = answer.json["desktop"]["name"]
        self.assertEqual(len({self.has[ALICE], self.has[BOB], self.has[CAROL]}), 3)

    def test_05_user_four_stands_in_line(self):
        client = self.client(DAVE, (1300, 0))
        client.login()
        client.wait_text(r"next in.*line")
        self.assertIsNone(which_guest(client.picture(), self.hypervisor.screenshots()))
        client.end()
        answer = self.broker.connect(self.token(DAVE))
        self.assertEqual((answer.status, answer.json["state"], answer.json["place"]),
                         (202, "queued", 1), answer)
        left = self.broker.front.call("DELETE", answer.headers["location"], token=self.token(DAVE))
        self.assertEqual(left.status, 204, left)

    def test_06_killed_client(self):
        self.clients[ALICE].end(9)
        client = self.client(ALICE)
        client.wait_text("ended unexpectedly while a desktop was open", 10)
        client.login()
        self.assertEqual(client.guest(), self.has[ALICE])

    def test_07_broker_killed_while_a_desktop_starts(self):
        """Her desktop is off; the broker dies between having begun to start it and telling her."""
        token, name = self.token(ALICE), self.has[ALICE]
        self.clients[ALICE].end()
        self.hypervisor.virsh("destroy", name)
        answer = self.broker.front.call("POST", f"/api/v1/pools/{POOL}/connect", {}, token=token)
        self.assertEqual(answer.status, 202, answer)
        self.broker.kill()
        self.broker.start()
        answer = self.broker.connect(token)
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.json["desktop"]["name"], name)
        client = self.client(ALICE)
        client.login()
        self.assertEqual(client.guest(), name)
        self.assertEqual(sum(holder is not None for holder in self.leases().values()), 3)

    def test_08_broker_killed_at_any_moment_of_a_connect(self):
        token, name = self.token(ALICE), self.has[ALICE]
        self.clients[ALICE].end()
        for pause in (0, 0.002, 0.005, 0.01, 0.02, 0.05):
            request = threading.Thread(target=self.broker.front.call, args=(
                "POST", f"/api/v1/pools/{POOL}/connect", {}, token))
            request.start()
            time.sleep(pause)
            self.broker.kill()
            request.join()
            self.broker.start()
            answer = self.broker.connect(token)
            self.assertEqual(answer.status, 200, (pause, answer))
            self.assertEqual(answer.json["desktop"]["name"], name, pause)
        self.assertEqual(sum(holder is not None for holder in self.leases().values()), 3)
        client = self.client(ALICE)
        client.login()
        self.assertEqual(client.guest(), name)
        client.end()

    def test_09_remote_viewer_opens_the_file(self):
        token = self.token(ALICE)
        answer = self.broker.front.call("POST", f"/api/v1/pools/{POOL}/connection.vv", {},
                                        token=token)
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.headers["content-type"].split(";")[0],
                         "application/x-virt-viewer")
        path = self.stack.work.put("alice.vv", answer.body.decode(), mode=0o600)
        viewer = Program(self.screen, "remote-viewer", ["remote-viewer", path])
        guest = harness.wait_for(
            lambda: which_guest(viewer.picture(), self.hypervisor.screenshots()),
            "the guest's picture in remote-viewer\n" + viewer.log(), 30, step=0.5)
        self.assertEqual(guest, self.has[ALICE])
        viewer.end()

    def test_10_logging_out_lends_it_again_only_when_clean(self):
        name = self.has[CAROL]
        self.broker.logout(self.tokens.pop(CAROL))
        answer = harness.wait_for(self.connected(DAVE), "a desktop for user four", 60, step=0.5)
        self.assertEqual(answer.json["desktop"]["name"], name)
        rows = self.broker.front.call("GET", "/api/v1/admin/audit?limit=1000",
                                      token=self.broker.login(self.stack.helpdesk)).json["items"]
        self.assertTrue(any(name in str(row) and "reset" in row["action"] for row in rows), rows)

    def connected(self, person):
        def look():
            answer = self.broker.connect(self.token(person))
            return answer if answer.status == 200 else None
        return look


if __name__ == "__main__":
    harness.main("/desktop")
