/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "engine-fixture.h"
#include "manager/ovirt/engine-client.h"
#include "manager/ovirt/engine-manager.h"

/* The manager of an engine, against the stand-in for one. */

typedef struct
{
  EngineFixture *engine;
  FloeClock *clock;
  FloeManager *manager;
  GHashTable *domains; /* id to FloeDomain, as core would know them */
  GHashTable *peers;   /* id to their addresses, with commas between them */
  guint listings;
  guint losses;
  guint gone;
  gboolean follows; /* another broker leads */
} Fixture;

static void
on_listed (FloeManager *manager, const gchar *host, GPtrArray *domains, Fixture *test)
{
  g_assert_cmpstr (host, ==, "one");
  test->listings++;
  g_hash_table_remove_all (test->domains);
  for (guint i = 0; i < domains->len; i++)
    {
      const FloeDomain *domain = domains->pdata[i];

      g_hash_table_insert (test->domains, g_strdup (domain->name), floe_domain_copy (domain));
    }
}

static void
on_changed (FloeManager *manager, const FloeDomain *domain, Fixture *test)
{
  g_hash_table_insert (test->domains, g_strdup (domain->name), floe_domain_copy (domain));
}

static void
on_lost (FloeManager *manager, const gchar *host, const gchar *reason, Fixture *test)
{
  g_test_message ("lost: %s", reason);
  test->losses++;
}

static void
on_gone (FloeManager *manager, const gchar *host, const gchar *id, Fixture *test)
{
  test->gone++;
}

static void
on_peers (FloeManager *manager, const gchar *id, gchar **peers, Fixture *test)
{
  g_hash_table_insert (test->peers, g_strdup (id), g_strjoinv (",", peers));
}

static gboolean
guard (gpointer data)
{
  return !*(gboolean *)data;
}

static FloeManager *
new_manager (Fixture *test, const gchar *password)
{
  g_autoptr (FloeSecret) secret = floe_secret_new (password, -1);
  g_autoptr (FloeSecret) client = floe_secret_new ("se+cret&", -1);
  const FloeEngineSettings settings = { .name = "one",
                                        .url = test->engine->url,
                                        .ca_file = test->engine->ca,
                                        .user = "svc@internal",
                                        .password = secret,
                                        .client_id = "floe",
                                        .client_secret = client,
                                        .connections = 8,
                                        .timeout = 50 * G_USEC_PER_SEC,
                                        .profile = "internal",
                                        .guard = guard,
                                        .guard_data = &test->follows };
  g_autoptr (GError) error = NULL;
  FloeManager *manager = floe_engine_manager_new (&settings, test->clock, &error);

  g_assert_no_error (error);
  g_signal_connect (manager, "host-listed", G_CALLBACK (on_listed), test);
  g_signal_connect (manager, "host-lost", G_CALLBACK (on_lost), test);
  g_signal_connect (manager, "domain-changed", G_CALLBACK (on_changed), test);
  g_signal_connect (manager, "domain-gone", G_CALLBACK (on_gone), test);
  g_signal_connect (manager, "channels-listed", G_CALLBACK (on_peers), test);
  return manager;
}

static void
set_up (Fixture *test, gconstpointer data)
{
  test->engine = engine_fixture_new ();
  test->clock = fast_clock_new ();
  test->domains =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)floe_domain_free);
  test->peers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  engine_fixture_do (test->engine, "{'person': 'svc@internal', 'password': 'p%%&+ \\u00e4', "
                                   "'admin': true}");
  engine_fixture_do (test->engine, "{'person': 'alice@internal', 'password': 'a'}");
  engine_fixture_do (test->engine, "{'client': 'floe', 'secret': 'se+cret&'}");
  engine_fixture_do (test->engine, "{'pool': 'office', 'size': 3, 'max_user_vms': 3, 'entitled': "
                                   "['alice@internal']}");
  test->manager = new_manager (test, "p%&+ \303\244");
}

static void
tear_down (Fixture *test, gconstpointer data)
{
  floe_manager_stop (test->manager);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_signal_handlers_disconnect_by_data (test->manager, test);
  g_object_unref (test->manager);
  g_hash_table_unref (test->domains);
  g_hash_table_unref (test->peers);
  g_object_unref (test->clock);
  engine_fixture_free (test->engine);
}

