/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeUser:
 * @id: who somebody is for ever: the directory's own identifier (entryUUID, objectGUID and the
 *   like), lower case
 * @name: the log-in name as the directory spells it; for people to read
 * @display_name: the person's name; for people to read
 * @groups: every string by which an entitlement may name a group of theirs, case-folded: the plain
 *   name of each group under the configured group base, and each group's lasting id,
 * `sid:s-1-5-...` or `uuid:...`. Never a DN, which another group may have tomorrow
 * @password_expires: when the password does, microseconds since 1970 UTC; 0 for never, and where
 * the directory does not tell. Past while an expired one still lets them in a few times. Not kept
 * in the store
 * @groups_took: how long it took to find out @groups, microseconds; 0 when nobody asked. Not kept
 * in the store
 *
 * A person, as the directory last told. Immutable.
 */
typedef struct
{
  gchar *id;
  gchar *name;
  gchar *display_name;
  GStrv groups;
  gint64 password_expires;
  gint64 groups_took;
} FloeUser;

FloeUser *floe_user_new (const gchar *id, const gchar *name, const gchar *display_name,
                         const gchar *const *groups);
FloeUser *floe_user_copy (const FloeUser *self);
void floe_user_free (FloeUser *self);
gboolean floe_user_in_group (const FloeUser *self, const gchar *group);
gboolean floe_user_in_any_group (const FloeUser *self, GStrv groups);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeUser, floe_user_free)

G_END_DECLS
