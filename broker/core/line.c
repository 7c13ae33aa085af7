/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/line.h"

#include <string.h>

#include "core/collect.h"
#include "core/error.h"

/* One transaction passes over so many who are gone at most. */
#define SERVE_LOOKS_AT 16
/* Of a line in which people need desktops of certain hosts so many may stand aside. */
#define MAX_ASIDE  1000
#define MAX_PLACES 100000
/* While the broker was away nobody could be heard of; who was there shortly before keeps their
 * place. */
#define REVIVED_AFTER (15 * 60 * G_USEC_PER_SEC)

FloeLineInput *
floe_line_input_new (const gchar *pool, gint64 now)
{
  FloeLineInput *self = g_new0 (FloeLineInput, 1);

  self->pool = g_strdup (pool);
  self->now = now;
  return self;
}

void
floe_line_input_free (FloeLineInput *self)
{
  g_free (self->pool);
  if (self->identity != NULL)
    floe_identity_free (self->identity);
  g_clear_pointer (&self->heard, g_hash_table_unref);
  g_free (self);
}

void
floe_line_served_free (FloeLineServed *self)
{
  if (self == NULL)
    return;
  g_free (self->user_id);
  floe_change_free (self->change);
  g_strfreev (self->gone);
  g_free (self);
}

static gboolean
is_silent (const FloeWait *wait, gint64 now)
{
  return wait->seen < now - FLOE_LINE_SILENCE;
}

/**
 * floe_line_must_wait:
 * @user_id: who wants a desktop
 * @must: (out): whether somebody stands before them, so that they may not have one although it is
 *   free
 * @in_line: (out): whether they may have a place in line themselves
 *
 * Costs the same however long the line is: when it cannot tell in a few places that nobody is
 * there, they join, and the line is served at once.
 */
gboolean
floe_line_must_wait (FloeTx *tx, const gchar *pool, const gchar *user_id, gint64 now,
                     gboolean *must, gboolean *in_line, GError **error)
{
  g_autoptr (GPtrArray) waits = floe_tx_list_waits (tx, pool, FLOE_LINE_CLAIM_LOOKS_AT, error);

  if (waits == NULL)
    return FALSE;
  *must = *in_line = waits->len == FLOE_LINE_CLAIM_LOOKS_AT;
  for (guint i = 0; i < waits->len; i++)
    {
      const FloeWait *wait = waits->pdata[i];

      if (strcmp (wait->user_id, user_id) == 0)
        {
          *in_line = TRUE;
          *must = FALSE;
          break;
        }
      if (!is_silent (wait, now))
        {
          *in_line = *must = TRUE;
          break;
        }
    }
  return TRUE;
}

/**
 * floe_line_join:
 * @identity: who waits from now on, or still does: their place is kept
 */
gboolean
floe_line_join (FloeTx *tx, const gchar *pool, const FloeIdentity *identity, gint64 now,
                GError **error)
{
  g_autoptr (FloeWait) wait =
      floe_wait_new (pool, identity->user->id, identity->user->name, identity->login_id, now);

  wait->seen = now;
  return floe_tx_put_wait (tx, wait, error) && floe_tx_put_feed (tx, "wait", pool, error);
}

/**
 * floe_line_list:
 * @limit: so many at most
 *
 * Returns: (transfer full) (element-type FloeWait): the line of @pool in its order; those whose
 * data is not bound to a host there have no data_host; or %NULL
 */
GPtrArray *
floe_line_list (FloeTx *tx, const gchar *pool_name, guint limit, GError **error)
{
  g_autoptr (GPtrArray) waits = floe_tx_list_waits (tx, pool_name, limit, error);
  g_autoptr (FloePool) pool = NULL;

  for (guint i = 0; waits != NULL && i < waits->len; i++)
    {
      FloeWait *wait = waits->pdata[i];

      if (wait->data_host == NULL)
        continue;
      if (pool == NULL && (pool = floe_tx_get_pool (tx, pool_name, error)) == NULL)
        return NULL;
      if (!floe_pool_binds_data (pool))
        g_clear_pointer (&wait->data_host, g_free);
    }
  return g_steal_pointer (&waits);
}

