/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/json-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "api/json-guard.h"
#include "ctl/command.h"

/**
 * floe_json_file_read:
 * @file: where from; "-" for the standard input
 * @shown: what errors call it
 * @limit: bytes at most
 * @length: (out): how many there are
 *
 * Returns: (transfer full): all of it, with a NUL behind; or %NULL
 */
gchar *
floe_json_file_read (const gchar *file, const gchar *shown, gsize limit, gsize *length,
                     GError **error)
{
  gboolean standard = g_str_equal (file, "-");
  gint fd = standard ? STDIN_FILENO : open (file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  g_autofree gchar *text = g_malloc (limit + 2);
  gssize n = fd < 0 ? -1 : 0;

  *length = 0;
  while (fd >= 0 && *length <= limit)
    {
      n = read (fd, text + *length, limit + 1 - *length);
      if (n <= 0)
        break;
      *length += (gsize)n;
    }
  if (n < 0)
    floe_ctl_set_usage (error, _ ("cannot read %s: %s"), shown, g_strerror (errno));
  else if (*length > limit)
    floe_ctl_set_usage (error, _ ("%s is larger than %u KiB"), shown, (guint)(limit / 1024));
  if (fd >= 0 && !standard)
    close (fd);
  text[*length] = '\0';
  return n < 0 || *length > limit ? NULL : g_steal_pointer (&text);
}

static void
place_of (const gchar *text, gsize offset, guint *line, guint *column)
{
  *line = *column = 1;
  for (gsize i = 0; i < offset; i++)
    {
      *column = text[i] == '\n' ? 1 : *column + 1;
      *line += text[i] == '\n';
    }
}

static void
set_no_json (const gchar *file, const gchar *text, gsize offset, const gchar *wrong, GError **error)
{
  guint line, column;

  place_of (text, offset, &line, &column);
  floe_ctl_set_usage (error, _ ("%s:%u:%u: no JSON: %s"), file, line, column, wrong);
}

/* What editors and pipes do to files. */
static gboolean
check_text (const gchar *file, const gchar *text, gsize length, GError **error)
{
  if (memchr (text, '\0', length) != NULL)
    floe_ctl_set_usage (error, _ ("%s is no text in UTF-8"), file);
  else if (strspn (text, " \t\r\n") == length)
    floe_ctl_set_usage (error, _ ("%s is empty"), file);
  else if (g_str_has_prefix (text, "\xef\xbb\xbf"))
    floe_ctl_set_usage (error, _ ("%s begins with a byte order mark; save it as UTF-8 without one"),
                        file);
  else
    return TRUE;
  return FALSE;
}

/**
 * floe_json_file_parse:
 * @file: what errors call it
 * @text: (array length=length): what is in it
 *
 * Returns: (transfer full): its root; or %NULL with an error that says where it is wrong
 */
JsonNode *
floe_json_file_parse (const gchar *file, const gchar *text, gsize length, GError **error)
{
  g_auto (FloeJsonSecrets) secrets = { NULL };
  g_autofree gchar *copy = g_strndup (text, length);
  JsonNode *root;
  const gchar *wrong;
  gsize offset;

  if (!check_text (file, text, length, error))
    return NULL;
  wrong = floe_json_scan (copy, length, &secrets, &offset);
  if (wrong != NULL)
    {
      set_no_json (file, copy, offset, wrong, error);
      return NULL;
    }
  root = json_from_string (copy, NULL);
  return root != NULL ? root : json_node_new (JSON_NODE_NULL);
}
