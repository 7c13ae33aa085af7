/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/flow.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "client-fake.h"

#define LOGIN   "POST /api/v1/login"
#define LOGOUT  "POST /api/v1/logout"
#define POOLS   "GET /api/v1/pools"
#define EVENTS  "GET /api/v1/events"
#define CONNECT "POST /api/v1/pools/office/connect"

typedef struct
{
  gchar *dir;
  gchar *url;
  FakeBroker *fake;
  FloeServers *servers;
  FloeLogTap *tap;
  FloeWindow *window;
  FloeFlow *flow;
} Fixture;

static GtkWidget *
find_named (GtkWidget *from, const gchar *name)
{
  GtkWidget *found = NULL;
  GList *children;

  if (g_strcmp0 (atk_object_get_name (gtk_widget_get_accessible (from)), name) == 0
      && !GTK_IS_LABEL (from) && gtk_widget_get_visible (from))
    return from;
  if (!GTK_IS_CONTAINER (from))
    return NULL;
  children = gtk_container_get_children (GTK_CONTAINER (from));
  for (GList *l = children; l != NULL && found == NULL; l = l->next)
    found = find_named (l->data, name);
  g_list_free (children);
  return found;
}

static GtkWidget *
named (Fixture *f, const gchar *name)
{
  GtkWidget *stack =
      gtk_widget_get_ancestor (GTK_WIDGET (floe_window_get_login_page (f->window)), GTK_TYPE_STACK);
  GtkWidget *found = find_named (gtk_stack_get_visible_child (GTK_STACK (stack)), name);

  if (found == NULL)
    found = find_named (GTK_WIDGET (f->window), name);
  if (found == NULL)
    g_error ("no widget is named \"%s\"", name);
  return found;
}

static void
type (Fixture *f, const gchar *name, const gchar *text)
{
  gtk_entry_set_text (GTK_ENTRY (named (f, name)), text);
}

static void
press (Fixture *f, const gchar *name)
{
  GtkWidget *widget = named (f, name);

  g_assert_true (gtk_widget_is_sensitive (widget));
  while (!gtk_widget_get_mapped (widget))
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (gtk_widget_activate (widget));
}

static void
wait_for (Fixture *f, FloeView view)
{
  while (floe_window_get_view (f->window) != view)
    g_main_context_iteration (NULL, TRUE);
}

