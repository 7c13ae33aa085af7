# SPDX-License-Identifier: GPL-3.0-or-later
"""How the engine's REST API writes and reads JSON; its XML, which is its default, nobody here speaks.

A tree is a dict; lists of things stand in it under the singular name. Numbers and truth values are strings, dates are
milliseconds, what is not set is absent, and an empty list makes its member vanish.
"""
import json


class Date(float):
    """Seconds since 1970."""


class Ready:
    """A value that was turned into JSON's already, since it is always the same."""

    def __init__(self, value):
        self.value = _json_value(value)


def _json_value(value):
    if isinstance(value, Ready):
        return value.value
    if isinstance(value, Date):
        return int(value * 1000)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, dict):
        return {name: _json_value(one) for name, one in value.items() if one is not None and one != []}
    if isinstance(value, list):
        return [_json_value(one) for one in value]
    return value


def write(tree):
    """The bytes of a tree."""
    return json.dumps(_json_value(tree)).encode()


def read(body):
    """Returns the tree; raises ValueError for what is none."""
    tree = json.loads(body)
    if not isinstance(tree, dict):
        raise ValueError("not an object")
    return tree


def fault(detail):
    return {"reason": "Operation Failed", "detail": detail}
