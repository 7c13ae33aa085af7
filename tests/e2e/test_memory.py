#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What memory holds once everybody is served: no password of anybody, whether it was right or wrong,
no ticket that is spent, and no token. The broker's after a thousand log-ins, the client's after a
log-out."""
import concurrent.futures
import os
import re
import secrets
import signal
import time
import unittest

import harness
from client import Client
from front import Haproxy
from screen import Screen
from stack import NO_LIMIT, PASSWORD, Broker, Person, Stack

PEOPLE = 20
LOG_INS = 1000
AT_ONCE = 16
# What every password begins with.
MARK = "k3Xq9-" + secrets.token_hex(4)
# A ticket nobody used is good for 30 s, and is replaced then.
TICKET = 30


def dump(pid):
    """All that a process has written, as a core file would have it; it is stopped meanwhile."""
    core = bytearray()
    os.kill(pid, signal.SIGSTOP)
    try:
        with open(f"/proc/{pid}/maps", encoding="ascii") as maps, \
                open(f"/proc/{pid}/mem", "rb", 0) as memory:
            for line in maps:
                part = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
                if part is None:
                    continue
                begin, end = (int(number, 16) for number in part.groups())
                memory.seek(begin)
                while begin < end:
                    block = memory.read(min(end - begin, 1 << 20))
                    core += block
                    begin += len(block)
    finally:
        os.kill(pid, signal.SIGCONT)
    return bytes(core)


def find(core, what):
    """Where the memory holds this, as text or as UTF-16, with what stands around it."""
    return [core[max(match.start() - 100, 0):match.end() + 60]
            for form in (what, re.sub(rb"(.)", rb"\1\0", what))
            for match in re.finditer(re.escape(form), core)]


class Memory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        Broker.more = NO_LIMIT
        people = [Person(f"user{n}", f"User {n}") for n in range(PEOPLE)]
        cls.stack = Stack(people, guests=2)
        cls.addClassCleanup(cls.stack.stop)
        cls.broker, cls.people = cls.stack.broker, people
        # One address does not log in so often.
        cls.broker.front = Haproxy(cls.stack.work, cls.broker.authority, cls.broker.socket,
                                   cls.broker.terminals.cert, FLOE_LOGINS="1000000")
        for person in people:
            cls.set_password(person)

    @classmethod
    def set_password(cls, person):
        """One of their own: everybody's first one is the service account's, too."""
        old, person.password = person.password, MARK + secrets.token_urlsafe(12)
        values = cls.stack.directory.values
        cls.stack.work.run("ldappasswd", "-x", "-H", values["LDAPS_URI"],
                           "-D", f"uid={person.uid},{values['LDAP_PEOPLE']}", "-w", old,
                           "-s", person.password,
                           env=dict(os.environ, LDAPTLS_CACERT=values["LDAP_CA"]))

    def attempt(self, number):
        """One log-in, of which each second one is wrong; its token."""
        person = self.people[number % PEOPLE]
        if number // PEOPLE % 2:
            answer = self.broker.front.call("POST", "/api/v1/login", {
                "username": person.uid, "password": MARK + secrets.token_urlsafe(12)})
            self.assertEqual(answer.status, 401, answer)
            return None
        token = self.broker.login(person)
        self.broker.logout(token)
        return token

    def open_desktop(self, person):
        """Takes a desktop and gives it back when its ticket is over; the secrets of it."""
        token = self.broker.login(person)
        answer = self.broker.connect(token)
        self.assertEqual(answer.status, 200, answer)
        time.sleep(TICKET + 5)
        self.broker.logout(token)
        return token, answer.json["ticket"], answer.json["reconnect_token"]

    def tickets(self):
        """What opens the guests' displays now."""
        found = set()
        for name in self.stack.hypervisor.running():
            text = self.stack.hypervisor.virsh("dumpxml", "--security-info", name)
            found |= set(re.findall(r"passwd='([^']{16,})'", text))
        return found

    def test_client(self):
        """What the client holds when somebody has logged out, and the next one may sit down."""
        client = Client(Screen(self.stack.work), self.stack, self.people[-1])
        client.type(client.find(["password text"]), client.person.password)
        self.assertNotEqual(find(dump(client.process.pid), MARK.encode()), [])
        client.login()
        tickets = set()
        harness.wait_for(lambda: tickets.update(self.tickets()) or tickets, "a ticket")
        client.guest()
        self.assertNotEqual(find(dump(client.process.pid), b"flt_"), [])
        client.click(client.find(["toggle button"], "menu"))
        client.click(client.find(["push button", "menu item", "check menu item"], "Log Out…"))
        client.click(client.find(["push button"], "Log Out$"))
        client.find(["password text"])
        core = dump(client.process.pid)
        self.assertNotEqual(find(core, self.broker.url.encode()), [])
        for secret in (MARK, *tickets):
            self.assertEqual(find(core, secret.encode()), [])
        self.assertEqual(re.findall(r"fl[tr]_[\w-]{43}", core.decode("latin-1")), [])

    def test_broker(self):
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            desktops = [pool.submit(self.open_desktop, person) for person in self.people[:2]]
            tokens = set(pool.map(self.attempt, range(LOG_INS)))
            opened = [desktop.result() for desktop in desktops]
        pids = self.stack.work.run("pgrep", "-f", "--", self.broker.program).split()
        self.assertEqual(len(pids), 1)
        core = dump(int(pids[0]))
        # It keeps the service account's.
        self.assertNotEqual(find(core, PASSWORD.encode()), [])
        self.assertEqual(find(core, MARK.encode()), [])
        for token, ticket, right in opened:
            self.assertEqual(find(core, ticket.encode()), [])
            tokens |= {token, right}
        # Without their beginning: what frees memory writes over it.
        self.assertEqual([token for token in tokens if token and token[-31:].encode() in core], [])


if __name__ == "__main__":
    harness.main("/memory")
