/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * VncLink:
 *
 * A client of a VNC server, opened by hand, as far as to its first message. Blocking, for servers
 * on this machine.
 */
typedef struct _VncLink VncLink;

VncLink *vnc_link_new (const gchar *host, guint16 port, const gchar *password, gboolean shared);
void vnc_link_free (VncLink *self);
gboolean vnc_link_is_open (VncLink *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VncLink, vnc_link_free)

G_END_DECLS
