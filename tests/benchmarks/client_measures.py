# SPDX-License-Identifier: GPL-3.0-or-later
"""The client's benchmarks: with all of the broker behind it, and a guest that runs."""
import os
import re
import shutil
import statistics
import time

from harness import program
from screen import Screen
from stack import POOL, Broker, Person, Stack
from stand import emit, interleaved, pss_mib, say, tool_beside
from wire import Wire

ROUNDS = 7
SETTLED = 4  # seconds after the picture until a program's memory counts
AWAY = 12    # seconds that the network is away
WIRE = "127.0.0.2"


class Seat:
    """A screen where somebody sits, and a guest that runs and is theirs."""

    def __init__(self, work, display_address="127.0.0.1"):
        Broker.display_address = display_address
        self.person = Person("user1", "User 1")
        self.stack = Stack([self.person], guests=1, say=say)
        work.at_end.append(self.stack.stop)
        self.work, self.broker = self.stack.work, self.stack.broker
        self.screen = Screen(self.work, "1400x1000")
        self.token = self.broker.login(self.person)
        answer = self.broker.connect(self.token)
        self.port = answer.json["tls_port"]
        time.sleep(2)  # the guest writes on its screen

    def warm_up(self):
        """Both programs once: caches, and what the first program of a screen finds out for all."""
        for opened in (self.view, self.log_in):
            self.end(opened()[0])

    def start(self, name, command):
        """A program in the home of somebody whose caches are filled, and who has chosen nothing; and
        the time before it began."""
        environment = self.screen.home(name)
        for folder in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
            shutil.rmtree(environment[folder], ignore_errors=True)
        begun = time.monotonic()
        return begun, self.work.start(name, command, env=environment)

    def watch(self, *arguments):
        """Looks out for what is told; returns a function that waits for it."""
        os.environ["DISPLAY"] = self.screen.display
        return tool_beside("screen-watch", *arguments)

    def client(self):
        """floe at its log-in page, with everything typed but Return."""
        process = self.start("floe", self.floe())[1]
        self.watch("log-in", "30")()  # a letter is in each field, and the cursor in the second
        self.screen.xdotool("key", "shift+Tab", "ctrl+a")
        self.screen.xdotool("type", "--delay", 15, self.person.uid)
        self.screen.xdotool("key", "Tab", "ctrl+a")
        self.screen.xdotool("type", "--delay", 15, self.person.password)
        time.sleep(1)
        return process

    def floe(self, *options):
        return [program("floe"), "--broker", self.broker.url, "--ca", self.broker.authority.cert,
                "--no-kerberos", *options]

    def file(self):
        """A .vv file with a fresh ticket."""
        answer = self.broker.front.call("POST", f"/api/v1/pools/{POOL}/connection.vv", {},
                                        token=self.token)
        return self.work.put("ready.vv", answer.body.decode(), mode=0o600)

    def log_in(self):
        """A client that shows the guest: (its process, seconds from Return to the picture)."""
        process = self.client()
        seen = self.watch("picture", "60", "Return")()
        return process, seen["at"] - seen["from"]

    def view(self):
        """remote-viewer that shows the guest: (its process, seconds from its start)."""
        path, finish = self.file(), self.watch("picture", "60")
        begun, process = self.start("remote-viewer", ["remote-viewer", path])
        return process, finish()["at"] - begun

    def end(self, process):
        self.work.end(process)
        self.watch("no-picture", "10")()

    def front_ms(self, since):
        """What HAProxy and what is behind it took for the calls that came since then."""
        lines = self.front_log()[since:]
        times = [re.search(r'"POST \S+ .*?, (\d+) ms', line) for line in lines]
        return sum(int(found[1]) for found in times if found)

    def front_log(self):
        with open(self.work.file("haproxy.log"), encoding="utf-8", errors="replace") as log:
            return log.readlines()


def first_picture(work):
    """From Return on the log-in page to the guest's picture."""
    seat = Seat(work)
    brokers = []

    def ours():
        since = len(seat.front_log())
        process, seconds = seat.log_in()
        brokers.append(seat.front_ms(since) / 1000)
        seat.end(process)
        return seconds - brokers[-1]

    def viewer():
        process, seconds = seat.view()
        seat.end(process)
        return seconds
    seat.warm_up()
    floe, remote = interleaved(ROUNDS, ours, viewer)
    emit("first-picture", "first_picture", statistics.median(floe), "s", statistics.median(remote))
    emit("first-picture", "broker", statistics.median(brokers), "s")


def client_memory(work):
    """What a program keeps to itself, and its share of what others use, too."""
    seat = Seat(work)

    def kept(opened):
        def measure():
            process, _ = opened()
            time.sleep(SETTLED)
            mib = pss_mib(process.pid)
            seat.end(process)
            return mib
        return measure
    seat.warm_up()
    floe, remote = interleaved(ROUNDS, kept(seat.log_in), kept(seat.view))
    emit("client-memory", "memory", statistics.median(floe), "MiB", statistics.median(remote))


def resume(work):
    """The network goes, and comes back: from then until the picture is there."""
    seat = Seat(work, WIRE)
    front = Wire(seat.work, "127.0.0.1", target=("127.0.0.1", seat.broker.front.port))
    wires = [Wire(seat.work, WIRE, seat.port), front]
    seat.broker.url = f"https://localhost:{front.address[1]}"
    process, _ = seat.log_in()
    times = []
    for number in range(ROUNDS):
        time.sleep(2)
        gone = seat.watch("no-picture", "30")
        for wire in wires:
            wire.close()
        gone()
        time.sleep(AWAY + number / ROUNDS)
        finish, back = seat.watch("picture", "60"), time.monotonic()
        for wire in wires:
            wire.open()
        times.append(finish()["at"] - back)
    seat.end(process)
    emit("resume", "seconds", statistics.median(times), "s")
    emit("resume", "longest", max(times), "s")


def kiosk_start(work):
    """From the program's start until somebody can type a name and a password."""
    seat = Seat(work)
    times = []
    for _ in range(ROUNDS):
        finish = seat.watch("log-in", "30")
        begun, process = seat.start("floe", seat.floe("--fullscreen"))
        times.append(finish()["at"] - begun)
        seat.work.end(process)
    emit("kiosk-start", "seconds", statistics.median(times), "s")


ALL = {"first-picture": first_picture, "client-memory": client_memory, "resume": resume,
       "kiosk-start": kiosk_start}
