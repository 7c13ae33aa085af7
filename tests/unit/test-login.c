/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "house.h"
#include "login/login-token.h"
#include "logs.h"

#include <string.h>

static gboolean
is_alive (House *house, FloeSecret *token)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeIdentity) identity = house_present (house, token, &error);

  if (identity == NULL)
    {
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
      g_assert_cmpstr (floe_error_reason (error), ==, "expired-token");
    }
  return identity != NULL;
}

static void
set_console (House *house, FloeChannelEvent event)
{
  floe_manager_emit_channel (FLOE_MANAGER (house->manager), "id-office-1", event, "192.0.2.1:1000");
  house_advance (house, 3);
}

static void
test_grant (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) helen = house_enter (house, "helen");
  gsize length;

  g_assert_true (g_str_has_prefix (floe_secret_get (alice->token, &length), "flt_"));
  g_assert_cmpuint (length, ==, 47);
  g_assert_cmpint (alice->identity->roles, ==, FLOE_ROLE_USER);
  g_assert_cmpint (helen->identity->roles, ==, FLOE_ROLE_ADMIN);
  g_assert_cmpuint (alice->pools->len, ==, 1);
  g_assert_cmpuint (helen->pools->len, ==, 0);
  g_assert_cmpstr (alice->identity->login_id, !=, helen->identity->login_id);
  g_assert_true (is_alive (house, alice->token));
  g_assert_cmpuint (house_count_audit (house, "login", "done"), ==, 2);
}

/* What was made elsewhere, or has another form, goes by its hash alone. */
static void
test_token_keys (void)
{
  const struct
  {
    const gchar *token;
    gsize time_digits;
  } rows[] = {
    { "flt_019ad7a1c00Zk3n8sVq1LrYt0uXwJ5hPbGdCf7EoAi2M", 11 },
    { "flt_019AD7A1C00Zk3n8sVq1LrYt0uXwJ5hPbGdCf7EoAi2M", 0 },
    { "flt_4mJ1Qk0oXw9s7yTzVb2LrHc8dEgNfUaP5iKq3uRxWvY", 0 },
    { "flr_019ad7a1c00Zk3n8sVq1LrYt0uXwJ5hPbGdCf7EoAi2M", 0 },
    { "flt_019ad7a1c0", 0 },
    { "flt_", 0 },
    { "", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (FloeSecret) token = floe_secret_new (rows[i].token, -1);
      g_autofree gchar *hash = floe_secret_hash (token);
      g_autofree gchar *key = floe_login_token_key (token);

      g_assert_cmpuint (strlen (key), ==, strlen (hash) + rows[i].time_digits);
      g_assert_true (g_str_has_suffix (key, hash));
      if (rows[i].time_digits > 0)
        g_assert_cmpint (strncmp (key, rows[i].token + 4, rows[i].time_digits), ==, 0);
    }
}

/* They are in the order of time, to the millisecond, and so is what the tokens are found by. */
static void
test_ids (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) first = house_enter (house, "alice");
  g_autoptr (FloeGrant) second = NULL;
  g_autofree gchar *first_key = floe_login_token_key (first->token);
  g_autofree gchar *second_key = NULL;

  house_advance (house, 1);
  second = house_enter (house, "alice");
  second_key = floe_login_token_key (second->token);
  g_assert_cmpuint (strlen (first_key), ==, 75);
  g_assert_cmpstr (first_key, <, second_key);
  g_assert_true (g_uuid_string_is_valid (first->identity->login_id));
  g_assert_cmpint (first->identity->login_id[14], ==, '7');
  g_assert_cmpstr (first->identity->login_id, <, second->identity->login_id);
}

