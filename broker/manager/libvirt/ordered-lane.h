/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "util/workers.h"

G_BEGIN_DECLS

/**
 * FloeOrderedLane:
 *
 * Workers with an order: calls of one key run one after the other in the order given, calls of
 * different keys beside each other. A call that is past its deadline keeps its key as it keeps its
 * thread: until it returns, further calls of that key are answered %FLOE_ERROR_BUSY, so that one
 * hung domain takes one thread and never all of them.
 */
#define FLOE_TYPE_ORDERED_LANE (floe_ordered_lane_get_type ())
G_DECLARE_FINAL_TYPE (FloeOrderedLane, floe_ordered_lane, FLOE, ORDERED_LANE, GObject)

/**
 * FloeLaneCall:
 * @key: (nullable): what the call must keep its place for; %NULL for none
 * @work: runs on a worker
 * @input: (transfer full) (nullable): for @work
 * @input_free: (nullable): frees @input
 * @result_free: (nullable): frees a result that nobody took
 * @deadline: microseconds from now, waiting included
 */
typedef struct
{
  const gchar *key;
  FloeWork work;
  gpointer input;
  GDestroyNotify input_free;
  GDestroyNotify result_free;
  gint64 deadline;
} FloeLaneCall;

FloeOrderedLane *floe_ordered_lane_new (FloeWorkers *workers, guint limit);
void floe_ordered_lane_run_async (FloeOrderedLane *self, const FloeLaneCall *call,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);
gpointer floe_ordered_lane_run_finish (FloeOrderedLane *self, GAsyncResult *result, GError **error);
guint floe_ordered_lane_get_overdue (FloeOrderedLane *self);
void floe_ordered_lane_get_load (FloeOrderedLane *self, FloeLoad *load);

G_END_DECLS
