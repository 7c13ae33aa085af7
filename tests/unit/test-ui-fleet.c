/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ui-flow-fixture.h"
#include "ui/fleet-wishes.h"

/* A machine that is a terminal and nothing else. */

#define TERMINAL "GET /api/v1/terminal"
#define ALONE    "POST /api/v1/terminal/login"
#define ENROL    "POST /api/v1/terminal/enrol"
#define TRUST    "POST /api/v1/terminal/trust"
#define BEAT     "POST /api/v1/terminal/heartbeat"
#define SECRET   "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

static void
wait_for_requests (FlowFixture *f, const gchar *route, guint n)
{
  while (fake_broker_n_requests (f->fake, route) < n)
    g_main_context_iteration (NULL, TRUE);
}

/* What the broker signs with, and gives to the terminal. */
static gnutls_privkey_t
answer_trust (FlowFixture *f, guint revision)
{
  gnutls_privkey_t key;
  gnutls_pubkey_t half;
  gnutls_datum_t x;
  g_autofree gchar *public = NULL;
  g_autofree gchar *body = NULL;
  g_autofree gchar *beat = g_strdup_printf ("{\"revision\":%u,\"next_seconds\":60}", revision);

  g_assert_cmpint (gnutls_privkey_init (&key), ==, 0);
  g_assert_cmpint (gnutls_privkey_generate (key, GNUTLS_PK_EDDSA_ED25519,
                                            GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_ED25519), 0),
                   ==, 0);
  gnutls_pubkey_init (&half);
  gnutls_pubkey_import_privkey (half, key, GNUTLS_KEY_DIGITAL_SIGNATURE, 0);
  gnutls_pubkey_export_ecc_raw2 (half, NULL, &x, NULL, 0);
  public = g_base64_encode (x.data, x.size);
  gnutls_free (x.data);
  gnutls_pubkey_deinit (half);
  body =
      g_strdup_printf ("{\"name\":\"lobby-1\",\"key\":\"%s\",\"secret\":\"" SECRET "\"}", public);
  fake_broker_answer (f->fake, TRUST, 201, "application/json", body);
  fake_broker_answer (f->fake, BEAT, 200, "application/json", beat);
  return key;
}

/* What is asked for where there is the revision before. */
static void
answer_revision (FlowFixture *f, gnutls_privkey_t key, guint revision, const gchar *settings)
{
  g_autofree gchar *route =
      g_strdup_printf ("GET /api/v1/terminal/settings?revision=%u", revision - 1);
  g_autofree gchar *text = g_strdup_printf (
      "{\"terminal\":\"lobby-1\",\"revision\":%u,\"settings\":{%s}}", revision, settings);
  g_autofree gchar *whole = g_strconcat ("floe terminal settings 1\n", text, NULL);
  g_autofree gchar *escaped = g_strescape (text, NULL);
  const gnutls_datum_t data = { (guchar *)whole, (guint)strlen (whole) };
  gnutls_datum_t signature;
  g_autofree gchar *encoded = NULL;
  g_autofree gchar *body = NULL;

  g_assert_cmpint (gnutls_privkey_sign_data2 (key, GNUTLS_SIGN_EDDSA_ED25519, 0, &data, &signature),
                   ==, 0);
  encoded = g_base64_encode (signature.data, signature.size);
  gnutls_free (signature.data);
  body = g_strdup_printf ("{\"revision\":%u,\"signed\":\"%s\",\"signature\":\"%s\"}", revision,
                          escaped, encoded);
  fake_broker_answer (f->fake, route, 200, "application/json", body);
}

static void
answer_settings (FlowFixture *f, const gchar *settings)
{
  gnutls_privkey_t key = answer_trust (f, 1);

  answer_revision (f, key, 1, settings);
  gnutls_privkey_deinit (key);
}

/* A terminal for people. */
static void
answer_terminal (FlowFixture *f)
{
  g_autofree gchar *terminal = fake_file ("terminal.json");
  g_autoptr (GString) text = g_string_new (terminal);

  g_string_replace (text, "\"public\": true", "\"public\": false", 0);
  fake_broker_answer (f->fake, TERMINAL, 200, "application/json", text->str);
}

