/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-named.h"

#include "directory/ldap-groups.h"
#include "directory/ldap-id.h"
#include "directory/ldap-look.h"
#include "directory/ldap-text.h"
#include "directory/ldap-values.h"

/* Two are one too many already. */
#define MOST 20

/* A person or a printer of that name is none; what is a group in a way that nobody has thought of
 * is not found, and its name stands for itself. */
#define GROUPS                                                                                     \
  "(|(objectClass=group)(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)"                \
  "(objectClass=posixGroup)(objectClass=groupOfMembers)(objectClass=ipaUserGroup))"

/* A plain name is that of the entry's first component, unless an attribute has it: then the server
 * can be asked for just those. */
static gchar *
filter_for (const FloeLdapSettings *settings, const gchar *name)
{
  g_autofree gchar *escaped = floe_ldap_filter_escape (name);

  return g_strdup_printf (
      "(&(%s=%s)" GROUPS ")",
      settings->group_name_attribute != NULL ? settings->group_name_attribute : "cn", escaped);
}

static void
add_if_named (const FloeLdapSettings *settings, LDAP *ld, LDAPMessage *entry, const gchar *name,
              GStrvBuilder *ids)
{
  g_autofree gchar *dn = floe_ldap_read_dn (ld, entry);
  g_auto (GStrv) names = dn != NULL ? floe_ldap_group_names (settings, dn, ld, entry) : NULL;

  /* The plain name first, and the id behind it. */
  if (names != NULL && names[0] != NULL && names[1] != NULL && g_str_equal (names[0], name))
    g_strv_builder_add (ids, names[1]);
}

/**
 * floe_ldap_named_find:
 * @name: a plain name
 * @ids: (out) (transfer full): the lasting ids of the groups below the group base that are called
 *   that
 * @code: (out): what the server said
 *
 * Blocks, for one search that no log-in waits for.
 */
FloeLdapVerdict
floe_ldap_named_find (const FloeLdapCall *call, const gchar *name, GStrv *ids, gint *code,
                      GError **error)
{
  const FloeLdapSettings *settings = call->settings;
  g_autofree gchar *folded = g_utf8_casefold (name, -1);
  g_autofree gchar *filter = filter_for (settings, name);
  const gchar *const attributes[] = { settings->group_id_attribute,
                                      settings->group_name_attribute, /* or NULL */
                                      NULL };
  const FloeLdapQuery query = { settings->group_base, LDAP_SCOPE_SUBTREE, filter, attributes,
                                MOST };
  FloeLdapLimit limit =
      floe_ldap_limit_new (settings->operation_timeout, call->until, call->cancellable);
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  g_autoptr (FloeLdapMessage) result = NULL;
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  LDAP *ld = floe_ldap_handle_get (call->handle);
  FloeLdapVerdict verdict;

  if (settings->group_base == NULL) /* no group has a plain name */
    {
      *ids = g_strv_builder_end (found);
      return FLOE_LDAP_FINE;
    }
  result = floe_ldap_look_for (call->handle, &query, &limit, &reply);
  *code = reply.code;
  verdict = floe_ldap_judge (FLOE_LDAP_SEARCH, &reply, error);
  if (verdict != FLOE_LDAP_FINE)
    return verdict;
  if (reply.code == LDAP_SIZELIMIT_EXCEEDED) /* who knows which of them are not shown */
    g_clear_pointer (&result, ldap_msgfree);
  for (LDAPMessage *entry = result != NULL ? ldap_first_entry (ld, result) : NULL; entry != NULL;
       entry = ldap_next_entry (ld, entry))
    add_if_named (settings, ld, entry, folded, found);
  *ids = g_strv_builder_end (found);
  return FLOE_LDAP_FINE;
}
