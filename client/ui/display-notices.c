/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/display-notices.h"

#include <glib/gi18n.h>

/* More at once would cover the desktop; the oldest one goes. */
#define MOST 4

struct _FloeDisplayNotices
{
  GtkBox parent_instance;

  GHashTable *said; /* key to the text that was said last, also when it was closed */
};

G_DEFINE_FINAL_TYPE (FloeDisplayNotices, floe_display_notices, GTK_TYPE_BOX)

/* GTK's own button in an info bar is a picture without words. */
static void
name_close_button (GtkWidget *widget, gpointer data)
{
  if (GTK_IS_BUTTON (widget))
    atk_object_set_name (gtk_widget_get_accessible (widget), _ ("Close this message"));
  else if (GTK_IS_CONTAINER (widget))
    gtk_container_foreach (GTK_CONTAINER (widget), name_close_button, NULL);
}

static GtkWidget *
make_label (const gchar *text, gboolean is_heading)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (is_heading)
    gtk_style_context_add_class (gtk_widget_get_style_context (label), "floe-field-label");
  else
    atk_object_set_role (gtk_widget_get_accessible (label), ATK_ROLE_ALERT);
  return label;
}

static GtkWidget *
make_bar (GtkMessageType type, const gchar *heading, const gchar *text)
{
  GtkWidget *bar = gtk_info_bar_new ();
  GtkWidget *content = gtk_info_bar_get_content_area (GTK_INFO_BAR (bar));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_info_bar_set_message_type (GTK_INFO_BAR (bar), type);
  gtk_info_bar_set_show_close_button (GTK_INFO_BAR (bar), TRUE);
  if (heading != NULL)
    gtk_container_add (GTK_CONTAINER (box), make_label (heading, TRUE));
  gtk_container_add (GTK_CONTAINER (box), make_label (text, FALSE));
  gtk_container_add (GTK_CONTAINER (content), box);
  name_close_button (bar, NULL);
  return bar;
}

static void
update_visible (FloeDisplayNotices *self)
{
  GList *bars = gtk_container_get_children (GTK_CONTAINER (self));

  gtk_widget_set_visible (GTK_WIDGET (self), bars != NULL);
  g_list_free (bars);
}

static void
drop (FloeDisplayNotices *self, const gchar *key)
{
  GList *bars = gtk_container_get_children (GTK_CONTAINER (self));

  for (GList *l = bars; l != NULL; l = l->next)
    if (g_strcmp0 (g_object_get_data (l->data, "key"), key) == 0)
      gtk_widget_destroy (l->data);
  g_list_free (bars);
  update_visible (self);
}

static void
on_response (GtkWidget *bar, gint response, FloeDisplayNotices *self)
{
  gtk_widget_destroy (bar);
  update_visible (self);
}

static void
drop_oldest (FloeDisplayNotices *self)
{
  GList *bars = gtk_container_get_children (GTK_CONTAINER (self));

  if (g_list_length (bars) > MOST)
    gtk_widget_destroy (bars->data);
  g_list_free (bars);
}

/**
 * floe_display_notices_set:
 * @self: the notices
 * @key: what it is about; a later one about the same takes its place
 * @type: how much it matters
 * @heading: (nullable): a few words before it
 * @text: (nullable): what to know; %NULL for nothing any more
 *
 * What was closed comes back only when it says something else.
 */
void
floe_display_notices_set (FloeDisplayNotices *self, const gchar *key, GtkMessageType type,
                          const gchar *heading, const gchar *text)
{
  GtkWidget *bar;

  g_return_if_fail (FLOE_IS_DISPLAY_NOTICES (self));

  if (text != NULL && g_strcmp0 (g_hash_table_lookup (self->said, key), text) == 0)
    return;
  drop (self, key);
  g_hash_table_insert (self->said, g_strdup (key), g_strdup (text));
  if (text == NULL)
    return;
  bar = make_bar (type, heading, text);
  g_object_set_data_full (G_OBJECT (bar), "key", g_strdup (key), g_free);
  g_signal_connect_object (bar, "response", G_CALLBACK (on_response), self, 0);
  gtk_container_add (GTK_CONTAINER (self), bar);
  gtk_widget_show_all (bar);
  drop_oldest (self);
  update_visible (self);
}

/**
 * floe_display_notices_clear:
 * @self: the notices
 *
 * Forgets all of them, as for another desktop.
 */
void
floe_display_notices_clear (FloeDisplayNotices *self)
{
  GList *bars;

  g_return_if_fail (FLOE_IS_DISPLAY_NOTICES (self));

  bars = gtk_container_get_children (GTK_CONTAINER (self));
  g_list_free_full (bars, (GDestroyNotify)gtk_widget_destroy);
  g_hash_table_remove_all (self->said);
  update_visible (self);
}

static void
floe_display_notices_finalize (GObject *object)
{
  g_hash_table_unref (FLOE_DISPLAY_NOTICES (object)->said);
  G_OBJECT_CLASS (floe_display_notices_parent_class)->finalize (object);
}

static void
floe_display_notices_class_init (FloeDisplayNoticesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_display_notices_finalize;
}

static void
floe_display_notices_init (FloeDisplayNotices *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  self->said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}
