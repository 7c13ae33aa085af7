/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <spice-client-gtk.h>

#include "session/spice-session.h"
#include "ui-flow-fixture.h"
#include "ui/keyboard.h"
#include "ui/monitor-choice.h"
#include "ui/setting-row.h"

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
show_settings (FlowFixture *f)
{
  g_action_group_activate_action (G_ACTION_GROUP (f->window), "settings", NULL);
  flow_wait_for (f, FLOE_VIEW_SETTINGS);
}

static gboolean
action_state (FlowFixture *f, const gchar *name)
{
  g_autoptr (GVariant) state = g_action_group_get_action_state (G_ACTION_GROUP (f->window), name);

  return g_variant_get_boolean (state);
}

/* Page, setting and menu say the same, whichever of them was touched. */
static void
test_page (FlowFixture *f, gconstpointer data)
{
  GtkWidget *scaling;

  show_settings (f);
  scaling = flow_named (f, "Scale to the window");
  g_assert_true (gtk_switch_get_active (GTK_SWITCH (scaling)));
  gtk_switch_set_active (GTK_SWITCH (scaling), FALSE);
  g_assert_false (g_settings_get_boolean (f->settings, FLOE_SETTING_SCALING));
  g_assert_false (action_state (f, "scale"));
  g_action_group_change_action_state (G_ACTION_GROUP (f->window), "scale",
                                      g_variant_new_boolean (TRUE));
  g_assert_true (g_settings_get_boolean (f->settings, FLOE_SETTING_SCALING));
  g_assert_true (gtk_switch_get_active (GTK_SWITCH (scaling)));
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (f->window)),
                                         GTK_WIDGET (floe_window_get_settings_page (f->window))));
}

static const gchar *
name_of_focus (FlowFixture *f)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (f->window));
  GtkWidget *combo = gtk_widget_get_ancestor (focus, GTK_TYPE_COMBO_BOX);

  return atk_object_get_name (gtk_widget_get_accessible (combo != NULL ? combo : focus));
}

/* The keyboard comes to each of them, and in this order. */
static void
test_by_keyboard (FlowFixture *f, gconstpointer data)
{
  static const gchar *const names[] = { "Remember my user name",
                                        "Begin in full screen",
                                        "Scale to the window",
                                        "Adapt the resolution",
                                        "Fewer effects",
                                        "Monitors in full screen",
                                        "Clipboard",
                                        "Shared folder",
                                        "Desktops may only read it",
                                        "Hand over new USB devices",
                                        "Language",
                                        "Keyboard layout",
                                        "Less motion" };

  show_settings (f);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_cmpstr (name_of_focus (f), ==, names[i]);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_signal_emit_by_name (f->window, "move-focus", GTK_DIR_TAB_FORWARD);
    }
}

/* What goes between a desktop and this computer, as the settings say and the pool's rules allow. */

static FloeSession *
attach_session (FlowFixture *f, const FloePolicy *policy)
{
  FloeConnection connection = { .host = (gchar *)"127.0.0.1", .tls_port = 1 };
  g_autoptr (FloeSecret) ticket = floe_secret_new ("ticket", -1);
  FloeSession *session;

  connection.ticket = ticket;
  connection.policy = (FloePolicy *)policy;
  session = floe_spice_session_new (&connection, NULL);
  floe_devices_attach (floe_page_display_get_devices (floe_window_get_display_page (f->window)),
                       session);
  return session;
}

static void
detach_session (FlowFixture *f, FloeSession *session)
{
  floe_devices_detach (floe_page_display_get_devices (floe_window_get_display_page (f->window)));
  g_object_unref (session);
}

static gboolean
copies_both_ways (FloeSession *session)
{
  gboolean automatic;

  g_object_get (spice_gtk_session_get (floe_session_get_spice (session)), "auto-clipboard",
                &automatic, NULL);
  return automatic;
}

static void
assert_folder (FloeSession *session, const gchar *wanted, gboolean read_only)
{
  g_autofree gchar *folder = NULL;
  gboolean ro;

  g_object_get (floe_session_get_spice (session), "shared-dir", &folder, "share-dir-ro", &ro, NULL);
  g_assert_cmpstr (folder, ==, wanted);
  g_assert_cmpint (ro, ==, read_only);
}

