#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop of an oVirt engine, from the log-in to the picture and back: a real QEMU stands behind
one of the stand-in's VMs. Beside it are a real libvirt host, and a second engine that takes connections
and never says a word. One story; the cases run in the order of their names."""
import json
import os
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

    def test_5_set_up_from_the_command_line(self):
        config = self.work.put("broker/more.conf", open(self.broker.configuration, encoding="utf-8").read())
        password = self.work.put("account.password", ACCOUNT_PASSWORD + "\n", mode=0o600)
        fingerprint = harness.fingerprint_of(self.engine.ca)

        def add(name, digits):
            return subprocess.run(
                [harness.program("floectl"), "manager", "add", "ovirt", self.engine.url, "--name", name, "--account", ACCOUNT,
                 "--account-password-file", password, "--profile", "lab", "--fingerprint", digits, "--config", config,
                 "--broker-program", harness.program("floe-broker")], capture_output=True, text=True, check=False,
                stdin=subprocess.DEVNULL)
        before = open(config, encoding="utf-8").read()
        wrong = add("second", "00" + fingerprint[2:])
        self.assertIn("another fingerprint", wrong.stderr)
        taken = add("rhv", fingerprint)
        self.assertIn("is as it was", taken.stderr)
        self.assertEqual(open(config, encoding="utf-8").read(), before)
        done = add("second", fingerprint)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn('ok: pool "Office PCs": 1 VMs', done.stdout)
        self.assertTrue(open(config, encoding="utf-8").read().startswith(before + "\n[manager second]\n"))
        # Of the first one a pool is lent, which the test looks at.
        told = subprocess.run([harness.program("floectl"), "manager", "test", "rhv", "--config", config, "--broker-program",
                               harness.program("floe-broker")], capture_output=True, text=True, check=False)
        self.assertNotIn("wrong", told.stdout)
        self.engine.tell(limit="Office PCs", max_user_vms=0)
        told = subprocess.run([harness.program("floectl"), "manager", "test", "rhv", "--config", config, "--broker-program",
                               harness.program("floe-broker")], capture_output=True, text=True, check=False)
        self.assertEqual(told.returncode, 1)
        self.assertIn("wrong: pool office: all of its 1 desktops are given to our account", told.stdout)

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
