/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-trail.h"

#include <string.h>

#include "core/helpdesk-parts.h"
#include "core/permit.h"

/* What the staff reads of the audit trail. Actors and objects have their indices; for the rest each
 * row is looked at, so many for one page at most. */

#define LIST      "audit"
#define MOST_ROWS 1000
#define LOOKS     10000
#define AT_ONCE   1000

/* Rows are in the order of their times, but for what several brokers wrote at the same time, and
 * for clocks that differ. */
#define DISORDER (5 * G_TIME_SPAN_MINUTE)

typedef struct
{
  FloeIdentity *actor;
  FloeTrailQuery query;
} Input;

/* How far one page came. */
typedef struct
{
  FloeTx *tx;
  const FloeTrailQuery *query;
  FloeAuditFilter filter; /* before which row it goes on, and what the store looks for */
  FloePage *page;
  guint looked;
  gint64 shown; /* the last one */
  gboolean over;
} Search;

static void
input_free (gpointer data)
{
  Input *input = data;

  floe_identity_free (input->actor);
  g_strfreev (input->query.after);
  g_free (input->query.actor);
  g_free (input->query.object);
  g_free (input->query.action);
  g_free (input);
}

/* list_pools: the names of those whose part of the trail they may read */
static GStrv
list_pools (FloeTx *tx, const FloeIdentity *actor, GError **error)
{
  g_autoptr (GPtrArray) pools = floe_tx_list_pools (tx, error);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  if (pools == NULL)
    return NULL;
  for (guint i = 0; i < pools->len; i++)
    if (floe_permit_pool (actor, FLOE_MAY_SEE_TRAIL, pools->pdata[i], NULL))
      g_strv_builder_add (names, ((const FloePool *)pools->pdata[i])->name);
  return g_strv_builder_end (names);
}

static gboolean
fits (const FloeTrailQuery *query, const FloeAudit *row)
{
  return (query->action == NULL || strcmp (query->action, row->action) == 0)
         && row->at >= query->since && (query->until == 0 || row->at < query->until);
}

static void
end_page (Search *self, gint64 id)
{
  g_autofree gchar *key = g_strdup_printf ("%" G_GINT64_FORMAT, id);

  floe_page_end (self->page, LIST, (const gchar *const[]){ key, NULL });
  self->over = TRUE;
}

/* look: at a row, which is left alone when it is not wanted */
static void
look (Search *self, FloeAudit **row)
{
  self->filter.before = (*row)->id;
  self->looked++;
  if ((*row)->at < self->query->since - DISORDER)
    self->over = TRUE;
  else if (!fits (self->query, *row))
    return;
  else if (self->page->items->len == self->query->limit)
    end_page (self, self->shown);
  else
    {
      self->shown = (*row)->id;
      g_ptr_array_add (self->page->items, g_steal_pointer (row));
    }
}

static void
free_row (gpointer row)
{
  if (row != NULL)
    floe_audit_free (row);
}

static gboolean
read_some (Search *self, GError **error)
{
  g_autoptr (GPtrArray) rows = floe_tx_list_audit (self->tx, &self->filter, error);

  if (rows == NULL)
    return FALSE;
  g_ptr_array_set_free_func (rows, free_row);
  for (guint i = 0; i < rows->len && !self->over; i++)
    look (self, (FloeAudit **)&rows->pdata[i]);
  if (self->over)
    return TRUE;
  if (rows->len < self->filter.limit)
    self->over = TRUE;
  else if (self->looked >= LOOKS)
    end_page (self, self->filter.before);
  return TRUE;
}

/* find_last: the newest row before one of this id; its id is 0 when there is none */
static gboolean
find_last (FloeTx *tx, gint64 before, gint64 *id, gint64 *at, GError **error)
{
  const FloeAuditFilter one = { .limit = 1, .before = before };
  g_autoptr (GPtrArray) rows = floe_tx_list_audit (tx, &one, error);

  if (rows == NULL)
    return FALSE;
  *id = rows->len > 0 ? ((const FloeAudit *)rows->pdata[0])->id : 0;
  *at = rows->len > 0 ? ((const FloeAudit *)rows->pdata[0])->at : 0;
  return TRUE;
}

/* find_end: before which row all are that are older than @until, found by halves */
static gboolean
find_end (FloeTx *tx, gint64 until, gint64 *before, GError **error)
{
  gint64 from = 1, id, at;
  gint64 to;

  if (!find_last (tx, *before, &id, &at, error))
    return FALSE;
  for (to = id + 1; from < to;)
    {
      gint64 middle = from + (to - from) / 2;

      if (!find_last (tx, middle + 1, &id, &at, error))
        return FALSE;
      if (at < until + DISORDER)
        from = middle + 1;
      else
        to = id;
    }
  *before = from;
  return TRUE;
}

static gboolean
begin (Search *self, GError **error)
{
  const FloeTrailQuery *query = self->query;
  gboolean all = query->action == NULL && query->since == 0 && query->until == 0;

  if (!floe_page_check_place ((const gchar *const *)query->after, LIST, 1, error))
    return FALSE;
  self->filter.actor = query->actor;
  self->filter.object = query->object;
  self->filter.limit = all ? query->limit + 1 : AT_ONCE;
  self->filter.before = query->after != NULL ? g_ascii_strtoll (query->after[1], NULL, 10) : 0;
  return query->until == 0 || find_end (self->tx, query->until, &self->filter.before, error);
}

static gpointer
search_trail (FloeTx *tx, gconstpointer data, GError **error)
{
  const Input *input = data;
  g_autoptr (FloePage) page = floe_page_new ((GDestroyNotify)floe_audit_free);
  Search self = { .tx = tx, .query = &input->query, .page = page };
  g_auto (GStrv) pools = NULL;

  if (!begin (&self, error))
    return NULL;
  if (!floe_identity_may (input->actor, FLOE_MAY_SEE_ALL_TRAIL))
    {
      pools = list_pools (tx, input->actor, error);
      if (pools == NULL)
        return NULL;
      self.filter.pools = (const gchar *const *)pools;
      self.filter.hosts = floe_identity_may (input->actor, FLOE_MAY_SEE_HOSTS);
    }
  while (!self.over)
    if (!read_some (&self, error))
      return NULL;
  return g_steal_pointer (&page);
}

/**
 * floe_helpdesk_search_trail_async:
 * @query: which part
 *
 * One page of what the actor may read of the audit trail, the newest row first.
 */
void
floe_helpdesk_search_trail_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                  const FloeTrailQuery *query, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)floe_page_free, cancellable, callback,
                                        user_data);
  Input *input = g_new0 (Input, 1);

  g_task_set_source_tag (task, floe_helpdesk_search_trail_async);
  input->actor = floe_identity_copy (actor);
  input->query = *query;
  input->query.limit = CLAMP (query->limit, 1, MOST_ROWS);
  input->query.after = g_strdupv (query->after);
  input->query.actor = g_strdup (query->actor);
  input->query.object = g_strdup (query->object);
  input->query.action = g_strdup (query->action);
  floe_store_read_async (self->store, search_trail, input, input_free,
                         (GDestroyNotify)floe_page_free, cancellable, floe_helpdesk_answered, task);
}

/**
 * floe_helpdesk_search_trail_finish:
 *
 * Returns: (transfer full): #FloeAudit items; or %NULL with %FLOE_ERROR_INVALID for a place of
 *   another list, or a store's error
 */
FloePage *
floe_helpdesk_search_trail_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
