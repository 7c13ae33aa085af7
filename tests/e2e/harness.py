# SPDX-License-Identifier: GPL-3.0-or-later
"""What every end-to-end test needs: a directory of its own, processes stopped by their ids, a
certificate authority, waiting with a deadline, and unittest results as TAP."""
import filecmp
import hashlib
import os
import pwd
import random
import secrets
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import traceback
import unittest

SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.environ.get("FLOE_BUILD", os.path.join(SOURCE, "build"))
FIXTURES = os.path.join(SOURCE, "tests", "fixtures")
os.environ["PATH"] += ":/usr/sbin:/sbin"


def wait_for(condition, what, seconds=30.0, step=0.05):
    """Waits until condition() is true and returns its value; fails with the words `what`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(step)


def listens(path):
    """Whether somebody takes connections at a Unix socket; its file is there a moment before."""
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(path)
            return True
    except OSError:
        return False


def free_port():
    """One that nobody gets by chance until QEMU takes it: below those that the kernel gives out."""
    for port in random.sample(range(20000, 30000), 50):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass
    raise AssertionError("no free port")


def program(name):
    """The path of a program that was built, wherever its room is."""
    for folder, folders, files in os.walk(BUILD):
        folders[:] = [one for one in folders if not one.endswith(".p") and one != "tests"]
        if name in files and os.access(os.path.join(folder, name), os.X_OK):
            return os.path.join(folder, name)
    raise AssertionError(f"{name} was not built in {BUILD}")


def service_user(*names):
    """The first of these users that exists; nobody when none does."""
    for name in names:
        try:
            pwd.getpwnam(name)
            return name
        except KeyError:
            pass
    return "nobody"


def as_user(user, command):
    """The command with the ids of a service user, when we are root and may do that."""
    if os.geteuid() != 0 or user == "root":
        return list(command)
    group = pwd.getpwnam(user).pw_gid
    return ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--"] + list(command)


def key_file(case):
    """A key of 32 bytes that the broker can read, for a configuration that is written before there is a Work;
    until the cases end."""
    number, path = tempfile.mkstemp(prefix="floe-key-")
    with open(number, "w", encoding="ascii") as out:
        out.write(secrets.token_hex(32) + "\n")
    case.addClassCleanup(os.unlink, path)
    os.chmod(path, 0o400)
    Work.give(path, service_user("nobody"))
    return path


class Work:
    """A directory and the processes that live in it. stop() ends them in reverse and removes it."""

    def __init__(self):
        # Short, since paths of Unix sockets have 107 characters at most; see libvirt-up.sh.
        self.path = tempfile.mkdtemp(prefix="e")
        os.chmod(self.path, 0o711)
        self.processes = []
        self.at_end = []

    def file(self, *names):
        return os.path.join(self.path, *names)

    def put(self, name, text, mode=0o644):
        path = self.file(name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w",
                  encoding="utf-8") as out:
            out.write(text)
        return path

    def folder(self, name, owner=None, mode=0o755):
        path = self.file(name)
        os.makedirs(path, exist_ok=True)
        os.chmod(path, mode)
        if owner is not None:
            self.give(path, owner)
        return path

    def copy(self, path, mode=0o644):
        """A copy that service users can read; the checkout may be where only root can."""
        target = os.path.join(self.folder("copies"), os.path.basename(path))
        if os.path.exists(target) and filecmp.cmp(path, target, shallow=False):
            return target  # a program that runs cannot be written
        shutil.copy(path, target)
        os.chmod(target, mode)
        return target

    @staticmethod
    def give(path, owner):
        """Gives a file to a service user, when we are root."""
        if os.geteuid() == 0:
            shutil.chown(path, owner, pwd.getpwnam(owner).pw_gid)

    def run(self, *command, **options):
        """Runs a command to its end; a failure carries what it printed."""
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False, **options)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(command)}: status {done.returncode}\n"
                                 f"{done.stdout[-4000:]}{done.stderr[-4000:]}")
        return done.stdout

    def start(self, name, command, **options):
        """Starts a process whose output goes to NAME.log. Its directory is one that every user may
        enter."""
        options.setdefault("cwd", "/")
        with open(self.file(name + ".log"), "ab") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       start_new_session=True, **options)
        self.processes.append(process)
        return process

    def end(self, process, sig=signal.SIGTERM, seconds=10.0):
        """Ends one process and waits for it."""
        if process.poll() is None:
            process.send_signal(sig)
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process in self.processes:
            self.processes.remove(process)
        try:
            os.killpg(process.pid, signal.SIGKILL)  # what it started and left behind
        except ProcessLookupError:
            pass
        return process.returncode

    def log(self, name, lines=40):
        """The end of a process's log, for messages of failed tests."""
        try:
            with open(self.file(name + ".log"), encoding="utf-8", errors="replace") as log:
                return "".join(log.readlines()[-lines:])
        except FileNotFoundError:
            return ""

    def stop(self):
        for process in reversed(list(self.processes)):
            self.end(process)
        for function in reversed(self.at_end):
            function()
        shutil.rmtree(self.path, ignore_errors=True)


