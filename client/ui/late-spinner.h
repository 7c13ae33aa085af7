/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void floe_late_spinner_set (GtkWidget *spinner, gboolean busy);

G_END_DECLS
