# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine's REST API over its inside: routes, searches, bodies, and nothing about sockets."""
import re
import shlex
import uuid

from model import USER_ROLE, Fault
from wire import Date, Ready

BASE = "/ovirt-engine/api"
# What a list of VMs says of each beside what anybody looks at, so that answers weigh what real ones do.
BALLAST = {
    "bios": {"boot_menu": {"enabled": False}, "type": "q35_sea_bios"},
    "cpu": {"architecture": "x86_64", "topology": {"cores": 1, "sockets": 2, "threads": 1}},
    "cpu_shares": 0, "delete_protected": False, "high_availability": {"enabled": False, "priority": 1},
    "io": {"threads": 1}, "migration": {"auto_converge": "inherit", "compressed": "inherit", "encrypted": "inherit"},
    "migration_downtime": -1, "multi_queues_enabled": True, "origin": "ovirt",
    "os": {"boot": {"devices": {"device": ["hd"]}}, "type": "rhel_8x64"},
    "placement_policy": {"affinity": "migratable"}, "sso": {"methods": {"method": [{"id": "guest_agent"}]}},
    "start_paused": False, "storage_error_resume_behaviour": "auto_resume",
    "time_zone": {"name": "Etc/GMT"}, "type": "desktop", "usb": {"enabled": True, "type": "native"},
    "memory_policy": {"ballooning": True, "guaranteed": 1073741824, "max": 4294967296},
}
BALLAST = {name: Ready(value) for name, value in BALLAST.items()}
COLLECTIONS = ("applications", "cdroms", "diskattachments", "graphicsconsoles", "hostdevices", "katelloerrata",
               "mediateddevices", "nics", "numanodes", "permissions", "reporteddevices", "sessions", "snapshots",
               "statistics", "tags", "watchdogs")
SEARCHED = ("events", "groups", "users", "vmpools", "vms")
ACTIONS = ("detach", "logon", "reboot", "reset", "shutdown", "start", "stop", "suspend", "ticket")


class Answer:
    """root: the name that the tree has in XML"""

    def __init__(self, status, tree):
        self.status, self.tree, self.root = status, tree, None


def members(tree, allowed, where=""):
    """An unknown member of a body is refused."""
    for name, value in (tree or {}).items():
        if name not in allowed:
            raise Fault(400, f"For correct usage, see: https://engine/ovirt-engine/apidoc#{where}{name}", bare=True)
        if isinstance(allowed, dict) and isinstance(allowed[name], dict):
            if not isinstance(value, dict):
                raise Fault(400, f"{name} is malformed", bare=True)
            members(value, allowed[name], where + name + ".")


def parse_search(text):
    """(conditions as (field, operator, value), page)"""
    page = re.search(r"\bpage\s+(\d+)\s*$", text)
    text = text[:page.start()] if page else text
    text = re.sub(r"\bsortby\s+\w+(\s+(asc|desc))?\s*$", "", text.strip())
    conditions = []
    for part in re.split(r"\s+and\s+", text.strip()) if text.strip() else []:
        match = re.fullmatch(r"\s*([\w.]+)\s*(!=|=|<|>)\s*(.+?)\s*", part)
        if not match:
            raise Fault(400, f"Query execution failed: invalid search text {part}", bare=True)
        conditions.append((match[1].lower(), match[2], shlex.split(match[3])[0]))
    return conditions, int(page[1]) if page else 1


def fits(value, operator, pattern):
    hit = re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), value or "", re.IGNORECASE) is not None
    return hit if operator == "=" else not hit


