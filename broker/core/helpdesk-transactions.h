/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/helpdesk.h"

G_BEGIN_DECLS

/**
 * FloeAdminInput:
 * @actor: (nullable): who does it; %NULL for what only reads
 * @pool: (nullable): the pool as it is to be
 * @name: the pool's or host's name, or the desktop's id
 * @reason: (nullable): why, for the audit trail
 * @message: (nullable): what people are told
 * @minutes: until what is still lent is ended; 0 for never
 * @drain: what nobody has is switched off
 * @now: microseconds since 1970 UTC
 *
 * What the helpdesk's transactions are given: an owned copy, see #FloeTransaction.
 */
typedef struct
{
  FloeIdentity *actor;
  FloePool *pool;
  gchar *name;
  gchar *reason;
  gchar *message;
  guint minutes;
  gboolean drain;
  gint64 now;
} FloeAdminInput;

void floe_admin_input_free (FloeAdminInput *self);
gboolean floe_admin_put_row (FloeTx *tx, const FloeAdminInput *input, const gchar *action,
                             const gchar *object, const gchar *detail, GError **error);

FloePoolReport *floe_pool_report_read (FloeTx *tx, const FloePool *pool, gint64 now,
                                       gboolean with_desktops, GError **error);

gpointer floe_helpdesk_read_pools (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_read_pool (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_plan_pool (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_record_pool (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_record_deletion (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_record_release (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_read_audit (FloeTx *tx, gconstpointer input, GError **error);

G_END_DECLS
