/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/helpdesk.h"

G_BEGIN_DECLS

/* What an administrator does with a pool without writing down what it is. Each answers
 * floe_helpdesk_pool_finish(). */

void floe_helpdesk_close_pool_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                     const gchar *name, const gchar *message, gboolean drain,
                                     GAsyncReadyCallback callback, gpointer user_data);
void floe_helpdesk_open_pool_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                    const gchar *name, GAsyncReadyCallback callback,
                                    gpointer user_data);
void floe_helpdesk_renew_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                                GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_helpdesk_pool_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error);

/**
 * FloeDesktopAct:
 * @FLOE_DESKTOP_SHUT_DOWN: its guest is asked to shut down, and switched off if it does not
 * @FLOE_DESKTOP_RESTART: the same, and started again when it is off
 * @FLOE_DESKTOP_FORCE_OFF: its plug is pulled
 * @FLOE_DESKTOP_RESET: what was done in it is forgotten, and with it who had it; a floating one's
 *   only, or one that is broken
 *
 * What an administrator does with one desktop.
 */
typedef enum
{
  FLOE_DESKTOP_SHUT_DOWN,
  FLOE_DESKTOP_RESTART,
  FLOE_DESKTOP_FORCE_OFF,
  FLOE_DESKTOP_RESET,
} FloeDesktopAct;

const gchar *floe_desktop_act_name (FloeDesktopAct act);
gboolean floe_desktop_act_from_name (const gchar *name, FloeDesktopAct *act);

void floe_helpdesk_act_async (FloeHelpdesk *self, const FloeIdentity *actor,
                              const gchar *desktop_id, FloeDesktopAct act, const gchar *reason,
                              GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_helpdesk_act_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error);

G_END_DECLS
