/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-member-filter.h"

#include "directory/ldap-text.h"

#include <string.h>

#define BLANKS " \t\r\n"

/* In one go, so that a "%" in what is put in stays one. */
static gchar *
fill (const gchar *group_filter, const gchar *dn, const gchar *name)
{
  g_autoptr (GString) filled = g_string_new (NULL);

  for (const gchar *p = group_filter; *p != '\0'; p++)
    {
      if (*p != '%')
        {
          g_string_append_c (filled, *p);
          continue;
        }
      p++;
      if (*p == 'd')
        g_string_append (filled, dn);
      else if (*p == 'u' && name != NULL)
        g_string_append (filled, name);
      else
        return NULL;
    }
  return g_string_free (g_steal_pointer (&filled), FALSE);
}

static gboolean prune (const gchar **at, GString *kept);

/* Past a character, if it is there, and the blanks that follow it. */
static void
skip (const gchar **at, gchar character)
{
  *at += **at == character ? 1 : 0;
  *at += strspn (*at, BLANKS);
}

/* Those behind a sign, of which "&" and "!" need all, and "|" any. */
static gboolean
prune_several (const gchar **at, GString *kept)
{
  gchar sign = **at;
  gsize start = kept->len;
  guint n_kept = 0, n = 0;

  g_string_append_printf (kept, "(%c", sign);
  for (skip (at, sign); **at != '\0' && **at != ')'; n++)
    n_kept += prune (at, kept) ? 1 : 0;
  skip (at, ')');
  if (sign == '|' ? n_kept > 0 : n_kept == n)
    {
      g_string_append_c (kept, ')');
      return TRUE;
    }
  g_string_truncate (kept, start);
  return FALSE;
}

/* Copies what of a filter can hold where there is no name to compare with. What compares with one
 * is neither true nor false (RFC 4511, 4.5.1.7), and so is its opposite. */
static gboolean
prune (const gchar **at, GString *kept)
{
  g_autofree gchar *item = NULL;

  skip (at, '(');
  if (**at != '\0' && strchr ("&|!", **at) != NULL)
    return prune_several (at, kept);
  item = g_strndup (*at, strcspn (*at, ")"));
  *at += strlen (item);
  skip (at, ')');
  if (strstr (item, "%u") != NULL)
    return FALSE;
  g_string_append_printf (kept, "(%s)", item);
  return TRUE;
}

/**
 * floe_ldap_member_filter_for_person:
 * @group_filter: with `%d` or `%u`, or both, and no other `%`
 * @dn: the person's
 * @name: the person's log-in name
 *
 * Returns: (transfer full) (nullable): the filter for the groups that the person is in; %NULL when
 *   @group_filter is not one
 */
gchar *
floe_ldap_member_filter_for_person (const gchar *group_filter, const gchar *dn, const gchar *name)
{
  g_autofree gchar *escaped_dn = floe_ldap_filter_escape (dn);
  g_autofree gchar *escaped_name = floe_ldap_filter_escape (name);

  if (escaped_dn == NULL || escaped_name == NULL || strchr (group_filter, '%') == NULL)
    return NULL;
  return fill (group_filter, escaped_dn, escaped_name);
}

/**
 * floe_ldap_member_filter_for_groups:
 * @group_filter: as for floe_ldap_member_filter_for_person()
 * @dns: (array length=n) (element-type utf8): groups
 *
 * Groups have no log-in name, so only what compares with a DN counts for them.
 *
 * Returns: (transfer full) (nullable): the filter for the groups that any of these is in; %NULL
 * when no group can be in one
 */
gchar *
floe_ldap_member_filter_for_groups (const gchar *group_filter, gpointer *dns, guint n)
{
  g_autoptr (GString) pruned = g_string_new (NULL);
  g_autoptr (GString) any = g_string_new ("(|");
  const gchar *at = group_filter;

  if (!prune (&at, pruned) || strstr (pruned->str, "%d") == NULL)
    return NULL;
  for (guint i = 0; i < n; i++)
    {
      g_autofree gchar *escaped = floe_ldap_filter_escape (dns[i]);
      g_autofree gchar *one = escaped != NULL ? fill (pruned->str, escaped, NULL) : NULL;

      if (one == NULL)
        return NULL;
      if (n == 1)
        return g_steal_pointer (&one);
      g_string_append (any, one);
    }
  g_string_append_c (any, ')');
  return g_string_free (g_steal_pointer (&any), FALSE);
}
