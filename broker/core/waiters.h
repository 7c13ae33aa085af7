/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/connect-request.h"
#include "core/desktop.h"
#include "core/visit.h"

G_BEGIN_DECLS

/**
 * FloeWaiter:
 * @request: what their client follows
 * @another: a further desktop was asked for
 * @own: they wait for one that was theirs before they asked
 * @tries: how many desktops were tried
 * @began: when they asked; elapsed microseconds: the time of day may be set
 * @given: since when they have a desktop
 * @since: of the request's state; -1 before a desktop's first one
 * @took: how long each phase took that is over, as in #FloeVisit
 * @fetched: a connect came for what is ready
 * @claiming: a further claim is under way
 * @over_since: when it was first seen that they wait no more; 0 while they do
 * @desktop_id: (nullable): the one that they were given
 *
 * Somebody in the waiting room.
 */
typedef struct
{
  FloeConnectRequest *request;
  gboolean another;
  gboolean own;
  guint tries;
  gint64 began;
  gint64 given;
  gint64 since;
  gint64 took[FLOE_N_PHASES];
  gboolean fetched;
  gboolean claiming;
  gint64 over_since;
  gchar *desktop_id;
} FloeWaiter;

/**
 * FloeWaiters:
 *
 * Those in the waiting room, found by request, by desktop and by log-in at once, however many they
 * are.
 */
typedef struct _FloeWaiters FloeWaiters;

FloeWaiters *floe_waiters_new (void);
void floe_waiters_free (FloeWaiters *self);
FloeWaiter *floe_waiters_add (FloeWaiters *self, FloeConnectRequest *request, gint64 began);
void floe_waiters_give (FloeWaiters *self, FloeWaiter *waiter, const FloeDesktop *desktop,
                        gint64 now);
FloeWaiter *floe_waiters_find (FloeWaiters *self, const gchar *request_id);
FloeWaiter *floe_waiters_find_open (FloeWaiters *self, const gchar *login_id, const gchar *pool,
                                    const gchar *desktop_id);
GPtrArray *floe_waiters_list (FloeWaiters *self, const gchar *desktop_id);
void floe_waiters_remove (FloeWaiters *self, FloeWaiter *waiter);

G_END_DECLS
