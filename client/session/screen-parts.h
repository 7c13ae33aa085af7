/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

G_BEGIN_DECLS

/* FloeScreenArea: a rectangle of a screen, in pixels */
typedef struct
{
  gint x;
  gint y;
  gint width;
  gint height;
} FloeScreenArea;

/**
 * FloeScreenPart:
 * @x: where it is on the screen
 * @y: likewise
 * @bytes: a JPEG
 */
typedef struct
{
  guint x;
  guint y;
  GBytes *bytes;
} FloeScreenPart;

gboolean floe_screen_find_change (GdkPixbuf *before, GdkPixbuf *now, FloeScreenArea *area);
GPtrArray *floe_screen_cut (GdkPixbuf *screen, const FloeScreenArea *area, gsize max_bytes,
                            GError **error);

G_END_DECLS
