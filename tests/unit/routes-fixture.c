/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "routes-fixture.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "logs.h"

void
routes_set_up (RoutesFixture *fixture, gconstpointer data)
{
  FloeApiServerSettings settings = { 0 };

  parts_set_up (&fixture->parts);
  fixture->api = floe_api_new (&fixture->parts);
  settings.gate.routes = floe_api_get_routes (&settings.gate.n_routes);
  settings.dispatch = floe_api_dispatch;
  settings.data = fixture->api;
  api_fixture_set_up (&fixture->server, &settings);
  api_fixture_listen_tcp (&fixture->server);
}

void
routes_tear_down (RoutesFixture *fixture, gconstpointer data)
{
  api_fixture_tear_down (&fixture->server);
  g_assert_finalize_object (fixture->api);
  parts_tear_down (&fixture->parts);
}

gchar *
routes_request_text (const gchar *line, const gchar *token, const gchar *body)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s HTTP/1.1\r\nHost: broker.floe.test\r\n", line);
  if (token != NULL)
    g_string_append_printf (text, "Authorization: Bearer %s\r\n", token);
  if (body != NULL)
    g_string_append_printf (text,
                            "Content-Type: application/json\r\n"
                            "Content-Length: %" G_GSIZE_FORMAT "\r\n",
                            strlen (body));
  g_string_append_printf (text, "\r\n%s", body != NULL ? body : "");
  return g_string_free (text, FALSE);
}

gchar *
routes_ask (RoutesFixture *fixture, const gchar *line, const gchar *token, const gchar *body)
{
  g_autofree gchar *text = routes_request_text (line, token, body);

  return api_fixture_ask (&fixture->server, text, -1);
}

gchar *
routes_example (const gchar *name)
{
  g_autofree gchar *file = g_strconcat (name, ".json", NULL);
  g_autofree gchar *path =
      g_build_filename (g_getenv ("G_TEST_SRCDIR"), "tests", "data", "api", file, NULL);
  g_autoptr (GError) error = NULL;
  gchar *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static JsonNode *
parse (const gchar *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (text, &error);

  g_assert_no_error (error);
  return node;
}

static gchar *
canonical (JsonNode *node)
{
  return json_to_string (node, TRUE);
}

/* assert_example: a body is the example of that name, member by member in the same order */
void
routes_assert_example (const gchar *body, const gchar *name)
{
  g_autofree gchar *wanted = routes_example (name);
  g_autoptr (JsonNode) got_node = parse (body);
  g_autoptr (JsonNode) wanted_node = parse (wanted);
  g_autofree gchar *got_text = canonical (got_node);
  g_autofree gchar *wanted_text = canonical (wanted_node);

  g_assert_cmpstr (got_text, ==, wanted_text);
}

void
routes_assert_answer (const gchar *answer, guint status, const gchar *name)
{
  g_assert_cmpuint (api_status (answer), ==, status);
  if (name == NULL)
    g_assert_cmpstr (api_body (answer), ==, "");
  else
    {
      g_assert_true (api_has_header (answer, status >= 400
                                                 ? "Content-Type: application/problem+json"
                                                 : "Content-Type: application/json"));
      routes_assert_example (api_body (answer), name);
    }
}

void
routes_assert_problem (const gchar *answer, guint status, const gchar *name, const gchar *detail)
{
  g_autoptr (JsonNode) node = parse (api_body (answer));
  g_autofree gchar *type = g_strconcat ("urn:floe:problem:", name, NULL);
  JsonObject *problem = json_node_get_object (node);

  g_assert_cmpuint (api_status (answer), ==, status);
  g_assert_cmpstr (json_object_get_string_member (problem, "type"), ==, type);
  g_assert_cmpint (json_object_get_int_member (problem, "status"), ==, status);
  if (detail != NULL)
    g_assert_cmpstr (json_object_get_string_member (problem, "detail"), ==, detail);
}

void
routes_assert_log (const gchar *wanted)
{
  g_autofree gchar *log = parts_take_log ();

  g_assert_cmpstr (log, ==, wanted);
}

FloeIdentity *
routes_hmori (void)
{
  g_autoptr (FloeUser) user =
      floe_user_new ("6f1f3c1e-53c4-4a5e-9b1a-0d2e7c5b8a41", "hmori", "Mori Haruka 森 遥", NULL);
  g_autoptr (FloeCaller) caller = floe_caller_new ("198.51.100.23", NULL, NULL);

  return floe_identity_new (user, FLOE_ROLE_USER, "login-1", caller);
}

/* desktop: held by the caller's user id, which the fake login makes from the name */
FloeDesktop *
routes_desktop (const gchar *holder, FloeConsole console)
{
  FloeDesktop *self = floe_desktop_new (DESKTOP_ID, "office-1", "office");

  self->facts.power = FLOE_POWER_ON;
  self->facts.guest = FLOE_GUEST_READY;
  self->facts.console = console;
  self->facts.clean = FLOE_CLEAN_DIRTY;
  self->host = g_strdup ("host-a");
  if (holder != NULL)
    {
      self->facts.lease = FLOE_LEASE_HELD;
      self->lease = floe_lease_new (holder, "hmori", NOON);
    }
  return self;
}

static FloePolicy *
strict_policy (void)
{
  FloePolicy *policy = floe_policy_new ();

  policy->clipboard = FLOE_WAY_FROM_GUEST;
  policy->files = FLOE_WAY_NONE;
  policy->folder = FLOE_FOLDER_READ_ONLY;
  policy->usb_filter = g_strdup ("0x03,-1,-1,-1,0|-1,-1,-1,-1,1");
  policy->usb_connect = g_strdup ("0x08,-1,-1,-1,1");
  policy->record = FALSE;
  policy->smartcard = FALSE;
  return policy;
}

FloePool *
routes_office (void)
{
  FloePool *pool = floe_pool_new ("office", FLOE_POOL_FLOATING);

  g_clear_pointer (&pool->groups, g_strfreev);
  g_clear_pointer (&pool->users, g_strfreev);
  pool->description = g_strdup ("Desktops of the office");
  pool->pattern = g_strdup ("office-*");
  pool->groups = g_strsplit ("office", " ", -1);
  pool->users = g_strsplit ("jweber", " ", -1);
  floe_policy_free (pool->policy);
  pool->policy = strict_policy ();
  return pool;
}

FloePool *
routes_design (void)
{
  FloePool *pool = floe_pool_new ("design", FLOE_POOL_DEDICATED);

  g_clear_pointer (&pool->groups, g_strfreev);
  pool->groups = g_strsplit ("uuid:0f0d7a4e-26f4-103f-8a2e-5b3f1d2c9e10", " ", -1);
  return pool;
}

GPtrArray *
routes_views (const gchar *holder)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_pool_view_free);
  g_autoptr (FloePool) office = routes_office ();
  g_autoptr (FloePool) design = routes_design ();
  FloePoolView *first = floe_pool_view_new (office);

  design->closed = TRUE;
  design->message = g_strdup ("Closed until the new image is in, about noon");
  g_ptr_array_add (first->desktops, routes_desktop (holder, FLOE_CONSOLE_NONE));
  g_ptr_array_add (all, first);
  g_ptr_array_add (all, floe_pool_view_new (design));
  return all;
}

