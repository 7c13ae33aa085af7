/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "core/keeper-transactions.h"
#include "house.h"
#include "logs.h"

/* A desktop that runs when it is first seen may have had anybody in it. */
static void
test_adopt_running (void)
{
  g_autoptr (House) house = house_new ();
  g_autoptr (FloeDesktop) desktop = NULL;

  fake_manager_add (house->manager, "office-1", FLOE_POWER_ON);
  fake_manager_list (house->manager);
  house_add_pool (house, "office", FLOE_POOL_FLOATING, "office-*");
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "off office-1;");
  desktop = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (desktop->facts.clean, ==, FLOE_CLEAN_CLEAN);
}

/* libvirt says "crashed" of a domain that is off until its next start: it is reset once, not for
 * ever, and its holder may have it started meanwhile. */
static void
test_crashed (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED answer = house_get_in (house, alice);
  g_autoptr (FloeConnectAnswer) again = NULL;
  g_autoptr (FloeDesktop) held = NULL;
  g_autoptr (FloeDesktop) clean = NULL;

  fake_manager_set_power (house->manager, "id-office-1", FLOE_POWER_CRASHED);
  held = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (held->facts.power, ==, FLOE_POWER_CRASHED);
  g_assert_cmpstr (held->end->reason, ==, "crashed");
  fake_manager_hold (house->manager, TRUE);
  again = house_get_in (house, alice);
  fake_manager_list (house->manager);
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (again->request), ==, FLOE_REQUEST_STARTING);
  fake_manager_hold (house->manager, FALSE);
  house_settle (house);
  fake_manager_set_power (house->manager, "id-office-1", FLOE_POWER_CRASHED);
  g_assert_true (house_log_out (house, alice->identity, NULL));
  clean = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (clean->facts.clean, ==, FLOE_CLEAN_CLEAN);
  fake_manager_clear_log (house->manager);
  fake_manager_set_power (house->manager, "id-office-1", FLOE_POWER_CRASHED);
  fake_manager_list (house->manager);
  house_settle (house);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "");
}

/* A look from before a start took effect does not end the reset that overtook it. */
static void
test_release_while_starting (void)
{
  g_autoptr (House) house = house_office (1, 0);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeDesktop) resetting = NULL;
  g_autoptr (FloeDesktop) clean = NULL;

  fake_manager_hold (house->manager, TRUE);
  answer = house_get_in (house, alice);
  g_assert_true (house_release (house, alice->identity, "id-office-1", NULL));
  fake_manager_list (house->manager);
  resetting = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (resetting->facts.clean, ==, FLOE_CLEAN_RESETTING);
  fake_manager_hold (house->manager, FALSE);
  clean = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (clean->facts.clean, ==, FLOE_CLEAN_CLEAN);
  g_assert_cmpint (clean->facts.power, ==, FLOE_POWER_OFF);
  g_assert_true (
      g_str_has_prefix (fake_manager_get_log (house->manager), "on office-1;off office-1;"));
}

static void
test_foreign_untouched (void)
{
  g_autoptr (House) house = house_office (1, 0);

  fake_manager_add (house->manager, "database-server", FLOE_POWER_ON);
  fake_manager_list (house->manager);
  house_settle (house);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "");
}

static void
test_console_ends (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED answer = house_get_in (house, alice);
  g_autoptr (FloeDesktop) connected = NULL;
  g_autoptr (FloeDesktop) waiting = NULL;
  g_autoptr (FloeDesktop) over = NULL;

  house_open_console (house, "id-office-1");
  connected = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (connected->facts.console, ==, FLOE_CONSOLE_CONNECTED);
  fake_manager_clear_log (house->manager);
  house_advance (house, 6);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "ticket office-1 spent;");
  house_close_console (house, "id-office-1");
  waiting = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (waiting->facts.console, ==, FLOE_CONSOLE_NONE);
  g_assert_cmpstr (waiting->end->reason, ==, "network");
  g_assert_nonnull (waiting->lease);
  house_advance (house, FLOE_POOL_GRACE_SECONDS + 1);
  over = house_get_desktop (house, "id-office-1");
  g_assert_null (over->lease);
  g_assert_cmpint (over->facts.clean, ==, FLOE_CLEAN_CLEAN);
}

static void
test_reconnect_cancels_grace (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED answer = house_get_in (house, alice);
  g_autoptr (FloeDesktop) desktop = NULL;

  house_open_console (house, "id-office-1");
  house_close_console (house, "id-office-1");
  house_advance (house, FLOE_POOL_GRACE_SECONDS - 60);
  house_open_console (house, "id-office-1");
  house_advance (house, 120);
  desktop = house_get_desktop (house, "id-office-1");
  g_assert_nonnull (desktop->lease);
}

