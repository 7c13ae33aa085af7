#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in for an engine itself: against libgovirt, a client of real engines that others wrote, which speaks XML
alone; and both formats say the same."""
import datetime
import json
import ssl
import unittest
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ET

import gi

import harness
from engine import ACCOUNT, ACCOUNT_PASSWORD, Engine
from harness import wait_for

gi.require_version("GoVirt", "1.0")
from gi.repository import GLib, GoVirt  # pylint: disable=wrong-import-position

XML, JSON = "application/xml", "application/json"
ANNA = "anna@lab"


def leaves_of_json(value, path=""):
    """(path, text) of all that has a value, a list's things under one path; numbers are dates."""
    if isinstance(value, dict):
        return [leaf for name, one in value.items() for leaf in leaves_of_json(one, f"{path}/{name}")]
    if isinstance(value, list):
        return [leaf for one in value for leaf in leaves_of_json(one, path)]
    if isinstance(value, int):
        value = datetime.datetime.fromtimestamp(value / 1000, datetime.timezone.utc).isoformat(timespec="milliseconds")
    return [(path, value)] if value else []


def leaves_of_xml(element, path=""):
    leaves = [(f"{path}/{name}", value) for name, value in element.attrib.items() if value]
    if element.text:
        leaves.append((path, element.text))
    return leaves + [leaf for one in element for leaf in leaves_of_xml(one, f"{path}/{one.tag}")]


