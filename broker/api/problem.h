/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "api/json-write.h"

G_BEGIN_DECLS

typedef enum
{
  FLOE_PROBLEM_INVALID,
  FLOE_PROBLEM_UNAUTHENTICATED,
  FLOE_PROBLEM_EXPIRED_TOKEN,
  FLOE_PROBLEM_DENIED,
  FLOE_PROBLEM_NOT_FOUND,
  FLOE_PROBLEM_METHOD_NOT_ALLOWED,
  FLOE_PROBLEM_CONFLICT,
  FLOE_PROBLEM_EXHAUSTED,
  FLOE_PROBLEM_PRECONDITION_FAILED,
  FLOE_PROBLEM_TOO_LARGE,
  FLOE_PROBLEM_UNSUPPORTED_MEDIA_TYPE,
  FLOE_PROBLEM_PRECONDITION_REQUIRED,
  FLOE_PROBLEM_TOO_MANY_TRIES,
  FLOE_PROBLEM_BUSY,
  FLOE_PROBLEM_UNAVAILABLE,
  FLOE_PROBLEM_TIMED_OUT,
  FLOE_PROBLEM_INTERNAL,
  FLOE_N_PROBLEMS
} FloeProblemKind;

/**
 * FLOE_RETRY_SECONDS:
 *
 * What Retry-After says where nobody knows better.
 */
#define FLOE_RETRY_SECONDS 2

/**
 * FloeProblem:
 * @kind: what it is
 * @detail: English, for logs and scripts
 * @reason: (nullable): a stable keyword
 * @challenge: (nullable): what has to be answered for a log-in to go on
 * @allow: (nullable): with %FLOE_PROBLEM_METHOD_NOT_ALLOWED: the methods that there are
 * @without_body: the answer to HEAD has none
 *
 * Why something was not done, as a client is told (RFC 9457).
 */
typedef struct
{
  FloeProblemKind kind;
  gchar *detail;
  gchar *reason;
  FloeSecret *challenge;
  gchar *allow;
  gboolean without_body;
} FloeProblem;

FloeProblem *floe_problem_new (FloeProblemKind kind, const gchar *detail);
FloeProblem *floe_problem_new_for_error (const GError *error);
void floe_problem_free (FloeProblem *self);

guint floe_problem_get_status (const FloeProblem *self);
const gchar *floe_problem_kind_name (FloeProblemKind kind);
void floe_problem_write (const FloeProblem *self, FloeJsonWriter *writer, const gchar *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeProblem, floe_problem_free)

G_END_DECLS
