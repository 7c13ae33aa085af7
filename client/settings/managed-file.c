/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "settings/managed.h"

/* client.conf is read line by line, because GKeyFile tells no line numbers:
 *
 *   # a comment
 *   [settings]
 *   server = https://desktops.example.org
 *   monitors = DP-1; HDMI-1
 */

#define MAX_BYTES ((gsize)64 * 1024)

typedef struct
{
  FloeManaged *managed;
  const gchar *path;
  guint line;
  gboolean in_group;
} Reader;

static void G_GNUC_PRINTF (2, 3) complain (Reader *reader, const gchar *format, ...)
{
  g_autofree gchar *text = NULL;
  g_autofree gchar *placed = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (reader->line > 0)
    placed = g_strdup_printf ("%s:%u: %s", reader->path, reader->line, text);
  else
    placed = g_strdup_printf ("%s: %s", reader->path, text);
  floe_managed_add_problem (reader->managed, placed);
}

static void
read_group (Reader *reader, const gchar *line)
{
  reader->in_group = g_str_equal (line, "[settings]");
  if (!reader->in_group)
    complain (reader, _ ("there is only one group, [settings]"));
}

static void
read_entry (Reader *reader, gchar *line)
{
  gchar *equals = strchr (line, '=');
  g_autofree gchar *problem = NULL;

  if (equals == NULL)
    {
      complain (reader, _ ("got “%.100s”, expected a name, “=” and a value"), line);
      return;
    }
  if (!reader->in_group)
    {
      complain (reader, _ ("this stands outside of [settings]"));
      return;
    }
  *equals = '\0';
  if (!floe_managed_set_text (reader->managed, g_strchomp (line), g_strchug (equals + 1), &problem))
    complain (reader, "%s", problem);
}

static void
read_text (Reader *reader, const gchar *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      gchar *line = g_strstrip (lines[i]);

      reader->line = i + 1;
      if (*line == '[')
        read_group (reader, line);
      else if (*line != '\0' && *line != '#')
        read_entry (reader, line);
    }
}

/**
 * floe_managed_read_file:
 * @self: the settings
 * @path: a file, which need not be there
 *
 * Takes what the file says, and notes what is wrong with it.
 */
void
floe_managed_read_file (FloeManaged *self, const gchar *path)
{
  Reader reader = { self, path, 0, FALSE };
  g_autofree gchar *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_return_if_fail (FLOE_IS_MANAGED (self));

  if (!g_file_get_contents (path, &text, &length, &error))
    {
      if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        complain (&reader, "%s", error->message);
    }
  else if (length > MAX_BYTES)
    complain (&reader, _ ("the file is too large"));
  else if (!g_utf8_validate (text, (gssize)length, NULL))
    complain (&reader, _ ("the file is not UTF-8"));
  else
    read_text (&reader, text);
}
