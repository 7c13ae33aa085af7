# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast a change reaches everybody who has the helpdesk's pages open, through HAProxy and TLS."""
import asyncio
import ssl
import statistics
import time

from stand import Directory, Libvirt, Site, emit, say

LISTENERS = 2000
A_LOGIN = 16  # streams that one log-in may have
ROUNDS = 5
TOGETHER = 50  # connections that are opened at once


class Listeners:
    """Streams of /admin/events, and when each was last told of a change."""

    def __init__(self, site, tokens):
        self.site, self.tokens, self.told, self.writers = site, tokens, {}, []
        self.tls = ssl.create_default_context(cafile=site.front.authority.cert)

    async def open_one(self, number, gate):
        async with gate:
            reader, writer = await asyncio.open_connection("localhost", self.site.front.port, ssl=self.tls,
                                                           server_hostname="localhost")
            self.writers.append(writer)
            writer.write(f"GET /api/v1/admin/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                         f"{self.tokens[number // A_LOGIN]}\r\n\r\n".encode())
            head = await reader.readuntil(b"event: ready")
            if b" 200 " not in head.split(b"\r\n")[0]:
                raise RuntimeError(f"a stream was answered with {head[:200]!r}")
        asyncio.ensure_future(self.follow(number, reader))

    async def follow(self, number, reader):
        while line := await reader.readline():
            if line == b"event: changes\n":
                self.told[number] = time.monotonic()

    async def open(self):
        gate = asyncio.Semaphore(TOGETHER)
        await asyncio.gather(*(self.open_one(number, gate) for number in range(LISTENERS)))

    async def measure(self, change):
        """Seconds from before the request that changes something until the last one was told."""
        self.told.clear()
        loop = asyncio.get_running_loop()
        since = time.monotonic()
        await loop.run_in_executor(None, change)
        while len(self.told) < LISTENERS:
            if time.monotonic() - since > 30:
                raise RuntimeError(f"only {len(self.told)} of {LISTENERS} were told")
            await asyncio.sleep(0.005)
        return max(self.told.values()) - since

    def close(self):
        for writer in self.writers:
            writer.transport.abort()


async def play(site, tokens):
    listeners = Listeners(site, tokens)
    say(f"{LISTENERS} listeners")
    await listeners.open()
    await asyncio.sleep(1)
    times = []
    for turn in range(ROUNDS):
        what = "close" if turn % 2 == 0 else "open"
        times.append(await listeners.measure(
            lambda: site.call("POST", f"/api/v1/admin/pools/office/{what}", token=site.admin)))
        await asyncio.sleep(0.5)
    listeners.close()
    return times


def sse(work):
    site = Site(work, "sse", Directory(work, "sse-ldap", 2), Libvirt(work))
    site.put_pool("office", "office-*", [])
    tokens = [site.log_in(site.directory.admin) for _ in range(LISTENERS // A_LOGIN)]
    times = asyncio.run(play(site, tokens))
    emit("sse", "seconds", statistics.median(times), "s")
    emit("sse", "longest", max(times), "s")


ALL = {"sse": sse}
