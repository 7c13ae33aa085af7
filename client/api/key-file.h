/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GTlsCertificate *floe_key_file_load (const gchar *file, GError **error);

G_END_DECLS
