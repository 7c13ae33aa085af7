# SPDX-License-Identifier: GPL-3.0-or-later
"""All of Floe on one machine, as plain processes in one directory: slapd, a private libvirtd with
small guests, floe-broker and HAProxy. The end-to-end tests and the demo use it."""
import base64
import json
import os
import pwd
import signal
import subprocess
import time
from xml.etree import ElementTree

from PIL import Image

from front import Haproxy
from harness import (FIXTURES, Authority, Work, as_user, environment_of, listens, program, service_user,
                     wait_for)

PASSWORD = "correct horse 7"
POOL = "office"
# For tests of which guessing is not the subject.
NO_LIMIT = "[throttle]\nperson_tries = 1000\nnetwork_tries = 1000000\nheed_lockout = no"
# What the guests show: far apart, so that no picture can be taken for another's.
SCREENS = ["Amsterdam", "Kyoto", "Zanzibar", "Uppsala", "Montevideo"]


def screen_text(number):
    """What the guest of this number shows on its screen."""
    place = SCREENS[number - 1]
    return f"Office desktop {number}: {place}".ljust(160) + " ".join([place] * 3)


class Person:
    """Somebody in the directory."""

    def __init__(self, uid, name, password=PASSWORD):
        self.uid, self.name, self.password = uid, name, password


OFFICE = [Person("alice", "Alice Archer"), Person("bob", "Bob Baker"),
          Person("carol", "Carol Cooper"), Person("dave", "Dave Dyer")]
HELPDESK = Person("helen", "Helen Hill")


class Directory:
    """slapd with these people in it: office users, and HELPDESK."""
    more = {}  # of what slapd-up.sh reads
    log = "none"  # or "stats", for a test that reads what it was asked
    profile, helpdesk = "openldap", HELPDESK
    lockout = "0"  # "1": accounts are locked after three wrong passwords

    def __init__(self, work, office):
        self.work, self.folder = work, work.folder("slapd")
        names = ",".join(f"{person.uid}:{person.name}" for person in office)
        self.environment = dict(
            os.environ, LDAP_PW=PASSWORD, LDAP_STATES="0", LDAP_OFFICE=names,
            LDAP_HELPDESK=f"{HELPDESK.uid}:{HELPDESK.name}", LDAP_LOCKOUT=self.lockout, LDAP_LOG=self.log,
            LDAP_RUN_AS=service_user("openldap"), LDAP_OWNER=str(os.getpid()), **self.more)
        work.at_end.append(self.stop)
        self.values = self.start()

    def start(self):
        return environment_of(self.work.run(os.path.join(FIXTURES, "slapd-up.sh"), self.folder,
                                            env=self.environment))

    def places(self):
        """The keys of a configuration that say where in it people and groups are."""
        return f"base = {self.values['LDAP_PEOPLE']}\ngroup_base = {self.values['LDAP_GROUPS']}"

    def stop(self):
        subprocess.run([os.path.join(FIXTURES, "stop.sh"), self.folder], check=False)

    def pid(self):
        with open(os.path.join(self.folder, "slapd.pid"), encoding="ascii") as file:
            return int(file.read())

    def run(self, program, *arguments):
        """One of the clients that come with it."""
        return self.work.run(program, "-x", "-H", self.values["LDAPS_URI"], *arguments,
                             env=dict(os.environ, LDAPTLS_CACERT=self.values["LDAP_CA"]))

    def change(self, *changes):
        """Changes entries as the administrator: each change is a DN and lines of LDIF."""
        path = self.work.put("changes.ldif", "\n".join(f"dn: {dn}\n{lines}\n" for dn, lines in changes))
        self.run("ldapmodify", "-D", self.values["LDAP_ADMIN_DN"], "-w", self.values["LDAP_ADMIN_PW"],
                 "-f", path)

    def set(self, person, **attributes):
        """Changes somebody's entry; None takes an attribute away."""
        lines = ["changetype: modify"]
        for name, value in attributes.items():
            lines += [f"replace: {name}"] + ([] if value is None else [f"{name}: {value}"]) + ["-"]
        self.change((self.dn(person.uid), "\n".join(lines)))

    def lock(self, person):
        """As wrong passwords do, for five minutes; and the password has to be changed after that."""
        now = time.strftime("%Y%m%d%H%M%SZ", time.gmtime())
        self.set(person, pwdPolicySubentry=f"cn=locking,ou=policies,{self.values['LDAP_BASE']}", pwdAccountLockedTime=now,
                 pwdReset="TRUE")

    def unlock(self, person):
        self.set(person, pwdPolicySubentry=None, pwdAccountLockedTime=None, pwdReset=None)

    def try_password(self, uid, password):
        """Logs in there as somebody, with these bytes."""
        self.run("ldapwhoami", "-D", self.dn(uid), "-y", self.work.put("tried", password, mode=0o600))

    def dn(self, uid):
        return f"uid={uid},{self.values['LDAP_PEOPLE']}"

    def asked(self, uid):
        """The lines of its log that say that somebody's password was tried."""
        with open(os.path.join(self.folder, "slapd.log"), encoding="utf-8", errors="replace") as log:
            return [line for line in log if f'BIND dn="{self.dn(uid)}" method=128' in line]


