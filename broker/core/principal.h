/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloePrincipal:
 * @name: `NAME@REALM`
 * @sid: (nullable): the account's SID as Active Directory stores it, where the centre told it. A
 *   name can be another account's by the time a ticket is used, a SID cannot
 *
 * Whom a key distribution centre vouches for. Immutable.
 */
typedef struct
{
  gchar *name;
  GBytes *sid;
} FloePrincipal;

FloePrincipal *floe_principal_new (const gchar *name, GBytes *sid);
void floe_principal_free (FloePrincipal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloePrincipal, floe_principal_free)

G_END_DECLS
