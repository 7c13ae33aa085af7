/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/transfers.h"

#include <glib/gi18n.h>

/* What was copied is seen for so long. */
#define LINGER_SECONDS 3

struct _FloeTransfers
{
  GtkBox parent_instance;

  SpiceSession *spice; /* or NULL */
};

G_DEFINE_FINAL_TYPE (FloeTransfers, floe_transfers, GTK_TYPE_BOX)

/* One file. */
typedef struct
{
  SpiceFileTransferTask *task;
  GtkWidget *row;
  GtkWidget *label;
  GtkWidget *bar;
  GtkWidget *button;
  gchar *name;
  gboolean over;
  guint linger;
} Transfer;

static void
free_transfer (gpointer data)
{
  Transfer *transfer = data;

  g_clear_handle_id (&transfer->linger, g_source_remove);
  g_signal_handlers_disconnect_by_data (transfer->task, transfer);
  g_object_unref (transfer->task);
  g_free (transfer->name);
  g_free (transfer);
}

static void
drop_row (Transfer *transfer)
{
  GtkWidget *row = transfer->row;
  GtkWidget *box = gtk_widget_get_parent (row);
  g_autoptr (GList) children = NULL;

  gtk_widget_destroy (row); /* and the transfer with it */
  children = gtk_container_get_children (GTK_CONTAINER (box));
  gtk_widget_set_visible (box, children != NULL);
}

static gboolean
on_linger_over (gpointer data)
{
  Transfer *transfer = data;

  transfer->linger = 0;
  drop_row (transfer);
  return G_SOURCE_REMOVE;
}

static void
on_progress (SpiceFileTransferTask *task, GParamSpec *pspec, Transfer *transfer)
{
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (transfer->bar),
                                 CLAMP (spice_file_transfer_task_get_progress (task), 0, 1));
}

/* The agent's own words are in English, and not many. */
static gchar *
words_of (const Transfer *transfer, const GError *error)
{
  if (error == NULL)
    /* TRANSLATORS: the argument is a file's name */
    return g_strdup_printf (_ ("“%s” was copied to the desktop"), transfer->name);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_strdup_printf (_ ("“%s” was not copied"), transfer->name);
  if (error->domain == SPICE_CLIENT_ERROR)
    return g_strdup_printf (_ ("“%s” could not be copied: the desktop did not take it"),
                            transfer->name);
  return g_strdup_printf (_ ("“%s” could not be copied: it cannot be read"), transfer->name);
}

