/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/secret.h"

#include <glib.h>

G_BEGIN_DECLS

/**
 * FLOE_LDAP_NAME_MAX:
 *
 * Bytes of the longest log-in name that a server is asked about.
 */
#define FLOE_LDAP_NAME_MAX 256

/**
 * FLOE_LDAP_PASSWORD_MAX:
 *
 * Bytes of the longest password that a server is asked about: four times what Active Directory
 * takes. It keeps a bind request in liblber's first buffer, which we can wipe, and keeps a client
 * from having a server close the connection for a too large request.
 */
#define FLOE_LDAP_PASSWORD_MAX 1024

gboolean floe_ldap_name_is_acceptable (const gchar *name);
gboolean floe_ldap_password_is_acceptable (const FloeSecret *password);
gboolean floe_ldap_attribute_is_valid (const gchar *name);
gboolean floe_ldap_filter_is_valid (const gchar *filter);
gchar *floe_ldap_filter_escape (const gchar *text);
gchar *floe_ldap_filter_for_name (const gchar *user_filter, const gchar *name);
gchar *floe_ldap_filter_for_either (const gchar *user_filter, const gchar *first,
                                    const gchar *second);
gchar *floe_ldap_filter_for_id (const gchar *user_filter, const gchar *id_attribute,
                                const gchar *id);
gchar *floe_ldap_filter_and (const gchar *first, const gchar *second);

G_END_DECLS
