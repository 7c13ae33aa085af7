/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in second factors. */

void
floe_challenge_free (FloeChallenge *self)
{
  if (self == NULL)
    return;
  g_free (self->hash);
  floe_user_free (self->user);
  g_free (self->address);
  g_free (self->terminal);
  g_free (self);
}

void
floe_factor_free (FloeFactor *self)
{
  if (self == NULL)
    return;
  g_free (self->sealed);
  g_free (self);
}

/**
 * floe_tx_put_challenge:
 * @challenge: a new one; its user is in the store
 */
gboolean
floe_tx_put_challenge (FloeTx *self, const FloeChallenge *challenge, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_challenge (self, challenge, error);
}

/**
 * floe_tx_get_challenge:
 *
 * Returns: (transfer full): it; or %NULL with %FLOE_ERROR_NOT_FOUND or a store's error
 */
FloeChallenge *
floe_tx_get_challenge (FloeTx *self, const gchar *hash, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_challenge (self, hash, error);
}

/**
 * floe_tx_take_code_try:
 * @hash: of a challenge
 * @most: how many codes it may be answered with
 * @taken: (out): whether there was one left. Who takes the last one at the same moment waits until
 *   this transaction ends, and does not get it then
 */
gboolean
floe_tx_take_code_try (FloeTx *self, const gchar *hash, gint64 now, guint most, gboolean *taken,
                       GError **error)
{
  return FLOE_TX_GET_IFACE (self)->take_code_try (self, hash, now, most, taken, error);
}

gboolean
floe_tx_delete_challenge (FloeTx *self, const gchar *hash, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_challenge (self, hash, error);
}

/**
 * floe_tx_prune_challenges:
 * @before: those that ended until then are forgotten
 */
gboolean
floe_tx_prune_challenges (FloeTx *self, gint64 before, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->prune_challenges (self, before, error);
}

/**
 * floe_tx_get_factor:
 *
 * Returns: (transfer full): theirs; or %NULL with %FLOE_ERROR_NOT_FOUND or a store's error
 */
FloeFactor *
floe_tx_get_factor (FloeTx *self, const gchar *user_id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->get_factor (self, user_id, error);
}

/**
 * floe_tx_put_factor:
 * @sealed: a new secret, which is not confirmed yet
 * @put: (out): %FALSE when they have a confirmed one, which stays
 */
gboolean
floe_tx_put_factor (FloeTx *self, const gchar *user_id, const gchar *sealed, gboolean *put,
                    GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_factor (self, user_id, sealed, put, error);
}

/**
 * floe_tx_confirm_factor:
 * @sealed: the one that the code was checked with
 * @step: of the code
 * @done: (out): %FALSE when it is not that one any more, or is confirmed already
 */
gboolean
floe_tx_confirm_factor (FloeTx *self, const gchar *user_id, const gchar *sealed, gint64 now,
                        gint64 step, gboolean *done, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->confirm_factor (self, user_id, sealed, now, step, done, error);
}

/**
 * floe_tx_use_step:
 * @step: of a right code
 * @sealed: how the secret is to be kept from now on
 * @used: (out): whether this is the first use of it, and no later one was used. One statement
 *   decides, so that of many at once one is the first
 */
gboolean
floe_tx_use_step (FloeTx *self, const gchar *user_id, gint64 step, const gchar *sealed,
                  gboolean *used, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->use_step (self, user_id, step, sealed, used, error);
}

/**
 * floe_tx_delete_factor:
 * @deleted: (out): whether there was one, confirmed or not
 *
 * Forgets it, with its recovery codes and all challenges of that person.
 */
gboolean
floe_tx_delete_factor (FloeTx *self, const gchar *user_id, gboolean *deleted, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_factor (self, user_id, deleted, error);
}

gboolean
floe_tx_put_recovery_code (FloeTx *self, const gchar *user_id, const gchar *hash, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_recovery_code (self, user_id, hash, error);
}

/**
 * floe_tx_take_recovery_code:
 * @taken: (out): whether it was theirs; it is not any more
 */
gboolean
floe_tx_take_recovery_code (FloeTx *self, const gchar *user_id, const gchar *hash, gboolean *taken,
                            GError **error)
{
  return FLOE_TX_GET_IFACE (self)->take_recovery_code (self, user_id, hash, taken, error);
}
