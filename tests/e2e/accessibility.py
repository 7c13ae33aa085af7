# SPDX-License-Identifier: GPL-3.0-or-later
"""axe-core, which knows what a page must have for people who do not see it, or not well."""
import os
import shutil

LOCKED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "axe")


class Axe:
    """Of the version in its lock file."""

    def __init__(self, work):
        folder = work.folder("axe")
        for name in os.listdir(LOCKED):
            shutil.copy(os.path.join(LOCKED, name), folder)
        work.run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)
        with open(os.path.join(folder, "node_modules/axe-core/axe.min.js"), encoding="utf-8") as source:
            self.source = source.read()

    def find(self, browser):
        """What is wrong with the page that a browser shows, in its words."""
        return browser.run(self.source + """
            return axe.run({resultTypes: ['violations']}).then((result) => result.violations.map((each) =>
                each.id + ': ' + each.nodes.slice(0, 3).map((node) => node.html.slice(0, 200) + ' '
                    + node.failureSummary).join(' | ')));""")
