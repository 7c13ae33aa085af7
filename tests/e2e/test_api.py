#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The description of the API against a real broker: every operation in it is called, with every body that it
gives as an example, and what comes back is what the description says. The commands of the documentation are
run, too: none of them is one that floectl does not know."""
import copy
import json
import os
import re
import shlex
import subprocess
import unittest

import jsonschema
import yaml

import harness
from harness import SOURCE, program
from stack import HELPDESK, OFFICE, POOL, Broker, Stack

ALICE, CAROL = OFFICE[0], OFFICE[1]
DESCRIPTION = os.path.join(SOURCE, "docs", "api", "openapi.yaml")
METHODS = ("get", "put", "post", "delete")
MANUALS = os.path.join("docs", "man")
DOCUMENTATION = ["README.md", os.path.join("docs", "administration.md")] + [
    os.path.join(MANUALS, name) for name in sorted(os.listdir(os.path.join(SOURCE, MANUALS))) if name[-2:-1] == "."]

# Operations that are not seen to succeed here, and where they are.
ELSEWHERE = {
    "loginWithTicket": "test_kerberos.py", "loginWithCode": "test_factor.py", "loginEnrol": "test_factor.py",
    "loginConfirm": "test_factor.py", "confirmSecondFactor": "test_factor.py", "endSecondFactor": "test_factor.py",
    "changePassword": "test_active_directory.py", "enrolTerminal": "below, where it is prepared", "loginTerminal": "test_terminals.py",
    "noteUnlockedTerminal": "test_fleet.py", "resetSecondFactor": "test_factor.py", "adminRenewPool": "test_pools.py", "adminEditEnginePool": "test_engine.py",
    "adminActOnDesktop": "test_portal.py", "adminSendMessage": "tests/unit/test-helpdesk.c",
    "actOnDesktop": "test_acts.py", "connectionFile": "test_desktop.py", "reconnect": "test_recovery.py", "adminAssignDesktop": "test_portal.py",
    **{name: "test_shadow.py" for name in (
        "answerShadow", "giveShadowPicture", "takeShadowInput", "stopShadow", "adminAskShadow", "adminGetShadow",
        "adminLeaveShadow", "adminTakeScreenshot", "adminControlShadow", "adminTakeShadowPicture", "adminPutShadowInput")},
}


class Answers:
    """What the description says that an operation is answered with."""

    def __init__(self, document):
        self.document = document

    def resolve(self, node):
        while "$ref" in node:
            at = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                at = at[part]
            node = at
        return node

    def of(self, operation, status):
        """The answer of this status, or None."""
        told = operation["responses"]
        answer = told.get(str(status)) or told.get(f"{status // 100}XX")
        return answer and self.resolve(answer)

    def check(self, operation, answer):
        """What is wrong with an answer; None for nothing."""
        told = self.of(operation, answer.status)
        if told is None:
            return f"the status {answer.status} is not described: {answer.body!r}"
        kind = answer.headers.get("content-type", "").split(";")[0]
        content = told.get("content", {})
        if kind and content and kind not in content:
            return f"{kind} is not described for {answer.status}"
        if "json" not in kind or not content:
            return None
        schema = {"components": self.document["components"], **copy.deepcopy(content[kind]["schema"])}
        for error in jsonschema.Draft202012Validator(schema).iter_errors(json.loads(answer.body)):
            return f"{answer.status}: {error.json_path}: {error.message[:300]}"
        return None


class Api(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        key = harness.key_file(cls)
        Broker.more = "".join(f"[{section}]\nkey_file = {key}\n" for section in ("terminals", "second_factor", "webhooks"))
        cls.stack = Stack(guests=2)
        cls.addClassCleanup(cls.stack.stop)
        cls.broker, cls.work, cls.front = cls.stack.broker, cls.stack.work, cls.stack.broker.front
        cls.stack.apply_pool("none-left", "none-*")
        cls.stack.apply_pool("design", "design-*", kind="static", helpdesk_groups=["vdi-users"])
        with open(DESCRIPTION, encoding="utf-8") as text:
            cls.document = yaml.safe_load(text)
        cls.answers = Answers(cls.document)
        cls.admin = cls.broker.login(HELPDESK)
        cls.key = cls.enrol("lobby-1")

    @classmethod
    def enrol(cls, name):
        cls.broker.floectl("terminal", "put", name, "--group", "ground-floor")
        code = cls.work.put("enrol.code", cls.broker.floectl("terminal", "code", name).split()[0])
        key = cls.work.file(name + ".pem")
        subprocess.run([program("floectl"), "--broker", cls.broker.url, "--ca", cls.broker.authority.cert,
                        "--token-file", cls.work.file("none.token"), "terminal", "enrol", "--code-file", code,
                        "--terminal-key", key], check=True, capture_output=True)
        return key

    def operations(self):
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    yield path, method, item[method]

    def examples(self, operation):
        """The bodies that it gives as examples; one that is None where it takes none."""
        if "requestBody" not in operation:
            return [None]
        body = self.answers.resolve(operation["requestBody"])
        found = []
        for example in body["content"].get("application/json", {}).get("examples", {}).values():
            with open(os.path.join(os.path.dirname(DESCRIPTION), example["externalValue"]), encoding="utf-8") as text:
                found.append(json.load(text))
        return found + self.good_bodies().get(operation["operationId"], []) or [{}]

    def good_bodies(self):
        """What succeeds here, where the examples do not."""
        return {
            "login": [{"username": ALICE.uid, "password": ALICE.password}],
            "adminPutPool": [{"name": "design", "kind": "static", "manager": "libvirt", "domains": {"pattern": "design-*"},
                              "entitlements": {"groups": ["vdi-users"], "users": []}}],
            "adminUnlockTerminal": [{"challenge": "1234567890"}],
            "beatDesktop": [{"idle_seconds": 3}],
            "adminPutTerminalSettings": [{"revision": self.revision("terminals/lobby-1"), "settings": {"volume": 40}}],
            "adminPutTerminalGroupSettings": [{"revision": self.revision("terminal-groups/ground-floor"),
                                               "settings": {"volume": 40}}],
            "adminAddToken": [{"name": "mine", "role": "auditor"}],
        }

    def revision(self, of):
        return self.front.call("GET", f"/api/v1/admin/{of}/settings", token=self.admin).json["revision"]

    def fill(self, path, operation):
        """The path of something that is there."""
        name = operation["operationId"]
        there = {
            "pool": "none-left" if name in ("connect", "adminDeletePool") else "design" if name == "adminPutPool" else POOL,
            "terminal": "lobby-2" if name == "adminDeleteTerminal" else "lobby-1", "group": "ground-floor",
            "user": CAROL.uid if name == "adminLogOff" else ALICE.uid, "host": "lab",
            "name": "tickets" if "webhooks" in path else "mine",
        }
        if "{id}" in path:
            there["id"] = self.find(path, name)
        missing = [hole for hole in re.findall(r"\{(\w+)\}", path) if hole not in there]
        self.assertEqual([], missing, f"say what these are in {path}")
        return "/api/v1" + re.sub(r"\{(\w+)\}", lambda hole: there[hole.group(1)], path)

    def find(self, path, name):
        if path.startswith("/requests"):
            return self.front.call("POST", "/api/v1/pools/none-left/connect", {}, token=self.alice).headers["location"].split("/")[-1]
        if "/shadows/" in path:
            return "5d0f6c1e-2b3a-4c4d-9e5f-60718293a4b5"  # of nobody
        if path.startswith("/admin/announcements"):
            return self.front.call("POST", "/api/v1/admin/announcements", {"text": "here"}, token=self.admin).json["id"]
        if "desktop" not in self.__dict__ or name in ("releaseDesktop", "adminReleaseDesktop"):
            answer = self.broker.connect(self.alice)
            self.assertEqual(200, answer.status, answer)
            self.desktop = answer.json["desktop"]["id"]
        return self.desktop

    def call(self, path, method, operation, body):
        """Calls it as whoever it is for."""
        who = None if operation.get("security") == [] else self.admin if "/admin/" in path else self.alice
        options = {"certificate": self.key} if path.startswith("/terminal") else {}
        query = "?user=" + ALICE.uid if path.endswith("/explain") else ""
        if operation["operationId"] == "adminTakeShadowPicture":
            query = "?after=0"
        if operation["operationId"] == "adminLogOff":
            self.broker.login(CAROL)
        if operation["operationId"] == "logout":
            who = self.broker.login(CAROL)
        there = self.fill(path, operation)
        if operation["operationId"].startswith("follow"):
            return self.front.first(there, who)
        return self.front.call(method.upper(), there + query, body, token=who, **options)

    def test_1_every_operation(self):
        """In the order of the description, as Alice, as the helpdesk, and as a terminal."""
        self.alice = self.broker.login(ALICE)
        self.broker.floectl("terminal", "put", "lobby-2")
        wrong, never = [], {}
        for path, method, operation in self.operations():
            name, succeeded = operation["operationId"], False
            for body in self.examples(operation):
                answer = self.call(path, method, operation, body)
                problem = self.answers.check(operation, answer)
                if problem is None and answer.status == 400 and not self.is_refused_in_substance(answer):
                    problem = f"an example is malformed: {answer.body!r}"
                if problem is not None:
                    wrong.append(f"{name} {body}: {problem}")
                succeeded = succeeded or answer.status < 300
            if not succeeded:
                never[name] = str(answer)
        self.assertEqual([], wrong)
        self.assertEqual({}, {name: last for name, last in never.items() if name not in ELSEWHERE}, "these never succeeded")
        self.assertEqual(set(), set(ELSEWHERE) - {operation["operationId"] for *_, operation in self.operations()})

    @staticmethod
    def is_refused_in_substance(answer):
        """The body is as described, but what it names is not there or not now."""
        return answer.json.get("reason") is not None or "is not the one" in answer.json["detail"] \
            or "expected the one in the path" in answer.json["detail"]

    def test_2_preconditions(self):
        """What somebody else has changed is not undone, and what did not change is not sent again."""
        path = "/api/v1/admin/terminals/lobby-3"
        made = self.front.call("PUT", path, {"description": "a"}, token=self.admin)
        tag = made.headers["etag"]
        put = lambda text, *headers: self.front.call("PUT", path, {"description": text}, token=self.admin, headers=headers,
                                                     careless=True)
        self.assertEqual(428, put("b").status)
        self.assertEqual(200, put("b", ("If-Match", tag)).status)
        late = put("c", ("If-Match", tag))
        self.assertEqual((412, "changed-meanwhile"), (late.status, late.json["reason"]))
        self.assertEqual(412, self.front.call("DELETE", path, token=self.admin, headers=[("If-Match", tag)]).status)
        self.assertEqual(204, self.front.call("DELETE", path, token=self.admin, headers=[("If-Match", "*")]).status)
        pools = self.front.call("GET", "/api/v1/admin/announcements", token=self.admin)
        same = self.front.call("GET", "/api/v1/admin/announcements", token=self.admin,
                               headers=[("If-None-Match", pools.headers["etag"])])
        self.assertEqual((304, b""), (same.status, same.body))

    def test_3_apply(self):
        """The example of the manual is applied, and then nothing is left to change."""
        with open(os.path.join(SOURCE, "docs", "administration.md"), encoding="utf-8") as text:
            example = re.search(r'^    \{\n      "policies".*?^    \}\n', text.read(), re.MULTILINE | re.DOTALL)
        path = self.work.put("all.json", example.group())
        command = [*self.broker.floectl_command(), "apply", "-f", path]
        self.broker.floectl("pool", "list")  # logs in
        planned = subprocess.run([*command, "--dry-run"], check=False, capture_output=True, text=True)
        self.assertEqual(5, planned.returncode, planned)
        self.assertIn("policy.clipboard", planned.stdout)
        self.assertEqual(planned.stdout, self.work.run(*command))
        again = self.work.run(*command, "--dry-run")
        self.assertEqual(3, again.count(": unchanged"), again)

    def commands(self):
        """The commands of the documentation, without the shell's comments and pipes."""
        lines = []
        for name in DOCUMENTATION:
            with open(os.path.join(SOURCE, name), encoding="utf-8") as text:
                lines += [line.strip().removeprefix(".Dl ") for line in text
                          if re.match(r"    floectl " if name.endswith(".md") else r"(\.Dl )?floectl -?[a-z-]+ ", line)]
        # What goes to the shell's files is the same command without them.
        return [re.sub(r" [|<>] .*", "", line) for line in lines if "$" not in line]

    def test_4_commands(self):
        """Each command of the documentation is one: whatever comes of it here, it is not wrongly written."""
        commands = self.commands()
        self.assertGreater(len(commands), 60)
        base = self.broker.floectl_command()
        self.work.run(*base, "login")
        for line in commands:
            words = shlex.split(line, comments=True)[1:]
            if "login" in words or "enrol" in words or "password" in words or "--watch" in words:
                continue  # asks at a terminal, or never ends
            done = subprocess.run([*base, *words], cwd=self.work.folder("docs"), stdin=subprocess.DEVNULL, check=False,
                                  capture_output=True, text=True, timeout=60)
            wrong = re.search(r"there is no command|Unknown option|see \"floectl help\"", done.stderr)
            self.assertIsNone(wrong, f"{line}: {done.stderr}")

    @staticmethod
    def examples_in_text():
        """What the documentation has as examples that are no commands: (where, text)."""
        for name in DOCUMENTATION:
            with open(os.path.join(SOURCE, name), encoding="utf-8") as text:
                whole = text.read()
            found = re.findall(r"(?:^    .*\n)+", whole, re.M) if name.endswith(".md") else \
                re.findall(r"^\.Bd -literal.*\n((?:.*\n)*?)\.Ed", whole, re.M)
            yield from ((name, re.sub(r"^    ", "", block, flags=re.M)) for block in found)

    def test_5_examples(self):
        """Each pool is one that the broker takes, and each part of a configuration has sections and keys that there are."""
        pools = parts = 0
        for where, text in self.examples_in_text():
            if text.startswith("[") and not re.match(r"\[(settings|Service|https:.*)\]", text):
                problems = self.check_configuration(text)
                self.assertNotRegex(problems, r"unknown|expected|malformed", f"{where}: {text}")
                parts += 1
            elif text.startswith(("{", '"')) and '"policies"' not in text:
                self.check_pool(where, json.loads(text) if text.startswith("{") else json.loads("{" + text.rstrip(",\n") + "}"))
                pools += 1
        self.assertGreater((pools, parts), (5, 5))

    def check_configuration(self, text):
        path = self.work.put("example.conf", text)
        done = subprocess.run([program("floe-broker"), "--config", path, "--check-config"], stdin=subprocess.DEVNULL,
                              check=False, capture_output=True, text=True, timeout=60)
        # It is a part of one, and its files are not here.
        return "\n".join(line for line in (done.stdout + done.stderr).splitlines() if not re.search("No such file|: missing, ", line))

    def check_pool(self, where, example):
        """A whole one, or some of its keys."""
        base = {"name": "example", "kind": "floating", "manager": "libvirt", "entitlements": {"groups": ["office"], "users": []}}
        pool = {**base, **example}
        if not {"domains", "template", "engine"} & set(pool):
            pool["domains"] = {"metadata": True}
        answer = self.front.call("PUT", f"/api/v1/admin/pools/{pool['name']}?dry_run=true", pool, token=self.admin)
        self.assertEqual(200, answer.status, f"{where}: {example}: {answer}")

    def test_6_options(self):
        """The other programs have each option that the documentation calls them with."""
        known = {}
        for name in ("floe", "floe-broker"):
            done = subprocess.run([program(name), "--help"], check=False, capture_output=True, text=True, timeout=60)
            known[name] = done.stdout + done.stderr
        with open(os.path.join(SOURCE, "data", "kiosk", "floe-kiosk-setup.in"), encoding="utf-8") as script:
            known["floe-kiosk-setup"] = script.read()
        found = 0
        for name in DOCUMENTATION:
            with open(os.path.join(SOURCE, name), encoding="utf-8") as text:
                for line in re.findall(r"^(?:    |\.Dl )(.*)", text.read(), re.M):
                    called = re.search(r"(?:^|-- )(floe(?:-broker|-kiosk-setup)?) (--.*|[a-z]+ --.*)", line)
                    for option in re.findall(r" (--[a-z-]+)", " " + called.group(2)) if called else ():
                        self.assertIn(option, known[called.group(1)], f"{name}: {line}")
                        found += 1
        self.assertGreater(found, 5)


if __name__ == "__main__":
    harness.main("/api")
