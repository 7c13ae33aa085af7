/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/secret.h"
#include "api/types.h"

G_BEGIN_DECLS

FloeSecret *floe_encode_log_in (const gchar *username, const gchar *domain, FloeSecret *password,
                                GError **error);
FloeSecret *floe_encode_password (const gchar *username, const gchar *domain, FloeSecret *old,
                                  FloeSecret *new, GError **error);
FloeSecret *floe_encode_code (FloeSecret *challenge, FloeSecret *code, GError **error);
FloeSecret *floe_encode_wish (const FloeConnectWish *wish, GError **error);
FloeSecret *floe_encode_action (const gchar *action, GError **error);
FloeSecret *floe_encode_reconnect (FloeSecret *reconnect_token, GError **error);
FloeSecret *floe_encode_ticket (FloeSecret *token, GError **error);

G_END_DECLS
