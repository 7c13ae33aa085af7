/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-id.h"

#include "directory/ldap-text.h"

#include <string.h>

#define GUID_BYTES          16
#define SID_HEAD            8
#define SID_AUTHORITIES_MAX 15

/* The first three fields of a GUID are little-endian; where each byte of the text is from. */
static const guint8 guid_order[GUID_BYTES] = {
  3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15
};

static gboolean
is_guid (const gchar *attribute)
{
  return g_ascii_strcasecmp (attribute, "objectGUID") == 0;
}

static gchar *
guid_to_text (const struct berval *value)
{
  const guint8 *bytes = (const guint8 *)value->bv_val;
  GString *text;

  if (value->bv_len != GUID_BYTES)
    return NULL;
  text = g_string_sized_new (36);
  for (guint i = 0; i < GUID_BYTES; i++)
    g_string_append_printf (text, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
                            bytes[guid_order[i]]);
  return g_string_free (text, FALSE);
}

/* The escaped bytes of a GUID, as a filter has them. */
static gchar *
guid_to_filter (const gchar *id)
{
  gchar bytes[GUID_BYTES * 3];

  if (!g_uuid_string_is_valid (id))
    return NULL;
  for (guint i = 0; i < GUID_BYTES; i++)
    {
      while (*id == '-')
        id++;
      bytes[guid_order[i] * 3] = '\\';
      memcpy (bytes + guid_order[i] * 3 + 1, id, 2);
      id += 2;
    }
  return g_strndup (bytes, sizeof bytes);
}

static gchar *
text_of (const struct berval *value)
{
  g_autofree gchar *text = NULL;

  if (value->bv_len == 0 || !g_utf8_validate_len (value->bv_val, value->bv_len, NULL))
    return NULL;
  text = g_strndup (value->bv_val, value->bv_len);
  return g_ascii_strdown (text, -1);
}

/**
 * floe_ldap_sid_to_text:
 * @value: a SID as Active Directory stores it: revision, count, a big-endian authority, and
 *   little-endian sub-authorities
 *
 * Returns: (transfer full) (nullable): `S-1-5-...`; %NULL when it is none
 */
gchar *
floe_ldap_sid_to_text (const struct berval *value)
{
  const guint8 *bytes = (const guint8 *)value->bv_val;
  guint64 authority = 0;
  GString *text;
  guint n;

  if (value->bv_len < SID_HEAD || bytes[0] != 1)
    return NULL;
  n = bytes[1];
  if (n > SID_AUTHORITIES_MAX || value->bv_len != SID_HEAD + 4 * n)
    return NULL;
  for (guint i = 2; i < SID_HEAD; i++)
    authority = authority << 8 | bytes[i];
  text = g_string_new (NULL);
  g_string_printf (text, "S-1-%" G_GUINT64_FORMAT, authority);
  for (guint i = 0; i < n; i++)
    {
      guint32 part;

      memcpy (&part, bytes + SID_HEAD + 4 * i, sizeof part);
      g_string_append_printf (text, "-%u", GUINT32_FROM_LE (part));
    }
  return g_string_free (text, FALSE);
}

/**
 * floe_ldap_id_read:
 * @attribute: the attribute that identifies people
 * @value: one value of it
 *
 * Returns: (transfer full) (nullable): the id as #FloeUser has it; %NULL when it is not readable
 */
gchar *
floe_ldap_id_read (const gchar *attribute, const struct berval *value)
{
  return is_guid (attribute) ? guid_to_text (value) : text_of (value);
}

/**
 * floe_ldap_id_filter_value:
 * @attribute: the attribute that identifies people
 * @id: an id as floe_ldap_id_read() made it
 *
 * Returns: (transfer full) (nullable): the value to compare with in a filter, escaped; %NULL when
 *   nobody can have that id
 */
gchar *
floe_ldap_id_filter_value (const gchar *attribute, const gchar *id)
{
  if (is_guid (attribute))
    return guid_to_filter (id);
  return *id != '\0' ? floe_ldap_filter_escape (id) : NULL;
}

/**
 * floe_ldap_group_id_is_sid:
 *
 * Returns: whether groups that are known by @attribute are `sid:...`
 */
gboolean
floe_ldap_group_id_is_sid (const gchar *attribute)
{
  return g_ascii_strcasecmp (attribute, FLOE_LDAP_SID) == 0;
}

/**
 * floe_ldap_group_id:
 * @attribute: the attribute that identifies groups
 * @value: one value of it
 *
 * Returns: (transfer full) (nullable): the group by its lasting id: `sid:s-1-5-...` or `uuid:...`,
 *   case-folded
 */
gchar *
floe_ldap_group_id (const gchar *attribute, const struct berval *value)
{
  g_autofree gchar *id = floe_ldap_group_id_is_sid (attribute)
                             ? floe_ldap_sid_to_text (value)
                             : floe_ldap_id_read (attribute, value);
  g_autofree gchar *folded = NULL;

  if (id == NULL)
    return NULL;
  folded = g_utf8_casefold (id, -1);
  return g_strconcat (floe_ldap_group_id_is_sid (attribute) ? FLOE_LDAP_SID_PREFIX
                                                            : FLOE_LDAP_UUID_PREFIX,
                      folded, NULL);
}

/**
 * floe_ldap_group_id_is_imitated:
 * @name: a group's plain name, case-folded
 *
 * Returns: whether it is spelled like another group's lasting id
 */
gboolean
floe_ldap_group_id_is_imitated (const gchar *name)
{
  return g_str_has_prefix (name, FLOE_LDAP_SID_PREFIX)
         || g_str_has_prefix (name, FLOE_LDAP_UUID_PREFIX);
}
