/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/ends.h"

#include "core/error.h"
#include "logs.h"
#include "one-desk.h"

/* Long enough after its start that a grace is not prolonged for it. */
static void
let_boot (OneDesk *f)
{
  house_advance (f->house, 300);
}

/* The end of the grace. */

static void
test_grace_reset (OneDesk *f, gconstpointer data)
{
  let_boot (f);
  one_desk_get_in (f);
  house_close_console (f->house, DESK);
  house_advance (f->house, 590);
  one_desk_assert_held (f, TRUE);
  house_advance (f->house, 10);
  one_desk_assert_ended (f, "released");
}

/* The lease stays; only the right to come back without a password ends. */
static void
test_grace_keep (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeGrant) back = NULL;
  g_autoptr (GError) error = NULL;

  f->pool->on_disconnect = FLOE_ACT_KEEP;
  one_desk_apply (f);
  let_boot (f);
  answer = house_get_in (f->house, f->alice);
  house_open_console (f->house, DESK);
  house_close_console (f->house, DESK);
  house_advance (f->house, 600);
  one_desk_assert_held (f, TRUE);
  back = house_reconnect (f->house, answer->connection->reconnect_token, NULL, &error);
  g_assert_null (back);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
  one_desk_get_in (f);
}

static void
test_grace_shut_down (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeDesktop) desktop = NULL;

  f->pool->on_disconnect = FLOE_ACT_SHUT_DOWN;
  one_desk_apply (f);
  let_boot (f);
  one_desk_get_in (f);
  house_close_console (f->house, DESK);
  fake_manager_hold (f->house->manager, TRUE);
  house_advance (f->house, 600);
  desktop = one_desk_get (f);
  g_assert_cmpint (desktop->facts.intent, ==, FLOE_INTENT_STOP);
  g_assert_cmpint (desktop->facts.lease, ==, FLOE_LEASE_HELD);
}

static void
test_grace_lock (OneDesk *f, gconstpointer data)
{
  f->pool->on_disconnect = FLOE_ACT_LOCK;
  one_desk_apply (f);
  let_boot (f);
  one_desk_get_in (f);
  house_close_console (f->house, DESK);
  house_advance (f->house, 600);
  g_assert_true (one_desk_was_asked (f, "lock office-1;"));
  g_assert_cmpuint (house_count_audit (f->house, "lock", "intent"), ==, 1);
  g_assert_cmpuint (house_count_audit (f->house, "lock", "done"), ==, 1);
  fake_manager_clear_log (f->house->manager);
  house_advance (f->house, 600);
  g_assert_cmpstr (fake_manager_get_log (f->house->manager), ==, ""); /* done once */
  one_desk_assert_held (f, TRUE);
}

/* A reconnect cancels what was planned. */
static void
test_grace_cancelled (OneDesk *f, gconstpointer data)
{
  f->pool->on_disconnect = FLOE_ACT_LOG_OFF;
  one_desk_apply (f);
  let_boot (f);
  one_desk_get_in (f);
  house_close_console (f->house, DESK);
  house_advance (f->house, 500);
  one_desk_get_in (f);
  house_advance (f->house, 600);
  g_assert_false (one_desk_was_asked (f, "log-off"));
  one_desk_assert_held (f, TRUE);
}

/* A guest that cannot be logged off is shut down. */
static void
test_log_off_fails (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeDesktop) desktop = NULL;

  f->pool->on_disconnect = FLOE_ACT_LOG_OFF;
  one_desk_apply (f);
  let_boot (f);
  one_desk_get_in (f);
  house_close_console (f->house, DESK);
  fake_manager_hold (f->house->manager, TRUE);
  house_advance (f->house, 600);
  g_assert_true (one_desk_was_asked (f, "log-off office-1;"));
  {
    g_autoptr (GError) failure =
        g_error_new_literal (FLOE_ERROR, FLOE_ERROR_UNAVAILABLE, "the agent is stuck");

    fake_manager_answer (f->house->manager, failure);
  }
  desktop = one_desk_get (f);
  g_assert_cmpint (desktop->facts.intent, ==, FLOE_INTENT_STOP);
  g_assert_cmpuint (house_count_audit (f->house, "log-off", "failed"), ==, 1);
}

