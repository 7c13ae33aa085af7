/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "metrics/exposition.h"

#include <math.h>
#include <string.h>
/* Up to here a double has each whole number. */
#define MAX_WHOLE 9007199254740992.0

static void
append_escaped (GString *out, const gchar *text, gboolean quoted)
{
  if (strpbrk (text, "\\\n\"") == NULL)
    {
      g_string_append (out, text);
      return;
    }
  for (const gchar *at = text; *at != '\0'; at++)
    {
      if (*at == '\\')
        g_string_append (out, "\\\\");
      else if (*at == '\n')
        g_string_append (out, "\\n");
      else if (*at == '"' && quoted)
        g_string_append (out, "\\\"");
      else
        g_string_append_c (out, *at);
    }
}

/**
 * floe_exposition_format_number:
 * @value: any number
 * @text: (out caller-allocates): room for it
 *
 * Writes the shorter of two spellings that is read as the same number. Whole numbers, which most
 * are, take the short way.
 */
void
floe_exposition_format_number (gdouble value, gchar text[FLOE_NUMBER_BYTES])
{
  if (isnan (value))
    g_strlcpy (text, "NaN", FLOE_NUMBER_BYTES);
  else if (isinf (value))
    g_strlcpy (text, value > 0 ? "+Inf" : "-Inf", FLOE_NUMBER_BYTES);
  else if (fabs (value) < MAX_WHOLE && value == floor (value))
    g_snprintf (text, FLOE_NUMBER_BYTES, "%" G_GINT64_FORMAT, (gint64)value);
  else
    {
      g_ascii_formatd (text, FLOE_NUMBER_BYTES, "%.15g", value);
      if (g_ascii_strtod (text, NULL) != value)
        g_ascii_formatd (text, FLOE_NUMBER_BYTES, "%.17g", value);
    }
}

/**
 * floe_exposition_write_head:
 * @name: a metric's name
 * @type: "counter", "gauge" or "histogram"
 * @help: what it is, in words
 *
 * Writes what stands before the samples of a metric.
 */
void
floe_exposition_write_head (GString *out, const gchar *name, const gchar *type, const gchar *help)
{
  g_string_append_printf (out, "# HELP %s ", name);
  append_escaped (out, help, FALSE);
  g_string_append_printf (out, "\n# TYPE %s %s\n", name, type);
}

static void
append_label (GString *out, const gchar *name, const gchar *value, gboolean *first)
{
  g_string_append_c (out, *first ? '{' : ',');
  g_string_append (out, name);
  g_string_append (out, "=\"");
  append_escaped (out, value, TRUE);
  g_string_append_c (out, '"');
  *first = FALSE;
}

/**
 * floe_exposition_write_sample:
 * @sample: what it is about
 * @value: how much
 *
 * Writes one line. It has no time stamp: it is of now.
 */
void
floe_exposition_write_sample (GString *out, const FloeSample *sample, gdouble value)
{
  gchar number[FLOE_NUMBER_BYTES];
  gboolean first = TRUE;

  g_string_append (out, sample->name);
  g_string_append (out, sample->suffix);
  for (gsize i = 0; sample->labels != NULL && sample->labels[i] != NULL; i++)
    if (*sample->values[i] != '\0')
      append_label (out, sample->labels[i], sample->values[i], &first);
  if (sample->bucket != NULL)
    append_label (out, "le", sample->bucket, &first);
  g_string_append (out, first ? " " : "} ");
  floe_exposition_format_number (value, number);
  g_string_append (out, number);
  g_string_append_c (out, '\n');
}
