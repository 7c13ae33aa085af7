/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * FloeSettingRow:
 * @key: the key
 * @title: what it is called, with a mnemonic
 * @detail: (nullable): what it does, a sentence
 *
 * One setting of a page, as a row of a group: words, and what it is set by. A key that is an
 * administrator's is insensitive and says so.
 */
typedef struct
{
  const gchar *key;
  const gchar *title;
  const gchar *detail;
} FloeSettingRow;

/**
 * FloeSettingChoice:
 * @id: the value
 * @label: what people call it
 */
typedef struct
{
  const gchar *id;
  const gchar *label;
} FloeSettingChoice;

/* Returns: (transfer full) (element-type FloeSettingChoice) */
typedef GArray *(*FloeSettingList) (void);

GtkWidget *floe_setting_row_new (GSettings *settings, const FloeSettingRow *row,
                                 GtkWidget *control);
GtkWidget *floe_setting_row_new_switch (GSettings *settings, const FloeSettingRow *row);
GtkWidget *floe_setting_choice_new (GSettings *settings, const gchar *key, GArray *choices);
GtkWidget *floe_setting_choice_new_lazy (GSettings *settings, const gchar *key, const gchar *usual,
                                         FloeSettingList list, gint n_columns);

G_END_DECLS
