# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmarks run on: directory, libvirt, broker and HAProxy, all private and all real."""
import http.client
import json
import os
import resource
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import time

from front import Haproxy
from harness import (FIXTURES, SOURCE, Authority, Work, as_user, environment_of, program,
                     service_user, wait_for)

BUILD = os.environ["FLOE_BUILD"]
TOOLS = os.path.join(BUILD, "tests", "benchmarks")
USER_FILTER = "(&(objectClass=person)(uid=%s))"
USER_PASSWORD = "secret"
ADMIN, ADMIN_GROUP = "helen", "vdi-admins"  # as slapd-up.sh makes them


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def emit(bench, metric, value, unit, against=None):
    """One figure; `against` is what the same run measured beside it, in the same unit."""
    row = {"bench": bench, "metric": metric, "value": round(value, 4), "unit": unit}
    if against is not None:
        row["against"] = round(against, 4)
        row["ratio"] = round(value / against, 4) if against else None
    print(json.dumps(row), flush=True)


def build():
    """The programs as they are shipped, and the tools. Says what went wrong by an exception."""
    ready = os.path.exists(os.path.join(BUILD, "build.ninja"))
    # One that was set up when there were fewer targets has to hear of the others first.
    commands = [["ninja", "-C", BUILD, "build.ninja"] if ready else ["meson", "setup", "--buildtype=release", BUILD, SOURCE],
                ["meson", "compile", "-C", BUILD, "floe-broker", "http-load", "ldap-loop", "ticket-loop", "bare-loop",
                 "bare-soup", "core-loop", "engine-loop", "sql-count", "sim", "floe", "floectl", "screen-watch",
                 "gsettings-compile-data", "floe-gmo"]]
    for command in commands:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-3000:]}")


def tool(name, *arguments, seconds=60):
    """Runs one of the tools; returns what it measured."""
    done = subprocess.run([os.path.join(TOOLS, name), *arguments], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                          timeout=seconds)
    return measured(name, done.returncode, done.stdout, done.stderr)


