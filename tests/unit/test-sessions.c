/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-people.h"
#include "core/sessions.h"
#include "core/visit-book.h"

#include "core/error.h"
#include "logs.h"
#include "one-desk.h"

/* Being idle. */

static gboolean
beat (OneDesk *f, const FloeIdentity *identity, guint idle, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_sessions_beat_async (f->sessions, identity, DESK, idle, NULL, house_answered, &result);
  house_wait (f->house, &result);
  return floe_sessions_beat_finish (f->sessions, result, error);
}

static void
beat_for (OneDesk *f, guint idle, guint minutes)
{
  for (guint i = 0; i < minutes; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (beat (f, f->alice->identity, idle > 0 ? idle + 60 * i : 0, &error));
      g_assert_no_error (error);
      house_advance (f->house, 60);
    }
}

static void
use_idle (OneDesk *f, FloePoolAct act)
{
  f->pool->idle_seconds = 600;
  f->pool->on_idle = act;
  one_desk_apply (f);
  one_desk_get_in (f);
}

static void
test_idle (OneDesk *f, gconstpointer data)
{
  use_idle (f, FLOE_ACT_RESET);
  beat_for (f, 0, 15);
  beat_for (f, 60, 9);
  one_desk_assert_held (f, TRUE);
  g_assert_true (beat (f, f->alice->identity, 600, NULL));
  house_advance (f->house, 1);
  one_desk_assert_ended (f, "idle");
}

/* Of a client that says nothing, nobody knows. */
static void
test_idle_silent (OneDesk *f, gconstpointer data)
{
  use_idle (f, FLOE_ACT_RESET);
  house_advance (f->house, 24 * 3600);
  one_desk_assert_held (f, TRUE);
}

static void
on_measured (FloeSessions *sessions, const FloeSessionQuality *quality, GString *told)
{
  g_string_append_printf (told, "%s %s %s %" G_GINT64_FORMAT ";", quality->desktop_id,
                          quality->user_id, floe_quality_level_name (quality->level),
                          quality->rtt_ms);
}

static void
beat_well (OneDesk *f, const FloeIdentity *identity, FloeQualityLevel level)
{
  const FloeSessionQuality quality = { .level = level, .rtt_ms = 12 };
  g_autoptr (GAsyncResult) result = NULL;

  floe_sessions_beat_async (f->sessions, identity, DESK, 0, &quality, house_answered, &result);
  house_wait (f->house, &result);
  floe_sessions_beat_finish (f->sessions, result, NULL);
  house_advance (f->house, 60);
}

static FloePersonDetail *
get_alice (OneDesk *f)
{
  g_autoptr (FloeIdentity) helen = house_helen ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  FloePersonDetail *alice;

  floe_helpdesk_get_person_async (f->house->helpdesk, helen, "alice", NULL, house_answered,
                                  &result);
  house_wait (f->house, &result);
  alice = floe_helpdesk_get_person_finish (f->house->helpdesk, result, &error);
  g_assert_no_error (error);
  return alice;
}

/* How good a connection is is told when it changes, and now and then, and by nobody but who sits
 * there. */
static void
test_quality (OneDesk *f, gconstpointer data)
{
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (FloeGrant) bob = house_enter (f->house, "bob");
  g_autoptr (FloeVisitBook) book =
      floe_visit_book_new (f->house->counted, FLOE_CLOCK (f->house->clock));
  g_autoptr (FloePersonDetail) there = NULL;
  g_autoptr (FloePersonDetail) gone = NULL;
  g_autoptr (FloePersonDetail) back = NULL;

  one_desk_get_in (f);
  g_signal_connect (f->sessions, "measured", G_CALLBACK (on_measured), told);
  beat_well (f, bob->identity, FLOE_LEVEL_POOR);
  g_assert_cmpstr (told->str, ==, "");
  for (guint i = 0; i < 5; i++)
    beat_well (f, f->alice->identity, FLOE_LEVEL_GOOD);
  g_assert_cmpstr (told->str, ==, "id-office-1 uuid-alice good 12;");
  beat_well (f, f->alice->identity, FLOE_LEVEL_GOOD);
  beat_well (f, f->alice->identity, FLOE_LEVEL_SILENT);
  g_assert_cmpstr (told->str, ==,
                   "id-office-1 uuid-alice good 12;id-office-1 uuid-alice good 12;"
                   "id-office-1 uuid-alice silent 12;");
  g_signal_connect_object (f->sessions, "measured", G_CALLBACK (floe_visit_book_note_quality), book,
                           G_CONNECT_SWAPPED);
  beat_well (f, f->alice->identity, FLOE_LEVEL_POOR);
  there = get_alice (f);
  g_assert_cmpuint (there->qualities->len, ==, 1);
  g_assert_cmpint (((FloeSessionQuality *)there->qualities->pdata[0])->level, ==, FLOE_LEVEL_POOR);
  g_assert_cmpint (((FloeDesktopRow *)there->desktops->items->pdata[0])->quality, ==,
                   FLOE_LEVEL_POOR);
  house_close_console (f->house, DESK);
  gone = get_alice (f);
  g_assert_cmpuint (gone->qualities->len, ==, 0); /* she does not sit there any more */
  g_assert_cmpint (((FloeDesktopRow *)gone->desktops->items->pdata[0])->quality, ==,
                   FLOE_LEVEL_NONE);
  one_desk_get_in (f);
  beat_well (f, f->alice->identity, FLOE_LEVEL_POOR); /* as before */
  back = get_alice (f);
  g_assert_cmpuint (back->qualities->len, ==, 1);
}

