/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean floe_engine_ca_trust (const gchar *url, const gchar *file, const gchar *fingerprint,
                               GError **error);

G_END_DECLS
