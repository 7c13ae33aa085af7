# SPDX-License-Identifier: GPL-3.0-or-later
"""A real browser without a screen, driven by WebDriver (W3C): Chromium with its chromedriver."""
import base64
import json
import os
import re
import urllib.error
import urllib.request

from harness import wait_for

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """One browser with one page. language: of the person at it; size: of its window, in pixels."""

    def __init__(self, work, language="en-US", size=(1280, 900), name="chromedriver"):
        self.work, self.name = work, name
        # Neither it nor its helpers may write to the home of whoever runs the tests.
        home = work.folder(f"{name}-home")
        self.process = work.start(name, ["chromedriver", "--port=0"],
                                  env=dict(os.environ, HOME=home, XDG_CONFIG_HOME=home, XDG_CACHE_HOME=home))
        port = wait_for(lambda: re.search(r"started successfully on port (\d+)", work.log(name)),
                        "chromedriver").group(1)
        self.root = f"http://127.0.0.1:{port}"
        arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                     f"--lang={language}", f"--window-size={size[0]},{size[1]}", f"--user-data-dir={home}/profile"]
        answer = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": {
            "acceptInsecureCerts": True, "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {"args": arguments, "prefs": {"intl.accept_languages": language}}}}})
        self.session = f"/session/{answer['sessionId']}"

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.root + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            told = json.load(error)["value"]
            raise AssertionError(f"{method} {path}: {told['error']}: {told['message'].splitlines()[0]}") from None

    def call(self, method, path, body=None):
        return self.ask(method, self.session + path, {} if body is None and method == "POST" else body)

    def go(self, url):
        self.call("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """What a script in the page gives; it may be a promise. It is the test's, so no policy of the
        page's holds it back."""
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, css, text=None):
        """The visible elements of a selector, with this text where one is given."""
        return self.run("""const [css, text] = arguments;
            return [...document.querySelectorAll(css)].filter((each) => each.checkVisibility()
                && (text === null || each.innerText.trim() === text));""", css, text)

    def one(self, css, text=None, seconds=10):
        """The first such element, as soon as it is there."""
        return self.until(lambda: self.find(css, text), f"{css} {text or ''}", seconds)[0][ELEMENT]

    def until(self, there, what, seconds=10):
        """Waits as wait_for, and says what the page showed instead."""
        try:
            return wait_for(there, what, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\nin the page:\n{self.text()}\n{self.complaints()}") from None

    def log_in(self, url, name, password):
        """At the portal, until its first page is there: the log-in page has a main of its own."""
        self.go(url)
        self.type("#username", name)
        self.type("#password", password)
        self.click("button[type=submit]")
        self.one("#main", seconds=30)
        self.complaints()  # that nobody was logged in yet

    def click(self, css, text=None):
        """Clicks as soon as it can be: what slides in or is drawn anew cannot for a moment."""
        told = []

        def clicked():
            try:
                self.call("POST", f"/element/{self.one(css, text)}/click")
            except AssertionError as error:
                if not re.search("not interactable|intercepted|stale element", str(error)):
                    raise
                told[:] = [str(error)]
                return False
            return True
        try:
            wait_for(clicked, f"a click on {css}", 10)
        except AssertionError as error:
            raise AssertionError(f"{error}: {told}") from None

    def type(self, css, text):
        """Fills a field anew."""
        element = self.one(css)
        self.call("POST", f"/element/{element}/clear")
        self.call("POST", f"/element/{element}/value", {"text": text})

    def press(self, keys):
        """Keys for whatever has the focus; special ones as WebDriver numbers them."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def text(self, css="body"):
        return self.run("return document.querySelector(arguments[0])?.innerText ?? ''", css)

    def sees(self, text, css="body", seconds=10):
        """Waits for a text in the page."""
        self.until(lambda: text in self.text(css), f"{text!r}", seconds)

    def resize(self, width, height):
        self.call("POST", "/window/rect", {"width": width, "height": height})

    def shot(self, path):
        """A picture of the page."""
        with open(path, "wb") as out:
            out.write(base64.b64decode(self.call("GET", "/screenshot")))
        return path

    def complaints(self):
        """What the browser wrote to its console since the last look: refusals of the policy, failed
        requests, errors of scripts."""
        return [entry["message"] for entry in self.call("POST", "/se/log", {"type": "browser"})]

    def cookies(self):
        return self.call("GET", "/cookie")

    def stop(self):
        self.call("DELETE", "")
        self.work.end(self.process)
