/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gchar *floe_password_warning (gint64 expires, gint64 now);
gchar *floe_password_refusal (const GError *error);

G_END_DECLS
