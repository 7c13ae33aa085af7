/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/factor-calls.h"

#include <glib/gi18n.h>

#include "api/error.h"
#include "ctl/factor-text.h"
#include "ctl/password.h"

static gboolean
is_picture_terminal (void)
{
  const gchar *terminal = g_getenv ("TERM");

  return g_get_charset (NULL) && terminal != NULL && !g_str_equal (terminal, "dumb");
}

/* At the terminal, where another one may be tried. */
static FloeSecret *
ask_at_terminal (const FloeSecret *shown, GError **error)
{
  g_autoptr (FloeSecret) typed =
      floe_code_from_terminal (shown, _ ("Code of the second factor: "), error);

  return typed != NULL ? floe_code_tidy (floe_secret_get (typed, NULL), -1) : NULL;
}

/* Takes @why. Returns: whether another code may be tried, and it was said that this one is wrong */
static gboolean
may_try_again (GError *why, GError **error)
{
  g_autoptr (FloeSecret) said =
      floe_secret_new (_ ("The code is wrong, or was used before.\n"), -1);

  if (floe_client_error_has_reason (why, "wrong-code") && floe_show_at_terminal (said, NULL))
    {
      g_error_free (why);
      return TRUE;
    }
  g_propagate_error (error, why);
  return FALSE;
}

/**
 * floe_ctl_ask_code:
 * @self: the run
 * @error: there is none to be had
 *
 * Returns: (transfer full) (nullable): a code of the second factor, or a recovery code
 */
FloeSecret *
floe_ctl_ask_code (FloeCtl *self, GError **error)
{
  g_autoptr (FloeSecret) code =
      floe_code_ask (self->settings.code_file, _ ("Code of the second factor: "),
                     _ ("a code of the second factor is needed, and there is no terminal "
                        "to ask for it; give --code-file FILE"),
                     error);

  return code != NULL ? floe_code_tidy (floe_secret_get (code, NULL), -1) : NULL;
}

static FloeLogin *
send_code (FloeCtl *self, FloeSecret *code, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  floe_broker_send_code_async (self->broker, code, NULL, floe_ctl_on_done, &slot);
  result = floe_ctl_wait (&slot);
  return floe_broker_send_code_finish (self->broker, result, error);
}

/**
 * floe_ctl_send_code:
 * @self: the run, whose log-in needs a code
 * @error: where the error goes
 *
 * Asks until the code is right or the broker ends the log-in; a file is read once.
 *
 * Returns: (transfer full) (nullable): the log-in
 */
FloeLogin *
floe_ctl_send_code (FloeCtl *self, GError **error)
{
  GError *why;

  do
    {
      g_autoptr (FloeSecret) code = floe_ctl_ask_code (self, error);
      FloeLogin *login;

      if (code == NULL)
        return NULL;
      why = NULL;
      login = send_code (self, code, &why);
      if (login != NULL)
        return login;
      if (self->settings.code_file != NULL)
        {
          g_propagate_error (error, why);
          return NULL;
        }
    }
  while (may_try_again (why, error));
  return NULL;
}

static FloeFactorOffer *
begin (FloeCtl *self, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  floe_broker_enrol_async (self->broker, NULL, floe_ctl_on_done, &slot);
  result = floe_ctl_wait (&slot);
  return floe_broker_enrol_finish (self->broker, result, error);
}

static FloeFactorReceipt *
confirm (FloeCtl *self, FloeSecret *code, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;

  floe_broker_confirm_async (self->broker, code, NULL, floe_ctl_on_done, &slot);
  result = floe_ctl_wait (&slot);
  return floe_broker_confirm_finish (self->broker, result, error);
}

/* Asks until the code is right. */
static FloeFactorReceipt *
confirm_at_terminal (FloeCtl *self, const FloeSecret *shown, GError **error)
{
  GError *why;

  do
    {
      g_autoptr (FloeSecret) code = ask_at_terminal (shown, error);
      FloeFactorReceipt *receipt;

      if (code == NULL)
        return NULL;
      why = NULL;
      receipt = confirm (self, code, &why);
      if (receipt != NULL)
        return receipt;
      shown = NULL;
    }
  while (may_try_again (why, error));
  return NULL;
}

/**
 * floe_ctl_enrol:
 * @self: the run, with a log-in or one that waits for this
 * @error: where the error goes
 *
 * Sets up a second factor at the terminal, and nowhere else is anything of it written.
 *
 * Returns: (transfer full) (nullable): what came of it; its codes were shown
 */
FloeFactorReceipt *
floe_ctl_enrol (FloeCtl *self, GError **error)
{
  g_autoptr (FloeSecret) nothing = floe_secret_new ("", 0);
  g_autoptr (FloeSecret) shown = NULL;
  g_autoptr (FloeSecret) codes = NULL;
  g_autoptr (FloeFactorOffer) offer = NULL;
  g_autoptr (FloeFactorReceipt) receipt = NULL;

  if (!floe_show_at_terminal (nothing, NULL))
    {
      floe_ctl_set_usage (error, _ ("a second factor is set up at a terminal: run this at one"));
      return NULL;
    }
  offer = begin (self, error);
  if (offer == NULL)
    return NULL;
  shown = floe_factor_offer_to_text (offer, is_picture_terminal ());
  receipt = confirm_at_terminal (self, shown, error);
  if (receipt == NULL)
    return NULL;
  codes = floe_factor_receipt_to_text (receipt);
  return floe_show_at_terminal (codes, error) ? g_steal_pointer (&receipt) : NULL;
}
