/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "api/error.h"
#include "client-fake.h"
#include "logs.h"
#include "terminal/fleet.h"
#include "terminal/keep.h"
#include "terminal/key.h"

#define FINGERPRINT "3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8550"
#define SECRET      "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
#define SECONDS     ((gint64)G_USEC_PER_SEC)
#define NOON        (G_GINT64_CONSTANT (1795426200) * SECONDS)

#define TRUST    "POST /api/v1/terminal/trust"
#define SETTINGS "GET /api/v1/terminal/settings?revision="
#define BEAT     "POST /api/v1/terminal/heartbeat"
#define UNLOCKED "POST /api/v1/terminal/unlocked"

/* A broker that signs. */
typedef struct
{
  gchar *dir;
  gnutls_privkey_t key;
  FloeTrust *trust;
  FakeBroker *fake;
  FloeBroker *broker;
  FloeFleet *fleet;
  guint n_settings;
  guint n_strange;
} Fixture;

static gchar *
public_half (gnutls_privkey_t key)
{
  gnutls_pubkey_t half;
  gnutls_datum_t x;
  gchar *text;

  gnutls_pubkey_init (&half);
  gnutls_pubkey_import_privkey (half, key, GNUTLS_KEY_DIGITAL_SIGNATURE, 0);
  gnutls_pubkey_export_ecc_raw2 (half, NULL, &x, NULL, 0);
  text = g_base64_encode (x.data, x.size);
  gnutls_free (x.data);
  gnutls_pubkey_deinit (half);
  return text;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeSecret) secret = floe_secret_new (SECRET, -1);
  g_autofree gchar *public = NULL;

  f->dir = fake_dir_new ();
  gnutls_privkey_init (&f->key);
  g_assert_cmpint (gnutls_privkey_generate (f->key, GNUTLS_PK_EDDSA_ED25519,
                                            GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_ED25519), 0),
                   ==, 0);
  public = public_half (f->key);
  f->trust = floe_trust_new ("lobby-1", public, secret);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  if (f->fleet != NULL)
    floe_fleet_stop (f->fleet);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&f->fleet);
  g_clear_object (&f->broker);
  g_clear_pointer (&f->fake, fake_broker_free);
  floe_trust_free (f->trust);
  gnutls_privkey_deinit (f->key);
  fake_dir_remove (f->dir);
  g_free (f->dir);
}

static gchar *
sign (Fixture *f, const gchar *text)
{
  g_autofree gchar *whole = g_strconcat ("floe terminal settings 1\n", text, NULL);
  const gnutls_datum_t data = { (guchar *)whole, (guint)strlen (whole) };
  gnutls_datum_t signature;
  gchar *encoded;

  g_assert_cmpint (
      gnutls_privkey_sign_data2 (f->key, GNUTLS_SIGN_EDDSA_ED25519, 0, &data, &signature), ==, 0);
  encoded = g_base64_encode (signature.data, signature.size);
  gnutls_free (signature.data);
  return encoded;
}

static gchar *
make_text (const gchar *terminal, gint64 revision, const gchar *settings)
{
  return g_strdup_printf ("{\"terminal\":\"%s\",\"revision\":%" G_GINT64_FORMAT
                          ",\"settings\":{%s}}",
                          terminal, revision, settings);
}

/* What is kept. */

