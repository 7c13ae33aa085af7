/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "manager/ovirt/engine-test.h"
#include "ovirt-harness.h"

/* What the test of an engine says that the service account needs, against one that refuses what an
 * account has no right to: each is needed, and all together are enough. */

typedef struct
{
  OvirtTest *test;
  FloeDomain *hers; /* alice's, until it is switched off; the service account has nothing of it */
  FloeDomain *kept; /* likewise, of a pool of the type manual */
  FloeDomain *ours; /* of that pool, which the service account has */
} Desk;

static gboolean
run (Desk *desk, FloeJobKind kind, const FloeDomain *domain, GError **error)
{
  gboolean service = domain == desk->ours;
  g_autoptr (FloeJob) job = floe_job_new (kind, "one");

  job->domain_id = g_strdup (domain->id);
  job->person = g_strdup ("alice");
  job->person_id = g_strdup ("id-alice");
  job->seconds = 10;
  job->service = service;
  return ovirt_test_run_job (desk->test, job, error);
}

static gboolean
lend (Desk *desk, GError **error)
{
  g_autoptr (FloeDomain) domain =
      ovirt_test_allocate (desk->test, FLOE_ASSIGN_SERVICE, "bob", error);

  return domain != NULL;
}

static gboolean
open_console (Desk *desk, GError **error)
{
  g_autoptr (FloeDisplay) display = NULL;

  WAIT_FOR (ovirt_test_is_ready (desk->test, desk->hers->name));
  display = ovirt_test_set_ticket (desk->test, desk->hers->id, error);
  return display != NULL;
}

static gboolean
take_console (Desk *desk, GError **error)
{
  engine_fixture_do (desk->test->engine,
                     "{'vm': '%s', 'set': {'console_user': 'x', 'allow_override': false}}",
                     desk->hers->name);
  return open_console (desk, error);
}

static gboolean
restart (Desk *desk, GError **error)
{
  WAIT_FOR (ovirt_test_is_ready (desk->test, desk->hers->name));
  return run (desk, FLOE_JOB_RESTART, desk->hers, error);
}

static gboolean
shut_down (Desk *desk, GError **error)
{
  WAIT_FOR (ovirt_test_is_ready (desk->test, desk->hers->name));
  return run (desk, FLOE_JOB_SHUT_DOWN, desk->hers, error);
}

static gboolean
switch_off (Desk *desk, GError **error)
{
  WAIT_FOR (ovirt_test_is_ready (desk->test, desk->kept->name));
  return ovirt_test_power_off (desk->test, desk->kept->id, error);
}

static gboolean
switch_on (Desk *desk, GError **error)
{
  return run (desk, FLOE_JOB_START, desk->kept, error);
}

static gboolean
take_back (Desk *desk, GError **error)
{
  return run (desk, FLOE_JOB_GIVE_BACK, desk->kept, error);
}

static gboolean
take_back_ours (Desk *desk, GError **error)
{
  return run (desk, FLOE_JOB_GIVE_BACK, desk->ours, error);
}

static gboolean
edit (Desk *desk, const FloeEngineEdit *edit, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_manager_edit_pool_async (desk->test->manager, edit, ovirt_test_keep_result, &result);
  WAIT_FOR (result != NULL);
  return floe_manager_edit_pool_finish (desk->test->manager, result, error);
}

static gboolean
keep_running (Desk *desk, GError **error)
{
  const FloeEngineEdit more = { .host = "one", .pool = "office", .prestarted = 1, .per_user = -1 };

  return edit (desk, &more, error);
}

static gboolean
entitle (Desk *desk, GError **error)
{
  const FloeEngineEdit group = { .host = "one",
                                 .pool = "office",
                                 .prestarted = -1,
                                 .per_user = -1,
                                 .group = "staff",
                                 .entitled = TRUE };

  return edit (desk, &group, error);
}

/* One story: each is refused without its right, and then done. */
static const struct
{
  const gchar *permit;
  gboolean (*act) (Desk *desk, GError **error);
  const gchar *reason;
} steps[] = {
  { "vm_pool_basic_operations", lend, "engine-rights" },
  { "connect_to_vm", open_console, "engine-rights" },
  { "reconnect_to_vm", take_console, "console-taken" },
  { "reboot_vm", restart, "engine-rights" },
  { "shut_down_vm", shut_down, "engine-rights" },
  { "stop_vm", switch_off, "engine-rights" },
  { "run_vm", switch_on, "engine-rights" },
  { "manipulate_permissions", take_back, "engine-rights" },
  { "manipulate_permissions", entitle, "engine-rights" },
  { "edit_vm_pool_configuration", keep_running, "engine-rights" },
  { "edit_vm_properties", take_back_ours, "engine-rights" },
};

