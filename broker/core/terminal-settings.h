/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The terminal group whose settings are those of all terminals, whatever groups they are in. */
#define FLOE_TERMINAL_GROUP_ALL "all"

/**
 * FloeSettingKind:
 * @FLOE_SETTING_INT: a #GVariant "x", from @least to @most
 * @FLOE_SETTING_TEXT: "s", of 1 to @most bytes
 * @FLOE_SETTING_WORD: "s", one of @words
 * @FLOE_SETTING_WORDS: "as", each one of @words, none of them twice
 */
typedef enum
{
  FLOE_SETTING_INT,
  FLOE_SETTING_TEXT,
  FLOE_SETTING_WORD,
  FLOE_SETTING_WORDS,
} FloeSettingKind;

/**
 * FloeSettingKey:
 * @name: as everybody writes it
 * @chars: (nullable): what a text is made of
 * @expected: what a value is, for people
 *
 * One thing that can be set. In static memory.
 */
typedef struct
{
  const gchar *name;
  FloeSettingKind kind;
  gint64 least;
  gint64 most;
  const gchar *words[9];
  const gchar *chars;
  const gchar *expected;
} FloeSettingKey;

const FloeSettingKey *floe_setting_keys (guint *n_keys);

/**
 * FloeTerminalSettings:
 * @of_group: of a group of terminals, not of one terminal
 * @name: the group's or terminal's
 * @revision: when it was changed last, in seconds since 1970 UTC, and never the same twice; 0 for
 *   never
 * @values: what is set: "a{sv}" in the order of the keys; the rest is not
 *
 * What an administrator set.
 */
typedef struct
{
  gboolean of_group;
  gchar *name;
  gint64 revision;
  GVariant *values;
} FloeTerminalSettings;

FloeTerminalSettings *floe_terminal_settings_new (gboolean of_group, const gchar *name);
FloeTerminalSettings *floe_terminal_settings_copy (const FloeTerminalSettings *self);
gchar *floe_terminal_settings_tag (const FloeTerminalSettings *self);
void floe_terminal_settings_free (FloeTerminalSettings *self);
void floe_terminal_settings_take (FloeTerminalSettings *self, GVariant *values);

gboolean floe_setting_values_check (GVariant *values, GError **error);
GVariant *floe_setting_values_merge (GVariant *below, GVariant *above);
GStrv floe_setting_values_diff (GVariant *before, GVariant *after);
gchar *floe_setting_values_pack (GVariant *values);
GVariant *floe_setting_values_unpack (const gchar *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTerminalSettings, floe_terminal_settings_free)

G_END_DECLS