static gboolean
give_up (gpointer data)
{
  g_error ("it takes too long");
  return G_SOURCE_REMOVE;
}

/* Runs the main loop while @condition is not met. */
#define WAIT_FOR(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    guint limit_ = g_timeout_add_seconds (60, give_up, NULL);                                      \
    while (!(condition))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (limit_);                                                                      \
  }                                                                                                \
  G_STMT_END

static FloeDomain *
find (Fixture *test, const gchar *name)
{
  return g_hash_table_lookup (test->domains, name);
}

static gboolean
is_ready (Fixture *test, const gchar *name)
{
  const FloeDomain *domain = find (test, name);

  return domain != NULL && domain->power == FLOE_POWER_ON && domain->agent_connected;
}

static void
start (Fixture *test)
{
  floe_manager_start (test->manager);
  WAIT_FOR (test->listings > 0);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static FloeDomain *
allocate (Fixture *test, FloeAssignWay way, const gchar *person, GError **error)
{
  static guint number;
  g_autofree gchar *request = g_strdup_printf ("floe-test-%u", ++number);
  const FloeAllocation allocation = {
    .host = "one", .pool = "office", .way = way, .person = person, .request = request
  };
  g_autoptr (GAsyncResult) result = NULL;

  floe_manager_allocate_async (test->manager, &allocation, NULL, keep_result, &result);
  WAIT_FOR (result != NULL);
  return floe_manager_allocate_finish (test->manager, result, error);
}

static FloeDomain *
must_allocate (Fixture *test, FloeAssignWay way, const gchar *person)
{
  g_autoptr (GError) error = NULL;
  FloeDomain *domain = allocate (test, way, person, &error);

  g_assert_no_error (error);
  g_assert_nonnull (domain);
  return domain;
}

static FloeDomain *
get_ready (Fixture *test)
{
  FloeDomain *domain = must_allocate (test, FLOE_ASSIGN_SERVICE, "alice");

  WAIT_FOR (is_ready (test, domain->name));
  return domain;
}

static FloeDisplay *
set_ticket_with (Fixture *test, const gchar *id, const FloePolicy *policy, GError **error)
{
  g_autoptr (FloeTicket) ticket = floe_ticket_new (floe_clock_now (test->clock));
  const FloeTicketOrder order = { .ticket = ticket, .mode = FLOE_TICKET_KEEP, .policy = policy };
  g_autoptr (GAsyncResult) result = NULL;

  floe_manager_set_ticket_async (test->manager, "one", id, &order, NULL, keep_result, &result);
  WAIT_FOR (result != NULL);
  return floe_manager_set_ticket_finish (test->manager, result, error);
}

static FloeDisplay *
set_ticket (Fixture *test, const gchar *id, GError **error)
{
  return set_ticket_with (test, id, NULL, error);
}

static gboolean
power_off (Fixture *test, const gchar *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_manager_power_off_async (test->manager, "one", id, NULL, keep_result, &result);
  WAIT_FOR (result != NULL);
  return floe_manager_power_finish (test->manager, result, error);
}

static void
assert_count (Fixture *test, const gchar *what, guint expected)
{
  g_assert_cmpuint (engine_fixture_count (test->engine, what), ==, expected);
}

static void
assert_json (Fixture *test, const gchar *vm, const gchar *member, const gchar *expected)
{
  g_autofree gchar *value = engine_fixture_get (test->engine, vm, member);

  g_assert_cmpstr (value, ==, expected);
}

/* Seeing. */

static void
test_lists (Fixture *test, gconstpointer data)
{
  engine_fixture_do (test->engine, "{'pool': 'big', 'size': 40}"); /* too long for one thread */
  start (test);
  g_assert_cmpuint (g_hash_table_size (test->domains), ==, 43);
  g_assert_cmpstr (find (test, "office-1")->pool, ==, "office");
  g_assert_cmpint (find (test, "office-1")->power, ==, FLOE_POWER_OFF);
  g_assert_cmpuint (find (test, "office-1")->memory_mib, ==, 2048);
  assert_count (test, "POST /ovirt-engine/sso/oauth/token", 1);
  assert_count (test, "GET /ovirt-engine/api/vms/ID", 0);
}

static void
test_hears (Fixture *test, gconstpointer data)
{
  g_autofree gchar *id = NULL;

  start (test);
  id = g_strdup (find (test, "office-2")->id);
  engine_fixture_do (test->engine, "{'vm': 'office-2', 'go': 'up'}");
  WAIT_FOR (is_ready (test, "office-2"));
  engine_fixture_do (test->engine, "{'vm': 'office-2', 'connect': '192.0.2.77'}");
  WAIT_FOR (g_strcmp0 (g_hash_table_lookup (test->peers, id), "192.0.2.77") == 0);
  engine_fixture_do (test->engine, "{'vm': 'office-2', 'disconnect': true}");
  WAIT_FOR (g_strcmp0 (g_hash_table_lookup (test->peers, id), "") == 0);
  assert_count (test, "GET /ovirt-engine/api/vms/ID", 0);
}

static void
test_restart (Fixture *test, gconstpointer data)
{
  const gchar *const faults[] = { "'down': true", "'deploying': true", "'half': 9",
                                  "'garbage': 9", "'deep': 9",         "'expire': 1" };

  start (test);
  engine_fixture_do (test->engine, "{'vm': 'office-1', 'go': 'up'}");
  WAIT_FOR (is_ready (test, "office-1"));
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 2;

      engine_fixture_do (test->engine, "{'fault': {%s}}", faults[i]);
      floe_manager_refresh (test->manager, "one");
      WAIT_FOR (g_get_monotonic_time () > end);
      engine_fixture_do (test->engine, "{'fault': null}");
      g_assert_true (is_ready (test, "office-1"));
      test->listings = 0;
      floe_manager_refresh (test->manager, "one");
      WAIT_FOR (test->listings > 0);
      g_assert_true (is_ready (test, "office-1"));
    }
  g_assert_cmpuint (test->gone, ==, 0);
  g_assert_cmpuint (test->losses, ==, 0);
}

