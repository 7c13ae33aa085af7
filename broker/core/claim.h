/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/display.h"
#include "core/transition.h"

G_BEGIN_DECLS

/**
 * FloeConnectWish:
 * @another: not one that they have, but a further one, if the pool allows it
 * @desktop_id: (nullable): this one of those that they have
 *
 * What somebody wants, beside a desktop. With neither they get one that they have, or else one.
 */
typedef struct
{
  gboolean another;
  const gchar *desktop_id;
} FloeConnectWish;

/**
 * FloeClaimInput:
 * @identity: who asks
 * @pool: for a desktop of which pool
 * @another: see #FloeConnectWish
 * @desktop_id: (nullable): see #FloeConnectWish
 * @now: microseconds since 1970 UTC
 * @ticket_until: the end of the ticket that the caller will set if the desktop is ready
 * @reconnect_hash: the hash of the reconnect token that it will hand out then
 * @reconnect_ends: when that token ends in any case
 * @domain: (nullable): what an engine gave for them
 */
typedef struct
{
  FloeIdentity *identity;
  gchar *pool;
  gboolean another;
  gchar *desktop_id;
  gint64 now;
  gint64 ticket_until;
  gchar *reconnect_hash;
  gint64 reconnect_ends;
  FloeDomain *domain;
} FloeClaimInput;

FloeSecret *floe_claim_new_reconnect_token (void);
FloeClaimInput *floe_claim_input_new (const FloeIdentity *identity, const gchar *pool,
                                      const FloeConnectWish *wish, gint64 now,
                                      const FloeTicket *ticket, const FloeSecret *reconnect);
void floe_claim_input_free (FloeClaimInput *self);

/**
 * FloeClaim:
 * @refusal: (nullable): why nothing was given; the refusal is recorded, and the rest is unset
 * @queued: nothing is left for them now: they stand in the pool's line, and the rest is unset
 * @asks_engine: (nullable): the pool, whose engine is to be asked for a desktop: see
 *   floe_claim_allocated_async(); the rest is unset
 * @held: (nullable): with it, where the broker's own account has them for good: ids of those that
 * they have of it, or that are still to be taken from them
 * @engine_token: (nullable): with it: what their log-in got there, sealed
 * @change: what became of the desktop
 * @taken: they did not have it before
 * @ready: its display is worth opening: the ticket is recorded and must be set now
 * @was_connected: somebody looked at it, who is to be cut off
 * @keeps_data: something of what its user does is kept after log-out
 * @actions: (nullable): what they may do with it, as in #FloePool
 * @policy: the pool's
 * @by_service: its engine has given it to the broker's own account for them
 *
 * What came of a claim.
 */
typedef struct
{
  GError *refusal;
  gboolean queued;
  FloePool *asks_engine;
  GStrv held;
  gchar *engine_token;
  FloeChange *change;
  gboolean taken;
  gboolean ready;
  gboolean was_connected;
  gboolean keeps_data;
  GStrv actions;
  FloePolicy *policy;
  gboolean by_service;
} FloeClaim;

void floe_claim_free (FloeClaim *self);
GPtrArray *floe_claim_list_held (FloeTx *tx, const FloePool *pool, const gchar *user_id,
                                 GError **error);
guint floe_claim_find_slot (const FloePool *pool, GPtrArray *held, GError **error);
FloeChange *floe_claim_for_line (FloeTx *tx, const FloeWait *wait, gint64 now, GError **error);
gboolean floe_claim_fresh (FloeTx *tx, const FloeDesktop *desktop, FloeIdentity *identity,
                           gint64 now, FloeChange **released, FloeChange **taken, GError **error);
gpointer floe_claim (FloeTx *tx, gconstpointer input, GError **error);
void floe_claim_async (FloeStore *store, FloeClaimInput *input, GAsyncReadyCallback callback,
                       gpointer user_data);
void floe_claim_allocated_async (FloeStore *store, FloeClaimInput *input, const FloeDomain *domain,
                                 GAsyncReadyCallback callback, gpointer user_data);
void floe_claim_give_back_async (FloeStore *store, const FloeIdentity *identity, const gchar *pool,
                                 const FloeDomain *domain, gint64 now, GAsyncReadyCallback callback,
                                 gpointer user_data);
FloeClaim *floe_claim_finish (FloeStore *store, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeClaim, floe_claim_free)

G_END_DECLS
