/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/broker.h"
#include "api/domains.h"

#include <string.h>

#include "api/error.h"
#include "client-fake.h"

#define TOKEN "flt_4mJ1Qk0oXw9s7yTzVb2LrHc8dEgNfUaP5iKq3uRxWvY"

typedef struct
{
  FakeBroker *fake;
  FloeBroker *broker;
  GAsyncResult *slot;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autofree gchar *url = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeSecret) token = floe_secret_new (TOKEN, -1);

  f->fake = fake_broker_new ();
  url = fake_broker_url (f->fake);
  f->broker = floe_broker_new (url, NULL, &error);
  g_assert_no_error (error);
  floe_broker_set_timeouts (f->broker, 5000, 5000);
  floe_broker_set_token (f->broker, token);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (g_steal_pointer (&f->broker));
  fake_broker_free (f->fake);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static FloeLogin *
log_in (Fixture *f, const gchar *name, const gchar *password, gssize length, GError **error)
{
  g_autoptr (FloeSecret) secret = floe_secret_new (password, length);
  g_autoptr (GAsyncResult) result = NULL;

  floe_broker_log_in_async (f->broker, name, secret, NULL, fake_on_done, &f->slot);
  result = fake_wait (&f->slot);
  return floe_broker_log_in_finish (f->broker, result, error);
}

static GPtrArray *
list_pools (Fixture *f, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_broker_list_pools_async (f->broker, NULL, fake_on_done, &f->slot);
  result = fake_wait (&f->slot);
  return floe_broker_list_pools_finish (f->broker, result, error);
}

static FloeConnectAnswer *
connect_to (Fixture *f, const gchar *pool, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_broker_connect_async (f->broker, pool, NULL, NULL, fake_on_done, &f->slot);
  result = fake_wait (&f->slot);
  return floe_broker_connect_finish (f->broker, result, error);
}

static void
ask_with (Fixture *f, const FloeConnectWish *wish, const gchar *body)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  floe_broker_connect_async (f->broker, "office", wish, NULL, fake_on_done, &f->slot);
  result = fake_wait (&f->slot);
  answer = floe_broker_connect_finish (f->broker, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fake_broker_last (f->fake, "POST /api/v1/pools/office/connect")->body, ==, body);
}

static void
test_wishes (Fixture *f, gconstpointer data)
{
  const FloeConnectWish none = { 0 };
  const FloeConnectWish another = { .another = TRUE };
  const FloeConnectWish own = { .desktop_id = "d\"1" };

  fake_broker_answer_file (f->fake, "POST /api/v1/pools/office/connect", 200, "connection.json");
  ask_with (f, NULL, "{}");
  ask_with (f, &none, "{}");
  ask_with (f, &another, "{\"another\":true}");
  ask_with (f, &own, "{\"desktop\":\"d\\\"1\"}");
}

static void
test_several (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) pools = NULL;
  g_autoptr (FloePool) copy = NULL;
  g_autoptr (GError) error = NULL;

  fake_broker_answer_file (f->fake, "GET /api/v1/pools", 200, "pools-several.json");
  pools = list_pools (f, &error);
  g_assert_no_error (error);
  copy = floe_pool_copy (pools->pdata[0]);
  g_assert_cmpuint (copy->desktops->len, ==, 2);
  g_assert_cmpstr (((FloeDesktop *)copy->desktops->pdata[1])->name, ==, "office-2");
  g_assert_true (copy->another);
  g_assert_true (floe_pool_is_choice (copy));
  g_assert_false (floe_pool_is_choice (pools->pdata[1]));
}

/* A broker of the time when there was one desktop at most. */
static void
test_one_at_most (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) pools = NULL;
  g_autoptr (GError) error = NULL;
  const FloePool *pool;

  fake_broker_answer (f->fake, "GET /api/v1/pools", 200, "application/json",
                      "{\"pools\":[{\"name\":\"office\",\"description\":\"\","
                      "\"kind\":\"floating\",\"keeps_data\":false,\"desktop\":{\"id\":\"d1\","
                      "\"name\":\"o-1\",\"pool\":\"office\",\"power\":\"on\",\"guest\":\"ready\","
                      "\"console\":\"none\",\"state\":\"ready\",\"end\":null,"
                      "\"can_reconnect\":true}}]}");
  pools = list_pools (f, &error);
  g_assert_no_error (error);
  pool = pools->pdata[0];
  g_assert_cmpuint (pool->desktops->len, ==, 1);
  g_assert_false (floe_pool_is_choice (pool));
}

