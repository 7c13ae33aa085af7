/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/claim.h"
#include "core/connect-request.h"
#include "core/connection.h"
#include "core/keeper.h"
#include "core/own-desktops.h"
#include "core/store.h"
#include "core/visit.h"

G_BEGIN_DECLS

/**
 * FloeAssigner:
 *
 * A person asks for a desktop. Claims happen in one transaction, without any call to a manager or a
 * directory in it; what is slow comes afterwards and is told through a #FloeConnectRequest.
 *
 * Signals, on the main thread:
 * - "phase" (const gchar *pool, const gchar *phase, gint64 microseconds): a step towards a desktop
 *   ended well and took that long: "claim", "queue" in a pool's line, "wait" in the line of starts,
 * "start", "guest", "ticket", and "total" from the first connect until there is a connection.
 * - "ended" (const gchar *action, const GError *error): a "connect" or a "ticket" came to its end;
 *   @error is %NULL when that was a good one. A connect that has to wait ends when its desktop is
 *   fetched, or when there will be none.
 * - "served" (const gchar *pool, gint how, gint64 microseconds): how it ended that somebody asked
 *   for a desktop: a #FloeServed, and for how long they waited, 0 for not at all. Coming back to a
 *   desktop that is ready is not told.
 * - "visited" (const FloeVisit *visit): somebody was told how to open a desktop, and how long that
 *   took.
 */
#define FLOE_TYPE_ASSIGNER (floe_assigner_get_type ())
G_DECLARE_FINAL_TYPE (FloeAssigner, floe_assigner, FLOE, ASSIGNER, GObject)

FloeAssigner *floe_assigner_new (FloeStore *store, FloeKeeper *keeper, FloeClock *clock);
void floe_assigner_set_tells_host (FloeAssigner *self, gboolean tells_host);

/**
 * FloeTokenOpener:
 * @sealed: what the store keeps of somebody's log-in at an engine
 *
 * Returns: (transfer full) (nullable): the token
 */
typedef FloeSecret *(*FloeTokenOpener) (gpointer data, const gchar *manager, const gchar *user_id,
                                        const gchar *sealed);
void floe_assigner_set_token_opener (FloeAssigner *self, FloeTokenOpener opener, gpointer data);

void floe_assigner_connect_async (FloeAssigner *self, const FloeIdentity *identity,
                                  const gchar *pool, const FloeConnectWish *wish,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);
FloeConnectAnswer *floe_assigner_connect_finish (FloeAssigner *self, GAsyncResult *result,
                                                 GError **error);
FloeConnectRequest *floe_assigner_get_request (FloeAssigner *self, const FloeIdentity *identity,
                                               const gchar *id, GError **error);
void floe_assigner_leave_async (FloeAssigner *self, const FloeIdentity *identity, const gchar *id,
                                GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_assigner_leave_finish (FloeAssigner *self, GAsyncResult *result, GError **error);
void floe_assigner_start (FloeAssigner *self);
guint floe_assigner_count_requests (FloeAssigner *self, FloeRequestState state);
void floe_assigner_list_pools_async (FloeAssigner *self, const FloeIdentity *identity,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data);
GPtrArray *floe_assigner_list_pools_finish (FloeAssigner *self, GAsyncResult *result,
                                            GError **error);
void floe_assigner_get_desktop_async (FloeAssigner *self, const FloeIdentity *identity,
                                      const gchar *desktop_id, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
FloeDesktop *floe_assigner_get_desktop_finish (FloeAssigner *self, GAsyncResult *result,
                                               GError **error);
void floe_assigner_release_async (FloeAssigner *self, const FloeIdentity *identity,
                                  const gchar *desktop_id, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_assigner_release_finish (FloeAssigner *self, GAsyncResult *result, GError **error);

G_END_DECLS
