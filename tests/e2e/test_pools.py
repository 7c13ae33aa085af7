#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pool that keeps itself, on two real libvirt hosts: it is made from a template, lent, reset,
renewed, one host is drained, and one is killed."""
import contextlib
import json
import os
import sqlite3
import unittest

import harness
from harness import FIXTURES, Work, service_user, wait_for
from stack import HELPDESK, OFFICE, Broker, Directory, Hypervisor

POOL = {"name": "made", "kind": "floating", "manager": "libvirt", "spares": 2,
        "host_loss_seconds": 10, "grace_seconds": 60,
        "template": {"domain": "golden", "storage": "desks", "prefix": "made",
                     "minimum": 4, "maximum": 8, "canary_percent": 25},
        "entitlements": {"groups": ["vdi-users"], "users": []}}


class House:
    """A directory, two hosts with storage of their own, and a broker."""

    def __init__(self):
        self.work = Work()
        try:
            user = service_user("nobody")
            self.directory = Directory(self.work, OFFICE)
            self.hosts = {"alpha": Hypervisor(self.work, user, "va"),
                          "beta": Hypervisor(self.work, user, "vb")}
            for host in self.hosts.values():
                host.make_storage("desks")
            self.make_template("golden one")
            self.foreign()
            self.broker = Broker(self.work, user, self.directory, self.hosts)
        except BaseException:
            self.work.stop()
            raise

    def make_template(self, text):
        """The template: a small guest whose disk is a volume, with a display as desktops have."""
        alpha = self.hosts["alpha"]
        if "golden" in alpha.domains():
            alpha.virsh("undefine", "golden")
        image = os.path.join(alpha.folder, "desks", "golden.img")
        self.work.run(os.path.join(FIXTURES, "nano-guest.sh"), image, text)
        self.work.give(image, alpha.values["LIBVIRT_USER"])
        alpha.virsh("pool-refresh", "desks")
        self.work.run(os.path.join(FIXTURES, "define-guest.sh"), alpha.uri, "golden", image, "tls",
                      "no-transient", "disk=virtio")

    def foreign(self):
        """Somebody else's domain that has a name which the pool would give."""
        beta = self.hosts["beta"]
        image = os.path.join(beta.folder, "images", "foreign.img")
        self.work.run(os.path.join(FIXTURES, "nano-guest.sh"), image, "not yours")
        self.work.give(image, beta.values["LIBVIRT_USER"])
        self.work.run(os.path.join(FIXTURES, "define-guest.sh"), beta.uri, "made-002", image, "tls",
                      "uuid=99999999-9999-4999-8999-999999999999")

    def apply(self, **more):
        path = self.work.put("made.json", json.dumps({**POOL, **more}))
        return self.broker.floectl("pool", "apply", path)

    def show(self):
        """What the helpdesk sees of the pool."""
        token = self.broker.login(HELPDESK)
        answer = self.broker.front.call("GET", "/api/v1/admin/pools/made", token=token)
        assert answer.status == 200, answer
        return answer.json

    def call(self, method, path, body=None, expected=(200, 201, 202, 204)):
        token = self.broker.login(HELPDESK)
        answer = self.broker.front.call(method, path, body, token=token)
        assert answer.status in expected, answer
        return answer.json if answer.body else None

    def desktops(self):
        return self.show()["desktops"]

    def clones(self, host):
        """The broker's own domains at a host, by name, with their ids."""
        lines = self.hosts[host].virsh("list", "--all", "--uuid", "--name").splitlines()
        pairs = [line.split() for line in lines if line.strip()]
        return {name: uuid for uuid, name in pairs
                if name.startswith("made-") and not uuid.startswith("99999999")}

    def has_image(self, host):
        """Whether the broker knows that the template's image is there: only then it makes desktops of it."""
        path = os.path.join(self.work.path, "broker", "broker.db")
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return database.execute("SELECT there FROM images WHERE host = ?", (host,)).fetchall() == [(1,)]

    def is_alike(self):
        """Whether both hosts, which are this machine, were measured to be about as busy: the broker prefers the other."""
        loads = [host["capacity"]["load_percent"] for host in self.call("GET", "/api/v1/admin/hosts")["items"]]
        return max(loads) - min(loads) < 15

    def is_at(self, name):
        for host in self.hosts:
            clones = self.clones(host)
            if name in clones:
                return host, clones[name]
        raise AssertionError(f"{name} is nowhere")

    def running(self):
        return sum(len([n for n in host.running() if n.startswith("made-")])
                   for host in self.hosts.values())


    def wait(self, condition, what, seconds, pause=1.0):
        """Waits; in vain, it tells how the pool stands."""
        try:
            wait_for(condition, what, seconds, pause)
        except AssertionError as problem:
            shown = self.show()
            raise AssertionError(f"{problem}; {shown['counts']} {shown['keeper']} "
                                 f"{shown['desktops']}") from problem


