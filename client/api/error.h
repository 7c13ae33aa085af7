/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FLOE_CLIENT_ERROR:
 *
 * What a call to the broker fails with, besides %G_IO_ERROR_CANCELLED when its own cancellable was
 * cancelled. The message is English for logs; what a person reads is worded from the code and from
 * floe_client_error_reason(). No message ever holds a secret.
 */
#define FLOE_CLIENT_ERROR (floe_client_error_quark ())
GQuark floe_client_error_quark (void);

/**
 * FloeClientError:
 * @FLOE_CLIENT_ERROR_INVALID: the request is malformed, or refused on this side before it was sent;
 *   reasons: "bad-url", "plain-http", "ca-file", "no-token"
 * @FLOE_CLIENT_ERROR_UNAUTHENTICATED: wrong name or password (reason "wrong-credentials"), no
 *   ticket of Kerberos ("no-ticket"), a second factor is needed ("code-needed",
 *   "enrolment-needed"), its code is wrong ("wrong-code") or comes too late ("expired-challenge"),
 *   or no valid token
 * @FLOE_CLIENT_ERROR_EXPIRED_TOKEN: the log-in has ended; log in again
 * @FLOE_CLIENT_ERROR_DENIED: known, but not allowed; reason "not-entitled"
 * @FLOE_CLIENT_ERROR_NOT_FOUND: no such thing, or none that the caller may see
 * @FLOE_CLIENT_ERROR_CONFLICT: it is not in a state for that
 * @FLOE_CLIENT_ERROR_EXHAUSTED: none is left; reason "no-desktop-free"
 * @FLOE_CLIENT_ERROR_BUSY: try again after floe_client_error_retry_after() seconds
 * @FLOE_CLIENT_ERROR_UNAVAILABLE: a server that the broker needs, or the broker itself behind its
 *   proxy, does not answer; reasons: "directory-down", "host-down", "host-clock", "start-failed",
 *   "data-failed", "plain-display", "no-ticketing"
 * @FLOE_CLIENT_ERROR_TIMED_OUT: the broker gave up waiting; whether it happened is unknown
 * @FLOE_CLIENT_ERROR_INTERNAL: a fault in the broker
 * @FLOE_CLIENT_ERROR_TOO_LARGE: the request is larger than the broker takes
 * @FLOE_CLIENT_ERROR_METHOD_NOT_ALLOWED: broker and client do not fit together
 * @FLOE_CLIENT_ERROR_UNSUPPORTED_MEDIA_TYPE: broker and client do not fit together
 * @FLOE_CLIENT_ERROR_NETWORK: the broker was not reached, or the connection broke; the reason is
 *   always set: "dns", "refused", "unreachable", "timeout", "closed", "proxy", "tls-untrusted",
 *   "tls-expired", "tls-not-yet-valid" (look at this machine's clock), "tls-name", or
 *   "tls-protocol" (no TLS there, or one older than 1.2)
 * @FLOE_CLIENT_ERROR_PROTOCOL: what answered does not speak as a Floe broker does; the reason is
 *   always set: "not-a-broker", "redirect", "too-large", "malformed"
 *
 * The codes down to %FLOE_CLIENT_ERROR_UNSUPPORTED_MEDIA_TYPE are the broker's problem types, whose
 * "reason" is handed through as it came, so that a newer broker's unknown one may turn up.
 */
typedef enum
{
  FLOE_CLIENT_ERROR_INVALID,
  FLOE_CLIENT_ERROR_UNAUTHENTICATED,
  FLOE_CLIENT_ERROR_EXPIRED_TOKEN,
  FLOE_CLIENT_ERROR_DENIED,
  FLOE_CLIENT_ERROR_NOT_FOUND,
  FLOE_CLIENT_ERROR_CONFLICT,
  FLOE_CLIENT_ERROR_EXHAUSTED,
  FLOE_CLIENT_ERROR_BUSY,
  FLOE_CLIENT_ERROR_UNAVAILABLE,
  FLOE_CLIENT_ERROR_TIMED_OUT,
  FLOE_CLIENT_ERROR_INTERNAL,
  FLOE_CLIENT_ERROR_TOO_LARGE,
  FLOE_CLIENT_ERROR_METHOD_NOT_ALLOWED,
  FLOE_CLIENT_ERROR_UNSUPPORTED_MEDIA_TYPE,
  FLOE_CLIENT_ERROR_NETWORK,
  FLOE_CLIENT_ERROR_PROTOCOL,
} FloeClientError;

const gchar *floe_client_error_name (FloeClientError code);
gboolean floe_client_error_from_name (const gchar *name, FloeClientError *code);

GError *floe_client_error_new (FloeClientError code, const gchar *reason, const gchar *format, ...)
    G_GNUC_PRINTF (3, 4);
void floe_client_error_set (GError **error, FloeClientError code, const gchar *reason,
                            const gchar *format, ...) G_GNUC_PRINTF (4, 5);
void floe_client_error_set_retry_after (GError *error, guint seconds);

const gchar *floe_client_error_reason (const GError *error);
gboolean floe_client_error_has_reason (const GError *error, const gchar *reason);
guint floe_client_error_retry_after (const GError *error);
gboolean floe_client_error_is_log_in (const GError *error);
gboolean floe_client_error_is_passing (const GError *error);

G_END_DECLS
