/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/helpdesk.h"
#include "core/terminal-view.h"

G_BEGIN_DECLS

/**
 * FloeSettingsReport:
 * @own: what is set there
 * @view: (nullable): what comes of it, with a terminal's
 */
typedef struct
{
  FloeTerminalSettings *own;
  FloeTerminalView *view;
} FloeSettingsReport;

void floe_settings_report_free (FloeSettingsReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeSettingsReport, floe_settings_report_free)

void floe_helpdesk_list_settings_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data);
GPtrArray *floe_helpdesk_list_settings_finish (FloeHelpdesk *self, GAsyncResult *result,
                                               GError **error);
void floe_helpdesk_get_settings_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                       gboolean of_group, const gchar *name,
                                       GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
FloeSettingsReport *floe_helpdesk_get_settings_finish (FloeHelpdesk *self, GAsyncResult *result,
                                                       GError **error);
void floe_helpdesk_put_settings_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                       const FloeTerminalSettings *settings,
                                       GAsyncReadyCallback callback, gpointer user_data);
FloeSettingsReport *floe_helpdesk_put_settings_finish (FloeHelpdesk *self, GAsyncResult *result,
                                                       GError **error);

G_END_DECLS
