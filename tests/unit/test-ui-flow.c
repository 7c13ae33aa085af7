/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "api/announcements.h"
#include "ui-flow-fixture.h"

static void
test_list (FlowFixture *f, gconstpointer data)
{
  const FakeRequest *request;

  flow_log_in_to_list (f);
  request = fake_broker_last (f->fake, LOGIN);
  g_assert_nonnull (strstr (request->body, "\"hmori\""));
  g_assert_true (
      flow_shows (GTK_WIDGET (floe_window_get_pools_page (f->window)), "Mori Haruka 森 遥"));
  g_assert_nonnull (flow_named (f, "office"));
  g_assert_nonnull (flow_named (f, "design"));
  g_assert_cmpstr (
      atk_object_get_description (gtk_widget_get_accessible (flow_named (f, "office"))), ==,
      "Running. Desktops of the office. Nothing is kept after you log out. Clipboard: from the "
      "desktop only (not enforced)\302\240\302\267 No files dropped in\302\240\302\267 Shared "
      "folder: read only (not enforced)\302\240\302\267 USB devices: some "
      "kinds only\302\240\302\267 No microphone (not enforced)\302\240\302\267 No smartcards");
  g_assert_cmpstr (
      atk_object_get_description (gtk_widget_get_accessible (flow_named (f, "design"))), ==,
      "Closed for now. Closed until the new image is in, about noon");
  g_assert_true (flow_shows (GTK_WIDGET (floe_window_get_pools_page (f->window)), "about noon"));
}

/* Nobody who presses Return waits for a button that is seen to be pressed. */
static void
test_return (FlowFixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, LOGIN, 201, "login.json");
  fake_broker_answer_file (f->fake, POOLS, 200, "pools.json");
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  flow_type (f, "User name", "hmori");
  flow_press (f, "Password");
  g_assert_true (gtk_widget_is_sensitive (flow_named (f, "Password"))); /* nothing to log in with */
  flow_type (f, "Password", "secret");
  flow_press (f, "Password");
  g_assert_false (gtk_widget_is_sensitive (flow_named (f, "Password"))); /* at once */
  flow_wait_for (f, FLOE_VIEW_POOLS);
}

/* Texts are shown as they are; what was said before and is said no more is gone. */
static void
test_announcements (FlowFixture *f, gconstpointer data)
{
  FloePageLogin *page = floe_window_get_login_page (f->window);
  g_autofree gchar *text = fake_file ("announcements.json");
  g_autoptr (JsonNode) answer = json_from_string (text, NULL);
  g_autoptr (JsonNode) odd = json_from_string (
      "{\"announcements\":[7,{\"text\":\"\"},{\"text\":\"<b>&\",\"severity\":\"new\"}]}", NULL);
  g_autoptr (GPtrArray) list = floe_announcements_read (answer);
  g_autoptr (GPtrArray) strange = floe_announcements_read (odd);
  g_autoptr (GPtrArray) none = floe_announcements_read (NULL);

  g_assert_cmpuint (list->len, ==, 1);
  floe_page_login_set_announcements (page, list);
  g_assert_true (flow_shows (GTK_WIDGET (page), "Please save your work by 22:00."));
  g_assert_cmpuint (strange->len, ==, 1);
  g_assert_cmpint (((FloeAnnouncement *)strange->pdata[0])->severity, ==, FLOE_SEVERITY_WARNING);
  floe_page_login_set_announcements (page, strange);
  g_assert_true (flow_shows (GTK_WIDGET (page), "<b>&"));
  g_assert_false (flow_shows (GTK_WIDGET (page), "22:00"));
  floe_page_login_set_announcements (page, none);
  g_assert_false (flow_shows (GTK_WIDGET (page), "<b>&"));
}

