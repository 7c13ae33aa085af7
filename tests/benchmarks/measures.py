# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmarks themselves; docs/benchmarks.md says what each figure means."""
import json
import os
import statistics
import struct
import subprocess
import time

import client_measures
import portal_measures
import sse_measures
from brokers import Brokers, Postgres
from harness import SOURCE, wait_for
from stack import Person
from stand import (TOOLS, ActiveDirectory, BareSite, Broker, Directory, FreeIpa, Libvirt, Replicas, Site,
                   cpu_ms, emit, filled_site, interleaved, median, pss_mib, say, tool, tool_beside)

ROUNDS = 3
MORE_ROUNDS = 7  # where an aim is near: one round differs from the next by a tenth
SECONDS = 1.5
FEW, MANY = 100, 10000
OPERATIONS = 10000000
WRONG_FIRST = 5001  # names that nobody logs in with beside the clients with wrong passwords


def log_ins(site, people, password=None):
    """The arguments of http-load for log-ins of so many people; or for refusals of a wrong one."""
    request = site.request_file("/api/v1/login", '{"username":"%U","password":"'
                                + (password or site.directory.password) + '"}')
    return site.load(request, "--users", str(people), "--expect", "401" if password else "201")


def log_in_rate(site, people, clients, seconds=SECONDS):
    arguments = log_ins(site, people) + ("--clients", str(clients), "--seconds", str(seconds))
    return lambda: tool(*arguments)


def measure_rates(site):
    """Log-ins a second beside the bare loop, and what one costs the broker."""
    cost = []
    for clients in (1, 8, 32):
        through_broker = log_in_rate(site, MANY, clients)

        def counted(measure=through_broker):
            before = cpu_ms(site.broker.process.pid)
            result = measure()
            cost.append((cpu_ms(site.broker.process.pid) - before) / result["answered"])
            return result
        ours, bare = interleaved(ROUNDS, counted,
                                 lambda n=clients: site.directory.loop(n, SECONDS))
        emit("login", f"c{clients}", median(ours, "rate"), "log-ins/s", median(bare, "rate"))
        for share in ("p50_ms", "p99_ms"):
            emit("login", f"c{clients}_{share}", median(ours, share), "ms", median(bare, share))
    emit("login", "cpu_ms_per_login", statistics.median(cost), "ms")


def measure_growth(metric, small, big, people):
    """The rate of a site that is big in one respect, beside one that is not."""
    rates = interleaved(ROUNDS, log_in_rate(big, people[1], 8), log_in_rate(small, people[0], 8))
    emit("login", metric, median(rates[0], "rate"), "log-ins/s", median(rates[1], "rate"))


def measure_wrong_passwords(site):
    """The others' slowest per cent, beside eight clients that guess from another address."""
    others = log_in_rate(site, FEW, 8, 2)
    guesses = log_ins(site, FEW, "guess!") + (
        "--first-user", str(WRONG_FIRST), "--clients", "8", "--source", "127.0.0.9",
        "--seconds", "2.5", "--warm-up", "0.1")

    def beside():
        finish = tool_beside(*guesses)
        result = others()
        finish()
        return result
    beside_them, alone = interleaved(ROUNDS, beside, others)
    emit("login", "wrong_password_p99", median(beside_them, "p99_ms"), "ms",
         median(alone, "p99_ms"))


def measure_statements(work, directory, libvirt):
    """SQL statements, counted in a broker of its own, since counting takes time."""
    count = work.file("statements")
    with open(count, "wb") as out:
        out.write(bytes(8))
    os.chmod(count, 0o666)
    site = Site(work, "count", directory, libvirt, preload={
        "LD_PRELOAD": os.path.join(TOOLS, "sql-count.so"), "FLOE_SQL_COUNT": count})

    def statements_so_far():
        with open(count, "rb") as number:
            return struct.unpack("=Q", number.read(8))[0]

    def of_one_round():
        before = statements_so_far()
        answered = log_in_rate(site, FEW, 1, 1)()["answered"]
        return (statements_so_far() - before) / answered

    def each():
        """The least of several: in some the keeper looks at its pools, which is no log-in's."""
        return min(of_one_round() for _ in range(5))
    of_one_round()
    few = each()
    for name in range(100):
        site.put_pool(f"more-{name}", f"more-{name}-*", ["u00001"])
    many = each()
    if many == 0:
        raise RuntimeError("no statement was counted: is SQLite linked in statically?")
    emit("login", "sql_statements_per_login", many, "statements", few)
    site.broker.stop()


