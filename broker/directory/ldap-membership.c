/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-membership.h"

#include "core/error.h"
#include "directory/ldap-groups.h"
#include "directory/ldap-id.h"
#include "directory/ldap-profile.h"
#include "directory/ldap-values.h"

#include <stdlib.h>
#include <string.h>

#define ANYTHING "(objectClass=*)"

/* Searches that are under way together: enough for any person, and far from what fills the
 * socket's buffers. */
#define BATCH 64

/* A SID is never given to another group, so only a new name comes late. Where groups are known by
 * their DN, who belongs to what must not come late: with the time between two looks at everybody
 * who is logged in, it is less than a minute. */
#define SID_SECONDS  900
#define LOST_SECONDS 300
#define DN_SECONDS   10

typedef struct
{
  FloeLdapMembership *call;
  gboolean by_sid;
  GHashTable *seen;  /* keys of groups that were met */
  GHashTable *names; /* what comes out */
  GPtrArray *level;  /* groups whose names are not added yet: SIDs or DNs */
} Walk;

static FloeLdapLimit
next_limit (const FloeLdapMembership *self)
{
  gint64 until =
      g_get_monotonic_time () + (gint64)self->settings->operation_timeout * G_USEC_PER_SEC;

  return (FloeLdapLimit){ MIN (until, self->until), self->cancellable };
}

static gint
send_base (FloeLdapMembership *self, const gchar *dn, const gchar *const *attributes)
{
  return floe_ldap_handle_send_search (self->service, dn, LDAP_SCOPE_BASE, ANYTHING, attributes, 1);
}

/* What a server says of one group that it does not have, or does not show, or has elsewhere, is no
 * trouble; a server that does not answer is. */
static FloeLdapVerdict
receive_base (FloeLdapMembership *self, gint id, FloeLdapMessage **result, GError **error)
{
  FloeLdapLimit limit = next_limit (self);
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  g_autoptr (GError) problem = NULL;
  FloeLdapVerdict verdict;

  *result = NULL;
  if (id < 0)
    reply.code = id;
  else
    *result = floe_ldap_handle_receive (self->service, id, &limit, &reply);
  self->code = reply.code;
  verdict = floe_ldap_judge (FLOE_LDAP_SEARCH, &reply, &problem);
  if (verdict == FLOE_LDAP_REFUSED && reply.code >= 0)
    return FLOE_LDAP_FINE;
  if (verdict != FLOE_LDAP_FINE)
    g_propagate_error (error, g_steal_pointer (&problem));
  return verdict;
}

/* By what a group is known in the cache. */
static gchar *
key_of (const Walk *walk, const gchar *group)
{
  return walk->by_sid ? g_strdup (group) : g_utf8_casefold (group, -1);
}

static void
meet (Walk *walk, const gchar *group)
{
  g_autofree gchar *key = key_of (walk, group);

  if (g_hash_table_contains (walk->seen, key))
    return;
  if (g_hash_table_size (walk->seen) >= FLOE_LDAP_GROUPS_MAX)
    {
      walk->call->cut = TRUE;
      return;
    }
  g_hash_table_add (walk->seen, g_steal_pointer (&key));
  g_ptr_array_add (walk->level, g_strdup (group));
}

static void
add_group (Walk *walk, const FloeLdapGroup *group)
{
  for (guint i = 0; group->names[i] != NULL; i++)
    g_hash_table_add (walk->names, g_strdup (group->names[i]));
  for (guint i = 0; group->parents[i] != NULL; i++)
    meet (walk, group->parents[i]);
}

static void
add_tokens (Walk *walk, LDAP *ld, LDAPMessage *entry)
{
  struct berval **values = ldap_get_values_len (ld, entry, walk->call->settings->group_attribute);

  for (guint i = 0; values != NULL && values[i] != NULL; i++)
    {
      g_autofree gchar *sid = floe_ldap_sid_to_text (values[i]);

      if (sid == NULL)
        continue;
      g_hash_table_add (walk->names, floe_ldap_group_id ("objectSid", values[i]));
      meet (walk, sid);
    }
  ldap_value_free_len (values);
}

