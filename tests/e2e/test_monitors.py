#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Full screen on two monitors, with a real desktop whose agent is asked for two screens. The cases
are one story and run in the order of their names."""
import os
import re
import subprocess

import harness
from client import Client
from harness import BUILD, FIXTURES, wait_for
from screen import BLUE, CLOSE, Heads
from stack import OFFICE, Stack

ALICE = OFFICE[0]
GUEST = "desk-1"
# An emulated PC is up in half a minute; on a machine with other work it may take much longer.
UP = 300
IMAGE = os.environ.get("FLOE_GUEST_CACHE", os.path.join(BUILD, "desktop-guest"))
# What a desktop environment does when its card says that a monitor was plugged in or out.
FOLLOW = """
    export DISPLAY=:0 XAUTHORITY=$(echo ~desk/.Xauthority)
    for output in $(xrandr | sed -n "s/ disconnected.*//p"); do xrandr --output $output --off; done
    xrandr --output Virtual-1 --auto --pos 0x0
    if xrandr | grep -q "Virtual-2 connected"; then
      xrandr --output Virtual-2 --auto --right-of Virtual-1
    fi
    xrandr --current"""


class Monitors(harness.InOrder):
    """State goes from case to case: that is what is tested."""

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(OFFICE[:1], guests=0)
        cls.addClassCleanup(cls.stack.stop)
        cls.hypervisor = cls.stack.hypervisor
        cls.stack.work.run(os.path.join(FIXTURES, "desktop-guest.sh"), "build", IMAGE)
        cls.hypervisor.define_desktop(GUEST, IMAGE)
        cls.give_heads(2)
        cls.stack.apply_pool(pattern="desk-*", ready_seconds=UP)
        cls.screen = Heads(cls.stack.work)
        cls.client = Client(cls.screen, cls.stack, ALICE)

    @classmethod
    def give_heads(cls, number):
        """The card of the guest gets several outputs."""
        text = cls.hypervisor.virsh("dumpxml", "--inactive", "--security-info", GUEST)
        changed = re.sub(r"(<model type='qxl'[^>]*heads=')1'", rf"\g<1>{number}'", text)
        assert changed != text, text
        cls.hypervisor.virsh("define", cls.stack.work.put("heads.xml", changed))

    def windows(self):
        """Where the client's windows are, as (x, y, width, height)."""
        done = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid",
                               str(self.client.process.pid)], env=self.screen.environment,
                              capture_output=True, text=True, check=False)
        places = []
        for window in done.stdout.split():
            shell = subprocess.run(["xdotool", "getwindowgeometry", "--shell", window],
                                   env=self.screen.environment, capture_output=True, text=True,
                                   check=False).stdout
            values = dict(re.findall(r"(\w+)=(-?\d+)", shell))
            if values:  # it may be gone by now
                places.append(tuple(int(values[name]) for name in ("X", "Y", "WIDTH", "HEIGHT")))
        return sorted(place for place in places if place[2] > 200)

    def wait_windows(self, *wanted):
        try:
            wait_for(lambda: self.windows() == sorted(wanted), f"windows at {wanted}", 30, 0.5)
        except AssertionError as error:
            raise AssertionError(f"{error}; there are {self.windows()}:\n{self.client.log()}"
                                 ) from None

    def wait_guest_screens(self, *wanted):
        """Waits until the guest's screens are these, as "1024x768+0+0"."""
        seen = []

        def look():
            text = self.hypervisor.execute(GUEST, FOLLOW)
            seen[:] = re.findall(r"connected (?:primary )?(\d+x\d+\+\d+\+\d+)", text)
            return seen == list(wanted)
        try:
            wait_for(look, f"the guest to have {wanted}", 60, 1)
        except AssertionError as error:
            raise AssertionError(f"{error}; it has {seen}:\n{self.client.log()}") from None

    def is_blue(self, x, y):
        """Whether a place on the whole screen has the colour of the guest's background."""
        pixel = self.screen.picture().getpixel((x, y))
        return all(abs(a - b) < CLOSE for a, b in zip(pixel, BLUE))

    def test_01_one_window(self):
        self.client.login()
        # Not before: libvirt answers nobody while it starts a domain on a busy machine.
        self.client.find(["status bar"], "^Connection:", UP)
        self.client.guest(UP)
        self.assertEqual(len(self.windows()), 1)

    def test_02_full_screen_is_on_both(self):
        self.client.key("F11")
        self.wait_windows((0, 0, 1024, 768), (1024, 0, 1024, 768))
        self.wait_guest_screens("1024x768+0+0", "1024x768+1024+0")
        wait_for(lambda: self.is_blue(1500, 600), "the guest on the second monitor", 30, step=0.5)

    def test_03_the_second_is_unplugged(self):
        self.screen.plug(False)
        self.wait_windows((0, 0, 1024, 768))
        self.wait_guest_screens("1024x768+0+0")

    def test_04_and_plugged_in_again(self):
        self.screen.plug(True)
        self.wait_windows((0, 0, 1024, 768), (1024, 0, 1024, 768))
        self.wait_guest_screens("1024x768+0+0", "1024x768+1024+0")

    def test_05_the_bar_of_the_second_leads_out(self):
        self.screen.xdotool("mousemove", 1536, 300)
        self.screen.xdotool("mousemove", 1536, 0)
        before = None

        def place():
            """Of its button, once the bar has come to rest."""
            nonlocal before
            last, before = before, None
            for role, name, widget in self.client.shown():
                if role == "push button" and name == "Leave Full Screen":
                    where = widget.get_extents(self.screen.atspi.CoordType.SCREEN)
                    before = (where.x + where.width // 2, where.y + where.height // 2)
            return before if before == last else None
        x, y = wait_for(place, "the bar", 10, step=0.5)
        self.assertGreater(x, 1024)
        self.screen.xdotool("mousemove", x, y, "click", 1)
        wait_for(lambda: len(self.windows()) == 1, "one window", 30, step=0.5)

    def test_06_only_the_chosen_ones(self):
        self.client.click(self.client.find(["toggle button"], "^Menu$"))
        self.client.click(self.client.find(["push button", "menu item", "check menu item"],
                                           "^Monitors$"))
        self.client.click(self.client.find(["check menu item", "push button", "check box"],
                                           "DUMMY1"))
        self.client.key("Escape")
        self.client.key("F11")
        self.wait_windows((0, 0, 1024, 768))
        with open(os.path.join(self.screen.home(self.client.name)["XDG_CONFIG_HOME"], "floe",
                               "monitors.ini"), encoding="utf-8") as remembered:
            self.assertEqual(remembered.read(),
                             "[DUMMY0 1024x768, DUMMY1 1024x768]\nfull-screen=DUMMY0;\n")


if __name__ == "__main__":
    harness.main("/monitors")
