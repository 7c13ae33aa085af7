/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/helpdesk.h"
#include "core/page.h"

G_BEGIN_DECLS

/**
 * FloeTrailQuery:
 * @limit: rows a page
 * @after: (nullable): behind which place it begins; %NULL for the newest row
 * @actor: (nullable): only what they did
 * @object: (nullable): only what was done to it
 * @action: (nullable): only that
 * @since: only from then on; 0 for ever
 * @until: only before then; 0 for now
 *
 * Which part of the audit trail somebody asks for. Times are microseconds since 1970 UTC.
 */
typedef struct
{
  guint limit;
  GStrv after;
  gchar *actor;
  gchar *object;
  gchar *action;
  gint64 since;
  gint64 until;
} FloeTrailQuery;

void floe_helpdesk_search_trail_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                       const FloeTrailQuery *query, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
FloePage *floe_helpdesk_search_trail_finish (FloeHelpdesk *self, GAsyncResult *result,
                                             GError **error);

G_END_DECLS
