/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/ini.h"
#include "config/problems.h"
#include "config/settings.h"

G_BEGIN_DECLS

/**
 * FloeSettingsLoader:
 * @problems: what is wrong so far
 * @sections: (element-type FloeIniSection): of the file
 * @settings: what they say
 *
 * A configuration that is being read; for settings.c and its parts.
 */
typedef struct
{
  FloeProblems *problems;
  GPtrArray *sections;
  FloeSettings *settings;
} FloeSettingsLoader;

const FloeIniSection *floe_settings_find_section (const FloeSettingsLoader *loader,
                                                  const gchar *name);
void floe_settings_add_problem (FloeSettingsLoader *loader, const FloeIniSection *section,
                                const FloeIniEntry *entry, const gchar *value,
                                const gchar *expected, const gchar *why);
void floe_settings_check_whole (FloeSettingsLoader *loader);

G_END_DECLS