static FloeLdapVerdict
read_tokens (Walk *walk, const FloeLdapPerson *person, GError **error)
{
  FloeLdapMembership *self = walk->call;
  const gchar *const attributes[] = { self->settings->group_attribute, NULL };
  LDAP *ld = floe_ldap_handle_get (self->service);
  g_autoptr (FloeLdapMessage) result = NULL;
  LDAPMessage *entry = NULL;
  FloeLdapVerdict verdict;

  verdict = receive_base (self, send_base (self, person->dn, attributes), &result, error);
  self->round_trips++;
  if (verdict != FLOE_LDAP_FINE)
    return verdict;
  if (result != NULL)
    entry = ldap_first_entry (ld, result);
  if (entry != NULL)
    {
      add_tokens (walk, ld, entry);
      return FLOE_LDAP_FINE;
    }
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL,
               "the service account may not read \"%s\" of \"%s\"", self->settings->group_attribute,
               person->dn);
  return FLOE_LDAP_REFUSED;
}

static FloeLdapGroup *
read_sid (Walk *walk, LDAP *ld, LDAPMessage *entry)
{
  const FloeLdapSettings *settings = walk->call->settings;
  g_autofree gchar *name = NULL;
  g_autofree gchar *dn = NULL;
  g_autofree gchar *plain = NULL;
  const gchar *const none[] = { NULL };

  if (entry != NULL)
    {
      dn = floe_ldap_read_dn (ld, entry);
      name = floe_ldap_read_text (ld, entry, "sAMAccountName");
    }
  if (dn != NULL && name != NULL)
    plain = floe_ldap_group_named (name, dn, settings->group_base);
  return floe_ldap_group_new ((const gchar *const[]){ plain, NULL }, none);
}

static FloeLdapGroup *
read_named (Walk *walk, const gchar *dn, LDAP *ld, LDAPMessage *entry)
{
  const FloeLdapSettings *settings = walk->call->settings;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) parents = g_ptr_array_new_with_free_func (g_free);
  gchar *plain = floe_ldap_group_name (dn, settings->group_base);
  gchar *id = entry != NULL ? floe_ldap_read_first (ld, entry, settings->group_id_attribute,
                                                    floe_ldap_group_id)
                            : NULL;

  if (plain != NULL)
    g_ptr_array_add (names, plain);
  if (id != NULL)
    g_ptr_array_add (names, id);
  if (entry != NULL && floe_ldap_profile_find (settings->profile)->nested)
    floe_ldap_read_texts (ld, entry, settings->group_attribute, parents);
  g_ptr_array_add (names, NULL);
  g_ptr_array_add (parents, NULL);
  return floe_ldap_group_new ((const gchar *const *)names->pdata,
                              (const gchar *const *)parents->pdata);
}

static void
take (Walk *walk, const gchar *asked, LDAPMessage *result)
{
  LDAP *ld = floe_ldap_handle_get (walk->call->service);
  LDAPMessage *entry = result != NULL ? ldap_first_entry (ld, result) : NULL;
  g_autofree gchar *key = key_of (walk, asked);
  g_autoptr (FloeLdapGroup) group =
      walk->by_sid ? read_sid (walk, ld, entry) : read_named (walk, asked, ld, entry);
  guint seconds = !walk->by_sid ? DN_SECONDS : entry != NULL ? SID_SECONDS : LOST_SECONDS;

  floe_ldap_group_cache_put (walk->call->cache, key, group, seconds);
  add_group (walk, group);
}

