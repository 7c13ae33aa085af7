# SPDX-License-Identifier: GPL-3.0-or-later
"""Floe's client as a person uses it: it is seen by AT-SPI and pictures, and used by keyboard and
mouse."""
from harness import program, wait_for
from screen import Program, steady, which_guest


class Client(Program):
    """`floe` of one person, at the log-in page of the stack's broker; or of nobody, None."""

    def __init__(self, screen, stack, person, position=(0, 0), name=None, options=()):
        self.person, self.hypervisor = person, stack.hypervisor
        super().__init__(screen, name or "floe-" + person.uid, [
            program("floe"), "--broker", stack.broker.url, "--ca",
            stack.broker.authority.cert, *options], position)
        if person is not None:
            self.find(["password text"])

    def login(self, password=None):
        name = self.find(["text", "entry"], "name|user")
        self.type(name, self.person.uid)
        self.type(self.find(["password text"]), password or self.person.password)
        self.key("Return")

    def guest(self, seconds=60):
        """Waits until its window shows one of the running guests as that is now; says which."""
        def look():
            return which_guest(self.picture(), self.hypervisor.screenshots())
        try:
            return wait_for(look, "a guest's picture in the window", seconds, step=0.5)
        except AssertionError as error:
            raise AssertionError(f"{error}; {self.name} shows:\n{self.text()}\n{self.log()}"
                                 ) from None

    def still(self):
        """A picture in which nothing moves any more."""
        return steady(self.picture)
