/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/intake.h"

#include <string.h>

#include "api/http-chunks.h"
#include "api/json-scan.h"
#include "api/peer.h"
#include "api/secret-text.h"

#define READ_BYTES 4096

struct _FloeIntake
{
  FloeLink *link;
  const FloeGate *gate;
  FloeClock *clock;
  FloeIntakeDone done;
  gpointer data;

  guint deadline;
  FloeSecretText head_text; /* all that came before the head was complete */
  FloeSecretText body;
  FloeHttpHead *head; /* set once it is complete */
  FloeHttpChunks chunks;
  FloeRequest *request;
  FloeProblem *problem;
};

static void
intake_free (FloeIntake *self)
{
  floe_clock_clear_timeout (self->clock, &self->deadline);
  floe_secret_text_clear (&self->head_text);
  floe_secret_text_clear (&self->body);
  floe_http_head_free (self->head);
  floe_request_free (self->request);
  floe_problem_free (self->problem);
  g_object_unref (self->clock);
  floe_link_free (self->link);
  g_free (self);
}

static void
finish (FloeIntake *self)
{
  FloeLink *link = g_steal_pointer (&self->link);
  FloeRequest *request = g_steal_pointer (&self->request);
  FloeProblem *problem = g_steal_pointer (&self->problem);
  FloeIntakeDone done = self->done;
  gpointer data = self->data;

  if (problem != NULL)
    {
      g_clear_pointer (&request, floe_request_free);
      problem->without_body = self->head != NULL && strcmp (self->head->method, "HEAD") == 0;
    }
  intake_free (self);
  done (link, request, problem, data);
}

/* head_end: how many bytes the head has with its empty line; 0 when that did not come yet. Lines
 * that end in LF alone are found too, so that they are refused at once and not waited for. */
static gsize
head_end (const gchar *text, gsize from, gsize length)
{
  for (gsize i = MAX (from, 1); i < length; i++)
    {
      if (text[i] != '\n')
        continue;
      if (text[i - 1] == '\n' || (i >= 2 && text[i - 1] == '\r' && text[i - 2] == '\n'))
        return i + 1;
    }
  return 0;
}

static void
say_continue (FloeIntake *self)
{
  static gchar line[] = "HTTP/1.1 100 Continue\r\n\r\n";
  const struct iovec piece = { line, sizeof line - 1 };

  /* A fresh connection takes 25 bytes without waiting; if it does not, the client goes on by
   * itself after a while. */
  floe_link_write (self->link, &piece, 1);
}

/* take_head: judges the head; whether the body may be read */
static gboolean
take_head (FloeIntake *self, gsize length)
{
  g_autofree gchar *remote = NULL;
  const gchar *expects;

  self->head = floe_http_head_parse (self->head_text.bytes, length, &self->problem);
  if (self->head == NULL)
    return FALSE;
  self->request = floe_gate_check (self->gate, self->head, &self->problem);
  if (self->request == NULL)
    return FALSE;
  if (!floe_link_is_unix (self->link))
    {
      remote = floe_link_get_address (self->link);
      if (remote == NULL)
        {
          g_clear_pointer (&self->request, floe_request_free);
          return FALSE;
        }
    }
  self->request->caller = floe_peer_read (self->head, remote, &self->problem);
  if (self->request->caller == NULL)
    return FALSE;
  expects = floe_http_head_get (self->head, "if-match", NULL);
  self->request->caller->expects = g_strdup (expects != NULL ? expects : "");
  return TRUE;
}

static gboolean
body_is_whole (FloeIntake *self)
{
  if (self->head->chunked)
    return floe_http_chunks_is_over (&self->chunks);
  return self->body.length == self->head->content_length;
}

/* take_body: what is behind the body is never looked at */
static void
take_body (FloeIntake *self, const gchar *bytes, gsize length)
{
  if (self->head->chunked)
    floe_http_chunks_feed (&self->chunks, bytes, length, &self->body, &self->problem);
  else
    floe_secret_text_append (&self->body, bytes,
                             (gssize)MIN (length, self->head->content_length - self->body.length));
}

/* take: one piece of what came; whether the intake is over */
static gboolean
take (FloeIntake *self, const gchar *bytes, gsize n)
{
  gsize before = self->head_text.length;
  gsize end;

  if (self->head == NULL)
    {
      floe_secret_text_append (&self->head_text, bytes, (gssize)n);
      end = head_end (self->head_text.bytes, before, self->head_text.length);
      if (end > FLOE_HTTP_MAX_HEAD_BYTES
          || (end == 0 && self->head_text.length > FLOE_HTTP_MAX_HEAD_BYTES))
        {
          self->problem = floe_problem_new (FLOE_PROBLEM_TOO_LARGE, "the head is too long");
          return TRUE;
        }
      if (end == 0)
        return FALSE;
      if (!take_head (self, end))
        return TRUE;
      bytes += end - before;
      n -= end - before;
      if (self->head->expects_continue && n == 0 && !body_is_whole (self))
        say_continue (self);
    }
  take_body (self, bytes, n);
  return self->problem != NULL || body_is_whole (self);
}

/* read_some: whether the intake is over */
static gboolean
read_some (FloeIntake *self)
{
  gchar bytes[READ_BYTES];
  gssize n = floe_link_read (self->link, bytes, sizeof bytes);
  gboolean over;

  if (n < 0)
    return FALSE;
  if (n == 0) /* the peer went away in the middle */
    {
      g_clear_pointer (&self->request, floe_request_free);
      return TRUE;
    }
  over = take (self, bytes, (gsize)n);
  floe_wipe (bytes, (gsize)n);
  if (over && self->problem == NULL && self->request != NULL && self->body.length > 0)
    self->request->body = floe_secret_text_steal (&self->body);
  return over;
}

static void
on_link (guint32 events, gpointer data)
{
  FloeIntake *self = data;

  if (read_some (self))
    finish (self);
}

static gboolean
on_deadline (gpointer data)
{
  FloeIntake *self = data;

  self->deadline = 0;
  g_clear_pointer (&self->request, floe_request_free);
  finish (self);
  return G_SOURCE_REMOVE;
}

/**
 * floe_intake_start:
 * @link: (transfer full): a new connection
 * @gate: (transfer none): what is let in; must outlive the intake
 * @clock: the clock
 * @done: called at the end; before this returns, when all of the request is there already
 * @data: its user data
 *
 * Returns: (transfer none) (nullable): the intake, which lives until @done was called or it was
 *   cancelled; %NULL when @done was called already
 */
FloeIntake *
floe_intake_start (FloeLink *link, const FloeGate *gate, FloeClock *clock, FloeIntakeDone done,
                   gpointer data)
{
  FloeIntake *self = g_new0 (FloeIntake, 1);

  self->link = link;
  self->gate = gate;
  self->clock = g_object_ref (clock);
  self->done = done;
  self->data = data;
  /* HAProxy sends its request right behind connecting. */
  if (read_some (self))
    {
      finish (self);
      return NULL;
    }
  self->deadline =
      floe_clock_add_timeout (clock, FLOE_INTAKE_SECONDS * G_USEC_PER_SEC, on_deadline, self, NULL);
  floe_link_watch (link, EPOLLIN, on_link, self);
  return self;
}

/**
 * floe_intake_cancel:
 * @self: (transfer full): an intake
 *
 * Frees it and its connection; its callback is not called any more.
 */
void
floe_intake_cancel (FloeIntake *self)
{
  intake_free (self);
}
