/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "fake-negotiator.h"
#include "house.h"
#include "logs.h"

#include <string.h>

#define KEY "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

typedef struct
{
  House *house;
  FakeNegotiator *negotiator;
} Desk;

typedef struct
{
  gboolean done;
  FloeGrant *grant;
  FloeSecret *challenge;
  GError *error;
} Reply;

static void
set_up (Desk *self, gconstpointer data)
{
  self->house = house_office (0, 1);
  self->negotiator = fake_negotiator_new ();
  floe_login_set_negotiator (self->house->login, FLOE_NEGOTIATOR (self->negotiator));
}

static void
tear_down (Desk *self, gconstpointer data)
{
  house_free (self->house);
  g_assert_finalize_object (self->negotiator);
}

static void
logged_in (GObject *source, GAsyncResult *result, gpointer data)
{
  Reply *reply = data;

  reply->grant =
      floe_login_log_in_finish (FLOE_LOGIN (source), result, &reply->challenge, &reply->error);
  reply->done = TRUE;
}

static void
begin (Desk *self, const gchar *ticket, const gchar *address, Reply *reply)
{
  g_autoptr (FloeSecret) secret = floe_secret_new (ticket, -1);
  g_autoptr (FloeCaller) caller = floe_caller_new (address, NULL, "request-1");

  floe_login_log_in_with_ticket_async (self->house->login, secret, caller, logged_in, reply);
  g_assert_false (reply->done);
}

/* Returns: what was said instead of a grant; or NULL with one */
static gchar *
log_in (Desk *self, const gchar *ticket, const gchar *address)
{
  Reply reply = { 0 };
  gchar *reason = NULL;

  begin (self, ticket, address, &reply);
  house_settle (self->house);
  if (!reply.done)
    house_advance (self->house, 1); /* a refusal waits for the grid */
  g_assert_true (reply.done);
  g_assert_true ((reply.grant == NULL) == (reply.error != NULL));
  if (reply.error != NULL)
    reason = g_strdup (floe_error_reason (reply.error));
  g_clear_pointer (&reply.grant, floe_grant_free);
  g_clear_pointer (&reply.challenge, floe_secret_unref);
  g_clear_error (&reply.error);
  return reason;
}

static void
assert_log_in (Desk *self, const gchar *ticket, const gchar *address, const gchar *reason)
{
  g_autofree gchar *got = log_in (self, ticket, address);

  g_assert_cmpstr (got, ==, reason);
}

static guint
count_audit (Desk *self, const gchar *outcome, const gchar *detail)
{
  g_autoptr (GPtrArray) rows = house_audit (self->house);
  guint n = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      const FloeAudit *row = rows->pdata[i];

      n += g_str_equal (row->action, "login") && g_strcmp0 (row->outcome, outcome) == 0
           && g_strcmp0 (row->detail, detail) == 0;
    }
  return n;
}

/* The same person, with the same rights, as by the password. */
static void
test_grant (Desk *self, gconstpointer data)
{
  g_autoptr (FloeGrant) by_password = house_enter (self->house, "alice");
  Reply reply = { 0 };
  g_autoptr (FloeGrant) grant = NULL;

  begin (self, "alice@FLOE.TEST", "192.0.2.1", &reply);
  house_settle (self->house);
  g_assert_no_error (reply.error);
  grant = reply.grant;
  g_assert_cmpstr (grant->identity->user->id, ==, by_password->identity->user->id);
  g_assert_cmpint (grant->identity->roles, ==, by_password->identity->roles);
  g_assert_cmpuint (grant->pools->len, ==, by_password->pools->len);
  g_assert_cmpstr (grant->identity->login_id, !=, by_password->identity->login_id);
  g_assert_cmpuint (count_audit (self, "done", "kerberos"), ==, 1);
  g_assert_cmpuint (count_audit (self, "done", NULL), ==, 1);
}

