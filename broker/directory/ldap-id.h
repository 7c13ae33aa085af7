/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <ldap.h>

G_BEGIN_DECLS

/**
 * FLOE_LDAP_SID_PREFIX:
 *
 * What a group that is named by its SID begins with; %FLOE_LDAP_UUID_PREFIX for other lasting ids.
 */
#define FLOE_LDAP_SID_PREFIX  "sid:"
#define FLOE_LDAP_UUID_PREFIX "uuid:"

/**
 * FLOE_LDAP_SID:
 *
 * The attribute that holds a SID.
 */
#define FLOE_LDAP_SID "objectSid"

gchar *floe_ldap_id_read (const gchar *attribute, const struct berval *value);
gchar *floe_ldap_id_filter_value (const gchar *attribute, const gchar *id);
gchar *floe_ldap_sid_to_text (const struct berval *value);
gchar *floe_ldap_group_id (const gchar *attribute, const struct berval *value);
gboolean floe_ldap_group_id_is_sid (const gchar *attribute);
gboolean floe_ldap_group_id_is_imitated (const gchar *name);

G_END_DECLS
