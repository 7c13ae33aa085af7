/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/answer-head.h"

#include <time.h>

#include "api/secret-text.h"

#define NO_CONTENT   204
#define NOT_MODIFIED 304

/* The statuses that our routes and problems have (RFC 9110, 15). */
static const struct
{
  guint status;
  const gchar *phrase;
} phrases[] = {
  { 200, "OK" },
  { 201, "Created" },
  { 202, "Accepted" },
  { NO_CONTENT, "No Content" },
  { 303, "See Other" },
  { NOT_MODIFIED, "Not Modified" },
  { 400, "Bad Request" },
  { 401, "Unauthorized" },
  { 403, "Forbidden" },
  { 404, "Not Found" },
  { 405, "Method Not Allowed" },
  { 409, "Conflict" },
  { 412, "Precondition Failed" },
  { 413, "Content Too Large" },
  { 415, "Unsupported Media Type" },
  { 428, "Precondition Required" },
  { 429, "Too Many Requests" },
  { 500, "Internal Server Error" },
  { 503, "Service Unavailable" },
  { 504, "Gateway Timeout" },
};

/* phrase_of: what nobody reads may be empty */
static const gchar *
phrase_of (guint status)
{
  for (gsize i = 0; i < G_N_ELEMENTS (phrases); i++)
    if (phrases[i].status == status)
      return phrases[i].phrase;
  return "";
}

/* append_date: an IMF-fixdate (RFC 9110, 5.6.7), whose names are not those of the locale */
static void
append_date (FloeSecretText *text, gint64 date)
{
  static const gchar days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
  static const gchar months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  time_t seconds = date / G_USEC_PER_SEC;
  struct tm t;
  gchar line[64];

  if (gmtime_r (&seconds, &t) == NULL)
    return;
  g_snprintf (line, sizeof line, "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n", days[t.tm_wday],
              t.tm_mday, months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
  floe_secret_text_append (text, line, -1);
}

static void
append_field (FloeSecretText *text, const gchar *name, const gchar *value)
{
  floe_secret_text_append (text, name, -1);
  floe_secret_text_append (text, ": ", 2);
  floe_secret_text_append (text, value, -1);
  floe_secret_text_append (text, "\r\n", 2);
}

static void
append_cookie (FloeSecretText *text, const FloeSecret *cookie)
{
  gsize length;
  const gchar *line = floe_secret_get (cookie, &length);

  floe_secret_text_append (text, line, (gssize)length);
}

/**
 * floe_answer_head_write:
 * @self: what it says
 *
 * Returns: (transfer full): everything up to and with the empty line
 */
FloeSecret *
floe_answer_head_write (const FloeAnswerHead *self)
{
  g_auto (FloeSecretText) text = { NULL, 0, 0 };
  gchar line[64];

  g_snprintf (line, sizeof line, "HTTP/1.1 %u %s\r\n", self->status, phrase_of (self->status));
  floe_secret_text_append (&text, line, -1);
  append_date (&text, self->date);
  append_field (&text, "Cache-Control", self->cache != NULL ? self->cache : "no-store");
  /* One request a connection: HAProxy's next one is on a new one anyway. */
  floe_secret_text_append (&text,
                           "X-Content-Type-Options: nosniff\r\n"
                           "Connection: close\r\n",
                           -1);
  /* Whatever a browser might take for a page. */
  append_field (&text, "Content-Security-Policy",
                self->policy != NULL ? self->policy : "default-src 'none'; frame-ancestors 'none'");
  if (self->type != NULL)
    append_field (&text, "Content-Type", self->type);
  if (self->cookie != NULL)
    append_cookie (&text, self->cookie);
  if (self->fields != NULL)
    floe_secret_text_append (&text, self->fields, -1);
  if (self->in_chunks)
    floe_secret_text_append (&text, "Transfer-Encoding: chunked\r\n", -1);
  else if (self->status != NO_CONTENT && self->status != NOT_MODIFIED)
    {
      g_snprintf (line, sizeof line, "Content-Length: %" G_GSIZE_FORMAT "\r\n", self->length);
      floe_secret_text_append (&text, line, -1);
    }
  floe_secret_text_append (&text, "\r\n", 2);
  return floe_secret_text_steal (&text);
}
