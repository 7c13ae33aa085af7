/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/clock.h"

G_BEGIN_DECLS

/**
 * FloeAnswerStream:
 *
 * What libsoup is given in the place of a connection. It reads one request that is always the same
 * and then the end, since the real one was read by #FloeIntake already; what it writes goes out.
 * So libsoup's parser sees no byte that a client sent, and can never find a second request.
 */
#define FLOE_TYPE_ANSWER_STREAM (floe_answer_stream_get_type ())
G_DECLARE_FINAL_TYPE (FloeAnswerStream, floe_answer_stream, FLOE, ANSWER_STREAM, GIOStream)

GIOStream *floe_answer_stream_new (GSocketConnection *connection, FloeClock *clock,
                                   gboolean unread);

G_END_DECLS
