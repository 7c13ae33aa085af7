#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo proper; data/demo/run is what one calls. It uses the servers of the end-to-end tests."""
import argparse
import os
import pwd
import shlex
import shutil
import signal
import subprocess
import sys
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tests", "e2e"))
sys.dont_write_bytecode = True

from client import Client  # noqa: E402
from harness import program  # noqa: E402
from screen import Screen  # noqa: E402
from stack import HELPDESK, OFFICE, Stack  # noqa: E402

# Where the one demo of this machine says who and where it is.
STATE = "/run/floe-demo"
SESSION = ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE",
           "XDG_CURRENT_DESKTOP", "DBUS_SESSION_BUS_ADDRESS", "LANG", "LANGUAGE", "HOME")


def say(text):
    print(text, flush=True)


# --- who sits at this machine ---------------------------------------------------------------------

def session_of(uid):
    """The environment of somebody's graphical session, as one of its processes has it."""
    best = None
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.stat(f"/proc/{pid}").st_uid != uid:
                continue
            with open(f"/proc/{pid}/environ", encoding="utf-8", errors="replace") as text:
                values = dict(entry.partition("=")[::2] for entry in text.read().split("\0"))
        except OSError:
            continue
        if not (values.get("DISPLAY") or values.get("WAYLAND_DISPLAY")):
            continue
        known = {name: values[name] for name in SESSION if values.get(name)}
        if best is None or len(known) > len(best):
            best = known
    return best


def people_here():
    """User ids that may sit before a display: who called sudo, then the sessions of this seat."""
    uids = [int(os.environ[name]) for name in ("SUDO_UID", "PKEXEC_UID") if os.environ.get(name)]
    if shutil.which("loginctl"):
        listed = subprocess.run(["loginctl", "list-sessions", "--no-legend"], text=True,
                                capture_output=True, check=False).stdout
        uids += [int(line.split()[1]) for line in listed.splitlines()
                 if len(line.split()) > 1 and line.split()[1].isdigit()]
    return list(dict.fromkeys(uid for uid in uids if uid != 0))


