/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/console-watch.h"

#include "fakes.h"

#include <string.h>

typedef struct
{
  FakeClock *clock;
  FloeConsoleWatch *watch;
  GString *log;
} Fixture;

static void
note (Fixture *f, const gchar *what, const gchar *id)
{
  g_string_append_printf (f->log, "%s %s;", what, id);
}

static void
on_connected (FloeConsoleWatch *watch, const gchar *id, Fixture *f)
{
  note (f, "connected", id);
}

static void
on_ended (FloeConsoleWatch *watch, const gchar *id, Fixture *f)
{
  note (f, "ended", id);
}

static void
on_settled (FloeConsoleWatch *watch, const gchar *id, Fixture *f)
{
  note (f, "settled", id);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = fake_clock_new ();
  f->watch = floe_console_watch_new (FLOE_CLOCK (f->clock));
  f->log = g_string_new (NULL);
  g_signal_connect (f->watch, "connected", G_CALLBACK (on_connected), f);
  g_signal_connect (f->watch, "ended", G_CALLBACK (on_ended), f);
  g_signal_connect (f->watch, "settled", G_CALLBACK (on_settled), f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_object_unref (f->watch);
  g_object_unref (f->clock);
  g_string_free (f->log, TRUE);
}

static void
channel (Fixture *f, FloeChannelEvent event, const gchar *peer)
{
  floe_console_watch_channel (f->watch, "d", event, peer);
}

static void
advance (Fixture *f, gdouble seconds)
{
  fake_clock_advance (f->clock, (gint64)(seconds * G_USEC_PER_SEC));
}

static void
test_session (Fixture *f, gconstpointer data)
{
  static const gchar *const peers[] = { "a:1", "a:2", "a:3", "a:4" };

  for (guint i = 0; i < G_N_ELEMENTS (peers); i++)
    {
      channel (f, FLOE_CHANNEL_OPENED, peers[i]);
      channel (f, FLOE_CHANNEL_AUTHENTICATED, peers[i]);
      advance (f, 0.1);
    }
  g_assert_cmpstr (f->log->str, ==, "connected d;");
  advance (f, 6);
  g_assert_cmpstr (f->log->str, ==, "connected d;settled d;");
  for (guint i = 0; i < G_N_ELEMENTS (peers); i++)
    channel (f, FLOE_CHANNEL_CLOSED, peers[i]);
  advance (f, 1.9);
  g_assert_cmpstr (f->log->str, ==, "connected d;settled d;");
  advance (f, 0.2);
  g_assert_cmpstr (f->log->str, ==, "connected d;settled d;ended d;");
}

/* spice-gtk's first, plain connection is bounced and looks like an end. */
static void
test_bounce (Fixture *f, gconstpointer data)
{
  channel (f, FLOE_CHANNEL_AUTHENTICATED, "a:1");
  channel (f, FLOE_CHANNEL_CLOSED, "a:1");
  advance (f, 1.5);
  channel (f, FLOE_CHANNEL_AUTHENTICATED, "a:2");
  advance (f, 30);
  g_assert_cmpstr (f->log->str, ==, "connected d;settled d;");
}

static void
test_wrong_ticket (Fixture *f, gconstpointer data)
{
  channel (f, FLOE_CHANNEL_OPENED, "a:1");
  channel (f, FLOE_CHANNEL_CLOSED, "a:1");
  advance (f, 30);
  g_assert_cmpstr (f->log->str, ==, "");
}

static void
test_take_over (Fixture *f, gconstpointer data)
{
  channel (f, FLOE_CHANNEL_AUTHENTICATED, "a:1");
  channel (f, FLOE_CHANNEL_OPENED, "b:1");
  channel (f, FLOE_CHANNEL_CLOSED, "a:1");
  channel (f, FLOE_CHANNEL_AUTHENTICATED, "b:1");
  advance (f, 4);
  g_assert_cmpstr (f->log->str, ==, "connected d;");
}

/* Peers over a Unix socket have no address: several channels share one string. */
static void
test_shared_peer (Fixture *f, gconstpointer data)
{
  channel (f, FLOE_CHANNEL_AUTHENTICATED, "local");
  channel (f, FLOE_CHANNEL_AUTHENTICATED, "local");
  channel (f, FLOE_CHANNEL_CLOSED, "local");
  advance (f, 3);
  g_assert_cmpstr (f->log->str, ==, "connected d;");
  channel (f, FLOE_CHANNEL_CLOSED, "local");
  advance (f, 3);
  g_assert_true (g_str_has_suffix (f->log->str, "ended d;"));
}

static void
test_listed (Fixture *f, gconstpointer data)
{
  static const gchar *const some[] = { "a:7", NULL };
  static const gchar *const none[] = { NULL };

  channel (f, FLOE_CHANNEL_AUTHENTICATED, "a:1");
  floe_console_watch_list (f->watch, "d", some);
  advance (f, 3);
  g_assert_cmpstr (f->log->str, ==, "connected d;connected d;"); /* the store may doubt it */
  floe_console_watch_list (f->watch, "d", none);
  floe_console_watch_list (f->watch, "e", none); /* the store may believe otherwise */
  advance (f, 3);
  g_assert_nonnull (strstr (f->log->str, "ended d;"));
  g_assert_nonnull (strstr (f->log->str, "ended e;"));
}

/* Somebody comes just after a host was asked, before the end of what was there is told. */
static void
test_listed_early (Fixture *f, gconstpointer data)
{
  static const gchar *const none[] = { NULL };

  floe_console_watch_list (f->watch, "d", none);
  advance (f, 1);
  channel (f, FLOE_CHANNEL_AUTHENTICATED, "a:1");
  advance (f, 3);
  g_assert_cmpstr (f->log->str, ==, "connected d;");
}

static void
test_hold (Fixture *f, gconstpointer data)
{
  channel (f, FLOE_CHANNEL_AUTHENTICATED, "a:1");
  advance (f, 4);
  floe_console_watch_hold (f->watch, "d");
  advance (f, 20);
  g_assert_cmpstr (f->log->str, ==, "connected d;");
  channel (f, FLOE_CHANNEL_AUTHENTICATED, "b:1");
  advance (f, 6);
  g_assert_cmpstr (f->log->str, ==, "connected d;settled d;");
}

static void
test_forget (Fixture *f, gconstpointer data)
{
  channel (f, FLOE_CHANNEL_AUTHENTICATED, "a:1");
  floe_console_watch_forget (f->watch, "d");
  advance (f, 30);
  g_assert_cmpstr (f->log->str, ==, "connected d;");
}

/* A ticket that is set after "settled" was told is not done with. */
static void
test_settled (Fixture *f, gconstpointer data)
{
  channel (f, FLOE_CHANNEL_AUTHENTICATED, "a:1");
  g_assert_false (floe_console_watch_is_settled (f->watch, "d"));
  advance (f, 6);
  g_assert_true (floe_console_watch_is_settled (f->watch, "d"));
  floe_console_watch_hold (f->watch, "d");
  g_assert_false (floe_console_watch_is_settled (f->watch, "d"));
  channel (f, FLOE_CHANNEL_AUTHENTICATED, "b:1");
  advance (f, 6);
  g_assert_true (floe_console_watch_is_settled (f->watch, "d"));
}

/* Hosts run domains that are nobody's desktop, and ever new ones. */
static void
test_growth (Fixture *f, gconstpointer data)
{
  static const gchar *const none[] = { NULL };

  channel (f, FLOE_CHANNEL_OPENED, "a:1");
  channel (f, FLOE_CHANNEL_CLOSED, "a:1");
  g_assert_cmpuint (floe_console_watch_get_size (f->watch), ==, 0);
  channel (f, FLOE_CHANNEL_AUTHENTICATED, "a:1");
  g_assert_true (floe_console_watch_is_connected (f->watch, "d"));
  channel (f, FLOE_CHANNEL_CLOSED, "a:1");
  g_assert_false (floe_console_watch_is_connected (f->watch, "d"));
  floe_console_watch_list (f->watch, "e", none);
  advance (f, 3);
  g_assert_cmpuint (floe_console_watch_get_size (f->watch), ==, 0);
}

#define ADD(name, func) g_test_add ("/console-watch/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("session", test_session);
  ADD ("bounce", test_bounce);
  ADD ("wrong-ticket", test_wrong_ticket);
  ADD ("take-over", test_take_over);
  ADD ("shared-peer", test_shared_peer);
  ADD ("listed", test_listed);
  ADD ("listed-early", test_listed_early);
  ADD ("hold", test_hold);
  ADD ("forget", test_forget);
  ADD ("settled", test_settled);
  ADD ("growth", test_growth);
  return g_test_run ();
}
