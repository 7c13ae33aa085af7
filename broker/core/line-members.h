/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/connect-request.h"
#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeLineMembers:
 *
 * Of one pool's line: those who wait by this broker, with their requests, and the place of
 * everybody as it was at the last look, with those who joined since.
 */
typedef struct _FloeLineMembers FloeLineMembers;

FloeLineMembers *floe_line_members_new (void);
void floe_line_members_free (FloeLineMembers *self);
void floe_line_members_add (FloeLineMembers *self, FloeConnectRequest *request, gint64 now);
gboolean floe_line_members_remove (FloeLineMembers *self, FloeConnectRequest *request);
GPtrArray *floe_line_members_take (FloeLineMembers *self, const gchar *user_id);
gboolean floe_line_members_has (FloeLineMembers *self, const gchar *user_id);
void floe_line_members_add_place (FloeLineMembers *self, const gchar *user_id);
void floe_line_members_set_places (FloeLineMembers *self, GPtrArray *waits);
GStrv floe_line_members_tell (FloeLineMembers *self, gint64 now);
GHashTable *floe_line_members_list_heard (FloeLineMembers *self, gint64 since);
void floe_line_members_note_served (FloeLineMembers *self, gint64 now);
guint floe_line_members_get_length (FloeLineMembers *self);
guint floe_line_members_get_joined (FloeLineMembers *self);
gboolean floe_line_members_is_known (FloeLineMembers *self);

G_END_DECLS
