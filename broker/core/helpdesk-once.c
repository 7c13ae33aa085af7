/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-once.h"

#include "core/helpdesk-parts.h"

/* Returns: (transfer full): it, as whoever came first left it */
static gpointer
record_begin (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeOnce *once = data;
  g_autoptr (FloeOnce) there = NULL;
  gboolean fresh;

  if (!floe_tx_prune_once (tx, once->at - FLOE_ONCE_KEPT, error)
      || !floe_tx_begin_once (tx, once, &fresh, error))
    return NULL;
  there = floe_tx_get_once (tx, once->actor, once->key, error);
  if (there == NULL)
    return NULL;
  there->fresh = fresh;
  return g_steal_pointer (&there);
}

/**
 * floe_helpdesk_begin_once_async:
 * @once: what is about to be done; its time is now
 */
void
floe_helpdesk_begin_once_async (FloeHelpdesk *self, const FloeOnce *once,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task =
      floe_helpdesk_task_new (self, (GDestroyNotify)floe_once_free, NULL, callback, user_data);
  FloeOnce *input = floe_once_copy (once);

  g_task_set_source_tag (task, floe_helpdesk_begin_once_async);
  input->at = floe_clock_now (self->clock);
  floe_store_write_async (self->store, record_begin, input, (GDestroyNotify)floe_once_free,
                          (GDestroyNotify)floe_once_free, floe_helpdesk_answered, task);
}

/**
 * floe_helpdesk_begin_once_finish:
 *
 * Returns: (transfer full): it: fresh, and then it is to be done and ended, or as it was answered
 * to whoever asked first; or %NULL with a store's error
 */
FloeOnce *
floe_helpdesk_begin_once_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
record_end (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeOnce *once = data;
  gboolean done = once->status != 0 ? floe_tx_end_once (tx, once, error)
                                    : floe_tx_drop_once (tx, once->actor, once->key, error);

  return done ? GINT_TO_POINTER (TRUE) : NULL;
}

/**
 * floe_helpdesk_end_once_async:
 * @once: with its answer; one without a status was not done, and may be tried again
 */
void
floe_helpdesk_end_once_async (FloeHelpdesk *self, const FloeOnce *once,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, floe_helpdesk_end_once_async);
  floe_store_write_async (self->store, record_end, floe_once_copy (once),
                          (GDestroyNotify)floe_once_free, NULL, floe_helpdesk_answered, task);
}

gboolean
floe_helpdesk_end_once_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error) != NULL;
}