static void
test_trust (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *path = g_build_filename (f->dir, "state", "terminal-trust", NULL);
  g_autofree gchar *dir = g_path_get_dirname (path);
  g_autoptr (FloeTrust) read = NULL;
  struct stat info;

  g_assert_null (floe_keep_read_trust (dir, FINGERPRINT));
  g_assert_true (floe_keep_write_trust (dir, FINGERPRINT, f->trust, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  read = floe_keep_read_trust (dir, FINGERPRINT);
  g_assert_cmpstr (read->name, ==, "lobby-1");
  g_assert_cmpstr (read->key, ==, f->trust->key);
  g_assert_cmpstr (floe_secret_get (read->secret, NULL), ==, SECRET);
  g_assert_null (floe_keep_read_trust (dir, "another"));
  /* What somebody else can read somebody else has read. */
  g_assert_cmpint (g_chmod (path, 0640), ==, 0);
  logs_expect ("*is not its owner's alone*");
  g_assert_null (floe_keep_read_trust (dir, FINGERPRINT));
  logs_assert_expected ();
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  g_assert_true (
      g_file_set_contents (path, "floe terminal trust 1\n" FINGERPRINT "\nlobby", -1, NULL));
  g_chmod (path, 0600);
  g_assert_null (floe_keep_read_trust (dir, FINGERPRINT));
}

static void
test_key (Fixture *f, gconstpointer data)
{
  g_autofree gchar *path = g_build_filename (f->dir, "terminal.pem", NULL);
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *fingerprint = NULL;
  gboolean made;

  g_assert_true (floe_terminal_key_make (path, &made, &error));
  g_assert_true (made);
  g_assert_true (floe_terminal_key_make (path, &made, &error));
  g_assert_false (made);
  certificate = g_tls_certificate_new_from_file (path, &error);
  g_assert_no_error (error);
  fingerprint = floe_fleet_fingerprint (certificate);
  g_assert_cmpuint (strlen (fingerprint), ==, 64);
}

/* Settings. */

static void
assert_refused (Fixture *f, const gchar *text, const gchar *signature, gint64 least,
                const gchar *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeTerminalSettings) settings =
      floe_terminal_settings_open (f->trust, text, signature, least, &error);

  g_assert_null (settings);
  g_assert_error (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_PROTOCOL);
  g_assert_cmpstr (floe_client_error_reason (error), ==, reason);
}

static void
test_settings (Fixture *f, gconstpointer data)
{
  g_autofree gchar *text =
      make_text ("lobby-1", 17,
                 "\"idle_minutes\":0,\"volume\":\"loud\",\"pool\":\"office\","
                 "\"login_parts\":[\"power\",7,\"network\"],\"colour\":\"red\"");
  g_autofree gchar *changed = make_text ("lobby-1", 18, "\"pool\":\"office\"");
  g_autofree gchar *other = make_text ("lobby-2", 17, "\"pool\":\"office\"");
  g_autofree gchar *signature = sign (f, text);
  g_autofree gchar *of_other = sign (f, other);
  g_autofree gchar *of_list = sign (f, "[]");
  g_autofree gchar *of_none = sign (f, "{\"terminal\":\"lobby-1\"}");
  g_autoptr (FloeTerminalSettings) settings =
      floe_terminal_settings_open (f->trust, text, signature, 17, NULL);

  g_assert_nonnull (settings);
  g_assert_cmpint (settings->revision, ==, 17);
  g_assert_cmpint (settings->idle_minutes, ==, 0);
  g_assert_cmpint (settings->volume, ==, -1);
  g_assert_cmpstr (settings->pool, ==, "office");
  g_assert_cmpstr (settings->login_parts[1], ==, "network");
  g_assert_null (settings->login_parts[2]);
  g_assert_null (settings->language);
  assert_refused (f, text, signature, 18, "older");
  assert_refused (f, changed, signature, 0, "forged");
  assert_refused (f, text, "", 0, "forged");
  assert_refused (f, text, "c2lnbmF0dXJl", 0, "forged");
  assert_refused (f, other, of_other, 0, "other-terminal");
  assert_refused (f, "[]", of_list, 0, "malformed");
  assert_refused (f, "{\"terminal\":\"lobby-1\"}", of_none, 0, "malformed");
}

static void
test_kept (Fixture *f, gconstpointer data)
{
  g_autofree gchar *text = make_text ("lobby-1", 17, "\"unlock\":\"never\"");
  g_autofree gchar *signature = sign (f, text);
  g_autofree gchar *path = g_build_filename (f->dir, "terminal-settings", NULL);
  g_autofree gchar *contents = NULL;
  g_autoptr (FloeTerminalSettings) kept = NULL;
  gchar *at;

  g_assert_null (floe_terminal_settings_load (f->dir, f->trust));
  g_assert_true (floe_terminal_settings_save (f->dir, text, signature, NULL));
  kept = floe_terminal_settings_load (f->dir, f->trust);
  g_assert_cmpstr (kept->unlock, ==, "never");
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  at = strstr (contents, "never");
  memcpy (at, "end\" ", 5);
  at[4] = ' ';
  g_assert_true (g_file_set_contents (path, contents, -1, NULL));
  g_chmod (path, 0600);
  logs_expect ("*this terminal's broker did not sign them*");
  g_assert_null (floe_terminal_settings_load (f->dir, f->trust));
  logs_assert_expected ();
  floe_terminal_settings_forget (f->dir);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* The way out. */

/* As the broker makes it. */
static gchar *
right_code (const FloeUnlock *unlock)
{
  gchar code[9];
  char *bytes;
  size_t length;

  g_assert_cmpint (oath_base32_decode (SECRET, strlen (SECRET), &bytes, &length), ==, OATH_OK);
  g_assert_cmpint (
      oath_hotp_generate (bytes, length,
                          g_ascii_strtoull (floe_unlock_get_challenge (unlock), NULL, 10), 8, FALSE,
                          OATH_HOTP_DYNAMIC_TRUNCATION, code),
      ==, OATH_OK);
  free (bytes);
  return g_strdup (code);
}

static gchar *
wrong_code (const FloeUnlock *unlock)
{
  gchar *code = right_code (unlock);

  code[0] = code[0] == '9' ? '0' : (gchar)(code[0] + 1);
  return code;
}

static FloeUnlockOutcome
try (Fixture *f, FloeUnlock *unlock, gboolean right, gint64 now)
{
  g_autofree gchar *code = right ? right_code (unlock) : wrong_code (unlock);

  return floe_unlock_try (unlock, f->trust->secret, code, now);
}

static void
test_unlock (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeUnlock) unlock = floe_unlock_new (f->dir);
  g_autofree gchar *challenge = g_strdup (floe_unlock_get_challenge (unlock));
  g_autofree gchar *code = right_code (unlock);
  g_autofree gchar *typed = g_strdup_printf (" %.4s-%s ", code, code + 4);
  gint64 at;

  g_assert_cmpuint (strlen (challenge), ==, 10);
  g_assert_null (floe_unlock_get_used (unlock, &at));
  g_assert_cmpint (floe_unlock_try (unlock, f->trust->secret, typed, NOON), ==, FLOE_UNLOCK_RIGHT);
  g_assert_cmpstr (floe_unlock_get_used (unlock, &at), ==, challenge);
  g_assert_cmpint (at, ==, NOON);
  /* It is used now. */
  g_assert_cmpstr (floe_unlock_get_challenge (unlock), !=, challenge);
  g_assert_cmpint (floe_unlock_try (unlock, f->trust->secret, code, NOON), ==, FLOE_UNLOCK_WRONG);
  g_clear_pointer (&unlock, floe_unlock_free);
  unlock = floe_unlock_new (f->dir);
  g_assert_cmpstr (floe_unlock_get_used (unlock, &at), ==, challenge);
  floe_unlock_forget_used (unlock);
  g_clear_pointer (&unlock, floe_unlock_free);
  unlock = floe_unlock_new (f->dir);
  g_assert_null (floe_unlock_get_used (unlock, &at));
}

static void
test_pauses (Fixture *f, gconstpointer data)
{
  static const guint pauses[] = { 30, 60, 120, 240, 480, 960, 1920, 3600, 3600 };
  g_autoptr (FloeUnlock) unlock = floe_unlock_new (f->dir);
  gint64 now = NOON;

  for (guint i = 0; i < G_N_ELEMENTS (pauses); i++)
    {
      g_autofree gchar *challenge = g_strdup (floe_unlock_get_challenge (unlock));

      g_assert_cmpint (try (f, unlock, FALSE, now), ==, FLOE_UNLOCK_WRONG);
      g_assert_cmpstr (floe_unlock_get_challenge (unlock), ==, challenge);
      g_assert_cmpint (try (f, unlock, FALSE, now), ==, FLOE_UNLOCK_WRONG);
      /* Whoever pulls the plug gains nothing. */
      g_clear_pointer (&unlock, floe_unlock_free);
      unlock = floe_unlock_new (f->dir);
      g_assert_cmpint (try (f, unlock, FALSE, now), ==, FLOE_UNLOCK_WRONG);
      g_assert_cmpuint (floe_unlock_get_pause (unlock, now), ==, pauses[i]);
      g_assert_cmpint (try (f, unlock, TRUE, now), ==, FLOE_UNLOCK_PAUSED);
      g_clear_pointer (&unlock, floe_unlock_free);
      unlock = floe_unlock_new (f->dir);
      now += pauses[i] * SECONDS;
      g_assert_cmpint (try (f, unlock, TRUE, now - 1), ==, FLOE_UNLOCK_PAUSED);
    }
  /* A clock that was set back. */
  g_assert_cmpuint (floe_unlock_get_pause (unlock, 0), ==, 3600);
  g_assert_cmpint (floe_unlock_try (unlock, f->trust->secret, "1234567", now), ==,
                   FLOE_UNLOCK_WRONG);
  g_assert_cmpint (floe_unlock_try (unlock, f->trust->secret, "123456789", now), ==,
                   FLOE_UNLOCK_WRONG);
  g_assert_cmpint (try (f, unlock, TRUE, now), ==, FLOE_UNLOCK_RIGHT);
  g_assert_cmpuint (floe_unlock_get_pause (unlock, now), ==, 0);
}

/* With a broker. */

static void
on_settings (FloeFleet *fleet, Fixture *f)
{
  f->n_settings++;
}

static void
on_stranger (FloeFleet *fleet, Fixture *f)
{
  f->n_strange++;
}

static void
begin (Fixture *f)
{
  f->fleet = floe_fleet_new (f->broker, FINGERPRINT, f->dir);
  g_signal_connect (f->fleet, "settings", G_CALLBACK (on_settings), f);
  g_signal_connect (f->fleet, "stranger", G_CALLBACK (on_stranger), f);
  floe_fleet_start (f->fleet);
}

static void
end (Fixture *f)
{
  floe_fleet_stop (f->fleet);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&f->fleet);
}

