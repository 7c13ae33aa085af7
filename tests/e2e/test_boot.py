#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Debian that becomes a terminal: by one command, from the first picture on, on Wayland and on X,
whatever ends Floe there; and by one command it is what it was. The cases are one story and run in
the order of their names."""
import base64
import os
import socket
import subprocess
import unittest

import harness
import machine
from harness import BUILD, FIXTURES, wait_for
from test_kiosk import ESCAPES

# An emulated PC is up in half a minute; on a machine with other work it may take much longer.
UP = 300
IMAGE = os.environ.get("FLOE_KIOSK_GUEST_CACHE", os.path.join(BUILD, "kiosk-guest"))
UNIT = "floe-kiosk@tty1"
SETUP = "floe-kiosk-setup install --no-packages --broker http://127.0.0.1:8080"
# What lives, and what systemd and the agent write by themselves.
LOOK = r"""
    find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp \
      -o -path /var/tmp -o -path /var/log -o -path /var/cache -o -path /var/lib/systemd \
      -o -name '*-' \) -prune -o ! -type d -printf '%p %l\n' | sort
    cat /etc/passwd /etc/group; systemctl get-default"""
# QEMU's names of keys, where they are others than X's.
QCODES = {"super": "meta_l", "tab": "tab", "escape": "esc", "space": "spc", "period": "dot",
          "xf86back": "ac_back", "xf86homepage": "ac_home", "xf86search": "find"}
PAGE = (246, 245, 244)  # its background, in the usual theme


class Machine:
    """An emulated PC, by its monitor and its agent."""

    def __init__(self, work, image, programs):
        disk = work.file("disk.raw")
        work.run("cp", "--sparse=always", os.path.join(image, "disk.raw"), disk)
        self.work, self.agent, self.monitor = work, work.file("agent"), work.file("monitor")
        self.count = 0
        self.process = work.start("machine", [
            "qemu-system-x86_64", "-accel", "tcg,thread=multi,tb-size=256", "-machine", "pc", "-m", "768",
            "-smp", "2", "-display", "none", "-nic", "none", "-vga", "none", "-device", "virtio-vga",
            "-usb", "-device", "usb-tablet", "-kernel", os.path.join(image, "kernel"),
            "-initrd", os.path.join(image, "initrd"), "-append",
            "quiet mitigations=off nokaslr audit=0 apparmor=0 no_timer_check tsc=reliable "
            "random.trust_cpu=on",
            "-drive", f"file={disk},if=virtio,format=raw,cache=unsafe",
            "-drive", f"file={programs},if=virtio,format=raw,readonly=on",
            "-qmp", f"unix:{self.monitor},server=on,wait=off", "-device", "virtio-serial",
            "-chardev", f"socket,path={self.agent},server=on,wait=off,id=agent",
            "-device", "virtserialport,chardev=agent,name=org.qemu.guest_agent.0"])

    def ask(self, command, arguments, seconds=30):
        with socket.socket(socket.AF_UNIX) as end:
            end.settimeout(seconds)
            end.connect(self.agent)
            lines = end.makefile("rw", encoding="utf-8")
            self.count += 1
            machine.say(lines, "guest-sync", {"id": self.count}, lambda answer: answer == self.count)
            return machine.say(lines, command, arguments)

    def is_up(self):
        assert self.process.poll() is None, self.work.log("machine")
        try:
            return self.ask("guest-ping", {}, seconds=3) == {}
        except (OSError, ValueError):
            return False

    def run(self, script, fine=True, seconds=120):
        """What a shell script of root's prints."""
        started = self.ask("guest-exec", {
            "path": "/bin/sh", "arg": ["-c", script], "capture-output": True})

        def ended():
            status = self.ask("guest-exec-status", {"pid": started["pid"]})
            return status if status["exited"] else None
        status = wait_for(ended, f"the end of {script}", seconds, step=0.3)
        said, wrong = (base64.b64decode(status.get(part, "")).decode(errors="replace")
                       for part in ("out-data", "err-data"))
        assert not fine or status["exitcode"] == 0, f"{script}: {status['exitcode']}\n{said}{wrong}"
        return said.strip()

    def keys(self, *names):
        machine.ask(self.monitor, "send-key", keys=[{"type": "qcode", "data": name} for name in names])

    def picture(self):
        return machine.picture(self.monitor, self.work.file("screen.ppm"))


