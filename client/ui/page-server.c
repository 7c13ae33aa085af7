/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/page-server.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/clamp.h"
#include "ui/logo.h"
#include "ui/return-key.h"

struct _FloePageServer
{
  GtkScrolledWindow parent_instance;

  GtkWidget *address_entry;
  GtkWidget *problem_revealer;
  GtkWidget *problem_label;
  GtkWidget *ca_expander;
  GtkWidget *ca_button;
  GtkWidget *ca_label;
  GtkWidget *ca_clear;
  GtkWidget *continue_button;
  GtkWidget *known_box;
  GtkWidget *known_list;

  GtkFileChooserNative *chooser; /* while it is open */
  gchar *ca_file;
};

enum
{
  SIGNAL_CHOSEN,
  SIGNAL_FORGOTTEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloePageServer, floe_page_server, GTK_TYPE_SCROLLED_WINDOW)

static void
set_ca_file (FloePageServer *self, const gchar *path)
{
  gchar *copy = g_strdup (path);
  g_autofree gchar *name = path != NULL ? g_filename_display_basename (path) : NULL;

  g_free (self->ca_file);
  self->ca_file = copy;
  if (name != NULL)
    gtk_label_set_text (GTK_LABEL (self->ca_label), name);
  else
    gtk_label_set_text_with_mnemonic (GTK_LABEL (self->ca_label), _ ("_Choose…"));
  gtk_widget_set_tooltip_text (self->ca_button, path);
  gtk_widget_set_sensitive (self->ca_clear, path != NULL);
}

static void
on_ca_chosen (GtkNativeDialog *dialog, gint response, FloePageServer *self)
{
  g_autofree gchar *path = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (dialog))
                               : NULL;

  if (path != NULL)
    set_ca_file (self, path);
  g_clear_object (&self->chooser);
}

/* A GtkFileChooserButton would have its chooser ready from the beginning, which nearly nobody
 * needs: three megabytes, and a tenth of a second until the log-in is there. */
static void
on_ca_button (FloePageServer *self)
{
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (self));

  if (self->chooser != NULL)
    return;
  self->chooser =
      gtk_file_chooser_native_new (_ ("Certificate Authority File"), GTK_WINDOW (window),
                                   GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  if (self->ca_file != NULL)
    gtk_file_chooser_set_filename (GTK_FILE_CHOOSER (self->chooser), self->ca_file);
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_ca_chosen), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
on_ca_cleared (FloePageServer *self)
{
  set_ca_file (self, NULL);
}

static void
on_continue (FloePageServer *self)
{
  g_autofree gchar *text = g_strdup (gtk_entry_get_text (GTK_ENTRY (self->address_entry)));

  g_strstrip (text);
  if (*text != '\0')
    g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, text, self->ca_file);
}

static void
on_typed (FloePageServer *self)
{
  const gchar *text = gtk_entry_get_text (GTK_ENTRY (self->address_entry));

  gtk_widget_set_sensitive (self->continue_button, text[strspn (text, " \t")] != '\0');
  floe_page_server_set_problem (self, NULL);
}

static void
on_known (FloePageServer *self, GtkListBoxRow *row)
{
  const FloeServer *server = g_object_get_data (G_OBJECT (row), "floe-server");

  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, server->url, server->ca_file);
}

static void
on_forget (GtkButton *button, FloePageServer *self)
{
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_LIST_BOX_ROW);
  const FloeServer *server = g_object_get_data (G_OBJECT (row), "floe-server");
  g_autofree gchar *url = g_strdup (server->url);

  gtk_widget_destroy (row);
  g_signal_emit (self, signals[SIGNAL_FORGOTTEN], 0, url);
}

static GtkWidget *
make_row (FloePageServer *self, const FloeServer *server)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/org/floe/Floe/server-row.ui");
  GtkWidget *row = gtk_list_box_row_new ();
  GtkLabel *user_label = GTK_LABEL (gtk_builder_get_object (builder, "user_label"));
  g_autofree gchar *host = floe_server_dup_host (server->url);
  FloeServer *copy = floe_server_new (server->url, server->user, server->ca_file);

  gtk_label_set_text (GTK_LABEL (gtk_builder_get_object (builder, "name_label")), host);
  gtk_label_set_text (user_label, server->user);
  gtk_widget_set_visible (GTK_WIDGET (user_label), server->user != NULL);
  g_signal_connect (gtk_builder_get_object (builder, "forget_button"), "clicked",
                    G_CALLBACK (on_forget), self);
  gtk_container_add (GTK_CONTAINER (row), GTK_WIDGET (gtk_builder_get_object (builder, "content")));
  g_object_set_data_full (G_OBJECT (row), "floe-server", copy, (GDestroyNotify)floe_server_free);
  atk_object_set_name (gtk_widget_get_accessible (row), host);
  gtk_widget_show (row);
  return row;
}

/**
 * floe_page_server_set_servers:
 * @self: the page
 * @servers: (element-type FloeServer): what is remembered
 */
