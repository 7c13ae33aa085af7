/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/shadows.h"

#include "core/error.h"
#include "core/shadow-acts.h"
#include "logs.h"
#include "one-desk.h"

/* Who looks at whose screen: what is asked and allowed, on a real database. What passes is
 * test-shadow-relay's. */

typedef struct
{
  OneDesk desk;
  FloeShadows *shadows;
  FloeIdentity *helper;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  one_desk_set_up (&f->desk, data);
  one_desk_get_in (&f->desk);
  f->shadows = house_shadows_new (f->desk.house);
  f->helper = house_helen ();
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  house_settle (f->desk.house);
  g_assert_finalize_object (f->shadows);
  floe_identity_free (f->helper);
  one_desk_tear_down (&f->desk, data);
}

static FloeShadow *
ask_as (Fixture *f, const FloeIdentity *who, const gchar *reason, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_shadows_ask_async (f->shadows, who, DESK, reason, house_answered, &result);
  house_wait (f->desk.house, &result);
  return floe_shadows_finish (f->shadows, result, error);
}

static FloeShadow *
ask (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  FloeShadow *shadow = ask_as (f, f->helper, "ticket 4711", &error);

  g_assert_no_error (error);
  return shadow;
}

static FloeShadow *
step_as (Fixture *f, const FloeIdentity *who, const FloeShadow *shadow, FloeShadowStep step,
         GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_shadows_step_async (f->shadows, who, shadow->id, step, house_answered, &result);
  house_wait (f->desk.house, &result);
  return floe_shadows_finish (f->shadows, result, error);
}

static void
step (Fixture *f, FloeShadow **shadow, gboolean holder, FloeShadowStep step)
{
  g_autoptr (GError) error = NULL;
  FloeShadow *now =
      step_as (f, holder ? f->desk.alice->identity : f->helper, *shadow, step, &error);

  g_assert_no_error (error);
  floe_shadow_free (*shadow);
  *shadow = now;
}

static FloeShadow *
get (Fixture *f, const FloeShadow *shadow)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  FloeShadow *now;

  floe_shadows_get_async (f->shadows, f->helper, shadow->id, house_answered, &result);
  house_wait (f->desk.house, &result);
  now = floe_shadows_finish (f->shadows, result, &error);
  g_assert_no_error (error);
  return now;
}

static void
assert_is (Fixture *f, const FloeShadow *shadow, FloeShadowState state, const gchar *by)
{
  g_autoptr (FloeShadow) now = get (f, shadow);

  g_assert_cmpstr (floe_shadow_state_name (now->state), ==, floe_shadow_state_name (state));
  g_assert_cmpstr (now->ended_by, ==, by);
}

static void
assert_rows (Fixture *f, const gchar *action, const gchar *outcome, guint n)
{
  g_assert_cmpuint (house_count_audit (f->desk.house, action, outcome), ==, n);
}

/* The whole way, as the trail has it. */
static void
test_way (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeShadow) shadow = ask (f);
  g_autoptr (FloeOutlook) outlook = NULL;

  g_assert_cmpint (shadow->state, ==, FLOE_SHADOW_ASKED);
  outlook = one_desk_look (&f->desk);
  g_assert_cmpstr (outlook->shadow->id, ==, shadow->id);
  g_assert_cmpstr (outlook->shadow->reason, ==, "ticket 4711");
  step (f, &shadow, TRUE, FLOE_SHADOW_ALLOW);
  g_assert_cmpint (shadow->state, ==, FLOE_SHADOW_GRANTED);
  g_assert_cmpstr (shadow->login_id, ==, f->desk.alice->identity->login_id);
  g_assert_cmpint (shadow->control, ==, FLOE_CONTROL_NONE);
  step (f, &shadow, FALSE, FLOE_SHADOW_WANT_CONTROL);
  step (f, &shadow, TRUE, FLOE_SHADOW_ALLOW_CONTROL);
  g_assert_cmpint (shadow->control, ==, FLOE_CONTROL_GRANTED);
  step (f, &shadow, FALSE, FLOE_SHADOW_DROP_CONTROL);
  step (f, &shadow, FALSE, FLOE_SHADOW_LEAVE);
  assert_is (f, shadow, FLOE_SHADOW_ENDED, "helper");
  assert_rows (f, "shadow", "intent", 1);
  assert_rows (f, "shadow", "done", 1);
  assert_rows (f, "shadow-control", "intent", 1);
  assert_rows (f, "shadow-control", "done", 2);
  assert_rows (f, "shadow-end", "done", 1);
}

