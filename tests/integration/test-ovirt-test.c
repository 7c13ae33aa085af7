/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "engine-fixture.h"
#include "fixture-script.h"
#include "manager/ovirt/engine-trial.h"
#include "silent-server.h"

/* What a test of an engine says, line by line. One engine serves all cases, each of which leaves it
 * as it was. */

#define ACCOUNT "svc@internal"
#define TOKEN   "POST /ovirt-engine/sso/oauth/token"

static EngineFixture *engine;

typedef struct
{
  const gchar *url;
  const gchar *ca;
  const gchar *user;
  const gchar *password;
  const gchar *client;
  const gchar *client_secret;
  gdouble seconds; /* how long it may take to answer */
  FloePool *pool;  /* the only one that is lent */
  gboolean has_key;
} Changes;

typedef struct
{
  GPtrArray *lines;
  gboolean fine;
} Said;

static void
said_clear (Said *said)
{
  g_ptr_array_unref (said->lines);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Said, said_clear)

static guint
count (const Said *said, const gchar *pattern)
{
  guint n = 0;

  for (guint i = 0; i < said->lines->len; i++)
    n += g_pattern_match_simple (pattern, said->lines->pdata[i]) ? 1 : 0;
  return n;
}

#define assert_said(said, pattern) g_assert_cmpuint (count (said, pattern), ==, 1)

static void
take (const gchar *line, gpointer lines)
{
  g_test_message ("%s", line);
  g_ptr_array_add (lines, g_strdup (line));
}

static FloeEngineSettings
make_settings (const Changes *with)
{
  const gchar *password = with->password != NULL ? with->password : "engine horse 9";
  const gchar *secret = with->client_secret != NULL ? with->client_secret : "se+cret&";

  return (FloeEngineSettings){
    .name = "one",
    .url = with->url != NULL ? with->url : engine->url,
    .ca_file = with->ca != NULL ? with->ca : engine->ca,
    .user = with->user != NULL ? with->user : ACCOUNT,
    .password = floe_secret_new (password, -1),
    .client_id = with->client,
    .client_secret = with->client != NULL ? floe_secret_new (secret, -1) : NULL,
    .connections = 8,
    .timeout = (gint64)((with->seconds > 0 ? with->seconds : 20) * G_USEC_PER_SEC),
    .profile = "internal",
  };
}

static void
clear_settings (FloeEngineSettings *settings)
{
  g_clear_pointer (&settings->password, floe_secret_unref);
  g_clear_pointer (&settings->client_secret, floe_secret_unref);
}

static gint64
ask (const gchar *what, const gchar *member)
{
  g_autofree gchar *command = g_strdup_printf ("{\"%s\": true}", what);
  g_autofree gchar *text = engine_fixture_tell (engine, command);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  return json_object_get_int_member (json_node_get_object (node), member);
}

