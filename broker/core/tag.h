/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Entity tags (RFC 9110, 8.8.3): which of the states of a thing somebody has seen. */

gchar *floe_tag_new (const gchar *text, gssize length);
gboolean floe_tag_is_among (const gchar *tag, const gchar *list);

G_END_DECLS