static void
test_sharing (FlowFixture *f, gconstpointer data)
{
  g_autoptr (FloePolicy) policy = floe_policy_new ();
  FloeSession *session = attach_session (f, policy);

  g_assert_true (copies_both_ways (session));
  assert_folder (session, NULL, FALSE);
  g_settings_set_enum (f->settings, FLOE_SETTING_CLIPBOARD, FLOE_CLIPBOARD_TO_GUEST);
  g_assert_false (copies_both_ways (session));
  g_settings_set_string (f->settings, FLOE_SETTING_SHARED_FOLDER, f->dir);
  assert_folder (session, f->dir, FALSE);
  g_settings_set_boolean (f->settings, FLOE_SETTING_SHARED_FOLDER_READ_ONLY, TRUE);
  assert_folder (session, f->dir, TRUE);
  g_settings_set_boolean (f->settings, FLOE_SETTING_SHARED_FOLDER_READ_ONLY, FALSE);
  detach_session (f, session);
  /* the rules of the next one are stricter */
  policy->folder = FLOE_FOLDER_READ_ONLY;
  policy->clipboard = FLOE_WAY_FROM_GUEST;
  g_settings_reset (f->settings, FLOE_SETTING_CLIPBOARD);
  session = attach_session (f, policy);
  assert_folder (session, f->dir, TRUE);
  g_assert_false (copies_both_ways (session));
  detach_session (f, session);
}

/* It is hidden where this computer can hand over none. */
static GtkWidget *
find_check_button (GtkWidget *from, const gchar *label)
{
  g_autoptr (GList) children = NULL;
  GtkWidget *found = NULL;

  if (GTK_IS_CHECK_BUTTON (from)
      && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (from)), label) == 0)
    return from;
  if (GTK_IS_CONTAINER (from))
    children = gtk_container_get_children (GTK_CONTAINER (from));
  for (GList *l = children; l != NULL && found == NULL; l = l->next)
    found = find_check_button (l->data, label);
  return found;
}

static void
test_usb_follows (FlowFixture *f, gconstpointer data)
{
  GtkWidget *page = GTK_WIDGET (floe_window_get_display_page (f->window));
  GtkWidget *button = find_check_button (page, "Hand over new devices by themselves");

  g_assert_nonnull (button);
  g_settings_set_boolean (f->settings, FLOE_SETTING_USB_AUTO_SHARE, TRUE);
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (button)));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), FALSE);
  g_assert_false (g_settings_get_boolean (f->settings, FLOE_SETTING_USB_AUTO_SHARE));
}

/* Where nobody chose for the monitors that there are, it is as the settings say. */
static void
test_monitors (FlowFixture *f, gconstpointer data)
{
  GdkDisplay *display = gtk_widget_get_display (GTK_WIDGET (f->window));
  g_autofree gchar *path = g_build_filename (f->dir, "monitors.ini", NULL);
  g_autoptr (FloeMonitorChoice) choice = floe_monitor_choice_new (display, path);
  const gchar *there =
      ((FloeMonitor *)floe_monitor_choice_get_monitors (choice)->pdata[0])->connector;

  floe_monitor_choice_set_settings (choice, f->settings);
  g_assert_true (floe_monitor_choice_is_chosen (choice, there));
  floe_monitor_choice_set_chosen (choice, there, FALSE);
  g_assert_false (floe_monitor_choice_is_chosen (choice, there));
  /* what is chosen for all outweighs it */
  g_settings_set_strv (f->settings, FLOE_SETTING_MONITORS, (const gchar *[]){ there, NULL });
  g_assert_true (floe_monitor_choice_is_chosen (choice, there));
  g_settings_set_strv (f->settings, FLOE_SETTING_MONITORS, NULL);
  g_assert_false (floe_monitor_choice_is_chosen (choice, there));
  floe_monitor_choice_set_chosen (choice, there, TRUE);
  g_assert_true (floe_monitor_choice_is_chosen (choice, there));
  floe_monitor_choice_forget (choice);
  g_assert_false (floe_monitor_choice_is_chosen (choice, there));
}

static void
test_back (FlowFixture *f, gconstpointer data)
{
  show_settings (f);
  g_action_group_activate_action (G_ACTION_GROUP (f->window), "back", NULL);
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  flow_log_in_to_list (f);
  show_settings (f);
  g_action_group_activate_action (G_ACTION_GROUP (f->window), "back", NULL);
  flow_wait_for (f, FLOE_VIEW_POOLS);
}

static void
test_locked (FlowFixture *f, gconstpointer data)
{
  static const gchar *const locked[] = {
    "Begin in full screen",      "Monitors in full screen",   "Clipboard",
    "Desktops may only read it", "Hand over new USB devices", "Fewer effects"
  };
  GtkWidget *page = GTK_WIDGET (floe_window_get_settings_page (f->window));
  g_autoptr (GPtrArray) problems = g_ptr_array_new ();

  show_settings (f);
  g_assert_true (flow_shows (page, "Set by your administrator"));
  for (guint i = 0; i < G_N_ELEMENTS (locked); i++)
    g_assert_false (gtk_widget_is_sensitive (flow_named (f, locked[i])));
  g_assert_true (gtk_widget_is_sensitive (flow_named (f, "Scale to the window")));
  g_assert_false (flow_shows (page, "not understood"));
  g_ptr_array_add (problems, (gpointer) "client.conf:3: nonsense");
  floe_page_settings_set_problems (floe_window_get_settings_page (f->window), problems);
  g_assert_true (flow_shows (page, "client.conf:3: nonsense"));
}

