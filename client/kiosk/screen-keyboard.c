/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kiosk/screen-keyboard.h"

#include <glib/gi18n.h>

#define N_ROWS 4

/* What the kernel numbers the keys by their place on the board, as X has it. */
typedef struct
{
  guint first;
  guint last;
} Run;

static const Run runs[N_ROWS][2] = {
  { { 49, 49 }, { 10, 21 } },
  { { 24, 35 }, { 0, 0 } },
  { { 38, 48 }, { 51, 51 } },
  { { 94, 94 }, { 52, 61 } },
};

struct _FloeScreenKeyboard
{
  GtkBox parent_instance;

  GPtrArray *keys; /* of GtkButton, each with its code */
  GtkWidget *shift;
  GtkWidget *level3;
};

G_DEFINE_FINAL_TYPE (FloeScreenKeyboard, floe_screen_keyboard, GTK_TYPE_BOX)

static gboolean
is_down (GtkWidget *toggle)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (toggle));
}

/* Returns: what is on the key now, or 0. */
static gunichar
character_of (FloeScreenKeyboard *self, guint code)
{
  GdkKeymap *keymap = gdk_keymap_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
  GdkModifierType state = 0;
  guint keyval = 0;

  if (is_down (self->shift))
    state |= GDK_SHIFT_MASK;
  if (is_down (self->level3))
    state |= GDK_MOD5_MASK;
  if (!gdk_keymap_translate_keyboard_state (keymap, code, state, 0, &keyval, NULL, NULL, NULL))
    return 0;
  return gdk_keyval_to_unicode (keyval);
}

static void
label_keys (FloeScreenKeyboard *self)
{
  for (guint i = 0; i < self->keys->len; i++)
    {
      GtkWidget *key = self->keys->pdata[i];
      guint code = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (key), "floe-code"));
      gunichar character = character_of (self, code);
      gchar text[7] = "";

      if (character != 0)
        text[g_unichar_to_utf8 (character, text)] = '\0';
      gtk_button_set_label (GTK_BUTTON (key), text);
      gtk_widget_set_sensitive (key, character != 0);
    }
}

/* Returns: (transfer none) (nullable): where typing goes */
static GtkWidget *
field (FloeScreenKeyboard *self)
{
  GtkWidget *toplevel = gtk_widget_get_toplevel (GTK_WIDGET (self));
  GtkWidget *focus = GTK_IS_WINDOW (toplevel) ? gtk_window_get_focus (GTK_WINDOW (toplevel)) : NULL;

  return focus != NULL && GTK_IS_ENTRY (focus) ? focus : NULL;
}

static void
insert (FloeScreenKeyboard *self, const gchar *text)
{
  GtkWidget *entry = field (self);
  gint position;

  if (entry == NULL)
    return;
  gtk_editable_delete_selection (GTK_EDITABLE (entry));
  position = gtk_editable_get_position (GTK_EDITABLE (entry));
  gtk_editable_insert_text (GTK_EDITABLE (entry), text, -1, &position);
  gtk_editable_set_position (GTK_EDITABLE (entry), position);
}

/* Shift is for one character. */
static void
on_key (GtkButton *key, FloeScreenKeyboard *self)
{
  insert (self, gtk_button_get_label (key));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->shift), FALSE);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->level3), FALSE);
}

static void
on_space (FloeScreenKeyboard *self)
{
  insert (self, " ");
}

static void
on_back (FloeScreenKeyboard *self)
{
  GtkWidget *entry = field (self);

  if (entry != NULL)
    g_signal_emit_by_name (entry, "backspace");
}

static void
on_next (FloeScreenKeyboard *self)
{
  GtkWidget *toplevel = gtk_widget_get_toplevel (GTK_WIDGET (self));

  gtk_widget_child_focus (toplevel, GTK_DIR_TAB_FORWARD);
}

static void
on_enter (FloeScreenKeyboard *self)
{
  GtkWidget *entry = field (self);

  if (entry != NULL)
    gtk_widget_activate (entry);
}

