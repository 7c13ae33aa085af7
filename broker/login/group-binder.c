/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/group-binder.h"

#include "core/terminal.h"

#include <string.h>

struct _FloeGroupBinder
{
  GObject parent_instance;

  FloeDirectory *directory;
  FloeStore *store;
  FloeClock *clock;
  GPtrArray *names; /* those that are still to be looked for; NULL between two passes */
  GHashTable *told; /* names of several groups of which that was told */
  gboolean again;   /* pools were changed meanwhile */
};

G_DEFINE_FINAL_TYPE (FloeGroupBinder, floe_group_binder, G_TYPE_OBJECT)

typedef struct
{
  FloeGroupBinder *binder;
  gchar *name;
} Look;

typedef struct
{
  gchar *name;
  gchar *id;
  gint64 now;
} Binding;

static void
look_free (Look *look)
{
  g_object_unref (look->binder);
  g_free (look->name);
  g_free (look);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Look, look_free)

static void
binding_free (gpointer data)
{
  Binding *binding = data;

  g_free (binding->name);
  g_free (binding->id);
  g_free (binding);
}

static void look_for_next (FloeGroupBinder *self);

/* An id is one already, of this directory or another one, and a terminal group is not a
 * directory's. */
static gboolean
is_plain (const gchar *name)
{
  return !g_str_has_prefix (name, FLOE_TERMINAL_GROUPS) && strstr (name, "sid:") == NULL
         && strstr (name, "uuid:") == NULL;
}

static gboolean
put_row (FloeTx *tx, const Binding *binding, const gchar *pool, GError **error)
{
  g_autoptr (FloeAudit) row = floe_audit_new (binding->now, "pool-bind", pool, "done");

  row->detail = g_strdup_printf ("%s is %s", binding->name, binding->id);
  return floe_tx_put_audit (tx, row, error) && floe_tx_put_feed (tx, "pool", pool, error);
}

static gpointer
record (FloeTx *tx, gconstpointer data, GError **error)
{
  const Binding *binding = data;
  g_auto (GStrv) pools = NULL;

  if (!floe_tx_bind_group (tx, binding->name, binding->id, &pools, error))
    return NULL;
  for (guint i = 0; pools[i] != NULL; i++)
    if (!put_row (tx, binding, pools[i], error))
      return NULL;
  return GINT_TO_POINTER (TRUE);
}

static void
recorded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeGroupBinder) self = data;
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_warning ("which group a name in a pool stands for was not recorded: %s", error->message);
  look_for_next (self);
}

static void
bind_name (FloeGroupBinder *self, const gchar *name, const gchar *id)
{
  Binding *binding = g_new0 (Binding, 1);

  binding->name = g_strdup (name);
  binding->id = g_strdup (id);
  binding->now = floe_clock_now (self->clock);
  floe_store_write_async (self->store, record, binding, binding_free, NULL, recorded,
                          g_object_ref (self));
}

/* Once, and again when it had been one meanwhile. */
static void
tell_several (FloeGroupBinder *self, const gchar *name, GStrv ids)
{
  g_autofree gchar *list = NULL;

  if (!g_hash_table_add (self->told, g_strdup (name)))
    return;
  list = g_strjoinv (", ", ids);
  g_warning ("several groups are called \"%s\", and pools that name it are open to all of them: "
             "name the right one by its id, which is one of %s",
             name, list);
}

static void
found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Look) look = data;
  FloeGroupBinder *self = look->binder;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) ids = floe_directory_find_group_finish (FLOE_DIRECTORY (source), result, &error);
  guint n = ids != NULL ? g_strv_length (ids) : 0;

  if (n == 1)
    {
      g_hash_table_remove (self->told, look->name);
      bind_name (self, look->name, ids[0]);
      return;
    }
  if (n > 1)
    tell_several (self, look->name, ids);
  else if (ids == NULL)
    g_info ("group \"%s\" was not looked for: %s", look->name, error->message);
  look_for_next (self);
}

static void
end_pass (FloeGroupBinder *self)
{
  g_clear_pointer (&self->names, g_ptr_array_unref);
  if (!self->again)
    return;
  self->again = FALSE;
  floe_group_binder_pass (self);
}

/* One after the other: nobody waits for it, and log-ins need the directory's connections. */
static void
look_for_next (FloeGroupBinder *self)
{
  Look *look;

  if (self->names->len == 0)
    {
      end_pass (self);
      return;
    }
  look = g_new0 (Look, 1);
  look->binder = g_object_ref (self);
  look->name = g_ptr_array_steal_index_fast (self->names, self->names->len - 1);
  floe_directory_find_group_async (self->directory, look->name, NULL, found, look);
}

static gpointer
list (FloeTx *tx, gconstpointer data, GError **error)
{
  g_autoptr (GPtrArray) names = floe_tx_list_groups (tx, error);

  for (guint i = names != NULL ? names->len : 0; i > 0; i--)
    if (!is_plain (names->pdata[i - 1]))
      g_ptr_array_remove_index_fast (names, i - 1);
  return g_steal_pointer (&names);
}

static void
listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeGroupBinder) self = data;
  g_autoptr (GError) error = NULL;
  GPtrArray *names = floe_store_finish (FLOE_STORE (source), result, &error);

  if (names == NULL)
    g_warning ("the groups of the pools were not looked for: %s", error->message);
  else
    {
      g_ptr_array_unref (self->names);
      self->names = names;
    }
  look_for_next (self);
}

/**
 * floe_group_binder_pass:
 *
 * Looks for all names that stand for themselves; when that is under way, once more behind it.
 */
void
floe_group_binder_pass (FloeGroupBinder *self)
{
  if (self->names != NULL)
    {
      self->again = TRUE;
      return;
    }
  self->names = g_ptr_array_new_with_free_func (g_free);
  floe_store_read_async (self->store, list, NULL, NULL, (GDestroyNotify)g_ptr_array_unref, NULL,
                         listed, g_object_ref (self));
}

static void
floe_group_binder_finalize (GObject *object)
{
  FloeGroupBinder *self = FLOE_GROUP_BINDER (object);

  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_hash_table_unref (self->told);
  g_object_unref (self->directory);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_group_binder_parent_class)->finalize (object);
}

static void
floe_group_binder_class_init (FloeGroupBinderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_group_binder_finalize;
}

static void
floe_group_binder_init (FloeGroupBinder *self)
{
  self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

FloeGroupBinder *
floe_group_binder_new (FloeDirectory *directory, FloeStore *store, FloeClock *clock)
{
  FloeGroupBinder *self = g_object_new (FLOE_TYPE_GROUP_BINDER, NULL);

  self->directory = g_object_ref (directory);
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  return self;
}
