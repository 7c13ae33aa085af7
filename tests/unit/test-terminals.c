/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "core/helpdesk-terminals.h"
#include "core/seat.h"
#include "house.h"
#include "logs.h"

#define LOBBY "192.0.2.20"
#define HOME  "203.0.113.7"
#define CERT1 "1111111111111111111111111111111111111111111111111111111111111111"
#define CERT2 "2222222222222222222222222222222222222222222222222222222222222222"

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
  if (!reply->done)
    house_advance (house, 1); /* a refusal waits for the grid */
  g_assert_true (reply->done);
  if (reply->error != NULL)
    g_propagate_error (error, reply->error);
  return reply->value;
}

/* As somebody of these roles. */
static FloeIdentity *
staff (FloeRole roles, const gchar *pools)
{
  g_autoptr (FloeUser) user = floe_user_new ("uuid-hana", "hana", NULL, NULL);
  g_autoptr (FloeCaller) caller = floe_caller_new ("192.0.2.9", NULL, NULL);
  g_autoptr (FloeIdentity) identity = floe_identity_new (user, roles, "login-hana", caller);
  g_auto (GStrv) list = pools != NULL ? g_strsplit (pools, ",", -1) : NULL;

  return floe_identity_copy_with_pools (identity, (const gchar *const *)list);
}

static void
on_put (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_helpdesk_put_terminal_finish (FLOE_HELPDESK (source), result, &reply->error);
  reply->done = TRUE;
}

static FloeTerminal *
try_put (House *house, const gchar *name, const gchar *groups, gboolean is_public, GError **error)
{
  g_autoptr (FloeIdentity) actor = staff (FLOE_ROLE_OPERATOR, NULL);
  g_autoptr (FloeTerminal) terminal = floe_terminal_new (name);
  Reply reply = { 0 };

  g_strfreev (terminal->groups);
  terminal->groups = g_strsplit (groups, ",", -1);
  terminal->is_public = is_public;
  terminal->description = g_strdup ("by the stairs");
  floe_helpdesk_put_terminal_async (house->helpdesk, actor, terminal, on_put, &reply);
  return await (house, &reply, error);
}

static void
put (House *house, const gchar *name, const gchar *groups, gboolean is_public)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeTerminal) terminal = try_put (house, name, groups, is_public, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (terminal->name, ==, name);
}

static void
on_issued (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_helpdesk_issue_code_finish (FLOE_HELPDESK (source), result, &reply->error);
  reply->done = TRUE;
}

static FloeTerminalCode *
issue_as (House *house, const FloeIdentity *actor, const gchar *name, const gchar *reason,
          GError **error)
{
  Reply reply = { 0 };

  floe_helpdesk_issue_code_async (house->helpdesk, actor, name, reason, on_issued, &reply);
  return await (house, &reply, error);
}

static FloeSecret *
issue (House *house, const gchar *name)
{
  g_autoptr (FloeIdentity) actor = staff (FLOE_ROLE_HELPDESK, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeTerminalCode) code = issue_as (house, actor, name, "a new machine", &error);

  g_assert_no_error (error);
  g_assert_cmpint (code->ends, ==, floe_clock_now (FLOE_CLOCK (house->clock)) + 900000000);
  return floe_secret_ref (code->code);
}

static void
on_enrolled (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_login_enrol_terminal_finish (FLOE_LOGIN (source), result, &reply->error);
  reply->done = TRUE;
}

/* Returns: the reason of a refusal, or what it became */
static gchar *
enrol (House *house, const gchar *code, const gchar *address, const gchar *fingerprint)
{
  g_autoptr (FloeSecret) secret = floe_secret_new (code, -1);
  g_autoptr (FloeCaller) caller = floe_caller_new (address, fingerprint, "request-1");
  g_autoptr (FloeTerminal) terminal = NULL;
  g_autoptr (GError) error = NULL;
  Reply reply = { 0 };

  floe_login_enrol_terminal_async (house->login, secret, caller, on_enrolled, &reply);
  terminal = await (house, &reply, &error);
  if (terminal != NULL)
    return g_strdup (terminal->name);
  if (floe_error_reason (error) == NULL)
    g_assert_no_error (error);
  return g_strdup (floe_error_reason (error));
}

static void
assert_enrol (House *house, const gchar *code, const gchar *fingerprint, const gchar *wanted)
{
  g_autofree gchar *got = enrol (house, code, LOBBY, fingerprint);

  g_assert_cmpstr (got, ==, wanted);
}

