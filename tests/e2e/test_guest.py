#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole way to a real desktop: a guest with X and both agents, lent, used, and lent again
clean. The cases are one story and run in the order of their names."""
import os
import threading
import time

import harness
from client import Client
from harness import BUILD, FIXTURES, wait_for
from screen import Program, Screen
from stack import OFFICE, POOL, Stack

ALICE, BOB = OFFICE[:2]
GUEST = "desk-1"
AGENT = "org.qemu.guest_agent.0"
# An emulated PC is up in half a minute; on a machine with other work it may take much longer.
UP = 300
IMAGE = os.environ.get("FLOE_GUEST_CACHE", os.path.join(BUILD, "desktop-guest"))


class Story:
    """A request's event stream, read as it comes, by a thread of its own."""

    def __init__(self, stack, token, location):
        self.states, self.agent, self.wrong = [], [], None
        self.stack, self.token, self.location = stack, token, location
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self):
        try:
            self.follow()
        except (OSError, ValueError, AssertionError) as error:
            self.wrong = error

    def follow(self):
        """Notes each state, and whether the agent was there when it was told."""
        front = self.stack.broker.front
        for event in front.events(f"{self.location}/events", self.token):
            self.note(event["state"])

    def note(self, state):
        if state not in self.states[-1:]:
            self.states.append(state)
            self.agent.append(self.stack.hypervisor.channel(GUEST, AGENT))

    def wait(self, state, seconds=UP):
        def look():
            assert self.wrong is None, repr(self.wrong)
            return state in self.states or not self.thread.is_alive()
        wait_for(look, f"the state {state} after {self.states}", seconds)
        assert state in self.states, (
            f"the stream ended after {self.states}\n{self.stack.work.log(self.stack.broker.name)}")

    def end(self):
        self.thread.join(UP)
        assert self.wrong is None, repr(self.wrong)
        return self.states


