/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/seat.h"

#include "core/error.h"
#include "core/network.h"

/**
 * floe_seat_find:
 *
 * Costs a look at the store where there is a certificate, and nothing elsewhere.
 *
 * Returns: (transfer full): where the caller is; or %NULL with a store's error
 */
FloeSeat *
floe_seat_find (FloeTx *tx, const FloeCaller *caller, GError **error)
{
  g_autoptr (FloeSeat) self = g_new0 (FloeSeat, 1);
  g_autoptr (GError) local_error = NULL;

  self->address = g_strdup (caller->address);
  if (caller->terminal == NULL)
    return g_steal_pointer (&self);
  self->terminal = floe_tx_find_terminal (tx, caller->terminal, &local_error);
  if (self->terminal != NULL || g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    return g_steal_pointer (&self);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

void
floe_seat_free (FloeSeat *self)
{
  if (self == NULL)
    return;
  g_free (self->address);
  floe_terminal_free (self->terminal);
  g_free (self);
}

/**
 * floe_seat_fill:
 * @user: as their directory, or the store, has them
 *
 * Returns: (transfer full): the same at this seat: with its terminal groups among their groups. A
 *   directory's group that only looks like one of these is none
 */
FloeUser *
floe_seat_fill (const FloeSeat *self, const FloeUser *user)
{
  g_autoptr (GStrvBuilder) groups = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;
  FloeUser *here;

  for (guint i = 0; user->groups[i] != NULL; i++)
    if (!g_str_has_prefix (user->groups[i], FLOE_TERMINAL_GROUPS))
      g_strv_builder_add (groups, user->groups[i]);
  for (guint i = 0; self->terminal != NULL && self->terminal->groups[i] != NULL; i++)
    {
      g_autofree gchar *group = g_strconcat (FLOE_TERMINAL_GROUPS, self->terminal->groups[i], NULL);

      g_strv_builder_add (groups, group);
    }
  list = g_strv_builder_end (groups);
  here = floe_user_copy (user);
  g_strfreev (here->groups);
  here->groups = g_steal_pointer (&list);
  return here;
}

static gboolean
has_any (GStrv names, GStrv wanted)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (g_strv_contains ((const gchar *const *)wanted, names[i]))
      return TRUE;
  return FALSE;
}

/**
 * floe_seat_opens:
 *
 * Returns: whether desktops of the pool may be opened from here, whoever asks: it says nothing of
 *   places, or names this one
 */
gboolean
floe_seat_opens (const FloeSeat *self, const FloePool *pool)
{
  const FloeTerminal *terminal = self->terminal;

  if (!floe_pool_is_bound (pool))
    return TRUE;
  if (terminal != NULL
      && (g_strv_contains ((const gchar *const *)pool->from_terminals, terminal->name)
          || has_any (terminal->groups, pool->from_terminal_groups)))
    return TRUE;
  for (guint i = 0; pool->from_networks[i] != NULL; i++)
    if (floe_network_has (pool->from_networks[i], self->address))
      return TRUE;
  return FALSE;
}
