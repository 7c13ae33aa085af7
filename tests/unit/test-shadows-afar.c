/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/shadows.h"

#include "core/error.h"
#include "core/shadow-acts.h"
#include "login/letter-keys.h"
#include "logs.h"
#include "one-desk.h"

/* Two brokers of one store, and a shadow whose sides come to either: what passes between them. */

typedef struct
{
  FloePost *post;
  FloeShadows *shadows;
} Broker;

typedef struct
{
  OneDesk desk;
  Broker one; /* where it is allowed */
  Broker two;
  FloeIdentity *helper;
  FloeShadow *shadow;
  guint64 after; /* the number of the last picture that was seen */
} Fixture;

static void
open_broker (Fixture *f, Broker *broker)
{
  House *house = f->desk.house;
  g_autoptr (FloePostKeys) keys = floe_letter_keys_new (NULL);

  broker->post = floe_post_new (house->counted, FLOE_CLOCK (house->clock), keys);
  broker->shadows = house_shadows_new (house);
  floe_shadows_set_post (broker->shadows, broker->post);
  /* News of desktops is slower, and may be lost: what must be heard at once is in letters. */
  g_signal_handlers_disconnect_by_data (house->keeper, broker->shadows);
}

static void
close_broker (Fixture *f, Broker *broker)
{
  if (broker->post == NULL)
    return;
  floe_shadows_stop (broker->shadows);
  floe_post_stop (broker->post);
  house_settle (f->desk.house);
  g_assert_finalize_object (broker->shadows);
  g_assert_finalize_object (broker->post);
  broker->shadows = NULL;
  broker->post = NULL;
}

static FloeShadow *
wait_shadow (Fixture *f, Broker *at, GAsyncResult **result, GError **error)
{
  house_wait (f->desk.house, result);
  return floe_shadows_finish (at->shadows, *result, error);
}

static void
step (Fixture *f, Broker *at, gboolean holder, FloeShadowStep step)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  floe_shadows_step_async (at->shadows, holder ? f->desk.alice->identity : f->helper, f->shadow->id,
                           step, house_answered, &result);
  g_clear_pointer (&f->shadow, floe_shadow_free);
  f->shadow = wait_shadow (f, at, &result, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  one_desk_set_up (&f->desk, NULL);
  one_desk_get_in (&f->desk);
  open_broker (f, &f->one);
  open_broker (f, &f->two);
  f->helper = house_helen ();
  floe_shadows_ask_async (f->two.shadows, f->helper, DESK, "ticket 4711", house_answered, &result);
  f->shadow = wait_shadow (f, &f->two, &result, &error);
  g_assert_no_error (error);
  step (f, &f->one, TRUE, FLOE_SHADOW_ALLOW);
  g_assert_cmpstr (f->shadow->broker, ==, floe_post_get_address (f->one.post));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  close_broker (f, &f->one);
  close_broker (f, &f->two);
  floe_shadow_free (f->shadow);
  floe_identity_free (f->helper);
  one_desk_tear_down (&f->desk, NULL);
}

/* What the two sides do. */

static void
give (Fixture *f, Broker *at, const gchar *bytes, GAsyncResult **result)
{
  FloePicture *picture = g_new0 (FloePicture, 1);

  picture->first = TRUE;
  picture->width = picture->height = 16;
  picture->bytes = floe_secret_new (bytes, -1);
  floe_shadows_put_picture_async (at->shadows, f->desk.alice->identity, f->shadow->id, picture,
                                  NULL, house_answered, result);
  house_settle (f->desk.house);
}

static void
look (Fixture *f, Broker *at, const FloeIdentity *who, GAsyncResult **result)
{
  floe_shadows_take_picture_async (at->shadows, who, f->shadow->id, f->after, NULL, house_answered,
                                   result);
  house_settle (f->desk.house);
}

static FloePicture *
seen (Broker *at, GAsyncResult *result, GError **error)
{
  FloePicture *picture = NULL;

  g_assert_nonnull (result);
  floe_shadows_take_picture_finish (at->shadows, result, &picture, error);
  return picture;
}

static void
type (Fixture *f, Broker *at, guint code, GAsyncResult **result)
{
  FloeInputs *inputs = g_new0 (FloeInputs, 1);

  inputs->events = g_new0 (FloeInput, 1);
  inputs->n_events = 1;
  inputs->events->code = code;
  floe_shadows_put_inputs_async (at->shadows, f->helper, f->shadow->id, inputs, house_answered,
                                 result);
  house_settle (f->desk.house);
}