/* A link from the web gets no log-in of another server by itself, and no page that asks for one. */
static void
test_foreign_link (FlowFixture *f, gconstpointer data)
{
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  floe_flow_open_link (f->flow, "floe://other.example/pool/office");
  g_assert_true (flow_shows (GTK_WIDGET (f->window), "Go to another server?"));
  g_assert_true (flow_shows (GTK_WIDGET (f->window), "other.example"));
  flow_press (f, "Stay");
  g_assert_cmpint (floe_window_get_view (f->window), ==, FLOE_VIEW_LOGIN);
  g_assert_false (
      flow_shows (GTK_WIDGET (floe_window_get_login_page (f->window)), "other.example"));
  flow_log_in_to_list (f); /* where one was before */
  floe_flow_open_link (f->flow, "floe://anna@other.example/");
  g_assert_true (flow_shows (GTK_WIDGET (f->window), "This link leads nowhere"));
}

/* Whoever has a desktop in it is told that it is still theirs; without a message, what closed
 * means. */
static void
test_closed (FlowFixture *f, gconstpointer data)
{
  g_autofree gchar *login = fake_file ("login.json");
  g_autoptr (GString) text = g_string_new (login);
  GtkWidget *page = GTK_WIDGET (floe_window_get_pools_page (f->window));

  g_string_replace (text, "\"Closed until the new image is in, about noon\"", "null", 0);
  g_string_replace (text, "\"closed\": false", "\"closed\": true", 0);
  fake_broker_answer (f->fake, LOGIN, 201, "application/json", text->str);
  fake_broker_answer_file (f->fake, POOLS, 200, "pools.json");
  flow_log_in (f);
  flow_wait_for (f, FLOE_VIEW_POOLS);
  flow_wait_for_text (floe_window_get_pools_page (f->window), "you can still use your desktop");
  g_assert_true (flow_shows (page, "Nobody gets a desktop here for now"));
  g_assert_true (flow_shows (page, "Running"));
}

static void
refresh (FlowFixture *f)
{
  g_action_group_activate_action (G_ACTION_GROUP (f->window), "refresh", NULL);
}

static void
open_row (FlowFixture *f, const gchar *row, const gchar *body)
{
  guint before = fake_broker_n_requests (f->fake, CONNECT);

  flow_press (f, row);
  while (fake_broker_n_requests (f->fake, CONNECT) == before)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (fake_broker_last (f->fake, CONNECT)->body, ==, body);
  flow_wait_for (f, FLOE_VIEW_MESSAGE);
}

/* Each desktop of a pool is a line of its own, and so is one more. */
static void
test_several (FlowFixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, LOGIN, 201, "login.json");
  fake_broker_answer_file (f->fake, POOLS, 200, "pools-several.json");
  fake_broker_answer_file (f->fake, CONNECT, 409, "problem-no-desktop-free.json");
  flow_log_in (f);
  flow_wait_for (f, FLOE_VIEW_POOLS);
  refresh (f);
  flow_wait_for_text (floe_window_get_pools_page (f->window), "office-2");
  g_assert_nonnull (flow_named (f, "design"));
  open_row (f, "office-2", "{\"desktop\":\"5c2d8e17-93fb-4b6a-a0c4-6f7e8d9c0b1a\"}");
  flow_press (f, "Try Again");
  while (fake_broker_n_requests (f->fake, CONNECT) < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (fake_broker_last (f->fake, CONNECT)->body, ==,
                   "{\"desktop\":\"5c2d8e17-93fb-4b6a-a0c4-6f7e8d9c0b1a\"}");
}

static void
test_another (FlowFixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, LOGIN, 201, "login.json");
  fake_broker_answer_file (f->fake, POOLS, 200, "pools-several.json");
  fake_broker_answer_file (f->fake, CONNECT, 409, "problem-no-desktop-free.json");
  flow_log_in (f);
  flow_wait_for (f, FLOE_VIEW_POOLS);
  refresh (f);
  flow_wait_for_text (floe_window_get_pools_page (f->window), "Another desktop");
  open_row (f, "Another desktop", "{\"another\":true}");
}

