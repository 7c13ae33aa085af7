# SPDX-License-Identifier: GPL-3.0-or-later
"""How the engine's REST API writes and reads things: the same trees as JSON and as XML, which is its default.

A tree is a dict; lists of things stand in it under the singular name. In JSON, numbers and truth values are strings,
dates are milliseconds, what is not set is absent, and an empty list makes its member vanish. In XML, id, href and rel
are attributes, dates are ISO 8601, and the whole has a name.
"""
import datetime
import json
import xml.etree.ElementTree as ET


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


def _text(value):
    if isinstance(value, Date):
        moment = datetime.datetime.fromtimestamp(_json_value(value) // 1000, datetime.timezone.utc)
        return moment.replace(microsecond=_json_value(value) % 1000 * 1000).isoformat(timespec="milliseconds")
    return value if isinstance(value, str) else _json_value(value)


def _fill(element, value):
    value = value.value if isinstance(value, Ready) else value
    if not isinstance(value, dict):
        element.text = _text(value)
        return
    for name, one in value.items():
        one = one.value if isinstance(one, Ready) else one
        if one is None:
            continue
        if name in ("id", "href", "rel"):
            element.set(name, _text(one))
            continue
        for each in one if isinstance(one, list) else [one]:
            _fill(ET.SubElement(element, name), each)


def write(root, tree, as_json):
    """The bytes of a tree; only XML has the name of the root."""
    if as_json:
        return json.dumps(_json_value(tree)).encode()
    element = ET.Element(root)
    _fill(element, tree)
    return ET.tostring(element, encoding="UTF-8", xml_declaration=True)


def _value_of(element):
    """A text, or the members; {} of what has neither, which is also how a text is empty."""
    text = (element.text or "").strip()
    if text and not len(element):
        return text
    return {**element.attrib, **{child.tag: _value_of(child) for child in element}}


def read(body, as_json):
    """Returns the tree; raises ValueError for what is none."""
    if as_json:
        tree = json.loads(body)
    else:
        try:
            tree = _value_of(ET.fromstring(body))
        except ET.ParseError as error:
            raise ValueError(str(error)) from None
    if not isinstance(tree, dict):
        raise ValueError("not an object")
    return tree


def fault(detail):
    return {"detail": detail, "reason": "Operation Failed"}
