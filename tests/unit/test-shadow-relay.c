/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/shadow-relay.h"

#include <string.h>

#include "core/error.h"
#include "fakes.h"
#include "logs.h"

/* Where pictures meet who looks: how many wait, who waits for whom, and what is never passed on. */

typedef struct
{
  FakeClock *clock;
  FloeShadow *shadow;
  FloeShadowRelay *relay;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = fake_clock_new ();
  f->shadow = g_new0 (FloeShadow, 1);
  f->shadow->id = g_strdup ("one");
  f->shadow->state = FLOE_SHADOW_GRANTED;
  f->relay = floe_shadow_relay_new (f->shadow, FLOE_CLOCK (f->clock));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  floe_shadow_relay_free (f->relay);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  floe_shadow_free (f->shadow);
  g_object_unref (f->clock);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer slot)
{
  *(GAsyncResult **)slot = g_object_ref (result);
}

static GTask *
task_new (GAsyncResult **slot)
{
  return g_task_new (NULL, NULL, on_done, slot);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
put (Fixture *f, gboolean first, GAsyncResult **slot)
{
  FloePicture *picture = g_new0 (FloePicture, 1);

  picture->first = first;
  picture->width = picture->height = 16;
  picture->bytes = floe_secret_new ("\xff\xd8\xff\xe0", 4);
  floe_shadow_relay_put_picture (f->relay, picture, task_new (slot));
  settle ();
}

/* -1 for one that waits, else whether all is wanted */
static gint
outcome (GAsyncResult **slot)
{
  g_autoptr (GAsyncResult) result = g_steal_pointer (slot);
  g_autoptr (GError) error = NULL;
  gboolean all;

  if (result == NULL)
    return -1;
  all = g_task_propagate_boolean (G_TASK (result), &error);
  g_assert_no_error (error);
  return all;
}

static void
take (Fixture *f, guint64 after, GAsyncResult **slot)
{
  floe_shadow_relay_take_picture (f->relay, after, task_new (slot));
  settle ();
}

static guint64
taken (GAsyncResult **slot)
{
  g_autoptr (GAsyncResult) result = g_steal_pointer (slot);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloePicture) picture = NULL;

  g_assert_nonnull (result);
  picture = g_task_propagate_pointer (G_TASK (result), &error);
  g_assert_no_error (error);
  return picture != NULL ? picture->number : 0;
}

/* Four are on their way; the fifth waits until who looks has the first. */
static void
test_pressure (Fixture *f, gconstpointer data)
{
  GAsyncResult *given = NULL;
  GAsyncResult *seen = NULL;
  guint64 first;

  for (guint i = 0; i < 3; i++)
    {
      put (f, i == 0, &given);
      g_assert_cmpint (outcome (&given), ==, FALSE);
    }
  put (f, FALSE, &given);
  g_assert_null (given);
  take (f, 0, &seen);
  first = taken (&seen);
  g_assert_null (given); /* it is on its way, and perhaps lost there */
  take (f, 0, &seen);
  g_assert_cmpuint (taken (&seen), ==, first);
  take (f, first, &seen);
  g_assert_cmpuint (taken (&seen), ==, first + 1);
  g_assert_cmpint (outcome (&given), ==, FALSE);
}

/* Whoever gives more while they wait, or to nobody, is not listened to. */
static void
test_flood (Fixture *f, gconstpointer data)
{
  GAsyncResult *given = NULL;
  GAsyncResult *more = NULL;
  g_autoptr (GError) busy = NULL;
  g_autoptr (GError) nobody = NULL;

  for (guint i = 0; i < 3; i++)
    {
      put (f, i == 0, &given);
      outcome (&given);
    }
  put (f, FALSE, &given);
  put (f, FALSE, &more);
  g_assert_nonnull (more);
  g_assert_false (g_task_propagate_boolean (G_TASK (more), &busy));
  g_assert_error (busy, FLOE_ERROR, FLOE_ERROR_BUSY);
  g_clear_object (&more);
  fake_clock_advance (f->clock, 11 * G_USEC_PER_SEC);
  settle ();
  g_assert_nonnull (given);
  g_assert_false (g_task_propagate_boolean (G_TASK (given), &nobody));
  g_assert_error (nobody, FLOE_ERROR, FLOE_ERROR_BUSY);
  g_clear_object (&given);
}