/* Who comes back just before the end keeps their desktop: their next heartbeat can say so. */
static void
test_idle_back (OneDesk *f, gconstpointer data)
{
  use_idle (f, FLOE_ACT_RESET);
  g_assert_true (beat (f, f->alice->identity, 590, NULL));
  house_advance (f->house, 60);
  g_assert_true (beat (f, f->alice->identity, 40, NULL));
  house_advance (f->house, 300);
  one_desk_assert_held (f, TRUE);
}

/* What follows is done once, not with each heartbeat that goes on to say so. */
static void
test_idle_once (OneDesk *f, gconstpointer data)
{
  use_idle (f, FLOE_ACT_LOCK);
  beat_for (f, 600, 30);
  g_assert_cmpuint (house_count_audit (f->house, "lock", "done"), ==, 1);
  beat_for (f, 0, 1);
  beat_for (f, 600, 3);
  g_assert_cmpuint (house_count_audit (f->house, "lock", "done"), ==, 2);
}

/* A disconnect ends the waiting for it; the grace has its own end. */
static void
test_idle_disconnected (OneDesk *f, gconstpointer data)
{
  f->pool->grace_seconds = 7200;
  use_idle (f, FLOE_ACT_RESET);
  beat_for (f, 540, 1);
  house_close_console (f->house, DESK);
  house_advance (f->house, 3600);
  one_desk_assert_held (f, TRUE);
}