/* A terminal that has a certificate. */
static void
add (House *house, const gchar *name, const gchar *groups, gboolean is_public,
     const gchar *fingerprint)
{
  g_autoptr (FloeSecret) code = NULL;

  put (house, name, groups, is_public);
  code = issue (house, name);
  assert_enrol (house, floe_secret_get (code, NULL), fingerprint, name);
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_login_look_at_terminal_finish (FLOE_LOGIN (source), result, &reply->error);
  reply->done = TRUE;
}

static void
assert_is (House *house, const gchar *fingerprint, const gchar *wanted)
{
  g_autoptr (FloeCaller) caller = floe_caller_new (LOBBY, fingerprint, NULL);
  g_autoptr (FloeTerminal) terminal = NULL;
  g_autoptr (GError) error = NULL;
  Reply reply = { 0 };

  floe_login_look_at_terminal_async (house->login, caller, NULL, on_looked, &reply);
  terminal = await (house, &reply, &error);
  g_assert_cmpstr (terminal != NULL ? terminal->name : floe_error_reason (error), ==, wanted);
}

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  floe_helpdesk_delete_terminal_finish (FLOE_HELPDESK (source), result, &reply->error);
  reply->done = TRUE;
}

static void
delete_as (House *house, const FloeIdentity *actor, const gchar *name, GError **error)
{
  Reply reply = { 0 };

  floe_helpdesk_delete_terminal_async (house->helpdesk, actor, name, on_deleted, &reply);
  await (house, &reply, error);
}

static void delete (House *house, const gchar *name, GError **error)
{
  g_autoptr (FloeIdentity) actor = staff (FLOE_ROLE_OPERATOR, NULL);

  delete_as (house, actor, name, error);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value =
      floe_helpdesk_list_terminals_finish (FLOE_HELPDESK (source), result, &reply->error);
  reply->done = TRUE;
}

static GPtrArray *
list (House *house)
{
  g_autoptr (FloeIdentity) actor = staff (FLOE_ROLE_AUDITOR, NULL);
  Reply reply = { 0 };

  floe_helpdesk_list_terminals_async (house->helpdesk, actor, NULL, on_listed, &reply);
  return await (house, &reply, NULL);
}

/* Log-ins. */

static void
on_logged_in (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_login_log_in_finish (FLOE_LOGIN (source), result, NULL, &reply->error);
  reply->done = TRUE;
}

/* Somebody at a terminal, or at a machine that is none. */
static FloeGrant *
log_in (House *house, const gchar *name, const gchar *address, const gchar *fingerprint)
{
  g_autoptr (FloeSecret) password = floe_secret_new ("secret", -1);
  g_autoptr (FloeCaller) caller = floe_caller_new (address, fingerprint, "request-1");
  g_autoptr (GError) error = NULL;
  Reply reply = { 0 };
  FloeGrant *grant;

  floe_login_log_in_async (house->login, &(FloeTypedName){ name, NULL }, password, caller, NULL,
                           on_logged_in, &reply);
  grant = await (house, &reply, &error);
  g_assert_no_error (error);
  return grant;
}

static void
on_logged_in_alone (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_login_log_in_terminal_finish (FLOE_LOGIN (source), result, &reply->error);
  reply->done = TRUE;
}

static FloeGrant *
log_in_alone (House *house, const gchar *fingerprint, GError **error)
{
  g_autoptr (FloeCaller) caller = floe_caller_new (LOBBY, fingerprint, "request-1");
  Reply reply = { 0 };

  floe_login_log_in_terminal_async (house->login, caller, on_logged_in_alone, &reply);
  return await (house, &reply, error);
}

static void
assert_no_log_in (House *house, const gchar *fingerprint, const gchar *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeGrant) grant = log_in_alone (house, fingerprint, &error);

  g_assert_null (grant);
  g_assert_cmpstr (floe_error_reason (error), ==, reason);
}

static void
on_presented (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->value = floe_login_authenticate_finish (FLOE_LOGIN (source), result, &reply->error);
  reply->done = TRUE;
}

static FloeIdentity *
present (House *house, FloeSecret *token, const gchar *fingerprint)
{
  g_autoptr (FloeCaller) caller = floe_caller_new (LOBBY, fingerprint, NULL);
  g_autoptr (GError) error = NULL;
  Reply reply = { 0 };
  FloeIdentity *identity;

  floe_login_authenticate_async (house->login, token, caller, NULL, on_presented, &reply);
  identity = await (house, &reply, &error);
  if (identity == NULL)
    g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
  return identity;
}

