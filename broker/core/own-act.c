/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/own-act.h"

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
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (names[i], name) == 0)
      {
        *act = (FloeOwnAct)i;
        return TRUE;
      }
  return FALSE;
}
