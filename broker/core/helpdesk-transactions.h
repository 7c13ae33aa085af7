/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/helpdesk.h"

G_BEGIN_DECLS

/**
 * FloeAdminInput:
 * @actor: (nullable): who does it; %NULL for what only reads
 * @pool: (nullable): the pool as it is to be
 * @name: the pool's name, or the desktop's id
 * @reason: (nullable): why, for the audit trail
 * @dry_run: only tell what would change
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
  gboolean dry_run;
  gint64 now;
} FloeAdminInput;

void floe_admin_input_free (FloeAdminInput *self);

gpointer floe_helpdesk_read_pools (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_read_pool (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_record_pool (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_record_deletion (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_record_release (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_helpdesk_read_audit (FloeTx *tx, gconstpointer input, GError **error);

G_END_DECLS
