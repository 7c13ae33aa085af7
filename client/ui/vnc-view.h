/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/guest-view.h"
#include "vnc/vnc-session.h"

G_BEGIN_DECLS

/**
 * FloeVncView:
 *
 * A #FloeGuestView of a VNC display. It cannot tell the guest how large to be.
 */
#define FLOE_TYPE_VNC_VIEW (floe_vnc_view_get_type ())
G_DECLARE_FINAL_TYPE (FloeVncView, floe_vnc_view, FLOE, VNC_VIEW, GObject)

FloeGuestView *floe_vnc_view_new (FloeSession *session);

G_END_DECLS
