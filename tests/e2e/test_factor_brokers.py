#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The second factor at two brokers on one PostgreSQL: a code lets in once, however many come with it
at the same moment, and it is asked for and spent whatever somebody types as their name."""
import json
import threading
import time
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import harness
from brokers import Brokers
from front import Answer, read_all
from stack import NO_LIMIT, Broker, Person
from totp import STEP, App

AT_ONCE = 50
ALICE, BOB = Person("alice", "Alice Archer"), Person("bob", "Bob Baker")
# Each of them has a code, or one for when the app is lost, with which they come all at once.
WITH_APP = [Person(f"app{number}", f"With App {number}") for number in range(1, 6)]
WITHOUT_APP = [Person(f"lost{number}", f"Lost App {number}") for number in range(1, 3)]
# Who is meant is always the same.
SPELLINGS = ["{}", "{upper}", "{wide}", "  {} ", "{}@floe.test", "{upper}@FLOE.Test",
             "{wide_upper}@floe", r"FLOE\{}", r"floe.test\{upper}", "{wide}＠ｆｌｏｅ．ｔｅｓｔ"]
# Nobody has that name: without its dot or in another alphabet, with what cannot be seen, of another domain.
LOOK_ALIKES = ["al\u0131ce", "\u0430lice", "a\u200blice", "alice\u00ad", "ali\u0301ce",
               "alice@partner.test", r"PARTNER\alice", "alice@floe.test@floe.test"]


def spellings(uid):
    """All that this person may type."""
    wide = "".join(chr(ord(letter) + 0xfee0) for letter in uid)
    wide_upper = "".join(chr(ord(letter) + 0xfee0) for letter in uid.upper())
    return [form.format(uid, upper=uid.upper(), wide=wide, wide_upper=wide_upper)
            for form in SPELLINGS]


class FactorBrokers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        Broker.more = (f"[second_factor]\nkey_file = {harness.key_file(cls)}\n"
                       f"required_groups = vdi-users\n{NO_LIMIT}")
        cls.stack = Brokers([ALICE, BOB, *WITH_APP, *WITHOUT_APP], 0, 2, pool=False)
        cls.addClassCleanup(cls.stack.stop)

    def post(self, number, path, **body):
        """To the broker of this number, of which there are two."""
        front = self.stack.brokers[number % 2].front
        return front.call("POST", f"/api/v1/login{path}", body)

    def demand(self, number, person, typed=None):
        """The password is right: what is asked for besides, and the challenge."""
        answer = self.post(number, "", username=typed or person.uid, password=person.password)
        self.assertEqual((answer.status, answer.problem), (401, "unauthenticated"), (typed, answer))
        return answer.json["reason"], answer.json.get("challenge")

    def challenge(self, number, person, typed=None):
        reason, challenge = self.demand(number, person, typed)
        self.assertEqual(reason, "code-needed", typed)
        return challenge

    def enrol(self, person):
        """Their app, whose next code may be used now, and their recovery codes."""
        reason, challenge = self.demand(0, person)
        self.assertEqual(reason, "enrolment-needed")
        app = App(self.post(0, "/enrol", challenge=challenge).json["secret"])
        answer = self.post(0, "/enrol/confirm", challenge=challenge,
                           code=app.at(int(time.time()) // STEP))
        self.assertEqual(answer.status, 201, answer)
        return app, answer.json["recovery_codes"]

    # --- at once -----------------------------------------------------------------------------------

    def send(self, barrier, number, challenge, code):
        """One answer to one challenge. The last byte goes when all others' is there to go."""
        front = self.stack.brokers[number % 2].front
        body = json.dumps({"challenge": challenge, "code": code}).encode()
        head = ("POST /api/v1/login/code HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n")
        with front.connect() as connection:
            connection.sendall(head.encode() + body[:-1])
            barrier.wait(60)
            connection.sendall(body[-1:])
            return Answer(read_all(connection))

    def race(self, person, code):
        """The same code from everybody whose password was right, at both brokers: one is let in."""
        barrier = threading.Barrier(AT_ONCE)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            challenges = list(pool.map(lambda number: self.challenge(number, person), range(AT_ONCE)))
            answers = list(pool.map(lambda number: self.send(barrier, number, challenges[number], code),
                                    range(AT_ONCE)))
        said = Counter((answer.status, answer.json.get("reason")) for answer in answers)
        let_in = [number for number in range(AT_ONCE) if answers[number].status == 201]
        self.assertEqual(len(let_in), 1, (said, self.stack.logs()))
        self.assertEqual(set(said), {(201, None), (401, "wrong-code"), (429, "too-many-tries")},
                         (said, self.stack.logs()))
        self.assertEqual(self.logins(person), 2)  # with the one that they enrolled in
        return let_in[0] % 2

    def logins(self, person):
        """How often they were let in, by what both brokers wrote down."""
        rows = self.stack.postgres.ask("SELECT count(*) FROM audit WHERE action = 'login' AND"
                                       f" outcome = 'done' AND actor = '{person.uid}'")
        return int(rows[0][0])

    def tell(self, what, winners):
        print(f"# {AT_ONCE} at once with {what}, {len(winners)} times: broker1 let in"
              f" {winners.count(0)}, broker2 {winners.count(1)}", flush=True)

    def test_one_code(self):
        winners = []
        for person in WITH_APP:
            app, _ = self.enrol(person)
            winners.append(self.race(person, app.code()))
        self.tell("one code", winners)

    def test_one_recovery_code(self):
        winners = []
        for person in WITHOUT_APP:
            _, codes = self.enrol(person)
            winners.append(self.race(person, codes[0]))
        self.tell("one recovery code", winners)

    # --- under whatever name -----------------------------------------------------------------------

    def test_spelling(self):
        """Whoever must enrol must, whoever has must show it, and what is spent is spent."""
        for number, typed in enumerate(spellings(BOB.uid)):
            self.assertEqual(self.demand(number, BOB, typed)[0], "enrolment-needed", typed)
        app, codes = self.enrol(ALICE)
        for number, typed in enumerate(LOOK_ALIKES):
            self.assertEqual(self.demand(number, ALICE, typed)[0], "wrong-credentials", typed)
        self.challenge(0, ALICE, "AL\u0130CE")  # the small letter of which is an i
        for first, code in ((1, app.code()), (2, codes[0])):
            names = spellings(ALICE.uid)
            names = names[first:] + names[:first]
            challenges = [self.challenge(number, ALICE, typed) for number, typed in enumerate(names)]
            answer = self.post(0, "/code", challenge=challenges[0], code=code)
            self.assertEqual((answer.status, answer.json.get("user", {}).get("name")), (201, "alice"),
                             (names[0], answer))
            for number in range(1, len(names)):
                answer = self.post(number, "/code", challenge=challenges[number], code=code)
                self.assertEqual((answer.status, answer.json.get("reason")), (401, "wrong-code"),
                                 (names[number], answer))
        for person in (ALICE, BOB):
            rows = self.stack.postgres.ask(f"SELECT name FROM users WHERE display_name = '{person.name}'")
            self.assertEqual(rows, [[person.uid]])


if __name__ == "__main__":
    harness.main("/factor-brokers")