static void
assert_alive (House *house, FloeSecret *token, const gchar *fingerprint, gboolean alive)
{
  g_autoptr (FloeIdentity) identity = present (house, token, fingerprint);

  g_assert_cmpint (identity != NULL, ==, alive);
}

/* The pool "office", for whom and from where. */
static void
set_office (House *house, const gchar *groups, const gchar *terminals, const gchar *terminal_groups,
            const gchar *networks)
{
  g_autoptr (FloePool) pool = house_new_pool ("office", FLOE_POOL_FLOATING, "office-*");
  const struct
  {
    GStrv *list;
    const gchar *text;
  } rows[] = { { &pool->groups, groups },
               { &pool->from_terminals, terminals },
               { &pool->from_terminal_groups, terminal_groups },
               { &pool->from_networks, networks } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_strfreev (*rows[i].list);
      *rows[i].list = g_strsplit (rows[i].text, ",", -1);
    }
  house_put_pool (house, pool);
}

static void
assert_connect (House *house, const FloeGrant *grant, const gchar *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeConnectAnswer) answer = house_connect (house, grant->identity, "office", &error);

  house_settle (house);
  if (reason == NULL)
    g_assert_no_error (error);
  else
    g_assert_cmpstr (floe_error_reason (error), ==, reason);
  g_assert_cmpint (answer != NULL, ==, reason == NULL);
}

/* As floe_own_list_pools() told at the log-in, and as a connect decides. */
static void
assert_opens (House *house, const gchar *name, const gchar *address, const gchar *fingerprint,
              const gchar *reason)
{
  g_autoptr (FloeGrant) grant = log_in (house, name, address, fingerprint);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (grant->pools->len, ==, reason == NULL ? 1 : 0);
  assert_connect (house, grant, reason);
  house_log_out (house, grant->identity, &error);
  g_assert_no_error (error);
  house_settle (house);
}

/* Tests. */

static void
test_code (void)
{
  g_autoptr (FloeSecret) code = floe_terminal_code_new ();
  g_autoptr (FloeSecret) other = floe_terminal_code_new ();
  const gchar *text = floe_secret_get (code, NULL);
  g_autofree gchar *typed = g_strdup_printf (" %.4s%s", text, text + 5);
  g_autofree gchar *lower = g_ascii_strdown (typed, -1);
  g_autoptr (FloeSecret) again = floe_secret_new (lower, -1);
  g_autofree gchar *hash = floe_terminal_code_hash (code);
  g_autofree gchar *hash_again = floe_terminal_code_hash (again);
  g_autofree gchar *hash_other = floe_terminal_code_hash (other);

  g_assert_true (g_regex_match_simple ("^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$", text, 0, 0));
  g_assert_cmpstr (hash, ==, hash_again);
  g_assert_cmpstr (hash, !=, hash_other);
}

