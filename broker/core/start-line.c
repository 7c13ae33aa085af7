/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/start-line.h"

typedef struct
{
  guint limit;
  guint starting;
  GQueue waiting; /* desktop ids */
} Host;

struct _FloeStartLine
{
  GHashTable *hosts; /* name to Host */
};

static void
host_free (gpointer data)
{
  Host *host = data;

  g_queue_clear_full (&host->waiting, g_free);
  g_free (host);
}

static Host *
get_host (FloeStartLine *self, const gchar *name)
{
  Host *host = g_hash_table_lookup (self->hosts, name);

  if (host != NULL)
    return host;
  host = g_new0 (Host, 1);
  host->limit = FLOE_STARTS_AT_ONCE;
  g_queue_init (&host->waiting);
  g_hash_table_insert (self->hosts, g_strdup (name), host);
  return host;
}

FloeStartLine *
floe_start_line_new (void)
{
  FloeStartLine *self = g_new0 (FloeStartLine, 1);

  self->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, host_free);
  return self;
}

void
floe_start_line_free (FloeStartLine *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->hosts);
  g_free (self);
}

/**
 * floe_start_line_set_limit:
 * @host: a host's name
 * @limit: how many may be starting on it at once, 1 at least
 */
void
floe_start_line_set_limit (FloeStartLine *self, const gchar *host, guint limit)
{
  get_host (self, host)->limit = MAX (limit, 1);
}

/**
 * floe_start_line_add:
 *
 * Puts a desktop at the end of its host's line; one that stands in it keeps its place.
 *
 * Returns: whether it was not in it before
 */
gboolean
floe_start_line_add (FloeStartLine *self, const gchar *host, const gchar *desktop_id)
{
  Host *line = get_host (self, host);

  if (g_queue_find_custom (&line->waiting, desktop_id, (GCompareFunc)g_strcmp0) != NULL)
    return FALSE;
  g_queue_push_tail (&line->waiting, g_strdup (desktop_id));
  return TRUE;
}

/**
 * floe_start_line_remove:
 *
 * Returns: whether @desktop_id stood in a line and was taken out of it
 */
gboolean
floe_start_line_remove (FloeStartLine *self, const gchar *desktop_id)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->hosts);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Host *host = value;
      GList *link = g_queue_find_custom (&host->waiting, desktop_id, (GCompareFunc)g_strcmp0);

      if (link == NULL)
        continue;
      g_free (link->data);
      g_queue_delete_link (&host->waiting, link);
      return TRUE;
    }
  return FALSE;
}

/**
 * floe_start_line_clear:
 *
 * Takes everybody out of their lines. What is being started is so still.
 */
void
floe_start_line_clear (FloeStartLine *self)
{
  GHashTableIter iter;
  gpointer host;

  g_hash_table_iter_init (&iter, self->hosts);
  while (g_hash_table_iter_next (&iter, NULL, &host))
    g_queue_clear_full (&((Host *)host)->waiting, g_free);
}

/**
 * floe_start_line_next:
 *
 * Returns: (transfer full) (nullable): whose turn it is, which now counts as starting until
 *   floe_start_line_started(); %NULL when nobody waits or the host is at its limit
 */
gchar *
floe_start_line_next (FloeStartLine *self, const gchar *host)
{
  Host *line = get_host (self, host);

  if (line->starting >= line->limit || g_queue_is_empty (&line->waiting))
    return NULL;
  line->starting++;
  return g_queue_pop_head (&line->waiting);
}

/**
 * floe_start_line_started:
 *
 * A start on @host ended, well or not.
 */
void
floe_start_line_started (FloeStartLine *self, const gchar *host)
{
  Host *line = get_host (self, host);

  g_return_if_fail (line->starting > 0);
  line->starting--;
}

/**
 * floe_start_line_get_place:
 *
 * Returns: 1 for the next one in its host's line; 0 for a desktop that is in none
 */
guint
floe_start_line_get_place (FloeStartLine *self, const gchar *desktop_id)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->hosts);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Host *host = value;
      guint place = 1;

      for (GList *l = host->waiting.head; l != NULL; l = l->next, place++)
        if (g_strcmp0 (l->data, desktop_id) == 0)
          return place;
    }
  return 0;
}

/**
 * floe_start_line_count:
 *
 * Returns: how many are being started on @host or wait in its line
 */
guint
floe_start_line_count (FloeStartLine *self, const gchar *host)
{
  const Host *line = get_host (self, host);

  return line->starting + line->waiting.length;
}

/**
 * floe_start_line_get_length:
 *
 * Returns: how many wait in the line of @host; those that are starting are in none
 */
guint
floe_start_line_get_length (FloeStartLine *self, const gchar *host)
{
  const Host *line = g_hash_table_lookup (self->hosts, host);

  return line != NULL ? line->waiting.length : 0;
}
