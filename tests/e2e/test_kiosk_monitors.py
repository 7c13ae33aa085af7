#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A terminal of two monitors. In a program of its own, since one program sees the widgets of one screen."""
import unittest

import harness
from screen import Heads, Program
from test_kiosk import ESCAPES, Server


class Monitors(unittest.TestCase):
    """Two of them: the log-in is on one, and on the other there is nothing, whichever is there."""

    def setUp(self):
        self.work = harness.Work()
        self.addCleanup(self.work.stop)
        self.server = Server()
        self.addCleanup(self.server.stop)
        self.screen = Heads(self.work)
        self.kiosk = Program(self.screen, "heads", [
            harness.program("floe"), "--kiosk", "--no-kerberos", "--broker",
            f"http://127.0.0.1:{self.server.port}"])
        self.kiosk.find(["password text"])

    def place(self):
        """Where the field for the name is."""
        field = self.kiosk.find(["text", "entry"], "user name")
        place = field.get_extents(self.screen.accessible().CoordType.SCREEN)
        return place.x, place.y

    def is_black(self, x):
        """Whether a monitor that begins there shows nothing at all."""
        width, height = Heads.SIZE
        part = self.screen.picture().crop((x, 0, x + width, height))
        return part.getcolors(16) == [(width * height, (0, 0, 0))]

    def test_hot_plug(self):
        width = Heads.SIZE[0]
        harness.wait_for(lambda: self.is_black(width), "the second monitor to be covered", 20, 0.5)
        self.assertLess(self.place()[0], width)
        for keys in ESCAPES:
            self.screen.xdotool("key", "--clearmodifiers", keys)
        self.screen.xdotool("mousemove", width + 300, 300, "click", 1, "click", 3)
        self.assertTrue(self.is_black(width))
        self.screen.plug(False)
        harness.wait_for(lambda: self.place()[0] < width, "the log-in", 20, 0.5)
        self.screen.plug(True)
        harness.wait_for(lambda: self.is_black(width), "the second to be covered again", 20, 0.5)
        # Now the first goes, where the log-in is.
        self.work.run("xrandr", "--output", Heads.OUTPUTS[0], "--off", "--output", Heads.OUTPUTS[1],
                      "--mode", self.screen.mode(), "--pos", "0x0", env=self.screen.environment)
        self.work.run("xrandr", "--query", env=self.screen.environment)
        harness.wait_for(lambda: self.place()[0] < width and not self.is_black(0),
                         "the log-in on the one that is left", 20, 0.5)
        self.kiosk.find(["password text"])
        self.screen.plug(True)
        harness.wait_for(lambda: self.is_black(width) or self.is_black(0), "one of two to be covered",
                         20, 0.5)
        self.assertIsNone(self.kiosk.process.poll(), self.kiosk.log())


if __name__ == "__main__":
    harness.main("/kiosk-monitors")
