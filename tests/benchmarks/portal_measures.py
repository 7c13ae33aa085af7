# SPDX-License-Identifier: GPL-3.0-or-later
"""The helpdesk's pages in a real Chromium, at 100,000 desktops and 50,000 people."""
import os
import statistics
import time

from browser import Browser
from harness import wait_for
from stand import ADMIN, Directory, Libvirt, emit, filled_site, say

DESKTOPS, PEOPLE, SESSIONS = 100000, 50000, 10000
ROUNDS = 7
PAGES = ["", "people", "desktops", "desktops?state=in-use", "sessions", "pools", "pool/office", "hosts", "terminals", "audit",
         "person/u04711"]


def log_in(browser, site, url):
    browser.log_in(url, ADMIN, site.directory.password)
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


def family(pid):
    """A process and all that descend from it."""
    parents = {}
    for each in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{each}/stat", encoding="utf-8", errors="replace") as stat:
                parents.setdefault(int(stat.read().rpartition(")")[2].split()[1]), []).append(int(each))
        except OSError:
            continue  # it has ended meanwhile
    found = [pid]
    for each in found:
        found += parents.get(each, [])
    return found


def memory_mib(browser):
    """What the browser and its helpers have, shared pages once."""
    total = 0
    for pid in family(browser.process.pid):
        try:
            with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as rollup:
                total += int(next(line for line in rollup if line.startswith("Pss:")).split()[1])
        except (OSError, StopIteration):
            continue
    return total / 1024


def rows_of(browser):
    """How many rows the table has, of which only those in view are in the page."""
    return browser.run("""
        const table = document.querySelector('main table');
        return table?.ariaRowCount ? table.ariaRowCount - 1 : table?.querySelectorAll('tbody tr').length ?? 0;""")


def watch_sessions(site, browser, url):
    """Ten thousand sessions on one page: until they are there, what they weigh, until a change of one shows."""
    shown_after(browser, url + "#/sessions")
    before = memory_mib(browser)
    for wanted in (200, 1000, SESSIONS):
        browser.run("window.floeBegun = performance.now()")
        browser.click(".floe-more button")
        wait_for(lambda n=wanted: rows_of(browser) >= n, f"{wanted} sessions", 60, 0.02)
        took = browser.run("return performance.now() - window.floeBegun")
        say(f"{wanted} sessions: {took:.0f} ms")
    emit("portal", "sessions_ms", took, "ms")
    time.sleep(2)
    emit("portal", "sessions_mib", memory_mib(browser) - before, "MiB")
    # The last one is there as soon as somebody looks.
    browser.run("document.querySelector('main table').scrollIntoView({block: 'end'})")
    last = f"office-{2 * (SESSIONS - 1):06}"
    wait_for(lambda: last in browser.text("main tbody"), "the last of ten thousand sessions", 10, 0.02)
    browser.run("document.querySelector('main table').scrollIntoView({block: 'start'})")
    wait_for(lambda: "office-000000" in browser.text("main tbody"), "their beginning", 10, 0.02)
    changes = []
    for number in range(ROUNDS):
        # Somebody else takes a desktop back from whoever sits there.
        desktop = 2 * number
        row = f"office-{desktop:06}"
        begun = time.monotonic()
        answer = site.call("POST", f"/api/v1/admin/desktops/0b9e6a52-7d0c-4f3e-8f5d-{desktop:012}/release", {"reason": "bench"},
                           token=site.admin)
        if answer[0] not in (200, 204):
            raise RuntimeError(f"a release was answered {answer}")
        wait_for(lambda name=row: browser.run("""
            const row = [...document.querySelectorAll('main tbody tr')].find((each) => each.textContent.includes(arguments[0]));
            return row !== undefined && !row.textContent.includes('u0');""", name), f"the change of {row}", 30, 0.02)
        changes.append(time.monotonic() - begun)
    emit("portal", "sessions_change_ms", statistics.median(changes) * 1000, "ms")


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
    watch_sessions(site, browser, url)


ALL = {"portal": portal}