def measure_group_trips(site):
    """What the groups of somebody cost who is in twenty, each in the next; their names are known."""
    name, again = "floe_directory_group_round_trips_total", 20
    site.log_in("deep")
    before = site.broker.metric(name)
    for _ in range(again):
        site.log_in("deep")
    emit("login", "group_round_trips", (site.broker.metric(name) - before) / again, "round trips")


def measure_directory(site):
    """Log-ins a second on one kind of directory, beside the bare loop on the same server."""
    log_in_rate(site, FEW, 8, 6)()  # connections, and everybody's first log-in
    ours, bare = interleaved(MORE_ROUNDS, log_in_rate(site, FEW, 8, 2 * SECONDS),
                             lambda: site.directory.loop(8, 2 * SECONDS))
    emit("login", site.directory.profile, median(ours, "rate"), "log-ins/s", median(bare, "rate"))


def measure_dead_server(site):
    """The slowest per cent as the first of three servers goes silent, and later."""
    arguments = log_ins(site, FEW) + ("--clients", "32", "--warm-up", "0", "--seconds")
    first = site.directory.servers[0]

    def all_there():
        first.pause(False)
        site.broker.stop()  # what it knows of servers, it knows for as long as it runs
        site.broker.start()
        tool(*arguments, "0.5")
        return tool(*arguments, "2.5")

    def falling_silent():
        first.pause(True)
        return tool(*arguments, "2.5")
    before, falling, later = interleaved(ROUNDS, all_there, falling_silent,
                                         lambda: tool(*arguments, "2.5"))
    first.pause(False)
    alive = median(before, "p99_ms")
    emit("login", "dead_server_p99_ms", median(falling, "p99_ms"), "ms", alive)
    emit("login", "dead_server_later_p99_ms", median(later, "p99_ms"), "ms", alive)


def measure_directories(work, few, libvirt):
    """Each kind of directory by itself, with a broker of its own that has had no log-in yet."""
    for directory in (few, ActiveDirectory(work, "samba", FEW), FreeIpa(work, "389ds", FEW)):
        say(directory.profile)
        site = Site(work, directory.profile, directory, libvirt)
        if directory.profile == "active-directory":
            measure_group_trips(site)
        measure_directory(site)
        site.broker.stop()
    say("three servers, of which one goes silent")
    site = Site(work, "three", Replicas(work, "replica", FEW, 3), libvirt)
    measure_dead_server(site)
    site.broker.stop()


def login(work):
    libvirt = Libvirt(work)
    say(f"directories of {FEW} and of {MANY} people, a broker with 1,000 pools")
    few, many = Directory(work, "few", FEW), Directory(work, "many", MANY)
    small, big = Site(work, "small", few, libvirt), Site(work, "big", many, libvirt)
    pools = Site(work, "pools", few, libvirt)
    for site in (small, big, pools):
        site.put_pool("bench", "bench-*", ["u00001"])
    for number in range(999):
        pools.put_pool(f"pool-{number}", f"pool-{number}-*", ["u00002"])
    say("everybody logs in once")
    known = 0
    while known < MANY:
        known += log_in_rate(big, MANY, 8, 2)()["answered"]
    measure_rates(big)
    measure_growth("users_10000", small, big, (FEW, MANY))
    measure_growth("pools_1000", small, pools, (FEW, FEW))
    measure_wrong_passwords(big)
    measure_statements(work, few, libvirt)
    for site in (small, big, pools):
        site.broker.stop()
    measure_directories(work, few, libvirt)