class Guest(harness.InOrder):
    """State goes from case to case: that is what is tested."""

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(OFFICE[:2], guests=0)
        cls.addClassCleanup(cls.stack.stop)
        cls.broker, cls.hypervisor = cls.stack.broker, cls.stack.hypervisor
        cls.stack.work.run(os.path.join(FIXTURES, "desktop-guest.sh"), "build", IMAGE)
        cls.hypervisor.define_desktop(GUEST, IMAGE)
        cls.stack.apply_pool(pattern="desk-*", ready_seconds=UP)
        cls.screen = Screen(cls.stack.work)
        cls.admin = cls.broker.login(cls.stack.helpdesk)
        cls.tokens, cls.client = {}, None

    def token(self, person):
        if person not in self.tokens:
            self.tokens[person] = self.broker.login(person)
        return self.tokens[person]

    def post(self, person):
        return self.broker.front.call("POST", f"/api/v1/pools/{POOL}/connect", {},
                                      token=self.token(person))

    def begin(self, person):
        """Asks for a desktop that takes a while; returns the story of it."""
        answer = self.post(person)
        self.assertEqual(answer.status, 202, answer)
        return Story(self.stack, self.token(person), answer.headers["location"])

    def desktop(self):
        """The guest's row, as an administrator sees it."""
        answer = self.broker.front.call("GET", f"/api/v1/admin/pools/{POOL}", token=self.admin)
        self.assertEqual(answer.status, 200, answer)
        row, = answer.json["desktops"]
        return row

    def wait_desktop(self, seconds=UP, **wanted):
        try:
            wait_for(lambda: wanted.items() <= self.desktop().items(), str(wanted), seconds, 0.2)
        except AssertionError as error:
            raise AssertionError(f"{error}; it is {self.desktop()}") from None

    def wait_session(self):
        """Waits until the one who is logged in has their desktop, and the agent of its session."""
        wait_for(lambda: "spice-vdagent\n" in self.hypervisor.execute(GUEST, "ps -e -o comm="),
                 "the session in the guest", UP, step=0.5)

    def click_middle(self):
        """Gives the guest the keyboard, as a person does."""
        self.client.click(self.client.find(["panel"], GUEST))

    def log_out(self):
        """In the client, by its menu and the question that follows."""
        self.client.click(self.client.find(["toggle button", "push button"], "^Menu$"))
        self.client.click(self.client.find(["menu item", "push button"], "^Log Out…$"))
        self.client.click(self.client.find(["push button"], "^Log Out$"))

    def test_01_ready_only_with_the_agent(self):
        story = self.begin(ALICE)
        story.wait("guest")
        answer = self.post(ALICE)
        self.assertEqual((answer.status, answer.json["state"]), (202, "guest"), answer)
        self.assertEqual(self.desktop()["guest"], "booting")
        self.assertEqual(story.end(), ["starting", "guest", "ready"])
        self.assertEqual(story.agent[-2:], [False, True])
        self.assertEqual(self.hypervisor.ask_agent(GUEST, "guest-get-host-name"),
                         {"host-name": GUEST})
        self.assertEqual(self.post(ALICE).status, 200)

    def test_02_the_client_shows_it(self):
        type(self).client = Client(self.screen, self.stack, ALICE)
        self.client.login()
        self.assertEqual(self.client.guest(UP), GUEST)

    def test_03_what_she_types_reaches_it(self):
        self.click_middle()
        self.screen.xdotool("type", "--delay", 50, "echo kept by $(hostname) > ~/kept")
        self.client.key("Return")
        wait_for(lambda: self.hypervisor.execute(GUEST, "cat ~desk/kept || true")
                 == f"kept by {GUEST}\n", "what was typed", 30, step=0.5)

    def test_04_the_guest_follows_the_window(self):
        for size in ((1200, 900), (900, 700)):
            window = self.client.show()
            self.screen.xdotool("windowsize", window, *size)

            def fits(size=size):
                width, height = self.hypervisor.screenshot(GUEST).size
                return size[0] - 20 <= width <= size[0] and size[1] - 80 <= height <= size[1]
            wait_for(fits, f"the guest to fit a window of {size}", 60, step=0.5)
            self.assertEqual(self.client.guest(), GUEST)

    def test_05_clipboard_into_the_guest(self):
        self.wait_session()
        self.clip("Grüße aus dem Büro")
        self.click_middle()
        wait_for(lambda: self.hypervisor.execute(
            GUEST, "timeout 5 xclip -o -selection clipboard || true") == "Grüße aus dem Büro",
                 "the clipboard in the guest", 60, step=1)

    def clip(self, text):
        """Puts text on the clipboard beside the client."""
        path = self.stack.work.put("clipboard", text)
        self.stack.work.start("xclip", ["xclip", "-quiet", "-i", "-selection", "clipboard", path],
                              env=self.screen.environment)

    def test_06_clipboard_out_of_the_guest(self):
        self.hypervisor.execute(
            GUEST, "setsid xclip -i -selection clipboard > /dev/null 2>&1", "from the desktop")
        wait_for(lambda: self.stack.work.run(
            "timeout", "5", "xclip", "-o", "-selection", "clipboard",
            env=self.screen.environment) == "from the desktop",
                 "the guest's clipboard beside the client", 60, step=1)

    def beside(self):
        """The clipboard beside the client."""
        return self.stack.work.run("timeout", "5", "xclip", "-o", "-selection", "clipboard",
                                   env=self.screen.environment)

    def inside(self):
        """The guest's clipboard."""
        return self.hypervisor.execute(
            GUEST, "timeout 5 xclip -o -selection clipboard || true")

    def copy_inside(self, text):
        self.hypervisor.execute(
            GUEST, "setsid xclip -i -selection clipboard > /dev/null 2>&1", text)

    def come_back(self, **policy):
        """Her session again, under another policy."""
        self.stack.apply_pool(pattern="desk-*", ready_seconds=UP, policy=policy)
        self.client.end()
        type(self).client = Client(self.screen, self.stack, ALICE)
        self.client.login()
        self.assertEqual(self.client.guest(UP), GUEST)
        self.wait_session()

    def test_07_clipboard_into_the_guest_only(self):
        self.come_back(clipboard="to-guest")
        self.clip("in only")
        self.click_middle()
        wait_for(lambda: self.inside() == "in only", "the clipboard in the guest", 60, step=1)
        self.copy_inside("stays inside")
        time.sleep(5)
        self.assertEqual(self.beside(), "in only")

    def test_08_clipboard_out_of_the_guest_only(self):
        self.come_back(clipboard="from-guest")
        self.copy_inside("out only")
        wait_for(lambda: self.beside() == "out only", "the guest's clipboard", 60, step=1)
        self.clip("stays outside")
        self.click_middle()
        time.sleep(5)
        self.assertEqual(self.inside(), "out only")

    def test_09_a_file_is_dropped(self):
        self.come_back(files="to-guest")
        path = self.stack.work.put("dropped.txt", "dropped by Alice\n")
        source = Program(self.screen, "dragger", [
            "/usr/bin/python3", os.path.join(os.path.dirname(__file__), "dragger.py"), path],
                         position=(1500, 100))
        source.show()
        screen = self.client.find(["panel"], GUEST)
        place = screen.get_extents(self.screen.atspi.CoordType.SCREEN)
        to_x, to_y = place.x + place.width // 2, place.y + place.height // 2
        self.screen.xdotool("mousemove", 1600, 160, "mousedown", 1)
        for step in range(1, 21):
            self.screen.xdotool("mousemove", 1600 + (to_x - 1600) * step // 20,
                                160 + (to_y - 160) * step // 20)
            time.sleep(0.05)
        time.sleep(1)
        self.screen.xdotool("mouseup", 1)
        self.client.wait_text("“dropped.txt” was copied to the desktop", 60)
        self.assertEqual(self.hypervisor.execute(
            GUEST, "find ~desk -name dropped.txt -exec cat {} +"), "dropped by Alice\n")
        source.end()

    def test_10_what_could_be_enforced_must_be(self):
        """Her desktop takes files whatever her client does: it is not opened any more."""
        self.stack.apply_pool(pattern="desk-*", ready_seconds=UP, policy={"files": "none"})
        answer = self.post(ALICE)
        self.assertEqual((answer.status, answer.json["reason"]), (403, "policy-not-enforced"))
        self.assertIn("<filetransfer enable='no'/>", answer.json["detail"])
        wait_for(lambda: "<filetransfer enable='no'/>" in (self.desktop()["refusal"] or ""),
                 "the refusal of the desktop", 60, step=0.5)
        self.come_back()

    def test_11_the_agent_goes_and_comes(self):
        """Without its agent the guest is not ready, whatever can be seen of it."""
        self.hypervisor.ask_agent(
            GUEST, "guest-exec", path="/usr/bin/systemd-run", arg=["sh", "-c", """
            sleep 1; systemctl stop qemu-guest-agent; sleep 8; systemctl start qemu-guest-agent"""])
        self.wait_desktop(guest="booting")
        story = self.begin(ALICE)
        self.assertEqual(story.end(), ["guest", "ready"])
        self.assertEqual(story.agent[-1], True)

    def test_12_restarting_the_guest(self):
        """She keeps her desktop and her session, and sees it come up again."""
        self.hypervisor.virsh("reboot", "--mode", "agent", GUEST)
        self.wait_desktop(guest="booting")
        self.assertEqual(self.begin(ALICE).end(), ["guest", "ready"])
        self.assertEqual(self.client.guest(UP), GUEST)
        row = self.desktop()
        self.assertEqual((row["power"], row["clean"]), ("on", "dirty"), row)
        self.assertIsNotNone(row["holder"], row)
        self.assertEqual(self.hypervisor.execute(GUEST, "cat ~desk/kept"), f"kept by {GUEST}\n")

    def test_13_logging_out_switches_it_off(self):
        # What ends is the lease that this log-in used last, so she comes back for it.
        self.client.end()
        type(self).client = Client(self.screen, self.stack, ALICE)
        self.client.login()
        self.assertEqual(self.client.guest(), GUEST)
        self.log_out()
        self.client.find(["password text"])
        self.wait_desktop(60, power="off", holder=None, clean="clean", guest="unknown")
        self.assertEqual(self.hypervisor.running(), [])

    def test_14_the_next_one_gets_it_clean(self):
        self.assertEqual(self.begin(BOB).end(), ["starting", "guest", "ready"])
        self.assertEqual(self.hypervisor.execute(GUEST, "ls -A ~desk | grep -c kept || true"),
                         "0\n")
        self.broker.logout(self.tokens.pop(BOB))
        self.wait_desktop(60, power="off", holder=None, clean="clean")


if __name__ == "__main__":
    harness.main("/guest")
