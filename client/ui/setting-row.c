/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/setting-row.h"

#include <glib/gi18n.h>
#include <string.h>

#define LIST "floe-list" /* of a choice that nobody has come to yet */

static GtkWidget *
make_label (const gchar *text, const gchar *style)
{
  GtkWidget *label = gtk_label_new (text);

  g_object_set (label, "xalign", 0.0f, "wrap", TRUE, "visible", TRUE, NULL);
  if (style != NULL)
    gtk_style_context_add_class (gtk_widget_get_style_context (label), style);
  return label;
}

static GtkWidget *
make_lock (GSettings *settings, const gchar *key)
{
  GtkWidget *lock = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *image = gtk_image_new_from_icon_name ("changes-prevent-symbolic", GTK_ICON_SIZE_MENU);

  gtk_widget_show (image);
  gtk_container_add (GTK_CONTAINER (lock), image);
  gtk_container_add (GTK_CONTAINER (lock),
                     make_label (_ ("Set by your administrator"), "floe-small"));
  gtk_style_context_add_class (gtk_widget_get_style_context (lock), "floe-hint");
  g_settings_bind_writable (settings, key, lock, "visible", TRUE);
  return lock;
}

static GtkWidget *
make_words (GSettings *settings, const FloeSettingRow *row, GtkWidget *control)
{
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *title = make_label (NULL, NULL);

  gtk_label_set_text_with_mnemonic (GTK_LABEL (title), row->title);
  gtk_label_set_mnemonic_widget (GTK_LABEL (title), control);
  gtk_container_add (GTK_CONTAINER (words), title);
  if (row->detail != NULL)
    {
      GtkWidget *detail = make_label (row->detail, "floe-small");

      gtk_style_context_add_class (gtk_widget_get_style_context (detail), "dim-label");
      gtk_container_add (GTK_CONTAINER (words), detail);
    }
  gtk_container_add (GTK_CONTAINER (words), make_lock (settings, row->key));
  g_object_set (words, "hexpand", TRUE, "valign", GTK_ALIGN_CENTER, "visible", TRUE, NULL);
  atk_object_set_name (gtk_widget_get_accessible (control), gtk_label_get_text (GTK_LABEL (title)));
  return words;
}

/**
 * floe_setting_row_new:
 * @settings: the settings
 * @row: what it says
 * @control: what it is set by; the caller has it follow the key
 *
 * Returns: (transfer floating): a row for a group. It is none of a list box, whose rows take the
 *   keyboard for themselves and let none through to what is in them
 */
GtkWidget *
floe_setting_row_new (GSettings *settings, const FloeSettingRow *row, GtkWidget *control)
{
  GtkWidget *self = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);

  gtk_style_context_add_class (gtk_widget_get_style_context (self), "floe-row");
  gtk_container_add (GTK_CONTAINER (self), make_words (settings, row, control));
  g_object_set (control, "valign", GTK_ALIGN_CENTER, "visible", TRUE, NULL);
  gtk_container_add (GTK_CONTAINER (self), control);
  gtk_widget_show (self);
  if (row->detail != NULL)
    atk_object_set_description (gtk_widget_get_accessible (control), row->detail);
  return self;
}

GtkWidget *
floe_setting_row_new_switch (GSettings *settings, const FloeSettingRow *row)
{
  GtkWidget *control = gtk_switch_new ();

  g_settings_bind (settings, row->key, control, "active", G_SETTINGS_BIND_DEFAULT);
  return floe_setting_row_new (settings, row, control);
}

/* What was chosen elsewhere stays what it is, and is shown as it is spelled. */
static void
choose (GtkComboBox *combo, const gchar *id)
{
  if (gtk_combo_box_set_active_id (combo, id))
    return;
  gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (combo), id, id);
  gtk_combo_box_set_active_id (combo, id);
}

/* A choice is a word; where the key is a list, it is the list that has this word alone. */

static gboolean
to_id (GValue *value, GVariant *variant, gpointer data)
{
  if (g_variant_is_of_type (variant, G_VARIANT_TYPE_STRING_ARRAY))
    {
      g_autofree const gchar **words = g_variant_get_strv (variant, NULL);

      g_value_take_string (value, g_strjoinv (";", (gchar **)words));
    }
  else
    g_value_set_string (value, g_variant_get_string (variant, NULL));
  choose (data, g_value_get_string (value));
  return TRUE;
}

