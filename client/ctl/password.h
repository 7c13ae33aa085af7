/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/secret.h"

G_BEGIN_DECLS

FloeSecret *floe_password_from_file (const gchar *file, GError **error);
FloeSecret *floe_password_from_terminal (const gchar *prompt, GError **error);
FloeSecret *floe_code_from_file (const gchar *file, GError **error);
FloeSecret *floe_code_from_terminal (const FloeSecret *shown, const gchar *prompt, GError **error);
gchar *floe_line_from_terminal (const gchar *prompt);
FloeSecret *floe_code_ask (const gchar *file, const gchar *prompt, const gchar *missing,
                           GError **error);
gboolean floe_show_at_terminal (const FloeSecret *shown, GError **error);

G_END_DECLS
