/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-groups.h"

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

/* The plain name of a group under the base, or NULL. One with "=" in it is none: it could be
 * spelled like the DN of a group that somebody else looks after. */
static gchar *
plain_name (LDAPDN dn, LDAPDN base)
{
  const struct berval *value;

  if (!is_below (dn, base) || dn[0][0] == NULL || dn[0][1] != NULL
      || (dn[0][0]->la_flags & LDAP_AVA_BINARY) != 0)
    return NULL;
  value = &dn[0][0]->la_value;
  if (!is_text (value) || memchr (value->bv_val, '=', value->bv_len) != NULL)
    return NULL;
  return g_utf8_casefold (value->bv_val, value->bv_len);
}

static void
add_group (GPtrArray *groups, struct berval *value, LDAPDN base)
{
  LDAPDN dn = NULL;
  gchar *plain;

  if (!is_text (value) || ldap_bv2dn (value, &dn, LDAP_DN_FORMAT_LDAPV3) != LDAP_SUCCESS)
    return;
  if (dn != NULL)
    {
      g_ptr_array_add (groups, g_utf8_casefold (value->bv_val, value->bv_len));
      plain = plain_name (dn, base);
      if (plain != NULL)
        g_ptr_array_add (groups, plain);
    }
  ldap_dnfree (dn);
}

/**
 * floe_ldap_groups:
 * @values: (nullable) (array zero-terminated=1): the values of the group attribute
 * @group_base: (nullable): under which a group may be named by its plain name
 *
 * Returns: (transfer full): what #FloeUser calls groups: for each value that is a DN, the DN as the
 *   directory spells it, and the value of its first component when it lies below @group_base, both
 *   case-folded. Values that are no DN name no group
 */
GStrv
floe_ldap_groups (struct berval **values, const gchar *group_base)
{
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func (g_free);
  LDAPDN base = NULL;

  if (group_base != NULL)
    ldap_str2dn (group_base, &base, LDAP_DN_FORMAT_LDAPV3);
  for (guint i = 0; values != NULL && values[i] != NULL; i++)
    add_group (groups, values[i], base);
  ldap_dnfree (base);
  g_ptr_array_add (groups, NULL);
  return (GStrv)g_ptr_array_steal (groups, NULL);
}