static JsonNode *
call (Fixture *f, const gchar *method, const gchar *path, const gchar *body, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_broker_call_async (f->broker, method, path, body, NULL, fake_on_done, &f->slot);
  result = fake_wait (&f->slot);
  return floe_broker_call_finish (f->broker, result, error);
}

static void
assert_error (const GError *error, FloeClientError code, const gchar *reason)
{
  g_assert_error (error, FLOE_CLIENT_ERROR, (gint)code);
  g_assert_cmpstr (floe_client_error_reason (error), ==, reason);
}

static void
assert_equal_json (const gchar *a, const gchar *b)
{
  g_autoptr (JsonNode) one = json_from_string (a, NULL);
  g_autoptr (JsonNode) two = json_from_string (b, NULL);

  g_assert_nonnull (one);
  g_assert_nonnull (two);
  g_assert_true (json_node_equal (one, two));
}

static void
test_log_in (Fixture *f, gconstpointer data)
{
  g_autofree gchar *wanted = fake_file ("login-request.json");
  g_autoptr (FloeLogin) login = NULL;
  g_autoptr (GError) error = NULL;
  const FakeRequest *request;
  const FloePool *pool;

  floe_broker_set_token (f->broker, NULL);
  fake_broker_answer_file (f->fake, "POST /api/v1/login", 201, "login.json");
  login = log_in (f, "hmori", "zwei Wörter \"und\" ein \\", -1, &error);
  g_assert_no_error (error);
  request = fake_broker_last (f->fake, "POST /api/v1/login");
  assert_equal_json (request->body, wanted);
  g_assert_null (request->token);
  g_assert_cmpstr (login->account->name, ==, "hmori");
  g_assert_cmpstr (login->account->display_name, ==, "Mori Haruka 森 遥");
  g_assert_false (floe_account_is_admin (login->account));
  g_assert_cmpuint (login->idle_seconds, ==, 900);
  g_assert_cmpint (login->expires_at, ==, G_GINT64_CONSTANT (1795469400000000));
  g_assert_cmpuint (login->pools->len, ==, 2);
  pool = g_ptr_array_index (login->pools, 0);
  g_assert_cmpint (pool->kind, ==, FLOE_POOL_KIND_FLOATING);
  g_assert_cmpstr (pool->desktop->name, ==, "office-1");
  g_assert_cmpint (pool->desktop->state, ==, FLOE_DESKTOP_STATE_READY);
  g_assert_cmpstr (floe_secret_get (floe_broker_get_token (f->broker), NULL), ==, TOKEN);
}

/* Of which directory a name is goes with it, until it is told otherwise. */
static void
test_log_in_domain (Fixture *f, gconstpointer data)
{
  g_autofree gchar *wanted = fake_file ("login-request-domain.json");
  g_autofree gchar *without = fake_file ("login-request.json");
  g_autoptr (FloeLogin) login = NULL;
  g_autoptr (FloeLogin) again = NULL;

  fake_broker_answer_file (f->fake, "POST /api/v1/login", 201, "login.json");
  floe_broker_set_domain (f->broker, "partner.example");
  login = log_in (f, "hmori", "zwei Wörter \"und\" ein \\", -1, NULL);
  assert_equal_json (fake_broker_last (f->fake, "POST /api/v1/login")->body, wanted);
  floe_broker_set_domain (f->broker, NULL);
  again = log_in (f, "hmori", "zwei Wörter \"und\" ein \\", -1, NULL);
  assert_equal_json (fake_broker_last (f->fake, "POST /api/v1/login")->body, without);
}

