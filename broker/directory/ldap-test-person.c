/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-test-private.h"

#include "core/pool.h"
#include "directory/ldap-group-cache.h"
#include "directory/ldap-membership.h"
#include "directory/ldap-name.h"
#include "directory/ldap-standing.h"
#include "directory/ldap-text.h"
#include "directory/ldap-values.h"

#include <string.h>

/* --- who it is ---------------------------------------------------------------------------------*/

static void
tell_several (FloeLdapTrial *self, LDAPMessage *result)
{
  LDAP *ld = floe_ldap_handle_get (self->handle);
  LDAPMessage *entry = ldap_first_entry (ld, result);
  g_autofree gchar *one = floe_ldap_read_dn (ld, entry);
  g_autofree gchar *other = floe_ldap_read_dn (ld, ldap_next_entry (ld, entry));

  floe_report_wrong (self->report,
                     "[directory] base or user_filter, so that one is found; or rename one",
                     "several people are called \"%s\": %s, %s", self->test->user, one, other);
}

static FloeLdapPerson *
take_person (FloeLdapTrial *self, LDAPMessage *result)
{
  LDAP *ld = floe_ldap_handle_get (self->handle);
  gint n = ldap_count_entries (ld, result);
  g_autoptr (GError) error = NULL;
  FloeLdapPerson *person = NULL;

  if (n == 0)
    floe_report_wrong (self->report,
                       "[directory] base, user_filter or profile if there is somebody of "
                       "that name, and what the service account may read",
                       "nobody is called \"%s\"", self->test->user);
  else if (n > 1)
    tell_several (self, result);
  else
    {
      person = floe_ldap_person_new (self->settings, ld, ldap_first_entry (ld, result), &error);
      if (person == NULL)
        floe_report_wrong (self->report,
                           "[directory] id_attribute or name_attribute, or let the service "
                           "account read them",
                           "%s", error->message);
    }
  return person;
}

static gboolean
is_disabled_by_filter (FloeLdapTrial *self, const gchar *filter)
{
  static const gchar *const nothing[] = { LDAP_NO_ATTRS, NULL };
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  g_autofree gchar *both = NULL;
  g_autoptr (FloeLdapMessage) result = NULL;

  if (self->settings->disabled_filter == NULL)
    return FALSE;
  both = floe_ldap_filter_and (filter, self->settings->disabled_filter);
  result = floe_ldap_trial_search (self, self->settings->base, LDAP_SCOPE_SUBTREE, both, nothing, 1,
                                   &reply);
  return result != NULL && ldap_count_entries (floe_ldap_handle_get (self->handle), result) > 0;
}

static FloeLdapPerson *
search (FloeLdapTrial *self, const gchar *filter)
{
  g_autofree const gchar **attributes =
      floe_ldap_person_attributes (self->settings, FLOE_LDAP_PROOF_PASSWORD);
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  g_autoptr (FloeLdapMessage) result = floe_ldap_trial_search (
      self, self->settings->base, LDAP_SCOPE_SUBTREE, filter, attributes, 2, &reply);
  g_autoptr (GError) error = NULL;
  FloeLdapPerson *person;

  if (result == NULL || floe_ldap_judge (FLOE_LDAP_SEARCH, &reply, &error) != FLOE_LDAP_FINE)
    {
      floe_report_wrong (self->report, "[directory] base; what the service account may read",
                         "the search below %s fails: %s", self->settings->base,
                         ldap_err2string (reply.code));
      return NULL;
    }
  person = take_person (self, result);
  if (person != NULL)
    person->account.disabled |= is_disabled_by_filter (self, filter);
  return person;
}

static FloeLdapPerson *
find_person (FloeLdapTrial *self)
{
  const FloeLdapSettings *settings = self->settings;
  const gchar *typed = self->test->user;
  g_autoptr (FloeLdapName) name =
      floe_ldap_name_is_acceptable (typed)
          ? floe_ldap_name_new (typed, (const gchar *const *)settings->domains)
          : NULL;
  g_autofree gchar *filter = NULL;
  FloeLdapPerson *person;

  if (name == NULL)
    {
      floe_report_wrong (self->report, "another name",
                         "\"%s\" is no name that a server is asked for", typed);
      return NULL;
    }
  filter = floe_ldap_filter_for_either (settings->user_filter, name->user, name->whole);
  floe_report_ok (self->report, "search for \"%s\": %s", typed, filter);
  person = search (self, filter);
  if (person != NULL)
    floe_report_ok (self->report, "\"%s\" is %s, %s, id %s", person->name, person->dn,
                    person->display_name != NULL ? person->display_name : "no name to show",
                    person->id);
  return person;
}

