/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/make-session.h"

#include "session/spice-session.h"
#include "vnc/vnc-session.h"

/**
 * floe_make_session:
 *
 * A #FloeSessionMaker for every kind of display that there is.
 */
FloeSession *
floe_make_session (const FloeConnection *connection, FloeLogTap *tap)
{
  if (connection->protocol == FLOE_PROTOCOL_VNC)
    return floe_vnc_session_new (connection, tap);
  return floe_spice_session_new (connection, tap);
}
