/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeCause:
 * @now: microseconds since 1970 UTC
 * @identity: (nullable): who decided; %NULL for the broker itself
 * @detail: (nullable): more, for the audit row
 * @problem: (nullable): what went wrong, in words, with an event that says that something failed
 * @end_reason: (nullable): what the holder is told when this ends their session, see #FloeEnd
 *
 * Why something happens to a desktop.
 */
typedef struct
{
  gint64 now;
  const FloeIdentity *identity;
  const gchar *detail;
  const gchar *problem;
  const gchar *end_reason;
} FloeCause;

/**
 * FloeChange:
 * @desktop: as it is now
 * @actions: what the keeper must do once this is committed
 * @due: the earliest timer that was set, microseconds since 1970 UTC; 0 for none
 * @changed: whether anything about it changed at all
 * @act: what its guest's agent is to be asked for once this is committed; %FLOE_ACT_KEEP for
 * nothing
 * @act_timer: (nullable): the kind of the timer whose row stands until the agent answered
 * @act_due: when that row is due
 * @request: (nullable): the id of the request that this was done for, if any
 *
 * What events made of one desktop inside one transaction.
 */
typedef struct
{
  FloeDesktop *desktop;
  FloeActions actions;
  gint64 due;
  gboolean changed;
  FloePoolAct act;
  const gchar *act_timer;
  gint64 act_due;
  gchar *request;
} FloeChange;

FloeChange *floe_change_new (FloeDesktop *desktop);
void floe_change_free (FloeChange *self);
gboolean floe_change_event (FloeChange *self, FloeTx *tx, FloeEvent event, const FloeCause *cause,
                            GError **error);
gboolean floe_change_save (FloeChange *self, FloeTx *tx, GError **error);
gboolean floe_change_find_request (FloeChange *self, FloeTx *tx, const gchar *action,
                                   const gchar *outcome, GError **error);
gboolean floe_change_set_timer (FloeChange *self, FloeTx *tx, const gchar *kind, gint64 due,
                                GError **error);
FloeChange *floe_change_one (FloeTx *tx, const gchar *desktop_id, FloeEvent event,
                             const FloeCause *cause, GError **error);
FloeAudit *floe_cause_audit (const FloeCause *cause, const gchar *action, const gchar *object,
                             const gchar *outcome);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeChange, floe_change_free)

G_END_DECLS
