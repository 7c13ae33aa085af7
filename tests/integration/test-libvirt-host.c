/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <string.h>

#include "libvirt-harness.h"

static void
test_down_at_start (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autofree gchar *id = define (test, "guest", NULL);

  libvirt_fixture_kill (test->libvirt);
  make_manager (test, FALSE, TRUE);
  floe_manager_start (test->manager);
  wait_for (test, "lost h1: *");
  power (test, id, TRUE);
  expect (test, FLOE_ERROR_UNAVAILABLE, "host-down");
  libvirt_fixture_start (test->libvirt);
  wait_for (test, "listed h1");
  wait_for (test, "domain %s off", id);
  g_assert_cmpuint (count_lines (test, "lost *"), ==, 1);
  power (test, id, TRUE);
  g_assert_no_error (test->error);
}

/* libvirtd is killed and comes back: guests and sessions go on, and what was missed is found. */
static void
test_restart (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autofree gchar *id = define (test, "guest", NULL);
  g_autofree gchar *idle = define (test, "idle", NULL);
  g_autoptr (FloeTicket) ticket = NULL;
  g_autoptr (SpiceLink) link = NULL;
  g_autofree gchar *peer = NULL;
  SpiceLinkResult result;

  begin (test);
  power (test, id, TRUE);
  power (test, idle, TRUE);
  ticket = set_ticket (test, id, FLOE_TICKET_KEEP);
  libvirt_fixture_kill (test->libvirt);
  wait_for (test, "lost h1: *");
  link = link_with (test, ticket, &result);
  g_assert_cmpint (result, ==, SPICE_LINK_IN);
  peer = spice_link_get_peer (link);
  libvirt_fixture_start (test->libvirt);
  wait_for (test, "listed h1");
  g_assert_cmpint (known (test, id)->power, ==, FLOE_POWER_ON);
  while (count_lines (test, "channels *") < 2)
    wait_for (test, "channels *");
  test->read = 0;
  wait_for (test, "channels %s [%s]", id, peer);
  test->read = 0;
  wait_for (test, "channels %s []", idle);
  g_assert_true (spice_link_is_open (link));
  g_clear_pointer (&link, spice_link_free);
  wait_for (test, "channel %s closed %s", id, peer);
  floe_ticket_free (set_ticket (test, id, FLOE_TICKET_KEEP));
  g_assert_no_error (test->error);
  g_assert_cmpuint (count_lines (test, "lost *"), ==, 1);
}

static gboolean
on_tick (gpointer data)
{
  gint64 *gap = data; /* the last tick, and the longest gap */
  gint64 now = g_get_monotonic_time ();

  gap[1] = MAX (gap[1], now - gap[0]);
  gap[0] = now;
  return G_SOURCE_CONTINUE;
}

/* libvirtd hangs: the main loop does not, the host is lost by keepalive, and comes back. */
static void
test_hang (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autofree gchar *id = define (test, "guest", NULL);
  gint64 gap[2] = { g_get_monotonic_time (), 0 };
  guint tick;

  begin (test);
  power (test, id, TRUE);
  libvirt_fixture_signal (test->libvirt, SIGSTOP);
  tick = g_timeout_add (10, on_tick, gap);
  gap[0] = g_get_monotonic_time ();
  floe_ticket_free (set_ticket (test, id, FLOE_TICKET_KEEP));
  g_assert_true (g_error_matches (test->error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT)
                 || g_error_matches (test->error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE));
  wait_for (test, "lost h1: *keepalive*");
  floe_ticket_free (set_ticket (test, id, FLOE_TICKET_KEEP));
  expect (test, FLOE_ERROR_UNAVAILABLE, "host-down");
  g_assert_cmpint (gap[1], <, 2 * G_USEC_PER_SEC);
  g_source_remove (tick);
  libvirt_fixture_signal (test->libvirt, SIGCONT);
  wait_for (test, "listed h1");
  g_assert_cmpuint (count_lines (test, "lost *"), ==, 1);
  floe_ticket_free (set_ticket (test, id, FLOE_TICKET_KEEP));
  g_assert_no_error (test->error);
}

static gboolean
on_quiet (gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

/* After stop() no signal comes, and the call that is under way still answers. */
static void
test_stop (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autofree gchar *id = define (test, "guest", NULL);
  gboolean quiet = FALSE;
  guint lines;

  begin (test);
  test->answered = FALSE;
  floe_manager_power_on_async (test->manager, "h1", id, NULL, power_answered, test);
  floe_manager_stop (test->manager);
  lines = test->log->len;
  wait_for_answer (test);
  g_assert_no_error (test->error);
  g_free (libvirt_fixture_virsh (test->libvirt, "destroy", "guest", NULL));
  g_timeout_add (500, on_quiet, &quiet);
  while (!quiet)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (test->log->len, ==, lines);
  power (test, id, TRUE);
  expect (test, FLOE_ERROR_UNAVAILABLE, "host-down");
}

/* libvirtd and QEMU die together, as with their host: what is left of the disk must be named. */
static void
test_left_over (void)
{
  g_autoptr (Test) test = test_new (NULL);
  g_autofree gchar *id = define (test, "guest", NULL);

  begin (test);
  power (test, id, TRUE);
  g_assert_no_error (test->error);
  libvirt_fixture_kill (test->libvirt);
  kill_qemu (test, "guest");
  wait_for (test, "lost h1: *");
  libvirt_fixture_start (test->libvirt);
  wait_for (test, "listed h1");
  wait_for (test, "domain %s crashed", id);
  power (test, id, TRUE);
  expect (test, FLOE_ERROR_INTERNAL, NULL);
  g_assert_nonnull (strstr (test->error->message, "guest.img.TRANSIENT-guest"));
  g_assert_nonnull (strstr (test->error->message, "delete that file"));
}

/* A host whose clock is a minute behind ours, measured by the events of a guest that starts. */
static void
test_host_clock (void)
{
  g_autoptr (Test) test = test_new ("tcp");
  g_autofree gchar *id = define (test, "guest", NULL);

  g_free (libvirt_fixture_virsh (test->libvirt, "start", "guest", NULL));
  make_manager (test, TRUE, TRUE);
  floe_manager_start (test->manager);
  wait_for (test, "listed h1");
  expected_warning = "*clock of host h1*";
  floe_ticket_free (set_ticket (test, id, FLOE_TICKET_KEEP));
  g_assert_null (expected_warning);
  g_assert_no_error (test->error);

  test->clock->offset = 60 * G_USEC_PER_SEC;
  power (test, id, FALSE);
  power (test, id, TRUE);
  wait_for (test, "domain %s off", id);
  wait_for (test, "domain %s on", id);
  floe_ticket_free (set_ticket (test, id, FLOE_TICKET_KEEP));
  expect (test, FLOE_ERROR_DENIED, "host-clock");
  g_assert_nonnull (strstr (test->error->message, "behind ours"));
}

int
main (int argc, char **argv)
{
  harness_init (&argc, &argv);
  g_test_add_func ("/libvirt-host/crash/left-over", test_left_over);
  g_test_add_func ("/libvirt-host/clock/wrong", test_host_clock);
  g_test_add_func ("/libvirt-host/connection/down-at-start", test_down_at_start);
  g_test_add_func ("/libvirt-host/connection/killed", test_restart);
  g_test_add_func ("/libvirt-host/connection/hung", test_hang);
  g_test_add_func ("/libvirt-host/stop/silent", test_stop);
  return g_test_run ();
}