static void
test_define (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (GPtrArray) terminals = NULL;
  g_autoptr (GError) error = NULL;
  const FloeTerminal *first;

  put (house, "lobby-2", "", FALSE);
  put (house, "lobby-1", "lobby,public", FALSE);
  put (house, "lobby-1", "lobby", TRUE);
  put (house, "lobby-1", "lobby", TRUE);
  terminals = list (house);
  g_assert_cmpuint (terminals->len, ==, 2);
  first = terminals->pdata[0];
  g_assert_cmpstr (first->name, ==, "lobby-1");
  g_assert_cmpstr (first->description, ==, "by the stairs");
  g_assert_cmpstr (first->groups[0], ==, "lobby");
  g_assert_null (first->groups[1]);
  g_assert_true (first->is_public);
  g_assert_null (first->fingerprint);
  g_assert_cmpint (first->enrolled + first->seen + first->code_ends, ==, 0);
  g_assert_cmpuint (house_count_audit (house, "terminal-create", "done"), ==, 2);
  /* What changes nothing is no row. */
  g_assert_cmpuint (house_count_audit (house, "terminal-change", "done"), ==, 1);
  g_assert_null (try_put (house, "Lobby", "", FALSE, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (try_put (house, "lobby", "a b", FALSE, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
  g_clear_error (&error);
  delete (house, "nothing", &error);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
}

static void
test_enrol (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeSecret) first = NULL;
  g_autoptr (FloeSecret) second = NULL;
  g_autoptr (GPtrArray) terminals = NULL;
  const FloeTerminal *one;

  put (house, "lobby-1", "lobby", FALSE);
  first = issue (house, "lobby-1");
  second = issue (house, "lobby-1");
  assert_is (house, NULL, "no-certificate");
  assert_is (house, CERT1, "unknown-terminal");
  assert_enrol (house, floe_secret_get (second, NULL), NULL, "no-certificate");
  assert_enrol (house, floe_secret_get (first, NULL), CERT1,
                "wrong-terminal-code"); /* there is a newer */
  assert_enrol (house, "", CERT1, "wrong-terminal-code");
  assert_enrol (house, floe_secret_get (second, NULL), CERT1, "lobby-1");
  assert_enrol (house, floe_secret_get (second, NULL), CERT2,
                "wrong-terminal-code"); /* it was used */
  assert_is (house, CERT1, "lobby-1");
  assert_is (house, CERT2, "unknown-terminal");
  terminals = list (house);
  one = terminals->pdata[0];
  g_assert_cmpstr (one->fingerprint, ==, CERT1);
  g_assert_null (one->code);
  g_assert_cmpint (one->enrolled, >, 0);
  g_assert_cmpint (one->seen, ==, one->enrolled);
  g_assert_cmpuint (house_count_audit (house, "terminal-code", "done"), ==, 2);
  g_assert_cmpuint (house_count_audit (house, "terminal-enrol", "done"), ==, 1);
  g_assert_cmpuint (house_count_audit (house, "terminal-enrol", "denied"), ==, 3);
}

static void
test_code_ends (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeSecret) code = NULL;
  g_autoptr (FloeSecret) newer = NULL;

  put (house, "lobby-1", "lobby", FALSE);
  code = issue (house, "lobby-1");
  house_advance (house, 900);
  assert_enrol (house, floe_secret_get (code, NULL), CERT1, "wrong-terminal-code");
  newer = issue (house, "lobby-1");
  house_advance (house, 890);
  assert_enrol (house, floe_secret_get (newer, NULL), CERT1, "lobby-1");
}

/* A network that guesses is not looked at any more, and others are. */
static void
test_guesses (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeSecret) code = NULL;
  g_autofree gchar *guess = NULL;
  g_autofree gchar *elsewhere = NULL;

  put (house, "lobby-1", "lobby", FALSE);
  put (house, "lobby-2", "lobby", FALSE);
  for (guint i = 0; i < 10; i++)
    assert_enrol (house, "AAAA-AAAA", CERT1, "wrong-terminal-code");
  code = issue (house, "lobby-1");
  assert_enrol (house, floe_secret_get (code, NULL), CERT1, "too-many-tries");
  guess = enrol (house, "AAAA-AAAA", HOME, CERT2);
  g_assert_cmpstr (guess, ==, "wrong-terminal-code");
  elsewhere = enrol (house, floe_secret_get (code, NULL), HOME, CERT1);
  g_assert_cmpstr (elsewhere, ==, "lobby-1");
  house_advance (house, 1801);
  g_clear_pointer (&code, floe_secret_unref);
  code = issue (house, "lobby-2");
  assert_enrol (house, "AAAA-AAAA", CERT2, "wrong-terminal-code");
  assert_enrol (house, floe_secret_get (code, NULL), CERT2, "lobby-2");
}

static void
test_who_issues (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeIdentity) of_pool = staff (FLOE_ROLE_USER, "office");
  g_autoptr (GError) error = NULL;

  put (house, "lobby-1", "lobby", FALSE);
  g_assert_null (issue_as (house, of_pool, "lobby-1", "a new machine", &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "not-your-pool");
  g_assert_cmpuint (house_count_audit (house, "terminal-code", "denied"), ==, 1);
}

/* As of all that it does; operators need none. */
static void
test_reason (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeIdentity) helpdesk = staff (FLOE_ROLE_HELPDESK, NULL);
  g_autoptr (FloeIdentity) operator= staff (FLOE_ROLE_OPERATOR, NULL);
  g_autoptr (FloeTerminalCode) without = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  put (house, "lobby-1", "lobby", FALSE);
  g_assert_null (issue_as (house, helpdesk, "lobby-1", NULL, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
  g_assert_cmpstr (floe_error_reason (error), ==, "reason-needed");
  g_clear_error (&error);
  g_assert_cmpuint (house_count_audit (house, "terminal-code", "done"), ==, 0);
  floe_secret_unref (issue (house, "lobby-1"));
  rows = house_audit (house);
  g_assert_cmpstr (((const FloeAudit *)rows->pdata[0])->detail, ==, "a new machine");
  without = issue_as (house, operator, "lobby-1", NULL, &error);
  g_assert_no_error (error);
}

static void
assert_above (House *house, FloeRole role, gboolean may_not)
{
  g_autoptr (FloeIdentity) actor = staff (role, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeTerminalCode) G_GNUC_UNUSED code =
      issue_as (house, actor, "lobby-1", "a new machine", &error);

  g_assert_cmpstr (error != NULL ? floe_error_reason (error) : NULL, ==,
                   may_not ? "higher-role" : NULL);
  g_clear_error (&error);
  if (role == FLOE_ROLE_HELPDESK)
    return;
  if (may_not)
    {
      delete_as (house, actor, "lobby-1", &error);
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
      g_assert_cmpstr (floe_error_reason (error), ==, "higher-role");
    }
}

/* Both end what is logged in there, and nobody ends the log-in of somebody above them. */
static void
test_above (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) dora = NULL;
  g_autoptr (FloeGrant) otto = NULL;
  g_autoptr (FloeGrant) itself = NULL;
  g_autoptr (FloeGrant) elsewhere = NULL;
  g_autoptr (GError) error = NULL;

  fake_directory_add (house->directory, "dora", "admins");
  fake_directory_add (house->directory, "otto", "operators");
  add (house, "lobby-1", "lobby", TRUE, CERT1);
  itself = log_in_alone (house, CERT1, &error);
  g_assert_no_error (error);
  elsewhere = log_in (house, "dora", LOBBY, CERT2);
  assert_above (house, FLOE_ROLE_HELPDESK, FALSE);

  otto = log_in (house, "otto", LOBBY, CERT1);
  assert_above (house, FLOE_ROLE_HELPDESK, TRUE);
  assert_above (house, FLOE_ROLE_OPERATOR, FALSE);

  dora = log_in (house, "dora", LOBBY, CERT1);
  assert_above (house, FLOE_ROLE_HELPDESK, TRUE);
  assert_above (house, FLOE_ROLE_OPERATOR, TRUE);
  assert_above (house, FLOE_ROLE_ADMIN, FALSE);
  g_assert_cmpuint (house_count_audit (house, "terminal-code", "denied"), ==, 3);
  g_assert_cmpuint (house_count_audit (house, "terminal-delete", "denied"), ==, 1);
  assert_alive (house, dora->token, CERT1, TRUE);
  assert_is (house, CERT1, "lobby-1");

  house_log_out (house, dora->identity, &error);
  g_assert_no_error (error);
  delete (house, "lobby-1", &error);
  g_assert_no_error (error);
  assert_alive (house, otto->token, CERT1, FALSE);
  assert_alive (house, elsewhere->token, CERT2, TRUE);
}

static void
test_one_certificate (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeSecret) code = NULL;

  add (house, "lobby-1", "lobby", FALSE, CERT1);
  put (house, "lobby-2", "lobby", FALSE);
  code = issue (house, "lobby-2");
  assert_enrol (house, floe_secret_get (code, NULL), CERT1, "certificate-in-use");
  delete (house, "lobby-1", NULL);
  assert_is (house, CERT1, "unknown-terminal");
  assert_enrol (house, floe_secret_get (code, NULL), CERT1, "lobby-2"); /* still good */
}