static GVariant *
from_id (const GValue *value, const GVariantType *type, gpointer data)
{
  const gchar *id = g_value_get_string (value);

  if (id == NULL)
    return NULL;
  if (g_variant_type_equal (type, G_VARIANT_TYPE_STRING_ARRAY))
    {
      g_auto (GStrv) words = g_strsplit (id, ";", -1);

      return g_variant_new_strv ((const gchar *const *)words, -1);
    }
  return g_variant_new_string (id);
}

/* Long names must not make the column wider than it is. */
static void
narrow (GtkWidget *combo, gint n_chars)
{
  g_autoptr (GList) cells = gtk_cell_layout_get_cells (GTK_CELL_LAYOUT (combo));

  for (GList *l = cells; l != NULL; l = l->next)
    g_object_set (l->data, "ellipsize", PANGO_ELLIPSIZE_END, "width-chars", n_chars, NULL);
}

/* @only: (nullable): the one that is added of them */
static void
add_choices (GtkWidget *combo, GArray *choices, const gchar *only)
{
  for (guint i = 0; i < choices->len; i++)
    {
      const FloeSettingChoice *choice = &g_array_index (choices, FloeSettingChoice, i);

      if (only == NULL || g_str_equal (choice->id, only))
        gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (combo), choice->id, choice->label);
    }
}

static void
fill (GtkWidget *combo)
{
  FloeSettingList list = (FloeSettingList)g_object_steal_data (G_OBJECT (combo), LIST);
  g_autofree gchar *chosen = NULL;
  g_autoptr (GArray) choices = NULL;

  if (list == NULL)
    return;
  chosen = g_strdup (gtk_combo_box_get_active_id (GTK_COMBO_BOX (combo)));
  choices = list ();
  gtk_combo_box_text_remove_all (GTK_COMBO_BOX_TEXT (combo));
  add_choices (combo, choices, NULL);
  if (chosen != NULL)
    choose (GTK_COMBO_BOX (combo), chosen);
}

static void
follow (GSettings *settings, const gchar *key, GtkWidget *combo)
{
  g_settings_bind_with_mapping (settings, key, combo, "active-id", G_SETTINGS_BIND_DEFAULT, to_id,
                                from_id, combo, NULL);
}

/**
 * floe_setting_choice_new:
 * @settings: the settings
 * @key: a text, an enumeration, or a list of texts
 * @choices: (element-type FloeSettingChoice): what it may be
 *
 * Returns: (transfer floating): what the key is chosen by
 */
GtkWidget *
floe_setting_choice_new (GSettings *settings, const gchar *key, GArray *choices)
{
  GtkWidget *control = gtk_combo_box_text_new ();

  add_choices (control, choices, NULL);
  follow (settings, key, control);
  return control;
}

/**
 * floe_setting_choice_new_lazy:
 * @settings: the settings
 * @key: a text
 * @usual: what the empty text is called
 * @list: (transfer full): all of the choices, that one first
 * @n_columns: of the list, for so many choices that they are shown side by side; 0 for one below
 *   the other
 *
 * GTK makes a widget of each choice, and loads the fonts that it is written in, so that they are
 * listed only once somebody comes to them; until then there are the usual one and today's.
 *
 * Returns: (transfer floating): what the key is chosen by
 */
GtkWidget *
floe_setting_choice_new_lazy (GSettings *settings, const gchar *key, const gchar *usual,
                              FloeSettingList list, gint n_columns)
{
  GtkWidget *control = gtk_combo_box_text_new ();
  g_autofree gchar *today = g_settings_get_string (settings, key);

  gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (control), "", usual);
  if (*today != '\0')
    {
      g_autoptr (GArray) choices = list ();

      add_choices (control, choices, today);
    }
  g_object_set_data (G_OBJECT (control), LIST, (gpointer)list);
  g_signal_connect (control, "set-focus-child", G_CALLBACK (fill), NULL);
  g_signal_connect (control, "popup", G_CALLBACK (fill), NULL);
  if (n_columns > 0)
    {
      gtk_combo_box_set_wrap_width (GTK_COMBO_BOX (control), n_columns);
      narrow (control, 18);
    }
  follow (settings, key, control);
  return control;
}
