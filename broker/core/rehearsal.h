/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"

G_BEGIN_DECLS

/* A transaction that is played through to see what would come of it, and undone. What it tells is
 * exactly what it would do, since it is the same code; it is to be used where a person asks. */

void floe_rehearse_async (FloeStore *store, gboolean dry_run, FloeTransaction func, gpointer input,
                          GDestroyNotify input_free, GDestroyNotify result_free,
                          GAsyncReadyCallback callback, gpointer user_data);
gpointer floe_rehearse_finish (GAsyncResult *result, GError **error);

G_END_DECLS