static void
set_up_fleet (Fixture *f, gconstpointer data)
{
  g_autofree gchar *url = NULL;
  g_autofree gchar *trust = NULL;

  set_up (f, data);
  f->fake = fake_broker_new ();
  url = fake_broker_url (f->fake);
  f->broker = floe_broker_new (url, NULL, NULL);
  trust = g_strdup_printf ("{\"name\":\"lobby-1\",\"key\":\"%s\",\"secret\":\"" SECRET "\"}",
                           f->trust->key);
  fake_broker_answer (f->fake, TRUST, 201, "application/json", trust);
}

static void
offer (Fixture *f, gint64 has, gint64 revision, const gchar *settings)
{
  g_autofree gchar *route = g_strdup_printf (SETTINGS "%" G_GINT64_FORMAT, has);
  g_autofree gchar *text = make_text ("lobby-1", revision, settings);
  g_autofree gchar *signature = sign (f, text);
  g_autofree gchar *escaped = g_strescape (text, NULL);
  g_autofree gchar *body =
      g_strdup_printf ("{\"revision\":%" G_GINT64_FORMAT ",\"signed\":\"%s\",\"signature\":\"%s\"}",
                       revision, escaped, signature);

  fake_broker_answer (f->fake, route, 200, "application/json", body);
}

