/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/foreign-names.h"

#include <string.h>

struct _FloeForeignNames
{
  GObject parent_instance;

  GHashTable *hosts; /* name to a table of domain id to Domain */
};

typedef struct
{
  gchar *name;
  gchar *pool; /* whose clone it is; NULL for none's */
  gchar *installation;
} Domain;

static Domain *
domain_new (const FloeDomain *from)
{
  Domain *self = g_new0 (Domain, 1);

  self->name = g_strdup (from->name);
  self->pool = from->made ? g_strdup (from->pool) : NULL;
  self->installation = g_strdup (from->installation);
  return self;
}

static void
domain_free (gpointer data)
{
  Domain *self = data;

  g_free (self->name);
  g_free (self->pool);
  g_free (self->installation);
  g_free (self);
}

G_DEFINE_FINAL_TYPE (FloeForeignNames, floe_foreign_names, G_TYPE_OBJECT)

static GHashTable *
names_of (FloeForeignNames *self, const gchar *host)
{
  GHashTable *names = g_hash_table_lookup (self->hosts, host);

  if (names == NULL)
    {
      names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, domain_free);
      g_hash_table_insert (self->hosts, g_strdup (host), names);
    }
  return names;
}

static void
on_domain_changed (FloeManager *manager, const FloeDomain *domain, FloeForeignNames *self)
{
  g_hash_table_replace (names_of (self, domain->host), g_strdup (domain->id), domain_new (domain));
}

static void
on_host_listed (FloeManager *manager, const gchar *host, GPtrArray *domains, FloeForeignNames *self)
{
  g_hash_table_remove_all (names_of (self, host));
  for (guint i = 0; i < domains->len; i++)
    on_domain_changed (manager, domains->pdata[i], self);
}

static void
on_domain_gone (FloeManager *manager, const gchar *host, const gchar *id, FloeForeignNames *self)
{
  g_hash_table_remove (names_of (self, host), id);
}

static void
floe_foreign_names_finalize (GObject *object)
{
  g_hash_table_unref (FLOE_FOREIGN_NAMES (object)->hosts);
  G_OBJECT_CLASS (floe_foreign_names_parent_class)->finalize (object);
}

static void
floe_foreign_names_class_init (FloeForeignNamesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_foreign_names_finalize;
}

static void
floe_foreign_names_init (FloeForeignNames *self)
{
  self->hosts =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
}

/**
 * floe_foreign_names_new:
 * @manager: (transfer none): whose domains it follows from now on
 *
 * Returns: (transfer full): knows none until the manager lists its hosts
 */
FloeForeignNames *
floe_foreign_names_new (FloeManager *manager)
{
  FloeForeignNames *self = g_object_new (FLOE_TYPE_FOREIGN_NAMES, NULL);

  g_signal_connect_object (manager, "host-listed", G_CALLBACK (on_host_listed), self, 0);
  g_signal_connect_object (manager, "domain-changed", G_CALLBACK (on_domain_changed), self, 0);
  g_signal_connect_object (manager, "domain-gone", G_CALLBACK (on_domain_gone), self, 0);
  return self;
}

/* A host's name has no blank, so what stands behind the first one is the domain's. */
static gchar *
join (const gchar *host, const gchar *name)
{
  return g_strdup_printf ("%s %s", host, name);
}

/* The pool's own clones are counted by their numbers, in the store. */
static gboolean
is_taken (const Domain *domain, const FloePool *pool, const gchar *installation)
{
  const gchar *prefix = pool->template->prefix;
  gsize length = strlen (prefix);
  gboolean own =
      g_strcmp0 (domain->pool, pool->name) == 0
      && (domain->installation == NULL || g_strcmp0 (domain->installation, installation) == 0);

  return !own && strncmp (domain->name, prefix, length) == 0 && domain->name[length] == '-'
         && g_ascii_isdigit (domain->name[length + 1]);
}

/**
 * floe_foreign_names_find:
 * @pool: a pool with a template
 * @installation: (nullable): see floe_tx_get_installation()
 *
 * Returns: (transfer full): names that a clone of this pool might get and that other domains have,
 *   also clones of another pool or of another Floe, for floe_foreign_names_has(); to be read by any
 * thread
 */
GHashTable *
floe_foreign_names_find (FloeForeignNames *self, const FloePool *pool, const gchar *installation)
{
  GHashTable *found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter hosts;
  gpointer host, names;

  g_hash_table_iter_init (&hosts, self->hosts);
  while (g_hash_table_iter_next (&hosts, &host, &names))
    {
      GHashTableIter domains;
      gpointer domain;

      g_hash_table_iter_init (&domains, names);
      while (g_hash_table_iter_next (&domains, NULL, &domain))
        if (is_taken (domain, pool, installation))
          g_hash_table_add (found, join (host, ((Domain *)domain)->name));
    }
  return found;
}

/**
 * floe_foreign_names_has:
 * @found: (nullable): from floe_foreign_names_find()
 *
 * Returns: whether somebody else's domain of this name is on that host
 */
gboolean
floe_foreign_names_has (GHashTable *found, const gchar *host, const gchar *name)
{
  g_autofree gchar *key = found != NULL ? join (host, name) : NULL;

  return key != NULL && g_hash_table_contains (found, key);
}

/**
 * floe_foreign_names_describe:
 *
 * Returns: (transfer full) (nullable): what an administrator is told of them; %NULL for none
 */
gchar *
floe_foreign_names_describe (GHashTable *found)
{
  const gchar *first = NULL;
  GHashTableIter iter;
  gpointer key;
  gsize host;

  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (first == NULL || strcmp (key, first) < 0)
      first = key;
  if (first == NULL)
    return NULL;
  host = strcspn (first, " ");
  if (g_hash_table_size (found) == 1)
    return g_strdup_printf ("%s on host %.*s is not of this pool: its name is left out",
                            first + host + 1, (gint)host, first);
  return g_strdup_printf ("%s on host %.*s and %u more are not of this pool: their names are"
                          " left out",
                          first + host + 1, (gint)host, first, g_hash_table_size (found) - 1);
}