static void
test_refused (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (GError) wrong_password = NULL;
  g_autoptr (GError) wrong_name = NULL;

  g_assert_null (house_log_in (house, "alice", "guess", "192.0.2.1", &wrong_password));
  g_assert_null (house_log_in (house, "nobody", "secret", "192.0.2.1", &wrong_name));
  g_assert_error (wrong_password, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
  g_assert_error (wrong_name, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
  g_assert_cmpstr (wrong_password->message, ==, wrong_name->message);
  g_assert_cmpuint (house_count_audit (house, "login", "denied"), ==, 2);
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (floe_login_log_in_finish (FLOE_LOGIN (source), result, NULL, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
  *(gboolean *)data = TRUE;
}

/* A refusal comes at a quarter of a second, whatever the directory needed. */
static void
test_grid (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeSecret) password = floe_secret_new ("guess", -1);
  g_autoptr (FloeCaller) caller = floe_caller_new ("192.0.2.1", NULL, NULL);
  gboolean done = FALSE;

  floe_login_log_in_async (house->login, &(FloeTypedName){ "alice", NULL }, password, caller, NULL,
                           answered, &done);
  house_assert_on_grid (house, &done);
}

static gboolean
is_too_many (House *house, const gchar *name, const gchar *password, const gchar *address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeGrant) grant = house_log_in (house, name, password, address, &error);

  return grant == NULL && g_strcmp0 (floe_error_reason (error), "too-many-tries") == 0;
}

static guint
count_names (House *house, const gchar *name)
{
  g_autoptr (GPtrArray) rows = house_audit (house);
  guint n = 0;

  for (guint i = 0; i < rows->len; i++)
    n += g_strcmp0 (((const FloeAudit *)rows->pdata[i])->object, name) == 0;
  return n;
}

/* What was chosen beside a name is part of it, for the trail, too; a domain that nobody has is
 * refused like a wrong password, but as itself, counts for nobody, and no directory is asked. */
static void
test_domain (void)
{
  g_autoptr (House) house = house_office (0, 1);
  static const gchar *const own[] = { "corp.example", NULL };
  static const gchar *const theirs[] = { "floe.test", NULL };
  g_autoptr (FloeDirectories) all = floe_directories_new (FLOE_DIRECTORY (house->directory), own);
  g_auto (GStrv) domains = NULL;
  g_auto (GStrv) hidden = NULL;
  const gchar *usual;

  floe_directories_add (all, "further", FLOE_DIRECTORY (house->directory), theirs);
  floe_login_set_directories (house->login, all, TRUE);
  domains = floe_login_list_domains (house->login, &usual);
  g_assert_cmpuint (g_strv_length (domains), ==, 2);
  g_assert_cmpstr (usual, ==, "corp.example");
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (house_log_in_at (house, &(FloeTypedName){ "alice", "nobody.example" },
                                      "secret", "192.0.2.1", &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
      g_assert_cmpstr (floe_error_reason (error), ==, "unknown-domain");
    }
  g_assert_cmpuint (house_count_audit (house, "login", "denied"), ==, 20);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (house_log_in_at (house, &(FloeTypedName){ "alice", "floe.test" }, "guess",
                                      "203.0.113.1", &error));
      g_assert_cmpint (error->code, ==, i < 2 ? FLOE_ERROR_UNAUTHENTICATED : FLOE_ERROR_BUSY);
    }
  /* the same person by the other spelling */
  g_assert_true (is_too_many (house, "alice@floe.test", "secret", "203.0.113.1"));
  g_assert_cmpuint (count_names (house, "alice@floe.test"), ==, 4);
  floe_login_set_directories (house->login, all, FALSE);
  hidden = floe_login_list_domains (house->login, &usual);
  g_assert_cmpuint (g_strv_length (hidden), ==, 0);
  g_assert_null (usual);
}

/* Without a choice there is no domain to be of. */
static void
test_no_domain (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (GError) error = NULL;
  const gchar *usual;
  g_auto (GStrv) none = floe_login_list_domains (house->login, &usual);

  g_assert_cmpuint (g_strv_length (none), ==, 0);
  g_assert_null (house_log_in_at (house, &(FloeTypedName){ "alice", "floe.test" }, "secret",
                                  "192.0.2.1", &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "unknown-domain");
}

/* Whoever guesses is refused for a while, and does not lock out whose name it is. */
static void
test_throttle (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) G_GNUC_UNUSED alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) again = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (is_too_many (house, "alice", "guess", "203.0.113.1"));
  g_assert_false (is_too_many (house, "Alice", "guess", "203.0.113.1"));
  g_assert_true (is_too_many (house, "ALICE", "secret", "203.0.113.1"));
  g_assert_cmpuint (house_count_audit (house, "login", "denied"), ==, 3);
  again = house_log_in (house, "alice", "secret", "192.0.2.1", &error);
  g_assert_no_error (error);
  g_assert_false (is_too_many (house, "nobody", "guess", "203.0.113.1"));
  g_assert_false (is_too_many (house, "nobody", "guess", "203.0.113.1"));
  g_assert_true (is_too_many (house, "nobody", "guess", "203.0.113.1"));
}

/* What the directory tells of its lockout counts from the next try on. */
static void
test_throttle_lockout (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) G_GNUC_UNUSED alice = house_enter (house, "alice");

  fake_directory_set_lockout (house->directory, 3, 60);
  g_assert_false (is_too_many (house, "alice", "guess", "192.0.2.1"));
  g_assert_false (is_too_many (house, "alice", "guess", "192.0.2.1"));
  g_assert_true (is_too_many (house, "alice", "secret", "192.0.2.1"));
}

