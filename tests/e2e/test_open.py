#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection files and links: displays of real QEMUs, SPICE and VNC, that a file names and no server
lends; and where a link may lead."""
import os
import unittest

import harness
from harness import free_port, program, wait_for
from machine import NanoMachine
from screen import Program, Screen, which_guest

PASSWORD = "s3cret!1"


class Machine(NanoMachine):
    """One whose display has a password."""

    def __init__(self, work, name, kind):
        super().__init__(work, name, "FLOE " + name.upper())
        self.kind, self.port = kind, free_port()
        self.start()

    def start(self):
        if self.kind == "vnc":
            super().start("-vnc", f"127.0.0.1:{self.port - 5900},password=on")
            self.ask("set_password", protocol="vnc", password=PASSWORD)
        else:
            super().start("-spice", f"addr=127.0.0.1,port={self.port},password-secret=word",
                          "-object", "secret,id=word,data=" + PASSWORD)

    def file(self, **more):
        """A connection file for it."""
        keys = {"type": self.kind, "host": "127.0.0.1", "port": self.port, "password": PASSWORD,
                "title": "Room " + self.name, "delete-this-file": 1, **more}
        return self.work.put(self.name + ".vv", "[virt-viewer]\n" + "".join(
            f"{key}={value}\n" for key, value in keys.items()), mode=0o600)


class Open(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.work = harness.Work()
        cls.addClassCleanup(cls.work.stop)
        cls.screen = Screen(cls.work)
        cls.machines = {kind: Machine(cls.work, kind, kind) for kind in ("spice", "vnc")}

    def floe(self, *arguments, name="floe"):
        """The program, whose windows may be another process's."""
        client = Program(self.screen, name, [program("floe"), *arguments])
        self.addCleanup(client.end)
        return client

    def shows(self, client, machine):
        wait_for(lambda: which_guest(client.picture(), {machine.name: machine.screenshot()}),
                 "the guest's picture\n" + client.log(), 30, step=0.5)

    def types(self, client, machine):
        before = machine.screenshot()
        client.key("h", "e", "l", "l", "o")
        wait_for(lambda: machine.screenshot() != before, "the guest to show what was typed", 10)
        self.shows(client, machine)

    def opens(self, kind):
        machine = self.machines[kind]
        path = machine.file()
        client = self.floe(path)
        self.shows(client, machine)
        self.assertFalse(os.path.exists(path), "the file was to be deleted")
        self.types(client, machine)
        return client, machine

    def test_1_spice(self):
        client, machine = self.opens("spice")
        self.screen.picture(client.show(), "spice-open").save(self.work.file("spice-open.png"))
        machine.ask("system_powerdown")
        again = self.floe(self.machines["vnc"].file(), name="again")
        self.assertEqual(again.process.wait(10), 0, "the running one was to take it over")
        client.wait_text("Open another desktop")
        client.click(client.find(["push button"], "^Open$"))
        self.shows(client, self.machines["vnc"])

    def test_2_vnc(self):
        client, machine = self.opens("vnc")
        client.wait_text("speaks VNC")
        self.assertNotIn("CRITICAL", client.log())
        machine.ask("quit")
        client.wait_text("disconnected|closed|lost|ended")
        machine.start()
        client.click(client.find(["push button"], "again|reconnect"))
        self.shows(client, machine)


if __name__ == "__main__":
    harness.main("/open")
