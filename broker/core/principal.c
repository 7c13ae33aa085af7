/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/principal.h"

/**
 * floe_principal_new:
 * @name: `NAME@REALM`
 * @sid: (nullable) (transfer none): the account's SID
 *
 * Returns: (transfer full): the principal
 */
FloePrincipal *
floe_principal_new (const gchar *name, GBytes *sid)
{
  FloePrincipal *self = g_new0 (FloePrincipal, 1);

  self->name = g_strdup (name);
  self->sid = sid != NULL ? g_bytes_ref (sid) : NULL;
  return self;
}

void
floe_principal_free (FloePrincipal *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_clear_pointer (&self->sid, g_bytes_unref);
  g_free (self);
}