static void
send_batch (Walk *walk, gpointer *asked, guint n, gint *ids)
{
  const FloeLdapSettings *settings = walk->call->settings;
  const gchar *const of_sid[] = { "sAMAccountName", NULL };
  const gchar *const of_dn[] = { settings->group_id_attribute, settings->group_attribute, NULL };

  for (guint i = 0; i < n; i++)
    {
      g_autofree gchar *base =
          walk->by_sid ? g_strdup_printf ("<SID=%s>", (gchar *)asked[i]) : g_strdup (asked[i]);

      ids[i] = send_base (walk->call, base, walk->by_sid ? of_sid : of_dn);
    }
  walk->call->round_trips++;
}

static FloeLdapVerdict
ask (Walk *walk, GPtrArray *asked, GError **error)
{
  for (guint first = 0; first < asked->len; first += BATCH)
    {
      guint n = MIN (BATCH, asked->len - first);
      gint ids[BATCH];

      send_batch (walk, asked->pdata + first, n, ids);
      for (guint i = 0; i < n; i++)
        {
          g_autoptr (FloeLdapMessage) result = NULL;
          FloeLdapVerdict verdict = receive_base (walk->call, ids[i], &result, error);

          if (verdict != FLOE_LDAP_FINE)
            return verdict;
          take (walk, asked->pdata[first + i], result);
        }
    }
  return FLOE_LDAP_FINE;
}

/* Adds the names of the groups that were met, and meets those that they are in. */
static FloeLdapVerdict
climb (Walk *walk, GError **error)
{
  g_autoptr (GPtrArray) level = g_steal_pointer (&walk->level);
  g_autoptr (GPtrArray) asked = g_ptr_array_new ();

  walk->level = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < level->len; i++)
    {
      g_autofree gchar *key = key_of (walk, level->pdata[i]);
      g_autoptr (FloeLdapGroup) known = floe_ldap_group_cache_find (walk->call->cache, key);

      if (known != NULL)
        add_group (walk, known);
      else
        g_ptr_array_add (asked, level->pdata[i]);
    }
  return ask (walk, asked, error);
}

static FloeLdapVerdict
walk_up (Walk *walk, const FloeLdapPerson *person, GError **error)
{
  FloeLdapVerdict verdict = FLOE_LDAP_FINE;

  if (walk->by_sid)
    verdict = read_tokens (walk, person, error);
  for (guint i = 0; person->groups[i] != NULL; i++)
    meet (walk, person->groups[i]);
  for (guint depth = 0; verdict == FLOE_LDAP_FINE && walk->level->len > 0; depth++)
    {
      if (depth == FLOE_LDAP_DEPTH_MAX)
        {
          walk->call->cut = TRUE;
          break;
        }
      verdict = climb (walk, error);
    }
  return verdict;
}

static gint
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar *const *)a, *(const gchar *const *)b);
}

static GStrv
sorted_names (GHashTable *names)
{
  guint n;
  g_autofree gpointer *keys = g_hash_table_get_keys_as_array (names, &n);

  qsort (keys, n, sizeof *keys, compare_texts);
  return g_strdupv ((GStrv)keys);
}

/**
 * floe_ldap_membership_read:
 * @self: the question
 * @person: whose groups
 * @groups: (out) (transfer full): as #FloeUser has them, in order
 *
 * Finds all groups of somebody, those inside of groups included. Groups in a circle are met once
 * each, and both their number and how deep they lie are bounded: beyond that somebody has fewer
 * rights, not more. Blocks.
 */
FloeLdapVerdict
floe_ldap_membership_read (FloeLdapMembership *self, const FloeLdapPerson *person, GStrv *groups,
                           GError **error)
{
  Walk walk = { .call = self, .by_sid = floe_ldap_settings_reads_tokens (self->settings) };
  FloeLdapVerdict verdict;

  walk.seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  walk.names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  walk.level = g_ptr_array_new_with_free_func (g_free);
  verdict = walk_up (&walk, person, error);
  if (verdict == FLOE_LDAP_FINE)
    *groups = sorted_names (walk.names);
  g_hash_table_unref (walk.seen);
  g_hash_table_unref (walk.names);
  g_ptr_array_unref (walk.level);
  return verdict;
}
