/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/http-chunks.h"

#include "api/json-scan.h"

/*
 *   chunked = *( 1*8HEXDIG CRLF data CRLF ) "0" CRLF CRLF
 */
enum
{
  SIZE,
  SIZE_LF,
  DATA,
  DATA_CR,
  DATA_LF,
  LAST_CR,
  LAST_LF,
  OVER,
};

#define MAX_SIZE_DIGITS 8

static gboolean
refuse (FloeProblem **problem)
{
  *problem = floe_problem_new (FLOE_PROBLEM_INVALID, "the chunked body is malformed");
  return FALSE;
}

static gboolean
read_size (FloeHttpChunks *self, gchar c, FloeProblem **problem)
{
  gint digit = g_ascii_xdigit_value (c);

  if (c == '\r' && self->digits > 0)
    {
      self->state = SIZE_LF;
      return TRUE;
    }
  if (digit < 0 || self->digits == MAX_SIZE_DIGITS)
    return refuse (problem);
  self->digits++;
  self->left = self->left * 16 + (guint64)digit;
  return TRUE;
}

/* step: one byte that is not data */
static gboolean
step (FloeHttpChunks *self, gchar c, FloeProblem **problem)
{
  static const struct
  {
    gchar wanted;
    guint next;
  } fixed[] = {
    [SIZE_LF] = { '\n', DATA },    [DATA_CR] = { '\r', DATA_LF }, [DATA_LF] = { '\n', SIZE },
    [LAST_CR] = { '\r', LAST_LF }, [LAST_LF] = { '\n', OVER },
  };

  if (self->state == SIZE)
    return read_size (self, c, problem);
  if (c != fixed[self->state].wanted)
    return refuse (problem);
  self->state = fixed[self->state].next;
  if (self->state == DATA && self->left == 0)
    self->state = LAST_CR;
  if (self->state == SIZE)
    self->digits = 0;
  return TRUE;
}

/**
 * floe_http_chunks_feed:
 * @self: all zero at first
 * @bytes: (array length=length): what came
 * @length: its bytes
 * @body: what the body's bytes are appended to
 * @problem: (out): what is wrong; must be %NULL at first
 *
 * Returns: how many of @bytes belong to the body; less than @length only when it is over, or
 *   after a problem
 */
gsize
floe_http_chunks_feed (FloeHttpChunks *self, const gchar *bytes, gsize length, FloeSecretText *body,
                       FloeProblem **problem)
{
  gsize at = 0;

  while (at < length && self->state != OVER)
    {
      gsize n;

      if (self->state != DATA)
        {
          if (!step (self, bytes[at], problem))
            return at;
          at++;
          continue;
        }
      n = MIN (self->left, length - at);
      if (body->length + self->left > FLOE_JSON_MAX_BYTES)
        {
          *problem = floe_problem_new (FLOE_PROBLEM_TOO_LARGE, "the body is too long");
          return at;
        }
      floe_secret_text_append (body, bytes + at, (gssize)n);
      at += n;
      self->left -= n;
      if (self->left == 0)
        self->state = DATA_CR;
    }
  return at;
}

gboolean
floe_http_chunks_is_over (const FloeHttpChunks *self)
{
  return self->state == OVER;
}
