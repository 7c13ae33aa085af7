#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop of an oVirt engine, from the log-in to the picture and back: a real QEMU stands behind
one of the stand-in's VMs. Beside it are a real libvirt host, and a second engine that takes connections
and never says a word. One story; the cases run in the order of their names."""
import json
import os
import pty
import re
import secrets
import socket
import subprocess
import time

import harness
from client import Client
from engine import ACCOUNT, ACCOUNT_PASSWORD, Engine, EngineBroker, Machine, Machines, Proxy
from screen import Screen
from stack import OFFICE, Directory, Hypervisor, Person, screen_text
from test_memory import dump, find

ALICE, BOB, CAROL = OFFICE[:3]
NOBODY = "https://127.0.0.1:9/ovirt-engine"


class Hanging:
    """The kernel takes its connections, and that is all."""

    def __init__(self, ca):
        self.ca = ca
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=1000)
        self.url = f"https://127.0.0.1:{self.socket.getsockname()[1]}/ovirt-engine"


MARK = r"^floe:%s [0-9a-f-]{36}$"  # whose it is, by name and by the directory's own id


class EngineStory(harness.InOrder):

    @classmethod
    def setUpClass(cls):
        cls.work = harness.Work()
        cls.addClassCleanup(cls.work.stop)
        user = harness.service_user("nobody")
        cls.engine = Engine(cls.work)
        cls.engine.tell(pool="Office PCs", size=1, max_user_vms=1)
        for name in ("alice@lab", "bob@lab"):
            cls.engine.tell(person=name, password="none of theirs")
        cls.engine.tell(pool="Own PCs", size=2, max_user_vms=1, entitled=["alice@lab", "bob@lab"])
        cls.proxy = Proxy(cls.work)
        cls.hypervisor = Machines(Machine(cls.engine, "Office PCs-1", screen_text(2), cls.proxy.url))
        cls.directory = Directory(cls.work, OFFICE)
        cls.libvirt = Hypervisor(cls.work, user)
        cls.libvirt.define("lab-1", "lab-1")
        cls.hanging = Hanging(cls.engine.ca)
        cls.addClassCleanup(cls.hanging.socket.close)
        cls.broker = EngineBroker(cls.work, user, cls.directory, {"rhv": cls.engine, "dead": cls.hanging},
                                  hosts={"host1": cls.libvirt})
        cls.apply_pool("office", {"pool": "Office PCs", "assign": "service-account"})
        cls.screen = Screen(cls.work)
        cls.trust_hanging()

    @classmethod
    def trust_hanging(cls):
        # pylint: disable-next=consider-using-with
        cls.trusting = subprocess.Popen(
            [harness.program("floectl"), "manager", "trust", cls.hanging.url, cls.work.file("silent.pem"), "--fingerprint", "00"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    @classmethod
    def apply_pool(cls, name, engine, kind="floating"):
        path = cls.work.put(name + ".json", json.dumps({
            "name": name, "kind": kind, "manager": "rhv", "engine": engine, "grace_seconds": 3600,
            "entitlements": {"groups": ["vdi-users"], "users": []}}))
        cls.broker.floectl("pool", "apply", path)

    def state(self):
        return self.engine.vm("Office PCs-1")

    def pool_there(self):
        return self.engine.tell(show=True)["pools"]["Office PCs"]

    def session(self):
        """What the helpdesk is told of the one session."""
        sessions = json.loads(self.broker.floectl("session", "list", "--json"))["items"]
        return sessions[0] if sessions and sessions[0]["address"] else None

    def assert_asked_for(self, action, subject, method, path):
        """The engine has the id of that row of the audit trail beside a call."""
        row = next(one for one in json.loads(self.broker.floectl("audit", "--json"))["items"]
                   if (one["action"], one["object"]) == (action, subject) and one["request"])
        asked = [one[2] for one in self.engine.tell(show=True)["seen"] if one[0] == method and re.search(path, one[1])]
        self.assertTrue(any(one.startswith(row["request"]) for one in asked), (row, asked))

    def press(self, name):
        self.client.click(self.client.find(["toggle button", "menu item", "push button"], name))

    def test_1_from_log_in_to_picture(self):
        client = type(self).client = Client(self.screen, self, ALICE)
        client.login()
        self.assertEqual(client.guest(), "Office PCs-1")
        before = self.hypervisor.screenshots()["Office PCs-1"]
        client.key("h", "i")
        harness.wait_for(lambda: self.hypervisor.screenshots()["Office PCs-1"] != before,
                         "the guest to show what was typed", 10)
        self.assertGreater(self.proxy.count, 2, "the display was not opened by the proxy")
        self.assertEqual(self.state()["holders"], ["floe@internal"])
        self.assertRegex(self.state()["comment"], MARK % "alice")

    def test_2_1_the_helpdesk_sees_her(self):
        session = harness.wait_for(self.session, "her session", 20)
        self.assertEqual((session["user"]["name"], session["desktop"]["host"], session["address"]),
                         ("alice", "rhv", "127.0.0.1"))
        shown = self.broker.floectl("pool", "show", "office")
        self.assertRegex(shown, "Kept running there: +0\n")
        self.assertIn("engine rhv decides", self.broker.floectl("explain", "alice", "office"))

    def test_2_2_what_the_engine_decides_is_changed_there(self):
        self.engine.tell(group="vdi-users")
        self.broker.floectl("pool", "engine", "office", "--prestarted", "0", "--per-user", "2", "--entitle", "vdi-users")
        self.assertEqual(self.pool_there(), {"prestarted": 0, "max_user_vms": 2, "groups": ["vdi-users"], "entitled": []})
        self.assertRegex(self.broker.floectl("pool", "show", "office"), "For each person there: +2\n")
        self.broker.floectl("pool", "engine", "office", "--per-user", "1", "--withdraw", "vdi-users")
        self.broker.floectl("pool", "engine", "office", "--withdraw", "vdi-users")
        self.assertEqual(self.pool_there(), {"prestarted": 0, "max_user_vms": 1, "groups": [], "entitled": []})
        for words, options in (("the engine knows no group \"strangers\"", ["--entitle", "strangers"]),
                               ("nothing is to change", [])):
            refused = subprocess.run([*self.broker.floectl_command(), "pool", "engine", "office", *options],
                                     capture_output=True, text=True, check=False)
            self.assertNotEqual(refused.returncode, 0, refused.stdout)
            self.assertIn(words, refused.stderr)
        rows = json.loads(self.broker.floectl("audit", "--json"))["items"]
        self.assertEqual([row["outcome"] for row in rows if row["action"] == "pool-engine"], ["failed", *["done"] * 4], rows)

    def test_2_3_beside_a_host_and_an_engine_that_hangs(self):
        """She sits at the engine's desktop meanwhile."""
        path = self.work.put("lab.json", json.dumps({
            "name": "lab", "kind": "floating", "manager": "libvirt", "domains": {"pattern": "lab-*"},
            "entitlements": {"groups": ["vdi-users"], "users": []}}))
        self.broker.floectl("pool", "apply", path)
        path = self.work.put("gone.json", json.dumps({
            "name": "gone", "kind": "floating", "manager": "dead", "engine": {"pool": "Any", "assign": "service-account"},
            "entitlements": {"groups": ["vdi-users"], "users": []}}))
        self.broker.floectl("pool", "apply", path)
        token = self.broker.login(CAROL)
        answer = self.broker.connect(token, "lab")
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(self.libvirt.running(), ["lab-1"])
        begun = time.monotonic()
        answer = self.broker.connect(token, "gone")
        self.assertEqual((answer.status, answer.json["reason"]), (503, "host-down"), answer)
        self.assertLess(time.monotonic() - begun, 5)
        self.assertEqual(self.session()["desktop"]["host"], "rhv")
        self.broker.logout(token)
        self.broker.floectl("pool", "delete", "gone")

    def test_3_given_back_and_restored(self):
        self.press("^Menu$")
        self.press("^Log Out…$")
        self.press("^Log Out$")
        harness.wait_for(lambda: self.state()["status"] == "down", "the engine to have it back", 20)
        self.assertEqual(self.state()["holders"], [])
        bob = self.broker.login(BOB)
        answer = self.broker.connect(bob)
        self.assertEqual(answer.status, 200, answer)
        self.assertRegex(self.state()["comment"], MARK % "bob")
        self.broker.logout(bob)

    def test_4_an_engine_that_is_away_when_the_broker_starts(self):
        self.engine.tell(fault={"down": True})
        self.broker.kill()
        self.broker.start()
        alice = self.broker.login(ALICE)
        answer = self.broker.connect(alice)
        self.assertEqual((answer.status, answer.json["reason"]), (503, "host-down"), answer)
        # That is told once the broker has asked the engine for the first time.
        harness.wait_for(lambda: "while engine rhv does not answer" in self.broker.floectl("explain", "alice", "office"),
                         "the reason", 20, step=1)
        self.engine.tell(fault=None)
        answers = []
        try:
            harness.wait_for(lambda: answers.append(self.broker.connect(alice)) or answers[-1].status == 200,
                             "the engine to be found", 60, step=1)
        except AssertionError as error:
            raise AssertionError(f"{error}: {answers[-1]}\n{self.broker.floectl('explain', 'alice', 'office')}") from None
        self.broker.logout(alice)

    # Setting one up.

    def floectl(self, *words):
        """Without a terminal to ask at."""
        return subprocess.run([harness.program("floectl"), *words, "--config", self.more, "--broker-program",
                               harness.program("floe-broker")], capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, start_new_session=True)

    def add(self, name, *options, url=None, digits=None):
        return self.floectl("manager", "add", "ovirt", url or self.engine.url, "--name", name, "--fingerprint",
                            digits or harness.fingerprint_of(self.engine.ca), *options)

    def account(self):
        return "--account", ACCOUNT, "--account-password-file", self.work.put("account.password", ACCOUNT_PASSWORD + "\n", 0o600)

    def beside(self, name):
        """What lies beside the configuration and is called so, and its mode."""
        path = os.path.join(os.path.dirname(self.more), name)
        with open(path, encoding="utf-8") as source:
            return source.read(), os.stat(path).st_mode & 0o777

    def section(self, name):
        text = open(self.more, encoding="utf-8").read()
        return dict(line.split(" = ") for line in text.partition(f"[manager {name}]\n")[2].partition("\n[")[0].split("\n") if line)

    def test_5_1_set_up_from_the_command_line(self):
        type(self).more = self.work.put(os.path.join(self.work.folder("more"), "broker.conf"), open(self.broker.configuration, encoding="utf-8").read())
        before = open(self.more, encoding="utf-8").read()
        lab = *self.account(), "--profile", "lab"
        for words, done in (
                ("another fingerprint", self.add("second", *lab, digits="00" * 32)),
                ("broker.conf is as it was: it has [manager rhv] already", self.add("rhv", *lab)),
                ("is as it was: the broker would not start with [manager libvirt]", self.add("libvirt", *lab)),
                ('"../second" is no name', self.add("../second", *lab)),
                ("is not like https://HOST", self.add("second", *lab, url="http://127.0.0.1/ovirt-engine")),
                ("the engine cannot be reached", self.add("second", *lab, url=NOBODY)),
                ("is no engine", self.add("second", *lab, url=self.engine.url + "/portal")),
                ("no terminal to ask at: give --account NAME@PROFILE", self.add("second")),
                ("no terminal to ask at: give --account-password-file FILE", self.add("second", "--account", ACCOUNT)),
                ("no terminal to ask at: give --profile NAME", self.add("second", *self.account(), "--client-id", "floe")),
                ("no terminal to ask at: give --client-secret-file FILE", self.add("second", *lab, "--client-id", "floe"))):
            self.assertNotEqual(done.returncode, 0, done.stdout)
            self.assertIn(words, done.stderr)
            self.assertEqual(open(self.more, encoding="utf-8").read(), before)
        done = self.add("second", *lab)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn('ok: pool "Office PCs": 1 VMs', done.stdout)
        self.assertIn("ok: pools can be lent as-user, to people of the profile lab", done.stdout)
        self.assertTrue(open(self.more, encoding="utf-8").read().startswith(before + "\n[manager second]\n"))
        key, mode = self.beside("second.key")
        self.assertRegex(key, "^[0-9a-f]{64}\n$")
        self.assertEqual(mode, 0o640)
        # Of the first one a pool is lent, which the test looks at.
        told = self.floectl("manager", "test", "rhv")
        self.assertNotIn("wrong", told.stdout)
        self.engine.tell(limit="Office PCs", max_user_vms=0)
        told = self.floectl("manager", "test", "rhv")
        self.assertEqual(told.returncode, 1)
        self.assertIn("wrong: pool office: all of its 1 desktops are given to our account", told.stdout)

    def test_5_2_another_authority_than_its_own(self):
        """Nobody types a password before it is known whose engine it is."""
        other = harness.Authority(self.work, "others")
        with open(other.cert, encoding="ascii") as pem:
            self.engine.tell(authority=pem.read())
        done = self.add("fourth", *self.account(), digits=harness.fingerprint_of(other.cert))
        self.assertIn("signed by another authority than its own", done.stderr)
        with open(self.engine.ca, encoding="ascii") as pem:
            self.engine.tell(authority=pem.read())
        self.assertEqual([one for one in os.listdir(os.path.dirname(self.more)) if one.startswith("fourth")], [])

    def at_terminal(self, *answers):
        """Adds an engine and answers, each time the shown text ends with a question; status and what was shown."""
        shown, left = "", list(answers)
        child, terminal = pty.fork()
        if child == 0:
            os.environ.update(TERM="xterm", LC_ALL="C.UTF-8")
            floectl = harness.program("floectl")
            os.execv(floectl, [floectl, "manager", "add", "ovirt", self.engine.url, "--config", self.more,
                               "--broker-program", harness.program("floe-broker")])
        while True:
            try:
                shown += os.read(terminal, 65536).decode(errors="replace")
            except OSError:  # its end
                break
            if left and shown.endswith(left[0][0] + ": "):
                os.write(terminal, left.pop(0)[1].encode() + b"\n")
        os.close(terminal)
        self.assertEqual(left, [], shown)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown

    def test_5_3_asked_at_a_terminal(self):
        known = "Name for this engine, such as rhv", "third"
        status, shown = self.at_terminal(known, ("Type yes or no", "no"))
        self.assertEqual(status, 1, shown)
        self.assertIn("it is not trusted, and nothing was written", shown)
        secret = "a client's & secret"
        self.engine.tell(client="floe", secret=secret)
        status, shown = self.at_terminal(
            known, ("Type yes or no", "yes"), ("such as floe@internal", ACCOUNT),
            (f"Password of {ACCOUNT} at the engine", ACCOUNT_PASSWORD), ("such as example.org; empty for none", "lab"),
            ("empty to make one", ""), ("SSO client that logs people in without their passwords; empty for none", "floe"),
            ("Secret of the SSO client floe", secret))
        self.assertEqual(status, 0, shown)
        self.assertIn(harness.fingerprint_of(self.engine.ca).upper(), shown.replace(":", ""))
        self.assertIn("ok: client floe may log people in", shown)
        self.assertIn("ok: pools can be lent as-user", shown)
        self.assertNotIn(ACCOUNT_PASSWORD, shown)
        self.assertNotIn(secret, shown)
        self.assertEqual({name: self.beside(os.path.basename(self.section("third")[name])) for name in
                          ("password_file", "client_secret_file")},
                         {"password_file": (ACCOUNT_PASSWORD + "\n", 0o640), "client_secret_file": (secret + "\n", 0o640)})
        self.assertNotEqual(self.beside("third.key")[0], self.beside("second.key")[0])

    def test_5_4_what_is_wrong_can_be_set_right(self):
        """The section stays."""
        secret = self.work.put("client.secret", "none of its\n", mode=0o600)
        lab = *self.account(), "--profile", "lab"
        done = self.add("fourth", *lab, "--client-id", "floe", "--client-secret-file", secret)
        self.assertEqual(done.returncode, 1)
        self.assertIn("wrong: client floe may not log people in: ", done.stdout)
        self.assertIn("[manager fourth] is in ", done.stderr)
        self.assertIn("fourth-client.secret", self.section("fourth")["client_secret_file"])
        done = self.add("fifth", *lab, "--key-file", secret)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, "wrong: \\[manager fifth\\] key_file: .* — make a key with openssl rand -hex 32")
        done = self.add("sixth", *lab, "--key-file", os.path.join(os.path.dirname(self.more), "second.key"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.beside("sixth.key"), self.beside("second.key"))

    def test_5_5_one_that_hangs(self):
        """It was begun with the first case."""
        self.assertIn("the engine cannot be reached", self.trusting.communicate(timeout=30)[1])
        self.assertEqual(self.trusting.returncode, 1)

    def test_6_as_the_person(self):
        alice = Person(ALICE.uid, ALICE.name, "a" + secrets.token_urlsafe(16))
        values = self.directory.values
        self.work.run("ldappasswd", "-x", "-H", values["LDAPS_URI"], "-D", f"uid={alice.uid},{values['LDAP_PEOPLE']}",
                      "-w", ALICE.password, "-s", alice.password, env=dict(os.environ, LDAPTLS_CACERT=values["LDAP_CA"]))
        self.engine.tell(person="alice@lab", password=alice.password)
        self.apply_pool("own", {"pool": "Own PCs", "assign": "as-user"})
        token = self.broker.login(alice)
        self.assertIn("alice@lab", self.engine.tell(show=True)["logged_in"])
        answer = self.broker.connect(token, "own")
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(self.engine.vm("Own PCs-1")["holders"], ["alice@lab"])
        self.broker.logout(token)
        harness.wait_for(lambda: "alice@lab" not in self.engine.tell(show=True)["logged_in"], "her log-out there", 10)
        harness.wait_for(lambda: self.engine.vm("Own PCs-1")["status"] == "down", "her desktop to be given back", 20)
        # An engine that has forgotten her has her type her password again.
        token = self.broker.login(alice)
        self.engine.tell(log_out="alice@lab")
        answer = self.broker.connect(token, "own")
        self.assertEqual((answer.status, answer.json["type"]), (401, "urn:floe:problem:expired-token"), answer)
        token = self.broker.login(alice)
        self.assertEqual(self.broker.connect(token, "own").status, 200)
        # Whom the engine does not let in may log in here.
        answer = self.broker.connect(self.broker.login(BOB), "own")
        self.assertEqual((answer.status, answer.json["reason"]), (403, "engine-login"), answer)
        for _ in range(20):
            self.broker.logout(self.broker.login(alice))
        left = find(dump(self.broker.process.pid), alice.password.encode())
        self.assertEqual(left, [], "her password is left in the broker's memory")

    def test_7_one_that_stays_theirs(self):
        """Off or on, until it is taken from them; then the engine may give it to somebody else."""
        self.engine.tell(pool="Developers", size=1, max_user_vms=1, manual=True, stateful=True)
        self.apply_pool("developers", {"pool": "Developers", "assign": "service-account"})
        token = self.broker.login(BOB)
        harness.wait_for(lambda: "dedicated" in self.broker.connect(token, "developers").json.get("detail", ""),
                         "the engine's pool to be known", 60, step=1)
        self.apply_pool("developers", {"pool": "Developers", "assign": "service-account"}, "dedicated")

        def vm():
            return self.engine.vm("Developers-1")

        def power():
            desktops = json.loads(self.broker.floectl("pool", "show", "developers", "--json"))["desktops"]
            return desktops[0]["power"] if desktops else None
        self.engine.tell(forget=True)
        self.assertEqual(self.broker.connect(token, "developers").status, 200)
        self.assertEqual(vm()["status"], "up")
        self.assert_asked_for("allocate", "developers", "POST", "/allocatevm$")
        self.assert_asked_for("ticket", "Developers-1", "POST", "/ticket$")
        self.broker.floectl("desktop", "restart", "Developers-1", "--reason", "it hangs")
        harness.wait_for(lambda: any(one[1].endswith("/reboot") for one in self.engine.tell(show=True)["seen"]),
                         "the engine to restart it", 20)
        self.assert_asked_for("desktop-restart", "Developers-1", "POST", "/reboot$")
        harness.wait_for(lambda: vm()["status"] == "up", "it to run again", 20)
        mark = vm()["comment"]
        self.assertRegex(mark, MARK % "bob")
        self.engine.tell(vm="Developers-1", go="down")
        harness.wait_for(lambda: power() == "off", "the broker to see it", 40)
        self.assertEqual((vm()["holders"], vm()["comment"]), (["floe@internal"], mark))
        self.engine.tell(forget=True)
        self.assertEqual(self.broker.connect(token, "developers").status, 200)
        self.assertEqual(vm()["status"], "up")
        self.assert_asked_for("start", "Developers-1", "POST", "/start$")
        self.broker.floectl("desktop", "release", "Developers-1", "--reason", "he moves")
        harness.wait_for(lambda: not vm()["holders"], "the engine to have it back", 40)
        self.assertEqual(vm()["status"], "down")
        harness.wait_for(lambda: vm()["comment"] == "", "its comment to be empty", 10)
        self.assert_asked_for("release", "Developers-1", "POST", "/stop$")
        self.assert_asked_for("release", "Developers-1", "DELETE", "/permissions/")
        carol = self.broker.login(CAROL)
        self.assertEqual(self.broker.connect(carol, "developers").status, 200)
        self.assertRegex(vm()["comment"], MARK % CAROL.uid)


if __name__ == "__main__":
    harness.main("/engine")
