#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wire between the client and its guest: cut, reset and held up. The client comes back by
itself each time, and does not show an old picture as if it were one of now."""
import time
import unittest

import harness
from client import Client
from screen import Screen
from stack import Broker, Person, Stack
from wire import Wire

ADDRESS = "127.0.0.2"
USER = Person("user1", "User 1")
NOTICED = 45  # seconds until somebody who sits there sees that a dead wire is dead


class WireFaults(unittest.TestCase):
    """One client, that lives through all of it."""

    @classmethod
    def setUpClass(cls):
        Broker.display_address = ADDRESS
        cls.stack = Stack([USER], guests=1)
        cls.addClassCleanup(cls.stack.stop)
        answer = cls.stack.broker.connect(cls.stack.broker.login(USER))
        assert answer.status == 200, answer
        cls.wire = Wire(cls.stack.work, ADDRESS, answer.json["tls_port"])
        cls.client = Client(Screen(cls.stack.work, "1400x1000"), cls.stack, USER)
        cls.client.login()
        cls.client.guest()
        cls.sizes = [link.passed for link in sorted(cls.wire.links, key=lambda link: link.number)]

    def tearDown(self):
        self.wire.mend()
        self.assertIsNone(self.client.process.poll(), self.client.log())

    def assert_back(self, links):
        """The picture is there, over connections that were made since there were so many."""
        harness.wait_for(lambda: self.wire.count > links, "the client to connect again", 60)
        self.client.guest()
        self.assertNotIn("Reconnecting", self.client.text())

    def assert_covered(self):
        self.client.wait_text(r"reconnecting|disconnected", NOTICED)

    def test_cut_in_use(self):
        for reset in (False, True):
            with self.subTest(reset=reset):
                links = self.wire.count
                self.wire.drop(reset)
                self.assert_back(links)

    def test_away_for_a_while(self):
        """Nobody listens: the picture that stays is covered, and what is being done is said."""
        links = self.wire.count
        self.wire.close()
        self.assert_covered()
        time.sleep(15)
        self.assert_covered()
        self.wire.open()
        self.assert_back(links)

    def test_held_up_in_use(self):
        """Connections stand, and nothing comes any more, as in a network that has died."""
        links = self.wire.count
        self.wire.hold()
        for _ in range(3):
            self.client.key("x")  # something to wait for
        self.assert_covered()
        self.wire.open()
        self.assert_back(links)

    def test_far_away(self):
        """A quarter of a second each way, as by satellite: it takes longer, and is no fault."""
        self.wire.delay = 0.25
        links = self.wire.count
        self.wire.drop()
        self.assert_back(links)
        time.sleep(25)  # longer than a host may be silent
        self.assertNotIn("Reconnecting", self.client.text())
        self.assertLess(self.wire.count - links, 20)

    def test_cut_again_and_again(self):
        """Each time as soon as the picture could be there: it does not run wild, nor give up."""
        links = self.wire.count
        fault = self.wire.set_fault("reset", 1, int(self.sizes[1] * 0.7), again=True)
        self.wire.drop()
        self.assertTrue(fault.happened.wait(60))
        time.sleep(10)
        self.assertLess(self.wire.count - links, 100)
        self.assert_covered()
        links = self.wire.count
        self.wire.mend()
        self.assert_back(links)


if __name__ == "__main__":
    harness.main("/wire")
