/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/stuck.h"

/* Of each host so many are named. */
#define MAX_NAMED 10

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 ((*(const FloeDesktop *const *)a)->name, (*(const FloeDesktop *const *)b)->name);
}

/**
 * floe_stuck_list:
 * @hosts: (element-type FloeHostNote): what is noted of hosts
 *
 * Returns: (transfer full) (element-type FloeDesktop): the first few of @pool's on each of them, by
 *   name; or %NULL
 */
GPtrArray *
floe_stuck_list (FloeTx *tx, const FloePool *pool, GPtrArray *hosts, GError **error)
{
  g_autoptr (GPtrArray) stuck = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_desktop_free);

  if (pool->template == NULL || pool->template->shared || pool->kind == FLOE_POOL_FLOATING)
    return g_steal_pointer (&stuck);
  for (guint i = 0; i < hosts->len; i++)
    {
      const FloeHostNote *host = hosts->pdata[i];
      const FloeDesktopFilter filter = {
        .pool = pool->name, .host = host->name, .made = TRUE, .usable = TRUE, .limit = MAX_NAMED
      };
      GPtrArray *some = host->draining ? floe_tx_list_desktops (tx, &filter, error) : NULL;

      if (host->draining && some == NULL)
        return NULL;
      if (some != NULL)
        g_ptr_array_extend_and_steal (stuck, some);
    }
  g_ptr_array_sort (stuck, compare_names);
  return g_steal_pointer (&stuck);
}

static guint
count_on (GPtrArray *counts, const gchar *host)
{
  guint n = 0;

  for (guint i = 0; i < counts->len; i++)
    {
      const FloeDesktopCount *count = counts->pdata[i];

      if (count->revision > 0 && count->usable && g_strcmp0 (count->host, host) == 0)
        n += count->n;
    }
  return n;
}

/**
 * floe_stuck_describe:
 * @stuck: (nullable) (element-type FloeDesktop): from floe_stuck_list()
 * @counts: (element-type FloeDesktopCount): what the pool has
 *
 * Returns: (transfer full): what an administrator is told of those on @host: which they are, and
 *   whose
 */
gchar *
floe_stuck_describe (GPtrArray *stuck, GPtrArray *counts, const gchar *host)
{
  guint n = count_on (counts, host);
  guint named = 0;
  GString *text = g_string_new (NULL);

  g_string_printf (text,
                   "host %s is drained, and %u desktops that people keep cannot leave it, since "
                   "their storage is not shared",
                   host, n);
  for (guint i = 0; stuck != NULL && i < stuck->len; i++)
    {
      const FloeDesktop *desktop = stuck->pdata[i];

      if (g_strcmp0 (desktop->host, host) != 0)
        continue;
      g_string_append_printf (text, "%s%s", named == 0 ? ": " : ", ", desktop->name);
      if (desktop->lease != NULL)
        g_string_append_printf (text, " (%s)", desktop->lease->holder_name);
      named++;
    }
  if (n > named && named > 0)
    g_string_append_printf (text, " and %u more", n - named);
  return g_string_free (text, FALSE);
}