/* A button that is pressed by a key or a program clicks only after it was seen to be pressed. */
static void
wait_until_sensitive (Fixture *f, const gchar *name, gboolean sensitive)
{
  while (gtk_widget_is_sensitive (named (f, name)) != sensitive)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
shows (GtkWidget *from, const gchar *text)
{
  GList *children;
  gboolean found = FALSE;

  if (!gtk_widget_get_visible (from))
    return FALSE;
  if (GTK_IS_REVEALER (from) && !gtk_revealer_get_reveal_child (GTK_REVEALER (from)))
    return FALSE;
  if (GTK_IS_LABEL (from))
    return strstr (gtk_label_get_text (GTK_LABEL (from)), text) != NULL;
  if (!GTK_IS_CONTAINER (from))
    return FALSE;
  children = gtk_container_get_children (GTK_CONTAINER (from));
  for (GList *l = children; l != NULL && !found; l = l->next)
    found = shows (l->data, text);
  g_list_free (children);
  return found;
}

static void
wait_for_text (gpointer page, const gchar *text)
{
  while (!shows (GTK_WIDGET (page), text))
    g_main_context_iteration (NULL, TRUE);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree gchar *path = NULL;
  FloeFlowStart start = { 0 };

  f->dir = fake_dir_new ();
  path = g_build_filename (f->dir, "servers.ini", NULL);
  f->fake = fake_broker_new ();
  f->url = fake_broker_url (f->fake);
  f->servers = floe_servers_new (path);
  f->tap = floe_log_tap_new ();
  f->window = g_object_ref_sink (floe_window_new (NULL));
  f->flow = floe_flow_new (f->window, f->servers, f->tap);
  gtk_window_present (GTK_WINDOW (f->window));
  start.broker = f->url;
  floe_flow_start (f->flow, &start);
  fake_broker_stream (f->fake, EVENTS);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  gtk_widget_destroy (GTK_WIDGET (f->window));
  g_clear_object (&f->flow);
  g_clear_object (&f->window);
  floe_servers_flush (f->servers);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (f->servers);
  floe_log_tap_unref (f->tap);
  fake_broker_free (f->fake);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  fake_dir_remove (f->dir);
  g_free (f->dir);
  g_free (f->url);
}

static void
log_in (Fixture *f)
{
  wait_for (f, FLOE_VIEW_LOGIN);
  type (f, "User name", "hmori");
  type (f, "Password", "secret");
  press (f, "Log In");
}

static void
log_in_to_list (Fixture *f)
{
  fake_broker_answer_file (f->fake, LOGIN, 201, "login.json");
  fake_broker_answer_file (f->fake, POOLS, 200, "pools.json");
  log_in (f);
  wait_for (f, FLOE_VIEW_POOLS);
}

static void
test_list (Fixture *f, gconstpointer data)
{
  const FakeRequest *request;

  log_in_to_list (f);
  request = fake_broker_last (f->fake, LOGIN);
  g_assert_nonnull (strstr (request->body, "\"hmori\""));
  g_assert_true (shows (GTK_WIDGET (floe_window_get_pools_page (f->window)), "Mori Haruka 森 遥"));
  g_assert_nonnull (named (f, "office"));
  g_assert_nonnull (named (f, "design"));
  g_assert_cmpstr (atk_object_get_description (gtk_widget_get_accessible (named (f, "office"))), ==,
                   "Running. Desktops of the office. Nothing is kept after you log out");
  g_assert_cmpstr (atk_object_get_description (gtk_widget_get_accessible (named (f, "design"))), ==,
                   "Closed for now. Closed until the new image is in, about noon");
  g_assert_true (shows (GTK_WIDGET (floe_window_get_pools_page (f->window)), "about noon"));
}

/* Whoever has a desktop in it is told that it is still theirs; without a message, what closed
 * means. */
static void
test_closed (Fixture *f, gconstpointer data)
{
  g_autofree gchar *login = fake_file ("login.json");
  g_autoptr (GString) text = g_string_new (login);
  GtkWidget *page = GTK_WIDGET (floe_window_get_pools_page (f->window));

  g_string_replace (text, "\"Closed until the new image is in, about noon\"", "null", 0);
  g_string_replace (text, "\"closed\": false", "\"closed\": true", 0);
  fake_broker_answer (f->fake, LOGIN, 201, "application/json", text->str);
  fake_broker_answer_file (f->fake, POOLS, 200, "pools.json");
  log_in (f);
  wait_for (f, FLOE_VIEW_POOLS);
  wait_for_text (floe_window_get_pools_page (f->window), "you can still use your desktop");
  g_assert_true (shows (page, "Nobody gets a desktop here for now"));
  g_assert_true (shows (page, "Running"));
}

static void
refresh (Fixture *f)
{
  g_action_group_activate_action (G_ACTION_GROUP (f->window), "refresh", NULL);
}

static void
open_row (Fixture *f, const gchar *row, const gchar *body)
{
  guint before = fake_broker_n_requests (f->fake, CONNECT);

  press (f, row);
  while (fake_broker_n_requests (f->fake, CONNECT) == before)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (fake_broker_last (f->fake, CONNECT)->body, ==, body);
  wait_for (f, FLOE_VIEW_MESSAGE);
}

/* Each desktop of a pool is a line of its own, and so is one more. */
static void
test_several (Fixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, LOGIN, 201, "login.json");
  fake_broker_answer_file (f->fake, POOLS, 200, "pools-several.json");
  fake_broker_answer_file (f->fake, CONNECT, 409, "problem-no-desktop-free.json");
  log_in (f);
  wait_for (f, FLOE_VIEW_POOLS);
  refresh (f);
  wait_for_text (floe_window_get_pools_page (f->window), "office-2");
  g_assert_nonnull (named (f, "design"));
  open_row (f, "office-2", "{\"desktop\":\"5c2d8e17-93fb-4b6a-a0c4-6f7e8d9c0b1a\"}");
  press (f, "Try Again");
  while (fake_broker_n_requests (f->fake, CONNECT) < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (fake_broker_last (f->fake, CONNECT)->body, ==,
                   "{\"desktop\":\"5c2d8e17-93fb-4b6a-a0c4-6f7e8d9c0b1a\"}");
}

static void
test_another (Fixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, LOGIN, 201, "login.json");
  fake_broker_answer_file (f->fake, POOLS, 200, "pools-several.json");
  fake_broker_answer_file (f->fake, CONNECT, 409, "problem-no-desktop-free.json");
  log_in (f);
  wait_for (f, FLOE_VIEW_POOLS);
  refresh (f);
  wait_for_text (floe_window_get_pools_page (f->window), "Another desktop");
  open_row (f, "Another desktop", "{\"another\":true}");
}

