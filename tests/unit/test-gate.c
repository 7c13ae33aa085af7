/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "api-fixture.h"

/*
 * Raw bytes against the whole server. The corpus is what was seen to get through a SoupServer, and
 * the classics of request smuggling.
 */

#define HOST       "Host: broker.floe.test\r\n"
#define JSON       "Content-Type: application/json\r\n"
#define NEXT       "GET /b HTTP/1.1\r\n" HOST "\r\n"
#define SIXTY_FOUR "0123456789012345678901234567890123456789012345678901234567890123"

static void
set_up (ApiFixture *fixture, gconstpointer data)
{
  api_fixture_set_up (fixture, NULL);
  api_fixture_listen_unix (fixture);
}

static void
tear_down (ApiFixture *fixture, gconstpointer data)
{
  api_fixture_tear_down (fixture);
}

typedef struct
{
  const gchar *name;
  const gchar *bytes;
  gsize length; /* 0: up to the first NUL */
  guint status;
  const gchar *handled; /* what was executed */
} Case;

static void
check (ApiFixture *fixture, const Case *c)
{
  g_autofree gchar *answer = NULL;

  g_test_message ("%s", c->name);
  g_string_truncate (fixture->handled, 0);
  answer = api_fixture_ask (fixture, c->bytes, c->length > 0 ? (gssize)c->length : -1);
  g_assert_cmpstr (fixture->handled->str, ==, c->handled);
  g_assert_cmpuint (api_status (answer), ==, c->status);
  g_assert_true (api_has_header (answer, "Connection: close"));
  g_assert_true (api_has_header (answer, "Cache-Control: no-store"));
  g_assert_true (api_has_header (answer, "X-Content-Type-Options: nosniff"));
  g_assert_null (strstr (answer, "\r\nServer:"));
  /* One answer only. */
  g_assert_null (strstr (answer + 1, "HTTP/1.1 2"));
  if (c->status >= 400)
    {
      g_assert_true (api_has_header (answer, "Content-Type: application/problem+json"));
      g_assert_true (g_str_has_prefix (api_body (answer), "{\"type\":\"urn:floe:problem:"));
    }
}

static void
check_all (ApiFixture *fixture, const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++)
    check (fixture, &cases[i]);
}

