/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/setting-folder.h"

#include <glib/gi18n.h>

#define CHOOSER "floe-chooser" /* while it is open */
#define KEY     "floe-key"

static void
on_response (GtkNativeDialog *dialog, gint response, GtkWidget *button)
{
  GSettings *settings = g_object_get_data (G_OBJECT (button), "floe-settings");
  g_autofree gchar *path = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (dialog))
                               : NULL;

  if (path != NULL)
    g_settings_set_string (settings, g_object_get_data (G_OBJECT (button), KEY), path);
  g_object_set_data (G_OBJECT (button), CHOOSER, NULL);
}

static void
on_choose (GtkWidget *button)
{
  GtkWidget *window = gtk_widget_get_toplevel (button);
  GtkFileChooserNative *chooser =
      gtk_file_chooser_native_new (_ ("Share a Folder"), GTK_WINDOW (window),
                                   GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Share"), NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect (chooser, "response", G_CALLBACK (on_response), button);
  g_object_set_data_full (G_OBJECT (button), CHOOSER, chooser, g_object_unref);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
on_clear (GtkWidget *button)
{
  g_settings_reset (g_object_get_data (G_OBJECT (button), "floe-settings"),
                    g_object_get_data (G_OBJECT (button), KEY));
}

static GtkWidget *
make_button (GtkWidget *box, GSettings *settings, const gchar *key, void (*pressed) (GtkWidget *))
{
  GtkWidget *button = gtk_button_new ();

  g_object_set_data_full (G_OBJECT (button), "floe-settings", g_object_ref (settings),
                          g_object_unref);
  g_object_set_data (G_OBJECT (button), KEY, (gpointer)g_intern_string (key));
  g_signal_connect (button, "clicked", G_CALLBACK (pressed), NULL);
  g_settings_bind_writable (settings, key, button, "sensitive", FALSE);
  gtk_container_add (GTK_CONTAINER (box), button);
  gtk_widget_show (button);
  return button;
}

static gboolean
to_label (GValue *value, GVariant *variant, gpointer data)
{
  const gchar *path = g_variant_get_string (variant, NULL);

  g_value_take_string (value,
                       *path != '\0' ? g_filename_display_basename (path) : g_strdup (_ ("None")));
  return TRUE;
}

static gboolean
to_tooltip (GValue *value, GVariant *variant, gpointer data)
{
  const gchar *path = g_variant_get_string (variant, NULL);

  g_value_take_string (value, *path != '\0' ? g_filename_display_name (path) : NULL);
  return TRUE;
}

static gboolean
to_visible (GValue *value, GVariant *variant, gpointer data)
{
  g_value_set_boolean (value, *g_variant_get_string (variant, NULL) != '\0');
  return TRUE;
}

/**
 * floe_setting_folder_new:
 * @settings: the settings
 * @key: a path, or an empty text for none
 *
 * Returns: (transfer floating): what the folder is chosen by, and given up
 */
GtkWidget *
floe_setting_folder_new (GSettings *settings, const gchar *key)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *choose = make_button (box, settings, key, on_choose);
  GtkWidget *clear = make_button (box, settings, key, on_clear);
  GtkWidget *label = gtk_label_new (NULL);
  GtkWidget *image = gtk_image_new_from_icon_name ("edit-clear-symbolic", GTK_ICON_SIZE_BUTTON);

  g_object_set (label, "ellipsize", PANGO_ELLIPSIZE_MIDDLE, "max-width-chars", 18, "visible", TRUE,
                NULL);
  gtk_container_add (GTK_CONTAINER (choose), label);
  gtk_button_set_image (GTK_BUTTON (clear), image);
  atk_object_set_name (gtk_widget_get_accessible (choose), _ ("Shared folder"));
  gtk_widget_set_tooltip_text (clear, _ ("Share No Folder"));
  atk_object_set_name (gtk_widget_get_accessible (clear), _ ("Share No Folder"));
  g_settings_bind_with_mapping (settings, key, label, "label", G_SETTINGS_BIND_GET, to_label, NULL,
                                NULL, NULL);
  g_settings_bind_with_mapping (settings, key, choose, "tooltip-text", G_SETTINGS_BIND_GET,
                                to_tooltip, NULL, NULL, NULL);
  g_settings_bind_with_mapping (settings, key, clear, "visible",
                                G_SETTINGS_BIND_GET | G_SETTINGS_BIND_NO_SENSITIVITY, to_visible,
                                NULL, NULL, NULL);
  return box;
}
