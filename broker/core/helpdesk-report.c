/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/date.h"
#include "core/helpdesk-transactions.h"
#include "core/pool-schedule.h"

/* With one pool; there may be a hundred thousand, of which a list tells page by page. */
#define SHOWN_DESKTOPS 1000

void
floe_pool_report_free (FloePoolReport *self)
{
  if (self == NULL)
    return;
  floe_pool_free (self->pool);
  floe_maintenance_free (self->maintenance);
  floe_pool_state_free (self->state);
  g_clear_pointer (&self->revisions, g_ptr_array_unref);
  g_free (self->problem);
  g_clear_pointer (&self->desktops, g_ptr_array_unref);
  g_free (self);
}

static guint *
get_slot (FloePoolReport *report, const FloeDesktopCount *count)
{
  const FloeFacts *facts = &count->facts;

  if (facts->lease == FLOE_LEASE_HELD)
    return &report->held;
  if (!count->usable)
    return &report->refused;
  if (facts->clean == FLOE_CLEAN_BROKEN)
    return &report->broken;
  if (facts->intent != FLOE_INTENT_NONE
      || (report->pool->kind == FLOE_POOL_FLOATING && !floe_pool_is_engine (report->pool)
          && facts->clean != FLOE_CLEAN_CLEAN))
    return &report->dirty;
  return facts->power == FLOE_POWER_ON || facts->power == FLOE_POWER_OFF ? &report->free
                                                                         : &report->broken;
}

static gboolean
is_up (const FloeFacts *facts)
{
  return facts->power == FLOE_POWER_ON
         && (facts->guest == FLOE_GUEST_READY || facts->guest == FLOE_GUEST_LOGGED_IN);
}

static void
count (FloePoolReport *report, const FloeDesktopCount *some)
{
  guint *slot = get_slot (report, some);

  report->total += some->n;
  *slot += some->n;
  if (slot == &report->free && is_up (&some->facts))
    report->ready += some->n;
  if (some->facts.intent == FLOE_INTENT_START)
    report->starting += some->n;
  if (some->facts.intent == FLOE_INTENT_CREATE)
    report->making += some->n;
}

static const FloeDesktop *
find_refused (GPtrArray *desktops)
{
  for (guint i = 0; desktops != NULL && i < desktops->len; i++)
    if (((FloeDesktop *)desktops->pdata[i])->refusal != NULL)
      return desktops->pdata[i];
  return NULL;
}

static const FloeRevision *
find_unmade (GPtrArray *revisions)
{
  for (guint i = 0; revisions != NULL && i < revisions->len; i++)
    {
      const FloeRevision *one = revisions->pdata[i];

      if (one->state == FLOE_REVISION_MAKING && one->problem != NULL)
        return one;
    }
  return NULL;
}

/**
 * floe_pool_report_count:
 * @report: of a pool, without numbers
 * @counts: (element-type FloeDesktopCount): all of its desktops
 *
 * Fills in the numbers.
 */
void
floe_pool_report_count (FloePoolReport *report, GPtrArray *counts)
{
  for (guint i = 0; i < counts->len; i++)
    count (report, counts->pdata[i]);
}

/* What an administrator can do something about. */
static gchar *
find_problem (const FloePoolReport *report)
{
  const FloePool *pool = report->pool;
  const FloeDesktop *refused = find_refused (report->desktops);
  const FloeRevision *unmade = find_unmade (report->revisions);

  if (report->state->problem != NULL)
    return g_strdup (report->state->problem);
  if (unmade != NULL)
    return g_strdup_printf ("its template: %s", unmade->problem);
  if (report->total == 0 && floe_pool_is_engine (pool))
    return g_strdup_printf ("no engine %s has told of desktops in a pool \"%s\"", pool->manager,
                            pool->engine_pool);
  if (report->total == 0 && pool->template == NULL && pool->pattern != NULL)
    return g_strdup_printf ("no domain of any host matches the pattern \"%s\"", pool->pattern);
  if (report->total == 0 && pool->template == NULL)
    return g_strdup_printf ("no domain of any host names pool %s in its metadata", pool->name);
  if (pool->groups[0] == NULL && pool->users[0] == NULL)
    return g_strdup ("nobody is entitled to it");
  if (refused != NULL)
    return g_strdup_printf ("%u of %u desktops cannot be lent; %s: %s", report->refused,
                            report->total, refused->name, refused->refusal);
  if (report->refused > 0)
    return g_strdup_printf ("%u of %u desktops cannot be lent", report->refused, report->total);
  if (report->broken > 0)
    return g_strdup_printf ("%u of %u desktops are broken", report->broken, report->total);
  return NULL;
}

static guint
count_wanted (const FloePool *pool, gint64 now)
{
  g_autoptr (GDateTime) local =
      g_date_time_new_from_unix_local (floe_date_of (now) / G_USEC_PER_SEC);
  gint64 until;

  return pool->closed && pool->drain ? 0 : floe_pool_spares_at (pool, local, &until);
}

/* Where people sit is told by the terminal's name; an unknown certificate by its fingerprint. */
static void
name_terminals (GPtrArray *desktops, GPtrArray *terminals)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < terminals->len; i++)
    {
      const FloeTerminal *terminal = terminals->pdata[i];

      if (terminal->fingerprint != NULL)
        g_hash_table_insert (names, terminal->fingerprint, terminal->name);
    }
  for (guint i = 0; i < desktops->len; i++)
    {
      FloeLease *lease = ((FloeDesktop *)desktops->pdata[i])->lease;
      const gchar *name = lease != NULL && lease->terminal != NULL
                              ? g_hash_table_lookup (names, lease->terminal)
                              : NULL;

      if (name == NULL)
        continue;
      g_free (lease->terminal);
      lease->terminal = g_strdup (name);
    }
}

static GPtrArray *
list_desktops (FloeTx *tx, const FloePool *pool, GError **error)
{
  g_autoptr (GPtrArray) desktops =
      floe_tx_list_first_desktops (tx, pool->name, SHOWN_DESKTOPS, error);
  g_autoptr (GPtrArray) terminals = desktops != NULL ? floe_tx_list_terminals (tx, error) : NULL;

  if (terminals == NULL)
    return NULL;
  name_terminals (desktops, terminals);
  return g_steal_pointer (&desktops);
}

/**
 * floe_pool_report_read:
 * @pool: the pool as it is, or is to be
 * @now: microseconds since 1970 UTC
 * @with_desktops: the first thousand of them, too, by name; the numbers cost one pass in the store,
 *   however many there are
 *
 * Returns: (transfer full): the report; or %NULL with a store's error
 */
FloePoolReport *
floe_pool_report_read (FloeTx *tx, const FloePool *pool, gint64 now, gboolean with_desktops,
                       GError **error)
{
  g_autoptr (FloePoolReport) report = g_new0 (FloePoolReport, 1);
  g_autoptr (GPtrArray) counts = floe_tx_count_desktops (tx, pool->name, now, error);

  report->pool = floe_pool_copy (pool);
  if (counts == NULL || (report->state = floe_tx_get_pool_state (tx, pool->name, error)) == NULL
      || (report->revisions = floe_tx_list_revisions (tx, pool->name, error)) == NULL
      || !floe_tx_find_maintenance (tx, NULL, pool->name, &report->maintenance, error))
    return NULL;
  if (with_desktops && (report->desktops = list_desktops (tx, pool, error)) == NULL)
    return NULL;
  floe_pool_report_count (report, counts);
  report->wanted = count_wanted (pool, now);
  report->problem = find_problem (report);
  return g_steal_pointer (&report);
}
