/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/flow-private.h"

#include "api/error.h"
#include "sso/ticket.h"

/* The log-in with a ticket of Kerberos: by itself once when the program starts, of which nobody who
 * has none, or whose server takes none, notices more than a moment; afterwards by a button only, so
 * that whoever logs out stays logged out. */

typedef struct
{
  FloeFlow *flow;
  gboolean asked; /* by the person */
} Try;

static Try *
try_new (FloeFlow *self, gboolean asked)
{
  Try *attempt = g_new0 (Try, 1);

  attempt->flow = g_object_ref (self);
  attempt->asked = asked;
  return attempt;
}

static void
try_free (Try *attempt)
{
  g_object_unref (attempt->flow);
  g_free (attempt);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Try, try_free)

/* What follows a password, too: neither is more than a half. */
static gboolean
goes_on (const GError *error)
{
  return floe_client_error_has_reason (error, "code-needed")
         || floe_client_error_has_reason (error, "enrolment-needed");
}

/* Whatever is the matter with a ticket, the password helps. */
static GError *
simplify (const GError *error)
{
  static const gchar *const reasons[] = { "expired-ticket", "replayed-ticket", "clock-skew",
                                          "kerberos-key",   "kerberos-off",    NULL };
  const gchar *reason = floe_client_error_reason (error);

  if (reason == NULL || !g_strv_contains (reasons, reason))
    return g_error_copy (error);
  return floe_client_error_new (FLOE_CLIENT_ERROR_UNAUTHENTICATED, "wrong-ticket", "%s",
                                error->message);
}

static void
give_up (const Try *attempt, const GError *error)
{
  FloePageLogin *page = floe_window_get_login_page (attempt->flow->window);
  g_autoptr (GError) simple = NULL;

  g_info ("not logged in with a ticket: %s", error->message);
  if (g_error_matches (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_NOT_FOUND))
    floe_page_login_set_ticket (page, NULL); /* this server takes none, whosever */
  if (attempt->asked)
    {
      simple = simplify (error);
      floe_flow_take_log_in (attempt->flow, NULL, simple);
      return;
    }
  floe_page_login_set_busy (page, FALSE);
  floe_page_login_take_focus (page);
}

static void
on_logged_in (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Try) attempt = data;
  FloeFlow *self = attempt->flow;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeLogin) login = floe_broker_log_in_finish (FLOE_BROKER (source), result, &error);

  if (floe_flow_is_cancelled (error))
    return;
  if (login == NULL && !goes_on (error))
    {
      give_up (attempt, error);
      return;
    }
  if (login != NULL)
    {
      g_free (self->server->user);
      self->server->user = g_strdup (login->account->name);
      floe_page_login_set_user (floe_window_get_login_page (self->window), self->server->user);
    }
  floe_flow_take_log_in (self, login, error);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Try) attempt = data;
  FloeFlow *self = attempt->flow;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeTicket) ticket = floe_ticket_get_finish (result, &error);

  if (floe_flow_is_cancelled (error))
    return;
  floe_page_login_set_ticket (floe_window_get_login_page (self->window),
                              ticket != NULL ? ticket->owner : NULL);
  if (ticket == NULL)
    {
      give_up (attempt, error);
      return;
    }
  floe_broker_log_in_with_ticket_async (self->broker, ticket->token, floe_flow_begin_call (self),
                                        on_logged_in, try_new (self, attempt->asked));
}

static void
begin (FloeFlow *self, gboolean asked)
{
  floe_flow_drop_terminal (self);
  floe_flow_drop_passwords (self);
  if (asked)
    floe_page_login_set_problem (floe_window_get_login_page (self->window), NULL);
  floe_page_login_set_busy (floe_window_get_login_page (self->window), TRUE);
  floe_ticket_get_async (self->server->url, floe_flow_begin_call (self), on_found,
                         try_new (self, asked));
}

/**
 * floe_flow_begin_with_ticket:
 * @self: the flow, which shows the log-in of the first server
 *
 * Logs in with a ticket, if there is one, and if this has not been tried before.
 */
void
floe_flow_begin_with_ticket (FloeFlow *self)
{
  if (!self->may_use_ticket)
    return;
  self->may_use_ticket = FALSE;
  begin (self, FALSE);
}

static void
on_log_in_with_ticket (FloePageLogin *page, FloeFlow *self)
{
  begin (self, TRUE);
}

void
floe_flow_connect_ticket (FloeFlow *self)
{
  g_signal_connect_object (floe_window_get_login_page (self->window), "log-in-with-ticket",
                           G_CALLBACK (on_log_in_with_ticket), self, 0);
}
