/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/user.h"

G_BEGIN_DECLS

/**
 * FloeRole:
 * @FLOE_ROLE_USER: their own desktops; everybody is that
 * @FLOE_ROLE_HELPDESK: helps the people of all pools
 * @FLOE_ROLE_AUDITOR: reads everything and changes nothing
 * @FLOE_ROLE_OPERATOR: runs pools and hosts as they were defined
 * @FLOE_ROLE_ADMIN: everything
 *
 * A set of roles: somebody may do what any of theirs may.
 */
typedef enum
{
  FLOE_ROLE_USER = 0,
  FLOE_ROLE_HELPDESK = 1 << 0,
  FLOE_ROLE_AUDITOR = 1 << 1,
  FLOE_ROLE_OPERATOR = 1 << 2,
  FLOE_ROLE_ADMIN = 1 << 3,
} FloeRole;

/**
 * FloePermission:
 * @FLOE_MAY_CALL: what needs no log-in
 * @FLOE_MAY_KNOW_SELF: who one is
 * @FLOE_MAY_OWN: what is done with one's own desktops, by people
 * @FLOE_MAY_SEE_POOLS: pools with their desktops, and why somebody gets one
 * @FLOE_MAY_SEE_HOSTS: hosts
 * @FLOE_MAY_SEE_PEOPLE: people: what the directory says of them, what they may open and have, and
 *   what went wrong for them last; the helpdesk of some pools sees those who may open these
 * @FLOE_MAY_SEE_TRAIL: what the audit trail has of the pools that one may help in
 * @FLOE_MAY_SEE_ALL_TRAIL: all of it
 * @FLOE_MAY_HELP: to release, assign, shut down, restart and reset others' desktops
 * @FLOE_MAY_SHADOW: to look at the screens of people who let them; people only, since it is
 * somebody who is let, by name
 * @FLOE_MAY_OPERATE: to close and open pools, to drain hosts, to make new revisions
 * @FLOE_MAY_DEFINE: to make, change and delete pools
 * @FLOE_MAY_SEE_TERMINALS: terminals
 * @FLOE_MAY_ENROL: to give out codes with which machines become terminals
 * @FLOE_MAY_PLACE: to make, change and remove terminals
 * @FLOE_MAY_SEE_TOKENS: which tokens of the API there are
 * @FLOE_MAY_SEE_HOOKS: who is told what happens
 * @FLOE_MAY_HOOK: to say who is
 * @FLOE_MAY_ISSUE: to make and remove tokens of the API; people only, since a token that could make
 *   tokens would outlive its end
 *
 * What there is to be allowed. Which roles have it is one table, in roles.c.
 */
typedef enum
{
  FLOE_MAY_CALL,
  FLOE_MAY_KNOW_SELF,
  FLOE_MAY_OWN,
  FLOE_MAY_SEE_POOLS,
  FLOE_MAY_SEE_HOSTS,
  FLOE_MAY_SEE_PEOPLE,
  FLOE_MAY_SEE_TRAIL,
  FLOE_MAY_SEE_ALL_TRAIL,
  FLOE_MAY_HELP,
  FLOE_MAY_SHADOW,
  FLOE_MAY_OPERATE,
  FLOE_MAY_DEFINE,
  FLOE_MAY_SEE_TERMINALS,
  FLOE_MAY_ENROL,
  FLOE_MAY_PLACE,
  FLOE_MAY_SEE_TOKENS,
  FLOE_MAY_ISSUE,
  FLOE_MAY_SEE_HOOKS,
  FLOE_MAY_HOOK,
} FloePermission;

FloeRole floe_permission_get_roles (FloePermission permission);
gchar *floe_permission_describe (FloePermission permission);
gboolean floe_permission_is_for_people (FloePermission permission);

const gchar *floe_role_name (FloeRole roles);
gboolean floe_role_from_name (const gchar *name, FloeRole *role);
GStrv floe_role_list (FloeRole roles);
guint floe_role_rank (FloeRole roles);

/**
 * FloeRoleGroups:
 *
 * Which groups of the directory make somebody what, in all pools. Immutable, counted, and shared by
 * threads.
 */
typedef struct _FloeRoleGroups FloeRoleGroups;

FloeRoleGroups *floe_role_groups_new (const gchar *const *admins, const gchar *const *operators,
                                      const gchar *const *auditors, const gchar *const *helpdesk);
FloeRoleGroups *floe_role_groups_ref (FloeRoleGroups *self);
void floe_role_groups_unref (FloeRoleGroups *self);
FloeRole floe_role_groups_find (const FloeRoleGroups *self, const FloeUser *user);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeRoleGroups, floe_role_groups_unref)

G_END_DECLS
