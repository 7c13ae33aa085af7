/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/desktop-acts.h"
#include "core/helpdesk.h"

G_BEGIN_DECLS

/* What an administrator does with a pool without writing down what it is. Each answers
 * floe_helpdesk_pool_finish(). */

void floe_helpdesk_close_pool_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                     const gchar *name, const gchar *message, gboolean drain,
                                     guint minutes, GAsyncReadyCallback callback,
                                     gpointer user_data);
void floe_helpdesk_open_pool_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                    const gchar *name, GAsyncReadyCallback callback,
                                    gpointer user_data);
void floe_helpdesk_renew_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                                GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_helpdesk_pool_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error);

void floe_helpdesk_act_async (FloeHelpdesk *self, const FloeIdentity *actor,
                              const gchar *desktop_id, FloeDesktopAct act, const gchar *reason,
                              GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_helpdesk_act_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error);

G_END_DECLS
