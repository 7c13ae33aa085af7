/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gchar *floe_pack_strings (const gchar *const *strings);
GStrv floe_unpack_strings (const gchar *packed);

G_END_DECLS
