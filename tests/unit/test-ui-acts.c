/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "session-fake.h"
#include "ui-flow-fixture.h"

/* What somebody does with the desktop that they see. */

#define ACTIONS "POST /api/v1/desktops/d1/actions"

static void
open_desktop (FlowFixture *f, FakeSpice *spice, const gchar *actions)
{
  g_autofree gchar *body = g_strdup_printf (
      "{\"via\":\"direct\",\"type\":\"spice\",\"host\":\"127.0.0.1\",\"port\":%u,\"tls_port\":null,"
      "\"ca\":null,\"host_subject\":null,\"secure_channels\":[],\"ticket\":\"q7Yc2LkV0sJx8TnB\","
      "\"ticket_expires_at\":\"2026-11-23T09:30:30Z\",\"desktop\":{\"id\":\"d1\",\"name\":\"o-1\"},"
      "\"pool\":\"office\",\"title\":\"o-1\",\"keeps_data\":false,"
      "\"reconnect_token\":\"flr_Zk3n8sVq1LrYt0uXwJ5hPbGdCf7EoAi2MyN4KxQvR9T\",\"actions\":[%s]}",
      fake_spice_port (spice), actions);

  g_log_set_always_fatal (G_LOG_FATAL_MASK); /* the display widget warns of what is not there */
  fake_broker_answer (f->fake, CONNECT, 200, "application/json", body);
  flow_log_in_to_list (f);
  flow_press (f, "office");
  flow_wait_for (f, FLOE_VIEW_DISPLAY);
}

static gboolean
is_offered (FlowFixture *f, const gchar *action)
{
  return g_action_group_get_action_enabled (G_ACTION_GROUP (f->window), action);
}

static void
ask (FlowFixture *f, const gchar *action, const gchar *question)
{
  g_assert_true (is_offered (f, action));
  g_action_group_activate_action (G_ACTION_GROUP (f->window), action, NULL);
  flow_wait_for_text (f->window, question);
}

static void
wait_for_body (FlowFixture *f, const gchar *body)
{
  while (fake_broker_n_requests (f->fake, ACTIONS) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (fake_broker_last (f->fake, ACTIONS)->body, ==, body);
}

/* Only what the pool allows is offered, and nothing is done before somebody said yes. */
static void
test_restart (FlowFixture *f, gconstpointer data)
{
  g_autoptr (FakeSpice) spice = fake_spice_new (FAKE_SPICE_GOOD, NULL);

  g_assert_false (is_offered (f, "restart"));
  fake_broker_answer (f->fake, ACTIONS, 204, NULL, NULL);
  open_desktop (f, spice, "\"restart\",\"fly\"");
  g_assert_false (is_offered (f, "shut-down"));
  g_assert_false (is_offered (f, "force-off"));
  g_assert_false (is_offered (f, "fresh"));
  ask (f, "restart", "Restart the desktop?");
  g_assert_true (flow_shows (GTK_WIDGET (f->window), "what is saved on it may be lost, too"));
  flow_press (f, "Not Now");
  while (flow_shows (GTK_WIDGET (f->window), "Restart the desktop?"))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, ACTIONS), ==, 0);
  ask (f, "restart", "Restart the desktop?");
  flow_press (f, "Restart");
  wait_for_body (f, "{\"action\":\"restart\"}");
  g_action_group_activate_action (G_ACTION_GROUP (f->window), "disconnect", NULL);
  flow_wait_for (f, FLOE_VIEW_POOLS);
  g_assert_false (is_offered (f, "restart"));
}

/* Who is refused is told, and goes on with what they have. */
static void
test_refused (FlowFixture *f, gconstpointer data)
{
  g_autoptr (FakeSpice) spice = fake_spice_new (FAKE_SPICE_GOOD, NULL);

  fake_broker_answer_file (f->fake, ACTIONS, 409, "problem-no-desktop-free.json");
  open_desktop (f, spice, "\"fresh\"");
  ask (f, "fresh", "Give this desktop back for a fresh one?");
  flow_press (f, "Get a Fresh One");
  wait_for_body (f, "{\"action\":\"fresh\"}");
  flow_wait_for_text (floe_window_get_display_page (f->window), "No desktop is free");
  g_assert_cmpint (floe_window_get_view (f->window), ==, FLOE_VIEW_DISPLAY);
}

/* A question about the desktop is not one about the log-in. */
static void
test_two_questions (FlowFixture *f, gconstpointer data)
{
  g_autoptr (FakeSpice) spice = fake_spice_new (FAKE_SPICE_GOOD, NULL);

  fake_broker_answer (f->fake, LOGOUT, 204, NULL, NULL);
  open_desktop (f, spice, "\"force-off\"");
  ask (f, "force-off", "Force the desktop off?");
  g_action_group_activate_action (G_ACTION_GROUP (f->window), "log-out", NULL);
  flow_wait_for_text (f->window, "Log out?");
  flow_press (f, "Log Out");
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, ACTIONS), ==, 0);
}

static void
add (const gchar *name, void (*test) (FlowFixture *f, gconstpointer data))
{
  g_autofree gchar *path = g_strconcat ("/ui-acts/", name, NULL);

  g_test_add (path, FlowFixture, NULL, flow_set_up, test, flow_tear_down);
}

static void
add_all (void)
{
  add ("restart", test_restart);
  add ("refused", test_refused);
  add ("two-questions", test_two_questions);
}

gint
main (gint argc, gchar **argv)
{
  return flow_run (argc, argv, add_all);
}
