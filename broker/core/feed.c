/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/feed.h"

#include "core/date.h"

#define LOOK_EVERY  (250 * 1000)
#define AT_ONCE     1000
#define PRUNE_EVERY (60 * G_USEC_PER_SEC)
#define KEEP_FOR    (10 * 60 * G_USEC_PER_SEC)

/* Places that are left out are looked for as long as a transaction can take. Most of them belong to
 * one that was undone, and never show; of very many only the last ones are looked for: whatever is
 * missed all the same is found when the hosts are listed the next time. */
#define GAP_FOR  (15 * G_USEC_PER_SEC)
#define MAX_GAPS 64

struct _FloeFeed
{
  GObject parent_instance;

  FloeStore *store;
  FloeClock *clock;
  gboolean running;
  gboolean looking;
  gboolean placed;  /* @after is known */
  gboolean failing; /* the last look */
  gint64 after;
  GArray *gaps; /* Gap, in order */
  guint look;
  guint prune;
};

typedef struct
{
  gint64 seq;
  gint64 until; /* elapsed microseconds */
} Gap;

typedef struct
{
  gboolean placed;
  gint64 after;
  GArray *gaps;
} Input;

typedef struct
{
  gint64 end; /* where to begin */
  GPtrArray *entries;
} Seen;

static guint told_signal;

G_DEFINE_FINAL_TYPE (FloeFeed, floe_feed, G_TYPE_OBJECT)

static void
input_free (gpointer data)
{
  Input *input = data;

  g_array_unref (input->gaps);
  g_free (input);
}

static void
seen_free (gpointer data)
{
  Seen *seen = data;

  g_ptr_array_unref (seen->entries);
  g_free (seen);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Seen, seen_free)

/* Reading. */

static gboolean
fill_gaps (FloeTx *tx, const Input *input, GPtrArray *entries, GError **error)
{
  for (guint i = 0; i < input->gaps->len; i++)
    {
      gint64 seq = g_array_index (input->gaps, Gap, i).seq;
      g_autoptr (GPtrArray) next = floe_tx_list_feed (tx, seq - 1, 1, error);

      if (next == NULL)
        return FALSE;
      if (next->len > 0 && ((FloeFeedEntry *)next->pdata[0])->seq == seq)
        g_ptr_array_add (entries, g_ptr_array_steal_index (next, 0));
    }
  return TRUE;
}

static gpointer
read_feed (FloeTx *tx, gconstpointer data, GError **error)
{
  const Input *input = data;
  g_autoptr (Seen) seen = g_new0 (Seen, 1);
  g_autoptr (GPtrArray) new = NULL;

  seen->entries = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_feed_entry_free);
  if (!input->placed)
    return floe_tx_get_feed_end (tx, &seen->end, error) ? g_steal_pointer (&seen) : NULL;
  if (!fill_gaps (tx, input, seen->entries, error))
    return NULL;
  new = floe_tx_list_feed (tx, input->after, AT_ONCE, error);
  if (new == NULL)
    return NULL;
  g_ptr_array_extend_and_steal (seen->entries, g_steal_pointer (&new));
  return g_steal_pointer (&seen);
}

/* What was read. */

static void
forget_gap (FloeFeed *self, gint64 seq)
{
  for (guint i = 0; i < self->gaps->len; i++)
    if (g_array_index (self->gaps, Gap, i).seq == seq)
      {
        g_array_remove_index (self->gaps, i);
        return;
      }
}

static void
note_gaps (FloeFeed *self, gint64 before)
{
  gint64 until = floe_clock_elapsed (self->clock) + GAP_FOR;

  for (gint64 seq = MAX (self->after + 1, before - MAX_GAPS); seq < before; seq++)
    {
      Gap gap = { seq, until };

      g_array_append_val (self->gaps, gap);
    }
  if (self->gaps->len > MAX_GAPS)
    g_array_remove_range (self->gaps, 0, self->gaps->len - MAX_GAPS);
}

static void
drop_old_gaps (FloeFeed *self)
{
  gint64 now = floe_clock_elapsed (self->clock);
  guint n = 0;

  while (n < self->gaps->len && g_array_index (self->gaps, Gap, n).until <= now)
    n++;
  if (n > 0)
    g_array_remove_range (self->gaps, 0, n);
}

