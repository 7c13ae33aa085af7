/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/rate.h"
#include "house.h"
#include "logs.h"

/* The line of a pool that has no desktop left. */

#define PEOPLE 50

typedef struct
{
  House *house;
  FloeGrant *grants[PEOPLE];
  FloeConnectRequest *requests[PEOPLE];
  guint n;
  gchar *holder_name[PEOPLE];
} Crowd;

static FloeConnectRequest *
queue (House *house, const FloeGrant *grant)
{
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, grant);

  g_assert_nonnull (answer->request);
  house_settle (house);
  return g_object_ref (answer->request);
}

static FloeConnectRequest *
queue_held (House *house, const FloeGrant *grant)
{
  FloeConnectRequest *request = queue (house, grant);

  floe_connect_request_hold (request);
  return request;
}

static void
assert_place (FloeConnectRequest *request, guint place)
{
  g_assert_cmpint (floe_connect_request_get_state (request), ==, FLOE_REQUEST_QUEUED);
  g_assert_cmpuint (floe_connect_request_get_place (request), ==, place);
}

static gpointer
count_rows (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (GPtrArray) waits = floe_tx_list_waits (tx, NULL, 1000, error);

  return waits != NULL ? GUINT_TO_POINTER (waits->len + 1) : NULL;
}

static guint
rows (House *house)
{
  g_autoptr (GError) error = NULL;
  gpointer n = house_write (house, count_rows, NULL, &error);

  g_assert_no_error (error);
  return GPOINTER_TO_UINT (n) - 1;
}

static FloeGrant *
enter_as (House *house, guint i)
{
  g_autofree gchar *name = g_strdup_printf ("person%u", i);

  fake_directory_add (house->directory, name, "office");
  return house_enter (house, name);
}

/* Nothing is left: a place, and when a desktop is given back and was reset it is theirs. */
static void
test_served (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeGrant) carol = house_enter (house, "carol");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED first = house_get_in (house, alice);
  g_autoptr (FloeConnectRequest) b = queue (house, bob);
  g_autoptr (FloeConnectRequest) c = queue (house, carol);
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;

  assert_place (b, 1);
  assert_place (c, 2);
  g_assert_cmpuint (floe_connect_request_get_estimate (c), ==, 0);
  g_assert_cmpuint (house_count_audit (house, "connect", "queued"), ==, 2);
  g_assert_true (house_release (house, alice->identity, "id-office-1", NULL));
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (b), ==, FLOE_REQUEST_READY);
  desktop = house_get_desktop (house, "id-office-1");
  g_assert_true (floe_desktop_is_held_by (desktop, "uuid-bob"));
  g_assert_cmpstr (desktop->lease->login_id, ==, bob->identity->login_id);
  house_advance (house, 1);
  assert_place (c, 1);
  g_assert_cmpuint (rows (house), ==, 1);
  answer = house_get_in (house, bob);
  g_assert_nonnull (answer->connection);
}

/* A desktop is free for a moment, but somebody came first. */
static void
test_no_overtaking (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeGrant) carol = house_enter (house, "carol");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED first = house_get_in (house, alice);
  g_autoptr (FloeConnectRequest) b = queue (house, bob);
  FloeConnectAnswer *answer = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;

  /* Both are on their way to the store before it says that the desktop is clean. */
  g_assert_true (house_release (house, alice->identity, "id-office-1", NULL));
  while ((answer = house_connect (house, carol->identity, "office", NULL))->connection == NULL
         && floe_connect_request_get_state (b) == FLOE_REQUEST_QUEUED)
    floe_connect_answer_free (answer);
  g_assert_null (answer->connection);
  floe_connect_answer_free (answer);
  desktop = house_get_desktop (house, "id-office-1");
  g_assert_true (floe_desktop_is_held_by (desktop, "uuid-bob"));
}

/* The pool gets more desktops than there are people in line: everybody has one, the newcomer, too.
 */
