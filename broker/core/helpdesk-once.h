/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/helpdesk.h"
#include "core/once.h"

G_BEGIN_DECLS

void floe_helpdesk_begin_once_async (FloeHelpdesk *self, const FloeOnce *once,
                                     GAsyncReadyCallback callback, gpointer user_data);
FloeOnce *floe_helpdesk_begin_once_finish (FloeHelpdesk *self, GAsyncResult *result,
                                           GError **error);
void floe_helpdesk_end_once_async (FloeHelpdesk *self, const FloeOnce *once,
                                   GAsyncReadyCallback callback, gpointer user_data);
gboolean floe_helpdesk_end_once_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error);

G_END_DECLS
