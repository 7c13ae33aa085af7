/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/exchange.h"
#include "api/pinger.h"

G_BEGIN_DECLS

/**
 * FloeSse:
 *
 * Server-sent events on an exchange. A comment line comes every %FLOE_PING_SECONDS, so that HAProxy
 * and the client know that the stream is alive, and the broker learns that the client is not.
 *
 * Signals:
 * - "ping": with each comment line; a time to look whether the stream may go on
 * - "ended": once: it was ended, or the peer went away
 */
#define FLOE_TYPE_SSE (floe_sse_get_type ())
G_DECLARE_FINAL_TYPE (FloeSse, floe_sse, FLOE, SSE, GObject)

FloeSse *floe_sse_new (FloeExchange *exchange, FloePinger *pinger);
void floe_sse_send (FloeSse *self, const gchar *event, const FloeSecret *data);
void floe_sse_send_numbered (FloeSse *self, const gchar *event, const gchar *id,
                             const FloeSecret *data);
void floe_sse_end (FloeSse *self);
gboolean floe_sse_has_ended (FloeSse *self);

G_END_DECLS
