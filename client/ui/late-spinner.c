/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/late-spinner.h"

/* What is done sooner needs no sign that it is being done. */
#define LATE_MS 700

#define TIMER "floe-late-spinner"

static gboolean
on_late (gpointer spinner)
{
  g_object_steal_data (spinner, TIMER);
  gtk_widget_show (spinner);
  gtk_spinner_start (spinner);
  return G_SOURCE_REMOVE;
}

static void
remove_timer (gpointer id)
{
  g_source_remove (GPOINTER_TO_UINT (id));
}

/**
 * floe_late_spinner_set:
 * @spinner: a #GtkSpinner
 * @busy: whether something is waited for
 *
 * Shows it when that lasts. One that turns is drawn anew all the time, on the thread that also does
 * what is waited for.
 */
void
floe_late_spinner_set (GtkWidget *spinner, gboolean busy)
{
  g_return_if_fail (GTK_IS_SPINNER (spinner));

  if (!busy)
    {
      g_object_set_data (G_OBJECT (spinner), TIMER, NULL);
      gtk_spinner_stop (GTK_SPINNER (spinner));
      gtk_widget_hide (spinner);
    }
  else if (!gtk_widget_get_visible (spinner)
           && g_object_get_data (G_OBJECT (spinner), TIMER) == NULL)
    g_object_set_data_full (G_OBJECT (spinner), TIMER,
                            GUINT_TO_POINTER (g_timeout_add (LATE_MS, on_late, spinner)),
                            remove_timer);
}
