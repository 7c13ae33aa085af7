/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/shadow-relay.h"

#include "core/error.h"

#define WAIT_FOR (10 * G_USEC_PER_SEC)
/* As many pictures are on their way to who looks; whoever gives one more waits. */
#define MOST_PICTURES 4

/*
 * Slot:
 * @task: (nullable): who waits
 * @timeout: until when
 */
typedef struct
{
  GTask *task;
  guint timeout;
} Slot;

struct _FloeShadowRelay
{
  FloeShadow *shadow;
  FloeClock *clock;

  GQueue pictures;   /* FloePicture, the oldest first; gone only when who looks has them */
  guint64 number;    /* of the last one */
  gboolean all;      /* what is there is not the whole screen */
  gboolean all_said; /* and the client was told so */
  gboolean unsure;   /* what they hold down was told by another relay, maybe not all of it */
  GArray *inputs;
  Slot giving;    /* the client, with one picture more than is wanted now */
  Slot looking;   /* who looks, for the next picture */
  Slot listening; /* the client, for what they do */
  gint64 client_seen;
  gint64 helper_seen;
};

FloePicture *
floe_picture_copy (const FloePicture *self)
{
  FloePicture *copy = g_memdup2 (self, sizeof *self);

  copy->bytes = floe_secret_ref (self->bytes);
  return copy;
}

void
floe_picture_free (FloePicture *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->bytes, floe_secret_unref);
  g_free (self);
}

void
floe_inputs_free (FloeInputs *self)
{
  if (self == NULL)
    return;
  g_free (self->events);
  g_free (self);
}

/* Whoever waits. */

static GTask *
leave_slot (FloeShadowRelay *self, Slot *slot)
{
  floe_clock_clear_timeout (self->clock, &slot->timeout);
  return g_steal_pointer (&slot->task);
}

static void
enter_slot (FloeShadowRelay *self, Slot *slot, GTask *task, GSourceFunc on_timeout)
{
  slot->task = task;
  slot->timeout = floe_clock_add_timeout (self->clock, WAIT_FOR, on_timeout, self, NULL);
}

static void
answer_giver (FloeShadowRelay *self)
{
  g_autoptr (GTask) task = leave_slot (self, &self->giving);

  if (task == NULL)
    return;
  self->client_seen = floe_clock_elapsed (self->clock);
  self->all_said |= self->all;
  g_task_return_boolean (task, self->all);
}

static gboolean
on_giving_too_long (gpointer data)
{
  FloeShadowRelay *self = data;
  g_autoptr (GTask) task = NULL;

  self->giving.timeout = 0;
  task = leave_slot (self, &self->giving);
  self->client_seen = floe_clock_elapsed (self->clock);
  g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_BUSY, "nobody takes the pictures");
  return G_SOURCE_REMOVE;
}

/* One who went away while they waited takes nothing with them. */
static gboolean
is_there (const Slot *slot)
{
  return slot->task != NULL && !g_cancellable_is_cancelled (g_task_get_cancellable (slot->task));
}

static void
answer_looker (FloeShadowRelay *self)
{
  const FloePicture *next = g_queue_peek_head (&self->pictures);
  g_autoptr (GTask) task = leave_slot (self, &self->looking);

  if (task == NULL)
    return;
  self->helper_seen = floe_clock_elapsed (self->clock);
  g_task_return_pointer (task, next != NULL ? floe_picture_copy (next) : NULL,
                         (GDestroyNotify)floe_picture_free);
}

static gboolean
on_looking_too_long (gpointer data)
{
  FloeShadowRelay *self = data;

  self->looking.timeout = 0;
  answer_looker (self);
  return G_SOURCE_REMOVE;
}

static void
answer_listener (FloeShadowRelay *self)
{
  g_autoptr (GTask) task = NULL;
  FloeInputs *inputs;
  gsize n_events;

  if (self->listening.task == NULL)
    return;
  inputs = g_new0 (FloeInputs, 1);
  if (is_there (&self->listening))
    {
      inputs->events = (FloeInput *)(gpointer)g_array_steal (self->inputs, &n_events);
      inputs->n_events = (guint)n_events;
      inputs->all = self->all && !self->all_said;
      self->all_said |= self->all;
    }
  task = leave_slot (self, &self->listening);
  self->client_seen = floe_clock_elapsed (self->clock);
  g_task_return_pointer (task, inputs, (GDestroyNotify)floe_inputs_free);
}

static gboolean
on_listening_too_long (gpointer data)
{
  FloeShadowRelay *self = data;

  self->listening.timeout = 0;
  answer_listener (self);
  return G_SOURCE_REMOVE;
}