static void
listen (Fixture *f, Broker *at, GCancellable *cancellable, GAsyncResult **result)
{
  floe_shadows_take_inputs_async (at->shadows, f->desk.alice->identity, f->shadow->id, cancellable,
                                  house_answered, result);
  house_settle (f->desk.house);
}

/* A picture that was given at one broker is seen at another one. */
static void
assert_passes (Fixture *f, Broker *client, Broker *helper, const gchar *bytes)
{
  g_autoptr (GAsyncResult) given = NULL;
  g_autoptr (GAsyncResult) looked = NULL;
  g_autoptr (FloePicture) picture = NULL;
  g_autoptr (GError) error = NULL;
  gboolean all;

  look (f, helper, f->helper, &looked);
  house_pass_ms (f->desk.house, 300);
  give (f, client, bytes, &given);
  house_pass_ms (f->desk.house, 300);
  picture = seen (helper, looked, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (floe_secret_get (picture->bytes, NULL), ==, bytes);
  g_assert_cmpuint (picture->number, >, f->after);
  f->after = picture->number;
  g_assert_nonnull (given);
  g_assert_true (floe_shadows_put_picture_finish (client->shadows, given, &all, &error));
  g_assert_false (all);
}

static void
test_pictures (Fixture *f, gconstpointer data)
{
  assert_passes (f, &f->one, &f->two, "picture 1");
  assert_passes (f, &f->two, &f->one, "picture 2");
  assert_passes (f, &f->two, &f->two, "picture 3");
  assert_passes (f, &f->one, &f->one, "picture 4");
}

static void
assert_typed (Fixture *f, Broker *client, Broker *helper, guint code)
{
  g_autoptr (GAsyncResult) heard = NULL;
  g_autoptr (GAsyncResult) typed = NULL;
  g_autoptr (FloeInputs) inputs = NULL;
  g_autoptr (GError) error = NULL;

  listen (f, client, NULL, &heard);
  house_pass_ms (f->desk.house, 300);
  type (f, helper, code, &typed);
  house_pass_ms (f->desk.house, 300);
  g_assert_nonnull (typed);
  g_assert_true (floe_shadows_put_inputs_finish (helper->shadows, typed, &error));
  g_assert_nonnull (heard);
  inputs = floe_shadows_take_inputs_finish (client->shadows, heard, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (inputs->n_events, ==, 1);
  g_assert_cmpuint (inputs->events->code, ==, code);
}

static void
allow_control (Fixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;

  listen (f, &f->one, NULL, &result); /* the whole screen is wanted, which is said once */
  house_pass_ms (f->desk.house, 300);
  step (f, &f->two, FALSE, FLOE_SHADOW_WANT_CONTROL);
  step (f, &f->two, TRUE, FLOE_SHADOW_ALLOW_CONTROL);
}

static void
test_keys (Fixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) early = NULL;
  g_autoptr (GAsyncResult) late = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) dropped = NULL;

  type (f, &f->two, 30, &early);
  house_pass_ms (f->desk.house, 300);
  g_assert_nonnull (early);
  g_assert_false (floe_shadows_put_inputs_finish (f->two.shadows, early, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpstr (floe_error_reason (error), ==, "no-control");
  allow_control (f);
  assert_typed (f, &f->one, &f->two, 31);
  assert_typed (f, &f->two, &f->one, 32);
  assert_typed (f, &f->two, &f->two, 33);
  step (f, &f->two, TRUE, FLOE_SHADOW_DENY_CONTROL);
  type (f, &f->two, 34, &late);
  house_pass_ms (f->desk.house, 300);
  g_assert_nonnull (late);
  g_assert_false (floe_shadows_put_inputs_finish (f->two.shadows, late, &dropped));
  g_assert_cmpstr (floe_error_reason (dropped), ==, "no-control");
}

/* Who is no side of it is none at another broker either. */
static void
test_others (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeGrant) bob = house_enter (f->desk.house, "bob");
  Broker *brokers[] = { &f->one, &f->two };

  for (guint i = 0; i < G_N_ELEMENTS (brokers); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      look (f, brokers[i], bob->identity, &result);
      house_pass_ms (f->desk.house, 300);
      g_assert_null (seen (brokers[i], result, &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
    }
}

/* Who waits at the other broker hears of the end. */
static void
test_ends (Fixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) looked = NULL;
  g_autoptr (GAsyncResult) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) late = NULL;

  look (f, &f->two, f->helper, &looked);
  house_pass_ms (f->desk.house, 300);
  g_assert_null (looked);
  step (f, &f->one, TRUE, FLOE_SHADOW_STOP);
  house_pass_ms (f->desk.house, 300);
  g_assert_null (seen (&f->two, looked, &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "shadow-over");
  look (f, &f->two, f->helper, &again);
  g_assert_null (seen (&f->two, again, &late));
  g_assert_cmpstr (floe_error_reason (late), ==, "shadow-over");
}

/* And so does who waits where it is, when it was ended elsewhere. */
static void
test_ended_afar (Fixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) there = NULL;
  g_autoptr (GAsyncResult) here = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) at_once = NULL;

  look (f, &f->one, f->helper, &there);
  listen (f, &f->two, NULL, &here);
  house_pass_ms (f->desk.house, 300);
  g_clear_object (&here); /* the whole screen is wanted */
  listen (f, &f->two, NULL, &here);
  house_pass_ms (f->desk.house, 300);
  g_assert_null (here);
  g_assert_null (there);
  step (f, &f->two, TRUE, FLOE_SHADOW_STOP);
  house_settle (f->desk.house);
  g_assert_nonnull (here);
  g_assert_null (floe_shadows_take_inputs_finish (f->two.shadows, here, &at_once));
  g_assert_cmpstr (floe_error_reason (at_once), ==, "shadow-over");
  house_pass_ms (f->desk.house, 100);
  g_assert_null (seen (&f->one, there, &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "shadow-over");
}

/* What they type is for who listens, and not for who listened there and is gone. */
static void
test_gone (Fixture *f, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) gone = NULL;
  g_autoptr (GAsyncResult) heard = NULL;
  g_autoptr (GAsyncResult) typed = NULL;
  g_autoptr (FloeInputs) inputs = NULL;
  g_autoptr (GError) error = NULL;

  allow_control (f);
  listen (f, &f->two, cancellable, &gone);
  house_pass_ms (f->desk.house, 300);
  g_cancellable_cancel (cancellable);
  house_pass_ms (f->desk.house, 300);
  type (f, &f->two, 35, &typed);
  house_pass_ms (f->desk.house, 300);
  listen (f, &f->two, NULL, &heard);
  house_pass_ms (f->desk.house, 300);
  g_assert_nonnull (heard);
  inputs = floe_shadows_take_inputs_finish (f->two.shadows, heard, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (inputs->n_events, ==, 1);
  g_assert_cmpuint (inputs->events->code, ==, 35);
}

/* Nobody waits for ever, and as long as somebody looks it goes on: a client and a page that ask
 * again and again, at the broker that does not have it. */
static void
test_quiet (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 8; i++)
    {
      g_autoptr (GAsyncResult) looked = NULL;
      g_autoptr (GAsyncResult) heard = NULL;
      g_autoptr (FloeInputs) inputs = NULL;
      g_autoptr (GError) error = NULL;

      look (f, &f->two, f->helper, &looked);
      listen (f, &f->two, NULL, &heard);
      house_pass_ms (f->desk.house, 11000);
      g_assert_null (seen (&f->two, looked, &error));
      g_assert_no_error (error);
      g_assert_nonnull (heard);
      inputs = floe_shadows_take_inputs_finish (f->two.shadows, heard, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (inputs->n_events, ==, 0);
    }
}

static FloeShadow *
get (Fixture *f, Broker *at)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  FloeShadow *shadow;

  floe_shadows_get_async (at->shadows, f->helper, f->shadow->id, house_answered, &result);
  shadow = wait_shadow (f, at, &result, &error);
  g_assert_no_error (error);
  return shadow;
}