static gint
n_choices (FlowFixture *f, const gchar *name)
{
  GtkWidget *combo = flow_named (f, name);

  return gtk_tree_model_iter_n_children (gtk_combo_box_get_model (GTK_COMBO_BOX (combo)), NULL);
}

/* GTK makes a widget of each, so that they wait for somebody who looks; today's is there. */
static void
test_layouts (FlowFixture *f, gconstpointer data)
{
  g_autofree gchar *layout = NULL;
  GtkComboBox *combo;

  g_settings_set_string (f->settings, FLOE_SETTING_KEYBOARD_LAYOUT, "of-elsewhere");
  show_settings (f);
  combo = GTK_COMBO_BOX (flow_named (f, "Keyboard layout"));
  g_assert_cmpint (n_choices (f, "Keyboard layout"), ==, 2);
  g_assert_cmpstr (gtk_combo_box_get_active_id (combo), ==, "of-elsewhere");
  gtk_widget_grab_focus (GTK_WIDGET (combo));
  g_assert_cmpint (n_choices (f, "Keyboard layout"), >, 50);
  g_assert_cmpstr (gtk_combo_box_get_active_id (combo), ==, "of-elsewhere");
  g_assert_true (gtk_combo_box_set_active_id (combo, "de"));
  layout = g_settings_get_string (f->settings, FLOE_SETTING_KEYBOARD_LAYOUT);
  g_assert_cmpstr (layout, ==, "de");
}

/* Their names are written in fonts that nothing else here needs. */
static void
test_languages (FlowFixture *f, gconstpointer data)
{
  GtkComboBox *combo;

  show_settings (f);
  combo = GTK_COMBO_BOX (flow_named (f, "Language"));
  g_assert_cmpint (n_choices (f, "Language"), ==, 1);
  gtk_widget_grab_focus (GTK_WIDGET (combo));
  g_assert_cmpint (n_choices (f, "Language"), >, 1);
  g_assert_true (gtk_combo_box_set_active_id (combo, "en"));
}

/* The keyboard. */

static gchar *
current_layout (void)
{
  g_autofree gchar *said = NULL;
  g_autoptr (GRegex) regex = g_regex_new ("layout: *(\\S+)", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  g_assert_true (g_spawn_command_line_sync ("setxkbmap -query", &said, NULL, NULL, NULL));
  return g_regex_match (regex, said, 0, &match) ? g_match_info_fetch (match, 1) : g_strdup ("");
}

static void
wait_for_layout (const gchar *layout)
{
  for (;;)
    {
      g_autofree gchar *now = current_layout ();

      if (g_str_equal (now, layout))
        return;
      g_main_context_iteration (NULL, FALSE);
      g_usleep (20000);
    }
}

static void
test_keyboard (void)
{
  g_autoptr (GArray) layouts = floe_keyboard_list_layouts ();
  g_autofree gchar *before = current_layout ();
  FloeKeyboard *keyboard = floe_keyboard_new (gdk_screen_get_default ());
  gboolean german = FALSE;

  g_assert_cmpstr (g_array_index (layouts, FloeSettingChoice, 0).id, ==, "");
  for (guint i = 0; i < layouts->len; i++)
    german |= g_str_equal (g_array_index (layouts, FloeSettingChoice, i).id, "de");
  g_assert_true (german);
  g_assert_true (floe_keyboard_may_choose ());
  floe_keyboard_use (keyboard, "fr(oss)");
  wait_for_layout ("fr");
  floe_keyboard_use (keyboard, "de");
  wait_for_layout ("de");
  g_object_unref (keyboard);
  wait_for_layout (before);
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
  add ("page", 0, test_page);
  add ("by-keyboard", 0, test_by_keyboard);
  add ("layouts", 0, test_layouts);
  add ("languages", 0, test_languages);
  add ("sharing", 0, test_sharing);
  add ("usb-follows", 0, test_usb_follows);
  add ("monitors", 0, test_monitors);
  add ("back", 0, test_back);
  add ("locked", FLOW_ONE_SERVER, test_locked);
  g_test_add_func ("/ui-settings/keyboard", test_keyboard);
}

int
main (int argc, char **argv)
{
  return flow_run (argc, argv, add_all);
}