def environment_of(text):
    """The values of `export NAME='VALUE'` lines, as the fixtures print them."""
    values = {}
    for line in text.splitlines():
        if line.startswith("export "):
            name, _, value = line[len("export "):].partition("=")
            values[name] = "".join(shlex.split(value))
    return values


class Authority:
    """A certificate authority in a directory."""

    def __init__(self, work, name):
        self.work, self.name = work, name
        self.key, self.cert = work.file(name + ".key"), work.file(name + ".pem")
        work.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                 "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", f"/CN={name}",
                 "-addext", "basicConstraints=critical,CA:TRUE",
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                 "-keyout", self.key, "-out", self.cert)

    def issue(self, name, extension="subjectAltName=DNS:localhost,IP:127.0.0.1", days=30):
        """A certificate, expired if days is negative; returns the path of a file with it and its key."""
        base = self.work.file(name)
        extensions = self.work.put(name + ".ext", f"basicConstraints=CA:FALSE\n{extension}\n")
        self.work.run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                      "-nodes", "-subj", f"/CN={name}", "-keyout", base + ".key",
                      "-out", base + ".csr")
        self.work.run("openssl", "x509", "-req", "-in", base + ".csr", "-CA", self.cert,
                      "-CAkey", self.key, "-CAcreateserial", "-days", str(days),
                      "-extfile", extensions, "-out", base + ".crt")
        with open(base + ".crt", encoding="ascii") as cert, open(base + ".key",
                                                               encoding="ascii") as key:
            return self.work.put(name + ".both", cert.read() + key.read(), mode=0o600)


def self_made(work, name):
    """A certificate that nobody signed; returns the path of a file with it and its key."""
    path = work.file(name + ".self-made")
    work.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "1", "-subj", f"/CN={name}", "-keyout", path, "-out", path + ".crt")
    with open(path, encoding="ascii") as key, open(path + ".crt", encoding="ascii") as cert:
        return work.put(name + ".own", cert.read() + key.read(), mode=0o600)


def fingerprint_of(path):
    """The SHA-256 of the certificate in a file, as the broker knows it."""
    with open(path, encoding="ascii") as pem:
        text = pem.read()
    begin = text.index("-----BEGIN CERTIFICATE-----")
    end = text.index("-----END CERTIFICATE-----") + len("-----END CERTIFICATE-----")
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(text[begin:end])).hexdigest()


class InOrder(unittest.TestCase):
    """Cases that are one story: each goes on where the one before ended, and waiting for what cannot
    come is long."""

    def run(self, result=None):
        self.goes_on = result.wasSuccessful()
        return super().run(result)

    def setUp(self):
        self.assertTrue(self.goes_on, "a case before this one failed")


class TapResult(unittest.TestResult):
    """Writes each case as a line of TAP, with what went wrong as comments."""

    def __init__(self, stream, prefix):
        super().__init__()
        self.stream, self.prefix, self.number = stream, prefix, 0
        self.parts = []  # what went wrong in the parts of the case that runs

    def say(self, line):
        print(line, file=self.stream, flush=True)

    def name(self, test):
        method = getattr(test, "_testMethodName", str(test))
        return self.prefix + "/" + method.removeprefix("test_").replace("_", "-")

    def report(self, good, test, detail=""):
        self.number += 1
        for line in detail.splitlines():
            self.say("# " + line)
        self.say(f"{'ok' if good else 'not ok'} {self.number} {self.name(test)}")

    def addSuccess(self, test):
        self.report(True, test)

    def addError(self, test, err):
        super().addError(test, err)
        self.report(False, test, "".join(traceback.format_exception(*err)))

    addFailure = addError

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.parts.append(str(subtest) + "\n" + "".join(traceback.format_exception(*err)))

    def stopTest(self, test):
        super().stopTest(test)
        if self.parts:
            self.report(False, test, "".join(self.parts))
        self.parts = []

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.report(False, test, "skipped: " + reason)


def main(prefix):
    """Runs the cases of the calling program in the order of their names. The names of single
    cases may be given as arguments."""
    # Cleaning up is done by exceptions' way out; a stop from outside takes the same way.
    def stop(*_):
        raise KeyboardInterrupt
    signal.signal(signal.SIGTERM, stop)
    suite = unittest.TestSuite()
    for case in unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"]):
        for test in case:
            if len(sys.argv) < 2 or any(name in test.id() for name in sys.argv[1:]):
                suite.addTest(test)
    print("TAP version 13")
    print(f"1..{suite.countTestCases()}", flush=True)
    result = TapResult(sys.stdout, prefix)
    suite.run(result)
    if result.number < suite.countTestCases():
        result.say("Bail out! not all cases ran")
    sys.exit(0 if result.wasSuccessful() and result.number > 0 else 1)
