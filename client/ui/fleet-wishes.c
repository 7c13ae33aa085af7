/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/fleet-wishes.h"

#include "ui/keyboard.h"
#include "ui/language.h"

/* What cannot be had is told where the helpdesk sees it, beside the terminal's state. */
static void
set_default (const FloeFleetTargets *targets, const gchar *key, const gchar *text)
{
  g_autofree gchar *problem = NULL;

  if (floe_managed_set_default (targets->managed, key, text, &problem))
    return;
  g_info ("a setting of this terminal: %s", problem);
  floe_flow_set_fleet_problem (targets->flow, problem);
}

static void
apply_keyboard (const FloeFleetTargets *targets, const gchar *layout)
{
  set_default (targets, FLOE_SETTING_KEYBOARD_LAYOUT, layout);
  if (layout != NULL && !floe_keyboard_may_choose ())
    floe_flow_set_fleet_problem (targets->flow,
                                 "the keyboard layout can be set with X and setxkbmap only");
}

/**
 * floe_fleet_wishes_apply:
 * @targets: what follows; its flow is a terminal's of a fleet
 *
 * Does at once what an administrator set for this terminal, whoever is at it; all but the language,
 * whose change makes the pages anew.
 */
void
floe_fleet_wishes_apply (const FloeFleetTargets *targets)
{
  const FloeTerminalSettings *wishes = floe_flow_get_fleet_settings (targets->flow);
  const gchar *const *parts;

  if (wishes == NULL)
    return;
  parts = (const gchar *const *)wishes->login_parts;
  floe_flow_set_idle_seconds (targets->flow, wishes->idle_minutes >= 0
                                                 ? (guint)wishes->idle_minutes * 60
                                                 : targets->idle_seconds);
  apply_keyboard (targets, wishes->keyboard);
  if (g_strcmp0 (wishes->monitors, "one") == 0)
    set_default (targets, FLOE_SETTING_MONITORS, "");
  else
    set_default (targets, FLOE_SETTING_MONITORS, wishes->monitors);
  floe_bar_set_loudness (targets->bar, wishes->volume);
  floe_bar_set_parts (targets->bar, parts);
  floe_page_login_set_parts (floe_window_get_login_page (targets->window), parts);
}

/**
 * floe_fleet_wishes_apply_language:
 * @targets: what follows; nobody is at it
 */
void
floe_fleet_wishes_apply_language (const FloeFleetTargets *targets)
{
  const FloeTerminalSettings *wishes = floe_flow_get_fleet_settings (targets->flow);
  g_autofree gchar *language = wishes != NULL && wishes->language != NULL
                                   ? floe_language_from_locale (wishes->language)
                                   : NULL;

  set_default (targets, FLOE_SETTING_LANGUAGE, language);
}
