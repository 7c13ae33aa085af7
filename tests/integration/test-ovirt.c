/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "ovirt-harness.h"

/* What an engine has, and what it gives. */

/* Seeing. */

static void
test_lists (OvirtTest *test, gconstpointer data)
{
  engine_fixture_do (test->engine, "{'pool': 'big', 'size': 40}"); /* too long for one thread */
  ovirt_test_start (test);
  g_assert_cmpuint (g_hash_table_size (test->domains), ==, 43);
  g_assert_cmpstr (ovirt_test_find (test, "office-1")->pool, ==, "office");
  g_assert_cmpint (ovirt_test_find (test, "office-1")->power, ==, FLOE_POWER_OFF);
  g_assert_cmpuint (ovirt_test_find (test, "office-1")->memory_mib, ==, 2048);
  ovirt_test_assert_count (test, "POST /ovirt-engine/sso/oauth/token", 1);
  ovirt_test_assert_count (test, "GET /ovirt-engine/api/vms/ID", 0);
}

static void
test_hears (OvirtTest *test, gconstpointer data)
{
  g_autofree gchar *id = NULL;

  ovirt_test_start (test);
  id = g_strdup (ovirt_test_find (test, "office-2")->id);
  engine_fixture_do (test->engine, "{'vm': 'office-2', 'go': 'up'}");
  WAIT_FOR (ovirt_test_is_ready (test, "office-2"));
  engine_fixture_do (test->engine, "{'vm': 'office-2', 'connect': '192.0.2.77'}");
  WAIT_FOR (g_strcmp0 (g_hash_table_lookup (test->peers, id), "192.0.2.77") == 0);
  engine_fixture_do (test->engine, "{'vm': 'office-2', 'disconnect': true}");
  WAIT_FOR (g_strcmp0 (g_hash_table_lookup (test->peers, id), "") == 0);
  ovirt_test_assert_count (test, "GET /ovirt-engine/api/vms/ID", 0);
}

static void
test_restart (OvirtTest *test, gconstpointer data)
{
  const gchar *const faults[] = { "'down': true", "'deploying': true", "'half': 9",
                                  "'garbage': 9", "'deep': 9",         "'expire': 1" };

  ovirt_test_start (test);
  engine_fixture_do (test->engine, "{'vm': 'office-1', 'go': 'up'}");
  WAIT_FOR (ovirt_test_is_ready (test, "office-1"));
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 2;

      engine_fixture_do (test->engine, "{'fault': {%s}}", faults[i]);
      floe_manager_refresh (test->manager, "one");
      WAIT_FOR (g_get_monotonic_time () > end);
      engine_fixture_do (test->engine, "{'fault': null}");
      g_assert_true (ovirt_test_is_ready (test, "office-1"));
      test->listings = 0;
      floe_manager_refresh (test->manager, "one");
      WAIT_FOR (test->listings > 0);
      g_assert_true (ovirt_test_is_ready (test, "office-1"));
    }
  g_assert_cmpuint (test->gone, ==, 0);
  g_assert_cmpuint (test->losses, ==, 0);
}

static void
test_outage (OvirtTest *test, gconstpointer data)
{
  ovirt_test_start (test);
  engine_fixture_do (test->engine, "{'fault': {'down': true}}");
  WAIT_FOR (test->losses == 1);
  g_assert_cmpuint (test->gone, ==, 0);
  engine_fixture_do (test->engine, "{'vm': 'office-3', 'go': 'up'}");
  engine_fixture_do (test->engine, "{'fault': null}");
  test->listings = 0;
  WAIT_FOR (test->listings > 0);
  g_assert_cmpint (ovirt_test_find (test, "office-3")->power, ==, FLOE_POWER_ON);
  g_assert_cmpuint (test->losses, ==, 1);
}