def works(user, environment):
    """Whether a program of that user can open the display."""
    if environment.get("WAYLAND_DISPLAY") and environment.get("XDG_RUNTIME_DIR"):
        path = os.path.join(environment["XDG_RUNTIME_DIR"], environment["WAYLAND_DISPLAY"])
        if os.path.exists(path):
            return True
    if not environment.get("DISPLAY"):
        return False
    try:
        return subprocess.run(run_as(user, environment, ["xdpyinfo"]), stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def run_as(user, environment, command):
    """The command in a user's session."""
    settings = [f"{name}={value}" for name, value in environment.items()]
    if user == "root":
        return ["env"] + settings + command
    return ["runuser", "-u", user, "--", "env"] + settings + command


def display():
    """(user, environment) of a display that works, or None."""
    for uid in people_here():
        try:
            user = pwd.getpwuid(uid)
        except KeyError:
            continue
        environment = session_of(uid)
        if environment and works(user.pw_name, environment):
            return user.pw_name, dict(environment, HOME=user.pw_dir)
    own = {name: os.environ[name] for name in SESSION if os.environ.get(name)}
    return ("root", own) if works("root", own) else None


# --- what the demo says ---------------------------------------------------------------------------

def explain(stack):
    broker, office = stack.broker, " and ".join(person.uid for person in stack.office)
    say(f"""
Floe runs behind {broker.url}

  office users     {office}, password "{HELPDESK.password}"
  helpdesk         {HELPDESK.uid}, the same password
  desktops         {", ".join(stack.hypervisor.guests)}: three guests that echo what one types

What to try
  Log in as {stack.office[0].uid}: you are straight at a desktop, which is switched on for you.
  Close the window and log in again: it is the same desktop, with what you typed.
  Log in as {stack.office[1].uid} in a second client: another desktop.
  Press Ctrl+D in the desktop: it switches itself off, and the client says so.
  Log out: the desktop is reset before anybody else gets it.

Another client    {stack.work.path}/floe
As the helpdesk   {stack.work.path}/floectl pool show office
                  {stack.work.path}/floectl audit""")


# --- the ways to show it --------------------------------------------------------------------------

def client_options(stack):
    return ["--broker", stack.broker.url, "--ca", stack.broker.authority.cert]


def make_commands(stack):
    """Puts short commands into the demo's directory."""
    stack.client = stack.work.copy(program("floe"), mode=0o755)
    for name, command in (("floe", [stack.client] + client_options(stack)),
                          ("floectl", stack.broker.floectl_command())):
        stack.work.put(name, f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n', mode=0o755)


def show_here(stack, user, environment):
    """Opens the client on the user's display, as often as they like."""
    command = run_as(user, environment, [stack.client] + client_options(stack))
    while True:
        say(f"\nThe client is open on the display of {user}.")
        subprocess.run(command, check=False, stdin=subprocess.DEVNULL)
        say("The client was closed. Enter opens it again; Ctrl-C ends the demo.")
        if not sys.stdin.readline():
            signal.pause()


def show_in_memory(stack):
    """Logs in once under Xvfb and leaves two pictures behind."""
    screen = Screen(stack.work, "1280x800")
    client = Client(screen, stack, stack.office[0])
    client.still().save("floe-demo.png")
    say("\nThere is no display here. The log-in page is in " + os.path.abspath("floe-demo.png"))
    client.login()
    guest = client.guest()
    client.still().save("floe-demo-desktop.png")
    say(f"{stack.office[0].name} logged in and sees {guest}: "
        + os.path.abspath("floe-demo-desktop.png"))
    client.end()


def stay(ready):
    """Lets the caller go, and goes on without a terminal."""
    say("\nIt goes on running in the background; data/demo/run --stop ends it.")
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    os.write(ready, b"ready")
    signal.pause()


def into_background():
    """Goes on as another process, and returns where that is to say that it is ready. The caller
    waits for it here and ends as it does."""
    caller, ready = os.pipe()
    if os.fork() == 0:
        os.close(caller)
        os.setsid()
        return ready
    os.close(ready)
    os._exit(0 if os.read(caller, 5) == b"ready" else 1)


# --- one at a time --------------------------------------------------------------------------------

def running():
    """The process id of a demo that runs, or None."""
    try:
        with open(STATE, encoding="ascii") as state:
            pid = int(state.read())
        with open(f"/proc/{pid}/cmdline", encoding="utf-8") as command:
            return pid if "demo.py" in command.read() else None
    except (OSError, ValueError):
        return None


def remember():
    with open(STATE, "w", encoding="ascii") as state:
        state.write(f"{os.getpid()}\n")


def stop_running():
    pid = running()
    if pid is None:
        say("No demo is running.")
        return
    os.kill(pid, signal.SIGTERM)
    while running() == pid:
        time.sleep(0.1)
    say("The demo has ended.")


def show(options, ready):
    here = None if options.headless or options.keep else display()
    stack = Stack(office=OFFICE[:2], say=lambda text: say("starting " + text))
    try:
        stack.office = OFFICE[:2]
        make_commands(stack)
        explain(stack)
        if options.keep:
            stay(ready)
        elif here is not None:
            show_here(stack, *here)
        else:
            show_in_memory(stack)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stack.stop()


def main():
    options = argparse.ArgumentParser()
    for name in ("headless", "keep", "stop"):
        options.add_argument("--" + name, action="store_true")
    options = options.parse_args()
    if options.stop:
        return stop_running()
    if running() is not None:
        say(f"The demo is running already, as process {running()}; data/demo/run --stop ends it.")
        return 2

    def stopped(*_):
        raise KeyboardInterrupt
    signal.signal(signal.SIGTERM, stopped)
    signal.signal(signal.SIGHUP, stopped)
    ready = into_background() if options.keep else None
    remember()
    try:
        show(options, ready)
    except KeyboardInterrupt:
        say("\nThe demo has ended.")
    except AssertionError as error:
        say(f"\nThe demo failed: {error}")
        return 1
    finally:
        if running() == os.getpid():
            os.unlink(STATE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
