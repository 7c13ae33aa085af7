#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""5,000 log-ins with wrong passwords, half of them with names that somebody has, some of whom the
broker knows and some of whom may not log in at all: neither what it answers nor how long that takes
tells which. Nor does it when a password is to be changed."""
import concurrent.futures
import math
import os
import random
import time
import unittest

import harness
from front import Haproxy
from stack import NO_LIMIT, OFFICE, PASSWORD, Broker, Directory, Hypervisor

TRIES = 5000
AT_ONCE = 16
# One of the four pairs of samples differs more than this once in a thousand times when all are of one
# distribution.
P_LEAST = 0.00025


class Crowd(Directory):
    """Half as many people as there are tries, u00001 and on."""

    def start(self):
        script = os.path.join(harness.FIXTURES, "slapd-up.sh")
        return harness.environment_of(self.work.run(script, self.folder, str(TRIES // 2),
                                                    env=self.environment))


def likelihood(left, right):
    """How likely two samples are to differ so much when they are of one distribution, by
    Kolmogorov and Smirnov."""
    left, right = sorted(left), sorted(right)
    far = i = j = 0
    while i < len(left) and j < len(right):
        least = min(left[i], right[j])
        while i < len(left) and left[i] <= least:
            i += 1
        while j < len(right) and right[j] <= least:
            j += 1
        far = max(far, abs(i / len(left) - j / len(right)))
    size = len(left) * len(right) / (len(left) + len(right))
    return min(1, 2 * math.exp(-2 * size * far * far))


class Timing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        Broker.more = NO_LIMIT
        cls.work = harness.Work()
        cls.addClassCleanup(cls.work.stop)
        user = harness.service_user("nobody")
        cls.directory = Crowd(cls.work, OFFICE)
        cls.broker = Broker(cls.work, user, cls.directory, {"lab": Hypervisor(cls.work, user)})
        cls.front = Haproxy(cls.work, cls.broker.authority, cls.broker.socket,
                            cls.broker.terminals.cert, FLOE_LOGINS="1000000")
        real = [f"u{n:05}" for n in range(1, TRIES // 2 + 1)]
        cls.known, cls.locked, cls.others = (
            real[:TRIES // 5], real[TRIES // 5:TRIES // 4], real[TRIES // 4:])
        cls.nobody = [f"x{name[1:]}" for name in real]
        cls.lock()
        cls.know()

    @classmethod
    def lock(cls):
        """The directory itself refuses whoever is locked, and says so."""
        directory = cls.directory
        policy = f"cn=locking,ou=policies,{directory.values['LDAP_BASE']}"
        directory.change(*((directory.dn(name), "changetype: modify\n"
                            f"add: pwdPolicySubentry\npwdPolicySubentry: {policy}\n-\n"
                            "add: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z")
                           for name in cls.locked))

    @classmethod
    def know(cls):
        """They are logged in, from where they are guessed at."""
        def login(name):
            answer = cls.front.call("POST", "/api/v1/login", {"username": name, "password": PASSWORD})
            assert answer.status == 201, answer
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(login, cls.known))

    def attempt(self, path, name, **more):
        """How long the answer takes, and what it says but for what each one has of its own."""
        begun = time.monotonic()
        answer = self.front.call("POST", path, {"username": name, "password": "guess", **more})
        took = time.monotonic() - begun
        headers = tuple(sorted(item for item in answer.headers.items() if item[0] != "date"))
        return took, (answer.status, answer.body, headers)

    def compare(self, path, groups, **more):
        """All get one answer, and each group as fast as names that nobody has, which are the first."""
        tries = [(name, number) for number, names in enumerate(groups) for name in names]
        random.shuffle(tries)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            results = list(pool.map(lambda one: self.attempt(path, one[0], **more), tries))
        self.assertEqual(len({what for _, what in results}), 1, {what for _, what in results})
        self.assertEqual(results[0][1][0], 401)
        times = [[took for (_, of), (took, _) in zip(tries, results) if of == number]
                 for number in range(len(groups))]
        chances = [likelihood(one, times[0]) for one in times[1:]]
        print(f"# {path}: {len(tries)} tries, p =", ", ".join(f"{chance:.3f}" for chance in chances),
              flush=True)
        for chance in chances:
            self.assertGreater(chance, P_LEAST)

    def test_nobody_can_tell(self):
        """Whoever was here before, those who never were, and those who are locked."""
        self.compare("/api/v1/login", [self.nobody, self.known, self.others, self.locked])

    def test_nobody_can_tell_by_a_change(self):
        """Who has the name, by what becomes of the wrong old password."""
        self.compare("/api/v1/password", [self.nobody[:TRIES // 5], self.known],
                     new_password="another.Passw0rd")

    def test_a_difference_is_seen(self):
        """The measure itself: two milliseconds are enough, and four in the smallest sample."""
        for size, seconds in ((TRIES // 5, 0.002), (TRIES // 20, 0.004)):
            left = [random.gauss(0.26 + seconds, 0.005) for _ in range(size)]
            right = [random.gauss(0.26, 0.005) for _ in range(TRIES // 2)]
            self.assertLess(likelihood(left, right), P_LEAST)


if __name__ == "__main__":
    harness.main("/timing")
