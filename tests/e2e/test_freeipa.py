#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A broker with people of FreeIPA: of 389-ds in its shape, seen from outside."""
import unittest

import directories
import harness


class FreeIpa(directories.Cases, unittest.TestCase):
    server = directories.FreeIpa
    lasting = "^uuid:5f1e0000-0000-11ee-8000-"
    spellings = ("alice", "ALICE", " alice ", "Alice@IPA.TEST", r"ipa\alice", r"IPA.TEST\Alice", "\uff41lice",
                 "ALICE\uff20ipa.test", "alice@ipa.test")
    nobodys = ("\u0430lice", "al\u200bice", "alice@other.test", r"OTHER\alice", "alice*", "alice)(cn=*")
    # The server says "inactivated" to whoever has a wrong password, too: so nobody is told.
    outcomes = {"acctexp": "account-expired", "expired": "expired", "mustchange": "must-change", "disabled": None}
    refusals = (("Ab.1", "the new password is too simple"),)

    def changed(self, name, new):
        """FreeIPA's own plugin would write how long the new password lasts. That is not here, so it
        has to be written; until then the account is as it was, with the new password."""
        self.assert_wrong(name)
        self.assertEqual(self.said(self.login(name, new))[:2], (403, self.outcomes[name]))
        self.directory.set(name, "krbPasswordExpiration", "20990101000000Z")


if __name__ == "__main__":
    harness.main("/freeipa")
