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
  GHashTable *visits;    /* "KIND USER" to FloeVisit: not written yet */
  GHashTable *qualities; /* desktop id to FloeSessionQuality, likewise */
  GHashTable *pictures;  /* "USER DESKTOP" to FloeVisit, of which only the picture counts: of a
                            connect that is written already */
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

static gint
compare_qualities (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(FloeSessionQuality *const *)a)->desktop_id,
                 (*(FloeSessionQuality *const *)b)->desktop_id);
}

typedef struct
{
  GPtrArray *visits;
  GPtrArray *qualities;
  GPtrArray *pictures;
} Batch;

static void
batch_free (gpointer data)
{
  Batch *batch = data;

  g_ptr_array_unref (batch->visits);
  g_ptr_array_unref (batch->qualities);
  g_ptr_array_unref (batch->pictures);
  g_free (batch);
}

static gpointer
write_batch (FloeTx *tx, gconstpointer input, GError **error)
{
  const Batch *batch = input;

  for (guint i = 0; i < batch->visits->len; i++)
    if (!floe_tx_put_visit (tx, batch->visits->pdata[i], error))
      return NULL;
  for (guint i = 0; i < batch->qualities->len; i++)
    if (!floe_tx_put_quality (tx, batch->qualities->pdata[i], error))
      return NULL;
  for (guint i = 0; i < batch->pictures->len; i++)
    {
      const FloeVisit *visit = batch->pictures->pdata[i];

      if (!floe_tx_add_picture (tx, visit->user_id, visit->desktop_id,
                                visit->took[FLOE_PHASE_PICTURE], error))
        return NULL;
    }
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
take_some (GHashTable *table, GDestroyNotify item_free, GCompareFunc order)
{
  GPtrArray *some = g_ptr_array_new_with_free_func (item_free);
  GHashTableIter iter;
  gpointer key, item;

  g_hash_table_iter_init (&iter, table);
  while (some->len < AT_ONCE && g_hash_table_iter_next (&iter, &key, &item))
    {
      g_hash_table_iter_steal (&iter);
      g_free (key);
      g_ptr_array_add (some, item);
    }
  g_ptr_array_sort (some, order);
  return some;
}

static gboolean
has_any (FloeVisitBook *self)
{
  return g_hash_table_size (self->visits) > 0 || g_hash_table_size (self->qualities) > 0
         || g_hash_table_size (self->pictures) > 0;
}

static gboolean
on_due (gpointer data)
{
  FloeVisitBook *self = data;
  Batch *batch = g_new0 (Batch, 1);

  batch->visits = take_some (self->visits, (GDestroyNotify)floe_visit_free, compare_visits);
  batch->qualities =
      take_some (self->qualities, (GDestroyNotify)floe_session_quality_free, compare_qualities);
  batch->pictures = take_some (self->pictures, (GDestroyNotify)floe_visit_free, compare_visits);
  floe_store_note_async (self->store, write_batch, batch, batch_free, NULL, written, NULL);
  if (has_any (self))
    return G_SOURCE_CONTINUE;
  self->due = 0;
  return G_SOURCE_REMOVE;
}

/* Takes @key and @item. */
static void
hold (FloeVisitBook *self, GHashTable *table, gchar *key, gpointer item)
{
  if (g_hash_table_size (table) >= MAX_HELD)
    g_hash_table_remove_all (table);
  g_hash_table_replace (table, key, item);
  if (self->due == 0)
    self->due = floe_clock_add_timeout (self->clock, WRITE_AFTER, on_due, self, NULL);
}

static gchar *
make_key (FloeVisitKind kind, const gchar *user_id)
{
  return g_strdup_printf ("%u %s", (guint)kind, user_id);
}

static gchar *
make_picture_key (const FloeVisit *visit)
{
  return g_strdup_printf ("%s %s", visit->user_id, visit->desktop_id);
}

/* It goes with the connect that it ends, and is of no interest after the next one, to another
 * desktop. */
static void
note_picture (FloeVisitBook *self, const FloeSessionQuality *quality)
{
  g_autofree gchar *key = make_key (FLOE_VISIT_CONNECT, quality->user_id);
  FloeVisit *visit = g_hash_table_lookup (self->visits, key);
  gint64 took = quality->picture_ms * G_TIME_SPAN_MILLISECOND;

  if (visit != NULL && g_strcmp0 (visit->desktop_id, quality->desktop_id) == 0)
    visit->took[FLOE_PHASE_PICTURE] = took;
  if (visit != NULL)
    return;
  visit = floe_visit_new (quality->user_id, FLOE_VISIT_CONNECT, quality->at);
  visit->desktop_id = g_strdup (quality->desktop_id);
  visit->took[FLOE_PHASE_PICTURE] = took;
  hold (self, self->pictures, make_picture_key (visit), visit);
}

/**
 * floe_visit_book_note_quality:
 * @quality: of the session of somebody who has the desktop; the newest is kept
 */
void
floe_visit_book_note_quality (FloeVisitBook *self, const FloeSessionQuality *quality)
{
  if (quality->picture_ms > 0)
    note_picture (self, quality);
  if (quality->level == FLOE_LEVEL_NONE)
    return;
  hold (self, self->qualities, g_strdup (quality->desktop_id), floe_session_quality_copy (quality));
}

/**
 * floe_visit_book_note:
 * @visit: of somebody whom the store knows; the newest of each kind is kept
 */
void
floe_visit_book_note (FloeVisitBook *self, const FloeVisit *visit)
{
  gchar *key = make_key (visit->kind, visit->user_id);
  g_autofree gchar *picture = make_picture_key (visit);

  if (visit->kind == FLOE_VISIT_CONNECT)
    g_hash_table_remove (self->pictures, picture);
  hold (self, self->visits, key, floe_visit_copy (visit));
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
  while (has_any (self))
    on_due (self);
}

static void
floe_visit_book_finalize (GObject *object)
{
  FloeVisitBook *self = FLOE_VISIT_BOOK (object);

  floe_clock_clear_timeout (self->clock, &self->due);
  g_hash_table_unref (self->visits);
  g_hash_table_unref (self->qualities);
  g_hash_table_unref (self->pictures);
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
  self->qualities = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify)floe_session_quality_free);
  self->pictures =
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
