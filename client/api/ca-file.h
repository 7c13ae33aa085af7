/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GTlsDatabase *floe_ca_file_load (const gchar *file, GError **error);

G_END_DECLS