/* One that a list left out is asked for before it is gone. */
static void
test_left_out (OvirtTest *test, gconstpointer data)
{
  ovirt_test_start (test);
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
test_refused (OvirtTest *test, gconstpointer data)
{
  gint64 end = g_get_monotonic_time () + 2 * G_USEC_PER_SEC;

  g_signal_handlers_disconnect_by_data (test->manager, test);
  g_object_unref (test->manager);
  test->manager = ovirt_test_new_manager (test, "wrong");
  floe_manager_start (test->manager);
  WAIT_FOR (test->losses == 1 && g_get_monotonic_time () > end);
  ovirt_test_assert_count (test, "POST /ovirt-engine/sso/oauth/token", 1);
}

/* An engine that takes no token, not even one that it has just given: it is asked once more. */
static void
test_takes_none (OvirtTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *id = NULL;

  ovirt_test_start (test);
  id = g_strdup (ovirt_test_find (test, "office-1")->id);
  engine_fixture_do (test->engine, "{'fault': {'refuse': true}}");
  g_assert_null (ovirt_test_set_ticket (test, id, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
  g_assert_cmpstr (floe_error_reason (error), ==, "engine-login");
  ovirt_test_assert_count (test, "GET /ovirt-engine/api/vms/ID", 2);
}

/* Assignment. */

static void
test_service (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) first = NULL;
  g_autoptr (FloeDomain) second = NULL;
  g_autoptr (FloeDomain) third = NULL;
  g_autoptr (FloeDomain) none = NULL;
  g_autoptr (GError) error = NULL;

  ovirt_test_start (test);
  first = ovirt_test_must_allocate (test, FLOE_ASSIGN_SERVICE, "alice");
  second = ovirt_test_must_allocate (test, FLOE_ASSIGN_SERVICE, "bob");
  third = ovirt_test_must_allocate (test, FLOE_ASSIGN_SERVICE, "carol");
  g_assert_cmpstr (first->id, !=, second->id);
  g_assert_cmpstr (second->id, !=, third->id);
  g_assert_cmpstr (first->host, ==, "one");
  g_assert_cmpstr (first->pool, ==, "office");
  ovirt_test_assert_json (test, first->name, "holders", "[\"svc@internal\"]");
  ovirt_test_assert_json (test, first->name, "comment", "\"floe:alice alice\"");
  ovirt_test_assert_json (test, first->name, "stateless_run", "true");
  WAIT_FOR (ovirt_test_is_ready (test, "office-1") && ovirt_test_is_ready (test, "office-2")
            && ovirt_test_is_ready (test, "office-3"));
  none = ovirt_test_allocate (test, FLOE_ASSIGN_SERVICE, "dave", &error);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_EXHAUSTED);
  g_assert_cmpstr (floe_error_reason (error), ==, "no-desktop-free");
}

static void
test_on_behalf (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (FloeDomain) stranger = NULL;
  g_autoptr (GError) error = NULL;

  ovirt_test_start (test);
  domain = ovirt_test_must_allocate (test, FLOE_ASSIGN_ON_BEHALF, "alice");
  ovirt_test_assert_json (test, domain->name, "holders", "[\"alice@internal\"]");
  engine_fixture_do (test->engine, "{'person': 'mallory@internal'}");
  stranger = ovirt_test_allocate (test, FLOE_ASSIGN_ON_BEHALF, "mallory", &error);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpstr (floe_error_reason (error), ==, "engine-rights");
  g_clear_error (&error);
  stranger = ovirt_test_allocate (test, FLOE_ASSIGN_ON_BEHALF, "nobody", &error);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpstr (floe_error_reason (error), ==, "engine-login");
}

/* Asks for VMs of these pools at once. Returns: (element-type GAsyncResult): the answers to all */
static GPtrArray *
ask_at_once (OvirtTest *test, FloeAllocation wish, const gchar *const *pools, guint n)
{
  GPtrArray *results = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_set_size (results, (gint)n);
  wish.host = "one";
  for (guint i = 0; i < n; i++)
    {
      g_autofree gchar *request = g_strdup_printf ("floe-many-%u", i);

      wish.pool = pools[i % g_strv_length ((gchar **)pools)];
      wish.request = request;
      floe_manager_allocate_async (test->manager, &wish, NULL, ovirt_test_keep_result,
                                   &results->pdata[i]);
    }
  for (guint i = 0; i < n; i++)
    WAIT_FOR (results->pdata[i] != NULL);
  return results;
}

/* Log-ins and calls of many at once. Returns: how many of them got a VM */
static guint
rush (OvirtTest *test, guint n)
{
  static const gchar *const pools[] = { "hall", NULL };
  const FloeAllocation wish = { .way = FLOE_ASSIGN_ON_BEHALF, .person = "svc" };
  g_autoptr (GPtrArray) results = ask_at_once (test, wish, pools, n);
  guint n_given = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (FloeDomain) domain =
          floe_manager_allocate_finish (test->manager, results->pdata[i], NULL);

      n_given += domain != NULL;
    }
  return n_given;
}

