/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-bulk.h"

#include <string.h>

#include "core/error.h"
#include "core/helpdesk-transactions.h"
#include "core/permit.h"
#include "core/service.h"

/* Moving somebody, or a group, from one pool to another: both entitlements, and what they have in
 * the old one, in one transaction. */

typedef struct
{
  FloeTx *tx;
  const FloeAdminInput *input;
  FloePool *from;
  FloePool *to;
  FloeUser *user; /* who; NULL for a group */
  const gchar *name;
} Move;

static gboolean
names (GStrv list, const gchar *name)
{
  g_autofree gchar *wanted = g_utf8_casefold (name, -1);

  for (guint i = 0; list[i] != NULL; i++)
    {
      g_autofree gchar *folded = g_utf8_casefold (list[i], -1);

      if (strcmp (folded, wanted) == 0)
        return TRUE;
    }
  return FALSE;
}

/* edit: the list without the name, or with it */
static void
edit (GStrv *list, const gchar *name, gboolean in)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const gchar *one[] = { NULL, NULL };

  for (guint i = 0; (*list)[i] != NULL; i++)
    {
      one[0] = (*list)[i];
      if (!names ((gchar **)one, name))
        g_strv_builder_add (builder, one[0]);
    }
  if (in)
    g_strv_builder_add (builder, name);
  g_strfreev (*list);
  *list = g_strv_builder_end (builder);
}

/* Entitlements of groups are part of what a pool is: who defines pools moves them. */
static gboolean
may_move (const Move *move, GError **error)
{
  const FloeIdentity *actor = move->input->actor;

  if (!floe_permit_pool (actor, FLOE_MAY_HELP, move->from, error)
      || !floe_permit_pool (actor, FLOE_MAY_HELP, move->to, error))
    return FALSE;
  if (move->user != NULL)
    return floe_permit_person (actor, move->input->groups, move->from, move->user, error);
  if (actor->roles & floe_permission_get_roles (FLOE_MAY_DEFINE))
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_DENIED, "role-needed",
                         "moving a group needs the role admin; yours is %s",
                         floe_identity_role_name (actor));
  return FALSE;
}

/* bound_of: what the pool has for that name, however it is spelled */
static const gchar *
bound_of (const FloePool *pool, const gchar *name)
{
  const gchar *one[] = { NULL, NULL };

  for (guint i = 0; pool->groups[i] != NULL; i++)
    {
      one[0] = pool->groups[i];
      if (names ((gchar **)one, name))
        return floe_pool_get_bound (pool, pool->groups[i]);
    }
  return NULL;
}

static gboolean
check_same (const Move *move, GError **error)
{
  const gchar *from = bound_of (move->from, move->name);
  const gchar *to = bound_of (move->to, move->name);

  if (move->user != NULL || from == NULL || to == NULL || strcmp (from, to) == 0)
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "another-group",
                         "%s is %s in pool %s, and %s in pool %s: name it by its id", move->name,
                         from, move->from->name, to, move->to->name);
  return FALSE;
}

static gboolean
check_named (const Move *move, GError **error)
{
  if (names (move->user != NULL ? move->from->users : move->from->groups, move->name))
    return check_same (move, error);
  if (move->user != NULL && floe_pool_entitles (move->from, move->user))
    floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "by-group",
                           "%s is entitled to pool %s by a group, not by name", move->name,
                           move->from->name);
  else
    floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "not-entitled", "pool %s does not name %s",
                           move->from->name, move->name);
  return FALSE;
}

static gboolean
put_pool (const Move *move, const FloePool *pool, const gchar *how, GError **error)
{
  const gchar *reason = move->input->reason;
  g_autofree gchar *detail =
      g_strdup_printf ("%s %s %s pool %s%s%s", move->user != NULL ? "user" : "group", move->name,
                       how, pool == move->from ? move->to->name : move->from->name,
                       reason != NULL ? ": " : "", reason != NULL ? reason : "");

  return floe_pool_validate (pool, error) && floe_tx_put_pool (move->tx, pool, error)
         && floe_tx_put_feed (move->tx, "pool", pool->name, error)
         && floe_admin_put_row (move->tx, move->input, "pool-move", pool->name, detail, error);
}

/* Whether its holder may not have it any more. */
static gboolean
has_lost (const Move *move, const FloeDesktop *desktop, gboolean *lost, GError **error)
{
  g_autoptr (FloeUser) holder = NULL;

  *lost = FALSE;
  if (move->user != NULL && !floe_desktop_is_held_by (desktop, move->user->id))
    return TRUE;
  holder = floe_tx_get_user (move->tx, desktop->lease->holder, error);
  if (holder == NULL)
    return FALSE;
  *lost = !floe_pool_entitles (move->from, holder);
  return TRUE;
}