static void
note_place (FloeFeed *self, gint64 seq)
{
  if (seq <= self->after)
    {
      forget_gap (self, seq);
      return;
    }
  note_gaps (self, seq);
  self->after = seq;
}

/* The same thing is often changed several times in a row. */
static void
tell (FloeFeed *self, GPtrArray *entries)
{
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < entries->len && self->running; i++)
    {
      const FloeFeedEntry *entry = entries->pdata[i];

      note_place (self, entry->seq);
      if (!entry->own
          && g_hash_table_add (told, g_strconcat (entry->kind, " ", entry->subject, NULL)))
        g_signal_emit (self, told_signal, 0, entry);
    }
}

static gboolean look_due (gpointer data);

static void
looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFeed) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (Seen) seen = floe_store_finish (FLOE_STORE (source), result, &error);

  self->looking = FALSE;
  if (!self->running)
    return;
  if (seen == NULL && !self->failing)
    g_warning ("what other brokers change is not heard: %s", error->message);
  self->failing = seen == NULL;
  if (seen == NULL)
    return;
  if (!self->placed)
    self->after = seen->end;
  self->placed = TRUE;
  tell (self, seen->entries);
  drop_old_gaps (self);
  if (seen->entries->len >= AT_ONCE)
    look_due (self);
}

static gboolean
look_due (gpointer data)
{
  FloeFeed *self = data;
  Input *input;

  if (self->looking || !self->running)
    return G_SOURCE_CONTINUE;
  self->looking = TRUE;
  input = g_new (Input, 1);
  input->placed = self->placed;
  input->after = self->after;
  input->gaps = g_array_copy (self->gaps);
  floe_store_read_async (self->store, read_feed, input, input_free, seen_free, NULL, looked,
                         g_object_ref (self));
  return G_SOURCE_CONTINUE;
}

/**
 * floe_feed_start:
 *
 * Tells what is changed from now on.
 */
void
floe_feed_start (FloeFeed *self)
{
  if (self->running)
    return;
  self->running = TRUE;
  self->look = floe_clock_add_timeout (self->clock, LOOK_EVERY, look_due, self, NULL);
  look_due (self);
}

void
floe_feed_stop (FloeFeed *self)
{
  self->running = FALSE;
  floe_clock_clear_timeout (self->clock, &self->look);
  floe_feed_set_pruning (self, FALSE);
}

/* Pruning. */

static gpointer
prune (FloeTx *tx, gconstpointer before, GError **error)
{
  return floe_tx_prune_feed (tx, *(const gint64 *)before, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static void
pruned (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_message ("what every broker has heard is still kept: %s", error->message);
}

static gboolean
prune_due (gpointer data)
{
  FloeFeed *self = data;
  gint64 *before = g_new (gint64, 1);

  *before = floe_date_of (floe_clock_now (self->clock)) - KEEP_FOR;
  floe_store_write_async (self->store, prune, before, g_free, NULL, pruned, NULL);
  return G_SOURCE_CONTINUE;
}

/**
 * floe_feed_set_pruning:
 * @pruning: whether this broker is the one that throws away what is old
 */
void
floe_feed_set_pruning (FloeFeed *self, gboolean pruning)
{
  floe_clock_clear_timeout (self->clock, &self->prune);
  if (pruning)
    self->prune = floe_clock_add_timeout (self->clock, PRUNE_EVERY, prune_due, self, NULL);
}

static void
floe_feed_finalize (GObject *object)
{
  FloeFeed *self = FLOE_FEED (object);

  floe_feed_stop (self);
  g_array_unref (self->gaps);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_feed_parent_class)->finalize (object);
}

static void
floe_feed_class_init (FloeFeedClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_feed_finalize;
  told_signal = g_signal_new ("told", FLOE_TYPE_FEED, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
floe_feed_init (FloeFeed *self)
{
  self->gaps = g_array_new (FALSE, FALSE, sizeof (Gap));
}

FloeFeed *
floe_feed_new (FloeStore *store, FloeClock *clock)
{
  FloeFeed *self = g_object_new (FLOE_TYPE_FEED, NULL);

  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  return self;
}
