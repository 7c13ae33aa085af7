/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/transition.h"

G_BEGIN_DECLS

/* What is noted of hosts, in transactions: since when they are lost, and that they are drained. */

/**
 * FloeDrainInput:
 * @host: a host's name
 * @now: microseconds since 1970 UTC
 */
typedef struct
{
  gchar *host;
  gint64 now;
} FloeDrainInput;

FloeDrainInput *floe_drain_input_new (const gchar *host, gint64 now);
void floe_drain_input_free (FloeDrainInput *self);

FloeHostNote *floe_host_note_find (FloeTx *tx, const gchar *name, GError **error);
gboolean floe_host_note_set_lost (FloeTx *tx, const gchar *name, gboolean lost, gint64 now,
                                  GError **error);
GPtrArray *floe_host_note_list_held (FloeTx *tx, const gchar *name, GError **error);
gpointer floe_host_note_end_drain (FloeTx *tx, gconstpointer input, GError **error);

G_END_DECLS
