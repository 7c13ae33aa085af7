/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/error.h"

typedef struct
{
  gchar *reason;
  guint retry_after;
} FloeClientErrorPrivate;

static void
floe_client_error_private_init (FloeClientErrorPrivate *priv)
{
}

static void
floe_client_error_private_copy (const FloeClientErrorPrivate *from, FloeClientErrorPrivate *to)
{
  to->reason = g_strdup (from->reason);
  to->retry_after = from->retry_after;
}

static void
floe_client_error_private_clear (FloeClientErrorPrivate *priv)
{
  g_free (priv->reason);
}

G_DEFINE_EXTENDED_ERROR (FloeClientError, floe_client_error)

/* In the order of the enum; the first fourteen are the names of the broker's problem types. */
static const gchar *const names[] = {
  "invalid",
  "unauthenticated",
  "expired-token",
  "denied",
  "not-found",
  "conflict",
  "exhausted",
  "busy",
  "unavailable",
  "timed-out",
  "internal",
  "too-large",
  "method-not-allowed",
  "unsupported-media-type",
  "network",
  "protocol",
};

G_STATIC_ASSERT (G_N_ELEMENTS (names) == FLOE_CLIENT_ERROR_PROTOCOL + 1);

/**
 * floe_client_error_name:
 * @code: a code of #FLOE_CLIENT_ERROR
 *
 * Returns: (transfer none): its stable name, lower case with hyphens
 */
const gchar *
floe_client_error_name (FloeClientError code)
{
  return (guint)code < G_N_ELEMENTS (names) ? names[code] : "internal";
}

/**
 * floe_client_error_from_name:
 * @name: what follows "urn:floe:problem:" in a problem's type
 * @code: (out): the code of that problem; what was changed meanwhile is a conflict
 *
 * Returns: %FALSE if it is no problem type that this client knows
 */
gboolean
floe_client_error_from_name (const gchar *name, FloeClientError *code)
{
  if (g_str_has_prefix (name, "precondition-"))
    name = "conflict";
  for (guint i = 0; i < FLOE_CLIENT_ERROR_NETWORK; i++)
    if (g_str_equal (name, names[i]))
      {
        *code = (FloeClientError)i;
        return TRUE;
      }
  return FALSE;
}

static GError *make (FloeClientError code, const gchar *reason, const gchar *format, va_list args)
    G_GNUC_PRINTF (3, 0);

static GError *
make (FloeClientError code, const gchar *reason, const gchar *format, va_list args)
{
  GError *error = g_error_new_valist (FLOE_CLIENT_ERROR, code, format, args);

  floe_client_error_get_private (error)->reason = g_strdup (reason);
  return error;
}

/**
 * floe_client_error_new:
 * @code: its code
 * @reason: (nullable): a stable keyword, lower case with hyphens
 * @format: the message for logs, see #FLOE_CLIENT_ERROR
 *
 * Returns: (transfer full): the error
 */
GError *
floe_client_error_new (FloeClientError code, const gchar *reason, const gchar *format, ...)
{
  GError *error;
  va_list args;

  va_start (args, format);
  error = make (code, reason, format, args);
  va_end (args);
  return error;
}

/**
 * floe_client_error_set:
 * @error: (out) (optional): where the error goes
 * @code: its code
 * @reason: (nullable): a stable keyword, lower case with hyphens
 * @format: the message for logs, see #FLOE_CLIENT_ERROR
 */
void
floe_client_error_set (GError **error, FloeClientError code, const gchar *reason,
                       const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, make (code, reason, format, args));
  va_end (args);
}

void
floe_client_error_set_retry_after (GError *error, guint seconds)
{
  g_return_if_fail (error->domain == FLOE_CLIENT_ERROR);
  floe_client_error_get_private (error)->retry_after = seconds;
}

/**
 * floe_client_error_reason:
 * @error: an error of any domain
 *
 * Returns: (transfer none) (nullable): its stable keyword, or %NULL
 */
const gchar *
floe_client_error_reason (const GError *error)
{
  FloeClientErrorPrivate *priv;

  if (error->domain != FLOE_CLIENT_ERROR)
    return NULL;
  priv = floe_client_error_get_private (error);
  return priv != NULL ? priv->reason : NULL;
}

gboolean
floe_client_error_has_reason (const GError *error, const gchar *reason)
{
  return g_strcmp0 (floe_client_error_reason (error), reason) == 0;
}

/**
 * floe_client_error_retry_after:
 * @error: an error of any domain
 *
 * Returns: after how many seconds the broker wants to be asked again; 0 if it did not say
 */
guint
floe_client_error_retry_after (const GError *error)
{
  FloeClientErrorPrivate *priv;

  if (error->domain != FLOE_CLIENT_ERROR)
    return 0;
  priv = floe_client_error_get_private (error);
  return priv != NULL ? priv->retry_after : 0;
}

/**
 * floe_client_error_is_log_in:
 * @error: an error of any domain
 *
 * Returns: %TRUE if only logging in (again) helps
 */
gboolean
floe_client_error_is_log_in (const GError *error)
{
  return g_error_matches (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_UNAUTHENTICATED)
         || g_error_matches (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_EXPIRED_TOKEN);
}

static gboolean
network_passes (const GError *error)
{
  const gchar *reason = floe_client_error_reason (error);

  return reason == NULL || !g_str_has_prefix (reason, "tls-");
}

/**
 * floe_client_error_is_passing:
 * @error: an error of any domain
 *
 * Returns: %TRUE if the same call may succeed a little later without anybody doing anything. A
 *   certificate that does not fit never is: trying again would only offer more chances to whoever
 *   sits in between
 */
gboolean
floe_client_error_is_passing (const GError *error)
{
  if (error->domain != FLOE_CLIENT_ERROR)
    return FALSE;
  switch (error->code)
    {
    case FLOE_CLIENT_ERROR_BUSY:
    case FLOE_CLIENT_ERROR_TIMED_OUT:
    case FLOE_CLIENT_ERROR_INTERNAL:
      return TRUE;
    case FLOE_CLIENT_ERROR_UNAVAILABLE:
      return !floe_client_error_has_reason (error, "plain-display")
             && !floe_client_error_has_reason (error, "no-ticketing");
    case FLOE_CLIENT_ERROR_NETWORK:
      return network_passes (error);
    default:
      return FALSE;
    }
}
