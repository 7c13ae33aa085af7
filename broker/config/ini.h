/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "config/problems.h"

G_BEGIN_DECLS

/**
 * FloeIniEntry:
 * @key: left of the first equals sign
 * @value: right of it, without the blanks around it; may be empty
 * @line: where, counted from 1
 */
typedef struct
{
  gchar *key;
  gchar *value;
  guint line;
} FloeIniEntry;

/**
 * FloeIniSection:
 * @name: between the brackets
 * @line: where it begins, counted from 1
 * @entries: (element-type FloeIniEntry): in the order of the file, each key once
 */
typedef struct
{
  gchar *name;
  guint line;
  GPtrArray *entries;
} FloeIniSection;

GPtrArray *floe_ini_parse (const gchar *bytes, gsize length, FloeProblems *problems);
const FloeIniEntry *floe_ini_section_find (const FloeIniSection *section, const gchar *key);

G_END_DECLS