static void
test_console_without_lease (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeDesktop) desktop = NULL;

  house_open_console (house, "id-office-1");
  house_settle (house);
  g_assert_nonnull (strstr (fake_manager_get_log (house->manager), "off office-1;"));
  desktop = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (desktop->facts.power, ==, FLOE_POWER_OFF);
}

static void
test_host_lost (void)
{
  g_autoptr (House) house = house_office (0, 2);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, alice);
  g_autoptr (FloeDesktop) lost = NULL;
  g_autoptr (FloeDesktop) back = NULL;
  g_autoptr (GError) error = NULL;

  house_open_console (house, answer->connection->desktop->id);
  fake_manager_clear_log (house->manager);
  logs_expect ("host host1 is lost*");
  fake_manager_lose_host (house->manager);
  lost = house_get_desktop (house, answer->connection->desktop->id);
  logs_assert_expected ();
  g_assert_cmpint (lost->facts.power, ==, FLOE_POWER_UNKNOWN);
  g_assert_nonnull (lost->lease);
  g_assert_null (house_connect (house, alice->identity, "office", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
  g_assert_cmpstr (floe_error_reason (error), ==, "host-down");
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "");
  fake_manager_list (house->manager);
  back = house_get_desktop (house, answer->connection->desktop->id);
  g_assert_cmpint (back->facts.power, ==, FLOE_POWER_ON);
  g_assert_nonnull (back->lease);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "");
}

static void
test_crash_while_starting (void)
{
  g_autoptr (House) house = house_office (1, 0);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (FloeConnectAnswer) again = NULL;

  fake_manager_hold (house->manager, TRUE);
  floe_connect_answer_free (house_get_in (house, alice));
  house_crash (house);
  fake_manager_clear_log (house->manager);
  fake_manager_hold (house->manager, FALSE);
  house_start (house);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "on office-1;");
  desktop = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (desktop->facts.power, ==, FLOE_POWER_ON);
  g_assert_true (floe_desktop_is_held_by (desktop, "uuid-alice"));
  again = house_get_in (house, alice);
  g_assert_nonnull (again->connection);
}

static void
test_crash_while_resetting (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) desktop = NULL;

  floe_connect_answer_free (house_get_in (house, alice));
  fake_manager_hold (house->manager, TRUE);
  g_assert_true (house_log_out (house, alice->identity, NULL));
  house_crash (house);
  fake_manager_clear_log (house->manager);
  fake_manager_hold (house->manager, FALSE);
  house_start (house);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "off office-1;");
  desktop = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (desktop->facts.clean, ==, FLOE_CLEAN_CLEAN);
}

/* The grace was seen to be due; before its transaction came, its holder was back. */
static void
test_timer_stale (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED answer = house_get_in (house, alice);
  g_autoptr (FloeConnectAnswer) again = NULL;
  g_autoptr (FloeKeeperEvent) event = NULL;
  g_autoptr (FloeChange) change = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (GError) error = NULL;

  house_open_console (house, "id-office-1");
  house_close_console (house, "id-office-1");
  house_advance (house, 600);
  again = house_get_in (house, alice);
  event = floe_keeper_event_new ("id-office-1", FLOE_EVENT_TICKET_UNUSED,
                                 floe_clock_now (FLOE_CLOCK (house->clock)));
  event->timer = g_strdup ("grace");
  change = house_write (house, floe_keeper_record_timer, event, &error);
  g_assert_no_error (error);
  g_assert_false (change->changed);
  desktop = house_get_desktop (house, "id-office-1");
  g_assert_nonnull (desktop->lease);
}

static gpointer
count_timers (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (GPtrArray) timers = floe_tx_list_timers (tx, G_MAXINT64, error);

  return timers != NULL ? GUINT_TO_POINTER (timers->len + 1) : NULL;
}

static void
pool_deleted (GObject *source, GAsyncResult *result, gpointer data)
{
  *(gboolean *)data = floe_helpdesk_delete_pool_finish (FLOE_HELPDESK (source), result, NULL);
}