/* The list itself would be skipped: there is nothing to choose. */
static void
test_one_desktop (FlowFixture *f, gconstpointer data)
{
  g_autofree gchar *login = fake_file ("login.json");
  gchar *second = strstr (login, "{\n      \"name\": \"design\"");

  g_assert_nonnull (second);
  *second = '\0';
  *strrchr (login, ',') = ' ';
  second = g_strconcat (login, "]}", NULL);
  fake_broker_answer (f->fake, LOGIN, 201, "application/json", second);
  g_free (second);
  fake_broker_answer_file (f->fake, CONNECT, 409, "problem-no-desktop-free.json");
  flow_log_in (f);
  flow_wait_for (f, FLOE_VIEW_MESSAGE);
  g_assert_true (
      flow_shows (GTK_WIDGET (floe_window_get_message_page (f->window)), "No desktop is free"));
  flow_press (f, "Try Again");
  while (fake_broker_n_requests (f->fake, CONNECT) < 2)
    g_main_context_iteration (NULL, TRUE);
}

/* The way to the broker is looked for while a password is typed, and once. */
static void
test_begun (FlowFixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, HEALTH, 200, "health.json");
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  flow_type (f, "User name", "hmori");
  g_assert_cmpuint (fake_broker_n_requests (f->fake, HEALTH), ==, 0);
  flow_type (f, "Password", "s");
  flow_type (f, "Password", "se");
  while (fake_broker_n_requests (f->fake, HEALTH) == 0)
    g_main_context_iteration (NULL, TRUE);
  flow_log_in_to_list (f);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, HEALTH), ==, 1);
}

static void
test_wrong_password (FlowFixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, LOGIN, 401, "problem-wrong-credentials.json");
  flow_log_in (f);
  flow_wait_for_text (floe_window_get_login_page (f->window),
                      "The user name or the password is wrong.");
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (flow_named (f, "User name"))), ==, "hmori");
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (flow_named (f, "Password"))), ==, "");
  flow_type (f, "Password", "x");
  g_assert_false (flow_shows (GTK_WIDGET (floe_window_get_login_page (f->window)), "wrong."));
}

/* What was typed is still there when the directory is back. */
static void
test_directory_down (FlowFixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, LOGIN, 503, "problem-directory-down.json");
  flow_log_in (f);
  flow_wait_for_text (floe_window_get_login_page (f->window), "directory");
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (flow_named (f, "Password"))), ==, "secret");
}

static void
test_cancelled (FlowFixture *f, gconstpointer data)
{
  fake_broker_hang (f->fake, LOGIN);
  flow_log_in (f);
  flow_wait_until_sensitive (f, "Password", FALSE);
  flow_press (f, "Cancel");
  flow_wait_until_sensitive (f, "Password", TRUE);
  g_assert_cmpint (floe_window_get_view (f->window), ==, FLOE_VIEW_LOGIN);
}

/* Without the mouse, though the field that was typed in sleeps by then; then typing goes on. */
static void
test_escaped (FlowFixture *f, gconstpointer data)
{
  fake_broker_hang (f->fake, LOGIN);
  flow_log_in (f);
  flow_wait_until_sensitive (f, "Password", FALSE);
  flow_key (f, GDK_KEY_Escape);
  g_assert_true (gtk_widget_is_sensitive (flow_named (f, "Password")));
  g_assert_true (gtk_widget_is_focus (flow_named (f, "Password")));
}

static void
test_not_a_broker (FlowFixture *f, gconstpointer data)
{
  fake_broker_answer (f->fake, LOGIN, 200, "text/html", "<html>It works!</html>");
  flow_log_in (f);
  flow_wait_for (f, FLOE_VIEW_MESSAGE);
  g_assert_true (flow_shows (GTK_WIDGET (floe_window_get_message_page (f->window)),
                             "There is no Floe server at this address"));
  flow_press (f, "Choose Another Server");
  flow_wait_for (f, FLOE_VIEW_SERVER);
}

