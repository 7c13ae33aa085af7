/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "ui/return-key.h"

static void
on_return (GtkWidget *button)
{
  if (gtk_widget_is_sensitive (button))
    gtk_button_clicked (GTK_BUTTON (button));
}

/**
 * floe_return_presses:
 * @entry: a #GtkEntry
 * @button: a #GtkButton of the same page
 *
 * Return in @entry clicks @button, when it can be clicked. An entry that "activates-default" does
 * the same a quarter of a second later: it shows the button pressed for that long (GTK 3,
 * gtkbutton.c, ACTIVATE_TIMEOUT), which whoever logs in would wait for.
 */
void
floe_return_presses (GtkWidget *entry, GtkWidget *button)
{
  g_return_if_fail (GTK_IS_ENTRY (entry));
  g_return_if_fail (GTK_IS_BUTTON (button));

  g_signal_connect_object (entry, "activate", G_CALLBACK (on_return), button, G_CONNECT_SWAPPED);
}
