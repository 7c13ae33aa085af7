/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-group-cache.h"

struct _FloeLdapGroupCache
{
  GMutex lock;
  GHashTable *entries; /* key to Entry */
  gint64 (*now) (void);
};

typedef struct
{
  FloeLdapGroup *group;
  gint64 end;
} Entry;

/**
 * floe_ldap_parent_new:
 * @group: its DN, or its SID
 * @names: (nullable) (array zero-terminated=1): case-folded
 *
 * Returns: (transfer full): a group that something is in
 */
FloeLdapParent *
floe_ldap_parent_new (const gchar *group, const gchar *const *names)
{
  FloeLdapParent *self = g_new0 (FloeLdapParent, 1);

  self->group = g_strdup (group);
  self->names = g_strdupv ((gchar **)names);
  return self;
}

void
floe_ldap_parent_free (FloeLdapParent *self)
{
  g_free (self->group);
  g_strfreev (self->names);
  g_free (self);
}

static void
group_clear (FloeLdapGroup *self)
{
  g_strfreev (self->names);
  g_ptr_array_unref (self->parents);
}

/**
 * floe_ldap_group_new:
 * @names: (array zero-terminated=1): case-folded
 * @parents: (element-type FloeLdapParent) (transfer full): the groups that it is in
 *
 * Returns: (transfer full): a group
 */
FloeLdapGroup *
floe_ldap_group_new (const gchar *const *names, GPtrArray *parents)
{
  FloeLdapGroup *self = g_atomic_rc_box_new0 (FloeLdapGroup);

  self->names = g_strdupv ((gchar **)names);
  self->parents = parents;
  return self;
}

FloeLdapGroup *
floe_ldap_group_ref (FloeLdapGroup *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
floe_ldap_group_unref (FloeLdapGroup *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify)group_clear);
}

static void
entry_free (Entry *entry)
{
  floe_ldap_group_unref (entry->group);
  g_free (entry);
}

/**
 * floe_ldap_group_cache_new:
 * @now: (nullable): a clock in microseconds; the monotonic one when %NULL
 *
 * Returns: (transfer full): an empty cache
 */
FloeLdapGroupCache *
floe_ldap_group_cache_new (gint64 (*now) (void))
{
  FloeLdapGroupCache *self = g_new0 (FloeLdapGroupCache, 1);

  g_mutex_init (&self->lock);
  self->entries =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)entry_free);
  self->now = now != NULL ? now : g_get_monotonic_time;
  return self;
}

void
floe_ldap_group_cache_free (FloeLdapGroupCache *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->entries);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * floe_ldap_group_cache_find:
 *
 * Returns: (transfer full) (nullable): the group, if it is known and not past its end
 */
FloeLdapGroup *
floe_ldap_group_cache_find (FloeLdapGroupCache *self, const gchar *key)
{
  FloeLdapGroup *group = NULL;
  const Entry *entry;

  g_mutex_lock (&self->lock);
  entry = g_hash_table_lookup (self->entries, key);
  if (entry != NULL && entry->end > self->now ())
    group = floe_ldap_group_ref (entry->group);
  g_mutex_unlock (&self->lock);
  return group;
}

/**
 * floe_ldap_group_cache_put:
 * @key: what to find it by
 * @group: (transfer none): the group
 * @seconds: how long it is believed
 */
void
floe_ldap_group_cache_put (FloeLdapGroupCache *self, const gchar *key, FloeLdapGroup *group,
                           guint seconds)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->group = floe_ldap_group_ref (group);
  g_mutex_lock (&self->lock);
  entry->end = self->now () + (gint64)seconds * G_USEC_PER_SEC;
  /* A directory of that many groups fills it again soon; which ones were of use nobody knows. */
  if (g_hash_table_size (self->entries) >= FLOE_LDAP_GROUP_CACHE_MAX)
    g_hash_table_remove_all (self->entries);
  g_hash_table_replace (self->entries, g_strdup (key), entry);
  g_mutex_unlock (&self->lock);
}
