/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/store.h"

/* The store's part in limiting how often a password may be guessed. */

/**
 * floe_tx_count_tries:
 * @counts: (out): cleared by the caller
 */
gboolean
floe_tx_count_tries (FloeTx *self, const FloeTryQuery *query, FloeTryCounts *counts, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->count_tries (self, query, counts, error);
}

/**
 * floe_tx_count_held_back:
 * @held: (out caller-allocates): how many
 */
gboolean
floe_tx_count_held_back (FloeTx *self, const FloeTryLimits *limits, FloeHeldBack *held,
                         GError **error)
{
  return FLOE_TX_GET_IFACE (self)->count_held_back (self, limits, held, error);
}

/**
 * floe_tx_take_try:
 * @taken: (out): whether there was one left for that person. Who takes the last one at the same
 *   moment waits until this transaction ends, and does not get it then
 */
gboolean
floe_tx_take_try (FloeTx *self, const FloeTry *one, gboolean *taken, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->take_try (self, one, taken, error);
}

/**
 * floe_tx_give_back_try:
 * @one: that was taken, and was none
 */
gboolean
floe_tx_give_back_try (FloeTx *self, const FloeTry *one, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->give_back_try (self, one, error);
}

/**
 * floe_tx_put_network_try:
 * @since: a count that began before begins anew
 */
gboolean
floe_tx_put_network_try (FloeTx *self, const gchar *network, gint64 at, gint64 since,
                         GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_network_try (self, network, at, since, error);
}

gboolean
floe_tx_delete_tries_of (FloeTx *self, const gchar *person, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->delete_tries_of (self, person, error);
}

/**
 * floe_tx_put_known_name:
 * @name: a name, or what like names have in common
 *
 * Records whom a directory means by a name, so that all the names of one person count together.
 */
gboolean
floe_tx_put_known_name (FloeTx *self, const gchar *name, const gchar *user_id, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_known_name (self, name, user_id, error);
}

/**
 * floe_tx_put_known_network:
 * @network: or a terminal, see #FloeTryCounts
 */
gboolean
floe_tx_put_known_network (FloeTx *self, const gchar *user_id, const gchar *network, gint64 now,
                           GError **error)
{
  return FLOE_TX_GET_IFACE (self)->put_known_network (self, user_id, network, now, error);
}

/**
 * floe_tx_prune_tries:
 * @before: tries of people and networks that had none since are forgotten
 * @unseen_since: and networks from which somebody has not logged in since
 */
gboolean
floe_tx_prune_tries (FloeTx *self, gint64 before, gint64 unseen_since, GError **error)
{
  return FLOE_TX_GET_IFACE (self)->prune_tries (self, before, unseen_since, error);
}
