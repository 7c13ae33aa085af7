/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-hosts.h"

#include <string.h>

#include "core/error.h"
#include "core/helpdesk-parts.h"
#include "core/host-notes.h"
#include "core/service.h"

void
floe_host_report_free (FloeHostReport *self)
{
  if (self == NULL)
    return;
  floe_host_note_free (self->note);
  floe_host_capacity_free (self->capacity);
  g_free (self);
}

/* The list. */

static FloeHostReport *
find_report (GPtrArray *reports, const gchar *name)
{
  FloeHostReport *report;

  for (guint i = 0; i < reports->len; i++)
    {
      report = reports->pdata[i];
      if (strcmp (report->note->name, name) == 0)
        return report;
    }
  report = g_new0 (FloeHostReport, 1);
  report->note = floe_host_note_new (name);
  g_ptr_array_add (reports, report);
  return report;
}

static guint *
get_slot (FloeHostReport *report, const FloeFacts *facts)
{
  if (facts->lease == FLOE_LEASE_HELD)
    return &report->held;
  if (facts->power == FLOE_POWER_UNKNOWN)
    return &report->unknown;
  if (facts->clean == FLOE_CLEAN_BROKEN)
    return &report->broken;
  if (facts->intent == FLOE_INTENT_START)
    return &report->starting;
  if (facts->intent != FLOE_INTENT_NONE || facts->clean == FLOE_CLEAN_RESETTING)
    return &report->busy;
  return facts->power == FLOE_POWER_ON || facts->power == FLOE_POWER_PAUSED ? &report->ready
                                                                            : &report->off;
}

static gboolean
count_pool (FloeTx *tx, const gchar *pool, gint64 now, GPtrArray *reports, GError **error)
{
  g_autoptr (GPtrArray) counts = floe_tx_count_desktops (tx, pool, now, error);

  for (guint i = 0; counts != NULL && i < counts->len; i++)
    {
      const FloeDesktopCount *count = counts->pdata[i];
      FloeHostReport *report;

      if (count->host == NULL)
        continue;
      report = find_report (reports, count->host);
      report->desktops += count->n;
      *get_slot (report, &count->facts) += count->n;
      if (count->facts.intent == FLOE_INTENT_START)
        report->starts += count->n;
    }
  return counts != NULL;
}

static gpointer
read_hosts (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (GPtrArray) reports =
      g_ptr_array_new_with_free_func ((GDestroyNotify)floe_host_report_free);
  g_autoptr (GPtrArray) notes = floe_tx_list_hosts (tx, error);
  g_autoptr (GPtrArray) pools = notes != NULL ? floe_tx_list_pools (tx, error) : NULL;

  if (pools == NULL)
    return NULL;
  for (guint i = 0; i < notes->len; i++)
    {
      FloeHostReport *report = g_new0 (FloeHostReport, 1);

      report->note = floe_host_note_copy (notes->pdata[i]);
      g_ptr_array_add (reports, report);
    }
  for (guint i = 0; i < pools->len; i++)
    if (!count_pool (tx, ((FloePool *)pools->pdata[i])->name, input->now, reports, error))
      return NULL;
  return g_steal_pointer (&reports);
}

static gint
compare_reports (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 ((*(FloeHostReport *const *)a)->note->name,
                    (*(FloeHostReport *const *)b)->note->name);
}

static void
hosts_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeHelpdesk *self = g_task_get_source_object (task);
  FloeHosts *hosts = floe_keeper_get_hosts (self->keeper);
  g_auto (GStrv) names = floe_hosts_list (hosts);
  GError *error = NULL;
  GPtrArray *reports = floe_store_finish (FLOE_STORE (source), result, &error);

  if (reports == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; names[i] != NULL; i++)
    {
      FloeHostReport *report = find_report (reports, names[i]);
      const FloeHostCapacity *capacity = floe_hosts_get_capacity (hosts, names[i]);

      report->up = floe_hosts_is_up (hosts, names[i]);
      report->capacity = capacity != NULL ? floe_host_capacity_copy (capacity) : NULL;
    }
  g_ptr_array_sort (reports, compare_reports);
  g_task_return_pointer (task, reports, (GDestroyNotify)g_ptr_array_unref);
}

void
floe_helpdesk_list_hosts_async (FloeHelpdesk *self, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, floe_helpdesk_list_hosts_async);
  floe_store_read_async (self->store, read_hosts, floe_helpdesk_input_new (self, NULL, NULL),
                         (GDestroyNotify)floe_admin_input_free, (GDestroyNotify)g_ptr_array_unref,
                         cancellable, hosts_read, task);
}

/**
 * floe_helpdesk_list_hosts_finish:
 *
 * Returns: (transfer full) (element-type FloeHostReport): all hosts by name
 */
GPtrArray *
floe_helpdesk_list_hosts_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Draining. */

static void
set_text (gchar **field, const gchar *text)
{
  g_free (*field);
  *field = g_strdup (text);
}

