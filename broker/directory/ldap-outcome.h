/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeLdapStep:
 * @FLOE_LDAP_SERVICE_BIND: our own log-in
 * @FLOE_LDAP_SEARCH: a search as the service account
 * @FLOE_LDAP_USER_BIND: a person's password is being tried; it is neither empty nor has it a NUL
 * @FLOE_LDAP_CHANGE: a person's password is being changed, the request for which went out
 *
 * What a server answered to.
 */
typedef enum
{
  FLOE_LDAP_SERVICE_BIND = 1 << 0,
  FLOE_LDAP_SEARCH = 1 << 1,
  FLOE_LDAP_USER_BIND = 1 << 2,
  FLOE_LDAP_CHANGE = 1 << 3,
} FloeLdapStep;

/**
 * FloeLdapReply:
 * @code: the LDAP result; negative when libldap made it up itself
 * @ppolicy: the error of the password policy control, or -1
 * @grace: log-ins that are left with an expired password, or -1
 * @text: (nullable): the server's diagnostic message, where Active Directory hides its own code
 * @expires: seconds until the password expires, as far as the control tells, or -1
 *
 * A server's answer.
 */
typedef struct
{
  gint code;
  gint ppolicy;
  gint grace;
  gchar *text;
  gint expires;
} FloeLdapReply;

#define FLOE_LDAP_REPLY_INIT                                                                       \
  {                                                                                                \
    0, -1, -1, NULL, -1                                                                            \
  }

/**
 * FloeLdapVerdict:
 * @FLOE_LDAP_FINE: it was done
 * @FLOE_LDAP_REFUSED: an answer that another server would only repeat
 * @FLOE_LDAP_UNREACHED: no answer; another server may be asked
 */
typedef enum
{
  FLOE_LDAP_FINE,
  FLOE_LDAP_REFUSED,
  FLOE_LDAP_UNREACHED,
} FloeLdapVerdict;

FloeLdapVerdict floe_ldap_judge (FloeLdapStep step, const FloeLdapReply *reply, GError **error);
void floe_ldap_set_wrong_credentials (GError **error);
void floe_ldap_reply_clear (FloeLdapReply *reply);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FloeLdapReply, floe_ldap_reply_clear)

G_END_DECLS
