/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/names.h"

/**
 * floe_names_find:
 * @names: (array length=n): what the values of an enumeration are called, in their order
 * @name: (nullable): one of them, or not
 *
 * Returns: the value that is called so; -1 for none
 */
gint
floe_names_find (const gchar *const *names, guint n, const gchar *name)
{
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (names[i], name) == 0)
      return (gint)i;
  return -1;
}