/* The list itself would be skipped: there is nothing to choose. */
static void
test_one_desktop (Fixture *f, gconstpointer data)
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
  log_in (f);
  wait_for (f, FLOE_VIEW_MESSAGE);
  g_assert_true (
      shows (GTK_WIDGET (floe_window_get_message_page (f->window)), "No desktop is free"));
  press (f, "Try Again");
  while (fake_broker_n_requests (f->fake, CONNECT) < 2)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_wrong_password (Fixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, LOGIN, 401, "problem-wrong-credentials.json");
  log_in (f);
  wait_for_text (floe_window_get_login_page (f->window), "The user name or the password is wrong.");
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (named (f, "User name"))), ==, "hmori");
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (named (f, "Password"))), ==, "");
  type (f, "Password", "x");
  g_assert_false (shows (GTK_WIDGET (floe_window_get_login_page (f->window)), "wrong."));
}

/* What was typed is still there when the directory is back. */
static void
test_directory_down (Fixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, LOGIN, 503, "problem-directory-down.json");
  log_in (f);
  wait_for_text (floe_window_get_login_page (f->window), "directory");
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (named (f, "Password"))), ==, "secret");
}

static void
test_cancelled (Fixture *f, gconstpointer data)
{
  fake_broker_hang (f->fake, LOGIN);
  log_in (f);
  wait_until_sensitive (f, "Password", FALSE);
  press (f, "Cancel");
  wait_until_sensitive (f, "Password", TRUE);
  g_assert_cmpint (floe_window_get_view (f->window), ==, FLOE_VIEW_LOGIN);
}

static void
test_not_a_broker (Fixture *f, gconstpointer data)
{
  fake_broker_answer (f->fake, LOGIN, 200, "text/html", "<html>It works!</html>");
  log_in (f);
  wait_for (f, FLOE_VIEW_MESSAGE);
  g_assert_true (shows (GTK_WIDGET (floe_window_get_message_page (f->window)),
                        "There is no Floe server at this address"));
  press (f, "Choose Another Server");
  wait_for (f, FLOE_VIEW_SERVER);
}

static void
test_bad_address (Fixture *f, gconstpointer data)
{
  wait_for (f, FLOE_VIEW_LOGIN);
  press (f, "Use Another Server");
  wait_for (f, FLOE_VIEW_SERVER);
  type (f, "Server address", "http://desktops.example.org");
  press (f, "Continue");
  wait_for_text (floe_window_get_server_page (f->window), "https://");
  g_assert_cmpint (floe_window_get_view (f->window), ==, FLOE_VIEW_SERVER);
  type (f, "Server address", "desktops.example.org");
  press (f, "Continue");
  wait_for (f, FLOE_VIEW_LOGIN);
  g_assert_true (
      shows (GTK_WIDGET (floe_window_get_login_page (f->window)), "desktops.example.org"));
}

