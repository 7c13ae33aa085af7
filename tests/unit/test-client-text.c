/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "api/backoff.h"
#include "api/decode.h"
#include "api/encode.h"
#include "api/error.h"
#include "api/json-guard.h"
#include "api/sse.h"
#include "api/url.h"
#include "client-fake.h"

/* What is pure: addresses, the pause between attempts, the event stream's grammar, and JSON. */

static void
test_urls (void)
{
  const struct
  {
    const gchar *text, *url, *reason;
  } rows[] = {
    { "broker.example.com", "https://broker.example.com", NULL },
    { "  Broker.Example.COM:8443/ ", "https://broker.example.com:8443", NULL },
    { "HTTPS://b:443", "https://b", NULL },
    { "https://bücher.example", "https://xn--bcher-kva.example", NULL },
    { "[::1]:8443", "https://[::1]:8443", NULL },
    { "http://localhost:8080", "http://localhost:8080", NULL },
    { "http://127.1.2.3/", "http://127.1.2.3", NULL },
    { "http://[::1]:80", "http://[::1]", NULL },
    { "http://broker.example.com", NULL, "plain-http" },
    { "http://10.0.0.1", NULL, "plain-http" },
    { "http://localhost.example.com", NULL, "plain-http" },
    { "http://127.0.0.1.example.com", NULL, "plain-http" },
    { "http://127.0.0.1@example.com", NULL, "bad-url" },
    { "ftp://b", NULL, "bad-url" },
    { "file:///etc/passwd", NULL, "bad-url" },
    { "", NULL, "bad-url" },
    { "https://", NULL, "bad-url" },
    { "https://user:pw@b", NULL, "bad-url" },
    { "https://b/path", NULL, "bad-url" },
    { "https://b/?q", NULL, "bad-url" },
    { "https://b/#f", NULL, "bad-url" },
    { "https://b:0", NULL, "bad-url" },
    { "https://b:99999", NULL, "bad-url" },
    { "https://a b", NULL, "bad-url" },
    { "https://-b", NULL, "bad-url" },
    { "https://b%0d%0ahost", NULL, "bad-url" },
    { "https://\xff", NULL, "bad-url" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree gchar *url = floe_url_normalize (rows[i].text, &error);

      g_test_message ("row %u", i);
      g_assert_cmpstr (url, ==, rows[i].url);
      if (rows[i].reason == NULL)
        continue;
      g_assert_error (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_INVALID);
      g_assert_cmpstr (floe_client_error_reason (error), ==, rows[i].reason);
    }
}

static void
test_url_join (void)
{
  g_autofree gchar *path = floe_url_join (NULL, "pools", "a/b?c#d%e ü..", "connect", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (path, ==, "pools/a%2Fb%3Fc%23d%25e%20%C3%BC../connect");
  g_assert_null (floe_url_join (&error, "pools", "..", NULL));
  g_assert_error (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_INVALID);
}

static void
test_backoff (void)
{
  FloeBackoff backoff = { 0 };
  const gdouble most[] = { 2, 4, 8, 15, 15, 15 };

  for (guint i = 0; i < G_N_ELEMENTS (most); i++)
    {
      FloeBackoff again = backoff;

      g_assert_cmpfloat (floe_backoff_next (&again, 0), ==, 1);
      g_assert_cmpfloat_with_epsilon (floe_backoff_next (&backoff, 0.999999), most[i], 0.001);
    }
  for (guint i = 0; i < 100; i++)
    g_assert_cmpfloat (floe_backoff_next (&backoff, 0.999999), <, 15.001);
  floe_backoff_reset (&backoff);
  g_assert_cmpfloat (floe_backoff_next (&backoff, 0.999999), <, 2.001);
}

static void
on_event (const gchar *event, gchar *data, gsize length, gpointer user_data)
{
  g_assert_cmpuint (strlen (data), ==, length);
  g_string_append_printf (user_data, "<%s|%s>", event, data);
}

/* @text in pieces of @step bytes. */
static gchar *
read_events (const gchar *text, gsize step)
{
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (FloeSse) sse = floe_sse_new (on_event, seen);
  gsize length = strlen (text);

  for (gsize at = 0; at < length; at += step)
    g_assert_true (floe_sse_feed (sse, text + at, MIN (step, length - at), NULL));
  return g_string_free (g_steal_pointer (&seen), FALSE);
}

static void
test_sse (void)
{
  const struct
  {
    const gchar *text, *events;
  } rows[] = {
    { "data: a\n\n", "<message|a>" },
    { "data: a\r\n\r\n", "<message|a>" },
    { "data: a\r\r", "<message|a>" },
    { "data: a\r\rdata: b\n\ndata: c\r\n\r\n", "<message|a><message|b><message|c>" },
    { "event: state\ndata: {\ndata: }\n\n", "<state|{\n}>" },
    { "event: x\n\ndata: a\n\n", "<message|a>" },
    { ": ping\n\n: ping\n\ndata:a\n\n", "<message|a>" },
    { "data\n\n", "<message|>" },
    { "data:\ndata:\n\n", "<message|\n>" },
    { "data:  a\n\n", "<message| a>" },
    { "id: 7\nretry: 9\nother: 1\ndata: a\n\n", "<message|a>" },
    { "\xef\xbb\xbf"
      "data: a\n\n",
      "<message|a>" },
    { "data: \xc3\xbc: x\n\n", "<message|\xc3\xbc: x>" },
    { "event: a\nevent: b\ndata: c\n\n", "<b|c>" },
    { "data: never ended\n", "" },
    { "\n\n\r\n\r", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize step = 1; step < 12; step++)
      {
        g_autofree gchar *events = read_events (rows[i].text, step);

        g_assert_cmpstr (events, ==, rows[i].events);
      }
}

static void
test_sse_limits (void)
{
  g_autofree gchar *fits = g_strnfill (FLOE_SSE_LIMIT - 5, 'x');
  g_autofree gchar *event = g_strconcat ("data:", fits, "\n\n", NULL);
  g_autofree gchar *half = g_strnfill (40000, 'x');
  g_autofree gchar *twice = g_strconcat ("data:", half, "\ndata:", half, "\n\n", NULL);
  const gchar *const bad[] = { "data:", twice, "data: \xff\n", "data: \xc3\n" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GString) seen = g_string_new (NULL);
      g_autoptr (FloeSse) sse = floe_sse_new (on_event, seen);
      g_autoptr (GError) error = NULL;
      gboolean good = floe_sse_feed (sse, bad[i], strlen (bad[i]), &error);

      if (i == 0) /* a line that only gets longer */
        for (guint n = 0; n < 3 && good; n++)
          good = floe_sse_feed (sse, half, strlen (half), &error);
      g_assert_false (good);
      g_assert_error (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_PROTOCOL);
      g_assert_cmpstr (seen->str, ==, "");
    }
  {
    g_autofree gchar *events = read_events (event, 4096);

    g_assert_cmpuint (strlen (events), >, FLOE_SSE_LIMIT - 5);
  }
}

static JsonNode *
parse (const gchar *text, FloeJsonSecrets *secrets, GError **error)
{
  g_autofree gchar *copy = g_strdup (text);

  return floe_json_parse (copy, strlen (copy), secrets, error);
}

static void
test_json_refused (void)
{
  g_autofree gchar *deep = g_strnfill (150 * 1024, '[');
  const gchar *const rows[] = {
    "",
    " ",
    "{",
    "[",
    "}",
    "{]",
    "[}",
    "[1,]",
    "{\"a\":1,}",
    "{,}",
    "[,1]",
    "{\"a\"}",
    "{\"a\":}",
    "{a:1}",
    "{'a':1}",
    "{\"a\":1 \"b\":2}",
    "1 2",
    "{}{}",
    "nul",
    "truex",
    "tru",
    "01",
    "-",
    "+1",
    "1.",
    ".5",
    "1e",
    "1e+",
    "0x1",
    "Infinity",
    "NaN",
    "\"",
    "\"\\\"",
    "\"\\x\"",
    "\"\\u12\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\\udc00\\udc00\"",
    "\"\\ud800\\u0041\"",
    "\"\\udc00\"",
    "\"a\nb\"",
    "\"\t\"",
    "/**/1",
    "// x\n1",
    "var x = 1",
    "[1]//",
    "\xff",
    "\"\xc3\"",
    "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]",
    "11111111111111111111111111111111111111111",
    "{\"\\u0074oken\":\"a\"}",
    "{\"token\":\"a\",\"token\":\"b\"}",
    "{\"token\":\"\\u0041\"}",
    deep,
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (FloeJsonSecrets) secrets = { NULL };
      g_auto (FloeJsonSecrets) scanned = { NULL };
      g_autofree gchar *copy = g_strdup (rows[i]);
      g_autoptr (GError) error = NULL;
      gsize offset;

      g_test_message ("row %u", i);
      /* By the scanner itself, whatever json-glib would have said. */
      g_assert_nonnull (floe_json_scan (copy, strlen (copy), &scanned, &offset));
      g_assert_cmpuint (offset, <=, strlen (copy));
      g_assert_null (parse (rows[i], &secrets, &error));
      g_assert_error (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_PROTOCOL);
      g_assert_cmpstr (floe_client_error_reason (error), ==, "malformed");
    }
}

static void
test_json_taken (void)
{
  const gchar *const rows[] = {
    "{}",
    "[]",
    " {\"a\" : [ 1 , -0.5e+3 , true,false,null , \"\" ] }\r\n",
    "\"\\ud83d\\ude00\"",
    "0",
    "-1",
    "1E5",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\"",
    "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]",
    "\"\xf0\x9f\x98\x80\"",
    "99999999999999999999",
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (FloeJsonSecrets) secrets = { NULL };
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) root = parse (rows[i], &secrets, &error);

      g_assert_no_error (error);
      g_assert_nonnull (root);
    }
}

static void
test_json_secrets (void)
{
  g_autofree gchar *text =
      g_strdup ("{\"token\":\"flt_a\",\"ticket\": \"t\",\"reconnect_token\":null,"
                "\"deep\":{\"token\":\"kept\"},\"list\":[\"token\",\"b\"]}");
  g_auto (FloeJsonSecrets) secrets = { NULL };
  g_autoptr (JsonNode) root = floe_json_parse (text, strlen (text), &secrets, NULL);
  JsonObject *object = json_node_get_object (root);

  g_assert_cmpstr (floe_secret_get (secrets.token, NULL), ==, "flt_a");
  g_assert_cmpstr (floe_secret_get (secrets.ticket, NULL), ==, "t");
  g_assert_null (secrets.reconnect_token);
  g_assert_null (strstr (text, "flt_a"));
  g_assert_cmpstr (json_object_get_string_member (object, "token"), ==, "xxxxx");
  g_assert_cmpstr (
      json_object_get_string_member (json_object_get_object_member (object, "deep"), "token"), ==,
      "kept");
}

/* Whether it can be made sense of does not matter here. */
static void
decode_all (JsonNode *root, FloeJsonSecrets *secrets)
{
  FloeLogin *login = floe_decode_login (root, TRUE, NULL);
  FloeConnection *connection = floe_decode_connection (root, secrets, NULL);
  FloeConnectRequest *request = floe_decode_request (root, NULL);

  g_clear_pointer (&login, floe_login_free);
  g_clear_pointer (&connection, floe_connection_free);
  g_clear_pointer (&request, floe_connect_request_free);
}

/* Each file of examples, with each of its bytes cut off or changed: never a crash, always an answer
 * or an error. */
static void
test_json_damaged (void)
{
  const gchar *const files[] = { "login.json", "connection.json", "request-failed.json" };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree gchar *text = g_strchomp (fake_file (files[i]));
      gsize length = strlen (text);

      for (gsize at = 0; at < length; at++)
        {
          g_autofree gchar *cut = g_strndup (text, at);
          g_autofree gchar *changed = g_strdup (text);
          g_auto (FloeJsonSecrets) first = { NULL };
          g_auto (FloeJsonSecrets) second = { NULL };
          g_autoptr (JsonNode) none = parse (cut, &first, NULL);
          g_autoptr (JsonNode) root = NULL;

          g_assert_null (none);
          changed[at] = "[]{}\",:\\x7"[at % 10];
          root = parse (changed, &second, NULL);
          if (root != NULL)
            decode_all (root, &second);
        }
    }
}

