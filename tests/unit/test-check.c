/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "check/check.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "client-fake.h"

#define HEALTH "GET /api/v1/health"

#ifdef __SANITIZE_ADDRESS__
/* LeakSanitizer itself crashes at the end of a process that held a TLS server of GnuTLS's ("Tracer
 * caught signal 11"). Addresses and undefined behaviour are checked all the same, leaks by
 * memcheck. */
const char *__asan_default_options (void);

const char *
__asan_default_options (void)
{
  return "detect_leaks=0";
}
#endif

static gchar *dir;
static gchar *sound_dir;

/* The system's bus with what answers there; the answers are the test's. */
static struct
{
  GTestDBus *bus;
  GDBusConnection *connection;
  const gchar *active; /* "yes", "no", or "none" for no session */
  const gchar *usb;    /* "yes", "no" or "ask" */
} machine;

typedef struct
{
  FloeCheckPlan plan;
  FloeCheckResult result;
  GString *said;
  gboolean good;
  gboolean done;
} Check;

static void
tell (const gchar *line, gpointer data)
{
  g_string_append_printf (data, "%s\n", line);
}

static gpointer
run_check (gpointer data)
{
  Check *check = data;

  check->good = floe_check_run (&check->plan, &check->result);
  g_atomic_int_set (&check->done, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

/* check_terminal: in a thread, since the server that it asks is in this one */
static Check *
check_terminal (const gchar *broker, const gchar *ca_file)
{
  Check *check = g_new0 (Check, 1);
  GThread *thread;

  check->said = g_string_new (NULL);
  check->plan = (FloeCheckPlan){ .broker = broker,
                                 .ca_file = ca_file,
                                 .managed_path = "/etc/floe/client.conf",
                                 .settings_problems = g_ptr_array_new (),
                                 .sound_dir = sound_dir,
                                 .tell = tell,
                                 .tell_data = check->said };
  thread = g_thread_new ("check", run_check, check);
  while (!g_atomic_int_get (&check->done))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);
  g_test_message ("%s", check->said->str);
  return check;
}

static void
check_free (Check *check)
{
  g_ptr_array_unref (check->plan.settings_problems);
  g_string_free (check->said, TRUE);
  g_free (check);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Check, check_free)

static void
assert_reason (Check *check, FloeCheckReason reason)
{
  g_assert_cmpint (check->result.reason, ==, reason);
  g_assert_cmpint (check->result.outcomes[floe_check_reason_step (reason)], ==,
                   floe_check_reason_outcome (reason));
  g_assert_true (check->good == (floe_check_reason_outcome (reason) != FLOE_CHECK_PROBLEM));
  g_assert_nonnull (strstr (check->said->str, floe_check_reason_words (reason)));
  g_assert_nonnull (strstr (check->said->str, floe_check_reason_advice (reason)));
}

static gchar *
in_dir (const gchar *name)
{
  return g_build_filename (dir, name, NULL);
}

static FakeBroker *
broker_with (const gchar *pem)
{
  g_autofree gchar *path = in_dir (pem);
  FakeBroker *fake = fake_broker_new_tls (path);

  fake_broker_answer_file (fake, HEALTH, 200, "health.json");
  return fake;
}

static void
test_all_good (void)
{
  g_autoptr (FakeBroker) fake = broker_with ("good.pem");
  g_autofree gchar *url = fake_broker_url (fake);
  g_autofree gchar *ca = in_dir ("ca.crt");
  g_autoptr (Check) check = check_terminal (url, ca);

  g_assert_true (check->good);
  g_assert_cmpint (check->result.reason, ==, FLOE_REASON_FINE);
  for (guint i = 0; i < FLOE_CHECK_N_STEPS; i++)
    g_assert_cmpint (check->result.outcomes[i], ==,
                     i == FLOE_CHECK_DISPLAY ? FLOE_CHECK_SKIPPED : FLOE_CHECK_OK);
  g_assert_nonnull (strstr (check->said->str, "floe-broker 0.1.0"));
}

typedef struct
{
  const gchar *pem;
  const gchar *ca;
  FloeCheckReason reason;
  const gchar *word; /* of the certificate */
} Certificate;

static void
test_certificate (gconstpointer data)
{
  const Certificate *row = data;
  g_autoptr (FakeBroker) fake = broker_with (row->pem);
  g_autofree gchar *url = fake_broker_url (fake);
  g_autofree gchar *ca = in_dir (row->ca);
  g_autoptr (Check) check = check_terminal (url, ca);

  assert_reason (check, row->reason);
  g_assert_nonnull (strstr (check->said->str, row->word));
  if (!check->good)
    {
      g_assert_cmpuint (fake_broker_n_requests (fake, HEALTH), ==, 0);
      g_assert_cmpint (check->result.outcomes[FLOE_CHECK_SERVER], ==, FLOE_CHECK_SKIPPED);
    }
}

static void
test_no_tls (void)
{
  g_autoptr (FakeBroker) fake = fake_broker_new ();
  g_autofree gchar *url = g_strdup_printf ("https://localhost:%u", fake_broker_port (fake));
  g_autoptr (Check) check = NULL;

  check = check_terminal (url, NULL);
  assert_reason (check, FLOE_REASON_NO_TLS);
}

static void
test_clock (gint seconds, FloeCheckReason reason)
{
  g_autoptr (FakeBroker) fake = fake_broker_new ();
  g_autofree gchar *url = fake_broker_url (fake);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) theirs = g_date_time_add_seconds (now, seconds);
  g_autofree gchar *date = soup_date_time_to_string (theirs, SOUP_DATE_HTTP);
  g_autoptr (Check) check = NULL;

  fake_broker_answer_file (fake, HEALTH, 200, "health.json");
  fake_broker_header (fake, "Date", date);
  check = check_terminal (url, NULL);
  g_assert_cmpint (check->result.outcomes[FLOE_CHECK_SERVER], ==, FLOE_CHECK_OK);
  if (reason == FLOE_REASON_FINE)
    g_assert_cmpint (check->result.reason, ==, FLOE_REASON_FINE);
  else
    assert_reason (check, reason);
}

