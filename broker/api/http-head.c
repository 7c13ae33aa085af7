/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/http-head.h"

#include <string.h>

/*
 * The grammar of RFC 9112 without its leniencies:
 *
 *   head   = method SP target SP "HTTP/1.1" CRLF *(field CRLF) CRLF
 *   method = 1*16 upper-case letters
 *   target = "/" *visible ASCII, without those that a URI cannot hold
 *   field  = token ":" OWS value OWS            never continued on the next line
 *
 * and at most one of Content-Length, Transfer-Encoding: chunked, each given once. Whatever two
 * parsers might read differently is refused, so there is nothing to smuggle.
 */

static gboolean
refuse (FloeProblem **problem, FloeProblemKind kind, const gchar *what)
{
  if (*problem == NULL)
    *problem = floe_problem_new (kind, what);
  return FALSE;
}

static gboolean
invalid (FloeProblem **problem, const gchar *what)
{
  return refuse (problem, FLOE_PROBLEM_INVALID, what);
}

static gboolean
is_token_char (gchar c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$%&'*+-.^_`|~", c) != NULL);
}

/* cut_line: ends the line that begins at @line; the beginning of the next one, or NULL */
static gchar *
cut_line (gchar *line, gchar *end)
{
  gchar *feed = memchr (line, '\n', (gsize)(end - line));

  if (feed == NULL || feed == line || feed[-1] != '\r')
    return NULL;
  feed[-1] = '\0';
  return feed + 1;
}

static gboolean
parse_target (FloeHttpHead *self, gchar *target, FloeProblem **problem)
{
  gchar *question;

  if (target[0] != '/')
    return invalid (problem, "the request target must be a path");
  if (strlen (target) > FLOE_HTTP_MAX_TARGET_BYTES)
    return refuse (problem, FLOE_PROBLEM_TOO_LARGE, "the request target is too long");
  for (const gchar *at = target; *at != '\0'; at++)
    if (!g_ascii_isgraph (*at) || strchr ("\"#<>\\^`{|}", *at) != NULL)
      return invalid (problem, "a character that no path can hold");
  self->path = target;
  question = strchr (target, '?');
  if (question != NULL)
    {
      *question = '\0';
      self->query = question + 1;
    }
  return TRUE;
}