/* Whoever comes back while the agent is asked is not shut down because it failed. */
static void
test_log_off_fails_late (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (GError) failure =
      g_error_new_literal (FLOE_ERROR, FLOE_ERROR_UNAVAILABLE, "the agent is stuck");

  f->pool->on_disconnect = FLOE_ACT_LOG_OFF;
  one_desk_apply (f);
  let_boot (f);
  one_desk_get_in (f);
  house_close_console (f->house, DESK);
  fake_manager_hold (f->house->manager, TRUE);
  house_advance (f->house, 600);
  one_desk_get_in (f);
  fake_manager_answer (f->house->manager, failure);
  desktop = one_desk_get (f);
  g_assert_cmpint (desktop->facts.intent, ==, FLOE_INTENT_NONE);
  g_assert_cmpint (desktop->facts.console, ==, FLOE_CONSOLE_CONNECTED);
}

/* What nobody knows the outcome of is asked for again, also after the broker ended. */
static void
test_log_off_survives_crash (OneDesk *f, gconstpointer data)
{
  f->pool->on_disconnect = FLOE_ACT_LOG_OFF;
  one_desk_apply (f);
  let_boot (f);
  one_desk_get_in (f);
  house_close_console (f->house, DESK);
  fake_manager_hold (f->house->manager, TRUE);
  house_advance (f->house, 600);
  g_clear_object (&f->sessions);
  house_crash (f->house);
  fake_manager_clear_log (f->house->manager);
  fake_manager_hold (f->house->manager, FALSE);
  house_start (f->house);
  f->sessions =
      floe_sessions_new (f->house->counted, f->house->keeper, FLOE_CLOCK (f->house->clock));
  g_assert_false (one_desk_was_asked (f, "log-off"));
  house_advance (f->house, 300);
  g_assert_true (one_desk_was_asked (f, "log-off office-1;"));
  g_assert_cmpuint (house_count_audit (f->house, "log-off", "done"), ==, 1);
}

/* The limit of a session. */

static void
test_limit (OneDesk *f, gconstpointer data)
{
  f->pool->limit_seconds = 3600;
  f->pool->on_limit = FLOE_ACT_RESET;
  one_desk_apply (f);
  one_desk_get_in (f);
  house_advance (f->house, 3590);
  one_desk_assert_held (f, TRUE);
  house_advance (f->house, 10);
  one_desk_assert_ended (f, "limit");
}

/* A reconnect does not begin it anew; a guest that was shut down meanwhile does. */
static void
test_limit_reconnect (OneDesk *f, gconstpointer data)
{
  f->pool->limit_seconds = 3600;
  f->pool->on_limit = FLOE_ACT_RESET;
  one_desk_apply (f);
  one_desk_get_in (f);
  house_advance (f->house, 3000);
  house_close_console (f->house, DESK);
  one_desk_get_in (f);
  house_advance (f->house, 600);
  one_desk_assert_ended (f, "limit");

  one_desk_get_in (f);
  house_advance (f->house, 3000);
  fake_manager_set_power (f->house->manager, DESK, FLOE_POWER_OFF);
  house_settle (f->house);
  one_desk_get_in (f);
  house_advance (f->house, 700);
  one_desk_assert_held (f, TRUE);
}

static void
test_limit_log_off (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeDesktop) desktop = NULL;

  f->pool->limit_seconds = 3600;
  f->pool->on_limit = FLOE_ACT_LOG_OFF;
  one_desk_apply (f);
  one_desk_get_in (f);
  house_advance (f->house, 3600);
  g_assert_true (one_desk_was_asked (f, "log-off office-1;"));
  house_close_console (f->house, DESK);
  desktop = one_desk_get (f);
  g_assert_cmpstr (desktop->end->reason, ==, "limit");
  g_assert_cmpint (desktop->facts.lease, ==, FLOE_LEASE_HELD);
}

/* Shut down from inside. */

static void
test_shut_down (OneDesk *f, gconstpointer data)
{
  one_desk_get_in (f);
  fake_manager_set_power (f->house->manager, DESK, FLOE_POWER_OFF);
  house_settle (f->house);
  one_desk_assert_held (f, TRUE);
  f->pool->on_shut_down = FLOE_ACT_RESET;
  one_desk_apply (f);
  one_desk_get_in (f);
  fake_manager_set_power (f->house->manager, DESK, FLOE_POWER_OFF);
  house_settle (f->house);
  one_desk_assert_ended (f, "powered-off");
  g_assert_cmpuint (house_count_audit (f->house, "release", "done"), ==, 1);
}

