/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FLOE_ZOOM_NORMAL 100

guint floe_zoom_in (guint percent);
guint floe_zoom_out (guint percent);

G_END_DECLS
