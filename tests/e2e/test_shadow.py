#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody's screen, looked at with their consent: a real guest in the client under Xvfb, and the helpdesk's page in
a real Chromium. One story in the order of the cases' names; FLOE_PICTURES keeps pictures."""
import base64
import io
import os
import time
import unittest

import harness
from accessibility import Axe
from browser import Browser
from client import Client
from harness import wait_for
from PIL import Image, ImageChops, ImageStat
from screen import Screen, changed
from stack import HELPDESK, OFFICE, Stack

ALICE = OFFICE[0]
REASON = "ticket 4711"


class Shadow(unittest.TestCase):
    display = "tls"
    browser_of = Browser

    @staticmethod
    def stack_new():
        return Stack(office=[ALICE], guests=1)

    @staticmethod
    def broker_of_helpdesk(stack):
        return stack.broker

    @classmethod
    def setUpClass(cls):
        cls.stack = cls.stack_new()
        cls.addClassCleanup(cls.stack.stop)
        broker = cls.broker_of_helpdesk(cls.stack)
        cls.work, cls.front, cls.hypervisor = cls.stack.work, broker.front, cls.stack.hypervisor
        cls.pictures = os.environ.get("FLOE_PICTURES")
        cls.client = Client(Screen(cls.work), cls.stack, ALICE)
        cls.client.login()
        cls.guest = cls.client.guest()
        cls.browser = cls.browser_of(cls.work)
        cls.addClassCleanup(cls.browser.stop)
        cls.admin = broker.login(HELPDESK)
        cls.browser.log_in(broker.url + "/portal/", HELPDESK.uid, HELPDESK.password)

    def picture(self, name):
        if self.pictures:
            self.client.picture().save(os.path.join(self.pictures, f"shadow-client-{name}.png"))
            self.browser.shot(os.path.join(self.pictures, f"shadow-portal-{name}.png"))

    def shadows(self):
        return self.front.call("GET", "/api/v1/admin/shadows", token=self.admin).json["items"]

    def ask(self):
        """The helpdesk asks, from the page of Alice's desktop."""
        desktop, = self.front.call("GET", "/api/v1/admin/desktops?pool=office", token=self.admin).json["items"]
        self.browser.run("location.hash = '#/desktop/' + arguments[0]", desktop["id"])
        self.browser.click("button", "Look at the screen")
        self.browser.type("dialog textarea", REASON)
        self.browser.click("dialog button", "Ask them")
        self.browser.sees("is asked whether you may look")
        self.client.find(["alert", "label"], "Helen Hill of the helpdesk asks to see your screen")

    def press(self, name):
        """A button of the bar over the desktop."""
        self.client.click(self.client.find(["push button"], name))

    def gone(self, text):
        wait_for(lambda: text not in self.client.text(), f"no {text!r} any more", 10)

    def canvas(self):
        """What the helpdesk sees."""
        data = self.browser.run("return document.getElementById('screen')?.toDataURL('image/png') ?? ''")
        if not data:
            return None
        with Image.open(io.BytesIO(base64.b64decode(data.split(",")[1]))) as image:
            return image.convert("RGB")

    def same(self, one, other):
        """Whether two pictures are the same, but for what JPEG and a cursor that blinks do to them."""
        if one is None or one.size != other.size:
            return False
        difference = ImageChops.difference(one, other)
        strong = difference.convert("L").point(lambda value: 255 if value > 64 else 0).histogram()[255]
        return strong < 60 and max(ImageStat.Stat(difference).mean) < 2

    def sees_guest(self):
        wait_for(lambda: self.same(self.canvas(), self.hypervisor.screenshot(self.guest)), "the guest in the helpdesk's page", 15)

    def type_there(self, keys):
        self.browser.run("document.getElementById('screen').focus()")
        self.browser.press(keys)

    def stays(self, seconds=1.5):
        """Whether nothing changes in the guest."""
        before = self.hypervisor.screenshot(self.guest)
        time.sleep(seconds)
        return not changed(before, self.hypervisor.screenshot(self.guest))

    def rows(self, action):
        answer = self.front.call("GET", "/api/v1/admin/audit?limit=100", token=self.admin)
        return [row["outcome"] for row in answer.json["items"] if row["action"] == action]

    def test_1_refused(self):
        self.ask()
        self.client.find(["label"], REASON)
        self.picture("asked")
        self.assertEqual(self.client.guest(), self.guest)
        self.press("Refuse")
        self.browser.sees("does not want that")
        self.gone("asks to see your screen")
        self.assertEqual(["denied", "intent"], self.rows("shadow"))
        self.assertEqual([], self.shadows())

    def test_2_granted(self):
        self.ask()
        self.press("Let Them Look")
        self.browser.one("#screen")
        self.sees_guest()
        self.assertEqual([], Axe(self.work).find(self.browser))
        self.client.find(["alert", "label"], "Helen Hill sees your screen")
        self.picture("granted")
        self.type_there("abc")
        self.assertTrue(self.stays(), "typed without being let")
        refused = self.front.call("POST", f"/api/v1/admin/shadows/{self.shadows()[0]['id']}/input",
                                  {"events": [{"kind": "key", "code": 30, "down": True}]}, token=self.admin)
        self.assertEqual(404, refused.status, "another log-in of the same person")
        before = self.hypervisor.screenshot(self.guest)
        self.client.key("x", "y", "z")  # the bar has not taken the keyboard
        wait_for(lambda: changed(before, self.hypervisor.screenshot(self.guest)), "what she typed", 10)
        self.sees_guest()

    def test_3_control(self):
        self.browser.click("button", "Ask for control")
        self.client.find(["alert", "label"], "asks to type and click")
        self.picture("control")
        self.type_there("abc")
        self.assertTrue(self.stays(), "typed before it was allowed")
        self.press("Allow")
        self.browser.sees("You may type and click.")
        before = self.hypervisor.screenshot(self.guest)
        self.type_there("help")
        wait_for(lambda: changed(before, self.hypervisor.screenshot(self.guest)), "what the helpdesk typed", 10)
        self.sees_guest()
        self.picture("typed")
        self.press("Take Back Control")
        self.browser.one("button:not([disabled])", "Ask for control")
        self.type_there("abc")
        self.assertTrue(self.stays(), "typed after it was taken back")

    def test_4_she_ends_it(self):
        self.press("End")
        self.browser.sees("They ended it.")
        self.assertIsNone(self.canvas())
        self.assertEqual([], self.shadows())
        self.gone("sees your screen")
        self.assertNotIn("does not see your screen any more", self.client.text())
        self.assertEqual(["done"], self.rows("shadow-end"))

    def test_5_helper_ends_it(self):
        self.ask()
        self.press("Let Them Look")
        self.sees_guest()
        self.browser.run("location.hash = '#/desktops'")  # leaves the page
        self.client.find(["alert", "label"], "Helen Hill does not see your screen any more")
        self.assertEqual([], self.shadows())

    def test_5a_how_long_it_took(self):
        """Until the picture was there, as her client said."""
        def phases(kind):
            alice = self.front.call("GET", f"/api/v1/admin/users/{ALICE.uid}", token=self.admin).json
            return [each["phase"] for each in (alice[kind] or {"phases": []})["phases"]]
        wait_for(lambda: "picture" in phases("last_connect"), "how long her picture took", 40)
        self.assertIn("groups", phases("last_login"))

    def test_6_picture(self):
        """The manager's own: nobody is asked, so the pool must allow it."""
        desktop, = self.front.call("GET", "/api/v1/admin/desktops?pool=office", token=self.admin).json["items"]
        self.browser.run("location.hash = '#/desktop/' + arguments[0]", desktop["id"])
        for allowed in (False, True):
            self.stack.apply_pool(screenshots=allowed)
            self.browser.click("button", "Picture of its screen")
            self.browser.type("dialog textarea", REASON)
            self.browser.click("dialog button", "Take it")
            if not allowed:
                self.browser.sees("its pool allows no pictures", "dialog")
                self.browser.click("dialog button", "Cancel")
        self.browser.one("dialog canvas")
        data = self.browser.run("return document.querySelector('dialog canvas').toDataURL('image/png')")
        with Image.open(io.BytesIO(base64.b64decode(data.split(",")[1]))) as seen:
            self.assertTrue(self.same(seen.convert("RGB"), self.hypervisor.screenshot(self.guest)))
        self.picture("screenshot")
        self.browser.click("dialog button", "Close")
        self.assertEqual(["done", "denied"], self.rows("screenshot"))


if __name__ == "__main__":
    harness.main("/shadow")
