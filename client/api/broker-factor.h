/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/broker.h"
#include "api/factor.h"

G_BEGIN_DECLS

void floe_broker_send_code_async (FloeBroker *self, FloeSecret *code, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
FloeLogin *floe_broker_send_code_finish (FloeBroker *self, GAsyncResult *result, GError **error);

void floe_broker_enrol_async (FloeBroker *self, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
FloeFactorOffer *floe_broker_enrol_finish (FloeBroker *self, GAsyncResult *result, GError **error);

void floe_broker_confirm_async (FloeBroker *self, FloeSecret *code, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
FloeFactorReceipt *floe_broker_confirm_finish (FloeBroker *self, GAsyncResult *result,
                                               GError **error);

void floe_broker_end_factor_async (FloeBroker *self, FloeSecret *code, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_broker_end_factor_finish (FloeBroker *self, GAsyncResult *result, GError **error);

G_END_DECLS
