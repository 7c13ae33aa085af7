/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/screenshot.h"

#include <glib/gi18n.h>

#include <string.h>

typedef struct
{
  GdkPixbuf *picture;
  GtkFileChooserNative *chooser;
  GFileOutputStream *stream; /* once it is open */
  FloeScreenshotFunc func;
  gpointer user_data;
} Offer;

static void
offer_free (Offer *offer)
{
  g_object_unref (offer->picture);
  g_object_unref (offer->chooser);
  g_clear_object (&offer->stream);
  g_free (offer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Offer, offer_free)

/**
 * floe_screenshot_name:
 * @title: the desktop's name
 * @at: now
 *
 * Returns: (transfer full): what its file is called unless somebody says otherwise; nothing of the
 *   title can leave the folder
 */
gchar *
floe_screenshot_name (const gchar *title, GDateTime *at)
{
  g_autofree gchar *time = g_date_time_format (at, "%F %H.%M.%S");
  g_autofree gchar *name = g_strdup_printf ("%s %s.png", title, time);

  g_strdelimit (name, "/\\:*?\"<>|", '-');
  if (*name == '.')
    *name = '-';
  return g_steal_pointer (&name);
}

static void
on_closed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Offer) offer = data;
  g_autoptr (GError) error = NULL;

  g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, &error);
  offer->func (error, offer->user_data);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Offer) offer = data;
  g_autoptr (GError) error = NULL;

  if (gdk_pixbuf_save_to_stream_finish (result, &error))
    g_output_stream_close_async (G_OUTPUT_STREAM (offer->stream), G_PRIORITY_DEFAULT, NULL,
                                 on_closed, g_steal_pointer (&offer));
  else
    offer->func (error, offer->user_data);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Offer) offer = data;
  g_autoptr (GError) error = NULL;

  offer->stream = g_file_replace_finish (G_FILE (source), result, &error);
  if (offer->stream == NULL)
    {
      offer->func (error, offer->user_data);
      return;
    }
  gdk_pixbuf_save_to_stream_async (offer->picture, G_OUTPUT_STREAM (offer->stream), "png", NULL,
                                   on_written, offer, NULL);
  g_steal_pointer (&offer);
}

static void
on_response (GtkNativeDialog *dialog, gint response, gpointer data)
{
  g_autoptr (Offer) offer = data;
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file == NULL)
    offer->func (NULL, offer->user_data);
  else
    g_file_replace_async (file, NULL, FALSE, G_FILE_CREATE_NONE, G_PRIORITY_DEFAULT, NULL,
                          on_opened, g_steal_pointer (&offer));
}

/**
 * floe_screenshot_offer:
 * @parent: over which window
 * @picture: the guest's screen as it was when somebody asked
 * @title: the desktop's name
 * @func: told once, when it is over
 * @user_data: for @func
 *
 * Asks where to keep a picture, and keeps it there.
 */
void
floe_screenshot_offer (GtkWindow *parent, GdkPixbuf *picture, const gchar *title,
                       FloeScreenshotFunc func, gpointer user_data)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree gchar *name = floe_screenshot_name (title, now);
  const gchar *pictures = g_get_user_special_dir (G_USER_DIRECTORY_PICTURES);
  Offer *offer = g_new0 (Offer, 1);
  GtkFileChooser *chooser;

  offer->picture = g_object_ref (picture);
  offer->func = func;
  offer->user_data = user_data;
  offer->chooser = gtk_file_chooser_native_new (
      _ ("Save Screenshot"), parent, GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));
  chooser = GTK_FILE_CHOOSER (offer->chooser);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (offer->chooser), TRUE);
  gtk_file_chooser_set_do_overwrite_confirmation (chooser, TRUE);
  gtk_file_chooser_set_current_name (chooser, name);
  if (pictures != NULL)
    gtk_file_chooser_set_current_folder (chooser, pictures);
  g_signal_connect (offer->chooser, "response", G_CALLBACK (on_response), offer);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (offer->chooser));
}