static void
test_refused (Desk *self, gconstpointer data)
{
  assert_log_in (self, "garbage", "192.0.2.1", "wrong-ticket");
  assert_log_in (self, "", "192.0.2.1", "wrong-ticket");
  assert_log_in (self, "alice@OTHER.TEST", "192.0.2.1", "unknown-realm");
  assert_log_in (self, "nobody@FLOE.TEST", "192.0.2.1", "unknown-person");
  assert_log_in (self, "down", "192.0.2.1", "kerberos-key");
  g_assert_cmpuint (count_audit (self, "denied", "kerberos: a wrong ticket"), ==, 2);
  g_assert_cmpuint (count_audit (self, "denied", "kerberos: no such realm"), ==, 1);
  g_assert_cmpuint (count_audit (self, "denied", "kerberos: nobody of that name"), ==, 1);
  g_assert_cmpuint (count_audit (self, "failed", "kerberos: as told"), ==, 1);
  fake_directory_set_down (self->house->directory, TRUE);
  assert_log_in (self, "alice@FLOE.TEST", "192.0.2.1", "directory-down");
}

static void
mark (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (floe_login_log_in_finish (FLOE_LOGIN (source), result, NULL, &error));
  *(gboolean *)data = TRUE;
}

static void
test_grid (Desk *self, gconstpointer data)
{
  const gchar *const tickets[] = { "garbage", "alice@OTHER.TEST", "down" };

  for (guint i = 0; i < G_N_ELEMENTS (tickets); i++)
    {
      g_autoptr (FloeSecret) ticket = floe_secret_new (tickets[i], -1);
      g_autoptr (FloeCaller) caller = floe_caller_new ("192.0.2.1", NULL, NULL);
      gboolean done = FALSE;

      floe_login_log_in_with_ticket_async (self->house->login, ticket, caller, mark, &done);
      house_assert_on_grid (self->house, &done);
    }
}

/* Tickets cannot be guessed: whoever sends wrong ones keeps nobody out, and neither do wrong
 * passwords. */
static void
test_throttle (Desk *self, gconstpointer data)
{
  for (guint i = 0; i < 101; i++)
    assert_log_in (self, "garbage", "192.0.2.1", "wrong-ticket");
  assert_log_in (self, "alice@FLOE.TEST", "192.0.2.200", NULL);
  for (guint i = 0; i < 5; i++)
    g_assert_null (house_log_in (self->house, "alice", "guess", "203.0.113.1", NULL));
  assert_log_in (self, "alice@FLOE.TEST", "203.0.113.1", NULL);
}

static gboolean
may_try (Desk *self, const gchar *password, const gchar *address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeGrant) G_GNUC_UNUSED grant =
      house_log_in (self->house, "alice", password, address, &error);

  return g_strcmp0 (error != NULL ? floe_error_reason (error) : NULL, "too-many-tries") != 0;
}

/* Where somebody came with a ticket, strangers' guesses keep nobody from typing a password. */
static void
test_known_network (Desk *self, gconstpointer data)
{
  assert_log_in (self, "alice@FLOE.TEST", "192.0.2.1", NULL);
  g_assert_true (may_try (self, "guess", "203.0.113.1"));
  g_assert_true (may_try (self, "guess", "203.0.113.1"));
  g_assert_false (may_try (self, "secret", "203.0.113.1"));
  g_assert_true (may_try (self, "secret", "192.0.2.1"));
}

/* A ticket says nothing of the password: what was guessed goes on to count. */
static void
test_keeps_count (Desk *self, gconstpointer data)
{
  assert_log_in (self, "alice@FLOE.TEST", "192.0.2.1", NULL);
  for (guint i = 0; i < 4; i++)
    g_assert_true (may_try (self, "guess", "192.0.2.1"));
  assert_log_in (self, "alice@FLOE.TEST", "192.0.2.1", NULL);
  g_assert_false (may_try (self, "secret", "192.0.2.1"));
}

