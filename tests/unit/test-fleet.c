/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/helpdesk-settings.h"
#include "core/helpdesk-terminals.h"
#include "house.h"
#include "logs.h"

#define LOBBY     "192.0.2.20"
#define CERT1     "1111111111111111111111111111111111111111111111111111111111111111"
#define CERT2     "2222222222222222222222222222222222222222222222222222222222222222"
#define CHALLENGE "4829137701"

typedef struct
{
  gboolean done;
  gpointer value;
  GError *error;
} Reply;

static gpointer
await (House *house, Reply *reply, GError **error)
{
  house_settle (house);
  g_assert_true (reply->done);
  if (reply->error != NULL)
    g_propagate_error (error, reply->error);
  return reply->value;
}

static FloeIdentity *
staff (void)
{
  g_autoptr (FloeUser) user = floe_user_new ("uuid-otto", "otto", NULL, NULL);
  g_autoptr (FloeCaller) caller = floe_caller_new ("192.0.2.9", NULL, NULL);

  return floe_identity_new (user, FLOE_ROLE_OPERATOR, "login-otto", caller);
}

/* A terminal that has a certificate, without the way there. */
static gpointer
add_row (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_put_terminal (tx, input, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static void
add (House *house, const gchar *name, const gchar *groups, const gchar *fingerprint)
{
  g_autoptr (FloeTerminal) terminal = floe_terminal_new (name);
  g_autoptr (GError) error = NULL;

  g_strfreev (terminal->groups);
  terminal->groups = g_strsplit (groups, ",", -1);
  terminal->fingerprint = g_strdup (fingerprint);
  house_write (house, add_row, terminal, &error);
  g_assert_no_error (error);
}

static void
on_put_terminal (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;
  g_autoptr (FloeTerminal) G_GNUC_UNUSED terminal =
      floe_helpdesk_put_terminal_finish (FLOE_HELPDESK (source), result, &reply->error);

  reply->done = TRUE;
}

static void
regroup (House *house, const gchar *name, const gchar *groups)
{
  g_autoptr (FloeIdentity) actor = staff ();
  g_autoptr (FloeTerminal) terminal = floe_terminal_new (name);
  g_autoptr (GError) error = NULL;
  Reply reply = { 0 };

  g_strfreev (terminal->groups);
  terminal->groups = g_strsplit (groups, ",", -1);
  floe_helpdesk_put_terminal_async (house->helpdesk, actor, terminal, on_put_terminal, &reply);
  await (house, &reply, &error);
  g_assert_no_error (error);
}

/* What a terminal asks. */

static void
on_trusted (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_fleet_trust_finish (FLOE_FLEET (source), result, &reply->error);
  reply->done = TRUE;
}

static FloeTrust *
try_trust (House *house, FloeFleet *fleet, const gchar *fingerprint, GError **error)
{
  g_autoptr (FloeCaller) caller = floe_caller_new (LOBBY, fingerprint, "request-1");
  Reply reply = { 0 };

  floe_fleet_trust_async (fleet, caller, on_trusted, &reply);
  return await (house, &reply, error);
}

static FloeTrust *
trust (House *house, const gchar *fingerprint)
{
  g_autoptr (GError) error = NULL;
  FloeTrust *given = try_trust (house, house->fleet, fingerprint, &error);

  g_assert_no_error (error);
  return given;
}

static void
assert_no_trust (House *house, FloeFleet *fleet, const gchar *fingerprint, const gchar *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeTrust) given = try_trust (house, fleet, fingerprint, &error);

  g_assert_null (given);
  g_assert_cmpstr (floe_error_reason (error), ==, reason);
}

static void
on_viewed (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_fleet_view_finish (FLOE_FLEET (source), result, &reply->error);
  reply->done = TRUE;
}

static FloeTerminalView *
view (House *house, const gchar *fingerprint, GError **error)
{
  g_autoptr (FloeCaller) caller = floe_caller_new (LOBBY, fingerprint, "request-1");
  Reply reply = { 0 };

  floe_fleet_view_async (house->fleet, caller, NULL, on_viewed, &reply);
  return await (house, &reply, error);
}

/* Returns: the revision */
static gint64
assert_view (House *house, const gchar *fingerprint, const gchar *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeTerminalView) got = view (house, fingerprint, &error);
  g_autofree gchar *text = NULL;

  g_assert_no_error (error);
  text = g_variant_print (got->values, FALSE);
  g_assert_cmpstr (text, ==, wanted);
  return got->revision;
}

