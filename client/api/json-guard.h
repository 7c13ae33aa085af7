/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "api/secret.h"

G_BEGIN_DECLS

#define FLOE_JSON_DEPTH 16

/**
 * FloeJsonSecrets:
 * @token: (nullable): the root object's "token"
 * @reconnect_token: (nullable): its "reconnect_token"
 * @ticket: (nullable): its "ticket"
 * @challenge: (nullable): its "challenge"
 * @secret: (nullable): its "secret"
 * @uri: (nullable): its "uri"
 * @login_token: (nullable): the "token" of its "login"
 * @recovery_codes: (nullable) (element-type FloeSecret): the texts of its "recovery_codes"
 *
 * What floe_json_parse() took out of an answer. In the parsed answer each is a string of as many
 * "x".
 */
typedef struct
{
  FloeSecret *token;
  FloeSecret *reconnect_token;
  FloeSecret *ticket;
  FloeSecret *challenge;
  FloeSecret *secret;
  FloeSecret *uri;
  FloeSecret *login_token;
  GPtrArray *recovery_codes;
} FloeJsonSecrets;

void floe_json_secrets_clear (FloeJsonSecrets *self);

const gchar *floe_json_scan (gchar *text, gsize length, FloeJsonSecrets *secrets, gsize *offset);
JsonNode *floe_json_parse (gchar *text, gsize length, FloeJsonSecrets *secrets, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FloeJsonSecrets, floe_json_secrets_clear)

G_END_DECLS
