/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"

typedef struct
{
  gchar *reason;
  gchar *subject;
  gchar *cause;
} FloeErrorPrivate;

static void
floe_error_private_init (FloeErrorPrivate *priv)
{
}

static void
floe_error_private_copy (const FloeErrorPrivate *from, FloeErrorPrivate *to)
{
  to->reason = g_strdup (from->reason);
  to->subject = g_strdup (from->subject);
  to->cause = g_strdup (from->cause);
}

static void
floe_error_private_clear (FloeErrorPrivate *priv)
{
  g_free (priv->reason);
  g_free (priv->subject);
  g_free (priv->cause);
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

/**
 * floe_error_set_subject:
 * @error: (nullable): an error of #FLOE_ERROR
 * @subject: (nullable): whom or what it is about, such as the id of the person whose password it
 * was not
 *
 * What the caller's decisions need beside the message, and what nobody outside is told.
 */
void
floe_error_set_subject (GError *error, const gchar *subject)
{
  FloeErrorPrivate *priv = error != NULL ? floe_error_get_private (error) : NULL;

  if (priv == NULL)
    return;
  g_free (priv->subject);
  priv->subject = g_strdup (subject);
}

/**
 * floe_error_subject:
 * @error: an error of any domain
 *
 * Returns: (transfer none) (nullable): what floe_error_set_subject() was given
 */
const gchar *
floe_error_subject (const GError *error)
{
  FloeErrorPrivate *priv = error->domain == FLOE_ERROR ? floe_error_get_private (error) : NULL;

  return priv != NULL ? priv->subject : NULL;
}

/**
 * floe_error_set_cause:
 * @error: (nullable): an error of #FLOE_ERROR
 * @cause: (nullable): what is behind it, in words: "the account is locked" where whoever asks is
 *   only told of a wrong name or password
 *
 * What is for the audit trail, and for nobody who has not shown who they are.
 */
void
floe_error_set_cause (GError *error, const gchar *cause)
{
  FloeErrorPrivate *priv = error != NULL ? floe_error_get_private (error) : NULL;

  if (priv == NULL)
    return;
  g_free (priv->cause);
  priv->cause = g_strdup (cause);
}

/**
 * floe_error_cause:
 * @error: an error of any domain
 *
 * Returns: (transfer none) (nullable): what floe_error_set_cause() was given
 */
const gchar *
floe_error_cause (const GError *error)
{
  FloeErrorPrivate *priv = error->domain == FLOE_ERROR ? floe_error_get_private (error) : NULL;

  return priv != NULL ? priv->cause : NULL;
}
