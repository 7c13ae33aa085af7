/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "ui-flow-fixture.h"

/* A new password. */

static void
type_new (FlowFixture *f, const gchar *first, const gchar *second)
{
  flow_type (f, "New password", first);
  flow_type (f, "New password again", second);
}

static void
ask_for_new (FlowFixture *f)
{
  fake_broker_answer_file (f->fake, LOGIN, 403, "problem-must-change.json");
  flow_log_in (f);
  flow_wait_for (f, FLOE_VIEW_PASSWORD);
}

/* From the refused log-in to the list, with the new password and without typing the old one again.
 */
static void
test_must_change (FlowFixture *f, gconstpointer data)
{
  GtkWidget *page = GTK_WIDGET (floe_window_get_password_page (f->window));

  ask_for_new (f);
  g_assert_true (flow_shows (page, "has to be changed before you can log in"));
  g_assert_false (flow_shows (page, "urrent password"));
  fake_broker_answer_file (f->fake, CHANGE, 403, "problem-password-refused.json");
  fake_broker_answer (f->fake, CHANGE, 204, NULL, "");
  fake_broker_answer_file (f->fake, LOGIN, 201, "login.json");
  fake_broker_answer_file (f->fake, POOLS, 200, "pools.json");
  type_new (f, "better", "bitter");
  flow_press (f, "Change Password");
  flow_wait_for_text (page, "are not the same");
  g_assert_cmpuint (fake_broker_n_requests (f->fake, CHANGE), ==, 0);
  type_new (f, "better", "better");
  g_assert_false (flow_shows (page, "are not the same"));
  flow_press (f, "Change Password");
  flow_wait_for_text (page, "The new password is too short.");
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (flow_named (f, "New password"))), ==, "");
  type_new (f, "better still", "better still");
  flow_press (f, "Change Password");
  flow_wait_for (f, FLOE_VIEW_POOLS);
  g_assert_cmpstr (
      fake_broker_last (f->fake, CHANGE)->body, ==,
      "{\"username\":\"hmori\",\"password\":\"secret\",\"new_password\":\"better still\"}");
  g_assert_null (fake_broker_last (f->fake, CHANGE)->token);
  g_assert_nonnull (strstr (fake_broker_last (f->fake, LOGIN)->body, "\"better still\""));
  g_assert_cmpuint (fake_broker_n_requests (f->fake, LOGIN), ==, 2);
}

/* Nothing that was typed is left behind on the way back, and the log-in begins anew. */
static void
test_must_change_back (FlowFixture *f, gconstpointer data)
{
  ask_for_new (f);
  type_new (f, "better", "better");
  flow_press (f, "Back");
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (flow_named (f, "Password"))), ==, "");
  g_assert_cmpuint (fake_broker_n_requests (f->fake, CHANGE), ==, 0);
  flow_type (f, "Password", "secret");
  flow_press (f, "Log In");
  flow_wait_for (f, FLOE_VIEW_PASSWORD);
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (flow_named (f, "New password"))), ==, "");
}

/* Somebody else has changed it meanwhile. */
static void
test_must_change_wrong (FlowFixture *f, gconstpointer data)
{
  ask_for_new (f);
  fake_broker_answer_file (f->fake, CHANGE, 401, "problem-wrong-credentials.json");
  type_new (f, "better", "better");
  flow_press (f, "Change Password");
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  g_assert_true (
      flow_shows (GTK_WIDGET (floe_window_get_login_page (f->window)), "password is wrong"));
}

static void
test_change_cancelled (FlowFixture *f, gconstpointer data)
{
  ask_for_new (f);
  fake_broker_hang (f->fake, CHANGE);
  type_new (f, "better", "better");
  flow_press (f, "Change Password");
  flow_wait_until_sensitive (f, "New password", FALSE);
  flow_press (f, "Cancel");
  flow_wait_until_sensitive (f, "New password", TRUE);
  g_assert_true (flow_shows (GTK_WIDGET (floe_window_get_password_page (f->window)), "may yet be"));
}

