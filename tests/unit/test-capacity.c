/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/capacity-tally.h"
#include "core/date.h"
#include "core/helpdesk-capacity.h"
#include "core/visit-book.h"
#include "house.h"
#include "logs.h"

/* How pools are used over time: what is counted, what is kept of it, and what comes of it. */

typedef struct
{
  House *house;
  FloeCapacityTally *tally; /* of the broker that leads */
} Office;

static void
listen_to (FloeCapacityTally *tally, FloeAssigner *assigner)
{
  g_signal_connect_object (assigner, "served", G_CALLBACK (floe_capacity_tally_count), tally,
                           G_CONNECT_SWAPPED);
}

static void
open_tally (Office *self)
{
  self->tally = floe_capacity_tally_new (self->house->counted, FLOE_CLOCK (self->house->clock));
  listen_to (self->tally, self->house->assigner);
  floe_capacity_tally_lead (self->tally, TRUE);
  floe_capacity_tally_start (self->tally);
}

static void
office_set_up (Office *self, gconstpointer n_on)
{
  self->house = house_office (3 - GPOINTER_TO_UINT (n_on), GPOINTER_TO_UINT (n_on));
  /* So that five minutes begin now. */
  fake_clock_set (self->house->clock, 1796040000 * (gint64)G_USEC_PER_SEC
                                          - floe_clock_now (FLOE_CLOCK (self->house->clock)));
  open_tally (self);
}

static void
office_tear_down (Office *self, gconstpointer data)
{
  floe_capacity_tally_stop (self->tally);
  house_settle (self->house);
  g_object_unref (self->tally);
  house_free (self->house);
}

typedef struct
{
  const gchar *pool;
  FloeCapacityStep step;
} Which;

static gpointer
list (FloeTx *tx, gconstpointer data, GError **error)
{
  const Which *which = data;

  return floe_tx_list_capacity (tx, which->pool, which->step, 0, G_MAXINT64, error);
}

static GPtrArray *
rows (House *house, FloeCapacityStep step)
{
  const Which which = { "office", step };
  g_autoptr (GError) error = NULL;
  GPtrArray *found;

  house_settle (house);
  found = house_write (house, list, (gpointer)&which, &error);
  g_assert_no_error (error);
  return found;
}

/* The only row of a day. */
static FloeCapacitySlot *
day (House *house)
{
  g_autoptr (GPtrArray) found = rows (house, FLOE_STEP_DAY);

  g_assert_cmpuint (found->len, ==, 1);
  return g_steal_pointer (&found->pdata[0]);
}

static void
test_at_once (Office *self, gconstpointer data)
{
  g_autoptr (FloeGrant) alice = house_enter (self->house, "alice");
  g_autoptr (FloeConnectAnswer) first = house_get_in (self->house, alice);
  g_autoptr (FloeConnectAnswer) again = house_get_in (self->house, alice);
  g_autoptr (FloeCapacitySlot) seen = NULL;

  g_assert_nonnull (first->connection);
  g_assert_nonnull (again->connection); /* is no ask for a desktop */
  house_advance (self->house, 60);
  seen = day (self->house);
  g_assert_cmpint (seen->served[FLOE_SERVED_AT_ONCE], ==, 1);
  g_assert_cmpint (seen->served[FLOE_SERVED_LATER], ==, 0);
  g_assert_cmpint (seen->waited, ==, 0);
  g_assert_cmpint (seen->looks, ==, 1);
  g_assert_cmpint (seen->size, ==, 3);
  g_assert_cmpint (seen->used, ==, 1);
  g_assert_cmpint (seen->demand, ==, 1);
  g_assert_cmpint (seen->spares, ==, 2);
}

static gpointer
list_visits (FloeTx *tx, gconstpointer user, GError **error)
{
  return floe_tx_list_visits (tx, user, error);
}

