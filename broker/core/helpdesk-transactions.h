/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/helpdesk-bulk.h"
#include "core/helpdesk.h"
#include "core/transition.h"

G_BEGIN_DECLS

/**
 * FloeAdminInput:
 * @actor: (nullable): who does it; %NULL for what reads what the route alone decides about
 * @groups: (nullable): what makes somebody what
 * @pool: (nullable): the pool as it is to be
 * @terminal: (nullable): the terminal as it is to be
 * @settings: (nullable): a terminal's or a group's as they are to be
 * @announcement: (nullable): as it is to be
 * @token: (nullable): as it is to be
 * @name: the pool's, host's or terminal's name, or the desktop's id
 * @user: (nullable): whom it is about: a log-in name that was seen here, or a user's id
 * @reason: (nullable): why, for the audit trail
 * @message: (nullable): what people are told
 * @minutes: until what is still lent, or the token, is ended; 0 for never
 * @drain: what nobody has is switched off
 * @source: (nullable): from which pool somebody is moved
 * @target: (nullable): and to which
 * @of_group: a group is moved
 * @deed: what is done with a desktop
 * @act: with %FLOE_BULK_ACT: what
 * @how: how far somebody is logged off
 * @now: microseconds since 1970 UTC
 *
 * What the helpdesk's transactions are given: an owned copy, see #FloeTransaction.
 */
typedef struct
{
  FloeIdentity *actor;
  FloeRoleGroups *groups;
  FloePool *pool;
  FloeTerminal *terminal;
  FloeTerminalSettings *settings;
  FloeAnnouncement *announcement;
  FloeApiToken *token;
  gchar *name;
  gchar *user;
  gchar *reason;
  gchar *message;
  guint minutes;
  gboolean drain;
  gchar *source;
  gchar *target;
  gboolean of_group;
  FloeBulkDeed deed;
  FloeDesktopAct act;
  FloeLogOff how;
  gint64 now;
} FloeAdminInput;

void floe_admin_input_free (FloeAdminInput *self);
gboolean floe_admin_put_outcome (FloeTx *tx, const FloeAdminInput *input, const gchar *action,
                                 const gchar *object, const gchar *outcome, const gchar *detail,
                                 GError **error);
gboolean floe_admin_put_row (FloeTx *tx, const FloeAdminInput *input, const gchar *action,
                             const gchar *object, const gchar *detail, GError **error);

/**
 * FloeDeed:
 * @refusal: (nullable): why it was not done; the refusal is recorded, and the rest is unset
 * @change: what became of the desktop
 *
 * What came of something that the staff does to a desktop.
 */
typedef struct
{
  GError *refusal;
  FloeChange *change;
} FloeDeed;

FloeDeed *floe_deed_new (FloeChange *change);
FloeDeed *floe_deed_new_failed (FloeTx *tx, const FloeAdminInput *input, const gchar *action,
                                const gchar *object, GError *why, GError **error);
FloeDeed *floe_deed_new_refused (FloeTx *tx, const FloeAdminInput *input, const gchar *action,
                                 const gchar *object, GError *refusal, GError **error);
void floe_deed_free (FloeDeed *self);
gboolean floe_admin_permit_help (FloeTx *tx, const FloeAdminInput *input,
                                 const FloeDesktop *desktop, GError **error);

void floe_pool_report_count (FloePoolReport *report, GPtrArray *counts);
FloePoolReport *floe_pool_report_read (FloeTx *tx, const FloePool *pool, gint64 now,
                                       gboolean with_desktops, GError **error);

gpointer floe_helpdesk_read_pools (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_read_pool (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_plan_pool (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_record_pool (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_record_deletion (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_record_release (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_record_act (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_record_message (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_record_maintenance (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_record_desktop_opening (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_record_move (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_record_log_off (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_explain (FloeTx *tx, gconstpointer input, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeDeed, floe_deed_free)

G_END_DECLS