static void
test_clocks (void)
{
  test_clock (2, FLOE_REASON_FINE);
  test_clock (-60, FLOE_REASON_CLOCK_DRIFTS);
  test_clock (60, FLOE_REASON_CLOCK_DRIFTS);
  test_clock (-3600, FLOE_REASON_CLOCK_WRONG);
  test_clock (3600, FLOE_REASON_CLOCK_WRONG);
}

static void
test_no_name (void)
{
  g_autoptr (Check) check = check_terminal ("no-such-host.invalid", NULL);

  assert_reason (check, FLOE_REASON_NAME_UNKNOWN);
  g_assert_cmpint (check->result.outcomes[FLOE_CHECK_CONNECTION], ==, FLOE_CHECK_SKIPPED);
}

static void
test_no_server (void)
{
  g_autoptr (Check) none = check_terminal (NULL, NULL);
  g_autoptr (Check) bad = check_terminal ("ftp://a.example", NULL);

  assert_reason (none, FLOE_REASON_NO_SERVER);
  assert_reason (bad, FLOE_REASON_BAD_ADDRESS);
}

static guint16
closed_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

static void
test_closed_port (void)
{
  g_autofree gchar *url = g_strdup_printf ("https://localhost:%u", closed_port ());
  g_autoptr (Check) check = check_terminal (url, NULL);

  assert_reason (check, FLOE_REASON_REFUSED);
}

