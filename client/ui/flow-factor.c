/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/flow-private.h"

#include <glib/gi18n.h>

#include "api/error.h"

/* The second factor of a log-in. The challenge is the broker object's. */

static FloePageFactor *
page_of (FloeFlow *self)
{
  return floe_window_get_factor_page (self->window);
}

/* Gives up a log-in that waits for its second factor, and forgets what was shown of it. */
void
floe_flow_drop_factor (FloeFlow *self)
{
  if (self->broker != NULL)
    floe_broker_drop_challenge (self->broker);
  g_clear_pointer (&self->entering, floe_login_free);
  floe_page_factor_clear (page_of (self));
  floe_page_recovery_set_codes (floe_window_get_recovery_page (self->window), NULL);
}

static void
show (FloeFlow *self, const FloeFactorOffer *offer)
{
  self->enrolling = offer != NULL;
  floe_page_login_clear_password (floe_window_get_login_page (self->window));
  floe_page_factor_begin (page_of (self), offer);
  floe_window_set_title (self->window, "Floe", NULL);
  floe_flow_show_page (self, FLOE_VIEW_FACTOR);
}

/* @why: (nullable): what the person reads there */
static void
leave (FloeFlow *self, const gchar *why)
{
  FloePageLogin *login = floe_window_get_login_page (self->window);

  floe_flow_drop_login (self);
  floe_page_login_clear_password (login);
  floe_flow_show_login (self);
  floe_page_login_set_problem (login, why);
}

/* Leaves with what @error says when the log-in is over: its challenge is, or the factor changed. */
static gboolean
leave_because (FloeFlow *self, const GError *error)
{
  g_autoptr (FloeNotice) notice = NULL;

  if (floe_client_error_has_reason (error, "wrong-code")
      || !(g_error_matches (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_UNAUTHENTICATED)
           || g_error_matches (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_CONFLICT)))
    return FALSE;
  notice = floe_notice_new_for_error (error);
  leave (self, notice->body);
  return TRUE;
}

static void
on_offered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFlow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeFactorOffer) offer =
      floe_broker_enrol_finish (FLOE_BROKER (source), result, &error);

  if (floe_flow_is_cancelled (error))
    return;
  floe_page_login_set_busy (floe_window_get_login_page (self->window), FALSE);
  if (offer != NULL)
    show (self, offer);
  else if (!leave_because (self, error))
    floe_flow_show_login_error (self, error);
}

/**
 * floe_flow_asks_factor:
 * @error: what a log-in failed with
 *
 * Returns: whether it goes on with a second factor
 */
gboolean
floe_flow_asks_factor (const GError *error)
{
  return floe_client_error_has_reason (error, "code-needed")
         || floe_client_error_has_reason (error, "enrolment-needed");
}

/**
 * floe_flow_show_factor_because:
 * @self: the flow
 * @error: what the log-in failed with
 *
 * Asks for a code, or first for setting up what makes one.
 */
void
floe_flow_show_factor_because (FloeFlow *self, const GError *error)
{
  if (floe_client_error_has_reason (error, "code-needed"))
    {
      show (self, NULL);
      return;
    }
  floe_page_login_set_busy (floe_window_get_login_page (self->window), TRUE);
  floe_broker_enrol_async (self->broker, floe_flow_begin_call (self), on_offered,
                           g_object_ref (self));
}

static void
on_back (FloePageFactor *page, FloeFlow *self)
{
  leave (self, NULL);
}

/* What another code mends is said on the page, and so is what passes; the rest ends the log-in. */
static void
show_code_error (FloeFlow *self, const GError *error)
{
  g_autoptr (FloeNotice) notice = floe_notice_new_for_error (error);

  if (leave_because (self, error))
    return;
  if (floe_client_error_has_reason (error, "too-many-tries"))
    {
      leave (self, _ ("There were too many wrong codes. Wait a while before you try again, or ask "
                      "your helpdesk."));
      return;
    }
  if (floe_client_error_has_reason (error, "wrong-code"))
    floe_page_factor_clear_code (page_of (self));
  floe_page_factor_set_problem (page_of (self), notice->body);
  floe_page_factor_take_focus (page_of (self));
}

static void
on_logged_in (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFlow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeLogin) login = floe_broker_send_code_finish (FLOE_BROKER (source), result, &error);

  if (floe_flow_is_cancelled (error))
    return;
  floe_page_factor_set_busy (page_of (self), FALSE);
  if (login == NULL)
    {
      show_code_error (self, error);
      return;
    }
  floe_page_factor_clear (page_of (self));
  floe_flow_enter (self, login);
}

static void
on_confirmed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFlow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeFactorReceipt) receipt =
      floe_broker_confirm_finish (FLOE_BROKER (source), result, &error);

  if (floe_flow_is_cancelled (error))
    return;
  floe_page_factor_set_busy (page_of (self), FALSE);
  if (receipt == NULL)
    {
      show_code_error (self, error);
      return;
    }
  floe_page_factor_clear (page_of (self));
  self->entering = g_steal_pointer (&receipt->login);
  floe_page_recovery_set_codes (floe_window_get_recovery_page (self->window),
                                receipt->recovery_codes);
  floe_flow_show_page (self, FLOE_VIEW_RECOVERY);
}

static void
on_code (FloePageFactor *page, FloeSecret *code, FloeFlow *self)
{
  floe_page_factor_set_problem (page, NULL);
  floe_page_factor_set_busy (page, TRUE);
  if (self->enrolling)
    floe_broker_confirm_async (self->broker, code, floe_flow_begin_call (self), on_confirmed,
                               g_object_ref (self));
  else
    floe_broker_send_code_async (self->broker, code, floe_flow_begin_call (self), on_logged_in,
                                 g_object_ref (self));
}

static void
on_written_down (FloePageRecovery *page, FloeFlow *self)
{
  g_autoptr (FloeLogin) login = g_steal_pointer (&self->entering);

  floe_page_recovery_set_codes (page, NULL);
  if (login != NULL)
    floe_flow_enter (self, login);
}

void
floe_flow_connect_factor (FloeFlow *self)
{
  FloePageFactor *page = page_of (self);

  g_signal_connect_object (page, "code", G_CALLBACK (on_code), self, 0);
  g_signal_connect_object (page, "back", G_CALLBACK (on_back), self, 0);
  g_signal_connect_object (floe_window_get_recovery_page (self->window), "done",
                           G_CALLBACK (on_written_down), self, 0);
}
