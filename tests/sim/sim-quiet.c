/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sim-book.h"

#include <string.h>

#include "sim-trouble.h"

/* What need not hold at each moment, but must come to hold soon. */
#define SOON  (6 * MINUTE)
#define LATER (20 * MINUTE)

static void
tell (Sim *sim, const gchar *rule, const FloeDesktop *desktop, const gchar *what)
{
  const SimDomain *domain = sim_world_find (sim->world, desktop->id);

  sim_violation (
      sim, rule,
      "%s (%s) of pool %s on %s: %s (power %s, guest %s, console %s, %s, intent %s, held by %s, "
      "problem %s; the domain is %s on %s, seen by %s)",
      desktop->name, desktop->id, desktop->pool, desktop->host, what,
      floe_power_name (desktop->facts.power), floe_guest_name (desktop->facts.guest),
      floe_console_name (desktop->facts.console), floe_clean_name (desktop->facts.clean),
      floe_intent_name (desktop->facts.intent),
      desktop->lease != NULL ? desktop->lease->holder_name : "nobody",
      desktop->problem != NULL ? desktop->problem : "none",
      domain != NULL ? floe_power_name (domain->facts->power) : "gone",
      domain != NULL ? domain->facts->host : "no host",
      domain != NULL && domain->viewer != NULL ? domain->viewer : "nobody");
}

static gboolean
is_settled (Sim *sim, const gchar *name)
{
  const SimHost *host = sim_world_get_host (sim->world, name);
  gint64 now = sim_elapsed_now (sim);

  return host->up && host->known && now - host->changed > SOON && now - sim->began > SOON;
}

/* Whether @wrong was so at each look for at least @patience. */
static gboolean
lasts (Sim *sim, const FloeDesktop *desktop, const gchar *what, gboolean wrong, gint64 patience)
{
  GHashTable *since = sim->book->wrong_since;
  g_autofree gchar *key = g_strdup_printf ("%s %s", desktop->id, what);
  gint64 now = sim_elapsed_now (sim);
  gint64 *begun;

  if (!wrong)
    {
      g_hash_table_remove (since, key);
      return FALSE;
    }
  begun = g_hash_table_lookup (since, key);
  if (begun == NULL)
    {
      begun = g_new (gint64, 1);
      *begun = now;
      g_hash_table_insert (since, g_steal_pointer (&key), begun);
    }
  else if (now - *begun > patience)
    {
      *begun = G_MAXINT64 / 2; /* told once */
      return TRUE;
    }
  return FALSE;
}

/* Rule 5. */
static void
check_intent (Sim *sim, const FloeDesktop *desktop, gboolean settled)
{
  gboolean idle = desktop->facts.intent != FLOE_INTENT_NONE && settled
                  && !sim_manager_is_busy_with (sim->world, desktop->id)
                  && !sim_manager_is_full (sim->world, desktop->host)
                  && floe_keeper_get_place (sim->keeper, desktop->id) == 0
                  && (desktop->target == NULL || is_settled (sim, desktop->target));

  if (lasts (sim, desktop, "intent", idle, LATER))
    tell (sim, "rule 5", desktop, "nobody does what is under way");
}

/* Rule 11. */
static void
check_console (Sim *sim, const FloeDesktop *desktop, const SimDomain *domain, gboolean settled)
{
  gboolean connected = desktop->facts.console == FLOE_CONSOLE_CONNECTED;
  gboolean seen = domain != NULL && domain->viewer != NULL;

  if (lasts (sim, desktop, "console", settled && connected != seen, SOON))
    tell (sim, "rule 11", desktop, "its console is not what the display says");
}

static void
check_power (Sim *sim, const FloeDesktop *desktop, const SimDomain *domain, gboolean settled)
{
  FloePower power = domain != NULL ? domain->facts->power : FLOE_POWER_OFF;
  gboolean is_down = power == FLOE_POWER_OFF || power == FLOE_POWER_CRASHED;
  gboolean told_down =
      desktop->facts.power == FLOE_POWER_OFF || desktop->facts.power == FLOE_POWER_CRASHED;
  gboolean same = power == desktop->facts.power || (is_down && told_down);

  if (lasts (sim, desktop, "power", settled && !same && desktop->facts.intent == FLOE_INTENT_NONE,
             SOON))
    tell (sim, "power", desktop, "its power is not what its host says");
}

static gpointer
get_desktop (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_get_desktop (tx, input, error);
}

static gboolean
is_worked_on (Sim *sim, const gchar *id)
{
  g_autoptr (FloeDesktop) desktop = sim_store_run (sim->store_keeper, get_desktop, id, NULL);

  return desktop != NULL && desktop->maintenance;
}