static gboolean
shows (FlowFixture *f, const gchar *text)
{
  return flow_shows (GTK_WIDGET (floe_window_get_code_page (f->window)), text);
}

/* Becoming a terminal. */

static void
test_enrol (FlowFixture *f, gconstpointer data)
{
  g_autofree gchar *path = g_build_filename (f->dir, "terminal.pem", NULL);
  struct stat info;

  flow_wait_for (f, FLOE_VIEW_CODE);
  g_assert_true (shows (f, "Set Up This Terminal"));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  fake_broker_answer (f->fake, ENROL, 401, "application/problem+json",
                      "{\"type\":\"urn:floe:problem:unauthenticated\",\"title\":\"No\","
                      "\"status\":401,\"detail\":\"no\",\"reason\":\"wrong-terminal-code\"}");
  flow_type (f, "Code from the helpdesk", "AAAA-AAAA");
  flow_press (f, "Set Up");
  while (!shows (f, "That code is wrong, too old, or was used already."))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
}

static void
test_enrolled (FlowFixture *f, gconstpointer data)
{
  answer_settings (f, "");
  answer_terminal (f);
  fake_broker_answer_file (f->fake, ENROL, 200, "terminal.json");
  flow_wait_for (f, FLOE_VIEW_CODE);
  flow_type (f, "Code from the helpdesk", " K7WM-3XQP ");
  flow_press (f, "Set Up");
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  g_assert_cmpstr (fake_broker_last (f->fake, ENROL)->body, ==, "{\"code\":\"K7WM-3XQP\"}");
  wait_for_requests (f, BEAT, 1);
}

/* Of which directory people are who log in at this terminal is decided with its settings. */
static void
test_domain (FlowFixture *f, gconstpointer data)
{
  GtkWidget *choice;

  answer_settings (f, "\"domain\":\"partner.example\"");
  answer_terminal (f);
  fake_broker_answer_file (f->fake, ENROL, 200, "terminal.json");
  fake_broker_answer_file (f->fake, "GET /api/v1/login", 200, "login-domains.json");
  fake_broker_answer_file (f->fake, LOGIN, 401, "problem-wrong-credentials.json");
  flow_wait_for (f, FLOE_VIEW_CODE);
  flow_type (f, "Code from the helpdesk", "K7WM-3XQP");
  flow_press (f, "Set Up");
  wait_for_requests (f, BEAT, 1);
  flow_log_in (f);
  flow_wait_for_text (floe_window_get_login_page (f->window), "is wrong.");
  g_assert_nonnull (
      strstr (fake_broker_last (f->fake, LOGIN)->body, "\"domain\":\"partner.example\""));
  choice = flow_find_named (GTK_WIDGET (floe_window_get_login_page (f->window)), "Domain");
  g_assert_cmpstr (gtk_combo_box_get_active_id (GTK_COMBO_BOX (choice)), ==, "partner.example");
  g_assert_false (gtk_widget_is_sensitive (choice));
}

static void
test_without (FlowFixture *f, gconstpointer data)
{
  flow_wait_for (f, FLOE_VIEW_CODE);
  flow_press (f, "Log In Without");
  flow_wait_for (f, FLOE_VIEW_LOGIN);
}

/* Removed at the broker: it asks who it is to be. */
static void
test_stranger (FlowFixture *f, gconstpointer data)
{
  fake_broker_answer_file (f->fake, TERMINAL, 404, "problem-unknown-terminal.json");
  fake_broker_answer_file (f->fake, TRUST, 404, "problem-unknown-terminal.json");
  flow_wait_for (f, FLOE_VIEW_CODE);
  g_assert_true (shows (f, "Set Up This Terminal"));
}

/* The way out. */

static void
press_way_out (FlowFixture *f)
{
  GtkWidget *window = GTK_WIDGET (f->window);
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (window));
  g_autoptr (GdkEvent) event = gdk_event_new (GDK_KEY_PRESS);

  event->key.window = g_object_ref (gtk_widget_get_window (window));
  event->key.keyval = GDK_KEY_O;
  event->key.state = GDK_CONTROL_MASK | GDK_MOD1_MASK | GDK_SHIFT_MASK;
  gdk_event_set_device (event, gdk_seat_get_keyboard (seat));
  gtk_widget_event (window, event);
}