/* The shadow itself. */

static void
forget_pictures (FloeShadowRelay *self)
{
  g_queue_clear_full (&self->pictures, (GDestroyNotify)floe_picture_free);
  g_queue_init (&self->pictures);
}

/* The client draws all of it when it hears of this. */
static void
want_all (FloeShadowRelay *self)
{
  forget_pictures (self);
  self->all = TRUE;
  self->all_said = FALSE;
  answer_giver (self);
  if (!self->all_said)
    answer_listener (self);
}

static void
end_slot (FloeShadowRelay *self, Slot *slot)
{
  g_autoptr (GTask) task = leave_slot (self, slot);
  GError *error = NULL;

  if (task == NULL)
    return;
  floe_shadow_check_granted (self->shadow, FALSE, &error);
  g_task_return_error (task, error);
}

/**
 * floe_shadow_relay_set_shadow:
 * @shadow: as it is now
 *
 * From here on nothing passes that it does not allow.
 */
void
floe_shadow_relay_set_shadow (FloeShadowRelay *self, const FloeShadow *shadow)
{
  gboolean was_granted = self->shadow->state == FLOE_SHADOW_GRANTED;

  floe_shadow_free (self->shadow);
  self->shadow = floe_shadow_copy (shadow);
  if (shadow->control != FLOE_CONTROL_GRANTED)
    g_array_set_size (self->inputs, 0);
  if (shadow->state == FLOE_SHADOW_GRANTED)
    {
      if (!was_granted)
        self->client_seen = self->helper_seen = floe_clock_elapsed (self->clock);
      return;
    }
  forget_pictures (self);
  end_slot (self, &self->giving);
  end_slot (self, &self->looking);
  end_slot (self, &self->listening);
}

const FloeShadow *
floe_shadow_relay_get_shadow (FloeShadowRelay *self)
{
  return self->shadow;
}

/**
 * floe_shadow_relay_find_missing:
 * @patience: microseconds
 *
 * Returns: (nullable): who was not heard of for so long, while it is granted; in words
 */
const gchar *
floe_shadow_relay_find_missing (FloeShadowRelay *self, gint64 patience)
{
  gint64 since = floe_clock_elapsed (self->clock) - patience;

  if (self->shadow->state != FLOE_SHADOW_GRANTED)
    return NULL;
  if (self->client_seen < since && self->listening.task == NULL && self->giving.task == NULL)
    return "the client was not heard of any more";
  if (self->helper_seen < since && self->looking.task == NULL)
    return "nobody looked any more";
  return NULL;
}

/* What passes. */

/**
 * floe_shadow_relay_put_picture:
 * @picture: (transfer full): its number is given here
 * @task: (transfer full): its boolean says whether the whole screen is wanted anew; or
 *   %FLOE_ERROR_BUSY where nobody takes them, or %FLOE_ERROR_CONFLICT
 *
 * Comes back when the next one may be given.
 */
void
floe_shadow_relay_put_picture (FloeShadowRelay *self, FloePicture *picture, GTask *task)
{
  g_autoptr (FloePicture) taken = picture;
  g_autoptr (GTask) giver = task;
  GError *error = NULL;

  self->client_seen = floe_clock_elapsed (self->clock);
  if (!floe_shadow_check_granted (self->shadow, FALSE, &error))
    {
      g_task_return_error (giver, error);
      return;
    }
  if (self->giving.task != NULL)
    {
      g_task_return_new_error (giver, FLOE_ERROR, FLOE_ERROR_BUSY, "one picture after the other");
      return;
    }
  if (taken->first)
    {
      forget_pictures (self);
      self->all = self->all_said = FALSE;
    }
  if (self->all || self->pictures.length > MOST_PICTURES)
    {
      self->all = self->all_said = TRUE;
      g_task_return_boolean (giver, TRUE);
      return;
    }
  taken->number = ++self->number;
  g_queue_push_tail (&self->pictures, g_steal_pointer (&taken));
  if (is_there (&self->looking))
    answer_looker (self);
  if (self->pictures.length >= MOST_PICTURES)
    enter_slot (self, &self->giving, g_steal_pointer (&giver), on_giving_too_long);
  else
    g_task_return_boolean (giver, FALSE);
}

/**
 * floe_shadow_relay_take_picture:
 * @after: the number of the last one that was received; 0 for none
 * @task: (transfer full): its pointer is a #FloePicture, or %NULL when there was none for a while
 */
