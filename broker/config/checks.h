/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeCheck:
 * @value: one value, or one item of a list; never empty
 * @why: (out): what is wrong with it, where the key's own expectation does not say it already;
 *   never repeats @value
 *
 * A rule that a single value has to meet.
 *
 * Returns: whether it does
 */
typedef gboolean (*FloeCheck) (const gchar *value, gchar **why);

gboolean floe_check_refuse (gchar **why, const gchar *text);

gboolean floe_check_account (const gchar *value, gchar **why);
gboolean floe_check_attribute (const gchar *value, gchar **why);
gboolean floe_check_certificates (const gchar *value, gchar **why);
gboolean floe_check_database (const gchar *value, gchar **why);
gboolean floe_check_database_is_server (const gchar *value);
gboolean floe_check_disabled_filter (const gchar *value, gchar **why);
gboolean floe_check_dn (const gchar *value, gchar **why);
gboolean floe_check_domain (const gchar *value, gchar **why);
gboolean floe_check_engine_name (const gchar *value, gchar **why);
gboolean floe_check_engine_url (const gchar *value, gchar **why);
gboolean floe_check_engine_user (const gchar *value, gchar **why);
gboolean floe_check_file_to_make (const gchar *value, gchar **why);
gboolean floe_check_group (const gchar *value, gchar **why);
gboolean floe_check_group_filter (const gchar *value, gchar **why);
gboolean floe_check_groups_by (const gchar *value, gchar **why);
gboolean floe_check_host (const gchar *value, gchar **why);
gboolean floe_check_issuer (const gchar *value, gchar **why);
gboolean floe_check_keytab (const gchar *value, gchar **why);
gboolean floe_check_ldap_uri (const gchar *value, gchar **why);
gboolean floe_check_libvirt_uri (const gchar *value, gchar **why);
gboolean floe_check_loopback (const gchar *value, gchar **why);
gboolean floe_check_manager_type (const gchar *value, gchar **why);
gboolean floe_check_network (const gchar *value, gchar **why);
gboolean floe_check_password_file (const gchar *value, gchar **why);
gboolean floe_check_profile (const gchar *value, gchar **why);
gboolean floe_check_some_network (const gchar *value, gchar **why);
gboolean floe_check_socket (const gchar *value, gchar **why);
gboolean floe_check_user_filter (const gchar *value, gchar **why);

G_END_DECLS
