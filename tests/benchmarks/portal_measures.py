# SPDX-License-Identifier: GPL-3.0-or-later
"""The helpdesk's pages in a real Chromium, at 100,000 desktops and 50,000 people."""
import statistics

from browser import Browser
from harness import wait_for
from stand import ADMIN, Directory, Libvirt, emit, filled_site, say

DESKTOPS, PEOPLE = 100000, 50000
ROUNDS = 7
PAGES = ["", "people", "desktops", "desktops?state=in-use", "sessions", "pools", "pool/office", "hosts", "terminals", "audit",
         "person/u04711"]


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
    site = filled_site(work, Directory(work, "portal-ldap", 2), Libvirt(work), DESKTOPS, PEOPLE)
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
