/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-look.h"

#define ANYTHING "(objectClass=*)"

/**
 * floe_ldap_look_for:
 * @reply: (out): what the server said besides
 *
 * Searches, and waits for it. Blocks.
 *
 * Returns: (transfer full) (nullable): what came
 */
LDAPMessage *
floe_ldap_look_for (FloeLdapHandle *handle, const FloeLdapQuery *query, const FloeLdapLimit *limit,
                    FloeLdapReply *reply)
{
  gint id;

  if (!floe_ldap_handle_may_send (handle)) /* one that failed fails for all that follows */
    {
      reply->code = LDAP_SERVER_DOWN;
      return NULL;
    }
  id = floe_ldap_handle_send_search (handle, query->base, query->scope, query->filter,
                                     query->attributes, query->max);
  if (id >= 0)
    return floe_ldap_handle_receive (handle, id, limit, reply);
  reply->code = id;
  return NULL;
}

/**
 * floe_ldap_look_at:
 *
 * Returns: (transfer full) (nullable): a message with that one entry; %NULL where there is none, or
 *   none that the service account may read
 */
LDAPMessage *
floe_ldap_look_at (FloeLdapHandle *handle, const gchar *dn, const gchar *const *attributes,
                   const FloeLdapLimit *limit)
{
  const FloeLdapQuery query = { dn, LDAP_SCOPE_BASE, ANYTHING, attributes, 1 };
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;
  g_autoptr (FloeLdapMessage) result = floe_ldap_look_for (handle, &query, limit, &reply);

  if (result == NULL || ldap_first_entry (floe_ldap_handle_get (handle), result) == NULL)
    return NULL;
  return g_steal_pointer (&result);
}