/* Changing a password tries one, too. */
static void
test_throttle_change (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      g_assert_false (house_change_password (house, "alice", "guess", "new", &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
      g_clear_error (&error);
    }
  g_assert_false (house_change_password (house, "alice", "secret", "new", &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "too-many-tries");
  g_assert_true (is_too_many (house, "alice", "secret", "192.0.2.1"));
}

static void
test_throttle_directory_down (void)
{
  g_autoptr (House) house = house_office (0, 1);

  fake_directory_set_down (house->directory, TRUE);
  for (guint i = 0; i < 10; i++)
    g_assert_false (is_too_many (house, "alice", "secret", "192.0.2.1"));
}

static void
test_directory_down (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (GError) error = NULL;

  fake_directory_set_down (house->directory, TRUE);
  g_assert_null (house_log_in (house, "bob", "secret", "192.0.2.1", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
  g_assert_cmpstr (floe_error_reason (error), ==, "directory-down");
  house_advance (house, 61);
  g_assert_true (is_alive (house, alice->token));
}

static void
test_unknown_tokens (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, alice);
  g_autoptr (FloeSecret) made_up = floe_secret_new ("flt_made-up", -1);
  g_autoptr (FloeSecret) empty = floe_secret_new ("", 0);
  g_autoptr (GError) error = NULL;

  g_assert_false (is_alive (house, made_up));
  g_assert_false (is_alive (house, empty));
  /* One kind does not open what the other does. */
  g_assert_false (is_alive (house, answer->connection->reconnect_token));
  g_assert_null (house_reconnect (house, alice->token, NULL, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
}

static void
test_idle (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");

  house_advance (house, 890);
  g_assert_true (is_alive (house, alice->token));
  house_advance (house, 890);
  g_assert_true (is_alive (house, alice->token)); /* the request before counted as use */
  house_advance (house, 901);
  g_assert_false (is_alive (house, alice->token));
}

static void
test_absolute (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");

  floe_login_hold (house->login, alice->identity);
  for (guint hour = 0; hour < 11; hour++)
    house_advance (house, 3600);
  g_assert_true (is_alive (house, alice->token));
  house_advance (house, 3600);
  g_assert_false (is_alive (house, alice->token));
}

/* Whatever somebody sets the calendar to, a log-in is neither ended by it nor longer for it. */
static void
test_clock_set (gconstpointer days)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = NULL;

  fake_clock_set (house->clock, GPOINTER_TO_INT (days) * G_TIME_SPAN_DAY);
  bob = house_enter (house, "bob");
  house_advance (house, 61); /* what has ended is swept away each minute */
  g_assert_true (is_alive (house, alice->token));
  house_advance (house, 890);
  g_assert_true (is_alive (house, alice->token));
  g_assert_false (is_alive (house, bob->token));
  house_advance (house, 901);
  g_assert_false (is_alive (house, alice->token));
}

/* An open event stream counts as use, and so does a live console. */
static void
test_use (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) G_GNUC_UNUSED answer = house_get_in (house, alice);

  floe_login_hold (house->login, bob->identity);
  set_console (house, FLOE_CHANNEL_AUTHENTICATED);
  house_advance (house, 3600);
  g_assert_true (is_alive (house, bob->token));
  g_assert_true (is_alive (house, alice->token));
  floe_login_unhold (house->login, bob->identity);
  set_console (house, FLOE_CHANNEL_CLOSED);
  house_advance (house, 1000);
  g_assert_false (is_alive (house, bob->token));
  g_assert_false (is_alive (house, alice->token));
}

static void
test_log_out (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, alice);
  g_autoptr (GError) error = NULL;

  g_assert_true (house_log_out (house, alice->identity, &error));
  g_assert_no_error (error);
  g_assert_false (is_alive (house, alice->token));
  g_assert_null (house_reconnect (house, answer->connection->reconnect_token, NULL, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
}

/* A network drop in the afternoon: the access token is long gone, and nobody types a password. */
static void
test_reconnect (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, alice);
  g_autoptr (FloeConnectAnswer) again = NULL;
  g_autoptr (FloeGrant) fresh = NULL;
  g_autoptr (GError) error = NULL;

  set_console (house, FLOE_CHANNEL_AUTHENTICATED);
  set_console (house, FLOE_CHANNEL_CLOSED);
  house_advance (house, 3600);
  g_assert_false (is_alive (house, alice->token));
  fresh = house_reconnect (house, answer->connection->reconnect_token, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fresh->identity->login_id, ==, alice->identity->login_id);
  g_assert_true (is_alive (house, fresh->token));
  again = house_get_in (house, fresh);
  g_assert_cmpstr (again->connection->desktop->id, ==, "id-office-1");
  g_assert_cmpuint (house_count_audit (house, "reconnect", "done"), ==, 1);
}

static void
test_reconnect_after_grace (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, alice);
  g_autoptr (GError) error = NULL;

  set_console (house, FLOE_CHANNEL_AUTHENTICATED);
  set_console (house, FLOE_CHANNEL_CLOSED);
  house_advance (house, FLOE_POOL_GRACE_SECONDS + 10);
  g_assert_null (house_reconnect (house, answer->connection->reconnect_token, NULL, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
}

static void
test_reconnect_disabled (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, alice);
  g_autoptr (GError) error = NULL;

  fake_directory_remove (house->directory, "alice");
  g_assert_null (house_reconnect (house, answer->connection->reconnect_token, NULL, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
  house_settle (house);
  g_assert_false (is_alive (house, alice->token));
  g_assert_cmpuint (house_count_audit (house, "account-ended", "done"), ==, 1);
}

static void
test_reconnect_directory_down (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, alice);
  g_autoptr (FloeGrant) fresh = NULL;
  g_autoptr (GError) error = NULL;

  fake_directory_set_down (house->directory, TRUE);
  fresh = house_reconnect (house, answer->connection->reconnect_token, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (fresh);
}

/* Taken along to another terminal: the first one's right is over. */
static void
test_reconnect_taken_over (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) first = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) a = house_get_in (house, first);
  g_autoptr (FloeGrant) second = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) b = house_get_in (house, second);
  g_autoptr (FloeGrant) fresh = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (house_reconnect (house, a->connection->reconnect_token, NULL, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
  fresh = house_reconnect (house, b->connection->reconnect_token, NULL, NULL);
  g_assert_nonnull (fresh);
}

/* A right that was given to a terminal with a certificate is that terminal's. */
static void
test_reconnect_terminal (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeCaller) terminal = floe_caller_new ("192.0.2.1", "aabb", NULL);
  g_autoptr (FloeIdentity) at_terminal = floe_identity_new (alice->identity->user, FLOE_ROLE_USER,
                                                            alice->identity->login_id, terminal);
  g_autoptr (FloeConnectAnswer) answer = house_connect (house, at_terminal, "office", NULL);
  g_autoptr (FloeGrant) fresh = NULL;

  g_assert_nonnull (answer->connection);
  g_assert_null (house_reconnect (house, answer->connection->reconnect_token, NULL, NULL));
  g_assert_null (house_reconnect (house, answer->connection->reconnect_token, "ccdd", NULL));
  fresh = house_reconnect (house, answer->connection->reconnect_token, "aabb", NULL);
  g_assert_nonnull (fresh);
}

static void
test_disabled_is_seen (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeGrant) bob = house_enter (house, "bob");

  fake_directory_remove (house->directory, "alice");
  house_advance (house, 61);
  house_settle (house);
  g_assert_false (is_alive (house, alice->token));
  g_assert_true (is_alive (house, bob->token));
}

static void
test_restart (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");

  house_crash (house);
  house_start (house);
  g_assert_true (is_alive (house, alice->token));
}

#define ALL_ROWS                                                                                   \
  "SELECT string_agg (line, ' ') FROM (SELECT x::TEXT AS line FROM tokens x"                       \
  " UNION ALL SELECT x::TEXT FROM audit x UNION ALL SELECT x::TEXT FROM desktops x"                \
  " UNION ALL SELECT x::TEXT FROM leases x UNION ALL SELECT x::TEXT FROM timers x) rows"

/* The store never holds a token, and the trail never a secret. */
static void
test_file_holds_no_secret (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, alice);
  g_autofree gchar *wal = g_strconcat (house->place->path, "-wal", NULL);
  g_autofree gchar *bytes = NULL;
  gsize length;
  const gchar *const secrets[] = { floe_secret_get (alice->token, NULL),
                                   floe_secret_get (answer->connection->reconnect_token, NULL),
                                   floe_secret_get (answer->connection->ticket->secret, NULL) };
  g_autofree gchar *key = floe_login_token_key (alice->token);

  if (any_store_is_postgres ())
    {
      bytes = any_place_get (house->place, ALL_ROWS);
      length = strlen (bytes);
    }
  else
    g_assert_true (g_file_get_contents (wal, &bytes, &length, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (memmem (bytes, length, secrets[i], strlen (secrets[i])));
  g_assert_nonnull (memmem (bytes, length, key, strlen (key)));
}

static void
granted (GObject *source, GAsyncResult *result, gpointer data)
{
  floe_grant_free (floe_login_log_in_finish (FLOE_LOGIN (source), result, NULL, NULL));
  *(gboolean *)data = TRUE;
}

static guint64
count_statements_once (House *house)
{
  g_autoptr (FloeSecret) password = floe_secret_new ("secret", -1);
  g_autoptr (FloeCaller) caller = floe_caller_new ("192.0.2.1", NULL, NULL);
  guint64 before = any_store_get_cost (house->store);
  gboolean done = FALSE;

  floe_login_log_in_async (house->login, &(FloeTypedName){ "alice", NULL }, password, caller, NULL,
                           granted, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  return any_store_get_cost (house->store) - before;
}

/* The least of some: now and then the broker does something of its own at the same time. */
static guint64
count_statements (House *house)
{
  guint64 least = G_MAXUINT64;

  for (guint i = 0; i < 5; i++)
    least = MIN (least, count_statements_once (house));
  return least;
}

/* What a log-in costs the store depends on neither people nor pools. */
static void
test_statements (void)
{
  g_autoptr (House) house = house_office (0, 1);
  guint64 few;

  few = count_statements (house);

  for (guint i = 0; i < 100; i++)
    {
      g_autofree gchar *name = g_strdup_printf ("pool-%u", i);
      g_autofree gchar *user = g_strdup_printf ("user-%u", i);

      house_add_pool (house, name, FLOE_POOL_FLOATING, name);
      fake_directory_add (house->directory, user, "office");
      floe_grant_free (house_enter (house, user));
    }
  house_settle (house);
  g_assert_cmpuint (count_statements (house), ==, few);
  g_assert_cmpuint (few, <=, 14);
}

static void
reconnect_refused (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (floe_login_reconnect_finish (FLOE_LOGIN (source), result, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
  g_assert_cmpstr (floe_error_reason (error), ==, "expired-token");
  *(gboolean *)data = TRUE;
}

/* Logged out while the directory was asked: no token comes back to life. */
static void
test_reconnect_logged_out (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = house_enter (house, "alice");
  g_autoptr (FloeConnectAnswer) answer = house_get_in (house, alice);
  g_autoptr (FloeCaller) caller = floe_caller_new ("192.0.2.1", NULL, NULL);
  gboolean done = FALSE;

  fake_directory_hold (house->directory, TRUE);
  floe_login_reconnect_async (house->login, answer->connection->reconnect_token, caller, NULL,
                              reconnect_refused, &done);
  house_settle (house);
  g_assert_true (house_log_out (house, alice->identity, NULL));
  fake_directory_hold (house->directory, FALSE);
  house_settle (house);
  g_assert_true (done);
}

static void
test_role_ends (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) helen = house_enter (house, "helen");
  g_autoptr (FloeIdentity) before = house_present (house, helen->token, NULL);
  g_autoptr (FloeIdentity) after = NULL;

  g_assert_cmpint (before->roles, ==, FLOE_ROLE_ADMIN);
  fake_directory_add (house->directory, "helen", "office");
  house_advance (house, 61);
  after = house_present (house, helen->token, NULL);
  g_assert_cmpint (after->roles, ==, FLOE_ROLE_USER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/login/grant", test_grant);
  g_test_add_func ("/login/ids", test_ids);
  g_test_add_func ("/login/token-keys", test_token_keys);
  g_test_add_func ("/login/refused", test_refused);
  g_test_add_func ("/login/grid", test_grid);
  g_test_add_func ("/login/domain", test_domain);
  g_test_add_func ("/login/domain/none", test_no_domain);
  g_test_add_func ("/login/throttle/guesses", test_throttle);
  g_test_add_func ("/login/throttle/lockout", test_throttle_lockout);
  g_test_add_func ("/login/throttle/change", test_throttle_change);
  g_test_add_func ("/login/throttle/directory-down", test_throttle_directory_down);
  g_test_add_func ("/login/directory-down", test_directory_down);
  g_test_add_func ("/login/token/unknown", test_unknown_tokens);
  g_test_add_func ("/login/token/idle", test_idle);
  g_test_add_data_func ("/login/token/clock-set-forward", GINT_TO_POINTER (1), test_clock_set);
  g_test_add_data_func ("/login/token/clock-set-back", GINT_TO_POINTER (-1), test_clock_set);
  g_test_add_func ("/login/token/absolute", test_absolute);
  g_test_add_func ("/login/token/use", test_use);
  g_test_add_func ("/login/token/log-out", test_log_out);
  g_test_add_func ("/login/token/restart", test_restart);
  g_test_add_func ("/login/reconnect/afternoon", test_reconnect);
  g_test_add_func ("/login/reconnect/after-grace", test_reconnect_after_grace);
  g_test_add_func ("/login/reconnect/disabled", test_reconnect_disabled);
  g_test_add_func ("/login/reconnect/directory-down", test_reconnect_directory_down);
  g_test_add_func ("/login/reconnect/taken-over", test_reconnect_taken_over);
  g_test_add_func ("/login/reconnect/terminal", test_reconnect_terminal);
  g_test_add_func ("/login/disabled", test_disabled_is_seen);
  g_test_add_func ("/login/no-secret", test_file_holds_no_secret);
  g_test_add_func ("/login/statements", test_statements);
  g_test_add_func ("/login/reconnect/logged-out", test_reconnect_logged_out);
  g_test_add_func ("/login/role-ends", test_role_ends);
  return g_test_run ();
}
