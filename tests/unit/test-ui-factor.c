/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "ui-flow-fixture.h"

#define CODE    "POST /api/v1/login/code"
#define ENROL   "POST /api/v1/login/enrol"
#define CONFIRM "POST /api/v1/login/enrol/confirm"

#define FIELD "Code from the app"
#define KEY   "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"

/* A log-in that needs a second factor. */

static GtkWidget *
login_page (FlowFixture *f)
{
  return GTK_WIDGET (floe_window_get_login_page (f->window));
}

static GtkWidget *
factor_page (FlowFixture *f)
{
  return GTK_WIDGET (floe_window_get_factor_page (f->window));
}

static void
ask_for_code (FlowFixture *f)
{
  fake_broker_answer_file (f->fake, LOGIN, 401, "problem-code-needed.json");
  fake_broker_answer_file (f->fake, POOLS, 200, "pools.json");
  flow_log_in (f);
  flow_wait_for (f, FLOE_VIEW_FACTOR);
}

static void
ask_to_enrol (FlowFixture *f)
{
  fake_broker_answer_file (f->fake, LOGIN, 401, "problem-enrolment-needed.json");
  fake_broker_answer_file (f->fake, ENROL, 200, "factor-offer.json");
  fake_broker_answer_file (f->fake, POOLS, 200, "pools.json");
  flow_log_in (f);
  flow_wait_for (f, FLOE_VIEW_FACTOR);
}

static void
send (FlowFixture *f, const gchar *typed)
{
  flow_type (f, FIELD, typed);
  flow_press (f, "Continue");
}

static const gchar *
text_of (FlowFixture *f, const gchar *name)
{
  return gtk_entry_get_text (GTK_ENTRY (flow_named (f, name)));
}

/* The first page, with nothing left of the log-in before. */
static void
assert_at_log_in (FlowFixture *f)
{
  g_assert_cmpint (floe_window_get_view (f->window), ==, FLOE_VIEW_LOGIN);
  g_assert_cmpstr (text_of (f, "Password"), ==, "");
  g_assert_true (gtk_widget_is_focus (flow_named (f, "Password")));
}

/* A wrong code keeps the page; the right one, as an input method for Japanese types it, leads to
 * the list. */
static void
test_code (FlowFixture *f, gconstpointer data)
{
  ask_for_code (f);
  g_assert_true (flow_shows (factor_page (f), "A recovery code works, too."));
  g_assert_false (gtk_widget_is_sensitive (flow_named (f, "Continue")));
  g_assert_true (gtk_widget_is_focus (flow_named (f, FIELD)));
  fake_broker_answer_file (f->fake, CODE, 401, "problem-wrong-code.json");
  fake_broker_answer_file (f->fake, CODE, 201, "login.json");
  send (f, "000000");
  flow_wait_for_text (factor_page (f), "The code is wrong, or was used before.");
  g_assert_cmpstr (text_of (f, FIELD), ==, "");
  g_assert_true (gtk_widget_is_focus (flow_named (f, FIELD)));
  send (f, "１２３　４５６");
  g_assert_false (flow_shows (factor_page (f), "The code is wrong"));
  flow_wait_for (f, FLOE_VIEW_POOLS);
  g_assert_cmpstr (fake_broker_last (f->fake, CODE)->body, ==,
                   "{\"challenge\":\"flc_ccccccccccccccccccccccccccccccccccccccccccc\","
                   "\"code\":\"123456\"}");
  g_assert_cmpuint (fake_broker_n_requests (f->fake, LOGIN), ==, 1);
}

static void
test_expired (FlowFixture *f, gconstpointer data)
{
  ask_for_code (f);
  fake_broker_answer (f->fake, CODE, 401, "application/problem+json",
                      "{\"type\":\"urn:floe:problem:unauthenticated\",\"status\":401,"
                      "\"reason\":\"expired-challenge\"}");
  send (f, "123456");
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  g_assert_true (flow_shows (login_page (f), "The log-in took too long"));
  assert_at_log_in (f);
}

