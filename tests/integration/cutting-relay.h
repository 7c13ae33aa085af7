/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CuttingRelay:
 *
 * Hands TCP connections on to a server, and can cut one at the worst moment: when a request has
 * been sent and before the server sees it. Or hold it up, or all of them.
 */
typedef struct _CuttingRelay CuttingRelay;

CuttingRelay *cutting_relay_new (const gchar *address, guint16 port);
void cutting_relay_free (CuttingRelay *self);
guint16 cutting_relay_get_port (CuttingRelay *self);
void cutting_relay_cut (CuttingRelay *self, guint nth);
void cutting_relay_cut_later (CuttingRelay *self, guint nth, guint spared);
void cutting_relay_cut_all (CuttingRelay *self, guint nth);
void cutting_relay_hold (CuttingRelay *self, guint nth, gboolean all, guint milliseconds);
guint cutting_relay_get_cuts (CuttingRelay *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CuttingRelay, cutting_relay_free)

G_END_DECLS
