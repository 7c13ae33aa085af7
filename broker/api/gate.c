/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/gate.h"

#include <string.h>

#include "api/cookie.h"
#include "api/json-scan.h"
#include "api/quote.h"

#define MAX_SEGMENT_BYTES 64
#define MAX_PERSON_BYTES  256
#define SEGMENT_CHARS     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

static gboolean
refuse (FloeProblem **problem, FloeProblemKind kind, const gchar *what)
{
  *problem = floe_problem_new (kind, what);
  return FALSE;
}

/* host_length: of the name in "name:port" or "[address]:port"; 0 when it is neither */
static gsize
host_length (const gchar *host)
{
  const gchar *bracket = host[0] == '[' ? strchr (host, ']') : NULL;
  gsize length = bracket != NULL ? (gsize)(bracket - host) + 1 : strcspn (host, ":");
  const gchar *port = host + length;

  if (*port == '\0')
    return length;
  if (*port != ':' || strlen (port) > 6 || strspn (port + 1, "0123456789") != strlen (port + 1))
    return 0;
  return length;
}

static gboolean
check_host (const FloeGate *self, const FloeHttpHead *head, FloeProblem **problem)
{
  const gchar *host = floe_http_head_get (head, "host", NULL);
  gsize length = host_length (host);

  for (gsize i = 0; self->host_names[i] != NULL; i++)
    if (length > 0 && strlen (self->host_names[i]) == length
        && g_ascii_strncasecmp (self->host_names[i], host, length) == 0)
      return TRUE;
  return refuse (problem, FLOE_PROBLEM_INVALID, "Host is not a name of this broker");
}

static gboolean
is_segment (const gchar *text)
{
  gsize length = strlen (text);

  return length > 0 && length <= MAX_SEGMENT_BYTES && strspn (text, SEGMENT_CHARS) == length
         && strcmp (text, ".") != 0 && strcmp (text, "..") != 0;
}

