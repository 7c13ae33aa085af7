/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FloePasswordEntries:
 *
 * The fields of a page in which passwords are typed: all of them are shown or hidden together, by
 * their icons or by Ctrl+R, and while one of them has the keyboard it is said that Caps Lock is on.
 */
typedef struct _FloePasswordEntries FloePasswordEntries;

FloePasswordEntries *floe_password_entries_new (GtkWidget *page, GtkWidget *caps_revealer,
                                                GtkWidget *const *entries, guint n_entries);
void floe_password_entries_reveal (FloePasswordEntries *self, gboolean reveal);
gboolean floe_password_entries_handle_key (FloePasswordEntries *self, const GdkEventKey *event);

G_END_DECLS
