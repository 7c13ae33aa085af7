/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How large a picture may be, in each direction. */
#define FLOE_PNG_MOST 16384

GByteArray *floe_png_from_ppm (const guint8 *ppm, gsize length, GError **error);

G_END_DECLS
