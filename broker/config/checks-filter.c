/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "config/checks.h"

#include <string.h>

/* One filter in one pair of parentheses (RFC 4515): those in a value are written \28 and \29, so
 * that counting is enough. */
static gboolean
check_parentheses (const gchar *filter, gchar **why)
{
  guint depth = 0;

  for (const gchar *p = filter; *p != '\0'; p++)
    {
      if (*p == '(')
        depth++;
      else if (*p == ')' && depth-- == 0)
        return floe_check_refuse (why, "its parentheses are not balanced");
      if (depth == 0 && p[1] != '\0')
        return floe_check_refuse (why, *p == ')' ? "something follows its last parenthesis"
                                                 : "it does not begin with a parenthesis");
    }
  return depth == 0 || floe_check_refuse (why, "its parentheses are not balanced");
}

/* The name must stand in a value: anywhere else an escaped name still chooses what is compared. */
static gboolean
stands_in_value (const gchar *filter, const gchar *at)
{
  for (const gchar *p = at; p > filter; p--)
    {
      if (p[-1] == '=')
        return TRUE;
      if (p[-1] == '(' || p[-1] == ')')
        return FALSE;
    }
  return FALSE;
}

/**
 * floe_check_user_filter:
 *
 * A filter with `%s` in a value, or in several, where the escaped log-in name goes.
 */
gboolean
floe_check_user_filter (const gchar *value, gchar **why)
{
  if (strchr (value, '%') == NULL)
    return floe_check_refuse (why, "it has no %s for the log-in name");
  for (const gchar *p = strchr (value, '%'); p != NULL; p = strchr (p + 1, '%'))
    {
      if (p[1] != 's')
        return floe_check_refuse (why, "it has another % than that of %s");
      if (!stands_in_value (value, p))
        return floe_check_refuse (why, "its %s does not stand in a value");
    }
  return check_parentheses (value, why);
}

/**
 * floe_check_group_filter:
 *
 * A filter with `%d` or `%u` in values, where the escaped DN or log-in name of a member goes.
 */
gboolean
floe_check_group_filter (const gchar *value, gchar **why)
{
  if (strchr (value, '%') == NULL)
    return floe_check_refuse (why, "it has neither %d for the member's DN nor %u for the member's "
                                   "log-in name");
  for (const gchar *p = strchr (value, '%'); p != NULL; p = strchr (p + 1, '%'))
    {
      if (p[1] != 'd' && p[1] != 'u')
        return floe_check_refuse (why, "it has another % than that of %d and %u");
      if (!stands_in_value (value, p))
        return floe_check_refuse (why, "its %d or %u does not stand in a value");
    }
  return check_parentheses (value, why);
}

/**
 * floe_check_disabled_filter:
 *
 * A filter as it stands.
 */
gboolean
floe_check_disabled_filter (const gchar *value, gchar **why)
{
  if (strchr (value, '%') != NULL)
    return floe_check_refuse (why, "nothing is put in for a % here");
  return check_parentheses (value, why);
}