/* Who comes anew wants all of it, and the client is told in whatever it waits for. */
static void
test_all (Fixture *f, gconstpointer data)
{
  GAsyncResult *given = NULL;
  GAsyncResult *seen = NULL;
  GAsyncResult *heard = NULL;
  g_autoptr (FloeInputs) inputs = NULL;
  guint64 number;

  put (f, FALSE, &given); /* a part of what nobody has */
  g_assert_cmpint (outcome (&given), ==, TRUE);
  put (f, TRUE, &given);
  g_assert_cmpint (outcome (&given), ==, FALSE);
  take (f, 0, &seen);
  number = taken (&seen);
  floe_shadow_relay_take_inputs (f->relay, task_new (&heard));
  settle ();
  g_assert_null (heard);
  take (f, number, &seen);
  take (f, 0, &given); /* the page was loaded again */
  settle ();
  g_assert_nonnull (heard);
  inputs = g_task_propagate_pointer (G_TASK (heard), NULL);
  g_clear_object (&heard);
  g_assert_true (inputs->all);
  g_assert_cmpuint (inputs->n_events, ==, 0);
  g_assert_cmpuint (taken (&seen), ==, 0);
  g_assert_null (given);
  fake_clock_advance (f->clock, 11 * G_USEC_PER_SEC);
  settle ();
  g_assert_cmpuint (taken (&given), ==, 0);
}

/* Who looked at another broker's, whose clock was ahead, begins anew. */
static void
test_ahead (Fixture *f, gconstpointer data)
{
  GAsyncResult *given = NULL;
  GAsyncResult *seen = NULL;
  guint64 number;

  put (f, TRUE, &given);
  g_assert_cmpint (outcome (&given), ==, FALSE);
  take (f, G_MAXINT64, &seen);
  number = taken (&seen);
  g_assert_cmpuint (number, >, 0);
  put (f, FALSE, &given);
  g_assert_cmpint (outcome (&given), ==, FALSE);
  take (f, number, &seen);
  g_assert_cmpuint (taken (&seen), ==, number + 1);
}

/* A relay that goes on with somebody who may type knows nothing of what they hold down. */
static void
test_goes_on (Fixture *f, gconstpointer data)
{
  GAsyncResult *heard = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeInputs) inputs = NULL;

  floe_shadow_relay_free (f->relay);
  f->shadow->control = FLOE_CONTROL_GRANTED;
  f->relay = floe_shadow_relay_new (f->shadow, FLOE_CLOCK (f->clock));
  floe_shadow_relay_take_inputs (f->relay, task_new (&heard));
  settle ();
  g_assert_null (g_task_propagate_pointer (G_TASK (heard), &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_BUSY);
  g_clear_object (&heard);
  floe_shadow_relay_take_inputs (f->relay, task_new (&heard));
  settle ();
  inputs = g_task_propagate_pointer (G_TASK (heard), NULL);
  g_assert_true (inputs->all);
  g_clear_object (&heard);
}

static void
type (Fixture *f, guint n, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (FloeInputs) inputs = g_new0 (FloeInputs, 1);

  inputs->events = g_new0 (FloeInput, n);
  inputs->n_events = n;
  floe_shadow_relay_put_inputs (f->relay, inputs, task_new (&slot));
  settle ();
  g_assert_nonnull (slot);
  g_task_propagate_boolean (G_TASK (slot), error);
  g_object_unref (slot);
}

static void
allow (Fixture *f, FloeShadowState state, FloeShadowControl control)
{
  f->shadow->state = state;
  f->shadow->control = control;
  floe_shadow_relay_set_shadow (f->relay, f->shadow);
  settle ();
}