static void
wait_for (const gchar *what, const gchar *member, gint64 least, gint64 most)
{
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  gint64 value;

  while ((value = ask (what, member)) < least || value > most)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static void
run (const Changes *with, Said *said)
{
  FloeEngineSettings settings = make_settings (with);
  g_autoptr (GPtrArray) pools = g_ptr_array_new ();
  const FloeEngineTest test = { &settings, pools, with->has_key };

  if (with->pool != NULL)
    g_ptr_array_add (pools, with->pool);
  said->lines = g_ptr_array_new_with_free_func (g_free);
  said->fine = floe_engine_test_run (&test, take, said->lines);
  g_assert_cmpint (ask ("show", "tokens"), ==, 0); /* it has logged out */
  g_assert_cmpint (said->fine, ==, count (said, "wrong: *") == 0);
  g_assert_cmpuint (count (said, "*engine horse 9*"), ==, 0);
  g_assert_cmpuint (count (said, "*se+cret&*"), ==, 0);
  clear_settings (&settings);
}

static FloePool *
lend (const gchar *theirs, FloeAssignWay way)
{
  FloePool *pool = floe_pool_new ("ours", FLOE_POOL_FLOATING);

  g_free (pool->manager);
  pool->manager = g_strdup ("one");
  pool->engine_pool = g_strdup (theirs);
  pool->assign = way;
  return pool;
}

static void
test_good (void)
{
  g_autoptr (FloePool) pool = lend ("office", FLOE_ASSIGN_ON_BEHALF);
  g_auto (Said) said = { NULL };

  run (&(Changes){ .client = "floe", .pool = pool }, &said);
  g_assert_true (said.fine);
  assert_said (&said, "ok: https://* answers, and its certificate is trusted");
  assert_said (&said, "ok: svc@internal logs in at oVirt Engine 4.5.6");
  assert_said (&said, "ok: its clock is right");
  assert_said (&said, "ok: svc@internal has the rights that are needed");
  assert_said (&said, "ok: pools cannot be lent as-user: no key_file is set");
  assert_said (&said, "ok: client floe may log people in");
  assert_said (&said, "ok: pool \"office\": 2 VMs, 0 of them kept running, 2 for each user; *");
}

/* What it may not, and by which right it might. */
static void
test_rights (void)
{
  g_auto (Said) few = { NULL };
  g_auto (Said) none = { NULL };

  engine_fixture_do (engine, "{'grant': '" ACCOUNT "', 'permits': ['login', 'connect_to_vm', "
                             "'run_vm', 'shut_down_vm', 'stop_vm', 'vm_pool_basic_operations', "
                             "'manipulate_permissions', 'edit_vm_pool_configuration', "
                             "'reboot_vm']}");
  run (&(Changes){ 0 }, &few);
  assert_said (&few, "wrong: svc@internal may not open a console again that somebody else had — "
                     "give it a role with RECONNECT_TO_VM, on the data centre of the pools");
  assert_said (&few, "warning: svc@internal may not write into * comment * — "
                     "give it a role with EDIT_VM_PROPERTIES, on the data centre of the pools");
  g_assert_cmpuint (count (&few, "*may not*"), ==, 2);
  engine_fixture_do (engine, "{'grant': '" ACCOUNT "', 'permits': []}");
  run (&(Changes){ 0 }, &none);
  g_assert_cmpuint (count (&none, "wrong: svc@internal may not * — give it a role with *"), ==, 6);
  g_assert_cmpuint (count (&none, "warning: svc@internal may not *"), ==, 4);
  engine_fixture_do (engine, "{'grant': '" ACCOUNT "', 'permits': null}");
}

/* There are pools, but not for an account that sees what it may use itself. */
static void
test_no_pools (void)
{
  g_autoptr (FloePool) pool = lend ("office", FLOE_ASSIGN_USER);
  g_auto (Said) said = { NULL };

  run (&(Changes){ .user = "plain@internal", .pool = pool, .has_key = TRUE }, &said);
  assert_said (&said, "wrong: plain@internal only sees what is given to itself — give it a role of "
                      "the account type Admin, on the data centre of the pools");
  assert_said (&said, "wrong: it shows no pools — make one there, or give the account a role *");
  assert_said (&said, "wrong: pool ours: the engine has no pool \"office\", or hides it — *");
}

static void
test_hidden (void)
{
  g_autoptr (FloePool) pool = lend ("cellar", FLOE_ASSIGN_USER);
  g_auto (Said) said = { NULL };

  run (&(Changes){ .pool = pool, .has_key = TRUE }, &said);
  assert_said (&said, "wrong: the VMs of its pool \"cellar\" are hidden — give the account a role "
                      "on the data centre of the pool");
  g_assert_cmpuint (count (&said, "wrong: *"), ==, 1);
  assert_said (&said, "ok: pools can be lent as-user, to people of the profile internal");
}

/* What a way of asking needs here. */
static void
test_ways (void)
{
  g_autoptr (FloePool) user = lend ("office", FLOE_ASSIGN_USER);
  g_autoptr (FloePool) behalf = lend ("office", FLOE_ASSIGN_ON_BEHALF);
  g_auto (Said) keyless = { NULL };
  g_auto (Said) clientless = { NULL };

  run (&(Changes){ .pool = user }, &keyless);
  assert_said (&keyless, "wrong: pool ours: its people *passwords* — set key_file and profile");
  assert_said (&keyless, "warning: nobody of the profile internal can be * — set key_file, *");
  run (&(Changes){ .pool = behalf }, &clientless);
  assert_said (&clientless, "wrong: pool ours: * no client * — set client_id, *");
}

static void
test_clock (void)
{
  g_auto (Said) before = { NULL };
  g_auto (Said) behind = { NULL };

  engine_fixture_do (engine, "{'advance': 95}");
  run (&(Changes){ 0 }, &before);
  g_assert_true (before.fine);
  assert_said (&before, "warning: its clock is 9? s before ours — run chrony on both machines");
  engine_fixture_do (engine, "{'advance': -190}");
  run (&(Changes){ 0 }, &behind);
  assert_said (&behind, "warning: its clock is 9? s behind ours — run chrony on both machines");
  engine_fixture_do (engine, "{'advance': 95}");
}

/* Who is at the other end. */

/* When all connections are over, nothing was asked on any of them. */
static void
assert_nothing_reached (guint n_connections)
{
  wait_for ("counts", "ended", n_connections, G_MAXINT64);
  g_assert_cmpint (ask ("counts", "requests"), ==, 0);
}

/* The form that carries the password, and the one that carries the client's secret, go a way of
 * their own. */
static void
refuse_forms (const Changes *with)
{
  FloeEngineSettings settings = make_settings (with);
  g_autoptr (FloeReport) report = floe_report_new (take, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeEngineTrial) trial = floe_engine_trial_new (&settings, report, &error);
  g_autoptr (JsonNode) answer = NULL;

  g_assert_no_error (error);
  engine_fixture_do (engine, "{'forget': true}");
  answer = floe_engine_trial_get (trial, "", &error);
  g_assert_null (answer);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
  g_clear_error (&error);
  g_assert_false (floe_engine_trial_act_for (trial, ACCOUNT, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE);
  assert_nothing_reached (2);
  clear_settings (&settings);
}

static void
refuse (const Changes *with, const gchar *pattern)
{
  g_auto (Said) said = { NULL };

  engine_fixture_do (engine, "{'forget': true}");
  run (with, &said);
  g_assert_cmpuint (said.lines->len, ==, 1);
  assert_said (&said, pattern);
  assert_nothing_reached (1);
  refuse_forms (with);
}

static void
make_certificate (const gchar *prefix, const gchar *name, const gchar *expired)
{
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "CA_EXPIRED", expired, TRUE);
  g_autofree gchar *script = fixture_script ("ca.sh");
  const gchar *argv[] = { script, engine->directory, name, prefix, NULL };

  fixture_run_quietly (environment, argv);
}

static void
test_certificates (void)
{
  g_autofree gchar *other = g_build_filename (engine->directory, "other", NULL);
  g_autofree gchar *other_ca = g_build_filename (other, "ca.pem", NULL);
  g_autofree gchar *script = fixture_script ("ca.sh");
  const gchar *argv[] = { script, other, "127.0.0.1", NULL };

  fixture_run_quietly (NULL, argv);
  make_certificate ("old-", "127.0.0.1", "1");
  make_certificate ("else-", "engine.example.org", "");
  refuse (&(Changes){ .ca = other_ca, .client = "floe" },
          "wrong: its certificate is signed by no authority that is trusted — fetch its own: *");
  engine_fixture_do (engine, "{'certificate': 'else-'}");
  refuse (&(Changes){ .client = "floe" },
          "wrong: its certificate is for another name — use the name in url *");
  engine_fixture_do (engine, "{'certificate': 'old-'}");
  refuse (&(Changes){ .client = "floe" }, "wrong: its certificate has expired — renew it there: *");
  engine_fixture_do (engine, "{'certificate': ''}");
}

static void
test_refused (void)
{
  g_auto (Said) account = { NULL };
  g_auto (Said) secret = { NULL };
  g_auto (Said) client = { NULL };

  engine_fixture_do (engine, "{'forget': true}");
  run (&(Changes){ .password = "another" }, &account);
  assert_said (&account, "wrong: svc@internal cannot log in: *access_denied — "
                         "set user and what is in password_file right");
  g_assert_cmpuint (engine_fixture_count (engine, TOKEN), ==, 1);
  run (&(Changes){ .client = "floe", .client_secret = "another" }, &secret);
  assert_said (&secret, "wrong: client floe may not log people in: *unauthorized_client — "
                        "register it there with ovirt-register-sso-client-tool, *");
  run (&(Changes){ .client = "stranger" }, &client);
  assert_said (&client, "wrong: client stranger may not log people in: *unauthorized_client — *");
}

/* One that is away, or hangs, at whatever it is asked. */

static void
test_away (void)
{
  g_auto (Said) nobody = { NULL };
  g_auto (Said) down = { NULL };

  run (&(Changes){ .url = "https://127.0.0.1:9/ovirt-engine" }, &nobody);
  assert_said (&nobody, "wrong: the engine cannot be reached: * — set url right, or let this "
                        "machine through to it");
  engine_fixture_do (engine, "{'fault': {'down': true}}");
  run (&(Changes){ 0 }, &down);
  assert_said (&down, "wrong: https://* is not well: it answers 503 — "
                      "look at the service ovirt-engine there");
  engine_fixture_do (engine, "{'fault': null}");
}

static void
test_silent (void)
{
  const SilentMode modes[] = { SILENT_ACCEPTS, SILENT_DRIBBLES };

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autoptr (SilentServer) server = silent_server_new (modes[i]);
      g_autofree gchar *url =
          g_strdup_printf ("https://127.0.0.1:%u/ovirt-engine", silent_server_get_port (server));
      g_auto (Said) said = { NULL };

      run (&(Changes){ .url = url, .seconds = 0.3 }, &said);
      g_assert_cmpuint (said.lines->len, ==, 1);
      assert_said (&said, "wrong: the engine did not answer in time — set url right, or *");
    }
}

