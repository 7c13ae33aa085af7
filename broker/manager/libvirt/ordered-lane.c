/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/ordered-lane.h"

#include "core/error.h"

struct _FloeOrderedLane
{
  GObject parent_instance;

  FloeWorkers *workers;
  guint limit;
  guint pending;     /* calls that were taken and have not returned */
  GHashTable *slots; /* key -> Slot, while a call of the key runs */
  guint64 timed_out; /* calls that never began */
};

G_DEFINE_FINAL_TYPE (FloeOrderedLane, floe_ordered_lane, G_TYPE_OBJECT)

/* A key that is in use. */
typedef struct
{
  GQueue waiting; /* Item */
  gboolean overdue;
} Slot;

typedef struct
{
  FloeOrderedLane *lane;
  GTask *task;
  gchar *key;
  FloeLaneCall call;
  gint64 deadline_at; /* g_get_monotonic_time() */
  guint timeout_id;   /* while it waits for its key */
  gulong cancel_id;
  guint cancelled_id;
  gboolean refs_left; /* both the answer and the return are still to come */
  gint worked;        /* atomic: the work itself ended */
} Item;

static Slot *
slot_new (void)
{
  Slot *slot = g_new0 (Slot, 1);

  g_queue_init (&slot->waiting);
  return slot;
}

static void
item_free (Item *item)
{
  if (item->call.input_free != NULL)
    item->call.input_free (item->call.input);
  item->lane->pending--;
  g_object_unref (item->task);
  g_object_unref (item->lane);
  g_free (item->key);
  g_free (item);
}

/* Both the answer and the return use the item, and either may come first. */
static void
item_done (Item *item)
{
  if (item->refs_left)
    item->refs_left = FALSE;
  else
    item_free (item);
}

static void
item_stop_waiting (Item *item)
{
  g_clear_handle_id (&item->timeout_id, g_source_remove);
  g_clear_handle_id (&item->cancelled_id, g_source_remove);
  if (item->cancel_id != 0)
    g_cancellable_disconnect (g_task_get_cancellable (item->task), item->cancel_id);
  item->cancel_id = 0;
}

/* Answers a call that has not begun. */
static void
item_refuse (Item *item, FloeError code, const gchar *text)
{
  item_stop_waiting (item);
  g_task_return_new_error (item->task, FLOE_ERROR, code, "%s", text);
  item_free (item);
}

static void
item_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  Item *item = data;
  gpointer value = floe_workers_run_finish (FLOE_WORKERS (source), result, &error);
  Slot *slot = item->key != NULL ? g_hash_table_lookup (item->lane->slots, item->key) : NULL;

  /* The work may itself answer that something timed out; only one that goes on blocks its key. */
  if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT) && item->refs_left && slot != NULL
      && !g_atomic_int_get (&item->worked))
    {
      Item *waiting;

      slot->overdue = TRUE;
      while ((waiting = g_queue_pop_head (&slot->waiting)) != NULL)
        item_refuse (waiting, FLOE_ERROR_BUSY, "an earlier call has not returned yet");
    }
  if (error != NULL)
    g_task_return_error (item->task, g_steal_pointer (&error));
  else
    g_task_return_pointer (item->task, value, item->call.result_free);
  item_done (item);
}

static void item_run (Item *item);

/* The workers free a call's input on the main thread once its thread came back. */
static void
item_returned (gpointer data)
{
  Item *item = data;
  Slot *slot = item->key != NULL ? g_hash_table_lookup (item->lane->slots, item->key) : NULL;
  Item *next = slot != NULL ? g_queue_pop_head (&slot->waiting) : NULL;

  if (next != NULL)
    {
      slot->overdue = FALSE;
      item_stop_waiting (next);
      item_run (next);
    }
  else if (slot != NULL)
    g_hash_table_remove (item->lane->slots, item->key);
  item_done (item);
}

static gpointer
item_work (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  Item *item = input;
  gpointer result = item->call.work (context, item->call.input, cancellable, error);

  g_atomic_int_set (&item->worked, TRUE);
  return result;
}

static void
item_run (Item *item)
{
  gint64 left = MAX (item->deadline_at - g_get_monotonic_time (), 0);

  item->refs_left = TRUE;
  floe_workers_run_async (item->lane->workers, item_work, item, item_returned,
                          item->call.result_free, left, g_task_get_cancellable (item->task),
                          item_answered, item);
}

static void
item_leave_queue (Item *item)
{
  Slot *slot = g_hash_table_lookup (item->lane->slots, item->key);

  if (slot != NULL)
    g_queue_remove (&slot->waiting, item);
}

