/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/transition.h"

G_BEGIN_DECLS

/**
 * FloeKeeperEvent:
 * @desktop_id: to which desktop
 * @event: what happened
 * @now: microseconds since 1970 UTC
 * @only_with: the event is stale unless this intent is still open; NONE for any
 * @holder: (nullable): the event is stale unless this person has the desktop
 * @host: (nullable): where it happened
 * @timer: (nullable): the kind of the timer that brought it
 * @problem: (nullable): what went wrong, in words
 *
 * What the keeper's transactions are given: an owned copy, see #FloeTransaction.
 */
typedef struct
{
  gchar *desktop_id;
  FloeEvent event;
  gint64 now;
  FloeIntent only_with;
  gchar *holder;
  gchar *host;
  gchar *timer;
  gchar *problem;
} FloeKeeperEvent;

FloeKeeperEvent *floe_keeper_event_new (const gchar *desktop_id, FloeEvent event, gint64 now);
void floe_keeper_event_free (FloeKeeperEvent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeKeeperEvent, floe_keeper_event_free)

/* Each takes a #FloeKeeperEvent and returns (transfer full) the #FloeChange that it made. */
gpointer floe_keeper_record_event (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_keeper_record_gone (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_keeper_record_timer (FloeTx *tx, gconstpointer input, GError **error);

G_END_DECLS