static gboolean
release_one (const Move *move, const FloeDesktop *desktop, GPtrArray *items, GError **error)
{
  const FloeCause cause = { .now = move->input->now,
                            .identity = move->input->actor,
                            .detail = move->input->reason,
                            .end_reason = "admin" };
  FloeBulkItem *item = floe_bulk_item_new (desktop->id);

  g_ptr_array_add (items, item);
  item->name = g_strdup (desktop->name);
  item->holder = g_strdup (desktop->lease->holder_name);
  item->change = floe_change_new (floe_desktop_copy (desktop));
  return floe_admin_put_row (move->tx, move->input, "release", desktop->name, move->input->reason,
                             error)
         && floe_change_event (item->change, move->tx, FLOE_EVENT_RELEASE, &cause, error)
         && floe_change_save (item->change, move->tx, error);
}

/* What those who are moved have in the old pool, if that was asked for. */
static GPtrArray *
release (const Move *move, GError **error)
{
  g_autoptr (GPtrArray) items =
      g_ptr_array_new_with_free_func ((GDestroyNotify)floe_bulk_item_free);
  g_autoptr (GPtrArray) held = NULL;

  if (!move->input->drain)
    return g_steal_pointer (&items);
  held = floe_service_list_held (move->tx, move->from->name, error);
  for (guint i = 0; held != NULL && i < held->len; i++)
    {
      const FloeDesktop *desktop = ((const FloeChange *)held->pdata[i])->desktop;
      gboolean lost;

      if (!has_lost (move, desktop, &lost, error)
          || (lost && !release_one (move, desktop, items, error)))
        return NULL;
    }
  return held != NULL ? g_steal_pointer (&items) : NULL;
}

/* The group that it is, whatever is called so today. */
static void
carry_binding (Move *move)
{
  const gchar *bound = bound_of (move->from, move->name);

  if (bound != NULL && floe_pool_get_bound (move->to, move->name) == NULL)
    floe_pool_set_bound (move->to, move->name, bound);
}

static gboolean
carry_out (Move *move, FloeBulkItem *item, GError **error)
{
  if (move->user == NULL)
    carry_binding (move);
  edit (move->user != NULL ? &move->from->users : &move->from->groups, move->name, FALSE);
  edit (move->user != NULL ? &move->to->users : &move->to->groups, move->name, TRUE);
  item->desktops =
      put_pool (move, move->from, "to", error) && put_pool (move, move->to, "from", error)
          ? release (move, error)
          : NULL;
  return item->desktops != NULL;
}

static gboolean
read_all (Move *move, GError **error)
{
  const FloeAdminInput *input = move->input;

  if (g_strcmp0 (input->source, input->target) == 0)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                   "to: expected another pool than \"from\"");
      return FALSE;
    }
  move->from = floe_tx_get_pool (move->tx, input->source, error);
  move->to = move->from != NULL ? floe_tx_get_pool (move->tx, input->target, error) : NULL;
  if (move->to == NULL || !floe_permit_reason (input->actor, input->reason, error))
    return FALSE;
  move->name = input->name;
  if (input->of_group)
    return TRUE;
  move->user = floe_tx_find_user (move->tx, input->name, NULL, error);
  if (move->user != NULL)
    move->name = move->user->name;
  return move->user != NULL;
}

static FloeBulkItem *
run (Move *move, GError **error)
{
  g_autoptr (FloeBulkItem) item = floe_bulk_item_new (move->input->name);
  g_autoptr (FloeDeed) refused = NULL;
  GError *why = NULL;

  if (!read_all (move, error))
    return NULL;
  item->name = g_strdup (move->name);
  if (may_move (move, &why))
    return check_named (move, error) && carry_out (move, item, error) ? g_steal_pointer (&item)
                                                                      : NULL;
  refused = floe_deed_new_failed (move->tx, move->input, "pool-move", move->from->name, why, error);
  if (refused == NULL)
    return NULL;
  item->refusal = g_steal_pointer (&refused->refusal);
  return g_steal_pointer (&item);
}

/**
 * floe_helpdesk_record_move:
 * @input: a #FloeAdminInput: its name is somebody's, or a group's, and it says from where and to
 *   where; with its drain, what they have in the old pool and may not have any more is taken back
 *
 * Returns: (transfer full): a #FloeBulkItem, whose refusal is %FLOE_ERROR_DENIED and recorded; or
 *   %NULL with %FLOE_ERROR_NOT_FOUND, %FLOE_ERROR_CONFLICT (reason "by-group" or "not-entitled"),
 *   %FLOE_ERROR_INVALID, or a store's error
 */
gpointer
floe_helpdesk_record_move (FloeTx *tx, gconstpointer data, GError **error)
{
  Move move = { .tx = tx, .input = data };
  FloeBulkItem *item = run (&move, error);

  floe_pool_free (move.from);
  floe_pool_free (move.to);
  floe_user_free (move.user);
  return item;
}
