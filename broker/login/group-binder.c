/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/group-binder.h"

#include "core/terminal.h"

#include <string.h>

/* What no directory knows, or more than one group is called, is not looked for again before this.
 */
#define PAUSE (10 * G_TIME_SPAN_MINUTE)

struct _FloeGroupBinder
{
  GObject parent_instance;

  FloeDirectory *directory;
  FloeStore *store;
  FloeClock *clock;
  GPtrArray *names;  /* FloeGroupBinding: those still to be looked for; NULL between two passes */
  GHashTable *later; /* names, and until when they are not looked for, elapsed */
  GHashTable *told;  /* of which names something was told */
  gboolean running;
  gboolean again;   /* pools were changed meanwhile */
  gboolean checked; /* what is bound was looked for once */
  gboolean failing; /* the store, the last time */
};

G_DEFINE_FINAL_TYPE (FloeGroupBinder, floe_group_binder, G_TYPE_OBJECT)

typedef struct
{
  FloeGroupBinder *binder;
  FloeGroupBinding *group;
} Look;

typedef struct
{
  FloeGroupBinding *group;
  gint64 now;
} Binding;

static void
look_free (Look *look)
{
  g_object_unref (look->binder);
  floe_group_binding_free (look->group);
  g_free (look);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Look, look_free)

static void
binding_free (gpointer data)
{
  Binding *binding = data;

  floe_group_binding_free (binding->group);
  g_free (binding);
}

static void look_for_next (FloeGroupBinder *self);

/* An id is one already, of this directory or another one, and a terminal group is not a
 * directory's. */
static gboolean
is_plain (const gchar *folded)
{
  return !g_str_has_prefix (folded, FLOE_TERMINAL_GROUPS) && strstr (folded, "sid:") == NULL
         && strstr (folded, "uuid:") == NULL;
}

/* Told once, until it goes well again. */
static void
set_failing (FloeGroupBinder *self, const GError *error)
{
  if (error != NULL && !self->failing && self->running)
    g_warning ("which groups the names in pools stand for is not recorded: %s", error->message);
  self->failing = error != NULL;
}

static gboolean
put_row (FloeTx *tx, const Binding *binding, const gchar *pool, GError **error)
{
  g_autoptr (FloeAudit) row = floe_audit_new (binding->now, "pool-bind", pool, "done");

  row->detail = g_strdup_printf ("%s is %s", binding->group->name, binding->group->id);
  return floe_tx_put_audit (tx, row, error);
}

static gpointer
record (FloeTx *tx, gconstpointer data, GError **error)
{
  const Binding *binding = data;
  g_auto (GStrv) pools = NULL;

  if (!floe_tx_bind_group (tx, binding->group->name, binding->group->id, &pools, error))
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

  floe_store_finish (FLOE_STORE (source), result, &error);
  set_failing (self, error);
  look_for_next (self);
}

static void
bind_name (FloeGroupBinder *self, const gchar *name, const gchar *id)
{
  Binding *binding = g_new0 (Binding, 1);

  binding->group = floe_group_binding_new (name, id);
  binding->now = floe_clock_now (self->clock);
  floe_store_write_async (self->store, record, binding, binding_free, NULL, recorded,
                          g_object_ref (self));
}

static void
put_off (FloeGroupBinder *self, const gchar *name)
{
  gint64 until = floe_clock_elapsed (self->clock) + PAUSE;

  g_hash_table_insert (self->later, g_strdup (name), g_memdup2 (&until, sizeof until));
}

static gboolean
is_put_off (FloeGroupBinder *self, const FloeGroupBinding *group)
{
  const gint64 *until = g_hash_table_lookup (self->later, group->name);

  if (until == NULL || floe_clock_elapsed (self->clock) < *until)
    return until != NULL;
  g_hash_table_remove (self->later, group->name);
  return FALSE;
}

/* Once, and again when it had been right meanwhile. */
static void
tell_several (FloeGroupBinder *self, const gchar *name, GStrv ids)
{
  g_autofree gchar *list = g_strjoinv (", ", ids);

  if (g_hash_table_add (self->told, g_strdup (name)))
    g_warning ("several groups are called \"%s\", and pools that name it are open to all of them: "
               "name the right one by its id, which is one of %s",
               name, list);
}

/* A directory that was made anew has other ids for all of them: nobody would know why they get
 * nothing. What is called something else now is as it should be, and not found. */
