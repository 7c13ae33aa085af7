/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-password.h"

#include <string.h>

static struct berval
value_of (const FloeSecret *secret)
{
  gsize length;
  const gchar *bytes = floe_secret_get (secret, &length);

  return (struct berval){ length, (char *)bytes };
}

/* The last gate before the wire, as for a bind. */
static gboolean
may_send (FloeLdapHandle *handle, const FloeLdapPasswords *passwords)
{
  return floe_ldap_handle_may_send (handle) && !floe_secret_is_empty (passwords->old)
         && !floe_secret_is_empty (passwords->new) && !floe_secret_has_nul (passwords->old)
         && !floe_secret_has_nul (passwords->new);
}

/* Waits for the answer to what was sent with the result @rc. A request that libldap could not send
 * whole may yet have arrived. */
static void
await (FloeLdapHandle *handle, gint rc, gint id, const FloeLdapLimit *limit, FloeLdapReply *reply)
{
  g_autoptr (FloeLdapMessage) message = NULL;

  if (rc == LDAP_SUCCESS)
    {
      message = floe_ldap_handle_receive (handle, id, limit, reply);
      return;
    }
  floe_ldap_handle_spoil (handle);
  reply->code = rc < 0 ? rc : LDAP_SERVER_DOWN;
}

static gchar *
put_unit (gchar *to, gunichar unit)
{
  to[0] = (gchar)(unit & 0xff);
  to[1] = (gchar)(unit >> 8);
  return to + 2;
}

/**
 * floe_ldap_password_quote:
 * @password: as typed
 *
 * Returns: (transfer full) (nullable): it as `unicodePwd` takes it: between quotation marks, in
 *   UTF-16, low byte first; %NULL if it is not UTF-8 or longer than %FLOE_LDAP_UNICODE_MAX
 */
FloeSecret *
floe_ldap_password_quote (const FloeSecret *password)
{
  gsize length;
  const gchar *text = floe_secret_get (password, &length);
  g_autoptr (FloeSecret) quoted = NULL;
  gchar *start, *to;

  if (!g_utf8_validate (text, (gssize)length, NULL))
    return NULL;
  start = g_malloc (2 * length + 5); /* no UTF-8 has fewer bytes than units */
  to = put_unit (start, '"');
  for (const gchar *p = text; p < text + length; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c < 0x10000)
        to = put_unit (to, c);
      else
        {
          to = put_unit (to, 0xd800 + ((c - 0x10000) >> 10));
          to = put_unit (to, 0xdc00 + ((c - 0x10000) & 0x3ff));
        }
    }
  to = put_unit (to, '"');
  quoted = floe_secret_new_take (start, (gsize)(to - start));
  return to - start <= 2 * (FLOE_LDAP_UNICODE_MAX + 2) ? g_steal_pointer (&quoted) : NULL;
}

/**
 * floe_ldap_password_change_unicode:
 * @handle: bound as the service account
 * @dn: whose password
 * @passwords: both can be quoted
 * @limit: how long to wait
 * @reply: (out caller-allocates): the result; a negative one says nothing about what became of it
 *
 * Has Active Directory compare the old password and set the new one. It counts a wrong old one as a
 * bad try. This needs no right to reset passwords.
 */
void
floe_ldap_password_change_unicode (FloeLdapHandle *handle, const gchar *dn,
                                   const FloeLdapPasswords *passwords, const FloeLdapLimit *limit,
                                   FloeLdapReply *reply)
{
  g_autoptr (FloeSecret) old = floe_ldap_password_quote (passwords->old);
  g_autoptr (FloeSecret) new = floe_ldap_password_quote (passwords->new);
  struct berval values[2];
  struct berval *lists[2][2] = { { &values[0], NULL }, { &values[1], NULL } };
  LDAPMod removal = { LDAP_MOD_DELETE | LDAP_MOD_BVALUES, (char *)"unicodePwd", { NULL } };
  LDAPMod addition = { LDAP_MOD_ADD | LDAP_MOD_BVALUES, (char *)"unicodePwd", { NULL } };
  LDAPMod *changes[] = { &removal, &addition, NULL };
  int id = -1;
  int rc = LDAP_PARAM_ERROR;

  if (old != NULL && new != NULL &&*dn != '\0' && may_send (handle, passwords))
    {
      values[0] = value_of (old);
      values[1] = value_of (new);
      removal.mod_bvalues = lists[0];
      addition.mod_bvalues = lists[1];
      rc = ldap_modify_ext (floe_ldap_handle_get (handle), dn, changes, NULL, NULL, &id);
    }
  await (handle, rc, id, limit, reply);
}

/* Both passwords as RFC 3062 wants them. Without DER nothing is moved in the buffer, so that what
 * is wiped afterwards is all. */
static BerElement *
encode (const FloeLdapPasswords *passwords, struct berval *value)
{
  struct berval old = value_of (passwords->old);
  struct berval new = value_of (passwords->new);
  BerElement *ber = ber_alloc_t (0);

  if (ber != NULL
      && ber_printf (ber, "{tOtO}", LDAP_TAG_EXOP_MODIFY_PASSWD_OLD, &old,
                     LDAP_TAG_EXOP_MODIFY_PASSWD_NEW, &new)
             >= 0
      && ber_flatten2 (ber, value, 0) >= 0)
    return ber;
  ber_free (ber, 1);
  return NULL;
}

/**
 * floe_ldap_password_change_own:
 * @handle: bound as the person, perhaps as one who may do nothing else
 * @passwords: of that person
 * @limit: how long to wait
 * @reply: (out caller-allocates): the result, with what the policy says; a negative one says
 * nothing about what became of it
 *
 * Changes the password of whoever @handle is bound as (RFC 3062).
 */
void
floe_ldap_password_change_own (FloeLdapHandle *handle, const FloeLdapPasswords *passwords,
                               const FloeLdapLimit *limit, FloeLdapReply *reply)
{
  LDAPControl policy = { (char *)LDAP_CONTROL_PASSWORDPOLICYREQUEST, { 0, NULL }, 0 };
  LDAPControl *controls[] = { &policy, NULL };
  struct berval value = { 0, NULL };
  BerElement *ber = NULL;
  int id = -1;
  int rc = LDAP_PARAM_ERROR;

  if (may_send (handle, passwords))
    ber = encode (passwords, &value);
  if (ber != NULL)
    {
      rc = ldap_extended_operation (floe_ldap_handle_get (handle), LDAP_EXOP_MODIFY_PASSWD, &value,
                                    controls, NULL, &id);
      floe_wipe (value.bv_val, value.bv_len);
      ber_free (ber, 1);
    }
  await (handle, rc, id, limit, reply);
}