class Hypervisor:
    """A private libvirtd with SPICE over TLS, and guests whose screen tells their name."""

    def __init__(self, work, user, folder="virt"):
        self.work, self.folder = work, work.file(folder)
        # The same user as the broker's: nobody else may open the daemon's socket.
        self.environment = dict(os.environ, LIBVIRT_USER=user)
        work.at_end.append(self.stop)
        self.values = environment_of(self.start())
        self.uri = self.values["LIBVIRT_URI"]
        self.guests = []

    def start(self):
        return self.work.run(os.path.join(FIXTURES, "libvirt-up.sh"), self.folder, "tls",
                             f"owner={os.getpid()}", env=self.environment)

    def define(self, name, text, display="tls"):
        image = os.path.join(self.folder, "images", name + ".img")
        self.work.run(os.path.join(FIXTURES, "nano-guest.sh"), image, text)
        self.work.give(image, self.values["LIBVIRT_USER"])
        self.work.run(os.path.join(FIXTURES, "define-guest.sh"), self.uri, name, image, display)
        self.guests.append(name)

    def make_storage(self, name, path=None):
        """A storage pool of libvirt's in a directory, its own or one that hosts share."""
        path = path or os.path.join(self.folder, name)
        os.makedirs(path, exist_ok=True)
        self.work.give(path, self.values["LIBVIRT_USER"])
        self.virsh("pool-define-as", name, "dir", "--target", path)
        self.virsh("pool-start", name)
        return path

    def volumes(self, storage):
        """The names of what is in a storage pool."""
        self.virsh("pool-refresh", storage)
        return sorted(line.split()[0] for line in self.virsh("vol-list", storage).splitlines()
                      if line.split())

    def domains(self):
        """The names of all domains, running or not."""
        return sorted(self.virsh("list", "--all", "--name").split())

    def define_desktop(self, name, image):
        """A guest with X and both agents; image is a directory of desktop-guest.sh."""
        folder = os.path.join(self.folder, "images", name)
        self.work.run("cp", "-r", "--sparse=always", image, folder)
        # QEMU opens it for writing before libvirt puts the disk that forgets before it.
        for path in (folder, *(os.path.join(folder, file) for file in os.listdir(folder))):
            self.work.give(path, self.values["LIBVIRT_USER"])
        self.work.run(os.path.join(FIXTURES, "desktop-guest.sh"), "define", self.uri, name, folder)
        self.guests.append(name)

    def ask_agent(self, name, command, **arguments):
        """What the guest's agent answers to one of its commands."""
        question = {"execute": command, "arguments": arguments}
        answer = self.virsh("qemu-agent-command", "--timeout", "20", name, json.dumps(question))
        return json.loads(answer)["return"]

    def execute(self, name, script, data=""):
        """Runs a shell script in the guest, as the one who is logged in there; its output."""
        started = self.ask_agent(
            name, "guest-exec", path="/usr/sbin/runuser",
            arg=["-u", "desk", "--", "sh", "-c", f"export XAUTHORITY=~desk/.Xauthority; {script}"],
            env=["DISPLAY=:0", "PATH=/usr/bin"],
            **{"input-data": base64.b64encode(data.encode()).decode(), "capture-output": True})

        def ended():
            status = self.ask_agent(name, "guest-exec-status", pid=started["pid"])
            return status if status["exited"] else None
        status = wait_for(ended, f"the end of {script} in {name}", 60, step=0.2)
        said, wrong = (base64.b64decode(status.get(part, "")).decode()
                       for part in ("out-data", "err-data"))
        assert status.get("exitcode") == 0, f"{script} in {name}: {status}\n{said}{wrong}"
        return said

    def channel(self, name, target):
        """Whether the guest has this channel open."""
        domain = ElementTree.fromstring(self.virsh("dumpxml", name))
        found = domain.find(f"devices/channel/target[@name='{target}']")
        return found.get("state") == "connected"

    def virsh(self, *arguments):
        return self.work.run("virsh", "-q", "-c", self.uri, *arguments).strip()

    def running(self):
        return sorted(self.virsh("list", "--name").split())

    def screenshot(self, name):
        """The guest's own picture, as libvirt takes it."""
        path = self.work.file(f"shot-{name}")
        self.virsh("screenshot", name, path)
        with Image.open(path) as image:
            return image.convert("RGB")

    def screenshots(self):
        """Of all that run; one of them may stop while one looks."""
        taken = {}
        for name in self.running():
            try:
                taken[name] = self.screenshot(name)
            except AssertionError:
                if name in self.running():
                    raise
        return taken

    def stop(self):
        subprocess.run([os.path.join(FIXTURES, "libvirt-stop.sh"), self.folder], check=False)


