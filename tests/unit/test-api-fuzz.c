/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "api/gate.h"
#include "api/http-chunks.h"
#include "api/http-head.h"
#include "api/json-read.h"
#include "api/json-scan.h"
#include "api/pool-file.h"
#include "api/routes.h"

/*
 * Good texts with random damage, in memory of exactly their size, so that the sanitizers see each
 * step too far; and properties that must hold whatever the text. FLOE_FUZZ_ROUNDS says how many
 * rounds; g_test's --seed repeats a run.
 */

#define ROUNDS 20000

static guint
n_rounds (void)
{
  const gchar *text = g_getenv ("FLOE_FUZZ_ROUNDS");

  return text != NULL ? (guint)g_ascii_strtoull (text, NULL, 10) : ROUNDS;
}

static gint
below (gint n)
{
  return g_test_rand_int_range (0, n);
}

/* damage: a few bytes changed, taken out, doubled or replaced by what parsers stumble over */
static gchar *
damage (const gchar *text, gsize *length)
{
  static const gchar *const spices[] = { "\r\n",
                                         "\n",
                                         "\r",
                                         "\t",
                                         " ",
                                         ":",
                                         "\"",
                                         "\\",
                                         "{",
                                         "}",
                                         "[",
                                         "]",
                                         ",",
                                         "0",
                                         "-",
                                         "1e9",
                                         "\\u0000",
                                         "\\ud800",
                                         "\xff",
                                         "\xc3\xa4",
                                         "%00",
                                         "..",
                                         "/",
                                         "?",
                                         "&",
                                         "=",
                                         "Content-Length: 5\r\n",
                                         "Transfer-Encoding: chunked\r\n",
                                         "Host: x\r\n",
                                         "true",
                                         "null" };
  g_autoptr (GString) out = g_string_new (text);

  for (gint n = below (4); n >= 0; n--)
    {
      gssize at = below ((gint)out->len + 1);
      gssize some = below (8);

      switch (below (4))
        {
        case 0:
          g_string_erase (out, at, MIN (some, (gssize)out->len - at));
          break;
        case 1:
          g_string_insert (out, at, spices[below (G_N_ELEMENTS (spices))]);
          break;
        case 2:
          if (at < (gssize)out->len)
            out->str[at] = (gchar)below (256);
          break;
        default:
          g_string_truncate (out, (gsize)at);
        }
    }
  *length = out->len;
  return g_memdup2 (out->len > 0 ? out->str : "x", MAX (out->len, 1));
}