static void
test_more_free_than_waiting (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeGrant) carol = house_enter (house, "carol");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED first = house_get_in (house, alice);
  g_autoptr (FloeConnectRequest) b = queue (house, bob);
  g_autoptr (FloeConnectRequest) c = NULL;

  fake_manager_add (house->manager, "office-2", FLOE_POWER_OFF);
  fake_manager_add (house->manager, "office-3", FLOE_POWER_OFF);
  fake_manager_list (house->manager);
  c = queue (house, carol);
  g_assert_cmpint (floe_connect_request_get_state (b), ==, FLOE_REQUEST_READY);
  g_assert_cmpint (floe_connect_request_get_state (c), ==, FLOE_REQUEST_READY);
  g_assert_cmpuint (rows (house), ==, 0);
}

/* Who connects again, by the same log-in or another one, keeps their place. */
static void
test_reconnect (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeGrant) carol = house_enter (house, "carol");
  g_autoptr (FloeGrant) elsewhere = NULL;
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED first = house_get_in (house, alice);
  g_autoptr (FloeConnectRequest) b = queue (house, bob);
  g_autoptr (FloeConnectRequest) c = queue (house, carol);
  g_autoptr (FloeConnectRequest) again = NULL;
  g_autoptr (FloeConnectRequest) other = NULL;

  house_advance (house, 10);
  again = queue (house, bob);
  g_assert_true (again == b);
  elsewhere = house_enter (house, "bob");
  other = queue (house, elsewhere);
  g_assert_true (other != b);
  house_advance (house, 1);
  assert_place (b, 1);
  assert_place (other, 1);
  assert_place (c, 2);
  g_assert_true (house_release (house, alice->identity, "id-office-1", NULL));
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (b), ==, FLOE_REQUEST_READY);
  g_assert_cmpint (floe_connect_request_get_state (other), ==, FLOE_REQUEST_READY);
}

/* The rows are the line: after the broker was killed everybody finds their place. */
static void
test_restart (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeGrant) carol = house_enter (house, "carol");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED first = house_get_in (house, alice);
  g_autoptr (FloeConnectRequest) G_GNUC_UNUSED b = queue (house, bob);
  g_autoptr (FloeConnectRequest) G_GNUC_UNUSED c = queue (house, carol);
  g_autoptr (FloeConnectRequest) b2 = NULL;
  g_autoptr (FloeConnectRequest) c2 = NULL;

  house_crash (house);
  fake_clock_advance (house->clock, 170 * G_USEC_PER_SEC);
  house_start (house);
  house_advance (house, 100);
  c2 = queue (house, carol);
  b2 = queue (house, bob);
  house_advance (house, 1);
  assert_place (b2, 1);
  assert_place (c2, 2);
  g_assert_true (house_release (house, alice->identity, "id-office-1", NULL));
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (b2), ==, FLOE_REQUEST_READY);
}

typedef struct
{
  gboolean done;
  GError *error;
} Leaving;

static void
has_left (GObject *source, GAsyncResult *result, gpointer data)
{
  Leaving *leaving = data;

  floe_assigner_leave_finish (FLOE_ASSIGNER (source), result, &leaving->error);
  leaving->done = TRUE;
}

static void
leave (House *house, const FloeGrant *grant, FloeConnectRequest *request)
{
  Leaving leaving = { 0 };

  floe_assigner_leave_async (house->assigner, grant->identity,
                             floe_connect_request_get_id (request), has_left, &leaving);
  house_settle (house);
  g_assert_true (leaving.done);
  g_assert_no_error (leaving.error);
}

static void
test_leave (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeGrant) carol = house_enter (house, "carol");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED first = house_get_in (house, alice);
  g_autoptr (FloeConnectRequest) b = queue (house, bob);
  g_autoptr (FloeConnectRequest) c = queue (house, carol);
  g_autoptr (FloeConnectRequest) back = NULL;
  Leaving others = { 0 };

  floe_assigner_leave_async (house->assigner, carol->identity, floe_connect_request_get_id (b),
                             has_left, &others);
  house_settle (house);
  g_assert_error (others.error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  g_error_free (others.error);
  leave (house, bob, b);
  g_assert_cmpint (floe_connect_request_get_state (b), ==, FLOE_REQUEST_FAILED);
  g_assert_cmpstr (floe_error_reason (floe_connect_request_get_error (b)), ==, "left");
  g_assert_cmpuint (house_count_audit (house, "leave-line", "done"), ==, 1);
  house_advance (house, 1);
  back = queue (house, bob);
  house_advance (house, 1);
  assert_place (c, 1);
  assert_place (back, 2);
}

