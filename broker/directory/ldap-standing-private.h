/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/ldap-standing.h"

G_BEGIN_DECLS

/* A reading is one struct in two files: all kinds of directories (ldap-standing.c), and what only
 * Active Directory has (ldap-standing-ad.c). */

/**
 * FloeLdapReading:
 * @entry: the person's, with all that was asked for
 * @now: and all other times: seconds since 1970
 * @disabled: and so on: what keeps them out
 * @locked_until: 0 where nobody knows, or it does not end by itself
 * @ends: when the account does; 0 for never
 * @password_ends: likewise
 */
typedef struct
{
  const FloeLdapCall *call;
  const FloeLdapPerson *person;
  LDAP *ld;
  LDAPMessage *entry;
  gint64 now;
  gboolean disabled;
  gboolean ended;
  gboolean locked;
  gboolean not_now;
  gboolean not_here;
  gboolean must_change;
  gboolean password_expired;
  gint64 locked_until;
  gint64 ends;
  gint64 password_ends;
} FloeLdapReading;

/* ldap-standing.c */
gchar *floe_ldap_reading_text_at (const FloeLdapReading *self, const gchar *dn,
                                  const gchar *attribute);
gint64 floe_ldap_reading_number (const FloeLdapReading *self, const gchar *attribute);
void floe_ldap_reading_note_lock (FloeLdapReading *self, gint64 until);

/* ldap-standing-ad.c */
const gchar *const *floe_ldap_reading_ad_attributes (void);
void floe_ldap_reading_ad (FloeLdapReading *self);

G_END_DECLS
