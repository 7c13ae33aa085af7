/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/principal.h"
#include "core/secret.h"

G_BEGIN_DECLS

/**
 * FloeNegotiator:
 *
 * The port for single sign-on: who sent a token. Implementations answer each call exactly once,
 * never before the call returns, and never block the main thread.
 */
#define FLOE_TYPE_NEGOTIATOR (floe_negotiator_get_type ())
G_DECLARE_INTERFACE (FloeNegotiator, floe_negotiator, FLOE, NEGOTIATOR, GObject)

struct _FloeNegotiatorInterface
{
  GTypeInterface parent_iface;

  void (*accept_async) (FloeNegotiator *self, FloeSecret *token, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data);
  FloePrincipal *(*accept_finish) (FloeNegotiator *self, GAsyncResult *result, GError **error);
};

void floe_negotiator_accept_async (FloeNegotiator *self, FloeSecret *token,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
FloePrincipal *floe_negotiator_accept_finish (FloeNegotiator *self, GAsyncResult *result,
                                              GError **error);

G_END_DECLS
