# SPDX-License-Identifier: GPL-3.0-or-later
"""What an oVirt engine has inside: pools, VMs whose states move by themselves, people, permissions, events.

A stand-in for tests, written from the engine's own sources; nothing here speaks HTTP. Times are seconds of a clock
that is handed in, so that hours can pass in a moment. The texts of faults are the engine's, word for word.
"""
import uuid

USER_ROLE = "00000000-0000-0000-0001-000000000001"
SUPER_USER = "00000000-0000-0000-0000-000000000001"
USER_PERMITS = ("connect_to_vm", "login", "reboot_vm", "run_vm", "shut_down_vm", "stop_vm", "vm_pool_basic_operations")
ALL_PERMITS = USER_PERMITS + ("create_vm", "edit_vm_pool_configuration", "edit_vm_properties", "manipulate_permissions",
                              "reconnect_to_vm")
RUNNING = ("up", "powering_up", "powering_down", "paused", "reboot_in_progress", "wait_for_launch", "migrating",
           "not_responding", "saving_state")
TICKETABLE = ("up", "powering_up", "powering_down", "paused", "reboot_in_progress")
# The engine's own names of states, as its texts have them.
WORDS = {"up": "Up", "down": "Down", "powering_up": "PoweringUp", "powering_down": "PoweringDown",
         "wait_for_launch": "WaitForLaunch", "image_locked": "ImageLocked", "paused": "Paused",
         "reboot_in_progress": "RebootInProgress", "unknown": "Unknown", "not_responding": "NotResponding",
         "suspended": "Suspended", "migrating": "MigratingFrom"}
BUSY = "Cannot attach VM to VM-Pool. VM-Pool is already attached to a User."
NONE_LEFT = "Cannot allocate and run VM from VM-Pool. There are no available VMs in the VM-Pool."
LIMIT = "User is already attached to maximum number of VMs from this VM-Pool."
LOCKED = "Cannot allocate and run VM from VM-Pool. Related operation is currently in progress. Please try again later."
DENIED = "User is not authorized to perform this action."


class Fault(Exception):
    """status: of HTTP; texts: what the engine says, one a message; bare: not inside an action"""

    def __init__(self, status, *texts, bare=False):
        super().__init__(status, texts)
        self.status = status
        self.detail = "[" + ", ".join(texts) + "]" if texts else None
        self.bare = bare


class Person:
    def __init__(self, name, password=None, admin=False):
        self.id = str(uuid.uuid5(uuid.NAMESPACE_DNS, name))
        self.name = name  # NAME@PROFILE
        self.password = password
        self.admin = admin
        self.role = SUPER_USER  # of an administrator
        self.principal = None  # of an Active Directory: with an "@" of its own

    @property
    def user_name(self):
        """How the API calls somebody: the domain of authorization is not the profile."""
        name, _, profile = self.name.partition("@")
        return f"{self.principal or name}@{profile}-authz"


class Pool:
    def __init__(self, name, max_user_vms=1, prestarted=0, manual=False, stateful=False):
        self.id = str(uuid.uuid5(uuid.NAMESPACE_URL, "pool:" + name))
        self.name = name
        self.max_user_vms = max_user_vms
        self.prestarted = prestarted
        self.manual = manual
        self.stateful = stateful
        self.proxy = None
        self.entitled = set()  # ids of people
        self.groups = set()  # ids of groups that are entitled


class Vm:
    def __init__(self, name, pool):
        self.id = str(uuid.uuid5(uuid.NAMESPACE_URL, "vm:" + name))
        self.name = name
        self.pool = pool
        self.status = "down"
        self.plan = []  # [(at, status)], what follows by itself
        self.agent_at = None  # from when its guest agent answers
        self.comment = ""
        self.permissions = {}  # id of a person: id of the permission
        self.stateless_run = False
        self.sessions = []  # {"user", "ip", "console"}
        self.ticket = None
        self.console_user = None
        self.allow_override = True
        self.display = {"type": "spice", "address": "192.0.2.10", "port": 5900, "secure_port": 5901}
        self.ignores_shutdown = False
        self.qmp = None  # the socket of a real QEMU behind it
        self.links = self.actions = None  # as trees, once they were asked for

    def runs(self):
        return self.status in RUNNING

    def client_ip(self):
        return next((s["ip"] for s in self.sessions if s["console"] and s["ip"]), None)

    def is_free(self):
        return not self.permissions and self.client_ip() is None


