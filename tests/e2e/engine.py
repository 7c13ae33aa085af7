# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in for an oVirt engine, and real machines behind its VMs."""
import json
import os
import secrets
import socket
import subprocess
import threading

from harness import FIXTURES, SOURCE, Authority, free_port, service_user
from machine import NanoMachine
from stack import Broker

ACCOUNT, ACCOUNT_PASSWORD = "floe@internal", "engine horse 9"


class Engine:
    """tests/ovirt/engine as a process; its people's profile is "lab"."""

    def __init__(self, work, name="engine"):
        self.work, self.folder = work, work.folder(name)
        work.run(os.path.join(FIXTURES, "ca.sh"), self.folder, "127.0.0.1,localhost")
        self.ca = os.path.join(self.folder, "ca.pem")
        os.chmod(self.ca, 0o644)
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen(
            ["/usr/bin/python3", "-B", os.path.join(SOURCE, "tests", "ovirt", "engine"), self.folder],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        work.at_end.append(self.stop)
        self.url = self.process.stdout.readline().strip()
        self.tell(person=ACCOUNT, password=ACCOUNT_PASSWORD, admin=True)
        self.tell(engine={"launch": 0.3, "boot": 0.5, "restore": 0.5})

    def tell(self, **command):
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def vm(self, name):
        return self.tell(show=True)["vms"][name]

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


class Machine(NanoMachine):
    """One with SPICE over TLS; it runs all the time, and the engine has it forget when its VM goes down."""

    def __init__(self, engine, vm, text, proxy=None):
        super().__init__(engine.work, vm, text, service_user("nobody"))
        authority = Authority(self.work, vm + "-hosts")
        self.certificate(authority)
        port, qmp = free_port(), os.path.join(self.folder, "qmp")
        self.start("-spice", f"tls-port={port},addr=127.0.0.1,x509-dir={self.folder},password-secret=none",
                   "-object", "secret,id=none,data=unused", "-qmp", f"unix:{qmp},server=on,wait=off")
        with open(authority.cert, encoding="ascii") as pem:
            engine.tell(engine={"ca": pem.read()})
        engine.tell(vm=vm, set={"qmp": qmp, "display": {
            "type": "spice", "address": "127.0.0.1", "secure_port": port, "subject": "CN=host-" + vm,
            "proxy": proxy}})

    def certificate(self, authority):
        """As QEMU wants to find it."""
        with open(authority.issue("host-" + self.name), encoding="ascii") as both:
            text = both.read()
        cut = text.index("-----BEGIN", 10)
        parts = {"server-cert.pem": text[:cut], "server-key.pem": text[cut:],
                 "ca-cert.pem": open(authority.cert, encoding="ascii").read()}
        for name, pem in parts.items():
            path = self.work.put(os.path.join(self.folder, name), pem, mode=0o600)
            self.work.give(path, self.user)


class Machines:
    """What a client's picture is compared with, as a Hypervisor has it."""

    def __init__(self, *machines):
        self.machines = machines

    def screenshots(self):
        return {machine.name: machine.screenshot() for machine in self.machines}


class Proxy:
    """A proxy that knows CONNECT and nothing else, as a cluster's displays may be behind; it counts."""

    def __init__(self, work):
        self.count = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:{}".format(self.listener.getsockname()[1])
        work.at_end.append(self.listener.close)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                link, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=[link], daemon=True).start()

    def serve(self, link):
        head = b""
        while b"\r\n\r\n" not in head:
            head += link.recv(4096)
        method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
        host, _, port = target.rpartition(":")
        assert method == "CONNECT", head
        far = socket.create_connection((host, int(port)))
        self.count += 1
        link.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        threading.Thread(target=self.copy, args=[far, link], daemon=True).start()
        self.copy(link, far)

    @staticmethod
    def copy(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class EngineBroker(Broker):
    """A broker with engines, by their names in the configuration; more: further lines of each
    section; hosts: of libvirt, as for a Broker."""

    def __init__(self, work, user, directory, engines, name="broker", more="", hosts=None):
        secret = work.put("engine.password", ACCOUNT_PASSWORD + "\n", mode=0o400)
        work.give(secret, user)
        key = work.put("engine.key", secrets.token_hex(32) + "\n", mode=0o400)
        work.give(key, user)
        self.more += "".join(f"""[manager {engine_name}]
type = ovirt
url = {engine.url}
ca_file = {engine.ca}
user = {ACCOUNT}
password_file = {secret}
profile = lab
key_file = {key}
{more}
""" for engine_name, engine in engines.items())
        super().__init__(work, user, directory, hosts or {}, name)
