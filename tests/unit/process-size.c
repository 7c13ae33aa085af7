/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "process-size.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static guint
count_files (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;
  return n - 1; /* the folder's own */
}

static gboolean
on_never (gpointer data)
{
  return G_SOURCE_REMOVE;
}

/* Ids are given in order, so that all of those that live are below that of a new one. */
static guint
count_sources (void)
{
  guint last = g_idle_add (on_never, NULL);
  guint n = 0;

  for (guint id = 1; id < last; id++)
    n += g_main_context_find_source_by_id (NULL, id) != NULL;
  g_source_remove (last);
  return n;
}

static gsize
read_pss (void)
{
  g_autofree gchar *text = NULL;
  const gchar *line;

  if (!g_file_get_contents ("/proc/self/smaps_rollup", &text, NULL, NULL))
    return 0;
  line = strstr (text, "\nPss:");
  return line != NULL ? strtoul (line + strlen ("\nPss:"), NULL, 10) * 1024 : 0;
}

ProcessSize
process_size_take (void)
{
  ProcessSize size = { 0 };

#ifndef __SANITIZE_ADDRESS__
  malloc_trim (0);
  size.memory = mallinfo2 ().uordblks + mallinfo2 ().hblkhd;
#endif
  size.pss = read_pss ();
  size.files = count_files ();
  size.sources = count_sources ();
  return size;
}
