#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody's screen in a real Firefox: all that test_shadow.py does in Chromium."""
import harness
import test_shadow
from firefox import Firefox


class InFirefox(test_shadow.Shadow):
    browser_of = Firefox


del test_shadow.Shadow  # else its cases were run as well

if __name__ == "__main__":
    harness.main("shadow-firefox")
