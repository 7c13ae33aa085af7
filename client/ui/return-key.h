/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

void floe_return_presses (GtkWidget *entry, GtkWidget *button);