/* A clone whose first boot does not end makes way for another one. */
static void
check_first_boot (Sim *sim, const FloeDesktop *desktop, gboolean settled)
{
  gboolean boots =
      settled && desktop->made && !desktop->prepared && desktop->facts.power == FLOE_POWER_ON
      && desktop->facts.intent == FLOE_INTENT_NONE && desktop->facts.clean != FLOE_CLEAN_BROKEN;

  /* Whoever works on it has it left alone. */
  if (lasts (sim, desktop, "first boot", boots, LATER) && !is_worked_on (sim, desktop->id))
    tell (sim, "personality", desktop, "its first boot does not end, and nobody cares");
}

/* A floating desktop that nobody has becomes clean, or is tried again and again. */
static void
check_reset (Sim *sim, const FloeDesktop *desktop, const SimDomain *domain, gboolean settled)
{
  gboolean left = settled && domain != NULL && desktop->kind == FLOE_POOL_FLOATING
                  && desktop->lease == NULL && desktop->facts.intent == FLOE_INTENT_NONE
                  && desktop->facts.clean == FLOE_CLEAN_DIRTY && desktop->refusal == NULL;

  if (lasts (sim, desktop, "reset", left, LATER))
    tell (sim, "rule 2", desktop, "nobody resets it");
}

/* Desktops and pools that are worked on, as the store has them. */

typedef struct
{
  GPtrArray *desktops; /* FloeDesktop */
  gint64 now;
} Looked;

/* Whoever works on it may start one that is kept, from outside. */
static gboolean
is_overdue (const FloeMaintenance *found, const FloeDesktop *desktop, gint64 now)
{
  return found != NULL && floe_maintenance_is_over (found, now)
         && (desktop->kind == FLOE_POOL_FLOATING || desktop->times[0] < found->ends);
}

static gpointer
list_overdue (FloeTx *tx, gconstpointer input, GError **error)
{
  const Looked *looked = input;
  g_autoptr (GHashTable) overdue = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < looked->desktops->len; i++)
    {
      const FloeDesktop *known = looked->desktops->pdata[i];
      g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, known->id, NULL);
      g_autoptr (FloeMaintenance) own = NULL;
      g_autoptr (FloeMaintenance) of_pool = NULL;

      if (desktop == NULL || desktop->lease == NULL
          || !floe_tx_find_maintenance (tx, desktop->id, NULL, &own, error)
          || !floe_tx_find_maintenance (tx, NULL, desktop->pool, &of_pool, error))
        continue;
      if (is_overdue (own, desktop, looked->now) || is_overdue (of_pool, desktop, looked->now))
        g_hash_table_add (overdue, known->id);
    }
  return g_steal_pointer (&overdue);
}

/* Whoever had their time is out: a floating desktop is taken back, one that is kept is off. */
static void
check_maintenance (Sim *sim, GPtrArray *desktops)
{
  const Looked looked = { desktops, sim_time (sim) };
  g_autoptr (GHashTable) overdue = sim_store_run (sim->store_keeper, list_overdue, &looked, NULL);

  for (guint i = 0; overdue != NULL && i < desktops->len; i++)
    {
      const FloeDesktop *desktop = desktops->pdata[i];
      const FloeFacts *facts = &desktop->facts;
      gboolean stays = g_hash_table_contains (overdue, desktop->id)
                       && is_settled (sim, desktop->host) && facts->intent == FLOE_INTENT_NONE
                       && facts->lease == FLOE_LEASE_HELD
                       && (desktop->kind == FLOE_POOL_FLOATING || facts->power == FLOE_POWER_ON);

      if (lasts (sim, desktop, "maintenance", stays, LATER))
        tell (sim, "maintenance", desktop, "its time is over, and somebody is still in it");
    }
}

/* Rule 8. */
static void
check_timers (Sim *sim)
{
  gint64 now = sim_elapsed_now (sim);
  GHashTableIter iter;
  gpointer value;

  if (now - sim->began < SOON || now - sim->trouble->last_jump < SOON)
    return;
  g_hash_table_iter_init (&iter, sim->book->timers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      FloeTimer *timer = value;

      if (timer->due > sim_time (sim) - 3 * MINUTE)
        continue;
      sim_violation (sim, "rule 8", "timer %s of %s is overdue by %" G_GINT64_FORMAT " s",
                     timer->kind, timer->subject, (sim_time (sim) - timer->due) / SECOND);
      timer->due = G_MAXINT64; /* told once */
    }
}