static gboolean
plan_end (FloeTx *tx, const FloeHostNote *note, GError **error)
{
  g_autoptr (FloeTimer) timer = NULL;

  if (note->ends == 0)
    return floe_tx_delete_timer (tx, "drain", note->name, error);
  timer = floe_timer_new ("drain", note->name, note->ends);
  return floe_tx_put_timer (tx, timer, error);
}

/* Returns: (transfer full) (element-type FloeChange): those who sit there are told */
static gpointer
save_note (FloeTx *tx, const FloeAdminInput *input, const FloeHostNote *note, const gchar *action,
           GError **error)
{
  g_autoptr (GPtrArray) held = NULL;

  if (!floe_tx_put_host (tx, note, error) || !plan_end (tx, note, error)
      || !floe_tx_put_feed (tx, "host", note->name, error)
      || !floe_admin_put_row (tx, input, action, note->name, input->reason, error))
    return NULL;
  held = floe_host_note_list_held (tx, note->name, error);
  return held != NULL && floe_service_tell_held (tx, held, error) ? g_steal_pointer (&held) : NULL;
}

static gpointer
record_drain (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (FloeHostNote) note = floe_host_note_find (tx, input->name, error);

  if (note == NULL)
    return NULL;
  if (!note->draining)
    note->since = input->now;
  note->draining = TRUE;
  note->ends = input->minutes > 0 ? input->now + input->minutes * G_TIME_SPAN_MINUTE : 0;
  set_text (&note->by, input->actor->user->name);
  set_text (&note->message, input->message);
  return save_note (tx, input, note, "host-drain", error);
}

static gpointer
record_opening (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (FloeHostNote) note = floe_host_note_find (tx, input->name, error);

  if (note == NULL)
    return NULL;
  if (!note->draining)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT, "host %s is not drained", note->name);
      return NULL;
    }
  note->draining = FALSE;
  note->since = input->now;
  note->ends = 0;
  set_text (&note->by, input->actor->user->name);
  set_text (&note->message, NULL);
  return save_note (tx, input, note, "host-open", error);
}

static void
noted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeHelpdesk *self = g_task_get_source_object (task);
  const FloeAdminInput *input = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) held = floe_store_finish (FLOE_STORE (source), result, &error);

  if (held == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < held->len; i++)
    floe_keeper_handle (self->keeper, held->pdata[i]);
  if (input->minutes > 0)
    floe_keeper_note_timer (self->keeper, input->now + input->minutes * G_TIME_SPAN_MINUTE);
  floe_keeper_refresh_pools (self->keeper); /* what nobody has goes elsewhere, or may come back */
  g_task_return_boolean (task, TRUE);
}

/* Takes @input. */
static void
note_host (FloeHelpdesk *self, FloeTransaction func, FloeAdminInput *input,
           GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  FloeAdminInput *copy = floe_helpdesk_input_new (self, input->actor, input->name);

  copy->minutes = input->minutes;
  copy->now = input->now;
  g_task_set_task_data (task, copy, (GDestroyNotify)floe_admin_input_free);
  if (!floe_hosts_knows (floe_keeper_get_hosts (self->keeper), input->name))
    {
      g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "there is no host %s",
                               input->name);
      floe_admin_input_free (input);
      return;
    }
  floe_store_write_async (self->store, func, input, (GDestroyNotify)floe_admin_input_free,
                          (GDestroyNotify)g_ptr_array_unref, noted, g_steal_pointer (&task));
}

/**
 * floe_helpdesk_drain_host_async:
 * @name: of which host
 * @message: (nullable): what people who sit on its desktops are told
 * @minutes: until what is still lent there is ended; 0 for never
 * @reason: why, for the audit trail
 *
 * Gives a host nothing new, and empties it. May be said again, with another message or time.
 */
void
floe_helpdesk_drain_host_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                                const gchar *message, guint minutes, const gchar *reason,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  FloeAdminInput *input = floe_helpdesk_input_new (self, actor, name);

  input->message = g_strdup (message);
  input->minutes = minutes;
  input->reason = g_strdup (reason);
  note_host (self, record_drain, input, callback, user_data);
}

/**
 * floe_helpdesk_drain_host_finish:
 *
 * Returns: %FALSE with %FLOE_ERROR_NOT_FOUND, or a store's error
 */
gboolean
floe_helpdesk_drain_host_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * floe_helpdesk_open_host_async:
 *
 * Ends a drain.
 */
void
floe_helpdesk_open_host_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                               const gchar *reason, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  FloeAdminInput *input = floe_helpdesk_input_new (self, actor, name);

  input->reason = g_strdup (reason);
  note_host (self, record_opening, input, callback, user_data);
}

/**
 * floe_helpdesk_open_host_finish:
 *
 * Returns: %FALSE with %FLOE_ERROR_NOT_FOUND, %FLOE_ERROR_CONFLICT when it is not drained, or a
 *   store's error
 */
gboolean
floe_helpdesk_open_host_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