def tool_beside(name, *arguments):
    """Starts one of the tools beside what follows; returns a function that waits for it."""
    process = subprocess.Popen([os.path.join(TOOLS, name), *arguments], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def finish():
        try:
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
        return measured(name, process.returncode, out, err)
    return finish


def measured(name, status, out, err):
    if status != 0:
        raise RuntimeError(f"{name} ended with {status}: {err[-2000:]}")
    result = json.loads(out)
    if result["failed"] > 0 or result["done"] == 0:
        raise RuntimeError(f"{name}: {result['done']} went well, {result['failed']} did not: "
                           f"{err[-2000:]}")
    return result


def interleaved(rounds, *measures):
    """Runs the measures in turn, again and again; returns what each measured, as lists. What else
    the machine does then meets all of them alike."""
    results = [[] for _ in measures]
    for _ in range(rounds):
        for measure, result in zip(measures, results):
            result.append(measure())
    return results


def median(results, key):
    return statistics.median(result[key] for result in results)


def cpu_ms(pid):
    """User and system time of a process, with threads that ended."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def pss_mib(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as rollup:
        for line in rollup:
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    raise RuntimeError("the kernel tells no PSS")


class UnixConnection(http.client.HTTPConnection):
    """HTTP on the broker's own socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=5)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Directory:
    """slapd with people u00001, u00002 and so on, beside those of the fixture."""
    script, owner = "slapd-up.sh", "LDAP_OWNER"
    profile, user_filter, admin = "openldap", USER_FILTER, ADMIN
    own_attributes = ["entryUUID", "uid", "cn", "memberOf"]

    def __init__(self, work, name, people):
        self.work = work
        self.folder = work.file(name)
        environment = dict(os.environ, LDAP_LOCKOUT="0", LDAP_STATES="0",
                           LDAP_PW=USER_PASSWORD, **{self.owner: str(os.getpid())})
        out = work.run(os.path.join(FIXTURES, self.script), self.folder, str(people),
                       env=environment)
        work.at_end.append(lambda: work.run(os.path.join(FIXTURES, "stop.sh"), self.folder))
        values = environment_of(out)
        self.people = people
        self.uri, self.base = values["LDAPS_URI"], values["LDAP_PEOPLE"]
        self.groups, self.service_dn = values.get("LDAP_GROUPS"), values["LDAP_SVC_DN"]
        self.password = values["LDAP_PW"]
        with open(values["LDAP_CA"], encoding="ascii") as ca:
            self.authority = ca.read()
        self.ca = work.put(name + ".ca", self.authority)
        self.password_file = work.put(name + ".password", self.password + "\n", 0o640)

    def pause(self, paused):
        """Has the server take connections and say nothing, or go on."""
        with open(os.path.join(self.folder, "slapd.pid"), encoding="ascii") as pid:
            os.kill(int(pid.read()), signal.SIGSTOP if paused else signal.SIGCONT)

    def loop(self, clients, seconds):
        """The bare search and bind, with the broker's own question."""
        attributes = self.own_attributes + [
            "pwdAccountLockedTime", "nsAccountLock", "userAccountControl", "accountExpires",
            "msDS-UserPasswordExpiryTimeComputed", "krbPrincipalExpiration",
            "krbPasswordExpiration", "krbLastPwdChange"]
        return tool("ldap-loop", "--uri", self.uri, "--ca", self.ca, "--bind-dn", self.service_dn,
                    "--password-file", self.password_file, "--base", self.base,
                    "--filter", self.user_filter, "--password", self.password,
                    "--users", str(self.people), "--clients", str(clients),
                    "--seconds", str(seconds), *(f"--attribute={name}" for name in attributes))


class ActiveDirectory(Directory):
    """Samba's, one process, whose log-ins are a question more: the groups."""
    script, owner = "samba-up.sh", "SAMBA_OWNER"
    profile, admin = "active-directory", "bob"
    user_filter = ("(&(objectCategory=person)(objectClass=user)"
                   "(|(sAMAccountName=%s)(userPrincipalName=%s)))")
    own_attributes = ["objectGUID", "objectSid", "sAMAccountName", "displayName"]


class FreeIpa(Directory):
    """389-ds in FreeIPA's shape."""
    script, owner = "389ds-up.sh", "DS_OWNER"
    profile, admin = "freeipa", "bob"
    own_attributes = ["ipaUniqueID", "uid", "cn", "memberOf"]


class Replicas:
    """Several slapds as one directory's servers: the same people, in the order of preference."""

    def __init__(self, work, name, people, count):
        self.servers = [Directory(work, f"{name}-{number}", people) for number in range(count)]
        first = self.servers[0]
        self.uri = "; ".join(server.uri for server in self.servers)
        self.ca = work.put(name + ".ca", "".join(server.authority for server in self.servers))
        self.profile, self.user_filter, self.admin = first.profile, first.user_filter, first.admin
        self.people, self.base, self.groups = first.people, first.base, first.groups
        self.service_dn, self.password = first.service_dn, first.password
        self.password_file = first.password_file


class Libvirt:
    """A private libvirtd. What it finds out about QEMU is kept with the build, which saves 4 s."""

    def __init__(self, work):
        self.work = work
        self.folder = work.file("lv")
        environment = dict(os.environ, LIBVIRT_CAPS_CACHE=os.path.join(BUILD, "capabilities"))
        out = work.run(os.path.join(FIXTURES, "libvirt-up.sh"), self.folder, env=environment)
        work.at_end.append(
            lambda: work.run(os.path.join(FIXTURES, "libvirt-stop.sh"), self.folder, "-r"))
        values = environment_of(out)
        self.uri, self.user = values["LIBVIRT_URI"], values["LIBVIRT_USER"]

    def add_guest(self, name):
        image = os.path.join(self.folder, "images", name + ".img")
        self.work.run(os.path.join(FIXTURES, "nano-guest.sh"), image, name)
        self.work.run(os.path.join(FIXTURES, "define-guest.sh"), self.uri, name, image)


class Broker:
    """floe-broker with a database of its own."""

    def __init__(self, work, name, directory, libvirt):
        self.work, self.name, self.directory, self.libvirt = work, name, directory, libvirt
        self.user = libvirt.user
        # The socket gets the group of its folder, as /run/floe gives it.
        self.run = work.folder(name + ".run", self.user, 0o2770)
        if os.geteuid() == 0:
            work.run("chgrp", "haproxy", self.run)
            os.chmod(self.run, 0o2770)
            work.run("chown", self.user, directory.password_file)
        self.data = work.folder(name + ".data", self.user, 0o700)
        self.socket = os.path.join(self.run, "broker.sock")
        self.config = work.put(name + ".conf", self.configuration())
        self.process = None

    def configuration(self):
        directory = self.directory
        group_base = f"group_base = {directory.groups}" if directory.groups else ""
        return f"""[broker]
database = {self.data}/floe.db
host_names = localhost
[listen]
socket = {self.socket}
trusted_user = {service_user("haproxy")}
[directory]
profile = {directory.profile}
uris = {directory.uri}
ca_file = {directory.ca}
bind_dn = {directory.service_dn}
bind_password_file = {directory.password_file}
base = {directory.base}
user_filter = {directory.user_filter}
{group_base}
[throttle]
person_tries = 1000
network_tries = 1000000
heed_lockout = no
[roles]
admin_groups = {ADMIN_GROUP}
[host local]
uri = {self.libvirt.uri}
plain_display = yes
"""

    def start(self, **environment):
        """Starts it; returns after how many seconds it answered."""
        begun = time.monotonic()
        self.process = self.work.start(
            self.name, as_user(self.user, [program("floe-broker"), "--config", self.config]),
            env=dict(os.environ, **environment))
        wait_for(self.answers, f"the broker\n{self.work.log(self.name)}", 15, 0.001)
        return time.monotonic() - begun

    def answers(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"the broker ended:\n{self.work.log(self.name)}")
        connection = UnixConnection(self.socket)
        try:
            connection.request("GET", "/api/v1/health")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def metric(self, name):
        """What /metrics says of a metric without labels."""
        connection = UnixConnection(self.socket)
        connection.request("GET", "/metrics")
        lines = connection.getresponse().read().decode().splitlines()
        connection.close()
        return float(next(line for line in lines if line.startswith(name + " ")).split()[1])

    def stop(self):
        self.work.end(self.process)


class Site:
    """All of it: a directory, a broker, and HAProxy in front. Owns nothing: the work does."""

    def __init__(self, work, name, directory, libvirt, preload=None):
        self.work, self.name, self.directory = work, name, directory
        self.broker = Broker(work, name, directory, libvirt)
        self.broker.start(**(preload or {}))
        self.front = Haproxy(work, Authority(work, name + "-ca"), self.broker.socket,
                             FLOE_LOGINS="1000000000")
        self.requests = 0
        self.admin = None

    def call(self, method, path, body=None, token=None, good=(200, 201, 204)):
        connection = http.client.HTTPSConnection(
            "localhost", self.front.port, timeout=30,
            context=ssl.create_default_context(cafile=self.front.authority.cert))
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = "Bearer " + token
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        if answer.status not in good:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:500]}\n"
                               f"{self.work.log(self.name, 10)}")
        return answer.status, json.loads(text) if text else None

    def log_in(self, name):
        return self.call("POST", "/api/v1/login",
                         {"username": name, "password": self.directory.password})[1]["token"]

    def put_pool(self, name, pattern, users):
        if self.admin is None:
            self.admin = self.log_in(self.directory.admin)
        self.call("PUT", "/api/v1/admin/pools/" + name, token=self.admin,
                  body={"name": name, "kind": "floating", "manager": "libvirt",
                        "domains": {"pattern": pattern},
                        "entitlements": {"groups": [], "users": users}})

    def request_file(self, path, body, token=None):
        """A request as http-load sends it; %U in the body counts as a name of six characters."""
        self.requests += 1
        length = len(body.replace("%U", "u00001"))
        extra = f"Authorization: Bearer {token}\r\n" if token else ""
        return self.work.put(
            f"{self.name}-{self.requests}.request",
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"{extra}Content-Length: {length}\r\n\r\n{body}", 0o600)

    def get_file(self, path, token):
        """A request that http-load sends as it is."""
        self.requests += 1
        return self.work.put(
            f"{self.name}-{self.requests}.request",
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n",
            0o600)

    def load(self, request, *arguments):
        return ("http-load", "--connect", f"127.0.0.1:{self.front.port}",
                "--ca", self.front.authority.cert, "--name", "localhost", "--request", request,
                *arguments)