/* What a server makes up is no choice. */
static void
test_domains (void)
{
  static const gchar *const nothing[] = {
    "null",
    "{}",
    "[]",
    "{\"domains\":{}}",
    "{\"domains\":[\"only.example\"]}",
    "{\"domains\":[1,null,[],{},\"\",\"only.example\"]}",
  };
  g_autofree gchar *text = fake_file ("login-domains.json");
  g_autoptr (JsonNode) answer = json_from_string (text, NULL);
  g_autoptr (FloeDomains) domains = floe_domains_read (answer);
  g_autofree gchar *names = g_strjoinv (" ", domains->names);

  g_assert_cmpstr (names, ==, "example.org partner.example");
  g_assert_cmpstr (domains->usual, ==, "example.org");
  g_assert_null (floe_domains_read (NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (nothing); i++)
    {
      g_autoptr (JsonNode) node = json_from_string (nothing[i], NULL);

      g_assert_null (floe_domains_read (node));
    }
}

static void
test_log_in_ticket (Fixture *f, gconstpointer data)
{
  g_autofree gchar *wanted = fake_file ("kerberos-request.json");
  g_autoptr (FloeSecret) token =
      floe_secret_new ("YIGeBgYrBgEFBQKggZMwgZCgDTALBgkqhkiG9xIBAgI=", -1);
  g_autoptr (FloeLogin) login = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) off = NULL;
  GAsyncResult *slot = NULL;

  floe_broker_set_token (f->broker, NULL);
  fake_broker_answer_file (f->fake, "POST /api/v1/login/kerberos", 201, "login.json");
  fake_broker_answer_file (f->fake, "POST /api/v1/login/kerberos", 404,
                           "problem-kerberos-off.json");
  floe_broker_log_in_with_ticket_async (f->broker, token, NULL, fake_on_done, &slot);
  result = fake_wait (&slot);
  login = floe_broker_log_in_finish (f->broker, result, &error);
  g_assert_no_error (error);
  assert_equal_json (fake_broker_last (f->fake, "POST /api/v1/login/kerberos")->body, wanted);
  g_assert_cmpstr (login->account->name, ==, "hmori");
  g_assert_cmpstr (floe_secret_get (floe_broker_get_token (f->broker), NULL), ==, TOKEN);
  floe_broker_log_in_with_ticket_async (f->broker, token, NULL, fake_on_done, &slot);
  off = fake_wait (&slot);
  g_assert_null (floe_broker_log_in_finish (f->broker, off, &error));
  assert_error (error, FLOE_CLIENT_ERROR_NOT_FOUND, "kerberos-off");
}

static void
test_log_in_unsendable (Fixture *f, gconstpointer data)
{
  const struct
  {
    const gchar *name, *password;
    gssize length;
  } rows[] = { { "a", "b\0c", 3 }, { "a", "\xff", 1 }, { "\xc3", "b", 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (log_in (f, rows[i].name, rows[i].password, rows[i].length, &error));
      assert_error (error, FLOE_CLIENT_ERROR_INVALID, NULL);
    }
  g_assert_cmpuint (fake_broker_n_requests (f->fake, "POST /api/v1/login"), ==, 0);
}

static void
test_log_in_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fake_broker_answer_file (f->fake, "POST /api/v1/login", 401, "problem-wrong-credentials.json");
  g_assert_null (log_in (f, "hmori", "wrong", -1, &error));
  assert_error (error, FLOE_CLIENT_ERROR_UNAUTHENTICATED, "wrong-credentials");
  g_assert_true (floe_client_error_is_log_in (error));
}

static gboolean
change_password (Fixture *f, const gchar *old, const gchar *new, gssize length, GError **error)
{
  g_autoptr (FloeSecret) old_secret = floe_secret_new (old, -1);
  g_autoptr (FloeSecret) new_secret = floe_secret_new (new, length);
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  floe_broker_change_password_async (f->broker, "hmori", old_secret, new_secret, NULL, fake_on_done,
                                     &slot);
  result = fake_wait (&slot);
  return floe_broker_change_password_finish (f->broker, result, error);
}

static void
test_password (Fixture *f, gconstpointer data)
{
  g_autofree gchar *wanted = fake_file ("password-request.json");
  g_autoptr (GError) error = NULL;
  const FakeRequest *request;

  fake_broker_answer (f->fake, "POST /api/v1/password", 204, NULL, "");
  g_assert_true (
      change_password (f, "zwei Wörter \"und\" ein \\", "drei Wörter, 三語", -1, &error));
  g_assert_no_error (error);
  request = fake_broker_last (f->fake, "POST /api/v1/password");
  assert_equal_json (request->body, wanted);
  g_assert_null (request->token);
}

static void
test_password_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) unsendable = NULL;

  fake_broker_answer_file (f->fake, "POST /api/v1/password", 403, "problem-password-refused.json");
  g_assert_false (change_password (f, "a", "b", -1, &error));
  assert_error (error, FLOE_CLIENT_ERROR_DENIED, "password-refused");
  g_assert_cmpstr (error->message, ==, "the new password is too short");
  g_assert_false (change_password (f, "a", "b\0c", 3, &unsendable));
  assert_error (unsendable, FLOE_CLIENT_ERROR_INVALID, NULL);
  g_assert_cmpuint (fake_broker_n_requests (f->fake, "POST /api/v1/password"), ==, 1);
}

