/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

G_BEGIN_DECLS

xmlNodePtr floe_clone_devices_find_disk (xmlNodePtr devices, GError **error);
gboolean floe_clone_devices_clean (xmlNodePtr devices, GError **error);
gboolean floe_clone_devices_add_cdrom (xmlNodePtr root, const gchar *path, GError **error);

G_END_DECLS
