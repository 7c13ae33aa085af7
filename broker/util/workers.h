/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FloeWorkers:
 *
 * A small private pool of threads with a bounded queue, for calls that block. A full queue answers
 * %FLOE_ERROR_BUSY at once. A call past its deadline answers %FLOE_ERROR_TIMED_OUT, and keeps its
 * thread until it returns. A thread is started when it is first needed and ends with the pool.
 */
#define FLOE_TYPE_WORKERS (floe_workers_get_type ())
G_DECLARE_FINAL_TYPE (FloeWorkers, floe_workers, FLOE, WORKERS, GObject)

/**
 * FloeLoad:
 * @queued: calls that wait for a thread
 * @overdue: calls that nobody waits for any more and that have not returned
 * @timed_out: calls whose deadline passed, since the start
 *
 * How busy a queue of calls is.
 */
typedef struct
{
  guint queued;
  guint overdue;
  guint64 timed_out;
} FloeLoad;

/**
 * FloeWork:
 * @context: what floe_workers_new() made for this thread, such as a connection; only ever used by
 *   one thread at a time
 * @input: the work's own copy of its arguments
 * @cancellable: cancelled when nobody waits any more
 * @error: what went wrong
 *
 * Runs on a worker thread.
 *
 * Returns: (transfer full) (nullable): the result, or %NULL with @error set
 */
typedef gpointer (*FloeWork) (gpointer context, gpointer input, GCancellable *cancellable,
                              GError **error);

FloeWorkers *floe_workers_new (const gchar *name, guint n_threads, guint queue_limit,
                               gpointer (*context_new) (gpointer data), gpointer context_data,
                               GDestroyNotify context_free);
void floe_workers_run_async (FloeWorkers *self, FloeWork work, gpointer input,
                             GDestroyNotify input_free, GDestroyNotify result_free,
                             gint64 deadline_us, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
gpointer floe_workers_run_finish (FloeWorkers *self, GAsyncResult *result, GError **error);
guint floe_workers_get_overdue (FloeWorkers *self);
guint floe_workers_get_queued (FloeWorkers *self);
void floe_workers_get_load (FloeWorkers *self, FloeLoad *load);
void floe_workers_close (FloeWorkers *self);

G_END_DECLS
