/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "any-store.h"
#include "counting-store.h"
#include "fakes.h"
#include "login/engine-logins.h"
#include "logs.h"
#include "ovirt-harness.h"

/* What people's log-ins got at an engine lasts for as long as they are logged in here. */

#define MINUTE      (60 * (gint64)G_USEC_PER_SEC)
#define KEY         "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
#define OTHER       "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
#define RENEWALS    "GET /ovirt-engine/api"
#define LOG_INS     "POST /ovirt-engine/sso/oauth/token"
#define ALLOCATIONS "POST /ovirt-engine/api/vmpools/ID/allocatevm"

typedef struct
{
  FloeStore *inner;
  FloeStore *store;
  FloeEngineLogins *logins;
} Broker;

/* one: first, since the harness takes it; its manager goes by its own clock, which is not @clock */
typedef struct
{
  OvirtTest one;
  AnyPlace *place;
  FakeClock *clock;
  FloeUser *alice;
  Broker broker;
} People;

static void
settle (const Broker *broker)
{
  while (counting_store_get_open (COUNTING_STORE (broker->store)) > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
broker_open (Broker *self, People *people, const gchar *key)
{
  g_autoptr (FloeSecret) text = floe_secret_new (key, -1);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeSealKeys) keys = floe_seal_keys_new (text, &error);

  g_assert_no_error (error);
  self->inner = any_place_open (people->place, &error);
  g_assert_no_error (error);
  self->store = counting_store_new (self->inner);
  self->logins =
      floe_engine_logins_new (self->store, people->one.manager, FLOE_CLOCK (people->clock));
  floe_engine_logins_add (self->logins, "one", keys);
  floe_engine_logins_start (self->logins);
}

static void
broker_close (Broker *self)
{
  floe_engine_logins_stop (self->logins);
  settle (self);
  any_store_close (self->inner);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&self->logins);
  g_clear_object (&self->store);
  g_clear_object (&self->inner);
}

static gpointer
put_pool (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_put_pool (tx, input, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static gpointer
put_token (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeToken token = { .hash = (gchar *)"h",
                            .kind = FLOE_TOKEN_ACCESS,
                            .login_id = (gchar *)"l1",
                            .user = (FloeUser *)input,
                            .ends = G_MAXINT64 };

  return floe_tx_put_user (tx, token.user, 1, error) && floe_tx_put_token (tx, &token, error)
             ? GINT_TO_POINTER (TRUE)
             : NULL;
}

static void
put (const Broker *broker, FloeTransaction func, gpointer input)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  floe_store_write_async (broker->store, func, input, NULL, NULL, ovirt_test_keep_result, &result);
  WAIT_FOR (result != NULL);
  floe_store_finish (broker->store, result, &error);
  g_assert_no_error (error);
}

static void
people_set_up (People *people, gconstpointer data)
{
  static const gchar *const groups[] = { "office", NULL };
  g_autoptr (FloePool) pool = floe_pool_new ("office", FLOE_POOL_FLOATING);

  ovirt_test_set_up (&people->one, data);
  people->place = any_place_new ();
  people->clock = fake_clock_new ();
  people->alice = floe_user_new ("u1", "alice", "Alice", groups);
  broker_open (&people->broker, people, KEY);
  g_free (pool->manager);
  pool->manager = g_strdup ("one");
  pool->engine_pool = g_strdup ("office");
  pool->assign = FLOE_ASSIGN_USER;
  g_strfreev (pool->groups);
  pool->groups = g_strdupv ((gchar **)groups);
  put (&people->broker, put_pool, pool);
  put (&people->broker, put_token, people->alice);
  ovirt_test_start (&people->one);
}

static void
people_tear_down (People *people, gconstpointer data)
{
  broker_close (&people->broker);
  ovirt_test_tear_down (&people->one, data);
  floe_user_free (people->alice);
  g_object_unref (people->clock);
  any_place_free (people->place);
}

/* Since the token of alice was seen to be good, in seconds; -1 without one. */
static gint64
get_age (People *people)
{
  g_autofree gchar *fresh = any_place_get (people->place, "SELECT fresh FROM engine_tokens");

  return fresh == NULL
             ? -1
             : (floe_clock_now (FLOE_CLOCK (people->clock)) - g_ascii_strtoll (fresh, NULL, 10))
                   / G_USEC_PER_SEC;
}

static void
log_in (People *people)
{
  g_autoptr (FloeSecret) password = floe_secret_new ("a", -1);
  g_autoptr (GAsyncResult) result = NULL;

  floe_engine_logins_take_async (people->broker.logins, people->alice, password,
                                 ovirt_test_keep_result, &result);
  WAIT_FOR (result != NULL);
  floe_engine_logins_take_finish (people->broker.logins, result);
  settle (&people->broker);
  g_assert_cmpint (get_age (people), ==, 0);
}

/* Here and at the engine. */
static void
pass (People *people, guint minutes)
{
  for (guint i = 0; i < minutes; i++)
    {
      engine_fixture_do (people->one.engine, "{'advance': 60}");
      fake_clock_advance (people->clock, MINUTE);
      settle (&people->broker);
    }
}

static void
assert_renewals (People *people, guint expected)
{
  ovirt_test_assert_count (&people->one, RENEWALS, expected);
}

static FloeSecret *
open_token (People *people, const Broker *broker, const gchar *user_id)
{
  g_autofree gchar *sealed = any_place_get (people->place, "SELECT sealed FROM engine_tokens");

  return floe_engine_logins_open (broker->logins, "one", user_id, sealed);
}

static void
assert_known (People *people, FloeSecret *token)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (token);
  floe_manager_renew_async (people->one.manager, "one", token, ovirt_test_keep_result, &result);
  WAIT_FOR (result != NULL);
  floe_manager_renew_finish (people->one.manager, result, &error);
  g_assert_no_error (error);
}

