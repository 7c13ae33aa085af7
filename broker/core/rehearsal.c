/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/rehearsal.h"

#include "core/error.h"

/* Counted, because the store lets go of its input before it answers. */
typedef struct
{
  FloeTransaction func;
  gpointer input;
  GDestroyNotify input_free;
  gpointer result;
  GDestroyNotify result_free;
  gboolean dry_run;
} Rehearsal;

static void
drop_result (Rehearsal *self)
{
  if (self->result != NULL && self->result_free != NULL)
    self->result_free (self->result);
  self->result = NULL;
}

static void
clear (gpointer data)
{
  Rehearsal *self = data;

  drop_result (self);
  self->input_free (self->input);
}

static void
unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear);
}

/* An error undoes a transaction. It may be run again from the start. */
static gpointer
play (FloeTx *tx, gconstpointer data, GError **error)
{
  Rehearsal *self = (Rehearsal *)data;

  drop_result (self);
  self->result = self->func (tx, self->input, error);
  if (self->result == NULL)
    return NULL;
  if (!self->dry_run)
    return GINT_TO_POINTER (TRUE);
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_CANCELLED, "it was only tried");
  return NULL;
}

static void
played (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Rehearsal *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL
      && !(self->dry_run && self->result != NULL
           && g_error_matches (error, FLOE_ERROR, FLOE_ERROR_CANCELLED)))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&self->result), self->result_free);
}

/**
 * floe_rehearse_async:
 * @dry_run: undo everything afterwards
 * @func: as of floe_store_write_async(); all that it tells is in its result
 * @input: (transfer full): its input
 * @input_free: frees it
 * @result_free: (nullable): frees the result
 *
 * Runs a transaction, or plays it through.
 */
void
floe_rehearse_async (FloeStore *store, gboolean dry_run, FloeTransaction func, gpointer input,
                     GDestroyNotify input_free, GDestroyNotify result_free,
                     GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (store, NULL, callback, user_data);
  Rehearsal *self = g_atomic_rc_box_new0 (Rehearsal);

  g_task_set_source_tag (task, floe_rehearse_async);
  self->func = func;
  self->input = input;
  self->input_free = input_free;
  self->result_free = result_free;
  self->dry_run = dry_run;
  g_task_set_task_data (task, g_atomic_rc_box_acquire (self), unref);
  floe_store_write_async (store, play, self, unref, NULL, played, task);
}

/**
 * floe_rehearse_finish:
 *
 * Returns: (transfer full): what came of it, or would; %NULL with the transaction's error
 */
gpointer
floe_rehearse_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
