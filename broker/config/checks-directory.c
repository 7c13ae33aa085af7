/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "config/checks.h"

#include <string.h>

/**
 * floe_check_profile:
 *
 * A kind of directory that the broker knows.
 */
gboolean
floe_check_profile (const gchar *value, gchar **why)
{
  static const gchar *const known[] = { "openldap", "active-directory", "freeipa", NULL };

  return g_strv_contains (known, value);
}

/**
 * floe_check_groups_by:
 *
 * A way to find somebody's groups.
 */
gboolean
floe_check_groups_by (const gchar *value, gchar **why)
{
  static const gchar *const known[] = { "attribute", "filter", "auto", NULL };

  return g_strv_contains (known, value);
}

/**
 * floe_check_domain:
 *
 * What may follow "@" or stand before "\\" in a log-in name.
 */
gboolean
floe_check_domain (const gchar *value, gchar **why)
{
  if (strpbrk (value, "@\\") != NULL)
    return floe_check_refuse (why, "it goes without \"@\" and \"\\\"");
  for (const gchar *p = value; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isspace (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

/**
 * floe_check_group:
 *
 * A group by its plain name or its lasting id. A DN is neither: it changes when somebody moves the
 * group, and can then be another group's.
 */
gboolean
floe_check_group (const gchar *value, gchar **why)
{
  if (strchr (value, '=') != NULL)
    return floe_check_refuse (why, "a group is not named by its DN");
  return TRUE;
}