static void
test_idle_others (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeGrant) bob = house_enter (f->house, "bob");
  g_autoptr (FloeGrant) elsewhere = house_enter (f->house, "alice");
  g_autoptr (GError) error = NULL;

  use_idle (f, FLOE_ACT_RESET);
  g_assert_false (beat (f, bob->identity, 600, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  g_assert_true (beat (f, elsewhere->identity, 600, NULL)); /* not where she sits */
  house_advance (f->house, 60);
  one_desk_assert_held (f, TRUE);
}

/* Logging off in the guest. */

static void
log_in_guest (OneDesk *f, gint people)
{
  f->domain->logged_in = people;
  house_advance (f->house, 20);
}

static void
test_log_off (OneDesk *f, gconstpointer data)
{
  f->pool->on_log_off = FLOE_ACT_RESET;
  one_desk_apply (f);
  one_desk_get_in (f);
  log_in_guest (f, 0);
  log_in_guest (f, 0);
  log_in_guest (f, 0);
  one_desk_assert_held (f, TRUE); /* nobody was logged in yet */
  log_in_guest (f, 1);
  log_in_guest (f, 0);
  one_desk_assert_held (f, TRUE); /* once says nothing */
  log_in_guest (f, 1);
  log_in_guest (f, 0);
  log_in_guest (f, 0);
  house_advance (f->house, 5);
  one_desk_assert_ended (f, "logged-off");
}

/* The guest is shut down, a moment later, and the desktop stays its holder's. */
static void
test_log_off_shut_down (OneDesk *f, gconstpointer data)
{
  f->pool->on_log_off = FLOE_ACT_SHUT_DOWN;
  one_desk_apply (f);
  one_desk_get_in (f);
  log_in_guest (f, 1);
  log_in_guest (f, 0);
  log_in_guest (f, 0);
  g_assert_false (one_desk_was_asked (f, "shut-down"));
  house_advance (f->house, 5);
  g_assert_true (one_desk_was_asked (f, "shut-down office-1;"));
  g_assert_cmpint (f->domain->power, ==, FLOE_POWER_OFF);
  one_desk_assert_held (f, TRUE);
  g_assert_cmpuint (house_count_audit (f->house, "stop", "intent"), ==, 1);
  g_assert_cmpuint (house_count_audit (f->house, "stop", "done"), ==, 1);
}

/* Who connects again at once means to go on. */
static void
test_log_off_cancelled (OneDesk *f, gconstpointer data)
{
  f->pool->on_log_off = FLOE_ACT_RESET;
  one_desk_apply (f);
  one_desk_get_in (f);
  log_in_guest (f, 1);
  house_close_console (f->house, DESK);
  log_in_guest (f, 0);
  fake_clock_advance (f->house->clock, 17 * G_USEC_PER_SEC);
  house_settle (f->house);
  one_desk_get_in (f);
  house_advance (f->house, 60);
  one_desk_assert_held (f, TRUE);
}

/* Nobody is asked whose pool does not want to know. */
static void
test_log_off_unasked (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeDesktop) desktop = NULL;

  one_desk_get_in (f);
  log_in_guest (f, 1);
  log_in_guest (f, 1);
  g_assert_false (one_desk_was_asked (f, "ask"));
  f->pool->on_log_off = FLOE_ACT_SHUT_DOWN;
  one_desk_apply (f);
  log_in_guest (f, 1);
  g_assert_true (one_desk_was_asked (f, "ask office-1;"));
  desktop = one_desk_get (f);
  g_assert_cmpint (desktop->facts.guest, ==, FLOE_GUEST_LOGGED_IN);
}

/* An agent that is stuck says nothing about who is logged in, and is not asked twice at once. */
static void
test_log_off_stuck (OneDesk *f, gconstpointer data)
{
  f->pool->on_log_off = FLOE_ACT_RESET;
  one_desk_apply (f);
  one_desk_get_in (f);
  log_in_guest (f, 1);
  fake_manager_hold (f->house->manager, TRUE);
  log_in_guest (f, 1);
  log_in_guest (f, 1);
  g_assert_cmpuint (fake_manager_get_pending (f->house->manager), ==, 1);
  fake_manager_fail_next_job (f->house->manager, FLOE_JOB_ASK, FLOE_ERROR_TIMED_OUT, NULL, "stuck");
  fake_manager_hold (f->house->manager, FALSE);
  house_settle (f->house);
  one_desk_assert_held (f, TRUE);
  log_in_guest (f, 0);
  log_in_guest (f, 0);
  house_advance (f->house, 5);
  one_desk_assert_ended (f, "logged-off");
}

/* What is to come. */

static void
test_outlook (OneDesk *f, gconstpointer data)
{
  g_autoptr (FloeOutlook) none = NULL;
  g_autoptr (FloeOutlook) some = NULL;

  one_desk_get_in (f);
  none = one_desk_look (f);
  g_assert_cmpint (none->limit_at, ==, 0);
  g_assert_null (none->notice);
  f->pool->limit_seconds = 3600;
  one_desk_apply (f);
  house_close_console (f->house, DESK);
  one_desk_get_in (f);
  some = one_desk_look (f);
  g_assert_cmpint (some->limit_at, ==,
                   floe_clock_now (FLOE_CLOCK (f->house->clock)) + G_TIME_SPAN_HOUR);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/sessions/" name, OneDesk, NULL, one_desk_set_up, func, one_desk_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ADD ("idle/ends", test_idle);
  ADD ("idle/silent", test_idle_silent);
  ADD ("idle/back", test_idle_back);
  ADD ("quality", test_quality);
  ADD ("idle/once", test_idle_once);
  ADD ("idle/disconnected", test_idle_disconnected);
  ADD ("idle/others", test_idle_others);
  ADD ("log-off/ends", test_log_off);
  ADD ("log-off/shut-down", test_log_off_shut_down);
  ADD ("log-off/cancelled", test_log_off_cancelled);
  ADD ("log-off/unasked", test_log_off_unasked);
  ADD ("log-off/stuck", test_log_off_stuck);
  ADD ("outlook", test_outlook);
  return g_test_run ();
}
