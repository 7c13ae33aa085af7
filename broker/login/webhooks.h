/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/store.h"
#include "login/sealed-text.h"

G_BEGIN_DECLS

/**
 * FloeWebhooks:
 *
 * Who wants to be told what happens, and the secrets that it is signed with.
 */
#define FLOE_TYPE_WEBHOOKS (floe_webhooks_get_type ())
G_DECLARE_FINAL_TYPE (FloeWebhooks, floe_webhooks, FLOE, WEBHOOKS, GObject)

FloeWebhooks *floe_webhooks_new (FloeStore *store, FloeClock *clock, FloeSealKeys *keys);

void floe_webhooks_list_async (FloeWebhooks *self, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *floe_webhooks_list_finish (FloeWebhooks *self, GAsyncResult *result, GError **error);
void floe_webhooks_add_async (FloeWebhooks *self, const FloeIdentity *actor,
                              const FloeWebhook *hook, GAsyncReadyCallback callback,
                              gpointer user_data);
FloeWebhook *floe_webhooks_add_finish (FloeWebhooks *self, GAsyncResult *result,
                                       FloeSecret **secret, GError **error);
void floe_webhooks_drop_async (FloeWebhooks *self, const FloeIdentity *actor, const gchar *name,
                               GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_webhooks_drop_finish (FloeWebhooks *self, GAsyncResult *result, GError **error);
void floe_webhooks_test_async (FloeWebhooks *self, const FloeIdentity *actor, const gchar *name,
                               GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_webhooks_test_finish (FloeWebhooks *self, GAsyncResult *result, GError **error);

FloeSecret *floe_webhooks_open (FloeWebhooks *self, const FloeWebhook *hook, GError **error);

G_END_DECLS
