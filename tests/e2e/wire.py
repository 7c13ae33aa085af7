# SPDX-License-Identifier: GPL-3.0-or-later
"""A wire between a client and a server that can be cut, held up and slowed down at any byte. It
listens on a loopback address of its own, at the server's own port, so that a client that is told of
that address finds it there."""
import collections
import select
import socket
import struct
import threading
import time

PIECE = 16384
NEVER = 3600


class Link:
    """One connection: how many came before it, and what has passed from the server so far."""

    def __init__(self, wire, number, client):
        self.wire, self.number, self.client = wire, number, client
        self.server = None
        self.passed = 0
        self.over = threading.Event()

    def run(self):
        try:
            self.server = socket.create_connection(self.wire.target, 10)
            for end in (self.client, self.server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=self.carry, args=(self.client, self.server), daemon=True)
            back.start()
            self.carry(self.server, self.client)
            back.join()
        except OSError:
            pass
        finally:
            self.end()

    def carry(self, source, sink):
        """Takes pieces from one end to the other, as the wire's fault has it. What is delayed is on
        its way: more may follow it meanwhile, as on a long line."""
        on_the_way, ended = collections.deque(), False  # of (when it arrives, the piece)
        try:
            while not self.over.is_set() and not (ended and not on_the_way):
                if self.is_readable(source, on_the_way, ended):
                    piece = self.take(source)
                    if piece is None:
                        return
                    on_the_way.append((time.monotonic() + self.wire.delay, piece))
                    ended = not piece
                while on_the_way and on_the_way[0][0] <= time.monotonic():
                    self.wire.wait_if_held(self)
                    deliver(on_the_way.popleft()[1], sink)
        except OSError:
            self.end()

    def is_readable(self, source, on_the_way, ended):
        """Waits for more, until what is first on the way has arrived."""
        patience = max(0, on_the_way[0][0] - time.monotonic()) if on_the_way else 0.2
        return bool(select.select([] if ended else [source], [], [], min(patience, 0.2))[0])

    def take(self, source):
        """The next piece, empty at the end; None if a fault came instead."""
        if source is not self.server:
            return source.recv(PIECE)
        if not self.may_pass():
            return None
        size = PIECE
        if self.wire.fault is not None:
            size = max(1, min(size, self.wire.fault.after - self.passed))
        piece = source.recv(size)
        self.passed += len(piece)
        return piece

    def may_pass(self):
        """Whether the server's next byte goes through; if not, the fault was done."""
        fault = self.wire.fault
        if fault is None or not fault.hits(self):
            return True
        fault.happened.set()
        if fault.kind == "stall":
            while not self.over.wait(0.1) and self.wire.fault is fault:
                pass
            return not self.over.is_set()
        self.end(reset=fault.kind == "reset")
        return False

    def end(self, reset=False):
        if reset:
            for end in (self.client, self.server):
                if end is not None and end.fileno() >= 0:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.over.set()
        for end in (self.client, self.server):
            if end is not None:
                if not reset:
                    quietly(end.shutdown, socket.SHUT_RDWR)
                quietly(end.close)
        self.wire.forget(self)


class Fault:
    """What happens once the server has sent so many bytes on the connection of this number, counted
    from when the fault was set: "close", "reset" or "stall". With `again` to every one from there on."""

    def __init__(self, kind, number=0, after=0, again=False):
        self.kind, self.number, self.after, self.again = kind, number, after, again
        self.happened = threading.Event()
        self.first = None

    def hits(self, link):
        number = link.number - self.first
        if self.happened.is_set() and not self.again:
            return False
        return (number == self.number or self.again and number > self.number) \
            and link.passed >= self.after


class Wire:
    """Hands connections on from `address`, at a free port when none is named, to `target`, which
    is the same port of 127.0.0.1 by itself."""

    def __init__(self, work, address, port=0, target=None):
        self.address, self.target = (address, port), target or ("127.0.0.1", port)
        self.links, self.lock = set(), threading.Lock()
        self.count, self.delay, self.fault = 0, 0, None
        self.held = threading.Event()
        self.listener = None
        self.open()
        work.at_end.append(self.close)

    def open(self):
        """Takes connections, and carries what is sent."""
        self.held.clear()
        if self.listener is not None:
            return
        self.listener = socket.create_server(self.address, backlog=64)
        self.address = self.listener.getsockname()
        threading.Thread(target=self.serve, args=(self.listener,), daemon=True).start()

    def serve(self, listener):
        while True:
            try:
                if not select.select([listener], [], [], 0.1)[0]:
                    continue
                client = listener.accept()[0]
            except (OSError, ValueError):
                return
            with self.lock:
                link = Link(self, self.count, client)
                self.count += 1
                self.links.add(link)
            threading.Thread(target=link.run, daemon=True).start()

    def close(self):
        """Ends all connections and takes none."""
        if self.listener is not None:
            self.listener.close()
            self.listener = None
        self.drop()

    def drop(self, reset=True):
        """Ends all connections that are there."""
        with self.lock:
            links = list(self.links)
        for link in links:
            link.end(reset)

    def hold(self):
        """Carries nothing any more, and takes connections that nothing comes of."""
        self.held.set()

    def mend(self):
        """As if nothing had ever been wrong."""
        self.fault, self.delay = None, 0
        self.open()

    def wait_if_held(self, link):
        while self.held.is_set() and not link.over.wait(0.05):
            pass

    def set_fault(self, *arguments, **options):
        """From the next connection on; returns the fault."""
        fault = Fault(*arguments, **options)
        with self.lock:
            fault.first = self.count
            self.fault = fault
        return fault

    def forget(self, link):
        with self.lock:
            self.links.discard(link)


def deliver(piece, sink):
    if piece:
        sink.sendall(piece)
    else:
        sink.shutdown(socket.SHUT_WR)


def quietly(function, *arguments):
    try:
        function(*arguments)
    except OSError:
        pass