class Boot(harness.InOrder):
    """State goes from case to case: that is what is tested."""

    @classmethod
    def setUpClass(cls):
        cls.work = harness.Work()
        cls.addClassCleanup(cls.work.stop)
        cls.work.run(os.path.join(FIXTURES, "kiosk-guest.sh"), "build", IMAGE)
        tree, programs = cls.work.file("tree"), cls.work.file("programs.raw")
        cls.work.run("meson", "install", "-C", BUILD, "--no-rebuild", "--quiet",
                     env=dict(os.environ, DESTDIR=tree))
        cls.work.run("glib-compile-schemas", f"{tree}/usr/local/share/glib-2.0/schemas")
        cls.work.run(os.path.join(FIXTURES, "kiosk-guest.sh"), "programs", tree, programs)
        cls.machine = Machine(cls.work, IMAGE, programs)
        wait_for(cls.machine.is_up, "the machine", UP, step=1)
        lacking = cls.machine.run("ldd /usr/local/bin/floe | grep 'not found'", fine=False)
        assert lacking == "", f"the guest lacks what floe takes:\n{lacking}"
        cls.before = cls.machine.run(LOOK)

    def log(self):
        return self.machine.run("journalctl -b -t floe-kiosk-session -t floe --no-pager | tail -n 30")

    def wait_page(self):
        """Waits until a page of Floe's is seen, which is light and nothing else."""
        def look():
            colours = self.machine.picture().resize((160, 100)).getcolors(1 << 16)
            count, most = max(colours)
            return most == PAGE and count > 12000
        try:
            wait_for(look, "a page on the screen", UP, step=2)
        except AssertionError as error:
            raise AssertionError(f"{error}:\n{self.log()}") from None

    def floe(self):
        return self.machine.run("pgrep -x floe", fine=False)

    def wait_floe(self, besides=""):
        return wait_for(lambda: (pid := self.floe()) != besides and pid, "floe", UP, step=2)

    def check_session(self, kind):
        """It is an active session, may what one may, and no key leads to another console."""
        floe = self.wait_floe()
        self.wait_page()
        session = self.machine.run(
            "loginctl show-session $(loginctl --no-legend list-sessions | awk '{print $1}')")
        for line in ("State=active", "Name=floe-kiosk", f"Type={kind}", "Seat=seat0", "VTNr=1"):
            self.assertIn(line, session.splitlines())
        for action in ("org.spice-space.lowlevelusbaccess", "org.freedesktop.login1.power-off",
                       "org.freedesktop.login1.reboot"):
            self.machine.run(f"pkcheck --action-id {action} --process {floe}")
        for escape in ESCAPES:
            self.machine.keys(*[QCODES.get(key.lower(), key.lower()) for key in escape.split("+")])
        self.machine.keys("alt", "sysrq")
        self.assertEqual(self.machine.run("sleep 3; cat /sys/class/tty/tty0/active"), "tty1")
        self.assertEqual(self.floe(), floe)
        self.wait_page()

    def test_1_wayland(self):
        self.machine.run(f"{SETUP} --wayland --no-enrol; systemctl start {UNIT}")
        self.check_session("wayland")

    def test_2_x(self):
        """It asks for the code that makes it a terminal, and could keep what comes of that."""
        self.machine.run(f"{SETUP} --x11")
        wait_for(lambda: self.machine.run("pgrep -x Xorg", fine=False), "X", UP, step=1)
        self.check_session("tty")  # nobody tells logind that it is X
        self.assertIn("--terminal-key /var/lib/floe-terminal/terminal.pem",
                      self.machine.run("ps -C floe -o args="))
        self.machine.run("runuser -u floe-kiosk -- touch /var/lib/floe-terminal/it && "
                         "rm /var/lib/floe-terminal/it")

    def test_3_starts_with_the_machine(self):
        self.machine.run("systemd-run --on-active=1 systemctl reboot")
        wait_for(lambda: not self.machine.is_up(), "the machine to go down", UP, step=0.2)
        wait_for(self.machine.is_up, "the machine", UP, step=1)
        self.check_session("tty")  # nobody tells logind that it is X

    def test_4_comes_again(self):
        before = self.floe()
        self.machine.run(f"kill -KILL {before}")
        self.wait_floe(besides=before)
        self.wait_page()
        self.assertIn("Floe ended with 137; tried again in 1 s", self.log())

    def test_5_says_that_it_cannot(self):
        """What is seen then is a console with a few words, and no black screen."""
        self.machine.run(f"systemctl stop {UNIT}; sed -i s/WAY=x11/WAY=none/ /etc/floe/kiosk.conf; "
                         f"systemctl start {UNIT}")
        wait_for(lambda: self.log().count("Floe ended with none") >= 5, "five failures", 90, step=2)

        def look():
            picture = self.machine.picture().convert("L")
            top = picture.crop((0, 0, picture.width, picture.height // 4))
            return 500 < sum(top.point(lambda value: value > 100 and 1).getdata()) < 50000
        wait_for(look, "words on the console", 60, step=1)

    def test_6_an_administrator_leaves(self):
        """The status that only an unlocked terminal ends with leads to a log-in on the console."""
        self.machine.run(f"systemctl stop {UNIT}; sed -i s/WAY=none/WAY=x11/ /etc/floe/kiosk.conf; "
                         "mount --bind /bin/true /usr/local/bin/floe")
        self.machine.run(f"systemctl start {UNIT}")
        wait_for(lambda: self.machine.run("systemctl is-active getty@tty1", fine=False) == "active",
                 "a log-in on the console", UP, step=1)
        self.assertEqual(self.machine.run(f"systemctl is-active {UNIT}", fine=False), "inactive")
        self.machine.run("umount /usr/local/bin/floe")

    def test_7_undone(self):
        self.machine.run("floe-kiosk-setup remove")
        after = self.machine.run(LOOK)
        self.assertEqual(sorted(set(self.before.splitlines()) ^ set(after.splitlines())), [])


class Packages(unittest.TestCase):
    """What is installed goes again, and what was there stays: on a Debian that has next to nothing.
    Only accounts that Debian's packages add stay, as they do there."""

    LOOK = r"""look() { {
        dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n'
        find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /var/cache \
          -o -path /var/log -o -path /var/lib/apt -o -path /var/lib/dpkg -o -name '*-' \) -prune \
          -o ! -type d -printf '%p %l\n' | sort
        find /etc -type f ! -name '*-' ! -name passwd ! -name shadow ! -name group ! -name gshadow \
          ! -name ld.so.cache -exec sha256sum {} + | sort; } > "$1"; }
        """
    STORY = LOOK + """
        look /tmp/before
        for way in wayland x11; do
          floe-kiosk-setup install --$way --broker https://desktops.example.org
        done > /tmp/log 2>&1 || { tail -n 20 /tmp/log; exit 1; }
        dpkg-query -W cage xinit xserver-xorg-core polkitd libpam-systemd > /dev/null
        systemctl is-enabled floe-kiosk@tty1
        floe-kiosk-setup remove > /tmp/log 2>&1 || { tail -n 20 /tmp/log; exit 1; }
        look /tmp/after
        diff /tmp/before /tmp/after
        if getent passwd floe-kiosk; then exit 1; fi
        """

    def test_both_ways(self):
        work = harness.Work()
        self.addCleanup(work.stop)
        tree = work.file("tree")
        work.run("meson", "install", "-C", BUILD, "--no-rebuild", "--quiet",
                 env=dict(os.environ, DESTDIR=tree))
        story = work.put("story", "set -eu\n" + self.STORY)
        hook = f'cp -a {tree}/usr/local "$1/usr/"; cp {story} "$1/tmp/"; chroot "$1" sh /tmp/story'
        sources = next(path for path in ("/etc/apt/sources.list.d/debian.sources",
                                         "/etc/apt/sources.list") if os.path.exists(path))
        done = subprocess.run(
            ["unshare", "--mount", "--propagation", "private", "mmdebstrap", "--quiet", "--mode=root",
             "--variant=minbase", "--include=systemd-sysv,dbus", "--dpkgopt=force-unsafe-io",
             "--aptopt=APT::Install-Recommends \"false\"", f"--customize-hook={hook}", "bookworm",
             "/dev/null", sources], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout[-4000:] + done.stderr[-4000:])


if __name__ == "__main__":
    harness.main("/boot")