/* What the broker made, it knows. */
static void
check_domains (Sim *sim)
{
  for (guint i = 0; i < sim->world->domains->len; i++)
    {
      const SimDomain *domain = sim->world->domains->pdata[i];
      const FloeDesktop *desktop = sim_book_find (sim->book, domain->facts->id);
      g_autoptr (FloeDesktop) stranger = NULL;

      if (!domain->facts->made)
        continue;
      if (desktop == NULL)
        {
          stranger = floe_desktop_new (domain->facts->id, domain->facts->name, "none");
          stranger->host = g_strdup (domain->facts->host);
        }
      if (lasts (sim, desktop != NULL ? desktop : stranger, "known",
                 desktop == NULL && is_settled (sim, domain->facts->host), LATER))
        sim_violation (sim, "rule 5", "%s on %s was made and forgotten", domain->facts->name,
                       domain->facts->host);
    }
}

/* Rule 7: when nothing was wrong for long, an open pool that may still grow has its spares. */

static gboolean
is_calm (Sim *sim)
{
  for (guint i = 0; i < N_HOSTS; i++)
    if (!is_settled (sim, sim->world->hosts[i].name) || sim->world->hosts[i].full
        || sim->world->hosts[i].draining)
      return FALSE;
  return sim_elapsed_now (sim) - sim->world->last_fault > HOUR
         && sim_elapsed_now (sim) - sim->trouble->last_jump > HOUR
         && sim_elapsed_now (sim) - sim->trouble->last_set > HOUR;
}

static void
check_spares (Sim *sim, const FloePool *pool, gboolean calm)
{
  const FloePoolState *state = g_hash_table_lookup (sim->book->states, pool->name);
  GHashTableIter iter;
  gpointer value;
  guint spares = 0, total = 0;
  guint maximum = pool->template != NULL ? pool->template->maximum : 0;
  g_autoptr (FloeDesktop) name = floe_desktop_new (pool->name, pool->name, pool->name);

  g_hash_table_iter_init (&iter, sim->book->desktops);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const FloeDesktop *desktop = value;

      if (strcmp (desktop->pool, pool->name) != 0)
        continue;
      total++;
      spares += desktop->lease == NULL && desktop->facts.clean != FLOE_CLEAN_BROKEN
                && (desktop->facts.intent == FLOE_INTENT_START
                    || desktop->facts.intent == FLOE_INTENT_CREATE
                    || (desktop->facts.intent == FLOE_INTENT_NONE
                        && desktop->facts.power == FLOE_POWER_ON));
    }
  if (lasts (sim, name, "spares",
             calm && !pool->closed && spares < pool->spares && total < maximum
                 && (state == NULL || state->failures == 0),
             HOUR))
    sim_violation (sim, "rule 7", "pool %s has %u spares of %u, and %u desktops of %u", pool->name,
                   spares, pool->spares, total, maximum);
}

static void
check_pools (Sim *sim)
{
  gboolean calm = is_calm (sim);
  GHashTableIter iter;
  gpointer pool;

  g_hash_table_iter_init (&iter, sim->book->pools);
  while (g_hash_table_iter_next (&iter, NULL, &pool))
    check_spares (sim, pool, calm);
}

/* Looks at everything, which costs too much to do it after each event. */
void
sim_check_quiet (Sim *sim)
{
  g_autoptr (GPtrArray) desktops = sim_book_list (sim->book);

  if (sim->life == 0 || sim->doomed)
    return;
  for (guint i = 0; i < desktops->len; i++)
    {
      const FloeDesktop *desktop = desktops->pdata[i];
      const SimDomain *domain = sim_world_find (sim->world, desktop->id);
      gboolean settled = is_settled (sim, desktop->host);

      check_intent (sim, desktop, settled);
      check_console (sim, desktop, domain, settled);
      check_power (sim, desktop, domain, settled);
      check_reset (sim, desktop, domain, settled);
      check_first_boot (sim, desktop, settled);
    }
  check_maintenance (sim, desktops);
  check_domains (sim);
  check_pools (sim);
  check_timers (sim);
}

/* The book against the store. */

static gpointer
list_all (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeDesktopFilter filter = { .limit = 100000 };

  return floe_tx_list_desktops (tx, &filter, error);
}

void
sim_book_compare (SimBook *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = sim_store_run (self->sim->store_keeper, list_all, NULL, &error);

  g_assert_no_error (error);
  if (list->len != g_hash_table_size (self->desktops))
    sim_violation (self->sim, "the book", "%u desktops in the store, and %u in the book", list->len,
                   g_hash_table_size (self->desktops));
  for (guint i = 0; i < list->len; i++)
    {
      const FloeDesktop *stored = list->pdata[i];
      const FloeDesktop *noted = sim_book_find (self, stored->id);

      if (noted == NULL || memcmp (&noted->facts, &stored->facts, sizeof stored->facts) != 0
          || g_strcmp0 (noted->lease != NULL ? noted->lease->holder : NULL,
                        stored->lease != NULL ? stored->lease->holder : NULL)
                 != 0)
        tell (self->sim, "the book", stored, "it is not in the book as it is in the store");
    }
}
