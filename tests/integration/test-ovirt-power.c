/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "ovirt-harness.h"

/* Consoles and power of an engine's VMs, and those that stay with their users. */

/* Consoles. */

static void
test_ticket (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (FloeDisplay) early = NULL;
  g_autoptr (FloeDisplay) display = NULL;
  g_autofree gchar *ticket = NULL;
  g_autoptr (GError) error = NULL;

  ovirt_test_start (test);
  early = ovirt_test_set_ticket (test, ovirt_test_find (test, "office-2")->id, &error);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  g_assert_cmpstr (floe_error_reason (error), ==, "not-running");
  g_clear_error (&error);
  domain = ovirt_test_get_ready (test);
  display = ovirt_test_set_ticket (test, domain->id, &error);
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
test_ticket_refused (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (FloeDisplay) display = NULL;
  g_autoptr (GError) error = NULL;

  engine_fixture_do (test->engine, "{'vm': 'office-1', 'set': {'display': {'type': 'vnc', "
                                   "'address': '192.0.2.10', 'port': 5900}}}");
  ovirt_test_start (test);
  g_assert_nonnull (ovirt_test_find (test, "office-1")->vnc_refusal);
  domain = ovirt_test_get_ready (test);
  display = ovirt_test_set_ticket (test, domain->id, &error);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpstr (floe_error_reason (error), ==, "plain-display");
}

/* A policy that the VM does not keep opens nothing. */
static void
test_ticket_policy (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloePolicy) policy = floe_policy_new ();
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (FloeDisplay) display = NULL;
  g_autoptr (GError) error = NULL;

  ovirt_test_start (test);
  domain = ovirt_test_get_ready (test);
  policy->usb = FALSE;
  display = ovirt_test_set_ticket_with (test, domain->id, policy, NULL, &error);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_DENIED);
  g_assert_cmpstr (floe_error_reason (error), ==, "policy-not-enforced");
  ovirt_test_assert_json (test, domain->name, "ticket", "null");
}

/* Power. */

static void
test_power_off (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (GError) error = NULL;

  ovirt_test_start (test);
  domain = ovirt_test_get_ready (test);
  g_assert_true (ovirt_test_power_off (test, domain->id, &error));
  g_assert_cmpint (ovirt_test_find (test, domain->name)->power, ==, FLOE_POWER_OFF);
  ovirt_test_assert_json (test, domain->name, "holders", "[]");
  g_assert_true (ovirt_test_power_off (test, domain->id, &error)); /* it is off already */
  g_assert_no_error (error);
}

#define STOP "POST /ovirt-engine/api/vms/ID/stop"

static gboolean
is_calm (gpointer calm)
{
  *(gboolean *)calm = TRUE;
  return G_SOURCE_REMOVE;
}

static void
pause_for (guint seconds)
{
  gboolean calm = FALSE;

  g_timeout_add_seconds (seconds, is_calm, &calm);
  WAIT_FOR (calm);
}

/* A slow engine does what it was told of the one who had it before when the next one has it. */
static void
test_late_stop (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) G_GNUC_UNUSED bobs = NULL;
  g_autoptr (FloeDomain) G_GNUC_UNUSED carols = NULL;
  g_autoptr (FloeDomain) first = NULL;
  g_autoptr (FloeDomain) next = NULL;
  g_autoptr (GAsyncResult) stopped = NULL;
  g_autoptr (GError) error = NULL;

  engine_fixture_do (test->engine, "{'limit': 'office', 'max_user_vms': 3}");
  ovirt_test_start (test);
  first = ovirt_test_get_ready (test);
  bobs = ovirt_test_must_allocate (test, FLOE_ASSIGN_SERVICE, "bob");
  carols = ovirt_test_must_allocate (test, FLOE_ASSIGN_SERVICE, "carol");
  engine_fixture_do (test->engine, "{'fault': {'late_stop': 1}}");
  floe_manager_power_off_async (test->manager, "one", first->id, NULL, NULL, ovirt_test_keep_result,
                                &stopped);
  WAIT_FOR (engine_fixture_count (test->engine, STOP) == 1);
  engine_fixture_do (test->engine, "{'vm': '%s', 'go': 'down'}", first->name);
  next = ovirt_test_must_allocate (test, FLOE_ASSIGN_SERVICE, "dave");
  g_assert_cmpstr (next->id, ==, first->id); /* there is no other one */
  g_assert_true (floe_manager_power_finish (test->manager, stopped, &error));
  WAIT_FOR (ovirt_test_is_ready (test, next->name));
  pause_for (4);
  g_assert_true (ovirt_test_is_ready (test, next->name));
  ovirt_test_assert_json (test, next->name, "holders", "[\"svc@internal\"]");
  ovirt_test_assert_count (test, STOP, 1);
}

