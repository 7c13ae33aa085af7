/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui-flow-fixture.h"

/* A terminal comes back to the log-in by itself, and keeps nothing of whoever was there. */

#define NAME "User name"

static const gchar *
typed (FlowFixture *f, const gchar *name)
{
  return gtk_entry_get_text (GTK_ENTRY (flow_named (f, name)));
}

static GtkWidget *
page_of_message (FlowFixture *f)
{
  return GTK_WIDGET (floe_window_get_message_page (f->window));
}

static void
wait_ms (guint ms)
{
  gint64 until = g_get_monotonic_time () + ms * (gint64)1000;
  guint wake = g_timeout_add (50, G_SOURCE_FUNC (gtk_true), NULL);

  while (g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (wake);
}

static gchar *
on_clipboard (GdkAtom selection)
{
  return gtk_clipboard_wait_for_text (gtk_clipboard_get (selection));
}

static void
assert_nothing_is_left (FlowFixture *f)
{
  g_autofree gchar *clipboard = on_clipboard (GDK_SELECTION_CLIPBOARD);
  g_autofree gchar *primary = on_clipboard (GDK_SELECTION_PRIMARY);
  g_autofree gchar *path = g_build_filename (f->dir, "servers.ini", NULL);
  g_autoptr (GPtrArray) servers = floe_servers_list (f->servers);

  g_assert_cmpstr (typed (f, NAME), ==, "");
  g_assert_cmpstr (typed (f, "Password"), ==, "");
  g_assert_null (flow_find_named (GTK_WIDGET (floe_window_get_pools_page (f->window)), "office"));
  g_assert_false (flow_shows (GTK_WIDGET (floe_window_get_pools_page (f->window)), "Mori"));
  g_assert_null (clipboard);
  g_assert_null (primary);
  g_assert_cmpuint (servers->len, ==, 0);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
copy_something (void)
{
  gtk_clipboard_set_text (gtk_clipboard_get (GDK_SELECTION_CLIPBOARD), "a secret", -1);
  gtk_clipboard_set_text (gtk_clipboard_get (GDK_SELECTION_PRIMARY), "another", -1);
}

/* The failure is shown, and gives way; nothing is given back that somebody may still need. */
static void
test_after_failure (FlowFixture *f, gconstpointer data)
{
  flow_log_in_to_list (f);
  copy_something ();
  fake_broker_answer_file (f->fake, CONNECT, 409, "problem-no-desktop-free.json");
  flow_press (f, "office");
  flow_wait_for (f, FLOE_VIEW_MESSAGE);
  flow_wait_for_text (page_of_message (f), "Back to the log-in in");
  g_assert_true (flow_shows (page_of_message (f), "No desktop is free"));
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, LOGOUT), ==, 0);
  assert_nothing_is_left (f);
}

/* Whoever reads it is left in peace. */
static void
test_message_stays (FlowFixture *f, gconstpointer data)
{
  flow_log_in_to_list (f);
  fake_broker_answer_file (f->fake, CONNECT, 409, "problem-no-desktop-free.json");
  flow_press (f, "office");
  flow_wait_for (f, FLOE_VIEW_MESSAGE);
  for (guint i = 0; i < 4; i++)
    {
      wait_ms (600);
      g_signal_emit_by_name (f->guard, "input");
      g_assert_cmpint (floe_window_get_view (f->window), ==, FLOE_VIEW_MESSAGE);
    }
  flow_wait_for (f, FLOE_VIEW_LOGIN);
}

static void
test_idle (FlowFixture *f, gconstpointer data)
{
  fake_broker_answer (f->fake, LOGOUT, 204, NULL, NULL);
  flow_log_in_to_list (f);
  copy_something ();
  while (!flow_shows (GTK_WIDGET (f->window), "Nobody there? You are logged out in"))
    g_main_context_iteration (NULL, TRUE);
  /* somebody is */
  g_signal_emit_by_name (f->guard, "input");
  g_assert_false (flow_shows (GTK_WIDGET (f->window), "Nobody there?"));
  g_assert_cmpuint (fake_broker_n_requests (f->fake, LOGOUT), ==, 0);
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, LOGOUT), ==, 1);
  g_assert_false (flow_shows (GTK_WIDGET (f->window), "Nobody there?"));
  assert_nothing_is_left (f);
}

static void
test_never_idle (FlowFixture *f, gconstpointer data)
{
  flow_log_in_to_list (f);
  floe_flow_set_idle_seconds (f->flow, 0);
  wait_ms (4200);
  g_assert_cmpint (floe_window_get_view (f->window), ==, FLOE_VIEW_POOLS);
}

/* A server that does not take a log-out keeps nobody before somebody else's desktops. */
static void
test_log_out_fails (FlowFixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, LOGOUT, 503, "problem-busy.json");
  flow_log_in_to_list (f);
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  assert_nothing_is_left (f);
}

static void
test_half_typed (FlowFixture *f, gconstpointer data)
{
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  flow_type (f, NAME, "hmori");
  flow_type (f, "Password", "secr");
  while (*typed (f, NAME) != '\0')
    g_main_context_iteration (NULL, TRUE);
  assert_nothing_is_left (f);
}

/* The server goes away, which is told, and comes back, which needs nobody. */
static void
test_server_away (FlowFixture *f, gconstpointer data)
{
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  fake_broker_raw (f->fake, NULL);
  flow_wait_for (f, FLOE_VIEW_MESSAGE);
  flow_wait_for_text (page_of_message (f), "tried again by itself");
  wait_ms (2500); /* it does not take itself for a message that was read */
  g_assert_cmpint (floe_window_get_view (f->window), ==, FLOE_VIEW_MESSAGE);
  fake_broker_sane (f->fake);
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  g_assert_true (gtk_widget_is_focus (flow_named (f, NAME)));
}

/* Whoever is typing meanwhile is not thrown out. */
static void
test_server_away_while_typing (FlowFixture *f, gconstpointer data)
{
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  flow_type (f, NAME, "hmori");
  fake_broker_raw (f->fake, NULL);
  for (guint i = 0; i < 4; i++)
    {
      g_signal_emit_by_name (f->guard, "input");
      wait_ms (500);
    }
  g_assert_cmpint (floe_window_get_view (f->window), ==, FLOE_VIEW_LOGIN);
  g_assert_cmpstr (typed (f, NAME), ==, "hmori");
}

static void
add (const gchar *path, void (*test) (FlowFixture *f, gconstpointer data))
{
  g_test_add (path, FlowFixture, GINT_TO_POINTER (FLOW_IS_KIOSK), flow_set_up, test,
              flow_tear_down);
}

static void
add_all (void)
{
  add ("/ui/kiosk/return/failure", test_after_failure);
  add ("/ui/kiosk/return/message-stays", test_message_stays);
  add ("/ui/kiosk/return/idle", test_idle);
  add ("/ui/kiosk/return/never-idle", test_never_idle);
  add ("/ui/kiosk/return/log-out-fails", test_log_out_fails);
  add ("/ui/kiosk/return/half-typed", test_half_typed);
  add ("/ui/kiosk/return/server-away", test_server_away);
  add ("/ui/kiosk/return/server-away-while-typing", test_server_away_while_typing);
}

int
main (int argc, char **argv)
{
  return flow_run (argc, argv, add_all);
}
