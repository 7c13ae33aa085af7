/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"

G_BEGIN_DECLS

/**
 * FloeTerminalView:
 * @name: the terminal's
 * @revision: of the youngest of the settings that it is made of; 0 for none
 * @values: "a{sv}" in the order of the keys
 *
 * The settings that a terminal goes by: its own before those of its groups, of which a later one
 * counts more, and those of the group of all terminals last.
 */
typedef struct
{
  gchar *name;
  gint64 revision;
  GVariant *values;
} FloeTerminalView;

FloeTerminalView *floe_terminal_view_new (const gchar *name);
void floe_terminal_view_free (FloeTerminalView *self);
FloeTerminalView *floe_terminal_view_read (FloeTx *tx, const FloeTerminal *terminal,
                                           GError **error);
gboolean floe_terminal_view_move (FloeTx *tx, const FloeTerminal *terminal, gint64 now,
                                  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTerminalView, floe_terminal_view_free)

G_END_DECLS