/* Serving. */

typedef struct
{
  FloeTx *tx;
  gint64 now;
  FloeLineServed *served;
  GStrvBuilder *gone;
  guint n_gone;
  GHashTable *full; /* hosts that have nothing for those whose data is there */
} Serving;

/* may_stay: whether who waits is still there and may be given something */
static gboolean
may_stay (FloeTx *tx, const FloeWait *wait, gint64 now, gboolean *may, GError **error)
{
  *may = FALSE;
  return is_silent (wait, now) || floe_tx_has_login (tx, wait->login_id, now, may, error);
}

/* give: *served stays without a change when nothing is free; *gone when they may not have one */
static gboolean
give (FloeTx *tx, const FloeWait *wait, gint64 now, FloeLineServed *served, gboolean *gone,
      GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FloeChange) change = floe_claim_for_line (tx, wait, now, &local_error);

  *gone =
      g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND)
      || g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_DENIED)
      || g_strcmp0 (local_error != NULL ? floe_error_reason (local_error) : NULL, "limit-reached")
             == 0;
  if (change == NULL && !*gone && !g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_EXHAUSTED))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (change == NULL)
    return TRUE;
  /* The next one moves up when who was served does not come. */
  if (!floe_collect_plan (change, tx, now + FLOE_LINE_SILENCE, error)
      || !floe_change_save (change, tx, error))
    return FALSE;
  served->change = g_steal_pointer (&change);
  served->user_id = g_strdup (wait->user_id);
  return TRUE;
}

/* serve_one: whether to go on with the next one is *next. Who needs a desktop of a host that has
 * none keeps their place, and stands in nobody's way. */
static gboolean
serve_one (Serving *self, const FloeWait *wait, gboolean *next, GError **error)
{
  gboolean may, left = TRUE;

  *next = TRUE;
  if (wait->data_host != NULL && g_hash_table_contains (self->full, wait->data_host))
    return TRUE;
  if (!may_stay (self->tx, wait, self->now, &may, error)
      || (may && !give (self->tx, wait, self->now, self->served, &left, error)))
    return FALSE;
  if (!left && self->served->change == NULL)
    {
      *next = wait->data_host != NULL;
      if (*next)
        g_hash_table_add (self->full, g_strdup (wait->data_host));
      return TRUE;
    }
  *next = left;
  if (left)
    g_strv_builder_add (self->gone, wait->user_id);
  self->n_gone += left;
  return floe_tx_delete_wait (self->tx, wait->pool, wait->user_id, error);
}

/* Only where somebody may stand aside more than a few are looked at. */
static GPtrArray *
list_first (FloeTx *tx, const gchar *pool, GError **error)
{
  g_autoptr (GPtrArray) waits = floe_line_list (tx, pool, SERVE_LOOKS_AT, error);

  for (guint i = 0; waits != NULL && i < waits->len; i++)
    if (((FloeWait *)waits->pdata[i])->data_host != NULL)
      return floe_line_list (tx, pool, MAX_ASIDE, error);
  return g_steal_pointer (&waits);
}

/**
 * floe_line_serve:
 * @input: a #FloeLineInput
 *
 * Gives a desktop that is free to whoever waits longest, as if they had connected now; those who
 * are gone make way. Who needs a desktop of a certain host, because their data is there, waits for
 * one of these. Does nothing when nothing is free, or nobody waits.
 *
 * Returns: (transfer full): a #FloeLineServed, or %NULL
 */
