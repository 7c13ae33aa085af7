/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-text.h"

#include "directory/ldap-id.h"

#include <ldap.h>
#include <string.h>

/**
 * floe_ldap_name_is_acceptable:
 * @name: a log-in name as typed
 *
 * Returns: whether it can be a name at all: 1 to %FLOE_LDAP_NAME_MAX bytes of UTF-8 without control
 *   characters
 */
gboolean
floe_ldap_name_is_acceptable (const gchar *name)
{
  gsize length = strnlen (name, FLOE_LDAP_NAME_MAX + 1);

  if (length == 0 || length > FLOE_LDAP_NAME_MAX || !g_utf8_validate (name, length, NULL))
    return FALSE;
  for (const gchar *p = name; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

/**
 * floe_ldap_password_is_acceptable:
 * @password: as typed
 *
 * Returns: whether a server may be asked. An empty one is an unauthenticated bind, which succeeds
 *   (RFC 4513, 5.1.2), and one with a NUL may be an empty one to somebody behind us
 */
gboolean
floe_ldap_password_is_acceptable (const FloeSecret *password)
{
  gsize length;

  floe_secret_get (password, &length);
  return length > 0 && length <= FLOE_LDAP_PASSWORD_MAX && !floe_secret_has_nul (password);
}

/**
 * floe_ldap_attribute_is_valid:
 * @name: an attribute's name, an OID, either with options
 *
 * Returns: whether it is one, so that nothing else gets into a filter that is built of it
 */
gboolean
floe_ldap_attribute_is_valid (const gchar *name)
{
  if (name == NULL || !g_ascii_isalnum (*name))
    return FALSE;
  for (const gchar *p = name; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("-.;", *p) == NULL)
      return FALSE;
  return TRUE;
}

/* libldap encodes the filter before it connects, and there is nobody to connect to. */
gboolean
floe_ldap_filter_is_valid (const gchar *filter)
{
  LDAP *ld = NULL;
  int id, rc;

  if (*filter != '(' || ldap_initialize (&ld, "ldapi://%2Fdev%2Fnull") != LDAP_SUCCESS)
    return FALSE;
  rc = ldap_search_ext (ld, "", LDAP_SCOPE_BASE, filter, NULL, 0, NULL, NULL, NULL, 1, &id);
  ldap_unbind_ext (ld, NULL, NULL);
  return rc != LDAP_FILTER_ERROR;
}

/**
 * floe_ldap_filter_escape:
 *
 * Returns: (transfer full) (nullable): @text as a filter has it for a value; %NULL without memory
 */
gchar *
floe_ldap_filter_escape (const gchar *text)
{
  struct berval in = { strlen (text), (char *)text };
  struct berval out = { 0, NULL };
  gchar *escaped;

  if (ldap_bv2escaped_filter_value (&in, &out) != LDAP_SUCCESS)
    return NULL;
  escaped = g_strdup (out.bv_val != NULL ? out.bv_val : ""); /* an empty value comes as NULL */
  ber_memfree (out.bv_val);
  return escaped;
}

static gchar *
fill (const gchar *user_filter, const gchar *escaped)
{
  g_auto (GStrv) parts = g_strsplit (user_filter, "%s", -1);

  if (g_strv_length (parts) < 2)
    return NULL;
  for (guint i = 0; parts[i] != NULL; i++)
    if (strchr (parts[i], '%') != NULL)
      return NULL;
  return g_strjoinv (escaped, parts);
}

/**
 * floe_ldap_filter_for_name:
 * @user_filter: with one `%s` or more, and no other `%`
 * @name: a log-in name
 *
 * Returns: (transfer full) (nullable): the filter for that person; %NULL when @user_filter is not
 *   one
 */
gchar *
floe_ldap_filter_for_name (const gchar *user_filter, const gchar *name)
{
  g_autofree gchar *escaped = floe_ldap_filter_escape (name);

  return escaped != NULL ? fill (user_filter, escaped) : NULL;
}

/**
 * floe_ldap_filter_for_either:
 * @user_filter: as for floe_ldap_filter_for_name()
 * @first: a log-in name
 * @second: another spelling of it, or the same
 *
 * Returns: (transfer full) (nullable): the filter for whoever has either name
 */
gchar *
floe_ldap_filter_for_either (const gchar *user_filter, const gchar *first, const gchar *second)
{
  g_autofree gchar *one = floe_ldap_filter_for_name (user_filter, first);
  g_autofree gchar *other = floe_ldap_filter_for_name (user_filter, second);

  if (one == NULL || other == NULL || g_str_equal (one, other))
    return g_steal_pointer (&one);
  return g_strconcat ("(|", one, other, ")", NULL);
}

/**
 * floe_ldap_filter_for_id:
 * @user_filter: as for floe_ldap_filter_for_name()
 * @id_attribute: a valid attribute's name
 * @id: the id to look for
 *
 * Returns: (transfer full) (nullable): a filter for the person with that id, who is also one whom
 *   @user_filter would find by some name: whoever cannot log in any more is not found. %NULL when
 *   nobody can have that id
 */
gchar *
floe_ldap_filter_for_id (const gchar *user_filter, const gchar *id_attribute, const gchar *id)
{
  g_autofree gchar *value = floe_ldap_id_filter_value (id_attribute, id);
  g_autofree gchar *anybody = NULL;
  g_autofree gchar *by_id = NULL;

  if (value == NULL)
    return NULL;
  by_id = g_strdup_printf ("(%s=%s)", id_attribute, value);
  /* In an extensible match an asterisk is a plain character, which nobody's name is. */
  if (strstr (user_filter, ":=%s") == NULL)
    anybody = fill (user_filter, "*");
  return anybody != NULL ? floe_ldap_filter_and (by_id, anybody) : g_steal_pointer (&by_id);
}

/**
 * floe_ldap_filter_and:
 *
 * Returns: (transfer full): a filter that matches what both match
 */
gchar *
floe_ldap_filter_and (const gchar *first, const gchar *second)
{
  return g_strconcat ("(&", first, second, ")", NULL);
}
