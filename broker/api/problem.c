/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/problem.h"

#include <gio/gio.h>

#include "core/error.h"

/* The one table of what a client can be told. */
static const struct
{
  const gchar *name;
  guint status;
  const gchar *title;
} kinds[] = {
  [FLOE_PROBLEM_INVALID] = { "invalid", 400, "Malformed" },
  [FLOE_PROBLEM_UNAUTHENTICATED] = { "unauthenticated", 401, "Not logged in" },
  [FLOE_PROBLEM_EXPIRED_TOKEN] = { "expired-token", 401, "The log-in has ended" },
  [FLOE_PROBLEM_DENIED] = { "denied", 403, "Not allowed" },
  [FLOE_PROBLEM_NOT_FOUND] = { "not-found", 404, "No such thing" },
  [FLOE_PROBLEM_METHOD_NOT_ALLOWED] = { "method-not-allowed", 405, "No such method here" },
  [FLOE_PROBLEM_CONFLICT] = { "conflict", 409, "Not in a state for that" },
  [FLOE_PROBLEM_EXHAUSTED] = { "exhausted", 409, "None is left" },
  [FLOE_PROBLEM_PRECONDITION_FAILED] = { "precondition-failed", 412, "Changed meanwhile" },
  [FLOE_PROBLEM_TOO_LARGE] = { "too-large", 413, "Too large" },
  [FLOE_PROBLEM_UNSUPPORTED_MEDIA_TYPE] = { "unsupported-media-type", 415,
                                            "Only application/json is read" },
  [FLOE_PROBLEM_PRECONDITION_REQUIRED] = { "precondition-required", 428,
                                           "If-Match must say what is to be changed" },
  [FLOE_PROBLEM_TOO_MANY_TRIES] = { "busy", 429, "Too many wrong passwords" },
  [FLOE_PROBLEM_BUSY] = { "busy", 503, "Too much at once" },
  [FLOE_PROBLEM_UNAVAILABLE] = { "unavailable", 503, "A server that is needed does not answer" },
  [FLOE_PROBLEM_TIMED_OUT] = { "timed-out", 504, "It took too long" },
  [FLOE_PROBLEM_INTERNAL] = { "internal", 500, "The broker failed" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == FLOE_N_PROBLEMS);

static FloeProblemKind
kind_of (FloeError code)
{
  switch (code)
    {
    case FLOE_ERROR_INVALID:
      return FLOE_PROBLEM_INVALID;
    case FLOE_ERROR_UNAUTHENTICATED:
      return FLOE_PROBLEM_UNAUTHENTICATED;
    case FLOE_ERROR_DENIED:
      return FLOE_PROBLEM_DENIED;
    case FLOE_ERROR_NOT_FOUND:
      return FLOE_PROBLEM_NOT_FOUND;
    case FLOE_ERROR_CONFLICT:
      return FLOE_PROBLEM_CONFLICT;
    case FLOE_ERROR_EXHAUSTED:
      return FLOE_PROBLEM_EXHAUSTED;
    case FLOE_ERROR_BUSY:
      return FLOE_PROBLEM_BUSY;
    case FLOE_ERROR_UNAVAILABLE:
      return FLOE_PROBLEM_UNAVAILABLE;
    case FLOE_ERROR_TIMED_OUT:
      return FLOE_PROBLEM_TIMED_OUT;
    case FLOE_ERROR_CANCELLED: /* by the broker, which is stopping: nobody else is still there */
      return FLOE_PROBLEM_UNAVAILABLE;
    case FLOE_ERROR_INTERNAL:
    default:
      return FLOE_PROBLEM_INTERNAL;
    }
}

/**
 * floe_problem_new:
 * @kind: what it is
 * @detail: English, lower case, without a full stop and without secrets
 *
 * Returns: (transfer full): a problem
 */
FloeProblem *
floe_problem_new (FloeProblemKind kind, const gchar *detail)
{
  FloeProblem *self = g_new0 (FloeProblem, 1);

  self->kind = kind;
  self->detail = g_strdup (detail);
  return self;
}

/**
 * floe_problem_new_for_error:
 * @error: what went wrong
 *
 * Maps #FLOE_ERROR, and cancelling, to what a client is told. The text of an internal error stays
 * here: it may tell of paths and statements.
 *
 * Returns: (transfer full): a problem
 */
FloeProblem *
floe_problem_new_for_error (const GError *error)
{
  FloeProblem *self;
  const gchar *reason = floe_error_reason (error);
  FloeProblemKind kind = FLOE_PROBLEM_INTERNAL;

  if (error->domain == FLOE_ERROR)
    kind = kind_of ((FloeError)error->code);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    kind = FLOE_PROBLEM_UNAVAILABLE;
  if (kind == FLOE_PROBLEM_UNAUTHENTICATED && g_strcmp0 (reason, "expired-token") == 0)
    {
      kind = FLOE_PROBLEM_EXPIRED_TOKEN;
      reason = NULL;
    }
  if (kind == FLOE_PROBLEM_CONFLICT && g_strcmp0 (reason, "precondition-failed") == 0)
    {
      kind = FLOE_PROBLEM_PRECONDITION_FAILED;
      reason = "changed-meanwhile";
    }
  if (kind == FLOE_PROBLEM_CONFLICT && g_strcmp0 (reason, "precondition-required") == 0)
    {
      kind = FLOE_PROBLEM_PRECONDITION_REQUIRED;
      reason = NULL;
    }
  if (kind == FLOE_PROBLEM_BUSY && g_strcmp0 (reason, "too-many-tries") == 0)
    kind = FLOE_PROBLEM_TOO_MANY_TRIES;
  if (kind == FLOE_PROBLEM_INTERNAL)
    return floe_problem_new (kind, "the broker's log says more");
  self = floe_problem_new (kind, error->message);
  self->reason = g_strdup (reason);
  return self;
}

void
floe_problem_free (FloeProblem *self)
{
  if (self == NULL)
    return;
  g_free (self->detail);
  g_free (self->reason);
  g_clear_pointer (&self->challenge, floe_secret_unref);
  g_free (self->allow);
  g_free (self);
}

guint
floe_problem_get_status (const FloeProblem *self)
{
  return kinds[self->kind].status;
}

/**
 * floe_problem_kind_name:
 * @kind: a kind
 *
 * Returns: (transfer none): the last part of its type, urn:floe:problem:NAME
 */
const gchar *
floe_problem_kind_name (FloeProblemKind kind)
{
  return kinds[kind].name;
}

/**
 * floe_problem_write:
 * @self: a problem
 * @writer: where it goes
 * @name: (nullable): the member's name
 */
void
floe_problem_write (const FloeProblem *self, FloeJsonWriter *writer, const gchar *name)
{
  g_autofree gchar *type = g_strconcat ("urn:floe:problem:", kinds[self->kind].name, NULL);

  floe_json_writer_begin_object (writer, name);
  floe_json_writer_string (writer, "type", type);
  floe_json_writer_string (writer, "title", kinds[self->kind].title);
  floe_json_writer_int (writer, "status", kinds[self->kind].status);
  floe_json_writer_string (writer, "detail", self->detail);
  if (self->reason != NULL)
    floe_json_writer_string (writer, "reason", self->reason);
  if (self->challenge != NULL)
    floe_json_writer_secret (writer, "challenge", self->challenge);
  floe_json_writer_end_object (writer);
}