static void
assert_two_has_it (Fixture *f)
{
  g_autoptr (FloeShadow) now = get (f, &f->two);

  g_assert_cmpint (now->state, ==, FLOE_SHADOW_GRANTED);
  g_assert_cmpstr (now->broker, ==, floe_post_get_address (f->two.post));
}

/* One that was killed is noticed by who waits, though its last letters were read. */
static void
test_killed (Fixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) looked = NULL;
  g_autoptr (GError) error = NULL;

  look (f, &f->two, f->helper, &looked);
  house_pass_ms (f->desk.house, 300);
  floe_post_stop (f->one.post);
  house_pass_ms (f->desk.house, 4400);
  g_assert_null (looked);
  house_pass_ms (f->desk.house, 800);
  g_assert_null (seen (&f->two, looked, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_BUSY);
  assert_two_has_it (f);
  assert_passes (f, &f->two, &f->two, "picture 8");
}

/* Who waits at the broker that went away tries again, and it goes on there. */
static void
test_broker_gone (Fixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) here = NULL;
  g_autoptr (GAsyncResult) looked = NULL;
  g_autoptr (GAsyncResult) there = NULL;
  g_autoptr (GError) stopped = NULL;
  g_autoptr (GError) told = NULL;
  g_autoptr (GError) error = NULL;
  FloeShadows *one = f->one.shadows;

  look (f, &f->two, f->helper, &there);
  house_pass_ms (f->desk.house, 300);
  listen (f, &f->one, NULL, &here);
  g_clear_object (&here);
  listen (f, &f->one, NULL, &here);
  floe_shadows_stop (one);
  floe_post_stop (f->one.post);
  house_settle (f->desk.house);
  g_assert_null (floe_shadows_take_inputs_finish (one, here, &stopped));
  g_assert_error (stopped, FLOE_ERROR, FLOE_ERROR_BUSY);
  g_clear_object (&here);
  house_pass_ms (f->desk.house, 100);
  g_assert_null (seen (&f->two, there, &told));
  g_assert_error (told, FLOE_ERROR, FLOE_ERROR_BUSY);
  close_broker (f, &f->one);
  look (f, &f->two, f->helper, &looked);
  house_pass_ms (f->desk.house, 2800);
  g_assert_null (looked);
  house_pass_ms (f->desk.house, 500);
  g_assert_null (seen (&f->two, looked, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_BUSY);
  assert_two_has_it (f);
  assert_passes (f, &f->two, &f->two, "picture 5");
}

