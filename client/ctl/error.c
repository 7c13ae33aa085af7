/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/error.h"

#include <glib/gi18n.h>

#include "api/error.h"

G_DEFINE_QUARK (floe - ctl - error - quark, floe_ctl_error)

static void set (GError **error, FloeCtlExit code, const gchar *format, va_list args)
    G_GNUC_PRINTF (3, 0);

static void
set (GError **error, FloeCtlExit code, const gchar *format, va_list args)
{
  g_propagate_error (error, g_error_new_valist (FLOE_CTL_ERROR, (gint)code, format, args));
}

void
floe_ctl_set_failed (GError **error, const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  set (error, FLOE_CTL_EXIT_FAILED, format, args);
  va_end (args);
}

void
floe_ctl_set_usage (GError **error, const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  set (error, FLOE_CTL_EXIT_USAGE, format, args);
  va_end (args);
}

/**
 * floe_ctl_exit_code:
 * @error: what a command ended with
 *
 * Returns: the program's exit code
 */
FloeCtlExit
floe_ctl_exit_code (const GError *error)
{
  if (error->domain == FLOE_CTL_ERROR)
    return (FloeCtlExit)error->code;
  if (error->domain != FLOE_CLIENT_ERROR)
    return FLOE_CTL_EXIT_FAILED;
  switch (error->code)
    {
    case FLOE_CLIENT_ERROR_UNAUTHENTICATED:
    case FLOE_CLIENT_ERROR_EXPIRED_TOKEN:
    case FLOE_CLIENT_ERROR_DENIED:
      return FLOE_CTL_EXIT_DENIED;
    case FLOE_CLIENT_ERROR_NETWORK:
    case FLOE_CLIENT_ERROR_UNAVAILABLE:
    case FLOE_CLIENT_ERROR_TIMED_OUT:
      return FLOE_CTL_EXIT_UNREACHABLE;
    default:
      return FLOE_CTL_EXIT_FAILED;
    }
}

static const gchar *
advice_by_reason (const gchar *reason)
{
  const struct
  {
    const gchar *reason;
    const gchar *advice;
  } rows[] = {
    { "wrong-credentials", N_ ("check name and password") },
    { "unknown-domain", N_ ("give another one with --domain") },
    { "no-ticket", N_ ("run \"kinit\"") },
    { "kerberos-off", N_ ("log in with the password") },
    { "wrong-ticket", N_ ("log in with the password") },
    { "expired-ticket", N_ ("run \"kinit\"") },
    { "clock-skew", N_ ("set this machine's clock") },
    { "must-change", N_ ("run \"floectl password\"") },
    { "expired", N_ ("run \"floectl password\"") },
    { "password-refused", N_ ("choose another one") },
    { "wrong-code", N_ ("wait until the app shows the next one") },
    { "already-enrolled", N_ ("run \"floectl factor end\" first") },
    { "second-factor-required", N_ ("the helpdesk can reset it for another app") },
    { "tls-untrusted", N_ ("give the file of the CA that signed it with --ca") },
    { "tls-expired", N_ ("its administrator has to renew it") },
    { "tls-not-yet-valid", N_ ("set this machine's clock") },
    { "tls-name", N_ ("use the name that the certificate is made for") },
    { "dns", N_ ("check the address given with --broker") },
    { "refused", N_ ("check the address, and that the broker runs") },
    { "unreachable", N_ ("check the network") },
    { "timeout", N_ ("check the address and the network") },
    { "proxy", N_ ("check the proxy settings") },
    { "not-a-broker", N_ ("check the address given with --broker") },
    { "redirect", N_ ("give the broker's own address with --broker") },
    { "role-needed", N_ ("log in as somebody of that role") },
    { "not-your-pool", N_ ("ask the helpdesk of that pool") },
    { "higher-role", N_ ("ask somebody of that role") },
    { "reason-needed", N_ ("say why with --reason TEXT; the audit trail keeps it") },
    { "no-certificate", N_ ("give the terminal's key with --terminal-key") },
    { "wrong-terminal-code", N_ ("ask the helpdesk for a new code") },
    { "certificate-in-use", N_ ("remove the other terminal, or give another file") },
    { "changed-meanwhile", N_ ("look at them again, and change them then") },
    { "no-terminal-key", N_ ("the broker needs a key_file in [terminals]") },
    { "no-webhook-key", N_ ("the broker needs a key_file in [webhooks]") },
    { "no-unlock-secret", N_ ("let it reach the broker in the kiosk once") },
    { "directory-down", N_ ("the directory server does not answer the broker") },
  };

  for (guint i = 0; reason != NULL && i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (reason, rows[i].reason))
      return _ (rows[i].advice);
  return NULL;
}

static const gchar *
advice_by_code (gint code)
{
  switch (code)
    {
    case FLOE_CLIENT_ERROR_UNAUTHENTICATED:
    case FLOE_CLIENT_ERROR_EXPIRED_TOKEN:
      return _ ("run \"floectl login\"");
    case FLOE_CLIENT_ERROR_DENIED:
      return _ ("log in as an administrator");
    case FLOE_CLIENT_ERROR_BUSY:
      return _ ("try again in a moment");
    case FLOE_CLIENT_ERROR_UNAVAILABLE:
    case FLOE_CLIENT_ERROR_TIMED_OUT:
    case FLOE_CLIENT_ERROR_INTERNAL:
      return _ ("see the broker's log");
    default:
      return NULL;
    }
}

/**
 * floe_ctl_explain:
 * @error: what a command ended with
 *
 * Returns: (transfer full): why, and what to do about it, on one line
 */
gchar *
floe_ctl_explain (const GError *error)
{
  const gchar *advice = NULL;

  if (error->domain == FLOE_CLIENT_ERROR)
    {
      advice = advice_by_reason (floe_client_error_reason (error));
      if (advice == NULL)
        advice = advice_by_code (error->code);
    }
  return advice != NULL ? g_strdup_printf ("%s; %s", error->message, advice)
                        : g_strdup (error->message);
}
