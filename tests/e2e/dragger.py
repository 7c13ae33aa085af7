#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""dragger.py FILE: a small window from which FILE can be dragged, as from a file manager."""
import pathlib
import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk  # pylint: disable=wrong-import-position


def main():
    uri = pathlib.Path(sys.argv[1]).resolve().as_uri()
    window = Gtk.Window(title="dragger", default_width=200, default_height=120)
    source = Gtk.EventBox()
    source.add(Gtk.Label(label="Drag me"))
    source.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
    source.drag_source_add_uri_targets()
    source.connect("drag-data-get", lambda widget, context, data, info, time:
                   data.set_uris([uri]))
    window.add(source)
    window.connect("destroy", Gtk.main_quit)
    window.show_all()
    Gtk.main()


main()
