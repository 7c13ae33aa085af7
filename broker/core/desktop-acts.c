/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/desktop-acts.h"

#include "core/ends.h"
#include "core/error.h"
#include "core/names.h"

static const gchar *const act_names[] = { "shut-down", "restart", "force-off", "reset", "log-off" };

const gchar *
floe_desktop_act_name (FloeDesktopAct act)
{
  return (guint)act < G_N_ELEMENTS (act_names) ? act_names[act] : "unknown";
}

gboolean
floe_desktop_act_from_name (const gchar *name, FloeDesktopAct *act)
{
  gint found = floe_names_find (act_names, G_N_ELEMENTS (act_names), name);

  if (found >= 0)
    *act = (FloeDesktopAct)found;
  return found >= 0;
}

/* Why it does not fit, in words for whoever asked for it. */
static void
set_unfit (const FloeDesktop *desktop, FloeDesktopAct act, GError **error)
{
  const FloeFacts *facts = &desktop->facts;
  const gchar *name = desktop->name;

  if (facts->intent != FLOE_INTENT_NONE)
    g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
                 "desktop %s: something is under way already: %s", name,
                 floe_intent_name (facts->intent));
  else if (act == FLOE_DESKTOP_RESET)
    g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
                 "desktop %s is clean, and nobody has it: there is nothing to reset", name);
  else if (facts->power == FLOE_POWER_UNKNOWN)
    g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
                 "desktop %s: nobody knows whether it runs: its host does not answer", name);
  else
    g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT, "desktop %s is %s, not on", name,
                 floe_power_name (facts->power));
}

static FloeEvent
choose_event (const FloeDesktop *desktop, FloeDesktopAct act)
{
  if (act == FLOE_DESKTOP_FORCE_OFF)
    return FLOE_EVENT_FORCE_OFF_DUE;
  if (act != FLOE_DESKTOP_RESET)
    return FLOE_EVENT_SHUT_DOWN_DUE;
  return desktop->facts.lease == FLOE_LEASE_NONE ? FLOE_EVENT_RESET_DUE : FLOE_EVENT_RELEASE;
}

/* What stays its user's at its engine is not reset: it is given back, if it was not yet. */
static gboolean
has_nothing_to_reset (const FloeDesktop *desktop, FloeEvent event)
{
  return event == FLOE_EVENT_RESET_DUE
         && floe_desktop_get_nature (desktop) == FLOE_NATURE_ENGINE_KEPT
         && !floe_desktop_is_owed (desktop);
}

/* Done by whichever broker leads, as a timer that is due. An engine takes back what is switched
 * off, so there a restart is one of the guest alone. */
static gboolean
ask_guest (FloeChange *change, FloeTx *tx, FloeDesktopAct act, const FloeCause *cause,
           GError **error)
{
  const FloeDesktop *desktop = change->desktop;

  if (desktop->lease == NULL)
    floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "not-held", "desktop %s: nobody has it",
                           desktop->name);
  else if (desktop->facts.power != FLOE_POWER_ON)
    floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "not-running", "desktop %s is %s, not on",
                           desktop->name, floe_power_name (desktop->facts.power));
  else
    return act == FLOE_DESKTOP_RESTART ? floe_ends_plan_reboot (change, tx, cause->now, error)
                                       : floe_ends_plan_log_off (change, tx, cause->now, error);
  return FALSE;
}

/**
 * floe_desktop_act_run:
 * @change: a desktop
 * @act: what is done with it
 * @cause: who wants it, and what its holder is told
 *
 * Begins it; floe_change_save() is the caller's.
 *
 * Returns: %FALSE with %FLOE_ERROR_CONFLICT when it does not fit what the desktop is doing, or a
 *   store's error
 */
gboolean
floe_desktop_act_run (FloeChange *change, FloeTx *tx, FloeDesktopAct act, const FloeCause *cause,
                      GError **error)
{
  const FloeDesktop *desktop = change->desktop;
  FloeEvent event = choose_event (desktop, act);
  g_autoptr (GError) why = NULL;

  if (act == FLOE_DESKTOP_LOG_OFF || (act == FLOE_DESKTOP_RESTART && desktop->engine))
    return ask_guest (change, tx, act, cause, error);
  if (act == FLOE_DESKTOP_RESET && desktop->facts.lease != FLOE_LEASE_NONE
      && desktop->kind != FLOE_POOL_FLOATING)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
                   "desktop %s is %s's for good; release it instead", desktop->name,
                   desktop->lease->holder_name);
      return FALSE;
    }
  if (has_nothing_to_reset (desktop, event))
    {
      set_unfit (desktop, act, error);
      return FALSE;
    }
  if (floe_change_event (change, tx, event, cause, &why))
    return act != FLOE_DESKTOP_RESTART || floe_ends_plan_restart (change, tx, cause->now, error);
  if (g_error_matches (why, FLOE_ERROR, FLOE_ERROR_CONFLICT))
    set_unfit (desktop, act, error);
  else
    g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}
