# SPDX-License-Identifier: GPL-3.0-or-later
"""How the engine's REST API writes and reads things: the same trees as XML and as JSON.

A tree is a dict; lists of things stand in it under the singular name. In JSON, numbers and truth values are strings,
dates are milliseconds, what is not set is absent, and an empty list makes its member vanish. In XML, id and href are
attributes, and dates are ISO 8601.
"""
import datetime
import json
import xml.etree.ElementTree as ET


class Date(float):
    """Seconds since 1970."""


def _json_value(value):
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
        return datetime.datetime.fromtimestamp(value, datetime.timezone.utc).isoformat(timespec="milliseconds")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _fill(element, tree):
    for name, value in tree.items():
        if value is None:
            continue
        if name in ("id", "href", "rel") and not isinstance(value, (dict, list)):
            element.set(name, _text(value))
        elif isinstance(value, list):
            for one in value:
                _fill(ET.SubElement(element, name), one) if isinstance(one, dict) else _add_text(element, name, one)
        elif isinstance(value, dict):
            _fill(ET.SubElement(element, name), value)
        else:
            _add_text(element, name, value)


def _add_text(element, name, value):
    ET.SubElement(element, name).text = _text(value)


def write(root, tree, as_json):
    """The bytes of a tree; only XML has the name of the root."""
    if as_json:
        return json.dumps(_json_value(tree)).encode()
    element = ET.Element(root)
    _fill(element, tree)
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + ET.tostring(element)


def _tree_of(element):
    tree = dict(element.attrib)
    for child in element:
        tree[child.tag] = _tree_of(child) if len(child) or child.attrib or not (child.text or "").strip() \
            else child.text
    return tree


def read(body, content_type):
    """Returns (root or None, tree); raises ValueError for what is neither."""
    if content_type.startswith("application/json"):
        tree = json.loads(body)
        if not isinstance(tree, dict):
            raise ValueError("not an object")
        return None, tree
    try:
        element = ET.fromstring(body)
    except ET.ParseError as error:
        raise ValueError(str(error)) from None
    return element.tag, _tree_of(element)


def fault(detail):
    return {"reason": "Operation Failed", "detail": detail}