class StandIn(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.work = harness.Work()
        cls.addClassCleanup(cls.work.stop)
        cls.engine = Engine(cls.work)
        cls.engine.tell(person=ANNA, password="secret of anna")
        cls.engine.tell(pool="office", size=3, entitled=[ANNA])
        cls.engine.tell(pool="empty", size=0)
        cls.trust = ssl.create_default_context(cafile=cls.engine.ca)
        cls.token = cls.log_in(ACCOUNT, ACCOUNT_PASSWORD)
        cls.proxy = cls.proxy_of(cls.token, admin=True)
        cls.said = []
        GLib.log_set_handler("libgovirt", GLib.LogLevelFlags.LEVEL_CRITICAL | GLib.LogLevelFlags.LEVEL_WARNING,
                             lambda domain, level, text, *_: cls.said.append(text))

    @classmethod
    def log_in(cls, name, password):
        form = {"grant_type": "password", "scope": "ovirt-app-api", "username": name, "password": password}
        request = urllib.request.Request(cls.engine.url + "/sso/oauth/token", urllib.parse.urlencode(form).encode(),
                                         {"Accept": JSON})
        with urllib.request.urlopen(request, context=cls.trust) as answer:
            return json.load(answer)["access_token"]

    @classmethod
    def proxy_of(cls, token, admin=False):
        """libgovirt's way to the engine."""
        proxy = GoVirt.Proxy.new(urllib.parse.urlsplit(cls.engine.url).netloc)
        proxy.props.ssl_ca_file = cls.engine.ca
        proxy.props.sso_token = token
        proxy.props.admin = admin
        return proxy

    def call(self, method, path, body=None, accept=None, token=None, **headers):
        """(status, type, body) of a call of ours."""
        headers["Authorization"] = "Bearer " + (token or self.token)
        if accept is not None:
            headers["Accept"] = accept
        request = urllib.request.Request(self.engine.url + "/api" + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, context=self.trust) as answer:
                return answer.status, answer.headers["Content-Type"], answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers["Content-Type"], error.read()

    @staticmethod
    def machines(proxy, search=None):
        """Those that libgovirt sees, by name."""
        api = proxy.fetch_api()
        found = api.search_vms(search) if search else api.get_vms()
        found.fetch(proxy)
        return found.get_resources()

    def comes(self, machine, state):
        def there():
            machine.refresh(self.proxy)
            return int(machine.props.state) == int(state)
        wait_for(there, f"{state} of {machine.props.name}")

    def settled(self, name):
        vm = self.engine.vm(name)
        return vm["status"] == "down" or b"fqdn" in self.call("GET", f"/vms/{vm['id']}", accept=JSON)[2]

    def test_1_lists(self):
        found = self.machines(self.proxy)
        self.assertEqual(sorted(found), ["office-1", "office-2", "office-3"])
        for name, machine in found.items():
            self.assertEqual(machine.props.guid, self.engine.vm(name)["id"])
            self.assertEqual(int(machine.props.state), int(GoVirt.VmState.DOWN))
        self.assertEqual(list(self.machines(self.proxy, "name=office-2")), ["office-2"])

    def test_2_power_and_console(self):
        machine = self.machines(self.proxy)["office-1"]
        self.assertTrue(machine.start(self.proxy))
        self.comes(machine, GoVirt.VmState.UP)
        self.assertTrue(machine.get_ticket(self.proxy))
        display = machine.props.display
        ticket = self.engine.vm("office-1")["ticket"]
        self.assertEqual((display.props.ticket, display.props.expiry), (ticket["value"], ticket["expiry"]))
        self.assertEqual(int(display.props.type), int(GoVirt.VmDisplayType.SPICE))
        self.assertEqual((display.props.address, display.props.secure_port), ("192.0.2.10", 5901))
        self.assertEqual(display.props.host_subject, "O=Test,CN=host1")
        with open(self.engine.ca, "rb") as pem:
            self.assertEqual(bytes(display.props.ca_cert).strip(), pem.read().strip())
        self.assertTrue(machine.stop(self.proxy))
        self.comes(machine, GoVirt.VmState.DOWN)

    def test_3_refusals(self):
        machine = self.machines(self.proxy)["office-2"]
        with self.assertRaises(GLib.Error) as refused:
            machine.stop(self.proxy)
        self.assertIn("VM is not running", refused.exception.message)
        with self.assertRaises(GLib.Error) as refused:
            machine.get_ticket(self.proxy)
        self.assertIn("Conflict", refused.exception.message)

    def test_4_a_person_sees_what_they_were_given(self):
        anna = self.proxy_of(self.log_in(ANNA, "secret of anna"))
        self.assertEqual(self.machines(anna), {})
        _, _, body = self.call("GET", "/vmpools?search=name%3Doffice", accept=JSON)
        pool = json.loads(body)["vm_pool"][0]["id"]
        status, kind, body = self.call("POST", f"/vmpools/{pool}/allocatevm", b"<action><async>false</async></action>",
                                       token=anna.props.sso_token, **{"Content-Type": XML})
        self.assertEqual((status, kind), (200, XML), body)
        action = ET.fromstring(body)
        self.assertEqual((action.tag, action.findtext("status")), ("action", "complete"))
        self.assertEqual([one.props.guid for one in self.machines(anna).values()], [action.find("vm").get("id")])

    def test_5_both_formats_say_the_same(self):
        for name in self.engine.tell(show=True)["vms"]:  # nothing moves any more
            wait_for(lambda name=name: self.settled(name), name + "'s rest")
        _, _, body = self.call("GET", "/vmpools", accept=JSON)
        pool = json.loads(body)["vm_pool"][0]["id"]
        machine, account = self.engine.vm("office-1")["id"], json.loads(self.call("GET", "", accept=JSON)[2])[
            "authenticated_user"]["id"]
        for path, root in (("/vmpools", "vm_pools"), (f"/vmpools/{pool}", "vm_pool"), ("/vms?search=pool%3Doffice", "vms"),
                           (f"/vms/{machine}", "vm"), (f"/vms/{machine}/permissions", "permissions"),
                           ("/events", "events"), ("/users", "users"), (f"/users/{account}", "user")):
            with self.subTest(path):
                status, kind, as_json = self.call("GET", path, accept=JSON)
                self.assertEqual((status, kind), (200, JSON))
                status, kind, as_xml = self.call("GET", path)
                self.assertEqual((status, kind), (200, XML))
                tree = ET.fromstring(as_xml)
                self.assertEqual(tree.tag, root)
                said = leaves_of_json(json.loads(as_json))
                self.assertGreater(len(said), 1)
                self.assertEqual(sorted(leaves_of_xml(tree)), sorted(said))
        self.assertEqual(self.call("GET", "/vms?search=pool%3Dempty", accept=JSON), (200, JSON, b"{}"))
        status, _, body = self.call("GET", "/vms?search=pool%3Dempty", accept=XML)
        self.assertEqual((status, ET.fromstring(body).tag, len(ET.fromstring(body))), (200, "vms", 0))

    def test_6_faults_in_both_formats(self):
        machine = self.engine.vm("office-2")["id"]
        for verb, inside in (("stop", True), ("ticket", False)):
            path = f"/vms/{machine}/{verb}"
            status, kind, body = self.call("POST", path, b"{}", JSON, **{"Content-Type": JSON})
            self.assertEqual((status, kind), (409, JSON))
            tree = json.loads(body)
            detail = (tree["fault"] if inside else tree)["detail"]
            status, kind, body = self.call("POST", path, b"<action/>", XML, **{"Content-Type": XML})
            self.assertEqual((status, kind), (409, XML))
            tree = ET.fromstring(body)
            self.assertEqual(tree.tag, "action" if inside else "fault")
            self.assertEqual(tree.findtext("fault/detail" if inside else "detail"), detail)
            self.assertTrue(detail.startswith("[") and detail.endswith("]"), detail)

    def test_7_refused_for_want_of_rights(self):
        """Inside an action where it is one, but for a ticket's."""
        machine = self.engine.vm("office-2")["id"]
        _, _, body = self.call("GET", "/vmpools?search=name%3Doffice", accept=JSON)
        pool = json.loads(body)["vm_pool"][0]["id"]
        self.engine.tell(grant=ACCOUNT, permits=[])
        self.addCleanup(self.engine.tell, grant=ACCOUNT, permits=None)
        for method, path, body, inside in (
                ("POST", f"/vms/{machine}/start", "<action/>", True),
                ("POST", f"/vmpools/{pool}/allocatevm", "<action/>", True),
                ("POST", f"/vms/{machine}/ticket", "<action/>", False),
                ("PUT", f"/vms/{machine}", "<vm><comment>x</comment></vm>", False),
                ("PUT", f"/vmpools/{pool}", "<vm_pool><prestarted_vms>1</prestarted_vms></vm_pool>", False),
                ("POST", f"/vmpools/{pool}/permissions",
                 '<permission><role><name>UserRole</name></role><user id="x"/></permission>', False)):
            with self.subTest(path):
                status, _, answer = self.call(method, path, body.encode(), XML, **{"Content-Type": XML})
                self.assertEqual(status, 403, answer)
                tree = ET.fromstring(answer)
                self.assertEqual((tree.tag, tree.findtext("status")), ("action", "failed") if inside else ("fault", None))
                self.assertEqual(tree.findtext("fault/detail" if inside else "detail"),
                                 "[User is not authorized to perform this action.]")

    def test_8_what_it_does_not_speak(self):
        machine = self.engine.vm("office-2")["id"]
        self.assertEqual(self.call("GET", "/vms", accept="text/plain")[0], 406)
        self.assertEqual(self.call("GET", "/vms", accept=JSON, Version="3")[0], 400)
        self.assertEqual(self.call("POST", f"/vms/{machine}/start", b"a=b", JSON,
                                   **{"Content-Type": "application/x-www-form-urlencoded"})[0], 415)
        for body in (b"", b"<action>", b"words", b"<action><unheard/></action>", b"<action><ticket>now</ticket></action>"):
            self.assertEqual(self.call("POST", f"/vms/{machine}/start", body, XML, **{"Content-Type": XML})[0], 400, body)
        self.assertEqual(self.engine.vm("office-2")["status"], "down")

    def test_8_a_ticket_of_its_own_making(self):
        machine = next(one for one in self.engine.tell(show=True)["vms"].values() if one["status"] == "up")["id"]
        for body in (b"<action/>", b"<action>\n</action>", b"<action><ticket/></action>", b"<action><ticket>\n</ticket></action>"):
            status, _, answer = self.call("POST", f"/vms/{machine}/ticket", body, XML, **{"Content-Type": XML})
            self.assertEqual(status, 200, answer)
            self.assertEqual(ET.fromstring(answer).findtext("ticket/expiry"), "7200")

    def test_9_nothing_else_was_strange_to_libgovirt(self):
        """It is loud about each VM without a description, and about refusals."""
        for text in self.said:
            self.assertRegex(text, "set_description_from_xml|^Error while running|should not be reached")


if __name__ == "__main__":
    harness.main("/stand-in")