static void
test_log_in_warned (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeLogin) login = NULL;
  g_autoptr (GError) error = NULL;

  fake_broker_answer_file (f->fake, "POST /api/v1/login", 201, "login-warned.json");
  login = log_in (f, "hmori", "x", -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (login->password_expires, ==, G_GINT64_CONSTANT (1795685400000000));
}

static void
test_reconnect (Fixture *f, gconstpointer data)
{
  g_autofree gchar *wanted = fake_file ("reconnect-request.json");
  g_autoptr (JsonNode) root = json_from_string (wanted, NULL);
  g_autoptr (FloeSecret) token = floe_secret_new (
      json_object_get_string_member (json_node_get_object (root), "reconnect_token"), -1);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FloeLogin) login = NULL;
  g_autoptr (GError) error = NULL;

  floe_broker_set_token (f->broker, NULL);
  fake_broker_answer_file (f->fake, "POST /api/v1/reconnect", 201, "login.json");
  floe_broker_reconnect_async (f->broker, token, NULL, fake_on_done, &f->slot);
  result = fake_wait (&f->slot);
  login = floe_broker_reconnect_finish (f->broker, result, &error);
  g_assert_no_error (error);
  assert_equal_json (fake_broker_last (f->fake, "POST /api/v1/reconnect")->body, wanted);
  g_assert_cmpstr (floe_secret_get (floe_broker_get_token (f->broker), NULL), ==, TOKEN);
}

static gboolean
log_out (Fixture *f, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  floe_broker_log_out_async (f->broker, NULL, fake_on_done, &f->slot);
  result = fake_wait (&f->slot);
  return floe_broker_log_out_finish (f->broker, result, error);
}

