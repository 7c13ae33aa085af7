#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A question whether somebody may look at a screen, which nobody answers."""
import time
import unittest

import harness
import test_shadow


class Unanswered(unittest.TestCase):
    setUpClass = classmethod(test_shadow.Shadow.setUpClass.__func__)
    browser_of = test_shadow.Shadow.browser_of
    stack_new = staticmethod(test_shadow.Shadow.stack_new)
    broker_of_helpdesk = staticmethod(test_shadow.Shadow.broker_of_helpdesk)
    ask, gone, shadows, rows = (getattr(test_shadow.Shadow, name) for name in ("ask", "gone", "shadows", "rows"))

    def test_nobody_answers(self):
        self.ask()
        began = time.monotonic()
        self.browser.sees("did not answer", seconds=45)
        self.assertGreater(time.monotonic() - began, 20)
        self.gone("asks to see your screen")
        self.assertEqual([], self.shadows())
        self.assertEqual(["denied", "intent"], self.rows("shadow"))


if __name__ == "__main__":
    harness.main("/shadow-long")