/* Nobody is kept waiting, and nobody else who asks. */
static void
test_no_answer (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeShadow) shadow = ask (f);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) late = NULL;

  g_assert_null (ask_as (f, f->helper, "again", &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "shadowed");
  house_advance (f->desk.house, 29);
  assert_is (f, shadow, FLOE_SHADOW_ASKED, NULL);
  house_advance (f->desk.house, 2);
  assert_is (f, shadow, FLOE_SHADOW_REFUSED, "broker");
  assert_rows (f, "shadow", "denied", 1);
  g_assert_null (step_as (f, f->desk.alice->identity, shadow, FLOE_SHADOW_ALLOW, &late));
  g_assert_cmpstr (floe_error_reason (late), ==, "shadow-over");
  floe_shadow_free (ask (f));
}

/* So it is with the other question; they go on looking. */
static void
test_no_control (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeShadow) shadow = ask (f);
  g_autoptr (FloeShadow) now = NULL;
  g_autoptr (GError) error = NULL;

  step (f, &shadow, TRUE, FLOE_SHADOW_ALLOW);
  step (f, &shadow, FALSE, FLOE_SHADOW_WANT_CONTROL);
  for (guint i = 0; i < 7; i++) /* while both are there */
    {
      g_autoptr (GAsyncResult) heard = NULL;
      g_autoptr (GAsyncResult) seen = NULL;

      floe_shadows_take_inputs_async (f->shadows, f->desk.alice->identity, shadow->id, NULL,
                                      house_answered, &heard);
      floe_shadows_take_picture_async (f->shadows, f->helper, shadow->id, 0, NULL, house_answered,
                                       &seen);
      house_advance (f->desk.house, 5);
      house_advance (f->desk.house, 6);
      house_wait (f->desk.house, &heard);
      house_wait (f->desk.house, &seen);
    }
  now = get (f, shadow);
  g_assert_cmpint (now->state, ==, FLOE_SHADOW_GRANTED);
  g_assert_cmpint (now->control, ==, FLOE_CONTROL_NONE);
  g_assert_null (step_as (f, f->desk.alice->identity, shadow, FLOE_SHADOW_ALLOW_CONTROL, &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "not-asked");
  assert_rows (f, "shadow-control", "denied", 1);
}

/* Only whoever sits there, in the client that they sit at, and only who asked. */
static void
test_others (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeShadow) shadow = ask (f);
  g_autoptr (FloeGrant) bob = house_enter (f->desk.house, "bob");
  g_autoptr (FloeGrant) again = house_enter (f->desk.house, "alice");
  g_autoptr (FloeIdentity) other = house_helen ();
  static const FloeShadowStep holders[] = { FLOE_SHADOW_ALLOW, FLOE_SHADOW_REFUSE, FLOE_SHADOW_STOP,
                                            FLOE_SHADOW_DENY_CONTROL };

  for (guint i = 0; i < G_N_ELEMENTS (holders); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (step_as (f, bob->identity, shadow, holders[i], &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
    }
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (step_as (f, again->identity, shadow, FLOE_SHADOW_ALLOW, &error));
    g_assert_cmpstr (floe_error_reason (error), ==, "not-open-here");
  }
  step (f, &shadow, TRUE, FLOE_SHADOW_ALLOW);
  g_free (other->login_id);
  other->login_id = g_strdup ("login-elsewhere");
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (step_as (f, other, shadow, FLOE_SHADOW_WANT_CONTROL, &error));
    g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  }
  floe_shadow_free (step_as (f, other, shadow, FLOE_SHADOW_LEAVE, NULL));
  assert_is (f, shadow, FLOE_SHADOW_ENDED, "helper");
}