static void
test_log_out (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fake_broker_answer_file (f->fake, "POST /api/v1/logout", 503, "problem-busy.json");
  fake_broker_answer (f->fake, "POST /api/v1/logout", 204, NULL, NULL);
  g_assert_false (log_out (f, &error));
  assert_error (error, FLOE_CLIENT_ERROR_BUSY, NULL);
  g_assert_nonnull (floe_broker_get_token (f->broker));
  g_clear_error (&error);
  g_assert_true (log_out (f, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (fake_broker_last (f->fake, "POST /api/v1/logout")->token, ==, TOKEN);
  g_assert_null (floe_broker_get_token (f->broker));
  /* Without a token there is nothing to do. */
  g_assert_true (log_out (f, &error));
  g_assert_cmpuint (fake_broker_n_requests (f->fake, "POST /api/v1/logout"), ==, 2);
}

static void
test_pools (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) pools = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GError) error = NULL;
  const FloePool *pool;

  fake_broker_answer_file (f->fake, "GET /api/v1/pools", 200, "pools.json");
  fake_broker_answer_file (f->fake, "GET /api/v1/pools", 200, "pools-none.json");
  pools = list_pools (f, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pools->len, ==, 2);
  pool = g_ptr_array_index (pools, 0);
  g_assert_cmpuint (pool->per_user, ==, 1);
  g_assert_false (pool->closed);
  g_assert_null (pool->message);
  pool = g_ptr_array_index (pools, 1);
  g_assert_true (pool->closed);
  g_assert_cmpstr (pool->message, ==, "Closed until the new image is in, about noon");
  none = list_pools (f, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_me (Fixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FloeLogin) me = NULL;
  g_autoptr (GError) error = NULL;

  fake_broker_answer_file (f->fake, "GET /api/v1/me", 200, "me.json");
  floe_broker_get_me_async (f->broker, NULL, fake_on_done, &f->slot);
  result = fake_wait (&f->slot);
  me = floe_broker_get_me_finish (f->broker, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (me->account->name, ==, "hmori");
  g_assert_cmpint (me->expires_at, ==, 0);
}

static void
test_connect (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (FloeConnectAnswer) copy = NULL;
  g_autoptr (GError) error = NULL;
  const FloeConnection *c;

  fake_broker_answer_file (f->fake, "POST /api/v1/pools/Pool /?/connect", 200, "connection.json");
  answer = connect_to (f, "Pool /?", &error);
  g_assert_no_error (error);
  g_assert_null (answer->request);
  copy = floe_connect_answer_copy (answer);
  c = copy->connection;
  g_assert_cmpstr (c->host, ==, "192.0.2.17");
  g_assert_cmpuint (c->port, ==, 0);
  g_assert_cmpuint (c->tls_port, ==, 5901);
  g_assert_true (g_str_has_prefix (c->ca, "-----BEGIN CERTIFICATE-----\n"));
  g_assert_cmpstr (c->host_subject, ==, "O=Example\\, Inc.,CN=host-a.floe.test");
  g_assert_cmpstr (c->secure_channels[0], ==, "all");
  g_assert_null (c->secure_channels[1]);
  g_assert_cmpstr (floe_secret_get (c->ticket, NULL), ==, "q7Yc2LkV0sJx8TnB4mRz1A");
  g_assert_true (g_str_has_prefix (floe_secret_get (c->reconnect_token, NULL), "flr_"));
  g_assert_cmpstr (c->desktop_name, ==, "office-1");
  g_assert_cmpstr (c->title, ==, "office-1 · Office");
  g_assert_false (c->keeps_data);
}

static void
test_connect_plain (Fixture *f, gconstpointer data)
{
  g_autoptr (FloeConnectAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  fake_broker_answer_file (f->fake, "POST /api/v1/pools/office/connect", 200,
                           "connection-plain.json");
  answer = connect_to (f, "office", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (answer->connection->port, ==, 5900);
  g_assert_cmpuint (answer->connection->tls_port, ==, 0);
  g_assert_null (answer->connection->ca);
  g_assert_null (answer->connection->secure_channels[0]);
}

static void
test_connect_later (Fixture *f, gconstpointer data)
{
  const struct
  {
    const gchar *file;
    FloeRequestState state;
  } rows[] = { { "request-waiting.json", FLOE_REQUEST_STATE_WAITING },
               { "request-starting.json", FLOE_REQUEST_STATE_STARTING },
               { "request-guest.json", FLOE_REQUEST_STATE_GUEST },
               { "request-ready.json", FLOE_REQUEST_STATE_READY },
               { "request-failed.json", FLOE_REQUEST_STATE_FAILED },
               { "request-queued-for-host.json", FLOE_REQUEST_STATE_QUEUED } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    fake_broker_answer_file (f->fake, "POST /api/v1/pools/office/connect", 202, rows[i].file);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (FloeConnectAnswer) answer = connect_to (f, "office", &error);

      g_assert_no_error (error);
      g_assert_null (answer->connection);
      g_assert_cmpint (answer->request->state, ==, rows[i].state);
      g_assert_cmpint (answer->request->place > 0, ==, i == 0 || i == 5);
      g_assert_cmpstr (answer->request->data_host, ==, i == 5 ? "host-b" : NULL);
      g_assert_cmpint (answer->request->data_lost, ==, i == 5);
      g_assert_cmpint (answer->request->problem != NULL, ==, i == 4);
    }
}

/* Names that would be another path once a server tidies it. */
static void
test_connect_odd_names (Fixture *f, gconstpointer data)
{
  const gchar *const names[] = { "", ".", "..", "\xff" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (connect_to (f, names[i], &error));
      assert_error (error, FLOE_CLIENT_ERROR_INVALID, NULL);
    }
}

static void
test_desktop (Fixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (FloeDesktop) desktop = NULL;
  g_autoptr (GError) error = NULL;

  fake_broker_answer_file (f->fake, "GET /api/v1/desktops/d1", 200, "desktop-taken-over.json");
  floe_broker_get_desktop_async (f->broker, "d1", NULL, fake_on_done, &f->slot);
  result = fake_wait (&f->slot);
  desktop = floe_broker_get_desktop_finish (f->broker, result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (desktop->end->reason, ==, FLOE_END_REASON_TAKEN_OVER);
  g_assert_cmpstr (desktop->end->where, ==, "198.51.100.23");
  g_assert_true (desktop->can_reconnect);
}

static void
test_release (Fixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fake_broker_answer (f->fake, "POST /api/v1/desktops/d1/release", 204, NULL, NULL);
  floe_broker_release_desktop_async (f->broker, "d1", NULL, fake_on_done, &f->slot);
  result = fake_wait (&f->slot);
  g_assert_true (floe_broker_release_desktop_finish (f->broker, result, &error));
  g_assert_no_error (error);
}

static void
test_act (Fixture *f, gconstpointer data)
{
  static const gchar route[] = "POST /api/v1/desktops/d1/actions";
  g_autofree gchar *example = fake_file ("own-action-request.json");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fake_broker_answer (f->fake, route, 204, NULL, NULL);
  floe_broker_act_async (f->broker, "d1", "fresh", NULL, fake_on_done, &f->slot);
  result = fake_wait (&f->slot);
  g_assert_true (floe_broker_act_finish (f->broker, result, &error));
  g_assert_no_error (error);
  assert_equal_json (fake_broker_last (f->fake, route)->body, example);
  g_clear_object (&result);
  floe_broker_act_async (f->broker, "d1", "to \"sleep\"", NULL, fake_on_done, &f->slot);
  result = fake_wait (&f->slot);
  g_assert_true (floe_broker_act_finish (f->broker, result, &error));
  assert_equal_json (fake_broker_last (f->fake, route)->body, "{\"action\":\"to \\\"sleep\\\"\"}");
}

static void
test_any_call (Fixture *f, gconstpointer data)
{
  g_autofree gchar *sent = fake_file ("pool-file.json");
  g_autoptr (JsonNode) health = NULL;
  g_autoptr (JsonNode) put = NULL;
  g_autoptr (JsonNode) gone = NULL;
  g_autoptr (GError) error = NULL;

  fake_broker_answer_file (f->fake, "GET /api/v1/health", 200, "health.json");
  fake_broker_answer_file (f->fake, "PUT /api/v1/admin/pools/office?dry_run=true", 200,
                           "pool-put.json");
  fake_broker_answer (f->fake, "DELETE /api/v1/admin/pools/office", 204, NULL, NULL);
  put = call (f, "PUT", "admin/pools/office?dry_run=true", sent, &error);
  g_assert_no_error (error);
  assert_equal_json (
      fake_broker_last (f->fake, "PUT /api/v1/admin/pools/office?dry_run=true")->body, sent);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (put));
  gone = call (f, "DELETE", "admin/pools/office", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_NULL (gone));
  floe_broker_set_token (f->broker, NULL);
  health = call (f, "GET", "health", NULL, &error);
  g_assert_no_error (error);
  g_assert_null (fake_broker_last (f->fake, "GET /api/v1/health")->token);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (health));
}

static void
test_no_token (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  floe_broker_set_token (f->broker, NULL);
  g_assert_null (list_pools (f, &error));
  assert_error (error, FLOE_CLIENT_ERROR_UNAUTHENTICATED, NULL);
}

/* Every problem type, in the order of FloeClientError. */
static void
test_problems (Fixture *f, gconstpointer data)
{
  const guint statuses[] = { 400, 401, 401, 403, 404, 409, 409, 503, 503, 504, 500, 413, 405, 415 };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autofree gchar *body =
          g_strdup_printf ("{\"type\":\"urn:floe:problem:%s\",\"title\":\"T\",\"status\":%u,"
                           "\"detail\":\"one\\u001b[31m two\\nthree\",\"reason\":\"some-%u\"}",
                           floe_client_error_name ((FloeClientError)i), statuses[i], i);

      fake_broker_answer (f->fake, "GET /api/v1/pools", statuses[i], "application/problem+json",
                          body);
    }
  fake_broker_header (f->fake, "Retry-After", "7");
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) copy = NULL;
      g_autofree gchar *reason = g_strdup_printf ("some-%u", i);

      g_assert_null (list_pools (f, &error));
      copy = g_error_copy (error);
      assert_error (copy, (FloeClientError)i, reason);
      g_assert_cmpstr (copy->message, ==, "one?[31m two?three");
      g_assert_cmpuint (floe_client_error_retry_after (copy), ==, 7);
    }
}