/* Whoever leads no more switches nothing off. */
static void
test_guard (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (GError) error = NULL;

  ovirt_test_start (test);
  domain = ovirt_test_must_allocate (test, FLOE_ASSIGN_SERVICE, "alice");
  test->follows = TRUE;
  g_assert_false (ovirt_test_power_off (test, domain->id, &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "not-leading");
  ovirt_test_assert_count (test, "POST /ovirt-engine/api/vms/ID/stop", 0);
}

/* What an allocation began is waited for; by itself nothing is started. */
static void
test_power_on (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (GError) error = NULL;

  ovirt_test_start (test);
  domain = ovirt_test_must_allocate (test, FLOE_ASSIGN_SERVICE, "alice");
  g_assert_true (ovirt_test_power_on (test, domain->id, &error));
  g_assert_no_error (error);
  g_assert_cmpint (ovirt_test_find (test, domain->name)->power, ==, FLOE_POWER_ON);
  g_assert_false (ovirt_test_power_on (test, ovirt_test_find (test, "office-3")->id, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
  ovirt_test_assert_count (test, "POST /ovirt-engine/api/vms/ID/start", 0);
}

static void
test_shut_down (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (FloeJob) job = floe_job_new (FLOE_JOB_SHUT_DOWN, "one");
  g_autoptr (GError) error = NULL;

  ovirt_test_start (test);
  domain = ovirt_test_get_ready (test);
  engine_fixture_do (test->engine, "{'vm': '%s', 'set': {'ignores_shutdown': true}}", domain->name);
  job->domain_id = g_strdup (domain->id);
  job->seconds = 10;
  g_assert_true (ovirt_test_run_job (test, job, &error));
  g_assert_no_error (error);
  ovirt_test_assert_count (test, "POST /ovirt-engine/api/vms/ID/stop", 1);
}

/* Returns: how many the engine says are logged in to the guest; -1 with @error */
static gint
ask_logged_in (OvirtTest *test, const gchar *id, GError **error)
{
  g_autoptr (FloeJob) job = floe_job_new (FLOE_JOB_ASK, "one");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FloeJobResult) told = NULL;

  job->domain_id = g_strdup (id);
  floe_manager_run_async (test->manager, job, NULL, ovirt_test_keep_result, &result);
  WAIT_FOR (result != NULL);
  told = floe_manager_run_finish (test->manager, result, error);
  return told != NULL ? (gint)told->logged_in : -1;
}

/* Who is logged in to a guest is what the engine's lists say, where its agent says anything. */
static void
test_logged_in (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (GError) error = NULL;

  ovirt_test_start (test);
  g_assert_cmpint (ask_logged_in (test, ovirt_test_find (test, "office-3")->id, &error), ==, -1);
  g_assert_cmpstr (floe_error_reason (error), ==, "agent-down");
  domain = ovirt_test_get_ready (test);
  g_assert_cmpint (ask_logged_in (test, domain->id, NULL), ==, 0);
  engine_fixture_do (test->engine,
                     "{'vm': '%s', 'set': {'sessions': [{'user': null, 'ip': null, 'console': "
                     "false}]}}",
                     domain->name);
  floe_manager_refresh (test->manager, "one");
  WAIT_FOR (ovirt_test_find (test, domain->name)->logged_in == 1);
  g_assert_cmpint (ask_logged_in (test, domain->id, NULL), ==, 1);
}

/* Only its guest: the VM stays whose it is. */
static void
test_reboot (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (FloeJob) job = floe_job_new (FLOE_JOB_RESTART, "one");
  g_autoptr (GError) error = NULL;

  ovirt_test_start (test);
  domain = ovirt_test_get_ready (test);
  job->domain_id = g_strdup (domain->id);
  g_assert_true (ovirt_test_run_job (test, job, &error));
  g_assert_no_error (error);
  ovirt_test_assert_json (test, domain->name, "holders", "[\"svc@internal\"]");
  ovirt_test_assert_count (test, "POST /ovirt-engine/api/vms/ID/reboot", 1);
}

/* Whoever came next would find what was left there. */
static void
test_stateful (OvirtTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  engine_fixture_do (test->engine, "{'limit': 'office', 'max_user_vms': 3, 'stateful': true}");
  ovirt_test_start (test);
  g_assert_nonnull (strstr (ovirt_test_find (test, "office-1")->refusal, "stateful"));
  g_assert_null (ovirt_test_allocate (test, FLOE_ASSIGN_SERVICE, "alice", &error));
  g_assert_nonnull (strstr (error->message, "make it anew there"));
  ovirt_test_assert_count (test, "POST /ovirt-engine/api/vmpools/ID/allocatevm", 0);
}

/* Pools of the type manual. */

static FloeDomain *
get_manual (OvirtTest *test, FloeAssignWay way, gboolean keeps, GError **error)
{
  const FloeAllocation allocation = {
    .pool = "developers", .way = way, .keeps = keeps, .person = "alice", .person_id = "id-alice"
  };

  return ovirt_test_ask (test, &allocation, error);
}

static void
start_manual (OvirtTest *test)
{
  engine_fixture_do (test->engine, "{'pool': 'developers', 'size': 2, 'manual': true, 'stateful': "
                                   "true, 'entitled': ['alice@internal']}");
  ovirt_test_start (test);
}

/* person: whose id is their name behind "id-"; NULL for anybody's */
static gboolean
run_for (OvirtTest *test, FloeJobKind kind, const gchar *id, const gchar *person, gboolean service,
         GError **error)
{
  g_autoptr (FloeJob) job = floe_job_new (kind, "one");

  job->domain_id = g_strdup (id);
  job->person = g_strdup (person);
  job->person_id = person != NULL ? g_strconcat ("id-", person, NULL) : NULL;
  job->service = service;
  return ovirt_test_run_job (test, job, error);
}

static gboolean
give_back (OvirtTest *test, const gchar *id, const gchar *person, gboolean service, GError **error)
{
  return run_for (test, FLOE_JOB_GIVE_BACK, id, person, service, error);
}

static gboolean
start_for (OvirtTest *test, const gchar *id, const gchar *person, GError **error)
{
  return run_for (test, FLOE_JOB_START, id, person, FALSE, error);
}

/* Off or on, it is theirs: what they have is started by its name, and keeps what is in it. */
static void
test_manual (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (GError) error = NULL;

  start_manual (test);
  g_assert_nonnull (ovirt_test_find (test, "developers-1")->floating_refusal);
  g_assert_null (ovirt_test_find (test, "developers-1")->kept_refusal);
  g_assert_null (ovirt_test_find (test, "developers-1")->refusal);
  g_assert_nonnull (ovirt_test_find (test, "office-1")->kept_refusal);
  domain = get_manual (test, FLOE_ASSIGN_ON_BEHALF, TRUE, &error);
  g_assert_no_error (error);
  WAIT_FOR (ovirt_test_is_ready (test, domain->name));
  g_assert_true (ovirt_test_power_off (test, domain->id, &error));
  ovirt_test_assert_json (test, domain->name, "holders", "[\"alice@internal\"]");
  g_assert_true (start_for (test, domain->id, "alice", &error));
  g_assert_no_error (error);
  ovirt_test_assert_count (test, "POST /ovirt-engine/api/vms/ID/start", 1);
  g_assert_true (start_for (test, domain->id, "alice", &error)); /* it runs already */
  ovirt_test_assert_count (test, "POST /ovirt-engine/api/vms/ID/start", 1);
  ovirt_test_assert_json (test, domain->name, "stateless_run", "false");
}

/* What comes down from the pool stays, and so does whoever has it by now. */
static void
test_manual_give_back (OvirtTest *test, gconstpointer data)
{
  const FloeAssignWay ways[] = { FLOE_ASSIGN_ON_BEHALF, FLOE_ASSIGN_SERVICE };

  start_manual (test);
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      gboolean service = ways[i] == FLOE_ASSIGN_SERVICE;
      g_autoptr (FloeDomain) domain = NULL;
      g_autoptr (GError) error = NULL;

      domain = get_manual (test, ways[i], TRUE, &error);
      g_assert_no_error (error);
      WAIT_FOR (ovirt_test_is_ready (test, domain->name));
      g_assert_true (give_back (test, domain->id, "bob", service, &error));
      g_assert_true (give_back (test, domain->id, "alice", !service, &error));
      g_assert_no_error (error);
      g_assert_cmpint (ovirt_test_find (test, domain->name)->power, ==, FLOE_POWER_ON);
      g_assert_true (give_back (test, domain->id, "alice", service, &error));
      g_assert_no_error (error);
      g_assert_cmpint (ovirt_test_find (test, domain->name)->power, ==, FLOE_POWER_OFF);
      ovirt_test_assert_json (test, domain->name, "holders", "[]");
      g_assert_true (give_back (test, domain->id, "alice", service, &error)); /* known already */
      g_assert_no_error (error);
    }
  ovirt_test_assert_count (test, "DELETE /ovirt-engine/api/vms/ID/permissions/ID", 2);
  test->follows = TRUE;
  g_assert_false (
      give_back (test, ovirt_test_find (test, "developers-1")->id, "alice", TRUE, NULL));
}

/* What the engine's administrator took from them is started for nobody. */
static void
test_manual_taken_away (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (GError) error = NULL;

  start_manual (test);
  domain = get_manual (test, FLOE_ASSIGN_ON_BEHALF, TRUE, &error);
  g_assert_no_error (error);
  g_assert_true (ovirt_test_power_off (test, domain->id, &error));
  engine_fixture_do (test->engine, "{'vm': '%s', 'set': {'permissions': {}}}", domain->name);
  g_assert_false (start_for (test, domain->id, "alice", &error));
  g_assert_cmpstr (floe_error_reason (error), ==, "taken-away");
  g_assert_cmpstr (floe_error_subject (error), ==, "id-alice");
  ovirt_test_assert_count (test, "POST /ovirt-engine/api/vms/ID/start", 0);
}

static const gchar *
get_in (OvirtTest *test, const gchar *id, const gchar *person, const gchar *person_id,
        gboolean service, GError **error)
{
  const FloeVmHolder holder = {
    .person = person, .person_id = person_id, .engine_user = test->engine_user, .service = service
  };
  g_autoptr (FloeDisplay) display = ovirt_test_set_ticket_with (test, id, NULL, &holder, error);

  return display != NULL ? "in" : floe_error_reason (*error);
}

/* Nobody gets in, and for nobody is it started, but for whose it is at the engine. */
static void
test_manual_of_another (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) ours = NULL;
  g_autoptr (GError) started = NULL;

  start_manual (test);
  domain = get_manual (test, FLOE_ASSIGN_ON_BEHALF, TRUE, &error);
  g_assert_no_error (error);
  WAIT_FOR (ovirt_test_is_ready (test, domain->name));
  g_assert_cmpstr (get_in (test, domain->id, "Alice", "id-alice", FALSE, &error), ==, "in");
  g_assert_cmpstr (get_in (test, domain->id, "bob", "id-bob", FALSE, &error), ==, "taken-away");
  g_assert_cmpstr (floe_error_subject (error), ==, "id-bob");
  g_assert_cmpstr (get_in (test, domain->id, "alice", "id-alice", TRUE, &ours), ==, "taken-away");
  g_assert_true (ovirt_test_power_off (test, domain->id, NULL));
  g_assert_false (start_for (test, domain->id, "bob", &started));
  g_assert_cmpstr (floe_error_reason (started), ==, "taken-away");
  ovirt_test_assert_count (test, "POST /ovirt-engine/api/vms/ID/start", 0);
}

