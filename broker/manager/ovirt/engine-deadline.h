/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"

G_BEGIN_DECLS

/**
 * FloeEngineDeadline:
 *
 * Ends one request to an engine: when its time is over, or when its caller gives it up.
 */
typedef struct _FloeEngineDeadline FloeEngineDeadline;

FloeEngineDeadline *floe_engine_deadline_new (FloeClock *clock, gint64 delay, GCancellable *caller);
void floe_engine_deadline_free (FloeEngineDeadline *self);
GCancellable *floe_engine_deadline_get_cancellable (FloeEngineDeadline *self);
GError *floe_engine_deadline_judge (const FloeEngineDeadline *self, GError *cause, gboolean sent);

G_END_DECLS