static FloeIdentity *
helper_of (const gchar *const *pools)
{
  g_autoptr (FloeUser) user = floe_user_new ("uuid-hugo", "hugo", NULL, NULL);
  g_autoptr (FloeCaller) caller = floe_caller_new ("192.0.2.9", NULL, NULL);
  g_autoptr (FloeIdentity) plain = floe_identity_new (
      user, pools != NULL ? FLOE_ROLE_USER : FLOE_ROLE_HELPDESK, "login-hugo", caller);

  return pools != NULL ? floe_identity_copy_with_pools (plain, pools) : floe_identity_copy (plain);
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  static const gchar *const pools[] = { "design", NULL };
  g_autoptr (FloeIdentity) elsewhere = helper_of (pools);
  g_autoptr (FloeIdentity) helper = helper_of (NULL);
  g_autoptr (GError) pool = NULL;
  g_autoptr (GError) reason = NULL;
  g_autoptr (GError) empty = NULL;

  g_assert_null (ask_as (f, elsewhere, "because", &pool));
  g_assert_cmpstr (floe_error_reason (pool), ==, "not-your-pool");
  assert_rows (f, "shadow", "denied", 1);
  g_assert_null (ask_as (f, helper, NULL, &reason));
  g_assert_cmpstr (floe_error_reason (reason), ==, "reason-needed");
  house_close_console (f->desk.house, DESK);
  house_advance (f->desk.house, 3);
  g_assert_null (ask_as (f, f->helper, "because", &empty));
  g_assert_cmpstr (floe_error_reason (empty), ==, "nobody-there");
}

/* It is over with the session; at once for what passes. */
static void
test_session_ends (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeShadow) shadow = ask (f);
  g_autoptr (GAsyncResult) seen = NULL;
  g_autoptr (GError) error = NULL;
  FloePicture *picture = NULL;

  step (f, &shadow, TRUE, FLOE_SHADOW_ALLOW);
  floe_shadows_take_picture_async (f->shadows, f->helper, shadow->id, 0, NULL, house_answered,
                                   &seen);
  house_close_console (f->desk.house, DESK);
  house_advance (f->desk.house, 3);
  house_wait (f->desk.house, &seen);
  g_assert_false (floe_shadows_take_picture_finish (f->shadows, seen, &picture, &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "shadow-over");
  assert_is (f, shadow, FLOE_SHADOW_ENDED, "broker");
}

/* A page that was closed, or a client that is gone, says nothing. */
static void
test_gone (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeShadow) shadow = ask (f);

  step (f, &shadow, TRUE, FLOE_SHADOW_ALLOW);
  house_advance (f->desk.house, 15);
  assert_is (f, shadow, FLOE_SHADOW_GRANTED, NULL);
  house_advance (f->desk.house, 11);
  assert_is (f, shadow, FLOE_SHADOW_ENDED, "broker");
}

/* So it ends, too, when the broker that had both is gone. */
static void
test_broker_gone (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeShadow) shadow = ask (f);

  step (f, &shadow, TRUE, FLOE_SHADOW_ALLOW);
  house_settle (f->desk.house);
  g_object_unref (f->shadows);
  f->shadows = house_shadows_new (f->desk.house);
  house_advance (f->desk.house, 59);
  assert_is (f, shadow, FLOE_SHADOW_GRANTED, NULL);
  house_advance (f->desk.house, 3);
  assert_is (f, shadow, FLOE_SHADOW_ENDED, "broker");
}

static void
give (Fixture *f, const FloeIdentity *who, const FloeShadow *shadow, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  FloePicture *picture = g_new0 (FloePicture, 1);
  gboolean all;

  picture->first = TRUE;
  picture->width = picture->height = 16;
  picture->bytes = floe_secret_new ("\xff\xd8\xff\xe0", 4);
  floe_shadows_put_picture_async (f->shadows, who, shadow->id, picture, NULL, house_answered,
                                  &result);
  house_wait (f->desk.house, &result);
  floe_shadows_put_picture_finish (f->shadows, result, &all, error);
}

