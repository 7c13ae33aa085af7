#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody sets the clock by a day: the broker's machine's, or that of the database that several brokers
share. No log-in and no session ends by it or is longer for it, and what people read has the new date."""
import glob
import os
import tempfile
import time
import unittest
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import harness
from brokers import Brokers, Postgres
from stack import HELPDESK, NO_LIMIT, Broker, Person, Stack

DAY = timedelta(days=1)
LIFE = 90  # seconds, of a log-in
LIMITS = f"[tokens]\nidle = {LIFE}s\nabsolute = {LIFE}s\n{NO_LIMIT}"
USER = Person("user1", "User 1")


class Calendar:
    """That of some processes, which goes on as everybody's until it is set. How much time goes by does not
    change for them."""

    def __init__(self, case):
        number, self.file = tempfile.mkstemp(prefix="floe-calendar-")
        os.close(number)
        os.chmod(self.file, 0o644)
        case.addClassCleanup(os.unlink, self.file)
        library, = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
        self.environment = {"LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": self.file, "FAKETIME_NO_CACHE": "1",
                            "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        self.set(timedelta())

    def set(self, by):
        """By so much from the right time."""
        self.by = by
        with open(self.file + ".new", "w", encoding="ascii") as out:
            out.write(f"{by.total_seconds():+.0f}\n")
        os.chmod(self.file + ".new", 0o644)
        os.replace(self.file + ".new", self.file)

    def is_date(self, date):
        """Whether that is now, about."""
        return abs(date - datetime.now(timezone.utc) - self.by) < timedelta(seconds=10)


class Clock(unittest.TestCase):
    """What both have."""

    def is_alive(self, broker, token):
        answer = broker.front.call("GET", "/api/v1/pools", token=token)
        self.assertIn(answer.status, (200, 401), answer)
        return answer.status == 200

    def assert_follows(self, broker):
        """The dates that people read are the calendar's."""
        def is_told():
            answer = broker.front.call("GET", "/api/v1/pools")
            return self.calendar.is_date(parsedate_to_datetime(answer.headers["date"]))
        harness.wait_for(is_told, "the new date\n" + self.stack.work.log(broker.name), 30)

    def assert_dated(self, broker):
        """What is written into the trail now, too."""
        token = broker.login(HELPDESK)
        answer = broker.front.call("GET", "/api/v1/admin/audit?limit=1", token=token)
        self.assertEqual(answer.status, 200, answer)
        at = answer.json["items"][0]["at"]
        self.assertTrue(self.calendar.is_date(datetime.fromisoformat(at.replace("Z", "+00:00"))), answer)

    def restart(self, broker):
        broker.kill()
        broker.start()

    def assert_ends(self, broker, token, began):
        """Its life is as long as it was to be."""
        self.assertLess(time.monotonic(), began + LIFE - 2, "this machine was too slow to tell")
        self.assertTrue(self.is_alive(broker, token))
        time.sleep(began + LIFE + 2 - time.monotonic())
        self.assertFalse(self.is_alive(broker, token))


class Machine(Clock):
    """One broker, on a file."""

    @classmethod
    def setUpClass(cls):
        cls.calendar = Calendar(cls)
        Broker.environment, Broker.more = cls.calendar.environment, LIMITS
        cls.addClassCleanup(setattr, Broker, "environment", {})
        cls.stack = Stack([USER], guests=1)
        cls.addClassCleanup(cls.stack.stop)
        cls.broker = cls.stack.broker

    def test_machine(self):
        broker = self.broker
        token, began = broker.login(USER), time.monotonic()
        self.assertEqual(broker.connect(token).status, 200)
        guest, = self.stack.hypervisor.running()
        for by in (DAY, -DAY):
            self.calendar.set(by)
            self.assertTrue(self.is_alive(broker, token))  # before the broker has seen it
            self.assert_follows(broker)
            self.assertTrue(self.is_alive(broker, token))
            if by == DAY:  # that of the directory's certificates begins today
                self.assert_dated(broker)
                self.assertEqual(broker.connect(token).status, 200)
            self.restart(broker)
            self.assertTrue(self.is_alive(broker, token))
            self.assert_follows(broker)
            self.assertEqual(self.stack.hypervisor.running(), [guest])
        self.assert_ends(broker, token, began)


class Database(Clock):
    """Two brokers, whose database's clock is set."""

    @classmethod
    def setUpClass(cls):
        cls.calendar = Calendar(cls)
        Postgres.environment, Broker.more = cls.calendar.environment, LIMITS
        cls.addClassCleanup(setattr, Postgres, "environment", {})
        cls.stack = Brokers([USER], 0, 2, pool=False)
        cls.addClassCleanup(cls.stack.stop)

    def test_database(self):
        one, two = self.stack.brokers
        token, began = one.login(USER), time.monotonic()
        for by in (DAY, -DAY):
            self.calendar.set(by)
            for broker in (one, two):
                self.assertTrue(self.is_alive(broker, token))
            for broker in (one, two):
                self.assert_follows(broker)
                self.assertTrue(self.is_alive(broker, token))
            self.assert_dated(two)
            self.restart(two)
            for broker in (one, two):
                self.assertTrue(self.is_alive(broker, token))
        self.assert_ends(two, token, began)

    def test_lead(self):
        """Who led has gone when the clock is set back: by it their lead would end in a day."""
        leader = self.stack.wait_for_leader()
        other, = [one for one in self.stack.brokers if one is not leader]
        leader.kill()
        try:
            self.calendar.set(self.calendar.by - DAY)
            self.stack.wait_for_leader([other])
        finally:
            leader.start()


if __name__ == "__main__":
    harness.main("/clock")
