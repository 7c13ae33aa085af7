/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-walk.h"

#include <stdlib.h>
#include <string.h>

void
floe_ldap_walk_init (FloeLdapWalk *self, FloeLdapMembership *call, FloeLdapWay way)
{
  self->call = call;
  self->way = way;
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->level = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_ldap_parent_free);
}

void
floe_ldap_walk_clear (FloeLdapWalk *self)
{
  g_hash_table_unref (self->seen);
  g_hash_table_unref (self->names);
  g_ptr_array_unref (self->level);
}

/**
 * floe_ldap_walk_limit:
 *
 * Returns: how long the next answer may take
 */
FloeLdapLimit
floe_ldap_walk_limit (const FloeLdapWalk *self)
{
  const FloeLdapMembership *call = self->call;

  return floe_ldap_limit_new (call->settings->operation_timeout, call->until, call->cancellable);
}

/**
 * floe_ldap_walk_key:
 *
 * Returns: (transfer full): by what a group is known in the cache. What its entry told and what a
 *   search told are not the same
 */
gchar *
floe_ldap_walk_key (const FloeLdapWalk *self, const gchar *group)
{
  g_autofree gchar *folded = NULL;

  if (self->way == FLOE_LDAP_WAY_SIDS)
    return g_strdup (group);
  folded = g_utf8_casefold (group, -1);
  if (self->way == FLOE_LDAP_WAY_FILTER)
    return g_strconcat ("in:", folded, NULL);
  return g_steal_pointer (&folded);
}

/**
 * floe_ldap_walk_meet:
 * @parent: a group that what we are at is in
 *
 * Has it looked at on the next level, unless it was met before, or there are too many.
 */
void
floe_ldap_walk_meet (FloeLdapWalk *self, const FloeLdapParent *parent)
{
  g_autofree gchar *key = floe_ldap_walk_key (self, parent->group);

  if (g_hash_table_contains (self->seen, key))
    return;
  if (g_hash_table_size (self->seen) >= FLOE_LDAP_GROUPS_MAX)
    {
      self->call->cut = TRUE;
      return;
    }
  g_hash_table_add (self->seen, g_steal_pointer (&key));
  g_ptr_array_add (self->level,
                   floe_ldap_parent_new (parent->group, (const gchar *const *)parent->names));
}

void
floe_ldap_walk_meet_all (FloeLdapWalk *self, GPtrArray *parents)
{
  for (guint i = 0; i < parents->len; i++)
    floe_ldap_walk_meet (self, parents->pdata[i]);
}

void
floe_ldap_walk_add (FloeLdapWalk *self, const gchar *const *names)
{
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    g_hash_table_add (self->names, g_strdup (names[i]));
}

static void
add_group (FloeLdapWalk *self, const FloeLdapGroup *group)
{
  floe_ldap_walk_add (self, (const gchar *const *)group->names);
  floe_ldap_walk_meet_all (self, group->parents);
}

/**
 * floe_ldap_walk_learn:
 * @told: what the server told of @group
 * @seconds: how long that is believed
 *
 * Takes what was told, and keeps it for others.
 */
void
floe_ldap_walk_learn (FloeLdapWalk *self, const gchar *group, FloeLdapGroup *told, guint seconds)
{
  g_autofree gchar *key = floe_ldap_walk_key (self, group);

  floe_ldap_group_cache_put (self->call->cache, key, told, seconds);
  add_group (self, told);
}

/**
 * floe_ldap_walk_rise:
 *
 * Begins a level: adds the names of the groups that were met, and meets those that they are known
 * to be in.
 *
 * Returns: (transfer full) (element-type utf8): the groups of which the server has to tell
 */
GPtrArray *
floe_ldap_walk_rise (FloeLdapWalk *self)
{
  g_autoptr (GPtrArray) level = g_steal_pointer (&self->level);
  GPtrArray *asked = g_ptr_array_new_with_free_func (g_free);

  self->level = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_ldap_parent_free);
  for (guint i = 0; i < level->len; i++)
    {
      const FloeLdapParent *met = level->pdata[i];
      g_autofree gchar *key = floe_ldap_walk_key (self, met->group);
      g_autoptr (FloeLdapGroup) known = floe_ldap_group_cache_find (self->call->cache, key);

      floe_ldap_walk_add (self, (const gchar *const *)met->names);
      if (known != NULL)
        add_group (self, known);
      else
        g_ptr_array_add (asked, g_strdup (met->group));
    }
  return asked;
}

static gint
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar *const *)a, *(const gchar *const *)b);
}

GStrv
floe_ldap_walk_sorted_names (const FloeLdapWalk *self)
{
  guint n;
  g_autofree gpointer *keys = g_hash_table_get_keys_as_array (self->names, &n);

  qsort (keys, n, sizeof *keys, compare_texts);
  return g_strdupv ((GStrv)keys);
}
