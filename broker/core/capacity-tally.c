/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/capacity-tally.h"

#include "core/date.h"
#include "core/helpdesk-transactions.h"

#define WRITE_EVERY G_TIME_SPAN_MINUTE
#define PRUNE_EVERY G_TIME_SPAN_HOUR
/* What could not be written for so long is given up. */
#define HOLD_FOR G_TIME_SPAN_DAY
/* A line longer than this need not be counted to its end. */
#define MAX_WAITING 1000

struct _FloeCapacityTally
{
  GObject parent_instance;

  FloeStore *store;
  FloeClock *clock;
  GHashTable *slots; /* "POOL AT" to FloeCapacitySlot of five minutes: not written yet */
  guint due;
  gboolean leads;
  gboolean looking;
  gboolean failing;
  gint64 prune_at; /* elapsed */
};

/* slots: (element-type FloeCapacitySlot): only read by the store's thread */
typedef struct
{
  GPtrArray *slots;
  gboolean prune;
  gint64 today; /* the date */
} Batch;

typedef struct
{
  FloeCapacityTally *tally;
  GPtrArray *slots;
} Writing;

G_DEFINE_FINAL_TYPE (FloeCapacityTally, floe_capacity_tally, G_TYPE_OBJECT)

/* Looking. */

/**
 * floe_capacity_look:
 * @now: microseconds since 1970 UTC
 *
 * Returns: (transfer full): how the pool is; or %NULL with a store's error
 */
FloeCapacityLook *
floe_capacity_look (FloeTx *tx, const FloePool *pool, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) counts = floe_tx_count_desktops (tx, pool->name, now, error);
  g_autoptr (GPtrArray) waits =
      counts != NULL ? floe_tx_list_waits (tx, pool->name, MAX_WAITING, error) : NULL;
  FloePoolReport report = { .pool = (FloePool *)pool };
  FloeCapacityLook *look;

  if (waits == NULL)
    return NULL;
  floe_pool_report_count (&report, counts);
  look = g_new0 (FloeCapacityLook, 1);
  look->pool = g_strdup (pool->name);
  look->size = pool->template != NULL ? MAX (pool->template->maximum, report.held)
                                      : report.total - report.refused;
  look->used = report.held;
  look->spares = report.ready;
  look->waiting = waits->len;
  return look;
}

static gpointer
look_at_all (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (GPtrArray) looks =
      g_ptr_array_new_with_free_func ((GDestroyNotify)floe_capacity_look_free);
  g_autoptr (GPtrArray) pools = floe_tx_list_pools (tx, error);

  for (guint i = 0; pools != NULL && i < pools->len; i++)
    {
      FloeCapacityLook *look =
          floe_capacity_look (tx, pools->pdata[i], *(const gint64 *)input, error);

      if (look == NULL)
        return NULL;
      g_ptr_array_add (looks, look);
    }
  return pools != NULL ? g_steal_pointer (&looks) : NULL;
}

/* What is not written yet. */

static FloeCapacitySlot *
get_slot (FloeCapacityTally *self, const gchar *pool, gint64 date)
{
  gint64 at = floe_capacity_step_begin (FLOE_STEP_MINUTES, date);
  g_autofree gchar *key = g_strdup_printf ("%s %" G_GINT64_FORMAT, pool, at);
  FloeCapacitySlot *slot = g_hash_table_lookup (self->slots, key);

  if (slot == NULL)
    {
      slot = floe_capacity_slot_new (pool, FLOE_STEP_MINUTES, at);
      g_hash_table_insert (self->slots, g_steal_pointer (&key), slot);
    }
  return slot;
}

static void
note_look (FloeCapacityTally *self, const FloeCapacityLook *look, gint64 date)
{
  const FloeCapacitySlot seen = { .looks = 1,
                                  .size = look->size,
                                  .used = look->used,
                                  .demand = (gint64)look->used + look->waiting,
                                  .spares = look->spares };

  floe_capacity_slot_add (get_slot (self, look->pool, date), &seen);
}

/* Writing. */

static void
batch_free (gpointer data)
{
  Batch *batch = data;

  g_ptr_array_unref (batch->slots);
  g_free (batch);
}

static gboolean
prune (FloeTx *tx, gint64 today, GError **error)
{
  for (guint step = 0; step < FLOE_N_STEPS; step++)
    if (!floe_tx_prune_capacity (tx, (FloeCapacityStep)step,
                                 today - floe_capacity_step_kept ((FloeCapacityStep)step),
                                 today + G_TIME_SPAN_DAY, error))
      return FALSE;
  return TRUE;
}