static void
check_head (const FloeHttpHead *head)
{
  guint hosts;
  guint lengths;
  guint codings;

  floe_http_head_get (head, "host", &hosts);
  floe_http_head_get (head, "content-length", &lengths);
  floe_http_head_get (head, "transfer-encoding", &codings);
  g_assert_cmpuint (hosts, ==, 1);
  g_assert_cmpuint (lengths + codings, <=, 1);
  g_assert_cmpint (head->chunked, ==, codings == 1);
  g_assert_cmpint (head->path[0], ==, '/');
  g_assert_null (strpbrk (head->path, " \t\r\n?#"));
  for (guint i = 0; i < head->fields->len; i++)
    {
      const FloeHttpField *field = &g_array_index (head->fields, FloeHttpField, i);

      g_assert_null (strpbrk (field->name, " \t\r\n:ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
      g_assert_null (strpbrk (field->value, "\r\n"));
    }
}

static void
test_head (void)
{
  static const gchar *const heads[] = {
    "GET /api/v1/me HTTP/1.1\r\nHost: broker.floe.test\r\nAuthorization: Bearer x\r\n\r\n",
    "POST /api/v1/login HTTP/1.1\r\nHost: broker.floe.test:443\r\nContent-Length: 12\r\n"
    "Content-Type: application/json\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n",
    "PUT /api/v1/admin/pools/office?dry_run=true HTTP/1.1\r\nHost: broker.floe.test\r\n"
    "Content-Type: application/json; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n",
    "GET /api/v1/admin/audit?limit=5&user=a%20b HTTP/1.1\r\nHost: broker.floe.test\r\n\r\n",
  };
  static const gchar *const names[] = { "broker.floe.test", NULL };
  FloeGate gate = { .host_names = names };
  guint passed = 0;

  gate.routes = floe_api_get_routes (&gate.n_routes);
  for (guint i = n_rounds (); i > 0; i--)
    {
      gsize length;
      g_autofree gchar *text = damage (heads[below (G_N_ELEMENTS (heads))], &length);
      g_autoptr (FloeProblem) problem = NULL;
      g_autoptr (FloeHttpHead) head = floe_http_head_parse (text, length, &problem);
      g_autoptr (FloeRequest) request = NULL;

      g_assert_true ((head == NULL) == (problem != NULL));
      if (head == NULL)
        continue;
      check_head (head);
      request = floe_gate_check (&gate, head, &problem);
      g_assert_true ((request == NULL) == (problem != NULL));
      passed += request != NULL;
    }
  g_assert_cmpuint (passed, >, 0);
}

static void
test_chunks (void)
{
  static const gchar good[] = "5\r\n{\"a\":\r\n3\r\n1 }\r\n0\r\n\r\n";

  for (guint i = n_rounds (); i > 0; i--)
    {
      gsize length;
      g_autofree gchar *text = damage (good, &length);
      FloeHttpChunks whole = { 0 };
      FloeHttpChunks parts = { 0 };
      g_auto (FloeSecretText) whole_body = { NULL, 0, 0 };
      g_auto (FloeSecretText) parts_body = { NULL, 0, 0 };
      g_autoptr (FloeProblem) whole_problem = NULL;
      g_autoptr (FloeProblem) parts_problem = NULL;
      gsize used = floe_http_chunks_feed (&whole, text, length, &whole_body, &whole_problem);

      g_assert_cmpuint (used, <=, length);
      for (gsize at = 0; at < length && parts_problem == NULL; at++)
        floe_http_chunks_feed (&parts, text + at, 1, &parts_body, &parts_problem);
      /* However the network cuts it, it means the same. */
      g_assert_true ((whole_problem == NULL) == (parts_problem == NULL));
      g_assert_cmpint (floe_http_chunks_is_over (&whole), ==, floe_http_chunks_is_over (&parts));
      g_assert_cmpmem (whole_body.bytes, whole_body.length, parts_body.bytes, parts_body.length);
    }
}

static void
test_json (void)
{
  static const gchar *const texts[] = {
    "{\"username\":\"hmori\",\"password\":\"\\u00e4\\ud83d\\ude00 \\\\ \\\"\"}",
    ("{\"name\":\"office\",\"kind\":\"floating\",\"manager\":\"libvirt\",\"domains\":{\"pattern\":"
     "\"office-*\"},\"entitlements\":{\"groups\":[\"a\",\"b\"],\"users\":[]},\"grace_seconds\":"
     "60}"),
    "{\"a\":[1,-2.5e3,true,false,null,{\"b\":[[[[]]]]}],\"c\":{}}",
  };
  guint passed = 0;

  for (guint i = n_rounds (); i > 0; i--)
    {
      gsize length;
      g_autofree gchar *text = damage (texts[below (G_N_ELEMENTS (texts))], &length);
      FloeJsonSecret fields[] = { { "username", 64, NULL }, { "password", 64, NULL } };
      g_autoptr (JsonParser) parser = json_parser_new ();
      g_autoptr (FloePool) pool = NULL;

      if (floe_json_scan_secrets (text, length, fields, G_N_ELEMENTS (fields), NULL))
        {
          floe_secret_unref (fields[0].value);
          floe_secret_unref (fields[1].value);
        }
      pool = floe_pool_file_read (text, length, NULL);
      if (!floe_json_scan (text, length, NULL))
        {
          g_assert_null (pool);
          continue;
        }
      /* What the scanner lets through, json-glib takes, and as an object. */
      passed++;
      g_assert_true (json_parser_load_from_data (parser, text, (gssize)length, NULL));
      g_assert_true (JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)));
    }
  g_assert_cmpuint (passed, >, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/api-fuzz/head", test_head);
  g_test_add_func ("/api-fuzz/chunks", test_chunks);
  g_test_add_func ("/api-fuzz/json", test_json);
  return g_test_run ();
}
