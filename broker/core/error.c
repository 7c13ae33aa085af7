/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"

typedef struct
{
  gchar *reason;
} FloeErrorPrivate;

static void
floe_error_private_init (FloeErrorPrivate *priv)
{
}

static void
floe_error_private_copy (const FloeErrorPrivate *from, FloeErrorPrivate *to)
{
  to->reason = g_strdup (from->reason);
}

static void
floe_error_private_clear (FloeErrorPrivate *priv)
{
  g_free (priv->reason);
}

G_DEFINE_EXTENDED_ERROR (FloeError, floe_error)

/**
 * floe_error_name:
 * @code: a code of #FLOE_ERROR
 *
 * Returns: (transfer none): its stable name, lower case with hyphens; "internal" for an unknown
 * code
 */
const gchar *
floe_error_name (FloeError code)
{
  static const gchar *const names[] = { "invalid",   "unauthenticated", "denied",  "not-found",
                                        "conflict",  "exhausted",       "busy",    "unavailable",
                                        "timed-out", "cancelled",       "internal" };

  return (guint)code < G_N_ELEMENTS (names) ? names[code] : "internal";
}

/**
 * floe_set_error_reason:
 * @error: (out) (optional): where the error goes
 * @code: its code
 * @reason: a stable keyword, lower case with hyphens, such as "no-desktop-free". The API hands it
 * on as the problem's "reason", and the client words it in the user's language
 * @format: the message for logs, see #FLOE_ERROR
 */
void
floe_set_error_reason (GError **error, FloeError code, const gchar *reason, const gchar *format,
                       ...)
{
  GError *made;
  va_list args;

  va_start (args, format);
  made = g_error_new_valist (FLOE_ERROR, code, format, args);
  va_end (args);
  floe_error_get_private (made)->reason = g_strdup (reason);
  g_propagate_error (error, made);
}

/**
 * floe_error_reason:
 * @error: an error of any domain
 *
 * Returns: (transfer none) (nullable): the keyword given to floe_set_error_reason(), or %NULL
 */
const gchar *
floe_error_reason (const GError *error)
{
  FloeErrorPrivate *priv;

  if (error->domain != FLOE_ERROR)
    return NULL;
  priv = floe_error_get_private (error);
  return priv != NULL ? priv->reason : NULL;
}