def connect(work):
    libvirt = Libvirt(work)
    libvirt.add_guest("bench-1")
    site = Site(work, "connect", Directory(work, "few", FEW), libvirt)
    site.put_pool("bench", "bench-*", ["u00001"])
    token = site.log_in("u00001")
    path = "/api/v1/pools/bench/connect"
    say("the desktop starts")
    wait_for(lambda: site.call("POST", path, {}, token, (200, 202, 409))[0] == 200,
             "a running desktop", 60, 0.5)
    request = site.request_file(path, "{}", token)
    ours, bare = interleaved(
        5, lambda: tool(*site.load(request, "--clients", "1", "--seconds", "2")),
        lambda: tool("ticket-loop", libvirt.uri, "bench-1", "100"))
    for share in ("p50_ms", "p99_ms"):
        emit("connect", share, median(ours, share), "ms", median(bare, share))


def start(work):
    broker = Broker(work, "start", Directory(work, "few", FEW), Libvirt(work))
    times = []
    for _ in range(5):
        times.append(broker.start() * 1000)
        broker.stop()
    emit("start", "ready_ms", statistics.median(times), "ms")
    broker.start()
    time.sleep(3)
    emit("start", "idle_mib", pss_mib(broker.process.pid), "MiB")
    broker.stop()


def core_loop(work, *arguments, seconds=120):
    """One run of core-loop on a file of its own."""
    what, *rest = arguments
    return tool("core-loop", what, new_file(work), *rest, seconds=seconds)


def new_file(work):
    new_file.made += 1
    return work.file(f"core-{new_file.made}.db")


new_file.made = 0


def assign(work):
    """Claims a second beside the bare statement, and what a great pool costs more than a small."""
    postgres = Postgres(work)
    stores = (("sqlite", lambda: new_file(work)), ("postgres", postgres.new_database))
    for name, store in stores:
        say(f"{name}: claims beside the bare statement for claim and audit")
        claims = lambda n, new=store: tool("core-loop", "assign", new(), str(n), "2", seconds=120)
        ours, bare = interleaved(ROUNDS, lambda c=claims: c(FEW),
                                 lambda new=store: tool("bare-loop", new(), str(FEW), "2"))
        emit("assign", name, median(ours, "rate"), "claims/s", median(bare, "rate"))
        big, small = interleaved(ROUNDS, lambda c=claims: c(FEW * 1000), lambda c=claims: c(FEW))
        emit("assign", f"{name}_growth", 1 / median(big, "rate"), "s", 1 / median(small, "rate"))
    many, bare = interleaved(ROUNDS, lambda: tool("core-loop", "assign", postgres.new_database(),
                                                  str(FEW), "2"),
                             lambda: tool("bare-loop", postgres.new_database(), str(FEW), "2",
                                          "4"))
    emit("assign", "postgres_four", median(many, "rate"), "claims/s", median(bare, "rate"))


def rush(work):
    """Everybody comes within a minute."""
    result = core_loop(work, "rush", str(MANY), "60", seconds=200)
    emit("rush", "lost", result["lost"], "people")
    emit("rush", "twice", result["twice"], "desktops")
    emit("rush", "p99_ms", result["p99_ms"], "ms")
    emit("rush", "memory_mib", result["memory_mib"], "MiB")


def keeper(work):
    """Passes over a pool of 100,000 desktops, and connects with and without them."""
    result = core_loop(work, "keeper", str(FEW * 1000), "5")
    emit("keeper", "pass_ms", result["pass_ms"], "ms")
    emit("keeper", "connect_p99_ms", result["connect_p99_ms"], "ms", result["alone_p99_ms"])


API = {"list": "/api/v1/admin/desktops?limit=50",
       "search": "/api/v1/admin/desktops?limit=50&q=office-0000",
       "detail": "/api/v1/admin/desktops/0b9e6a52-7d0c-4f3e-8f5d-000000000042"}