class Broker:
    """floe-broker as a service user, behind HAProxy; hosts by name, each a Hypervisor. Several
    brokers have different names and a database that they share."""

    plain_display = "no"
    environment = {}  # for a test that sets its clock
    more = ""  # sections of its configuration, for a test that wants other limits
    display_address = "127.0.0.1"  # what clients are told; of a wire, for a test that cuts it

    def __init__(self, work, user, directory, hosts, name="broker", database=None):
        self.work, self.user, self.name = work, user, name
        self.helpdesk = directory.helpdesk
        self.front_user = service_user("haproxy")
        self.authority = Authority(work, f"{name}-site")
        os.chmod(self.authority.cert, 0o644)
        state = work.folder(name, owner=user, mode=0o700)
        self.database = database or state + "/broker.db"
        # As the shipped tmpfiles.d has it: the socket gets HAProxy's group from its directory.
        run = work.folder(f"run-{name}")
        if os.geteuid() == 0:
            os.chown(run, pwd.getpwnam(user).pw_uid, pwd.getpwnam(self.front_user).pw_gid)
            os.chmod(run, 0o2750)
        self.socket = os.path.join(run, "broker.sock")
        secret = os.path.join(state, "directory.password")
        work.put(secret, directory.values["LDAP_PW"] + "\n", mode=0o400)
        work.give(secret, user)
        self.configuration = work.put(f"{name}.conf", f"""# made by tests/e2e/stack.py
{self.more}
[broker]
name = {name}
database = {self.database}
host_names = localhost
[listen]
socket = {self.socket}
trusted_user = {self.front_user}
[directory]
profile = {directory.profile}
uris = {directory.values["LDAPS_URI"]}
ca_file = {directory.values["LDAP_CA"]}
bind_dn = {directory.values["LDAP_SVC_DN"]}
bind_password_file = {secret}
{directory.places()}
[roles]
admin_groups = vdi-admins
""" + "".join(f"""[host {host_name}]
uri = {host.uri}
display_address = {self.display_address}
display_ca_file = {host.values["LIBVIRT_CA"]}
display_subject = {host.values["LIBVIRT_SUBJECT"]}
plain_display = {self.plain_display}
""" for host_name, host in hosts.items()))
        self.program = work.copy(program("floe-broker"), mode=0o755)
        self.process = None
        self.start()
        self.terminals = Authority(work, f"{name}-terminals")
        os.chmod(self.terminals.cert, 0o644)
        self.front = Haproxy(work, self.authority, self.socket)
        self.url = self.front.url

    def start(self, wait=True):
        self.process = self.work.start(self.name, as_user(self.user, [
            "env", *(f"{name}={value}" for name, value in self.environment.items()),
            self.program, "--config", self.configuration]))
        if wait:
            wait_for(self.listens, "the broker\n" + self.work.log(self.name))

    def listens(self):
        assert self.process.poll() is None, "the broker ended:\n" + self.work.log(self.name)
        return listens(self.socket)

    def kill(self):
        """kill -9, and nothing else."""
        self.work.end(self.process, signal.SIGKILL)

    # What the tests ask by plain HTTP.

    def login(self, person):
        answer = self.front.call("POST", "/api/v1/login",
                                 {"username": person.uid, "password": person.password})
        assert answer.status == 201, answer
        return answer.json["token"]

    def logout(self, token):
        answer = self.front.call("POST", "/api/v1/logout", token=token)
        assert answer.status == 204, answer

    def connect(self, token, pool=POOL, seconds=60):
        """Connects as the contract has it: until there is a connection, a place in line or a refusal."""
        deadline = time.monotonic() + seconds
        while True:
            answer = self.front.call("POST", f"/api/v1/pools/{pool}/connect", {}, token=token)
            if answer.status != 202 or answer.json["state"] == "queued":
                return answer
            assert time.monotonic() < deadline, f"still {answer.json} after {seconds} s"
            self.follow(token, answer.headers["location"], deadline)

    def follow(self, token, location, deadline):
        """Polls a request until it is ready, failed, or in line."""
        while time.monotonic() < deadline:
            answer = self.front.call("GET", location, token=token)
            assert answer.status == 200, answer
            if answer.json["state"] in ("ready", "failed", "queued"):
                return
            time.sleep(0.2)

    def floectl_command(self):
        """floectl as the helpdesk, ready to be given a command."""
        password = self.work.put("helpdesk.password", self.helpdesk.password + "\n", mode=0o600)
        return [program("floectl"), "--broker", self.url, "--ca", self.authority.cert, "--user",
                self.helpdesk.uid, "--password-file", password, "--token-file",
                self.work.file("helpdesk.token")]

    def floectl(self, *arguments):
        """Logs the helpdesk in and runs one command of floectl; returns what it printed."""
        command = self.floectl_command()
        self.work.run(*command, "login")
        return self.work.run(*command, *arguments)