static void
answer_beats (Fixture *f, gint64 revision)
{
  g_autofree gchar *body =
      g_strdup_printf ("{\"revision\":%" G_GINT64_FORMAT ",\"next_seconds\":10}", revision);

  fake_broker_answer (f->fake, BEAT, 200, "application/json", body);
}

static void
wait_for (Fixture *f, const gchar *route, guint n)
{
  while (fake_broker_n_requests (f->fake, route) < n)
    g_main_context_iteration (NULL, TRUE);
  for (guint calm = 0; calm < 20; calm++)
    {
      while (g_main_context_iteration (NULL, FALSE))
        calm = 0;
      g_usleep (1000);
    }
}

static void
test_first_start (Fixture *f, gconstpointer data)
{
  static const gchar *const monitors[] = { "1920x1080", NULL };
  const gchar *body;

  offer (f, 0, 17, "\"pool\":\"office\"");
  answer_beats (f, 17);
  f->fleet = floe_fleet_new (f->broker, FINGERPRINT, f->dir);
  g_signal_connect (f->fleet, "settings", G_CALLBACK (on_settings), f);
  floe_fleet_set_monitors (f->fleet, monitors);
  floe_fleet_set_problem (f->fleet, "a cable\nwas out");
  g_assert_false (floe_fleet_can_unlock (f->fleet));
  floe_fleet_start (f->fleet);
  wait_for (f, BEAT, 1);
  g_assert_true (floe_fleet_can_unlock (f->fleet));
  g_assert_cmpuint (f->n_settings, ==, 1);
  g_assert_cmpstr (floe_fleet_get_settings (f->fleet)->pool, ==, "office");
  body = fake_broker_last (f->fake, BEAT)->body;
  g_assert_nonnull (strstr (body, "\"version\":\"" FLOE_VERSION "\""));
  g_assert_nonnull (strstr (body, "\"monitors\":[\"1920x1080\"]"));
  g_assert_nonnull (strstr (body, "\"problem\":\"a cable was out\""));
  g_assert_nonnull (strstr (body, "\"revision\":17"));
}

