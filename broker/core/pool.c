/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/pool.h"

#include <fnmatch.h>
#include <string.h>

#define MAX_NAME 64

/**
 * floe_pool_new:
 * @name: its name
 * @kind: what becomes of its desktops
 *
 * Returns: (transfer full): a pool of "libvirt" with the usual times and nobody entitled; the maker
 *   fills it before it lets go of it
 */
FloePool *
floe_pool_new (const gchar *name, FloePoolKind kind)
{
  FloePool *self = g_new0 (FloePool, 1);

  self->name = g_strdup (name);
  self->kind = kind;
  self->manager = g_strdup ("libvirt");
  self->groups = g_new0 (gchar *, 1);
  self->bound = g_new0 (gchar *, 1);
  self->users = g_new0 (gchar *, 1);
  self->helpdesk_groups = g_new0 (gchar *, 1);
  self->from_terminals = g_new0 (gchar *, 1);
  self->from_terminal_groups = g_new0 (gchar *, 1);
  self->from_networks = g_new0 (gchar *, 1);
  self->actions = g_new0 (gchar *, 1);
  self->grace_seconds = FLOE_POOL_GRACE_SECONDS;
  self->ready_seconds = FLOE_POOL_READY_SECONDS;
  self->host_loss_seconds = FLOE_POOL_HOST_LOSS_SECONDS;
  self->per_user = 1;
  self->windows = g_array_new (FALSE, FALSE, sizeof (FloeSpareWindow));
  self->on_disconnect = kind == FLOE_POOL_FLOATING ? FLOE_ACT_RESET : FLOE_ACT_KEEP;
  self->on_limit = FLOE_ACT_LOG_OFF;
  self->on_idle = FLOE_ACT_LOCK;
  self->on_account_end = FLOE_ACT_LOCK;
  self->policy = floe_policy_new ();
  return self;
}

FloePool *
floe_pool_copy (const FloePool *self)
{
  FloePool *copy = g_new0 (FloePool, 1);

  *copy = *self;
  copy->name = g_strdup (self->name);
  copy->description = g_strdup (self->description);
  copy->manager = g_strdup (self->manager);
  copy->engine_pool = g_strdup (self->engine_pool);
  copy->pattern = g_strdup (self->pattern);
  copy->groups = g_strdupv (self->groups);
  copy->bound = g_strdupv (self->bound);
  copy->users = g_strdupv (self->users);
  copy->helpdesk_groups = g_strdupv (self->helpdesk_groups);
  copy->from_terminals = g_strdupv (self->from_terminals);
  copy->from_terminal_groups = g_strdupv (self->from_terminal_groups);
  copy->from_networks = g_strdupv (self->from_networks);
  copy->actions = g_strdupv (self->actions);
  copy->template = self->template != NULL ? floe_template_copy (self->template) : NULL;
  copy->policy = floe_policy_copy (self->policy);
  copy->windows = g_array_copy (self->windows);
  copy->message = g_strdup (self->message);
  return copy;
}

void
floe_pool_free (FloePool *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->description);
  g_free (self->manager);
  g_free (self->engine_pool);
  g_free (self->pattern);
  g_strfreev (self->groups);
  g_strfreev (self->bound);
  g_strfreev (self->users);
  g_strfreev (self->helpdesk_groups);
  g_strfreev (self->from_terminals);
  g_strfreev (self->from_terminal_groups);
  g_strfreev (self->from_networks);
  g_strfreev (self->actions);
  floe_template_free (self->template);
  g_array_unref (self->windows);
  floe_policy_free (self->policy);
  g_free (self->message);
  g_free (self);
}

/**
 * floe_pool_name_is_valid:
 *
 * Returns: whether @name fits [a-z0-9][a-z0-9-]{0,63}, which can stand in a URL and a file name
 */
gboolean
floe_pool_name_is_valid (const gchar *name)
{
  gsize length = strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-");

  return length > 0 && length <= MAX_NAME && name[length] == '\0' && name[0] != '-';
}

/**
 * floe_pool_has_domain:
 *
 * Returns: whether @domain belongs to the pool. A domain whose metadata names a pool belongs to
 * that pool only, whatever patterns say; and an engine's pool has what its engine says
 */
gboolean
floe_pool_has_domain (const FloePool *self, const FloeDomain *domain)
{
  if (floe_pool_is_engine (self))
    return domain->engine && strcmp (domain->host, self->manager) == 0
           && g_strcmp0 (domain->pool, self->engine_pool) == 0;
  if (domain->engine)
    return FALSE;
  if (domain->pool != NULL)
    return self->pattern == NULL && strcmp (domain->pool, self->name) == 0;
  return self->pattern != NULL && fnmatch (self->pattern, domain->name, 0) == 0;
}

/**
 * floe_pool_get_bound:
 * @group: one of its groups
 *
 * Returns: (nullable): the lasting id of the group that the plain name was found to be; %NULL where
 * it stands for whatever group is called that
 */
const gchar *
floe_pool_get_bound (const FloePool *self, const gchar *group)
{
  for (guint i = 0; self->bound[i] != NULL; i += 2)
    if (strcmp (self->bound[i], group) == 0)
      return self->bound[i + 1];
  return NULL;
}

/**
 * floe_pool_get_key:
 * @group: one of its groups
 *
 * Returns: by what it is looked for among a person's groups: what it is bound to, or itself
 */
const gchar *
floe_pool_get_key (const FloePool *self, const gchar *group)
{
  const gchar *bound = floe_pool_get_bound (self, group);

  return bound != NULL ? bound : group;
}

/**
 * floe_pool_set_bound:
 * @group: one of its groups, which is bound to nothing
 * @id: the lasting id that the name stands for
 */
void
floe_pool_set_bound (FloePool *self, const gchar *group, const gchar *id)
{
  guint n = g_strv_length (self->bound);

  self->bound = g_renew (gchar *, self->bound, n + 3);
  self->bound[n] = g_strdup (group);
  self->bound[n + 1] = g_strdup (id);
  self->bound[n + 2] = NULL;
}

/**
 * floe_pool_entitles:
 *
 * @user: where they are, see floe_seat_fill()
 *
 * Returns: whether @user may have a desktop of this pool: named by log-in name, or in a group
 */
gboolean
floe_pool_entitles (const FloePool *self, const FloeUser *user)
{
  g_autofree gchar *name = g_utf8_casefold (user->name, -1);

  for (guint i = 0; self->users[i] != NULL; i++)
    {
      g_autofree gchar *folded = g_utf8_casefold (self->users[i], -1);

      if (strcmp (folded, name) == 0)
        return TRUE;
    }
  for (guint i = 0; self->groups[i] != NULL; i++)
    if (floe_user_in_group (user, floe_pool_get_key (self, self->groups[i])))
      return TRUE;
  return FALSE;
}

/**
 * floe_pool_is_bound:
 *
 * Returns: whether its desktops may be opened from some places only
 */
gboolean
floe_pool_is_bound (const FloePool *self)
{
  return self->from_terminals[0] != NULL || self->from_terminal_groups[0] != NULL
         || self->from_networks[0] != NULL;
}

/**
 * floe_pool_manager_is_engine:
 *
 * Returns: whether @manager, of a pool, names an engine, which owns the pool
 */
gboolean
floe_pool_manager_is_engine (const gchar *manager)
{
  return g_strcmp0 (manager, "libvirt") != 0;
}

gboolean
floe_pool_is_engine (const FloePool *self)
{
  return floe_pool_manager_is_engine (self->manager);
}
