/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/page-message.h"

#include <glib/gi18n.h>

#include "ui/clamp.h"

struct _FloePageMessage
{
  GtkScrolledWindow parent_instance;

  GtkWidget *image;
  GtkWidget *title_label;
  GtkWidget *body_label;
  GtkWidget *primary_button;
  GtkWidget *secondary_button;
  GtkWidget *note_label;
  GtkWidget *details;
  GtkWidget *details_label;
  GtkWidget *copy_button;

  FloeRemedy first;
  FloeRemedy second;
};

enum
{
  SIGNAL_REMEDY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloePageMessage, floe_page_message, GTK_TYPE_SCROLLED_WINDOW)

static gchar *
make_details (const FloeNotice *notice, const gchar *server)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree gchar *time = g_date_time_format (now, "%F %T %z");
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s %s\n", _ ("Code:"), notice->code);
  if (server != NULL)
    g_string_append_printf (text, "%s %s\n", _ ("Server:"), server);
  g_string_append_printf (text, "%s %s\n", _ ("Time:"), time);
  g_string_append_printf (text, "%s Floe %s", _ ("Version:"), FLOE_VERSION);
  if (notice->detail != NULL)
    g_string_append_printf (text, "\n%s", notice->detail);
  return g_string_free (text, FALSE);
}

/**
 * floe_page_message_show_notice:
 * @self: the page
 * @notice: what happened
 * @second: the other thing to offer; the notice's own remedy for nothing else
 * @server: (nullable): the server's address, for the details
 */
void
floe_page_message_show_notice (FloePageMessage *self, const FloeNotice *notice, FloeRemedy second,
                               const gchar *server)
{
  g_autofree gchar *details = NULL;

  g_return_if_fail (FLOE_IS_PAGE_MESSAGE (self));

  self->first = notice->remedy;
  self->second = second;
  details = make_details (notice, server);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->image), notice->icon, GTK_ICON_SIZE_DIALOG);
  gtk_label_set_text (GTK_LABEL (self->title_label), notice->title);
  gtk_label_set_text (GTK_LABEL (self->body_label), notice->body);
  gtk_label_set_text (GTK_LABEL (self->details_label), details);
  floe_page_message_set_note (self, NULL);
  gtk_expander_set_expanded (GTK_EXPANDER (self->details), FALSE);
  gtk_button_set_label (GTK_BUTTON (self->primary_button), floe_remedy_label (self->first));
  gtk_button_set_label (GTK_BUTTON (self->secondary_button), floe_remedy_label (second));
  gtk_widget_set_visible (self->secondary_button, second != notice->remedy);
}

/**
 * floe_page_message_lock_down:
 * @self: the page
 *
 * There is nowhere to paste what would be copied.
 */
void
floe_page_message_lock_down (FloePageMessage *self)
{
  g_return_if_fail (FLOE_IS_PAGE_MESSAGE (self));

  gtk_widget_hide (self->copy_button);
}

/**
 * floe_page_message_set_note:
 * @self: the page
 * @text: (nullable): what happens by itself; a new notice has none
 */
void
floe_page_message_set_note (FloePageMessage *self, const gchar *text)
{
  g_return_if_fail (FLOE_IS_PAGE_MESSAGE (self));

  gtk_label_set_text (GTK_LABEL (self->note_label), text != NULL ? text : "");
  gtk_widget_set_visible (self->note_label, text != NULL);
}

void
floe_page_message_take_focus (FloePageMessage *self)
{
  g_return_if_fail (FLOE_IS_PAGE_MESSAGE (self));

  gtk_widget_grab_default (self->primary_button);
  gtk_widget_grab_focus (self->primary_button);
}

static void
on_primary (FloePageMessage *self)
{
  g_signal_emit (self, signals[SIGNAL_REMEDY], 0, self->first);
}

static void
on_secondary (FloePageMessage *self)
{
  g_signal_emit (self, signals[SIGNAL_REMEDY], 0, self->second);
}

static void
on_copy (FloePageMessage *self)
{
  GtkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD);

  gtk_clipboard_set_text (clipboard, gtk_label_get_text (GTK_LABEL (self->details_label)), -1);
}

static void
floe_page_message_class_init (FloePageMessageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FLOE_TYPE_CLAMP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/floe/Floe/page-message.ui");
  gtk_widget_class_bind_template_child (widget_class, FloePageMessage, image);
  gtk_widget_class_bind_template_child (widget_class, FloePageMessage, title_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageMessage, body_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageMessage, primary_button);
  gtk_widget_class_bind_template_child (widget_class, FloePageMessage, secondary_button);
  gtk_widget_class_bind_template_child (widget_class, FloePageMessage, note_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageMessage, details);
  gtk_widget_class_bind_template_child (widget_class, FloePageMessage, details_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageMessage, copy_button);

  signals[SIGNAL_REMEDY] = g_signal_new ("remedy", FLOE_TYPE_PAGE_MESSAGE, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
floe_page_message_init (FloePageMessage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  floe_clamp_follow_focus (GTK_SCROLLED_WINDOW (self));
  gtk_button_set_label (GTK_BUTTON (self->primary_button), floe_remedy_label (self->first));
  gtk_button_set_label (GTK_BUTTON (self->secondary_button), floe_remedy_label (self->second));
  g_signal_connect_swapped (self->primary_button, "clicked", G_CALLBACK (on_primary), self);
  g_signal_connect_swapped (self->secondary_button, "clicked", G_CALLBACK (on_secondary), self);
  g_signal_connect_swapped (self->copy_button, "clicked", G_CALLBACK (on_copy), self);
}
