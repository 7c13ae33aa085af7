/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ovirt-harness.h"

#include "core/error.h"

static void
on_listed (FloeManager *manager, const gchar *host, GPtrArray *domains, OvirtTest *test)
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
on_changed (FloeManager *manager, const FloeDomain *domain, OvirtTest *test)
{
  g_hash_table_insert (test->domains, g_strdup (domain->name), floe_domain_copy (domain));
}

static void
on_lost (FloeManager *manager, const gchar *host, const gchar *reason, OvirtTest *test)
{
  g_test_message ("lost: %s", reason);
  test->losses++;
}

static void
on_gone (FloeManager *manager, const gchar *host, const gchar *id, OvirtTest *test)
{
  test->gone++;
}

static void
on_peers (FloeManager *manager, const gchar *id, gchar **peers, OvirtTest *test)
{
  g_hash_table_insert (test->peers, g_strdup (id), g_strjoinv (",", peers));
}

static gboolean
guard (gpointer data)
{
  return !*(gboolean *)data;
}

FloeManager *
ovirt_test_new_manager (OvirtTest *test, const gchar *password)
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

void
ovirt_test_set_up (OvirtTest *test, gconstpointer data)
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
  test->manager = ovirt_test_new_manager (test, "p%&+ \303\244");
}

void
ovirt_test_tear_down (OvirtTest *test, gconstpointer data)
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

gboolean
ovirt_test_give_up (gpointer data)
{
  g_error ("it takes too long");
  return G_SOURCE_REMOVE;
}

FloeDomain *
ovirt_test_find (OvirtTest *test, const gchar *name)
{
  return g_hash_table_lookup (test->domains, name);
}

gboolean
ovirt_test_is_ready (OvirtTest *test, const gchar *name)
{
  const FloeDomain *domain = ovirt_test_find (test, name);

  return domain != NULL && domain->power == FLOE_POWER_ON && domain->agent_connected;
}

void
ovirt_test_start (OvirtTest *test)
{
  floe_manager_start (test->manager);
  WAIT_FOR (test->listings > 0);
}

void
ovirt_test_keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

/* From "one", by a request of its own. */
FloeDomain *
ovirt_test_ask (OvirtTest *test, const FloeAllocation *wish, GError **error)
{
  static guint number;
  g_autofree gchar *request = g_strdup_printf ("floe-test-%u", ++number);
  FloeAllocation allocation = *wish;
  g_autoptr (GAsyncResult) result = NULL;

  allocation.host = "one";
  allocation.request = test->request != NULL ? test->request : request;
  floe_manager_allocate_async (test->manager, &allocation, NULL, ovirt_test_keep_result, &result);
  WAIT_FOR (result != NULL);
  return floe_manager_allocate_finish (test->manager, result, error);
}

FloeDomain *
ovirt_test_allocate (OvirtTest *test, FloeAssignWay way, const gchar *person, GError **error)
{
  const FloeAllocation allocation = {
    .pool = "office", .way = way, .person = person, .person_id = person
  };

  return ovirt_test_ask (test, &allocation, error);
}

FloeDomain *
ovirt_test_must_allocate (OvirtTest *test, FloeAssignWay way, const gchar *person)
{
  g_autoptr (GError) error = NULL;
  FloeDomain *domain = ovirt_test_allocate (test, way, person, &error);

  g_assert_no_error (error);
  g_assert_nonnull (domain);
  return domain;
}

FloeDomain *
ovirt_test_get_ready (OvirtTest *test)
{
  FloeDomain *domain = ovirt_test_must_allocate (test, FLOE_ASSIGN_SERVICE, "alice");

  WAIT_FOR (ovirt_test_is_ready (test, domain->name));
  return domain;
}

FloeDisplay *
ovirt_test_set_ticket_with (OvirtTest *test, const gchar *id, const FloePolicy *policy,
                            const FloeVmHolder *holder, GError **error)
{
  g_autoptr (FloeTicket) ticket = floe_ticket_new (floe_clock_now (test->clock));
  const FloeTicketOrder order = { .ticket = ticket,
                                  .mode = FLOE_TICKET_KEEP,
                                  .policy = policy,
                                  .holder = holder,
                                  .request = test->request };
  g_autoptr (GAsyncResult) result = NULL;

  floe_manager_set_ticket_async (test->manager, "one", id, &order, NULL, ovirt_test_keep_result,
                                 &result);
  WAIT_FOR (result != NULL);
  return floe_manager_set_ticket_finish (test->manager, result, error);
}

FloeDisplay *
ovirt_test_set_ticket (OvirtTest *test, const gchar *id, GError **error)
{
  return ovirt_test_set_ticket_with (test, id, NULL, NULL, error);
}

gboolean
ovirt_test_power_on (OvirtTest *test, const gchar *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_manager_power_on_async (test->manager, "one", id, NULL, ovirt_test_keep_result, &result);
  WAIT_FOR (result != NULL);
  return floe_manager_power_finish (test->manager, result, error);
}

gboolean
ovirt_test_run_job (OvirtTest *test, const FloeJob *job, GError **error)
{
  g_autoptr (FloeJobResult) done = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  floe_manager_run_async (test->manager, job, NULL, ovirt_test_keep_result, &result);
  WAIT_FOR (result != NULL);
  done = floe_manager_run_finish (test->manager, result, error);
  return done != NULL;
}

gboolean
ovirt_test_power_off (OvirtTest *test, const gchar *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_manager_power_off_async (test->manager, "one", id, test->request, NULL,
                                ovirt_test_keep_result, &result);
  WAIT_FOR (result != NULL);
  return floe_manager_power_finish (test->manager, result, error);
}

void
ovirt_test_assert_count (OvirtTest *test, const gchar *what, guint expected)
{
  g_assert_cmpuint (engine_fixture_count (test->engine, what), ==, expected);
}

void
ovirt_test_assert_json (OvirtTest *test, const gchar *vm, const gchar *member,
                        const gchar *expected)
{
  g_autofree gchar *value = engine_fixture_get (test->engine, vm, member);

  g_assert_cmpstr (value, ==, expected);
}