static gpointer
write_batch (FloeTx *tx, gconstpointer input, GError **error)
{
  const Batch *batch = input;
  g_autoptr (GPtrArray) rows = floe_capacity_roll_up (batch->slots);

  for (guint i = 0; i < rows->len; i++)
    if (!floe_tx_add_capacity (tx, rows->pdata[i], error))
      return NULL;
  return !batch->prune || prune (tx, batch->today, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

/* Back to what is not written yet; it may have been written all the same, when the answer of a
 * server was lost, and then counts twice. */
static void
take_back (FloeCapacityTally *self, GPtrArray *slots)
{
  gint64 oldest = floe_date_of (floe_clock_now (self->clock)) - HOLD_FOR;

  for (guint i = 0; i < slots->len; i++)
    {
      const FloeCapacitySlot *slot = slots->pdata[i];

      if (slot->at >= oldest)
        floe_capacity_slot_add (get_slot (self, slot->pool, slot->at), slot);
    }
}

static void
written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Writing *writing = data;
  g_autoptr (FloeCapacityTally) self = writing->tally;
  g_autoptr (GPtrArray) slots = writing->slots;
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) != NULL)
    {
      self->failing = FALSE;
      return;
    }
  if (!self->failing)
    g_warning ("how pools are used is not recorded: %s", error->message);
  self->failing = TRUE;
  take_back (self, slots);
}

static gboolean
is_time_to_prune (FloeCapacityTally *self)
{
  gint64 now = floe_clock_elapsed (self->clock);

  if (!self->leads || now < self->prune_at)
    return FALSE;
  self->prune_at = now + PRUNE_EVERY;
  return TRUE;
}

static void
write_slots (FloeCapacityTally *self)
{
  Batch *batch;
  Writing *writing;
  GHashTableIter iter;
  gpointer key, slot;

  if (g_hash_table_size (self->slots) == 0)
    return;
  batch = g_new0 (Batch, 1);
  batch->slots = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_capacity_slot_free);
  batch->today = floe_date_of (floe_clock_now (self->clock));
  batch->prune = is_time_to_prune (self);
  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, &key, &slot))
    {
      g_hash_table_iter_steal (&iter);
      g_free (key);
      g_ptr_array_add (batch->slots, slot);
    }
  writing = g_new0 (Writing, 1);
  writing->tally = g_object_ref (self);
  writing->slots = g_ptr_array_ref (batch->slots);
  floe_store_note_async (self->store, write_batch, batch, batch_free, NULL, written, writing);
}

static void
looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeCapacityTally) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) looks = floe_store_finish (FLOE_STORE (source), result, &error);
  gint64 date = floe_date_of (floe_clock_now (self->clock));

  self->looking = FALSE;
  for (guint i = 0; looks != NULL && self->leads && i < looks->len; i++)
    note_look (self, looks->pdata[i], date);
  if (looks == NULL)
    g_info ("the pools were not looked at: %s", error->message);
  if (self->due != 0)
    write_slots (self);
}

static gboolean
on_due (gpointer data)
{
  FloeCapacityTally *self = data;
  gint64 now = floe_clock_now (self->clock);

  if (!self->leads)
    write_slots (self);
  else if (!self->looking)
    {
      self->looking = TRUE;
      floe_store_read_async (self->store, look_at_all, g_memdup2 (&now, sizeof now), g_free,
                             (GDestroyNotify)g_ptr_array_unref, NULL, looked, g_object_ref (self));
    }
  return G_SOURCE_CONTINUE;
}

/**
 * floe_capacity_tally_count:
 * @pool: a pool that there is
 * @how: how it ended that somebody asked for a desktop of it
 * @waited: how long they had waited then, microseconds
 */
void
floe_capacity_tally_count (FloeCapacityTally *self, const gchar *pool, FloeServed how,
                           gint64 waited)
{
  floe_capacity_slot_count (get_slot (self, pool, floe_date_of (floe_clock_now (self->clock))), how,
                            waited);
}

/**
 * floe_capacity_tally_lead:
 * @leads: whether this broker looks at the pools: one of several does
 */
void
floe_capacity_tally_lead (FloeCapacityTally *self, gboolean leads)
{
  self->leads = leads;
}

void
floe_capacity_tally_start (FloeCapacityTally *self)
{
  if (self->due == 0)
    self->due = floe_clock_add_timeout (self->clock, WRITE_EVERY, on_due, self, NULL);
}

/**
 * floe_capacity_tally_stop:
 *
 * Writes what is not written yet.
 */
void
floe_capacity_tally_stop (FloeCapacityTally *self)
{
  if (self->due == 0)
    return;
  floe_clock_clear_timeout (self->clock, &self->due);
  write_slots (self);
}

static void
floe_capacity_tally_finalize (GObject *object)
{
  FloeCapacityTally *self = FLOE_CAPACITY_TALLY (object);

  floe_clock_clear_timeout (self->clock, &self->due);
  g_hash_table_unref (self->slots);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_capacity_tally_parent_class)->finalize (object);
}

static void
floe_capacity_tally_class_init (FloeCapacityTallyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_capacity_tally_finalize;
}

static void
floe_capacity_tally_init (FloeCapacityTally *self)
{
  self->slots = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify)floe_capacity_slot_free);
}

/**
 * floe_capacity_tally_new:
 * @store: where it is kept
 * @clock: the time
 *
 * Returns: (transfer full): a tally that writes nothing before floe_capacity_tally_start()
 */
FloeCapacityTally *
floe_capacity_tally_new (FloeStore *store, FloeClock *clock)
{
  FloeCapacityTally *self = g_object_new (FLOE_TYPE_CAPACITY_TALLY, NULL);

  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  return self;
}
