/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pool-house.h"

#include <string.h>

FloePool *
pool_house_pool (FloePoolKind kind, guint minimum, guint maximum, guint spares)
{
  return pool_house_pool_named ("office", kind, minimum, maximum, spares);
}

/* Its clones have its name. */
FloePool *
pool_house_pool_named (const gchar *name, FloePoolKind kind, guint minimum, guint maximum,
                       guint spares)
{
  FloePool *pool = floe_pool_new (name, kind);

  g_strfreev (pool->groups);
  pool->groups = g_strsplit ("office", ",", -1);
  pool->template = floe_template_new ("golden", "images", name);
  pool->template->shared = TRUE;
  pool->template->minimum = minimum;
  pool->template->maximum = maximum;
  pool->spares = spares;
  return pool;
}

House *
pool_house_new (void)
{
  House *house = house_new ();

  fake_manager_add_host (house->manager, "host2");
  fake_manager_list (house->manager);
  fake_manager_measure (house->manager, "host1", 64000, 60000);
  fake_manager_measure (house->manager, "host2", 64000, 60000);
  house_settle (house);
  return house;
}

/* Time goes by in small steps, as it does. */
void
pool_house_pass (House *house, guint seconds)
{
  for (guint i = 0; i < seconds * 2; i++)
    {
      house_settle (house);
      fake_clock_advance (house->clock, G_USEC_PER_SEC / 2);
      house_settle (house);
    }
}

static gpointer
put_pool (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_put_pool (tx, *(const FloePool *const *)input, error) ? GINT_TO_POINTER (TRUE)
                                                                       : NULL;
}

void
pool_house_change_pool (House *house, const FloePool *pool)
{
  house_write (house, put_pool, &pool, NULL);
  floe_pool_keeper_look_at_all (house->pool_keeper);
}

static gpointer
put_host (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_put_host (tx, *(const FloeHostNote *const *)input, error) ? GINT_TO_POINTER (TRUE)
                                                                           : NULL;
}

void
pool_house_drain (House *house, const gchar *host, gboolean drain)
{
  g_autoptr (FloeHostNote) note = floe_host_note_new (host);

  note->draining = drain;
  house_write (house, put_host, &note, NULL);
}

typedef struct
{
  const gchar *pool;
  PoolCount *count;
} Question;

static gpointer
count_desktops (FloeTx *tx, gconstpointer input, GError **error)
{
  const Question *question = input;
  PoolCount *count = question->count;
  g_autoptr (GPtrArray) list = floe_tx_list_desktops_of_pool (tx, question->pool, error);
  guint wanted = count->wanted;

  if (list == NULL)
    return NULL;
  *count = (PoolCount){ .total = list->len, .wanted = wanted };
  for (guint i = 0; i < list->len; i++)
    {
      const FloeDesktop *desktop = list->pdata[i];

      count->running += desktop->facts.power == FLOE_POWER_ON;
      count->held += desktop->lease != NULL;
      count->revision += desktop->revision == wanted;
      count->on_host1 += strcmp (desktop->host, "host1") == 0;
    }
  return GINT_TO_POINTER (TRUE);
}

static PoolCount
look_at (House *house, const gchar *pool, guint revision)
{
  PoolCount count = { .wanted = revision };
  Question question = { pool, &count };
  g_autoptr (GError) error = NULL;

  house_write (house, count_desktops, &question, &error);
  g_assert_no_error (error);
  return count;
}

PoolCount
pool_house_look (House *house, guint revision)
{
  return look_at (house, "office", revision);
}

static gpointer
get_state (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_get_pool_state (tx, input, error);
}

FloePoolState *
pool_house_state (House *house)
{
  return house_write (house, get_state, (gpointer) "office", NULL);
}

/* It has what it wants, and nothing to complain of. */
void
pool_house_assert_at_peace (House *house, const gchar *pool, guint total, guint running)
{
  PoolCount count = look_at (house, pool, 1);
  g_autoptr (FloePoolState) state = house_write (house, get_state, (gpointer)pool, NULL);

  g_assert_cmpuint (count.total, ==, total);
  g_assert_cmpuint (count.running, ==, running);
  g_assert_cmpuint (state->failures, ==, 0);
  g_assert_cmpstr (state->note, ==, NULL);
}

static gpointer
get_revisions (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_list_revisions (tx, "office", error);
}

static gpointer
ask_renewal (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloePoolState) state = floe_tx_get_pool_state (tx, "office", error);

  state->renew = TRUE;
  return floe_tx_put_pool_state (tx, state, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

void
pool_house_renew (House *house)
{
  house_write (house, ask_renewal, NULL, NULL);
}

FloeRevisionState
pool_house_revision_state (House *house, guint number)
{
  g_autoptr (GPtrArray) list = house_write (house, get_revisions, NULL, NULL);

  for (guint i = 0; i < list->len; i++)
    if (((FloeRevision *)list->pdata[i])->number == number)
      return ((FloeRevision *)list->pdata[i])->state;
  return FLOE_REVISION_MAKING;
}

House *
pool_house_filled (guint minimum, guint maximum, guint spares)
{
  House *house = pool_house_new ();
  g_autoptr (FloePool) pool = pool_house_pool (FLOE_POOL_FLOATING, minimum, maximum, spares);

  house_put_pool (house, pool);
  pool_house_pass (house, 20);
  return house;
}
