# SPDX-License-Identifier: GPL-3.0-or-later
"""A display of one's own: Xvfb, a session bus with AT-SPI, keyboard and mouse by xdotool, pictures
of windows, and finding a guest's picture in one."""
import os
import re
import subprocess
import time

from PIL import Image, ImageChops, ImageStat

from harness import BUILD, wait_for


class Screen:
    """Xvfb and a session bus. There is no window manager: windows are where they are put."""

    def __init__(self, work, size="2600x1000"):
        self.work = work
        self.display = self.start_server("Xvfb", "-screen", "0", size + "x24")
        self.environment = dict(os.environ, DISPLAY=self.display, GDK_BACKEND="x11",
                                NO_AT_BRIDGE="0", GTK_A11Y="atspi", GTK_THEME="Adwaita",
                                GSETTINGS_BACKEND="memory",
                                GSETTINGS_SCHEMA_DIR=os.path.join(BUILD, "data"), LC_ALL="C.UTF-8", LANG="en_US.UTF-8",
                                XDG_RUNTIME_DIR=work.folder("runtime", mode=0o700))
        for name in ("WAYLAND_DISPLAY", "XAUTHORITY", "LANGUAGE"):
            self.environment.pop(name, None)
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = self.start_bus()
        self.atspi = None

    def start_server(self, *command):
        """Starts an X server on a free number; returns the name of its display."""
        read_end, write_end = os.pipe()
        self.work.start("xserver", [*command, "-displayfd", str(write_end), "-nolisten", "tcp",
                                    "-noreset"], pass_fds=[write_end])
        os.close(write_end)
        with os.fdopen(read_end, encoding="ascii") as numbers:
            number = numbers.readline().strip()
        assert number, f"{command[0]} did not start:\n" + self.work.log("xserver")
        return ":" + number

    def start_bus(self):
        address = "unix:path=" + self.work.file("bus")
        self.work.start("bus", ["dbus-daemon", "--session", "--nofork", "--nopidfile",
                                "--address=" + address], env=self.environment)
        # GTK looks here whether anybody wants to know about its widgets. The bus' socket is there before it listens.
        def tell():
            return subprocess.run(
                ["dbus-send", "--session", "--dest=org.a11y.Bus", "--print-reply", "/org/a11y/bus",
                 "org.freedesktop.DBus.Properties.Set", "string:org.a11y.Status", "string:IsEnabled",
                 "variant:boolean:true"], env=dict(self.environment, DBUS_SESSION_BUS_ADDRESS=address),
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
        wait_for(tell, "the session bus\n" + self.work.log("bus"))
        return address

    def home(self, name):
        """The environment of a person: this display, and a home directory of their own."""
        home = self.work.folder("home-" + name, mode=0o700)
        return dict(self.environment, HOME=home, XDG_CONFIG_HOME=home + "/config",
                    XDG_DATA_HOME=home + "/data", XDG_CACHE_HOME=home + "/cache",
                    XDG_STATE_HOME=home + "/state")

    def accessible(self):
        """AT-SPI, connected to this display's bus: once in a process."""
        if self.atspi is None:
            os.environ.update({name: self.environment[name] for name in
                               ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")})
            import gi
            gi.require_version("Atspi", "2.0")
            from gi.repository import Atspi
            Atspi.init()
            Atspi.set_timeout(2000, 5000)
            self.atspi = Atspi
        return self.atspi

    def xdotool(self, *arguments):
        return self.work.run("xdotool", *[str(argument) for argument in arguments],
                             env=self.environment)

    def picture(self, window=None, name="picture"):
        """A picture of a window, or of the whole screen."""
        path = self.work.file(name + ".png")
        self.work.run("import", "-silent", "-window", str(window or "root"), path,
                      env=self.environment)
        with Image.open(path) as image:
            return image.convert("RGB")


class Heads(Screen):
    """The same with two monitors beside one another, of which the second can be unplugged, and a
    window manager. Only a real X server has outputs that GTK takes for monitors; its cards are
    dummies."""

    CONFIG = """
        Section "ServerFlags"
          Option "AutoAddDevices" "false"
          Option "AutoAddGPU" "false"
        EndSection
        Section "Device"
          Identifier "dummy"
          Driver "dummy"
          VideoRam 65536
        EndSection
        Section "Screen"
          Identifier "dummy"
          Device "dummy"
          DefaultDepth 24
        EndSection
        """
    SIZE = (1024, 768)
    OUTPUTS = ("DUMMY0", "DUMMY1")

    def start_server(self, *command):
        config = self.work.put("xorg.conf", self.CONFIG)
        display = super().start_server(
            "Xorg", "-config", config, "-logfile", self.work.file("xorg.log"), "-sharevts",
            "-novtswitch")
        self.work.run("xrandr", "--addmode", self.OUTPUTS[1], self.mode(),
                      env=dict(os.environ, DISPLAY=display))
        return display

    def __init__(self, work):
        super().__init__(work)
        self.plug(True)
        work.start("openbox", ["openbox"], env=self.environment)

    def mode(self):
        return "{}x{}".format(*self.SIZE)

    def plug(self, plugged):
        """Plugs the second monitor in or out."""
        first, second = self.OUTPUTS
        how = ["--mode", self.mode(), "--right-of", first] if plugged else ["--off"]
        self.work.run("xrandr", "--output", first, "--mode", self.mode(), "--pos", "0x0",
                      "--output", second, *how, env=self.environment)
        # The driver says that an output is connected only when somebody has it look.
        self.work.run("xrandr", "--query", env=self.environment)


class Program:
    """A graphical program of one person, seen by its widgets."""

    def __init__(self, screen, name, command, position=(0, 0)):
        self.screen, self.name, self.position = screen, name, position
        self.process = screen.work.start(name, command, env=screen.home(name))

    def log(self):
        return self.screen.work.log(self.name)

    def end(self, *arguments):
        return self.screen.work.end(self.process, *arguments)

    def children(self):
        """The processes that it has started and that live."""
        done = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True,
                              text=True, check=False)
        return set(done.stdout.split())

    def window(self):
        """The X id of its largest visible window."""
        assert self.process.poll() is None, f"{self.name} ended:\n" + self.log()
        done = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid",
                               str(self.process.pid)], env=self.screen.environment,
                              capture_output=True, text=True, check=False)
        sizes = [(self.area(window), window) for window in done.stdout.split()]
        return max(sizes)[1] if sizes else None

    def area(self, window):
        text = subprocess.run(["xdotool", "getwindowgeometry", "--shell", window],
                              env=self.screen.environment, capture_output=True, text=True,
                              check=False).stdout
        values = dict(re.findall(r"(\w+)=(\d+)", text))
        return int(values.get("WIDTH", 0)) * int(values.get("HEIGHT", 0))

    def show(self, seconds=60):
        """Waits for the window, puts it in its place, and gives it the keyboard."""
        window = wait_for(self.window, f"a window of {self.name}", seconds)
        self.screen.xdotool("windowmove", window, *self.position)
        self.screen.xdotool("windowraise", window, "windowfocus", window)
        return window

    def widgets(self):
        """All widgets that are showing, as (role, name, widget), from the top down."""
        atspi = self.screen.accessible()
        desktop = atspi.get_desktop(0)
        found = []
        for index in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(index)
            if child is not None and child.get_process_id() == self.process.pid:
                self.walk(child, found, top=True)
        return found

    def walk(self, widget, found, top=False):
        states = widget.get_state_set()
        if not top and not states.contains(self.screen.atspi.StateType.SHOWING):
            return
        found.append((widget.get_role_name(), widget.get_name() or "", widget))
        for index in range(min(widget.get_child_count(), 500)):
            child = widget.get_child_at_index(index)
            if child is not None:
                self.walk(child, found)

    def shown(self):
        """The widgets now; what vanishes while one looks is looked for again."""
        from gi.repository import GLib
        assert self.process.poll() is None, f"{self.name} ended:\n" + self.log()
        try:
            return self.widgets()
        except GLib.Error:
            return []

    def text(self):
        """All that can be read in its windows."""
        return "\n".join(name for _, name, _ in self.shown() if name)

    def find(self, roles, name=".*", seconds=30):
        """The first showing widget with one of these roles and a fitting name."""
        self.screen.accessible()

        def look():
            for role, text, widget in self.shown():
                if role in roles and re.search(name, text, re.IGNORECASE):
                    return widget
            return None
        try:
            return wait_for(look, f"{roles} named {name}", seconds, step=0.2)
        except AssertionError as error:
            shown = "\n".join(f"  {role}: {text}" for role, text, _ in self.shown())
            raise AssertionError(f"{error}; {self.name} shows:\n{shown}\n{self.log()}") from None

    def wait_text(self, pattern, seconds=30):
        """Waits until this can be read."""
        try:
            return wait_for(lambda: re.search(pattern, self.text(), re.IGNORECASE),
                            f"the text {pattern}", seconds, step=0.2)
        except AssertionError as error:
            raise AssertionError(f"{error}; {self.name} shows:\n{self.text()}\n{self.log()}"
                                 ) from None

    def rest(self, widget):
        """The middle of a widget, once it has come to rest: bars and questions slide in."""
        before = None

        def look():
            nonlocal before
            place = widget.get_extents(self.screen.atspi.CoordType.SCREEN)
            last, before = before, (place.x + place.width // 2, place.y + place.height // 2)
            return before if before == last else None
        return wait_for(look, "a widget to come to rest", 10, step=0.1)

    def click(self, widget):
        """Clicks in the middle of a widget."""
        self.show()
        self.screen.xdotool("mousemove", *self.rest(widget), "click", 1)

    def type(self, widget, text):
        """Replaces what a text field holds by typing."""
        self.click(widget)
        self.screen.xdotool("key", "ctrl+a")
        self.screen.xdotool("type", "--delay", 15, text)

    def key(self, *keys):
        self.show()
        self.screen.xdotool("key", *keys)

    def picture(self):
        return self.screen.picture(self.show(), self.name)


# --- pictures -------------------------------------------------------------------------------------

BLUE = (0, 0, 170)  # the background of the small guests
CLOSE = 48          # how far a colour may be off


def blue_box(image):
    """Where the guest's blue is in a picture, as (left, top, right, bottom); None without it."""
    solid = Image.new("RGB", image.size, BLUE)
    bands = ImageChops.difference(image, solid).split()
    mask = None
    for band in bands:
        near = band.point(lambda value: 255 if value < CLOSE else 0)
        mask = near if mask is None else ImageChops.multiply(mask, near)
    return mask.getbbox()


def guest_in(image, guest):
    """How unlike the guest's own screenshot the blue part of a picture is: 0 is the same, 1 is
    nothing in common; what both have beside the blue is what counts. None where there is no such
    part, or one of another shape."""
    box, own = blue_box(image), blue_box(guest)
    if box is None or own is None:
        return None
    seen, wanted = image.crop(box), guest.crop(own)
    if seen.width < 200 or seen.height < 100:
        return None
    shape = (seen.width / seen.height) / (wanted.width / wanted.height)
    if not 0.95 < shape < 1.05:
        return None
    wanted = wanted.resize(seen.size, Image.BILINEAR)
    writing_seen, writing_wanted = writing(seen), writing(wanted)
    both = ImageStat.Stat(ImageChops.darker(writing_seen, writing_wanted)).sum[0]
    either = ImageStat.Stat(ImageChops.lighter(writing_seen, writing_wanted)).sum[0]
    return 1 - both / either if either else None


def writing(image):
    """What is not background, as brightness; softened, so that scaling by another hand does not
    count."""
    red = image.split()[0]
    return red.point(lambda value: min(255, value * 3 // 2)).resize(
        (max(1, image.width // 2), max(1, image.height // 2)), Image.BILINEAR)


def which_guest(image, guests):
    """The name of the guest whose screenshot the picture shows: `guests` maps names to
    screenshots. It must be like it, and clearly more so than like any other."""
    likeness = {name: guest_in(image, shot) for name, shot in guests.items()}
    known = sorted((value, name) for name, value in likeness.items() if value is not None)
    if not known or known[0][0] > 0.4:
        return None
    if len(known) > 1 and known[1][0] - known[0][0] < 0.15:
        return None
    return known[0][1]


def changed(before, now):
    """Whether something was written in a guest: more than its cursor, which blinks."""
    difference = ImageChops.difference(before, now).convert("L")
    return difference.point(lambda value: 255 if value > 64 else 0).histogram()[255] > 60


def steady(take, seconds=15):
    """Takes pictures until two in a row are the same, and returns the last."""
    deadline = time.monotonic() + seconds
    last = take()
    while time.monotonic() < deadline:
        time.sleep(0.3)
        now = take()
        if now.size == last.size and ImageChops.difference(now, last).getbbox() is None:
            return now
        last = now
    return last