/* By what the engine calls them, where that was found out when it gave it to them; else by name. */
static void
test_manual_names (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (GError) error = NULL;

  start_manual (test);
  domain = get_manual (test, FLOE_ASSIGN_ON_BEHALF, TRUE, &error);
  g_assert_no_error (error);
  g_assert_nonnull (domain->engine_user);
  WAIT_FOR (ovirt_test_is_ready (test, domain->name));
  engine_fixture_do (test->engine,
                     "{'person': 'alice@internal', 'principal': 'alice@corp.example'}");
  g_assert_cmpstr (get_in (test, domain->id, "alice", "id-alice", FALSE, &error), ==, "in");
  engine_fixture_do (test->engine, "{'person': 'alice@internal', 'principal': 'a.smith'}");
  g_assert_cmpstr (get_in (test, domain->id, "alice", "id-alice", FALSE, &error), ==, "taken-away");
  g_clear_error (&error);
  test->engine_user = domain->engine_user;
  g_assert_cmpstr (get_in (test, domain->id, "alice", "id-alice", FALSE, &error), ==, "in");
  test->engine_user = NULL;
}

/* What no broker knows of is theirs whose name is on it, and else the engine's again. */
static void
test_manual_unknown (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (FloeDomain) again = NULL;
  g_autoptr (FloeDomain) further = NULL;
  g_autoptr (GError) error = NULL;
  const gchar *held[] = { NULL, NULL };
  FloeAllocation allocation = { .pool = "developers",
                                .way = FLOE_ASSIGN_SERVICE,
                                .keeps = TRUE,
                                .person = "alice",
                                .person_id = "id-alice",
                                .held = held };

  start_manual (test);
  engine_fixture_do (test->engine, "{'limit': 'developers', 'max_user_vms': 2, 'stateful': true}");
  domain = ovirt_test_ask (test, &allocation, &error);
  g_assert_no_error (error);
  again = ovirt_test_ask (test, &allocation, &error);
  g_assert_cmpstr (again->id, ==, domain->id);
  held[0] = domain->id;
  further = ovirt_test_ask (test, &allocation, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (further->id, !=, domain->id);
  g_assert_true (give_back (test, domain->id, NULL, TRUE, &error));
  ovirt_test_assert_json (test, domain->name, "holders", "[\"svc@internal\"]");
  engine_fixture_do (test->engine, "{'vm': '%s', 'set': {'comment': ''}}", domain->name);
  g_assert_true (give_back (test, domain->id, NULL, TRUE, &error));
  g_assert_no_error (error);
  ovirt_test_assert_json (test, domain->name, "holders", "[]");
}

/* Of the broker's own account: by who it is, whatever they are called by now. */
static void
test_manual_of_service (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) other = NULL;

  start_manual (test);
  domain = get_manual (test, FLOE_ASSIGN_SERVICE, TRUE, &error);
  g_assert_no_error (error);
  WAIT_FOR (ovirt_test_is_ready (test, domain->name));
  ovirt_test_assert_json (test, domain->name, "comment", "\"floe:alice id-alice\"");
  g_assert_cmpstr (get_in (test, domain->id, "alicia", "id-alice", TRUE, &error), ==, "in");
  g_assert_cmpstr (get_in (test, domain->id, "alice", "id-new", TRUE, &other), ==, "taken-away");
  g_assert_true (give_back (test, domain->id, "alice", TRUE, &error));
  g_assert_no_error (error);
  ovirt_test_assert_json (test, domain->name, "holders", "[]");
  ovirt_test_assert_json (test, domain->name, "comment", "\"\"");
}

