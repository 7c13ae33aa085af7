/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/broker.h"
#include "api/exchange.h"

G_BEGIN_DECLS

void floe_broker_run (FloeBroker *self, FloeExchange *x, gpointer tag, GTask *task);

const gchar *floe_broker_get_domain (FloeBroker *self);
void floe_broker_take_challenge (FloeBroker *self, FloeSecret *challenge);
FloeSecret *floe_broker_get_challenge (FloeBroker *self);
void floe_broker_take_log_in (FloeBroker *self, FloeSecret *token);
gpointer floe_broker_decode_fresh_login (FloeBroker *self, FloeReply *reply, JsonNode *root,
                                         FloeJsonSecrets *secrets, GError **error);

void floe_broker_open_events_async (FloeBroker *self, const gchar *path, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
GInputStream *floe_broker_open_events_finish (FloeBroker *self, GAsyncResult *result,
                                              GError **error);

G_END_DECLS
