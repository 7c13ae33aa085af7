/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-capacity.h"

#include "core/date.h"
#include "core/error.h"
#include "core/helpdesk-parts.h"
#include "core/permit.h"

typedef struct
{
  FloeAdminInput *admin;
  FloeCapacityQuery query;
} Input;

static void
input_free (gpointer data)
{
  Input *input = data;

  floe_admin_input_free (input->admin);
  g_free (input);
}

void
floe_pool_capacity_free (FloePoolCapacity *self)
{
  if (self == NULL)
    return;
  g_free (self->pool);
  floe_capacity_look_free (self->now);
  floe_capacity_slot_free (self->day);
  g_clear_pointer (&self->slots, g_ptr_array_unref);
  g_free (self);
}

/* What was seen in the last day and in the last weeks. */

typedef struct
{
  GPtrArray *hours; /* FloeCapacitySlot by pool and time, as the next */
  GPtrArray *days;
  GHashTable *hours_of; /* a pool's name to GPtrArray of its own of these, as the next */
  GHashTable *days_of;
} History;

static GHashTable *
group (GPtrArray *slots)
{
  GHashTable *pools =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);

  for (guint i = 0; i < slots->len; i++)
    {
      FloeCapacitySlot *slot = slots->pdata[i];
      GPtrArray *own = g_hash_table_lookup (pools, slot->pool);

      if (own == NULL)
        {
          own = g_ptr_array_new ();
          g_hash_table_insert (pools, slot->pool, own);
        }
      g_ptr_array_add (own, slot);
    }
  return pools;
}

static gboolean
read_history (FloeTx *tx, const gchar *pool, gint64 today, History *history, GError **error)
{
  gint64 hour = floe_capacity_step_begin (FLOE_STEP_HOUR, today) - 23 * G_TIME_SPAN_HOUR;
  gint64 day = today - (FLOE_FORECAST_BACK + 1) * G_TIME_SPAN_DAY;

  history->hours = floe_tx_list_capacity (tx, pool, FLOE_STEP_HOUR, hour, today + 1, error);
  if (history->hours != NULL)
    history->days = floe_tx_list_capacity (tx, pool, FLOE_STEP_DAY, day, today + 1, error);
  if (history->days == NULL)
    return FALSE;
  history->hours_of = group (history->hours);
  history->days_of = group (history->days);
  return TRUE;
}

static void
history_clear (History *history)
{
  g_clear_pointer (&history->hours_of, g_hash_table_unref);
  g_clear_pointer (&history->days_of, g_hash_table_unref);
  g_clear_pointer (&history->hours, g_ptr_array_unref);
  g_clear_pointer (&history->days, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (History, history_clear)

static FloeCapacitySlot *
add_hours (const History *history, const gchar *pool, gint64 today)
{
  GPtrArray *hours = g_hash_table_lookup (history->hours_of, pool);
  gint64 begin = floe_capacity_step_begin (FLOE_STEP_HOUR, today) - 23 * G_TIME_SPAN_HOUR;
  FloeCapacitySlot *sum = floe_capacity_slot_new (pool, FLOE_STEP_HOUR, begin);

  for (guint i = 0; hours != NULL && i < hours->len; i++)
    floe_capacity_slot_add (sum, hours->pdata[i]);
  return sum;
}

static guint32
julian_of (gint64 at)
{
  g_autoptr (GDateTime) then = g_date_time_new_from_unix_local (at / G_USEC_PER_SEC);
  GDate date;

  g_date_clear (&date, 1);
  if (then == NULL)
    return 0;
  g_date_set_dmy (&date, (GDateDay)g_date_time_get_day_of_month (then),
                  (GDateMonth)g_date_time_get_month (then), (GDateYear)g_date_time_get_year (then));
  return g_date_get_julian (&date);
}

static void
make_forecast (const History *history, FloePoolCapacity *capacity, gint64 today)
{
  GPtrArray *days = g_hash_table_lookup (history->days_of, capacity->pool);
  g_autoptr (GArray) peaks = g_array_new (FALSE, FALSE, sizeof (FloeDailyPeak));

  for (guint i = 0; days != NULL && i < days->len; i++)
    {
      const FloeCapacitySlot *slot = days->pdata[i];
      const FloeDailyPeak peak = { julian_of (slot->at), (guint)slot->demand };

      if (slot->looks > 0)
        g_array_append_val (peaks, peak);
    }
  floe_forecast_make ((const FloeDailyPeak *)(gpointer)peaks->data, peaks->len, julian_of (today),
                      capacity->now->size, &capacity->forecast);
}

static FloePoolCapacity *
read_pool (FloeTx *tx, const FloePool *pool, const History *history, gint64 now, GError **error)
{
  g_autoptr (FloePoolCapacity) capacity = g_new0 (FloePoolCapacity, 1);

  capacity->pool = g_strdup (pool->name);
  capacity->now = floe_capacity_look (tx, pool, now, error);
  if (capacity->now == NULL)
    return NULL;
  capacity->day = add_hours (history, pool->name, floe_date_of (now));
  make_forecast (history, capacity, floe_date_of (now));
  return g_steal_pointer (&capacity);
}

/* All pools. */

static gpointer
read_all (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify)floe_pool_capacity_free);
  g_autoptr (GPtrArray) pools = floe_tx_list_pools (tx, error);
  g_auto (History) history = { NULL };

  if (pools == NULL || !read_history (tx, NULL, floe_date_of (input->now), &history, error))
    return NULL;
  for (guint i = 0; i < pools->len; i++)
    {
      FloePoolCapacity *one;

      if (!floe_permit_pool (input->actor, FLOE_MAY_SEE_POOLS, pools->pdata[i], NULL))
        continue;
      one = read_pool (tx, pools->pdata[i], &history, input->now, error);
      if (one == NULL)
        return NULL;
      g_ptr_array_add (list, one);
    }
  return g_steal_pointer (&list);
}

