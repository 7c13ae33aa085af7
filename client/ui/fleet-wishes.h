/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kiosk/bar.h"
#include "settings/managed.h"
#include "ui/flow.h"

G_BEGIN_DECLS

/**
 * FloeFleetTargets:
 * @managed: what the settings are by default
 * @window: the pages
 * @flow: what is behind them
 * @bar: what is below them
 * @idle_seconds: what is gone by where nothing is set
 *
 * What of a terminal follows its fleet's settings; borrowed.
 */
typedef struct
{
  FloeManaged *managed;
  FloeWindow *window;
  FloeFlow *flow;
  FloeBar *bar;
  guint idle_seconds;
} FloeFleetTargets;

void floe_fleet_wishes_apply (const FloeFleetTargets *targets);
void floe_fleet_wishes_apply_language (const FloeFleetTargets *targets);

G_END_DECLS
