/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sso/ticket.h"

G_BEGIN_DECLS

FloeTicket *floe_gss_token_new (const gchar *host, GError **error);

G_END_DECLS