static void
test_good (ApiFixture *fixture, gconstpointer data)
{
  static const Case cases[] = {
    { "plain", "GET /a HTTP/1.1\r\n" HOST "\r\n", 0, 200, "GET /a -\n" },
    { "host with a port", "GET /a HTTP/1.1\r\nHost: broker.floe.test:8443\r\n\r\n", 0, 200,
      "GET /a -\n" },
    { "host in capitals", "GET /a HTTP/1.1\r\nHOST:\tBroker.Floe.Test \r\n\r\n", 0, 200,
      "GET /a -\n" },
    { "host, IPv6", "GET /a HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 0, 200, "GET /a -\n" },
    { "body", "POST /a HTTP/1.1\r\n" HOST JSON "Content-Length: 7\r\n\r\n{\"a\":1}", 0, 200,
      "POST /a {\"a\":1}\n" },
    { "charset",
      "POST /a HTTP/1.1\r\n" HOST
      "Content-Type: Application/JSON; charset=UTF-8\r\nContent-Length: 2\r\n\r\n{}",
      0, 200, "POST /a {}\n" },
    { "chunks",
      "POST /a HTTP/1.1\r\n" HOST JSON
      "Transfer-Encoding: Chunked\r\n\r\n3\r\n{\"a\r\n004\r\n\":1}\r\n0\r\n\r\n",
      0, 200, "POST /a {\"a\":1}\n" },
    { "optional body left out", "POST /maybe HTTP/1.1\r\n" HOST "\r\n", 0, 200, "POST /maybe -\n" },
    { "optional body of no length", "POST /maybe HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", 0,
      200, "POST /maybe -\n" },
    { "segment", "GET /things/Az09._- HTTP/1.1\r\n" HOST "\r\n", 0, 200, "GET /things/{} -\n" },
    { "segment of 64", "GET /things/" SIXTY_FOUR " HTTP/1.1\r\n" HOST "\r\n", 0, 200,
      "GET /things/{} -\n" },
    { "segment in the middle", "GET /things/7/parts HTTP/1.1\r\n" HOST "\r\n", 0, 200,
      "GET /things/{}/parts -\n" },
    { "range is not served", "GET /a HTTP/1.1\r\n" HOST "Range: bytes=0-3,2-5\r\n\r\n", 0, 200,
      "GET /a -\n" },
    { "upgrade is not served",
      "GET /a HTTP/1.1\r\n" HOST "Connection: upgrade\r\nUpgrade: h2c, websocket\r\n\r\n", 0, 200,
      "GET /a -\n" },
  };

  check_all (fixture, cases, G_N_ELEMENTS (cases));
}

static void
test_smuggling (ApiFixture *fixture, gconstpointer data)
{
  static const Case cases[] = {
    { "pipelined", "GET /a HTTP/1.1\r\n" HOST "\r\n" NEXT, 0, 200, "GET /a -\n" },
    { "pipelined behind a body",
      "POST /a HTTP/1.1\r\n" HOST JSON "Content-Length: 2\r\n\r\n{}" NEXT, 0, 200, "POST /a {}\n" },
    { "pipelined behind chunks",
      "POST /a HTTP/1.1\r\n" HOST JSON
      "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" NEXT,
      0, 200, "POST /a {}\n" },
    { "length and chunks",
      "POST /a HTTP/1.1\r\n" HOST JSON
      "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT,
      0, 400, "" },
    { "chunks and length",
      "POST /a HTTP/1.1\r\n" HOST JSON
      "Transfer-Encoding: chunked\r\nContent-Length: 40\r\n\r\n0\r\n\r\n" NEXT,
      0, 400, "" },
    { "two lengths",
      "POST /a HTTP/1.1\r\n" HOST JSON "Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}" NEXT, 0,
      400, "" },
    { "the same length twice",
      "POST /a HTTP/1.1\r\n" HOST JSON "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}" NEXT, 0,
      400, "" },
    { "a list of lengths", "POST /a HTTP/1.1\r\n" HOST JSON "Content-Length: 2, 2\r\n\r\n{}" NEXT,
      0, 400, "" },
    { "length with a sign", "POST /a HTTP/1.1\r\n" HOST JSON "Content-Length: +2\r\n\r\n{}" NEXT, 0,
      400, "" },
    { "negative length", "POST /a HTTP/1.1\r\n" HOST JSON "Content-Length: -2\r\n\r\n{}" NEXT, 0,
      400, "" },
    { "hexadecimal length", "POST /a HTTP/1.1\r\n" HOST JSON "Content-Length: 0x2\r\n\r\n{}" NEXT,
      0, 400, "" },
    { "empty length", "POST /a HTTP/1.1\r\n" HOST JSON "Content-Length:\r\n\r\n{}" NEXT, 0, 400,
      "" },
    { "length that overflows",
      "POST /a HTTP/1.1\r\n" HOST JSON "Content-Length: 18446744073709551618\r\n\r\n{}" NEXT, 0,
      400, "" },
    { "length in two words", "POST /a HTTP/1.1\r\n" HOST JSON "Content-Length: 2 2\r\n\r\n{}" NEXT,
      0, 400, "" },
    { "space before the colon",
      "POST /a HTTP/1.1\r\n" HOST JSON "Content-Length : 2\r\n\r\n{}" NEXT, 0, 400, "" },
    { "other coding",
      "POST /a HTTP/1.1\r\n" HOST JSON "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" NEXT, 0,
      400, "" },
    { "identity", "POST /a HTTP/1.1\r\n" HOST JSON "Transfer-Encoding: identity\r\n\r\n{}" NEXT, 0,
      400, "" },
    { "coding misspelt",
      "POST /a HTTP/1.1\r\n" HOST JSON "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" NEXT, 0, 400,
      "" },
    { "coding hidden by a vertical tab",
      "POST /a HTTP/1.1\r\n" HOST JSON "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n" NEXT, 0, 400,
      "" },
    { "two codings",
      "POST /a HTTP/1.1\r\n" HOST JSON
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" NEXT,
      0, 400, "" },
    { "LF alone in the head", "GET /a HTTP/1.1\n" HOST "\r\n" NEXT, 0, 400, "" },
    { "LF alone after a field",
      "POST /a HTTP/1.1\r\n" HOST "X: y\n" JSON "Content-Length: 2\r\n\r\n{}" NEXT, 0, 400, "" },
    { "LF LF at the end", "GET /a HTTP/1.1\nHost: broker.floe.test\n\n" NEXT, 0, 400, "" },
    { "CR alone", "GET /a HTTP/1.1\r\n" HOST "X: y\rContent-Length: 5\r\n\r\n" NEXT, 0, 400, "" },
    { "two CR", "GET /a HTTP/1.1\r\n" HOST "X: y\r\r\n\r\n" NEXT, 0, 400, "" },
    { "continued field", "GET /a HTTP/1.1\r\n" HOST "X: y\r\n z\r\n\r\n" NEXT, 0, 400, "" },
    { "continued length", "POST /a HTTP/1.1\r\n" HOST JSON "Content-Length:\r\n 2\r\n\r\n{}" NEXT,
      0, 400, "" },
    { "first field begins with a space", "GET /a HTTP/1.1\r\n X: y\r\n" HOST "\r\n" NEXT, 0, 400,
      "" },
    { "field without a colon", "GET /a HTTP/1.1\r\n" HOST "abc\r\n\r\n" NEXT, 0, 400, "" },
    { "field without a name", "GET /a HTTP/1.1\r\n" HOST ": abc\r\n\r\n" NEXT, 0, 400, "" },
    { "NUL in a value", "GET /a HTTP/1.1\r\n" HOST "X: a\0b\r\n\r\n", 51, 400, "" },
    { "NUL in the path", "GET /a\0b HTTP/1.1\r\n" HOST "\r\n", 45, 400, "" },
    { "leading empty line", "\r\nGET /a HTTP/1.1\r\n" HOST "\r\n" NEXT, 0, 400, "" },
    { "only empty lines", "\r\n\r\n\r\n", 0, 400, "" },
    { "chunk ends in LF",
      "POST /a HTTP/1.1\r\n" HOST JSON "Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n" NEXT, 0,
      400, "" },
    { "chunk data ends in LF",
      "POST /a HTTP/1.1\r\n" HOST JSON "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\n0\r\n\r\n" NEXT,
      0, 400, "" },
    { "chunk size overflows",
      "POST /a HTTP/1.1\r\n" HOST JSON
      "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}\r\n0\r\n\r\n" NEXT,
      0, 400, "" },
    { "chunk size with a sign",
      "POST /a HTTP/1.1\r\n" HOST JSON
      "Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n" NEXT,
      0, 400, "" },
    { "chunk size with 0x",
      "POST /a HTTP/1.1\r\n" HOST JSON
      "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n" NEXT,
      0, 400, "" },
    { "chunk without a size",
      "POST /a HTTP/1.1\r\n" HOST JSON "Transfer-Encoding: chunked\r\n\r\n\r\n{}\r\n0\r\n\r\n" NEXT,
      0, 400, "" },
    { "chunk with an extension",
      "POST /a HTTP/1.1\r\n" HOST JSON
      "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n\r\n" NEXT,
      0, 400, "" },
    { "chunk longer than its size",
      "POST /a HTTP/1.1\r\n" HOST JSON
      "Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n" NEXT,
      0, 400, "" },
    { "trailer",
      "POST /a HTTP/1.1\r\n" HOST JSON
      "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX: y\r\n\r\n" NEXT,
      0, 400, "" },
  };

  check_all (fixture, cases, G_N_ELEMENTS (cases));
}

static void
test_request_line (ApiFixture *fixture, gconstpointer data)
{
  static const Case cases[] = {
    { "HTTP/1.0", "GET /a HTTP/1.0\r\n" HOST "\r\n", 0, 400, "" },
    { "HTTP/1.2", "GET /a HTTP/1.2\r\n" HOST "\r\n", 0, 400, "" },
    { "HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0, 400, "" },
    { "HTTP/0.9", "GET /a\r\n\r\n", 0, 400, "" },
    { "version in small letters", "GET /a http/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "two spaces", "GET  /a HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "tab", "GET\t/a HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "trailing space", "GET /a HTTP/1.1 \r\n" HOST "\r\n", 0, 400, "" },
    { "method in small letters", "get /a HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "method with a digit", "G3T /a HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "no method", " /a HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "long method", "ABCDEFGHIJKLMNOPQ /a HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "absolute URI", "GET http://broker.floe.test/a HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "absolute URI of another",
      "GET http://evil.test/a HTTP/1.1\r\nHost: broker.floe.test\r\n\r\n", 0, 400, "" },
    { "CONNECT", "CONNECT broker.floe.test:443 HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "CONNECT with a path", "CONNECT /a HTTP/1.1\r\n" HOST "\r\n", 0, 405, "" },
    { "OPTIONS *", "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "TRACE", "TRACE /a HTTP/1.1\r\n" HOST "\r\n", 0, 405, "" },
    { "fragment", "GET /a#x HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "backslash", "GET \\a HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "high bytes", "GET /\xc3\xa4 HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "no host", "GET /a HTTP/1.1\r\n\r\n", 0, 400, "" },
    { "two hosts", "GET /a HTTP/1.1\r\n" HOST "Host: evil.test\r\n\r\n", 0, 400, "" },
    { "the same host twice", "GET /a HTTP/1.1\r\n" HOST HOST "\r\n", 0, 400, "" },
    { "other host", "GET /a HTTP/1.1\r\nHost: evil.test\r\n\r\n", 0, 400, "" },
    { "longer host", "GET /a HTTP/1.1\r\nHost: broker.floe.test.evil.test\r\n\r\n", 0, 400, "" },
    { "empty host", "GET /a HTTP/1.1\r\nHost:\r\n\r\n", 0, 400, "" },
    { "host with a user", "GET /a HTTP/1.1\r\nHost: broker.floe.test@evil.test\r\n\r\n", 0, 400,
      "" },
    { "host with a path", "GET /a HTTP/1.1\r\nHost: broker.floe.test/\r\n\r\n", 0, 400, "" },
    { "port that is none", "GET /a HTTP/1.1\r\nHost: broker.floe.test:8x\r\n\r\n", 0, 400, "" },
    { "unknown expectation", "POST /a HTTP/1.1\r\n" HOST JSON "Expect: more\r\n\r\n", 0, 400, "" },
    { "two tokens",
      "GET /a HTTP/1.1\r\n" HOST "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", 0,
      400, "" },
  };

  check_all (fixture, cases, G_N_ELEMENTS (cases));
}

static void
test_routes (ApiFixture *fixture, gconstpointer data)
{
  static const Case cases[] = {
    { "root", "GET / HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "unknown", "GET /c HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "prefix", "GET /aa HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "trailing slash", "GET /a/ HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "two slashes", "GET //a HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "capital", "GET /A HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "escaped letter", "GET /%61 HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "dot segment", "GET /./a HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "up", "GET /x/../a HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "up, escaped", "GET /x/%2e%2e/a HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "passwd", "GET /a/../../etc/passwd HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "segment missing", "GET /things/ HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "segment is a dot", "GET /things/. HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "segment is two dots", "GET /things/.. HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "segment is two dots in the middle", "GET /things/../parts HTTP/1.1\r\n" HOST "\r\n", 0, 404,
      "" },
    { "segment with a NUL", "GET /things/a%00 HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "segment with a slash", "GET /things/a%2fb HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "segment with an odd letter", "GET /things/a~b HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "segment with parameters", "GET /things/a;b=c HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "segment of 65", "GET /things/" SIXTY_FOUR "4 HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "two segments", "GET /things/a/b HTTP/1.1\r\n" HOST "\r\n", 0, 404, "" },
    { "method", "PUT /a HTTP/1.1\r\n" HOST "\r\n", 0, 405, "" },
    { "query where there is none", "GET /b?x=1 HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "unknown parameter", "GET /a?x=1 HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "parameter twice", "GET /a?name=1&name=2 HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "parameter without a value", "GET /a?name HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "parameter with a NUL", "GET /a?name=x%00 HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "parameter with half an escape", "GET /a?name=x%4 HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "parameter that is no UTF-8", "GET /a?name=%ff HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "parameter with a line end", "GET /a?name=x%0d%0a HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "empty parameter", "GET /a?& HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
  };
  g_autofree gchar *answer = NULL;
  g_autofree gchar *methods = NULL;
  g_autofree gchar *head = NULL;

  check_all (fixture, cases, G_N_ELEMENTS (cases));
  answer =
      api_fixture_ask (fixture, "GET /a?name=a%20b+%C3%A4&limit= HTTP/1.1\r\n" HOST "\r\n", -1);
  g_assert_nonnull (strstr (api_body (answer), "\"name\":\"a b \xc3\xa4\""));
  methods = api_fixture_ask (fixture, "PUT /things/x HTTP/1.1\r\n" HOST "\r\n", -1);
  g_assert_true (api_has_header (methods, "Allow: GET, DELETE"));
  head = api_fixture_ask (fixture, "HEAD /a HTTP/1.1\r\n" HOST "\r\n", -1);
  g_assert_cmpuint (api_status (head), ==, 405);
  g_assert_cmpstr (api_body (head), ==, "");
}

static void
test_bodies (ApiFixture *fixture, gconstpointer data)
{
  static const Case cases[] = {
    { "needed", "POST /a HTTP/1.1\r\n" HOST "\r\n", 0, 400, "" },
    { "not expected", "GET /a HTTP/1.1\r\n" HOST JSON "Content-Length: 2\r\n\r\n{}", 0, 400, "" },
    { "chunks not expected",
      "GET /a HTTP/1.1\r\n" HOST JSON "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0, 400, "" },
    { "no type", "POST /a HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}", 0, 415, "" },
    { "form",
      "POST /a HTTP/1.1\r\n" HOST
      "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2\r\n\r\n{}",
      0, 415, "" },
    { "text",
      "POST /maybe HTTP/1.1\r\n" HOST "Content-Type: text/plain\r\nContent-Length: "
      "2\r\n\r\n{}",
      0, 415, "" },
    { "longer type",
      "POST /a HTTP/1.1\r\n" HOST "Content-Type: application/jsonp\r\nContent-Length: 2\r\n\r\n{}",
      0, 415, "" },
    { "other charset",
      "POST /a HTTP/1.1\r\n" HOST
      "Content-Type: application/json; charset=utf-16\r\nContent-Length: "
      "2\r\n\r\n{}",
      0, 415, "" },
    { "two types", "POST /a HTTP/1.1\r\n" HOST JSON JSON "Content-Length: 2\r\n\r\n{}", 0, 415,
      "" },
    { "length above the limit", "POST /a HTTP/1.1\r\n" HOST JSON "Content-Length: 65537\r\n\r\n", 0,
      413, "" },
    { "length far above the limit",
      "POST /a HTTP/1.1\r\n" HOST JSON "Content-Length: 999999999999999\r\n\r\n", 0, 413, "" },
    { "chunk above the limit",
      "POST /a HTTP/1.1\r\n" HOST JSON "Transfer-Encoding: chunked\r\n\r\n10001\r\nx", 0, 413, "" },
  };

  check_all (fixture, cases, G_N_ELEMENTS (cases));
}

/* A flood of chunks is cut off while it comes, and the answer still arrives. */
static void
test_endless_chunks (ApiFixture *fixture, gconstpointer data)
{
  static const gchar head[] = "POST /a HTTP/1.1\r\n" HOST JSON "Transfer-Encoding: chunked\r\n\r\n";
  g_autoptr (GSocket) socket = api_fixture_connect (fixture);
  g_autofree gchar *chunk = g_strnfill (1024, ' ');
  g_autofree gchar *answer = NULL;

  api_fixture_send (socket, head, -1);
  for (guint i = 0; i < 128; i++)
    {
      api_fixture_send (socket, "400\r\n", -1);
      api_fixture_send (socket, chunk, 1024);
      api_fixture_send (socket, "\r\n", -1);
    }
  answer = api_fixture_read (socket, NULL);
  g_assert_cmpuint (api_status (answer), ==, 413);
  g_assert_cmpstr (fixture->handled->str, ==, "");
}

static void
test_biggest_body (ApiFixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text =
      g_string_new ("POST /a HTTP/1.1\r\n" HOST JSON "Content-Length: 65536\r\n\r\n");
  g_autofree gchar *body = g_strnfill (65536, ' ');
  g_autofree gchar *answer = NULL;

  g_string_append (text, body);
  answer = api_fixture_ask (fixture, text->str, (gssize)text->len);
  g_assert_cmpuint (api_status (answer), ==, 200);
}

static void
test_head_limits (ApiFixture *fixture, gconstpointer data)
{
  g_autoptr (GString) fields = g_string_new ("GET /a HTTP/1.1\r\n" HOST);
  g_autoptr (GString) long_field = g_string_new ("GET /a HTTP/1.1\r\n" HOST "X: ");
  g_autoptr (GString) endless = g_string_new (NULL);
  g_autoptr (GString) target = g_string_new ("GET /a?name=");
  Case cases[5] = { { "fields", NULL, 0, 200, "GET /a -\n" },
                    { "one field more", NULL, 0, 413, "" },
                    { "long head", NULL, 0, 413, "" },
                    { "head without an end", NULL, 0, 413, "" },
                    { "long target", NULL, 0, 413, "" } };
  g_autofree gchar *just = NULL;

  for (guint i = 1; i < 64; i++)
    g_string_append_printf (fields, "X-%u: y\r\n", i);
  just = g_strconcat (fields->str, "\r\n", NULL);
  cases[0].bytes = just;
  g_string_append (fields, "X: y\r\n\r\n");
  cases[1].bytes = fields->str;
  while (long_field->len < 16 * 1024)
    g_string_append (long_field, "yyyyyyyyyyyyyyyy");
  g_string_append (long_field, "\r\n\r\n");
  cases[2].bytes = long_field->str;
  while (endless->len < 20 * 1024)
    g_string_append (endless, "GET");
  cases[3].bytes = endless->str;
  while (target->len < 2100)
    g_string_append_c (target, 'x');
  g_string_append (target, " HTTP/1.1\r\n" HOST "\r\n");
  cases[4].bytes = target->str;
  check_all (fixture, cases, G_N_ELEMENTS (cases));
}

/* Byte by byte, across the ends of head and body. */
static void
test_slow (ApiFixture *fixture, gconstpointer data)
{
  static const gchar *const requests[] = {
    "POST /a HTTP/1.1\r\n" HOST JSON "Content-Length: 7\r\n\r\n{\"a\":1}",
    "POST /a HTTP/1.1\r\n" HOST JSON
    "Transfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr (GSocket) socket = api_fixture_connect (fixture);
      g_autofree gchar *answer = NULL;

      g_string_truncate (fixture->handled, 0);
      for (const gchar *at = requests[i]; *at != '\0'; at++)
        api_fixture_send (socket, at, 1);
      answer = api_fixture_read (socket, NULL);
      g_assert_cmpuint (api_status (answer), ==, 200);
      g_assert_cmpstr (fixture->handled->str, ==, "POST /a {\"a\":1}\n");
    }
}

static void
test_continue (ApiFixture *fixture, gconstpointer data)
{
  static const gchar head[] =
      "POST /a HTTP/1.1\r\n" HOST JSON "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n";
  g_autoptr (GSocket) socket = api_fixture_connect (fixture);
  g_autofree gchar *first = NULL;
  g_autofree gchar *answer = NULL;
  g_autofree gchar *refused = NULL;

  api_fixture_send (socket, head, -1);
  first = api_fixture_read (socket, "\r\n\r\n");
  g_assert_cmpstr (first, ==, "HTTP/1.1 100 Continue\r\n\r\n");
  api_fixture_send (socket, "{}", -1);
  answer = api_fixture_read (socket, NULL);
  g_assert_cmpuint (api_status (answer), ==, 200);
  refused = api_fixture_ask (
      fixture, "POST /c HTTP/1.1\r\n" HOST JSON "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n",
      -1);
  g_assert_cmpuint (api_status (refused), ==, 404);
}

/* What never comes to its end is dropped after 15 seconds, without an answer and without a trace.
 */
static void
test_deadline (ApiFixture *fixture, gconstpointer data)
{
  static const gchar *const halves[] = {
    "",
    "GET",
    "GET /a HTTP/1.1\r\n" HOST,
    "POST /a HTTP/1.1\r\n" HOST JSON "Content-Length: 7\r\n\r\n{\"a\"",
    "POST /a HTTP/1.1\r\n" HOST JSON "Transfer-Encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n",
    "POST /a HTTP/1.1\r\n" HOST JSON "Transfer-Encoding: chunked\r\n\r\n0\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (halves); i++)
    {
      g_autoptr (GSocket) socket = api_fixture_connect (fixture);
      g_autofree gchar *answer = NULL;

      api_fixture_send (socket, halves[i], -1);
      api_wait_for (floe_api_server_get_connections (fixture->server) == 1);
      api_clock_advance (fixture->clock, 14);
      api_fixture_settle ();
      g_assert_cmpuint (floe_api_server_get_connections (fixture->server), ==, 1);
      api_clock_advance (fixture->clock, 1);
      answer = api_fixture_read (socket, NULL);
      g_assert_cmpstr (answer, ==, "");
      g_assert_cmpuint (floe_api_server_get_connections (fixture->server), ==, 0);
    }
  g_assert_cmpstr (fixture->handled->str, ==, "");
}

static void
test_peer_goes_early (ApiFixture *fixture, gconstpointer data)
{
  static const gchar *const halves[] = {
    "",
    "GET /a HTTP/1.1\r\n",
    "POST /a HTTP/1.1\r\n" HOST JSON "Content-Length: 7\r\n\r\n{\"a\"",
  };

  for (guint i = 0; i < G_N_ELEMENTS (halves); i++)
    {
      g_autoptr (GSocket) socket = api_fixture_connect (fixture);

      api_fixture_send (socket, halves[i], -1);
      api_wait_for (floe_api_server_get_connections (fixture->server) == 1);
      g_socket_close (socket, NULL);
      api_wait_for (floe_api_server_get_connections (fixture->server) == 0);
    }
  g_assert_cmpstr (fixture->handled->str, ==, "");
}

/* A refused request whose sender goes on sending is read for 2 s at most. */
static void
test_linger_ends (ApiFixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) socket = api_fixture_connect (fixture);
  g_autofree gchar *answer = NULL;

  api_fixture_send (socket, "POST /c HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\n", -1);
  answer = api_fixture_read (socket, NULL);
  g_assert_cmpuint (api_status (answer), ==, 404);
  api_fixture_settle ();
  g_assert_cmpuint (floe_api_server_get_connections (fixture->server), ==, 1);
  api_clock_advance (fixture->clock, 2);
  api_wait_for (floe_api_server_get_connections (fixture->server) == 0);
}

#define ADD(name, func) g_test_add ("/gate/" name, ApiFixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("good", test_good);
  ADD ("smuggling", test_smuggling);
  ADD ("request-line", test_request_line);
  ADD ("routes", test_routes);
  ADD ("bodies", test_bodies);
  ADD ("endless-chunks", test_endless_chunks);
  ADD ("biggest-body", test_biggest_body);
  ADD ("head-limits", test_head_limits);
  ADD ("slow", test_slow);
  ADD ("continue", test_continue);
  ADD ("deadline", test_deadline);
  ADD ("peer-goes-early", test_peer_goes_early);
  ADD ("linger-ends", test_linger_ends);
  return g_test_run ();
}
