/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/permit.h"

#include "core/error.h"
#include "core/tag.h"

/* helps_in: whether they are of its helpdesk, as it is now */
static gboolean
helps_in (const FloeIdentity *actor, const FloePool *pool)
{
  if (floe_identity_is_api_token (actor))
    return actor->pools != NULL && g_strv_contains ((const gchar *const *)actor->pools, pool->name);
  return floe_user_in_any_group (actor->user, pool->helpdesk_groups);
}

/**
 * floe_permit_pool:
 * @actor: who asks
 * @permission: for what
 * @pool: the pool as it is now
 *
 * Returns: whether one of their roles has it in this pool; or %FALSE with %FLOE_ERROR_DENIED and
 *   the reason "not-your-pool"
 */
gboolean
floe_permit_pool (const FloeIdentity *actor, FloePermission permission, const FloePool *pool,
                  GError **error)
{
  FloeRole roles = floe_permission_get_roles (permission);

  if (actor->roles & roles)
    return TRUE;
  if (actor->pools != NULL && (roles & FLOE_ROLE_HELPDESK) && helps_in (actor, pool))
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_DENIED, "not-your-pool",
                         "%s is not of the helpdesk of pool %s", actor->user->name, pool->name);
  return FALSE;
}

/**
 * floe_permit_reason:
 * @reason: (nullable): what they gave as one
 *
 * The helpdesk acts on what is other people's, and says why.
 *
 * Returns: %FALSE with %FLOE_ERROR_INVALID and the reason "reason-needed" when there is none and
 *   their role needs one
 */
gboolean
floe_permit_reason (const FloeIdentity *actor, const gchar *reason, GError **error)
{
  if ((reason != NULL && *reason != '\0')
      || (actor->roles & floe_permission_get_roles (FLOE_MAY_OPERATE)))
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_INVALID, "reason-needed",
                         "reason: the helpdesk must say why, in 1 to 500 characters");
  return FALSE;
}

/**
 * floe_permit_change:
 * @tag: (nullable): of what is there now; %NULL for nothing
 * @needed: they must have said what they want to change
 *
 * Two people who change the same do not undo each other unseen.
 *
 * Returns: whether what is there is what they have seen; or %FALSE with %FLOE_ERROR_CONFLICT and
 * the reason "precondition-failed" or "precondition-required"
 */
gboolean
floe_permit_change (const FloeIdentity *actor, const gchar *tag, gboolean needed, GError **error)
{
  const gchar *expects = actor->caller->expects;

  if (expects == NULL)
    return TRUE;
  if (*expects == '\0')
    {
      if (tag == NULL || !needed)
        return TRUE;
      floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "precondition-required",
                             "it is there already: say with If-Match which state of it is to be "
                             "changed");
      return FALSE;
    }
  if (tag != NULL && floe_tag_is_among (tag, expects))
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "precondition-failed",
                         tag != NULL ? "it was changed meanwhile" : "it is not there any more");
  return FALSE;
}

static void
set_higher_role (const FloeUser *person, FloeRole theirs, GError **error)
{
  floe_set_error_reason (error, FLOE_ERROR_DENIED, "higher-role",
                         "%s is %s: nobody acts on a role above their own", person->name,
                         floe_role_name (theirs));
}

/* What they are in this pool, of whose helpdesk they are or not. */
static guint
rank_in (FloeRole roles, gboolean helps)
{
  return floe_role_rank (helps ? roles | FLOE_ROLE_HELPDESK : roles);
}

/**
 * floe_permit_person:
 * @groups: what makes somebody what
 * @pool: of whose desktops it is about
 * @person: whom it is done to, as the store last has them
 *
 * Returns: whether @actor may do something to @person, whose role must not be above their own; or
 *   %FALSE with %FLOE_ERROR_DENIED and the reason "higher-role"
 */
gboolean
floe_permit_person (const FloeIdentity *actor, const FloeRoleGroups *groups, const FloePool *pool,
                    const FloeUser *person, GError **error)
{
  FloeRole theirs = floe_role_groups_find (groups, person);

  if (rank_in (theirs, floe_user_in_any_group (person, pool->helpdesk_groups))
      <= rank_in (actor->roles, helps_in (actor, pool)))
    return TRUE;
  set_higher_role (person, theirs, error);
  return FALSE;
}

/**
 * floe_permit_rank:
 *
 * As floe_permit_person(), where it is not about one pool.
 */
gboolean
floe_permit_rank (const FloeIdentity *actor, const FloeRoleGroups *groups, const FloeUser *person,
                  GError **error)
{
  FloeRole theirs = floe_role_groups_find (groups, person);

  if (floe_role_rank (theirs) <= floe_role_rank (actor->roles))
    return TRUE;
  set_higher_role (person, theirs, error);
  return FALSE;
}

/**
 * floe_permit_holder:
 * @desktop: what something is done to
 *
 * As floe_permit_person(), for whoever holds it. Nobody is above anybody.
 */
gboolean
floe_permit_holder (FloeTx *tx, const FloeIdentity *actor, const FloeRoleGroups *groups,
                    const FloePool *pool, const FloeDesktop *desktop, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FloeUser) holder = NULL;

  if (desktop->lease == NULL)
    return TRUE;
  holder = floe_tx_get_user (tx, desktop->lease->holder, &local_error);
  if (holder != NULL)
    return floe_permit_person (actor, groups, pool, holder, error);
  if (g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * floe_permit_terminal:
 * @terminal: whose certificate is to count no more
 * @now: microseconds since 1970 UTC
 *
 * As floe_permit_rank(), for each who is logged in there.
 */
gboolean
floe_permit_terminal (FloeTx *tx, const FloeIdentity *actor, const FloeRoleGroups *groups,
                      const FloeTerminal *terminal, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) people = NULL;

  if (terminal->fingerprint == NULL)
    return TRUE;
  people = floe_tx_list_users_of_terminal (tx, terminal->fingerprint, now, error);
  if (people == NULL)
    return FALSE;
  for (guint i = 0; i < people->len; i++)
    if (!floe_permit_rank (actor, groups, people->pdata[i], error))
      return FALSE;
  return TRUE;
}
