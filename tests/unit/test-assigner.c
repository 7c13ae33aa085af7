/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "house.h"
#include "logs.h"

static void
test_running (void)
{
  g_autoptr (House) house = house_office (1, 1);
  g_autoptr (FloeGrant) grant = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, grant);
  g_autoptr (FloeDesktop) desktop = house_get_desktop (house, "id-office-2");

  g_assert_nonnull (answer->connection);
  g_assert_null (answer->request);
  g_assert_cmpstr (answer->connection->desktop->name, ==, "office-2"); /* the running one first */
  g_assert_cmpint (desktop->facts.clean, ==, FLOE_CLEAN_DIRTY);
  g_assert_cmpint (desktop->facts.console, ==, FLOE_CONSOLE_CONNECTING);
  g_assert_true (floe_desktop_is_held_by (desktop, "uuid-alice"));
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "ticket office-2;");
  g_assert_cmpuint (house_count_audit (house, "assign", "done"), ==, 1);
  g_assert_cmpuint (house_count_audit (house, "ticket", "intent"), ==, 1);
  g_assert_cmpuint (house_count_audit (house, "ticket", "done"), ==, 1);
}

static void
test_start (void)
{
  g_autoptr (House) house = house_office (1, 0);
  g_autoptr (FloeGrant) grant = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) first = NULL;
  g_autoptr (FloeConnectAnswer) again = NULL;
  g_autoptr (FloeConnectAnswer) second = NULL;

  fake_manager_hold (house->manager, TRUE);
  first = house_get_in (house, grant);
  g_assert_nonnull (first->request);
  g_assert_cmpint (floe_connect_request_get_state (first->request), ==, FLOE_REQUEST_STARTING);
  again = house_get_in (house, grant);
  g_assert_true (again->request == first->request);
  fake_manager_hold (house->manager, FALSE);
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (first->request), ==, FLOE_REQUEST_READY);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "on office-1;");
  second = house_get_in (house, grant);
  g_assert_nonnull (second->connection);
  g_assert_cmpuint (house_count_audit (house, "start", "intent"), ==, 1);
  g_assert_cmpuint (house_count_audit (house, "start", "done"), ==, 1);
}

static void
test_line (void)
{
  g_autoptr (House) house = house_office (3, 0);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeGrant) carol = house_enter (house, "carol");
  g_autoptr (FloeConnectAnswer) a = NULL;
  g_autoptr (FloeConnectAnswer) b = NULL;
  g_autoptr (FloeConnectAnswer) c = NULL;

  floe_keeper_set_starts_at_once (house->keeper, "host1", 1);
  fake_manager_hold (house->manager, TRUE);
  a = house_get_in (house, alice);
  b = house_get_in (house, bob);
  c = house_get_in (house, carol);
  g_assert_cmpint (floe_connect_request_get_state (a->request), ==, FLOE_REQUEST_STARTING);
  g_assert_cmpint (floe_connect_request_get_state (b->request), ==, FLOE_REQUEST_WAITING);
  g_assert_cmpuint (floe_connect_request_get_place (b->request), ==, 1);
  g_assert_cmpuint (floe_connect_request_get_place (c->request), ==, 2);
  fake_manager_answer (house->manager, NULL);
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (a->request), ==, FLOE_REQUEST_READY);
  g_assert_cmpint (floe_connect_request_get_state (b->request), ==, FLOE_REQUEST_STARTING);
  g_assert_cmpuint (floe_connect_request_get_place (c->request), ==, 1);
}

static void
test_agent (void)
{
  g_autoptr (House) house = house_new ();
  FloeDomain *domain = fake_manager_add (house->manager, "office-1", FLOE_POWER_OFF);
  g_autoptr (FloeGrant) grant = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;

  domain->has_agent = TRUE;
  fake_manager_list (house->manager);
  house_add_pool (house, "office", FLOE_POOL_FLOATING, "office-*");
  answer = house_get_in (house, grant);
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_GUEST);
  domain->agent_connected = TRUE;
  fake_manager_set_power (house->manager, "id-office-1", FLOE_POWER_ON);
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_READY);
}

