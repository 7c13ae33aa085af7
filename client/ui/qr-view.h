/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "api/secret.h"

G_BEGIN_DECLS

/**
 * FloeQrView:
 *
 * Shows a QR code, black on white in any theme, each module as many whole pixels.
 */
#define FLOE_TYPE_QR_VIEW (floe_qr_view_get_type ())
G_DECLARE_FINAL_TYPE (FloeQrView, floe_qr_view, FLOE, QR_VIEW, GtkDrawingArea)

void floe_qr_view_set_text (FloeQrView *self, const FloeSecret *text);

G_END_DECLS