void
floe_shadow_relay_take_picture (FloeShadowRelay *self, guint64 after, GTask *task)
{
  const FloePicture *next;
  GError *error = NULL;

  self->helper_seen = floe_clock_elapsed (self->clock);
  if (after > self->number) /* another broker's, whose clock was ahead */
    after = 0;
  answer_looker (self); /* who waits already has gone, or asks twice */
  if (!floe_shadow_check_granted (self->shadow, FALSE, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  while ((next = g_queue_peek_head (&self->pictures)) != NULL && next->number <= after)
    floe_picture_free (g_queue_pop_head (&self->pictures));
  if (after == 0 && (next == NULL || !next->first) && !self->all)
    want_all (self);
  else if (self->pictures.length < MOST_PICTURES)
    answer_giver (self);
  enter_slot (self, &self->looking, task, on_looking_too_long);
  if (self->pictures.length > 0)
    answer_looker (self);
}

/**
 * floe_shadow_relay_put_inputs:
 * @task: (transfer full): its boolean is %TRUE; or %FLOE_ERROR_DENIED without control,
 *   %FLOE_ERROR_BUSY where the client does not take them, or %FLOE_ERROR_CONFLICT
 *
 * Whoever looks did something.
 */
void
floe_shadow_relay_put_inputs (FloeShadowRelay *self, const FloeInputs *inputs, GTask *task)
{
  g_autoptr (GTask) giver = task;
  GError *error = NULL;

  self->helper_seen = floe_clock_elapsed (self->clock);
  if (floe_shadow_check_granted (self->shadow, TRUE, &error)
      && self->inputs->len + inputs->n_events > FLOE_INPUTS_MOST)
    g_set_error_literal (&error, FLOE_ERROR, FLOE_ERROR_BUSY, "the client does not take it");
  if (error != NULL)
    {
      g_task_return_error (giver, error);
      return;
    }
  g_array_append_vals (self->inputs, inputs->events, inputs->n_events);
  if (is_there (&self->listening))
    answer_listener (self);
  g_task_return_boolean (giver, TRUE);
}

/**
 * floe_shadow_relay_take_inputs:
 * @task: (transfer full): its pointer is a #FloeInputs, which may be empty; or
 * %FLOE_ERROR_CONFLICT, or %FLOE_ERROR_BUSY when something may have been lost and nothing is to be
 * held down
 */
void
floe_shadow_relay_take_inputs (FloeShadowRelay *self, GTask *task)
{
  GError *error = NULL;

  self->client_seen = floe_clock_elapsed (self->clock);
  answer_listener (self);
  if (floe_shadow_check_granted (self->shadow, FALSE, &error) && self->unsure)
    g_set_error_literal (&error, FLOE_ERROR, FLOE_ERROR_BUSY, "it begins anew");
  self->unsure = FALSE;
  if (error != NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  enter_slot (self, &self->listening, task, on_listening_too_long);
  if (self->inputs->len > 0 || (self->all && !self->all_said))
    answer_listener (self);
}

/**
 * floe_shadow_relay_new:
 *
 * Returns: (transfer full): a relay that nobody has come to yet
 */
FloeShadowRelay *
floe_shadow_relay_new (const FloeShadow *shadow, FloeClock *clock)
{
  FloeShadowRelay *self = g_new0 (FloeShadowRelay, 1);

  self->shadow = floe_shadow_copy (shadow);
  self->clock = g_object_ref (clock);
  g_queue_init (&self->pictures);
  /* Whoever looked at another broker's before goes on counting. */
  self->number = (guint64)floe_clock_now (clock) / 1000;
  self->all = TRUE;
  self->unsure = shadow->control == FLOE_CONTROL_GRANTED;
  self->inputs = g_array_new (FALSE, FALSE, sizeof (FloeInput));
  self->client_seen = self->helper_seen = floe_clock_elapsed (clock);
  return self;
}

static void
send_away (FloeShadowRelay *self, Slot *slot)
{
  g_autoptr (GTask) task = leave_slot (self, slot);

  if (task != NULL)
    g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_BUSY, "this broker lets go of it");
}

/**
 * floe_shadow_relay_free:
 *
 * Whoever waits there may try again, here or elsewhere.
 */
void
floe_shadow_relay_free (FloeShadowRelay *self)
{
  send_away (self, &self->giving);
  send_away (self, &self->looking);
  send_away (self, &self->listening);
  forget_pictures (self);
  g_array_unref (self->inputs);
  floe_shadow_free (self->shadow);
  g_object_unref (self->clock);
  g_free (self);
}