/* Log-ins open connections of their own, and are no more at once than calls. Each is made in its
 * turn, and where the engine hangs, whoever waits is told so when their time is over. */
static void
test_rush (OvirtTest *test, gconstpointer data)
{
  guint peak;

  engine_fixture_do (test->engine, "{'pool': 'hall', 'size': 30, 'max_user_vms': 30}");
  ovirt_test_start (test);
  engine_fixture_do (test->engine, "{'fault': {'slow': 0.05}}");
  g_assert_cmpuint (rush (test, 30), ==, 30);
  peak = engine_fixture_peak (test->engine);
  g_assert_cmpuint (peak, >=, 8);
  g_assert_cmpuint (peak, <=, 2 * 8); /* as many calls beside them */
  engine_fixture_do (test->engine, "{'fault': {'silent': 1000}}");
  g_assert_cmpuint (rush (test, 12), ==, 0);
}

static void
test_limit (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) first = NULL;
  g_autoptr (FloeDomain) again = NULL;
  g_autoptr (FloeDomain) ours = NULL;
  g_autoptr (GError) error = NULL;

  engine_fixture_do (test->engine, "{'pool': 'lab', 'size': 2}");
  engine_fixture_do (test->engine, "{'limit': 'office', 'max_user_vms': 1}");
  ovirt_test_start (test);
  first = ovirt_test_must_allocate (test, FLOE_ASSIGN_ON_BEHALF, "alice");
  /* Theirs, of which no broker may know. */
  again = ovirt_test_must_allocate (test, FLOE_ASSIGN_ON_BEHALF, "alice");
  g_assert_cmpstr (again->id, ==, first->id);
  ours = ovirt_test_must_allocate (test, FLOE_ASSIGN_SERVICE, "bob");
  g_assert_null (ovirt_test_allocate (test, FLOE_ASSIGN_SERVICE, "carol", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_EXHAUSTED);
  g_assert_nonnull (strstr (error->message, "raise the pool's maximum"));
}

/* What is the service account's is told, and whose it was is wiped out when it goes down. */
static void
test_given (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;

  ovirt_test_start (test);
  domain = ovirt_test_must_allocate (test, FLOE_ASSIGN_SERVICE, "alice");
  ovirt_test_assert_json (test, domain->name, "comment", "\"floe:alice alice\"");
  WAIT_FOR (ovirt_test_find (test, domain->name) != NULL
            && ovirt_test_find (test, domain->name)->given);
  g_assert_false (ovirt_test_find (test, "office-3")->given);
  engine_fixture_do (test->engine, "{'vm': '%s', 'go': 'down'}", domain->name);
  for (;;)
    {
      g_autofree gchar *comment = engine_fixture_get (test->engine, domain->name, "comment");

      if (g_str_equal (comment, "\"\""))
        break;
      g_main_context_iteration (NULL, TRUE);
    }
}

/* Whom an engine is asked for. */

#define REQUEST "3c1f8a52-7d0b-4f7e-9a51-0c2b7e5d4a10"

/* All that is asked of a VM, or changes something: the rest is what is looked at for nobody. What
 * is seen is forgotten. */
