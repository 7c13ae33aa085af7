# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by the checks: where the checkout is, and its files without what was built or fetched.
cd "$(dirname "$0")/../.." || exit 1

# sources FIND-EXPRESSION...: paths from the root of the checkout, sorted
sources () {
  find . \( -name .git -o -name node_modules -o -name __pycache__ -o -path './build*' \) \
    -prune -o -type f \( "$@" \) -print | sed 's,^\./,,' | sort
}