/* At another terminal they still wait. */
static void
test_leave_one_of_two (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeGrant) elsewhere = house_enter (house, "bob");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED first = house_get_in (house, alice);
  g_autoptr (FloeConnectRequest) one = queue (house, bob);
  g_autoptr (FloeConnectRequest) two = queue (house, elsewhere);

  leave (house, bob, one);
  house_advance (house, 1);
  assert_place (two, 1);
  g_assert_cmpuint (rows (house), ==, 1);
  leave (house, elsewhere, two);
  g_assert_cmpuint (rows (house), ==, 0);
}

/* Whoever logged out is passed over, and so is who may not have one any more. */
static void
test_gone (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeGrant) carol = house_enter (house, "carol");
  g_autoptr (FloeGrant) dave = enter_as (house, 1);
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED first = house_get_in (house, alice);
  g_autoptr (FloeConnectRequest) b = queue_held (house, bob);
  g_autoptr (FloeConnectRequest) c = queue_held (house, carol);
  g_autoptr (FloeConnectRequest) d = queue_held (house, dave);

  g_assert_true (house_log_out (house, bob->identity, NULL));
  fake_directory_add (house->directory, "carol", "outside");
  house_advance (house, 61);
  g_assert_true (house_release (house, alice->identity, "id-office-1", NULL));
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (d), ==, FLOE_REQUEST_READY);
  g_assert_error (floe_connect_request_get_error (b), FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
  g_assert_error (floe_connect_request_get_error (c), FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  g_assert_cmpuint (rows (house), ==, 0);
}

/* A client that is not heard of for three minutes has no place; one that follows or asks has. */
static void
test_silence (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeGrant) carol = house_enter (house, "carol");
  g_autoptr (FloeGrant) dave = enter_as (house, 1);
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED first = house_get_in (house, alice);
  g_autoptr (FloeConnectRequest) b = queue (house, bob);
  g_autoptr (FloeConnectRequest) c = queue_held (house, carol);
  g_autoptr (FloeConnectRequest) d = queue (house, dave);

  for (guint i = 0; i < 14; i++)
    {
      g_assert_true (floe_assigner_get_request (house->assigner, dave->identity,
                                                floe_connect_request_get_id (d), NULL)
                     == d);
      house_advance (house, 20);
    }
  g_assert_cmpint (floe_connect_request_get_state (b), ==, FLOE_REQUEST_FAILED);
  assert_place (c, 1);
  assert_place (d, 2);
  g_assert_cmpuint (rows (house), ==, 2);
}

/* Served, but they do not come: after a while it goes to the next one. */
static void
test_does_not_come (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeGrant) carol = house_enter (house, "carol");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED first = house_get_in (house, alice);
  g_autoptr (FloeConnectRequest) b = queue_held (house, bob);
  g_autoptr (FloeConnectRequest) c = queue_held (house, carol);

  g_assert_true (house_release (house, alice->identity, "id-office-1", NULL));
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (b), ==, FLOE_REQUEST_READY);
  for (guint i = 0; i < 60 && floe_connect_request_get_state (c) == FLOE_REQUEST_QUEUED; i++)
    house_advance (house, 20);
  g_assert_cmpint (floe_connect_request_get_state (c), ==, FLOE_REQUEST_READY);
  floe_connect_request_unhold (b, 0);
  floe_connect_request_unhold (c, 0);
}

