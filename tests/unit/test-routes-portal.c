/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "routes-fixture.h"

/* What is there for browsers: the token in a cookie, and the pages. */

#define IN_COOKIE  "Floe-Session: cookie\r\n"
#define COOKIE     "Cookie: a=b; __Host-floe=" PARTS_USER_TOKEN "; c=d\r\n"
#define ATTRIBUTES "; Path=/; Secure; HttpOnly; SameSite=Strict"

/* ask: with further header fields, each with its CR LF */
static gchar *
ask (RoutesFixture *fixture, const gchar *line, const gchar *fields, const gchar *body)
{
  g_autofree gchar *text = routes_request_text (line, NULL, body);
  gchar *end = strstr (text, "\r\n") + 2;
  g_autofree gchar *first = g_strndup (text, end - text);
  g_autofree gchar *request = g_strconcat (first, fields, end, NULL);

  return api_fixture_ask (&fixture->server, request, -1);
}

static void
test_log_in (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *body = routes_example ("login-request");
  g_autofree gchar *wanted = routes_example ("login");
  g_autofree gchar *answer = NULL;
  const gchar *token = "flt_4mJ1Qk0oXw9s7yTzVb2LrHc8dEgNfUaP5iKq3uRxWvY";
  g_autofree gchar *cookie = g_strconcat ("Set-Cookie: __Host-floe=", token, ATTRIBUTES, NULL);

  parts_answer (routes_grant ());
  answer = ask (fixture, "POST /api/v1/login", IN_COOKIE, body);
  g_assert_cmpuint (api_status (answer), ==, 201);
  g_assert_true (api_has_header (answer, cookie));
  /* No script reads it. */
  g_assert_null (strstr (api_body (answer), token));
  g_assert_nonnull (strstr (api_body (answer), "\"expires_at\""));
  g_assert_nonnull (strstr (wanted, token));
  g_free (parts_take_log ());
}

static void
test_use (RoutesFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const gchar *name;
    const gchar *fields;
    guint status;
  } cases[] = {
    { "a page of ours", IN_COOKIE COOKIE, 403 },
    { "that says so",
      IN_COOKIE COOKIE "Sec-Fetch-Site: same-origin\r\nOrigin: https://broker.floe.test\r\n", 403 },
    { "nothing says that a page may use the cookie", COOKIE, 401 },
    { "another word", "Floe-Session: yes\r\n" COOKIE, 401 },
    { "another site", IN_COOKIE COOKIE "Sec-Fetch-Site: cross-site\r\n", 1 },
    { "another host of the site", IN_COOKIE COOKIE "Sec-Fetch-Site: same-site\r\n", 1 },
    { "a link from nowhere", IN_COOKIE COOKIE "Sec-Fetch-Site: none\r\n", 1 },
    { "another origin", IN_COOKIE COOKIE "Origin: https://evil.floe.test\r\n", 1 },
    { "an origin that only begins so", IN_COOKIE COOKIE "Origin: https://broker.floe.test.evil\r\n",
      1 },
    { "no origin to name", IN_COOKIE COOKIE "Origin: null\r\n", 1 },
    { "an origin without TLS", IN_COOKIE COOKIE "Origin: http://broker.floe.test\r\n", 1 },
    { "two cookies", IN_COOKIE COOKIE COOKIE, 1 },
    { "no cookie", IN_COOKIE, 401 },
    { "a cookie of another name", IN_COOKIE "Cookie: x__Host-floe=" PARTS_USER_TOKEN "\r\n", 401 },
    { "a token of another kind", IN_COOKIE "Cookie: __Host-floe=" RECONNECT_TOKEN "\r\n", 401 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree gchar *answer = NULL;

      g_test_message ("%s", cases[i].name);
      answer = ask (fixture, "GET /api/v1/admin/pools", cases[i].fields, NULL);
      if (cases[i].status == 1)
        routes_assert_problem (answer, 403, "denied", NULL);
      else if (cases[i].status == 403) /* known, and of no role that may */
        routes_assert_answer (answer, 403, "problem-denied");
      else
        routes_assert_problem (answer, 401, "unauthenticated", "a token is needed");
    }
  routes_assert_log ("");
}

static void
test_log_out (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *answer = NULL;

  parts_answer (routes_yes ());
  answer = ask (fixture, "POST /api/v1/logout", IN_COOKIE COOKIE, NULL);
  g_assert_cmpuint (api_status (answer), ==, 204);
  g_assert_true (api_has_header (answer, "Set-Cookie: __Host-floe=" ATTRIBUTES "; Max-Age=0"));
  g_free (parts_take_log ());
}

/* The pages. */