/* How Alice's last log-in and connect went, as the store has it. */
static void
assert_visits (House *house, gint64 started)
{
  g_autoptr (GPtrArray) visits = house_write (house, list_visits, (gpointer) "uuid-alice", NULL);
  const FloeVisit *connect;

  g_assert_cmpuint (visits->len, ==, 2);
  connect = visits->pdata[1];
  g_assert_cmpint (connect->kind, ==, FLOE_VISIT_CONNECT);
  g_assert_cmpstr (connect->pool, ==, "office");
  g_assert_cmpint (connect->took[FLOE_PHASE_START], ==, started);
  g_assert_cmpint (connect->took[FLOE_PHASE_TOTAL], ==, started);
}

static FloeVisitBook *
open_book (House *house)
{
  FloeVisitBook *book = floe_visit_book_new (house->counted, FLOE_CLOCK (house->clock));

  g_signal_connect_object (house->login, "visited", G_CALLBACK (floe_visit_book_note), book,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (house->assigner, "visited", G_CALLBACK (floe_visit_book_note), book,
                           G_CONNECT_SWAPPED);
  return book;
}

/* One who waits for a start. */
static void
test_later (Office *self, gconstpointer data)
{
  g_autoptr (FloeVisitBook) G_GNUC_UNUSED book = open_book (self->house);
  g_autoptr (FloeGrant) alice = house_enter (self->house, "alice");
  g_autoptr (FloeConnectAnswer) request = NULL;
  g_autoptr (FloeConnectAnswer) fetched = NULL;
  g_autoptr (FloeCapacitySlot) seen = NULL;

  fake_manager_hold (self->house->manager, TRUE);
  request = house_get_in (self->house, alice);
  g_assert_nonnull (request->request);
  house_advance (self->house, 7);
  fake_manager_hold (self->house->manager, FALSE);
  house_settle (self->house);
  fetched = house_get_in (self->house, alice);
  g_assert_nonnull (fetched->connection);
  house_advance (self->house, 60);
  seen = day (self->house);
  g_assert_cmpint (seen->served[FLOE_SERVED_AT_ONCE], ==, 0);
  g_assert_cmpint (seen->served[FLOE_SERVED_LATER], ==, 1);
  g_assert_cmpint (seen->waited, ==, 1);
  g_assert_cmpint (seen->wait_sum, ==, 7 * G_USEC_PER_SEC);
  g_assert_cmpint (seen->wait_longest, ==, 7 * G_USEC_PER_SEC);
  assert_visits (self->house, 7 * G_USEC_PER_SEC);
  g_assert_cmpint (seen->spares, ==, 0);
}

static void
say_picture (FloeVisitBook *book, const gchar *user_id, const gchar *desktop_id, gint64 ms)
{
  const FloeSessionQuality said = { .desktop_id = (gchar *)desktop_id,
                                    .user_id = (gchar *)user_id,
                                    .picture_ms = ms };

  floe_visit_book_note_quality (book, &said);
}

static gint64
get_picture (House *house, const gchar *user_id)
{
  g_autoptr (GPtrArray) visits = house_write (house, list_visits, (gpointer)user_id, NULL);

  g_assert_cmpuint (visits->len, ==, 2);
  return ((FloeVisit *)visits->pdata[FLOE_VISIT_CONNECT])->took[FLOE_PHASE_PICTURE];
}

static gchar *
dup_desktop (House *house, const gchar *user_id)
{
  static const gchar *const ids[] = { "id-office-1", "id-office-2", "id-office-3" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (FloeDesktop) desktop = house_get_desktop (house, ids[i]);

      if (floe_desktop_is_held_by (desktop, user_id))
        return g_strdup (desktop->id);
    }
  g_assert_not_reached ();
}

/* The client's word goes with the connect that it is about, once. */
static void
test_picture (Office *self, gconstpointer data)
{
  g_autoptr (FloeVisitBook) book = open_book (self->house);
  g_autoptr (FloeGrant) alice = house_enter (self->house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (self->house, "bob");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED first = house_get_in (self->house, alice);
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED second = house_get_in (self->house, bob);
  g_autofree gchar *hers = dup_desktop (self->house, "uuid-alice");
  g_autofree gchar *his = dup_desktop (self->house, "uuid-bob");

  say_picture (book, "uuid-alice", his, 9000); /* of one that she opened just before */
  say_picture (book, "uuid-alice", hers, 480);
  say_picture (book, "uuid-bob", hers, 9000);
  house_advance (self->house, 60);
  g_assert_cmpint (get_picture (self->house, "uuid-alice"), ==, 480000);
  g_assert_cmpint (get_picture (self->house, "uuid-bob"), ==, 0);
  say_picture (book, "uuid-alice", hers, 9000);
  say_picture (book, "uuid-bob", his, 700);
  say_picture (book, "uuid-bob", hers, 9000);
  house_advance (self->house, 60);
  g_assert_cmpint (get_picture (self->house, "uuid-alice"), ==, 480000);
  g_assert_cmpint (get_picture (self->house, "uuid-bob"), ==, 700000);
}

static void
left (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (floe_assigner_leave_finish (FLOE_ASSIGNER (source), result, &error));
  g_assert_no_error (error);
}

/* Four people and three desktops: one stands in line, and leaves. */
static void
test_left (Office *self, gconstpointer data)
{
  static const gchar *const names[] = { "alice", "bob", "carol" };
  g_autoptr (FloeGrant) dan = NULL;
  g_autoptr (FloeConnectAnswer) waits = NULL;
  g_autoptr (FloeCapacitySlot) seen = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (FloeGrant) grant = house_enter (self->house, names[i]);
      g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED answer = house_get_in (self->house, grant);
    }
  fake_directory_add (self->house->directory, "dan", "office");
  dan = house_enter (self->house, "dan");
  waits = house_get_in (self->house, dan);
  house_advance (self->house, 61);
  floe_assigner_leave_async (self->house->assigner, dan->identity,
                             floe_connect_request_get_id (waits->request), left, NULL);
  house_advance (self->house, 61);
  seen = day (self->house);
  g_assert_cmpint (seen->used, ==, 3);
  g_assert_cmpint (seen->demand, ==, 4);
  g_assert_cmpint (seen->served[FLOE_SERVED_AT_ONCE], ==, 3);
  g_assert_cmpint (seen->served[FLOE_UNSERVED_LEFT], ==, 1);
  g_assert_cmpint (seen->waited, ==, 1);
  g_assert_cmpint (seen->wait_sum, ==, 61 * G_USEC_PER_SEC);
}

static void
test_closed (Office *self, gconstpointer data)
{
  g_autoptr (FloePool) pool = house_new_pool ("office", FLOE_POOL_FLOATING, "office-*");
  g_autoptr (FloeGrant) alice = house_enter (self->house, "alice");
  g_autoptr (FloeGrant) mallory = house_enter (self->house, "mallory");
  g_autoptr (FloeCapacitySlot) seen = NULL;

  pool->closed = TRUE;
  house_put_pool (self->house, pool);
  g_assert_null (house_connect (self->house, alice->identity, "office", NULL));
  g_assert_null (house_connect (self->house, alice->identity, "nowhere", NULL));
  g_assert_null (house_connect (self->house, mallory->identity, "office", NULL));
  house_advance (self->house, 60);
  seen = day (self->house);
  g_assert_cmpint (seen->served[FLOE_UNSERVED_CLOSED], ==, 1);
  for (guint i = 0; i < FLOE_N_SERVED; i++)
    g_assert_cmpint (seen->served[i], ==, i == FLOE_UNSERVED_CLOSED);
}

/* Five minutes, hours and days are made of the same. */
static void
test_steps (Office *self, gconstpointer data)
{
  g_autoptr (FloeGrant) alice = NULL;
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (GPtrArray) minutes = NULL;
  g_autoptr (GPtrArray) hours = NULL;
  g_autoptr (FloeCapacitySlot) whole = NULL;
  gint64 looks = 0;

  for (guint i = 0; i < 62; i++)
    {
      house_advance (self->house, 60);
      if (i == 20)
        {
          alice = house_enter (self->house, "alice");
          answer = house_get_in (self->house, alice);
        }
      if (i == 40)
        g_assert_true (house_take_away (self->house, answer->connection->desktop->id, NULL));
    }
  minutes = rows (self->house, FLOE_STEP_MINUTES);
  hours = rows (self->house, FLOE_STEP_HOUR);
  whole = day (self->house);
  g_assert_cmpuint (minutes->len, ==, 13);
  g_assert_cmpuint (hours->len, ==, 2);
  for (guint i = 0; i < minutes->len; i++)
    {
      const FloeCapacitySlot *slot = minutes->pdata[i];

      looks += slot->looks;
      g_assert_cmpint (slot->used, ==, i >= 4 && i <= 8);
      g_assert_cmpint (slot->at, ==,
                       ((FloeCapacitySlot *)minutes->pdata[0])->at + i * 300 * G_USEC_PER_SEC);
    }
  g_assert_cmpint (looks, ==, 62);
  g_assert_cmpint (((FloeCapacitySlot *)hours->pdata[0])->used, ==, 1);
  g_assert_cmpint (((FloeCapacitySlot *)hours->pdata[1])->used, ==, 0);
  g_assert_cmpint (whole->looks, ==, 62);
  g_assert_cmpint (whole->used, ==, 1);
  g_assert_cmpint (whole->served[FLOE_SERVED_AT_ONCE], ==, 1);
}

/* What is written is added to, by the next broker, too. */
static void
test_restart (Office *self, gconstpointer data)
{
  g_autoptr (FloeGrant) alice = house_enter (self->house, "alice");
  g_autoptr (FloeGrant) bob = NULL;
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED one = house_get_in (self->house, alice);
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED two = NULL;
  g_autoptr (FloeCapacitySlot) seen = NULL;

  floe_capacity_tally_stop (self->tally); /* writes, though no minute is over */
  house_settle (self->house);
  g_clear_object (&self->tally);
  house_crash (self->house);
  house_start (self->house);
  open_tally (self);
  bob = house_enter (self->house, "bob");
  two = house_get_in (self->house, bob);
  house_advance (self->house, 60);
  seen = day (self->house);
  g_assert_cmpint (seen->served[FLOE_SERVED_AT_ONCE], ==, 2);
  g_assert_cmpint (seen->used, ==, 2);
  g_assert_cmpint (seen->looks, ==, 1);
}

/* Two brokers count, and one of them looks. */
static void
test_brokers (Office *self, gconstpointer data)
{
  House *house = self->house;
  g_autoptr (FloeCapacityTally) other =
      floe_capacity_tally_new (house->counted, FLOE_CLOCK (house->clock));
  g_autoptr (FloeAssigner) assigner =
      floe_assigner_new (house->counted, house->keeper, FLOE_CLOCK (house->clock));
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED one = house_get_in (house, alice);
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED two = NULL;
  g_autoptr (FloeCapacitySlot) seen = NULL;
  FloeAssigner *own = house->assigner;

  listen_to (other, assigner);
  floe_capacity_tally_start (other);
  house->assigner = assigner;
  two = house_get_in (house, bob);
  house->assigner = own;
  house_advance (house, 60);
  seen = day (house);
  g_assert_cmpint (seen->served[FLOE_SERVED_AT_ONCE], ==, 2);
  g_assert_cmpint (seen->looks, ==, 1);
  g_assert_cmpint (seen->used, ==, 2);
  floe_capacity_tally_stop (other);
}

/* The time of day is set forth by a week, and back: what was written there is dropped. */
static void
test_clock (Office *self, gconstpointer data)
{
  const gint64 week = 7 * G_TIME_SPAN_DAY;
  g_autoptr (GPtrArray) wrong = NULL;
  g_autoptr (GPtrArray) right = NULL;

  house_advance (self->house, 60);
  fake_clock_set (self->house->clock, week);
  house_advance (self->house, 60);
  wrong = rows (self->house, FLOE_STEP_DAY);
  g_assert_cmpuint (wrong->len, ==, 2);
  fake_clock_set (self->house->clock, -week);
  for (guint i = 0; i < 60; i++)
    house_advance (self->house, 60);
  right = rows (self->house, FLOE_STEP_DAY);
  g_assert_cmpuint (right->len, ==, 1);
  g_assert_cmpint (((FloeCapacitySlot *)right->pdata[0])->looks, ==, 61);
}

/* Years of it take no more room than what is said in the documentation. */
static void
test_pruned (Office *self, gconstpointer data)
{
  static const guint most[FLOE_N_STEPS] = { 577, 841, 801 };

  for (guint i = 0; i < 900; i++)
    {
      /* At each of them the slots of all steps are new, and those of 900 days ago are old. */
      fake_clock_set (self->house->clock, G_TIME_SPAN_DAY);
      house_advance (self->house, 60);
    }
  for (guint i = 0; i < 61; i++)
    house_advance (self->house, 60);
  for (guint step = 0; step < FLOE_N_STEPS; step++)
    {
      g_autoptr (GPtrArray) kept = rows (self->house, (FloeCapacityStep)step);

      g_assert_cmpuint (kept->len, <=, most[step]);
      g_assert_cmpuint (kept->len, >, 0);
    }
}

/* The staff's side. */

static FloePoolCapacity *
get (House *house, const gchar *pool, const FloeCapacityQuery *query, GError **error)
{
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (GAsyncResult) result = NULL;

  floe_helpdesk_get_capacity_async (house->helpdesk, helen, pool, query, NULL, house_answered,
                                    &result);
  house_wait (house, &result);
  return floe_helpdesk_get_capacity_finish (house->helpdesk, result, error);
}

static GPtrArray *
get_all (House *house, FloeRole role)
{
  g_autoptr (FloeUser) user = floe_user_new ("uuid-pia", "pia", NULL, NULL);
  g_autoptr (FloeCaller) caller = floe_caller_new ("192.0.2.9", NULL, NULL);
  g_autoptr (FloeIdentity) pia = floe_identity_new (user, role, "login-pia", caller);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *found;

  floe_helpdesk_list_capacity_async (house->helpdesk, pia, NULL, house_answered, &result);
  house_wait (house, &result);
  found = floe_helpdesk_list_capacity_finish (house->helpdesk, result, &error);
  g_assert_no_error (error);
  return found;
}

static void
test_told (Office *self, gconstpointer data)
{
  const FloeCapacityQuery hours = { .step = FLOE_STEP_HOUR };
  const FloeCapacityQuery much = { .step = FLOE_STEP_MINUTES, .since = 1 };
  const FloeCapacityQuery never = { .since = 10 * G_USEC_PER_SEC, .until = 5 * G_USEC_PER_SEC };
  g_autoptr (FloeGrant) alice = house_enter (self->house, "alice");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED answer = house_get_in (self->house, alice);
  g_autoptr (FloePoolCapacity) capacity = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GError) error = NULL;

  house_advance (self->house, 60);
  capacity = get (self->house, "office", &hours, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (capacity->now->size, ==, 3);
  g_assert_cmpuint (capacity->now->used, ==, 1);
  g_assert_cmpint (capacity->day->used, ==, 1);
  g_assert_cmpint (capacity->forecast.verdict, ==, FLOE_FORECAST_UNKNOWN);
  g_assert_cmpuint (capacity->slots->len, ==, 1);
  g_assert_null (get (self->house, "nowhere", &hours, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (get (self->house, "office", &much, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (get (self->house, "office", &never, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
  all = get_all (self->house, FLOE_ROLE_AUDITOR);
  g_assert_cmpuint (all->len, ==, 1);
  g_assert_cmpint (((FloePoolCapacity *)all->pdata[0])->day->served[FLOE_SERVED_AT_ONCE], ==, 1);
  none = get_all (self->house, FLOE_ROLE_USER);
  g_assert_cmpuint (none->len, ==, 0);
}

/* Eight weeks in which ever more come, as the store has them; days begin where the broker is. */
static gpointer
put_weeks (FloeTx *tx, gconstpointer now, GError **error)
{
  for (gint64 i = 1; i <= FLOE_FORECAST_BACK; i++)
    {
      gint64 at = *(const gint64 *)now - i * G_TIME_SPAN_DAY;
      g_autoptr (FloeCapacitySlot) slot = floe_capacity_slot_new (
          "office", FLOE_STEP_DAY, floe_capacity_step_begin (FLOE_STEP_DAY, at));

      slot->looks = 1440;
      slot->size = 3;
      slot->used = slot->demand = (FLOE_FORECAST_BACK - i) / 20;
      if (!floe_tx_add_capacity (tx, slot, error))
        return NULL;
    }
  return GINT_TO_POINTER (TRUE);
}

static void
test_forecast (Office *self, gconstpointer data)
{
  const FloeCapacityQuery days = { .step = FLOE_STEP_DAY };
  gint64 now = floe_date_of (floe_clock_now (FLOE_CLOCK (self->house->clock)));
  g_autoptr (FloePoolCapacity) capacity = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (house_write (self->house, put_weeks, &now, &error));
  capacity = get (self->house, "office", &days, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (capacity->slots->len, ==, FLOE_FORECAST_BACK);
  g_assert_cmpint (capacity->forecast.verdict, ==, FLOE_FORECAST_SOON);
}

/* Of a pool that there is no more, nothing is kept, and what is counted of it goes nowhere. */
static gpointer
delete_pool (FloeTx *tx, gconstpointer name, GError **error)
{
  return any_tx_exec (tx, "DELETE FROM leases", error)
                 && any_tx_exec (tx, "DELETE FROM desktops", error)
                 && floe_tx_delete_pool (tx, name, error)
             ? GINT_TO_POINTER (TRUE)
             : NULL;
}

static void
test_deleted (Office *self, gconstpointer data)
{
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GError) error = NULL;

  house_advance (self->house, 60);
  before = rows (self->house, FLOE_STEP_HOUR);
  g_assert_cmpuint (before->len, ==, 1);
  g_assert_nonnull (house_write (self->house, delete_pool, (gpointer) "office", &error));
  g_assert_no_error (error);
  floe_capacity_tally_count (self->tally, "office", FLOE_UNSERVED_CLOSED, 0);
  house_advance (self->house, 60);
  after = rows (self->house, FLOE_STEP_HOUR);
  g_assert_cmpuint (after->len, ==, 0);
}

#define ADD(name, n_on, func)                                                                      \
  g_test_add ("/capacity/" name, Office, GUINT_TO_POINTER (n_on), office_set_up, func,             \
              office_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ADD ("at-once", 3, test_at_once);
  ADD ("later", 0, test_later);
  ADD ("picture", 3, test_picture);
  ADD ("left", 3, test_left);
  ADD ("closed", 3, test_closed);
  ADD ("steps", 3, test_steps);
  ADD ("restart", 3, test_restart);
  ADD ("brokers", 3, test_brokers);
  ADD ("clock", 3, test_clock);
  ADD ("pruned", 3, test_pruned);
  ADD ("told", 3, test_told);
  ADD ("forecast", 3, test_forecast);
  ADD ("deleted", 3, test_deleted);
  return g_test_run ();
}