def filled_site(work, directory, libvirt, desktops, people):
    """A broker on a database with so many desktops and people, and the token of somebody who sees all."""
    site = Site(work, f"desktops-{desktops}", directory, libvirt)
    site.broker.stop()
    say(f"{desktops} desktops, {people} people")
    tool("core-loop", "fill", os.path.join(site.broker.data, "floe.db"), str(desktops), str(people),
         seconds=200)
    if os.geteuid() == 0:
        work.run("chown", "-R", site.broker.user, site.broker.data)
    site.broker.start()
    site.admin = site.log_in(directory.admin)
    return site


class BareSite(Site):
    """HAProxy before a handler that answers everything with so many bytes."""

    def __init__(self, work, name, size):
        self.work, self.name, self.requests = work, "bare-" + name, 0
        user = service_user("haproxy")
        path = os.path.join(work.folder(self.name + ".run", user, 0o700), "bare.sock")
        self.process = work.start(
            self.name, as_user(user, [os.path.join(TOOLS, "bare-soup"), path, str(size)]))
        wait_for(lambda: os.path.exists(path), "bare-soup", 10, 0.01)
        self.front = Haproxy(work, Authority(work, self.name + "-ca"), path,
                             FLOE_LOGINS="1000000000")

    def stop(self):
        self.work.end(self.front.process)
        self.work.end(self.process)


def new_work():
    # A front that serves many clients, and a tool beside it, need more than the usual 1024.
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 20000), hard))
    return Work()