static guint
count_inputs (Fixture *f)
{
  GAsyncResult *heard = NULL;
  g_autoptr (FloeInputs) inputs = NULL;
  guint n;

  floe_shadow_relay_take_inputs (f->relay, task_new (&heard));
  settle ();
  if (heard == NULL)
    {
      fake_clock_advance (f->clock, 11 * G_USEC_PER_SEC);
      settle ();
    }
  inputs = g_task_propagate_pointer (G_TASK (heard), NULL);
  n = inputs->n_events;
  g_object_unref (heard);
  return n;
}

static void
test_inputs (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) no_control = NULL;
  g_autoptr (GError) busy = NULL;
  g_autoptr (GError) over = NULL;

  count_inputs (f); /* that all is wanted */
  type (f, 1, &no_control);
  g_assert_cmpstr (floe_error_reason (no_control), ==, "no-control");
  allow (f, FLOE_SHADOW_GRANTED, FLOE_CONTROL_GRANTED);
  for (guint i = 0; i < 4; i++)
    type (f, 64, NULL);
  type (f, 1, &busy);
  g_assert_error (busy, FLOE_ERROR, FLOE_ERROR_BUSY);
  g_assert_cmpuint (count_inputs (f), ==, FLOE_INPUTS_MOST);
  type (f, 3, NULL);
  allow (f, FLOE_SHADOW_GRANTED, FLOE_CONTROL_NONE); /* before the client took them */
  g_assert_cmpuint (count_inputs (f), ==, 0);
  allow (f, FLOE_SHADOW_ENDED, FLOE_CONTROL_NONE);
  type (f, 1, &over);
  g_assert_cmpstr (floe_error_reason (over), ==, "shadow-over");
}

