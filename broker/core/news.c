/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/news.h"

#include "core/error.h"
#include "core/transition.h"

struct _FloeNews
{
  GObject parent_instance;

  FloeStore *store;
  FloeTerm *term;
  GHashTable *waiting; /* ids of desktops */
  gboolean reading;
};

static guint desktop_signal;

G_DEFINE_FINAL_TYPE (FloeNews, floe_news, G_TYPE_OBJECT)

/* An engine has in its log for whom it is asked. */
static gboolean
find_request (FloeTx *tx, FloeChange *change, GError **error)
{
  FloeIntent intent = change->desktop->facts.intent;

  return !change->desktop->engine || intent == FLOE_INTENT_NONE
         || floe_change_find_request (change, tx, floe_intent_name (intent), "intent", error);
}

static gpointer
read_changes (FloeTx *tx, gconstpointer data, GError **error)
{
  const GPtrArray *ids = data;
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_change_free);

  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (GError) local_error = NULL;
      FloeDesktop *desktop = floe_tx_get_desktop (tx, ids->pdata[i], &local_error);

      if (desktop != NULL)
        {
          FloeChange *change = floe_change_new (desktop);

          g_ptr_array_add (changes, change);
          if (!find_request (tx, change, error))
            return NULL;
        }
      else if (!g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }
  return g_steal_pointer (&changes);
}

static void read_next (FloeNews *self);

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeNews) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = floe_store_finish (FLOE_STORE (source), result, &error);
  gboolean leading = floe_term_is_leading (self->term);

  self->reading = FALSE;
  if (changes == NULL) /* the next listing of the hosts finds what is under way */
    g_message ("what another broker changed was not read: %s", error->message);
  for (guint i = 0; changes != NULL && i < changes->len; i++)
    g_signal_emit (self, desktop_signal, 0, changes->pdata[i], leading);
  read_next (self);
}

static gint
compare_ids (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const gchar *const *)a, *(const gchar *const *)b);
}

/* All brokers lock desktops in the order of their ids. */
static GPtrArray *
take_ids (FloeNews *self)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, self->waiting);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      g_ptr_array_add (ids, id);
      g_hash_table_iter_steal (&iter);
    }
  g_ptr_array_sort (ids, compare_ids);
  return ids;
}

static void
read_next (FloeNews *self)
{
  if (self->reading || g_hash_table_size (self->waiting) == 0)
    return;
  self->reading = TRUE;
  if (floe_term_is_leading (self->term))
    floe_store_write_async (self->store, read_changes, take_ids (self),
                            (GDestroyNotify)g_ptr_array_unref, (GDestroyNotify)g_ptr_array_unref,
                            answered, g_object_ref (self));
  else
    floe_store_read_async (self->store, read_changes, take_ids (self),
                           (GDestroyNotify)g_ptr_array_unref, (GDestroyNotify)g_ptr_array_unref,
                           NULL, answered, g_object_ref (self));
}

/**
 * floe_news_add:
 * @desktop_id: what another broker changed
 */
void
floe_news_add (FloeNews *self, const gchar *desktop_id)
{
  g_hash_table_add (self->waiting, g_strdup (desktop_id));
  read_next (self);
}

static void
floe_news_finalize (GObject *object)
{
  FloeNews *self = FLOE_NEWS (object);

  g_hash_table_unref (self->waiting);
  g_object_unref (self->store);
  g_object_unref (self->term);
  G_OBJECT_CLASS (floe_news_parent_class)->finalize (object);
}

static void
floe_news_class_init (FloeNewsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_news_finalize;
  desktop_signal = g_signal_new ("desktop", FLOE_TYPE_NEWS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_BOOLEAN);
}

static void
floe_news_init (FloeNews *self)
{
  self->waiting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * floe_news_new:
 * @store: where desktops are kept
 * @term: whether this broker leads
 *
 * Returns: (transfer full): knows of none
 */
FloeNews *
floe_news_new (FloeStore *store, FloeTerm *term)
{
  FloeNews *self = g_object_new (FLOE_TYPE_NEWS, NULL);

  self->store = g_object_ref (store);
  self->term = g_object_ref (term);
  return self;
}