static void
test_answers (void)
{
  static const struct
  {
    guint status;
    const gchar *body;
    FloeCheckReason reason;
  } rows[] = {
    { 200, "<html></html>", FLOE_REASON_NOT_A_BROKER },
    { 200, "{\"status\": \"ok\"}", FLOE_REASON_NOT_A_BROKER },
    { 404, "{}", FLOE_REASON_NOT_A_BROKER },
    { 503, "{}", FLOE_REASON_SERVER_FAILS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (FakeBroker) fake = fake_broker_new ();
      g_autofree gchar *url = fake_broker_url (fake);
      g_autoptr (Check) check = NULL;

      fake_broker_answer (fake, HEALTH, rows[i].status, "application/json", rows[i].body);
      check = check_terminal (url, NULL);
      assert_reason (check, rows[i].reason);
    }
}

static void
test_garbage (void)
{
  g_autoptr (FakeBroker) fake = fake_broker_new ();
  g_autofree gchar *url = fake_broker_url (fake);
  g_autoptr (Check) check = NULL;

  fake_broker_raw (fake, "SSH-2.0-OpenSSH_9.2\r\n");
  check = check_terminal (url, NULL);
  assert_reason (check, FLOE_REASON_NOT_A_BROKER);
}

static void
test_machine (void)
{
  static const struct
  {
    const gchar *active;
    const gchar *usb;
    FloeCheckReason reason;
  } rows[] = {
    { "no", "yes", FLOE_REASON_INACTIVE },
    { "none", "yes", FLOE_REASON_NO_SESSION },
    { "yes", "no", FLOE_REASON_USB_DENIED },
    { "yes", "ask", FLOE_REASON_USB_ASKS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (FakeBroker) fake = fake_broker_new ();
      g_autofree gchar *url = fake_broker_url (fake);
      g_autoptr (Check) check = NULL;

      fake_broker_answer_file (fake, HEALTH, 200, "health.json");
      machine.active = rows[i].active;
      machine.usb = rows[i].usb;
      check = check_terminal (url, NULL);
      assert_reason (check, rows[i].reason);
    }
  machine.active = machine.usb = "yes";
}

/* Of several, a problem counts more than a warning, and the first more than the next. */
static void
test_sound_and_weight (void)
{
  g_autofree gchar *card = g_build_filename (sound_dir, "pcmC0D0p", NULL);
  g_autoptr (FakeBroker) fake = fake_broker_new ();
  g_autofree gchar *url = fake_broker_url (fake);
  g_autoptr (Check) silent = NULL;
  g_autoptr (Check) closed = NULL;

  fake_broker_answer_file (fake, HEALTH, 200, "health.json");
  g_assert_cmpint (g_remove (card), ==, 0);
  silent = check_terminal (url, NULL);
  assert_reason (silent, FLOE_REASON_NO_AUDIO);
  closed = check_terminal ("no-such-host.invalid", NULL);
  assert_reason (closed, FLOE_REASON_NAME_UNKNOWN);
  g_assert_true (g_file_set_contents (card, "", 0, NULL));
}

/* The fake machine. */

static const gchar interfaces[] =
    "<node><interface name='org.freedesktop.login1.Manager'><method name='GetSessionByPID'>"
    "<arg type='u' direction='in'/><arg type='o' direction='out'/></method></interface>"
    "<interface name='org.freedesktop.login1.Session'>"
    "<property name='Active' type='b' access='read'/></interface>"
    "<interface name='org.freedesktop.PolicyKit1.Authority'><method name='CheckAuthorization'>"
    "<arg type='(sa{sv})' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='a{ss}' direction='in'/><arg type='u' direction='in'/>"
    "<arg type='s' direction='in'/><arg type='(bba{ss})' direction='out'/></method></interface>"
    "</node>";

static void
on_call (GDBusConnection *connection, const gchar *sender, const gchar *path,
         const gchar *interface, const gchar *method, GVariant *arguments,
         GDBusMethodInvocation *invocation, gpointer data)
{
  const gchar *action = NULL;

  if (g_str_equal (method, "CheckAuthorization"))
    {
      g_variant_get_child (arguments, 1, "&s", &action);
      g_assert_cmpstr (action, ==, "org.spice-space.lowlevelusbaccess");
      g_dbus_method_invocation_return_value (
          invocation, g_variant_new ("((bba{ss}))", g_str_equal (machine.usb, "yes"),
                                     g_str_equal (machine.usb, "ask"), NULL));
    }
  else if (g_str_equal (machine.active, "none"))
    g_dbus_method_invocation_return_dbus_error (
        invocation, "org.freedesktop.login1.NoSessionForPID", "no session");
  else
    g_dbus_method_invocation_return_value (
        invocation, g_variant_new ("(o)", "/org/freedesktop/login1/session/1"));
}

static GVariant *
on_get (GDBusConnection *connection, const gchar *sender, const gchar *path, const gchar *interface,
        const gchar *property, GError **error, gpointer data)
{
  return g_variant_new_boolean (g_str_equal (machine.active, "yes"));
}

static void
offer (GDBusNodeInfo *node, const gchar *path, const gchar *interface)
{
  static const GDBusInterfaceVTable table = { on_call, on_get };
  GDBusInterfaceInfo *info = g_dbus_node_info_lookup_interface (node, interface);

  g_assert_cmpuint (
      g_dbus_connection_register_object (machine.connection, path, info, &table, NULL, NULL, NULL),
      >, 0);
}

static void
own (const gchar *name)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_sync (
      machine.connection, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "RequestName",
      g_variant_new ("(su)", name, 0), NULL, 0, -1, NULL, NULL);

  g_assert_nonnull (answer);
}

static void
machine_up (void)
{
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (interfaces, NULL);
  g_autofree gchar *card = g_build_filename (sound_dir, "pcmC0D0p", NULL);

  machine.active = machine.usb = "yes";
  machine.bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (machine.bus);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (machine.bus), TRUE);
  machine.connection =
      g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (machine.bus),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                  | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, NULL);
  g_assert_nonnull (machine.connection);
  offer (node, "/org/freedesktop/login1", "org.freedesktop.login1.Manager");
  offer (node, "/org/freedesktop/login1/session/1", "org.freedesktop.login1.Session");
  offer (node, "/org/freedesktop/PolicyKit1/Authority", "org.freedesktop.PolicyKit1.Authority");
  own ("org.freedesktop.login1");
  own ("org.freedesktop.PolicyKit1");
  g_assert_cmpint (g_mkdir (sound_dir, 0700), ==, 0);
  g_assert_true (g_file_set_contents (card, "", 0, NULL));
  g_setenv ("XDG_RUNTIME_DIR", dir, TRUE);
}

