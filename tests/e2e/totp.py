# SPDX-License-Identifier: GPL-3.0-or-later
"""An authenticator app: codes of RFC 6238, and what a QR code on a picture says."""
import base64
import hashlib
import hmac
import re
import struct
import time
import urllib.parse

from PIL import Image

STEP = 30
# Black on white, two rows of modules in a line: upper and lower half.
CELLS = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}


class App:
    """Holds one secret. The broker takes a code of a step before and after its own, each once and
    none that is older than the last: so each code is of the step that comes next, which leaves a
    slow machine a minute at least to use it."""

    def __init__(self, secret):
        self.key = base64.b32decode(secret.replace(" ", ""))
        self.last = 0

    @classmethod
    def of_uri(cls, uri):
        parts = urllib.parse.urlsplit(uri)
        assert (parts.scheme, parts.netloc) == ("otpauth", "totp"), uri
        return cls(urllib.parse.parse_qs(parts.query)["secret"][0])

    def at(self, step):
        digest = hmac.new(self.key, struct.pack(">Q", step), hashlib.sha1).digest()
        at = digest[-1] & 15
        number = struct.unpack(">I", digest[at:at + 4])[0] & 0x7fffffff
        return f"{number % 1000000:06d}"

    def code(self):
        """One that was not used before; waits until the broker may take it."""
        while int(time.time()) // STEP + 1 <= self.last:
            time.sleep(0.5)
        self.last = int(time.time()) // STEP + 1
        return self.at(self.last)

    def wrong(self):
        """One that is of no step near now."""
        now = int(time.time()) // STEP
        near = [self.at(step) for step in range(now - 10, now + 20)]
        return next(code for code in ("000000", "111111", "222222", *("%06d" % n for n in range(99)))
                    if code not in near)


def read_qr(work, image):
    """What the QR code on a picture says, by a real reader."""
    path = work.file("qr.png")
    image.save(path)
    return work.run("zbarimg", "--quiet", "--raw", "--oneshot", path).strip()


def terminal_picture(text):
    """The QR code that a terminal shows, as a picture."""
    lines = re.findall(r"\x1b\[30;47m([^\x1b]*)\x1b\[0m", text)
    width = max(len(line) for line in lines)
    image = Image.new("1", (width, 2 * len(lines)), 1)
    for row, line in enumerate(lines):
        for column, cell in enumerate(line):
            for half in (0, 1):
                image.putpixel((column, 2 * row + half), 1 - CELLS[cell][half])
    return image.resize((4 * image.width, 4 * image.height)).convert("RGB")
