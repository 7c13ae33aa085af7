/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SpiceLink:
 *
 * One main channel of a SPICE server, opened by hand: the smallest client that can show whether a
 * ticket lets somebody in. Blocking, for servers on this machine.
 */
typedef struct _SpiceLink SpiceLink;

/**
 * SpiceLinkResult:
 * @SPICE_LINK_IN: the server took the ticket
 * @SPICE_LINK_REFUSED: the server answered that the ticket is wrong
 * @SPICE_LINK_FAILED: no TCP, no TLS, or no SPICE server
 */
typedef enum
{
  SPICE_LINK_IN,
  SPICE_LINK_REFUSED,
  SPICE_LINK_FAILED,
} SpiceLinkResult;

SpiceLink *spice_link_new (const gchar *host, guint16 port, const gchar *ca, const gchar *ticket,
                           SpiceLinkResult *result);
void spice_link_free (SpiceLink *self);
gchar *spice_link_get_peer (SpiceLink *self);
gboolean spice_link_is_open (SpiceLink *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpiceLink, spice_link_free)

G_END_DECLS
