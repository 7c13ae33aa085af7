/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FloeFrozenPicture:
 *
 * The last picture of a screen that is lost, without most of its colour.
 */
#define FLOE_TYPE_FROZEN_PICTURE (floe_frozen_picture_get_type ())
G_DECLARE_FINAL_TYPE (FloeFrozenPicture, floe_frozen_picture, FLOE, FROZEN_PICTURE, GtkDrawingArea)

void floe_frozen_picture_set (FloeFrozenPicture *self, GdkPixbuf *picture);

G_END_DECLS