/* What is kept is used at once, and where nobody answers. */
static void
test_without_network (Fixture *f, gconstpointer data)
{
  offer (f, 0, 17, "\"pool\":\"office\"");
  answer_beats (f, 17);
  begin (f);
  wait_for (f, BEAT, 1);
  end (f);
  fake_broker_deaf (f->fake);
  f->n_settings = 0;
  begin (f);
  g_assert_cmpuint (f->n_settings, ==, 1);
  g_assert_cmpstr (floe_fleet_get_settings (f->fleet)->pool, ==, "office");
  g_assert_true (floe_fleet_can_unlock (f->fleet));
}

/* A heartbeat tells of newer ones; older ones and forged ones are not taken. */
static void
test_newer (Fixture *f, gconstpointer data)
{
  offer (f, 0, 17, "\"pool\":\"office\"");
  offer (f, 17, 18, "\"unlock\":\"never\"");
  offer (f, 18, 16, "\"unlock\":\"end\"");
  answer_beats (f, 18);
  begin (f);
  wait_for (f, BEAT, 2);
  g_assert_cmpint (floe_fleet_get_settings (f->fleet)->revision, ==, 18);
  g_assert_null (floe_fleet_get_settings (f->fleet)->pool);
  g_assert_false (floe_fleet_can_unlock (f->fleet));
  g_assert_cmpuint (f->n_settings, ==, 2);
  end (f);
  begin (f);
  wait_for (f, SETTINGS "18", 1);
  g_assert_cmpint (floe_fleet_get_settings (f->fleet)->revision, ==, 18);
  g_assert_cmpint (f->n_settings, ==, 3);
}

static void
test_stranger (Fixture *f, gconstpointer data)
{
  offer (f, 0, 17, "");
  fake_broker_answer_file (f->fake, BEAT, 404, "problem-unknown-terminal.json");
  begin (f);
  wait_for (f, BEAT, 1);
  g_assert_cmpuint (f->n_strange, ==, 1);
}

static void
test_unlocked (Fixture *f, gconstpointer data)
{
  g_autofree gchar *challenge = NULL;
  g_autofree gchar *code = NULL;
  gint64 at;

  offer (f, 0, 17, "");
  answer_beats (f, 17);
  fake_broker_answer (f->fake, UNLOCKED, 204, NULL, NULL);
  begin (f);
  wait_for (f, BEAT, 1);
  challenge = g_strdup (floe_unlock_get_challenge (floe_fleet_get_unlock (f->fleet)));
  code = right_code (floe_fleet_get_unlock (f->fleet));
  g_assert_cmpint (floe_fleet_unlock (f->fleet, "00"), ==, FLOE_UNLOCK_WRONG);
  g_assert_cmpint (floe_fleet_unlock (f->fleet, code), ==, FLOE_UNLOCK_RIGHT);
  wait_for (f, UNLOCKED, 1);
  g_assert_nonnull (strstr (fake_broker_last (f->fake, UNLOCKED)->body, challenge));
  g_assert_null (floe_unlock_get_used (floe_fleet_get_unlock (f->fleet), &at));
}

#define ADD(path, func)       g_test_add (path, Fixture, NULL, set_up, func, tear_down)
#define ADD_FLEET(path, func) g_test_add (path, Fixture, NULL, set_up_fleet, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ADD ("/terminal/trust", test_trust);
  ADD ("/terminal/key", test_key);
  ADD ("/terminal/settings", test_settings);
  ADD ("/terminal/kept", test_kept);
  ADD ("/terminal/unlock", test_unlock);
  ADD ("/terminal/pauses", test_pauses);
  ADD_FLEET ("/terminal/fleet/first-start", test_first_start);
  ADD_FLEET ("/terminal/fleet/without-network", test_without_network);
  ADD_FLEET ("/terminal/fleet/newer", test_newer);
  ADD_FLEET ("/terminal/fleet/stranger", test_stranger);
  ADD_FLEET ("/terminal/fleet/unlocked", test_unlocked);
  return g_test_run ();
}