static void
test_change_escaped (FlowFixture *f, gconstpointer data)
{
  ask_for_new (f);
  fake_broker_hang (f->fake, CHANGE);
  type_new (f, "better", "better");
  flow_press (f, "Change Password");
  flow_wait_until_sensitive (f, "New password", FALSE);
  flow_key (f, GDK_KEY_Escape);
  g_assert_true (gtk_widget_is_focus (flow_named (f, "New password")));
}

static void
log_in_warned (FlowFixture *f, gint64 left)
{
  g_autofree gchar *login = fake_file ("login-warned.json");
  g_autoptr (GString) text = g_string_new (login);
  g_autoptr (GDateTime) at =
      g_date_time_new_from_unix_utc (g_get_real_time () / G_USEC_PER_SEC + left);
  g_autofree gchar *when = g_date_time_format (at, "%FT%TZ");

  g_assert_cmpuint (g_string_replace (text, "2026-11-26T09:30:00Z", when, 0), ==, 1);
  fake_broker_answer (f->fake, LOGIN, 201, "application/json", text->str);
  fake_broker_answer_file (f->fake, POOLS, 200, "pools.json");
  flow_log_in (f);
  flow_wait_for (f, FLOE_VIEW_POOLS);
}

/* Whoever is warned can change it on the spot, and stays logged in. */
static void
test_warned (FlowFixture *f, gconstpointer data)
{
  GtkWidget *pools = GTK_WIDGET (floe_window_get_pools_page (f->window));
  GtkWidget *page = GTK_WIDGET (floe_window_get_password_page (f->window));

  log_in_warned (f, 3 * 86400 + 60);
  g_assert_true (flow_shows (pools, "Your password expires in 3 days."));
  flow_press (f, "Change It Now");
  flow_wait_for (f, FLOE_VIEW_PASSWORD);
  fake_broker_answer_file (f->fake, CHANGE, 401, "problem-wrong-credentials.json");
  fake_broker_answer (f->fake, CHANGE, 204, NULL, "");
  flow_type (f, "Current password", "guess");
  type_new (f, "better", "better");
  flow_press (f, "Change Password");
  flow_wait_for_text (page, "The current password is wrong.");
  flow_type (f, "Current password", "secret");
  type_new (f, "better", "better");
  flow_press (f, "Change Password");
  flow_wait_for (f, FLOE_VIEW_POOLS);
  g_assert_cmpstr (fake_broker_last (f->fake, CHANGE)->body, ==,
                   "{\"username\":\"hmori\",\"password\":\"secret\",\"new_password\":\"better\"}");
  g_assert_false (flow_shows (pools, "Your password expires"));
  g_assert_cmpuint (fake_broker_n_requests (f->fake, LOGIN), ==, 1);
}

static void
test_warned_back (FlowFixture *f, gconstpointer data)
{
  GtkWidget *pools = GTK_WIDGET (floe_window_get_pools_page (f->window));

  log_in_warned (f, -5);
  g_assert_true (flow_shows (pools, "Your password has expired."));
  g_action_group_activate_action (G_ACTION_GROUP (f->window), "password", NULL);
  flow_wait_for (f, FLOE_VIEW_PASSWORD);
  flow_press (f, "Back");
  flow_wait_for (f, FLOE_VIEW_POOLS);
  g_assert_true (flow_shows (pools, "Your password has expired."));
}

static void
add (const gchar *name, void (*test) (FlowFixture *f, gconstpointer data))
{
  g_autofree gchar *path = g_strconcat ("/ui-password/", name, NULL);

  g_test_add (path, FlowFixture, NULL, flow_set_up, test, flow_tear_down);
}

static void
add_all (void)
{
  add ("must-change/done", test_must_change);
  add ("must-change/back", test_must_change_back);
  add ("must-change/wrong", test_must_change_wrong);
  add ("must-change/cancelled", test_change_cancelled);
  add ("must-change/escaped", test_change_escaped);
  add ("warned/changed", test_warned);
  add ("warned/back", test_warned_back);
}

int
main (int argc, char **argv)
{
  return flow_run (argc, argv, add_all);
}