/* The pool is closed: its line stands still. Opened, it moves on. */
static void
test_closed (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeGrant) carol = house_enter (house, "carol");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED first = house_get_in (house, alice);
  g_autoptr (FloeConnectRequest) b = queue_held (house, bob);
  g_autoptr (FloePool) pool = house_new_pool ("office", FLOE_POOL_FLOATING, "office-*");
  g_autoptr (FloeConnectAnswer) again = NULL;
  g_autoptr (GError) error = NULL;

  pool->closed = TRUE;
  pool->message = g_strdup ("Closed for cleaning.");
  house_put_pool (house, pool);
  g_assert_null (house_connect (house, carol->identity, "office", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_EXHAUSTED);
  g_assert_cmpstr (floe_error_reason (error), ==, "pool-closed");
  g_assert_cmpstr (error->message, ==, "Closed for cleaning.");
  again = house_get_in (house, alice);
  g_assert_nonnull (again->connection);
  g_assert_true (house_release (house, alice->identity, "id-office-1", NULL));
  house_settle (house);
  assert_place (b, 1);
  pool->closed = FALSE;
  house_put_pool (house, pool);
  g_assert_cmpint (floe_connect_request_get_state (b), ==, FLOE_REQUEST_READY);
  floe_connect_request_unhold (b, 0);
}

static gpointer
note_draining (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloeHostNote) note = floe_host_note_new ("host1");

  note->draining = GPOINTER_TO_INT (input);
  return floe_tx_put_host (tx, note, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

/* Nobody new comes to a host that is drained; who has a desktop there comes back to it. */
static void
test_draining (void)
{
  g_autoptr (House) house = house_office (0, 2);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeConnectAnswer) first = house_get_in (house, alice);
  g_autoptr (FloeConnectAnswer) again = NULL;
  g_autoptr (FloeConnectRequest) b = NULL;

  g_assert_nonnull (house_write (house, note_draining, GINT_TO_POINTER (TRUE), NULL));
  b = queue_held (house, bob);
  assert_place (b, 1);
  again = house_get_in (house, alice);
  g_assert_cmpstr (again->connection->desktop->id, ==, first->connection->desktop->id);
  g_assert_nonnull (house_write (house, note_draining, GINT_TO_POINTER (FALSE), NULL));
  house_advance (house, 30);
  g_assert_cmpint (floe_connect_request_get_state (b), ==, FLOE_REQUEST_READY);
  floe_connect_request_unhold (b, 0);
}

static guint
find_waiting (Crowd *crowd, guint from)
{
  for (guint i = from; i < crowd->n; i++)
    if (floe_connect_request_get_state (crowd->requests[i]) == FLOE_REQUEST_QUEUED)
      return i;
  return crowd->n;
}

/* Everybody from @first on still waits, in the order in which they came; nobody before does. */
static void
assert_order (Crowd *crowd, guint first)
{
  for (guint i = 0; i < crowd->n; i++)
    if (i < first)
      g_assert_cmpint (floe_connect_request_get_state (crowd->requests[i]), ==, FLOE_REQUEST_READY);
    else
      assert_place (crowd->requests[i], i - first + 1);
}

/* Many wait, and desktops come back in any order, several at once: first come, first served. */
static void
test_fair (void)
{
  g_autoptr (House) house = house_office (0, 5);
  g_autoptr (GRand) random = g_rand_new_with_seed (20261125);
  g_autoptr (GPtrArray) held = g_ptr_array_new ();
  Crowd crowd = { .house = house };
  guint served = 0;

  for (guint i = 0; i < 5; i++)
    {
      FloeGrant *grant = enter_as (house, 1000 + i);

      floe_connect_answer_free (house_get_in (house, grant));
      g_ptr_array_add (held, grant);
    }
  for (crowd.n = 0; crowd.n < PEOPLE; crowd.n++)
    {
      crowd.grants[crowd.n] = enter_as (house, crowd.n);
      crowd.requests[crowd.n] = queue_held (house, crowd.grants[crowd.n]);
      fake_clock_advance (house->clock, 1000);
    }
  house_advance (house, 1);
  assert_order (&crowd, 0);
  while (served < PEOPLE)
    {
      guint n = MIN ((guint)g_rand_int_range (random, 1, 4), PEOPLE - served);

      for (guint i = 0; i < n; i++)
        {
          FloeGrant *grant = g_ptr_array_steal_index_fast (
              held, (guint)g_rand_int_range (random, 0, (gint32)held->len));

          g_assert_true (house_log_out (house, grant->identity, NULL));
          floe_grant_free (grant);
        }
      house_advance (house, 2);
      g_assert_cmpuint (find_waiting (&crowd, 0), ==, served + n);
      for (guint i = 0; i < n; i++)
        g_ptr_array_add (held, g_steal_pointer (&crowd.grants[served + i]));
      served += n;
      assert_order (&crowd, served);
      if (served > 5 && served < PEOPLE)
        g_assert_cmpuint (floe_connect_request_get_estimate (crowd.requests[PEOPLE - 1]), >, 0);
    }
  g_assert_cmpuint (rows (house), ==, 0);
  g_ptr_array_set_free_func (held, (GDestroyNotify)floe_grant_free);
  for (guint i = 0; i < PEOPLE; i++)
    {
      floe_connect_request_unhold (crowd.requests[i], 0);
      g_object_unref (crowd.requests[i]);
    }
}