/* One that stood still finds that it has nothing any more: it ends nothing for want of somebody who
 * comes, and has what is asked of it done where it is done now. */
static void
test_stood_still (Fixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) looked = NULL;
  g_autoptr (GAsyncResult) waiting = NULL;
  guint n_sent_away = 0;

  floe_post_set_listening (f->one.post, FALSE); /* it reads no letters */
  look (f, &f->two, f->helper, &looked);
  house_pass_ms (f->desk.house, 3500);
  assert_two_has_it (f);
  listen (f, &f->one, NULL, &waiting);
  for (guint i = 0; i < 6; i++)
    {
      assert_passes (f, &f->two, &f->two, "picture 7");
      house_pass_ms (f->desk.house, 4500);
      if (waiting != NULL)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (FloeInputs) G_GNUC_UNUSED inputs =
              floe_shadows_take_inputs_finish (f->one.shadows, waiting, &error);

          g_assert_true (error == NULL || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_BUSY));
          n_sent_away += error != NULL;
          g_clear_object (&waiting);
          listen (f, &f->one, NULL, &waiting);
        }
    }
  g_assert_cmpuint (n_sent_away, ==, 1);
  assert_two_has_it (f);
  assert_passes (f, &f->one, &f->two, "picture 6");
  house_pass_ms (f->desk.house, 11000); /* nobody waits when this is over */
  g_assert_nonnull (waiting);
}

/* A step that only the broker takes that has it. */
static void
test_elsewhere (Fixture *f, gconstpointer data)
{
  static const FloeShadowStep steps[] = { FLOE_SHADOW_KEEP, FLOE_SHADOW_LAPSE };
  g_autoptr (FloeRoleGroups) groups = floe_role_groups_new (NULL, NULL, NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      FloeShadowInput input = { .groups = groups,
                                .id = f->shadow->id,
                                .step = steps[i],
                                .broker = (gchar *)"another",
                                .instead_of = (gchar *)"a third",
                                .now = floe_clock_now (FLOE_CLOCK (f->desk.house->clock)) };

      floe_store_write_async (f->desk.house->counted, floe_shadow_record_step, &input, NULL,
                              (GDestroyNotify)floe_shadowed_free, house_answered, &result);
      house_wait (f->desk.house, &result);
      g_assert_null (floe_store_finish (f->desk.house->counted, result, &error));
      g_assert_cmpstr (floe_error_reason (error), ==, "elsewhere");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
#define ADD(path, func) g_test_add ("/shadows-afar/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("pictures", test_pictures);
  ADD ("keys", test_keys);
  ADD ("others", test_others);
  ADD ("ends", test_ends);
  ADD ("ended-afar", test_ended_afar);
  ADD ("gone", test_gone);
  ADD ("quiet", test_quiet);
  ADD ("killed", test_killed);
  ADD ("broker-gone", test_broker_gone);
  ADD ("stood-still", test_stood_still);
  ADD ("elsewhere", test_elsewhere);
  return g_test_run ();
}
