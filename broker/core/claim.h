/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/display.h"
#include "core/transition.h"

G_BEGIN_DECLS

/**
 * FloeClaimInput:
 * @identity: who asks
 * @pool: for a desktop of which pool
 * @now: microseconds since 1970 UTC
 * @ticket_until: the end of the ticket that the caller will set if the desktop is ready
 * @reconnect_hash: the hash of the reconnect token that it will hand out then
 * @reconnect_ends: when that token ends in any case
 */
typedef struct
{
  FloeIdentity *identity;
  gchar *pool;
  gint64 now;
  gint64 ticket_until;
  gchar *reconnect_hash;
  gint64 reconnect_ends;
} FloeClaimInput;

FloeSecret *floe_claim_new_reconnect_token (void);
FloeClaimInput *floe_claim_input_new (const FloeIdentity *identity, const gchar *pool, gint64 now,
                                      const FloeTicket *ticket, const FloeSecret *reconnect);
void floe_claim_input_free (FloeClaimInput *self);

/**
 * FloeClaim:
 * @refusal: (nullable): why nothing was given; the refusal is recorded, and the rest is unset
 * @change: what became of the desktop
 * @ready: its display is worth opening: the ticket is recorded and must be set now
 * @was_connected: somebody looked at it, who is to be cut off
 * @keeps_data: something of what its user does is kept after log-out
 *
 * What came of a claim.
 */
typedef struct
{
  GError *refusal;
  FloeChange *change;
  gboolean ready;
  gboolean was_connected;
  gboolean keeps_data;
} FloeClaim;

void floe_claim_free (FloeClaim *self);
gpointer floe_claim (FloeTx *tx, gconstpointer input, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeClaim, floe_claim_free)

G_END_DECLS
