/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/helpdesk-hosts.h"
#include "core/helpdesk-maintenance.h"
#include "core/helpdesk-pools.h"
#include "core/service.h"
#include "logs.h"
#include "one-desk.h"

/* Desktops and pools that are worked on: nothing new begins there, people are told and have their
 * time, and what was planned can be called off. */

static gboolean
maintain (OneDesk *f, guint minutes, GError **error)
{
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (GAsyncResult) result = NULL;

  floe_helpdesk_maintain_async (f->house->helpdesk, helen, DESK, "new memory", minutes, "it broke",
                                house_answered, &result);
  house_wait (f->house, &result);
  return floe_helpdesk_maintain_finish (f->house->helpdesk, result, error);
}

static gboolean
open_desk (OneDesk *f, GError **error)
{
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (GAsyncResult) result = NULL;

  floe_helpdesk_open_desktop_async (f->house->helpdesk, helen, DESK, "mended", house_answered,
                                    &result);
  house_wait (f->house, &result);
  return floe_helpdesk_open_desktop_finish (f->house->helpdesk, result, error);
}

static gchar *
explain (OneDesk *f)
{
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FloeExplanation) explanation = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  floe_helpdesk_explain_async (f->house->helpdesk, helen, "alice", "office", NULL, house_answered,
                               &result);
  house_wait (f->house, &result);
  explanation = floe_helpdesk_explain_finish (f->house->helpdesk, result, NULL);
  for (guint i = 0; i < explanation->steps->len; i++)
    g_string_append_printf (text, "%s ",
                            ((FloeExplanationStep *)explanation->steps->pdata[i])->code);
  g_string_append (text, explanation->conclusion);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_explained (OneDesk *f, const gchar *code, const gchar *conclusion)
{
  g_autofree gchar *text = explain (f);

  if (strstr (text, code) == NULL || strstr (text, conclusion) == NULL)
    g_error ("explained: %s", text);
}

/* assert_refused: why they cannot open theirs, or get one */
static void
assert_refused (OneDesk *f, const gchar *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeConnectAnswer) answer =
      house_connect (f->house, f->alice->identity, "office", &error);

  g_assert_null (answer);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_EXHAUSTED);
  g_assert_cmpstr (floe_error_reason (error), ==, reason);
}

static void
note_change (FloeKeeper *keeper, const FloeDesktop *desktop, gpointer data)
{
  *(guint *)data += floe_desktop_is_held_by (desktop, "uuid-alice");
}

/* Whoever sits there is told at once, and has their time; then it is taken back, and nobody gets it
 * before it is open. */
static void
test_desktop (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeOutlook) outlook = NULL;
  gint64 ends = floe_clock_now (FLOE_CLOCK (f->house->clock)) + 20 * G_TIME_SPAN_MINUTE;
  guint told = 0;

  one_desk_get_in (f);
  g_signal_connect (f->house->keeper, "desktop-changed", G_CALLBACK (note_change), &told);
  g_assert_true (maintain (f, 20, NULL));
  g_assert_cmpuint (told, ==, 1);
  g_signal_handlers_disconnect_by_data (f->house->keeper, &told);
  outlook = one_desk_look (f);
  g_assert_cmpstr (outlook->notice, ==, "new memory");
  g_assert_cmpint (outlook->ends_at, ==, ends);
  assert_explained (f, "held-maintenance", "alice gets back the desktop that they have");
  house_advance (f->house, 20 * 60 - 1);
  one_desk_assert_held (f, TRUE);
  house_advance (f->house, 1);
  one_desk_assert_ended (f, "drained");
  house_settle (f->house);
  assert_explained (f, "maintenance", "no desktop of it is free");
  g_assert_true (open_desk (f, NULL));
  house_settle (f->house);
  one_desk_get_in (f);
  g_assert_cmpuint (house_count_audit (f->house, "desktop-maintain", "done"), ==, 1);
  g_assert_cmpuint (house_count_audit (f->house, "desktop-open", "done"), ==, 1);
}