static void
test_outage (Fixture *test, gconstpointer data)
{
  start (test);
  engine_fixture_do (test->engine, "{'fault': {'down': true}}");
  WAIT_FOR (test->losses == 1);
  g_assert_cmpuint (test->gone, ==, 0);
  engine_fixture_do (test->engine, "{'vm': 'office-3', 'go': 'up'}");
  engine_fixture_do (test->engine, "{'fault': null}");
  test->listings = 0;
  WAIT_FOR (test->listings > 0);
  g_assert_cmpint (find (test, "office-3")->power, ==, FLOE_POWER_ON);
  g_assert_cmpuint (test->losses, ==, 1);
}

/* One that a list left out is asked for before it is gone. */
static void
test_left_out (Fixture *test, gconstpointer data)
{
  start (test);
  engine_fixture_do (test->engine, "{'hide': 'office-2'}");
  test->listings = 0;
  floe_manager_refresh (test->manager, "one");
  WAIT_FOR (test->listings > 0);
  g_assert_cmpuint (test->gone, ==, 0);
  engine_fixture_do (test->engine, "{'remove': 'office-2'}");
  floe_manager_refresh (test->manager, "one");
  WAIT_FOR (test->gone == 1);
}

/* A password that is wrong is tried once and not again and again, until the account is locked. */
static void
test_refused (Fixture *test, gconstpointer data)
{
  gint64 end = g_get_monotonic_time () + 2 * G_USEC_PER_SEC;

  g_signal_handlers_disconnect_by_data (test->manager, test);
  g_object_unref (test->manager);
  test->manager = new_manager (test, "wrong");
  floe_manager_start (test->manager);
  WAIT_FOR (test->losses == 1 && g_get_monotonic_time () > end);
  assert_count (test, "POST /ovirt-engine/sso/oauth/token", 1);
}

/* Assignment. */

