/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "manager/ovirt/engine-client.h"

G_BEGIN_DECLS

/* What became of an allocation whose answer was lost: the engine's own event of it has the
 * Correlation-Id of the call. */

void floe_engine_lost_find_async (FloeEngineClient *client, FloeClock *clock, gint64 event,
                                  const gchar *request, GAsyncReadyCallback callback,
                                  gpointer user_data);
gchar *floe_engine_lost_find_finish (FloeEngineClient *client, GAsyncResult *result);

G_END_DECLS
