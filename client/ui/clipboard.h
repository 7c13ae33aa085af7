/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <spice-client-gtk.h>

#include "api/policy.h"

G_BEGIN_DECLS

/**
 * FloeClipboard:
 *
 * The clipboard between a session and this computer, in the ways that the policy allows. It ends
 * with its last reference.
 */
#define FLOE_TYPE_CLIPBOARD (floe_clipboard_get_type ())
G_DECLARE_FINAL_TYPE (FloeClipboard, floe_clipboard, FLOE, CLIPBOARD, GObject)

FloeClipboard *floe_clipboard_new (SpiceSession *spice, FloeWay way);
void floe_clipboard_set_wish (FloeClipboard *self, FloeWay wish);
void floe_clipboard_set_share (FloeClipboard *self, gboolean share);

G_END_DECLS
