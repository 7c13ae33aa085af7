/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/own-act.h"

#include "core/names.h"

static const gchar *const names[] = {
  [FLOE_OWN_RESTART] = "restart",
  [FLOE_OWN_SHUT_DOWN] = "shut-down",
  [FLOE_OWN_FORCE_OFF] = "force-off",
  [FLOE_OWN_FRESH] = "fresh",
};

const gchar *
floe_own_act_name (FloeOwnAct act)
{
  return (guint)act < G_N_ELEMENTS (names) ? names[act] : "unknown";
}

gboolean
floe_own_act_from_name (const gchar *name, FloeOwnAct *act)
{
  gint found = floe_names_find (names, G_N_ELEMENTS (names), name);

  if (found >= 0)
    *act = (FloeOwnAct)found;
  return found >= 0;
}
