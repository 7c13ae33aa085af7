# SPDX-License-Identifier: GPL-3.0-or-later
"""Several brokers: a stack of floe-broker processes on one private PostgreSQL, and ways to hold one
of them at a chosen moment."""
import json
import os
import signal
import socket
import struct
import subprocess
import threading

from harness import FIXTURES, Work, environment_of, service_user, wait_for
from stack import Broker, Directory, Hypervisor, Stack, screen_text

# What must never be, each with what it would mean. A desktop that is lent anew was made clean before
# by a reset that was seen to end, after whoever had it last.
PROBLEMS = {
    "two leases of one desktop":
        "SELECT desktop_id FROM leases GROUP BY desktop_id HAVING count(*) > 1",
    "two desktops of one holder":
        "SELECT holder FROM leases GROUP BY holder HAVING count(*) > 1",
    "a desktop that is clean although somebody has it":
        "SELECT d.name FROM desktops d JOIN leases l ON l.desktop_id = d.id"
        " WHERE d.clean = 'clean'",
    "a desktop that was assigned twice without a reset in between":
        "SELECT object FROM (SELECT object, action, lag(action) OVER"
        " (PARTITION BY object ORDER BY id) AS before FROM audit WHERE (action = 'assign' OR"
        " (action = 'reset' AND outcome = 'done')) ) AS steps"
        " WHERE action = 'assign' AND before = 'assign'",
}


class Postgres:
    """A private server."""

    environment = {}  # of the server, for a test that sets its clock

    def __init__(self, work):
        self.work, self.folder, self.databases = work, work.folder("pg"), 0
        work.at_end.append(lambda: self.stop("INT"))
        self.start()

    def start(self):
        values = environment_of(self.work.run(
            os.path.join(FIXTURES, "postgres-up.sh"), self.folder,
            env=dict(os.environ, PG_OWNER=str(os.getpid()),
                     PG_ENV=" ".join(f"{name}={value}" for name, value in self.environment.items()))))
        self.uri = values["PG_URI"]

    def stop(self, how):
        subprocess.run([os.path.join(FIXTURES, "postgres-stop.sh"), self.folder, how], check=False)

    def new_database(self):
        """The URI of one that is empty."""
        self.databases += 1
        self.ask(f"CREATE DATABASE test{self.databases}")
        return self.uri.replace("///postgres?", f"///test{self.databases}?")

    def ask(self, sql):
        """The rows of a query, each a list of texts."""
        text = self.work.run("psql", "-XAtq", "-F", "\t", "-d", self.uri, "-c", sql)
        return [line.split("\t") for line in text.splitlines()]


# Of libvirt's protocol: how a message begins, and the call that switches a domain off.
HEADER = struct.Struct(">IIII")
REMOTE, DESTROY = 0x20008086, (12, 234)


class Relay:
    """Stands before libvirtd's socket, and can hold back the calls that switch a domain off."""

    def __init__(self, work, name, hypervisor):
        self.path = work.file(f"{name}.relay")
        self.server = hypervisor.uri.partition("socket=")[2]
        self.uri = hypervisor.uri.replace(self.server, self.path)
        self.values = hypervisor.values
        self.open, self.caught = threading.Event(), threading.Event()
        self.open.set()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        os.chmod(self.path, 0o666)
        self.listener.listen()
        work.at_end.append(self.listener.close)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.server)
            for source, target, look in ((client, server, self.pass_calls),
                                         (server, client, self.pass_all)):
                threading.Thread(target=self.run, args=(look, source, target),
                                 daemon=True).start()

    @staticmethod
    def run(function, source, target):
        try:
            function(source, target)
        except OSError:
            pass
        for end in (source, target):
            end.close()

    @staticmethod
    def pass_all(source, target):
        while data := source.recv(65536):
            target.sendall(data)

    def pass_calls(self, source, target):
        data = b""
        while part := source.recv(65536):
            data += part
            while len(data) >= HEADER.size:
                length, which, _, call = HEADER.unpack_from(data)
                if len(data) < length:
                    break
                if which == REMOTE and call in DESTROY and not self.open.is_set():
                    self.caught.set()
                    self.open.wait()
                target.sendall(data[:length])
                data = data[length:]

    def hold(self):
        self.open.clear()

    def release(self):
        self.open.set()


