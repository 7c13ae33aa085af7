/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui-flow-fixture.h"

static GtkWidget *
login_page (FlowFixture *f)
{
  return GTK_WIDGET (floe_window_get_login_page (f->window));
}

/* The command line named another one, which an administrator's word outweighs. */
static void
test_one_server (FlowFixture *f, gconstpointer data)
{
  g_assert_cmpint (floe_window_get_view (f->window), ==, FLOE_VIEW_LOGIN);
  g_assert_null (flow_find_named (login_page (f), "Use Another Server"));
  flow_log_in_to_list (f);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, LOGIN), ==, 1);
}

/* While it is checked, the same button cancels. */
static void
test_one_server_cancel (FlowFixture *f, gconstpointer data)
{
  fake_broker_hang (f->fake, LOGIN);
  flow_log_in (f);
  flow_wait_until_sensitive (f, "Password", FALSE);
  flow_press (f, "Cancel");
  flow_wait_until_sensitive (f, "Password", TRUE);
  g_assert_null (flow_find_named (login_page (f), "Use Another Server"));
}

/* Where it fails, nothing leads to another server either. */
static void
test_one_server_fails (FlowFixture *f, gconstpointer data)
{
  fake_broker_answer (f->fake, LOGIN, 200, "text/html", "<html></html>");
  flow_log_in (f);
  flow_wait_for (f, FLOE_VIEW_MESSAGE);
  g_assert_false (
      flow_shows (GTK_WIDGET (floe_window_get_message_page (f->window)), "Another Server"));
  flow_press (f, "Try Again");
  flow_wait_for (f, FLOE_VIEW_LOGIN);
}

static void
test_remembers_user (FlowFixture *f, gconstpointer data)
{
  g_autoptr (FloeServer) known = NULL;

  flow_log_in_to_list (f);
  known = floe_servers_lookup (f->servers, f->url);
  g_assert_cmpstr (known->user, ==, "hmori");
}

static void
test_forgets_user (FlowFixture *f, gconstpointer data)
{
  g_autoptr (FloeServer) known = NULL;

  g_settings_set_boolean (f->settings, FLOE_SETTING_REMEMBER_USER, FALSE);
  flow_log_in_to_list (f);
  known = floe_servers_lookup (f->servers, f->url);
  g_assert_nonnull (known);
  g_assert_null (known->user);
}

static void
add (const gchar *name, FlowMachine machine, void (*test) (FlowFixture *f, gconstpointer data))
{
  g_autofree gchar *path = g_strconcat ("/ui-settings/", name, NULL);

  g_test_add (path, FlowFixture, GINT_TO_POINTER (machine), flow_set_up, test, flow_tear_down);
}

static void
add_all (void)
{
  add ("one-server", FLOW_ONE_SERVER, test_one_server);
  add ("one-server/cancel", FLOW_ONE_SERVER, test_one_server_cancel);
  add ("one-server/fails", FLOW_ONE_SERVER, test_one_server_fails);
  add ("remembers-user", 0, test_remembers_user);
  add ("forgets-user", 0, test_forgets_user);
}

int
main (int argc, char **argv)
{
  return flow_run (argc, argv, add_all);
}
