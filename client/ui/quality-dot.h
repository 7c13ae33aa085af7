/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/quality.h"

G_BEGIN_DECLS

/**
 * FloeQualityDot:
 *
 * How the connection to the desktop is, as a dot: full, half full, empty or crossed out, so that it
 * can be told without its colour; and in words when one points at it.
 */
#define FLOE_TYPE_QUALITY_DOT (floe_quality_dot_get_type ())
G_DECLARE_FINAL_TYPE (FloeQualityDot, floe_quality_dot, FLOE, QUALITY_DOT, GtkDrawingArea)

void floe_quality_dot_set (FloeQualityDot *self, FloeQuality quality, guint rtt_us, guint64 rate);

G_END_DECLS