/* The end of the holder's account. */

static void
end_account (OneDesk *f)
{
  fake_directory_remove (f->house->directory, "alice");
  house_advance (f->house, 61);
}

/* Unless the pool says something else. It is somebody's still, who cannot come back. */
static void
test_account_lock (OneDesk *f, gconstpointer data)
{
  let_boot (f);
  one_desk_get_in (f);
  end_account (f);
  g_assert_true (one_desk_was_asked (f, "lock office-1;"));
  g_assert_cmpuint (house_count_audit (f->house, "account-ended", "done"), ==, 1);
  g_assert_cmpuint (house_count_audit (f->house, "lock", "intent"), ==, 1);
  g_assert_cmpuint (house_count_audit (f->house, "lock", "done"), ==, 1);
  one_desk_assert_held (f, TRUE);
  fake_manager_clear_log (f->house->manager);
  house_advance (f->house, 600);
  g_assert_false (one_desk_was_asked (f, "lock")); /* done once */
}

static void
test_account_keep (OneDesk *f, gconstpointer data)
{
  f->pool->on_account_end = FLOE_ACT_KEEP;
  one_desk_apply (f);
  let_boot (f);
  one_desk_get_in (f);
  house_advance (f->house, 10); /* the ticket is spent */
  fake_manager_clear_log (f->house->manager);
  end_account (f);
  g_assert_cmpstr (fake_manager_get_log (f->house->manager), ==, "");
  g_assert_cmpuint (house_count_audit (f->house, "account-ended", "done"), ==, 1);
  one_desk_assert_held (f, TRUE);
}

static void
test_account_log_off (OneDesk *f, gconstpointer data)
{
  f->pool->on_account_end = FLOE_ACT_LOG_OFF;
  one_desk_apply (f);
  let_boot (f);
  one_desk_get_in (f);
  end_account (f);
  g_assert_true (one_desk_was_asked (f, "log-off office-1;"));
  g_assert_cmpuint (house_count_audit (f->house, "log-off", "done"), ==, 1);
}

static void
test_account_shut_down (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeDesktop) desktop = NULL;

  f->pool->on_account_end = FLOE_ACT_SHUT_DOWN;
  one_desk_apply (f);
  let_boot (f);
  one_desk_get_in (f);
  fake_manager_hold (f->house->manager, TRUE);
  end_account (f);
  desktop = one_desk_get (f);
  g_assert_cmpint (desktop->facts.intent, ==, FLOE_INTENT_STOP);
  g_assert_cmpint (desktop->facts.lease, ==, FLOE_LEASE_HELD);
}

static void
test_account_reset (OneDesk *f, gconstpointer data)
{
  f->pool->on_account_end = FLOE_ACT_RESET;
  one_desk_apply (f);
  let_boot (f);
  one_desk_get_in (f);
  end_account (f);
  one_desk_assert_ended (f, "released");
  g_assert_cmpuint (house_count_audit (f->house, "release", "done"), ==, 1);
}

/* A row, which outlives a broker that ends, and waits for a host that is lost. */
static void
test_account_survives (OneDesk *f, gconstpointer data)
{
  let_boot (f);
  one_desk_get_in (f);
  logs_expect ("host host1 is lost*");
  fake_manager_lose_host (f->house->manager);
  house_settle (f->house);
  end_account (f);
  g_assert_false (one_desk_was_asked (f, "lock"));
  g_clear_object (&f->sessions);
  house_crash (f->house);
  house_start (f->house);
  f->sessions =
      floe_sessions_new (f->house->counted, f->house->keeper, FLOE_CLOCK (f->house->clock));
  fake_manager_list (f->house->manager);
  house_advance (f->house, 120);
  g_assert_true (one_desk_was_asked (f, "lock office-1;"));
  logs_assert_expected ();
}

