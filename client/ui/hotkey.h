/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Three modifiers and a key. */
#define FLOE_HOTKEY_MAX_KEYS 5

/**
 * FloeHotkey:
 * @modifiers: which of Ctrl, Alt, Shift and Super are held
 * @keyval: the key in its lower case, or 0 for the modifiers alone
 *
 * Keys that are pressed together.
 */
typedef struct
{
  GdkModifierType modifiers;
  guint keyval;
} FloeHotkey;

gboolean floe_hotkey_parse (FloeHotkey *self, const gchar *text);
gboolean floe_hotkey_is_pressed (const FloeHotkey *self, const GdkEventKey *event);
gint floe_hotkey_list_keys (const FloeHotkey *self, guint keyvals[FLOE_HOTKEY_MAX_KEYS]);

G_END_DECLS
