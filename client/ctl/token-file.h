/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/secret.h"

G_BEGIN_DECLS

gboolean floe_token_file_save (const gchar *file, const gchar *url, FloeSecret *token,
                               GError **error);
FloeSecret *floe_token_file_load (const gchar *file, gchar **url, GError **error);
gboolean floe_token_file_is_free (const gchar *file, GError **error);
gboolean floe_token_file_remove (const gchar *file, GError **error);

G_END_DECLS
