/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "api/json-guard.h"
#include "api/types.h"

G_BEGIN_DECLS

FloeLogin *floe_decode_login (JsonNode *root, gboolean fresh, GError **error);
GPtrArray *floe_decode_pools (JsonNode *root, GError **error);
FloeDesktop *floe_decode_desktop (JsonNode *root, GError **error);
FloeMessage *floe_decode_message (JsonNode *root, GError **error);
FloeShadow *floe_decode_shadow (JsonNode *root, GError **error);
FloeConnectRequest *floe_decode_request (JsonNode *root, GError **error);
FloeConnection *floe_decode_connection (JsonNode *root, FloeJsonSecrets *secrets, GError **error);
GError *floe_decode_problem (JsonNode *root);

G_END_DECLS
