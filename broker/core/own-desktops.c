/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/own-desktops.h"

#include <string.h>

#include "core/error.h"
#include "core/seat.h"

FloePoolView *
floe_pool_view_new (const FloePool *pool)
{
  FloePoolView *self = g_new0 (FloePoolView, 1);

  self->pool = floe_pool_copy (pool);
  self->desktops = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_desktop_free);
  return self;
}

void
floe_pool_view_free (FloePoolView *self)
{
  if (self == NULL)
    return;
  floe_pool_free (self->pool);
  g_ptr_array_unref (self->desktops);
  g_free (self);
}

/**
 * floe_pool_view_allows_another:
 *
 * Returns: whether they have one, and may ask for one more
 */
gboolean
floe_pool_view_allows_another (const FloePoolView *self)
{
  const FloePool *pool = self->pool;

  return self->desktops->len > 0 && self->desktops->len < pool->per_user
         && pool->kind != FLOE_POOL_STATIC && !pool->closed;
}

FloeOwnInput *
floe_own_input_new (const FloeIdentity *identity, const gchar *desktop_id, gint64 now)
{
  FloeOwnInput *self = g_new0 (FloeOwnInput, 1);

  self->identity = floe_identity_copy (identity);
  self->desktop_id = g_strdup (desktop_id);
  self->now = now;
  return self;
}

void
floe_own_input_free (FloeOwnInput *self)
{
  floe_identity_free (self->identity);
  g_free (self->desktop_id);
  g_free (self);
}

static gint
compare_slots (gconstpointer a, gconstpointer b)
{
  return (gint)(*(FloeDesktop *const *)a)->lease->slot
         - (gint)(*(FloeDesktop *const *)b)->lease->slot;
}

/**
 * floe_own_list_pools:
 * @tx: a transaction
 * @input: a #FloeIdentity
 *
 * Returns: (transfer full) (element-type FloePoolView): what they may open from where they are,
 *   without entitlements
 */
gpointer
floe_own_list_pools (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeIdentity *identity = input;
  g_autoptr (FloeSeat) seat = floe_seat_find (tx, identity->caller, error);
  g_autoptr (FloeUser) user = seat != NULL ? floe_seat_fill (seat, identity->user) : NULL;
  g_autoptr (GPtrArray) views =
      g_ptr_array_new_with_free_func ((GDestroyNotify)floe_pool_view_free);
  g_autoptr (GPtrArray) pools = user != NULL ? floe_tx_list_pools_of_user (tx, user, error) : NULL;
  g_autoptr (GPtrArray) desktops =
      pools != NULL ? floe_tx_list_desktops_of_user (tx, user->id, error) : NULL;

  if (desktops == NULL)
    return NULL;
  for (guint i = 0; i < pools->len; i++)
    {
      FloePoolView *view;

      if (!floe_seat_opens (seat, pools->pdata[i]))
        continue;
      view = floe_pool_view_new (pools->pdata[i]);
      for (guint k = 0; k < desktops->len; k++)
        if (strcmp (((FloeDesktop *)desktops->pdata[k])->pool, view->pool->name) == 0)
          g_ptr_array_add (view->desktops, floe_desktop_copy (desktops->pdata[k]));
      g_ptr_array_sort (view->desktops, compare_slots);
      g_ptr_array_add (views, view);
    }
  return g_steal_pointer (&views);
}

/* What there is to know for whoever was its last holder: it is off for them. */
static FloeDesktop *
make_memory (const FloeDesktop *desktop)
{
  FloeDesktop *memory = floe_desktop_new (desktop->id, desktop->name, desktop->pool);

  memory->kind = desktop->kind;
  memory->host = g_strdup (desktop->host);
  memory->facts.power = FLOE_POWER_OFF;
  memory->end = floe_end_copy (desktop->end);
  return memory;
}

/**
 * floe_own_read:
 * @input: a #FloeOwnInput
 *
 * For its holder, and for whoever was its last one, who may ask why it ended but sees nothing
 * newer.
 *
 * Returns: (transfer full): the #FloeDesktop, or %NULL with %FLOE_ERROR_NOT_FOUND
 */
gpointer
floe_own_read (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeOwnInput *in = input;
  const gchar *user_id = in->identity->user->id;
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, in->desktop_id, error);

  if (desktop == NULL)
    return NULL;
  if (desktop->end != NULL && g_strcmp0 (desktop->end->user, user_id) != 0)
    g_clear_pointer (&desktop->end, floe_end_free);
  if (floe_desktop_is_held_by (desktop, user_id))
    return g_steal_pointer (&desktop);
  if (desktop->end != NULL)
    return make_memory (desktop);
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such desktop");
  return NULL;
}

/**
 * floe_own_release:
 * @input: a #FloeOwnInput
 *
 * Returns: (transfer full): what became of a floating desktop of theirs, as a #FloeChange; or %NULL
 *   with %FLOE_ERROR_NOT_FOUND or %FLOE_ERROR_CONFLICT (a dedicated one)
 */
gpointer
floe_own_release (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeOwnInput *in = input;
  const FloeCause cause = { .now = in->now, .identity = in->identity, .end_reason = "released" };
  g_autoptr (FloeDesktop) desktop = floe_tx_get_desktop (tx, in->desktop_id, error);
  g_autoptr (FloeAudit) row = NULL;

  if (desktop == NULL)
    return NULL;
  if (!floe_desktop_is_held_by (desktop, in->identity->user->id))
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such desktop");
      return NULL;
    }
  if (desktop->kind != FLOE_POOL_FLOATING)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
                   "desktop %s is dedicated: only an administrator takes it away", desktop->name);
      return NULL;
    }
  row = floe_cause_audit (&cause, "release", desktop->name, "done");
  if (!floe_tx_put_audit (tx, row, error))
    return NULL;
  return floe_change_one (tx, in->desktop_id, FLOE_EVENT_RELEASE, &cause, error);
}

/**
 * floe_own_release_all:
 * @user_id: whose
 * @login_id: (nullable): only what this log-in used last; %NULL for all
 * @cause: why
 * @changes: (element-type FloeChange): what became of their floating desktops is added
 */
gboolean
floe_own_release_all (FloeTx *tx, const gchar *user_id, const gchar *login_id,
                      const FloeCause *cause, GPtrArray *changes, GError **error)
{
  g_autoptr (GPtrArray) desktops = floe_tx_list_desktops_of_user (tx, user_id, error);

  if (desktops == NULL)
    return FALSE;
  for (guint i = 0; i < desktops->len; i++)
    {
      const FloeDesktop *desktop = desktops->pdata[i];
      g_autoptr (FloeAudit) row = NULL;
      FloeChange *change;

      /* A desktop that was taken along to another terminal is that one's. */
      if (desktop->kind != FLOE_POOL_FLOATING
          || (login_id != NULL && g_strcmp0 (desktop->lease->login_id, login_id) != 0))
        continue;
      row = floe_cause_audit (cause, "release", desktop->name, "done");
      if (!floe_tx_put_audit (tx, row, error))
        return FALSE;
      change = floe_change_one (tx, desktop->id, FLOE_EVENT_RELEASE, cause, error);
      if (change == NULL)
        return FALSE;
      g_ptr_array_add (changes, change);
    }
  return TRUE;
}