gpointer
floe_line_serve (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeLineInput *in = input;
  g_autoptr (GPtrArray) waits = list_first (tx, in->pool, error);
  g_autoptr (FloeLineServed) served = g_new0 (FloeLineServed, 1);
  g_autoptr (GStrvBuilder) gone = g_strv_builder_new ();
  g_autoptr (GHashTable) full = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Serving serving = { .tx = tx, .now = in->now, .served = served, .gone = gone, .full = full };
  gboolean next = TRUE;

  if (waits == NULL)
    return NULL;
  for (guint i = 0; i < waits->len && next && serving.n_gone < SERVE_LOOKS_AT; i++)
    if (!serve_one (&serving, waits->pdata[i], &next, error))
      return NULL;
  served->gone = g_strv_builder_end (gone);
  served->more = served->change != NULL || (next && serving.n_gone == SERVE_LOOKS_AT);
  if (served->change != NULL
      && !floe_tx_put_feed (tx, "served", served->change->desktop->id, error))
    return NULL;
  if ((served->change != NULL || served->gone[0] != NULL)
      && !floe_tx_put_feed (tx, "wait", in->pool, error))
    return NULL;
  return g_steal_pointer (&served);
}

/**
 * floe_line_leave:
 * @input: a #FloeLineInput with an identity
 *
 * Returns: something once they have left; %NULL with a store's error
 */
gpointer
floe_line_leave (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeLineInput *in = input;
  const FloeCause cause = { .now = in->now, .identity = in->identity };
  g_autoptr (FloeAudit) row = floe_cause_audit (&cause, "leave-line", in->pool, "done");

  return floe_tx_delete_wait (tx, in->pool, in->identity->user->id, error)
                 && floe_tx_put_feed (tx, "wait", in->pool, error)
                 && floe_tx_put_audit (tx, row, error)
             ? GINT_TO_POINTER (TRUE)
             : NULL;
}

/**
 * floe_line_read:
 * @input: a #FloeLineInput
 *
 * Returns: (transfer full) (element-type FloeWait): the whole line in its order
 */
gpointer
floe_line_read (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeLineInput *in = input;

  return floe_line_list (tx, in->pool, MAX_PLACES, error);
}

/**
 * floe_line_read_desktop:
 * @id: of one that was given to somebody in a line
 *
 * Returns: (transfer full): the #FloeDesktop, or %NULL
 */
gpointer
floe_line_read_desktop (FloeTx *tx, gconstpointer id, GError **error)
{
  return floe_tx_get_desktop (tx, id, error);
}

/**
 * floe_line_hear:
 * @input: a #FloeLineInput with those who are heard of
 *
 * Notes who is still there, all of a line at once, and forgets who was not heard of for too long.
 *
 * Returns: (transfer full) (element-type FloeWait): the line that is left, in its order
 */
gpointer
floe_line_hear (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeLineInput *in = input;
  g_autoptr (GPtrArray) waits = floe_line_list (tx, in->pool, MAX_PLACES, error);
  guint length = waits != NULL ? waits->len : 0;

  for (guint i = 0; waits != NULL && i < waits->len;)
    {
      FloeWait *wait = waits->pdata[i];
      gboolean heard = g_hash_table_contains (in->heard, wait->user_id);
      gboolean stays = heard || !is_silent (wait, in->now);

      wait->seen = heard ? in->now : wait->seen;
      if ((heard && !floe_tx_put_wait (tx, wait, error))
          || (!stays && !floe_tx_delete_wait (tx, wait->pool, wait->user_id, error)))
        return NULL;
      if (stays)
        i++;
      else
        g_ptr_array_remove_index (waits, i);
    }
  if (waits != NULL && waits->len < length && !floe_tx_put_feed (tx, "wait", in->pool, error))
    return NULL;
  return g_steal_pointer (&waits);
}

/**
 * floe_line_revive:
 * @input: a #FloeLineInput; its pool does not matter
 *
 * After a start: whoever waited when the broker went away is given the time to come back.
 *
 * Returns: (transfer full) (element-type FloeWait): all lines
 */
gpointer
floe_line_revive (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeLineInput *in = input;
  g_autoptr (GPtrArray) waits = floe_tx_list_waits (tx, NULL, MAX_PLACES, error);

  for (guint i = 0; waits != NULL && i < waits->len; i++)
    {
      FloeWait *wait = waits->pdata[i];

      if (wait->seen < in->now - REVIVED_AFTER)
        continue;
      wait->seen = in->now;
      if (!floe_tx_put_wait (tx, wait, error))
        return NULL;
    }
  return g_steal_pointer (&waits);
}
