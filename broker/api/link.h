/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/uio.h>

#include "api/poller.h"

G_BEGIN_DECLS

/**
 * FloeLink:
 *
 * An accepted socket. It is owned by one after the other: by the intake, by the exchange, and by
 * what lingers behind that.
 */
typedef struct _FloeLink FloeLink;

FloeLink *floe_link_new (gint fd, gboolean is_unix, FloePoller *poller, GDestroyNotify released,
                         gpointer data);
void floe_link_close (FloeLink *self);
void floe_link_free (FloeLink *self);

gboolean floe_link_is_unix (const FloeLink *self);
gchar *floe_link_get_address (const FloeLink *self);

void floe_link_watch (FloeLink *self, guint32 events, FloeWatchFunc func, gpointer data);
gssize floe_link_read (FloeLink *self, gchar *bytes, gsize length);
gssize floe_link_write (FloeLink *self, const struct iovec *pieces, gsize n_pieces);
void floe_link_end (FloeLink *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLink, floe_link_free)

G_END_DECLS
