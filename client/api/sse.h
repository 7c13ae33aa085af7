/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FLOE_SSE_LIMIT (64 * 1024)

/**
 * FloeSse:
 *
 * Reads text/event-stream (WHATWG HTML, 9.2) out of bytes that come in any pieces. "id" and "retry"
 * are passed over: the broker uses neither.
 */
typedef struct _FloeSse FloeSse;

/**
 * FloeSseEvent:
 * @event: its name, "message" where none was given
 * @data: its lines, joined by LF; it may be changed
 * @length: bytes in @data
 * @user_data: as given
 */
typedef void (*FloeSseEvent) (const gchar *event, gchar *data, gsize length, gpointer user_data);

FloeSse *floe_sse_new (FloeSseEvent on_event, gpointer user_data);
void floe_sse_free (FloeSse *self);
gboolean floe_sse_feed (FloeSse *self, const gchar *bytes, gsize length, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeSse, floe_sse_free)

G_END_DECLS
