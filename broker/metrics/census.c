/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "metrics/census.h"

/**
 * floe_desktop_state_word:
 *
 * Returns: (transfer none): the value of the label "state"
 */
const gchar *
floe_desktop_state_word (FloeDesktopState state)
{
  static const gchar *const words[] = { "host-lost", "broken",  "making", "resetting", "moving",
                                        "lent",      "refused", "dirty",  "resting",   "stopping",
                                        "starting",  "ready",   "off" };

  return words[state];
}

static gboolean
is_starting (const FloeFacts *facts)
{
  return facts->intent == FLOE_INTENT_START || facts->power == FLOE_POWER_STARTING
         || (facts->power == FLOE_POWER_ON && facts->guest == FLOE_GUEST_BOOTING);
}

/* Of those that nobody has and nothing is wrong with. */
static FloeDesktopState
judge_power (const FloeFacts *facts)
{
  if (facts->intent == FLOE_INTENT_STOP || facts->power == FLOE_POWER_STOPPING)
    return FLOE_DESKTOP_STOPPING;
  if (is_starting (facts))
    return FLOE_DESKTOP_STARTING;
  return facts->power == FLOE_POWER_ON ? FLOE_DESKTOP_READY : FLOE_DESKTOP_OFF;
}

/**
 * floe_census_judge:
 * @count: desktops that are alike
 * @kind: their pool's kind
 *
 * Returns: what all of them count for
 */
FloeDesktopState
floe_census_judge (const FloeDesktopCount *count, FloePoolKind kind)
{
  const FloeFacts *facts = &count->facts;

  if (facts->power == FLOE_POWER_UNKNOWN)
    return FLOE_DESKTOP_HOST_LOST;
  if (facts->clean == FLOE_CLEAN_BROKEN && facts->intent == FLOE_INTENT_NONE)
    return FLOE_DESKTOP_BROKEN;
  if (facts->intent == FLOE_INTENT_CREATE)
    return FLOE_DESKTOP_MAKING;
  if (facts->intent == FLOE_INTENT_RESET || facts->intent == FLOE_INTENT_REMOVE)
    return FLOE_DESKTOP_RESETTING;
  if (facts->intent == FLOE_INTENT_MOVE)
    return FLOE_DESKTOP_MOVING;
  if (facts->lease == FLOE_LEASE_HELD)
    return FLOE_DESKTOP_LENT;
  if (!count->usable)
    return FLOE_DESKTOP_REFUSED;
  if (kind == FLOE_POOL_FLOATING && facts->clean != FLOE_CLEAN_CLEAN)
    return FLOE_DESKTOP_DIRTY;
  return count->resting ? FLOE_DESKTOP_RESTING : judge_power (facts);
}

static gboolean
count_pool (FloeTx *tx, const FloePool *pool, gint64 now, FloePoolCount *sum, GError **error)
{
  g_autoptr (GPtrArray) counts = floe_tx_count_desktops (tx, pool->name, now, error);

  for (guint i = 0; counts != NULL && i < counts->len; i++)
    {
      const FloeDesktopCount *count = counts->pdata[i];

      sum->n[floe_census_judge (count, pool->kind)] += count->n;
    }
  return counts != NULL;
}

static void
pool_count_free (gpointer data)
{
  FloePoolCount *count = data;

  g_free (count->pool);
  g_free (count);
}

void
floe_census_free (FloeCensus *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->pools, g_ptr_array_unref);
  g_free (self);
}

static gboolean
count_pools (FloeTx *tx, gint64 now, GPtrArray *counts, GError **error)
{
  g_autoptr (GPtrArray) pools = floe_tx_list_pools (tx, error);

  for (guint i = 0; pools != NULL && i < pools->len; i++)
    {
      const FloePool *pool = pools->pdata[i];
      FloePoolCount *count = g_new0 (FloePoolCount, 1);

      count->pool = g_strdup (pool->name);
      g_ptr_array_add (counts, count);
      if (!count_pool (tx, pool, now, count, error))
        return FALSE;
    }
  return pools != NULL;
}

/**
 * floe_census_read:
 * @tx: a transaction that reads
 * @input: a #FloeCensusInput
 *
 * Counts the desktops of all pools, the terminals, and who is held back.
 *
 * Returns: (transfer full): a #FloeCensus
 */
gpointer
floe_census_read (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeCensusInput *in = input;
  g_autoptr (FloeCensus) census = g_new0 (FloeCensus, 1);

  census->pools = g_ptr_array_new_with_free_func (pool_count_free);
  return count_pools (tx, in->now, census->pools, error)
                 && floe_tx_count_terminals (tx, in->now, census->terminals, error)
                 && (!in->holds_back
                     || floe_tx_count_held_back (tx, &in->limits, &census->held, error))
             ? g_steal_pointer (&census)
             : NULL;
}
