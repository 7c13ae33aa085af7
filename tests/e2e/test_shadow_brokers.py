#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody's screen through two brokers: they are logged in at one, and the helpdesk's page is another one's. All that
test_shadow.py does at one broker."""
import harness
import test_shadow
from brokers import Brokers
from harness import wait_for
from screen import changed


class AtTwoBrokers(test_shadow.Shadow):

    @staticmethod
    def stack_new():
        stack = Brokers([test_shadow.ALICE], 1, 2)
        stack.wait_for_desktops(1)
        return stack

    @staticmethod
    def broker_of_helpdesk(stack):
        return stack.brokers[1]

    def test_6a_the_database_crashes(self):
        """What they see goes on, though all letters are lost."""
        self.browser.run("location.hash = '#/desktops'")
        self.ask()
        self.press("Let Them Look")
        self.sees_guest()
        self.stack.postgres.stop("QUIT")
        self.stack.postgres.start()
        before = self.hypervisor.screenshot(self.guest)
        self.client.key("c", "r", "a", "s", "h")
        wait_for(lambda: changed(before, self.hypervisor.screenshot(self.guest)), "what she typed", 10)
        wait_for(lambda: self.same(self.canvas(), self.hypervisor.screenshot(self.guest)),
                 "the guest in the helpdesk's page", 40, step=0.5)
        self.press("End")
        self.browser.sees("They ended it.")

    def test_7_nothing_is_left(self):
        """Of what they told each other."""
        self.assertEqual([["0"]], self.stack.postgres.ask("SELECT count(*) FROM letters"))
        sent, = self.stack.postgres.ask("SELECT last_value FROM letters_id")
        self.assertGreater(int(sent[0]), 20)


del test_shadow.Shadow  # else its cases were run as well

if __name__ == "__main__":
    harness.main("/shadow-brokers")
