/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session/session.h"

G_BEGIN_DECLS

/* What somebody else sees and does in a session whose display speaks SPICE, see #FloeSessionClass.
 */

GdkPixbuf *floe_spice_hands_capture (FloeSession *session);
void floe_spice_hands_press_key (FloeSession *session, guint code, gboolean down);
void floe_spice_hands_move_pointer (FloeSession *session, gint x, gint y, guint buttons);
void floe_spice_hands_press_button (FloeSession *session, guint button, gboolean down,
                                    guint buttons);

G_END_DECLS
