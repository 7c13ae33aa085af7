/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/negotiator.h"

G_DEFINE_INTERFACE (FloeNegotiator, floe_negotiator, G_TYPE_OBJECT)

static void
floe_negotiator_default_init (FloeNegotiatorInterface *iface)
{
}

/**
 * floe_negotiator_accept_async:
 * @self: a negotiator
 * @token: what a client sent, as bytes; one message has to be enough
 * @cancellable: (nullable): gives up waiting
 * @callback: called once, on the main thread
 * @user_data: for @callback
 *
 * Looks who sent a token. Each can be used once.
 */
void
floe_negotiator_accept_async (FloeNegotiator *self, FloeSecret *token, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  FLOE_NEGOTIATOR_GET_IFACE (self)->accept_async (self, token, cancellable, callback, user_data);
}

/**
 * floe_negotiator_accept_finish:
 *
 * Nothing is said to the client in return: who the broker is, TLS has shown it.
 *
 * Returns: (transfer full): who; or %NULL with %FLOE_ERROR_UNAUTHENTICATED (reason
 *   "wrong-ticket"; "replayed-ticket"; "expired-ticket"; "clock-skew"), %FLOE_ERROR_UNAVAILABLE
 *   (reason "kerberos-key": our own keys cannot be used), %FLOE_ERROR_BUSY or %FLOE_ERROR_TIMED_OUT
 */
FloePrincipal *
floe_negotiator_accept_finish (FloeNegotiator *self, GAsyncResult *result, GError **error)
{
  return FLOE_NEGOTIATOR_GET_IFACE (self)->accept_finish (self, result, error);
}