static void
test_bad_address (FlowFixture *f, gconstpointer data)
{
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  flow_press (f, "Use Another Server");
  flow_wait_for (f, FLOE_VIEW_SERVER);
  flow_type (f, "Server address", "http://desktops.example.org");
  flow_press (f, "Continue");
  flow_wait_for_text (floe_window_get_server_page (f->window), "https://");
  g_assert_cmpint (floe_window_get_view (f->window), ==, FLOE_VIEW_SERVER);
  flow_type (f, "Server address", "desktops.example.org");
  flow_press (f, "Continue");
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  g_assert_true (
      flow_shows (GTK_WIDGET (floe_window_get_login_page (f->window)), "desktops.example.org"));
}

static void
test_log_out (FlowFixture *f, gconstpointer data)
{
  flow_log_in_to_list (f);
  fake_broker_answer (f->fake, LOGOUT, 204, NULL, "");
  g_action_group_activate_action (G_ACTION_GROUP (f->window), "log-out", NULL);
  flow_wait_for_text (f->window, "office-1” will be reset");
  flow_press (f, "Stay");
  while (flow_shows (GTK_WIDGET (f->window), "Log out?"))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (floe_window_get_view (f->window), ==, FLOE_VIEW_POOLS);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, LOGOUT), ==, 0);
  g_action_group_activate_action (G_ACTION_GROUP (f->window), "log-out", NULL);
  flow_press (f, "Log Out");
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, LOGOUT), ==, 1);
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (flow_named (f, "User name"))), ==, "hmori");
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (flow_named (f, "Password"))), ==, "");
}

static void
test_log_in_runs_out (FlowFixture *f, gconstpointer data)
{
  flow_log_in_to_list (f);
  fake_broker_answer_file (f->fake, CONNECT, 401, "problem-expired-token.json");
  flow_press (f, "office");
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  g_assert_true (flow_shows (GTK_WIDGET (floe_window_get_login_page (f->window)), "run out"));
}

/* Everything that takes the keyboard's focus says what it is, on every page. */
static void
check_names (GtkWidget *widget, gpointer data)
{
  if ((GTK_IS_BUTTON (widget) || GTK_IS_ENTRY (widget)) && gtk_widget_get_can_focus (widget))
    {
      const gchar *name = atk_object_get_name (gtk_widget_get_accessible (widget));

      if (name == NULL || *name == '\0')
        g_error ("the %s %s has no accessible name", G_OBJECT_TYPE_NAME (widget),
                 gtk_buildable_get_name (GTK_BUILDABLE (widget)));
    }
  if (GTK_IS_CONTAINER (widget) && !GTK_IS_FILE_CHOOSER_BUTTON (widget)
      && !GTK_IS_HEADER_BAR (widget))
    gtk_container_foreach (GTK_CONTAINER (widget), check_names, data);
}

static void
test_names (FlowFixture *f, gconstpointer data)
{
  flow_log_in_to_list (f);
  check_names (GTK_WIDGET (f->window), NULL);
  g_assert_nonnull (flow_find_named (GTK_WIDGET (f->window), "Menu"));
}

static void
add (const gchar *name, void (*test) (FlowFixture *f, gconstpointer data))
{
  g_autofree gchar *path = g_strconcat ("/ui-flow/", name, NULL);

  g_test_add (path, FlowFixture, NULL, flow_set_up, test, flow_tear_down);
}

static void
add_all (void)
{
  add ("list", test_list);
  add ("return", test_return);
  add ("announcements", test_announcements);
  add ("foreign-link", test_foreign_link);
  add ("list/closed", test_closed);
  add ("one-desktop", test_one_desktop);
  add ("several", test_several);
  add ("another", test_another);
  add ("begun", test_begun);
  add ("wrong-password", test_wrong_password);
  add ("directory-down", test_directory_down);
  add ("cancelled", test_cancelled);
  add ("escaped", test_escaped);
  add ("not-a-broker", test_not_a_broker);
  add ("bad-address", test_bad_address);
  add ("log-out", test_log_out);
  add ("log-in-runs-out", test_log_in_runs_out);
  add ("names", test_names);
}

int
main (int argc, char **argv)
{
  return flow_run (argc, argv, add_all);
}