/* Its desktop went with the pool: a timer has nothing to do, and does not come again for ever. */
static void
test_timer_orphan (void)
{
  g_autoptr (House) house = house_office (1, 0);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  gboolean deleted = FALSE;

  fake_manager_fail_next_start (house->manager, FLOE_ERROR_INTERNAL, "no such disk");
  answer = house_get_in (house, alice);
  house_settle (house);
  g_assert_cmpuint (GPOINTER_TO_UINT (house_write (house, count_timers, NULL, NULL)), ==, 2);
  floe_helpdesk_delete_pool_async (house->helpdesk, alice->identity, "office", NULL, pool_deleted,
                                   &deleted);
  house_settle (house);
  g_assert_true (deleted);
  house_advance (house, 61);
  g_assert_cmpuint (GPOINTER_TO_UINT (house_write (house, count_timers, NULL, NULL)), ==, 1);
}

/* No grace at all: who waits for their desktop to start gets it all the same. */
static void
test_grace_short (void)
{
  g_autoptr (House) house = house_office (1, 0);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) waiting = NULL;
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeDesktop) over = NULL;

  house_set_grace (house, 0);
  fake_manager_hold (house->manager, TRUE);
  waiting = house_get_in (house, alice);
  house_advance (house, 100);
  g_assert_cmpint (floe_connect_request_get_state (waiting->request), ==, FLOE_REQUEST_STARTING);
  fake_manager_hold (house->manager, FALSE);
  house_advance (house, 59);
  g_assert_cmpint (floe_connect_request_get_state (waiting->request), ==, FLOE_REQUEST_READY);
  answer = house_get_in (house, alice);
  g_assert_nonnull (answer->connection);
  house_open_console (house, "id-office-1");
  house_advance (house, 600);
  house_close_console (house, "id-office-1");
  over = house_get_desktop (house, "id-office-1");
  g_assert_null (over->lease);
}

/* A dedicated desktop that was taken away is nobody's before its guest session was seen to end. */
static void
test_dedicated_reassign (void)
{
  g_autoptr (House) house = house_new ();
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeConnectAnswer) later = NULL;
  g_autoptr (GError) stuck = g_error_new_literal (FLOE_ERROR, FLOE_ERROR_INTERNAL, "as told");

  fake_manager_add (house->manager, "own-1", FLOE_POWER_ON);
  fake_manager_list (house->manager);
  house_add_pool (house, "office", FLOE_POOL_DEDICATED, "own-*");
  answer = house_get_in (house, alice);
  fake_manager_hold (house->manager, TRUE);
  g_assert_true (house_take_away (house, "id-own-1", NULL));
  fake_manager_answer (house->manager, stuck);
  house_settle (house);
  g_assert_nonnull (strstr (fake_manager_get_log (house->manager), "ticket own-1 cut spent;"));
  later = house_get_in (house, bob);
  g_assert_cmpint (floe_connect_request_get_state (later->request), ==, FLOE_REQUEST_QUEUED);
  fake_manager_hold (house->manager, FALSE);
  house_advance (house, 61);
  g_assert_cmpint (floe_connect_request_get_state (later->request), ==, FLOE_REQUEST_READY);
}

/* What was dedicated is reset before it is lent as a floating one; if it is not fit, never. */
static void
test_change_of_kind (void)
{
  g_autoptr (House) house = house_new ();
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) before = NULL;
  g_autoptr (FloeDesktop) after = NULL;
  g_autoptr (FloeConnectAnswer) answer = NULL;

  fake_manager_add (house->manager, "office-1", FLOE_POWER_OFF);
  fake_manager_list (house->manager);
  house_add_pool (house, "office", FLOE_POOL_DEDICATED, "office-*");
  fake_manager_set_power (house->manager, "id-office-1", FLOE_POWER_ON);
  house_open_console (house, "id-office-1");
  house_close_console (house, "id-office-1");
  before = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (before->facts.clean, ==, FLOE_CLEAN_CLEAN);
  fake_manager_hold (house->manager, TRUE);
  house_add_pool (house, "office", FLOE_POOL_FLOATING, "office-*");
  answer = house_get_in (house, alice);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_QUEUED);
  fake_manager_hold (house->manager, FALSE);
  after = house_get_desktop (house, "id-office-1");
  g_assert_cmpuint (house_count_audit (house, "reset", "done"), ==, 1);
  g_assert_true (floe_desktop_is_held_by (after, "uuid-alice"));
}

/* The same when a desktop moves from a dedicated pool to a floating one. */
static void
test_change_of_pool (void)
{
  g_autoptr (House) house = house_new ();
  FloeDomain *domain = fake_manager_add (house->manager, "own-1", FLOE_POWER_OFF);
  g_autoptr (FloeDesktop) after = NULL;

  fake_manager_list (house->manager);
  house_add_pool (house, "own", FLOE_POOL_DEDICATED, "own-*");
  house_add_pool (house, "office", FLOE_POOL_FLOATING, "office-*");
  fake_manager_set_power (house->manager, "id-own-1", FLOE_POWER_ON);
  house_settle (house);
  g_free (domain->name);
  domain->name = g_strdup ("office-1");
  fake_manager_list (house->manager);
  after = house_get_desktop (house, "id-own-1");
  g_assert_cmpstr (after->pool, ==, "office");
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "off office-1;");
}