/* An administrator's own domain may have an agent that answers nobody. A clone that is to have a
 * personality is another matter: test-pool-ready.c. */
static void
test_agent_never (void)
{
  g_autoptr (House) house = house_new ();
  g_autoptr (FloeGrant) grant = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeConnectAnswer) second = NULL;

  fake_manager_add (house->manager, "office-1", FLOE_POWER_OFF)->has_agent = TRUE;
  fake_manager_list (house->manager);
  house_add_pool (house, "office", FLOE_POOL_FLOATING, "office-*");
  answer = house_get_in (house, grant);
  house_advance (house, 60);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_GUEST);
  house_advance (house, 70);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_READY);
  second = house_get_in (house, grant);
  g_assert_nonnull (second->connection);
}

static void
test_none_free (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED a = house_get_in (house, alice);
  g_autoptr (FloeConnectAnswer) b = house_get_in (house, bob);

  g_assert_cmpint (floe_connect_request_get_state (b->request), ==, FLOE_REQUEST_QUEUED);
  g_assert_cmpuint (floe_connect_request_get_place (b->request), ==, 1);
  g_assert_cmpuint (house_count_audit (house, "connect", "queued"), ==, 1);
}

static void
test_not_entitled (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) mallory = house_enter (house, "mallory");
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) unknown = NULL;

  g_assert_cmpuint (mallory->pools->len, ==, 0);
  g_assert_null (house_connect (house, mallory->identity, "office", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  g_assert_null (house_connect (house, mallory->identity, "nowhere", &unknown));
  g_assert_error (unknown, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  g_assert_cmpuint (house_count_audit (house, "connect", "denied"), ==, 2);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "");
}

/* Removed from the group after the log-in: refused at connect, not only when pools are listed. */
static void
test_entitlement_at_connect (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (alice->pools->len, ==, 1);
  fake_directory_add (house->directory, "alice", "outside");
  house_advance (house, 61);
  g_assert_null (house_connect (house, alice->identity, "office", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
}

static void
test_same_desktop (void)
{
  g_autoptr (House) house = house_office (0, 3);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) elsewhere = NULL;
  g_autoptr (FloeConnectAnswer) first = house_get_in (house, alice);
  g_autoptr (FloeConnectAnswer) second = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;
  const gchar *id = first->connection->desktop->id;

  house_open_console (house, id);
  elsewhere = house_log_in (house, "alice", "secret", "192.0.2.55", NULL);
  fake_manager_clear_log (house->manager);
  second = house_get_in (house, elsewhere);
  g_assert_cmpstr (second->connection->desktop->id, ==, id);
  g_assert_nonnull (strstr (fake_manager_get_log (house->manager), " cut;"));
  desktop = house_get_desktop (house, id);
  g_assert_cmpstr (desktop->end->reason, ==, "taken-over");
  g_assert_cmpstr (desktop->end->where, ==, "192.0.2.55");
  g_assert_cmpstr (desktop->lease->login_id, ==, elsewhere->identity->login_id);
}

static void
test_log_out_resets (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED answer = house_get_in (house, alice);
  g_autoptr (FloeConnectAnswer) next = NULL;
  g_autoptr (FloeDesktop) dirty = NULL;
  g_autoptr (FloeDesktop) clean = NULL;
  g_autoptr (GError) error = NULL;

  fake_manager_hold (house->manager, TRUE);
  fake_manager_clear_log (house->manager);
  g_assert_true (house_log_out (house, alice->identity, &error));
  dirty = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (dirty->facts.clean, ==, FLOE_CLEAN_RESETTING);
  g_assert_cmpint (dirty->facts.lease, ==, FLOE_LEASE_NONE);
  next = house_get_in (house, bob);
  g_assert_cmpint (floe_connect_request_get_state (next->request), ==, FLOE_REQUEST_QUEUED);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "off office-1;");
  fake_manager_hold (house->manager, FALSE);
  clean = house_get_desktop (house, "id-office-1");
  g_assert_true (floe_desktop_is_held_by (clean, "uuid-bob"));
  g_assert_cmpint (clean->facts.power, ==, FLOE_POWER_ON);
  g_assert_cmpuint (house_count_audit (house, "reset", "done"), ==, 1);
}

static void
test_take_away_keeps_other_login (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) first = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED a = house_get_in (house, first);
  g_autoptr (FloeGrant) second = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED b = house_get_in (house, second);
  g_autoptr (FloeDesktop) desktop = NULL;

  /* The first terminal logs out: the desktop is the second one's by now. */
  g_assert_true (house_log_out (house, first->identity, NULL));
  desktop = house_get_desktop (house, "id-office-1");
  g_assert_true (floe_desktop_is_held_by (desktop, "uuid-alice"));
}