/* The comment is emptied before the engine may give it to somebody else. */
static void
test_manual_comment_stays (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) domain = NULL;
  g_autoptr (GError) error = NULL;

  start_manual (test);
  domain = get_manual (test, FLOE_ASSIGN_SERVICE, TRUE, &error);
  g_assert_no_error (error);
  WAIT_FOR (ovirt_test_is_ready (test, domain->name));
  engine_fixture_do (test->engine, "{'grant': 'svc@internal', 'permits': ['stop_vm', "
                                   "'manipulate_permissions']}");
  g_assert_false (give_back (test, domain->id, "alice", TRUE, &error));
  ovirt_test_assert_json (test, domain->name, "holders", "[\"svc@internal\"]");
}

/* What the engine does not have is nobody's any more, and is not started. */
static void
test_manual_gone (OvirtTest *test, gconstpointer data)
{
  const gchar *id = "01234567-89ab-4cde-8f01-23456789abcd";
  g_autoptr (GError) error = NULL;

  start_manual (test);
  g_assert_true (give_back (test, id, "alice", FALSE, &error));
  g_assert_true (give_back (test, id, "alice", TRUE, &error));
  g_assert_no_error (error);
  g_assert_false (start_for (test, id, "alice", &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND);
}

/* A pool here that takes back, of one there that does not, and the other way round. */
static void
test_manual_other (OvirtTest *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  start_manual (test);
  g_assert_null (get_manual (test, FLOE_ASSIGN_ON_BEHALF, FALSE, &error));
  g_assert_nonnull (strstr (error->message, "make the pool here a dedicated one"));
  ovirt_test_assert_count (test, "POST /ovirt-engine/api/vmpools/ID/allocatevm", 0);
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
  add ("/ovirt/ticket", test_ticket);
  add ("/ovirt/ticket/refused", test_ticket_refused);
  add ("/ovirt/ticket/policy", test_ticket_policy);
  add ("/ovirt/power-off", test_power_off);
  add ("/ovirt/late-stop", test_late_stop);
  add ("/ovirt/power-on", test_power_on);
  add ("/ovirt/guard", test_guard);
  add ("/ovirt/shut-down", test_shut_down);
  add ("/ovirt/logged-in", test_logged_in);
  add ("/ovirt/reboot", test_reboot);
  add ("/ovirt/stateful", test_stateful);
  add ("/ovirt/manual", test_manual);
  add ("/ovirt/manual/give-back", test_manual_give_back);
  add ("/ovirt/manual/taken-away", test_manual_taken_away);
  add ("/ovirt/manual/of-another", test_manual_of_another);
  add ("/ovirt/manual/names", test_manual_names);
  add ("/ovirt/manual/unknown", test_manual_unknown);
  add ("/ovirt/manual/of-service", test_manual_of_service);
  add ("/ovirt/manual/comment-stays", test_manual_comment_stays);
  add ("/ovirt/manual/gone", test_manual_gone);
  add ("/ovirt/manual/other", test_manual_other);
  return g_test_run ();
}
