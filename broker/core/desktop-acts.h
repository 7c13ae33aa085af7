/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/transition.h"

G_BEGIN_DECLS

/**
 * FloeDesktopAct:
 * @FLOE_DESKTOP_SHUT_DOWN: its guest is asked to shut down, and switched off if it does not
 * @FLOE_DESKTOP_RESTART: the same, and started again when it is off
 * @FLOE_DESKTOP_FORCE_OFF: its plug is pulled
 * @FLOE_DESKTOP_RESET: what was done in it is forgotten, and with it who had it; a floating one's
 *   only, or one that is broken
 * @FLOE_DESKTOP_LOG_OFF: whoever is logged in to its guest is logged off, by its agent; a guest
 *   without one is shut down. It stays its holder's, unless its pool ends the lease with that
 *
 * What is done with one desktop, by the staff or by its holder.
 */
typedef enum
{
  FLOE_DESKTOP_SHUT_DOWN,
  FLOE_DESKTOP_RESTART,
  FLOE_DESKTOP_FORCE_OFF,
  FLOE_DESKTOP_RESET,
  FLOE_DESKTOP_LOG_OFF,
} FloeDesktopAct;

const gchar *floe_desktop_act_name (FloeDesktopAct act);
gboolean floe_desktop_act_from_name (const gchar *name, FloeDesktopAct *act);
gboolean floe_desktop_act_run (FloeChange *change, FloeTx *tx, FloeDesktopAct act,
                               const FloeCause *cause, GError **error);

G_END_DECLS