static void
test_renewed (People *people, gconstpointer data)
{
  g_autoptr (FloeSecret) token = NULL;

  log_in (people);
  for (guint i = 0; i < 3; i++)
    {
      pass (people, 19);
      assert_renewals (people, i);
      pass (people, 1);
      WAIT_FOR (get_age (people) == 0);
      assert_renewals (people, i + 1);
    }
  token = open_token (people, &people->broker, "u1");
  assert_known (people, token);
}

/* The engine was asked, and said nothing of the token: once, and as often as it is asked at all. */
static void
test_failed (People *people, gconstpointer data)
{
  g_autoptr (FloeSecret) token = NULL;

  log_in (people);
  engine_fixture_do (people->one.engine, "{'fault': {'no_root': 1}}");
  pass (people, 20);
  WAIT_FOR (get_age (people) == 0);
  assert_renewals (people, 2);
  engine_fixture_do (people->one.engine, "{'fault': {'no_root': 3}}");
  pass (people, 20);
  WAIT_FOR (engine_fixture_count (people->one.engine, RENEWALS) == 5);
  pass (people, 1);
  WAIT_FOR (get_age (people) == 0);
  assert_renewals (people, 6);
  pass (people, 19);
  token = open_token (people, &people->broker, "u1");
  assert_known (people, token);
}

/* An engine that is away is not asked for each of them again and again. */
static void
test_away (People *people, gconstpointer data)
{
  log_in (people);
  engine_fixture_do (people->one.engine, "{'fault': {'down': true}}");
  WAIT_FOR (people->one.losses == 1);
  pass (people, 26);
  engine_fixture_do (people->one.engine, "{'fault': null}");
  people->one.listings = 0;
  WAIT_FOR (people->one.listings > 0);
  assert_renewals (people, 0);
  pass (people, 1);
  WAIT_FOR (get_age (people) == 0);
  assert_renewals (people, 1);
}

static void
test_forgotten (People *people, gconstpointer data)
{
  log_in (people);
  engine_fixture_do (people->one.engine, "{'log_out': 'alice@internal'}");
  pass (people, 20);
  WAIT_FOR (get_age (people) == -1);
  assert_renewals (people, 1);
}

/* What their log-in got is gone when the engine was started again: the broker, which has an SSO
 * client there, acts for them. */
static void
test_lost (People *people, gconstpointer data)
{
  g_autoptr (FloeSecret) token = NULL;

  log_in (people);
  token = open_token (people, &people->broker, "u1");
  for (guint i = 0; i < 2; i++)
    {
      const FloeAllocation wish = {
        .pool = "office", .way = FLOE_ASSIGN_USER, .person = "alice", .token = token
      };
      g_autoptr (GError) error = NULL;
      g_autoptr (FloeDomain) domain = ovirt_test_ask (&people->one, &wish, &error);

      g_assert_no_error (error);
      ovirt_test_assert_json (&people->one, domain->name, "holders", "[\"alice@internal\"]");
      ovirt_test_assert_count (&people->one, LOG_INS, 2 + i);
      ovirt_test_assert_count (&people->one, ALLOCATIONS, 1 + 2 * i);
      engine_fixture_do (people->one.engine, "{'log_out': 'alice@internal'}");
    }
}

/* Whoever logged in by Kerberos had no password to log in with there. */
static void
test_without_password (People *people, gconstpointer data)
{
  g_autoptr (FloeDomain) domain =
      ovirt_test_must_allocate (&people->one, FLOE_ASSIGN_USER, "alice");

  ovirt_test_assert_json (&people->one, domain->name, "holders", "[\"alice@internal\"]");
  ovirt_test_assert_count (&people->one, LOG_INS, 2);
}

/* Another broker opens what the first one sealed, and keeps it; with PostgreSQL they are two at a
 * time, of which one asks. */
static void
test_second_broker (People *people, gconstpointer data)
{
  g_autoptr (FloeSecret) token = NULL;
  Broker first = people->broker;

  log_in (people);
  if (!any_store_is_postgres ())
    broker_close (&first); /* a file is one broker's */
  broker_open (&people->broker, people, KEY);
  token = open_token (people, &people->broker, "u1");
  assert_known (people, token);
  pass (people, 20);
  WAIT_FOR (get_age (people) == 0);
  assert_renewals (people, 2);
  logs_expect ("*is somebody else's");
  g_assert_null (open_token (people, &people->broker, "u2"));
  logs_assert_expected ();
  if (any_store_is_postgres ())
    broker_close (&first);
}

static void
test_other_key (People *people, gconstpointer data)
{
  log_in (people);
  broker_close (&people->broker);
  broker_open (&people->broker, people, OTHER);
  logs_expect ("*which is not in the key file*");
  g_assert_null (open_token (people, &people->broker, "u1"));
  logs_assert_expected ();
}

static void
add (const gchar *path, void (*func) (People *people, gconstpointer data))
{
  g_test_add (path, People, NULL, people_set_up, func, people_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  logs_install ();
  add ("/ovirt/people/renewed", test_renewed);
  add ("/ovirt/people/failed", test_failed);
  add ("/ovirt/people/away", test_away);
  add ("/ovirt/people/forgotten", test_forgotten);
  add ("/ovirt/people/lost", test_lost);
  add ("/ovirt/people/without-password", test_without_password);
  add ("/ovirt/people/second-broker", test_second_broker);
  add ("/ovirt/people/other-key", test_other_key);
  return g_test_run ();
}
