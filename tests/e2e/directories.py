# SPDX-License-Identifier: GPL-3.0-or-later
"""What is the same whatever directory people are in: Samba's domain controller and 389-ds behind a real
broker, who logs in there and how, who is told what, who guesses, and who has to go. The cases of one
directory run in the order of their names."""
import concurrent.futures
import os
import re
import subprocess
import threading
import time

import harness
from stack import POOL, Person, Stack

LOGIN, CHANGE = "/api/v1/login", "/api/v1/password"
# Of another network than everybody else here is in.
ELSEWHERE = "127.0.9.1"
WRONG = "Wrong.456"
# What any account is locked after, in both fixtures.
THRESHOLD = 3
GUESSES = 100
# People of the fixtures' crowd, members of vdi-users, each for one case.
SACKED, OFTEN_GUESSED, FORGETFUL, CAREFUL = (f"u0000{number}" for number in range(1, 5))


def ask(directory, tool, *arguments):
    """One of OpenLDAP's tools, as the directory's administrator."""
    environment = dict(os.environ, LDAPTLS_CACERT=directory.values["LDAP_CA"])
    environment.pop("LDAPNOINIT", None)
    return directory.work.run(tool, "-x", "-H", directory.values["LDAPS_URI"], "-D", directory.values["LDAP_ADMIN_DN"],
                              "-w", directory.values["LDAP_ADMIN_PW"], *arguments, env=environment)


def read(directory, dn, attribute):
    """An attribute's values, as the server has them now."""
    text = ask(directory, "ldapsearch", "-LLL", "-o", "ldif_wrap=no", "-b", dn, "-s", "base", attribute)
    return re.findall(rf"(?im)^{attribute}: (.*)$", text)


def guess(login, names, bad_tries):
    """So many wrong passwords, ten at a time and by these names in turn; how many the directory was asked about.
    It never counts as many as it locks an account after."""
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        calls = [pool.submit(login, names[i % len(names)], f"{WRONG}.{i}") for i in range(GUESSES)]
        while not all(call.done() for call in calls):
            counted = bad_tries()
            assert counted < THRESHOLD, counted
            time.sleep(0.1)
    said = [(call.result().status, call.result().json.get("reason")) for call in calls]
    assert set(said) <= {(401, "wrong-credentials"), (429, "too-many-tries")}, said
    return said.count((401, "wrong-credentials"))


class Server:
    """A directory, with what a fixture puts into it and a crowd of four."""

    script = owner = profile = None

    def __init__(self, work):
        self.work, self.folder = work, work.folder("directory")
        work.at_end.append(self.stop)
        self.values = harness.environment_of(work.run(
            os.path.join(harness.FIXTURES, self.script), self.folder, "4",
            env=dict(os.environ, **{self.owner: str(os.getpid())})))
        self.password = self.values["LDAP_PW"]
        self.helpdesk = Person("bob", "Bob Test", self.password)

    def stop(self):
        subprocess.run([os.path.join(harness.FIXTURES, "stop.sh"), self.folder], check=False)

    def change(self, dn, *lines):
        """Modifies an entry, as LDIF has it behind its "changetype: modify"."""
        ldif = "\n".join([f"dn: {dn}", "changetype: modify", *lines, ""])
        ask(self, "ldapmodify", "-f", self.work.put("change.ldif", ldif))

    def set(self, name, attribute, value):
        self.change(self.dn(name), f"replace: {attribute}", f"{attribute}: {value}")

    def read(self, name, attribute):
        """An attribute of a person; None when there is none."""
        return next(iter(read(self, self.dn(name), attribute)), None)

    def bad_tries(self, name):
        return int(self.read(name, self.counter) or 0)

    def leave(self, group, member):
        self.change(self.group(group), "delete: member", f"member: {member}")


class ActiveDirectory(Server):
    """Samba's domain controller. Searches begin at the root of the domain."""

    script, owner, profile = "samba-up.sh", "SAMBA_OWNER", "active-directory"
    counter = "badPwdCount"

    def places(self):
        return f"base = {self.values['LDAP_BASE']}\ndomains = ad.test; {self.values['AD_DOMAIN']}"

    def dn(self, name):
        return f"CN={name},{self.values['LDAP_PEOPLE']}"

    group = dn

    def disable(self, name):
        self.set(name, "userAccountControl", "514")

    def is_locked(self, name):
        return int(self.read(name, "lockoutTime") or 0) > 0