static void
on_finished (SpiceFileTransferTask *task, GError *error, Transfer *transfer)
{
  g_autofree gchar *words = words_of (transfer, error);

  transfer->over = TRUE;
  if (error != NULL)
    g_info ("file transfer of %s: %s", transfer->name, error->message);
  gtk_label_set_text (GTK_LABEL (transfer->label), words);
  gtk_widget_hide (transfer->bar);
  gtk_button_set_label (GTK_BUTTON (transfer->button), _ ("Close"));
  if (error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    transfer->linger = g_timeout_add_seconds (LINGER_SECONDS, on_linger_over, transfer);
}

static void
on_button (Transfer *transfer)
{
  if (transfer->over)
    drop_row (transfer);
  else
    spice_file_transfer_task_cancel (transfer->task);
}

static GtkWidget *
make_column (Transfer *transfer)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  /* TRANSLATORS: the argument is a file's name */
  g_autofree gchar *text = g_strdup_printf (_ ("Copying “%s” to the desktop"), transfer->name);

  transfer->label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (transfer->label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (transfer->label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (transfer->label), 48);
  atk_object_set_role (gtk_widget_get_accessible (transfer->label), ATK_ROLE_STATUSBAR);
  transfer->bar = gtk_progress_bar_new ();
  atk_object_set_name (gtk_widget_get_accessible (transfer->bar), text);
  gtk_box_pack_start (GTK_BOX (column), transfer->label, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (column), transfer->bar, FALSE, FALSE, 0);
  gtk_widget_set_valign (column, GTK_ALIGN_CENTER);
  return column;
}

static void
make_row (Transfer *transfer)
{
  transfer->row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  transfer->button = gtk_button_new_with_label (_ ("Cancel"));
  gtk_widget_set_valign (transfer->button, GTK_ALIGN_CENTER);
  gtk_box_pack_start (GTK_BOX (transfer->row), make_column (transfer), TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (transfer->row), transfer->button, FALSE, FALSE, 0);
  gtk_style_context_add_class (gtk_widget_get_style_context (transfer->row), "floe-notice");
  g_object_set_data_full (G_OBJECT (transfer->row), "floe-transfer", transfer, free_transfer);
  g_signal_connect_swapped (transfer->button, "clicked", G_CALLBACK (on_button), transfer);
}

static void
on_new_transfer (SpiceMainChannel *channel, SpiceFileTransferTask *task, FloeTransfers *self)
{
  Transfer *transfer = g_new0 (Transfer, 1);
  g_autofree gchar *name = spice_file_transfer_task_get_filename (task);

  transfer->task = g_object_ref (task);
  transfer->name = name != NULL ? g_filename_display_name (name) : g_strdup ("?");
  make_row (transfer);
  g_signal_connect (task, "notify::progress", G_CALLBACK (on_progress), transfer);
  g_signal_connect (task, "finished", G_CALLBACK (on_finished), transfer);
  gtk_box_pack_start (GTK_BOX (self), transfer->row, FALSE, FALSE, 0);
  gtk_widget_show_all (transfer->row);
  gtk_widget_show (GTK_WIDGET (self));
}

static void
watch_channel (SpiceSession *spice, SpiceChannel *channel, FloeTransfers *self)
{
  if (SPICE_IS_MAIN_CHANNEL (channel))
    g_signal_connect_object (channel, "new-file-transfer", G_CALLBACK (on_new_transfer), self, 0);
}

/**
 * floe_transfers_attach:
 * @spice: whose transfers are shown from now on
 */
void
floe_transfers_attach (FloeTransfers *self, SpiceSession *spice)
{
  g_autoptr (GList) channels = spice_session_get_channels (spice);

  g_return_if_fail (FLOE_IS_TRANSFERS (self));

  floe_transfers_detach (self);
  self->spice = g_object_ref (spice);
  for (GList *l = channels; l != NULL; l = l->next)
    watch_channel (spice, l->data, self);
  g_signal_connect_object (spice, "channel-new", G_CALLBACK (watch_channel), self, 0);
}

/**
 * floe_transfers_detach:
 *
 * Forgets them; those under way end with their session.
 */
void
floe_transfers_detach (FloeTransfers *self)
{
  g_autoptr (GList) channels = NULL;

  g_return_if_fail (FLOE_IS_TRANSFERS (self));

  if (self->spice == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->spice, self);
  channels = spice_session_get_channels (self->spice);
  for (GList *l = channels; l != NULL; l = l->next)
    g_signal_handlers_disconnect_by_data (l->data, self);
  g_clear_object (&self->spice);
  gtk_container_foreach (GTK_CONTAINER (self), (GtkCallback)gtk_widget_destroy, NULL);
  gtk_widget_hide (GTK_WIDGET (self));
}

static void
floe_transfers_dispose (GObject *object)
{
  floe_transfers_detach (FLOE_TRANSFERS (object));
  G_OBJECT_CLASS (floe_transfers_parent_class)->dispose (object);
}

static void
floe_transfers_class_init (FloeTransfersClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_transfers_dispose;
}

static void
floe_transfers_init (FloeTransfers *self)
{
}

GtkWidget *
floe_transfers_new (void)
{
  return g_object_new (FLOE_TYPE_TRANSFERS, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 6,
                       "halign", GTK_ALIGN_CENTER, "valign", GTK_ALIGN_END, "no-show-all", TRUE,
                       NULL);
}
