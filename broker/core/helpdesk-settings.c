/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-settings.h"

#include "core/error.h"
#include "core/helpdesk-parts.h"
#include "core/permit.h"
#include "core/pool.h"

void
floe_settings_report_free (FloeSettingsReport *self)
{
  if (self == NULL)
    return;
  floe_terminal_settings_free (self->own);
  floe_terminal_view_free (self->view);
  g_free (self);
}

/* Reading. */

static gpointer
read_settings (FloeTx *tx, gconstpointer data, GError **error)
{
  return floe_tx_list_terminal_settings (tx, error);
}

void
floe_helpdesk_list_settings_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)g_ptr_array_unref, cancellable,
                                        callback, user_data);

  g_task_set_source_tag (task, floe_helpdesk_list_settings_async);
  floe_store_read_async (self->store, read_settings, floe_helpdesk_input_new (self, actor, NULL),
                         (GDestroyNotify)floe_admin_input_free, (GDestroyNotify)g_ptr_array_unref,
                         cancellable, floe_helpdesk_answered, task);
}

/**
 * floe_helpdesk_list_settings_finish:
 *
 * Returns: (transfer full) (element-type FloeTerminalSettings): those of groups, by name
 */
GPtrArray *
floe_helpdesk_list_settings_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* find_terminal: %NULL without an error for a group */
static gboolean
find_terminal (FloeTx *tx, const FloeTerminalSettings *wanted, FloeTerminal **terminal,
               GError **error)
{
  *terminal = wanted->of_group ? NULL : floe_tx_get_terminal (tx, wanted->name, error);
  return wanted->of_group || *terminal != NULL;
}

/* Returns: (transfer full): a #FloeSettingsReport */
static FloeSettingsReport *
make_report (FloeTx *tx, const FloeTerminalSettings *own, const FloeTerminal *terminal,
             GError **error)
{
  g_autoptr (FloeSettingsReport) report = g_new0 (FloeSettingsReport, 1);

  report->own = floe_terminal_settings_copy (own);
  if (terminal == NULL)
    return g_steal_pointer (&report);
  report->view = floe_terminal_view_read (tx, terminal, error);
  return report->view != NULL ? g_steal_pointer (&report) : NULL;
}

static gpointer
read_one (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeTerminalSettings *wanted = ((const FloeAdminInput *)data)->settings;
  g_autoptr (FloeTerminal) terminal = NULL;
  g_autoptr (FloeTerminalSettings) own = NULL;

  if (!find_terminal (tx, wanted, &terminal, error))
    return NULL;
  own = floe_tx_get_terminal_settings (tx, wanted->of_group, wanted->name, error);
  return own != NULL ? make_report (tx, own, terminal, error) : NULL;
}

/**
 * floe_helpdesk_get_settings_async:
 * @of_group: whether @name is a group's, be any terminal in it or not
 */
void
floe_helpdesk_get_settings_async (FloeHelpdesk *self, const FloeIdentity *actor, gboolean of_group,
                                  const gchar *name, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)floe_settings_report_free,
                                        cancellable, callback, user_data);
  FloeAdminInput *input = floe_helpdesk_input_new (self, actor, name);

  g_task_set_source_tag (task, floe_helpdesk_get_settings_async);
  input->settings = floe_terminal_settings_new (of_group, name);
  floe_store_read_async (self->store, read_one, input, (GDestroyNotify)floe_admin_input_free,
                         (GDestroyNotify)floe_settings_report_free, cancellable,
                         floe_helpdesk_answered, task);
}

/**
 * floe_helpdesk_get_settings_finish:
 *
 * Returns: (transfer full): them; or %NULL with %FLOE_ERROR_NOT_FOUND for a terminal that is none,
 *   or a store's error
 */
FloeSettingsReport *
floe_helpdesk_get_settings_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Changing. */

/* Whoever read other settings than those that are there now would take somebody's change back. */
static gboolean
is_newest (const FloeTerminalSettings *before, const FloeTerminalSettings *wanted, GError **error)
{
  if (before->revision == wanted->revision)
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "changed-meanwhile",
                         "the settings are of revision %" G_GINT64_FORMAT
                         " now; look at them again",
                         before->revision);
  return FALSE;
}

static gboolean
put_row (FloeTx *tx, const FloeAdminInput *input, const FloeTerminalSettings *settings,
         const GStrv changes, GError **error)
{
  g_autofree gchar *detail = g_strjoinv ("; ", changes);
  g_autofree gchar *object = settings->of_group
                                 ? g_strconcat (FLOE_TERMINAL_GROUPS, settings->name, NULL)
                                 : g_strdup (settings->name);

  return floe_admin_put_row (tx, input, "terminal-settings", object, detail, error);
}

/* Takes the revision first: from then on nobody else changes any. */
static gpointer
record_settings (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  const FloeTerminalSettings *wanted = input->settings;
  g_autoptr (FloeTerminal) terminal = NULL;
  g_autoptr (FloeTerminalSettings) before = NULL;
  g_autoptr (FloeTerminalSettings) after = floe_terminal_settings_copy (wanted);
  g_auto (GStrv) changes = NULL;
  g_autofree gchar *tag = NULL;

  if (!find_terminal (tx, wanted, &terminal, error)
      || !floe_tx_take_settings_revision (tx, input->now, &after->revision, error))
    return NULL;
  before = floe_tx_get_terminal_settings (tx, wanted->of_group, wanted->name, error);
  if (before == NULL || !is_newest (before, wanted, error))
    return NULL;
  tag = floe_terminal_settings_tag (before);
  if (!floe_permit_change (input->actor, tag, FALSE, error))
    return NULL;
  changes = floe_setting_values_diff (before->values, after->values);
  if (changes[0] == NULL)
    return make_report (tx, before, terminal, error);
  return floe_tx_put_terminal_settings (tx, after, error)
                 && put_row (tx, input, after, changes, error)
             ? make_report (tx, after, terminal, error)
             : NULL;
}

static gboolean
check (const FloeTerminalSettings *settings, GError **error)
{
  if (floe_pool_name_is_valid (settings->name))
    return floe_setting_values_check (settings->values, error);
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                       "name: expected 1 to 64 of a-z, 0-9 and -, not beginning with -");
  return FALSE;
}

/**
 * floe_helpdesk_put_settings_async:
 * @settings: as they are to be, with the revision of those that they come from
 *
 * What is not in them is not set any more.
 */
void
floe_helpdesk_put_settings_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                  const FloeTerminalSettings *settings,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)floe_settings_report_free, NULL,
                                        callback, user_data);
  FloeAdminInput *input;
  GError *error = NULL;

  g_task_set_source_tag (task, floe_helpdesk_put_settings_async);
  if (!check (settings, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  input = floe_helpdesk_input_new (self, actor, settings->name);
  input->settings = floe_terminal_settings_copy (settings);
  floe_terminal_settings_take (input->settings, floe_setting_values_merge (NULL, settings->values));
  floe_store_write_async (self->store, record_settings, input,
                          (GDestroyNotify)floe_admin_input_free,
                          (GDestroyNotify)floe_settings_report_free, floe_helpdesk_answered, task);
}

/**
 * floe_helpdesk_put_settings_finish:
 *
 * Returns: (transfer full): as they are now; or %NULL with %FLOE_ERROR_INVALID,
 *   %FLOE_ERROR_CONFLICT (reason "changed-meanwhile"), %FLOE_ERROR_NOT_FOUND for a terminal that is
 *   none, or a store's error
 */
FloeSettingsReport *
floe_helpdesk_put_settings_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