static void
test_log_out (Fixture *f, gconstpointer data)
{
  log_in_to_list (f);
  fake_broker_answer (f->fake, LOGOUT, 204, NULL, "");
  g_action_group_activate_action (G_ACTION_GROUP (f->window), "log-out", NULL);
  wait_for_text (f->window, "office-1” will be reset");
  press (f, "Stay");
  while (shows (GTK_WIDGET (f->window), "Log out?"))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (floe_window_get_view (f->window), ==, FLOE_VIEW_POOLS);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, LOGOUT), ==, 0);
  g_action_group_activate_action (G_ACTION_GROUP (f->window), "log-out", NULL);
  press (f, "Log Out");
  wait_for (f, FLOE_VIEW_LOGIN);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, LOGOUT), ==, 1);
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (named (f, "User name"))), ==, "hmori");
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (named (f, "Password"))), ==, "");
}

static void
test_log_in_runs_out (Fixture *f, gconstpointer data)
{
  log_in_to_list (f);
  fake_broker_answer_file (f->fake, CONNECT, 401, "problem-expired-token.json");
  press (f, "office");
  wait_for (f, FLOE_VIEW_LOGIN);
  g_assert_true (shows (GTK_WIDGET (floe_window_get_login_page (f->window)), "run out"));
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
test_names (Fixture *f, gconstpointer data)
{
  log_in_to_list (f);
  check_names (GTK_WIDGET (f->window), NULL);
  g_assert_nonnull (find_named (GTK_WIDGET (f->window), "Menu"));
}

static void
add (const gchar *name, void (*test) (Fixture *f, gconstpointer data))
{
  g_autofree gchar *path = g_strconcat ("/ui-flow/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

/* A screen of the test's own, on whatever number is free, which a test that aborts takes with it.
 */
static GSubprocess *
start_screen (void)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree gchar *number = NULL;
  g_autofree gchar *display = NULL;
  GSubprocess *screen;

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  screen = g_subprocess_launcher_spawn (launcher, &error, "Xvfb", "-displayfd", "1", "-screen", "0",
                                        "1024x768x24", "-nolisten", "tcp", NULL);

  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (screen));
  number = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  display = g_strconcat (":", number, NULL);
  g_setenv ("DISPLAY", display, TRUE);
  return screen;
}

static void
settle_environment (void)
{
  g_setenv ("GDK_BACKEND", "x11", TRUE);
  g_setenv ("NO_AT_BRIDGE", "1", TRUE);
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  g_setenv ("GIO_USE_VFS", "local", TRUE);
  g_setenv ("GIO_USE_VOLUME_MONITOR", "unix", TRUE);
  g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
  g_unsetenv ("GTK_MODULES");
}

#ifdef __SANITIZE_ADDRESS__
/* fontconfig has no frame pointers: only a full unwinding shows that a leak is its own. */
const char *__asan_default_options (void);

const char *
__asan_default_options (void)
{
  return "fast_unwind_on_malloc=0";
}
#endif

int
main (int argc, char **argv)
{
  g_autoptr (GSubprocess) screen = NULL;
  gint status;

  g_test_init (&argc, &argv, NULL);
  settle_environment ();
  screen = start_screen ();
  gtk_init (&argc, &argv);
  add ("list", test_list);
  add ("list/closed", test_closed);
  add ("one-desktop", test_one_desktop);
  add ("several", test_several);
  add ("another", test_another);
  add ("wrong-password", test_wrong_password);
  add ("directory-down", test_directory_down);
  add ("cancelled", test_cancelled);
  add ("not-a-broker", test_not_a_broker);
  add ("bad-address", test_bad_address);
  add ("log-out", test_log_out);
  add ("log-in-runs-out", test_log_in_runs_out);
  add ("names", test_names);
  status = g_test_run ();
  g_subprocess_send_signal (screen, SIGTERM);
  g_subprocess_wait (screen, NULL, NULL);
  return status;
}
