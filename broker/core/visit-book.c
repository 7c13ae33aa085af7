/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/visit-book.h"

#include <string.h>

#define WRITE_AFTER (15 * G_USEC_PER_SEC)
/* A rush is written in several turns, each of which is short; what is more than that is not kept:
 * it is there to be looked at only. */
#define AT_ONCE  1000
#define MAX_HELD 50000

struct _FloeVisitBook
{
  GObject parent_instance;

  FloeStore *store;
  FloeClock *clock;
  GHashTable *visits; /* "KIND USER" to FloeVisit: not written yet */
  guint due;
};

G_DEFINE_FINAL_TYPE (FloeVisitBook, floe_visit_book, G_TYPE_OBJECT)

/* In one order, so that two brokers that write the same rows wait for each other at most. */
static gint
compare_visits (gconstpointer a, gconstpointer b)
{
  const FloeVisit *x = *(FloeVisit *const *)a;
  const FloeVisit *y = *(FloeVisit *const *)b;
  gint order = strcmp (x->user_id, y->user_id);

  return order != 0 ? order : (gint)x->kind - (gint)y->kind;
}

static gpointer
write_visits (FloeTx *tx, gconstpointer input, GError **error)
{
  const GPtrArray *visits = input;

  for (guint i = 0; i < visits->len; i++)
    if (!floe_tx_put_visit (tx, visits->pdata[i], error))
      return NULL;
  return GINT_TO_POINTER (TRUE);
}

static void
written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_info ("how log-ins went is not recorded: %s", error->message);
}

/* Returns: (transfer full): some of them, which are held no more */
static GPtrArray *
take_some (FloeVisitBook *self)
{
  GPtrArray *some = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_visit_free);
  GHashTableIter iter;
  gpointer key, visit;

  g_hash_table_iter_init (&iter, self->visits);
  while (some->len < AT_ONCE && g_hash_table_iter_next (&iter, &key, &visit))
    {
      g_hash_table_iter_steal (&iter);
      g_free (key);
      g_ptr_array_add (some, visit);
    }
  g_ptr_array_sort (some, compare_visits);
  return some;
}

static gboolean
on_due (gpointer data)
{
  FloeVisitBook *self = data;

  floe_store_note_async (self->store, write_visits, take_some (self),
                         (GDestroyNotify)g_ptr_array_unref, NULL, written, NULL);
  if (g_hash_table_size (self->visits) > 0)
    return G_SOURCE_CONTINUE;
  self->due = 0;
  return G_SOURCE_REMOVE;
}

/**
 * floe_visit_book_note:
 * @visit: of somebody whom the store knows; the newest of each kind is kept
 */
void
floe_visit_book_note (FloeVisitBook *self, const FloeVisit *visit)
{
  gchar *key = g_strdup_printf ("%u %s", (guint)visit->kind, visit->user_id);

  if (g_hash_table_size (self->visits) >= MAX_HELD)
    g_hash_table_remove_all (self->visits);
  g_hash_table_replace (self->visits, key, floe_visit_copy (visit));
  if (self->due == 0)
    self->due = floe_clock_add_timeout (self->clock, WRITE_AFTER, on_due, self, NULL);
}

/**
 * floe_visit_book_stop:
 *
 * Writes what is not written yet.
 */
void
floe_visit_book_stop (FloeVisitBook *self)
{
  floe_clock_clear_timeout (self->clock, &self->due);
  while (g_hash_table_size (self->visits) > 0)
    on_due (self);
}

static void
floe_visit_book_finalize (GObject *object)
{
  FloeVisitBook *self = FLOE_VISIT_BOOK (object);

  floe_clock_clear_timeout (self->clock, &self->due);
  g_hash_table_unref (self->visits);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_visit_book_parent_class)->finalize (object);
}

static void
floe_visit_book_class_init (FloeVisitBookClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_visit_book_finalize;
}

static void
floe_visit_book_init (FloeVisitBook *self)
{
  self->visits =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)floe_visit_free);
}

FloeVisitBook *
floe_visit_book_new (FloeStore *store, FloeClock *clock)
{
  FloeVisitBook *self = g_object_new (FLOE_TYPE_VISIT_BOOK, NULL);

  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  return self;
}
