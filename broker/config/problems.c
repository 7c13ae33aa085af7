/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "config/problems.h"

typedef struct
{
  guint line;
  guint order;
  gchar *text;
} Problem;

struct _FloeProblems
{
  gchar *file;
  GPtrArray *found;
};

static void
problem_free (Problem *problem)
{
  g_free (problem->text);
  g_free (problem);
}

/**
 * floe_problems_new:
 * @file: the file as the administrator named it
 *
 * Returns: (transfer full): an empty collection
 */
FloeProblems *
floe_problems_new (const gchar *file)
{
  FloeProblems *self = g_new0 (FloeProblems, 1);

  self->file = g_strdup (file);
  self->found = g_ptr_array_new_with_free_func ((GDestroyNotify)problem_free);
  return self;
}

void
floe_problems_free (FloeProblems *self)
{
  g_free (self->file);
  g_ptr_array_unref (self->found);
  g_free (self);
}

/**
 * floe_problems_add:
 * @self: the collection
 * @line: counted from 1; 0 when it is about the file as a whole
 * @format: what is wrong and what is expected
 * @...: its arguments
 */
void
floe_problems_add (FloeProblems *self, guint line, const gchar *format, ...)
{
  Problem *problem = g_new0 (Problem, 1);
  va_list args;

  va_start (args, format);
  problem->text = g_strdup_vprintf (format, args);
  va_end (args);
  problem->line = line;
  problem->order = self->found->len;
  g_ptr_array_add (self->found, problem);
}

guint
floe_problems_count (const FloeProblems *self)
{
  return self->found->len;
}

static gint
compare_problems (gconstpointer a, gconstpointer b)
{
  const Problem *left = *(const Problem *const *)a;
  const Problem *right = *(const Problem *const *)b;

  if (left->line != right->line)
    return left->line < right->line ? -1 : 1;
  return left->order < right->order ? -1 : left->order > right->order;
}

/**
 * floe_problems_to_strings:
 * @self: the collection
 *
 * Returns: (transfer full) (element-type utf8): `FILE:LINE: text`, or `FILE: text` where there is
 *   no line; in the order of the file
 */
GPtrArray *
floe_problems_to_strings (FloeProblems *self)
{
  GPtrArray *strings = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_sort (self->found, compare_problems);
  for (guint i = 0; i < self->found->len; i++)
    {
      const Problem *problem = self->found->pdata[i];

      g_ptr_array_add (
          strings, problem->line == 0
                       ? g_strdup_printf ("%s: %s", self->file, problem->text)
                       : g_strdup_printf ("%s:%u: %s", self->file, problem->line, problem->text));
    }
  return strings;
}