class Stack:
    """Everything. office: the office users of the directory. guests: the desktops of the pool.
    directory: makes another one than slapd, which has its own people."""

    def __init__(self, office=OFFICE, guests=3, say=lambda text: None, directory=None):
        self.work = Work()
        try:
            user = service_user("nobody")
            say("directory")
            self.directory = directory(self.work) if directory else Directory(self.work, office)
            self.helpdesk = self.directory.helpdesk
            say("libvirt and guests")
            self.hypervisor = Hypervisor(self.work, user)
            for number in range(1, guests + 1):
                self.hypervisor.define(f"office-{number}", screen_text(number))
            say("broker and HAProxy")
            self.broker = Broker(self.work, user, self.directory, {"lab": self.hypervisor})
            say("pool")
            self.apply_pool()
            self.wait_for_desktops(guests)
        except BaseException:
            self.work.stop()
            raise

    def apply_pool(self, name=POOL, pattern="office-*", **more):
        """Defines a pool for all office users, with floectl."""
        pool = {"name": name, "description": "Office desktops", "kind": "floating",
                "manager": "libvirt", "domains": {"pattern": pattern},
                "entitlements": {"groups": ["vdi-users"], "users": []}, **more}
        path = self.work.put(name + ".json", json.dumps(pool, indent=2) + "\n")
        return self.broker.floectl("pool", "apply", path)

    def wait_for_desktops(self, count, pool=POOL):
        """Until the broker has seen the pool's domains: whoever comes before waits in line."""
        token = self.broker.login(self.broker.helpdesk)

        def seen():
            answer = self.broker.front.call("GET", f"/api/v1/admin/desktops?pool={pool}", token=token)
            return len(answer.json["items"]) >= count
        wait_for(seen, f"{count} desktops in the pool {pool}")

    def stop(self):
        self.work.stop()
