#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""5,000 log-ins with wrong passwords, half of them with names that somebody has: neither what the
broker answers nor how long it takes tells which."""
import concurrent.futures
import math
import os
import random
import time
import unittest

import harness
from front import Haproxy
from stack import NO_LIMIT, OFFICE, Broker, Directory, Hypervisor

TRIES = 5000
AT_ONCE = 16
# Two samples of one distribution differ more than this once in a thousand times.
P_LEAST = 0.001


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
        cls.broker = Broker(cls.work, user, Crowd(cls.work, OFFICE),
                            {"lab": Hypervisor(cls.work, user)})
        cls.front = Haproxy(cls.work, cls.broker.authority, cls.broker.socket,
                            cls.broker.terminals.cert, FLOE_LOGINS="1000000")

    def attempt(self, name):
        """How long the answer takes, and what it says but for what each one has of its own."""
        begun = time.monotonic()
        answer = self.front.call("POST", "/api/v1/login", {"username": name, "password": "guess"})
        took = time.monotonic() - begun
        headers = tuple(sorted(item for item in answer.headers.items() if item[0] != "date"))
        return took, (answer.status, answer.body, headers)

    def test_nobody_can_tell(self):
        real = [f"u{n:05}" for n in range(1, TRIES // 2 + 1)]
        names = real + [f"x{name[1:]}" for name in real]
        random.shuffle(names)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            results = list(pool.map(self.attempt, names))
        self.assertEqual(len({what for _, what in results}), 1)
        self.assertEqual(results[0][1][0], 401)
        times = {first: [took for name, (took, _) in zip(names, results) if name[0] == first]
                 for first in "ux"}
        chance = likelihood(times["u"], times["x"])
        print(f"# {len(names)} tries, p = {chance:.3f}", flush=True)
        self.assertGreater(chance, P_LEAST)

    def test_a_difference_is_seen(self):
        """The measure itself: two milliseconds are enough."""
        left = [random.gauss(0.26, 0.005) for _ in range(TRIES // 2)]
        right = [random.gauss(0.262, 0.005) for _ in range(TRIES // 2)]
        self.assertLess(likelihood(left, right), P_LEAST)


if __name__ == "__main__":
    harness.main("/timing")