/* Whoever waits is told at once; what was not taken is nobody's. */
static void
test_over (Fixture *f, gconstpointer data)
{
  GAsyncResult *given = NULL;
  GAsyncResult *seen = NULL;
  g_autoptr (GError) error = NULL;

  put (f, TRUE, &given);
  g_assert_cmpint (outcome (&given), ==, FALSE);
  allow (f, FLOE_SHADOW_ENDED, FLOE_CONTROL_NONE);
  take (f, 0, &seen);
  g_assert_nonnull (seen);
  g_assert_null (g_task_propagate_pointer (G_TASK (seen), &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "shadow-over");
  g_object_unref (seen);
}

/* Who is heard of is not missed, and neither is who waits. */
static void
test_missing (Fixture *f, gconstpointer data)
{
  GAsyncResult *seen = NULL;
  GAsyncResult *heard = NULL;
  const gint64 patience = 5 * G_USEC_PER_SEC;

  g_assert_null (floe_shadow_relay_find_missing (f->relay, patience));
  fake_clock_advance (f->clock, 6 * G_USEC_PER_SEC);
  g_assert_nonnull (strstr (floe_shadow_relay_find_missing (f->relay, patience), "client"));
  floe_shadow_relay_take_inputs (f->relay, task_new (&heard));
  settle ();
  g_assert_nonnull (strstr (floe_shadow_relay_find_missing (f->relay, patience), "nobody"));
  take (f, 0, &seen);
  fake_clock_advance (f->clock, 4 * G_USEC_PER_SEC);
  g_assert_null (floe_shadow_relay_find_missing (f->relay, patience));
  g_clear_object (&heard);
  allow (f, FLOE_SHADOW_ENDED, FLOE_CONTROL_NONE);
  g_clear_object (&seen);
}

static void
test_table (void)
{
  static const struct
  {
    FloeShadowState state;
    FloeShadowControl control;
    FloeShadowStep step;
    FloeShadowState then;
    FloeShadowControl control_then;
    const gchar *refusal;
  } rows[] = {
    { FLOE_SHADOW_ASKED, FLOE_CONTROL_NONE, FLOE_SHADOW_ALLOW, FLOE_SHADOW_GRANTED,
      FLOE_CONTROL_NONE, NULL },
    { FLOE_SHADOW_ASKED, FLOE_CONTROL_NONE, FLOE_SHADOW_REFUSE, FLOE_SHADOW_REFUSED,
      FLOE_CONTROL_NONE, NULL },
    { FLOE_SHADOW_ASKED, FLOE_CONTROL_NONE, FLOE_SHADOW_LEAVE, FLOE_SHADOW_ENDED, FLOE_CONTROL_NONE,
      NULL },
    { FLOE_SHADOW_ASKED, FLOE_CONTROL_NONE, FLOE_SHADOW_WANT_CONTROL, FLOE_SHADOW_ASKED,
      FLOE_CONTROL_NONE, "not-granted" },
    { FLOE_SHADOW_ASKED, FLOE_CONTROL_NONE, FLOE_SHADOW_ALLOW_CONTROL, FLOE_SHADOW_ASKED,
      FLOE_CONTROL_NONE, "not-granted" },
    { FLOE_SHADOW_GRANTED, FLOE_CONTROL_NONE, FLOE_SHADOW_ALLOW, FLOE_SHADOW_GRANTED,
      FLOE_CONTROL_NONE, "not-asked" },
    { FLOE_SHADOW_GRANTED, FLOE_CONTROL_NONE, FLOE_SHADOW_ALLOW_CONTROL, FLOE_SHADOW_GRANTED,
      FLOE_CONTROL_NONE, "not-asked" },
    { FLOE_SHADOW_GRANTED, FLOE_CONTROL_NONE, FLOE_SHADOW_WANT_CONTROL, FLOE_SHADOW_GRANTED,
      FLOE_CONTROL_ASKED, NULL },
    { FLOE_SHADOW_GRANTED, FLOE_CONTROL_GRANTED, FLOE_SHADOW_WANT_CONTROL, FLOE_SHADOW_GRANTED,
      FLOE_CONTROL_GRANTED, NULL },
    { FLOE_SHADOW_GRANTED, FLOE_CONTROL_ASKED, FLOE_SHADOW_ALLOW_CONTROL, FLOE_SHADOW_GRANTED,
      FLOE_CONTROL_GRANTED, NULL },
    { FLOE_SHADOW_GRANTED, FLOE_CONTROL_GRANTED, FLOE_SHADOW_DENY_CONTROL, FLOE_SHADOW_GRANTED,
      FLOE_CONTROL_NONE, NULL },
    { FLOE_SHADOW_GRANTED, FLOE_CONTROL_GRANTED, FLOE_SHADOW_STOP, FLOE_SHADOW_ENDED,
      FLOE_CONTROL_NONE, NULL },
    { FLOE_SHADOW_GRANTED, FLOE_CONTROL_GRANTED, FLOE_SHADOW_LAPSE, FLOE_SHADOW_ENDED,
      FLOE_CONTROL_NONE, NULL },
    { FLOE_SHADOW_REFUSED, FLOE_CONTROL_NONE, FLOE_SHADOW_ALLOW, FLOE_SHADOW_REFUSED,
      FLOE_CONTROL_NONE, "shadow-over" },
    { FLOE_SHADOW_ENDED, FLOE_CONTROL_NONE, FLOE_SHADOW_STOP, FLOE_SHADOW_ENDED, FLOE_CONTROL_NONE,
      "shadow-over" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (FloeShadow) shadow = g_new0 (FloeShadow, 1);
      g_autoptr (GError) error = NULL;

      shadow->state = rows[i].state;
      shadow->control = rows[i].control;
      shadow->due = 100;
      g_assert_cmpint (floe_shadow_take_step (shadow, rows[i].step, 50, &error), ==,
                       rows[i].refusal == NULL);
      g_assert_cmpint (shadow->state, ==, rows[i].then);
      g_assert_cmpint (shadow->control, ==, rows[i].control_then);
      g_assert_cmpstr (error != NULL ? floe_error_reason (error) : NULL, ==, rows[i].refusal);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/shadow/table", test_table);
#define ADD(path, func) g_test_add ("/shadow/relay/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("pressure", test_pressure);
  ADD ("flood", test_flood);
  ADD ("all", test_all);
  ADD ("ahead", test_ahead);
  ADD ("goes-on", test_goes_on);
  ADD ("inputs", test_inputs);
  ADD ("over", test_over);
  ADD ("missing", test_missing);
  return g_test_run ();
}
