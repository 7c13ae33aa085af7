/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/helpdesk.h"

G_BEGIN_DECLS

/**
 * FloeHostReport:
 * @up: it answers
 * @note: what administrators and the broker have noted of it; its name, too
 * @capacity: (nullable): what it has left, as it was last measured
 * @desktops: how many there are, of all pools
 * @held: of them are lent
 * @ready: run, and nobody has them
 * @starting: are on their way up
 * @off: are off, and could be lent or started
 * @busy: are being made, reset, moved or removed
 * @broken: failed, and wait for their next reset
 * @unknown: nobody knows of, since the host does not answer; those that are lent are not counted
 * @starts: how many starts are under way, for whomever
 *
 * A host, for administrators. Each desktop is counted once, from @held to @unknown.
 */
typedef struct
{
  gboolean up;
  FloeHostNote *note;
  FloeHostCapacity *capacity;
  guint desktops;
  guint held;
  guint ready;
  guint starting;
  guint off;
  guint busy;
  guint broken;
  guint unknown;
  guint starts;
} FloeHostReport;

void floe_host_report_free (FloeHostReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeHostReport, floe_host_report_free)

void floe_helpdesk_list_hosts_async (FloeHelpdesk *self, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *floe_helpdesk_list_hosts_finish (FloeHelpdesk *self, GAsyncResult *result,
                                            GError **error);
void floe_helpdesk_drain_host_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                     const gchar *name, const gchar *message, guint minutes,
                                     const gchar *reason, GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean floe_helpdesk_drain_host_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error);
void floe_helpdesk_open_host_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                    const gchar *name, const gchar *reason,
                                    GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_helpdesk_open_host_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error);

G_END_DECLS
