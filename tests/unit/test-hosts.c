/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-hosts.h"

#include "core/error.h"
#include "logs.h"
#include "one-desk.h"

static gboolean
drain (OneDesk *f, const gchar *host, guint minutes, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_helpdesk_drain_host_async (f->house->helpdesk, f->alice->identity, host, "moving out",
                                  minutes, "new memory", house_answered, &result);
  house_wait (f->house, &result);
  return floe_helpdesk_drain_host_finish (f->house->helpdesk, result, error);
}

static gboolean
open_again (OneDesk *f, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_helpdesk_open_host_async (f->house->helpdesk, f->alice->identity, "host1", "done",
                                 house_answered, &result);
  house_wait (f->house, &result);
  return floe_helpdesk_open_host_finish (f->house->helpdesk, result, error);
}

static FloeHostReport *
report_of (OneDesk *f, const gchar *host)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) reports = NULL;
  g_autoptr (GError) error = NULL;
  FloeHostReport *found = NULL;

  floe_helpdesk_list_hosts_async (f->house->helpdesk, NULL, house_answered, &result);
  house_wait (f->house, &result);
  reports = floe_helpdesk_list_hosts_finish (f->house->helpdesk, result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < reports->len; i++)
    if (g_str_equal (((FloeHostReport *)reports->pdata[i])->note->name, host))
      found = g_ptr_array_steal_index (reports, i);
  g_assert_nonnull (found);
  return found;
}

static void
test_list (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeHostReport) before = NULL;
  g_autoptr (FloeHostReport) after = NULL;
  g_autoptr (FloeHostReport) lost = NULL;

  fake_manager_add (f->house->manager, "office-2", FLOE_POWER_OFF);
  fake_manager_list (f->house->manager);
  fake_manager_measure (f->house->manager, "host1", 65536, 40000);
  house_settle (f->house);
  before = report_of (f, "host1");
  g_assert_true (before->up);
  g_assert_cmpuint (before->desktops, ==, 2);
  g_assert_cmpuint (before->ready, ==, 1);
  g_assert_cmpuint (before->off, ==, 1);
  g_assert_cmpuint (before->capacity->free_mib, ==, 40000);
  one_desk_get_in (f);
  after = report_of (f, "host1");
  g_assert_cmpuint (after->held, ==, 1);
  logs_expect ("host host1 is lost*");
  fake_manager_lose_host (f->house->manager);
  house_settle (f->house);
  lost = report_of (f, "host1");
  g_assert_false (lost->up);
  g_assert_null (lost->capacity);
  g_assert_cmpuint (lost->held, ==, 1);
  g_assert_cmpuint (lost->unknown, ==, 1);
  g_assert_cmpint (lost->note->lost_since, ==, floe_clock_now (FLOE_CLOCK (f->house->clock)));
  logs_assert_expected ();
}

/* A start counts whoever waits for it. */
static void
test_list_starts (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeHostReport) before = NULL;
  g_autoptr (FloeHostReport) after = NULL;

  one_desk_get_in (f);
  fake_manager_set_power (f->house->manager, DESK, FLOE_POWER_OFF);
  house_settle (f->house);
  before = report_of (f, "host1");
  g_assert_cmpuint (before->starts, ==, 0);
  fake_manager_hold (f->house->manager, TRUE);
  floe_connect_answer_free (house_get_in (f->house, f->alice));
  after = report_of (f, "host1");
  g_assert_cmpuint (after->starts, ==, 1);
  g_assert_cmpuint (after->held, ==, 1);
  g_assert_cmpuint (after->starting, ==, 0);
  fake_manager_hold (f->house->manager, FALSE);
}

static void
test_lost_and_back (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeHostReport) still = NULL;
  g_autoptr (FloeHostReport) back = NULL;
  gint64 since = floe_clock_now (FLOE_CLOCK (f->house->clock));

  logs_expect ("host host1 is lost*");
  fake_manager_lose_host (f->house->manager);
  house_advance (f->house, 60);
  logs_expect ("host host1 is lost*");
  fake_manager_lose_host (f->house->manager);
  still = report_of (f, "host1");
  g_assert_cmpint (still->note->lost_since, ==, since);
  fake_manager_list (f->house->manager);
  house_settle (f->house);
  back = report_of (f, "host1");
  g_assert_cmpint (back->note->lost_since, ==, 0);
  g_assert_true (back->up);
  logs_assert_expected ();
}

static void
note_change (FloeKeeper *keeper, const FloeDesktop *desktop, gpointer data)
{
  *(guint *)data += floe_desktop_is_held_by (desktop, "uuid-alice");
}