/* --- the account -------------------------------------------------------------------------------*/

static void
tell_end_of_password (FloeLdapTrial *self, gint64 ends)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (ends);
  g_autofree gchar *text = time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M UTC") : NULL;

  if (text == NULL)
    return;
  if (ends < g_get_real_time () / G_USEC_PER_SEC)
    floe_report_warn (self->report, "they change it at their next log-in",
                      "the password has expired on %s", text);
  else
    floe_report_ok (self->report, "the password expires on %s", text);
}

/* What does not keep people out for good. */
static void
tell_passing (FloeLdapTrial *self, const gchar *reason)
{
  static const struct
  {
    const gchar *reason;
    const gchar *words;
    const gchar *mend;
  } known[] = {
    { "locked", "the account was locked by wrong passwords",
      "wait, or unlock the account in the directory" },
    { "not-now", "the account may not be used at this hour", "its log-on hours in the directory" },
    { "not-here", "the account may not be used from this server, where the broker tries passwords",
      "its log-on workstations in the directory" },
    { "must-change", "the account may be used, but its password has to be changed first",
      "they change it at their next log-in" },
    { "expired", "the account may be used, but its password has expired",
      "they change it at their next log-in" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i].reason, reason))
      floe_report_warn (self->report, known[i].mend, "%s", known[i].words);
}

static FloeStanding *
read_standing (FloeLdapTrial *self, const FloeLdapPerson *person)
{
  gint64 wait = 4 * (gint64)self->settings->operation_timeout * G_USEC_PER_SEC;
  const FloeLdapCall call = { .settings = self->settings,
                              .handle = self->handle,
                              .until = g_get_monotonic_time () + wait };
  g_autoptr (GError) error = NULL;
  FloeStanding *standing = NULL;

  if (floe_ldap_standing_read (&call, person, &standing, &error) != FLOE_LDAP_FINE)
    floe_report_wrong (self->report, "let the service account read it",
                       "how the account stands cannot be read: %s", error->message);
  return standing;
}

static void
tell_account (FloeLdapTrial *self, const FloeLdapPerson *person)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeStanding) standing = read_standing (self, person);
  const gchar *over = NULL;

  if (standing == NULL)
    return;
  if (!floe_ldap_account_check (&person->account, FLOE_LDAP_PROOF_NONE, &error))
    over = error->message;
  else if (floe_standing_has (standing, "account-expired")) /* which the server itself heeds */
    over = floe_standing_words ("account-expired");
  if (over != NULL)
    floe_report_wrong (self->report,
                       "nothing if that is meant; else the account in the directory, or "
                       "[directory] disabled_filter",
                       "%s, so nobody logs in with it", over);
  else if (standing->reasons[0] == NULL)
    floe_report_ok (self->report, "the account may be used");
  for (guint i = 0; standing->reasons[i] != NULL; i++)
    tell_passing (self, standing->reasons[i]);
  if (standing->user->password_expires > 0 && !floe_standing_has (standing, "must-change")
      && !floe_standing_has (standing, "expired"))
    tell_end_of_password (self, standing->user->password_expires / G_USEC_PER_SEC);
}

/* --- groups, roles, pools ----------------------------------------------------------------------*/