/* All that is needed but @without. */
static void
grant (OvirtTest *test, const gchar *without)
{
  g_autoptr (GString) permits = g_string_new ("'login'");

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (g_strcmp0 (steps[i].permit, without) != 0)
      g_string_append_printf (permits, ", '%s'", steps[i].permit);
  engine_fixture_do (test->engine, "{'grant': 'svc@internal', 'permits': [%s]}", permits->str);
}

static void
test_each (OvirtTest *test, gconstpointer data)
{
  const FloeAllocation manual = { .pool = "developers",
                                  .way = FLOE_ASSIGN_ON_BEHALF,
                                  .keeps = TRUE,
                                  .person = "alice",
                                  .person_id = "id-alice" };
  const FloeAllocation service = { .pool = "developers",
                                   .way = FLOE_ASSIGN_SERVICE,
                                   .keeps = TRUE,
                                   .person = "alice",
                                   .person_id = "id-alice" };
  Desk desk = { .test = test };
  g_autoptr (GError) problem = NULL;

  engine_fixture_do (test->engine, "{'pool': 'developers', 'size': 2, 'manual': true, 'stateful': "
                                   "true, 'entitled': ['alice@internal']}");
  engine_fixture_do (test->engine, "{'group': 'staff'}");
  grant (test, NULL);
  ovirt_test_start (test);
  desk.hers = ovirt_test_must_allocate (test, FLOE_ASSIGN_ON_BEHALF, "alice");
  desk.kept = ovirt_test_ask (test, &manual, &problem);
  g_assert_no_error (problem);
  desk.ours = ovirt_test_ask (test, &service, &problem);
  g_assert_no_error (problem);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean done;

      g_test_message ("%s", steps[i].permit);
      grant (test, steps[i].permit);
      g_assert_false (steps[i].act (&desk, &error));
      g_assert_cmpstr (floe_error_reason (error), ==, steps[i].reason);
      g_clear_error (&error);
      grant (test, NULL);
      done = steps[i].act (&desk, &error);
      g_assert_no_error (error);
      g_assert_true (done);
    }
  floe_domain_free (desk.hers);
  floe_domain_free (desk.kept);
  floe_domain_free (desk.ours);
}

static void
count_missing (const gchar *line, gpointer data)
{
  *(guint *)data += strstr (line, " may not ") != NULL;
}

/* Returns: how many rights the test of an engine misses */
static guint
count_missing_rights (OvirtTest *test)
{
  g_autoptr (FloeSecret) password = floe_secret_new ("p%&+ \303\244", -1);
  g_autoptr (GPtrArray) pools = g_ptr_array_new ();
  const FloeEngineSettings settings = { .name = "one",
                                        .url = test->engine->url,
                                        .ca_file = test->engine->ca,
                                        .user = "svc@internal",
                                        .password = password,
                                        .connections = 2,
                                        .timeout = 30 * G_USEC_PER_SEC };
  const FloeEngineTest about = { &settings, pools, FALSE };
  guint n = 0;

  floe_engine_test_run (&about, count_missing, &n);
  return n;
}

/* There is none that it asks for and nothing here needs. */
static void
test_told (OvirtTest *test, gconstpointer data)
{
  g_autoptr (GHashTable) permits = g_hash_table_new (g_str_hash, g_str_equal);

  grant (test, NULL);
  g_assert_cmpuint (count_missing_rights (test), ==, 0);
  engine_fixture_do (test->engine, "{'grant': 'svc@internal', 'permits': []}");
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    g_hash_table_add (permits, (gpointer)steps[i].permit);
  g_assert_cmpuint (count_missing_rights (test), ==, g_hash_table_size (permits));
}

/* Without it, people have their desktops all the same, and the engine's administrator does not see
 * whose they are. */
static void
test_comment (OvirtTest *test, gconstpointer data)
{
  g_autoptr (FloeDomain) unmarked = NULL;
  g_autoptr (FloeDomain) marked = NULL;

  engine_fixture_do (test->engine, "{'grant': 'svc@internal', 'permits': ["
                                   "'vm_pool_basic_operations', 'run_vm']}");
  ovirt_test_start (test);
  unmarked = ovirt_test_must_allocate (test, FLOE_ASSIGN_SERVICE, "bob");
  ovirt_test_assert_json (test, unmarked->name, "comment", "\"\"");
  grant (test, NULL);
  marked = ovirt_test_must_allocate (test, FLOE_ASSIGN_SERVICE, "carol");
  ovirt_test_assert_json (test, marked->name, "comment", "\"floe:carol carol\"");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/ovirt/rights/each", OvirtTest, NULL, ovirt_test_set_up, test_each,
              ovirt_test_tear_down);
  g_test_add ("/ovirt/rights/told", OvirtTest, NULL, ovirt_test_set_up, test_told,
              ovirt_test_tear_down);
  g_test_add ("/ovirt/rights/comment", OvirtTest, NULL, ovirt_test_set_up, test_comment,
              ovirt_test_tear_down);
  return g_test_run ();
}
