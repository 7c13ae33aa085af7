/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeLdapPrint:
 * @line: one line, without its end, without control characters
 * @data: whoever prints
 */
typedef void (*FloeLdapPrint) (const gchar *line, gpointer data);

/**
 * FloeLdapReport:
 *
 * What a test of the directory has to say, line by line as it is found: "ok: WHAT", "warning: WHAT
 * — WHAT TO CHANGE" and "wrong: WHAT — WHAT TO CHANGE", under headings that end in a colon. A
 * server's words are made harmless for a terminal.
 */
typedef struct _FloeLdapReport FloeLdapReport;

FloeLdapReport *floe_ldap_report_new (FloeLdapPrint print, gpointer data);
void floe_ldap_report_free (FloeLdapReport *self);
void floe_ldap_report_head (FloeLdapReport *self, const gchar *format, ...) G_GNUC_PRINTF (2, 3);
void floe_ldap_report_ok (FloeLdapReport *self, const gchar *format, ...) G_GNUC_PRINTF (2, 3);
void floe_ldap_report_warn (FloeLdapReport *self, const gchar *change, const gchar *format, ...)
    G_GNUC_PRINTF (3, 4);
void floe_ldap_report_wrong (FloeLdapReport *self, const gchar *change, const gchar *format, ...)
    G_GNUC_PRINTF (3, 4);
gboolean floe_ldap_report_end (FloeLdapReport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLdapReport, floe_ldap_report_free)

G_END_DECLS