static gboolean
decodes_login (JsonNode *root, GError **error)
{
  g_autoptr (FloeLogin) login = floe_decode_login (root, TRUE, error);

  return login != NULL;
}

static gboolean
decodes_desktop (JsonNode *root, GError **error)
{
  g_autoptr (FloeDesktop) desktop = floe_decode_desktop (root, error);

  return desktop != NULL;
}

static gboolean
decodes_request (JsonNode *root, GError **error)
{
  g_autoptr (FloeConnectRequest) request = floe_decode_request (root, error);

  return request != NULL;
}

static gboolean
decodes_connection (JsonNode *root, GError **error)
{
  g_auto (FloeJsonSecrets) secrets = { .ticket = floe_secret_new ("t", -1) };
  g_autoptr (FloeConnection) connection = floe_decode_connection (root, &secrets, error);

  return connection != NULL;
}

/* A good file with one field replaced: the error names that field. */
static void
test_wrong_fields (void)
{
  const struct
  {
    gboolean (*decodes) (JsonNode *root, GError **error);
    const gchar *file, *field, *value, *named;
  } rows[] = {
    { decodes_login, "login.json", "user", "7", "user" },
    { decodes_login, "login.json", "user", "null", "user" },
    { decodes_login, "login.json", "user", "{\"id\":1}", "user.id" },
    { decodes_login, "login.json", "expires_at", "\"soon\"", "expires_at" },
    { decodes_login, "login.json", "expires_at", "null", "expires_at" },
    { decodes_login, "login.json", "idle_seconds", "-1", "idle_seconds" },
    { decodes_login, "login.json", "idle_seconds", "1.5", "idle_seconds" },
    { decodes_login, "login.json", "pools", "{}", "pools" },
    { decodes_login, "login.json", "pools", "[null]", "pools[0]." },
    { decodes_login, "login.json", "pools", "[{\"name\":\"a\",\"kind\":\"b\",\"keeps_data\":true}]",
      "pools[0].kind" },
    { decodes_login, "login.json", "pools",
      "[{\"name\":\"a\",\"kind\":\"floating\",\"keeps_data\":true,\"desktop\":{\"id\":\"\"}}]",
      "pools[0].desktop.id" },
    { decodes_desktop, "desktop.json", "name", "[]", "name" },
    { decodes_desktop, "desktop.json", "can_reconnect", "1", "can_reconnect" },
    { decodes_desktop, "desktop.json", "end", "{\"reason\":7}", "end.reason" },
    { decodes_request, "request-waiting.json", "state", "\"dancing\"", "state" },
    { decodes_request, "request-waiting.json", "place", "9999999999", "place" },
    { decodes_request, "request-failed.json", "problem", "null", "problem" },
    { decodes_request, "request-failed.json", "problem", "{\"type\":\"x\"}", "problem" },
    { decodes_request, "request-starting.json", "desktop", "{\"id\":\"a\"}", "desktop.name" },
    { decodes_connection, "connection.json", "via", "\"tunnel\"", "via" },
    { decodes_connection, "connection.json", "via", "\"proxy\"", "proxy" },
    { decodes_connection, "connection.json", "type", "\"rdp\"", "type" },
    { decodes_connection, "connection.json", "tls_port", "65536", "tls_port" },
    { decodes_connection, "connection.json", "tls_port", "0", "tls_port" },
    { decodes_connection, "connection.json", "tls_port", "null", "tls_port" },
    { decodes_connection, "connection.json", "host", "\"\"", "host" },
    { decodes_connection, "connection.json", "secure_channels", "\"all\"", "secure_channels" },
    { decodes_connection, "connection.json", "secure_channels", "[1]", "secure_channels" },
    { decodes_connection, "connection.json", "ticket", "null", "ticket" },
    { decodes_connection, "connection.json", "ticket", "7", "ticket" },
    { decodes_connection, "connection.json", "desktop", "null", "desktop" },
    { decodes_connection, "connection.json", "ca", "false", "ca" },
    { decodes_connection, "connection.json", "policy", "7", "policy" },
    { decodes_connection, "connection.json", "policy", "{\"clipboard\":7}", "policy.clipboard" },
    { decodes_connection, "connection.json", "policy", "{\"folder\":true}", "policy.folder" },
    { decodes_connection, "connection.json", "policy", "{\"usb\":true}", "policy.usb" },
    { decodes_connection, "connection.json", "policy", "{\"usb\":{\"filter\":7}}",
      "policy.filter" },
    { decodes_connection, "connection.json", "policy", "{\"usb\":{\"connect\":7}}",
      "policy.connect" },
    { decodes_connection, "connection.json", "policy", "{\"record\":\"no\"}", "policy.record" },
    { decodes_connection, "connection.json", "policy", "{\"courtesies\":[1]}",
      "policy.courtesies" },
    { decodes_login, "login.json", "pools",
      "[{\"name\":\"a\",\"kind\":\"floating\",\"keeps_data\":true,\"policy\":{\"files\":1}}]",
      "policy.files" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree gchar *text = fake_file (rows[i].file);
      g_autoptr (JsonNode) root = json_from_string (text, NULL);
      g_autofree gchar *named = g_strdup_printf ("%s", rows[i].named);
      g_autoptr (GError) error = NULL;

      g_assert_true (rows[i].decodes (root, NULL));
      json_object_set_member (json_node_get_object (root), rows[i].field,
                              json_from_string (rows[i].value, NULL));
      g_assert_false (rows[i].decodes (root, &error));
      g_test_message ("row %u: %s", i, error->message);
      g_assert_error (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_PROTOCOL);
      g_assert_nonnull (strstr (error->message, named));
    }
}

/* What a newer broker may say without breaking this client. */
static void
test_newer_broker (void)
{
  g_autofree gchar *text = fake_file ("desktop-taken-over.json");
  g_autoptr (JsonNode) root = json_from_string (text, NULL);
  JsonObject *object = json_node_get_object (root);
  g_autoptr (FloeDesktop) desktop = NULL;

  json_object_set_string_member (object, "state", "hibernating");
  json_object_set_string_member (json_object_get_object_member (object, "end"), "reason", "eaten");
  json_object_set_int_member (object, "colour", 7);
  desktop = floe_decode_desktop (root, NULL);
  g_assert_cmpint (desktop->state, ==, FLOE_DESKTOP_STATE_UNKNOWN);
  g_assert_cmpint (desktop->end->reason, ==, FLOE_END_REASON_UNKNOWN);
}

static void
test_policy (void)
{
  g_autofree gchar *text = fake_file ("connection.json");
  g_autoptr (JsonNode) root = json_from_string (text, NULL);
  g_auto (FloeJsonSecrets) secrets = { .ticket = floe_secret_new ("t", -1) };
  g_autoptr (FloeConnection) connection = floe_decode_connection (root, &secrets, NULL);
  g_autoptr (FloeConnection) copy = floe_connection_copy (connection);
  g_autoptr (FloePolicy) unknown = NULL;
  g_autoptr (FloePolicy) none = floe_policy_decode (NULL, NULL);
  g_autoptr (JsonNode) newer = json_from_string ("{\"clipboard\":\"at-noon\",\"folder\":\"old\","
                                                 "\"files\":\"some\",\"printer\":false,"
                                                 "\"courtesies\":[\"printer\",\"folder\"]}",
                                                 NULL);

  g_assert_cmpint (copy->policy->clipboard, ==, FLOE_WAY_FROM_GUEST);
  g_assert_cmpint (copy->policy->files, ==, FLOE_WAY_NONE);
  g_assert_cmpint (copy->policy->folder, ==, FLOE_FOLDER_READ_ONLY);
  g_assert_true (copy->policy->usb);
  g_assert_cmpstr (copy->policy->usb_filter, ==, "0x03,-1,-1,-1,0|-1,-1,-1,-1,1");
  g_assert_cmpstr (copy->policy->usb_connect, ==, "0x08,-1,-1,-1,1");
  g_assert_true (copy->policy->playback);
  g_assert_false (copy->policy->record);
  g_assert_false (copy->policy->smartcard);
  g_assert_cmpuint (copy->policy->courtesies, ==,
                    1u << FLOE_RULE_CLIPBOARD | 1u << FLOE_RULE_FOLDER | 1u << FLOE_RULE_RECORD);
  g_assert_false (floe_policy_is_open (copy->policy));
  /* An older broker restricts nothing; what a newer one means is not guessed at. */
  g_assert_true (floe_policy_is_open (none));
  unknown = floe_policy_decode (newer, NULL);
  g_assert_cmpint (unknown->clipboard, ==, FLOE_WAY_NONE);
  g_assert_cmpint (unknown->folder, ==, FLOE_FOLDER_NONE);
  g_assert_cmpint (unknown->files, ==, FLOE_WAY_NONE);
  g_assert_cmpuint (unknown->courtesies, ==, 1u << FLOE_RULE_FOLDER);
}

static void
test_outlook (void)
{
  g_autofree gchar *text = fake_file ("desktop.json");
  g_autoptr (JsonNode) root = json_from_string (text, NULL);
  g_autoptr (FloeDesktop) desktop = floe_decode_desktop (root, NULL);
  g_autoptr (FloeDesktop) copy = floe_desktop_copy (desktop);

  g_assert_cmpstr (copy->notice, ==, "host1 is updated at noon");
  g_assert_cmpint (copy->ends_at, ==, G_GINT64_CONSTANT (1795437000) * G_USEC_PER_SEC);
  g_assert_cmpint (copy->limit_at, ==, G_GINT64_CONSTANT (1795453200) * G_USEC_PER_SEC);
  g_assert_true (floe_desktop_equal (desktop, copy));
  copy->ends_at++;
  g_assert_false (floe_desktop_equal (desktop, copy));
}

static void
test_encode (void)
{
  g_autofree gchar *worst = g_strnfill (4000, '\001');
  g_autoptr (FloeSecret) password = floe_secret_new (worst, -1);
  g_autoptr (FloeSecret) body = floe_encode_log_in (worst, worst, password, NULL);
  g_autoptr (JsonNode) root = json_from_string (floe_secret_get (body, NULL), NULL);

  g_assert_nonnull (root);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (root), "password"), ==,
                   worst);
}

