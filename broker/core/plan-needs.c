/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/plan-revisions.h"

/* Desktops of certain hosts, for people in line whose data is in these hosts' own storage: any
 * other is no use to them, however many there are. */

static gint
compare_needs (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (((const FloePlanNeed *)a)->host, ((const FloePlanNeed *)b)->host);
}

/**
 * floe_plan_count_needs:
 * @waits: (element-type FloeWait): a line
 *
 * Returns: (transfer full) (element-type FloePlanNeed): the hosts that people in it need, by name;
 *   the names are those of @waits
 */
GArray *
floe_plan_count_needs (GPtrArray *waits)
{
  g_autoptr (GHashTable) hosts = g_hash_table_new (g_str_hash, g_str_equal);
  GArray *needs = g_array_new (FALSE, FALSE, sizeof (FloePlanNeed));
  GHashTableIter iter;
  gpointer host, n;

  for (guint i = 0; i < waits->len; i++)
    {
      gchar *needed = ((FloeWait *)waits->pdata[i])->data_host;

      if (needed == NULL)
        continue;
      n = g_hash_table_lookup (hosts, needed);
      g_hash_table_insert (hosts, needed, GUINT_TO_POINTER (GPOINTER_TO_UINT (n) + 1));
    }
  g_hash_table_iter_init (&iter, hosts);
  while (g_hash_table_iter_next (&iter, &host, &n))
    {
      FloePlanNeed need = { .host = host, .n = GPOINTER_TO_UINT (n) };

      g_array_append_val (needs, need);
    }
  g_array_sort (needs, compare_needs);
  return needs;
}

static const FloePlanNeed *
find_need (const FloePlanState *state, const gchar *host)
{
  GArray *needs = state->input->needs;

  for (guint i = 0; needs != NULL && i < needs->len; i++)
    if (g_strcmp0 (g_array_index (needs, FloePlanNeed, i).host, host) == 0)
      return &g_array_index (needs, FloePlanNeed, i);
  return NULL;
}

/* What is on its way to those who wait on a host, or just about to be given to them. */
static guint
count_there (const FloePlanState *state, const gchar *host)
{
  GPtrArray *counts = state->input->counts;
  guint n = 0;

  for (guint i = 0; i < counts->len; i++)
    {
      const FloeDesktopCount *count = counts->pdata[i];
      const FloeFacts *facts = &count->facts;

      if (g_strcmp0 (count->host, host) == 0 && facts->lease == FLOE_LEASE_NONE
          && (facts->intent == FLOE_INTENT_CREATE || facts->intent == FLOE_INTENT_START
              || (floe_plan_is_free (state, count) && facts->power == FLOE_POWER_ON)))
        n += count->n;
    }
  return n;
}

static guint
start_there (FloePlanState *state, const gchar *host, guint missing)
{
  GPtrArray *counts = state->input->counts;
  guint n = 0;

  for (guint i = 0; n < missing && i < counts->len; i++)
    if (g_strcmp0 (((FloeDesktopCount *)counts->pdata[i])->host, host) == 0)
      n += floe_plan_start (state, counts->pdata[i], missing - n);
  state->coming += n;
  return n;
}

/* How many of a host's spares nobody in line needs. */
static guint
count_surplus (const FloePlanState *state, const gchar *host)
{
  const FloePlanNeed *need = find_need (state, host);
  GPtrArray *counts = state->input->counts;
  guint n = 0;

  for (guint i = 0; i < counts->len; i++)
    {
      const FloeDesktopCount *count = counts->pdata[i];

      if (g_strcmp0 (count->host, host) == 0 && count->revision > 0
          && floe_plan_is_free (state, count))
        n += count->n;
    }
  return need != NULL ? n - MIN (n, need->n) : n;
}

/* The pool is full, with spares that are no use to these people: some of them make way. */
static void
make_room (FloePlanState *state, const gchar *host, guint missing)
{
  GArray *places = state->input->places;
  const gchar *best = NULL;
  guint most = 0;
  FloeStep *step;

  for (guint i = 0; i < places->len; i++)
    {
      const gchar *name = g_array_index (places, FloePlace, i).name;
      guint n = g_strcmp0 (name, host) != 0 ? count_surplus (state, name) : 0;

      if (n > most)
        {
          most = n;
          best = name;
        }
    }
  if (most == 0)
    return;
  step = floe_plan_add (state, FLOE_STEP_REMOVE, MIN (most, missing));
  step->host = best;
  step->running = TRUE;
  state->made_room = TRUE;
}

static void
tell (FloePlanState *state, const gchar *host, guint missing, const gchar *why)
{
  floe_plan_tell (state, g_strdup_printf ("%u in line have their data on host %s, which %s",
                                          missing, host, why));
}

/* Returns how many are still missing, and what keeps them from being made, if that is worth a word:
 * what is only on its way, or makes way, is not. */
static guint
make_there (FloePlanState *state, FloePlace *place, guint missing, const gchar **why)
{
  guint maximum = state->input->pool->template->maximum;

  for (; missing > 0; missing--)
    {
      const FloeRevision *revision = floe_plan_next_revision (state);

      state->next = revision;
      if (revision == NULL)
        break;
      *why = floe_place_refusal (place, revision->memory_mib);
      if (*why != NULL || !floe_plan_can_make (state, place))
        break;
      if (state->total >= maximum)
        {
          if (state->removing == 0 && !state->made_room)
            make_room (state, place->name, missing);
          if (state->removing == 0 && !state->made_room)
            *why = "can have no further desktop of this pool: it is at its maximum";
          break;
        }
      floe_plan_make (state, place, revision);
    }
  return missing;
}

/**
 * floe_plan_needs:
 * @resting: nothing that may fail is begun
 *
 * Starts or makes desktops on the hosts where people in line have their data. Where that cannot be
 * now, they wait, and are not counted as wanting one: a further one elsewhere would not help them.
 */
void
floe_plan_needs (FloePlanState *state, gboolean resting)
{
  GArray *needs = state->input->needs;

  for (guint i = 0; needs != NULL && i < needs->len; i++)
    {
      const FloePlanNeed *need = &g_array_index (needs, FloePlanNeed, i);
      FloePlace *place = floe_place_find (state->input->places, need->host);
      const gchar *refusal = floe_place_refusal (place, 0);
      guint there = count_there (state, need->host);
      guint missing = need->n - MIN (need->n, there);

      if (refusal == NULL && !resting)
        {
          missing -= start_there (state, need->host, missing);
          missing = make_there (state, place, missing, &refusal);
        }
      if (refusal != NULL && missing > 0)
        tell (state, need->host, missing, refusal);
      state->wanted -= MIN (state->wanted, missing);
    }
}