class Api:
    """handle(): one call of one person."""

    def __init__(self, engine):
        self.engine = engine
        self.routes = [(method, re.compile(pattern + "$"), handler, root) for method, pattern, handler, root in (
            ("GET", "", self.root, "api"),
            ("GET", "/vmpools", self.list_pools, "vm_pools"),
            ("GET", "/vmpools/([^/]+)", self.get_pool, "vm_pool"),
            ("PUT", "/vmpools/([^/]+)", self.edit_pool, "vm_pool"),
            ("POST", "/vmpools/([^/]+)/allocatevm", self.allocate, "action"),
            ("GET", "/vmpools/([^/]+)/permissions", self.pool_permissions, "permissions"),
            ("POST", "/vmpools/([^/]+)/permissions", self.entitle, "permission"),
            ("DELETE", "/vmpools/([^/]+)/permissions/([^/]+)", self.withdraw, "action"),
            ("GET", "/groups", self.list_groups, "groups"),
            ("GET", "/vms", self.list_vms, "vms"),
            ("GET", "/vms/([^/]+)", self.get_vm, "vm"),
            ("PUT", "/vms/([^/]+)", self.edit_vm, "vm"),
            ("POST", "/vms/([^/]+)/(start|stop|shutdown|reboot|ticket)", self.act, "action"),
            ("GET", "/vms/([^/]+)/permissions", self.vm_permissions, "permissions"),
            ("DELETE", "/vms/([^/]+)/permissions/([^/]+)", self.take_vm, "action"),
            ("GET", "/users", self.list_users, "users"),
            ("GET", "/users/([^/]+)", self.get_user, "user"),
            ("GET", "/users/([^/]+)/permissions", self.user_permissions, "permissions"),
            ("GET", "/roles/([^/]+)/permits", self.role_permits, "permits"),
            ("GET", "/events", self.list_events, "events"))]

    def handle(self, person, method, path, query, body, correlation=None):
        self.engine.correlation = None
        self.engine.settle()
        if correlation is not None and not re.fullmatch("[0-9a-zA-Z_-]{1,50}", correlation):
            raise Fault(400, "[The correlation ID must be formed of \"a-z0-9A-Z\" or \"-_\"]")
        self.engine.correlation = correlation
        known = False
        for verb, pattern, handler, root in self.routes:
            match = pattern.match(path)
            if match and verb == method:
                answer = handler(person, query, body, *match.groups())
                answer.root = root
                return answer
            known |= bool(match)
        raise Fault(405 if known else 404)

    def filtered(self, person, query):
        wanted = query.get("filter")
        if wanted == "false" and not person.admin:
            raise Fault(400, "Query execution failed due to insufficient permissions.", bare=True)
        return wanted == "true" if wanted else not person.admin

    # Things as trees.

    def pool_tree(self, pool):
        size = len(self.engine.vms_of(pool))
        return {"id": pool.id, "href": f"{BASE}/vmpools/{pool.id}", "name": pool.name, "description": "",
                "comment": "", "size": size, "prestarted_vms": pool.prestarted, "max_user_vms": pool.max_user_vms,
                "type": "manual" if pool.manual else "automatic", "stateful": pool.stateful,
                "auto_storage_select": False, "use_latest_template_version": True,
                "display": {"proxy": pool.proxy} if pool.proxy else None, "cluster": {"id": "c1"}}

    def vm_tree(self, vm, query, alone=False):
        runs = vm.runs()
        if vm.links is None:
            vm.links, actions = (Ready([{"href": f"{BASE}/vms/{vm.id}/{name}", "rel": name} for name in names])
                                 for names in (COLLECTIONS, ACTIONS))
            vm.actions = {"link": actions}
        display = {"type": vm.display["type"], "monitors": 1, "smartcard_enabled": False,
                   "allow_override": vm.allow_override, "disconnect_action": "LOCK_SCREEN",
                   "file_transfer_enabled": True, "copy_paste_enabled": True, "proxy": vm.display.get("proxy")} \
            if vm.display else None
        if display and runs and vm.status != "wait_for_launch":
            display.update({name: vm.display.get(name) for name in ("address", "port", "secure_port")
                            if vm.display.get(name)})
            if alone or query.get("all_content") == "true":
                display["certificate"] = {"subject": vm.display.get("subject", "O=Test,CN=host1"),
                                          "organization": "Test",
                                          "content": self.engine.ca}
        agent = runs and vm.agent_at is not None and vm.agent_at <= self.engine.now()
        tree = {"id": vm.id, "href": f"{BASE}/vms/{vm.id}", "name": vm.name, "description": "",
                "comment": vm.comment, "status": vm.status, "stateless": False, "memory": 2147483648,
                "creation_time": Date(1600000000), "display": display, "run_once": False,
                "host": {"id": "h1", "href": f"{BASE}/hosts/h1"} if runs else None,
                "vm_pool": {"id": vm.pool.id, "href": f"{BASE}/vmpools/{vm.pool.id}"} if vm.pool else None,
                "fqdn": f"{vm.name}.example.org" if agent else None,
                "guest_operating_system": {"distribution": "Test", "family": "Linux"} if agent else None,
                "guest_time_zone": {"name": "UTC", "utc_offset": "+00:00"} if agent else None,
                "link": vm.links, "actions": vm.actions}
        if "sessions" in query.get("follow", "").split(","):
            tree["sessions"] = {"session": [self.session_tree(vm, i, s) for i, s in enumerate(vm.sessions)]}
        return {**BALLAST, **tree}

    def session_tree(self, vm, number, session):
        person = self.engine.people.get(session["user"])
        return {"id": f"{number:08x}-0000-0000-0000-000000000000", "console_user": session["console"],
                "ip": {"address": session["ip"]} if session["ip"] else None,
                "user": {"id": person.id, "user_name": person.user_name} if person else {"user_name": "guest"},
                "vm": {"id": vm.id}}

    @staticmethod
    def permission_tree(permission_id, person_id, **what):
        return {"id": permission_id, "role": {"id": USER_ROLE}, "user": {"id": person_id}, **what}

    # Reading.

    def root(self, person, query, body):
        return Answer(200, {
            "product_info": {"name": "oVirt Engine", "vendor": "ovirt.org",
                             "version": {"major": 4, "minor": 5, "full_version": "4.5.6"}},
            "authenticated_user": {"id": person.id, "href": f"{BASE}/users/{person.id}"},
            "time": Date(self.engine.now()),
            "link": [link for name in SEARCHED for link in (
                {"href": f"{BASE}/{name}", "rel": name},
                {"href": f"{BASE}/{name}?search={{query}}", "rel": name + "/search"})]})

    def page(self, things, query, number):
        limit = int(query["max"]) if query.get("max", "").isdigit() else None
        if limit is None:
            return things
        return things[(number - 1) * limit:number * limit]

    def list_pools(self, person, query, body):
        conditions, number = parse_search(query.get("search", ""))
        pools = [p for p in self.engine.pools.values()
                 if not self.filtered(person, query) or person.id in p.entitled]
        for field, operator, value in conditions:
            if field != "name":
                raise Fault(400, f"Query execution failed: no field {field}", bare=True)
            pools = [p for p in pools if fits(p.name, operator, value)]
        return Answer(200, {"vm_pool": [self.pool_tree(p) for p in self.page(pools, query, number)]})

    def pool_of(self, pool_id):
        pool = self.engine.pools.get(pool_id)
        if pool is None:
            raise Fault(404)
        return pool

    def get_pool(self, person, query, body, pool_id):
        return Answer(200, self.pool_tree(self.pool_of(pool_id)))

    def edit_pool(self, person, query, body, pool_id):
        members(body, ("prestarted_vms", "max_user_vms", "size", "comment", "description"))
        pool = self.pool_of(pool_id)
        self.engine.need(person, "edit_vm_pool_configuration", bare=True, pool=pool)
        pool.prestarted = int(body.get("prestarted_vms", pool.prestarted))
        pool.max_user_vms = int(body.get("max_user_vms", pool.max_user_vms))
        return Answer(200, self.pool_tree(pool))

    def list_vms(self, person, query, body):
        conditions, number = parse_search(query.get("search", ""))
        vms = [vm for vm in self.engine.vms.values() if vm.name not in self.engine.hidden]
        if self.filtered(person, query):
            vms = [vm for vm in vms if person.id in vm.permissions]
        fields = {"pool": lambda vm: vm.pool.name if vm.pool else "", "name": lambda vm: vm.name,
                  "status": lambda vm: vm.status.replace("_", ""), "comment": lambda vm: vm.comment,
                  "id": lambda vm: vm.id}
        for field, operator, value in conditions:
            if field not in fields:
                raise Fault(400, f"Query execution failed: no field {field}", bare=True)
            vms = [vm for vm in vms if fits(fields[field](vm), operator, value)]
        return Answer(200, {"vm": [self.vm_tree(vm, query) for vm in self.page(vms, query, number)]})

    def vm_of(self, person, query, vm_id):
        vm = self.engine.vms.get(vm_id)
        if vm is None or (self.filtered(person, query) and person.id not in vm.permissions):
            raise Fault(404)
        return vm

    def get_vm(self, person, query, body, vm_id):
        return Answer(200, self.vm_tree(self.vm_of(person, query, vm_id), query, alone=True))

    def edit_vm(self, person, query, body, vm_id):
        members(body, ("comment", "description"))
        vm = self.vm_of(person, query, vm_id)
        self.engine.need(person, "edit_vm_properties", bare=True, vm=vm)
        vm.comment = body.get("comment", vm.comment)
        return Answer(200, self.vm_tree(vm, query, alone=True))

    def list_users(self, person, query, body):
        conditions, _ = parse_search(query.get("search", ""))
        people = list(self.engine.people.values())
        for field, operator, value in conditions:
            if field != "usrname":
                raise Fault(400, f"Query execution failed: no field {field}", bare=True)
            people = [p for p in people if fits(p.user_name, operator, value)]
        return Answer(200, {"user": [{"id": p.id, "user_name": p.user_name} for p in people]})

    def get_user(self, person, query, body, user_id):
        user = self.engine.people.get(user_id)
        if user is None:
            raise Fault(404)
        return Answer(200, {"id": user.id, "user_name": user.user_name})

    def list_events(self, person, query, body):
        after = int(query.get("from", "0"))
        events = [e for e in reversed(self.engine.events) if e["id"] > after]
        return Answer(200, {"event": [
            {"id": str(e["id"]), "code": e["code"], "severity": e["severity"], "time": Date(e["time"]),
             "description": e["description"], "origin": "oVirt", "vm": {"id": e["vm"]} if e["vm"] else None,
             "user": {"id": e["user"]} if e["user"] else None, "correlation_id": e["correlation"]}
            for e in self.page(events, query, 1)]})

    # Permissions.

    def user_permissions(self, person, query, body, user_id):
        found = [self.permission_tree(vm.permissions[user_id], user_id, vm={"id": vm.id})
                 for vm in self.engine.vms.values() if user_id in vm.permissions]
        found += [self.permission_tree(f"p-{pool.id}", user_id, vm_pool={"id": pool.id})
                  for pool in self.engine.pools.values() if user_id in pool.entitled]
        owner = self.engine.people.get(user_id)
        if owner and owner.admin:
            found.append({"id": "p-system", "role": {"id": owner.role}, "user": {"id": user_id}})
        return Answer(200, {"permission": found})

    def role_permits(self, person, query, body, role_id):
        names = self.engine.roles.get(role_id)
        if names is None:
            raise Fault(404)
        return Answer(200, {"permit": [{"id": str(number), "name": name, "administrative": False,
                                        "role": {"id": role_id}} for number, name in enumerate(names, 1)]})

    def pool_permissions(self, person, query, body, pool_id):
        pool = self.pool_of(pool_id)
        return Answer(200, {"permission": [
            self.permission_tree(f"p-{pool.id}-{uid}", uid, vm_pool={"id": pool.id}) for uid in sorted(pool.entitled)] + [
            self.group_permission(pool, group) for group in sorted(pool.groups)]})

    def vm_permissions(self, person, query, body, vm_id):
        """Those on the VM itself, and those that come down from its pool."""
        vm = self.vm_of(person, query, vm_id)
        own = [self.permission_tree(one, uid, vm={"id": vm.id}) for uid, one in vm.permissions.items()]
        return Answer(200, {"permission": self.pool_permissions(person, query, body, vm.pool.id).tree["permission"] + own})

    def take_vm(self, person, query, body, vm_id, permission_id):
        vm = self.vm_of(person, query, vm_id)
        self.engine.need(person, "manipulate_permissions", bare=True, vm=vm)
        uid = next((one for one, permission in vm.permissions.items() if permission == permission_id), None)
        if uid is None:
            raise Fault(404)
        del vm.permissions[uid]
        self.engine.event(852, f"User/Group {self.engine.people[uid].name} Role UserRole permission was removed", vm)
        return Answer(200, {"status": "complete"})

    @staticmethod
    def group_permission(pool, group):
        permission = str(uuid.uuid5(uuid.UUID(pool.id), group))
        return {"id": permission, "role": {"id": USER_ROLE}, "group": {"id": group}, "vm_pool": {"id": pool.id}}

    def entitle(self, person, query, body, pool_id):
        members(body, {"role": {"name": 0, "id": 0}, "user": {"id": 0}, "group": {"id": 0}})
        pool = self.pool_of(pool_id)
        self.engine.need(person, "manipulate_permissions", bare=True, pool=pool)
        if body.get("role", {}).get("name") != "UserRole":
            raise Fault(400, "Entity not found: Role", bare=True)
        if "group" in body:
            if body["group"]["id"] not in self.engine.groups:
                raise Fault(400, "Entity not found: Group", bare=True)
            pool.groups.add(body["group"]["id"])
            return Answer(201, self.group_permission(pool, body["group"]["id"]))
        pool.entitled.add(body["user"]["id"])
        return Answer(201, self.permission_tree(f"p-{pool.id}", body["user"]["id"], vm_pool={"id": pool.id}))

    def withdraw(self, person, query, body, pool_id, permission_id):
        pool = self.pool_of(pool_id)
        self.engine.need(person, "manipulate_permissions", bare=True, pool=pool)
        group = next((g for g in pool.groups if self.group_permission(pool, g)["id"] == permission_id), None)
        if group is None:
            raise Fault(404)
        pool.groups.discard(group)
        return Answer(200, {"status": "complete"})

    def list_groups(self, person, query, body):
        conditions, _ = parse_search(query.get("search", ""))
        groups = list(self.engine.groups.items())
        for field, operator, value in conditions:
            if field != "name":
                raise Fault(400, f"Query execution failed: no field {field}", bare=True)
            groups = [(uid, name) for uid, name in groups if fits(name, operator, value)]
        return Answer(200, {"group": [{"id": uid, "name": name, "domain": {"name": "lab-authz"}} for uid, name in groups]})

    # Actions.

    def allocate(self, person, query, body, pool_id):
        members(body, ("async",))
        pool = self.engine.pools.get(pool_id)
        if pool is None:
            raise Fault(400, "VM-Pool not found")
        vm = self.engine.allocate(person, pool)
        return Answer(200, {"status": "complete", "async": "false" if body else None,
                            "vm": {"id": vm.id, "href": f"{BASE}/vms/{vm.id}"}})

    def act(self, person, query, body, vm_id, verb):
        vm = self.engine.find_vm(vm_id, {"start": "run VM", "ticket": "set Virtual Machine Ticket"}.get(
            verb, verb + " VM"), bare=verb == "ticket")
        if verb == "ticket":
            members(body, {"ticket": {"value": 0, "expiry": 0}, "async": 0})
            wish = body.get("ticket", {})
            ticket = self.engine.set_ticket(person, vm, wish.get("value"), int(wish.get("expiry", 7200)))
            return Answer(200, {"status": "complete", "ticket": {"value": ticket["value"], "expiry": ticket["expiry"]}})
        members(body, ("reason", "force", "async"))
        {"start": self.engine.start, "stop": self.engine.power_off, "shutdown": self.engine.shutdown,
         "reboot": self.engine.reboot}[verb](person, vm)
        return Answer(200, {"status": "complete", "reason": body.get("reason"),
                            "job": {"id": "j1", "href": f"{BASE}/jobs/j1"}})
