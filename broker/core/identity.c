/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/identity.h"

#include "core/api-token.h"

FloeCaller *
floe_caller_new (const gchar *address, const gchar *terminal, const gchar *request)
{
  FloeCaller *self = g_new0 (FloeCaller, 1);

  self->address = g_strdup (address);
  self->terminal = g_strdup (terminal);
  self->request = g_strdup (request);
  return self;
}

FloeCaller *
floe_caller_copy (const FloeCaller *self)
{
  FloeCaller *copy = floe_caller_new (self->address, self->terminal, self->request);

  copy->expects = g_strdup (self->expects);
  return copy;
}

void
floe_caller_free (FloeCaller *self)
{
  if (self == NULL)
    return;
  g_free (self->address);
  g_free (self->terminal);
  g_free (self->request);
  g_free (self->expects);
  g_free (self);
}

FloeIdentity *
floe_identity_new (const FloeUser *user, FloeRole roles, const gchar *login_id,
                   const FloeCaller *caller)
{
  FloeIdentity *self = g_new0 (FloeIdentity, 1);

  self->user = floe_user_copy (user);
  self->roles = roles;
  self->login_id = g_strdup (login_id);
  self->caller = floe_caller_copy (caller);
  return self;
}

FloeIdentity *
floe_identity_copy (const FloeIdentity *self)
{
  return floe_identity_copy_with_pools (self, (const gchar *const *)self->pools);
}

/**
 * floe_identity_copy_with_pools:
 * @pools: (nullable) (array zero-terminated=1): of which they are the helpdesk
 *
 * Returns: (transfer full): the same, with these pools; none are as good as %NULL
 */
FloeIdentity *
floe_identity_copy_with_pools (const FloeIdentity *self, const gchar *const *pools)
{
  FloeIdentity *copy = floe_identity_new (self->user, self->roles, self->login_id, self->caller);

  if (pools != NULL && pools[0] != NULL)
    copy->pools = g_strdupv ((gchar **)pools);
  return copy;
}

void
floe_identity_free (FloeIdentity *self)
{
  if (self == NULL)
    return;
  floe_user_free (self->user);
  g_strfreev (self->pools);
  g_free (self->login_id);
  floe_caller_free (self->caller);
  g_free (self);
}

/**
 * floe_identity_may:
 *
 * Returns: whether they may do it somewhere; where, floe_permit_pool() tells
 */
gboolean
floe_identity_may (const FloeIdentity *self, FloePermission permission)
{
  FloeRole roles = floe_permission_get_roles (permission);

  if (floe_permission_is_for_people (permission) && floe_identity_is_api_token (self))
    return FALSE;
  return roles == FLOE_ROLE_USER || (self->roles & roles) != 0
         || (self->pools != NULL && (roles & FLOE_ROLE_HELPDESK) != 0);
}

/**
 * floe_identity_is_api_token:
 *
 * Returns: whether it is a token of the API, which is nobody's. No directory gives such an id
 */
gboolean
floe_identity_is_api_token (const FloeIdentity *self)
{
  return g_str_has_prefix (self->user->id, FLOE_API_TOKEN_USER);
}

/**
 * floe_identity_is_staff:
 *
 * Returns: whether they are more than a user, be it in one pool
 */
gboolean
floe_identity_is_staff (const FloeIdentity *self)
{
  return self->roles != FLOE_ROLE_USER || self->pools != NULL;
}

/**
 * floe_identity_role_name:
 *
 * Returns: (transfer none): the strongest of their roles
 */
const gchar *
floe_identity_role_name (const FloeIdentity *self)
{
  return floe_role_name (self->pools != NULL ? self->roles | FLOE_ROLE_HELPDESK : self->roles);
}
