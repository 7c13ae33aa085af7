/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeLink:
 * @server: the server's address, as floe_broker_normalize_url() has it
 * @pool: (nullable): the pool that a desktop is wanted of
 * @desktop: (nullable): the name of a desktop that the person has
 *
 * What a link says: floe://SERVER, floe://SERVER/pool/NAME or floe://SERVER/desktop/NAME. The
 * server is always reached by https.
 */
typedef struct
{
  gchar *server;
  gchar *pool;
  gchar *desktop;
} FloeLink;

gboolean floe_link_is_one (const gchar *text);
FloeLink *floe_link_parse (const gchar *text, GError **error);
void floe_link_free (FloeLink *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLink, floe_link_free)

G_END_DECLS
