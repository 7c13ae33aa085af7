/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-test-private.h"

#include "directory/ldap-groups.h"
#include "directory/ldap-id.h"
#include "directory/ldap-member-filter.h"
#include "directory/ldap-membership.h"
#include "directory/ldap-profile.h"
#include "directory/ldap-text.h"
#include "directory/ldap-values.h"

#include <string.h>

/* Who comes to be in which group by which other one. What counts is what ldap-membership says; this
 * explains it, slowly, a question a group. */

#define PARENTS_MAX 1000

/* One that is met: the person, or a group. */
typedef struct
{
  gchar *dn;
  guint via; /* by which one; the person is the first, and is there by itself */
  guint depth;
  gboolean primary;
  gchar *name;
  GStrv names;
} Step;

typedef struct
{
  FloeLdapTrial *trial;
  const FloeLdapPerson *person;
  FloeLdapWay way;
  GHashTable *seen; /* folded DNs */
  GPtrArray *steps;
} Paths;

static void
step_free (Step *step)
{
  g_free (step->dn);
  g_free (step->name);
  g_strfreev (step->names);
  g_free (step);
}

static void
path_free (FloeLdapPath *path)
{
  g_free (path->path);
  g_free (path->name);
  g_strfreev (path->names);
  g_free (path);
}

static Step *
meet (Paths *self, const gchar *dn, guint via)
{
  g_autofree gchar *key = g_utf8_casefold (dn, -1);
  const Step *by = via < self->steps->len ? self->steps->pdata[via] : NULL;
  Step *step;

  if (g_hash_table_contains (self->seen, key) || self->steps->len > FLOE_LDAP_GROUPS_MAX
      || (by != NULL && by->depth >= FLOE_LDAP_DEPTH_MAX))
    return NULL;
  g_hash_table_add (self->seen, g_steal_pointer (&key));
  step = g_new0 (Step, 1);
  step->dn = g_strdup (dn);
  step->via = via;
  step->depth = by != NULL ? by->depth + 1 : 0;
  g_ptr_array_add (self->steps, step);
  return step;
}

/* The value of a DN's first component, for people. */
static gchar *
first_value (const gchar *dn)
{
  LDAPDN parsed = NULL;
  gchar *value = NULL;

  ldap_str2dn (dn, &parsed, LDAP_DN_FORMAT_LDAPV3);
  if (parsed != NULL && parsed[0] != NULL && parsed[0][0] != NULL)
    value = g_strndup (parsed[0][0]->la_value.bv_val, parsed[0][0]->la_value.bv_len);
  ldap_dnfree (parsed);
  return value != NULL ? value : g_strdup (dn);
}

static void
take_names (Paths *self, Step *step, LDAPMessage *entry)
{
  const FloeLdapSettings *settings = self->trial->settings;
  LDAP *ld = floe_ldap_handle_get (self->trial->handle);

  if (step->depth == 0)
    {
      step->name = g_strdup (self->person->name);
      return;
    }
  if (entry != NULL && settings->group_name_attribute != NULL)
    step->name = floe_ldap_read_text (ld, entry, settings->group_name_attribute);
  if (step->name == NULL)
    step->name = first_value (step->dn);
  step->names = floe_ldap_group_names (settings, step->dn, ld, entry);
}

static void
meet_all (Paths *self, LDAPMessage *entry, const gchar *attribute, guint via)
{
  LDAP *ld = floe_ldap_handle_get (self->trial->handle);
  g_autoptr (GPtrArray) parents = g_ptr_array_new_with_free_func (g_free);

  floe_ldap_read_texts (ld, entry, attribute, parents);
  for (guint i = 0; i < parents->len; i++)
    meet (self, parents->pdata[i], via);
}

static gchar *
filter_for (Paths *self, guint i)
{
  const gchar *group_filter = self->trial->settings->group_filter;
  Step *step = self->steps->pdata[i];
  gpointer dns[] = { step->dn };

  return i == 0 ? floe_ldap_member_filter_for_person (group_filter, step->dn, self->person->name)
                : floe_ldap_member_filter_for_groups (group_filter, dns, 1);
}

static void
meet_by_member (Paths *self, guint i)
{
  static const gchar *const nothing[] = { LDAP_NO_ATTRS, NULL };
  const FloeLdapSettings *settings = self->trial->settings;
  LDAP *ld = floe_ldap_handle_get (self->trial->handle);
  g_autofree gchar *filter = filter_for (self, i);
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  g_autoptr (FloeLdapMessage) result = NULL;
  LDAPMessage *entry;

  if (filter == NULL)
    return;
  result = floe_ldap_trial_search (self->trial, settings->group_search_base, LDAP_SCOPE_SUBTREE,
                                   filter, nothing, PARENTS_MAX, &reply);
  entry = result != NULL ? ldap_first_entry (ld, result) : NULL;
  for (; entry != NULL; entry = ldap_next_entry (ld, entry))
    {
      g_autofree gchar *group = floe_ldap_read_dn (ld, entry);

      if (group != NULL)
        meet (self, group, i);
    }
}

static gchar *
sid_of (LDAP *ld, LDAPMessage *entry)
{
  struct berval **values = ldap_get_values_len (ld, entry, FLOE_LDAP_SID);
  gchar *sid = values != NULL && values[0] != NULL ? floe_ldap_sid_to_text (values[0]) : NULL;

  ldap_value_free_len (values);
  return sid;
}

