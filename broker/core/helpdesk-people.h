/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/helpdesk.h"
#include "core/lists.h"

G_BEGIN_DECLS

/**
 * FloePeopleQuery:
 * @text: (nullable): whose names have words that begin so
 * @after: (nullable) (array zero-terminated=1): the place behind the page before, see #FloePage
 * @limit: so many at most
 */
typedef struct
{
  gchar *text;
  GStrv after;
  guint limit;
} FloePeopleQuery;

/**
 * FloeEntitlement:
 * @pool: a pool that somebody may open
 * @through: (array zero-terminated=1): the pool's entries that say so: "user NAME", "group GROUP"
 */
typedef struct
{
  FloePool *pool;
  GStrv through;
} FloeEntitlement;

/**
 * FloePersonDetail:
 * @person: as the directory last told
 * @role: the strongest of what they are in all pools
 * @second_factor: they have one
 * @groups: (array zero-terminated=1): the person's, or of those only the ones that open a pool
 * which the asker may see
 * @entitlements: (element-type FloeEntitlement): what they may open, by name
 * @desktops: #FloeDesktopRow items: what they have
 * @failures: (element-type FloeAudit): what went wrong for them last, the newest first
 * @visits: (element-type FloeVisit): how their last log-in went, and their last way to a desktop of
 *   a pool that the asker may see
 * @qualities: (element-type FloeSessionQuality): how good their connections to @desktops are
 *
 * What is known here of somebody; what the directory says now is asked for apart.
 */
typedef struct
{
  FloePerson *person;
  const gchar *role;
  gboolean second_factor;
  GStrv groups;
  GPtrArray *entitlements;
  FloePage *desktops;
  GPtrArray *failures;
  GPtrArray *visits;
  GPtrArray *qualities;
} FloePersonDetail;

void floe_person_detail_free (FloePersonDetail *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePersonDetail, floe_person_detail_free)

gpointer floe_helpdesk_find_person (FloeTx *tx, gconstpointer input, GError **error);

void floe_helpdesk_search_people_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                        const FloePeopleQuery *query, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
FloePage *floe_helpdesk_search_people_finish (FloeHelpdesk *self, GAsyncResult *result,
                                              GError **error);
void floe_helpdesk_get_person_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                     const gchar *user, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
FloePersonDetail *floe_helpdesk_get_person_finish (FloeHelpdesk *self, GAsyncResult *result,
                                                   GError **error);

G_END_DECLS