#if HAVE_PORTAL
/* first_file: the name of what the page loads with this ending */
static gchar *
first_file (const gchar *name)
{
  g_autoptr (FloePortal) portal = floe_portal_new ();
  const FloePortalFile *index = floe_portal_find (portal, NULL);
  g_autoptr (GZlibDecompressor) gunzip = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GRegex) regex = NULL;
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree gchar *pattern = g_strdup_printf ("%s-[0-9a-f]{12}\\.[a-z0-9]+", name);
  gchar page[8192];
  gsize length, n_read, n_written;
  const gchar *bytes = floe_secret_get (index->body, &length);

  g_assert_cmpint (g_converter_convert (G_CONVERTER (gunzip), bytes, length, page, sizeof page - 1,
                                        G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL),
                   ==, G_CONVERTER_FINISHED);
  page[n_written] = '\0';
  regex = g_regex_new (pattern, 0, 0, NULL);
  g_assert_true (g_regex_match (regex, page, 0, &match));
  return g_match_info_fetch (match, 0);
}

static void
assert_page (const gchar *answer)
{
  g_assert_nonnull (strstr (answer, "\r\nContent-Security-Policy: default-src 'none'; script-src "
                                    "'self'; style-src 'self'; "));
  g_assert_null (strstr (answer, "unsafe-"));
  g_assert_nonnull (strstr (answer, "frame-ancestors 'none'"));
  g_assert_true (api_has_header (answer, "Referrer-Policy: no-referrer"));
  g_assert_true (api_has_header (answer, "X-Content-Type-Options: nosniff"));
}

static void
test_pages (RoutesFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const gchar *name;
    const gchar *type;
  } files[] = { { "app", "Content-Type: text/javascript; charset=utf-8" },
                { "patternfly", "Content-Type: text/css; charset=utf-8" },
                { "RedHatTextVF", "Content-Type: font/woff2" },
                { "floe", "Content-Type: image/svg+xml" } };
  g_autofree gchar *root = ask (fixture, "GET /", "", NULL);
  g_autofree gchar *index = ask (fixture, "GET /portal/", "", NULL);

  g_assert_cmpuint (api_status (root), ==, 303);
  g_assert_true (api_has_header (root, "Location: /portal/"));
  g_assert_cmpuint (api_status (index), ==, 200);
  g_assert_true (api_has_header (index, "Content-Type: text/html; charset=utf-8"));
  g_assert_true (api_has_header (index, "Content-Encoding: gzip"));
  g_assert_true (api_has_header (index, "Cache-Control: no-cache"));
  assert_page (index);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree gchar *name = first_file (files[i].name);
      g_autofree gchar *line = g_strconcat ("GET /portal/", name, NULL);
      g_autofree gchar *answer = ask (fixture, line, "", NULL);

      g_assert_cmpuint (api_status (answer), ==, 200);
      g_assert_true (api_has_header (answer, files[i].type));
      g_assert_true (api_has_header (answer, "Cache-Control: public, max-age=31536000, immutable"));
      assert_page (answer);
    }
}

static void
test_unchanged (RoutesFixture *fixture, gconstpointer data)
{
  g_autofree gchar *first = ask (fixture, "GET /portal/", "", NULL);
  const gchar *tag = strstr (first, "\r\nETag: ") + strlen ("\r\nETag: ");
  g_autofree gchar *same = g_strndup (tag, strcspn (tag, "\r"));
  g_autofree gchar *field = g_strdup_printf ("If-None-Match: \"x\", %s\r\n", same);
  g_autofree gchar *again = ask (fixture, "GET /portal/", field, NULL);
  g_autofree gchar *other = ask (fixture, "GET /portal/", "If-None-Match: \"x\"\r\n", NULL);

  g_assert_cmpuint (api_status (again), ==, 304);
  g_assert_cmpstr (api_body (again), ==, "");
  g_assert_null (strstr (again, "Content-Length"));
  g_assert_cmpuint (api_status (other), ==, 200);
}
#endif

static void
test_missing (RoutesFixture *fixture, gconstpointer data)
{
  static const gchar *const lines[] = { "GET /portal/x.js", "GET /portal/..", "GET /portal/a/b",
                                        "GET /portal/index.html.gz" };
  g_autofree gchar *posted = ask (fixture, "POST /portal/", "", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree gchar *answer = ask (fixture, lines[i], "", NULL);

      routes_assert_problem (answer, 404, "not-found", NULL);
    }
  g_assert_cmpuint (api_status (posted), ==, 405);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ROUTES_ADD ("cookie/log-in", test_log_in);
  ROUTES_ADD ("cookie/use", test_use);
  ROUTES_ADD ("cookie/log-out", test_log_out);
#if HAVE_PORTAL
  ROUTES_ADD ("portal/pages", test_pages);
  ROUTES_ADD ("portal/unchanged", test_unchanged);
#endif
  ROUTES_ADD ("portal/missing", test_missing);
  return g_test_run ();
}
