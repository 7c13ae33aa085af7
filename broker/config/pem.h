/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gchar *floe_pem_read_certificates (const gchar *path, GError **error);

G_END_DECLS
