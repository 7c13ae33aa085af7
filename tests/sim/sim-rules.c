/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sim-book.h"

#include <string.h>

#include "core/line.h"
#include "sim-world.h"

/* What must hold of each transaction that was committed. */

static gboolean
is_new_lease (const FloeDesktop *before, const FloeDesktop *after)
{
  return after->lease != NULL && (before == NULL || before->lease == NULL);
}

static void
tell (SimBook *self, const gchar *rule, const FloeDesktop *desktop, const gchar *what)
{
  sim_violation (self->sim, rule,
                 "%s of pool %s on %s: %s (power %s, guest %s, console %s, %s, intent %s, held by "
                 "%s, problem %s)",
                 desktop->name, desktop->pool, desktop->host, what,
                 floe_power_name (desktop->facts.power), floe_guest_name (desktop->facts.guest),
                 floe_console_name (desktop->facts.console), floe_clean_name (desktop->facts.clean),
                 floe_intent_name (desktop->facts.intent),
                 desktop->lease != NULL ? desktop->lease->holder_name : "nobody",
                 desktop->problem != NULL ? desktop->problem : "none");
}

/* Rule 1. */
static void
check_number (SimBook *self, const FloeDesktop *after, const FloePool *pool)
{
  GHashTableIter iter;
  gpointer value;
  guint n = 1;

  g_hash_table_iter_init (&iter, self->desktops);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const FloeDesktop *other = value;

      if (other->lease == NULL || strcmp (other->id, after->id) == 0
          || strcmp (other->pool, after->pool) != 0
          || strcmp (other->lease->holder, after->lease->holder) != 0)
        continue;
      n++;
      if (other->lease->slot == after->lease->slot)
        tell (self, "rule 1", after, "its holder has that slot twice");
    }
  if (n > MAX (pool->per_user, 1))
    tell (self, "rule 1", after, "its holder has more desktops than the pool allows");
}

/* Rule 2, as the store and as the world have it. */
static void
check_clean (SimBook *self, const FloeDesktop *before, const FloeDesktop *after)
{
  const gchar *who = sim_world_get_touched (self->sim->world, after->id);

  if (after->kind != FLOE_POOL_FLOATING)
    return;
  if (before == NULL || before->facts.clean != FLOE_CLEAN_CLEAN)
    tell (self, "rule 2", after, "lent although it was not clean");
  else if (before->facts.intent != FLOE_INTENT_NONE)
    tell (self, "rule 2", after, "lent although something was under way");
  else if (after->facts.clean == FLOE_CLEAN_CLEAN)
    tell (self, "rule 2", after, "lent and still called clean");
  else if (who != NULL)
    {
      g_autofree gchar *what = g_strdup_printf ("lent with what %s left in it", who);

      tell (self, "rule 2", after, what);
    }
}

/* Rule 4, and what a closed pool promises. */
static void
check_entitlement (SimBook *self, const FloeDesktop *after, const FloePool *pool)
{
  const FloeUser *user = g_hash_table_lookup (self->users, after->lease->holder);

  if (user == NULL || !floe_pool_entitles (pool, user))
    tell (self, "rule 4", after, "its new holder is not entitled to its pool");
  if (pool->closed && after->lease->login_id != NULL)
    tell (self, "closed pool", after, "lent although its pool is closed");
  if (pool->kind == FLOE_POOL_STATIC && after->lease->login_id != NULL)
    tell (self, "static pool", after, "lent although only an administrator gives it");
}

static gint64
find_place (SimBook *self, const gchar *pool, const gchar *user)
{
  g_autofree gchar *key = g_strdup_printf ("%s %s", pool, user);
  const FloeWait *wait = g_hash_table_lookup (self->waits, key);

  return wait != NULL ? wait->since : G_MAXINT64;
}