static void
test_from (void)
{
  static const struct
  {
    const gchar *terminals;
    const gchar *groups;
    const gchar *networks;
    gboolean lobby; /* whether it opens at the terminal */
    gboolean home;  /* and elsewhere */
  } rows[] = {
    { "", "", "", TRUE, TRUE },
    { "lobby-1", "", "", TRUE, FALSE },
    { "lobby-2", "", "", FALSE, FALSE },
    { "", "lobby", "", TRUE, FALSE },
    { "", "lab", "", FALSE, FALSE },
    { "", "", "203.0.113.0/24,2001:db8::/32", FALSE, TRUE },
    { "lobby-2,lobby-1", "lab", "203.0.113.7", TRUE, TRUE },
  };
  g_autoptr (House) house = house_office (0, 2);

  add (house, "lobby-1", "lobby,other", FALSE, CERT1);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      set_office (house, "office", rows[i].terminals, rows[i].groups, rows[i].networks);
      assert_opens (house, "alice", LOBBY, CERT1, rows[i].lobby ? NULL : "not-from-here");
      assert_opens (house, "alice", HOME, NULL, rows[i].home ? NULL : "not-from-here");
      house_advance (house, 30); /* the desktops are reset */
    }
  /* A certificate that is no terminal's is worth nothing. */
  set_office (house, "office", "", "lobby", "");
  assert_opens (house, "alice", LOBBY, CERT2, "not-from-here");
}

