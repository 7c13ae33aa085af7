/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/terminal-view.h"

#include <string.h>

FloeTerminalView *
floe_terminal_view_new (const gchar *name)
{
  FloeTerminalView *self = g_new0 (FloeTerminalView, 1);

  self->name = g_strdup (name);
  self->values = floe_setting_values_merge (NULL, NULL);
  return self;
}

void
floe_terminal_view_free (FloeTerminalView *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_variant_unref (self->values);
  g_free (self);
}

static gboolean
add (FloeTx *tx, FloeTerminalView *self, gboolean of_group, const gchar *name, GError **error)
{
  g_autoptr (FloeTerminalSettings) settings =
      floe_tx_get_terminal_settings (tx, of_group, name, error);
  GVariant *merged;

  if (settings == NULL)
    return FALSE;
  merged = floe_setting_values_merge (self->values, settings->values);
  g_variant_unref (self->values);
  self->values = merged;
  self->revision = MAX (self->revision, settings->revision);
  return TRUE;
}

/**
 * floe_terminal_view_read:
 *
 * Returns: (transfer full): what it goes by; or %NULL with a store's error
 */
FloeTerminalView *
floe_terminal_view_read (FloeTx *tx, const FloeTerminal *terminal, GError **error)
{
  g_autoptr (FloeTerminalView) self = floe_terminal_view_new (terminal->name);

  if (!add (tx, self, TRUE, FLOE_TERMINAL_GROUP_ALL, error))
    return NULL;
  for (guint i = 0; terminal->groups[i] != NULL; i++)
    if (strcmp (terminal->groups[i], FLOE_TERMINAL_GROUP_ALL) != 0
        && !add (tx, self, TRUE, terminal->groups[i], error))
      return NULL;
  return add (tx, self, FALSE, terminal->name, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * floe_terminal_view_move:
 * @terminal: one whose groups change
 *
 * Makes what it goes by younger than before, since groups that it leaves may have been the
 * youngest: a terminal takes nothing that is older than what it has.
 */
gboolean
floe_terminal_view_move (FloeTx *tx, const FloeTerminal *terminal, gint64 now, GError **error)
{
  gint64 revision;
  g_autoptr (FloeTerminalSettings) settings = NULL;

  if (!floe_tx_take_settings_revision (tx, now, &revision, error))
    return FALSE;
  settings = floe_tx_get_terminal_settings (tx, FALSE, terminal->name, error);
  if (settings == NULL)
    return FALSE;
  settings->revision = revision;
  return floe_tx_put_terminal_settings (tx, settings, error);
}
