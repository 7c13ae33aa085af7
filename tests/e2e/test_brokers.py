#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several brokers on one PostgreSQL, with real parts throughout: the leader is killed, stopped, and
stopped at the worst moment, and the database ends under load. After each case nobody has a desktop
that somebody else has, nobody lost theirs, and none was handed out dirty."""
import queue
import signal
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

import harness
from brokers import Brokers, Held
from receiver import Receiver
from screen import Program, Screen
from stack import HELPDESK, POOL, Broker, Person

PEOPLE = [Person(f"user{number}", f"User {number}") for number in range(1, 7)]
GUESTS = 6
# What a successor waits for calls that its predecessor may have under way.
QUIET = 60


class BrokersCase(unittest.TestCase):
    """What the cases share; each has its own stack."""

    count, guests = 2, GUESTS
    relayed = ()

    def setUp(self):
        self.stack = Brokers(PEOPLE, self.guests, self.count, self.relayed)
        self.addCleanup(self.stack.stop)
        self.leader = self.stack.wait_for_leader()
        self.others = [one for one in self.stack.brokers if one is not self.leader]
        self.other = self.others[0]
        self.stack.wait_until_clean(self.guests)
        self.has = {}

    def get_in(self, broker, person):
        """Logs in, connects, stands in line while the last desktop is reset or started; returns
        the token."""
        token = broker.login(person)
        answer = broker.connect(token)
        until = time.monotonic() + 60
        while answer.status == 202 and time.monotonic() < until:
            time.sleep(0.2)
            answer = broker.connect(token)
        self.assertEqual(answer.status, 200, (answer, self.stack.logs()))
        self.has[person.uid] = answer.json["desktop"]["name"]
        return token

    def check(self):
        """By SQL over leases and audit, whatever happened."""
        self.assertEqual(self.stack.problems(), [], self.stack.logs())
        leases = self.stack.leases()
        self.assertEqual({holder: leases.get(holder) for holder in self.has}, self.has,
                         self.stack.logs())


class Killed(BrokersCase):
    """kill -9."""

    count = 3

    @classmethod
    def setUpClass(cls):
        before = Broker.more
        cls.addClassCleanup(setattr, Broker, "more", before)
        Broker.more = f"{before}\n[webhooks]\nkey_file = {harness.key_file(cls)}\n"

    def test_a_leader_killed(self):
        first, second = PEOPLE[0], PEOPLE[1]
        told = Receiver(self.stack.work)
        self.leader.floectl("webhook", "add", "tickets", told.url, "--event", "assignment")
        token = self.get_in(self.other, first)
        harness.wait_for(lambda: told.of("assign"), "what the leader tells", 30)
        self.leader.kill()
        since = time.monotonic()
        # Whoever comes meanwhile is let in by any broker.
        with ThreadPoolExecutor(1) as pool:
            meanwhile = pool.submit(self.get_in, self.others[1], second)
            successor = self.stack.wait_for_leader(self.others)
            seconds = time.monotonic() - since
            meanwhile.result()
        print(f"# a second broker led after {seconds:.2f} s", flush=True)
        self.assertLess(seconds, 5)
        # It does what leaders do: starts what is off, resets what was given back.
        started = time.monotonic()
        for person in PEOPLE[2:5]:
            self.get_in(self.others[0], person)
        self.has.pop(first.uid)
        self.others[1].logout(token)
        self.get_in(self.others[1], PEOPLE[5])
        self.get_in(self.others[1], first)
        print(f"# and five people got in within {time.monotonic() - started:.1f} s of that",
              flush=True)
        self.assertIs(self.stack.leader(), successor)
        self.check()
        self.check_told(told)

    def check_told(self, told):
        """What the leader did not tell any more its successor tells, and nothing was told twice."""
        admin = self.other.login(HELPDESK)
        rows = self.other.front.call("GET", "/api/v1/admin/audit?limit=1000", token=admin).json["items"]
        wanted = sorted(row["id"] for row in rows if row["action"] in ("assign", "release"))
        harness.wait_for(lambda: len(told.of("assign") + told.of("release")) >= len(wanted), "what the successor tells", 40)
        self.assertEqual(wanted, sorted(event["id"] for event in told.of("assign") + told.of("release")))


class Stopped(BrokersCase):
    """SIGSTOP, and SIGCONT when others have gone on."""

    def test_b_leader_stopped_during_a_rush(self):
        tokens = {person.uid: self.get_in(self.other, person) for person in PEOPLE[:4]}
        threads = [threading.Thread(target=self.other.logout, args=(tokens[uid],))
                   for uid in tokens]
        for thread in threads:
            thread.start()
        self.leader.process.send_signal(signal.SIGSTOP)
        for thread in threads:
            thread.join()
        self.has.clear()
        self.stack.wait_for_leader(self.others)
        # The desktops that were given back are reset, those that were under way once nothing of the
        # other broker can hit them any more; and are lent again.
        self.stack.wait_until_clean(GUESTS, QUIET + 30)
        with ThreadPoolExecutor(len(PEOPLE)) as pool:
            for token in pool.map(lambda one: self.get_in(self.other, one), PEOPLE):
                self.assertIsNotNone(token)
        session = Session(self, self.other, PEOPLE[0])
        before = self.stack.domain_numbers()
        self.leader.process.send_signal(signal.SIGCONT)
        time.sleep(8)
        self.assertEqual(self.stack.domain_numbers(), before, self.stack.logs())
        session.check()
        self.assertIs(self.stack.leader(), self.other)
        # The one that was stopped serves again, as one of those that follow.
        self.assertEqual(self.leader.connect(self.leader.login(PEOPLE[1])).status, 200)
        session.check()
        self.check()


class BetweenCommitAndCall(BrokersCase):
    """Its intent is recorded, and the manager was not called yet."""

    def test_c_leader_stopped_before_its_call(self):
        person, next_one = PEOPLE[0], PEOPLE[1]
        token = self.get_in(self.other, person)
        name = self.has.pop(person.uid)
        for other in PEOPLE[2:]:
            self.get_in(self.other, other)
        taken = set(self.has.values()) | {name}
        spare, = {f"office-{number}" for number in range(1, GUESTS + 1)} - taken
        with Held(self.leader, "floe_libvirt_power_off") as held:
            self.stack.make_leader(self.leader)  # to be attached to may have taken its lead
            self.other.logout(token)
            held.wait()
            self.assertEqual(self.stack.intents(), {name: "reset"})
            self.stack.wait_for_leader(self.others)
            # Nobody gets it before that call could not come any more.
            self.get_in(self.other, next_one)
            self.assertEqual(self.has[next_one.uid], spare)
            self.stack.wait_until_clean(1, QUIET + 30)
            self.get_in(self.other, person)
            self.assertEqual(self.has[person.uid], name)
            session = Session(self, self.other, person)
            before = self.stack.domain_numbers()
        time.sleep(8)
        self.assertEqual(self.stack.domain_numbers(), before, self.stack.logs())
        session.check()
        self.check()


class CallOnItsWay(BrokersCase):
    """The call has left the leader and has not reached the host."""

    relayed = ("broker1", "broker2")

    def test_d_leader_stopped_behind_its_call(self):
        person = PEOPLE[0]
        token = self.get_in(self.other, person)
        name = self.has.pop(person.uid)
        relay = self.stack.relays[self.leader.name]
        relay.hold()
        self.other.logout(token)
        self.assertTrue(relay.caught.wait(30), self.stack.logs())
        self.assertEqual(self.stack.intents(), {name: "reset"})
        self.leader.process.send_signal(signal.SIGSTOP)
        self.stack.wait_for_leader(self.others)
        for other in PEOPLE[1:]:
            self.get_in(self.other, other)
        self.assertNotIn(name, self.has.values())
        before = {guest: number for guest, number in self.stack.domain_numbers().items()
                  if guest != name}
        relay.release()
        harness.wait_for(lambda: self.stack.clean(name), "the end of the reset", 30)
        self.get_in(self.other, person)
        self.assertEqual(self.has[person.uid], name)
        self.leader.process.send_signal(signal.SIGCONT)
        time.sleep(5)
        after = self.stack.domain_numbers()
        self.assertEqual({guest: after[guest] for guest in before}, before)
        self.check()


class Database(BrokersCase):
    """PostgreSQL ends and comes back."""

    def test_e_database_restarted_under_load(self):
        stop = threading.Event()
        # Two keep what they have: through both brokers, and whatever becomes of the database.
        kept = {person.uid: self.get_in(broker, person)
                for person, broker in zip(PEOPLE, self.stack.brokers)}
        ids = self.desktop_ids()
        threads = [threading.Thread(target=self.work_and_leave, args=(person, broker, stop))
                   for person, broker in zip(PEOPLE[2:], self.stack.brokers * 2)]
        for thread in threads:
            thread.start()
        for how in ("INT", "QUIT"):
            time.sleep(4)
            self.stack.postgres.stop(how)
            time.sleep(1)
            self.stack.postgres.start()
        time.sleep(4)
        stop.set()
        for thread in threads:
            thread.join()
        self.stack.wait_for_leader()
        self.check()
        # Their log-ins are good for the same desktops as before.
        for person, broker in zip(PEOPLE, self.stack.brokers):
            answer = broker.connect(kept[person.uid])
            self.assertEqual(answer.status, 200, (answer, self.stack.logs()))
            self.assertEqual(answer.json["desktop"]["id"], ids[person.uid])
        for person, broker in zip(PEOPLE[2:], self.stack.brokers * 2):
            self.has[person.uid] = self.connect_at_last(broker, person)
        self.check()

    def desktop_ids(self):
        """Whose lease is of which desktop."""
        return dict(self.stack.postgres.ask("SELECT holder_name, desktop_id FROM leases"))

    def connect_at_last(self, broker, person):
        def attempt():
            answer = broker.front.call("POST", "/api/v1/login", {
                "username": person.uid, "password": person.password})
            if answer.status != 201:
                return None
            answer = broker.connect(answer.json["token"])
            return answer.json["desktop"]["name"] if answer.status == 200 else None
        return harness.wait_for(attempt, f"a desktop for {person.uid}\n" + self.stack.logs(),
                                QUIET + 60, step=1)

    @staticmethod
    def work_and_leave(person, broker, stop):
        """What people do, whatever they are told."""
        while not stop.is_set():
            answer = broker.front.call("POST", "/api/v1/login", {
                "username": person.uid, "password": person.password})
            if answer.status != 201:
                time.sleep(0.2)
                continue
            token = answer.json["token"]
            broker.front.call("POST", f"/api/v1/pools/{POOL}/connect", {}, token=token)
            time.sleep(0.3)
            broker.front.call("POST", "/api/v1/logout", token=token)


class Line(BrokersCase):
    """One line, at which people stand by two brokers."""

    guests = 1

    def queue(self, broker, person):
        """Joins the line; returns the token and where the request is."""
        token = broker.login(person)
        answer = broker.front.call("POST", f"/api/v1/pools/{POOL}/connect", {}, token=token)
        self.assertEqual((answer.status, answer.json["state"]), (202, "queued"), answer)
        return token, answer.headers["location"]

    @staticmethod
    def seconds_until(broker, waiter, condition):
        """How long it takes from now on until a request is as wanted."""
        token, href = waiter
        since = time.monotonic()
        harness.wait_for(lambda: condition(broker.front.call("GET", href, token=token).json),
                         "a change of the line", 60, step=0.02)
        return time.monotonic() - since

    def test_f_line_follows(self):
        token = self.get_in(self.other, PEOPLE[0])
        first = self.queue(self.leader, PEOPLE[1])
        second = self.queue(self.other, PEOPLE[2])
        third = self.queue(self.other, PEOPLE[3])
        self.seconds_until(self.other, third, lambda one: one["place"] == 3)
        time.sleep(2)
        self.leader.front.call("DELETE", first[1], token=first[0])
        left = self.seconds_until(self.other, third, lambda one: one["place"] == 2)
        # Somebody stands at the leader again, so that it serves the line.
        self.queue(self.leader, PEOPLE[4])
        self.has.pop(PEOPLE[0].uid)
        self.other.logout(token)
        harness.wait_for(self.stack.leases, "who is next", 60, step=0.02)
        served = self.seconds_until(self.other, second, lambda one: one["state"] != "queued")
        moved = self.seconds_until(self.other, third, lambda one: one["place"] == 1)
        print(f"# heard that one left after {left:.2f} s, that one was served after {served:.2f} s,"
              f" that others moved up {moved:.2f} s later", flush=True)
        for seconds in (left, served, moved):
            self.assertLess(seconds, 1.5)
        self.has[PEOPLE[2].uid] = "office-1"
        self.check()


class Followed(BrokersCase):
    """Somebody follows their desktops by one broker, and the other one changes them."""

    guests = 2

    def seconds_until_heard(self):
        """A desktop is given back at the leader: how long until the other's listener hears it."""
        person = PEOPLE[0]
        token = self.get_in(self.other, person)
        heard = Follower(self.other, token)
        desktop = heard.wait(lambda one: one["end"] is None)[1]
        since = time.monotonic()
        answer = self.leader.front.call("POST", f"/api/v1/desktops/{desktop['id']}/release",
                                        token=self.leader.login(person))
        self.assertEqual(answer.status, 204, answer)
        when, told = heard.wait(lambda one: one["end"] is not None)
        self.assertEqual((told["id"], told["end"]["reason"]), (desktop["id"], "released"))
        self.has.pop(person.uid)
        return when - since

    def test_g_desktops_followed(self):
        # A machine that does something else for a moment is no fault of the brokers, three times is.
        times = []
        while len(times) < 3 and not any(seconds < 1 for seconds in times):
            times.append(self.seconds_until_heard())
        print("# heard of a change after", *(f"{one:.2f} s" for one in times), flush=True)
        self.assertLess(min(times), 1)
        self.check()


