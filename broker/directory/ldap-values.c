/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-values.h"

#include <string.h>

/* Active Directory's times: from 1601 on, in units of 100 ns. */
#define AD_EPOCH G_GINT64_CONSTANT (11644473600)
#define AD_NEVER G_MAXINT64

/* A NUL would end the string for us, but not for the directory: a group "admins\0x" is not
 * "admins". */
static gboolean
is_text (const struct berval *value)
{
  return value->bv_len > 0 && memchr (value->bv_val, '\0', value->bv_len) == NULL
         && g_utf8_validate_len (value->bv_val, value->bv_len, NULL);
}

/**
 * floe_ldap_read_text:
 *
 * Returns: (transfer full) (nullable): the attribute's first value that is text
 */
gchar *
floe_ldap_read_text (LDAP *ld, LDAPMessage *entry, const gchar *attribute)
{
  struct berval **values = ldap_get_values_len (ld, entry, attribute);
  gchar *text = NULL;

  for (guint i = 0; values != NULL && values[i] != NULL && text == NULL; i++)
    if (is_text (values[i]))
      text = g_strndup (values[i]->bv_val, values[i]->bv_len);
  ldap_value_free_len (values);
  return text;
}

/**
 * floe_ldap_read_texts:
 * @texts: (element-type utf8): gets all the attribute's values that are text
 */
void
floe_ldap_read_texts (LDAP *ld, LDAPMessage *entry, const gchar *attribute, GPtrArray *texts)
{
  struct berval **values = ldap_get_values_len (ld, entry, attribute);

  for (guint i = 0; values != NULL && values[i] != NULL; i++)
    if (is_text (values[i]))
      g_ptr_array_add (texts, g_strndup (values[i]->bv_val, values[i]->bv_len));
  ldap_value_free_len (values);
}

/**
 * floe_ldap_read_first:
 * @read: turns a value into text, or into %NULL
 *
 * Returns: (transfer full) (nullable): what @read makes of the first value that it can read
 */
gchar *
floe_ldap_read_first (LDAP *ld, LDAPMessage *entry, const gchar *attribute,
                      gchar *(*read) (const gchar *attribute, const struct berval *value))
{
  struct berval **values = ldap_get_values_len (ld, entry, attribute);
  gchar *text = NULL;

  for (guint i = 0; values != NULL && values[i] != NULL && text == NULL; i++)
    text = read (attribute, values[i]);
  ldap_value_free_len (values);
  return text;
}

/**
 * floe_ldap_read_dn:
 *
 * Returns: (transfer full) (nullable): where the entry is; %NULL for the root
 */
gchar *
floe_ldap_read_dn (LDAP *ld, LDAPMessage *entry)
{
  char *dn = ldap_get_dn (ld, entry);
  gchar *copy = dn != NULL && *dn != '\0' ? g_strdup (dn) : NULL;

  ldap_memfree (dn);
  return copy;
}

/**
 * floe_ldap_read_number:
 *
 * Returns: an attribute's value; @fallback where there is none, or one that is no number
 */
gint64
floe_ldap_read_number (LDAP *ld, LDAPMessage *entry, const gchar *attribute, gint64 fallback)
{
  g_autofree gchar *text = floe_ldap_read_text (ld, entry, attribute);
  gint64 number;

  return text != NULL && g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &number, NULL)
             ? number
             : fallback;
}

/**
 * floe_ldap_time_of_digits:
 * @digits: fourteen at least, of a time in UTC, as in "20260101000000Z"
 *
 * Returns: the time, in seconds since 1970; 0 where there is no such date
 */
gint64
floe_ldap_time_of_digits (const gchar *digits)
{
  g_autofree gchar *iso = g_strdup_printf ("%.8sT%.6sZ", digits, digits + 8);
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (iso, NULL);

  return time != NULL ? g_date_time_to_unix (time) : 0;
}

/**
 * floe_ldap_read_time:
 *
 * Returns: an attribute of the form "20260101000000Z", in seconds since 1970; 0 where there is none
 */
gint64
floe_ldap_read_time (LDAP *ld, LDAPMessage *entry, const gchar *attribute)
{
  g_autofree gchar *text = floe_ldap_read_text (ld, entry, attribute);

  if (text == NULL || strspn (text, G_CSET_DIGITS) != 14 || text[14] != 'Z')
    return 0;
  return floe_ldap_time_of_digits (text);
}

/**
 * floe_ldap_read_ticks:
 *
 * Returns: an attribute as Active Directory has times, in seconds since 1970; 0 for never
 */
gint64
floe_ldap_read_ticks (LDAP *ld, LDAPMessage *entry, const gchar *attribute)
{
  gint64 ticks = floe_ldap_read_number (ld, entry, attribute, 0);

  return ticks > 0 && ticks < AD_NEVER ? MAX (ticks / FLOE_LDAP_AD_TICKS - AD_EPOCH, 1) : 0;
}

gboolean
floe_ldap_read_true (LDAP *ld, LDAPMessage *entry, const gchar *attribute)
{
  g_autofree gchar *text = floe_ldap_read_text (ld, entry, attribute);

  return text != NULL && g_ascii_strcasecmp (text, "true") == 0;
}
