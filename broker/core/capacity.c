/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/capacity.h"

#include <string.h>

#include "core/error.h"

/* So a pool has 576, 840 and 800 rows at most. */
static const struct
{
  const gchar *name;
  gint64 length;
  gint64 kept;
} steps[FLOE_N_STEPS] = {
  [FLOE_STEP_MINUTES] = { "5m", 5 * G_TIME_SPAN_MINUTE, 2 * G_TIME_SPAN_DAY },
  [FLOE_STEP_HOUR] = { "hour", G_TIME_SPAN_HOUR, 35 * G_TIME_SPAN_DAY },
  [FLOE_STEP_DAY] = { "day", G_TIME_SPAN_DAY, 800 * G_TIME_SPAN_DAY },
};

/**
 * floe_served_from_error:
 * @error: why somebody got no desktop of a pool that they may have one of
 * @how: (out): how that counts
 *
 * Returns: whether it counts at all: what they may not have does not, nor does what they gave back
 */
gboolean
floe_served_from_error (const GError *error, FloeServed *how)
{
  const gchar *reason = floe_error_reason (error);

  *how = FLOE_UNSERVED_FAILED;
  if (g_strcmp0 (reason, "left") == 0)
    *how = FLOE_UNSERVED_LEFT;
  else if (g_strcmp0 (reason, "pool-closed") == 0 || g_strcmp0 (reason, "not-assigned") == 0)
    *how = FLOE_UNSERVED_CLOSED;
  else if (g_error_matches (error, FLOE_ERROR, FLOE_ERROR_EXHAUSTED))
    *how = FLOE_UNSERVED_FULL;
  else
    return g_error_matches (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE)
           || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT)
           || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_BUSY)
           || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_INTERNAL);
  return TRUE;
}

const gchar *
floe_capacity_step_name (FloeCapacityStep step)
{
  return steps[step].name;
}

gboolean
floe_capacity_step_from_name (const gchar *name, FloeCapacityStep *step)
{
  for (guint i = 0; i < FLOE_N_STEPS; i++)
    if (strcmp (steps[i].name, name) == 0)
      {
        *step = (FloeCapacityStep)i;
        return TRUE;
      }
  return FALSE;
}

/**
 * floe_capacity_step_length:
 *
 * Returns: how long it is, microseconds; a day is an hour more or less where the clocks change
 */
gint64
floe_capacity_step_length (FloeCapacityStep step)
{
  return steps[step].length;
}

/**
 * floe_capacity_step_kept:
 *
 * Returns: for how long rows of it are kept, microseconds
 */
gint64
floe_capacity_step_kept (FloeCapacityStep step)
{
  return steps[step].kept;
}

static gint64
midnight_before (gint64 at)
{
  g_autoptr (GDateTime) then = g_date_time_new_from_unix_local (at / G_USEC_PER_SEC);
  g_autoptr (GDateTime) midnight =
      then != NULL
          ? g_date_time_new_local (g_date_time_get_year (then), g_date_time_get_month (then),
                                   g_date_time_get_day_of_month (then), 0, 0, 0)
          : NULL;

  return midnight != NULL ? g_date_time_to_unix (midnight) * G_USEC_PER_SEC
                          : at - at % G_TIME_SPAN_DAY;
}

/**
 * floe_capacity_step_begin:
 * @at: microseconds since 1970 UTC
 *
 * Returns: when the slot begins that @at is in
 */
gint64
floe_capacity_step_begin (FloeCapacityStep step, gint64 at)
{
  return step == FLOE_STEP_DAY ? midnight_before (at) : at - at % steps[step].length;
}

FloeCapacitySlot *
floe_capacity_slot_new (const gchar *pool, FloeCapacityStep step, gint64 at)
{
  FloeCapacitySlot *self = g_new0 (FloeCapacitySlot, 1);

  self->pool = g_strdup (pool);
  self->step = step;
  self->at = at;
  return self;
}

void
floe_capacity_slot_free (FloeCapacitySlot *self)
{
  if (self == NULL)
    return;
  g_free (self->pool);
  g_free (self);
}

void
floe_capacity_look_free (FloeCapacityLook *self)
{
  if (self == NULL)
    return;
  g_free (self->pool);
  g_free (self);
}

/**
 * floe_capacity_slot_count:
 * @how: how it ended that somebody asked
 * @waited: for how long they had waited then, microseconds; 0 for who did not wait
 */
void
floe_capacity_slot_count (FloeCapacitySlot *self, FloeServed how, gint64 waited)
{
  self->served[how]++;
  if (waited <= 0)
    return;
  self->waited++;
  self->wait_sum += waited;
  self->wait_longest = MAX (self->wait_longest, waited);
}

/**
 * floe_capacity_slot_add:
 * @later: what was seen after what @self has
 *
 * Adds it up, in @self.
 */
void
floe_capacity_slot_add (FloeCapacitySlot *self, const FloeCapacitySlot *later)
{
  if (later->looks > 0)
    {
      self->size = later->size;
      self->used = MAX (self->used, later->used);
      self->demand = MAX (self->demand, later->demand);
      self->spares = self->looks > 0 ? MIN (self->spares, later->spares) : later->spares;
      self->looks += later->looks;
    }
  for (guint i = 0; i < FLOE_N_SERVED; i++)
    self->served[i] += later->served[i];
  self->waited += later->waited;
  self->wait_sum += later->wait_sum;
  self->wait_longest = MAX (self->wait_longest, later->wait_longest);
}

static gint
compare_slots (gconstpointer a, gconstpointer b)
{
  const FloeCapacitySlot *x = *(FloeCapacitySlot *const *)a;
  const FloeCapacitySlot *y = *(FloeCapacitySlot *const *)b;
  gint order = strcmp (x->pool, y->pool);

  if (order == 0)
    order = (gint)x->step - (gint)y->step;
  return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

static void
put (GPtrArray *sums, FloeCapacityStep step, const FloeCapacitySlot *slot)
{
  gint64 at = floe_capacity_step_begin (step, slot->at);

  for (guint i = sums->len; i > 0; i--)
    {
      FloeCapacitySlot *sum = sums->pdata[i - 1];

      if (strcmp (sum->pool, slot->pool) != 0)
        break;
      if (sum->step == step && sum->at == at)
        {
          floe_capacity_slot_add (sum, slot);
          return;
        }
    }
  g_ptr_array_add (sums, floe_capacity_slot_new (slot->pool, step, at));
  floe_capacity_slot_add (sums->pdata[sums->len - 1], slot);
}

/**
 * floe_capacity_roll_up:
 * @slots: (element-type FloeCapacitySlot): of five minutes; it is sorted
 *
 * Returns: (transfer full) (element-type FloeCapacitySlot): what they add to rows of each step. In
 *   one order, so that two brokers that write the same rows wait for each other at most
 */
GPtrArray *
floe_capacity_roll_up (GPtrArray *slots)
{
  GPtrArray *sums = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_capacity_slot_free);

  g_ptr_array_sort (slots, compare_slots);
  for (guint i = 0; i < slots->len; i++)
    for (guint step = 0; step < FLOE_N_STEPS; step++)
      put (sums, (FloeCapacityStep)step, slots->pdata[i]);
  g_ptr_array_sort (sums, compare_slots);
  return sums;
}
