#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The broker's web pages in a real Firefox: all that test_portal.py does in Chromium."""
import harness
import test_portal
from firefox import Firefox


class InFirefox(test_portal.Portal):
    browser_of = Firefox


del test_portal.Portal  # else its cases were run as well

if __name__ == "__main__":
    harness.main("portal-firefox")