static void
test_errors (void)
{
  g_autoptr (GError) io = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "x");
  g_autoptr (GError) made = floe_client_error_new (FLOE_CLIENT_ERROR_BUSY, "why", "%s", "message");
  g_autoptr (GError) copy = NULL;
  FloeClientError code;

  floe_client_error_set_retry_after (made, 9);
  copy = g_error_copy (made);
  g_assert_true (floe_client_error_has_reason (copy, "why"));
  g_assert_cmpuint (floe_client_error_retry_after (copy), ==, 9);
  g_assert_true (floe_client_error_is_passing (copy));
  g_assert_null (floe_client_error_reason (io));
  g_assert_false (floe_client_error_is_passing (io));
  g_assert_false (floe_client_error_from_name ("network", &code));
  g_assert_true (floe_client_error_from_name ("unsupported-media-type", &code));
  g_assert_cmpint (code, ==, FLOE_CLIENT_ERROR_UNSUPPORTED_MEDIA_TYPE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client-text/url/normalize", test_urls);
  g_test_add_func ("/client-text/url/join", test_url_join);
  g_test_add_func ("/client-text/backoff", test_backoff);
  g_test_add_func ("/client-text/sse/grammar", test_sse);
  g_test_add_func ("/client-text/sse/limits", test_sse_limits);
  g_test_add_func ("/client-text/json/refused", test_json_refused);
  g_test_add_func ("/client-text/json/taken", test_json_taken);
  g_test_add_func ("/client-text/json/secrets", test_json_secrets);
  g_test_add_func ("/client-text/json/damaged", test_json_damaged);
  g_test_add_func ("/client-text/decode/wrong-fields", test_wrong_fields);
  g_test_add_func ("/client-text/decode/outlook", test_outlook);
  g_test_add_func ("/client-text/decode/policy", test_policy);
  g_test_add_func ("/client-text/decode/newer-broker", test_newer_broker);
  g_test_add_func ("/client-text/encode", test_encode);
  g_test_add_func ("/client-text/errors", test_errors);
  return g_test_run ();
}