/* The ten digits that it shows, wherever they stand. */
static gboolean
find_digits (GtkWidget *from, gchar *digits)
{
  GList *children;
  gboolean found = FALSE;
  const gchar *text;

  if (GTK_IS_LABEL (from))
    {
      text = gtk_label_get_text (GTK_LABEL (from));
      if (strlen (text) != 11 || strspn (text, "0123456789 ") != 11)
        return FALSE;
      g_snprintf (digits, 11, "%.5s%s", text, text + 6);
      return TRUE;
    }
  if (!GTK_IS_CONTAINER (from))
    return FALSE;
  children = gtk_container_get_children (GTK_CONTAINER (from));
  for (GList *l = children; l != NULL && !found; l = l->next)
    found = find_digits (l->data, digits);
  g_list_free (children);
  return found;
}

static gchar *
right_code (FlowFixture *f)
{
  gchar digits[11];
  gchar code[9];
  char *bytes;
  size_t length;

  g_assert_true (find_digits (GTK_WIDGET (floe_window_get_code_page (f->window)), digits));
  g_assert_cmpint (oath_base32_decode (SECRET, strlen (SECRET), &bytes, &length), ==, OATH_OK);
  g_assert_cmpint (oath_hotp_generate (bytes, length, g_ascii_strtoull (digits, NULL, 10), 8, FALSE,
                                       OATH_HOTP_DYNAMIC_TRUNCATION, code),
                   ==, OATH_OK);
  free (bytes);
  return g_strdup (code);
}

static void
on_destroyed (gboolean *destroyed)
{
  *destroyed = TRUE;
}

static void
test_unlock (FlowFixture *f, gconstpointer data)
{
  g_autofree gchar *code = NULL;
  gboolean destroyed = FALSE;

  answer_settings (f, "");
  answer_terminal (f);
  wait_for_requests (f, BEAT, 1);
  flow_settle ();
  g_signal_connect_swapped (f->window, "destroy", G_CALLBACK (on_destroyed), &destroyed);
  press_way_out (f);
  g_assert_cmpint (floe_window_get_view (f->window), ==, FLOE_VIEW_CODE);
  g_assert_true (shows (f, "Open This Terminal"));
  flow_press (f, "Back");
  flow_wait_for (f, FLOE_VIEW_LOGIN);
  press_way_out (f);
  flow_type (f, "Code from the administrator", "0000");
  flow_press (f, "Open");
  while (!shows (f, "That code does not fit these digits."))
    g_main_context_iteration (NULL, TRUE);
  code = right_code (f);
  flow_type (f, "Code from the administrator", code);
  flow_press (f, "Open");
  while (!destroyed)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_wrong_codes (FlowFixture *f, gconstpointer data)
{
  answer_settings (f, "");
  answer_terminal (f);
  wait_for_requests (f, BEAT, 1);
  flow_settle ();
  press_way_out (f);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree gchar *code = right_code (f);

      code[0] = code[0] == '9' ? '0' : (gchar)(code[0] + 1);
      flow_type (f, "Code from the administrator", code);
      flow_press (f, "Open");
      while (!shows (f, i < 2 ? "That code does not fit" : "Too many wrong codes. Wait"))
        g_main_context_iteration (NULL, TRUE);
    }
}

/* Nothing is shown where no code could be right. */
static void
test_never (FlowFixture *f, gconstpointer data)
{
  answer_settings (f, "\"unlock\":\"end\"");
  answer_terminal (f);
  press_way_out (f); /* before it knows any secret */
  g_assert_cmpint (floe_window_get_view (f->window), !=, FLOE_VIEW_CODE);
}

static void
test_set_to_never (FlowFixture *f, gconstpointer data)
{
  answer_settings (f, "\"unlock\":\"never\"");
  answer_terminal (f);
  wait_for_requests (f, BEAT, 1);
  flow_settle ();
  press_way_out (f);
  g_assert_cmpint (floe_window_get_view (f->window), !=, FLOE_VIEW_CODE);
}

