# SPDX-License-Identifier: GPL-3.0-or-later
"""The helpdesk's pages in a real Chromium, at 100,000 desktops and 50,000 people."""
import sqlite3
import statistics
import uuid

from browser import Browser
from harness import Authority, wait_for
from front import Haproxy
from stand import ADMIN, Broker, Directory, Libvirt, Site, emit, say

DESKTOPS, PEOPLE = 100000, 50000
ROUNDS = 7
POOL = "office"
PAGES = ["", "people", "desktops", "desktops?state=host-lost", "sessions", "pools", f"pool/{POOL}", "hosts", "terminals",
         "audit", "person/p04711"]
FAR = """[host far]
uri = qemu+unix:///system?socket=/nowhere/libvirt-sock
plain_display = yes
"""


class Big(Site):
    """A broker whose database was filled while it was off. The desktops are on a host that does not answer."""

    def __init__(self, work, directory, libvirt):
        self.work, self.name, self.directory = work, "portal", directory
        self.broker = Broker(work, "portal", directory, libvirt)
        self.broker.config = work.put("portal.conf", self.broker.configuration() + FAR)
        self.broker.start()
        self.front = Haproxy(work, Authority(work, "portal-ca"), self.broker.socket)
        self.requests, self.admin = 0, None


def fill(path):
    """So many desktops like the one that is there, half of them somebody's, and the people."""
    store = sqlite3.connect(path)
    store.row_factory = sqlite3.Row
    model = dict(store.execute("SELECT * FROM desktops LIMIT 1").fetchone())
    model.update(host="far", power="unknown", state="host-lost")
    now = model["power_at"]
    people = [(str(uuid.uuid4()), f"p{n:05}", f"Person {n:05}") for n in range(PEOPLE)]
    desktops = [(str(uuid.uuid4()), f"desk-{n:06}") for n in range(DESKTOPS)]
    with store:
        store.executemany("INSERT INTO users (id, name, display_name, groups, seen) VALUES (?, ?, ?, '[]', ?)",
                          ((*person, now) for person in people))
        store.executemany("INSERT INTO user_words VALUES (?, ?)",
                          ((word, who) for who, name, called in people for word in {name, called.lower()}))
        columns = list(model)
        store.executemany(f"INSERT INTO desktops ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
                          ([{**model, "id": one, "name": name, "held": int(n < PEOPLE),
                             "clean": "dirty" if n < PEOPLE else "clean",
                             "console": "lost" if n < PEOPLE else "none"}[column] for column in columns]
                           for n, (one, name) in enumerate(desktops)))
        store.executemany("INSERT INTO desktop_words VALUES (?, ?)", ((name, one) for one, name in desktops))
        store.executemany(
            "INSERT INTO leases (desktop_id, pool, holder, holder_name, since, address) VALUES (?, ?, ?, ?, ?, '192.0.2.1')",
            ((one, POOL, who, name, now) for (one, _), (who, name, _) in zip(desktops, people)))
    store.close()


def big_site(work):
    directory, libvirt = Directory(work, "portal-ldap", 2), Libvirt(work)
    libvirt.add_guest("office-1")
    site = Big(work, directory, libvirt)
    site.put_pool(POOL, "office-*", ["u00001"])
    path = f"{site.broker.data}/floe.db"

    def known():
        with sqlite3.connect(path) as store:
            return store.execute("SELECT count(*) FROM desktops").fetchone()[0]
    wait_for(known, "the guest in the database")
    site.broker.stop()
    say("filling the database")
    fill(path)
    site.broker.start()
    return site


def log_in(browser, site, url):
    browser.go(url)
    browser.type("#username", ADMIN)
    browser.type("#password", site.directory.password)
    browser.click("button[type=submit]")
    browser.one("main[aria-busy=false]", seconds=30)


def bytes_loaded(browser):
    return browser.run("""
        return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
            .reduce((sum, each) => sum + each.transferSize, 0);""")


def shown_after(browser, url):
    """Milliseconds from the address to the first rows."""
    browser.go("about:blank")
    browser.go(url)
    return wait_for(lambda: browser.run("return performance.getEntriesByName('floe-shown')[0]?.startTime ?? 0"),
                    "the page", 30)


def turn_to(browser, page):
    """Milliseconds from one page of the portal to another one."""
    return browser.run("""
        const begun = performance.now();
        performance.clearMarks();
        location.hash = '#/' + arguments[0];
        return new Promise((done) => {
            const look = () => {
                const mark = performance.getEntriesByName('floe-shown')[0];
                if (mark) done(mark.startTime - begun); else setTimeout(look, 5);
            };
            look();
        });""", page)


def portal(work):
    site = big_site(work)
    url = f"https://localhost:{site.front.port}/portal/"
    browser = Browser(work)
    browser.go(url)
    browser.one("#username")
    emit("portal", "first_page_kb", bytes_loaded(browser) / 1000, "kB")
    log_in(browser, site, url)
    emit("portal", "usable_ms", statistics.median(shown_after(browser, url + "#/desktops") for _ in range(ROUNDS)), "ms")
    rows = browser.run("return document.querySelectorAll('main tbody tr').length")
    if rows < 50:
        raise RuntimeError(f"the list of desktops has only {rows} rows")
    slowest = 0
    for page in PAGES:
        turn_to(browser, "account")
        took = turn_to(browser, page)
        say(f"{page or 'overview'}: {took:.0f} ms")
        slowest = max(slowest, took)
    emit("portal", "slowest_ms", slowest, "ms")


ALL = {"portal": portal}
