#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A broker with people of Active Directory: of a domain controller of Samba, seen from outside."""
import unittest

import directories
import harness


class ActiveDirectory(directories.Cases, unittest.TestCase):
    server = directories.ActiveDirectory
    lasting = "^sid:s-1-5-21-"
    spellings = ("alice", "ALICE", "Alice", " alice ", "Alice@AD.TEST", r"ADTEST\alice", r"adtest\Alice",
                 r"ad.test\alice", "alice@adtest", "\uff41lice", "ALICE\uff20ad.test", "\U0001d41alice",
                 "alice@ad.test")
    nobodys = ("\u0430lice", "al\u200bice", "alice@other.test", r"OTHER\alice", "alice*", "alice)(cn=*")
    # That an account is locked is said to whoever has a wrong password, too: so nobody is told.
    outcomes = {"disabled": "disabled", "acctexp": "account-expired", "expired": "expired",
                "mustchange": "must-change", "badhours": "not-now", "badplace": "not-here", "locked": None}
    refusals = (("Ab.1", "the new password is too short"), ("alllowercase", "the new password is too simple"),
                ("Secret.123", "the new password was used before"))

    def test_3b_names_of_other_kinds(self):
        """One beyond ASCII, composed and not; and a principal name that is not the account's."""
        self.directory.set("nogroup", "userPrincipalName", "solo@corp.test")
        for names in (("j\u00fcrgen", "J\u00dcRGEN", "ju\u0308rgen@ad.test"), ("nogroup", "Solo@Corp.Test")):
            self.assertEqual(len({self.login(name).json["user"]["id"] for name in names}), 1, names)


if __name__ == "__main__":
    harness.main("/active-directory")