/* The focus stays in the field. */
static void
add_key (GtkWidget *row, GtkWidget *key, gboolean wide)
{
  gtk_widget_set_can_focus (key, FALSE);
  gtk_widget_set_focus_on_click (key, FALSE);
  gtk_style_context_add_class (gtk_widget_get_style_context (key), "floe-key");
  gtk_box_pack_start (GTK_BOX (row), key, TRUE, TRUE, 0);
  if (wide)
    gtk_widget_set_size_request (key, 90, -1);
  gtk_widget_show (key);
}

static GtkWidget *
add_special (FloeScreenKeyboard *self, GtkWidget *row, const gchar *label,
             void (*pressed) (FloeScreenKeyboard *))
{
  GtkWidget *key = gtk_button_new_with_label (label);

  g_signal_connect_swapped (key, "clicked", G_CALLBACK (pressed), self);
  add_key (row, key, TRUE);
  return key;
}

static GtkWidget *
add_toggle (FloeScreenKeyboard *self, GtkWidget *row, const gchar *label)
{
  GtkWidget *key = gtk_toggle_button_new_with_label (label);

  g_signal_connect_swapped (key, "toggled", G_CALLBACK (label_keys), self);
  add_key (row, key, TRUE);
  return key;
}

static GtkWidget *
add_row (FloeScreenKeyboard *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);

  gtk_box_pack_start (GTK_BOX (self), row, FALSE, FALSE, 0);
  gtk_widget_show (row);
  return row;
}

static void
add_run (FloeScreenKeyboard *self, GtkWidget *row, const Run *run)
{
  for (guint code = run->first; code != 0 && code <= run->last; code++)
    {
      GtkWidget *key = gtk_button_new_with_label ("");

      g_object_set_data (G_OBJECT (key), "floe-code", GUINT_TO_POINTER (code));
      g_signal_connect (key, "clicked", G_CALLBACK (on_key), self);
      add_key (row, key, FALSE);
      g_ptr_array_add (self->keys, key);
    }
}

static void
floe_screen_keyboard_finalize (GObject *object)
{
  g_ptr_array_unref (FLOE_SCREEN_KEYBOARD (object)->keys);
  G_OBJECT_CLASS (floe_screen_keyboard_parent_class)->finalize (object);
}

static void
floe_screen_keyboard_class_init (FloeScreenKeyboardClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_screen_keyboard_finalize;
}

static void
floe_screen_keyboard_init (FloeScreenKeyboard *self)
{
  GdkKeymap *keymap = gdk_keymap_get_for_display (gdk_display_get_default ());
  GtkWidget *row;

  self->keys = g_ptr_array_new ();
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 4);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), _ ("On-screen keyboard"));
  for (guint i = 0; i < N_ROWS; i++)
    {
      row = add_row (self);
      add_run (self, row, &runs[i][0]);
      add_run (self, row, &runs[i][1]);
    }
  row = add_row (self);
  /* TRANSLATORS: what is on the key of a keyboard */
  self->shift = add_toggle (self, row, _ ("Shift"));
  self->level3 = add_toggle (self, row, "AltGr");
  /* TRANSLATORS: what is on the key of a keyboard */
  add_special (self, row, _ ("Space"), on_space);
  /* TRANSLATORS: what is on the key of a keyboard */
  add_special (self, row, _ ("Backspace"), on_back);
  /* TRANSLATORS: what is on the key of a keyboard */
  add_special (self, row, _ ("Next field"), on_next);
  /* TRANSLATORS: what is on the key of a keyboard */
  add_special (self, row, _ ("Enter"), on_enter);
  g_signal_connect_object (keymap, "keys-changed", G_CALLBACK (label_keys), self,
                           G_CONNECT_SWAPPED);
  label_keys (self);
}

GtkWidget *
floe_screen_keyboard_new (void)
{
  return g_object_new (FLOE_TYPE_SCREEN_KEYBOARD, NULL);
}
