/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "util/report.h"

struct _FloeReport
{
  FloeReportPrint print;
  gpointer data;
  guint wrong;
  guint warnings;
};

/**
 * floe_report_print_line:
 *
 * For a program whose output the report is.
 */
void
floe_report_print_line (const gchar *line, gpointer unused)
{
  g_print ("%s\n", line);
}

FloeReport *
floe_report_new (FloeReportPrint print, gpointer data)
{
  FloeReport *self = g_new0 (FloeReport, 1);

  self->print = print;
  self->data = data;
  return self;
}

void
floe_report_free (FloeReport *self)
{
  g_free (self);
}

/* What a server or a certificate says may hold anything. */
static gchar *
tame (const gchar *text)
{
  g_autofree gchar *valid = g_utf8_make_valid (text, -1);
  GString *tamed = g_string_new (NULL);

  for (const gchar *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean odd = g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT;

      g_string_append_unichar (tamed, odd ? '?' : c);
    }
  return g_string_free (tamed, FALSE);
}

static void say (FloeReport *self, const gchar *mark, const gchar *change, const gchar *format,
                 va_list args) G_GNUC_PRINTF (4, 0);

static void
say (FloeReport *self, const gchar *mark, const gchar *change, const gchar *format, va_list args)
{
  g_autofree gchar *what = g_strdup_vprintf (format, args);
  g_autofree gchar *whole = g_strconcat (mark, what, change != NULL ? " — " : NULL, change, NULL);
  g_autofree gchar *tamed = tame (whole);

  self->print (tamed, self->data);
}

void
floe_report_head (FloeReport *self, const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  say (self, "", NULL, format, args);
  va_end (args);
}

void
floe_report_ok (FloeReport *self, const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  say (self, "ok: ", NULL, format, args);
  va_end (args);
}

/**
 * floe_report_warn:
 * @change: what to change, with the configuration's key where it is one
 * @format: what is doubtful
 */
void
floe_report_warn (FloeReport *self, const gchar *change, const gchar *format, ...)
{
  va_list args;

  self->warnings++;
  va_start (args, format);
  say (self, "warning: ", change, format, args);
  va_end (args);
}

/**
 * floe_report_wrong:
 * @change: what to change, with the configuration's key where it is one
 * @format: what does not work
 */
void
floe_report_wrong (FloeReport *self, const gchar *change, const gchar *format, ...)
{
  va_list args;

  self->wrong++;
  va_start (args, format);
  say (self, "wrong: ", change, format, args);
  va_end (args);
}

/**
 * floe_report_is_fine:
 *
 * Returns: whether nothing is wrong; warnings are not
 */
gboolean
floe_report_is_fine (const FloeReport *self)
{
  return self->wrong == 0;
}

/**
 * floe_report_end:
 *
 * Sums up.
 *
 * Returns: as floe_report_is_fine()
 */
gboolean
floe_report_end (FloeReport *self)
{
  floe_report_head (self, "%u wrong, %u to look at", self->wrong, self->warnings);
  return floe_report_is_fine (self);
}
