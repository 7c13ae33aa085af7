/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/pool-hosts.h"

#include "core/placement.h"

struct _FloePoolHosts
{
  FloeKeeper *keeper;
  GHashTable *by_name; /* Host */
};

typedef struct
{
  guint starts_at_once;
  FloeHostCapacity *capacity;
} Host;

static void
host_free (gpointer data)
{
  Host *host = data;

  floe_host_capacity_free (host->capacity);
  g_free (host);
}

FloePoolHosts *
floe_pool_hosts_new (FloeKeeper *keeper)
{
  FloePoolHosts *self = g_new0 (FloePoolHosts, 1);

  self->keeper = g_object_ref (keeper);
  self->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, host_free);
  return self;
}

void
floe_pool_hosts_free (FloePoolHosts *self)
{
  g_hash_table_unref (self->by_name);
  g_object_unref (self->keeper);
  g_free (self);
}

/**
 * floe_pool_hosts_add:
 * @name: a configured host's
 * @starts_at_once: how many desktops may be starting on it at once
 */
void
floe_pool_hosts_add (FloePoolHosts *self, const gchar *name, guint starts_at_once)
{
  Host *host = g_new0 (Host, 1);

  host->starts_at_once = starts_at_once;
  g_hash_table_insert (self->by_name, g_strdup (name), host);
}

/**
 * floe_pool_hosts_measure:
 * @capacity: what a host has left, as it says
 */
void
floe_pool_hosts_measure (FloePoolHosts *self, const FloeHostCapacity *capacity)
{
  Host *host = g_hash_table_lookup (self->by_name, capacity->host);

  if (host == NULL)
    return;
  floe_host_capacity_free (host->capacity);
  host->capacity = floe_host_capacity_copy (capacity);
}

/**
 * floe_pool_hosts_forget:
 *
 * What was known of what a host has left is not true any more.
 */
void
floe_pool_hosts_forget (FloePoolHosts *self, const gchar *name)
{
  Host *host = g_hash_table_lookup (self->by_name, name);

  if (host != NULL)
    g_clear_pointer (&host->capacity, floe_host_capacity_free);
}

static gboolean
is_draining (GPtrArray *notes, const gchar *name)
{
  for (guint i = 0; i < notes->len; i++)
    if (g_strcmp0 (((FloeHostNote *)notes->pdata[i])->name, name) == 0)
      return ((FloeHostNote *)notes->pdata[i])->draining;
  return FALSE;
}

static gint
compare_places (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (((const FloePlace *)a)->name, ((const FloePlace *)b)->name);
}

static guint
average_memory (GPtrArray *counts)
{
  guint64 memory = 0;
  guint n = 0;

  for (guint i = 0; i < counts->len; i++)
    {
      memory += ((FloeDesktopCount *)counts->pdata[i])->memory_mib;
      n += ((FloeDesktopCount *)counts->pdata[i])->n;
    }
  return n > 0 ? (guint)(memory / n) : 0;
}

static void
count_desktops (GArray *places, GPtrArray *counts)
{
  for (guint i = 0; i < counts->len; i++)
    {
      const FloeDesktopCount *count = counts->pdata[i];
      FloePlace *place = floe_place_find (places, count->host);

      if (place == NULL)
        continue;
      place->desktops += count->n;
      if (count->facts.intent == FLOE_INTENT_CREATE)
        place->making += count->n;
    }
}

/**
 * floe_pool_hosts_list:
 *
 * Returns: (transfer full) (element-type FloePlace): the hosts as a plan for that pool sees them,
 * by name; the names are @self's
 */
GArray *
floe_pool_hosts_list (FloePoolHosts *self, const FloePoolPicture *picture)
{
  GArray *places = g_array_new (FALSE, TRUE, sizeof (FloePlace));
  guint memory = average_memory (picture->counts);
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, self->by_name);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      const Host *host = value;
      FloePlace place = { .name = name,
                          .up = floe_keeper_host_is_up (self->keeper, name),
                          .draining = is_draining (picture->hosts, name),
                          .starts_at_once = host->starts_at_once,
                          .starting = floe_keeper_count_starts (self->keeper, name) };

      place.reserved_mib = place.starting * memory;
      if (host->capacity != NULL)
        {
          place.measured = TRUE;
          place.memory_mib = host->capacity->memory_mib;
          place.free_mib = host->capacity->free_mib;
          place.load_percent = host->capacity->load_percent;
        }
      g_array_append_val (places, place);
    }
  g_array_sort (places, compare_places);
  count_desktops (places, picture->counts);
  return places;
}
