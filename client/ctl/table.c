/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/table.h"

#include <glib/gi18n.h>

#define GAP 2

struct _FloeTable
{
  guint n_columns;
  GPtrArray *cells; /* row by row, the headings first */
};

/**
 * floe_table_new:
 * @first_heading: the first column's heading
 * @...: the other columns', then %NULL
 *
 * Returns: (transfer full): a table without rows
 */
FloeTable *
floe_table_new (const gchar *first_heading, ...)
{
  FloeTable *self = g_new0 (FloeTable, 1);
  va_list args;

  self->cells = g_ptr_array_new_with_free_func (g_free);
  va_start (args, first_heading);
  for (const gchar *heading = first_heading; heading != NULL; heading = va_arg (args, gchar *))
    floe_table_add (self, heading);
  va_end (args);
  self->n_columns = self->cells->len;
  return self;
}

/**
 * floe_table_new_with:
 * @headings: (array zero-terminated=1): untranslated
 *
 * Returns: (transfer full): a table without rows
 */
FloeTable *
floe_table_new_with (const gchar *const *headings)
{
  FloeTable *self = g_new0 (FloeTable, 1);

  self->cells = g_ptr_array_new_with_free_func (g_free);
  for (; *headings != NULL; headings++)
    floe_table_add (self, _ (*headings));
  self->n_columns = self->cells->len;
  return self;
}

void
floe_table_free (FloeTable *self)
{
  g_ptr_array_unref (self->cells);
  g_free (self);
}

/**
 * floe_tame:
 * @text: UTF-8 from somewhere else
 *
 * Returns: (transfer full): it on one line, with nothing in it that a terminal would obey
 */
gchar *
floe_tame (const gchar *text)
{
  g_autoptr (GString) tamed = g_string_new (NULL);

  for (const gchar *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar u = g_utf8_get_char (c);

      if (u == '\n' || u == '\t')
        u = ' ';
      g_string_append_unichar (tamed, g_unichar_isprint (u) ? u : '?');
    }
  return g_string_free (g_steal_pointer (&tamed), FALSE);
}

/**
 * floe_text_width:
 * @text: valid UTF-8
 *
 * Returns: how many columns of a terminal it takes
 */
guint
floe_text_width (const gchar *text)
{
  guint width = 0;

  for (const gchar *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar u = g_utf8_get_char (c);

      if (!g_unichar_iszerowidth (u))
        width += g_unichar_iswide (u) ? 2 : 1;
    }
  return width;
}

/**
 * floe_table_add:
 * @self: a table
 * @text: (nullable): the next cell's text, from left to right and row to row; %NULL is shown as "-"
 */
void
floe_table_add (FloeTable *self, const gchar *text)
{
  g_ptr_array_add (self->cells, floe_tame (text != NULL && *text != '\0' ? text : "-"));
}

/**
 * floe_table_to_string:
 * @self: a table whose last row is full
 *
 * Returns: (transfer full): its lines
 */
gchar *
floe_table_to_string (FloeTable *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree guint *widths = g_new0 (guint, self->n_columns);

  for (guint i = 0; i < self->cells->len; i++)
    widths[i % self->n_columns] =
        MAX (widths[i % self->n_columns], floe_text_width (g_ptr_array_index (self->cells, i)));
  for (guint i = 0; i < self->cells->len; i++)
    {
      const gchar *cell = g_ptr_array_index (self->cells, i);
      guint column = i % self->n_columns;
      guint fill = widths[column] - floe_text_width (cell) + GAP;

      g_string_append (text, cell);
      if (column == self->n_columns - 1)
        g_string_append_c (text, '\n');
      else
        g_string_append_printf (text, "%*s", (int)fill, "");
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
floe_table_print (FloeTable *self)
{
  g_autofree gchar *text = floe_table_to_string (self);

  g_print ("%s", text);
}
