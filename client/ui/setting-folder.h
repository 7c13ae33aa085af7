/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *floe_setting_folder_new (GSettings *settings, const gchar *key);

G_END_DECLS
