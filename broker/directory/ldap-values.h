/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <ldap.h>

G_BEGIN_DECLS

/* Active Directory's, a second: 100 ns each. */
#define FLOE_LDAP_AD_TICKS G_GINT64_CONSTANT (10000000)

gchar *floe_ldap_read_text (LDAP *ld, LDAPMessage *entry, const gchar *attribute);
void floe_ldap_read_texts (LDAP *ld, LDAPMessage *entry, const gchar *attribute, GPtrArray *texts);
gchar *floe_ldap_read_first (LDAP *ld, LDAPMessage *entry, const gchar *attribute,
                             gchar *(*read) (const gchar *attribute, const struct berval *value));
gint64 floe_ldap_read_number (LDAP *ld, LDAPMessage *entry, const gchar *attribute,
                              gint64 fallback);
gint64 floe_ldap_read_time (LDAP *ld, LDAPMessage *entry, const gchar *attribute);
gint64 floe_ldap_read_ticks (LDAP *ld, LDAPMessage *entry, const gchar *attribute);
gboolean floe_ldap_read_true (LDAP *ld, LDAPMessage *entry, const gchar *attribute);
gint64 floe_ldap_time_of_digits (const gchar *digits);
gchar *floe_ldap_read_dn (LDAP *ld, LDAPMessage *entry);

G_END_DECLS
