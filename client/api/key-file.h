/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sys/stat.h>

G_BEGIN_DECLS

gboolean floe_key_file_is_private (const struct stat *info);
GTlsCertificate *floe_key_file_load (const gchar *file, GError **error);

G_END_DECLS