static void
test_start_fails_next (void)
{
  g_autoptr (House) house = house_office (2, 0);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeDesktop) broken = NULL;
  g_autoptr (FloeDesktop) mended = NULL;

  fake_manager_fail_next_start (house->manager, FLOE_ERROR_INTERNAL, "no such disk");
  answer = house_get_in (house, alice);
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_READY);
  g_assert_cmpstr (floe_connect_request_get_desktop_id (answer->request), ==, "id-office-2");
  broken = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (broken->facts.clean, ==, FLOE_CLEAN_BROKEN);
  g_assert_cmpstr (broken->problem, ==, "no such disk");
  g_assert_null (broken->lease);
  house_advance (house, 61);
  mended = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (mended->facts.clean, ==, FLOE_CLEAN_CLEAN);
}

static void
test_start_fails_all (void)
{
  g_autoptr (House) house = house_office (1, 0);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;

  fake_manager_fail_next_start (house->manager, FLOE_ERROR_INTERNAL, "no such disk");
  answer = house_get_in (house, alice);
  house_settle (house);
  /* Nothing else is left: they wait until something is. */
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_QUEUED);
  g_assert_null (floe_connect_request_get_desktop_id (answer->request));
  house_advance (house, 61);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_READY);
}

static void
test_dedicated (void)
{
  g_autoptr (House) house = house_new ();
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (GError) error = NULL;

  fake_manager_add (house->manager, "own-1", FLOE_POWER_ON)->floating_refusal =
      g_strdup ("not transient");
  fake_manager_list (house->manager);
  house_add_pool (house, "office", FLOE_POOL_DEDICATED, "own-*");
  answer = house_get_in (house, alice);
  g_assert_nonnull (answer->connection);
  g_assert_true (answer->connection->keeps_data);
  g_assert_false (house_release (house, alice->identity, "id-own-1", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_true (house_log_out (house, alice->identity, NULL));
  desktop = house_get_desktop (house, "id-own-1");
  g_assert_true (floe_desktop_is_held_by (desktop, "uuid-alice"));
  g_assert_cmpint (desktop->facts.power, ==, FLOE_POWER_ON);
}

static void
test_refused (void)
{
  g_autoptr (House) house = house_new ();
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloePoolReport) report = NULL;
  g_autoptr (FloeConnectAnswer) answer = NULL;

  fake_manager_add (house->manager, "office-1", FLOE_POWER_OFF)->floating_refusal =
      g_strdup ("disk hda is not transient");
  fake_manager_list (house->manager);
  house_add_pool (house, "office", FLOE_POOL_FLOATING, "office-*");
  answer = house_get_in (house, alice);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_QUEUED);
  report = house_get_pool (house, "office");
  g_assert_cmpuint (report->refused, ==, 1);
  g_assert_nonnull (strstr (report->problem, "disk hda is not transient"));
}