FloeGrant *
routes_grant (void)
{
  FloeGrant *self = g_new0 (FloeGrant, 1);

  self->token = floe_secret_new ("flt_4mJ1Qk0oXw9s7yTzVb2LrHc8dEgNfUaP5iKq3uRxWvY", -1);
  self->expires = NOON + 12 * 3600 * SECONDS;
  self->idle_seconds = 900;
  self->identity = routes_hmori ();
  self->pools = routes_views (self->identity->user->id);
  return self;
}

FloeConnectAnswer *
routes_connection (gboolean tls)
{
  FloeConnectAnswer *answer = g_new0 (FloeConnectAnswer, 1);
  FloeConnection *self = g_new0 (FloeConnection, 1);

  answer->connection = self;
  self->display =
      floe_display_new ("192.0.2.17", tls ? 0 : 5900, tls ? 5901 : 0,
                        tls ? "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUYk1S0m1cX3Jt\n"
                              "-----END CERTIFICATE-----\n"
                            : NULL,
                        tls ? "O=Example\\, Inc.,CN=host-a.floe.test" : NULL);
  self->ticket = g_new0 (FloeTicket, 1);
  self->ticket->secret = floe_secret_new ("q7Yc2LkV0sJx8TnB4mRz1A", -1);
  self->ticket->valid_until = NOON + 30 * SECONDS;
  self->desktop = routes_desktop ("id-hmori", FLOE_CONSOLE_NONE);
  self->reconnect_token = floe_secret_new (RECONNECT_TOKEN, -1);
  self->title = g_strdup ("office-1 · Office");
  self->actions = g_strsplit (tls ? "restart fresh" : "", " ", -1);
  self->host_name = tls ? g_strdup ("host-a") : NULL;
  self->policy = tls ? strict_policy () : floe_policy_new ();
  return answer;
}

FloeConnectRequest *
routes_request_new (void)
{
  g_autoptr (FloeIdentity) identity = routes_hmori ();
  g_autoptr (FloeConnectRequest) request =
      floe_connect_request_new (identity, "office", NOON - 9 * SECONDS);

  parts_set_request (request);
  return g_steal_pointer (&request);
}

/* assert_request: as the example, but for the id, which is random */
void
routes_assert_request (const gchar *body, const gchar *name, FloeConnectRequest *request)
{
  g_auto (GStrv) parts = g_strsplit (body, floe_connect_request_get_id (request), -1);
  g_autofree gchar *fixed = g_strjoinv ("8f14e45f-ceea-467f-a0e6-c1b7a5d3f2e4", parts);

  routes_assert_example (fixed, name);
}

gpointer
routes_yes (void)
{
  return GINT_TO_POINTER (TRUE);
}
