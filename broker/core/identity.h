/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/roles.h"

G_BEGIN_DECLS

/**
 * FloeCaller:
 * @address: the network address that a request came from, as HAProxy saw it
 * @terminal: (nullable): the SHA-256 fingerprint, lower hex, of the terminal's verified certificate
 * @request: (nullable): the request's unique id
 * @expects: (nullable): the entity tags of what it may change, as If-Match has them; empty where it
 *   was to say and does not; %NULL for whatever is there
 *
 * Where a request comes from, and on what condition; says nothing about who sent it.
 */
typedef struct
{
  gchar *address;
  gchar *terminal;
  gchar *request;
  gchar *expects;
} FloeCaller;

FloeCaller *floe_caller_new (const gchar *address, const gchar *terminal, const gchar *request);
FloeCaller *floe_caller_copy (const FloeCaller *self);
void floe_caller_free (FloeCaller *self);

/**
 * FloeIdentity:
 * @user: who
 * @roles: what they are in all pools
 * @pools: (nullable) (array zero-terminated=1): the pools of which they are the helpdesk beside
 *   that; they were asked for a moment ago, so what is decided looks at the pool again, but for a
 *   token of the API, which names them itself
 * @login_id: the log-in that the token came from; what a lease remembers as its last user. A token
 *   of the API's is its own
 * @caller: where this request comes from
 *
 * Who sent a request, looked up anew for each from its token. Immutable.
 */
typedef struct
{
  FloeUser *user;
  FloeRole roles;
  GStrv pools;
  gchar *login_id;
  FloeCaller *caller;
} FloeIdentity;

FloeIdentity *floe_identity_new (const FloeUser *user, FloeRole roles, const gchar *login_id,
                                 const FloeCaller *caller);
FloeIdentity *floe_identity_copy (const FloeIdentity *self);
FloeIdentity *floe_identity_copy_with_pools (const FloeIdentity *self, const gchar *const *pools);
void floe_identity_free (FloeIdentity *self);
gboolean floe_identity_may (const FloeIdentity *self, FloePermission permission);
gboolean floe_identity_is_api_token (const FloeIdentity *self);
gboolean floe_identity_is_staff (const FloeIdentity *self);
const gchar *floe_identity_role_name (const FloeIdentity *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeCaller, floe_caller_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeIdentity, floe_identity_free)

G_END_DECLS
