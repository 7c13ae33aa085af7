/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/hotkey.h"

static const struct
{
  const gchar *name;
  GdkModifierType modifier;
  guint keyval;
} modifiers[] = {
  { "ctrl", GDK_CONTROL_MASK, GDK_KEY_Control_L }, { "control", GDK_CONTROL_MASK, 0 },
  { "alt", GDK_MOD1_MASK, GDK_KEY_Alt_L },         { "shift", GDK_SHIFT_MASK, GDK_KEY_Shift_L },
  { "super", GDK_SUPER_MASK, GDK_KEY_Super_L },
};

/* What people write otherwise than X does. */
static const struct
{
  const gchar *name;
  guint keyval;
} names[] = {
  { "ins", GDK_KEY_Insert },
  { "del", GDK_KEY_Delete },
  { "esc", GDK_KEY_Escape },
  { "enter", GDK_KEY_Return },
};

static GdkModifierType
find_modifier (const gchar *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (modifiers); i++)
    if (g_ascii_strcasecmp (modifiers[i].name, name) == 0)
      return modifiers[i].modifier;
  return 0;
}

/* X has "F11", "End" and "a". */
static guint
find_key (const gchar *name)
{
  g_autofree gchar *capital = g_ascii_strdown (name, -1);
  guint keyval = gdk_keyval_from_name (name);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (names[i].name, name) == 0)
      return names[i].keyval;
  *capital = g_ascii_toupper (*capital);
  if (keyval == GDK_KEY_VoidSymbol)
    keyval = gdk_keyval_from_name (capital);
  return keyval != GDK_KEY_VoidSymbol ? gdk_keyval_to_lower (keyval) : 0;
}

/**
 * floe_hotkey_parse:
 * @self: (out): the keys
 * @text: their names with "+" between them, such as "shift+f11" or "ctrl+alt"
 *
 * Returns: whether they are keys that can be pressed together: modifiers, and one other at most
 */
gboolean
floe_hotkey_parse (FloeHotkey *self, const gchar *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "+", FLOE_HOTKEY_MAX_KEYS + 1);

  *self = (FloeHotkey){ 0 };
  for (guint i = 0; parts[i] != NULL; i++)
    {
      GdkModifierType modifier = find_modifier (g_strstrip (parts[i]));

      if (modifier != 0)
        self->modifiers |= modifier;
      else if (self->keyval != 0 || (self->keyval = find_key (parts[i])) == 0)
        return FALSE;
    }
  return self->modifiers != 0 || self->keyval != 0;
}

/**
 * floe_hotkey_is_pressed:
 * @self: keys, one of which is no modifier
 * @event: a key that was pressed
 */
gboolean
floe_hotkey_is_pressed (const FloeHotkey *self, const GdkEventKey *event)
{
  guint held = event->state & gtk_accelerator_get_default_mod_mask ();

  return self->keyval != 0 && gdk_keyval_to_lower (event->keyval) == self->keyval
         && held == (guint)self->modifiers;
}

/**
 * floe_hotkey_list_keys:
 * @self: keys
 * @keyvals: (out): the same, one by one
 *
 * Returns: how many they are
 */
gint
floe_hotkey_list_keys (const FloeHotkey *self, guint keyvals[FLOE_HOTKEY_MAX_KEYS])
{
  gint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (modifiers); i++)
    if (modifiers[i].keyval != 0 && (self->modifiers & modifiers[i].modifier) != 0)
      keyvals[n++] = modifiers[i].keyval;
  if (self->keyval != 0)
    keyvals[n++] = self->keyval;
  return n;
}