class Held:
    """Stops the whole broker where one of its threads enters a function, and lets it go at the
    end."""

    def __init__(self, broker, function):
        self.broker, self.function = broker, function
        self.log = broker.work.file("gdb.log")

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.gdb = subprocess.Popen(
                ["gdb", "-nx", "-q", "-p", str(self.broker.process.pid), "-ex",
                 "set confirm off", "-ex", "set pagination off", "-ex",
                 f"break {self.function}", "-ex", "echo armed\\n", "-ex", "continue", "-ex",
                 "echo held\\n"], stdin=subprocess.PIPE, stdout=log, stderr=log)
        self.wait("armed")
        return self

    def text(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def wait(self, word="held"):
        try:
            wait_for(lambda: f"{word}\n" in self.text(), f"gdb's {word}", 60)
        except AssertionError as problem:
            raise AssertionError(f"{problem}\n{self.text()[-2000:]}") from problem

    def __exit__(self, *_):
        self.gdb.stdin.write(b"delete\ndetach\nquit\n")
        self.gdb.stdin.close()
        try:
            self.gdb.wait(20)
        except subprocess.TimeoutExpired:  # it never stopped there
            self.gdb.kill()
            self.gdb.wait()


class Brokers(Stack):
    """So many brokers, each behind a HAProxy of its own. Those of the names in relayed reach
    libvirtd through a relay."""

    def __init__(self, office, guests, count, relayed=(), pool=True):
        self.work, self.brokers, self.relays = Work(), [], {}
        try:
            user = service_user("nobody")
            self.directory = Directory(self.work, office)
            self.postgres = Postgres(self.work)
            self.hypervisor = Hypervisor(self.work, user)
            for number in range(1, guests + 1):
                self.hypervisor.define(f"office-{number}", screen_text(1))
            for number in range(1, count + 1):
                name, host = f"broker{number}", self.hypervisor
                if name in relayed:
                    host = self.relays[name] = Relay(self.work, name, host)
                self.brokers.append(Broker(self.work, user, self.directory, {"lab": host}, name,
                                           self.postgres.uri))
            self.broker = self.brokers[0]
            self.wait_for_leader()
            if pool:
                self.apply_pool()
        except BaseException:
            self.work.stop()
            raise

    def stop(self):
        for broker in self.brokers:
            if broker.process.poll() is None:
                broker.process.send_signal(signal.SIGCONT)
        super().stop()

    def logs(self):
        return "".join(f"--- {one.name}\n{self.work.log(one.name, 60)}" for one in self.brokers)

    # What the database says.

    def leader(self):
        """Which broker has a lead that has not ended, by the database's clock."""
        rows = self.postgres.ask("SELECT broker FROM lead WHERE until >"
                                 " extract (epoch FROM clock_timestamp ()) * 1000000")
        name = rows[0][0].split()[0] if rows else None
        return next((one for one in self.brokers if one.name == name), None)

    def wait_for_leader(self, among=None):
        return wait_for(lambda: (one := self.leader()) in (among or self.brokers) and one,
                        "a leader\n" + self.logs(), 30)

    def make_leader(self, broker):
        """The others stand still until it leads."""
        others = [one for one in self.brokers if one is not broker]
        for one in others:
            one.process.send_signal(signal.SIGSTOP)
        self.wait_for_leader([broker])
        for one in others:
            one.process.send_signal(signal.SIGCONT)

    def clean(self, name):
        return self.postgres.ask("SELECT clean, intent FROM desktops"
                                 f" WHERE name = '{name}'") == [["clean", "none"]]

    def wait_until_clean(self, count, seconds=60):
        """Until so many desktops may be lent."""
        def look():
            rows = self.postgres.ask("SELECT name FROM desktops WHERE clean = 'clean' AND"
                                     " intent = 'none' AND id NOT IN"
                                     " (SELECT desktop_id FROM leases)")
            return len(rows) >= count
        wait_for(look, f"{count} clean desktops", seconds, step=0.2)

    def intents(self):
        return dict(self.postgres.ask("SELECT name, intent FROM desktops"
                                      " WHERE intent <> 'none'"))

    def leases(self):
        """Holder's name to the desktop's."""
        return dict(self.postgres.ask("SELECT l.holder_name, d.name FROM leases l"
                                      " JOIN desktops d ON d.id = l.desktop_id"))

    def problems(self):
        """What must never be, and is."""
        return [f"{what}: {rows}" for what, sql in PROBLEMS.items()
                if (rows := self.postgres.ask(sql))]

    # What the host says.

    def domain_numbers(self):
        """Each running guest's number, which is another one after each start."""
        return {name: self.hypervisor.virsh("domid", name) for name in self.hypervisor.running()}

    def channels(self, name):
        """The display's channels: where each client's is, from QEMU."""
        answer = json.loads(self.hypervisor.virsh(
            "qemu-monitor-command", name, '{"execute":"query-spice"}'))
        return sorted((one["host"], one["port"], one["channel-type"], one["channel-id"])
                      for one in answer["return"].get("channels", []))