/* One that nobody has is not lent, and not started as a spare. */
static void
test_desktop_free (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeConnectAnswer) waits = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (maintain (f, 0, NULL));
  waits = house_connect (f->house, f->alice->identity, "office", &error);
  g_assert_no_error (error);
  g_assert_null (waits->connection);
  house_settle (f->house);
  one_desk_assert_held (f, FALSE);
  fake_manager_set_power (f->house->manager, DESK, FLOE_POWER_OFF);
  house_advance (f->house, 120);
  desktop = one_desk_get (f);
  g_assert_cmpint (desktop->facts.power, ==, FLOE_POWER_OFF);
  g_assert_cmpint (desktop->facts.lease, ==, FLOE_LEASE_NONE);
  g_assert_true (desktop->maintenance);
  g_assert_false (open_desk (f, NULL) && open_desk (f, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
}

static void
test_called_off (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeOutlook) outlook = NULL;

  one_desk_get_in (f);
  g_assert_true (maintain (f, 5, NULL));
  house_advance (f->house, 200);
  g_assert_true (open_desk (f, NULL));
  outlook = one_desk_look (f);
  g_assert_null (outlook->notice);
  g_assert_cmpint (outlook->ends_at, ==, 0);
  house_advance (f->house, 600);
  one_desk_assert_held (f, TRUE);
}

/* Into one that is kept. */
static void
get_in_for_good (OneDesk *f)
{
  f->pool->kind = FLOE_POOL_DEDICATED;
  f->pool->on_disconnect = FLOE_ACT_KEEP;
  one_desk_apply (f);
  one_desk_get_in (f);
}

/* One that is kept is shut down, stays its holder's, and is not opened again before it is mended.
 */
static void
test_kept (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeDesktop) desktop = NULL;

  get_in_for_good (f);
  g_assert_true (maintain (f, 5, NULL));
  house_close_console (f->house, DESK);
  house_settle (f->house);
  one_desk_get_in (f); /* there is time left */
  house_advance (f->house, 300);
  house_settle (f->house);
  desktop = one_desk_get (f);
  g_assert_cmpint (desktop->facts.power, ==, FLOE_POWER_OFF);
  one_desk_assert_held (f, TRUE);
  assert_refused (f, "maintenance");
  assert_explained (f, "held-maintenance", "until the maintenance of office-1 ends");
  g_assert_true (open_desk (f, NULL));
  one_desk_get_in (f);
}

/* What does not go well is tried again, while there is a maintenance. */
static void
test_kept_stays_on (OneDesk *f, gconstpointer data)
{
  gboolean called_off = g_strcmp0 (data, "called off") == 0;
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (FloeDesktop) after = NULL;

  get_in_for_good (f);
  if (data == NULL)
    g_assert_true (maintain (f, 5, NULL));
  else
    g_assert_true (one_desk_close_pool (f, "office", "new disks", FALSE, 5, NULL));
  fake_manager_fail_next_job (f->house->manager, FLOE_JOB_SHUT_DOWN, FLOE_ERROR_INTERNAL, NULL,
                              "it did not go well");
  house_advance (f->house, 301);
  desktop = one_desk_get (f);
  g_assert_cmpint (desktop->facts.power, ==, FLOE_POWER_ON);
  g_assert_cmpint (desktop->facts.intent, ==, FLOE_INTENT_NONE);
  if (called_off)
    g_assert_true (one_desk_open_pool (f));
  house_advance (f->house, 60);
  after = one_desk_get (f);
  g_assert_cmpint (after->facts.power, ==, called_off ? FLOE_POWER_ON : FLOE_POWER_OFF);
  one_desk_assert_held (f, TRUE);
}