static void
type (Fixture *f, const FloeIdentity *who, const FloeShadow *shadow, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  FloeInputs *inputs = g_new0 (FloeInputs, 1);

  inputs->events = g_new0 (FloeInput, 1);
  inputs->n_events = 1;
  inputs->events->code = 30;
  floe_shadows_put_inputs_async (f->shadows, who, shadow->id, inputs, house_answered, &result);
  house_wait (f->desk.house, &result);
  floe_shadows_put_inputs_finish (f->shadows, result, error);
}

static void
assert_pass (Fixture *f, const FloeShadow *shadow, const gchar *picture, const gchar *key)
{
  g_autoptr (GError) not_given = NULL;
  g_autoptr (GError) not_typed = NULL;

  give (f, f->desk.alice->identity, shadow, &not_given);
  g_assert_cmpstr (not_given != NULL ? floe_error_reason (not_given) : NULL, ==, picture);
  type (f, f->helper, shadow, &not_typed);
  g_assert_cmpstr (not_typed != NULL ? floe_error_reason (not_typed) : NULL, ==, key);
}

/* What passes when, and from whom. */
static void
test_passes (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeShadow) shadow = ask (f);
  g_autoptr (FloeGrant) bob = house_enter (f->desk.house, "bob");
  g_autoptr (GError) not_bobs = NULL;
  g_autoptr (GError) not_alices = NULL;

  {
    g_autoptr (GError) error = NULL;

    give (f, f->desk.alice->identity, shadow, &error); /* nobody allowed it yet */
    g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  }
  step (f, &shadow, TRUE, FLOE_SHADOW_ALLOW);
  assert_pass (f, shadow, NULL, "no-control");
  give (f, bob->identity, shadow, &not_bobs);
  g_assert_error (not_bobs, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  type (f, f->desk.alice->identity, shadow, &not_alices);
  g_assert_error (not_alices, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  step (f, &shadow, FALSE, FLOE_SHADOW_WANT_CONTROL);
  assert_pass (f, shadow, NULL, "no-control");
  step (f, &shadow, TRUE, FLOE_SHADOW_ALLOW_CONTROL);
  assert_pass (f, shadow, NULL, NULL);
  step (f, &shadow, TRUE, FLOE_SHADOW_DENY_CONTROL);
  assert_pass (f, shadow, NULL, "no-control");
  step (f, &shadow, TRUE, FLOE_SHADOW_STOP);
  assert_pass (f, shadow, "shadow-over", "shadow-over");
}

/* Whoever ends it need not wait until that is written. */
static void
test_at_once (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeShadow) shadow = ask (f);
  g_autoptr (GAsyncResult) heard = NULL;
  g_autoptr (GAsyncResult) stopped = NULL;
  g_autoptr (GError) error = NULL;

  step (f, &shadow, TRUE, FLOE_SHADOW_ALLOW);
  floe_shadows_take_inputs_async (f->shadows, f->desk.alice->identity, shadow->id, NULL,
                                  house_answered, &heard);
  house_wait (f->desk.house, &heard); /* the whole screen is wanted */
  g_clear_object (&heard);
  floe_shadows_take_inputs_async (f->shadows, f->desk.alice->identity, shadow->id, NULL,
                                  house_answered, &heard);
  floe_shadows_step_async (f->shadows, f->helper, shadow->id, FLOE_SHADOW_LEAVE, house_answered,
                           &stopped);
  while (heard == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (floe_shadows_take_inputs_finish (f->shadows, heard, &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "shadow-over");
  house_wait (f->desk.house, &stopped);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
#define ADD(path, func) g_test_add ("/shadows/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("way", test_way);
  ADD ("no-answer", test_no_answer);
  ADD ("no-control", test_no_control);
  ADD ("others", test_others);
  ADD ("refused", test_refused);
  ADD ("session-ends", test_session_ends);
  ADD ("gone", test_gone);
  ADD ("broker-gone", test_broker_gone);
  ADD ("passes", test_passes);
  ADD ("at-once", test_at_once);
  return g_test_run ();
}