static void
test_service (Fixture *test, gconstpointer data)
{
  g_autoptr (FloeDomain) first = NULL;
  g_autoptr (FloeDomain) second = NULL;
  g_autoptr (FloeDomain) third = NULL;
  g_autoptr (FloeDomain) none = NULL;
  g_autoptr (GError) error = NULL;

  start (test);
  first = must_allocate (test, FLOE_ASSIGN_SERVICE, "alice");
  second = must_allocate (test, FLOE_ASSIGN_SERVICE, "bob");
  third = must_allocate (test, FLOE_ASSIGN_SERVICE, "carol");
  g_assert_cmpstr (first->id, !=, second->id);
  g_assert_cmpstr (second->id, !=, third->id);
  g_assert_cmpstr (first->host, ==, "one");
  g_assert_cmpstr (first->pool, ==, "office");
  assert_json (test, first->name, "holders", "[\"svc@internal\"]");
  assert_json (test, first->name, "comment", "\"floe:alice\"");
  assert_json (test, first->name, "stateless_run", "true");
  WAIT_FOR (is_ready (test, "office-1") && is_ready (test, "office-2")
            && is_ready (test, "office-3"));
  none = allocate (test, FLOE_ASSIGN_SERVICE, "dave", &error);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_EXHAUSTED);
  g_assert_cmpstr (floe_error_reason (error), ==, "no-desktop-free");
}

static void
test_on_behalf (Fixture *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (FloeDomain) stranger = NULL;
  g_autoptr (GError) error = NULL;

  start (test);
  domain = must_allocate (test, FLOE_ASSIGN_ON_BEHALF, "alice");
  assert_json (test, domain->name, "holders", "[\"alice@internal\"]");
  engine_fixture_do (test->engine, "{'person': 'mallory@internal'}");
  stranger = allocate (test, FLOE_ASSIGN_ON_BEHALF, "mallory", &error);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpstr (floe_error_reason (error), ==, "engine-rights");
  g_clear_error (&error);
  stranger = allocate (test, FLOE_ASSIGN_ON_BEHALF, "nobody", &error);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpstr (floe_error_reason (error), ==, "engine-login");
}

static void
test_limit (Fixture *test, gconstpointer data)
{
  g_autoptr (FloeDomain) first = NULL;
  g_autoptr (FloeDomain) again = NULL;
  g_autoptr (FloeDomain) ours = NULL;
  g_autoptr (GError) error = NULL;

  engine_fixture_do (test->engine, "{'pool': 'lab', 'size': 2}");
  engine_fixture_do (test->engine, "{'limit': 'office', 'max_user_vms': 1}");
  start (test);
  first = must_allocate (test, FLOE_ASSIGN_ON_BEHALF, "alice");
  /* Theirs, of which no broker may know. */
  again = must_allocate (test, FLOE_ASSIGN_ON_BEHALF, "alice");
  g_assert_cmpstr (again->id, ==, first->id);
  ours = must_allocate (test, FLOE_ASSIGN_SERVICE, "bob");
  g_assert_null (allocate (test, FLOE_ASSIGN_SERVICE, "carol", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_EXHAUSTED);
  g_assert_nonnull (strstr (error->message, "raise the pool's maximum"));
}

/* What is the service account's is told, and whose it was is wiped out when it goes down. */
static void
test_given (Fixture *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;

  start (test);
  domain = must_allocate (test, FLOE_ASSIGN_SERVICE, "alice");
  assert_json (test, domain->name, "comment", "\"floe:alice\"");
  WAIT_FOR (find (test, domain->name) != NULL && find (test, domain->name)->given);
  g_assert_false (find (test, "office-3")->given);
  engine_fixture_do (test->engine, "{'vm': '%s', 'go': 'down'}", domain->name);
  for (;;)
    {
      g_autofree gchar *comment = engine_fixture_get (test->engine, domain->name, "comment");

      if (g_str_equal (comment, "\"\""))
        break;
      g_main_context_iteration (NULL, TRUE);
    }
}

/* Of a request whose answer is lost, or names no VM, nothing is done twice. */
static void
test_lost_answer (Fixture *test, gconstpointer data)
{
  const gchar *const faults[] = { "lost_allocate", "pending_allocate", "half_allocate" };

  start (test);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (FloeDomain) domain = NULL;

      engine_fixture_do (test->engine, "{'fault': {'%s': 1}}", faults[i]);
      domain = must_allocate (test, FLOE_ASSIGN_SERVICE, "alice");
      assert_json (test, domain->name, "holders", "[\"svc@internal\"]");
      assert_count (test, "POST /ovirt-engine/api/vmpools/ID/allocatevm", i + 1);
    }
}

static void
test_lock (Fixture *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;

  start (test);
  engine_fixture_do (test->engine, "{'fault': {'locked': 2}}");
  domain = must_allocate (test, FLOE_ASSIGN_SERVICE, "alice");
  assert_count (test, "POST /ovirt-engine/api/vmpools/ID/allocatevm", 3);
}