/* unescape: strictly; NULL for what is not text, or has a control character in it */
static gchar *
unescape (const gchar *text)
{
  /* Refuses a malformed escape, and one of NUL. */
  g_autofree gchar *plain = g_uri_unescape_string (text, NULL);

  if (plain == NULL || !g_utf8_validate (plain, -1, NULL))
    return NULL;
  for (const gchar *at = plain; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      return NULL;
  return g_steal_pointer (&plain);
}

/* decode: application/x-www-form-urlencoded */
static gchar *
decode (const gchar *text)
{
  g_autofree gchar *spaced = g_strdelimit (g_strdup (text), "+", ' ');

  return unescape (spaced);
}

/* read_segment: what stands in a path's hole; people are called as their directory calls them, and
 * all else has a plain name. NULL for neither */
static gchar *
read_segment (const gchar *pattern, const gchar *text)
{
  g_autofree gchar *person = NULL;

  if (strstr (pattern, "/users/{}") == NULL)
    return is_segment (text) ? g_strdup (text) : NULL;
  person = unescape (text);
  return person != NULL && *person != '\0' && strlen (person) <= MAX_PERSON_BYTES
             ? g_steal_pointer (&person)
             : NULL;
}

/* match_path: whether @path is @pattern; where "{}" stands in that, gives what stands there */
static gboolean
match_path (const gchar *pattern, const gchar *path, gchar **segment)
{
  const gchar *hole = strstr (pattern, "{}");
  gsize before = hole != NULL ? (gsize)(hole - pattern) : strlen (pattern);
  gsize length;

  if (strncmp (pattern, path, before) != 0)
    return FALSE;
  path += before;
  if (hole == NULL)
    return *path == '\0';
  length = strcspn (path, "/");
  if (strcmp (path + length, hole + 2) != 0)
    return FALSE;
  *segment = g_strndup (path, length);
  return TRUE;
}

static gboolean
find_route (const FloeGate *self, const FloeHttpHead *head, FloeRequest *request,
            FloeProblem **problem)
{
  g_autoptr (GString) allow = NULL;
  const gchar *what = "no such path";

  for (gsize i = 0; i < self->n_routes; i++)
    {
      g_autofree gchar *text = NULL;
      g_autofree gchar *segment = NULL;

      if (!match_path (self->routes[i].path, head->path, &text))
        continue;
      segment = text != NULL ? read_segment (self->routes[i].path, text) : NULL;
      if (text != NULL && segment == NULL)
        {
          what = "no such path: a name in it has 1 to 64 of A-Z, a-z, 0-9, ., _ and -, or is a "
                 "person's, escaped";
          continue;
        }
      if (strcmp (self->routes[i].method, head->method) == 0)
        {
          request->route = &self->routes[i];
          request->segment = g_steal_pointer (&segment);
          return TRUE;
        }
      if (allow == NULL)
        allow = g_string_new (self->routes[i].method);
      else
        g_string_append_printf (allow, ", %s", self->routes[i].method);
    }
  if (allow == NULL)
    return refuse (problem, FLOE_PROBLEM_NOT_FOUND, what);
  refuse (problem, FLOE_PROBLEM_METHOD_NOT_ALLOWED, "no such method for this path");
  (*problem)->allow = g_strdup (allow->str);
  return FALSE;
}

static gboolean
is_picture (const FloeHttpHead *head)
{
  guint count;
  const gchar *type = floe_http_head_get (head, "content-type", &count);

  return count == 1 && g_ascii_strcasecmp (type, "image/jpeg") == 0;
}

static gboolean
is_json (const FloeHttpHead *head)
{
  guint count;
  const gchar *type = floe_http_head_get (head, "content-type", &count);
  gsize length;

  if (count != 1)
    return FALSE;
  length = strcspn (type, "; \t");
  if (length != strlen ("application/json")
      || g_ascii_strncasecmp (type, "application/json", length) != 0)
    return FALSE;
  type += length;
  type += strspn (type, "; \t");
  return *type == '\0' || g_ascii_strcasecmp (type, "charset=utf-8") == 0
         || g_ascii_strcasecmp (type, "charset=\"utf-8\"") == 0;
}

static gboolean
check_body (const FloeRoute *route, const FloeHttpHead *head, FloeProblem **problem)
{
  gboolean has_body = head->chunked || head->content_length > 0;

  if (head->content_length > FLOE_JSON_MAX_BYTES)
    return refuse (problem, FLOE_PROBLEM_TOO_LARGE, "the body is too long");
  if (has_body && route->body == FLOE_BODY_NONE)
    return refuse (problem, FLOE_PROBLEM_INVALID, "no body is expected here");
  if (has_body && route->body == FLOE_BODY_PICTURE && !is_picture (head))
    return refuse (problem, FLOE_PROBLEM_UNSUPPORTED_MEDIA_TYPE, "the body must be image/jpeg");
  if (has_body && route->body != FLOE_BODY_PICTURE && !is_json (head))
    return refuse (problem, FLOE_PROBLEM_UNSUPPORTED_MEDIA_TYPE,
                   "the body must be application/json in UTF-8");
  if (!has_body && (route->body == FLOE_BODY_NEEDED || route->body == FLOE_BODY_PICTURE))
    return refuse (problem, FLOE_PROBLEM_INVALID, "a body is needed here");
  return TRUE;
}

static gboolean
read_query (const FloeHttpHead *head, FloeRequest *request, FloeProblem **problem)
{
  g_auto (GStrv) pairs = NULL;

  if (head->query == NULL)
    return TRUE;
  pairs = g_strsplit (head->query, "&", -1);
  request->query = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (gsize i = 0; pairs[i] != NULL; i++)
    {
      gchar *equals = strchr (pairs[i], '=');
      gchar *value;

      if (equals == NULL)
        return refuse (problem, FLOE_PROBLEM_INVALID, "the query is malformed");
      *equals = '\0';
      if (!g_strv_contains (request->route->queries, pairs[i]))
        {
          g_autofree gchar *quoted = floe_quote_text (pairs[i], -1);
          g_autofree gchar *what = g_strconcat ("the query has no parameter ", quoted, NULL);

          return refuse (problem, FLOE_PROBLEM_INVALID, what);
        }
      value = decode (equals + 1);
      if (value == NULL)
        return refuse (problem, FLOE_PROBLEM_INVALID, "the query is malformed");
      if (!g_hash_table_insert (request->query, g_strdup (pairs[i]), value))
        return refuse (problem, FLOE_PROBLEM_INVALID, "a parameter of the query is given twice");
    }
  return TRUE;
}

/* read_token: the Authorization field, if it is a bearer token, or else the cookie; whether that is
 * worth anything is not the gate's to say */
static gboolean
read_token (const FloeHttpHead *head, FloeRequest *request, FloeProblem **problem)
{
  static const gchar scheme[] = "Bearer ";
  guint count;
  const gchar *value = floe_http_head_get (head, "authorization", &count);

  if (count > 1)
    return refuse (problem, FLOE_PROBLEM_INVALID, "Authorization is given twice");
  if (count == 0)
    return floe_cookie_read (head, &request->in_cookie, &request->token, problem);
  if (g_ascii_strncasecmp (value, scheme, sizeof scheme - 1) == 0)
    request->token = floe_secret_new (value + sizeof scheme - 1, -1);
  return TRUE;
}

/* check_twice: on what condition something is asked for, and what it is called, is said once */
static gboolean
check_twice (const FloeHttpHead *head, FloeProblem **problem)
{
  static const gchar *const names[] = { "if-match", "if-none-match", "idempotency-key",
                                        "last-event-id" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree gchar *what = NULL;
      guint count;

      floe_http_head_get (head, names[i], &count);
      if (count <= 1)
        continue;
      what = g_strconcat (names[i], " is given twice", NULL);
      return refuse (problem, FLOE_PROBLEM_INVALID, what);
    }
  return TRUE;
}

/**
 * floe_gate_check:
 * @self: the gate
 * @head: a request's head
 * @problem: (out): why it is not let in; must be %NULL at first
 *
 * Returns: (transfer full) (nullable): the request, without its caller and its body yet; or %NULL
 *   with @problem set
 */
FloeRequest *
floe_gate_check (const FloeGate *self, const FloeHttpHead *head, FloeProblem **problem)
{
  g_autoptr (FloeRequest) request = g_new0 (FloeRequest, 1);

  if (!check_twice (head, problem) || !check_host (self, head, problem)
      || !find_route (self, head, request, problem) || !check_body (request->route, head, problem)
      || !read_query (head, request, problem) || !read_token (head, request, problem))
    return NULL;
  request->key = g_strdup (floe_http_head_get (head, "idempotency-key", NULL));
  request->last_event = g_strdup (floe_http_head_get (head, "last-event-id", NULL));
  request->known = g_strdup (floe_http_head_get (head, "if-none-match", NULL));
  return g_steal_pointer (&request);
}

void
floe_request_free (FloeRequest *self)
{
  if (self == NULL)
    return;
  g_free (self->segment);
  g_clear_pointer (&self->query, g_hash_table_unref);
  floe_caller_free (self->caller);
  g_clear_pointer (&self->token, floe_secret_unref);
  g_free (self->known);
  g_free (self->last_event);
  g_free (self->key);
  g_clear_pointer (&self->body, floe_secret_unref);
  g_free (self);
}