static void
machine_down (void)
{
  g_autofree gchar *card = g_build_filename (sound_dir, "pcmC0D0p", NULL);

  g_dbus_connection_close_sync (machine.connection, NULL, NULL);
  g_clear_object (&machine.connection);
  g_test_dbus_stop (machine.bus);
  g_clear_object (&machine.bus);
  g_remove (card);
  g_rmdir (sound_dir);
}

gint
main (gint argc, gchar **argv)
{
  static const Certificate certificates[] = {
    { "good.pem", "other.crt", FLOE_REASON_UNTRUSTED, "CN=good" },
    { "expired.pem", "ca.crt", FLOE_REASON_EXPIRED, "CN=expired" },
    { "name.pem", "ca.crt", FLOE_REASON_WRONG_NAME, "CN=name" },
    { "soon.pem", "ca.crt", FLOE_REASON_EXPIRES_SOON, "CN=soon" },
    { "good.pem", "none.crt", FLOE_REASON_CA_FILE, "none.crt" },
  };
  gint status;

  g_test_init (&argc, &argv, NULL);
  /* The look-out for a proxy would ask dconf, which ends the program when this test's bus goes. */
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  dir = fake_dir_new ();
  sound_dir = g_build_filename (dir, "snd", NULL);
  fake_make_ca (dir, "ca");
  fake_make_ca (dir, "other");
  fake_make_certificate (dir, "ca", "good", "DNS:localhost", 100);
  fake_make_certificate (dir, "ca", "soon", "DNS:localhost", 3);
  fake_make_certificate (dir, "ca", "expired", "DNS:localhost", -1);
  fake_make_certificate (dir, "ca", "name", "DNS:broker.example.com", 100);
  machine_up ();
  g_test_add_func ("/check/all-good", test_all_good);
  for (guint i = 0; i < G_N_ELEMENTS (certificates); i++)
    {
      g_autofree gchar *path =
          g_strdup_printf ("/check/certificate/%s/%s", certificates[i].pem, certificates[i].ca);

      g_test_add_data_func (path, &certificates[i], test_certificate);
    }
  g_test_add_func ("/check/no-tls", test_no_tls);
  g_test_add_func ("/check/clocks", test_clocks);
  g_test_add_func ("/check/no-name", test_no_name);
  g_test_add_func ("/check/no-server", test_no_server);
  g_test_add_func ("/check/closed-port", test_closed_port);
  g_test_add_func ("/check/answers", test_answers);
  g_test_add_func ("/check/garbage", test_garbage);
  g_test_add_func ("/check/machine", test_machine);
  g_test_add_func ("/check/sound-and-weight", test_sound_and_weight);
  status = g_test_run ();
  machine_down ();
  fake_dir_remove (dir);
  g_free (sound_dir);
  g_free (dir);
  return status;
}
