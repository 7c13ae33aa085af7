/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "terminal/report.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* What the broker takes. */
#define MAX_MONITORS 16
#define MAX_PROBLEM  256

static void
add_text (JsonBuilder *builder, const gchar *name, const gchar *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void
add_number (JsonBuilder *builder, const gchar *name, gint64 number)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, number);
}

static gchar *
finish (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/* Since when the machine runs, in seconds; the time that it slept counts, too. */
static gint64
get_uptime (void)
{
  g_autofree gchar *text = NULL;

  return g_file_get_contents ("/proc/uptime", &text, NULL, NULL)
             ? (gint64)g_ascii_strtod (text, NULL)
             : 0;
}

/* One line, and no longer than the broker takes: cut between characters. */
static gchar *
tame (const gchar *text)
{
  g_autofree gchar *good = g_utf8_make_valid (text, -1);
  gsize length = strlen (good);

  g_strdelimit (good, "\n\r\t", ' ');
  if (length > MAX_PROBLEM)
    *g_utf8_find_prev_char (good, good + MAX_PROBLEM + 1) = '\0';
  return g_steal_pointer (&good);
}

/**
 * floe_report_make:
 * @monitors: (nullable): what is plugged in, such as "1920x1080"
 * @problem: (nullable): what went wrong last
 * @revision: of the settings that this terminal goes by
 *
 * Returns: (transfer full): the body of a heartbeat
 */
gchar *
floe_report_make (const gchar *const *monitors, const gchar *problem, gint64 revision)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_text (builder, "version", FLOE_VERSION);
  add_number (builder, "uptime_seconds", get_uptime ());
  json_builder_set_member_name (builder, "monitors");
  json_builder_begin_array (builder);
  for (guint i = 0; monitors != NULL && monitors[i] != NULL && i < MAX_MONITORS; i++)
    json_builder_add_string_value (builder, monitors[i]);
  json_builder_end_array (builder);
  if (problem != NULL)
    {
      g_autofree gchar *line = tame (problem);

      add_text (builder, "problem", line);
    }
  add_number (builder, "revision", revision);
  return finish (builder);
}

/**
 * floe_report_make_unlocked:
 * @challenge: of the code that was used
 * @seconds_ago: since when
 *
 * Returns: (transfer full): the body that tells of it
 */
gchar *
floe_report_make_unlocked (const gchar *challenge, gint64 seconds_ago)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_text (builder, "challenge", challenge);
  add_number (builder, "seconds_ago", MAX (seconds_ago, 0));
  return finish (builder);
}
