/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/fleet-private.h"

#include <string.h>

/* Reports are written all together: ten thousand terminals cost a transaction, not ten thousand. */
#define WRITE_AFTER (15 * G_USEC_PER_SEC)

static gint
compare_reports (gconstpointer a, gconstpointer b)
{
  const FloeTerminalReport *const *left = a;
  const FloeTerminalReport *const *right = b;

  return strcmp ((*left)->fingerprint, (*right)->fingerprint);
}

/* In one order, so that two brokers that write the same rows wait for each other at most. */
static gpointer
record_reports (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeFleetInput *in = input;

  for (guint i = 0; i < in->reports->len; i++)
    if (!floe_tx_put_terminal_report (tx, in->reports->pdata[i], error))
      return NULL;
  return GINT_TO_POINTER (TRUE);
}

static void
written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_warning ("how terminals are was not recorded: %s", error->message);
}

static void
write_reports (FloeFleet *self)
{
  FloeFleetInput *in;
  GHashTableIter iter;
  gpointer key, report;

  if (g_hash_table_size (self->reports) == 0)
    return;
  in = floe_fleet_input_new (self, NULL);
  in->reports = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_terminal_report_free);
  g_hash_table_iter_init (&iter, self->reports);
  while (g_hash_table_iter_next (&iter, &key, &report))
    {
      g_hash_table_iter_steal (&iter);
      g_ptr_array_add (in->reports, report);
    }
  g_ptr_array_sort (in->reports, compare_reports);
  floe_store_note_async (self->store, record_reports, in, (GDestroyNotify)floe_fleet_input_free,
                         NULL, written, NULL);
}

static gboolean
on_due (gpointer data)
{
  FloeFleet *self = data;

  self->timer = 0;
  write_reports (self);
  return G_SOURCE_REMOVE;
}

/* take_report: takes @report; the newest of a terminal is the one that counts */
static void
take_report (FloeFleet *self, FloeTerminalReport *report)
{
  g_hash_table_replace (self->reports, report->fingerprint, report);
  if (self->timer == 0)
    self->timer = floe_clock_add_timeout (self->clock, WRITE_AFTER, on_due, self, NULL);
}

static void
beaten (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeFleet *self = g_task_get_source_object (task);
  GError *error = NULL;
  FloeTerminalView *view = floe_store_finish (FLOE_STORE (source), result, &error);

  if (view == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  take_report (self, floe_terminal_report_copy (g_task_get_task_data (task)));
  g_task_return_pointer (task, view, (GDestroyNotify)floe_terminal_view_free);
}

/**
 * floe_fleet_beat_async:
 * @report: how the caller says it is; whose it is, from where and when is filled in here
 *
 * Notes how a terminal is, a few seconds later, and tells it of which revision its settings are.
 */
void
floe_fleet_beat_async (FloeFleet *self, const FloeCaller *caller, const FloeTerminalReport *report,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  FloeTerminalReport *copy;

  g_task_set_source_tag (task, floe_fleet_beat_async);
  if (!floe_fleet_has_certificate (task, caller))
    return;
  copy = floe_terminal_report_copy (report);
  copy->fingerprint = g_strdup (caller->terminal);
  copy->address = g_strdup (caller->address);
  copy->at = floe_clock_now (self->clock);
  g_task_set_task_data (task, copy, (GDestroyNotify)floe_terminal_report_free);
  floe_store_read_async (self->store, floe_fleet_read_view, floe_fleet_input_new (self, caller),
                         (GDestroyNotify)floe_fleet_input_free,
                         (GDestroyNotify)floe_terminal_view_free, cancellable, beaten, task);
}

/**
 * floe_fleet_beat_finish:
 *
 * Returns: (transfer full): what it is to go by; or %NULL with %FLOE_ERROR_NOT_FOUND (reason
 *   "no-certificate" or "unknown-terminal") or a store's error
 */
FloeTerminalView *
floe_fleet_beat_finish (FloeFleet *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * floe_fleet_stop:
 *
 * Writes what is not written yet.
 */
void
floe_fleet_stop (FloeFleet *self)
{
  floe_clock_clear_timeout (self->clock, &self->timer);
  write_reports (self);
}