/* A further desktop is waited for like the first one. */
static void
test_another (void)
{
  const FloeConnectWish further = { .another = TRUE };
  g_autoptr (House) house = house_office (0, 2);
  g_autoptr (FloePool) pool = house_new_pool ("office", FLOE_POOL_FLOATING, "office-*");
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeConnectAnswer) own = NULL;
  g_autoptr (FloeConnectAnswer) others = NULL;
  g_autoptr (FloeConnectAnswer) waiting = NULL;
  g_autoptr (FloeConnectAnswer) first = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;

  pool->per_user = 2;
  house_put_pool (house, pool);
  own = house_get_in (house, alice);
  others = house_get_in (house, bob);
  waiting = house_wish (house, alice->identity, "office", &further, NULL);
  assert_place (waiting->request, 1);
  first = house_get_in (house, alice);
  g_assert_cmpstr (first->connection->desktop->id, ==, own->connection->desktop->id);
  g_assert_true (house_release (house, bob->identity, others->connection->desktop->id, NULL));
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (waiting->request), ==, FLOE_REQUEST_READY);
  desktop = house_get_desktop (house, others->connection->desktop->id);
  g_assert_true (floe_desktop_is_held_by (desktop, "uuid-alice"));
  g_assert_cmpuint (desktop->lease->slot, ==, 2);
}

static void
test_rate (void)
{
  FloeRate rate = { 0 };

  g_assert_cmpuint (floe_rate_estimate (&rate, 1, 0), ==, 0);
  for (guint i = 1; i <= 2; i++)
    floe_rate_note (&rate, i * 60 * G_USEC_PER_SEC);
  g_assert_cmpuint (floe_rate_estimate (&rate, 1, 120 * G_USEC_PER_SEC), ==, 0);
  floe_rate_note (&rate, 180 * G_USEC_PER_SEC);
  g_assert_cmpuint (floe_rate_estimate (&rate, 3, 180 * G_USEC_PER_SEC), ==, 180);
  /* It has not happened for long. */
  g_assert_cmpuint (floe_rate_estimate (&rate, 1, 660 * G_USEC_PER_SEC), ==, 200);
  /* What was long ago is forgotten. */
  for (guint i = 0; i <= FLOE_RATE_SAMPLES; i++)
    floe_rate_note (&rate, (1000 + 10 * i) * G_USEC_PER_SEC);
  g_assert_cmpuint (floe_rate_estimate (&rate, 2, 1200 * G_USEC_PER_SEC), ==, 20);
  g_assert_cmpuint (floe_rate_estimate (&rate, G_MAXUINT, 1200 * G_USEC_PER_SEC), ==, G_MAXINT32);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/line/served", test_served);
  g_test_add_func ("/line/no-overtaking", test_no_overtaking);
  g_test_add_func ("/line/more-free-than-waiting", test_more_free_than_waiting);
  g_test_add_func ("/line/reconnect", test_reconnect);
  g_test_add_func ("/line/restart", test_restart);
  g_test_add_func ("/line/leave", test_leave);
  g_test_add_func ("/line/leave-one-of-two", test_leave_one_of_two);
  g_test_add_func ("/line/gone", test_gone);
  g_test_add_func ("/line/silence", test_silence);
  g_test_add_func ("/line/does-not-come", test_does_not_come);
  g_test_add_func ("/line/closed", test_closed);
  g_test_add_func ("/line/draining", test_draining);
  g_test_add_func ("/line/fair", test_fair);
  g_test_add_func ("/line/another", test_another);
  g_test_add_func ("/line/rate", test_rate);
  return g_test_run ();
}