/* What else is set. */

static FloeFleetTargets
targets_of (FlowFixture *f)
{
  g_autoptr (FloePower) power = floe_power_new (NULL, "/nowhere");
  g_autoptr (FloeVolume) volume = floe_volume_new ("no-such-card");
  GtkWidget *bar = floe_bar_new (power, volume);

  floe_window_add_bar (f->window, bar);
  return (FloeFleetTargets){ f->managed, f->window, f->flow, FLOE_BAR (bar), 600 };
}

static gchar *
setting (FlowFixture *f, const gchar *key)
{
  g_autoptr (GVariant) value = g_settings_get_value (f->settings, key);

  return g_variant_print (value, FALSE);
}

static void
assert_setting (FlowFixture *f, const gchar *key, const gchar *wanted)
{
  g_autofree gchar *value = setting (f, key);

  g_assert_cmpstr (value, ==, wanted);
}

typedef struct
{
  FlowFixture *f;
  FloeFleetTargets targets;
} Wished;

static void
check_first_revision (FlowFixture *f, const FloeFleetTargets *targets)
{
  GtkWidget *window = GTK_WIDGET (f->window);

  g_assert_null (flow_find_named (window, "Large text"));
  g_assert_true (flow_shows (window, "network"));
  assert_setting (f, FLOE_SETTING_KEYBOARD_LAYOUT, "'ch(fr)'");
  assert_setting (f, FLOE_SETTING_MONITORS, "[]");
  g_assert_true (g_settings_is_writable (f->settings, FLOE_SETTING_KEYBOARD_LAYOUT));
  floe_fleet_wishes_apply_language (targets);
  assert_setting (f, FLOE_SETTING_LANGUAGE, "'en'");
}

static void
on_wished (FloeFlow *flow, Wished *wished)
{
  gint64 revision = floe_flow_get_fleet_settings (flow)->revision;

  floe_fleet_wishes_apply (&wished->targets);
  if (revision == 1)
    check_first_revision (wished->f, &wished->targets);
}

/* Each revision acts when it arrives; what it does not name is as it was. */
static void
test_settings_act (FlowFixture *f, gconstpointer data)
{
  Wished wished = { f, targets_of (f) };
  gnutls_privkey_t key = answer_trust (f, 2);

  g_assert_nonnull (flow_find_named (GTK_WIDGET (f->window), "Large text"));
  answer_revision (f, key, 1,
                   "\"keyboard\":\"ch(fr)\",\"monitors\":\"one\",\"volume\":30,"
                   "\"language\":\"C.UTF-8\",\"login_parts\":[\"network\"]");
  answer_revision (f, key, 2, "\"keyboard\":\"us,ru\",\"monitors\":\"all\"");
  gnutls_privkey_deinit (key);
  answer_terminal (f);
  g_signal_connect (f->flow, "fleet-settings", G_CALLBACK (on_wished), &wished);
  wait_for_requests (f, BEAT, 2);
  g_assert_nonnull (flow_find_named (GTK_WIDGET (f->window), "Large text"));
  assert_setting (f, FLOE_SETTING_KEYBOARD_LAYOUT, "''");
  assert_setting (f, FLOE_SETTING_MONITORS, "['all']");
  /* and the helpdesk sees what cannot be had */
  g_assert_nonnull (strstr (fake_broker_last (f->fake, BEAT)->body, "us,ru"));
}

static gboolean
on_enough (gpointer enough)
{
  *(gboolean *)enough = TRUE;
  return G_SOURCE_REMOVE;
}

/* 0 is never, where what the terminal began with is three seconds. */
static void
test_settings_idle (FlowFixture *f, gconstpointer data)
{
  FloeFleetTargets targets = targets_of (f);
  gboolean enough = FALSE;

  answer_settings (f, "\"idle_minutes\":0");
  answer_terminal (f);
  g_signal_connect_swapped (f->flow, "fleet-settings", G_CALLBACK (floe_fleet_wishes_apply),
                            &targets);
  wait_for_requests (f, BEAT, 1);
  flow_log_in_to_list (f);
  g_timeout_add (4200, on_enough, &enough);
  while (!enough)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (floe_window_get_view (f->window), ==, FLOE_VIEW_POOLS);
}

