/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/hosts.h"

struct _FloeHosts
{
  GObject parent_instance;

  GHashTable *hosts; /* name to Host */
};

typedef struct
{
  gboolean up;
  FloeHostCapacity *capacity;
} Host;

G_DEFINE_FINAL_TYPE (FloeHosts, floe_hosts, G_TYPE_OBJECT)

static void
host_free (gpointer data)
{
  Host *host = data;

  floe_host_capacity_free (host->capacity);
  g_free (host);
}

static Host *
get_host (FloeHosts *self, const gchar *name)
{
  Host *host = g_hash_table_lookup (self->hosts, name);

  if (host == NULL)
    {
      host = g_new0 (Host, 1);
      g_hash_table_insert (self->hosts, g_strdup (name), host);
    }
  return host;
}

static void
on_measured (FloeManager *manager, const FloeHostCapacity *capacity, FloeHosts *self)
{
  Host *host = get_host (self, capacity->host);

  floe_host_capacity_free (host->capacity);
  host->capacity = floe_host_capacity_copy (capacity);
}

/**
 * floe_hosts_set_up:
 * @up: whether it answers; of one that does not, nobody knows what it has left
 */
void
floe_hosts_set_up (FloeHosts *self, const gchar *name, gboolean up)
{
  Host *host = get_host (self, name);

  host->up = up;
  if (!up)
    g_clear_pointer (&host->capacity, floe_host_capacity_free);
}

gboolean
floe_hosts_is_up (FloeHosts *self, const gchar *name)
{
  const Host *host = g_hash_table_lookup (self->hosts, name);

  return host != NULL && host->up;
}

/**
 * floe_hosts_knows:
 *
 * Returns: whether it was ever heard of, or lost
 */
gboolean
floe_hosts_knows (FloeHosts *self, const gchar *name)
{
  return g_hash_table_contains (self->hosts, name);
}

/**
 * floe_hosts_get_capacity:
 *
 * Returns: (transfer none) (nullable): as it was last measured
 */
const FloeHostCapacity *
floe_hosts_get_capacity (FloeHosts *self, const gchar *name)
{
  const Host *host = g_hash_table_lookup (self->hosts, name);

  return host != NULL ? host->capacity : NULL;
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const gchar *const *)a, *(const gchar *const *)b);
}

/**
 * floe_hosts_list:
 *
 * Returns: (transfer full): the names of all that are known, in order
 */
GStrv
floe_hosts_list (FloeHosts *self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, self->hosts);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (GStrv)g_ptr_array_steal (names, NULL);
}

static void
floe_hosts_finalize (GObject *object)
{
  g_hash_table_unref (FLOE_HOSTS (object)->hosts);
  G_OBJECT_CLASS (floe_hosts_parent_class)->finalize (object);
}

static void
floe_hosts_class_init (FloeHostsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_hosts_finalize;
}

static void
floe_hosts_init (FloeHosts *self)
{
  self->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, host_free);
}

/**
 * floe_hosts_new:
 * @manager: who measures them
 *
 * Returns: (transfer full): knows of none yet
 */
FloeHosts *
floe_hosts_new (FloeManager *manager)
{
  FloeHosts *self = g_object_new (FLOE_TYPE_HOSTS, NULL);

  g_signal_connect_object (manager, "host-measured", G_CALLBACK (on_measured), self, 0);
  return self;
}