static gboolean
parse_request_line (FloeHttpHead *self, gchar *line, FloeProblem **problem)
{
  gchar *target = strchr (line, ' ');
  gchar *version = target != NULL ? strchr (target + 1, ' ') : NULL;

  if (version == NULL)
    return invalid (problem, "the request line is malformed");
  *target++ = '\0';
  *version++ = '\0';
  if (strcmp (version, "HTTP/1.1") != 0)
    return invalid (problem, "only HTTP/1.1 is spoken here");
  self->method = line;
  if (line[0] == '\0' || strspn (line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != strlen (line)
      || strlen (line) > 16)
    return invalid (problem, "the method is malformed");
  return parse_target (self, target, problem);
}

static gboolean
parse_field (FloeHttpHead *self, gchar *line, FloeProblem **problem)
{
  gchar *at = line;
  FloeHttpField field;

  while (is_token_char (*at))
    {
      *at = g_ascii_tolower (*at);
      at++;
    }
  if (at == line || *at != ':')
    return invalid (problem, "a header field is malformed");
  *at++ = '\0';
  for (const gchar *c = at; *c != '\0'; c++)
    if (((guchar)*c < 0x20 && *c != '\t') || *c == 0x7f)
      return invalid (problem, "a control character in a header field");
  field.name = line;
  field.value = g_strstrip (at);
  if (self->fields->len == FLOE_HTTP_MAX_FIELDS)
    return refuse (problem, FLOE_PROBLEM_TOO_LARGE, "too many header fields");
  g_array_append_val (self->fields, field);
  return TRUE;
}

static gboolean
parse_content_length (FloeHttpHead *self, const gchar *value, FloeProblem **problem)
{
  /* No sign, no space, no list; short enough not to overflow. */
  if (value[0] == '\0' || strspn (value, "0123456789") != strlen (value) || strlen (value) > 15)
    return invalid (problem, "Content-Length is malformed");
  self->content_length = g_ascii_strtoull (value, NULL, 10);
  return TRUE;
}

static gboolean
parse_framing (FloeHttpHead *self, FloeProblem **problem)
{
  guint lengths;
  guint codings;
  guint hosts;
  guint expectations;
  const gchar *length = floe_http_head_get (self, "content-length", &lengths);
  const gchar *coding = floe_http_head_get (self, "transfer-encoding", &codings);
  const gchar *expectation = floe_http_head_get (self, "expect", &expectations);

  floe_http_head_get (self, "host", &hosts);
  if (hosts != 1)
    return invalid (problem, "exactly one Host is needed");
  if (lengths + codings > 1)
    return invalid (problem, "the body's length is given more than once");
  if (coding != NULL && g_ascii_strcasecmp (coding, "chunked") != 0)
    return invalid (problem, "only the transfer coding chunked is read");
  if (expectations > 1
      || (expectation != NULL && g_ascii_strcasecmp (expectation, "100-continue") != 0))
    return invalid (problem, "an expectation that is not met here");
  self->chunked = coding != NULL;
  self->expects_continue = expectation != NULL;
  return length == NULL || parse_content_length (self, length, problem);
}

static gboolean
parse (FloeHttpHead *self, FloeProblem **problem)
{
  gchar *end = self->text + self->length;
  gchar *line = self->text;
  gchar *next;

  if (memchr (self->text, '\0', self->length) != NULL)
    return invalid (problem, "a NUL in the head");
  next = cut_line (line, end);
  if (next == NULL)
    return invalid (problem, "lines must end in CR LF");
  if (!parse_request_line (self, line, problem))
    return FALSE;
  for (line = next; (next = cut_line (line, end)) != NULL && *line != '\0'; line = next)
    if (!parse_field (self, line, problem))
      return FALSE;
  /* Otherwise a line ended in LF alone. */
  if (next != end)
    return invalid (problem, "lines must end in CR LF");
  return parse_framing (self, problem);
}

/**
 * floe_http_head_parse:
 * @bytes: (array length=length): everything up to and with the empty line
 * @length: its bytes
 * @problem: (out): what is wrong; must be %NULL at first
 *
 * Returns: (transfer full) (nullable): the head; or %NULL with @problem set
 */
FloeHttpHead *
floe_http_head_parse (const gchar *bytes, gsize length, FloeProblem **problem)
{
  g_autoptr (FloeHttpHead) self = g_new0 (FloeHttpHead, 1);

  self->text = g_malloc (length + 1);
  memcpy (self->text, bytes, length);
  self->text[length] = '\0';
  self->length = length;
  self->fields = g_array_new (FALSE, FALSE, sizeof (FloeHttpField));
  if (!parse (self, problem))
    return NULL;
  return g_steal_pointer (&self);
}

void
floe_http_head_free (FloeHttpHead *self)
{
  if (self == NULL)
    return;
  floe_wipe (self->text, self->length);
  g_free (self->text);
  g_array_unref (self->fields);
  g_free (self);
}

/**
 * floe_http_head_get:
 * @self: a head
 * @name: a field's name in lower case
 * @count: (out) (optional): how often it is there
 *
 * Returns: (transfer none) (nullable): the value of the first one
 */
const gchar *
floe_http_head_get (const FloeHttpHead *self, const gchar *name, guint *count)
{
  const gchar *value = NULL;
  guint n = 0;

  for (guint i = 0; i < self->fields->len; i++)
    {
      const FloeHttpField *field = &g_array_index (self->fields, FloeHttpField, i);

      if (strcmp (field->name, name) == 0 && n++ == 0)
        value = field->value;
    }
  if (count != NULL)
    *count = n;
  return value;
}