static gboolean
item_too_late (gpointer data)
{
  Item *item = data;

  item->timeout_id = 0;
  item->lane->timed_out++;
  item_leave_queue (item);
  item_refuse (item, FLOE_ERROR_TIMED_OUT, "no answer to an earlier call before the deadline");
  return G_SOURCE_REMOVE;
}

static gboolean
item_cancelled_idle (gpointer data)
{
  Item *item = data;

  item->cancelled_id = 0;
  item_leave_queue (item);
  item_refuse (item, FLOE_ERROR_CANCELLED, "given up before it began");
  return G_SOURCE_REMOVE;
}

/* In a callback of the cancellable nothing may be disconnected from it. */
static void
item_cancelled (GCancellable *cancellable, Item *item)
{
  if (item->cancelled_id == 0)
    item->cancelled_id = g_idle_add_full (G_PRIORITY_DEFAULT, item_cancelled_idle, item, NULL);
}

static void
item_wait (Item *item, Slot *slot)
{
  GCancellable *cancellable = g_task_get_cancellable (item->task);

  g_queue_push_tail (&slot->waiting, item);
  item->timeout_id =
      g_timeout_add ((guint)MIN (item->call.deadline / 1000, G_MAXINT), item_too_late, item);
  if (cancellable != NULL)
    item->cancel_id = g_cancellable_connect (cancellable, G_CALLBACK (item_cancelled), item, NULL);
}

/**
 * floe_ordered_lane_run_async:
 * @self: the lane
 * @call: what to do
 * @cancellable: (nullable): makes the answer %FLOE_ERROR_CANCELLED; what has begun goes on
 * @callback: called once, on the main thread
 * @user_data: for @callback
 */
void
floe_ordered_lane_run_async (FloeOrderedLane *self, const FloeLaneCall *call,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  Item *item = g_new0 (Item, 1);
  Slot *slot = call->key != NULL ? g_hash_table_lookup (self->slots, call->key) : NULL;

  item->lane = g_object_ref (self);
  item->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (item->task, floe_ordered_lane_run_async);
  g_task_set_check_cancellable (item->task, FALSE);
  item->key = g_strdup (call->key);
  item->call = *call;
  item->deadline_at = g_get_monotonic_time () + call->deadline;
  if (++self->pending > self->limit)
    item_refuse (item, FLOE_ERROR_BUSY, "too many calls are waiting");
  else if (slot != NULL && slot->overdue)
    item_refuse (item, FLOE_ERROR_BUSY, "an earlier call has not returned yet");
  else if (slot != NULL)
    item_wait (item, slot);
  else
    {
      if (item->key != NULL)
        g_hash_table_insert (self->slots, g_strdup (item->key), slot_new ());
      item_run (item);
    }
}

/**
 * floe_ordered_lane_run_finish:
 *
 * Returns: (transfer full) (nullable): what the work returned, or %NULL with @error set to its
 * error or to %FLOE_ERROR_BUSY, %FLOE_ERROR_TIMED_OUT, %FLOE_ERROR_CANCELLED
 */
gpointer
floe_ordered_lane_run_finish (FloeOrderedLane *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * floe_ordered_lane_get_overdue:
 *
 * Returns: calls that nobody waits for any more and that have not returned
 */
guint
floe_ordered_lane_get_overdue (FloeOrderedLane *self)
{
  return floe_workers_get_overdue (self->workers);
}

/**
 * floe_ordered_lane_get_load:
 * @load: (out caller-allocates): how busy the lane is; what waits for its key counts as queued
 */
void
floe_ordered_lane_get_load (FloeOrderedLane *self, FloeLoad *load)
{
  GHashTableIter iter;
  gpointer slot;

  floe_workers_get_load (self->workers, load);
  load->timed_out += self->timed_out;
  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &slot))
    load->queued += ((Slot *)slot)->waiting.length;
}

static void
floe_ordered_lane_finalize (GObject *object)
{
  FloeOrderedLane *self = FLOE_ORDERED_LANE (object);

  g_hash_table_unref (self->slots);
  g_object_unref (self->workers);
  G_OBJECT_CLASS (floe_ordered_lane_parent_class)->finalize (object);
}

static void
floe_ordered_lane_class_init (FloeOrderedLaneClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_ordered_lane_finalize;
}

static void
floe_ordered_lane_init (FloeOrderedLane *self)
{
  self->slots = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * floe_ordered_lane_new:
 * @workers: (transfer full): the threads; their queue must take @limit calls
 * @limit: calls at most that have been taken and have not returned
 *
 * Returns: (transfer full): a lane
 */
FloeOrderedLane *
floe_ordered_lane_new (FloeWorkers *workers, guint limit)
{
  FloeOrderedLane *self = g_object_new (FLOE_TYPE_ORDERED_LANE, NULL);

  self->workers = workers;
  self->limit = limit;
  return self;
}
