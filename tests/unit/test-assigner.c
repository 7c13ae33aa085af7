/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "house.h"
#include "logs.h"

static House *
office (guint n_off, guint n_on)
{
  House *house = house_new ();

  for (guint i = 0; i < n_off + n_on; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("office-%u", i + 1);

      fake_manager_add (house->manager, name, FLOE_POWER_OFF);
    }
  fake_manager_list (house->manager);
  house_add_pool (house, "office", FLOE_POOL_FLOATING, "office-*");
  for (guint i = 0; i < n_on; i++)
    {
      g_autofree gchar *id = g_strdup_printf ("id-office-%u", n_off + i + 1);

      fake_manager_set_power (house->manager, id, FLOE_POWER_ON);
    }
  house_settle (house);
  fake_manager_clear_log (house->manager);
  return house;
}

static FloeGrant *
log_in (House *house, const gchar *name)
{
  g_autoptr (GError) error = NULL;
  FloeGrant *grant = house_log_in (house, name, "secret", "192.0.2.1", &error);

  g_assert_no_error (error);
  return grant;
}

static FloeConnectAnswer *
connect_to (House *house, const FloeGrant *grant)
{
  g_autoptr (GError) error = NULL;
  FloeConnectAnswer *answer = house_connect (house, grant->identity, "office", &error);

  g_assert_no_error (error);
  return answer;
}

static void
open_console (House *house, const gchar *id)
{
  floe_manager_emit_channel (FLOE_MANAGER (house->manager), id, FLOE_CHANNEL_AUTHENTICATED,
                             "192.0.2.1:1000");
  house_settle (house);
}

static void
close_console (House *house, const gchar *id)
{
  floe_manager_emit_channel (FLOE_MANAGER (house->manager), id, FLOE_CHANNEL_CLOSED,
                             "192.0.2.1:1000");
  house_advance (house, 3);
}

static void
test_running (void)
{
  g_autoptr (House) house = office (1, 1);
  g_autoptr (FloeGrant) grant = log_in (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = connect_to (house, grant);
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
  g_autoptr (House) house = office (1, 0);
  g_autoptr (FloeGrant) grant = log_in (house, "alice");
  g_autoptr (FloeConnectAnswer) first = NULL;
  g_autoptr (FloeConnectAnswer) again = NULL;
  g_autoptr (FloeConnectAnswer) second = NULL;

  fake_manager_hold (house->manager, TRUE);
  first = connect_to (house, grant);
  g_assert_nonnull (first->request);
  g_assert_cmpint (floe_connect_request_get_state (first->request), ==, FLOE_REQUEST_STARTING);
  again = connect_to (house, grant);
  g_assert_true (again->request == first->request);
  fake_manager_hold (house->manager, FALSE);
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (first->request), ==, FLOE_REQUEST_READY);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "on office-1;");
  second = connect_to (house, grant);
  g_assert_nonnull (second->connection);
  g_assert_cmpuint (house_count_audit (house, "start", "intent"), ==, 1);
  g_assert_cmpuint (house_count_audit (house, "start", "done"), ==, 1);
}

static void
test_line (void)
{
  g_autoptr (House) house = office (3, 0);
  g_autoptr (FloeGrant) alice = log_in (house, "alice");
  g_autoptr (FloeGrant) bob = log_in (house, "bob");
  g_autoptr (FloeGrant) carol = log_in (house, "carol");
  g_autoptr (FloeConnectAnswer) a = NULL;
  g_autoptr (FloeConnectAnswer) b = NULL;
  g_autoptr (FloeConnectAnswer) c = NULL;

  floe_keeper_set_starts_at_once (house->keeper, "host1", 1);
  fake_manager_hold (house->manager, TRUE);
  a = connect_to (house, alice);
  b = connect_to (house, bob);
  c = connect_to (house, carol);
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
  g_autoptr (FloeGrant) grant = log_in (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;

  domain->has_agent = TRUE;
  fake_manager_list (house->manager);
  house_add_pool (house, "office", FLOE_POOL_FLOATING, "office-*");
  answer = connect_to (house, grant);
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_GUEST);
  domain->agent_connected = TRUE;
  fake_manager_set_power (house->manager, "id-office-1", FLOE_POWER_ON);
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_READY);
}