/* People are told at once, and have their time. */
static void
test_drain (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeOutlook) outlook = NULL;
  g_autoptr (FloeHostReport) report = NULL;
  g_autoptr (GError) error = NULL;
  gint64 ends = floe_clock_now (FLOE_CLOCK (f->house->clock)) + 30 * G_TIME_SPAN_MINUTE;
  guint told = 0;

  one_desk_get_in (f);
  g_signal_connect (f->house->keeper, "desktop-changed", G_CALLBACK (note_change), &told);
  g_assert_true (drain (f, "host1", 30, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (told, ==, 1);
  g_signal_handlers_disconnect_by_data (f->house->keeper, &told);
  outlook = one_desk_look (f);
  g_assert_cmpstr (outlook->notice, ==, "moving out");
  g_assert_cmpint (outlook->ends_at, ==, ends);
  report = report_of (f, "host1");
  g_assert_true (report->note->draining);
  g_assert_cmpstr (report->note->by, ==, "alice");
  g_assert_cmpuint (house_count_audit (f->house, "host-drain", "done"), ==, 1);
  house_advance (f->house, 30 * 60 - 1);
  one_desk_assert_held (f, TRUE);
  house_advance (f->house, 1);
  one_desk_assert_ended (f, "drained");
}

/* With no time given, everybody may stay. */
static void
test_drain_patient (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeOutlook) outlook = NULL;

  one_desk_get_in (f);
  g_assert_true (drain (f, "host1", 5, NULL));
  g_assert_true (drain (f, "host1", 0, NULL));
  house_advance (f->house, 24 * 3600);
  one_desk_assert_held (f, TRUE);
  outlook = one_desk_look (f);
  g_assert_cmpstr (outlook->notice, ==, "moving out");
  g_assert_cmpint (outlook->ends_at, ==, 0);
}

static void
test_open (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeOutlook) outlook = NULL;
  g_autoptr (GError) error = NULL;

  one_desk_get_in (f);
  g_assert_false (open_again (f, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_true (drain (f, "host1", 5, NULL));
  g_assert_true (open_again (f, NULL));
  house_advance (f->house, 600);
  one_desk_assert_held (f, TRUE);
  outlook = one_desk_look (f);
  g_assert_null (outlook->notice);
  g_assert_cmpint (outlook->ends_at, ==, 0);
  g_assert_cmpuint (house_count_audit (f->house, "host-open", "done"), ==, 1);
}

static void
test_unknown (OneDesk *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (drain (f, "host7", 0, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
}

/* A desktop that is kept stays its holder's; it is only shut down. */
static void
test_drain_kept (OneDesk *f, gconstpointer data)
{
  g_autoptr (House) house = house_new ();
  OneDesk kept = { .house = house };
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (FloeConnectAnswer) first = NULL;
  g_autoptr (FloeConnectAnswer) answer = NULL;

  fake_manager_add (house->manager, "own-1", FLOE_POWER_OFF);
  fake_manager_list (house->manager);
  house_add_pool (house, "own", FLOE_POOL_DEDICATED, "own-*");
  kept.alice = house_enter (house, "alice");
  first = house_connect (house, kept.alice->identity, "own", NULL);
  house_settle (house);
  answer = house_connect (house, kept.alice->identity, "own", NULL);
  g_assert_nonnull (answer->connection);
  house_open_console (house, "id-own-1");
  g_assert_true (drain (&kept, "host1", 5, NULL));
  fake_manager_hold (house->manager, TRUE);
  house_advance (house, 300);
  desktop = house_get_desktop (house, "id-own-1");
  g_assert_cmpint (desktop->facts.lease, ==, FLOE_LEASE_HELD);
  g_assert_cmpint (desktop->facts.intent, ==, FLOE_INTENT_STOP);
  g_assert_cmpstr (desktop->end->reason, ==, "drained");
  floe_grant_free (kept.alice);
}

/* The end of a drain is a row: the broker's end does not forget it. */
static void
test_drain_crash (OneDesk *f, gconstpointer data)
{
  one_desk_get_in (f);
  g_assert_true (drain (f, "host1", 5, NULL));
  g_clear_object (&f->sessions);
  house_crash (f->house);
  fake_clock_advance (f->house->clock, 10 * G_TIME_SPAN_MINUTE);
  house_start (f->house);
  f->sessions =
      floe_sessions_new (f->house->counted, f->house->keeper, FLOE_CLOCK (f->house->clock));
  one_desk_assert_ended (f, "drained");
}

#define ADD(name, func)                                                                            \
  g_test_add ("/hosts/" name, OneDesk, NULL, one_desk_set_up, func, one_desk_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ADD ("list", test_list);
  ADD ("list-starts", test_list_starts);
  ADD ("lost-and-back", test_lost_and_back);
  ADD ("drain/ends", test_drain);
  ADD ("drain/patient", test_drain_patient);
  ADD ("drain/kept", test_drain_kept);
  ADD ("drain/crash", test_drain_crash);
  ADD ("open", test_open);
  ADD ("unknown", test_unknown);
  return g_test_run ();
}