/* Its host was lost and is back, and nothing tells who is connected: the lease ends in the end. */
static void
test_host_back (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED answer = house_get_in (house, alice);
  g_autoptr (FloeDesktop) over = NULL;

  house_open_console (house, "id-office-1");
  logs_expect ("host host1 is lost*");
  fake_manager_lose_host (house->manager);
  house_settle (house);
  fake_manager_list (house->manager);
  house_advance (house, FLOE_POOL_GRACE_SECONDS + 1);
  over = house_get_desktop (house, "id-office-1");
  g_assert_null (over->lease);
}

/* Undefined at a host that it has left is not gone. */
static void
test_gone (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED answer = house_get_in (house, alice);
  g_autoptr (FloeDesktop) there = NULL;
  g_autoptr (FloeDesktop) gone = NULL;

  floe_manager_emit_domain_gone (FLOE_MANAGER (house->manager), "host0", "id-office-1");
  there = house_get_desktop (house, "id-office-1");
  g_assert_true (there->present);
  g_assert_nonnull (there->lease);
  floe_manager_emit_domain_gone (FLOE_MANAGER (house->manager), "host1", "id-office-1");
  gone = house_get_desktop (house, "id-office-1");
  g_assert_false (gone->present);
  g_assert_null (gone->lease);
  g_assert_cmpint (gone->facts.clean, ==, FLOE_CLEAN_DIRTY);
}

/* Nobody knows who was in a clone of which nothing is known, and switching it off makes it forget
 * nothing: it goes. */
static void
test_adopt_made (void)
{
  g_autoptr (House) house = house_office (0, 1);
  FloeDomain *stray = fake_manager_add (house->manager, "office-9", FLOE_POWER_OFF);

  stray->made = TRUE;
  fake_manager_list (house->manager);
  house_settle (house);
  g_assert_nonnull (strstr (fake_manager_get_log (house->manager), "remove office-9;"));
}

/* Its host was lost and is back, and it is still not defined there. */
static void
test_gone_and_lost (void)
{
  g_autoptr (House) house = house_office (1, 0);
  g_autoptr (FloeDesktop) desktop = NULL;

  fake_manager_undefine (house->manager, "id-office-1");
  house_settle (house);
  logs_expect ("host host1 is lost*");
  fake_manager_lose_host (house->manager);
  house_settle (house);
  fake_manager_list (house->manager);
  desktop = house_get_desktop (house, "id-office-1");
  g_assert_false (desktop->present);
  g_assert_cmpint (desktop->facts.power, ==, FLOE_POWER_OFF);
}

/* The broker was killed while it reset a desktop that somebody had undefined. */
static void
test_gone_while_resetting (void)
{
  g_autoptr (House) house = house_new ();
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;

  fake_manager_add (house->manager, "own-1", FLOE_POWER_ON);
  fake_manager_list (house->manager);
  house_add_pool (house, "own", FLOE_POOL_DEDICATED, "own-*");
  answer = house_connect (house, alice->identity, "own", NULL);
  g_assert_nonnull (answer);
  fake_manager_undefine (house->manager, "id-own-1");
  house_settle (house);
  fake_manager_hold (house->manager, TRUE);
  g_assert_true (house_take_away (house, "id-own-1", NULL));
  house_crash (house);
  fake_manager_hold (house->manager, FALSE);
  house_start (house);
  desktop = house_get_desktop (house, "id-own-1");
  g_assert_cmpint (desktop->facts.intent, ==, FLOE_INTENT_NONE);
  g_assert_null (desktop->lease);
}