class FreeIpa(Server):
    """389-ds in FreeIPA's shape."""

    script, owner, profile = "389ds-up.sh", "DS_OWNER", "freeipa"
    counter = "passwordRetryCount"

    def __init__(self, work):
        super().__init__(work)
        self.change("cn=config", "replace: passwordCheckSyntax", "passwordCheckSyntax: on", "-",
                    "replace: passwordHistory", "passwordHistory: on")

    def places(self):
        return f"base = {self.values['LDAP_PEOPLE']}"

    def dn(self, name):
        return f"uid={name},{self.values['LDAP_PEOPLE']}"

    def group(self, name):
        return f"cn={name},{self.values['LDAP_GROUPS']}"

    def disable(self, name):
        self.set(name, "nsAccountLock", "TRUE")

    def is_locked(self, name):
        return self.read(name, "accountUnlockTime") is not None


class Watch(threading.Thread):
    """Waits for something to come true, and knows how long that took."""

    def __init__(self, is_true):
        super().__init__(daemon=True)
        self.is_true, self.began, self.seconds = is_true, time.monotonic(), None
        self.start()

    def run(self):
        while not self.is_true() and time.monotonic() < self.began + 120:
            time.sleep(0.5)
        self.seconds = time.monotonic() - self.began


class Cases:
    """Of a unittest.TestCase, which says with which directory and what is its own."""

    server = None  # a class
    lasting = None  # how a pool names a group for good
    spellings = nobodys = ()  # of alice, and of nobody
    outcomes = {}  # what each account in some state is told who has the right password
    refusals = ()  # new passwords, and in which words the policy refuses them

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(guests=2, directory=cls.server)
        cls.addClassCleanup(cls.stack.stop)
        cls.directory, cls.broker, cls.front = cls.stack.directory, cls.stack.broker, cls.stack.broker.front
        cls.admin = cls.broker.login(cls.stack.helpdesk)
        cls.watches = {}

    # What people ask.

    def login(self, name, password=None, **options):
        return self.front.call("POST", LOGIN, {"username": name, "password": password or self.directory.password},
                               **options)

    def token(self, name, password=None, **options):
        answer = self.login(name, password, **options)
        self.assertEqual(answer.status, 201, (name, answer))
        return answer.json["token"]

    def change(self, name, old, new):
        return self.front.call("POST", CHANGE, {"username": name, "password": old, "new_password": new})

    def pools(self, token):
        """The names of somebody's pools; None when they are not logged in any more."""
        answer = self.front.call("GET", "/api/v1/pools", token=token)
        return [pool["name"] for pool in answer.json["pools"]] if answer.status == 200 else None

    def said(self, answer):
        """What somebody reads who is not let in."""
        return answer.status, answer.json.get("reason"), answer.json["detail"]

    def assert_wrong(self, name, password=None):
        self.assertEqual(self.said(self.login(name, password)),
                         (401, "wrong-credentials", "wrong name or password"), name)

    def everybody(self):
        """Ids and names of all who ever logged in."""
        answer = self.front.call("GET", "/api/v1/admin/users?limit=1000", token=self.admin)
        self.assertEqual((answer.status, answer.json["next"]), (200, None), answer)
        return {(user["id"], user["name"]) for user in answer.json["items"]}

    def holders(self):
        """Who has a desktop."""
        answer = self.front.call("GET", "/api/v1/admin/desktops", token=self.admin)
        return [desktop["holder"]["name"] for desktop in answer.json["items"] if desktop["holder"]]

    # The cases.

    def test_1_entitled_for_good(self):
        """A pool names a group as floectl tells it, and whoever is in it by way of others gets a desktop."""
        told = self.stack.work.run(
            harness.program("floectl"), "directory", "test", "carol", "--config", self.broker.configuration,
            "--broker-program", harness.program("floe-broker"))
        found = re.search(r"ok: group staff: carol → contractors → vdi-users → staff; .* or (\S+)", told)
        self.assertIsNotNone(found, told)
        self.assertRegex(found.group(1), self.lasting)
        self.stack.apply_pool(entitlements={"groups": [found.group(1)], "users": []}, on_account_end="reset")
        type(self).carol = self.token("carol")
        self.assertEqual(self.pools(self.carol), [POOL])
        answer = self.broker.connect(self.carol)
        self.assertEqual((answer.status, answer.json["desktop"]["name"][:-1]), (200, "office-"), answer)
        nogroup = self.token("nogroup")
        self.assertEqual(self.pools(nogroup), [])
        self.assertEqual(self.said(self.broker.connect(nogroup))[:2], (404, "not-entitled"))

    def test_2_some_have_to_go(self):
        """One is disabled, and one is out of what makes her entitled; see the last case."""
        sacked = self.token(SACKED)
        self.assertEqual((self.pools(sacked), self.pools(self.carol)), ([POOL], [POOL]))
        self.assertEqual(self.broker.connect(sacked).status, 200)
        self.directory.disable(SACKED)
        self.watches[SACKED] = Watch(lambda: self.pools(sacked) is None)
        self.directory.leave("vdi-users", self.directory.group("contractors"))
        self.watches["carol"] = Watch(lambda: self.pools(self.carol) == [])

    def test_3_one_person_by_every_name(self):
        before = self.everybody()
        ids = {name: self.login(name).json["user"]["id"] for name in self.spellings}
        self.assertEqual(len(set(ids.values())), 1, ids)
        for name in self.nobodys:
            self.assert_wrong(name)
        self.assertEqual(self.everybody() - before, {(ids["alice"], "alice")})

    def test_4_outcomes(self):
        """Only the right password has it told what is the matter with an account."""
        self.assert_wrong("nobody")
        for name, outcome in self.outcomes.items():
            if outcome is None:
                self.assert_wrong(name)
                continue
            for password in (None, WRONG, None):
                if password:
                    self.assert_wrong(name, password)
                else:
                    self.assertEqual(self.said(self.login(name))[:2], (403, outcome), name)
        self.assertEqual(self.login("nogroup").status, 201)

    def test_5_a_new_password(self):
        """The policy refuses some, in its own words; then there is one, and with that they are in."""
        for name, new in (("mustchange", "Sonne.7890"), ("expired", "Mond.78901")):
            old = self.directory.password
            self.assertEqual(self.said(self.login(name))[:2], (403, self.outcomes[name]))
            self.assertEqual(self.said(self.change(name, WRONG, new))[:2], (401, "wrong-credentials"))
            for refused, words in self.refusals:
                self.assertEqual(self.said(self.change(name, old, refused)),
                                 (403, "password-refused", words), refused)
            self.assertEqual(self.said(self.login(name))[:2], (403, self.outcomes[name]))
            answer = self.change(name, old, new)
            self.assertEqual(answer.status, 204, answer)
            self.changed(name, new)
            self.token(name, new)
            self.assertEqual(self.said(self.change(name, new, old)),
                             (403, "password-refused", "the new password was used before"))
        trail = self.front.call("GET", "/api/v1/admin/audit?limit=1000", token=self.admin).json["items"]
        changes = [row["outcome"] for row in trail if row["action"] == "password" and row["object"] == "mustchange"]
        self.assertEqual(sorted(changes), ["denied"] * (2 + len(self.refusals)) + ["done"], trail)

    def changed(self, name, new):
        """For a directory that needs more before somebody is in."""

    # Guessing.

    def guess(self, name):
        """What came of guesses by several spellings of somebody's name, who is not locked in the end. Of two wrong
        ones at once 389-ds may count one."""
        realm = self.spellings[-1].split("@")[-1]
        passed_on = guess(self.login, [name, name.upper(), f"{name}@{realm}", "\uff55" + name[1:]],
                          lambda: self.directory.bad_tries(name))
        self.assertIn(self.directory.bad_tries(name), range(1, passed_on + 1))
        self.assertFalse(self.directory.is_locked(name))
        return passed_on

    def test_6_lockout_is_known(self):
        """That the directory locks accounts, it told behind the first log-in."""
        log = self.stack.work.log(self.broker.name, 1000)
        self.assertIn(f"locks an account after {THRESHOLD} wrong passwords; {THRESHOLD - 1} of one person", log)

    def test_7_strangers_lock_nobody_out(self):
        """However often somebody guesses, and by which of the names, they who are known elsewhere get in there."""
        self.token(OFTEN_GUESSED, source=ELSEWHERE)
        self.assertEqual(self.guess(OFTEN_GUESSED), 1)
        self.assertEqual(self.said(self.login(OFTEN_GUESSED))[:2], (429, "too-many-tries"))
        self.token(OFTEN_GUESSED, source=ELSEWHERE)
        self.assertEqual(self.directory.bad_tries(OFTEN_GUESSED), 0)
        self.token(OFTEN_GUESSED)

    def test_8_nor_do_their_own(self):
        """From where somebody is known there are more tries, and still fewer than it takes."""
        self.token(FORGETFUL)
        self.assertEqual(self.guess(FORGETFUL), THRESHOLD - 1)
        self.assertEqual(self.said(self.login(FORGETFUL))[:2], (429, "too-many-tries"))
        self.token(CAREFUL)

    def test_9_are_out_within_a_minute(self):
        """Who is disabled loses the desktop as the pool has it; who is not entitled any more comes to theirs no more."""
        for name, watch in self.watches.items():
            watch.join()
            self.assertLess(watch.seconds, 60, name)
        self.assertEqual(self.said(self.broker.connect(self.carol))[:2], (404, "not-entitled"))
        self.assertIn("disabled", self.broker.floectl("user", "show", SACKED))
        trail = self.front.call("GET", "/api/v1/admin/audit?limit=1000", token=self.admin).json["items"]
        ended = [(row["object"], row["detail"]) for row in trail if row["action"] == "account-ended"]
        self.assertEqual(ended, [(SACKED, "the account is disabled")])
        harness.wait_for(lambda: self.holders() == ["carol"], "a desktop to be taken back", step=0.5)