/* Active Directory's primary group, which no memberOf names: its SID is the person's with another
 * last part. */
static void
meet_primary (Paths *self, LDAPMessage *entry)
{
  static const gchar *const nothing[] = { LDAP_NO_ATTRS, NULL };
  LDAP *ld = floe_ldap_handle_get (self->trial->handle);
  g_autofree gchar *rid = floe_ldap_read_text (ld, entry, "primaryGroupID");
  g_autofree gchar *sid = sid_of (ld, entry);
  g_autofree gchar *base = NULL;
  g_autofree gchar *dn = NULL;
  g_autoptr (FloeLdapMessage) result = NULL;
  Step *step;

  if (rid == NULL || sid == NULL || strrchr (sid, '-') == NULL)
    return;
  *strrchr (sid, '-') = '\0';
  base = g_strdup_printf ("<SID=%s-%s>", sid, rid);
  result = floe_ldap_trial_read (self->trial, base, nothing);
  dn = result != NULL ? floe_ldap_read_dn (ld, ldap_first_entry (ld, result)) : NULL;
  step = dn != NULL ? meet (self, dn, 0) : NULL;
  if (step != NULL)
    step->primary = TRUE;
}

/* A flat memberOf does not tell by what somebody is in a group: who has them for a member does. */
static void
visit (Paths *self, guint i)
{
  const FloeLdapSettings *settings = self->trial->settings;
  gboolean by_sid = self->way == FLOE_LDAP_WAY_SIDS;
  const gchar *attribute = by_sid ? "memberOf" : settings->group_attribute;
  const gchar *const attributes[] = {
    attribute,     settings->group_id_attribute,   "primaryGroupID",
    FLOE_LDAP_SID, settings->group_name_attribute, /* or NULL */
    NULL
  };
  LDAP *ld = floe_ldap_handle_get (self->trial->handle);
  Step *step = self->steps->pdata[i];
  g_autoptr (FloeLdapMessage) result = floe_ldap_trial_read (self->trial, step->dn, attributes);
  LDAPMessage *entry = result != NULL ? ldap_first_entry (ld, result) : NULL;

  take_names (self, step, entry);
  if (self->way == FLOE_LDAP_WAY_FILTER || !floe_ldap_profile_find (settings->profile)->nested)
    meet_by_member (self, i);
  else if (entry != NULL)
    meet_all (self, entry, attribute, i);
  if (i == 0 && by_sid && entry != NULL)
    meet_primary (self, entry);
}

static gchar *
path_to (Paths *self, guint i)
{
  const Step *step = self->steps->pdata[i];
  g_autofree gchar *before = NULL;

  if (i == 0)
    return g_strdup (step->name);
  before = path_to (self, step->via); /* no deeper than FLOE_LDAP_DEPTH_MAX */
  return g_strconcat (before, " → ", step->name, step->primary ? " (primary group)" : NULL, NULL);
}

static FloeLdapPath *
path_new (Paths *self, guint i)
{
  const Step *step = self->steps->pdata[i];
  FloeLdapPath *path = g_new0 (FloeLdapPath, 1);

  path->path = path_to (self, i);
  path->name = g_strdup (step->name);
  path->names = g_strdupv (step->names);
  return path;
}

static void
begin (Paths *self, FloeLdapTrial *trial, const FloeLdapPerson *person, FloeLdapWay way)
{
  self->trial = trial;
  self->person = person;
  self->way = way;
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify)step_free);
  meet (self, person->dn, 0);
}

static void
end (Paths *self)
{
  g_hash_table_unref (self->seen);
  g_ptr_array_unref (self->steps);
}

/**
 * floe_ldap_paths_read:
 * @trial: with a connection
 * @person: whose groups
 *
 * Returns: (transfer full) (element-type FloeLdapPath): the shortest way to each group that can be
 *   explained, in their order from the person; each group once, also where groups are in a circle
 */
GPtrArray *
floe_ldap_paths_read (FloeLdapTrial *trial, const FloeLdapPerson *person)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func ((GDestroyNotify)path_free);
  Paths self;

  begin (&self, trial, person, floe_ldap_membership_way (trial->settings, person));
  for (guint i = 0; i < self.steps->len; i++)
    {
      visit (&self, i);
      if (i > 0)
        g_ptr_array_add (paths, path_new (&self, i));
    }
  end (&self);
  return paths;
}

/**
 * floe_ldap_paths_read_members:
 * @trial: with a connection
 * @person: whose groups
 *
 * Returns: (transfer full) (element-type FloeLdapPath): the groups that a search by group_filter
 *   finds for @person, without those that they are in
 */
GPtrArray *
floe_ldap_paths_read_members (FloeLdapTrial *trial, const FloeLdapPerson *person)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func ((GDestroyNotify)path_free);
  guint n;
  Paths self;

  begin (&self, trial, person, FLOE_LDAP_WAY_FILTER);
  visit (&self, 0);
  n = self.steps->len;
  for (guint i = 1; i < n; i++)
    {
      visit (&self, i);
      g_ptr_array_add (paths, path_new (&self, i));
    }
  end (&self);
  return paths;
}