static void
test_problem_files (Fixture *f, gconstpointer data)
{
  const struct
  {
    const gchar *file;
    guint status;
    FloeClientError code;
    const gchar *reason;
  } rows[] = {
    { "problem-busy.json", 503, FLOE_CLIENT_ERROR_BUSY, NULL },
    { "problem-too-many-tries.json", 429, FLOE_CLIENT_ERROR_BUSY, "too-many-tries" },
    { "problem-denied.json", 403, FLOE_CLIENT_ERROR_DENIED, "role-needed" },
    { "problem-directory-down.json", 503, FLOE_CLIENT_ERROR_UNAVAILABLE, "directory-down" },
    { "problem-expired-token.json", 401, FLOE_CLIENT_ERROR_EXPIRED_TOKEN, NULL },
    { "problem-invalid.json", 400, FLOE_CLIENT_ERROR_INVALID, NULL },
    { "problem-no-desktop-free.json", 409, FLOE_CLIENT_ERROR_EXHAUSTED, "no-desktop-free" },
    { "problem-not-found.json", 404, FLOE_CLIENT_ERROR_NOT_FOUND, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    fake_broker_answer_file (f->fake, "GET /api/v1/pools", rows[i].status, rows[i].file);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (list_pools (f, &error));
      assert_error (error, rows[i].code, rows[i].reason);
    }
}

/* What a proxy before the broker says, or a server that is something else. */
static void
test_foreign_answers (Fixture *f, gconstpointer data)
{
  const struct
  {
    guint status;
    const gchar *type;
    const gchar *body;
    FloeClientError code;
    const gchar *reason;
  } rows[] = {
    { 200, "text/html", "<html>", FLOE_CLIENT_ERROR_PROTOCOL, "not-a-broker" },
    { 204, NULL, NULL, FLOE_CLIENT_ERROR_PROTOCOL, "malformed" },
    { 404, "text/html", "<html>", FLOE_CLIENT_ERROR_PROTOCOL, "not-a-broker" },
    { 400, "application/problem+json", "{\"type\":\"about:blank\"}", FLOE_CLIENT_ERROR_PROTOCOL,
      "not-a-broker" },
    { 500, "application/problem+json", "{\"type\":7}", FLOE_CLIENT_ERROR_PROTOCOL, "not-a-broker" },
    { 400, "application/problem+json", "[", FLOE_CLIENT_ERROR_PROTOCOL, "not-a-broker" },
    { 403, "text/html", "no", FLOE_CLIENT_ERROR_DENIED, NULL },
    { 413, "text/html", "no", FLOE_CLIENT_ERROR_TOO_LARGE, NULL },
    { 429, "text/html", "no", FLOE_CLIENT_ERROR_BUSY, NULL },
    { 502, "text/html", "no", FLOE_CLIENT_ERROR_UNAVAILABLE, NULL },
    { 503, "text/html", "no", FLOE_CLIENT_ERROR_UNAVAILABLE, NULL },
    { 504, "text/html", "no", FLOE_CLIENT_ERROR_TIMED_OUT, NULL },
    { 407, "text/html", "no", FLOE_CLIENT_ERROR_NETWORK, "proxy" },
    { 200, "application/json", "{\"pools\":[{\"name\":\"a\",\"kind\":\"floating\"}]}",
      FLOE_CLIENT_ERROR_PROTOCOL, "malformed" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    fake_broker_answer (f->fake, "GET /api/v1/pools", rows[i].status, rows[i].type, rows[i].body);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (list_pools (f, &error));
      assert_error (error, rows[i].code, rows[i].reason);
    }
}

static void
test_redirect (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fake_broker_answer (f->fake, "GET /api/v1/pools", 302, "text/html", "there");
  fake_broker_answer_file (f->fake, "GET /there", 200, "pools.json");
  fake_broker_header (f->fake, "Location", "/there");
  g_assert_null (list_pools (f, &error));
  assert_error (error, FLOE_CLIENT_ERROR_PROTOCOL, "redirect");
  g_assert_cmpuint (fake_broker_n_requests (f->fake, "GET /there"), ==, 0);
}

static void
test_big_body (Fixture *f, gconstpointer data)
{
  g_autofree gchar *fill = g_strnfill (1024 * 1024 - 20, ' ');
  g_autofree gchar *fits = g_strconcat ("{\"pools\":[]}", fill, NULL);
  g_autofree gchar *large = g_strconcat (fits, fill, NULL);
  g_autoptr (GPtrArray) pools = NULL;
  g_autoptr (GError) error = NULL;

  fake_broker_answer (f->fake, "GET /api/v1/pools", 200, "application/json", fits);
  fake_broker_answer (f->fake, "GET /api/v1/pools", 200, "application/json", large);
  pools = list_pools (f, &error);
  g_assert_no_error (error);
  g_assert_null (list_pools (f, &error));
  assert_error (error, FLOE_CLIENT_ERROR_PROTOCOL, "too-large");
}

static void
test_hang (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  floe_broker_set_timeouts (f->broker, 5000, 100);
  fake_broker_hang (f->fake, "GET /api/v1/pools");
  g_assert_null (list_pools (f, &error));
  assert_error (error, FLOE_CLIENT_ERROR_NETWORK, "timeout");
}

/* Half an answer, and then nothing more. */
static void
test_hang_in_body (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  floe_broker_set_timeouts (f->broker, 5000, 200);
  fake_broker_stream (f->fake, "GET /api/v1/pools");
  g_assert_null (list_pools (f, &error));
  assert_error (error, FLOE_CLIENT_ERROR_NETWORK, "timeout");
}

static void
test_raw (Fixture *f, gconstpointer data)
{
  const struct
  {
    const gchar *bytes;
    FloeClientError code;
    const gchar *reason;
  } rows[] = {
    { NULL, FLOE_CLIENT_ERROR_NETWORK, "closed" },
    { "SSH-2.0-OpenSSH_9.2\r\n\r\n", FLOE_CLIENT_ERROR_PROTOCOL, "not-a-broker" },
    { "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{\"pools\":",
      FLOE_CLIENT_ERROR_NETWORK, "closed" },
    { "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: "
      "chunked\r\n\r\n5\r\n{",
      FLOE_CLIENT_ERROR_NETWORK, "closed" },
    { "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n\r\nxyz",
      FLOE_CLIENT_ERROR_PROTOCOL, "malformed" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      fake_broker_raw (f->fake, rows[i].bytes);
      g_assert_null (list_pools (f, &error));
      g_test_message ("row %u: %s", i, error->message);
      assert_error (error, rows[i].code, rows[i].reason);
    }
}

static void
test_refused (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fake_broker_free (f->fake);
  g_assert_null (list_pools (f, &error));
  assert_error (error, FLOE_CLIENT_ERROR_NETWORK, "refused");
  g_assert_true (floe_client_error_is_passing (error));
  f->fake = fake_broker_new ();
}

static void
test_cancel (Fixture *f, gconstpointer data)
{
  g_autoptr (GCancellable) before = g_cancellable_new ();
  g_autoptr (GCancellable) later = g_cancellable_new ();
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;

  fake_broker_hang (f->fake, "GET /api/v1/pools");
  g_cancellable_cancel (before);
  floe_broker_list_pools_async (f->broker, before, fake_on_done, &f->slot);
  first = fake_wait (&f->slot);
  g_assert_null (floe_broker_list_pools_finish (f->broker, first, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  floe_broker_list_pools_async (f->broker, later, fake_on_done, &f->slot);
  while (fake_broker_n_requests (f->fake, "GET /api/v1/pools") == 0)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (later);
  second = fake_wait (&f->slot);
  g_assert_null (floe_broker_list_pools_finish (f->broker, second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/client-broker/log-in/good", test_log_in);
  ADD ("/client-broker/log-in/unsendable", test_log_in_unsendable);
  ADD ("/client-broker/log-in/domain", test_log_in_domain);
  g_test_add_func ("/client-broker/domains", test_domains);
  ADD ("/client-broker/log-in/ticket", test_log_in_ticket);
  ADD ("/client-broker/log-in/refused", test_log_in_refused);
  ADD ("/client-broker/log-in/warned", test_log_in_warned);
  ADD ("/client-broker/password/changed", test_password);
  ADD ("/client-broker/password/refused", test_password_refused);
  ADD ("/client-broker/log-out", test_log_out);
  ADD ("/client-broker/reconnect", test_reconnect);
  ADD ("/client-broker/pools", test_pools);
  ADD ("/client-broker/me", test_me);
  ADD ("/client-broker/connect/tls", test_connect);
  ADD ("/client-broker/connect/plain", test_connect_plain);
  ADD ("/client-broker/connect/later", test_connect_later);
  ADD ("/client-broker/connect/odd-names", test_connect_odd_names);
  ADD ("/client-broker/connect/wishes", test_wishes);
  ADD ("/client-broker/pools/several", test_several);
  ADD ("/client-broker/pools/one-at-most", test_one_at_most);
  ADD ("/client-broker/desktop", test_desktop);
  ADD ("/client-broker/release", test_release);
  ADD ("/client-broker/act", test_act);
  ADD ("/client-broker/any-call", test_any_call);
  ADD ("/client-broker/no-token", test_no_token);
  ADD ("/client-broker/problem/types", test_problems);
  ADD ("/client-broker/problem/files", test_problem_files);
  ADD ("/client-broker/fault/foreign", test_foreign_answers);
  ADD ("/client-broker/fault/redirect", test_redirect);
  ADD ("/client-broker/fault/big-body", test_big_body);
  ADD ("/client-broker/fault/hang", test_hang);
  ADD ("/client-broker/fault/hang-in-body", test_hang_in_body);
  ADD ("/client-broker/fault/raw", test_raw);
  ADD ("/client-broker/fault/refused", test_refused);
  ADD ("/client-broker/cancel", test_cancel);
  return g_test_run ();
}
