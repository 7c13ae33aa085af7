/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/identity.h"

const gchar *
floe_role_name (FloeRole role)
{
  return role == FLOE_ROLE_ADMIN ? "admin" : "user";
}

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
  return floe_caller_new (self->address, self->terminal, self->request);
}

void
floe_caller_free (FloeCaller *self)
{
  if (self == NULL)
    return;
  g_free (self->address);
  g_free (self->terminal);
  g_free (self->request);
  g_free (self);
}

FloeIdentity *
floe_identity_new (const FloeUser *user, FloeRole role, const gchar *login_id,
                   const FloeCaller *caller)
{
  FloeIdentity *self = g_new0 (FloeIdentity, 1);

  self->user = floe_user_copy (user);
  self->role = role;
  self->login_id = g_strdup (login_id);
  self->caller = floe_caller_copy (caller);
  return self;
}

FloeIdentity *
floe_identity_copy (const FloeIdentity *self)
{
  return floe_identity_new (self->user, self->role, self->login_id, self->caller);
}

void
floe_identity_free (FloeIdentity *self)
{
  if (self == NULL)
    return;
  floe_user_free (self->user);
  g_free (self->login_id);
  floe_caller_free (self->caller);
  g_free (self);
}
