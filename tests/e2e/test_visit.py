#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A visit to a terminal by somebody who sees nothing: from the log-in to a desktop and away again by
keys and by what everything is called; and what of the visit is left, which is nothing. The cases are
one story and run in the order of their names."""
import os
import subprocess

import harness
from client import Client
from harness import wait_for
from screen import Screen
from stack import OFFICE, Stack
from test_kiosk import ESCAPES
from test_memory import dump, find

ALICE, BOB = OFFICE[:2]
PATIENCE = 60
# What somebody does something with, and so has to be told apart.
WORKED = {"push button", "toggle button", "check box", "text", "password text", "entry", "combo box",
          "menu item", "check menu item", "slider", "link", "list item"}


class Visit(harness.InOrder):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(OFFICE[:2], guests=2)
        cls.addClassCleanup(cls.stack.stop)
        cls.screen = Screen(cls.stack.work, "1280x800")
        cls.client = Client(cls.screen, cls.stack, ALICE, options=("--kiosk",))
        cls.client.show()

    def press(self, role, name):
        """As a screen reader does it, wherever the pointer is."""
        widget = self.client.find([role], name, PATIENCE)
        widget.do_action(0)

    def focus(self):
        """What the keyboard is in, as (role, name)."""
        state = self.screen.accessible().StateType.FOCUSED
        return [(role, name) for role, name, widget in self.client.shown()
                if widget.get_state_set().contains(state)]

    def check_names(self):
        """Nothing that is to be worked with is nameless."""
        shown = self.client.shown()
        nameless = [(role, widget.get_parent().get_name()) for role, name, widget in shown
                    if role in WORKED and not name.strip()
                    and widget.get_parent().get_role_name() not in ("combo box", "status bar")]
        self.assertEqual(nameless, [], shown)

    def clipboard(self, selection="clipboard", text=None):
        """What somebody would paste; with a text it is that, from elsewhere on this machine."""
        command = ["xclip", "-selection", selection, "-in" if text else "-out"]
        return subprocess.run(command, input=text, env=self.screen.environment, text=True,
                              stdout=None if text else subprocess.PIPE, stderr=subprocess.DEVNULL,
                              timeout=10, check=False).stdout

    def test_1_logs_in_by_keys(self):
        self.assertIn(("text", "User name"), self.focus())
        self.check_names()
        self.screen.xdotool("type", "--delay", 15, ALICE.uid)
        self.screen.xdotool("key", "Tab")
        wait_for(lambda: ("password text", "Password") in self.focus(), "the password's field", 10)
        self.screen.xdotool("type", "--delay", 15, ALICE.password)
        self.screen.xdotool("key", "Return")
        self.client.guest(PATIENCE)
        self.check_names()

    def test_2_every_key_is_the_desktops(self):
        """None leads out of the desktop into something of the terminal's. Left out are those upon which
        the guest switches itself off."""
        before = self.client.children()
        for keys in [*(keys for keys in ESCAPES if not keys.endswith("+d")), "shift+F12", "Control_L+Alt_L", "ctrl+alt+f", "ctrl+plus", "ctrl+minus", "ctrl+0"]:
            self.screen.xdotool("key", "--clearmodifiers", keys)
            self.assertIsNone(self.client.process.poll(), f"{keys} ended it:\n{self.client.log()}")
        self.client.find(["panel"], "office-[12]", PATIENCE)
        self.assertEqual(self.client.children() - before, set(), "it has started programs")
        roles = {role for role, _, _ in self.client.shown()}
        self.assertFalse(roles & {"menu", "popup menu", "menu item", "dialog", "file chooser"}, roles)
        window = self.client.window()
        self.assertEqual(self.client.area(window), 1280 * 800)

    def test_3_the_desktop_has_a_name(self):
        """And so has the way out, which a key leads to that the desktop does not get."""
        self.client.find(["panel"], "office-[12]", PATIENCE)
        for selection in ("clipboard", "primary"):
            self.clipboard(selection, "of Alice's desktop")
        self.screen.xdotool("key", "ctrl+alt+Home")
        self.check_names()
        self.press("push button", "^Disconnect$")
        self.press("push button", "^Log Out…")
        self.press("push button", "^Log Out$")
        self.client.find(["password text"], seconds=PATIENCE)
        wait_for(lambda: ("text", "User name") in self.focus(), "the name's field", 10)

    def test_4_nothing_is_left(self):
        """Neither on the page, nor where one would paste, nor in files, nor in memory."""
        texts = [widget.get_text(0, -1) for role, _, widget in self.client.shown()
                 if role in ("text", "password text")]
        self.assertEqual(texts, ["", ""])
        self.assertNotIn(ALICE.uid, self.client.text())
        # The question about the log-out fades.
        wait_for(lambda: "office-" not in self.client.text(), "nothing about the desktop", 5)
        for selection in ("clipboard", "primary"):
            wait_for(lambda: not self.clipboard(selection), f"an empty {selection}", 10)  # pylint: disable=cell-var-from-loop
        home = self.screen.home(self.client.name)["HOME"]
        left = []
        for folder, _, names in os.walk(home):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    content = file.read()
                left += [name for trace in (ALICE.uid, ALICE.name, ALICE.password)
                         if trace.encode() in content]
        self.assertEqual(left, [])
        core = dump(self.client.process.pid)
        self.assertNotEqual(find(core, self.stack.broker.url.encode()), [])
        self.assertEqual(find(core, ALICE.password.encode()), [])

    def test_5_switches_for_who_sees_badly(self):
        """Each does something, says so, and is off again for who comes next."""
        pressed = self.screen.accessible().StateType.CHECKED

        def is_on(name):
            return self.client.find(["toggle button"], name).get_state_set().contains(pressed)
        before = self.client.find(["label"], "^User name$").get_extents(
            self.screen.atspi.CoordType.SCREEN).width
        for name in ("Large text", "High contrast", "On-screen keyboard"):
            self.press("toggle button", name)
            wait_for(lambda: is_on(name), name, 10)  # pylint: disable=cell-var-from-loop
        self.client.find(["push button"], "^q$", PATIENCE)
        after = self.client.find(["label"], "^User name$").get_extents(
            self.screen.atspi.CoordType.SCREEN).width
        self.assertGreater(after, before)
        self.check_names()
        self.client.person = BOB
        self.screen.xdotool("type", "--delay", 15, BOB.uid)
        self.screen.xdotool("key", "Tab")
        self.screen.xdotool("type", "--delay", 15, BOB.password)
        self.screen.xdotool("key", "Return")
        self.client.guest(PATIENCE)
        self.screen.xdotool("key", "ctrl+alt+Home")
        self.press("push button", "^Disconnect$")
        self.press("push button", "^Log Out…")
        self.press("push button", "^Log Out$")
        self.client.find(["password text"], seconds=PATIENCE)
        for name in ("Large text", "High contrast", "On-screen keyboard"):
            self.assertFalse(is_on(name), name)


if __name__ == "__main__":
    harness.main("/visit")
