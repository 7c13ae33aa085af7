/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/ticket-login.h"

#include "sso/ticket.h"

/**
 * floe_ctl_log_in_with_ticket:
 * @error: %FLOE_CLIENT_ERROR_UNAUTHENTICATED, reason "no-ticket"; or the broker's
 *
 * Logs in as whoever the tickets of this user are.
 *
 * Returns: (transfer full): who it is
 */
FloeLogin *
floe_ctl_log_in_with_ticket (FloeCtl *self, GError **error)
{
  g_autoptr (GAsyncResult) found = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *slot = NULL;
  g_autoptr (FloeTicket) ticket = NULL;

  floe_ticket_get_async (floe_broker_get_url (self->broker), NULL, floe_ctl_on_done, &slot);
  found = floe_ctl_wait (&slot);
  ticket = floe_ticket_get_finish (found, error);
  if (ticket == NULL)
    return NULL;
  slot = NULL;
  floe_broker_log_in_with_ticket_async (self->broker, ticket->token, NULL, floe_ctl_on_done, &slot);
  result = floe_ctl_wait (&slot);
  return floe_broker_log_in_finish (self->broker, result, error);
}