/* Whoever is at the terminal is entitled, and nobody whose directory group only looks like it. */
static void
test_entitled (void)
{
  g_autoptr (House) house = house_office (0, 2);

  add (house, "lobby-1", "lobby", FALSE, CERT1);
  set_office (house, "terminals:lobby", "", "", "");
  assert_opens (house, "mallory", LOBBY, CERT1, NULL);
  assert_opens (house, "mallory", LOBBY, NULL, "not-entitled");
  fake_directory_add (house->directory, "mallory", "terminals:lobby");
  assert_opens (house, "mallory", LOBBY, NULL, "not-entitled");
}

/* Who waits in line is served as where they logged in. */
static void
test_line (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) alice = NULL;
  g_autoptr (FloeGrant) bob = NULL;
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (GError) error = NULL;

  add (house, "lobby-1", "lobby", FALSE, CERT1);
  set_office (house, "terminals:lobby", "", "lobby", "");
  alice = log_in (house, "alice", LOBBY, CERT1);
  bob = log_in (house, "bob", LOBBY, CERT1);
  assert_connect (house, alice, NULL);
  answer = house_connect (house, bob->identity, "office", &error);
  g_assert_no_error (error);
  g_assert_cmpint (floe_connect_request_get_state (answer->request), ==, FLOE_REQUEST_QUEUED);
  house_log_out (house, alice->identity, &error);
  house_advance (house, 5);
  desktop = house_get_desktop (house, "id-office-1");
  g_assert_nonnull (desktop->lease);
  g_assert_cmpstr (desktop->lease->holder_name, ==, "bob");
  g_assert_cmpstr (desktop->lease->terminal, ==, CERT1);
}

/* The trail and the list of desktops call a terminal by its name. */
static void
test_names (void)
{
  g_autoptr (House) house = house_office (0, 2);
  g_autoptr (FloeGrant) alice = NULL;
  g_autoptr (FloeGrant) bob = NULL;
  g_autoptr (FloePoolReport) report = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  guint named = 0;

  add (house, "lobby-1", "lobby", FALSE, CERT1);
  alice = log_in (house, "alice", LOBBY, CERT1);
  bob = log_in (house, "bob", LOBBY, CERT2);
  assert_connect (house, alice, NULL);
  assert_connect (house, bob, NULL);
  report = house_get_pool (house, "office");
  for (guint i = 0; i < report->desktops->len; i++)
    {
      const FloeLease *lease = ((FloeDesktop *)report->desktops->pdata[i])->lease;

      g_assert_cmpstr (lease->terminal, ==,
                       strcmp (lease->holder_name, "alice") == 0 ? "lobby-1" : CERT2);
    }
  delete (house, "lobby-1", NULL);
  rows = house_audit (house);
  for (guint i = 0; i < rows->len; i++)
    {
      const FloeAudit *row = rows->pdata[i];

      if (strcmp (row->actor, "alice") == 0)
        {
          g_assert_cmpstr (row->terminal, ==, "lobby-1");
          named++;
        }
      if (strcmp (row->actor, "bob") == 0)
        g_assert_cmpstr (row->terminal, ==, CERT2);
    }
  g_assert_cmpuint (named, >=, 2);
}

static void
test_public (void)
{
  g_autoptr (House) house = house_office (0, 2);
  g_autoptr (FloeGrant) grant = NULL;
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeGrant) again = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (GError) error = NULL;

  add (house, "lobby-1", "lobby", TRUE, CERT1);
  add (house, "desk-1", "lobby", FALSE, CERT2);
  set_office (house, "terminals:lobby", "", "", "");
  assert_no_log_in (house, NULL, "no-certificate");
  assert_no_log_in (house, "33", "unknown-terminal");
  assert_no_log_in (house, CERT2, "not-public");
  grant = log_in_alone (house, CERT1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (grant->identity->user->id, ==, "terminal:lobby-1");
  g_assert_cmpint (grant->identity->roles, ==, FLOE_ROLE_USER);
  g_assert_cmpuint (grant->pools->len, ==, 1);
  answer = house_connect (house, grant->identity, "office", &error);
  g_assert_no_error (error);
  desktop = house_get_desktop (house, answer->connection->desktop->id);
  g_assert_cmpstr (desktop->lease->holder, ==, "terminal:lobby-1");
  /* The token alone is nobody. */
  assert_alive (house, grant->token, CERT1, TRUE);
  assert_alive (house, grant->token, CERT2, FALSE);
  assert_alive (house, grant->token, NULL, FALSE);
  /* No directory knows it, and it stays all the same. */
  house_advance (house, 61);
  house_advance (house, 61);
  assert_alive (house, grant->token, CERT1, TRUE);
  again = house_reconnect (house, answer->connection->reconnect_token, CERT1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->identity->user->id, ==, "terminal:lobby-1");
}

