/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-groups.h"

#include "directory/ldap-id.h"
#include "directory/ldap-values.h"

#include <string.h>

/* A NUL would end the string for us, but not for the directory: a group "admins\00x" is not
 * "admins". */
static gboolean
is_text (const struct berval *value)
{
  return value->bv_len > 0 && memchr (value->bv_val, '\0', value->bv_len) == NULL
         && g_utf8_validate_len (value->bv_val, value->bv_len, NULL);
}

static gboolean
same_text (const struct berval *a, const struct berval *b)
{
  g_autofree gchar *folded_a = NULL;
  g_autofree gchar *folded_b = NULL;

  if (a->bv_len == b->bv_len && memcmp (a->bv_val, b->bv_val, a->bv_len) == 0)
    return TRUE;
  if (!is_text (a) || !is_text (b))
    return FALSE;
  folded_a = g_utf8_casefold (a->bv_val, a->bv_len);
  folded_b = g_utf8_casefold (b->bv_val, b->bv_len);
  return strcmp (folded_a, folded_b) == 0;
}

static gboolean
same_type (const struct berval *a, const struct berval *b)
{
  return a->bv_len == b->bv_len && g_ascii_strncasecmp (a->bv_val, b->bv_val, a->bv_len) == 0;
}

static gboolean
same_rdn (LDAPRDN a, LDAPRDN b)
{
  guint i;

  for (i = 0; a[i] != NULL && b[i] != NULL; i++)
    if (!same_type (&a[i]->la_attr, &b[i]->la_attr)
        || !same_text (&a[i]->la_value, &b[i]->la_value))
      return FALSE;
  return a[i] == NULL && b[i] == NULL;
}

static guint
count_rdns (LDAPDN dn)
{
  guint n = 0;

  while (dn != NULL && dn[n] != NULL)
    n++;
  return n;
}

static gboolean
is_below (LDAPDN dn, LDAPDN base)
{
  guint n = count_rdns (dn);
  guint n_base = count_rdns (base);

  if (dn == NULL || base == NULL || n_base == 0 || n <= n_base)
    return FALSE;
  for (guint i = 0; i < n_base; i++)
    if (!same_rdn (dn[n - n_base + i], base[i]))
      return FALSE;
  return TRUE;
}

/* One with "=" in it could be spelled like a DN that somebody else's entitlement names, and one
 * like "sid:..." like a lasting id. */
static gchar *
plain_name (const struct berval *value)
{
  g_autofree gchar *name = NULL;

  if (!is_text (value) || memchr (value->bv_val, '=', value->bv_len) != NULL)
    return NULL;
  name = g_utf8_casefold (value->bv_val, value->bv_len);
  return floe_ldap_group_id_is_imitated (name) ? NULL : g_steal_pointer (&name);
}

static LDAPDN
parse (const gchar *dn)
{
  LDAPDN parsed = NULL;

  if (dn != NULL)
    ldap_str2dn (dn, &parsed, LDAP_DN_FORMAT_LDAPV3);
  return parsed;
}

/**
 * floe_ldap_group_name:
 * @dn: a group's DN
 * @group_base: (nullable): under which a group may be named by its plain name
 *
 * Returns: (transfer full) (nullable): the value of the DN's first component, case-folded; %NULL
 *   when the group is not below @group_base or has no such name
 */
gchar *
floe_ldap_group_name (const gchar *dn, const gchar *group_base)
{
  LDAPDN parsed = parse (dn);
  LDAPDN base = parse (group_base);
  gchar *name = NULL;

  if (is_below (parsed, base) && parsed[0][0] != NULL && parsed[0][1] == NULL
      && (parsed[0][0]->la_flags & LDAP_AVA_BINARY) == 0)
    name = plain_name (&parsed[0][0]->la_value);
  ldap_dnfree (parsed);
  ldap_dnfree (base);
  return name;
}

/**
 * floe_ldap_group_named:
 * @name: what a group's entry says it is called
 * @dn: where the entry is
 * @group_base: (nullable): under which a group may be named by its plain name
 *
 * Returns: (transfer full) (nullable): @name, case-folded; %NULL as for floe_ldap_group_name()
 */
gchar *
floe_ldap_group_named (const gchar *name, const gchar *dn, const gchar *group_base)
{
  const struct berval value = { strlen (name), (gchar *)name };
  LDAPDN parsed = parse (dn);
  LDAPDN base = parse (group_base);
  gboolean below = is_below (parsed, base);

  ldap_dnfree (parsed);
  ldap_dnfree (base);
  return below ? plain_name (&value) : NULL;
}

static gchar *
plain_name_of (const FloeLdapSettings *settings, const gchar *dn, LDAP *ld, LDAPMessage *entry)
{
  g_autofree gchar *name = NULL;

  if (settings->group_name_attribute == NULL)
    return floe_ldap_group_name (dn, settings->group_base);
  if (entry != NULL)
    name = floe_ldap_read_text (ld, entry, settings->group_name_attribute);
  return name != NULL ? floe_ldap_group_named (name, dn, settings->group_base) : NULL;
}

/**
 * floe_ldap_group_names:
 * @dn: a group's DN
 * @ld: what @entry came from
 * @entry: (nullable): its entry, if the server shows it, with `group_name_attribute` and
 *   `group_id_attribute`
 *
 * Returns: (transfer full): by what an entitlement may name the group, as far as that is told: its
 *   plain name first, and its lasting id
 */
GStrv
floe_ldap_group_names (const FloeLdapSettings *settings, const gchar *dn, LDAP *ld,
                       LDAPMessage *entry)
{
  gchar *plain = plain_name_of (settings, dn, ld, entry);
  gchar *id = entry != NULL ? floe_ldap_read_first (ld, entry, settings->group_id_attribute,
                                                    floe_ldap_group_id)
                            : NULL;
  GStrv names = g_new0 (gchar *, 3);

  names[0] = plain != NULL ? plain : id;
  names[1] = plain != NULL ? id : NULL;
  return names;
}
