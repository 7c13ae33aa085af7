/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include <spice-client.h>

G_BEGIN_DECLS

/**
 * FloeTransfers:
 *
 * The files that are on their way into the desktop, over its screen: how far each is, a button that
 * gives it up, and what went wrong.
 */
#define FLOE_TYPE_TRANSFERS (floe_transfers_get_type ())
G_DECLARE_FINAL_TYPE (FloeTransfers, floe_transfers, FLOE, TRANSFERS, GtkBox)

GtkWidget *floe_transfers_new (void);
void floe_transfers_attach (FloeTransfers *self, SpiceSession *spice);
void floe_transfers_detach (FloeTransfers *self);

G_END_DECLS