typedef void (*End) (House *house);

static void
end_by_removal (House *house)
{
  delete (house, "lobby-1", NULL);
}

static void
end_by_enrolment (House *house)
{
  g_autoptr (FloeSecret) code = issue (house, "lobby-1");

  assert_enrol (house, floe_secret_get (code, NULL), CERT2, "lobby-1");
  assert_is (house, CERT1, "unknown-terminal");
}

static void
end_by_change (House *house)
{
  put (house, "lobby-1", "lobby", FALSE);
}

/* What a terminal has, and who logged in there, ends with its certificate; people keep desktops. */
static void
test_end (gconstpointer data)
{
  const End end = (End)data;
  gboolean certificate_ends = end != end_by_change;
  g_autoptr (House) house = house_office (0, 2);
  g_autoptr (FloeGrant) itself = NULL;
  g_autoptr (FloeGrant) alice = NULL;
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (FloeGrant) again = NULL;
  g_autoptr (GError) error = NULL;

  add (house, "lobby-1", "lobby", TRUE, CERT1);
  set_office (house, "office,terminals:lobby", "", "", "");
  itself = log_in_alone (house, CERT1, &error);
  g_assert_no_error (error);
  alice = log_in (house, "alice", LOBBY, CERT1);
  answer = house_connect (house, itself->identity, "office", &error);
  g_assert_no_error (error);
  assert_connect (house, alice, NULL);
  end (house);
  assert_alive (house, itself->token, CERT1, FALSE);
  assert_alive (house, alice->token, CERT1, !certificate_ends);
  house_advance (house, 5);
  desktop = house_get_desktop (house, answer->connection->desktop->id);
  g_assert_null (desktop->lease);
  g_assert_cmpuint (house_count_audit (house, "release", "done"), ==, 1);
  again = house_reconnect (house, answer->connection->reconnect_token, CERT1, &error);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
  assert_no_log_in (house, CERT1, certificate_ends ? "unknown-terminal" : "not-public");
}

static void
on_explained (GObject *source, GAsyncResult *result, gpointer data)
{
  *(FloeExplanation **)data = floe_helpdesk_explain_finish (FLOE_HELPDESK (source), result, NULL);
}

static void
assert_explained (House *house, const gchar *user, const gchar *code, const gchar *part)
{
  g_autoptr (FloeIdentity) actor = house_helen ();
  g_autoptr (FloeExplanation) e = NULL;
  const gchar *text = NULL;

  floe_helpdesk_explain_async (house->helpdesk, actor, user, "office", NULL, on_explained, &e);
  house_settle (house);
  if (code == NULL)
    text = e->conclusion;
  for (guint i = 0; code != NULL && i < e->steps->len; i++)
    {
      const FloeExplanationStep *step = e->steps->pdata[i];

      if (strcmp (step->code, code) == 0)
        text = step->text;
    }
  if (text == NULL || strstr (text, part) == NULL)
    g_error ("%s: \"%s\" is not in \"%s\"", code, part, text);
}

static void
test_explain (void)
{
  g_autoptr (House) house = house_office (0, 2);
  g_autoptr (FloeGrant) alice = NULL;
  g_autoptr (FloeGrant) itself = NULL;

  add (house, "lobby-1", "lobby", TRUE, CERT1);
  set_office (house, "terminals:lobby", "lobby-1", "", "192.0.2.0/24");
  alice = log_in (house, "alice", HOME, NULL);
  itself = log_in_alone (house, CERT1, NULL);
  assert_explained (house, "alice", "entitled-terminals", "group lobby is entitled");
  assert_explained (house, "alice", "from",
                    "terminals: lobby-1; terminal groups: none; networks: 192.0.2.0/24");
  assert_explained (house, "alice", NULL, "only at a terminal of the groups");
  assert_explained (house, "terminal:lobby-1", "entitled-group", "terminals:lobby");
  assert_explained (house, "terminal:lobby-1", "from", "opened from terminal lobby-1");
  assert_explained (house, "terminal:lobby-1", NULL, "gets a free desktop");
}