/* Not the words for passwords. */
static void
test_too_many (FlowFixture *f, gconstpointer data)
{
  ask_for_code (f);
  fake_broker_answer_file (f->fake, CODE, 429, "problem-too-many-tries.json");
  send (f, "123456");
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  g_assert_true (flow_shows (login_page (f), "There were too many wrong codes."));
}

/* What passes can be tried again on the spot. */
static void
test_unavailable (FlowFixture *f, gconstpointer data)
{
  ask_for_code (f);
  fake_broker_answer (f->fake, CODE, 503, "text/html", "");
  fake_broker_answer_file (f->fake, CODE, 201, "login.json");
  send (f, "123456");
  flow_wait_for_text (factor_page (f), "does not answer");
  g_assert_cmpstr (text_of (f, FIELD), ==, "123456");
  flow_press (f, "Continue");
  flow_wait_for (f, FLOE_VIEW_POOLS);
}

static void
test_back (FlowFixture *f, gconstpointer data)
{
  ask_for_code (f);
  flow_type (f, FIELD, "12");
  flow_press (f, "Back");
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  assert_at_log_in (f);
  flow_log_in (f);
  flow_wait_for (f, FLOE_VIEW_FACTOR);
  g_assert_cmpstr (text_of (f, FIELD), ==, "");
  flow_key (f, GDK_KEY_Escape);
  assert_at_log_in (f);
}

/* Also while a code is checked, and what comes of it then is not shown. */
static void
test_escaped (FlowFixture *f, gconstpointer data)
{
  ask_for_code (f);
  fake_broker_hang (f->fake, CODE);
  send (f, "123456");
  flow_wait_until_sensitive (f, FIELD, FALSE);
  flow_key (f, GDK_KEY_Escape);
  assert_at_log_in (f);
}

static void
test_enrol (FlowFixture *f, gconstpointer data)
{
  GtkWidget *key;
  GtkWidget *qr;

  ask_to_enrol (f);
  key = flow_named (f, KEY);
  qr = flow_named (f, "QR code for the app");
  while (gtk_widget_get_allocated_width (key) < 100 || gtk_widget_get_allocated_width (qr) < 100)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (gtk_widget_is_focus (flow_named (f, FIELD)));
  fake_broker_answer_file (f->fake, CONFIRM, 401, "problem-wrong-code.json");
  fake_broker_answer_file (f->fake, CONFIRM, 201, "factor-confirmed-login.json");
  send (f, "000000");
  flow_wait_for_text (factor_page (f), "The code is wrong");
  g_assert_true (flow_named (f, KEY) == key);
  send (f, "123456");
  flow_wait_for (f, FLOE_VIEW_RECOVERY);
  g_assert_cmpstr (atk_object_get_name (gtk_widget_get_accessible (key)), ==, "");
  g_assert_nonnull (flow_find_named (GTK_WIDGET (f->window),
                                     "AAAA-AAAA-AAAA-AAAA    BBBB-BBBB-BBBB-BBBB\n"
                                     "CCCC-CCCC-CCCC-CCCC    DDDD-DDDD-DDDD-DDDD\n"
                                     "EEEE-EEEE-EEEE-EEEE    FFFF-FFFF-FFFF-FFFF\n"
                                     "GGGG-GGGG-GGGG-GGGG    HHHH-HHHH-HHHH-HHHH\n"
                                     "IIII-IIII-IIII-IIII    JJJJ-JJJJ-JJJJ-JJJJ"));
  /* Enter is not taken for an answer, nor Escape. */
  flow_key (f, GDK_KEY_Return);
  flow_key (f, GDK_KEY_Escape);
  g_assert_cmpint (floe_window_get_view (f->window), ==, FLOE_VIEW_RECOVERY);
  /* One step leads to the button. */
  gtk_widget_child_focus (GTK_WIDGET (f->window), GTK_DIR_TAB_FORWARD);
  g_assert_true (gtk_widget_is_focus (flow_named (f, "I Have Written Them Down")));
  flow_press (f, "I Have Written Them Down");
  flow_wait_for (f, FLOE_VIEW_POOLS);
}

