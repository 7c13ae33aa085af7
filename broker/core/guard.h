/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeGuard:
 * @data: its own
 *
 * Asked on any thread, directly before something is done that only the leader of several brokers
 * may do. When it says %FALSE, nothing is done, and the answer is %FLOE_ERROR_CANCELLED with reason
 * "not-leading".
 */
typedef gboolean (*FloeGuard) (gpointer data);

gboolean floe_guard_check (FloeGuard guard, gpointer data, GError **error);

G_END_DECLS