class Follower:
    """An event stream, read as it comes, with the times at which it came."""

    def __init__(self, broker, token):
        self.broker, self.token, self.told = broker, token, queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            for event in self.broker.front.events("/api/v1/events", self.token):
                self.told.put((time.monotonic(), event))
        except OSError:
            pass  # the stack was stopped first

    def wait(self, condition):
        """The first event of that kind: when it came, and what it says."""
        while True:
            when, event = self.told.get(timeout=30)
            if condition(event):
                return when, event


class Session:
    """Somebody's real session, with a viewer that knows nothing of Floe."""

    def __init__(self, case, broker, person):
        self.stack = case.stack
        answer = broker.front.call("POST", f"/api/v1/pools/{POOL}/connection.vv", {},
                                   token=broker.login(person))
        case.assertEqual(answer.status, 200, answer)
        path = case.stack.work.put(f"{person.uid}.vv", answer.body.decode(), mode=0o600)
        self.viewer = Program(Screen(case.stack.work), "remote-viewer", ["remote-viewer", path])
        self.guest = case.has[person.uid]
        self.peers = harness.wait_for(self.steady, "the session\n" + self.viewer.log(), 60, step=1)

    def steady(self):
        """The channels of the display, once there are some and none is added."""
        before = self.stack.channels(self.guest)
        time.sleep(1)
        return before if len(before) > 2 and self.stack.channels(self.guest) == before else None

    def check(self):
        """It was not cut: all channels are what they were."""
        now = self.stack.channels(self.guest)
        assert now == self.peers, (now, self.peers, self.stack.logs())


if __name__ == "__main__":
    harness.main("/brokers")