static FloeUser *
read_user (FloeLdapTrial *self, const FloeLdapPerson *person)
{
  g_autoptr (FloeLdapGroupCache) cache = floe_ldap_group_cache_new (g_get_monotonic_time);
  gint64 wait = 4 * (gint64)self->settings->operation_timeout * G_USEC_PER_SEC;
  FloeLdapMembership call = { .settings = self->settings,
                              .cache = cache,
                              .service = self->handle,
                              .until = g_get_monotonic_time () + wait };
  g_auto (GStrv) groups = NULL;
  g_autoptr (GError) error = NULL;

  if (floe_ldap_membership_read (&call, person, &groups, &error) != FLOE_LDAP_FINE)
    {
      floe_report_wrong (self->report,
                         "[directory] groups_by, group_base, group_filter or group_attribute, or "
                         "what the service account may read",
                         "no groups: %s", error->message);
      return NULL;
    }
  if (call.cut)
    floe_report_warn (self->report, "fewer groups, or less deep ones",
                      "there are more than %d groups, or more than the server shows, or some lie "
                      "deeper than %d; the rest does not count",
                      FLOE_LDAP_GROUPS_MAX, FLOE_LDAP_DEPTH_MAX);
  return floe_user_new (person->id, person->name, person->display_name,
                        (const gchar *const *)groups);
}

static gboolean
counts (const FloeUser *user, const FloeLdapPath *path)
{
  for (guint i = 0; path->names[i] != NULL; i++)
    if (g_strv_contains ((const gchar *const *)user->groups, path->names[i]))
      return TRUE;
  return FALSE;
}

/* As pools and roles name it: beside others a further directory's groups carry its name. */
static gchar *
names_of (FloeLdapTrial *self, const FloeLdapPath *path)
{
  g_autofree gchar *prefix =
      self->test->section != NULL ? g_strconcat (self->test->section, ":", NULL) : g_strdup ("");
  g_autofree gchar *between = g_strconcat (" or ", prefix, NULL);
  g_autofree gchar *names = g_strjoinv (between, path->names);

  return g_strconcat (prefix, names, NULL);
}

static void
tell_path (FloeLdapTrial *self, const FloeUser *user, const FloeLdapPath *path)
{
  g_autofree gchar *names = names_of (self, path);

  if (counts (user, path))
    floe_report_ok (self->report, "group %s: %s; pools and roles name it %s", path->name,
                    path->path, names);
  else
    floe_report_warn (self->report,
                      "[directory] group_base and group_id_attribute, and what the service "
                      "account may read",
                      "group %s: %s; it does not count, since nothing can name it", path->name,
                      path->path);
}

/* What counts without anybody being able to say why: groups of which only the id is told. */
static void
tell_unexplained (FloeLdapTrial *self, const FloeUser *user, GPtrArray *paths)
{
  g_autoptr (GHashTable) explained = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < paths->len; i++)
    {
      const FloeLdapPath *path = paths->pdata[i];

      for (guint j = 0; path->names[j] != NULL; j++)
        g_hash_table_add (explained, path->names[j]);
    }
  for (guint i = 0; user->groups[i] != NULL; i++)
    if (!g_hash_table_contains (explained, user->groups[i]))
      floe_report_ok (self->report, "group %s: the way to it is not told", user->groups[i]);
}

static void
tell_way (FloeLdapTrial *self, FloeLdapWay way)
{
  const FloeLdapSettings *settings = self->settings;

  if (way == FLOE_LDAP_WAY_FILTER)
    floe_report_ok (self->report, "groups are searched below %s by members: %s",
                    settings->group_search_base, settings->group_filter);
  else
    floe_report_ok (self->report, "groups are those that %s names", settings->group_attribute);
}

/* Where both ways are open, and the entry names some groups only: those that were made before the
 * directory kept its attribute, or of a kind that it does not look at. */
static void
tell_left_out (FloeLdapTrial *self, const FloeLdapPerson *person, const FloeUser *user)
{
  g_autoptr (GPtrArray) paths = floe_ldap_paths_read_members (self, person);

  for (guint i = 0; i < paths->len; i++)
    {
      const FloeLdapPath *path = paths->pdata[i];

      if (path->names[0] != NULL && !counts (user, path))
        floe_report_warn (self->report,
                          "[directory] groups_by = filter, which counts it, at the cost of a "
                          "search with every log-in",
                          "group %s has \"%s\" for a member, but is not in %s; it does not count",
                          path->name, person->name, self->settings->group_attribute);
    }
}

