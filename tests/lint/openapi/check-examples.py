#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks each example body of tests/data/api against its schema in docs/api/openapi.yaml.

Each file must be named by the description, each name must have a file, and an answer may hold
nothing that its schema does not tell of, although clients ignore what they do not know.
"""
import copy
import json
import pathlib
import sys

import jsonschema
import yaml


def media_types(node):
    """Yields each media type object that has examples."""
    if isinstance(node, dict):
        if "schema" in node and "examples" in node:
            yield node
        for value in node.values():
            yield from media_types(value)
    elif isinstance(node, list):
        for value in node:
            yield from media_types(value)


def close(node):
    """Makes each object schema refuse what it does not name."""
    if isinstance(node, dict):
        if "properties" in node and node.get("type") == "object":
            node.setdefault("additionalProperties", False)
        for value in node.values():
            close(value)
    elif isinstance(node, list):
        for value in node:
            close(value)


def validator(document, schema):
    whole = {"components": document["components"], **copy.deepcopy(schema)}
    return jsonschema.Draft202012Validator(
        whole, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def check(description):
    document = yaml.safe_load(description.read_text(encoding="utf-8"))
    close(document)
    problems = []
    named = set()
    for media in media_types(document):
        for example in media["examples"].values():
            path = (description.parent / example["externalValue"]).resolve()
            named.add(path)
            try:
                body = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                problems.append(f"{path}: {error}")
                continue
            for error in validator(document, media["schema"]).iter_errors(body):
                problems.append(f"{path}: {error.json_path}: {error.message}")
    for path in (description.parent / "../../tests/data/api").resolve().glob("*.json"):
        if path not in named:
            problems.append(f"{path}: the description does not name this example")
    return problems


def main():
    root = pathlib.Path(__file__).resolve().parents[3]
    problems = check(root / "docs/api/openapi.yaml")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