def api(work):
    """What the helpdesk looks at, beside a handler that only sends, and with a thousand times as
    many desktops."""
    libvirt, directory = Libvirt(work), Directory(work, "few", FEW)
    small = filled_site(work, directory, libvirt, FEW, FEW)
    big = filled_site(work, directory, libvirt, FEW * 1000, FEW * 500)
    for name, path in API.items():
        size = len(json.dumps(big.call("GET", path, token=big.admin)[1], ensure_ascii=False,
                              separators=(",", ":")).encode())
        bare = BareSite(work, name, size)
        requests = {site: site.get_file(path, big.admin if site is bare else site.admin)
                    for site in (big, small, bare)}

        def ask(site, clients, files=requests):
            return tool(*site.load(files[site], "--clients", str(clients), "--seconds", "2"))
        ours, sent = interleaved(ROUNDS, lambda: ask(big, 8), lambda o=bare: ask(o, 8))
        emit("api", name, median(ours, "rate"), "answers/s", median(sent, "rate"))
        many, few = interleaved(ROUNDS + 2, lambda: ask(big, 1), lambda: ask(small, 1))
        emit("api", f"{name}_growth", median(many, "p99_ms"), "ms", median(few, "p99_ms"))
        bare.stop()


def failover(work):
    """How long nobody leads after kill -9 of the broker that does."""
    stack = Brokers([Person("user1", "User 1")], 0, 3, pool=False)
    work.at_end.append(stack.stop)
    times = []
    for _ in range(5):
        leader = stack.wait_for_leader()
        time.sleep(1 + len(times) * 0.2)  # anywhere between two prolongations
        leader.kill()
        since = time.monotonic()
        stack.wait_for_leader([one for one in stack.brokers if one is not leader])
        times.append(time.monotonic() - since)
        leader.start()
    emit("failover", "seconds", max(times), "s")


def ovirt(_work):
    """What an engine of 3,000 VMs is asked, by a stand-in, in simulated time."""
    os.environ["G_TEST_SRCDIR"] = SOURCE
    result = tool("engine-loop", seconds=1700)
    emit("ovirt", "requests_per_hour_idle", result["idle"], "requests")
    emit("ovirt", "requests_per_hour_rush", result["rush"], "requests")
    emit("ovirt", "poll_cpu_ms", result["poll_cpu_ms"], "ms")
    emit("ovirt", "memory_growth_mib", result["growth_mib"], "MiB")
    emit("ovirt", "allocate_overhead_ms", result["allocate_ms"], "ms")


def simulate(_work):
    """Ten million operations of a company on the broker's core, by a seed that is new each time."""
    command = os.path.join(os.environ["FLOE_BUILD"], "tests", "sim", "sim")
    run = subprocess.run([command, "--operations", str(OPERATIONS), "--quiet"],
                         stdout=subprocess.PIPE, text=True, check=False)
    lines = run.stdout.splitlines()
    if run.returncode not in (0, 1) or not lines:
        raise RuntimeError(f"sim ended with {run.returncode}")
    for line in lines[:-1]:
        say(line)
    result = json.loads(lines[-1])
    emit("simulate", "violations", result["violations"], "count")
    emit("simulate", "seed", result["seed"], "seed")
    emit("simulate", "operations", result["operations"], "operations")
    emit("simulate", "days", result["days"], "days")
    emit("simulate", "rate", result["operations"] / result["seconds"], "operations/s")
    if result["violations"] != 0:
        raise RuntimeError(f"rules were broken; repeat it with --seed {result['seed']}")


ALL = {"login": login, "connect": connect, "start": start, "assign": assign, "rush": rush,
       "keeper": keeper, "api": api, "failover": failover, "ovirt": ovirt, "simulate": simulate,
       **client_measures.ALL, **portal_measures.ALL, **sse_measures.ALL}
