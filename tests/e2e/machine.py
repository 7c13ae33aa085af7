# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests in a QEMU of their own, which no libvirt and no engine has made."""
import json
import os
import socket

from PIL import Image

from harness import FIXTURES, as_user, listens, wait_for


def say(lines, command, arguments, is_it=lambda answer: True):
    """What a monitor or an agent answers to a command, beside events, and beside what is_it does not take."""
    lines.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
    lines.flush()
    while True:
        answer = json.loads(lines.readline() or '{"error": "no answer"}')
        assert "error" not in answer, f"{command}: {answer}"
        if "return" in answer and is_it(answer["return"]):
            return answer["return"]


def ask(monitor, command, **arguments):
    """One command to a monitor's socket; its answer."""
    with socket.socket(socket.AF_UNIX) as end:
        end.settimeout(30)
        end.connect(monitor)
        lines = end.makefile("rw", encoding="utf-8")
        say(lines, "qmp_capabilities", {})
        return say(lines, command, arguments)


def picture(monitor, path):
    """What the guest shows. path: of a file that QEMU may write, and that is overwritten."""
    ask(monitor, "screendump", filename=path)
    with Image.open(path) as image:
        return image.convert("RGB")


class NanoMachine:
    """A guest of 512 bytes that shows a text and what is typed. user: whose process it is."""

    def __init__(self, work, name, text, user=None):
        self.work, self.name, self.user = work, name, user
        self.image = work.file(name + ".img")
        work.run(os.path.join(FIXTURES, "nano-guest.sh"), self.image, text)
        os.chmod(self.image, 0o644)
        self.folder = work.folder("machine-" + name, owner=user)
        self.monitor = os.path.join(self.folder, "monitor")
        self.process = None

    def start(self, *display):
        if os.path.exists(self.monitor):
            os.unlink(self.monitor)
        command = ["qemu-system-x86_64", "-nodefaults", "-machine", "pc,accel=tcg", "-m", "16", "-vga", "std", "-display", "none",
                   "-drive", f"file={self.image},format=raw,if=ide,snapshot=on", *display,
                   "-qmp", f"unix:{self.monitor},server=on,wait=off"]
        self.process = self.work.start(self.name, as_user(self.user, command) if self.user else command,
                                       env=dict(os.environ, TMPDIR=self.folder))  # where it writes what is not to stay
        wait_for(self.listens, f"QEMU of {self.name}", 20)

    def listens(self):
        assert self.process.poll() is None, f"QEMU of {self.name} ended:\n" + self.work.log(self.name)
        return listens(self.monitor)

    def ask(self, command, **arguments):
        return ask(self.monitor, command, **arguments)

    def screenshot(self):
        return picture(self.monitor, os.path.join(self.folder, "screen.ppm"))