static gpointer
run_sql (FloeTx *tx, gconstpointer input, GError **error)
{
  return any_tx_exec (tx, input, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

/* How every change of a desktop is made to fail, and how that ends. */
static const gchar *const sqlite_fails[] = { "CREATE TRIGGER full BEFORE UPDATE ON desktops"
                                             " BEGIN SELECT RAISE (FAIL, 'as told'); END",
                                             "DROP TRIGGER full" };
static const gchar *const postgres_fails[] = {
  "ALTER TABLE desktops ADD CONSTRAINT as_told CHECK (host = 'nowhere') NOT VALID",
  "ALTER TABLE desktops DROP CONSTRAINT as_told"
};

/* The end of a session could not be recorded: the lease ends all the same. */
static void
test_console_event_lost (void)
{
  const gchar *const *fails = any_store_is_postgres () ? postgres_fails : sqlite_fails;
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED answer = house_get_in (house, alice);
  g_autoptr (FloeDesktop) waiting = NULL;
  g_autoptr (GError) error = NULL;

  house_open_console (house, "id-office-1");
  house_advance (house, 40);
  house_write (house, run_sql, (gpointer)fails[0], &error);
  g_assert_no_error (error);
  logs_expect ("what a display told was not recorded*");
  house_close_console (house, "id-office-1");
  logs_assert_expected ();
  house_write (house, run_sql, (gpointer)fails[1], &error);
  g_assert_no_error (error);
  house_advance (house, 6);
  waiting = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (waiting->facts.console, ==, FLOE_CONSOLE_NONE);
}

/* A take-over at the moment when the first session's ticket is replaced keeps its own ticket. */
static void
test_console_take_over (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) first = house_enter (house, "alice");
  g_autoptr (FloeGrant) second = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED answer = house_get_in (house, first);
  g_autoptr (FloeConnectAnswer) taken = NULL;

  house_open_console (house, "id-office-1");
  fake_manager_clear_log (house->manager);
  fake_clock_advance (house->clock, 5 * G_USEC_PER_SEC); /* settled: the store is asked */
  floe_keeper_note_ticket (house->keeper, "id-office-1", 0);
  house_settle (house);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "");
  taken = house_get_in (house, second);
  g_assert_nonnull (taken->connection);
}

/* It runs before its start is answered, its holder sits at it and shuts it down: that look may be
 * from before the start, and yet nobody is at its display. */
static void
test_down_while_started (void)
{
  g_autoptr (House) house = house_office (1, 0);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED answer = NULL;
  g_autoptr (FloeDesktop) there = NULL;
  g_autoptr (FloeDesktop) gone = NULL;

  fake_manager_hold (house->manager, TRUE);
  answer = house_get_in (house, alice);
  fake_manager_set_power (house->manager, "id-office-1", FLOE_POWER_ON);
  house_settle (house);
  house_open_console (house, "id-office-1");
  there = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (there->facts.console, ==, FLOE_CONSOLE_CONNECTED);
  fake_manager_set_power (house->manager, "id-office-1", FLOE_POWER_OFF);
  house_advance (house, 5);
  gone = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (gone->facts.console, ==, FLOE_CONSOLE_NONE);
  fake_manager_hold (house->manager, FALSE);
  house_settle (house);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/keeper/adopt-running", test_adopt_running);
  g_test_add_func ("/keeper/release-while-starting", test_release_while_starting);
  g_test_add_func ("/keeper/crashed", test_crashed);
  g_test_add_func ("/keeper/foreign", test_foreign_untouched);
  g_test_add_func ("/keeper/console/ends", test_console_ends);
  g_test_add_func ("/keeper/console/reconnect", test_reconnect_cancels_grace);
  g_test_add_func ("/keeper/console/without-lease", test_console_without_lease);
  g_test_add_func ("/keeper/host-lost", test_host_lost);
  g_test_add_func ("/keeper/crash/starting", test_crash_while_starting);
  g_test_add_func ("/keeper/crash/resetting", test_crash_while_resetting);
  g_test_add_func ("/keeper/timer/stale", test_timer_stale);
  g_test_add_func ("/keeper/timer/orphan", test_timer_orphan);
  g_test_add_func ("/keeper/grace/short", test_grace_short);
  g_test_add_func ("/keeper/dedicated/reassign", test_dedicated_reassign);
  g_test_add_func ("/keeper/change-of-kind", test_change_of_kind);
  g_test_add_func ("/keeper/change-of-pool", test_change_of_pool);
  g_test_add_func ("/keeper/host-back", test_host_back);
  g_test_add_func ("/keeper/gone", test_gone);
  g_test_add_func ("/keeper/gone/and-lost", test_gone_and_lost);
  g_test_add_func ("/keeper/gone/while-resetting", test_gone_while_resetting);
  g_test_add_func ("/keeper/adopt-made", test_adopt_made);
  g_test_add_func ("/keeper/console/lost-event", test_console_event_lost);
  g_test_add_func ("/keeper/console/take-over", test_console_take_over);
  g_test_add_func ("/keeper/down-while-started", test_down_while_started);
  return g_test_run ();
}
