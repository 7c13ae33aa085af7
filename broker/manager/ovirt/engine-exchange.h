/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "core/clock.h"

G_BEGIN_DECLS

/* A list of a thousand VMs with their sessions weighs about 5 MiB. */
#define FLOE_ENGINE_MAX_BYTES (64 * 1024 * 1024)

/**
 * FloeEngineReply:
 * @status: of HTTP
 * @body: all of it
 */
typedef struct
{
  guint status;
  GByteArray *body;
} FloeEngineReply;

void floe_engine_reply_free (FloeEngineReply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeEngineReply, floe_engine_reply_free)

void floe_engine_exchange_async (SoupSession *session, SoupMessage *message, FloeClock *clock,
                                 gint64 deadline, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
FloeEngineReply *floe_engine_exchange_finish (GAsyncResult *result, GError **error);

G_END_DECLS
