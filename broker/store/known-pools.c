/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/known-pools.h"

#include <string.h>

/* Pools that are deleted stay until there are so many. */
#define MAX_KNOWN 10000

struct _FloeKnownPools
{
  GHashTable *by_name; /* Known */
};

typedef struct
{
  gchar *text;
  FloePool *pool; /* only its name, its kind, and what @text says */
} Known;

static void
known_free (gpointer data)
{
  Known *known = data;

  g_free (known->text);
  floe_pool_free (known->pool);
  g_free (known);
}

FloeKnownPools *
floe_known_pools_new (void)
{
  FloeKnownPools *self = g_new0 (FloeKnownPools, 1);

  self->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, known_free);
  return self;
}

void
floe_known_pools_free (FloeKnownPools *self)
{
  g_hash_table_unref (self->by_name);
  g_free (self);
}

/**
 * floe_known_pools_unpack:
 *
 * As floe_pool_unpack().
 */
gboolean
floe_known_pools_unpack (FloeKnownPools *self, FloePool *pool, const gchar *text, GError **error)
{
  Known *known = g_hash_table_lookup (self->by_name, pool->name);

  if (known == NULL || known->pool->kind != pool->kind || strcmp (known->text, text) != 0)
    {
      g_autoptr (FloePool) read = floe_pool_new (pool->name, pool->kind);

      if (!floe_pool_unpack (read, text, error))
        return FALSE;
      if (g_hash_table_size (self->by_name) >= MAX_KNOWN)
        g_hash_table_remove_all (self->by_name);
      known = g_new0 (Known, 1);
      known->text = g_strdup (text);
      known->pool = g_steal_pointer (&read);
      g_hash_table_replace (self->by_name, known->pool->name, known);
    }
  floe_pool_take_settings (pool, known->pool);
  return TRUE;
}
