/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/exchange.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "core/tag.h"

#define SHA256_BYTES 32
#define TAG_BYTES    16

/* What handlers answer with: JSON, a problem, or the problem that an error is. */

/* tag_of: a body's tag. Every answer that the staff reads has one, and GnuTLS has a hash for it
 * that takes a tenth of the time of GLib's */
static gchar *
tag_of (const gchar *text, gsize length)
{
  guint8 sum[SHA256_BYTES];
  gchar tag[2 * TAG_BYTES + 3];

  if (gnutls_hash_fast (GNUTLS_DIG_SHA256, text, length, sum) != 0)
    return floe_tag_new (text, (gssize)length);
  for (guint i = 0; i < TAG_BYTES; i++)
    {
      tag[1 + 2 * i] = "0123456789abcdef"[sum[i] >> 4];
      tag[2 + 2 * i] = "0123456789abcdef"[sum[i] & 15];
    }
  tag[0] = tag[2 * TAG_BYTES + 1] = '"';
  tag[2 * TAG_BYTES + 2] = '\0';
  return g_strdup (tag);
}

/* tag_body: what is read again and again has a tag, by which whoever has it already is told just
 * that; whether they were */
static gboolean
tag_body (FloeExchange *self, const FloeSecret *body)
{
  const FloeRequest *request = floe_exchange_get_request (self);
  gsize length;
  const gchar *text = floe_secret_get (body, &length);
  g_autofree gchar *tag = tag_of (text, length);

  floe_exchange_add_header (self, "ETag", tag);
  return request->known != NULL && floe_tag_is_among (tag, request->known);
}

static gboolean
is_tagged_by_body (FloeExchange *self, guint status)
{
  return status == 200 && floe_exchange_get_identity (self) != NULL
         && !floe_exchange_has_header (self, "ETag")
         && strcmp (floe_exchange_get_request (self)->route->method, "GET") == 0;
}

/**
 * floe_exchange_answer_json:
 * @self: an exchange that is not answered yet
 * @status: the HTTP status
 * @writer: whose text is the body; it is empty afterwards
 *
 * What somebody who is logged in reads has the body's entity tag, unless it has another one
 * already.
 */
void
floe_exchange_answer_json (FloeExchange *self, guint status, FloeJsonWriter *writer)
{
  g_autoptr (FloeSecret) body = floe_json_writer_finish (writer);

  if (floe_json_writer_has_secret (writer))
    floe_exchange_set_secret (self);
  if (is_tagged_by_body (self, status) && tag_body (self, body))
    floe_exchange_answer (self, 304, NULL, NULL);
  else
    floe_exchange_answer (self, status, "application/json", body);
}

/**
 * floe_exchange_answer_problem:
 * @self: an exchange that is not answered yet
 * @problem: why it was not done
 */
void
floe_exchange_answer_problem (FloeExchange *self, const FloeProblem *problem)
{
  g_autoptr (FloeJsonWriter) writer = floe_json_writer_new ();
  g_autoptr (FloeSecret) body = NULL;
  guint status = floe_problem_get_status (problem);

  floe_problem_write (problem, writer, NULL);
  body = floe_json_writer_finish (writer);
  if (problem->kind == FLOE_PROBLEM_UNAUTHENTICATED || problem->kind == FLOE_PROBLEM_EXPIRED_TOKEN)
    floe_exchange_add_header (self, "WWW-Authenticate", "Bearer");
  if (problem->kind == FLOE_PROBLEM_BUSY)
    floe_exchange_add_header (self, "Retry-After", G_STRINGIFY (FLOE_RETRY_SECONDS));
  if (problem->allow != NULL)
    floe_exchange_add_header (self, "Allow", problem->allow);
  floe_exchange_answer (self, status, "application/problem+json",
                        problem->without_body ? NULL : body);
}

/**
 * floe_exchange_answer_error:
 * @self: an exchange that is not answered yet
 * @error: why it was not done; logged here if nobody but the administrator can do something
 */
void
floe_exchange_answer_error (FloeExchange *self, const GError *error)
{
  g_autoptr (FloeProblem) problem = floe_problem_new_for_error (error);
  const FloeRequest *request = floe_exchange_get_request (self);

  if (problem->kind == FLOE_PROBLEM_INTERNAL)
    g_warning ("request %s, %s %s: %s", request->caller->request, request->route->method,
               request->route->path, error->message);
  else
    g_info ("request %s, %s %s: %s", request->caller->request, request->route->method,
            request->route->path, error->message);
  floe_exchange_answer_problem (self, problem);
}