static void
assert_calls_of (OvirtTest *test, const gchar *id, const gchar *correlation, guint n)
{
  g_autoptr (GPtrArray) calls = engine_fixture_list_calls (test->engine);
  guint found = 0;

  for (guint i = 0; i < calls->len; i++)
    {
      gchar **call = calls->pdata[i];

      if (g_str_equal (call[0], "GET") && (id == NULL || strstr (call[1], id) == NULL))
        continue;
      g_test_message ("%s %s: %s", call[0], call[1], call[2]);
      g_assert_true (g_str_has_prefix (call[2], correlation));
      g_assert_cmpuint (strlen (call[2]), <=, 50);
      found++;
    }
  g_assert_cmpuint (found, ==, n);
  engine_fixture_do (test->engine, "{'forget': true}");
}

static void
run_job (OvirtTest *test, FloeJobKind kind, const gchar *id)
{
  g_autoptr (FloeJob) job = floe_job_new (kind, "one");
  g_autoptr (GError) error = NULL;

  job->domain_id = g_strdup (id);
  job->person = g_strdup ("alice");
  job->person_id = g_strdup ("id-alice");
  job->service = TRUE;
  job->seconds = kind == FLOE_JOB_SHUT_DOWN ? 60 : 0;
  job->request = g_strdup (test->request);
  ovirt_test_run_job (test, job, &error);
  g_assert_no_error (error);
}

/* Returns: (transfer full): what the engine gave them, as it is ready */
static FloeDomain *
get_kept (OvirtTest *test)
{
  const FloeAllocation allocation = { .pool = "developers",
                                      .way = FLOE_ASSIGN_SERVICE,
                                      .keeps = TRUE,
                                      .person = "alice",
                                      .person_id = "id-alice" };
  g_autoptr (GError) error = NULL;
  FloeDomain *domain = ovirt_test_ask (test, &allocation, &error);

  g_assert_no_error (error);
  WAIT_FOR (ovirt_test_is_ready (test, domain->name));
  return domain;
}

/* Each call has the id of the request that it is made for, by which an administrator finds it. */
static void
test_correlation (OvirtTest *test, gconstpointer data)
{
  const FloeVmHolder alice = { .person = "alice", .person_id = "id-alice", .service = TRUE };
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (FloeDisplay) display = NULL;
  g_autoptr (GError) error = NULL;

  engine_fixture_do (test->engine,
                     "{'pool': 'developers', 'size': 1, 'manual': true, 'stateful': true}");
  ovirt_test_start (test);
  engine_fixture_do (test->engine, "{'forget': true}");
  test->request = REQUEST;
  domain = get_kept (test);
  assert_calls_of (test, domain->id, REQUEST, 4);
  display = ovirt_test_set_ticket_with (test, domain->id, NULL, &alice, &error);
  g_assert_no_error (error);
  assert_calls_of (test, domain->id, REQUEST, 4);
  run_job (test, FLOE_JOB_RESTART, domain->id);
  WAIT_FOR (ovirt_test_is_ready (test, domain->name));
  run_job (test, FLOE_JOB_SHUT_DOWN, domain->id);
  assert_calls_of (test, domain->id, REQUEST, 2);
  run_job (test, FLOE_JOB_START, domain->id);
  assert_calls_of (test, domain->id, REQUEST, 3);
  WAIT_FOR (ovirt_test_is_ready (test, domain->name));
  g_assert_true (ovirt_test_power_off (test, domain->id, &error));
  assert_calls_of (test, domain->id, REQUEST, 1);
  run_job (test, FLOE_JOB_GIVE_BACK, domain->id);
  assert_calls_of (test, domain->id, REQUEST, 5);
}