/* What nobody can help who sent it is not counted. */
static void
test_not_counted (Desk *self, gconstpointer data)
{
  for (guint i = 0; i < 101; i++)
    {
      assert_log_in (self, "down", "192.0.2.1", "kerberos-key");
      assert_log_in (self, "nobody@FLOE.TEST", "192.0.2.1", "unknown-person");
    }
  assert_log_in (self, "alice@FLOE.TEST", "192.0.2.1", NULL);
}

static void
test_off (Desk *self, gconstpointer data)
{
  Reply reply = { 0 };

  floe_login_set_negotiator (self->house->login, NULL);
  begin (self, "alice@FLOE.TEST", "192.0.2.1", &reply);
  house_settle (self->house);
  g_assert_error (reply.error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
  g_assert_cmpstr (floe_error_reason (reply.error), ==, "kerberos-off");
  g_assert_cmpuint (house_count_audit (self->house, "login", "denied"), ==, 0);
  g_clear_error (&reply.error);
}

static void
use_second_factor (Desk *self)
{
  static const gchar *const required[] = { "strict", NULL };
  static const gchar *const exempt[] = { "198.51.100.0/24", NULL };
  g_autoptr (FloeSecret) key = floe_secret_new (KEY, -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeSealKeys) seal = floe_seal_keys_new (key, &error);
  g_autoptr (FloeFactorPolicy) factors =
      floe_factor_policy_new (seal, required, NULL, exempt, "Floe", &error);

  g_assert_no_error (error);
  floe_login_stop (self->house->login);
  g_object_unref (self->house->login);
  self->house->login = house_new_login (self->house, factors);
  floe_login_set_negotiator (self->house->login, FLOE_NEGOTIATOR (self->negotiator));
}

/* A ticket is no more than a password. */
static void
test_second_factor (Desk *self, gconstpointer data)
{
  Reply reply = { 0 };
  g_autoptr (GPtrArray) rows = NULL;

  fake_directory_add (self->house->directory, "sam", "strict");
  use_second_factor (self);
  begin (self, "sam@FLOE.TEST", "192.0.2.1", &reply);
  house_settle (self->house);
  g_assert_cmpstr (floe_error_reason (reply.error), ==, "enrolment-needed");
  g_assert_true (g_str_has_prefix (floe_secret_get (reply.challenge, NULL), "flc_"));
  g_clear_pointer (&reply.challenge, floe_secret_unref);
  g_clear_error (&reply.error);
  rows = house_audit (self->house);
  g_assert_cmpstr (((const FloeAudit *)rows->pdata[0])->action, ==, "challenge");
  g_assert_cmpstr (((const FloeAudit *)rows->pdata[0])->detail, ==, "kerberos: enrolment-needed");
  assert_log_in (self, "sam@FLOE.TEST", "198.51.100.7", NULL);
  assert_log_in (self, "alice@FLOE.TEST", "192.0.2.1", NULL);
}

static void
count_phase (FloeLogin *login, const gchar *pool, const gchar *phase, gint64 microseconds,
             GPtrArray *heard)
{
  g_ptr_array_add (heard, g_strdup (phase));
}

/* For the metrics it is a log-in like every other. */
static void
test_told (Desk *self, gconstpointer data)
{
  g_autoptr (GPtrArray) heard = house_hear_login (self->house);

  g_signal_connect (self->house->login, "phase", G_CALLBACK (count_phase), heard);
  assert_log_in (self, "alice@FLOE.TEST", "192.0.2.1", NULL);
  assert_log_in (self, "garbage", "192.0.2.1", "wrong-ticket");
  house_assert_heard (heard, "directory, total, login good, let in: kerberos, login wrong-ticket");
}

#define ADD(name, func) g_test_add ("/login-kerberos/" name, Desk, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  ADD ("grant", test_grant);
  ADD ("refused", test_refused);
  ADD ("grid", test_grid);
  ADD ("throttle", test_throttle);
  ADD ("known-network", test_known_network);
  ADD ("keeps-count", test_keeps_count);
  ADD ("not-counted", test_not_counted);
  ADD ("off", test_off);
  ADD ("second-factor", test_second_factor);
  ADD ("told", test_told);
  return g_test_run ();
}
