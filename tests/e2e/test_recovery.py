#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client while something behind it is down: the broker is killed, the directory stops, the
server's certificate runs out. Whoever sits there is told what is wrong, and is served again as soon as
it is mended, without starting anything anew."""
import unittest

import harness
from client import Client
from screen import Screen
from stack import NO_LIMIT, Broker, Person, Stack
from wire import Wire

ADDRESS = "127.0.0.2"
USER = Person("user1", "User 1")


class Recovery(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        Broker.more, Broker.display_address = NO_LIMIT, ADDRESS
        cls.stack = Stack([USER], guests=1)
        cls.addClassCleanup(cls.stack.stop)
        cls.broker, cls.front = cls.stack.broker, cls.stack.broker.front
        answer = cls.broker.connect(cls.broker.login(USER))
        assert answer.status == 200, answer
        cls.guest, = cls.stack.hypervisor.running()
        cls.wire = Wire(cls.stack.work, ADDRESS, answer.json["tls_port"])
        cls.screen = Screen(cls.stack.work, "1400x1000")
        cls.client = None

    def tearDown(self):
        """The desktop stays hers, and runs on."""
        self.wire.mend()
        if self.client is not None:
            self.client.end()

    def at_log_in(self):
        self.client = Client(self.screen, self.stack, USER)
        return self.client

    def at_desktop(self):
        client = self.at_log_in()
        client.login()
        client.guest(90)
        return client

    def log_in_again(self):
        """From wherever the failure has left whoever sits there: as they would go on."""
        client = self.client
        if not any(role == "password text" for role, _, _ in client.shown()):
            client.click(client.find(["push button"], "try again|log in"))
            client.find(["password text"])
        client.login()
        client.guest(90)

    def assert_typing_arrives(self):
        before = self.stack.hypervisor.screenshot(self.guest)
        self.client.key("k", "e", "y")
        harness.wait_for(lambda: self.stack.hypervisor.screenshot(self.guest) != before,
                         "what was typed to reach the guest")
        self.client.guest()

    # --- the broker ------------------------------------------------------------------------------

    def test_broker_killed_at_log_in(self):
        client = self.at_log_in()
        self.broker.kill()
        try:
            client.login()
            client.wait_text("right now|does not answer|took too long|server is busy", 90)
            self.assertIsNone(client.process.poll())
        finally:
            self.broker.start()
        self.log_in_again()

    def test_broker_killed_while_a_desktop_is_seen(self):
        self.at_desktop()
        self.broker.kill()
        try:
            self.assert_typing_arrives()
        finally:
            self.broker.start()
        self.assert_typing_arrives()

    def test_told_of_an_end_by_a_broker_that_was_killed(self):
        """What the broker has to say is heard again once it is back. The last of the cases: the desktop
        is taken away."""
        client = self.at_desktop()
        self.broker.kill()
        self.broker.start()
        self.broker.floectl("desktop", "release", self.guest, "--reason", "test")
        client.wait_text("ended your session", 60)

    def test_broker_killed_while_the_picture_is_lost(self):
        """Both at once: it waits for the broker, and comes back to the same desktop."""
        client = self.at_desktop()
        self.broker.kill()
        try:
            self.wire.drop()
            client.wait_text("reconnecting|disconnected", 60)
        finally:
            self.broker.start()
        client.guest(120)
        self.assert_typing_arrives()

    # --- the directory ---------------------------------------------------------------------------

    def test_directory_down_at_log_in(self):
        client = self.at_log_in()
        self.stack.directory.stop()
        try:
            client.login()
            client.wait_text("directory")
            # What was typed is still there.
            self.assertIn("User name", client.text())
        finally:
            self.stack.directory.start()
        self.log_in_again()

    def test_directory_down_while_a_desktop_is_seen(self):
        client = self.at_desktop()
        self.stack.directory.stop()
        try:
            self.assert_typing_arrives()
            links = self.wire.count
            self.wire.drop()  # to come back takes no password
            harness.wait_for(lambda: self.wire.count > links, "the client to come back", 60)
            client.guest(90)
        finally:
            self.stack.directory.start()
        self.assert_typing_arrives()

    # --- the certificate -------------------------------------------------------------------------

    def expire(self):
        """The front is given a certificate that has run out; returns the good one."""
        good = self.front.environment["FLOE_CERTIFICATE"]
        self.front.serve(self.front.authority.issue("expired", days=-1))
        return good

    def test_certificate_expired_at_log_in(self):
        client = self.at_log_in()
        good = self.expire()
        try:
            client.login()
            client.wait_text("certificate has expired")
            self.assertIsNone(client.process.poll())
        finally:
            self.front.serve(good)
        self.log_in_again()

    def test_certificate_expired_while_a_desktop_is_seen(self):
        """The desktop goes on; and one that is lost meanwhile comes back when it is renewed."""
        client = self.at_desktop()
        good = self.expire()
        try:
            self.assert_typing_arrives()
            self.wire.drop()
            client.wait_text("reconnecting|disconnected|certificate has expired", 60)
        finally:
            self.front.serve(good)
        if "certificate has expired" in client.text():
            client.click(client.find(["push button"], "try again"))
        client.guest(90)


if __name__ == "__main__":
    harness.main("/recovery")
