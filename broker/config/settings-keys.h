/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/checks.h"

G_BEGIN_DECLS

/**
 * FloeKeyType:
 * @FLOE_KEY_STRING: the field is a `gchar *`
 * @FLOE_KEY_LIST: items with ";" between them; the field is a `GStrv`
 * @FLOE_KEY_BOOLEAN: "yes" or "no"; the field is a `gboolean`
 * @FLOE_KEY_NUMBER: the field is a `guint`
 * @FLOE_KEY_DURATION: a number of seconds, or with one of the units s, min, h, d; the field is a
 *   `guint` of seconds
 * @FLOE_KEY_CERTIFICATES: the path of a PEM file; the field is a `gchar *` with its certificates
 */
typedef enum
{
  FLOE_KEY_STRING,
  FLOE_KEY_LIST,
  FLOE_KEY_BOOLEAN,
  FLOE_KEY_NUMBER,
  FLOE_KEY_DURATION,
  FLOE_KEY_CERTIFICATES,
} FloeKeyType;

/**
 * FloeSettingsKey:
 * @section: the section; "host" stands for all `[host NAME]`, and "manager" for all `[manager
 * NAME]`
 * @key: the key
 * @type: how it is read
 * @required: whether it must be given
 * @fallback: (nullable): what holds when it is not given, as it would be written
 * @min: the least number
 * @max: the greatest number
 * @expected: what it must be; numbers and durations say it by @min and @max
 * @check: (nullable): what a string or each item of a list must meet besides
 * @offset: of the field in the section's struct
 * @discreet: people may put a secret here by mistake: what is no absolute path is not repeated
 *
 * One row of the table of everything that can be configured.
 */
typedef struct
{
  const gchar *section;
  const gchar *key;
  FloeKeyType type;
  gboolean required;
  const gchar *fallback;
  guint min;
  guint max;
  const gchar *expected;
  FloeCheck check;
  gsize offset;
  gboolean discreet;
} FloeSettingsKey;

const FloeSettingsKey *floe_settings_keys (guint *n_keys);
gboolean floe_settings_has_section (const gchar *name);
const FloeSettingsKey *floe_settings_find_key (const gchar *section, const gchar *key);
const gchar *floe_settings_nearest_key (const gchar *section, const gchar *key);
const gchar *floe_settings_nearest_section (const gchar *name);
gchar *floe_settings_key_expectation (const FloeSettingsKey *key);
gboolean floe_settings_parse_duration (const gchar *value, guint *seconds);

G_END_DECLS
