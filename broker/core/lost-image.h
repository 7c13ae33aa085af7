/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/keeper-transactions.h"

G_BEGIN_DECLS

gboolean floe_image_record_lost (FloeTx *tx, const gchar *pool, guint revision, const gchar *host,
                                 const gchar *problem, GError **error);
gpointer floe_image_record_no_clone (FloeTx *tx, gconstpointer input, GError **error);

G_END_DECLS