/* It is lent where its pool allows VNC by name, with as much of a ticket as VNC looks at. */
static void
test_vnc (void)
{
  g_autoptr (House) house = house_new ();
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloePool) pool = house_new_pool ("office", FLOE_POOL_FLOATING, "office-*");
  g_autoptr (FloePoolReport) report = NULL;
  g_autoptr (FloeConnectAnswer) answer = NULL;
  gsize length;

  fake_manager_add (house->manager, "office-1", FLOE_POWER_ON)->vnc_refusal =
      g_strdup ("it has no SPICE display, only VNC");
  fake_manager_list (house->manager);
  house_put_pool (house, pool);
  report = house_get_pool (house, "office");
  g_assert_cmpuint (report->refused, ==, 1);
  pool->vnc = TRUE;
  house_put_pool (house, pool);
  fake_manager_list (house->manager);
  house_settle (house);
  answer = house_get_in (house, alice);
  if (answer->request != NULL)
    {
      house_settle (house);
      floe_connect_answer_free (g_steal_pointer (&answer));
      answer = house_get_in (house, alice);
    }
  g_assert_nonnull (answer->connection);
  g_assert_cmpint (answer->connection->display->kind, ==, FLOE_DISPLAY_VNC);
  floe_secret_get (answer->connection->ticket->secret, &length);
  g_assert_cmpuint (length, ==, 8);
}

static void
test_pattern_nothing (void)
{
  g_autoptr (House) house = house_office (1, 0);
  g_autoptr (FloePoolReport) report = NULL;

  house_add_pool (house, "empty", FLOE_POOL_FLOATING, "nothing-*");
  report = house_get_pool (house, "empty");
  g_assert_cmpuint (report->total, ==, 0);
  g_assert_nonnull (strstr (report->problem, "nothing-*"));
}

static void
test_ticket_denied (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (GError) error = NULL;

  fake_manager_fail_tickets (house->manager, FLOE_ERROR_DENIED, "plain-display");
  g_assert_null (house_connect (house, alice->identity, "office", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpstr (floe_error_reason (error), ==, "plain-display");
  g_assert_cmpuint (house_count_audit (house, "ticket", "failed"), ==, 1);
}

static void
test_dry_run_and_idempotent (void)
{
  g_autoptr (House) house = house_office (1, 0);
  guint before = house_count_audit (house, "pool-create", "done");

  house_add_pool (house, "office", FLOE_POOL_FLOATING, "office-*");
  g_assert_cmpuint (house_count_audit (house, "pool-change", "done"), ==, 0);
  house_add_pool (house, "office", FLOE_POOL_FLOATING, "off*");
  g_assert_cmpuint (house_count_audit (house, "pool-change", "done"), ==, 1);
  g_assert_cmpuint (house_count_audit (house, "pool-create", "done"), ==, before);
}

/* Let in before the log-out, claimed after it: neither a lease nor a right to reconnect is made. */
static void
test_logged_out (void)
{
  g_autoptr (House) house = house_office (0, 2);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloePoolReport) report = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (house_log_out (house, alice->identity, NULL));
  g_assert_null (house_connect (house, alice->identity, "office", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
  g_assert_cmpstr (floe_error_reason (error), ==, "expired-token");
  report = house_get_pool (house, "office");
  g_assert_cmpuint (report->held, ==, 0);
  g_assert_cmpuint (house_count_audit (house, "connect", "denied"), ==, 1);
}

/* Who gives the desktop back while it starts does not get the next one instead. */
static void
test_released_while_waiting (void)
{
  g_autoptr (House) house = house_office (2, 0);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloePoolReport) report = NULL;

  fake_manager_hold (house->manager, TRUE);
  answer = house_get_in (house, alice);
  g_assert_true (house_release (house, alice->identity, "id-office-1", NULL));
  fake_manager_hold (house->manager, FALSE);
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_FAILED);
  g_assert_cmpstr (floe_error_reason (floe_connect_request_get_error (answer->request)), ==,
                   "released");
  report = house_get_pool (house, "office");
  g_assert_cmpuint (report->held, ==, 0);
}

/* News of how a desktop was before it was lent, which came late, ends nobody's waiting. */
static void
test_told_out_of_order (void)
{
  g_autoptr (House) house = house_office (1, 0);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeDesktop) before = house_get_desktop (house, "id-office-1");
  g_autoptr (FloeConnectAnswer) answer = NULL;

  fake_manager_hold (house->manager, TRUE);
  answer = house_get_in (house, alice);
  g_signal_emit_by_name (house->keeper, "desktop-changed", before);
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_STARTING);
  fake_manager_hold (house->manager, FALSE);
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_READY);
}