void
floe_page_server_set_servers (FloePageServer *self, GPtrArray *servers)
{
  g_return_if_fail (FLOE_IS_PAGE_SERVER (self));

  gtk_container_foreach (GTK_CONTAINER (self->known_list), (GtkCallback)gtk_widget_destroy, NULL);
  for (guint i = 0; i < servers->len; i++)
    gtk_list_box_insert (GTK_LIST_BOX (self->known_list), make_row (self, servers->pdata[i]), -1);
  gtk_widget_set_visible (self->known_box, servers->len > 0);
}

/**
 * floe_page_server_set_server:
 * @self: the page
 * @server: (nullable): what the fields begin with
 */
void
floe_page_server_set_server (FloePageServer *self, const FloeServer *server)
{
  g_return_if_fail (FLOE_IS_PAGE_SERVER (self));

  gtk_entry_set_text (GTK_ENTRY (self->address_entry), server != NULL ? server->url : "");
  set_ca_file (self, server != NULL ? server->ca_file : NULL);
  gtk_expander_set_expanded (GTK_EXPANDER (self->ca_expander), self->ca_file != NULL);
  on_typed (self);
}

/**
 * floe_page_server_set_problem:
 * @self: the page
 * @text: (nullable): what is wrong with the address, below its field
 */
void
floe_page_server_set_problem (FloePageServer *self, const gchar *text)
{
  g_return_if_fail (FLOE_IS_PAGE_SERVER (self));

  if (text != NULL)
    gtk_label_set_text (GTK_LABEL (self->problem_label), text);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->problem_revealer), text != NULL);
}

/**
 * floe_page_server_lock_down:
 * @self: the page
 *
 * Takes away the chooser of files, from which one sees the disk.
 */
void
floe_page_server_lock_down (FloePageServer *self)
{
  g_return_if_fail (FLOE_IS_PAGE_SERVER (self));

  gtk_widget_hide (self->ca_expander);
}

void
floe_page_server_take_focus (FloePageServer *self)
{
  g_return_if_fail (FLOE_IS_PAGE_SERVER (self));

  gtk_widget_grab_default (self->continue_button);
  gtk_widget_grab_focus (self->address_entry);
}

static void
floe_page_server_dispose (GObject *object)
{
  FloePageServer *self = FLOE_PAGE_SERVER (object);

  if (self->chooser != NULL)
    g_signal_handlers_disconnect_by_data (self->chooser, self);
  g_clear_object (&self->chooser);
  G_OBJECT_CLASS (floe_page_server_parent_class)->dispose (object);
}

static void
floe_page_server_finalize (GObject *object)
{
  g_free (FLOE_PAGE_SERVER (object)->ca_file);
  G_OBJECT_CLASS (floe_page_server_parent_class)->finalize (object);
}

static void
floe_page_server_class_init (FloePageServerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FLOE_TYPE_CLAMP);
  g_type_ensure (FLOE_TYPE_LOGO);
  G_OBJECT_CLASS (klass)->dispose = floe_page_server_dispose;
  G_OBJECT_CLASS (klass)->finalize = floe_page_server_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/floe/Floe/page-server.ui");
  gtk_widget_class_bind_template_child (widget_class, FloePageServer, address_entry);
  gtk_widget_class_bind_template_child (widget_class, FloePageServer, problem_revealer);
  gtk_widget_class_bind_template_child (widget_class, FloePageServer, problem_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageServer, ca_expander);
  gtk_widget_class_bind_template_child (widget_class, FloePageServer, ca_button);
  gtk_widget_class_bind_template_child (widget_class, FloePageServer, ca_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageServer, ca_clear);
  gtk_widget_class_bind_template_child (widget_class, FloePageServer, continue_button);
  gtk_widget_class_bind_template_child (widget_class, FloePageServer, known_box);
  gtk_widget_class_bind_template_child (widget_class, FloePageServer, known_list);

  signals[SIGNAL_CHOSEN] =
      g_signal_new ("chosen", FLOE_TYPE_PAGE_SERVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_FORGOTTEN] = g_signal_new ("forgotten", FLOE_TYPE_PAGE_SERVER, G_SIGNAL_RUN_LAST,
                                            0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
floe_page_server_init (FloePageServer *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  floe_clamp_follow_focus (GTK_SCROLLED_WINDOW (self));
  g_signal_connect_swapped (self->address_entry, "changed", G_CALLBACK (on_typed), self);
  floe_return_presses (self->address_entry, self->continue_button);
  g_signal_connect_swapped (self->continue_button, "clicked", G_CALLBACK (on_continue), self);
  g_signal_connect_swapped (self->ca_button, "clicked", G_CALLBACK (on_ca_button), self);
  g_signal_connect_swapped (self->ca_clear, "clicked", G_CALLBACK (on_ca_cleared), self);
  g_signal_connect_swapped (self->known_list, "row-activated", G_CALLBACK (on_known), self);
  floe_page_server_set_server (self, NULL);
}
