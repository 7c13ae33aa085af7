/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "ui-flow-fixture.h"

/* A machine that has a terminal's key. */

#define TERMINAL "GET /api/v1/terminal"
#define ALONE    "POST /api/v1/terminal/login"

static void
wait_for_requests (FlowFixture *f, const gchar *route, guint n)
{
  while (fake_broker_n_requests (f->fake, route) < n)
    g_main_context_iteration (NULL, TRUE);
}

/* Nobody types anything; and after a log-out it begins anew, for whoever comes next. */
static void
test_public (FlowFixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, TERMINAL, 200, "terminal.json");
  fake_broker_answer_file (f->fake, ALONE, 201, "login.json");
  fake_broker_answer_file (f->fake, POOLS, 200, "pools.json");
  fake_broker_answer (f->fake, LOGOUT, 204, NULL, NULL);
  flow_wait_for (f, FLOE_VIEW_POOLS);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, LOGIN), ==, 0);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, ALONE), ==, 1);
  g_assert_nonnull (flow_named (f, "office"));
  g_action_group_activate_action (G_ACTION_GROUP (f->window), "log-out", NULL);
  flow_press (f, "Log Out");
  wait_for_requests (f, ALONE, 2);
  flow_wait_for (f, FLOE_VIEW_POOLS);
}

/* One for people stays at the log-in, and asks for none by itself. */
static void
test_for_people (FlowFixture *f, gconstpointer data)
{
  g_autofree gchar *terminal = fake_file ("terminal.json");
  g_autoptr (GString) text = g_string_new (terminal);

  g_string_replace (text, "\"public\": true", "\"public\": false", 0);
  fake_broker_answer (f->fake, TERMINAL, 200, "application/json", text->str);
  wait_for_requests (f, TERMINAL, 1);
  flow_log_in_to_list (f);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, ALONE), ==, 0);
}

static void
test_unknown (FlowFixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, TERMINAL, 404, "problem-unknown-terminal.json");
  wait_for_requests (f, TERMINAL, 1);
  flow_log_in_to_list (f);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, ALONE), ==, 0);
}

/* The broker is busy at first: nobody is there to try again. */
static void
test_again (FlowFixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, TERMINAL, 503, "problem-busy.json");
  wait_for_requests (f, TERMINAL, 1);
  fake_broker_answer_file (f->fake, TERMINAL, 200, "terminal.json");
  fake_broker_answer_file (f->fake, ALONE, 201, "login.json");
  fake_broker_answer_file (f->fake, POOLS, 200, "pools.json");
  flow_wait_for (f, FLOE_VIEW_POOLS);
}

/* Without a key nobody asks. */
static void
test_no_key (FlowFixture *f, gconstpointer data)
{
  flow_log_in_to_list (f);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, TERMINAL), ==, 0);
}

static void
add (const gchar *name, gboolean key, void (*test) (FlowFixture *, gconstpointer))
{
  g_autofree gchar *path = g_strconcat ("/ui/terminal/", name, NULL);

  g_test_add (path, FlowFixture, GINT_TO_POINTER (key ? FLOW_HAS_KEY : 0), flow_set_up, test,
              flow_tear_down);
}

static void
add_all (void)
{
  add ("public", TRUE, test_public);
  add ("for-people", TRUE, test_for_people);
  add ("unknown", TRUE, test_unknown);
  add ("again", TRUE, test_again);
  add ("no-key", FALSE, test_no_key);
}

int
main (int argc, char **argv)
{
  return flow_run (argc, argv, add_all);
}
