/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/broker.h"

G_BEGIN_DECLS

/**
 * FloeTrust:
 * @name: which terminal this is
 * @key: with what it verifies what the broker signed: an Ed25519 key's public half, as base64
 * @secret: what its unlock codes come from, in base32
 *
 * What a terminal keeps, so as to get along without the broker.
 */
typedef struct
{
  gchar *name;
  gchar *key;
  FloeSecret *secret;
} FloeTrust;

FloeTrust *floe_trust_new (const gchar *name, const gchar *key, FloeSecret *secret);
void floe_trust_free (FloeTrust *self);

void floe_broker_trust_async (FloeBroker *self, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
FloeTrust *floe_broker_trust_finish (FloeBroker *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTrust, floe_trust_free)

G_END_DECLS