/* The time of day is set by an hour: who waits goes on waiting. */
static void
test_clock_set (void)
{
  g_autoptr (House) house = house_office (1, 0);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;

  fake_manager_hold (house->manager, TRUE);
  answer = house_get_in (house, alice);
  fake_clock_set (house->clock, G_TIME_SPAN_HOUR);
  house_advance (house, 6);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_STARTING);
  house_advance (house, 15 * 60);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_FAILED);
}

static void
desktop_got (GObject *source, GAsyncResult *result, gpointer data)
{
  *(FloeDesktop **)data = floe_assigner_get_desktop_finish (FLOE_ASSIGNER (source), result, NULL);
}

/* Who had it last is told why that ended, and nothing of who has it now. */
static void
test_last_holder (void)
{
  g_autoptr (House) house = house_office (1, 0);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeDesktop) seen = NULL;

  floe_connect_answer_free (house_get_in (house, alice));
  house_settle (house);
  g_assert_true (house_release (house, alice->identity, "id-office-1", NULL));
  house_settle (house);
  floe_connect_answer_free (house_get_in (house, bob));
  house_open_console (house, "id-office-1");
  floe_assigner_get_desktop_async (house->assigner, alice->identity, "id-office-1", NULL,
                                   desktop_got, &seen);
  house_settle (house);
  g_assert_cmpstr (seen->end->reason, ==, "released");
  g_assert_null (seen->lease);
  g_assert_cmpint (seen->facts.console, ==, FLOE_CONSOLE_NONE);
  g_assert_cmpstr (floe_desktop_state_name (seen), ==, "off");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/assigner/running", test_running);
  g_test_add_func ("/assigner/start", test_start);
  g_test_add_func ("/assigner/line", test_line);
  g_test_add_func ("/assigner/agent", test_agent);
  g_test_add_func ("/assigner/agent-never", test_agent_never);
  g_test_add_func ("/assigner/none-free", test_none_free);
  g_test_add_func ("/assigner/not-entitled", test_not_entitled);
  g_test_add_func ("/assigner/entitlement-at-connect", test_entitlement_at_connect);
  g_test_add_func ("/assigner/same-desktop", test_same_desktop);
  g_test_add_func ("/assigner/log-out-resets", test_log_out_resets);
  g_test_add_func ("/assigner/other-login", test_take_away_keeps_other_login);
  g_test_add_func ("/assigner/start-fails/next", test_start_fails_next);
  g_test_add_func ("/assigner/start-fails/all", test_start_fails_all);
  g_test_add_func ("/assigner/dedicated", test_dedicated);
  g_test_add_func ("/assigner/refused", test_refused);
  g_test_add_func ("/assigner/vnc", test_vnc);
  g_test_add_func ("/assigner/pattern-nothing", test_pattern_nothing);
  g_test_add_func ("/assigner/ticket-denied", test_ticket_denied);
  g_test_add_func ("/helpdesk/idempotent", test_dry_run_and_idempotent);
  g_test_add_func ("/assigner/logged-out", test_logged_out);
  g_test_add_func ("/assigner/released-while-waiting", test_released_while_waiting);
  g_test_add_func ("/assigner/told-out-of-order", test_told_out_of_order);
  g_test_add_func ("/assigner/clock-set", test_clock_set);
  g_test_add_func ("/assigner/last-holder", test_last_holder);
  return g_test_run ();
}
