/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FloeOwnAct:
 * @FLOE_OWN_RESTART: its guest is asked to shut down, switched off if it does not, and started
 * again
 * @FLOE_OWN_SHUT_DOWN: the same, and left off until its holder connects again
 * @FLOE_OWN_FORCE_OFF: its plug is pulled
 * @FLOE_OWN_FRESH: it is given back, and another one of its floating pool is taken instead
 *
 * What the holder of a desktop does with it, where its pool allows that.
 */
typedef enum
{
  FLOE_OWN_RESTART,
  FLOE_OWN_SHUT_DOWN,
  FLOE_OWN_FORCE_OFF,
  FLOE_OWN_FRESH,
} FloeOwnAct;

const gchar *floe_own_act_name (FloeOwnAct act);
gboolean floe_own_act_from_name (const gchar *name, FloeOwnAct *act);

G_END_DECLS
