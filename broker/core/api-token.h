/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/identity.h"
#include "core/secret.h"

G_BEGIN_DECLS

/* What a token of the API begins with, and what the user's id begins with that stands for one. */
#define FLOE_API_TOKEN_PREFIX "fla_"
#define FLOE_API_TOKEN_USER   "token:"

/* More of them nobody has an eye on. */
#define FLOE_MAX_API_TOKENS 200

#define FLOE_API_TOKEN_MAX_DAYS 3650

/**
 * FloeApiToken:
 * @name: its own, as a pool's
 * @hash: SHA-256 of the token, lower hex
 * @role: what it is in all of @pools; one role
 * @pools: (nullable) (array zero-terminated=1): of the helpdesk: the pools that it is for; %NULL
 *   for all pools
 * @by: who made it, as the audit trail calls them
 * @created: all times in microseconds since 1970 UTC
 * @ends: when it ends; 0 for never
 * @last_used: when it was used last, to the minute; 0 for never
 * @last_address: (nullable): from where
 *
 * A token for scripts, which belongs to nobody and lasts as long as an administrator wants.
 */
typedef struct
{
  gchar *name;
  gchar *hash;
  FloeRole role;
  GStrv pools;
  gchar *by;
  gint64 created;
  gint64 ends;
  gint64 last_used;
  gchar *last_address;
} FloeApiToken;

FloeApiToken *floe_api_token_new (const gchar *name, FloeRole role, const gchar *const *pools);
FloeApiToken *floe_api_token_copy (const FloeApiToken *self);
void floe_api_token_free (FloeApiToken *self);
gboolean floe_api_token_validate (const FloeApiToken *self, GError **error);
gchar *floe_api_token_describe (const FloeApiToken *self);
FloeSecret *floe_api_token_new_secret (void);
gboolean floe_api_token_is_one (const FloeSecret *secret);
FloeIdentity *floe_api_token_new_identity (const FloeApiToken *self, const FloeCaller *caller);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeApiToken, floe_api_token_free)

G_END_DECLS