static gboolean
is_in_sight (FlowFixture *f, const gchar *name)
{
  GtkWidget *widget = flow_named (f, name);
  gint top;

  gtk_widget_translate_coordinates (widget, factor_page (f), 0, 0, NULL, &top);
  return top >= 0
         && top + gtk_widget_get_allocated_height (widget)
                <= gtk_widget_get_allocated_height (factor_page (f));
}

static void
wait_until_in_sight (FlowFixture *f, const gchar *name)
{
  while (!is_in_sight (f, name))
    g_main_context_iteration (NULL, TRUE);
}

/* The picture first; what one types in, and where the keyboard goes, then. */
static void
test_small (FlowFixture *f, gconstpointer data)
{
  gtk_window_resize (GTK_WINDOW (f->window), 640, 400);
  ask_to_enrol (f);
  while (gtk_widget_get_allocated_height (factor_page (f)) > 400
         || gtk_widget_get_allocated_width (flow_named (f, "QR code for the app")) < 100)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (is_in_sight (f, "QR code for the app"));
  g_assert_false (is_in_sight (f, FIELD));
  flow_type (f, FIELD, "1");
  wait_until_in_sight (f, FIELD);
  g_assert_false (is_in_sight (f, "Back"));
  gtk_widget_grab_focus (flow_named (f, "Back"));
  wait_until_in_sight (f, "Back");
}

/* One line each, from the clipboard. */
static void
test_copy (FlowFixture *f, gconstpointer data)
{
  GtkClipboard *clipboard =
      gtk_widget_get_clipboard (GTK_WIDGET (f->window), GDK_SELECTION_CLIPBOARD);
  g_autofree gchar *text = NULL;

  ask_to_enrol (f);
  fake_broker_answer_file (f->fake, CONFIRM, 201, "factor-confirmed-login.json");
  send (f, "123456");
  flow_wait_for (f, FLOE_VIEW_RECOVERY);
  flow_press (f, "Copy");
  while (text == NULL)
    {
      g_main_context_iteration (NULL, FALSE);
      text = gtk_clipboard_wait_for_text (clipboard);
    }
  g_assert_true (g_str_has_prefix (text, "AAAA-AAAA-AAAA-AAAA\nBBBB-"));
  gtk_clipboard_clear (clipboard);
}

static void
test_enrol_back (FlowFixture *f, gconstpointer data)
{
  GtkWidget *key;

  ask_to_enrol (f);
  key = flow_named (f, KEY);
  flow_key (f, GDK_KEY_Escape);
  assert_at_log_in (f);
  g_assert_cmpstr (atk_object_get_name (gtk_widget_get_accessible (key)), ==, "");
  g_assert_cmpuint (fake_broker_n_requests (f->fake, CONFIRM), ==, 0);
}

/* Somebody has set it up from elsewhere meanwhile. */
static void
test_enrol_refused (FlowFixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, LOGIN, 401, "problem-enrolment-needed.json");
  fake_broker_answer (f->fake, ENROL, 409, "application/problem+json",
                      "{\"type\":\"urn:floe:problem:conflict\",\"status\":409,"
                      "\"reason\":\"already-enrolled\"}");
  flow_log_in (f);
  flow_wait_for_text (login_page (f), "Your second factor has changed meanwhile.");
  g_assert_true (gtk_widget_is_sensitive (flow_named (f, "Password")));
}

static void
add (const gchar *name, void (*function) (FlowFixture *, gconstpointer))
{
  g_autofree gchar *path = g_strconcat ("/ui-factor/", name, NULL);

  g_test_add (path, FlowFixture, NULL, flow_set_up, function, flow_tear_down);
}

static void
add_all (void)
{
  add ("code", test_code);
  add ("expired", test_expired);
  add ("too-many", test_too_many);
  add ("unavailable", test_unavailable);
  add ("back", test_back);
  add ("escaped", test_escaped);
  add ("enrol", test_enrol);
  add ("small", test_small);
  add ("copy", test_copy);
  add ("enrol-back", test_enrol_back);
  add ("enrol-refused", test_enrol_refused);
}

int
main (int argc, char **argv)
{
  return flow_run (argc, argv, add_all);
}
