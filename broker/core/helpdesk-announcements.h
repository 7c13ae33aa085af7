/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/announcement.h"
#include "core/helpdesk.h"

G_BEGIN_DECLS

void floe_helpdesk_list_announcements_async (FloeHelpdesk *self, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *floe_helpdesk_list_announcements_finish (FloeHelpdesk *self, GAsyncResult *result,
                                                    GError **error);

void floe_helpdesk_announce_async (FloeHelpdesk *self, const FloeCaller *caller,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
GPtrArray *floe_helpdesk_announce_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error);

void floe_helpdesk_put_announcement_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                           const FloeAnnouncement *announcement,
                                           GAsyncReadyCallback callback, gpointer user_data);
FloeAnnouncement *floe_helpdesk_put_announcement_finish (FloeHelpdesk *self, GAsyncResult *result,
                                                         GError **error);

void floe_helpdesk_drop_announcement_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                            const gchar *id, const gchar *reason,
                                            GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_helpdesk_drop_announcement_finish (FloeHelpdesk *self, GAsyncResult *result,
                                                 GError **error);

G_END_DECLS
