/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-membership.h"

#include "core/error.h"
#include "directory/ldap-groups.h"
#include "directory/ldap-id.h"
#include "directory/ldap-profile.h"
#include "directory/ldap-values.h"
#include "directory/ldap-walk.h"

#define ANYTHING "(objectClass=*)"

/* A SID is never given to another group, so only a new name comes late. */
#define SID_SECONDS  900
#define LOST_SECONDS 300

static gint
send_base (FloeLdapMembership *self, const gchar *dn, const gchar *const *attributes)
{
  return floe_ldap_handle_send_search (self->service, dn, LDAP_SCOPE_BASE, ANYTHING, attributes, 1);
}

/* What a server says of one group that it does not have, or does not show, or has elsewhere, is no
 * trouble; a server that does not answer is. */
static FloeLdapVerdict
receive_base (FloeLdapWalk *walk, gint id, FloeLdapMessage **result, GError **error)
{
  FloeLdapMembership *self = walk->call;
  FloeLdapLimit limit = floe_ldap_walk_limit (walk);
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

static void
add_tokens (FloeLdapWalk *walk, LDAP *ld, LDAPMessage *entry)
{
  struct berval **values = ldap_get_values_len (ld, entry, walk->call->settings->group_attribute);

  for (guint i = 0; values != NULL && values[i] != NULL; i++)
    {
      g_autofree gchar *sid = floe_ldap_sid_to_text (values[i]);
      g_autofree gchar *id = floe_ldap_group_id (FLOE_LDAP_SID, values[i]);
      const gchar *const names[] = { id, NULL };
      const FloeLdapParent parent = { sid, (GStrv)names };

      if (sid != NULL)
        floe_ldap_walk_meet (walk, &parent);
    }
  ldap_value_free_len (values);
}

static FloeLdapVerdict
read_tokens (FloeLdapWalk *walk, const FloeLdapPerson *person, GError **error)
{
  FloeLdapMembership *self = walk->call;
  const gchar *const attributes[] = { self->settings->group_attribute, NULL };
  LDAP *ld = floe_ldap_handle_get (self->service);
  g_autoptr (FloeLdapMessage) result = NULL;
  LDAPMessage *entry = NULL;
  FloeLdapVerdict verdict;

  verdict = receive_base (walk, send_base (self, person->dn, attributes), &result, error);
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

/* A SID has told all groups already; of its entry only the names are of use. */
static FloeLdapGroup *
read_sid (FloeLdapWalk *walk, LDAP *ld, LDAPMessage *entry)
{
  static const gchar *const none[] = { NULL };
  g_autofree gchar *dn = entry != NULL ? floe_ldap_read_dn (ld, entry) : NULL;
  g_auto (GStrv) names = NULL;

  if (dn != NULL)
    names = floe_ldap_group_names (walk->call->settings, dn, ld, entry);
  return floe_ldap_group_new (names != NULL ? (const gchar *const *)names : none,
                              g_ptr_array_new ());
}

static FloeLdapGroup *
read_named (FloeLdapWalk *walk, const gchar *dn, LDAP *ld, LDAPMessage *entry)
{
  const FloeLdapSettings *settings = walk->call->settings;
  g_auto (GStrv) names = floe_ldap_group_names (settings, dn, ld, entry);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *parents = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_ldap_parent_free);

  if (entry != NULL && floe_ldap_profile_find (settings->profile)->nested)
    floe_ldap_read_texts (ld, entry, settings->group_attribute, texts);
  for (guint i = 0; i < texts->len; i++)
    g_ptr_array_add (parents, floe_ldap_parent_new (texts->pdata[i], NULL));
  return floe_ldap_group_new ((const gchar *const *)names, parents);
}

static void
take (FloeLdapWalk *walk, const gchar *asked, LDAPMessage *result)
{
  LDAP *ld = floe_ldap_handle_get (walk->call->service);
  LDAPMessage *entry = result != NULL ? ldap_first_entry (ld, result) : NULL;
  gboolean by_sid = walk->way == FLOE_LDAP_WAY_SIDS;
  g_autoptr (FloeLdapGroup) group =
      by_sid ? read_sid (walk, ld, entry) : read_named (walk, asked, ld, entry);
  guint seconds = !by_sid ? FLOE_LDAP_DN_SECONDS : entry != NULL ? SID_SECONDS : LOST_SECONDS;

  floe_ldap_walk_learn (walk, asked, group, seconds);
}

static void
send_batch (FloeLdapWalk *walk, gpointer *asked, guint n, gint *ids)
{
  const FloeLdapSettings *settings = walk->call->settings;
  gboolean by_sid = walk->way == FLOE_LDAP_WAY_SIDS;
  gboolean id_is_known = by_sid && floe_ldap_group_id_is_sid (settings->group_id_attribute);
  const gchar *attributes[4] = { NULL };
  guint n_attributes = 0;

  if (!id_is_known)
    attributes[n_attributes++] = settings->group_id_attribute;
  if (!by_sid)
    attributes[n_attributes++] = settings->group_attribute;
  if (settings->group_name_attribute != NULL)
    attributes[n_attributes++] = settings->group_name_attribute;
  for (guint i = 0; i < n; i++)
    {
      g_autofree gchar *base =
          by_sid ? g_strdup_printf ("<SID=%s>", (gchar *)asked[i]) : g_strdup (asked[i]);

      ids[i] = send_base (walk->call, base, attributes);
    }
  walk->call->round_trips++;
}

static FloeLdapVerdict
ask (FloeLdapWalk *walk, GPtrArray *asked, GError **error)
{
  for (guint first = 0; first < asked->len; first += FLOE_LDAP_BATCH)
    {
      guint n = MIN (FLOE_LDAP_BATCH, asked->len - first);
      gint ids[FLOE_LDAP_BATCH];

      send_batch (walk, asked->pdata + first, n, ids);
      for (guint i = 0; i < n; i++)
        {
          g_autoptr (FloeLdapMessage) result = NULL;
          FloeLdapVerdict verdict = receive_base (walk, ids[i], &result, error);

          if (verdict != FLOE_LDAP_FINE)
            return verdict;
          take (walk, asked->pdata[first + i], result);
        }
    }
  return FLOE_LDAP_FINE;
}

/* Adds the names of the groups that were met, and meets those that they are in. */
static FloeLdapVerdict
climb (FloeLdapWalk *walk, GError **error)
{
  g_autoptr (GPtrArray) asked = floe_ldap_walk_rise (walk);

  return walk->way == FLOE_LDAP_WAY_FILTER ? floe_ldap_group_search_level (walk, asked, error)
                                           : ask (walk, asked, error);
}

/* Meets the person's own groups. */
static FloeLdapVerdict
begin (FloeLdapWalk *walk, const FloeLdapPerson *person, GError **error)
{
  if (walk->way == FLOE_LDAP_WAY_SIDS)
    return read_tokens (walk, person, error);
  if (walk->way == FLOE_LDAP_WAY_FILTER)
    return floe_ldap_group_search_person (walk, person, error);
  for (guint i = 0; person->groups[i] != NULL; i++)
    floe_ldap_walk_meet (walk, &(const FloeLdapParent){ person->groups[i], NULL });
  return FLOE_LDAP_FINE;
}

static FloeLdapVerdict
walk_up (FloeLdapWalk *walk, const FloeLdapPerson *person, GError **error)
{
  FloeLdapVerdict verdict = begin (walk, person, error);

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

/**
 * floe_ldap_membership_way:
 *
 * Returns: how the groups of @person are found
 */
FloeLdapWay
floe_ldap_membership_way (const FloeLdapSettings *settings, const FloeLdapPerson *person)
{
  if (floe_ldap_settings_reads_tokens (settings))
    return FLOE_LDAP_WAY_SIDS;
  if (g_str_equal (settings->groups_by, FLOE_LDAP_GROUPS_FILTER))
    return FLOE_LDAP_WAY_FILTER;
  if (g_str_equal (settings->groups_by, FLOE_LDAP_GROUPS_AUTO) && person->groups[0] == NULL)
    return FLOE_LDAP_WAY_FILTER;
  return FLOE_LDAP_WAY_ATTRIBUTE;
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
  g_auto (FloeLdapWalk) walk = { NULL };
  FloeLdapVerdict verdict;

  floe_ldap_walk_init (&walk, self, floe_ldap_membership_way (self->settings, person));
  verdict = walk_up (&walk, person, error);
  if (verdict == FLOE_LDAP_FINE)
    *groups = floe_ldap_walk_sorted_names (&walk);
  return verdict;
}