static void
test_pool (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeOutlook) outlook = NULL;
  g_autoptr (FloePoolReport) report = NULL;
  gint64 ends = floe_clock_now (FLOE_CLOCK (f->house->clock)) + 10 * G_TIME_SPAN_MINUTE;
  guint told = 0;

  one_desk_get_in (f);
  g_signal_connect (f->house->keeper, "desktop-changed", G_CALLBACK (note_change), &told);
  g_assert_true (one_desk_close_pool (f, "office", "new disks", FALSE, 10, NULL));
  g_assert_cmpuint (told, ==, 1);
  g_signal_handlers_disconnect_by_data (f->house->keeper, &told);
  outlook = one_desk_look (f);
  g_assert_cmpstr (outlook->notice, ==, "new disks");
  g_assert_cmpint (outlook->ends_at, ==, ends);
  report = house_get_pool (f->house, "office");
  g_assert_cmpint (report->maintenance->ends, ==, ends);
  g_assert_true (report->pool->drain);
  assert_explained (f, "pool-maintenance", "alice gets back the desktop that they have");
  house_advance (f->house, 600);
  one_desk_assert_ended (f, "drained");
  assert_refused (f, "pool-closed");
  g_assert_true (one_desk_open_pool (f));
  house_settle (f->house);
  one_desk_get_in (f);
}

/* Whose desktop was ended is not let in again because somebody set the clock back. */
static void
test_clock_set_back (OneDesk *f, gconstpointer data)
{
  get_in_for_good (f);
  g_assert_true (one_desk_close_pool (f, "office", "new disks", FALSE, 10, NULL));
  house_advance (f->house, 601);
  assert_refused (f, "maintenance");
  fake_clock_set (f->house->clock, -G_TIME_SPAN_HOUR);
  floe_grant_free (f->alice); /* which ended log-ins, too */
  f->alice = house_enter (f->house, "alice");
  assert_refused (f, "maintenance");
  g_assert_true (one_desk_open_pool (f));
  one_desk_get_in (f);
}

static void
test_pool_called_off (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeOutlook) outlook = NULL;
  g_autoptr (FloePoolReport) report = NULL;

  one_desk_get_in (f);
  g_assert_true (one_desk_close_pool (f, "office", "new disks", FALSE, 10, NULL));
  g_assert_true (
      one_desk_close_pool (f, "office", "new disks", FALSE, 0, NULL)); /* closed all the same */
  outlook = one_desk_look (f);
  g_assert_cmpint (outlook->ends_at, ==, 0);
  g_assert_true (one_desk_close_pool (f, "office", "new disks", FALSE, 10, NULL));
  g_assert_true (one_desk_open_pool (f));
  house_advance (f->house, 1200);
  one_desk_assert_held (f, TRUE);
  report = house_get_pool (f->house, "office");
  g_assert_null (report->maintenance);
}

/* A host whose time is over gets nobody's desktop started any more. */
static void
test_host (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) again = NULL;

  get_in_for_good (f);
  floe_helpdesk_drain_host_async (f->house->helpdesk, helen, "host1", "moving out", 5, NULL,
                                  house_answered, &result);
  house_wait (f->house, &result);
  house_advance (f->house, 300);
  house_settle (f->house);
  one_desk_assert_held (f, TRUE);
  assert_refused (f, "maintenance");
  floe_helpdesk_open_host_async (f->house->helpdesk, helen, "host1", NULL, house_answered, &again);
  house_wait (f->house, &again);
  one_desk_get_in (f);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/maintenance/" name, OneDesk, NULL, one_desk_set_up, func, one_desk_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ADD ("desktop", test_desktop);
  ADD ("desktop/free", test_desktop_free);
  ADD ("desktop/called-off", test_called_off);
  ADD ("desktop/kept", test_kept);
  ADD ("desktop/kept/stays-on", test_kept_stays_on);
  ADD ("pool/clock-set-back", test_clock_set_back);
  g_test_add ("/maintenance/kept/stays-on/pool", OneDesk, "pool", one_desk_set_up,
              test_kept_stays_on, one_desk_tear_down);
  g_test_add ("/maintenance/kept/stays-on/called-off", OneDesk, "called off", one_desk_set_up,
              test_kept_stays_on, one_desk_tear_down);
  ADD ("pool", test_pool);
  ADD ("pool/called-off", test_pool_called_off);
  ADD ("host", test_host);
  return g_test_run ();
}