class Engine:
    """now: a function; times of what VMs do, in seconds, are members that a test may change"""

    def __init__(self, now, on_power=None):
        self.now = now
        self.on_power = on_power or (lambda vm, status: None)
        self.launch, self.boot, self.agent, self.stop, self.restore = 0.05, 0.1, 0.05, 0.1, 0.1
        self.pools, self.vms, self.people, self.groups = {}, {}, {}, {}
        self.events = []
        self.prestart_every, self.prestart_batch, self.prestarted_at = 300, 5, 0
        self.ca = "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n"
        self.roles = {USER_ROLE: USER_PERMITS, SUPER_USER: ALL_PERMITS}
        self.hidden = set()  # names of VMs that lists leave out
        self.correlation = None  # of the call that is being done
        self.busy = set()  # VMs that have something planned

    # Making.

    def add_person(self, name, password=None, admin=False):
        person = Person(name, password, admin)
        self.people[person.id] = person
        return person

    def find_person(self, name):
        return next((p for p in self.people.values() if name in (p.name, p.user_name)), None)

    def grant(self, person, permits):
        """A role of its own; None for SuperUser."""
        person.role = SUPER_USER if permits is None else str(uuid.uuid5(uuid.NAMESPACE_URL, "role:" + person.name))
        if permits is not None:
            self.roles[person.role] = tuple(permits)

    def add_pool(self, name, size, entitled=(), **settings):
        pool = Pool(name, **settings)
        pool.entitled.update(self.find_person(one).id for one in entitled)
        self.pools[pool.id] = pool
        for number in range(1, size + 1):
            vm = Vm(f"{name}-{number}", pool)
            self.vms[vm.id] = vm
        return pool

    def vms_of(self, pool):
        return [vm for vm in self.vms.values() if vm.pool is pool]

    # Time.

    def event(self, code, text, vm=None, person=None, severity="normal"):
        self.events.append({"id": len(self.events) + 1, "code": code, "severity": severity, "time": self.now(),
                            "description": text, "vm": vm.id if vm else None, "user": person.id if person else None,
                            "correlation": self.correlation})

    def go(self, vm, *steps):
        """steps: (seconds after the one before, status)"""
        at = self.now()
        vm.plan = []
        for after, status in steps:
            at += after
            vm.plan.append((at, status))
        self.busy.add(vm.id)
        self.move(vm)

    def move(self, vm):
        while vm.plan and vm.plan[0][0] <= self.now():
            at, status = vm.plan.pop(0)
            self.enter(vm, status, at)
        if not vm.plan:
            self.busy.discard(vm.id)

    def enter(self, vm, status, at):
        before, vm.status = vm.status, status
        if status == "up":
            vm.agent_at = at + self.agent
            if before != "up":
                self.event(153 if before == "powering_up" else 157, f"VM {vm.name} started", vm)
        elif status == "wait_for_launch":
            self.on_power(vm, "on")
        elif status == "down":
            if before not in ("down", "image_locked"):
                self.went_down(vm)
            vm.agent_at = None

    def went_down(self, vm):
        """ProcessDownVm: sessions end; an automatic pool takes the VM back and restores its disk."""
        self.event(61, f"VM {vm.name} is down. Exit message: User shut down from within the guest", vm)
        self.on_power(vm, "off")
        vm.sessions, vm.console_user, vm.ticket = [], None, None
        if vm.pool and not vm.pool.manual:
            vm.permissions.clear()
        if vm.stateless_run:
            vm.stateless_run = False
            vm.status = "image_locked"
            vm.plan = [(self.now() + self.restore, "down")]
            self.busy.add(vm.id)

    def settle(self):
        """All that happened by itself until now."""
        for vm_id in list(self.busy):
            self.move(self.vms[vm_id])
        if self.now() - self.prestarted_at >= self.prestart_every:
            self.prestarted_at = self.now()
            self.prestart()

    def prestart(self):
        for pool in self.pools.values():
            vms = self.vms_of(pool)
            missing = pool.prestarted - sum(vm.is_free() and vm.stateless_run and vm.runs() for vm in vms)
            for vm in vms:
                if missing <= 0:
                    break
                if vm.status == "down" and vm.is_free():
                    self.launch_vm(vm, not pool.stateful)
                    missing -= 1

    # Power.

    def launch_vm(self, vm, stateless):
        vm.stateless_run = stateless
        self.event(32, f"VM {vm.name} was started", vm)
        self.go(vm, (0, "wait_for_launch"), (self.launch, "powering_up"), (self.boot, "up"))

    def find_vm(self, vm_id, command, bare=False):
        try:
            vm = self.vms.get(str(uuid.UUID(vm_id)))
        except ValueError:
            raise Fault(404) from None
        if vm is None:
            raise Fault(400, f"Cannot {command}. VM is not found.", bare=bare)
        return vm

    def start(self, person, vm):
        self.need(person, "run_vm", vm=vm)
        if vm.status != "down":
            raise Fault(409, "Cannot run VM. VM is running." if vm.runs() else
                        f"Cannot run VM. VM {vm.name} is locked. Please try again in a few minutes.")
        self.launch_vm(vm, False)  # a VM of a pool that is started so is stateful

    def shutdown(self, person, vm):
        self.need(person, "shut_down_vm", vm=vm)
        if not vm.runs():
            raise Fault(409, "Cannot shutdown VM. VM is not running.")
        self.event(73, f"VM shutdown initiated by {person.name} on VM {vm.name}", vm, person)
        if not vm.ignores_shutdown:
            self.go(vm, (0, "powering_down"), (self.stop, "down"))

    def power_off(self, person, vm):
        self.need(person, "stop_vm", vm=vm)
        if not vm.runs():
            raise Fault(409, "Cannot stop VM. VM is not running.")
        self.event(33, f"VM {vm.name} powered off by {person.name}", vm, person)
        self.go(vm, (self.stop / 4, "down"))

    def reboot(self, person, vm):
        self.need(person, "reboot_vm", vm=vm)
        if vm.status not in ("up", "powering_up"):
            raise Fault(409, f"Cannot reboot VM because the VM is in {WORDS.get(vm.status, vm.status)} status.")
        vm.agent_at = None
        self.go(vm, (0, "reboot_in_progress"), (self.boot, "up"))

    def may(self, person, permit, vm=None, pool=None):
        """By a role on everything, which administrators have, or by UserRole on the VM or the pool itself. What comes
        down to a VM from its pool is listed, and does not count."""
        given = (vm is not None and person.id in vm.permissions) or (pool is not None and person.id in pool.entitled)
        return (person.admin and permit in self.roles[person.role]) or (given and permit in USER_PERMITS)

    def need(self, person, permit, bare=False, **on):
        if not self.may(person, permit, **on):
            raise Fault(403, DENIED, bare=bare)

    # Pools.

    def allocate(self, person, pool):
        """Returns the VM that the caller, and nobody else, gets."""
        self.need(person, "vm_pool_basic_operations", pool=pool)
        vms = self.vms_of(pool)
        chosen = next((vm for vm in vms if vm.status == "up" and vm.is_free()
                       and (vm.stateless_run or pool.stateful)), None)
        starts = chosen is None
        if starts:
            chosen = next((vm for vm in vms if vm.status == "down" and vm.is_free()), None)
        busy = [BUSY] * sum(not vm.is_free() for vm in vms)
        if chosen is None:
            raise Fault(409, *busy, NONE_LEFT)
        if sum(person.id in vm.permissions for vm in vms) >= pool.max_user_vms:
            raise Fault(409, *busy, LIMIT)
        chosen.permissions[person.id] = str(uuid.uuid4())
        if starts:
            self.launch_vm(chosen, not pool.stateful)
        self.event(316, f"VM {chosen.name} was allocated to {person.name}", chosen, person)
        return chosen

    def set_ticket(self, person, vm, value, expiry):
        self.need(person, "connect_to_vm", bare=True, vm=vm)
        if vm.status not in TICKETABLE:
            raise Fault(409, "Cannot set Virtual Machine Ticket because the VM is in "
                        f"{WORDS.get(vm.status, vm.status)} status.", bare=True)
        if vm.console_user not in (None, person.id) and not vm.allow_override \
                and not self.may(person, "reconnect_to_vm"):
            raise Fault(409, "Console connection denied. Another user has already accessed the console of this VM. "
                        "The VM should be rebooted to allow another user to access it, or changed by an "
                        "Administrator to not enforce reboot between users accessing its console.", bare=True)
        vm.console_user = person.id
        vm.ticket = {"value": value or uuid.uuid4().hex[:12], "expiry": expiry, "until": self.now() + expiry}
        vm.sessions = [s for s in vm.sessions if not (s["console"] and not s["ip"])]
        if vm.client_ip() is None:
            vm.sessions.append({"user": person.id, "ip": None, "console": True})
        self.event(164, f"user {person.name} initiated console session for VM {vm.name}", vm, person)
        return vm.ticket

    def connect(self, vm, ip):
        """A client opens the display, as VDSM would see it."""
        vm.sessions = [s for s in vm.sessions if not s["console"]]
        person = self.people.get(vm.console_user)
        vm.sessions.append({"user": vm.console_user, "ip": ip, "console": True})
        self.event(167, f"User {person.name if person else '?'} is connected to VM {vm.name}.", vm, person)

    def disconnect(self, vm):
        person = self.people.get(vm.console_user)
        vm.sessions = [s for s in vm.sessions if not s["console"]]
        self.event(168, f"User {person.name if person else '?'} got disconnected from VM {vm.name}.", vm, person)
