#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two directories side by side, and how often a password may be guessed, seen from outside."""
import datetime
import subprocess
import time
import unittest

import directories
import harness
from stack import HELPDESK, OFFICE, PASSWORD, Broker, Directory, Hypervisor, Person

ALICE, BOB, CAROL, DAVE = OFFICE
# They have the same names as people of the first directory, and are others.
PARTNERS = [Person("alice", "Alice Partner"), Person("dora", "Dora Partner")]
LOGIN = "/api/v1/login"


class Own(Directory):
    """One that locks accounts."""

    lockout = "1"


class Partner(Directory):
    """The second slapd, in a folder of its own; nobody's entry in it names a group."""
    more = {"LDAP_MEMBEROF": "0"}

    def __init__(self, work):
        folder = work.folder
        work.folder = lambda name, *args, **options: folder("partner-" + name, *args, **options)
        try:
            super().__init__(work, PARTNERS)
        finally:
            work.folder = folder


class Directories(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = harness.Work()
        cls.addClassCleanup(cls.work.stop)
        user = harness.service_user("nobody")
        partner = Partner(cls.work).values
        secret = cls.work.put("partner.password", partner["LDAP_PW"] + "\n", mode=0o400)
        cls.work.give(secret, user)
        Broker.more = f"""
[directory partner]
uris = {partner["LDAPS_URI"]}
ca_file = {partner["LDAP_CA"]}
bind_dn = {partner["LDAP_SVC_DN"]}
bind_password_file = {secret}
base = {partner["LDAP_PEOPLE"]}
group_base = {partner["LDAP_GROUPS"]}
groups_by = filter
group_filter = (&(objectClass=groupOfNames)(member=%d))
group_name_attribute = cn
domains = partner.example; PARTNER
"""
        cls.own = Own(cls.work, OFFICE)
        cls.broker = Broker(cls.work, user, cls.own, {"lab": Hypervisor(cls.work, user)})
        cls.front = cls.broker.front
        admin = cls.broker.login(HELPDESK)
        for name, groups in (("own", ["vdi-users"]), ("theirs", ["partner:vdi-users"])):
            answer = cls.front.call("PUT", f"/api/v1/admin/pools/{name}", {
                "name": name, "kind": "floating", "manager": "libvirt",
                "domains": {"pattern": name + "-*"},
                "entitlements": {"groups": groups, "users": []}}, token=admin)
            assert answer.status in (200, 201), answer

    def login(self, name, password=PASSWORD, domain=None, **options):
        body = {"username": name, "password": password}
        if domain is not None:
            body["domain"] = domain
        return self.front.call("POST", LOGIN, body, **options)

    def pools(self, name, domain=None):
        answer = self.login(name, domain=domain)
        self.assertEqual(answer.status, 201, answer)
        return answer.json["user"]["name"], [pool["name"] for pool in answer.json["pools"]]

    def test_1_each_is_of_one(self):
        self.assertEqual(self.pools("alice"), ("alice", ["own"]))
        for name in ("alice@partner.example", r"PARTNER\alice", "Alice@PARTNER"):
            self.assertEqual(self.pools(name), ("alice@partner.example", ["theirs"]))

    def test_2_nobody_is_looked_for_elsewhere(self):
        self.assertEqual(self.login("dora").status, 401)
        self.assertEqual(self.login("bob@partner.example").status, 401)
        self.assertEqual(self.pools("dora@partner.example")[1], ["theirs"])

    def domains(self):
        return self.front.call("GET", LOGIN).json

    def test_2a_or_else_is_asked(self):
        """Who chooses a domain is of its directory, unless the name says otherwise."""
        own = self.domains()["default_domain"]
        self.assertEqual(self.domains()["domains"], [own, "partner.example"])
        theirs = ("alice@partner.example", ["theirs"])
        self.assertEqual(self.pools("alice", "partner.example"), theirs)
        self.assertEqual(self.pools("alice", "PARTNER"), theirs)
        self.assertEqual(self.pools("alice@" + own, "partner.example"), ("alice", ["own"]))
        self.assertEqual(self.pools("alice", own), ("alice", ["own"]))
        self.assertEqual(self.pools(r"PARTNER\alice", own), theirs)

    def test_2b_a_domain_that_is_none(self):
        """It is told, and told alike whoever the name is; it costs nobody a try, and is recorded."""
        answers = [self.login(name, domain="nobody.example") for name in ["alice", "nemo"] * 5]
        self.assertEqual({answer.status for answer in answers}, {400})
        self.assertEqual({answer.json["reason"] for answer in answers}, {"unknown-domain"})
        self.assertEqual(len({answer.json["detail"] for answer in answers}), 1)
        self.assertEqual(self.pools("alice", "partner.example")[1], ["theirs"])
        trail = self.front.call("GET", "/api/v1/admin/audit?limit=50",
                                token=self.broker.login(HELPDESK)).json
        denied = [row for row in trail["items"] if row["outcome"] == "denied"]
        self.assertEqual(sum("the domain that was chosen" in row["detail"] for row in denied), 10)

    def test_2c_also_for_a_new_password(self):
        """The old one is tried in the directory that was chosen, and nowhere else."""
        answer = self.front.call("POST", "/api/v1/password", {
            "username": "carol", "domain": "partner.example", "password": PASSWORD,
            "new_password": "another.Passw0rd"})
        self.assertEqual(answer.status, 401, answer)
        self.assertEqual(self.pools("carol")[1], ["own"])

    def test_2d_a_lock_is_for_the_helpdesk_to_know(self):
        """And for the trail. Whoever tries is told what they are told of a name that nobody has."""
        token = self.broker.login(BOB)
        self.own.lock(BOB)
        self.addCleanup(self.own.unlock, BOB)
        locked, unknown = self.login("bob"), self.login("nora")
        self.assertEqual(locked.status, 401, locked)
        for member in ("status", "type", "title", "detail", "reason"):
            self.assertEqual(locked.json.get(member), unknown.json.get(member), member)
        self.assertEqual(set(locked.json), set(unknown.json))
        self.assertNotIn("lock", locked.body.decode())
        admin = self.broker.login(HELPDESK)
        account = self.front.call("GET", "/api/v1/admin/users/bob/account", token=admin).json
        self.assertEqual((account["state"], account["also"], account["name"]), ("locked", [], "bob"))
        until = datetime.datetime.fromisoformat(account["locked_until"].replace("Z", "+00:00"))
        self.assertLess(abs(until.timestamp() - time.time() - 300), 60)
        trail = self.front.call("GET", "/api/v1/admin/audit?limit=10", token=admin).json["items"]
        self.assertEqual({row["object"]: row["detail"] for row in trail if row["outcome"] == "denied" and row["action"] == "login"
                          and row["object"] in ("bob", "nora")},
                         {"bob": "wrong name or password (the account is locked)", "nora": "wrong name or password"})
        self.assertEqual(self.front.call("GET", "/api/v1/me", token=token).status, 200)
        told = self.broker.floectl("user", "show", "bob")
        self.assertRegex(told, r"\naccount +locked\nbecause +the account is locked\nlocked until +20\d\d-")

    def lockout_is_known(self):
        """The directory locks an account after three wrong passwords, and told so behind a log-in."""
        self.assertEqual(self.login("bob").status, 201)
        with open(self.work.file(self.broker.name + ".log"), encoding="utf-8") as log:
            return log.read().count("locks an account after 3 wrong passwords") == self.starts

    starts = 1

    def test_3_whoever_guesses_is_stopped(self):
        self.assertEqual(self.pools("carol")[1], ["own"])
        harness.wait_for(self.lockout_is_known, "the directory's lockout", 20, step=0.2)
        answers = [self.login(name, "guess") for name in ("carol", "CAROL", "carol", "Carol")]
        self.assertEqual([answer.status for answer in answers], [401, 401, 429, 429])
        self.assertEqual(answers[-1].json["reason"], "too-many-tries")
        own = self.domains()["default_domain"]
        self.assertEqual(self.login("carol", domain=own).status, 429)
        self.assertEqual(self.login("carol").status, 429)
        self.assertEqual(self.pools("bob")[1], ["own"])

    def test_3b_and_locks_nobody_out(self):
        """Neither a stranger does, nor somebody beside them; and they get in where they are known, at once."""
        def noted(attribute):
            return directories.read(self.own, f"uid={DAVE.uid},{self.own.values['LDAP_PEOPLE']}", attribute)

        def guess():
            return directories.guess(self.login, [DAVE.uid, "Dave", "dave@floe.test", r"FLOE\dave"],
                                     lambda: len(noted("pwdFailureTime")))
        self.assertEqual(self.login(DAVE.uid, source=directories.ELSEWHERE).status, 201)
        self.assertEqual((guess(), len(noted("pwdFailureTime"))), (1, 1))
        self.assertEqual(self.login(DAVE.uid).status, 429)
        self.assertEqual(self.login(DAVE.uid, source=directories.ELSEWHERE).status, 201)
        self.assertEqual((self.login(DAVE.uid).status, noted("pwdFailureTime")), (201, []))
        self.assertEqual(guess(), 2)
        self.assertIn(len(noted("pwdFailureTime")), (1, 2))
        self.assertEqual(noted("pwdAccountLockedTime"), [])

    def test_4_also_after_a_restart(self):
        self.broker.kill()
        self.broker.start()
        type(self).starts = 2
        harness.wait_for(self.lockout_is_known, "the directory's lockout", 20, step=0.2)
        self.assertEqual(self.login("carol").status, 429)

    def told(self, name, configuration=None):
        return self.work.run(harness.program("floectl"), "directory", "test", name, "--config",
                             configuration or self.broker.configuration, "--broker-program",
                             harness.program("floe-broker"))

    def test_5_whose_somebody_is_can_be_tested(self):
        """In the directory that they are of, with its groups as pools name them."""
        own, theirs = self.told("alice"), self.told("alice@partner.example")
        head = "[directory partner]:"
        self.assertIn('ok: search for "alice"', own.split(head)[0])
        self.assertIn("pool own: entitled as one of vdi-users", own)
        self.assertNotIn("pool theirs", own)
        before, after = theirs.split(head)
        self.assertNotIn("search for", before)
        self.assertIn('ok: search for "alice@partner.example"', after)
        self.assertIn("by members: (&(objectClass=groupOfNames)(member=%d))\n", after)
        self.assertIn("group staff: alice → vdi-users → staff; ", after)
        self.assertIn("pools and roles name it partner:vdi-users", after)
        self.assertIn("pool theirs: entitled as one of partner:vdi-users", after)
        self.assertNotIn("pool own", after)

    def test_5a_how_groups_are_found(self):
        """As the section says, and they are called what it says."""
        with open(self.broker.configuration, encoding="utf-8") as configuration:
            text = configuration.read()

        def changed(before, after):
            self.assertIn(before, text)
            path = self.work.put("groups.conf", text.replace(before, after))
            return self.told("alice@partner.example", path)
        by_attribute = changed("groups_by = filter", "groups_by = attribute")
        self.assertIn("ok: groups are those that memberOf names", by_attribute)
        self.assertIn('warning: "alice" is in no group', by_attribute)
        otherwise = changed("group_name_attribute = cn", "group_name_attribute = description")
        self.assertIn("name it partner:uuid:", otherwise)
        self.assertNotIn("name it partner:vdi-users", otherwise)

    def told_with(self, more):
        """What a test of the directories comes to with more in the configuration."""
        with open(self.broker.configuration, encoding="utf-8") as configuration:
            text = configuration.read() + more
        return subprocess.run([
            harness.program("floe-broker"), "--config", self.work.put("other.conf", text),
            "--test-directory"], capture_output=True, text=True, check=False)

    def test_5b_a_default_that_is_none(self):
        """A test of the directories tells what would keep the broker from starting."""
        answer = self.told_with("[login]\ndefault_domain = nobody.example\n")
        self.assertNotEqual(answer.returncode, 0)
        self.assertIn("wrong: [login] default_domain: got \"nobody.example\", expected one of the "
                      "domains of a directory\n", answer.stdout)

    def test_5c_a_clock_that_nobody_tells(self):
        """These servers do not, which matters where there is a second factor."""
        key = self.work.put("factor.key", "00" * 32 + "\n", mode=0o400)
        for more in ("", f"[second_factor]\nkey_file = {key}\n"):
            answer = self.told_with(more)
            self.assertEqual(answer.returncode, 0, answer.stdout)
            self.assertEqual(answer.stdout.count("ok: clock: not told"), 0 if more else 2)
            self.assertEqual(answer.stdout.count("warning: clock: "), 2 if more else 0)

    def test_6_hidden_and_the_other_way_round(self):
        """Strangers are not told, and those who type no domain are the partner's."""
        with open(self.broker.configuration, "a", encoding="utf-8") as configuration:
            configuration.write("[login]\ndefault_domain = PARTNER\nshow_domains = no\n")
        self.broker.kill()
        self.broker.start()
        own = "floe.test"
        self.assertEqual(self.domains(), {"domains": []})
        self.assertEqual(self.pools("dora"), ("dora@partner.example", ["theirs"]))
        self.assertEqual(self.pools("alice", own), ("alice", ["own"]))
        self.assertEqual(self.pools("bob@" + own), ("bob", ["own"]))
        self.assertEqual(self.login(OFFICE[3].uid).status, 401)
        self.assertEqual(self.login("dora", domain="nobody.example").json["reason"],
                         "unknown-domain")


if __name__ == "__main__":
    harness.main("/directories")