/* When it was seen is written once an hour. */
static void
test_seen (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) soon = NULL;
  g_autoptr (GPtrArray) later = NULL;

  add (house, "lobby-1", "lobby", FALSE, CERT1);
  before = list (house);
  house_advance (house, 1800);
  assert_is (house, CERT1, "lobby-1");
  soon = list (house);
  house_advance (house, 1801);
  assert_is (house, CERT1, "lobby-1");
  house_settle (house);
  later = list (house);
  g_assert_cmpint (((FloeTerminal *)soon->pdata[0])->seen, ==,
                   ((FloeTerminal *)before->pdata[0])->seen);
  g_assert_cmpint (((FloeTerminal *)later->pdata[0])->seen, ==,
                   floe_clock_now (FLOE_CLOCK (house->clock)));
}

/* Where a desktop was taken to is told by the terminal's name, which people know. */
static void
test_taken_over (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (FloeGrant) before = NULL;
  g_autoptr (FloeGrant) after = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;

  add (house, "lobby-1", "", FALSE, CERT1);
  set_office (house, "office", "", "", "");
  before = log_in (house, "alice", "192.0.2.7", NULL);
  assert_connect (house, before, NULL);
  house_open_console (house, "id-office-1");
  after = log_in (house, "alice", LOBBY, CERT1);
  assert_connect (house, after, NULL);
  desktop = house_get_desktop (house, "id-office-1");
  g_assert_cmpstr (desktop->end->reason, ==, "taken-over");
  g_assert_cmpstr (desktop->end->by, ==, "alice");
  g_assert_cmpstr (desktop->end->where, ==, "lobby-1");
}

/* For the metrics: who guesses codes, and what becomes a terminal. */
static void
test_told (void)
{
  g_autoptr (House) house = house_office (0, 1);
  g_autoptr (GPtrArray) heard = house_hear_login (house);
  g_autoptr (FloeGrant) G_GNUC_UNUSED grant = NULL;
  g_autoptr (FloeSecret) code = NULL;

  put (house, "kiosk-1", "", TRUE);
  code = issue (house, "kiosk-1");
  assert_enrol (house, "2345-6789", CERT1, "wrong-terminal-code");
  assert_enrol (house, floe_secret_get (code, NULL), CERT1, "kiosk-1");
  house_assert_heard (heard, "terminal-enrol wrong-terminal-code, terminal-enrol good");
  grant = log_in_alone (house, CERT1, NULL);
  assert_no_log_in (house, CERT2, "unknown-terminal");
  house_assert_heard (heard, "login good, let in: terminal, login unknown-terminal");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  g_test_add_func ("/terminals/code", test_code);
  g_test_add_func ("/terminals/define", test_define);
  g_test_add_func ("/terminals/enrol", test_enrol);
  g_test_add_func ("/terminals/code-ends", test_code_ends);
  g_test_add_func ("/terminals/guesses", test_guesses);
  g_test_add_func ("/terminals/who-issues", test_who_issues);
  g_test_add_func ("/terminals/reason", test_reason);
  g_test_add_func ("/terminals/above", test_above);
  g_test_add_func ("/terminals/one-certificate", test_one_certificate);
  g_test_add_func ("/terminals/from", test_from);
  g_test_add_func ("/terminals/entitled", test_entitled);
  g_test_add_func ("/terminals/line", test_line);
  g_test_add_func ("/terminals/names", test_names);
  g_test_add_func ("/terminals/public", test_public);
  g_test_add_data_func ("/terminals/end/removal", (gconstpointer)end_by_removal, test_end);
  g_test_add_data_func ("/terminals/end/enrolment", (gconstpointer)end_by_enrolment, test_end);
  g_test_add_data_func ("/terminals/end/change", (gconstpointer)end_by_change, test_end);
  g_test_add_func ("/terminals/explain", test_explain);
  g_test_add_func ("/terminals/seen", test_seen);
  g_test_add_func ("/terminals/taken-over", test_taken_over);
  g_test_add_func ("/terminals/told", test_told);
  return g_test_run ();
}