/* What the staff sets. */

static void
on_put (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_helpdesk_put_settings_finish (FLOE_HELPDESK (source), result, &reply->error);
  reply->done = TRUE;
}

static FloeSettingsReport *
try_put (House *house, const gchar *group, const gchar *name, gint64 revision, const gchar *values,
         GError **error)
{
  g_autoptr (FloeIdentity) actor = staff ();
  g_autoptr (FloeTerminalSettings) settings =
      floe_terminal_settings_new (group != NULL, group != NULL ? group : name);
  Reply reply = { 0 };

  settings->revision = revision;
  floe_terminal_settings_take (settings,
                               g_variant_parse (G_VARIANT_TYPE_VARDICT, values, NULL, NULL, NULL));
  floe_helpdesk_put_settings_async (house->helpdesk, actor, settings, on_put, &reply);
  return await (house, &reply, error);
}

/* Returns: the revision of what is set there now */
static gint64
put (House *house, const gchar *group, const gchar *name, gint64 revision, const gchar *values)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeSettingsReport) report = try_put (house, group, name, revision, values, &error);

  g_assert_no_error (error);
  return report->own->revision;
}

/* Cases. */

static void
test_trust (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeTrust) first = NULL;
  g_autoptr (FloeTrust) second = NULL;
  g_autoptr (FloeTrust) later = NULL;
  g_autoptr (FloeFleet) keyless = floe_fleet_new (house->counted, FLOE_CLOCK (house->clock), NULL);
  g_autofree guchar *key = NULL;
  gsize length;

  add (house, "lobby-1", "", CERT1);
  add (house, "lobby-2", "", CERT2);
  assert_no_trust (house, house->fleet, NULL, "no-certificate");
  assert_no_trust (house, house->fleet, CERT1 "0", "unknown-terminal");
  assert_no_trust (house, keyless, CERT1, "no-terminal-key");
  first = trust (house, CERT1);
  g_assert_cmpstr (first->name, ==, "lobby-1");
  key = g_base64_decode (first->key, &length);
  g_assert_cmpuint (length, ==, 32);
  g_assert_cmpuint (strlen (floe_secret_get (first->secret, NULL)), ==, 32);
  second = trust (house, CERT2);
  g_assert_cmpstr (second->key, ==, first->key);
  g_assert_cmpstr (floe_secret_get (second->secret, NULL), !=,
                   floe_secret_get (first->secret, NULL));
  g_assert_cmpuint (house_count_audit (house, "terminal-trust", "done"), ==, 2);
  g_clear_object (&keyless);
  /* Another broker of that store, or the same one later. */
  house_crash (house);
  house_start (house);
  later = trust (house, CERT1);
  g_assert_cmpstr (later->key, ==, first->key);
  g_assert_cmpstr (floe_secret_get (later->secret, NULL), !=,
                   floe_secret_get (first->secret, NULL));
}

static void
test_layers (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeTrust) given = NULL;
  gint64 all, floor, own;

  add (house, "lobby-1", "floor,public", CERT1);
  given = trust (house, CERT1);
  g_assert_cmpint (assert_view (house, CERT1, "{}"), ==, 0);
  all = put (house, "all", NULL, 0, "{'volume': <int64 10>, 'language': <'de'>}");
  g_assert_cmpint (all, >=, floe_clock_now (FLOE_CLOCK (house->clock)) / G_USEC_PER_SEC);
  g_assert_cmpint (assert_view (house, CERT1, "{'language': <'de'>, 'volume': <int64 10>}"), ==,
                   all);
  floor = put (house, "floor", NULL, 0, "{'volume': <int64 20>}");
  g_assert_cmpint (floor, >, all);
  g_assert_cmpint (assert_view (house, CERT1, "{'language': <'de'>, 'volume': <int64 20>}"), ==,
                   floor);
  put (house, "public", NULL, 0, "{'volume': <int64 30>}");
  put (house, "elsewhere", NULL, 0, "{'volume': <int64 99>}");
  assert_view (house, CERT1, "{'language': <'de'>, 'volume': <int64 30>}");
  own = put (house, NULL, "lobby-1", 0, "{'language': <'ja'>}");
  g_assert_cmpint (assert_view (house, CERT1, "{'language': <'ja'>, 'volume': <int64 30>}"), ==,
                   own);
  g_assert_cmpuint (house_count_audit (house, "terminal-settings", "done"), ==, 5);
}

