/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/keeper.h"
#include "core/own-acts.h"
#include "core/session-quality.h"

G_BEGIN_DECLS

/**
 * FloeOutlook:
 * @limit_at: when its session has lasted as long as its pool allows; 0 for never. All times in
 *   microseconds since 1970 UTC
 * @ends_at: when it is ended because its host is emptied; 0 for never
 * @notice: (nullable): what an administrator tells whoever sits on that host
 * @messages: (element-type FloeMessage): what its holder was told lately, the oldest first
 * @shadow: (nullable): who looks at its screen, or asks to, or did so last
 *
 * What is to come of a desktop that is lent.
 */
typedef struct
{
  gint64 limit_at;
  gint64 ends_at;
  gchar *notice;
  GPtrArray *messages;
  FloeShadow *shadow;
} FloeOutlook;

void floe_outlook_free (FloeOutlook *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeOutlook, floe_outlook_free)

/**
 * FloeSessions:
 *
 * What the client of an open desktop tells the broker, and is told.
 *
 * Emits "measured" (const FloeSessionQuality *quality) when a client said something new of its
 * connection.
 */
#define FLOE_TYPE_SESSIONS (floe_sessions_get_type ())
G_DECLARE_FINAL_TYPE (FloeSessions, floe_sessions, FLOE, SESSIONS, GObject)

FloeSessions *floe_sessions_new (FloeStore *store, FloeKeeper *keeper, FloeClock *clock);

void floe_sessions_beat_async (FloeSessions *self, const FloeIdentity *identity,
                               const gchar *desktop_id, guint idle_seconds,
                               const FloeSessionQuality *quality, GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean floe_sessions_beat_finish (FloeSessions *self, GAsyncResult *result, GError **error);
void floe_sessions_look_async (FloeSessions *self, const FloeDesktop *desktop,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);
FloeOutlook *floe_sessions_look_finish (FloeSessions *self, GAsyncResult *result, GError **error);
void floe_sessions_act_async (FloeSessions *self, const FloeIdentity *identity,
                              const gchar *desktop_id, FloeOwnAct act, GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean floe_sessions_act_finish (FloeSessions *self, GAsyncResult *result, GError **error);

G_END_DECLS
