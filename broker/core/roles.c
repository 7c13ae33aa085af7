/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/roles.h"

#define HELPDESK FLOE_ROLE_HELPDESK
#define AUDITOR  FLOE_ROLE_AUDITOR
#define OPERATOR FLOE_ROLE_OPERATOR
#define ADMIN    FLOE_ROLE_ADMIN

/* The strongest first. */
static const struct
{
  FloeRole role;
  const gchar *name;
  guint rank;
} names[] = {
  { ADMIN, "admin", 3 },
  { OPERATOR, "operator", 2 },
  /* Who only reads is below nobody and above nobody of those who act. */
  { AUDITOR, "auditor", 1 },
  { HELPDESK, "helpdesk", 1 },
};

/* Who may what. What the helpdesk may in all pools, the helpdesk of a pool may in theirs. */
static const FloeRole allowed[] = {
  [FLOE_MAY_CALL] = FLOE_ROLE_USER,
  [FLOE_MAY_KNOW_SELF] = FLOE_ROLE_USER,
  [FLOE_MAY_OWN] = FLOE_ROLE_USER,
  [FLOE_MAY_SEE_POOLS] = HELPDESK | AUDITOR | OPERATOR | ADMIN,
  [FLOE_MAY_SEE_HOSTS] = AUDITOR | OPERATOR | ADMIN,
  [FLOE_MAY_SEE_PEOPLE] = HELPDESK | AUDITOR | OPERATOR | ADMIN,
  [FLOE_MAY_SEE_TRAIL] = HELPDESK | AUDITOR | OPERATOR | ADMIN,
  [FLOE_MAY_SEE_ALL_TRAIL] = AUDITOR | ADMIN,
  [FLOE_MAY_HELP] = HELPDESK | OPERATOR | ADMIN,
  [FLOE_MAY_SHADOW] = HELPDESK | OPERATOR | ADMIN,
  [FLOE_MAY_OPERATE] = OPERATOR | ADMIN,
  [FLOE_MAY_DEFINE] = ADMIN,
  [FLOE_MAY_SEE_TERMINALS] = HELPDESK | AUDITOR | OPERATOR | ADMIN,
  [FLOE_MAY_ENROL] = HELPDESK | OPERATOR | ADMIN,
  [FLOE_MAY_PLACE] = OPERATOR | ADMIN,
  [FLOE_MAY_SEE_TOKENS] = AUDITOR | ADMIN,
  [FLOE_MAY_ISSUE] = ADMIN,
  [FLOE_MAY_SEE_HOOKS] = AUDITOR | ADMIN,
  [FLOE_MAY_HOOK] = ADMIN,
};

/**
 * floe_permission_get_roles:
 *
 * Returns: the roles that have it, one of which is enough; %FLOE_ROLE_USER when everybody does
 */
FloeRole
floe_permission_get_roles (FloePermission permission)
{
  return allowed[permission];
}

/**
 * floe_permission_describe:
 *
 * Returns: (transfer full): the roles that have it, such as "helpdesk, operator or admin"
 */
gchar *
floe_permission_describe (FloePermission permission)
{
  GString *text = g_string_new (NULL);
  FloeRole roles = allowed[permission];

  for (guint i = G_N_ELEMENTS (names); i > 0; i--)
    {
      if (!(roles & names[i - 1].role))
        continue;
      roles &= ~names[i - 1].role;
      if (text->len > 0)
        g_string_append (text, roles != 0 ? ", " : " or ");
      g_string_append (text, names[i - 1].name);
    }
  if (text->len == 0)
    g_string_append (text, "user");
  return g_string_free (text, FALSE);
}

/**
 * floe_permission_is_for_people:
 *
 * Returns: whether no token of the API has it, whatever its role
 */
gboolean
floe_permission_is_for_people (FloePermission permission)
{
  return permission == FLOE_MAY_OWN || permission == FLOE_MAY_ISSUE
         || permission == FLOE_MAY_SHADOW;
}

/**
 * floe_role_from_name:
 * @name: (nullable): from floe_role_name()
 *
 * Returns: whether there is such a role above that of a user
 */
gboolean
floe_role_from_name (const gchar *name, FloeRole *role)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (names[i].name, name) == 0)
      {
        *role = names[i].role;
        return TRUE;
      }
  return FALSE;
}

/**
 * floe_role_name:
 *
 * Returns: (transfer none): the strongest of them
 */
const gchar *
floe_role_name (FloeRole roles)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (roles & names[i].role)
      return names[i].name;
  return "user";
}

/**
 * floe_role_list:
 *
 * Returns: (transfer full): the names of all of them, the strongest first; "user" when there is
 *   nothing above that
 */
GStrv
floe_role_list (FloeRole roles)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (roles & names[i].role)
      g_strv_builder_add (list, names[i].name);
  if (roles == FLOE_ROLE_USER)
    g_strv_builder_add (list, "user");
  return g_strv_builder_end (list);
}

/**
 * floe_role_rank:
 *
 * Returns: how high the strongest of them stands: nobody acts on a rank above their own
 */
guint
floe_role_rank (FloeRole roles)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (roles & names[i].role)
      return names[i].rank;
  return 0;
}

struct _FloeRoleGroups
{
  GStrv of[G_N_ELEMENTS (names)]; /* as in names */
};

/**
 * floe_role_groups_new:
 * @admins: (nullable) (array zero-terminated=1): groups as #FloeUser has them, in any case
 *
 * Returns: (transfer full): the groups; %NULL is none
 */
FloeRoleGroups *
floe_role_groups_new (const gchar *const *admins, const gchar *const *operators,
                      const gchar *const *auditors, const gchar *const *helpdesk)
{
  const gchar *const *const groups[] = { admins, operators, auditors, helpdesk };
  FloeRoleGroups *self = g_atomic_rc_box_new0 (FloeRoleGroups);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    self->of[i] = g_strdupv ((gchar **)groups[i]);
  return self;
}

FloeRoleGroups *
floe_role_groups_ref (FloeRoleGroups *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
groups_clear (gpointer data)
{
  FloeRoleGroups *self = data;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_strfreev (self->of[i]);
}

void
floe_role_groups_unref (FloeRoleGroups *self)
{
  g_atomic_rc_box_release_full (self, groups_clear);
}

/**
 * floe_role_groups_find:
 *
 * Returns: what somebody of these groups is in all pools
 */
FloeRole
floe_role_groups_find (const FloeRoleGroups *self, const FloeUser *user)
{
  FloeRole roles = FLOE_ROLE_USER;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (floe_user_in_any_group (user, self->of[i]))
      roles |= names[i].role;
  return roles;
}
