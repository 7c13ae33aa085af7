/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <spice-client-gtk.h>

#include "session/spice-session.h"
#include "ui/guest-view.h"

G_BEGIN_DECLS

/**
 * FloeSpiceView:
 *
 * A #FloeGuestView of a SPICE display.
 */
#define FLOE_TYPE_SPICE_VIEW (floe_spice_view_get_type ())
G_DECLARE_FINAL_TYPE (FloeSpiceView, floe_spice_view, FLOE, SPICE_VIEW, GObject)

FloeGuestView *floe_spice_view_new (FloeSession *session, guint channel_id, guint monitor_id);

G_END_DECLS
