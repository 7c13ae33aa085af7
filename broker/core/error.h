/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FLOE_ERROR:
 *
 * The one error domain of the broker. Each adapter maps foreign codes to it in one function; the
 * API maps it to an HTTP status and a problem type in one table. A message is lower case, without a
 * full stop and without secrets; each layer prefixes its context once.
 */
#define FLOE_ERROR (floe_error_quark ())
GQuark floe_error_quark (void);

/**
 * FloeError:
 * @FLOE_ERROR_INVALID: what was asked for is malformed
 * @FLOE_ERROR_UNAUTHENTICATED: wrong name or password, or no valid token
 * @FLOE_ERROR_DENIED: known, but not allowed
 * @FLOE_ERROR_NOT_FOUND: no such thing, or none that the caller may see
 * @FLOE_ERROR_CONFLICT: it is not in a state for that
 * @FLOE_ERROR_EXHAUSTED: none is left
 * @FLOE_ERROR_BUSY: a queue is full; try again at once or a little later
 * @FLOE_ERROR_UNAVAILABLE: a server that is needed does not answer
 * @FLOE_ERROR_TIMED_OUT: the deadline passed; whether it happened is unknown
 * @FLOE_ERROR_CANCELLED: the caller gave up
 * @FLOE_ERROR_INTERNAL: a bug, or damaged data
 */
typedef enum
{
  FLOE_ERROR_INVALID,
  FLOE_ERROR_UNAUTHENTICATED,
  FLOE_ERROR_DENIED,
  FLOE_ERROR_NOT_FOUND,
  FLOE_ERROR_CONFLICT,
  FLOE_ERROR_EXHAUSTED,
  FLOE_ERROR_BUSY,
  FLOE_ERROR_UNAVAILABLE,
  FLOE_ERROR_TIMED_OUT,
  FLOE_ERROR_CANCELLED,
  FLOE_ERROR_INTERNAL,
} FloeError;

const gchar *floe_error_name (FloeError code);

void floe_set_error_reason (GError **error, FloeError code, const gchar *reason,
                            const gchar *format, ...) G_GNUC_PRINTF (4, 5);
const gchar *floe_error_reason (const GError *error);
void floe_error_set_subject (GError *error, const gchar *subject);
const gchar *floe_error_subject (const GError *error);
void floe_error_set_cause (GError *error, const gchar *cause);
const gchar *floe_error_cause (const GError *error);

G_END_DECLS
