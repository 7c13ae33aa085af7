/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/secret.h"

G_BEGIN_DECLS

FloeSecret *floe_login_token_new (gint64 now);
gchar *floe_login_token_key (const FloeSecret *token);

G_END_DECLS
