#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The broker's web pages in a real Chromium: the helpdesk's usual call, what hostile names do, who can read
the pages, and a second factor. One story in the order of the cases' names; FLOE_PICTURES keeps a picture of
each page."""
import os
import re
import sqlite3
import threading
import time
import unittest
from urllib.parse import quote

import harness
import totp
from accessibility import Axe
from browser import Browser
from firefox import Firefox
from harness import wait_for
from PIL import Image
from receiver import Receiver
from stack import HELPDESK, NO_LIMIT, OFFICE, Broker, Person, Stack

ALICE, BOB, DAVE = OFFICE[0], OFFICE[1], OFFICE[3]
# Would run, break out of an attribute, and turn what follows around.
HOSTILE = "<img src=x onerror=window.floeHit=1>\"'&\u202etxt"
EVE = Person("eve", "Eve " + HOSTILE)
ODD = Person("zo\u00eb/a?b#c%41 d&e", "Zo\u00eb Odd")
REASON = "ticket 4711 " + HOSTILE
PAGES = ["", "people", "person/alice", "person/eve", "person/" + quote(ODD.uid, safe=""), "desktops", "sessions", "pools",
         "pool/office", "pool/hostile", "pool-edit/office", "pool-edit", "hosts", "capacity", "capacity/office", "terminals",
         "terminal/lobby", "settings/all", "tokens", "webhooks",
         "audit", "account"]


class Portal(unittest.TestCase):
    browser_of = Browser

    @classmethod
    def setUpClass(cls):
        key = harness.key_file(cls)
        Broker.more = f"[second_factor]\nkey_file = {key}\n[webhooks]\nkey_file = {key}\n{NO_LIMIT}"
        cls.stack = Stack(office=[*OFFICE, EVE, ODD], guests=1)
        cls.addClassCleanup(cls.stack.stop)
        cls.work, cls.front = cls.stack.work, cls.stack.broker.front
        cls.stack.apply_pool(helpdesk_groups=["vdi-users"], description="Desktops " + HOSTILE)
        cls.fill()
        cls.browser = cls.browser_of(cls.work)
        cls.addClassCleanup(cls.browser.stop)
        cls.url = cls.stack.broker.url + "/portal/"
        cls.axe = Axe(cls.work)
        cls.pictures = os.environ.get("FLOE_PICTURES")

    @classmethod
    def fill(cls):
        """Names in every place where somebody may give one, and Alice at her desktop."""
        hypervisor, admin = cls.stack.hypervisor, cls.stack.broker.login(HELPDESK)
        hypervisor.define("hostile-1", "Hostile")
        image = os.path.join(hypervisor.folder, "images", "hostile-1.img")
        cls.work.run(os.path.join(harness.FIXTURES, "define-guest.sh"), hypervisor.uri,
                     "hostile-&lt;img src=x onerror=window.floeHit=1&gt;", image, "no-ticketing")
        cls.stack.apply_pool("hostile", "hostile-*", description=HOSTILE,
                             entitlements={"groups": ["vdi-users", "<script>floeHit</script>"], "users": ["<b>\"bold"]},
                             closed=True, message=HOSTILE)
        for method, path, body in (
                ("PUT", "terminals/lobby", {"description": HOSTILE, "groups": ["floor"], "public": False}),
                ("POST", "tokens", {"name": "ticket-system", "role": "helpdesk", "pools": ["office"], "days": 90}),
                ("POST", "tokens", {"name": "report", "role": "auditor"})):
            answer = cls.front.call(method, "/api/v1/admin/" + path, body, token=admin)
            assert answer.status in (200, 201), answer
        cls.remember_use()
        cls.stack.broker.login(EVE)
        cls.stack.broker.login(ODD)
        cls.alice = cls.stack.broker.login(ALICE)
        answer = cls.stack.broker.connect(cls.alice)
        assert answer.status == 200, answer
        cls.desktop = answer.json["desktop"]["name"] if "desktop" in answer.json else "office-1"

    @classmethod
    def remember_use(cls):
        """Eight weeks in which ever more people came, as the broker would have seen them: slots of each length."""
        now = int(time.time())
        midnight = now - now % 86400
        rows = []
        for step, length, n in ((0, 300, 288), (1, 3600, 720), (2, 86400, 56)):
            for i in range(1, n + 1):
                at = (midnight if step == 2 else now - now % length) - i * length
                busy = max(0, 30 - (now - at) // 172800 - abs(at // 3600 % 24 - 11) * (step < 2) - (8 if at // 86400 % 7 in (2, 3) else 0))
                waited = busy // 8
                rows.append(("office", step, at * 10**6, 60, 24, min(busy, 24), busy, max(0, 4 - busy // 6), busy // 3, waited, 0, busy // 20, 0, 0,
                             0, waited + busy // 20, waited * 9_500_000, busy * 700_000 if waited else 0))
        with sqlite3.connect(cls.stack.broker.database, timeout=30) as database:
            database.executemany(f"INSERT INTO capacity VALUES ({','.join('?' * 18)})", rows)
        database.close()

    def enter(self, person, browser=None):
        (browser or self.browser).log_in(self.url, person.uid, person.password)

    def leave(self):
        self.browser.run("location.hash = '#/account'")
        self.browser.click("main button", "Log out")
        self.browser.one("#username")

    def show(self, page, browser=None):
        browser = browser or self.browser
        browser.run("location.hash = '#/' + arguments[0]", page)
        browser.one("main[aria-busy=false] h1")

    def choose_language(self, language):
        self.browser.run("""const select = document.querySelector('.floe-language');
            select.value = arguments[0]; select.dispatchEvent(new Event('change'));""", language)

    def picture(self, name, browser=None):
        if self.pictures:
            (browser or self.browser).shot(os.path.join(self.pictures, f"portal-{name}.png"))

    def test_01_the_usual_call(self):
        """A helpdesk of one pool: whoever calls is found, what they have is restarted, and the trail says why."""
        self.enter(BOB)
        self.show("people")
        self.browser.type("#q", "arch")
        wait_for(lambda: len(self.browser.find("tbody tr")) == 1, "Alice alone")
        self.browser.click("tbody a", "Alice Archer")  # one
        self.browser.sees("can log in")
        self.browser.sees("through the group vdi-users")
        self.browser.sees("display opened", seconds=30)  # how it went is written a little later
        self.picture("person")
        self.browser.click("button", "Restart")  # two
        self.browser.one("dialog textarea")
        self.picture("question")
        self.browser.click("dialog button", "Restart")
        self.assertEqual([], self.rows("desktop-restart"), "done without a reason")
        self.browser.type("dialog textarea", REASON)
        self.browser.click("dialog button", "Restart")  # three
        self.browser.sees("It has begun.")
        self.show("audit")
        self.browser.sees("ticket 4711")
        rows = self.rows("desktop-restart")
        self.assertEqual({("bob", REASON)}, {(row["actor"], row["detail"]) for row in rows if row["actor"] == "bob"})
        self.leave()

    def rows(self, action):
        admin = self.stack.broker.login(HELPDESK)
        rows = self.front.call("GET", "/api/v1/admin/audit?limit=1000", token=admin).json["items"]
        return [row for row in rows if row["action"] == action]

    def test_02_all_pages_and_hostile_names(self):
        """Each page shows names as they are, and nothing in them runs; nobody needs to see to read it."""
        self.enter(HELPDESK)
        for page in PAGES:
            self.show(page)
            self.picture(page.replace("/", "-") or "overview")
            self.check_harmless()
            self.check_readable()
        self.show("pool/hostile")
        self.browser.sees("<img src=x")

    def test_02a_capacity(self):
        """How a pool was used, in charts, and all numbers of each of them in a table behind it."""
        self.show("capacity")
        self.browser.sees("too small")
        self.browser.click("main a", "office")
        self.browser.one("main h1", "office")
        for span in ("Day", "Week", "Month", "Quarter"):
            self.browser.click("main button", span)
            self.browser.one("main button[aria-pressed=true]", span)
            wait_for(lambda: len(self.browser.find("main figure svg[role=img]")) == 3, "three charts")
            self.check_readable()
            self.picture("capacity-" + span.lower())
        self.browser.sees("It is too small already")
        for i, words in enumerate(("Lent or waited for", "None left", "On average")):
            self.browser.run("document.querySelectorAll('main figure summary')[arguments[0]].click()", i)
            wait_for(lambda i=i: len(self.browser.find(f"main figure:nth-of-type({i + 1}) tbody tr")) >= 56, "the table of " + words)
            self.browser.sees(words, f"main figure:nth-of-type({i + 1}) thead")
        self.check_readable()
        self.check_harmless()

    def check_harmless(self):
        self.assertEqual([], self.browser.complaints())
        self.assertFalse(self.browser.run("return 'floeHit' in window || document.querySelector('img[src=x]') !== null"))

    def check_readable(self, browser=None):
        browser = browser or self.browser
        self.assertEqual([], self.axe.find(browser), browser.run("return location.hash"))

    def test_03_dark_narrow_and_other_languages(self):
        self.browser.click("button[title='Light or dark']")
        self.browser.resize(390, 844)
        for page in ("", "people", "person/alice", "desktops", "audit", "capacity", "capacity/office"):
            self.show(page)
            self.picture("narrow-" + (page.replace("/", "-") or "overview"))
            self.check_readable()
            self.assertEqual([], self.browser.run("""
                return [...document.querySelectorAll("body *")].filter((each) =>
                    each.checkVisibility() && !each.closest("thead") && each.getBoundingClientRect().right > window.innerWidth + 1)
                    .map((each) => each.outerHTML.slice(0, 120));"""))
        self.browser.click("button[aria-label=Navigation]")
        self.browser.click("nav a", "Pools")
        self.browser.sees("hostile")
        self.browser.resize(1280, 900)
        for language, words in (("ja", "監査ログ"), ("de", "Prüfprotokoll")):
            self.choose_language(language)
            self.show("audit")
            self.browser.sees(words, "h1")
            self.assertEqual(language, self.browser.run("return document.documentElement.lang"))
            self.picture("audit-" + language)
            self.show("person/alice")
            self.picture("person-" + language)
            self.show("capacity/office")
            self.picture("capacity-" + language)
        self.browser.run("localStorage.clear()")
        self.browser.go(self.url)

    def test_03a_a_locked_account(self):
        """Whoever calls since they cannot log in: the page says why, and until when, in the reader's language."""
        self.stack.broker.login(DAVE)
        self.stack.directory.lock(DAVE)
        self.addCleanup(self.stack.directory.unlock, DAVE)
        for language, words, lock in (("en", "cannot log in", "The account is locked until"),
                                      ("de", "kann sich nicht anmelden", "Das Konto ist bis"), ("ja", "ログイン不可", "までロック")):
            self.choose_language(language)
            self.show("people")
            self.show("person/dave")
            self.browser.sees(words)
            self.browser.sees(lock)
            self.check_readable()
            self.picture("locked-" + language)
        self.browser.run("localStorage.clear()")
        self.browser.go(self.url)
        self.stack.directory.set(DAVE, pwdAccountLockedTime=None, pwdPolicySubentry=None)
        self.show("people")
        self.show("person/dave")
        self.browser.sees("needs a new password")
        self.browser.sees("The password has to be changed first.")
        self.picture("must-change")

    def test_04_only_our_own_pages(self):
        """The cookie is nothing to a script, and nothing to another site."""
        cookie, = self.browser.cookies()
        self.assertEqual(("__Host-floe", True, True, "Strict", "/"),
                         tuple(cookie[key] for key in ("name", "httpOnly", "secure", "sameSite", "path")))
        self.assertEqual("", self.browser.run("return document.cookie"))
        self.assertEqual([401, 200], self.browser.run("""
            return Promise.all([{}, {"Floe-Session": "cookie"}].map((headers) =>
                fetch("/api/v1/me", {headers}).then((answer) => answer.status)));"""))
        own = [("Cookie", f"__Host-floe={cookie['value']}"), ("Floe-Session", "cookie")]
        for more, status in (([], 200), ([("Sec-Fetch-Site", "same-origin")], 200), ([("Sec-Fetch-Site", "cross-site")], 403),
                             ([("Origin", "https://evil.example")], 403)):
            self.assertEqual(status, self.front.call("GET", "/api/v1/me", headers=own + more).status)
        self.browser.complaints()

    def test_05_live(self):
        """What somebody else does shows without reloading."""
        self.show("hosts")
        self.browser.sees("answers")
        self.stack.broker.floectl("host", "drain", "lab", "--message", "new disks")
        self.browser.sees("draining")
        self.browser.sees("new disks")
        self.stack.broker.floectl("host", "open", "lab")
        wait_for(lambda: "draining" not in self.browser.text("main"), "the host's end of draining")
        # Told, not asked for: it is there long before the next look.
        self.show("desktop/" + self.alice_desk())
        self.browser.one("main h1", "office-1")
        for act in ("maintain", "open"):
            self.stack.broker.floectl("desktop", act, "office-1", "--reason", "live")
            wait_for(lambda: ("has put it into maintenance" in self.browser.text("main")) == (act == "maintain"),
                     f"the page's {act}", 4)

    def test_06_pool_with_a_preview(self):
        """What somebody else changed meanwhile is not undone."""
        self.show("pool-edit/office")
        self.stack.apply_pool(helpdesk_groups=["vdi-users"], description="Changed meanwhile")
        self.browser.type("#spares", "1")
        self.browser.click("button", "Save …")
        self.browser.sees("Somebody else changed it meanwhile")
        self.assertTrue(self.browser.run("""const box = document.querySelector('main [role=alert]').getBoundingClientRect();
            return box.top > 0 && box.bottom < window.innerHeight;"""))
        self.picture("changed-meanwhile")
        self.check_readable()
        self.browser.complaints()  # of the refusal
        self.show("pools")
        self.show("pool-edit/office")
        self.browser.type("#spares", "1")
        self.browser.click("button", "Save …")
        self.browser.sees("spares: 0 -> 1", "dialog")
        self.picture("pool-preview")
        self.browser.click("dialog button", "Save")
        self.browser.sees("The pool is saved.")
        admin = self.stack.broker.login(HELPDESK)
        self.assertEqual(1, self.front.call("GET", "/api/v1/admin/pools/office", token=admin).json["spares"])

    def test_06a_the_trail_is_whole(self):
        """What is removed in the database itself is named, in the page and by floectl."""
        self.show("audit")
        self.browser.click("button", "Verify")
        self.browser.click("dialog button.pf-m-primary")
        self.browser.sees("The audit trail is as it was written.", "dialog")
        self.picture("verified")
        self.check_readable()
        self.browser.click("dialog button", "Close")
        self.assertIn("rows: ", self.stack.broker.floectl("audit", "verify"))

    def alice_desk(self):
        admin = self.stack.broker.login(HELPDESK)
        item, = self.front.call("GET", "/api/v1/admin/desktops?holder=alice", token=admin).json["items"]
        return item["id"]

    def test_06b_many_at_once(self):
        """What is chosen is tried by the broker before it is done, and each answer is shown."""
        self.show("desktops")
        self.browser.click("thead input[type=checkbox]")
        self.browser.sees("desktops are chosen.")
        self.browser.click(".floe-many button", "Take back")
        self.browser.sees("alice", "dialog")
        self.browser.sees("is lent to nobody", "dialog")
        self.picture("many")
        self.check_readable()
        self.browser.click("dialog button", "Cancel")
        self.browser.click(".floe-many button", "Maintenance")
        self.browser.type("dialog #message", "New memory " + HOSTILE)
        self.browser.type("dialog #minutes", "30")
        self.browser.sees("office-1", "dialog .floe-preview")
        self.picture("maintenance")
        self.browser.click("dialog button.pf-m-primary")
        self.browser.sees("It has begun.", "dialog")
        self.browser.click("dialog button", "Close")
        desk = self.front.call("GET", "/api/v1/desktops/" + self.alice_desk(), token=self.alice)
        self.assertIn("New memory", desk.json["notice"])
        self.show("desktop/" + self.alice_desk())
        self.browser.sees("has put it into maintenance.")
        self.picture("maintained")
        self.check_harmless()
        self.check_readable()
        self.browser.click("button", "End the maintenance")
        self.browser.click("dialog button.pf-m-primary")
        self.browser.sees("It has begun.", "dialog")
        self.browser.click("dialog button", "Close")
        self.assertEqual(200, self.front.call("GET", "/api/v1/me", token=self.alice).status)
        self.show("person/alice")
        self.browser.click("button", "Log off")
        self.browser.sees("All their log-ins end", "dialog")
        self.browser.run("""const select = document.querySelector('#how');
            select.value = 'keep'; select.dispatchEvent(new Event('change'));""")
        self.picture("log-off")
        self.browser.click("dialog button.pf-m-danger")
        self.browser.sees("It has begun.", "dialog")
        self.browser.click("dialog button", "Close")
        self.assertEqual(401, self.front.call("GET", "/api/v1/me", token=self.alice).status)

    def test_06ba_questions(self):
        """What else is asked before something is done, and what a token looks like, once."""
        self.show("tokens")
        self.browser.click("button", "New token")
        self.browser.type("dialog #name", "nightly")
        self.picture("token-new")
        self.check_readable()
        self.browser.click("dialog button.pf-m-primary")
        self.browser.sees("It is not shown again", "dialog")
        self.picture("token-made")
        self.check_readable()
        self.browser.click("dialog button", "Close")
        self.browser.click("tbody tr:nth-child(1) button", "Remove")
        self.browser.click("dialog button.pf-m-danger")
        wait_for(lambda: "nightly" not in self.browser.text("main table"), "the end of the token")
        self.stack.apply_pool("named", "named-*", kind="static", entitlements={"groups": [], "users": ["eve"]})
        self.show("person/eve")
        self.browser.click("main button", "Move")
        self.browser.sees("They may not open the one any more", "dialog")
        # What turns the rest of a line around ends with the name that it is in.
        self.assertRegex(self.browser.run("return document.querySelector('dialog h1').textContent.trim()"), "^Move \u2068Eve .*\u202e.*\u2069 to another pool")
        wait_for(lambda: "One moment" not in self.browser.text("dialog"), "what would come of it")
        self.picture("move")
        self.check_readable()
        self.browser.click("dialog button", "Cancel")
        self.show("pool/office")
        for words in ("Close", "Delete"):
            self.browser.click("main .floe-actions button", words)
            self.picture("pool-" + words.lower())
            self.check_readable()
            self.browser.click("dialog button", "Cancel")
        self.check_harmless()

    def test_06c_webhooks(self):
        """Made with a secret that shows once, tested, and what keeps one from being told in plain words."""
        told = Receiver(self.work)
        self.show("webhooks")
        self.browser.click("button", "New webhook")
        self.browser.type("dialog #name", "tickets")
        self.browser.type("dialog #url", told.url)
        self.picture("webhook-new")
        self.check_readable()
        self.browser.click("dialog button.pf-m-primary")
        self.browser.sees("It is not shown again", "dialog")
        self.picture("webhook-secret")
        self.check_readable()
        self.assertRegex(self.browser.text("dialog .floe-secret"), r"^[A-Za-z0-9_-]{43}$")
        self.browser.click("dialog button", "Close")
        self.browser.sees("tickets", "main table")
        self.press_test("tickets")
        wait_for(lambda: told.of("webhook-test"), "the test at the receiver")
        wait_for(lambda: not re.search("Trouble|not take", self.browser.text("main tbody")), "no trouble")
        self.stack.broker.floectl("webhook", "test", "tickets")
        told.status = 503
        self.press_test("tickets")
        self.browser.sees("It answers, but does not take it.", "main table")
        self.browser.sees("it answers 503", "main table")
        self.stack.broker.floectl("webhook", "add", "strange", f"https://localhost:{self.front.port}/hook", "--event", "alarm")
        self.browser.sees("strange", "main table")
        self.press_test("strange")
        self.browser.sees("Its certificate is not good, so nothing is told to it.", "main table")
        self.picture("webhooks")
        self.check_readable()
        self.check_harmless()
        self.browser.click("tbody tr:nth-child(1) button", "Remove")
        self.browser.click("dialog button.pf-m-danger")
        wait_for(lambda: "strange" not in self.browser.text("main table"), "the end of the webhook")

    def press_test(self, name):
        row = self.browser.text("main tbody").split("\n")[0] == name
        self.browser.click(f"tbody tr:nth-child({1 if row else 2}) button", "Test")
        self.browser.click("dialog button.pf-m-primary")
        self.browser.sees("It is on its way.")

    def test_06d_odd_names(self):
        """Whoever is called so is found by that name, in the pages and by floectl."""
        self.show("people")
        self.browser.type("#q", "Odd")
        self.browser.click("tbody a", ODD.name)
        self.browser.sees("can log in")
        self.assertIn(ODD.uid, self.browser.text("main"))
        self.assertIn(ODD.name, self.stack.broker.floectl("user", "show", ODD.uid))
        self.assertEqual([], self.browser.complaints())

    def test_06e_the_trail_is_searched(self):
        """By whom, what and when, and written to a file with just that."""
        self.show("audit")
        self.browser.run("""const select = document.querySelector('#action');
            select.value = 'desktop-restart'; select.dispatchEvent(new Event('change'));""")
        self.browser.click("button", "Search")
        wait_for(lambda: "action=desktop-restart" in self.browser.run("return location.hash"), "the search")
        self.browser.sees("ticket 4711", "main table")
        self.assertEqual({"restart done"}, set(self.browser.run("""
            return [...document.querySelectorAll('main tbody td:nth-child(3)')]
                .map((cell) => cell.innerText.trim().replaceAll(/\\s+/g, ' '));""")))
        self.picture("audit-searched")
        self.check_readable()
        self.browser.run("""const field = document.querySelector('#until');
            field.value = '2020-01-01T00:00'; field.dispatchEvent(new Event('input'));""")
        self.browser.click("button", "Search")
        self.browser.sees("Nothing fits.")
        rows = self.stack.broker.floectl("audit", "export", "--action", "desktop-restart", "--since", "2020-01-01")
        self.assertEqual(1, rows.count("\n"), rows)

    def test_06f_two_at_once(self):
        """Two of the helpdesk, in two browsers, at the same desktop: each sees what the other does, and nothing is
        done twice."""
        other = (Firefox if self.browser_of is Browser else Browser)(self.work)
        self.addCleanup(other.stop)
        self.enter(BOB, other)
        for browser in (self.browser, other):
            self.show("desktop/" + self.alice_desk(), browser)
            browser.sees("alice", "main")
        self.browser.click("main button", "Maintenance")
        self.browser.click("dialog button.pf-m-primary")
        self.browser.sees("It has begun.", "dialog")
        self.browser.click("dialog button", "Close")
        other.sees("helen has put it into maintenance.", "main", 5)
        other.click("main button", "End the maintenance")
        other.type("dialog textarea", REASON)
        other.click("dialog button.pf-m-primary")
        other.sees("It has begun.", "dialog")
        other.click("dialog button", "Close")
        wait_for(lambda: "has put it" not in self.browser.text("main"), "the end of the maintenance", 5)
        for browser in (self.browser, other):
            browser.click("main button", "Take back")
            browser.type("dialog textarea", "for both")
        both = [threading.Thread(target=browser.click, args=("dialog button.pf-m-danger",)) for browser in (self.browser, other)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        said = [wait_for(lambda each=browser: re.search("It is taken back|Nobody has that desktop any more", each.text()),
                         "what came of it").group() for browser in (self.browser, other)]
        self.picture("too-late", self.browser if "Nobody" in said[0] else other)
        self.assertEqual(["It is taken back", "Nobody has that desktop any more"], sorted(said))
        self.assertEqual(1, len([row for row in self.rows("release") if row["detail"] == "for both"]))
        for browser in (self.browser, other):
            if browser.find("dialog"):
                browser.click("dialog button", "Cancel")
            wait_for(lambda each=browser: "alice" not in each.text("main dl"), "nobody's desktop", 5)
        self.browser.complaints()  # of the refusal

    def test_07_second_factor(self):
        """Bob sets one up with what a telephone would see, and logs in with it."""
        self.leave()
        self.enter(BOB)
        self.show("account")
        self.browser.click("button", "Set up")
        self.browser.click("dialog button", "Continue")
        self.browser.one("dialog svg.floe-qr")
        with Image.open(self.browser.shot(self.work.file("factor.png"))) as image:
            app = totp.App.of_uri(totp.read_qr(self.work, image.convert("RGB")))
        self.picture("qr")
        self.browser.type("dialog #code", app.code())
        self.browser.click("dialog button", "Continue")
        self.browser.sees("Keep these codes")
        self.browser.click("dialog button", "Close")
        self.leave()
        self.browser.type("#username", BOB.uid)
        self.browser.type("#password", BOB.password)
        self.browser.click("button[type=submit]")
        self.browser.type("#code", app.wrong())
        self.browser.click("button[type=submit]")
        self.browser.sees("The code is wrong")
        self.picture("code")
        self.browser.type("#code", app.code())
        self.browser.click("button[type=submit]")
        self.browser.sees("Bob Baker")

    def test_08_words_for_a_wrong_password(self):
        self.leave()
        self.browser.type("#username", ALICE.uid)
        self.browser.run("location.hash = '#/pools'")
        self.browser.type("#password", "wrong")
        self.browser.click("button[type=submit]")
        self.browser.sees("The name or the password is wrong.")
        self.picture("wrong")
        self.check_readable()


if __name__ == "__main__":
    harness.main("portal")
