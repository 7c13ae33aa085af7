/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-test-private.h"

#include "directory/ldap-groups.h"
#include "directory/ldap-id.h"
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
  GPtrArray *names;
} Step;

typedef struct
{
  FloeLdapTrial *trial;
  GHashTable *seen; /* folded DNs */
  GPtrArray *steps;
} Paths;

static void
step_free (Step *step)
{
  g_free (step->dn);
  g_free (step->name);
  g_ptr_array_unref (step->names);
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
  step->names = g_ptr_array_new_with_free_func (g_free);
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
  gboolean by_sid = floe_ldap_settings_reads_tokens (settings);
  g_autofree gchar *account =
      by_sid && entry != NULL ? floe_ldap_read_text (ld, entry, "sAMAccountName") : NULL;
  gchar *plain = NULL, *id = NULL;

  step->name = account != NULL ? g_strdup (account) : first_value (step->dn);
  if (!by_sid)
    plain = floe_ldap_group_name (step->dn, settings->group_base);
  else if (account != NULL)
    plain = floe_ldap_group_named (account, step->dn, settings->group_base);
  if (entry != NULL)
    id = floe_ldap_read_first (ld, entry, settings->group_id_attribute, floe_ldap_group_id);
  if (plain != NULL)
    g_ptr_array_add (step->names, plain);
  if (id != NULL)
    g_ptr_array_add (step->names, id);
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

/* Where memberOf is flat it does not tell by what: who has them for a member does. */
static void
meet_by_member (Paths *self, const gchar *dn, guint via)
{
  static const gchar *const nothing[] = { LDAP_NO_ATTRS, NULL };
  const FloeLdapSettings *settings = self->trial->settings;
  const gchar *base = settings->group_base != NULL ? settings->group_base : settings->base;
  LDAP *ld = floe_ldap_handle_get (self->trial->handle);
  g_autofree gchar *filter = floe_ldap_filter_for_name ("(member=%s)", dn);
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  g_autoptr (FloeLdapMessage) result = NULL;
  LDAPMessage *entry;

  if (filter == NULL)
    return;
  result = floe_ldap_trial_search (self->trial, base, LDAP_SCOPE_SUBTREE, filter, nothing,
                                   PARENTS_MAX, &reply);
  entry = result != NULL ? ldap_first_entry (ld, result) : NULL;
  for (; entry != NULL; entry = ldap_next_entry (ld, entry))
    {
      g_autofree gchar *group = floe_ldap_read_dn (ld, entry);

      if (group != NULL)
        meet (self, group, via);
    }
}

static gchar *
sid_of (LDAP *ld, LDAPMessage *entry)
{
  struct berval **values = ldap_get_values_len (ld, entry, "objectSid");
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

static void
visit (Paths *self, guint i)
{
  const FloeLdapSettings *settings = self->trial->settings;
  gboolean by_sid = floe_ldap_settings_reads_tokens (settings);
  const gchar *attribute = by_sid ? "memberOf" : settings->group_attribute;
  const gchar *const attributes[] = { attribute,        settings->group_id_attribute,
                                      "sAMAccountName", "primaryGroupID",
                                      "objectSid",      NULL };
  LDAP *ld = floe_ldap_handle_get (self->trial->handle);
  Step *step = self->steps->pdata[i];
  g_autoptr (FloeLdapMessage) result = floe_ldap_trial_read (self->trial, step->dn, attributes);
  LDAPMessage *entry = result != NULL ? ldap_first_entry (ld, result) : NULL;

  take_names (self, step, entry);
  if (!floe_ldap_profile_find (settings->profile)->nested)
    meet_by_member (self, step->dn, i);
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
  Step *step = self->steps->pdata[i];
  FloeLdapPath *path = g_new0 (FloeLdapPath, 1);

  g_ptr_array_add (step->names, NULL);
  path->path = path_to (self, i);
  path->name = g_strdup (step->name);
  path->names = g_strdupv ((GStrv)step->names->pdata);
  return path;
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
  Paths self = { .trial = trial };
  GPtrArray *paths = g_ptr_array_new_with_free_func ((GDestroyNotify)path_free);

  self.seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self.steps = g_ptr_array_new_with_free_func ((GDestroyNotify)step_free);
  meet (&self, person->dn, 0);
  for (guint i = 0; i < self.steps->len; i++)
    {
      visit (&self, i);
      if (i > 0)
        g_ptr_array_add (paths, path_new (&self, i));
    }
  g_hash_table_unref (self.seen);
  g_ptr_array_unref (self.steps);
  return paths;
}