static void
tell_groups (FloeLdapTrial *self, const FloeLdapPerson *person, const FloeUser *user)
{
  g_autoptr (GPtrArray) paths = floe_ldap_paths_read (self, person);
  FloeLdapWay way = floe_ldap_membership_way (self->settings, person);

  tell_way (self, way);
  if (user->groups[0] == NULL && paths->len == 0)
    floe_report_warn (self->report,
                      way == FLOE_LDAP_WAY_FILTER
                          ? "[directory] group_base and group_filter; what the service account "
                            "may read"
                          : "[directory] group_attribute, or groups_by = filter; what the service "
                            "account may read",
                      "\"%s\" is in no group", person->name);
  for (guint i = 0; i < paths->len; i++)
    tell_path (self, user, paths->pdata[i]);
  tell_unexplained (self, user, paths);
  if (way == FLOE_LDAP_WAY_ATTRIBUTE
      && g_str_equal (self->settings->groups_by, FLOE_LDAP_GROUPS_AUTO))
    tell_left_out (self, person, user);
}

static void
tell_roles (FloeLdapTrial *self, const FloeUser *user)
{
  FloeRole roles = self->test->roles != NULL ? floe_role_groups_find (self->test->roles, user) : 0;
  g_auto (GStrv) list = floe_role_list (roles);
  g_autofree gchar *text = g_strjoinv (", ", list);

  floe_report_ok (self->report, "roles: %s", text);
}

/* By what a pool is somebody's. */
static gchar *
reason_of (const FloePool *pool, const FloeUser *user)
{
  for (guint i = 0; pool->groups != NULL && pool->groups[i] != NULL; i++)
    if (floe_user_in_group (user, floe_pool_get_key (pool, pool->groups[i])))
      return g_strdup_printf ("as one of %s", pool->groups[i]);
  return g_strdup ("by name");
}

static void
tell_pools (FloeLdapTrial *self, const FloeUser *user)
{
  GPtrArray *pools = self->test->pools;
  guint n = 0;

  if (pools == NULL)
    {
      floe_report_ok (self->report, "pools: not looked at: %s",
                      self->test->pools_problem != NULL ? self->test->pools_problem
                                                        : "there is no store");
      return;
    }
  for (guint i = 0; i < pools->len; i++)
    {
      const FloePool *pool = pools->pdata[i];
      g_autofree gchar *reason = NULL;

      if (floe_user_in_any_group (user, pool->helpdesk_groups))
        floe_report_ok (self->report, "pool %s: helpdesk", pool->name);
      if (!floe_pool_entitles (pool, user))
        continue;
      reason = reason_of (pool, user);
      floe_report_ok (self->report, "pool %s: entitled %s%s", pool->name, reason,
                      pool->closed ? ", but it is closed" : "");
      n++;
    }
  if (n == 0)
    floe_report_warn (self->report, "the groups or users of a pool, by floectl pool apply",
                      "\"%s\" is entitled to none of %u pools", user->name, pools->len);
}

/* A server whose data is another's. */
static void
tell_other (FloeLdapTrial *self, const FloeLdapPerson *person)
{
  if (g_str_equal (self->found_id, person->id))
    floe_report_ok (self->report, "that is who the servers before have, too");
  else
    floe_report_wrong (self->report, "[directory] uris: servers of one directory only",
                       "a server before had somebody else: id %s", self->found_id);
}

/**
 * floe_ldap_trial_person:
 *
 * Everything about the person at the first server that has them; at the others only whether it is
 * the same one.
 */
void
floe_ldap_trial_person (FloeLdapTrial *self)
{
  g_autoptr (FloeLdapPerson) person = find_person (self);
  g_autoptr (FloeUser) user = NULL;
  g_autoptr (FloeUser) outside = NULL;

  if (person == NULL)
    return;
  if (self->found_id != NULL)
    {
      tell_other (self, person);
      return;
    }
  self->found_id = g_strdup (person->id);
  tell_account (self, person);
  user = read_user (self, person);
  if (user == NULL)
    return;
  tell_groups (self, person, user);
  if (self->test->directories != NULL)
    outside = floe_directories_name_outside (self->test->directories, self->test->nth, user);
  tell_roles (self, outside != NULL ? outside : user);
  tell_pools (self, outside != NULL ? outside : user);
}
