# SPDX-License-Identifier: GPL-3.0-or-later
"""Firefox without a screen, by its own Marionette protocol: messages of JSON with their length before them, and
the commands of WebDriver in them. Debian has no geckodriver."""
import json
import os
import socket

from browser import Browser
from harness import wait_for

PREFERENCES = {"marionette.port": 0, "intl.accept_languages": "en-US", "browser.shell.checkDefaultBrowser": False,
               "app.update.disabledForTesting": True, "datareporting.policy.dataSubmissionEnabled": False,
               "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False}
# What Browser asks of WebDriver by HTTP, as Marionette names it.
COMMANDS = {"/url": "WebDriver:Navigate", "/execute/sync": "WebDriver:ExecuteScript", "/cookie": "WebDriver:GetCookies",
            "/screenshot": "WebDriver:TakeScreenshot", "/window/rect": "WebDriver:SetWindowRect",
            "/actions": "WebDriver:PerformActions"}
ON_ELEMENTS = {"click": "WebDriver:ElementClick", "clear": "WebDriver:ElementClear", "value": "WebDriver:ElementSendKeys"}


class Firefox(Browser):
    """As Browser; it does not tell what was written to its console."""

    def __init__(self, work, name="firefox"):
        self.work, self.name, self.number = work, name, 0
        profile = work.folder(f"{name}-profile")
        lines = (f"user_pref({json.dumps(key)}, {json.dumps(value)});\n" for key, value in PREFERENCES.items())
        work.put(f"{name}-profile/user.js", "".join(lines))
        self.process = work.start(
            name, ["firefox-esr", "--headless", "--marionette", "--no-remote", "--profile", profile, "--width", "1280",
                   "--height", "900", "about:blank"], env=dict(os.environ, HOME=profile, MOZ_DISABLE_CONTENT_SANDBOX="1"))
        port = wait_for(lambda: self.port(profile), "Firefox\n" + work.log(name), 60)
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.stream = self.socket.makefile("rb")
        self.receive()  # who it is
        self.command("WebDriver:NewSession", {"acceptInsecureCerts": True})

    @staticmethod
    def port(profile):
        """Firefox takes any port, and writes down which."""
        try:
            with open(os.path.join(profile, "MarionetteActivePort"), encoding="ascii") as text:
                return int(text.read() or 0)
        except FileNotFoundError:
            return 0

    def receive(self):
        length = b""
        while not length.endswith(b":"):
            byte = self.stream.read(1)
            assert byte, "Firefox ended:\n" + self.work.log(self.name)
            length += byte
        return json.loads(self.stream.read(int(length[:-1])))

    def command(self, name, parameters):
        self.number += 1
        text = json.dumps([0, self.number, name, parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(text), text))
        _, _, error, result = self.receive()
        if error is not None:
            raise AssertionError(f"{name}: {error['error']}: {error['message']}")
        return result["value"] if isinstance(result, dict) and "value" in result else result

    def call(self, method, path, body=None):
        if path.startswith("/element/"):
            _, _, element, what = path.split("/")
            return self.command(ON_ELEMENTS[what], {"id": element, **(body or {})})
        return self.command(COMMANDS[path], body or {})

    def complaints(self):
        return []

    def stop(self):
        self.work.end(self.process)