/* An engine refuses what is longer, or has other characters; and what nobody asked for says so. */
static void
test_correlation_fits (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (GError) error = NULL;

  ovirt_test_start (test);
  engine_fixture_do (test->engine, "{'forget': true}");
  test->request = "front.example.org:4711:2026-11-30T14:55:56.000001:0000000042";
  domain = ovirt_test_must_allocate (test, FLOE_ASSIGN_SERVICE, "alice");
  assert_calls_of (test, domain->id, "front-example-org-4711-2026-11-30T14-", 3);
  g_assert_true (ovirt_test_power_off (test, domain->id, &error));
  assert_calls_of (test, domain->id, "front-example-org-4711-2026-11-30T14-55-56-000001-", 1);
  test->request = NULL;
  g_clear_pointer (&domain, floe_domain_free);
  domain = ovirt_test_get_ready (test);
  engine_fixture_do (test->engine, "{'forget': true}");
  g_assert_true (ovirt_test_power_off (test, domain->id, &error));
  assert_calls_of (test, domain->id, "floe-own-", 1);
}

/* Of a request whose answer is lost, or names no VM, nothing is done twice. */
static void
test_lost_answer (OvirtTest *test, gconstpointer data)
{
  const gchar *const faults[] = { "lost_allocate", "pending_allocate", "half_allocate" };

  ovirt_test_start (test);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (FloeDomain) domain = NULL;

      engine_fixture_do (test->engine, "{'fault': {'%s': 1}}", faults[i]);
      domain = ovirt_test_must_allocate (test, FLOE_ASSIGN_SERVICE, "alice");
      ovirt_test_assert_json (test, domain->name, "holders", "[\"svc@internal\"]");
      ovirt_test_assert_count (test, "POST /ovirt-engine/api/vmpools/ID/allocatevm", i + 1);
    }
}

static void
test_lock (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;

  ovirt_test_start (test);
  engine_fixture_do (test->engine, "{'fault': {'locked': 2}}");
  domain = ovirt_test_must_allocate (test, FLOE_ASSIGN_SERVICE, "alice");
  ovirt_test_assert_count (test, "POST /ovirt-engine/api/vmpools/ID/allocatevm", 3);
}

static void
test_expired (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;

  ovirt_test_start (test);
  engine_fixture_do (test->engine, "{'advance': 1900}");
  domain = ovirt_test_must_allocate (test, FLOE_ASSIGN_SERVICE, "alice");
  ovirt_test_assert_count (test, "POST /ovirt-engine/sso/oauth/token", 2);
}

/* The engine locks by who asks, and that is always the broker's account, whatever the pool: one
 * waits for the other here, so that each is asked for once. */
static void
test_many_at_once (OvirtTest *test, gconstpointer data)
{
  static const gchar *const pools[] = { "office", "lab", NULL };
  const FloeAllocation wish = { .person = "alice" };
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  engine_fixture_do (test->engine, "{'pool': 'lab', 'size': 3, 'max_user_vms': 3}");
  engine_fixture_do (test->engine, "{'fault': {'takes': 0.1}}");
  ovirt_test_start (test);
  results = ask_at_once (test, wish, pools, 4);
  ovirt_test_assert_count (test, "POST /ovirt-engine/api/vmpools/ID/allocatevm", 4);
  for (guint i = 0; i < results->len; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (FloeDomain) domain =
          floe_manager_allocate_finish (test->manager, results->pdata[i], &error);

      g_assert_no_error (error);
      g_assert_true (g_hash_table_add (ids, g_strdup (domain->id)));
    }
}

static void
add (const gchar *path, void (*func) (OvirtTest *test, gconstpointer data))
{
  g_test_add (path, OvirtTest, NULL, ovirt_test_set_up, func, ovirt_test_tear_down);
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
  add ("/ovirt/takes-none", test_takes_none);
  add ("/ovirt/allocate/service", test_service);
  add ("/ovirt/allocate/on-behalf", test_on_behalf);
  add ("/ovirt/allocate/limit", test_limit);
  add ("/ovirt/allocate/rush", test_rush);
  add ("/ovirt/given", test_given);
  add ("/ovirt/allocate/lost-answer", test_lost_answer);
  add ("/ovirt/correlation", test_correlation);
  add ("/ovirt/correlation/fits", test_correlation_fits);
  add ("/ovirt/allocate/lock", test_lock);
  add ("/ovirt/allocate/expired", test_expired);
  add ("/ovirt/allocate/many-at-once", test_many_at_once);
  return g_test_run ();
}
