/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "logs.h"

#include <stdlib.h>
#include <string.h>

static GMutex lock;
static GPtrArray *expected; /* glob patterns */

static const gchar *
find_message (const GLogField *fields, gsize n_fields)
{
  for (gsize i = 0; i < n_fields; i++)
    if (strcmp (fields[i].key, "MESSAGE") == 0)
      return fields[i].value;
  return "";
}

static gboolean
take_expected (const gchar *message)
{
  gboolean found = FALSE;

  g_mutex_lock (&lock);
  for (guint i = 0; !found && i < expected->len; i++)
    if (g_pattern_match_simple (expected->pdata[i], message))
      {
        g_ptr_array_remove_index (expected, i);
        found = TRUE;
      }
  g_mutex_unlock (&lock);
  return found;
}

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  const gchar *message = find_message (fields, n_fields);

  if (!(level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR)))
    return g_log_writer_default (level, fields, n_fields, data);
  if (take_expected (message))
    return G_LOG_WRITER_HANDLED;
  g_printerr ("Bail out! unexpected log line: %s\n", message);
  abort ();
}

void
logs_install (void)
{
  expected = g_ptr_array_new_with_free_func (g_free);
  g_log_set_writer_func (write_log, NULL, NULL);
}

void
logs_expect (const gchar *pattern)
{
  g_mutex_lock (&lock);
  g_ptr_array_add (expected, g_strdup (pattern));
  g_mutex_unlock (&lock);
}

void
logs_assert_expected (void)
{
  g_mutex_lock (&lock);
  if (expected->len > 0)
    g_error ("a log line did not come: %s", (const gchar *)expected->pdata[0]);
  g_mutex_unlock (&lock);
}
