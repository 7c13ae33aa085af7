/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/helpdesk.h"
#include "core/lists.h"

G_BEGIN_DECLS

/**
 * FloeDesktopDetail:
 * @desktop: as the store has it
 * @pool: its pool
 * @terminal: (nullable): the name of the terminal where it was opened
 * @maintenance: (nullable): of it, its pool or its host, what ends first
 * @timers: (element-type FloeTimer): what is planned for it, the next first
 * @trail: (element-type FloeAudit): what was done to it last, the newest first
 * @failures: (element-type FloeAudit): what of that went wrong
 *
 * All that is known of one desktop.
 */
typedef struct
{
  FloeDesktop *desktop;
  FloePool *pool;
  gchar *terminal;
  FloeMaintenance *maintenance;
  GPtrArray *timers;
  GPtrArray *trail;
  GPtrArray *failures;
} FloeDesktopDetail;

void floe_desktop_detail_free (FloeDesktopDetail *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeDesktopDetail, floe_desktop_detail_free)

void floe_helpdesk_search_desktops_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                          const FloeDesktopQuery *query, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
FloePage *floe_helpdesk_search_desktops_finish (FloeHelpdesk *self, GAsyncResult *result,
                                                GError **error);
void floe_helpdesk_get_desktop_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                      const gchar *id, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
FloeDesktopDetail *floe_helpdesk_get_desktop_finish (FloeHelpdesk *self, GAsyncResult *result,
                                                     GError **error);

G_END_DECLS