/* With an administrator's file it is that; else a person's choice, for as long as they are there.
 */
static void
test_settings_outweighed (FlowFixture *f, gconstpointer data)
{
  FloeFleetTargets targets = targets_of (f);

  g_assert_true (floe_managed_set_text (f->managed, FLOE_SETTING_MONITORS, "DP-1", NULL));
  g_settings_set_string (f->settings, FLOE_SETTING_KEYBOARD_LAYOUT, "fr");
  answer_settings (f, "\"keyboard\":\"de\",\"monitors\":\"all\"");
  answer_terminal (f);
  g_signal_connect_swapped (f->flow, "fleet-settings", G_CALLBACK (floe_fleet_wishes_apply),
                            &targets);
  wait_for_requests (f, BEAT, 1);
  flow_settle ();
  assert_setting (f, FLOE_SETTING_KEYBOARD_LAYOUT, "'fr'");
  assert_setting (f, FLOE_SETTING_MONITORS, "['DP-1']");
  g_settings_reset (f->settings, FLOE_SETTING_KEYBOARD_LAYOUT);
  assert_setting (f, FLOE_SETTING_KEYBOARD_LAYOUT, "'de'");
}

/* What is opened by itself. */

static void
test_pool (FlowFixture *f, gconstpointer data)
{
  answer_settings (f, "\"pool\":\"office\"");
  answer_terminal (f);
  wait_for_requests (f, BEAT, 1);
  flow_settle ();
  fake_broker_answer_file (f->fake, LOGIN, 201, "login.json");
  flow_log_in (f);
  wait_for_requests (f, CONNECT, 1);
}

/* Nobody is there who could open it again. */
static void
test_returns (FlowFixture *f, gconstpointer data)
{
  answer_settings (f, "\"pool\":\"office\"");
  fake_broker_answer_file (f->fake, TERMINAL, 200, "terminal.json");
  fake_broker_answer_file (f->fake, ALONE, 201, "login.json");
  fake_broker_answer_file (f->fake, POOLS, 200, "pools.json");
  fake_broker_answer_file (f->fake, CONNECT, 404, "problem-not-found.json");
  wait_for_requests (f, CONNECT, 1);
  flow_wait_for (f, FLOE_VIEW_MESSAGE);
  wait_for_requests (f, CONNECT, 2);
}

static void
add (const gchar *name, gint machine, void (*test) (FlowFixture *, gconstpointer))
{
  g_autofree gchar *path = g_strconcat ("/ui/fleet/", name, NULL);

  g_test_add (path, FlowFixture, GINT_TO_POINTER (FLOW_IS_KIOSK | machine), flow_set_up, test,
              flow_tear_down);
}

static void
add_all (void)
{
  add ("enrol", FLOW_WANTS_KEY, test_enrol);
  add ("enrolled", FLOW_WANTS_KEY, test_enrolled);
  add ("domain", FLOW_WANTS_KEY, test_domain);
  add ("without", FLOW_WANTS_KEY, test_without);
  add ("stranger", FLOW_HAS_KEY, test_stranger);
  add ("unlock", FLOW_HAS_KEY, test_unlock);
  add ("wrong-codes", FLOW_HAS_KEY, test_wrong_codes);
  add ("never", FLOW_HAS_KEY, test_never);
  add ("set-to-never", FLOW_HAS_KEY, test_set_to_never);
  add ("settings-act", FLOW_HAS_KEY, test_settings_act);
  add ("settings-idle", FLOW_HAS_KEY, test_settings_idle);
  add ("settings-outweighed", FLOW_HAS_KEY, test_settings_outweighed);
  add ("pool", FLOW_HAS_KEY, test_pool);
  add ("returns", FLOW_HAS_KEY, test_returns);
}

int
main (int argc, char **argv)
{
  return flow_run (argc, argv, add_all);
}