static void
test_agent_never (void)
{
  g_autoptr (House) house = house_new ();
  g_autoptr (FloeGrant) grant = log_in (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeConnectAnswer) second = NULL;

  fake_manager_add (house->manager, "office-1", FLOE_POWER_OFF)->has_agent = TRUE;
  fake_manager_list (house->manager);
  house_add_pool (house, "office", FLOE_POOL_FLOATING, "office-*");
  answer = connect_to (house, grant);
  house_advance (house, 60);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_GUEST);
  house_advance (house, 70);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_READY);
  second = connect_to (house, grant);
  g_assert_nonnull (second->connection);
}

static void
test_none_free (void)
{
  g_autoptr (House) house = office (0, 1);
  g_autoptr (FloeGrant) alice = log_in (house, "alice");
  g_autoptr (FloeGrant) bob = log_in (house, "bob");
  g_autoptr (FloeConnectAnswer) a = connect_to (house, alice);
  g_autoptr (GError) error = NULL;

  g_assert_null (house_connect (house, bob->identity, "office", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_EXHAUSTED);
  g_assert_cmpstr (floe_error_reason (error), ==, "no-desktop-free");
  g_assert_cmpuint (house_count_audit (house, "connect", "denied"), ==, 1);
}

static void
test_not_entitled (void)
{
  g_autoptr (House) house = office (0, 1);
  g_autoptr (FloeGrant) mallory = log_in (house, "mallory");
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
  g_autoptr (House) house = office (0, 1);
  g_autoptr (FloeGrant) alice = log_in (house, "alice");
  g_autoptr (FloeGrant) later = NULL;
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
  g_autoptr (House) house = office (0, 3);
  g_autoptr (FloeGrant) alice = log_in (house, "alice");
  g_autoptr (FloeGrant) elsewhere = NULL;
  g_autoptr (FloeConnectAnswer) first = connect_to (house, alice);
  g_autoptr (FloeConnectAnswer) second = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;
  const gchar *id = first->connection->desktop->id;

  open_console (house, id);
  elsewhere = house_log_in (house, "alice", "secret", "192.0.2.55", NULL);
  fake_manager_clear_log (house->manager);
  second = connect_to (house, elsewhere);
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
  g_autoptr (House) house = office (0, 1);
  g_autoptr (FloeGrant) alice = log_in (house, "alice");
  g_autoptr (FloeGrant) bob = log_in (house, "bob");
  g_autoptr (FloeConnectAnswer) answer = connect_to (house, alice);
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
  g_assert_null (house_connect (house, bob->identity, "office", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_EXHAUSTED);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "off office-1;");
  fake_manager_hold (house->manager, FALSE);
  clean = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (clean->facts.clean, ==, FLOE_CLEAN_CLEAN);
  g_assert_cmpint (clean->facts.power, ==, FLOE_POWER_OFF);
  next = connect_to (house, bob);
  g_assert_nonnull (next->request);
  g_assert_cmpuint (house_count_audit (house, "reset", "done"), ==, 1);
}

static void
test_take_away_keeps_other_login (void)
{
  g_autoptr (House) house = office (0, 1);
  g_autoptr (FloeGrant) first = log_in (house, "alice");
  g_autoptr (FloeConnectAnswer) a = connect_to (house, first);
  g_autoptr (FloeGrant) second = log_in (house, "alice");
  g_autoptr (FloeConnectAnswer) b = connect_to (house, second);
  g_autoptr (FloeDesktop) desktop = NULL;

  /* The first terminal logs out: the desktop is the second one's by now. */
  g_assert_true (house_log_out (house, first->identity, NULL));
  desktop = house_get_desktop (house, "id-office-1");
  g_assert_true (floe_desktop_is_held_by (desktop, "uuid-alice"));
}

static void
test_start_fails_next (void)
{
  g_autoptr (House) house = office (2, 0);
  g_autoptr (FloeGrant) alice = log_in (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeDesktop) broken = NULL;
  g_autoptr (FloeDesktop) mended = NULL;

  fake_manager_fail_next_start (house->manager, FLOE_ERROR_INTERNAL, "no such disk");
  answer = connect_to (house, alice);
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
  g_autoptr (House) house = office (1, 0);
  g_autoptr (FloeGrant) alice = log_in (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;

  fake_manager_fail_next_start (house->manager, FLOE_ERROR_INTERNAL, "no such disk");
  answer = connect_to (house, alice);
  house_settle (house);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_FAILED);
  g_assert_error (floe_connect_request_get_error (answer->request), FLOE_ERROR,
                  FLOE_ERROR_EXHAUSTED);
}

static void
test_dedicated (void)
{
  g_autoptr (House) house = house_new ();
  g_autoptr (FloeGrant) alice = log_in (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (GError) error = NULL;

  fake_manager_add (house->manager, "own-1", FLOE_POWER_ON)->floating_refusal =
      g_strdup ("not transient");
  fake_manager_list (house->manager);
  house_add_pool (house, "office", FLOE_POOL_DEDICATED, "own-*");
  answer = connect_to (house, alice);
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
  g_autoptr (FloeGrant) alice = log_in (house, "alice");
  g_autoptr (FloePoolReport) report = NULL;
  g_autoptr (GError) error = NULL;

  fake_manager_add (house->manager, "office-1", FLOE_POWER_OFF)->floating_refusal =
      g_strdup ("disk hda is not transient");
  fake_manager_list (house->manager);
  house_add_pool (house, "office", FLOE_POOL_FLOATING, "office-*");
  g_assert_null (house_connect (house, alice->identity, "office", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_EXHAUSTED);
  report = house_get_pool (house, "office");
  g_assert_cmpuint (report->refused, ==, 1);
  g_assert_nonnull (strstr (report->problem, "disk hda is not transient"));
}

static void
test_pattern_nothing (void)
{
  g_autoptr (House) house = office (1, 0);
  g_autoptr (FloePoolReport) report = NULL;

  house_add_pool (house, "empty", FLOE_POOL_FLOATING, "nothing-*");
  report = house_get_pool (house, "empty");
  g_assert_cmpuint (report->total, ==, 0);
  g_assert_nonnull (strstr (report->problem, "nothing-*"));
}

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
  g_autoptr (House) house = office (0, 1);
  g_autoptr (FloeGrant) alice = log_in (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = connect_to (house, alice);
  g_autoptr (FloeConnectAnswer) again = NULL;
  g_autoptr (FloeDesktop) held = NULL;
  g_autoptr (FloeDesktop) clean = NULL;

  fake_manager_set_power (house->manager, "id-office-1", FLOE_POWER_CRASHED);
  held = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (held->facts.power, ==, FLOE_POWER_CRASHED);
  g_assert_cmpstr (held->end->reason, ==, "crashed");
  fake_manager_hold (house->manager, TRUE);
  again = connect_to (house, alice);
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
  g_autoptr (House) house = office (1, 0);
  g_autoptr (FloeGrant) alice = log_in (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeDesktop) resetting = NULL;
  g_autoptr (FloeDesktop) clean = NULL;

  fake_manager_hold (house->manager, TRUE);
  answer = connect_to (house, alice);
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
  g_autoptr (House) house = office (1, 0);

  fake_manager_add (house->manager, "database-server", FLOE_POWER_ON);
  fake_manager_list (house->manager);
  house_settle (house);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "");
}

static void
test_console_ends (void)
{
  g_autoptr (House) house = office (0, 1);
  g_autoptr (FloeGrant) alice = log_in (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = connect_to (house, alice);
  g_autoptr (FloeDesktop) connected = NULL;
  g_autoptr (FloeDesktop) waiting = NULL;
  g_autoptr (FloeDesktop) over = NULL;

  open_console (house, "id-office-1");
  connected = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (connected->facts.console, ==, FLOE_CONSOLE_CONNECTED);
  fake_manager_clear_log (house->manager);
  house_advance (house, 6);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "ticket office-1 spent;");
  close_console (house, "id-office-1");
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
  g_autoptr (House) house = office (0, 1);
  g_autoptr (FloeGrant) alice = log_in (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = connect_to (house, alice);
  g_autoptr (FloeDesktop) desktop = NULL;

  open_console (house, "id-office-1");
  close_console (house, "id-office-1");
  house_advance (house, FLOE_POOL_GRACE_SECONDS - 60);
  open_console (house, "id-office-1");
  house_advance (house, 120);
  desktop = house_get_desktop (house, "id-office-1");
  g_assert_nonnull (desktop->lease);
}

static void
test_console_without_lease (void)
{
  g_autoptr (House) house = office (0, 1);
  g_autoptr (FloeDesktop) desktop = NULL;

  open_console (house, "id-office-1");
  house_settle (house);
  g_assert_nonnull (strstr (fake_manager_get_log (house->manager), "off office-1;"));
  desktop = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (desktop->facts.power, ==, FLOE_POWER_OFF);
}

static void
test_host_lost (void)
{
  g_autoptr (House) house = office (0, 2);
  g_autoptr (FloeGrant) alice = log_in (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = connect_to (house, alice);
  g_autoptr (FloeDesktop) lost = NULL;
  g_autoptr (FloeDesktop) back = NULL;
  g_autoptr (GError) error = NULL;

  open_console (house, answer->connection->desktop->id);
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
test_ticket_denied (void)
{
  g_autoptr (House) house = office (0, 1);
  g_autoptr (FloeGrant) alice = log_in (house, "alice");
  g_autoptr (GError) error = NULL;

  fake_manager_fail_tickets (house->manager, FLOE_ERROR_DENIED, "plain-display");
  g_assert_null (house_connect (house, alice->identity, "office", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpstr (floe_error_reason (error), ==, "plain-display");
  g_assert_cmpuint (house_count_audit (house, "ticket", "failed"), ==, 1);
}

static void
test_crash_while_starting (void)
{
  g_autoptr (House) house = office (1, 0);
  g_autoptr (FloeGrant) alice = log_in (house, "alice");
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (FloeConnectAnswer) again = NULL;

  fake_manager_hold (house->manager, TRUE);
  floe_connect_answer_free (connect_to (house, alice));
  house_crash (house);
  fake_manager_clear_log (house->manager);
  fake_manager_hold (house->manager, FALSE);
  house_start (house);
  g_assert_cmpstr (fake_manager_get_log (house->manager), ==, "on office-1;");
  desktop = house_get_desktop (house, "id-office-1");
  g_assert_cmpint (desktop->facts.power, ==, FLOE_POWER_ON);
  g_assert_true (floe_desktop_is_held_by (desktop, "uuid-alice"));
  again = connect_to (house, alice);
  g_assert_nonnull (again->connection);
}

static void
test_crash_while_resetting (void)
{
  g_autoptr (House) house = office (0, 1);
  g_autoptr (FloeGrant) alice = log_in (house, "alice");
  g_autoptr (FloeDesktop) desktop = NULL;

  floe_connect_answer_free (connect_to (house, alice));
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

static void
test_dry_run_and_idempotent (void)
{
  g_autoptr (House) house = office (1, 0);
  guint before = house_count_audit (house, "pool-create", "done");

  house_add_pool (house, "office", FLOE_POOL_FLOATING, "office-*");
  g_assert_cmpuint (house_count_audit (house, "pool-change", "done"), ==, 0);
  house_add_pool (house, "office", FLOE_POOL_FLOATING, "off*");
  g_assert_cmpuint (house_count_audit (house, "pool-change", "done"), ==, 1);
  g_assert_cmpuint (house_count_audit (house, "pool-create", "done"), ==, before);
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
  g_test_add_func ("/assigner/pattern-nothing", test_pattern_nothing);
  g_test_add_func ("/assigner/ticket-denied", test_ticket_denied);
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
  g_test_add_func ("/helpdesk/idempotent", test_dry_run_and_idempotent);
  return g_test_run ();
}
