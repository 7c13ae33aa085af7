/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "kiosk/guard.h"

G_BEGIN_DECLS

/**
 * FloeKiosk:
 *
 * What makes a window all that there is on a machine: nothing else is seen, nothing leads out of
 * it, and it cannot be closed.
 */
#define FLOE_TYPE_KIOSK (floe_kiosk_get_type ())
G_DECLARE_FINAL_TYPE (FloeKiosk, floe_kiosk, FLOE, KIOSK, GObject)

FloeKiosk *floe_kiosk_new (GtkWindow *window);
GtkWidget *floe_kiosk_get_bar (FloeKiosk *self);
void floe_kiosk_reset (FloeKiosk *self);
FloeGuard *floe_kiosk_get_guard (FloeKiosk *self);

gboolean floe_kiosk_is_asked_for (int argc, char **argv);

G_END_DECLS
