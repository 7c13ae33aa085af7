/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "core/line.h"
#include "core/made.h"
#include "core/pool-pass.h"
#include "core/stuck.h"

/* What a pass sees. */

/* Of those that are slow to become ready no more are looked at in one pass. */
#define MAX_LATE 1000
/* A line longer than the greatest pool need not be counted to its end. */
#define MAX_WAITING 1000

void
floe_pool_picture_free (FloePoolPicture *self)
{
  if (self == NULL)
    return;
  floe_pool_free (self->pool);
  g_clear_pointer (&self->counts, g_ptr_array_unref);
  g_clear_pointer (&self->revisions, g_ptr_array_unref);
  g_clear_pointer (&self->images, g_ptr_array_unref);
  g_clear_pointer (&self->hosts, g_ptr_array_unref);
  floe_pool_state_free (self->state);
  g_clear_pointer (&self->needs, g_array_unref);
  g_clear_pointer (&self->waits, g_ptr_array_unref);
  g_clear_pointer (&self->stuck, g_ptr_array_unref);
  g_clear_pointer (&self->late, g_ptr_array_unref);
  g_free (self->installation);
  g_free (self);
}

static guint
find_canary (GPtrArray *revisions)
{
  for (guint i = 0; i < revisions->len; i++)
    {
      const FloeRevision *one = revisions->pdata[i];

      if (one->state == FLOE_REVISION_CANARY)
        return one->number;
    }
  return 0;
}

/* Mostly there is none, and the counts tell so without reading any desktop. */
static gboolean
any_boots (GPtrArray *counts)
{
  for (guint i = 0; i < counts->len; i++)
    {
      const FloeDesktopCount *one = counts->pdata[i];

      if (one->revision > 0 && one->facts.power == FLOE_POWER_ON
          && one->facts.guest <= FLOE_GUEST_BOOTING && one->facts.intent == FLOE_INTENT_NONE)
        return TRUE;
    }
  return FALSE;
}

static gboolean
find_late (FloeTx *tx, FloePoolPicture *picture, gint64 now, GError **error)
{
  const FloePool *pool = picture->pool;
  const FloeDesktopFilter filter = { .pool = pool->name,
                                     .powers = 1u << FLOE_POWER_ON,
                                     .guests = 1u << FLOE_GUEST_UNKNOWN | 1u << FLOE_GUEST_BOOTING,
                                     .intents = 1u << FLOE_INTENT_NONE,
                                     .power_before =
                                         now - (gint64)pool->ready_seconds * G_USEC_PER_SEC,
                                     .made = TRUE,
                                     .limit = MAX_LATE };
  g_autoptr (GPtrArray) list = NULL;

  picture->late = g_ptr_array_new_with_free_func (g_free);
  picture->canary = find_canary (picture->revisions);
  if (!any_boots (picture->counts))
    return TRUE;
  list = floe_tx_list_desktops (tx, &filter, error);
  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const FloeDesktop *desktop = list->pdata[i];

      if (floe_made_is_late (desktop, pool, desktop->revision == picture->canary, now))
        g_ptr_array_add (picture->late, g_strdup (desktop->id));
    }
  return list != NULL;
}

static gboolean
read_parts (FloeTx *tx, FloePoolPicture *picture, const FloePassInput *in, GError **error)
{
  picture->waits = floe_line_list (tx, in->pool, MAX_WAITING, error);
  if (picture->waits == NULL)
    return FALSE;
  picture->waiting = picture->waits->len;
  picture->needs = floe_plan_count_needs (picture->waits);
  return (picture->counts = floe_tx_count_desktops (tx, in->pool, in->now, error)) != NULL
         && (picture->revisions = floe_tx_list_revisions (tx, in->pool, error)) != NULL
         && (picture->images = floe_tx_list_images (tx, in->pool, error)) != NULL
         && (picture->hosts = floe_tx_list_hosts (tx, error)) != NULL
         && (picture->stuck = floe_stuck_list (tx, picture->pool, picture->hosts, error)) != NULL
         && (picture->state = floe_tx_get_pool_state (tx, in->pool, error)) != NULL
         && floe_tx_get_installation (tx, &picture->installation, error)
         && find_late (tx, picture, in->now, error);
}

/**
 * floe_pass_read:
 * @input: a #FloePassInput
 *
 * Returns: (transfer full): the #FloePoolPicture, or %NULL
 */
gpointer
floe_pass_read (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloePassInput *in = input;
  g_autoptr (FloePoolPicture) picture = g_new0 (FloePoolPicture, 1);
  g_autoptr (GError) local_error = NULL;

  picture->pool = floe_tx_get_pool (tx, in->pool, &local_error);
  if (picture->pool == NULL)
    {
      if (g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
        return g_steal_pointer (&picture);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  /* An engine keeps its pools by itself. */
  if (floe_pool_is_engine (picture->pool))
    {
      g_clear_pointer (&picture->pool, floe_pool_free);
      return g_steal_pointer (&picture);
    }
  return read_parts (tx, picture, in, error) ? g_steal_pointer (&picture) : NULL;
}

/**
 * floe_pass_list_pools:
 *
 * Returns: (transfer full) (element-type utf8): the names of all pools
 */
gpointer
floe_pass_list_pools (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (GPtrArray) pools = floe_tx_list_pools (tx, error);
  GPtrArray *names = pools != NULL ? g_ptr_array_new_with_free_func (g_free) : NULL;

  for (guint i = 0; pools != NULL && i < pools->len; i++)
    g_ptr_array_add (names, g_strdup (((FloePool *)pools->pdata[i])->name));
  return names;
}
