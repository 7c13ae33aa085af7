#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A terminal: nobody gets out of it, whatever they press and whether there is a window manager or
none, and it is back by itself when its server is."""
import http.server
import json
import os
import re
import signal
import subprocess
import threading
import time
import unittest

from PIL import Image

import harness
from screen import Program, Screen

SIZE = (1280, 800)

# All that is known to lead out of other programs: to another window, another console, a menu, a
# chooser, a tool for developers, or to the end of the program or of the server.
ESCAPES = [
    "alt+F4", "ctrl+q", "ctrl+w", "F10", "shift+F10", "Menu", "alt+Tab", "alt+shift+Tab", "alt+Escape",
    "super", "super+d", "super+e", "super+r", "super+l", "alt+space", "alt+F1", "alt+F2", "alt+F3",
    "ctrl+alt+F1", "ctrl+alt+F2", "ctrl+alt+F7", "ctrl+alt+BackSpace", "ctrl+alt+Delete",
    "ctrl+alt+Escape", "ctrl+alt+t", "ctrl+alt+Left", "ctrl+alt+Right", "ctrl+alt+Up", "ctrl+Escape",
    "ctrl+shift+Escape", "ctrl+shift+i", "ctrl+shift+d", "ctrl+shift+u", "ctrl+period",
    "ctrl+semicolon", "ctrl+o", "ctrl+s", "ctrl+p", "ctrl+n", "F1", "ctrl+F1", "F5", "F11", "shift+F11",
    "alt+Left", "ctrl+alt+d", "Print", "Escape", "ctrl+z", "XF86Back", "XF86HomePage", "XF86Search"]


class Health(http.server.BaseHTTPRequestHandler):
    """As much of a broker as a log-in that waits asks for."""

    def do_GET(self):
        body = json.dumps({"status": "ok", "version": "0.1.0"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server:
    def __init__(self, port=0):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Health)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Kiosk(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = harness.Work()
        cls.addClassCleanup(cls.work.stop)
        cls.server = Server()
        cls.screen = Screen(cls.work, f"{SIZE[0]}x{SIZE[1]}")

    def kiosk(self, name, *options):
        kiosk = Program(self.screen, name, [
            harness.program("floe"), "--kiosk", "--no-kerberos", "--broker",
            f"http://127.0.0.1:{self.server.port}", *options])
        self.addCleanup(kiosk.end)
        harness.wait_for(kiosk.window, "the terminal's window")
        kiosk.find(["password text"])
        return kiosk

    def manager(self, name):
        """A window manager, with its keys and menus."""
        process = self.work.start(name, [name], env=self.screen.home(name))
        self.addCleanup(self.work.end, process)
        time.sleep(1)

    def covers(self, kiosk):
        window = kiosk.window()
        return window is not None and kiosk.area(window) == SIZE[0] * SIZE[1]

    def windows(self):
        """The processes that have a window that is seen."""
        done = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "."],
                              env=self.screen.environment, capture_output=True, text=True, check=False)
        owners = set()
        for window in done.stdout.split():
            owner = subprocess.run(["xdotool", "getwindowpid", window], env=self.screen.environment,
                                   capture_output=True, text=True, check=False).stdout.strip()
            owners.add(owner)
        return owners

    def escape(self, kiosk):
        before = kiosk.children()
        for keys in ESCAPES:
            self.screen.xdotool("key", "--clearmodifiers", keys)
            self.assertIsNone(kiosk.process.poll(), f"{keys} ended it:\n{kiosk.log()}")
        field = kiosk.find(["text", "entry"], "user name").get_extents(
            self.screen.accessible().CoordType.SCREEN)
        x, y = field.x + 20, field.y + field.height // 2
        for button in (2, 3):  # paste, and the menu of a text field
            self.screen.xdotool("mousemove", x, y, "click", button)
        self.screen.xdotool("mousemove", 5, 5, "click", 3, "mousemove", 5, 400, "click", 3)
        # dragged away by the window manager, and out of a field
        self.screen.xdotool("mousemove", 300, 300, "keydown", "alt", "mousedown", 1, "mousemove", 900, 700,
                            "mouseup", 1, "mousedown", 3, "mousemove", 400, 300, "mouseup", 3, "keyup", "alt")
        self.screen.xdotool("mousemove", x, y, "mousedown", 1, "mousemove", 5, 5, "mouseup", 1)
        time.sleep(1)
        self.assertIsNone(kiosk.process.poll(), kiosk.log())
        self.assertEqual(kiosk.children() - before, set(), "it has started programs")

    def assert_nobody_got_out(self, kiosk):
        harness.wait_for(lambda: self.covers(kiosk), "the window over the whole screen", 10)
        self.assertEqual(self.windows(), {str(kiosk.process.pid)})
        names = {role for role, _, _ in kiosk.shown()}
        self.assertFalse(names & {"menu", "popup menu", "menu item", "dialog", "file chooser"}, names)
        # what is typed arrives: nobody else has the keyboard
        field = kiosk.find(["text", "entry"], "user name")
        place = field.get_extents(self.screen.accessible().CoordType.SCREEN)
        self.screen.xdotool("mousemove", place.x + 20, place.y + place.height // 2, "click", 1, "key",
                            "ctrl+a", "type", "here")
        harness.wait_for(lambda: field.get_text(0, -1) == "here", "the typed text", 10)
        corner = self.screen.picture().crop((0, 0, SIZE[0], 100))
        self.assertIsInstance(corner, Image.Image)
        self.assertEqual(len(corner.getcolors(1 << 20)), 1, "something else is seen at the upper edge")

    def test_1_no_manager(self):
        kiosk = self.kiosk("alone")
        self.escape(kiosk)
        self.assert_nobody_got_out(kiosk)
        # Only an administrator's way out ends it with 0, at which the session begins nothing anew.
        self.assertEqual(kiosk.end(), 128 + signal.SIGTERM)

    def test_2_openbox(self):
        self.manager("openbox")
        kiosk = self.kiosk("openbox-floe")
        self.escape(kiosk)
        self.assert_nobody_got_out(kiosk)

    def test_3_matchbox(self):
        self.manager("matchbox-window-manager")
        kiosk = self.kiosk("matchbox-floe")
        self.escape(kiosk)
        self.assert_nobody_got_out(kiosk)

    def test_4_server_away(self):
        server = Server()
        self.addCleanup(server.stop)
        kiosk = Program(self.screen, "away", [
            harness.program("floe"), "--kiosk", "--no-kerberos", "--broker",
            f"http://127.0.0.1:{server.port}"])
        self.addCleanup(kiosk.end)
        kiosk.find(["password text"])
        server.stop()
        kiosk.wait_text("tried again by itself", 120)
        server = Server(server.port)
        self.addCleanup(server.stop)
        kiosk.find(["password text"], seconds=60)


class Cage(unittest.TestCase):
    """On Wayland, without a screen: there is one window, as large as the output. Keys are tried on a
    real console, in test_boot, where it is also seen: of cage's outputs without a screen only the
    first picture is."""

    def test_covers(self):
        work = harness.Work()
        self.addCleanup(work.stop)
        server = Server()
        self.addCleanup(server.stop)
        user = harness.service_user("nobody")  # root it refuses
        folder, home = work.folder("run", user, 0o700), work.folder("home", user, 0o700)
        schemas = work.copy(os.path.join(harness.BUILD, "data", "gschemas.compiled"))
        environment = dict(
            os.environ, XDG_RUNTIME_DIR=folder, HOME=home, WLR_BACKENDS="headless",
            WLR_RENDERER="pixman", WLR_LIBINPUT_NO_DEVICES="1", GDK_BACKEND="wayland",
            GSETTINGS_BACKEND="memory", GSETTINGS_SCHEMA_DIR=os.path.dirname(schemas))
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
            environment.pop(name, None)
        process = work.start("cage", harness.as_user(user, [
            "dbus-run-session", "--", "cage", "-d", "--", "env", "WAYLAND_DEBUG=1",
            work.copy(harness.program("floe"), 0o755), "--kiosk", "--no-kerberos", "--broker",
            f"http://127.0.0.1:{server.port}"]), env=environment)

        def look():
            self.assertIsNone(process.poll(), work.log("cage"))
            log = work.log("cage", 5000)
            size = re.search(r"wl_output@\d+\.mode\(1, (\d+), (\d+)", log)
            places = re.findall(r"set_window_geometry\((\d+), (\d+), (\d+), (\d+)\)", log)
            return size and places and places[-1] == ("0", "0", size[1], size[2]) and log
        try:
            log = harness.wait_for(look, "a window over the whole output", 60, step=0.5)
        except AssertionError as error:
            raise AssertionError(f"{error}:\n{work.log('cage')}") from None
        self.assertEqual(log.count(".get_toplevel("), 1)
        self.assertRegex(log, r"xdg_toplevel@\d+\.set_fullscreen\(")


if __name__ == "__main__":
    harness.main("/kiosk")