static void
test_stuck (void)
{
  const struct
  {
    const gchar *path;
    const gchar *pattern;
  } rows[] = {
    { "/sso/oauth/token", "wrong: svc@internal cannot log in: * in time — " FLOE_ENGINE_LOOK },
    { "/permissions", "warning: the rights of * cannot be read: * in time — " FLOE_ENGINE_LOOK },
    { "/vms",
      "wrong: the VMs of its pool \"office\" cannot be listed: * in time — " FLOE_ENGINE_LOOK },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (FloePool) pool = lend ("office", FLOE_ASSIGN_SERVICE);
      g_auto (Said) said = { NULL };

      engine_fixture_do (engine, "{'fault': {'stuck': '%s'}}", rows[i].path);
      run (&(Changes){ .pool = pool, .seconds = 1 }, &said);
      assert_said (&said, rows[i].pattern);
    }
  engine_fixture_do (engine, "{'fault': null}");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  engine = engine_fixture_new ();
  engine_fixture_do (engine, "{'person': '" ACCOUNT "', 'password': 'engine horse 9', "
                             "'admin': true}");
  engine_fixture_do (engine, "{'person': 'plain@internal', 'password': 'engine horse 9'}");
  engine_fixture_do (engine, "{'client': 'floe', 'secret': 'se+cret&'}");
  engine_fixture_do (engine, "{'pool': 'office', 'size': 2, 'max_user_vms': 2}");
  engine_fixture_do (engine, "{'pool': 'cellar', 'size': 1}");
  engine_fixture_do (engine, "{'hide': 'cellar-1'}");
  g_test_add_func ("/ovirt-test/good", test_good);
  g_test_add_func ("/ovirt-test/rights", test_rights);
  g_test_add_func ("/ovirt-test/no-pools", test_no_pools);
  g_test_add_func ("/ovirt-test/hidden", test_hidden);
  g_test_add_func ("/ovirt-test/ways", test_ways);
  g_test_add_func ("/ovirt-test/clock", test_clock);
  g_test_add_func ("/ovirt-test/certificates", test_certificates);
  g_test_add_func ("/ovirt-test/refused", test_refused);
  g_test_add_func ("/ovirt-test/away", test_away);
  g_test_add_func ("/ovirt-test/silent", test_silent);
  g_test_add_func ("/ovirt-test/stuck", test_stuck);
  status = g_test_run ();
  engine_fixture_free (engine);
  return status;
}