static void
compare (const FloeGroupBinding *group, GStrv ids)
{
  g_autofree gchar *list = NULL;

  if (ids[0] == NULL || g_strv_contains ((const gchar *const *)ids, group->id))
    return;
  list = g_strjoinv (", ", ids);
  g_warning (
      "pools were given to the group \"%s\" when that was %s, and it is %s now, to which they "
      "are not open: to give them to that one, take the name out of them and put it in again",
      group->name, group->id, list);
}

static void
take (FloeGroupBinder *self, const FloeGroupBinding *group, GStrv ids)
{
  guint n = g_strv_length (ids);

  if (group->id != NULL)
    compare (group, ids);
  else if (n == 1)
    {
      g_hash_table_remove (self->told, group->name);
      bind_name (self, group->name, ids[0]);
      return;
    }
  else
    put_off (self, group->name);
  if (group->id == NULL && n > 1)
    tell_several (self, group->name, ids);
  look_for_next (self);
}

static void
found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Look) look = data;
  FloeGroupBinder *self = look->binder;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) ids = floe_directory_find_group_finish (FLOE_DIRECTORY (source), result, &error);

  if (ids != NULL)
    {
      take (self, look->group, ids);
      return;
    }
  /* Each of the others would wait as long for a directory that does not answer. */
  g_info ("group \"%s\" was not looked for: %s", look->group->name, error->message);
  g_ptr_array_set_size (self->names, 0);
  self->again = FALSE;
  self->checked = FALSE;
  look_for_next (self);
}

static void
end_pass (FloeGroupBinder *self)
{
  g_clear_pointer (&self->names, g_ptr_array_unref);
  if (self->again)
    floe_group_binder_pass (self);
}

/* One after the other: nobody waits for it, and log-ins need the directory's connections. Whatever
 * case somebody wrote it in, it is one name. */
static void
look_for_next (FloeGroupBinder *self)
{
  g_autofree gchar *folded = NULL;
  Look *look;

  if (self->names->len == 0 || !self->running)
    {
      end_pass (self);
      return;
    }
  look = g_new0 (Look, 1);
  look->binder = g_object_ref (self);
  look->group = g_ptr_array_steal_index_fast (self->names, self->names->len - 1);
  folded = g_utf8_casefold (look->group->name, -1);
  floe_directory_find_group_async (self->directory, folded, NULL, found, look);
}

static gpointer
list (FloeTx *tx, gconstpointer data, GError **error)
{
  g_autoptr (GPtrArray) groups = floe_tx_list_groups (tx, error);

  for (guint i = groups != NULL ? groups->len : 0; i > 0; i--)
    {
      const FloeGroupBinding *group = groups->pdata[i - 1];
      g_autofree gchar *folded = g_utf8_casefold (group->name, -1);

      if (!is_plain (folded))
        g_ptr_array_remove_index_fast (groups, i - 1);
    }
  return g_steal_pointer (&groups);
}

static gboolean
is_wanted (FloeGroupBinder *self, const FloeGroupBinding *group, gboolean check)
{
  return group->id != NULL ? check : !is_put_off (self, group);
}

static void
listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeGroupBinder) self = data;
  g_autoptr (GError) error = NULL;
  GPtrArray *groups = floe_store_finish (FLOE_STORE (source), result, &error);
  gboolean check = !self->checked;

  set_failing (self, error);
  if (groups != NULL)
    {
      g_ptr_array_unref (self->names);
      self->names = groups;
      self->checked = TRUE;
    }
  for (guint i = self->names->len; i > 0; i--)
    if (!is_wanted (self, self->names->pdata[i - 1], check))
      g_ptr_array_remove_index_fast (self->names, i - 1);
  look_for_next (self);
}

/**
 * floe_group_binder_pass:
 *
 * Looks for the names that stand for themselves; when that is under way, once more behind it. The
 * first time for what is bound, too, to tell when the directory has other groups of those names.
 */
void
floe_group_binder_pass (FloeGroupBinder *self)
{
  self->again = self->names != NULL;
  if (self->again || !self->running)
    return;
  self->names = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_group_binding_free);
  floe_store_read_async (self->store, list, NULL, NULL, (GDestroyNotify)g_ptr_array_unref, NULL,
                         listed, g_object_ref (self));
}

/**
 * floe_group_binder_start:
 *
 * From now on passes are made.
 */
void
floe_group_binder_start (FloeGroupBinder *self)
{
  self->running = TRUE;
  floe_group_binder_pass (self);
}

void
floe_group_binder_stop (FloeGroupBinder *self)
{
  self->running = FALSE;
}

static void
floe_group_binder_finalize (GObject *object)
{
  FloeGroupBinder *self = FLOE_GROUP_BINDER (object);

  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_hash_table_unref (self->told);
  g_hash_table_unref (self->later);
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
  self->later = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
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