/* An account that is good again before its desktop could be ended. */
static void
test_account_back (OneDesk *f, gconstpointer data)
{
  let_boot (f);
  one_desk_get_in (f);
  logs_expect ("host host1 is lost*");
  fake_manager_lose_host (f->house->manager);
  house_settle (f->house);
  end_account (f);
  fake_directory_add (f->house->directory, "alice", "office");
  fake_manager_list (f->house->manager);
  house_settle (f->house);
  floe_grant_free (f->alice);
  f->alice = house_enter (f->house, "alice");
  one_desk_get_in (f);
  house_advance (f->house, 300);
  g_assert_false (one_desk_was_asked (f, "lock"));
  logs_assert_expected ();
}

/* A lost host. */

static void
test_lost (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeDesktop) desktop = NULL;

  one_desk_get_in (f);
  logs_expect ("host host1 is lost*");
  fake_manager_lose_host (f->house->manager);
  house_advance (f->house, 899);
  one_desk_assert_held (f, TRUE);
  fake_manager_hold (f->house->manager, TRUE);
  house_advance (f->house, 1);
  one_desk_assert_ended (f, "host-lost");
  desktop = one_desk_get (f);
  g_assert_cmpint (desktop->facts.intent, ==, FLOE_INTENT_RESET); /* until its host is back */
  logs_assert_expected ();
}

static void
test_lost_and_back (OneDesk *f, gconstpointer data)
{
  one_desk_get_in (f);
  logs_expect ("host host1 is lost*");
  fake_manager_lose_host (f->house->manager);
  house_advance (f->house, 800);
  fake_manager_list (f->house->manager);
  house_settle (f->house);
  fake_manager_clear_log (f->house->manager);
  house_advance (f->house, 101);
  one_desk_assert_held (f, TRUE);
  logs_assert_expected ();
}

/* The helpdesk need not wait for the pool's own time. */
static void
test_lost_given_up (OneDesk *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) down = g_error_new_literal (FLOE_ERROR, FLOE_ERROR_UNAVAILABLE, "no host");
  g_autoptr (FloeDesktop) waiting = NULL;
  g_autoptr (FloeDesktop) clean = NULL;

  one_desk_get_in (f);
  logs_expect ("host host1 is lost*");
  fake_manager_lose_host (f->house->manager);
  fake_manager_hold (f->house->manager, TRUE);
  house_settle (f->house);
  g_assert_true (house_take_away (f->house, DESK, &error));
  g_assert_no_error (error);
  house_settle (f->house);
  fake_manager_answer (f->house->manager, down);
  waiting = one_desk_get (f);
  g_assert_cmpstr (waiting->end->reason, ==, "admin");
  g_assert_cmpint (waiting->facts.clean, ==, FLOE_CLEAN_RESETTING);
  g_assert_cmpint (waiting->facts.intent, ==, FLOE_INTENT_RESET);
  fake_manager_hold (f->house->manager, FALSE);
  fake_manager_list (f->house->manager);
  clean = one_desk_get (f);
  g_assert_cmpint (clean->facts.clean, ==, FLOE_CLEAN_CLEAN);
  logs_assert_expected ();
}

#define ADD(name, func)                                                                            \
  g_test_add ("/ends/" name, OneDesk, NULL, one_desk_set_up, func, one_desk_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ADD ("grace/reset", test_grace_reset);
  ADD ("grace/keep", test_grace_keep);
  ADD ("grace/shut-down", test_grace_shut_down);
  ADD ("grace/lock", test_grace_lock);
  ADD ("grace/cancelled", test_grace_cancelled);
  ADD ("agent/log-off-fails", test_log_off_fails);
  ADD ("agent/log-off-fails-late", test_log_off_fails_late);
  ADD ("agent/log-off-survives-crash", test_log_off_survives_crash);
  ADD ("account/lock", test_account_lock);
  ADD ("account/keep", test_account_keep);
  ADD ("account/log-off", test_account_log_off);
  ADD ("account/shut-down", test_account_shut_down);
  ADD ("account/reset", test_account_reset);
  ADD ("account/survives", test_account_survives);
  ADD ("account/back", test_account_back);
  ADD ("limit/reset", test_limit);
  ADD ("limit/reconnect", test_limit_reconnect);
  ADD ("limit/log-off", test_limit_log_off);
  ADD ("shut-down", test_shut_down);
  ADD ("lost/ends", test_lost);
  ADD ("lost/back", test_lost_and_back);
  ADD ("lost/given-up", test_lost_given_up);
  return g_test_run ();
}
