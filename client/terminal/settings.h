/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/broker-terminal.h"

G_BEGIN_DECLS

/**
 * FloeTerminalSettings:
 * @revision: a later one is greater; 0 for none
 * @idle_minutes: -1 where nothing is set; 0 for never
 * @pool: (nullable): what is opened by itself
 * @language: (nullable)
 * @keyboard: (nullable)
 * @monitors: (nullable): "all" or "one"
 * @volume: -1 where nothing is set
 * @login_parts: (nullable): what the log-in page shows
 * @unlock: (nullable): "end" or "never"
 *
 * What an administrator set for this terminal.
 */
typedef struct
{
  gint64 revision;
  gint idle_minutes;
  gchar *pool;
  gchar *domain;
  gchar *language;
  gchar *keyboard;
  gchar *monitors;
  gint volume;
  GStrv login_parts;
  gchar *unlock;
} FloeTerminalSettings;

FloeTerminalSettings *floe_terminal_settings_new (void);
void floe_terminal_settings_free (FloeTerminalSettings *self);

FloeTerminalSettings *floe_terminal_settings_open (const FloeTrust *trust, const gchar *text,
                                                   const gchar *signature, gint64 least,
                                                   GError **error);
FloeTerminalSettings *floe_terminal_settings_load (const gchar *dir, const FloeTrust *trust);
gboolean floe_terminal_settings_save (const gchar *dir, const gchar *text, const gchar *signature,
                                      GError **error);
void floe_terminal_settings_forget (const gchar *dir);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTerminalSettings, floe_terminal_settings_free)

G_END_DECLS