/* Whatever changes, what a terminal is told is younger than what it was told before. */
static void
test_revisions (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeTrust) given = NULL;
  gint64 before, after;

  add (house, "lobby-1", "floor,public", CERT1);
  given = trust (house, CERT1);
  put (house, "floor", NULL, 0, "{'volume': <int64 20>}");
  before = put (house, "public", NULL, 0, "{'volume': <int64 30>}");
  regroup (house, "lobby-1", "floor");
  after = assert_view (house, CERT1, "{'volume': <int64 20>}");
  g_assert_cmpint (after, >, before);
  before = after;
  after = put (house, NULL, "lobby-1", after, "{'unlock': <'never'>}");
  g_assert_cmpint (after, >, before);
  before = after;
  after = put (house, NULL, "lobby-1", before, "{}");
  g_assert_cmpint (after, >, before);
  g_assert_cmpint (assert_view (house, CERT1, "{'volume': <int64 20>}"), ==, after);
  /* Nothing changed, nothing is new. */
  regroup (house, "lobby-1", "floor");
  g_assert_cmpint (put (house, NULL, "lobby-1", after, "{}"), ==, after);
  g_assert_cmpint (assert_view (house, CERT1, "{'volume': <int64 20>}"), ==, after);
}

static void
test_refused (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (GError) late = NULL;
  g_autoptr (GError) unknown = NULL;
  g_autoptr (GError) wrong = NULL;
  gint64 first = put (house, "floor", NULL, 0, "{'volume': <int64 20>}");

  g_assert_null (try_put (house, "floor", NULL, 0, "{}", &late));
  g_assert_error (late, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_cmpstr (floe_error_reason (late), ==, "changed-meanwhile");
  g_assert_null (try_put (house, NULL, "nobody", 0, "{}", &unknown));
  g_assert_error (unknown, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  g_assert_null (try_put (house, "floor", NULL, first, "{'volume': <int64 200>}", &wrong));
  g_assert_error (wrong, FLOE_ERROR, FLOE_ERROR_INVALID);
  g_assert_cmpuint (house_count_audit (house, "terminal-settings", "done"), ==, 1);
}

static gboolean
verify (const gchar *key, const gchar *text, const gchar *signature)
{
  g_autoptr (GString) whole = g_string_new (FLOE_SETTINGS_PURPOSE "\n");
  gnutls_datum_t x, data, by;
  gnutls_pubkey_t public;
  gsize key_length, by_length;
  g_autofree guchar *key_bytes = g_base64_decode (key, &key_length);
  g_autofree guchar *by_bytes = g_base64_decode (signature, &by_length);
  int status;

  g_string_append (whole, text);
  x = (gnutls_datum_t){ key_bytes, (guint)key_length };
  by = (gnutls_datum_t){ by_bytes, (guint)by_length };
  data = (gnutls_datum_t){ (guchar *)whole->str, (guint)whole->len };
  g_assert_cmpint (gnutls_pubkey_init (&public), ==, 0);
  g_assert_cmpint (gnutls_pubkey_import_ecc_raw (public, GNUTLS_ECC_CURVE_ED25519, &x, NULL), ==,
                   0);
  status = gnutls_pubkey_verify_data2 (public, GNUTLS_SIGN_EDDSA_ED25519, 0, &data, &by);
  gnutls_pubkey_deinit (public);
  return status >= 0;
}

static void
test_signature (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeSecret) text = floe_secret_new ("{\"terminal\":\"lobby-1\"}", -1);
  g_autoptr (FloeTrust) given = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *signature = NULL;

  add (house, "lobby-1", "", CERT1);
  g_assert_null (view (house, CERT1, &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "no-trust");
  given = trust (house, CERT1);
  /* After a restart, the first thing that needs the key. */
  house_crash (house);
  house_start (house);
  assert_view (house, CERT1, "{}");
  signature = floe_fleet_sign (house->fleet, text, NULL);
  g_assert_true (verify (given->key, floe_secret_get (text, NULL), signature));
  g_assert_false (verify (given->key, "{\"terminal\":\"lobby-2\"}", signature));
}

/* How terminals are. */

static void
on_beaten (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;
  g_autoptr (FloeTerminalView) got =
      floe_fleet_beat_finish (FLOE_FLEET (source), result, &reply->error);

  reply->value = got != NULL ? GINT_TO_POINTER (1 + (gint)got->revision) : NULL;
  reply->done = TRUE;
}

static gboolean
beat (House *house, const gchar *fingerprint, const gchar *problem, GError **error)
{
  g_autoptr (FloeCaller) caller = floe_caller_new (LOBBY, fingerprint, "request-1");
  g_autoptr (FloeTerminalReport) report = floe_terminal_report_new ();
  Reply reply = { 0 };

  report->version = g_strdup ("0.1.0");
  report->uptime = 60;
  report->problem = g_strdup (problem);
  g_strfreev (report->monitors);
  report->monitors = g_strsplit ("1920x1080,1280x1024", ",", -1);
  floe_fleet_beat_async (house->fleet, caller, report, NULL, on_beaten, &reply);
  return await (house, &reply, error) != NULL;
}

static void
on_got (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_helpdesk_get_terminal_finish (FLOE_HELPDESK (source), result, &reply->error);
  reply->done = TRUE;
}

static FloeTerminal *
get (House *house, const gchar *name)
{
  g_autoptr (FloeIdentity) actor = staff ();
  g_autoptr (GError) error = NULL;
  Reply reply = { 0 };
  FloeTerminal *terminal;

  floe_helpdesk_get_terminal_async (house->helpdesk, actor, name, NULL, on_got, &reply);
  terminal = await (house, &reply, &error);
  g_assert_no_error (error);
  return terminal;
}

static void
assert_state (House *house, const gchar *name, FloeTerminalState state, const gchar *problem)
{
  g_autoptr (FloeTerminal) terminal = get (house, name);

  g_assert_cmpint (terminal->state, ==, state);
  g_assert_cmpstr (terminal->report != NULL ? terminal->report->problem : NULL, ==, problem);
}

static gpointer
count (FloeTx *tx, gconstpointer input, GError **error)
{
  gint64 *counts = g_new0 (gint64, FLOE_N_TERMINAL_STATES);

  g_assert_true (floe_tx_count_terminals (tx, *(const gint64 *)input, counts, error));
  return counts;
}

static void
assert_counts (House *house, gint64 new, gint64 online, gint64 silent)
{
  gint64 now = floe_clock_now (FLOE_CLOCK (house->clock));
  g_autofree gint64 *counts = house_write (house, count, &now, NULL);

  g_assert_cmpint (counts[FLOE_TERMINAL_NEW], ==, new);
  g_assert_cmpint (counts[FLOE_TERMINAL_ONLINE], ==, online);
  g_assert_cmpint (counts[FLOE_TERMINAL_SILENT], ==, silent);
}

static void
test_reports (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeTerminal) terminal = NULL;

  assert_counts (house, 0, 0, 0);
  add (house, "lobby-1", "", CERT1);
  add (house, "lobby-2", "", CERT2);
  add (house, "lobby-3", "", NULL);
  assert_state (house, "lobby-1", FLOE_TERMINAL_SILENT, NULL);
  assert_state (house, "lobby-3", FLOE_TERMINAL_NEW, NULL);
  g_assert_true (beat (house, CERT1, "first", NULL));
  g_assert_true (beat (house, CERT1, "second", NULL));
  assert_state (house, "lobby-1", FLOE_TERMINAL_SILENT, NULL); /* not written yet */
  house_advance (house, 15);
  assert_state (house, "lobby-1", FLOE_TERMINAL_ONLINE, "second");
  assert_counts (house, 1, 1, 1);
  terminal = get (house, "lobby-1");
  g_assert_cmpstr (terminal->report->address, ==, LOBBY);
  g_assert_cmpstr (terminal->report->version, ==, "0.1.0");
  g_assert_cmpstr (terminal->report->monitors[1], ==, "1280x1024");
  g_assert_cmpint (terminal->seen, ==, terminal->report->at);
  house_advance (house, FLOE_TERMINAL_SILENT_SECONDS);
  assert_state (house, "lobby-1", FLOE_TERMINAL_SILENT, "second");
  assert_counts (house, 1, 0, 2);
  /* A change of the terminal keeps it, and a broker that stops writes what it has. */
  g_assert_true (beat (house, CERT1, NULL, NULL));
  floe_fleet_stop (house->fleet);
  regroup (house, "lobby-1", "floor");
  assert_state (house, "lobby-1", FLOE_TERMINAL_ONLINE, NULL);
  g_assert_false (beat (house, CERT2 "0", NULL, &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "unknown-terminal");
}

/* The way out. */

static void
on_unlocked (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_fleet_unlock_finish (FLOE_FLEET (source), result, &reply->error);
  reply->done = TRUE;
}

static FloeSecret *
unlock (House *house, const gchar *name, const gchar *challenge, GError **error)
{
  g_autoptr (FloeIdentity) actor = staff ();
  Reply reply = { 0 };

  floe_fleet_unlock_async (house->fleet, actor, name, challenge, on_unlocked, &reply);
  return await (house, &reply, error);
}

static void
assert_no_code (House *house, const gchar *name, const gchar *challenge, FloeError code,
                const gchar *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeSecret) made = unlock (house, name, challenge, &error);

  g_assert_null (made);
  g_assert_error (error, FLOE_ERROR, (gint)code);
  g_assert_cmpstr (floe_error_reason (error), ==, reason);
}

/* What the terminal makes of it by itself. */
static gchar *
make_code (const FloeSecret *secret, guint64 challenge)
{
  gchar code[9];
  char *bytes;
  size_t length;

  g_assert_cmpint (oath_base32_decode (floe_secret_get (secret, NULL), 32, &bytes, &length), ==,
                   OATH_OK);
  g_assert_cmpint (
      oath_hotp_generate (bytes, length, challenge, 8, FALSE, OATH_HOTP_DYNAMIC_TRUNCATION, code),
      ==, OATH_OK);
  free (bytes);
  return g_strdup (code);
}

static void
on_noted (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value =
      GINT_TO_POINTER (floe_fleet_unlocked_finish (FLOE_FLEET (source), result, &reply->error));
  reply->done = TRUE;
}

static void
assert_trail (House *house, const gchar *action, const gchar *actor, const gchar *detail)
{
  g_autoptr (GPtrArray) rows = house_audit (house);

  for (guint i = 0; i < rows->len; i++)
    {
      const FloeAudit *row = rows->pdata[i];

      if (strcmp (row->action, action) != 0)
        continue;
      g_assert_cmpstr (row->actor, ==, actor);
      g_assert_cmpstr (row->object, ==, "lobby-1");
      g_assert_cmpstr (row->detail, ==, detail);
      return;
    }
  g_assert_not_reached ();
}

static void
test_unlock (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeCaller) caller = floe_caller_new (LOBBY, CERT1, "request-1");
  g_autoptr (FloeTrust) given = NULL;
  g_autoptr (FloeTrust) newer = NULL;
  g_autoptr (FloeSecret) code = NULL;
  g_autoptr (FloeSecret) other = NULL;
  g_autofree gchar *wanted = NULL;
  Reply reply = { 0 };

  add (house, "lobby-1", "", CERT1);
  assert_no_code (house, "lobby-1", CHALLENGE, FLOE_ERROR_CONFLICT, "no-unlock-secret");
  given = trust (house, CERT1);
  assert_no_code (house, "lobby-1", "482913770", FLOE_ERROR_INVALID, NULL);
  assert_no_code (house, "lobby-1", "482913770x", FLOE_ERROR_INVALID, NULL);
  assert_no_code (house, "nobody", CHALLENGE, FLOE_ERROR_NOT_FOUND, NULL);
  g_assert_cmpuint (house_count_audit (house, "terminal-unlock", "done"), ==, 0);
  code = unlock (house, "lobby-1", CHALLENGE, NULL);
  wanted = make_code (given->secret, 4829137701u);
  g_assert_cmpstr (floe_secret_get (code, NULL), ==, wanted);
  assert_trail (house, "terminal-unlock", "otto", "challenge " CHALLENGE);
  newer = trust (house, CERT1);
  other = unlock (house, "lobby-1", CHALLENGE, NULL);
  g_assert_cmpstr (floe_secret_get (other, NULL), !=, wanted);
  floe_fleet_unlocked_async (house->fleet, caller, CHALLENGE, 60, on_noted, &reply);
  g_assert_nonnull (await (house, &reply, NULL));
  assert_trail (house, "terminal-unlocked", "terminal:lobby-1",
                "challenge " CHALLENGE ", 60 s ago");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/fleet/trust", test_trust);
  g_test_add_func ("/fleet/layers", test_layers);
  g_test_add_func ("/fleet/revisions", test_revisions);
  g_test_add_func ("/fleet/refused", test_refused);
  g_test_add_func ("/fleet/signature", test_signature);
  g_test_add_func ("/fleet/reports", test_reports);
  g_test_add_func ("/fleet/unlock", test_unlock);
  return g_test_run ();
}