void
floe_helpdesk_list_capacity_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)g_ptr_array_unref, cancellable,
                                        callback, user_data);

  g_task_set_source_tag (task, floe_helpdesk_list_capacity_async);
  floe_store_read_async (self->store, read_all, floe_helpdesk_input_new (self, actor, NULL),
                         (GDestroyNotify)floe_admin_input_free, (GDestroyNotify)g_ptr_array_unref,
                         cancellable, floe_helpdesk_answered, task);
}

/**
 * floe_helpdesk_list_capacity_finish:
 *
 * Returns: (transfer full) (element-type FloePoolCapacity): by name, of the pools that the actor
 *   may see, without slots; or %NULL with a store's error
 */
GPtrArray *
floe_helpdesk_list_capacity_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* One pool. */

/* As much as a chart of it shows: a day, a week, a quarter. */
static gint64
usual_span (FloeCapacityStep step)
{
  static const gint64 days[FLOE_N_STEPS] = { 1, 7, 91 };

  return days[step] * G_TIME_SPAN_DAY;
}

static gboolean
fit_query (FloeCapacityQuery *query, gint64 today, GError **error)
{
  gint64 length = floe_capacity_step_length (query->step);

  if (query->until == 0)
    query->until = today;
  if (query->since == 0)
    query->since = floe_capacity_step_begin (query->step, query->until - usual_span (query->step));
  if (query->since >= query->until)
    g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "since: it must be before until");
  else if ((query->until - query->since) / length >= FLOE_CAPACITY_MAX_SLOTS)
    g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                 "step: from since to until there would be more than %d of \"%s\"; take a longer "
                 "one, or less time",
                 FLOE_CAPACITY_MAX_SLOTS, floe_capacity_step_name (query->step));
  else
    return TRUE;
  return FALSE;
}

static gpointer
read_one (FloeTx *tx, gconstpointer data, GError **error)
{
  const Input *in = data;
  const FloeCapacityQuery *query = &in->query;
  gint64 now = in->admin->now;
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, in->admin->name, error);
  g_autoptr (FloePoolCapacity) capacity = NULL;
  g_auto (History) history = { NULL };

  if (pool == NULL || !floe_permit_pool (in->admin->actor, FLOE_MAY_SEE_POOLS, pool, error)
      || !read_history (tx, pool->name, floe_date_of (now), &history, error))
    return NULL;
  capacity = read_pool (tx, pool, &history, now, error);
  if (capacity == NULL)
    return NULL;
  capacity->step = query->step;
  capacity->since = query->since;
  capacity->until = query->until;
  capacity->slots =
      floe_tx_list_capacity (tx, pool->name, query->step, query->since, query->until, error);
  return capacity->slots != NULL ? g_steal_pointer (&capacity) : NULL;
}

/**
 * floe_helpdesk_get_capacity_async:
 * @pool: which pool
 * @query: of which time
 */
void
floe_helpdesk_get_capacity_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *pool,
                                  const FloeCapacityQuery *query, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)floe_pool_capacity_free, cancellable,
                                        callback, user_data);
  Input *input = g_new0 (Input, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, floe_helpdesk_get_capacity_async);
  input->admin = floe_helpdesk_input_new (self, actor, pool);
  input->query = *query;
  if (fit_query (&input->query, floe_date_of (input->admin->now), &error))
    {
      floe_store_read_async (self->store, read_one, input, input_free,
                             (GDestroyNotify)floe_pool_capacity_free, cancellable,
                             floe_helpdesk_answered, task);
      return;
    }
  input_free (input);
  g_task_return_error (task, error);
  g_object_unref (task);
}

/**
 * floe_helpdesk_get_capacity_finish:
 *
 * Returns: (transfer full): how the pool is used; or %NULL with %FLOE_ERROR_NOT_FOUND,
 *   %FLOE_ERROR_DENIED (reason "not-your-pool"), %FLOE_ERROR_INVALID (no time, or too much of it),
 *   or a store's error
 */
FloePoolCapacity *
floe_helpdesk_get_capacity_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
