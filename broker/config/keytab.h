/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GStrv floe_keytab_list_hosts (const gchar *path, const gchar *service, GError **error);
gboolean floe_keytab_fits (const gchar *path, const gchar *service, const gchar *const *host_names);

G_END_DECLS