/* In this transaction, because they are gone, or may not have one any more. */
static gboolean
makes_way (SimBook *self, const FloeWait *wait)
{
  for (guint i = 0; i < self->journal->len; i++)
    {
      const SimEntry *entry = &g_array_index (self->journal, SimEntry, i);

      if (entry->what == SIM_WROTE_WAIT_AWAY && strcmp (entry->value, wait->pool) == 0
          && strcmp (entry->second, wait->user_id) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Who needs a desktop of another host, where their data is, has no use for this one. */
static gboolean
can_use (SimBook *self, const FloeWait *wait, const FloeDesktop *desktop)
{
  const gchar *host = sim_book_find_data_host (self, wait->pool, wait->user_id);

  return host == NULL || strcmp (host, desktop->host) == 0;
}

/* Nobody overtakes somebody who stands in line and was heard of just now, but by an
 * administrator. */
static void
check_line (SimBook *self, const FloeDesktop *after)
{
  gint64 own = find_place (self, after->pool, after->lease->holder);
  GHashTableIter iter;
  gpointer value;

  if (after->kind != FLOE_POOL_FLOATING && after->lease->login_id == NULL)
    return;
  g_hash_table_iter_init (&iter, self->waits);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const FloeWait *wait = value;

      if (strcmp (wait->pool, after->pool) == 0 && strcmp (wait->user_id, after->lease->holder) != 0
          && wait->since < own && wait->seen >= sim_time (self->sim) - FLOE_LINE_SILENCE
          && !makes_way (self, wait) && can_use (self, wait, after))
        {
          g_autofree gchar *what =
              g_strdup_printf ("lent to somebody who overtook %s, who waits "
                               "since %" G_GINT64_FORMAT " s",
                               wait->user_name, (sim_time (self->sim) - wait->since) / SECOND);

          tell (self, "the line", after, what);
        }
    }
}

static void
check_lease (SimBook *self, const FloeDesktop *before, const FloeDesktop *after)
{
  const FloePool *pool = g_hash_table_lookup (self->pools, after->pool);
  const gchar *host;

  sim_say (self->sim, "%s is lent to %s", after->name, after->lease->holder_name);
  if (pool == NULL)
    {
      tell (self, "rule 4", after, "its pool does not exist");
      return;
    }
  host = sim_book_find_data_host (self, after->pool, after->lease->holder);
  if (host != NULL && strcmp (host, after->host) != 0)
    tell (self, "data disks", after, "its new holder's data is on another host");
  check_number (self, after, pool);
  check_clean (self, before, after);
  check_entitlement (self, after, pool);
  check_line (self, after);
}

static guint
count_made (SimBook *self, const gchar *pool)
{
  GHashTableIter iter;
  gpointer value;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->desktops);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    n += ((FloeDesktop *)value)->made && strcmp (((FloeDesktop *)value)->pool, pool) == 0;
  return n;
}

/* Rule 7: what nobody asked for waits while the pool backs off, and a pool never grows beyond its
 * maximum. */
static void
check_own_will (SimBook *self, const FloeDesktop *before, const FloeDesktop *after)
{
  const FloePool *pool = g_hash_table_lookup (self->pools, after->pool);
  const FloePoolState *state = g_hash_table_lookup (self->states, after->pool);
  gboolean begun = before == NULL || before->facts.intent != after->facts.intent;
  FloeIntent intent = after->facts.intent;

  if (!begun || after->lease != NULL
      || (intent != FLOE_INTENT_CREATE && intent != FLOE_INTENT_START))
    return;
  if (state != NULL && state->not_before > sim_time (self->sim))
    tell (self, "rule 7", after, "begun while its pool was to be left alone");
  if (pool != NULL && pool->template != NULL && before == NULL
      && count_made (self, after->pool) >= pool->template->maximum)
    tell (self, "maximum", after, "one more than its pool may have");
}

/* Rule 6. */
static void
check_lost (SimBook *self, const FloeDesktop *before, const FloeDesktop *after)
{
  if (before->facts.power == FLOE_POWER_UNKNOWN || after->facts.power != FLOE_POWER_UNKNOWN)
    return;
  if ((before->lease != NULL) != (after->lease != NULL))
    tell (self, "rule 6", after, "its lease ended with its host");
  if (before->facts.intent != after->facts.intent || before->facts.clean != after->facts.clean)
    tell (self, "rule 6", after, "something was begun because its host was lost");
}

/* What was read in this very transaction says whether somebody works on it. */
static void
check_maintenance (SimBook *self, const FloeDesktop *before, const FloeDesktop *after)
{
  if (!after->maintenance)
    return;
  if (is_new_lease (before, after))
    tell (self, "maintenance", after, "it was lent");
  if (after->facts.intent == FLOE_INTENT_START
      && (before == NULL || before->facts.intent != FLOE_INTENT_START))
    tell (self, "maintenance", after, "it is being started");
}

static void
say_change (SimBook *self, const FloeDesktop *before, const FloeDesktop *after)
{
  const FloeFacts *facts = &after->facts;

  if (before != NULL && memcmp (&before->facts, facts, sizeof *facts) == 0)
    return;
  sim_say (self->sim, "  %s: %s, guest %s, console %s, %s, %s, intent %s", after->name,
           floe_power_name (facts->power), floe_guest_name (facts->guest),
           floe_console_name (facts->console),
           after->lease != NULL ? after->lease->holder_name : "free",
           floe_clean_name (facts->clean), floe_intent_name (facts->intent));
}

void
sim_rules_check (SimBook *self, const FloeDesktop *before, const FloeDesktop *after)
{
  if (before != NULL && before->lease != NULL && after->lease != NULL
      && strcmp (before->lease->holder, after->lease->holder) != 0)
    tell (self, "rule 1", after, "it went from one holder to another without a reset");
  if (is_new_lease (before, after))
    check_lease (self, before, after);
  if (before != NULL)
    check_lost (self, before, after);
  if (after->facts.clean == FLOE_CLEAN_CLEAN && after->lease != NULL
      && after->kind == FLOE_POOL_FLOATING)
    tell (self, "rule 2", after, "clean while it is lent");
  check_own_will (self, before, after);
  check_maintenance (self, before, after);
  say_change (self, before, after);
}

/* Rule 10: intents and outcomes are pairs. */

static const FloeIntent intents[] = { FLOE_INTENT_START,  FLOE_INTENT_RESET, FLOE_INTENT_CREATE,
                                      FLOE_INTENT_REMOVE, FLOE_INTENT_STOP,  FLOE_INTENT_MOVE,
                                      FLOE_INTENT_ATTACH };

static gboolean
is_intent (const gchar *action)
{
  for (guint i = 0; i < G_N_ELEMENTS (intents); i++)
    if (strcmp (action, floe_intent_name (intents[i])) == 0)
      return TRUE;
  return FALSE;
}

static guint
count_open (SimBook *self, const gchar *name, const gchar *action)
{
  g_autofree gchar *key = g_strdup_printf ("%s %s", name, action);

  return GPOINTER_TO_UINT (g_hash_table_lookup (self->intents, key));
}

void
sim_rules_check_audit (SimBook *self, const FloeAudit *row)
{
  guint n;

  sim_secrets_check (self->sim, row->actor);
  sim_secrets_check (self->sim, row->object);
  sim_secrets_check (self->sim, row->detail);
  if (row->object == NULL || !is_intent (row->action))
    return;
  n = count_open (self, row->object, row->action);
  sim_say (self->sim, "audit: %s of %s: %s%s%s", row->action, row->object, row->outcome,
           row->detail != NULL ? ", " : "", row->detail != NULL ? row->detail : "");
  if (strcmp (row->outcome, "intent") == 0)
    n++;
  else if (n > 0)
    n--;
  else
    sim_violation (self->sim, "rule 10", "%s of %s has an outcome, %s, and no intent", row->action,
                   row->object, row->outcome);
  g_hash_table_replace (self->intents, g_strdup_printf ("%s %s", row->object, row->action),
                        GUINT_TO_POINTER (n));
}

/* The trail knows desktops by name, and while news of one that is removed are still on their way,
 * there may be two. */
static guint
count_intents (SimBook *self, const FloeDesktop *desktop, FloeIntent intent)
{
  GHashTableIter iter;
  gpointer value;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->desktops);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    n += ((FloeDesktop *)value)->facts.intent == intent
         && strcmp (((FloeDesktop *)value)->name, desktop->name) == 0;
  return n;
}

void
sim_rules_check_end (SimBook *self, GPtrArray *changed)
{
  for (guint i = 0; i < changed->len; i++)
    {
      const FloeDesktop *desktop = changed->pdata[i];

      for (guint k = 0; k < G_N_ELEMENTS (intents); k++)
        {
          guint n = count_open (self, desktop->name, floe_intent_name (intents[k]));

          if (n != (desktop->facts.intent == intents[k])
              && n != count_intents (self, desktop, intents[k]))
            {
              g_autofree gchar *what = g_strdup_printf (
                  "%u open rows of the audit trail say \"%s\"", n, floe_intent_name (intents[k]));

              tell (self, "rule 10", desktop, what);
            }
        }
    }
}