def settled(house, n):
    return lambda: (len(house.clones("alpha")) + len(house.clones("beta")) == n
                    and house.running() == 2)


class Pools(unittest.TestCase):
    """One story: each chapter begins where the one before ended."""

    @classmethod
    def setUpClass(cls):
        cls.house = House()
        cls.addClassCleanup(cls.house.work.stop)

    def test_1_fill(self):
        self.house.apply()
        self.house.wait(settled(self.house, 4), "four desktops, two of them running", 120, 1)
        self.house.wait(lambda: self.house.has_image("beta"), "the image at the other host", 60, 1)
        # Where the image came last may have got nothing so far.
        self.house.wait(self.house.is_alike, "both hosts to be as busy", 120, 1)
        self.house.apply(template={**POOL["template"], "minimum": 6})
        self.house.wait(settled(self.house, 6), "six desktops, two of them running", 120, 1)
        assert self.house.clones("alpha") and self.house.clones("beta"), "one host got nothing"

    def test_2_foreign(self):
        """The other's domain was not touched, and the pool says that there is one."""
        beta = self.house.hosts["beta"]
        assert "made-002" in beta.domains()
        assert beta.virsh("domuuid", "made-002").startswith("99999999")
        def told():
            note = self.house.show()["keeper"]["note"] or ""
            return note.startswith("made-002 on host beta is not ") and note
        self.house.wait(told, "the note", 60, 1)
        shown = self.house.broker.floectl("pool", "show", "made")
        assert told() in shown, shown

    def test_3_lend_and_reset(self):
        alice = self.house.broker.login(OFFICE[0])
        connection = self.house.broker.connect(alice, "made", 90).json
        name = connection["desktop"]["name"]
        before = self.house.is_at(name)
        self.house.wait(lambda: self.house.running() == 3, "a spare in the place of the one that was taken", 60, 1)
        self.house.broker.logout(alice)
        self.house.wait(settled(self.house, 6), "the used desktop's successor", 90, 1)
        host, uuid = before
        left = [volume for volume in self.house.hosts[host].volumes("desks") if uuid in volume]
        assert not left, left
        assert self.house.hosts[host].virsh("list", "--all", "--uuid").find(uuid) < 0

    def test_4_renew(self):
        bob = self.house.broker.login(OFFICE[1])
        hers = self.house.broker.connect(bob, "made", 90).json["desktop"]["id"]
        self.house.make_template("golden two")
        self.house.call("POST", "/api/v1/admin/pools/made/revisions", {})

        def renewed():
            backing = {d["revision"] for d in self.house.desktops() if d["id"] != hers}
            return backing == {2}
        self.house.wait(renewed, "idle desktops of the new revision", 240, 2)
        mine = [d for d in self.house.desktops() if d["id"] == hers]
        assert mine and mine[0]["revision"] == 1, mine
        self.house.broker.logout(bob)
        self.house.wait(lambda: {d["revision"] for d in self.house.desktops()} == {2}, "all of the new revision",
                 120, 2)
        self.house.wait(lambda: "floe-made-r1.qcow2" not in self.house.hosts["beta"].volumes("desks"),
                 "the old image's end", 90, 2)

    def test_5_drain(self):
        self.house.broker.floectl("host", "drain", "alpha", "--message", "new disks")
        self.house.wait(lambda: not self.house.clones("alpha"), "an empty host", 120, 1)
        self.house.wait(settled(self.house, 6), "its desktops elsewhere", 120, 1)
        self.house.broker.floectl("host", "open", "alpha")

    def test_6_host_dies(self):
        """Its holder gets another desktop after the pool's own limit; the host comes back clean."""
        carol = self.house.broker.login(OFFICE[2])
        first = self.house.broker.connect(carol, "made", 90).json["desktop"]
        host, _uuid = self.house.is_at(first["name"])
        self.house.hosts[host].stop()
        self.house.wait(lambda: self.house.broker.connect(carol, "made", 90).status == 200,
                 "another desktop", 120, 2)
        second = self.house.broker.connect(carol, "made", 90).json["desktop"]
        assert second["id"] != first["id"], second
        self.house.hosts[host].start()
        self.house.wait(lambda: first["name"] not in self.house.clones(host), "the end of the old one", 120, 2)


if __name__ == "__main__":
    harness.main("/pools")