static void
test_expired (Fixture *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;

  start (test);
  engine_fixture_do (test->engine, "{'advance': 1900}");
  domain = must_allocate (test, FLOE_ASSIGN_SERVICE, "alice");
  assert_count (test, "POST /ovirt-engine/sso/oauth/token", 2);
}

static void
test_many_at_once (Fixture *test, gconstpointer data)
{
  GAsyncResult *results[3] = { NULL };
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  engine_fixture_do (test->engine, "{'fault': {'slow': 0.1}}");
  start (test);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree gchar *request = g_strdup_printf ("floe-many-%u", i);
      const FloeAllocation allocation = {
        .host = "one", .pool = "office", .person = "alice", .request = request
      };

      floe_manager_allocate_async (test->manager, &allocation, NULL, keep_result, &results[i]);
    }
  WAIT_FOR (results[0] != NULL && results[1] != NULL && results[2] != NULL);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (FloeDomain) domain =
          floe_manager_allocate_finish (test->manager, results[i], &error);

      g_assert_no_error (error);
      g_assert_true (g_hash_table_add (ids, g_strdup (domain->id)));
      g_object_unref (results[i]);
    }
}

/* Consoles. */

static void
test_ticket (Fixture *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (FloeDisplay) early = NULL;
  g_autoptr (FloeDisplay) display = NULL;
  g_autofree gchar *ticket = NULL;
  g_autoptr (GError) error = NULL;

  start (test);
  early = set_ticket (test, find (test, "office-2")->id, &error);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_cmpstr (floe_error_reason (error), ==, "not-running");
  g_clear_error (&error);
  domain = get_ready (test);
  display = set_ticket (test, domain->id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (display->host, ==, "192.0.2.10");
  g_assert_cmpuint (display->port, ==, 0);
  g_assert_cmpuint (display->tls_port, ==, 5901);
  g_assert_cmpstr (display->host_subject, ==, "O=Test,CN=host1");
  g_assert_true (g_str_has_prefix (display->ca, "-----BEGIN CERTIFICATE-----"));
  ticket = engine_fixture_get (test->engine, domain->name, "ticket");
  g_assert_nonnull (strstr (ticket, "\"expiry\":30"));
}

static void
test_ticket_refused (Fixture *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (FloeDisplay) display = NULL;
  g_autoptr (GError) error = NULL;

  engine_fixture_do (test->engine, "{'vm': 'office-1', 'set': {'display': {'type': 'vnc', "
                                   "'address': '192.0.2.10', 'port': 5900}}}");
  start (test);
  g_assert_nonnull (find (test, "office-1")->vnc_refusal);
  domain = get_ready (test);
  display = set_ticket (test, domain->id, &error);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpstr (floe_error_reason (error), ==, "plain-display");
}

/* A policy that the VM does not keep opens nothing. */
static void
test_ticket_policy (Fixture *test, gconstpointer data)
{
  g_autoptr (FloePolicy) policy = floe_policy_new ();
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (FloeDisplay) display = NULL;
  g_autoptr (GError) error = NULL;

  start (test);
  domain = get_ready (test);
  policy->usb = FALSE;
  display = set_ticket_with (test, domain->id, policy, &error);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpstr (floe_error_reason (error), ==, "policy-not-enforced");
  assert_json (test, domain->name, "ticket", "null");
}

/* Power. */

static void
test_power_off (Fixture *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (GError) error = NULL;

  start (test);
  domain = get_ready (test);
  g_assert_true (power_off (test, domain->id, &error));
  g_assert_cmpint (find (test, domain->name)->power, ==, FLOE_POWER_OFF);
  assert_json (test, domain->name, "holders", "[]");
  g_assert_true (power_off (test, domain->id, &error)); /* it is off already */
  g_assert_no_error (error);
}

/* Whoever leads no more switches nothing off. */
static void
test_guard (Fixture *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (GError) error = NULL;

  start (test);
  domain = must_allocate (test, FLOE_ASSIGN_SERVICE, "alice");
  test->follows = TRUE;
  g_assert_false (power_off (test, domain->id, &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "not-leading");
  assert_count (test, "POST /ovirt-engine/api/vms/ID/stop", 0);
}

/* What an allocation began is waited for; by itself nothing is started. */
static void
test_power_on (Fixture *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) none = NULL;
  g_autoptr (GError) error = NULL;

  start (test);
  domain = must_allocate (test, FLOE_ASSIGN_SERVICE, "alice");
  floe_manager_power_on_async (test->manager, "one", domain->id, NULL, keep_result, &result);
  WAIT_FOR (result != NULL);
  g_assert_true (floe_manager_power_finish (test->manager, result, &error));
  g_assert_no_error (error);
  g_assert_cmpint (find (test, domain->name)->power, ==, FLOE_POWER_ON);
  floe_manager_power_on_async (test->manager, "one", find (test, "office-3")->id, NULL, keep_result,
                               &none);
  WAIT_FOR (none != NULL);
  g_assert_false (floe_manager_power_finish (test->manager, none, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  assert_count (test, "POST /ovirt-engine/api/vms/ID/start", 0);
}

static void
test_shut_down (Fixture *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (FloeJob) job = floe_job_new (FLOE_JOB_SHUT_DOWN, "one");
  g_autoptr (FloeJobResult) done = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  start (test);
  domain = get_ready (test);
  engine_fixture_do (test->engine, "{'vm': '%s', 'set': {'ignores_shutdown': true}}", domain->name);
  job->domain_id = g_strdup (domain->id);
  job->seconds = 10;
  floe_manager_run_async (test->manager, job, NULL, keep_result, &result);
  WAIT_FOR (result != NULL);
  done = floe_manager_run_finish (test->manager, result, &error);
  g_assert_no_error (error);
  assert_count (test, "POST /ovirt-engine/api/vms/ID/stop", 1);
}

/* Only its guest: the VM stays whose it is. */
static void
test_reboot (Fixture *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (FloeJob) job = floe_job_new (FLOE_JOB_RESTART, "one");
  g_autoptr (FloeJobResult) done = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  start (test);
  domain = get_ready (test);
  job->domain_id = g_strdup (domain->id);
  floe_manager_run_async (test->manager, job, NULL, keep_result, &result);
  WAIT_FOR (result != NULL);
  done = floe_manager_run_finish (test->manager, result, &error);
  g_assert_no_error (error);
  assert_json (test, domain->name, "holders", "[\"svc@internal\"]");
  assert_count (test, "POST /ovirt-engine/api/vms/ID/reboot", 1);
}

/* Whoever came next would find what was left there. */
static void
test_stateful (Fixture *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  engine_fixture_do (test->engine, "{'limit': 'office', 'max_user_vms': 3, 'stateful': true}");
  start (test);
  g_assert_nonnull (strstr (find (test, "office-1")->refusal, "stateful"));
  g_assert_null (allocate (test, FLOE_ASSIGN_SERVICE, "alice", &error));
  g_assert_nonnull (strstr (error->message, "make it anew there"));
  assert_count (test, "POST /ovirt-engine/api/vmpools/ID/allocatevm", 0);
}

static void
add (const gchar *path, void (*func) (Fixture *test, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/ovirt/lists", test_lists);
  add ("/ovirt/hears", test_hears);
  add ("/ovirt/restart", test_restart);
  add ("/ovirt/outage", test_outage);
  add ("/ovirt/left-out", test_left_out);
  add ("/ovirt/refused", test_refused);
  add ("/ovirt/allocate/service", test_service);
  add ("/ovirt/allocate/on-behalf", test_on_behalf);
  add ("/ovirt/allocate/limit", test_limit);
  add ("/ovirt/given", test_given);
  add ("/ovirt/allocate/lost-answer", test_lost_answer);
  add ("/ovirt/allocate/lock", test_lock);
  add ("/ovirt/allocate/expired", test_expired);
  add ("/ovirt/allocate/many-at-once", test_many_at_once);
  add ("/ovirt/ticket", test_ticket);
  add ("/ovirt/ticket/refused", test_ticket_refused);
  add ("/ovirt/ticket/policy", test_ticket_policy);
  add ("/ovirt/power-off", test_power_off);
  add ("/ovirt/power-on", test_power_on);
  add ("/ovirt/guard", test_guard);
  add ("/ovirt/shut-down", test_shut_down);
  add ("/ovirt/reboot", test_reboot);
  add ("/ovirt/stateful", test_stateful);
  return g_test_run ();
}
