/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-walk.h"

#include "core/error.h"
#include "directory/ldap-groups.h"
#include "directory/ldap-member-filter.h"
#include "directory/ldap-values.h"

/* So many groups that nobody knows yet are asked about in one search, where each by itself would be
 * too many. */
#define BUNCH 64

/* What servers show of a long list at once; some show 500 entries at most. */
#define PAGE 250

/* One search of a level. */
typedef struct
{
  gchar *filter;
  const gchar *group; /* whose answer it is, or NULL for that of several */
  gint id;
} Question;

static void
question_free (Question *question)
{
  g_free (question->filter);
  g_free (question);
}

static gboolean
is_withheld (gint code)
{
  return code == LDAP_NO_SUCH_OBJECT || code == LDAP_INSUFFICIENT_ACCESS;
}

/* Where nobody asked for it, a search that the directory does not grant finds nothing. One that is
 * too much for the server says nothing about whether the server is there. */
static FloeLdapVerdict
judge (FloeLdapWalk *walk, const FloeLdapReply *reply, GError **error)
{
  const FloeLdapSettings *settings = walk->call->settings;
  FloeLdapVerdict verdict;

  walk->call->code = reply->code;
  if (is_withheld (reply->code) && g_str_equal (settings->groups_by, FLOE_LDAP_GROUPS_AUTO))
    return FLOE_LDAP_FINE;
  if (reply->code == LDAP_TIMELIMIT_EXCEEDED || reply->code == LDAP_ADMINLIMIT_EXCEEDED)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL,
                   "the search for groups below \"%s\" is too much for the server: what "
                   "group_filter compares needs an index",
                   settings->group_search_base);
      return FLOE_LDAP_REFUSED;
    }
  verdict = floe_ldap_judge (FLOE_LDAP_SEARCH, reply, error);
  if (verdict == FLOE_LDAP_REFUSED && reply->code >= 0)
    g_prefix_error (error, "groups below \"%s\": ", settings->group_search_base);
  return verdict;
}

static void
read_entries (FloeLdapWalk *walk, LDAPMessage *result, GPtrArray *found)
{
  LDAP *ld = floe_ldap_handle_get (walk->call->service);

  for (LDAPMessage *entry = ldap_first_entry (ld, result); entry != NULL;
       entry = ldap_next_entry (ld, entry))
    {
      g_autofree gchar *dn = floe_ldap_read_dn (ld, entry);
      g_auto (GStrv) names = NULL;

      if (dn == NULL)
        continue;
      names = floe_ldap_group_names (walk->call->settings, dn, ld, entry);
      g_ptr_array_add (found, floe_ldap_parent_new (dn, (const gchar *const *)names));
    }
}

static gint
send_list (FloeLdapWalk *walk, const gchar *filter, gint page, struct berval *cookie)
{
  const FloeLdapSettings *settings = walk->call->settings;
  const gchar *const attributes[] = { settings->group_id_attribute,
                                      settings->group_name_attribute, /* or NULL */
                                      NULL };

  return floe_ldap_handle_send_list (walk->call->service, settings->group_search_base, filter,
                                     attributes, page, cookie);
}

static FloeLdapVerdict
receive (FloeLdapWalk *walk, gint id, FloeLdapMessage **result, GPtrArray *found, GError **error)
{
  FloeLdapLimit limit = floe_ldap_walk_limit (walk);
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  FloeLdapVerdict verdict;

  if (id < 0)
    reply.code = id;
  else
    *result = floe_ldap_handle_receive (walk->call->service, id, &limit, &reply);
  verdict = judge (walk, &reply, error);
  if (verdict == FLOE_LDAP_FINE)
    read_entries (walk, *result, found);
  return verdict;
}

/* more: (out): there is another page */
static FloeLdapVerdict
read_page (FloeLdapWalk *walk, const gchar *filter, struct berval *cookie, gboolean *more,
           GPtrArray *found, GError **error)
{
  FloeLdapMembership *call = walk->call;
  g_autoptr (FloeLdapMessage) result = NULL;
  FloeLdapVerdict verdict;

  call->round_trips++;
  verdict = receive (walk, send_list (walk, filter, PAGE, cookie), &result, found, error);
  if (verdict != FLOE_LDAP_FINE)
    return verdict;
  *more = floe_ldap_handle_read_cookie (call->service, result, cookie);
  call->cut |= call->code == LDAP_SIZELIMIT_EXCEEDED;
  return FLOE_LDAP_FINE;
}

static FloeLdapVerdict
read_pages (FloeLdapWalk *walk, const gchar *filter, GPtrArray *found, GError **error)
{
  FloeLdapVerdict verdict = FLOE_LDAP_FINE;
  struct berval cookie = { 0, NULL };
  gboolean more = TRUE;

  while (verdict == FLOE_LDAP_FINE && more && found->len <= FLOE_LDAP_GROUPS_MAX)
    verdict = read_page (walk, filter, &cookie, &more, found, error);
  walk->call->cut |= more;
  ber_memfree (cookie.bv_val);
  return verdict;
}

static FloeLdapVerdict
receive_all (FloeLdapWalk *walk, gint id, const gchar *filter, GPtrArray *found, GError **error)
{
  g_autoptr (FloeLdapMessage) result = NULL;
  FloeLdapVerdict verdict = receive (walk, id, &result, found, error);

  if (verdict != FLOE_LDAP_FINE || walk->call->code != LDAP_SIZELIMIT_EXCEEDED)
    return verdict;
  g_ptr_array_set_size (found, 0);
  return read_pages (walk, filter, found, error);
}

static GPtrArray *
parents_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)floe_ldap_parent_free);
}

/**
 * floe_ldap_group_search_person:
 *
 * Meets the groups that have @person for a member.
 */
FloeLdapVerdict
floe_ldap_group_search_person (FloeLdapWalk *walk, const FloeLdapPerson *person, GError **error)
{
  g_autofree gchar *filter = floe_ldap_member_filter_for_person (walk->call->settings->group_filter,
                                                                 person->dn, person->name);
  g_autoptr (GPtrArray) found = parents_new ();
  FloeLdapVerdict verdict;

  walk->call->round_trips++;
  verdict = receive_all (walk, send_list (walk, filter, 0, NULL), filter, found, error);
  if (verdict == FLOE_LDAP_FINE)
    floe_ldap_walk_meet_all (walk, found);
  return verdict;
}

/* Few groups are asked about one by one, since so much can be kept for the next person; all at once
 * on the way, so that it takes no longer. */
static GPtrArray *
questions_for (FloeLdapWalk *walk, GPtrArray *asked)
{
  GPtrArray *questions = g_ptr_array_new_with_free_func ((GDestroyNotify)question_free);
  guint size = asked->len <= FLOE_LDAP_BATCH ? 1 : BUNCH;

  for (guint first = 0; first < asked->len; first += size)
    {
      guint n = MIN (size, asked->len - first);
      gchar *filter = floe_ldap_member_filter_for_groups (walk->call->settings->group_filter,
                                                          asked->pdata + first, n);
      Question *question;

      if (filter == NULL)
        break;
      question = g_new0 (Question, 1);
      question->filter = filter;
      question->group = size == 1 ? asked->pdata[first] : NULL;
      g_ptr_array_add (questions, question);
    }
  return questions;
}

static FloeLdapVerdict
take (FloeLdapWalk *walk, const Question *question, GError **error)
{
  static const gchar *const none[] = { NULL };
  g_autoptr (GPtrArray) found = parents_new ();
  FloeLdapVerdict verdict = receive_all (walk, question->id, question->filter, found, error);

  if (verdict == FLOE_LDAP_FINE && question->group == NULL)
    floe_ldap_walk_meet_all (walk, found);
  else if (verdict == FLOE_LDAP_FINE)
    {
      g_autoptr (FloeLdapGroup) told = floe_ldap_group_new (none, g_steal_pointer (&found));

      floe_ldap_walk_learn (walk, question->group, told, FLOE_LDAP_DN_SECONDS);
    }
  return verdict;
}

/**
 * floe_ldap_group_search_level:
 * @asked: (element-type utf8): DNs of groups
 *
 * Meets the groups that have any of these for a member.
 */
FloeLdapVerdict
floe_ldap_group_search_level (FloeLdapWalk *walk, GPtrArray *asked, GError **error)
{
  g_autoptr (GPtrArray) questions = questions_for (walk, asked);

  for (guint first = 0; first < questions->len; first += FLOE_LDAP_BATCH)
    {
      guint end = MIN (first + FLOE_LDAP_BATCH, questions->len);

      for (guint i = first; i < end; i++)
        {
          Question *question = questions->pdata[i];

          question->id = send_list (walk, question->filter, 0, NULL);
        }
      walk->call->round_trips++;
      for (guint i = first; i < end; i++)
        {
          FloeLdapVerdict verdict = take (walk, questions->pdata[i], error);

          if (verdict == FLOE_LDAP_FINE)
            continue;
          if (i + 1 < end) /* answers that nobody takes are still to come */
            floe_ldap_handle_spoil (walk->call->service);
          return verdict;
        }
    }
  return FLOE_LDAP_FINE;
}
