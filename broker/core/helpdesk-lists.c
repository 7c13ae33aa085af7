/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-lists.h"

#include <string.h>

#include "core/error.h"
#include "core/helpdesk-parts.h"
#include "core/permit.h"
#include "core/search.h"

/* How a batch grows when few of what it looks at are wanted. */
#define GROWTH 4

#define TRAIL_ROWS     100
#define SHOWN_ROWS     20
#define SHOWN_FAILURES 5

/* What a search is given. */
typedef struct
{
  FloeIdentity *actor;
  FloeDesktopQuery *query;
} Input;

/* One search: what it walks along, and how far it came. */
typedef struct
{
  FloeTx *tx;
  const FloeDesktopQuery *query;
  FloeRangeKind kind;
  const gchar *value;
  const gchar *holder; /* nullable: their id */
  GStrv tokens;        /* nullable: all of them have to be in the name */
  GStrv pools;         /* nullable: only of these */
  FloePage *page;
  const gchar *key[4];
  guint looked;
  gboolean stopped; /* it looked at enough */
} Search;

static void
input_free (gpointer data)
{
  Input *input = data;

  floe_identity_free (input->actor);
  floe_desktop_query_free (input->query);
  g_free (input);
}

static gboolean
is_among (const gchar *wanted, const gchar *text)
{
  return wanted == NULL || g_strcmp0 (wanted, text) == 0;
}

/* Whether it is what is asked for, whatever it was found by. */
static gboolean
fits (const Search *self, const FloeDesktopRow *row)
{
  const FloeDesktopQuery *query = self->query;

  return (self->pools == NULL || g_strv_contains ((const gchar *const *)self->pools, row->pool))
         && is_among (query->host, row->host) && is_among (query->state, row->state)
         && is_among (self->holder, row->holder) && is_among (query->terminal, row->terminal)
         && (query->assigned < 0 || (row->holder != NULL) == query->assigned)
         && (!query->open || strcmp (row->console, "connected") == 0)
         && floe_search_matches (self->tokens, row->name);
}

static void
keep_fitting (Search *self, guint from)
{
  GPtrArray *items = self->page->items;
  guint kept = from;

  for (guint i = from; i < items->len; i++)
    if (fits (self, items->pdata[i]))
      items->pdata[kept++] = items->pdata[i];
    else
      g_free (items->pdata[i]);
  items->len = kept; /* what is behind has moved, or is gone */
}

static void
set_key (Search *self, const FloeDesktopRow *row)
{
  gboolean words = self->kind == FLOE_RANGE_WORD;

  self->key[0] = words ? row->word : row->pool;
  self->key[1] = words ? row->id : row->name;
  self->key[2] = words ? NULL : row->id;
}

static FloeRange
range_of (const Search *self, const gchar *pool, guint limit)
{
  gboolean words = self->kind == FLOE_RANGE_WORD;

  return (FloeRange){ .kind = self->kind,
                      .value = self->value,
                      .pool = pool,
                      .after = { self->key[0], self->key[1], words ? self->key[1] : self->key[2] },
                      .limit = limit };
}

/* Walks until the page has one more than it wants, or the range ends, or it looked at enough. */
static gboolean
walk (Search *self, const gchar *pool, GError **error)
{
  GPtrArray *items = self->page->items;
  guint batch = self->query->limit + 1;
  gboolean ended = FALSE;

  self->looked++; /* so that empty pools come to an end, too */
  while (!ended && items->len <= self->query->limit && !self->stopped)
    {
      guint before = items->len;
      FloeRange range = range_of (self, pool, batch);

      if (!floe_tx_read_desktop_rows (self->tx, &range, self->page, error))
        return FALSE;
      self->looked += items->len - before;
      ended = items->len - before < batch;
      if (items->len > before)
        set_key (self, items->pdata[items->len - 1]);
      keep_fitting (self, before);
      self->stopped = !ended && self->looked >= FLOE_PAGE_LOOKS;
      batch = MIN (batch * GROWTH, FLOE_PAGE_LOOKS - MIN (self->looked, FLOE_PAGE_LOOKS - 1));
    }
  return TRUE;
}

static gboolean
is_done (const Search *self)
{
  return self->stopped || self->page->items->len > self->query->limit;
}

/* One pool after the other, since the indices begin with them. */
static gboolean
walk_pools (Search *self, GError **error)
{
  for (guint i = 0; self->pools[i] != NULL && !is_done (self); i++)
    {
      gint before = strcmp (self->pools[i], self->key[0]);

      if (before < 0)
        continue;
      if (before > 0)
        {
          self->key[0] = self->pools[i];
          self->key[1] = self->key[2] = "";
        }
      self->stopped = self->looked >= FLOE_PAGE_LOOKS;
      if (!self->stopped && !walk (self, self->pools[i], error))
        return FALSE;
    }
  return TRUE;
}

static void
end_page (Search *self)
{
  GPtrArray *items = self->page->items;
  const gchar *list = self->kind == FLOE_RANGE_WORD ? "found" : "desktops";

  if (items->len > self->query->limit)
    {
      set_key (self, items->pdata[self->query->limit - 1]);
      g_ptr_array_set_size (items, (gint)self->query->limit);
    }
  else if (!self->stopped)
    return;
  floe_page_end (self->page, list, self->key);
}

static gboolean
begin_at (Search *self, GError **error)
{
  gboolean words = self->kind == FLOE_RANGE_WORD;
  const gchar *const *after = (const gchar *const *)self->query->after;

  if (!floe_page_check_place (after, words ? "found" : "desktops", words ? 2 : 3, error))
    return FALSE;
  self->key[0] = after != NULL ? after[1] : "";
  self->key[1] = after != NULL ? after[2] : "";
  self->key[2] = words ? NULL : after != NULL ? after[3] : "";
  return TRUE;
}

/* What leads to the fewest comes first. */
static void
choose (Search *self, const gchar *fingerprint)
{
  const FloeDesktopQuery *query = self->query;
  const struct
  {
    FloeRangeKind kind;
    const gchar *value;
  } ways[] = {
    { FLOE_RANGE_HOLDER, self->holder },
    { FLOE_RANGE_TERMINAL, fingerprint },
    { FLOE_RANGE_WORD, floe_search_get_longest (self->tokens) },
    { FLOE_RANGE_OPEN, query->open ? "" : NULL },
    { FLOE_RANGE_STATE, query->state },
    { FLOE_RANGE_HOST, query->host },
    { FLOE_RANGE_ALL, "" },
  };
  guint i = 0;

  while (ways[i].value == NULL)
    i++;
  self->kind = ways[i].kind;
  self->value = ways[i].value;
}

static gboolean
search (Search *self, GError **error)
{
  gboolean by_pool = self->kind != FLOE_RANGE_HOLDER && self->kind != FLOE_RANGE_TERMINAL
                     && self->kind != FLOE_RANGE_WORD;

  if (!begin_at (self, error))
    return FALSE;
  if (!(self->pools != NULL && by_pool ? walk_pools (self, error) : walk (self, NULL, error)))
    return FALSE;
  end_page (self);
  return TRUE;
}

/* What is asked for by a name that is nobody's, and no terminal's, is nothing. */
static gboolean
find_holder (FloeTx *tx, const FloeDesktopQuery *query, gchar **holder, gboolean *nothing,
             GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (FloeUser) user =
      query->holder != NULL ? floe_tx_find_user (tx, query->holder, NULL, &why) : NULL;

  if (user != NULL)
    *holder = g_strdup (user->id);
  return floe_search_note_missing (g_steal_pointer (&why), nothing, error);
}

static gboolean
find_terminal (FloeTx *tx, const FloeDesktopQuery *query, gchar **fingerprint, gboolean *nothing,
               GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (FloeTerminal) terminal =
      query->terminal != NULL ? floe_tx_get_terminal (tx, query->terminal, &why) : NULL;

  if (terminal != NULL && terminal->fingerprint != NULL)
    *fingerprint = g_strdup (terminal->fingerprint);
  else if (terminal != NULL)
    *nothing = TRUE;
  return floe_search_note_missing (g_steal_pointer (&why), nothing, error);
}

static gpointer
search_desktops (FloeTx *tx, gconstpointer data, GError **error)
{
  const Input *input = data;
  const FloeDesktopQuery *query = input->query;
  g_autoptr (FloePage) page = floe_page_new (g_free);
  g_autofree gchar *holder = NULL;
  g_autofree gchar *fingerprint = NULL;
  g_auto (GStrv) tokens = floe_search_split (query->text);
  g_auto (GStrv) pools = NULL;
  gboolean nothing = FALSE;
  Search self = { .tx = tx, .query = query, .page = page, .tokens = tokens };

  if (!floe_search_scope (tx, input->actor, FLOE_MAY_SEE_POOLS, query->pool, &pools, error)
      || !find_holder (tx, query, &holder, &nothing, error)
      || !find_terminal (tx, query, &fingerprint, &nothing, error))
    return NULL;
  self.holder = holder;
  self.pools = pools;
  choose (&self, fingerprint);
  return nothing || search (&self, error) ? g_steal_pointer (&page) : NULL;
}

/**
 * floe_helpdesk_search_desktops_async:
 * @query: which
 *
 * One page of the desktops of the pools that the actor may see, by pool, name and id; of a search
 * by the words that were found.
 */
void
floe_helpdesk_search_desktops_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                     const FloeDesktopQuery *query, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)floe_page_free, cancellable, callback,
                                        user_data);
  Input *input = g_new0 (Input, 1);

  g_task_set_source_tag (task, floe_helpdesk_search_desktops_async);
  input->actor = floe_identity_copy (actor);
  input->query = floe_desktop_query_copy (query);
  floe_store_read_async (self->store, search_desktops, input, input_free,
                         (GDestroyNotify)floe_page_free, cancellable, floe_helpdesk_answered, task);
}

/**
 * floe_helpdesk_search_desktops_finish:
 *
 * Returns: (transfer full): #FloeDesktopRow items; or %NULL with %FLOE_ERROR_INVALID for a place of
 *   another list, or %FLOE_ERROR_DENIED for a pool that is none of theirs
 */
FloePage *
floe_helpdesk_search_desktops_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* One of them. */

void
floe_desktop_detail_free (FloeDesktopDetail *self)
{
  if (self == NULL)
    return;
  floe_desktop_free (self->desktop);
  floe_pool_free (self->pool);
  g_free (self->terminal);
  g_clear_pointer (&self->timers, g_ptr_array_unref);
  g_clear_pointer (&self->trail, g_ptr_array_unref);
  g_clear_pointer (&self->failures, g_ptr_array_unref);
  g_free (self);
}

static gboolean
name_terminal (FloeTx *tx, FloeDesktopDetail *detail, GError **error)
{
  const FloeLease *lease = detail->desktop->lease;
  g_autoptr (FloeTerminal) terminal = NULL;
  g_autoptr (GError) why = NULL;
  gboolean missing = FALSE;

  if (lease == NULL || lease->terminal == NULL)
    return TRUE;
  terminal = floe_tx_find_terminal (tx, lease->terminal, &why);
  detail->terminal = g_strdup (terminal != NULL ? terminal->name : lease->terminal);
  return floe_search_note_missing (g_steal_pointer (&why), &missing, error);
}

/* The trail has desktops by their names. */
static gboolean
read_trail (FloeTx *tx, FloeDesktopDetail *detail, GError **error)
{
  FloeAuditFilter filter = { .limit = TRAIL_ROWS, .object = detail->desktop->name };

  detail->trail = floe_tx_list_audit (tx, &filter, error);
  if (detail->trail == NULL)
    return FALSE;
  detail->failures = floe_search_take_failures (detail->trail, SHOWN_FAILURES);
  if (detail->trail->len > SHOWN_ROWS)
    g_ptr_array_set_size (detail->trail, SHOWN_ROWS);
  return TRUE;
}

static gpointer
read_desktop (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (FloeDesktopDetail) detail = g_new0 (FloeDesktopDetail, 1);

  if ((detail->desktop = floe_tx_get_desktop (tx, input->name, error)) == NULL
      || (detail->pool = floe_tx_get_pool (tx, detail->desktop->pool, error)) == NULL
      || !floe_permit_pool (input->actor, FLOE_MAY_SEE_POOLS, detail->pool, error)
      || (detail->timers = floe_tx_list_timers_of (tx, detail->desktop->id, error)) == NULL
      || !name_terminal (tx, detail, error) || !read_trail (tx, detail, error))
    return NULL;
  return g_steal_pointer (&detail);
}

void
floe_helpdesk_get_desktop_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *id,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)floe_desktop_detail_free, cancellable,
                                        callback, user_data);

  g_task_set_source_tag (task, floe_helpdesk_get_desktop_async);
  floe_store_read_async (self->store, read_desktop, floe_helpdesk_input_new (self, actor, id),
                         (GDestroyNotify)floe_admin_input_free,
                         (GDestroyNotify)floe_desktop_detail_free, cancellable,
                         floe_helpdesk_answered, task);
}

/**
 * floe_helpdesk_get_desktop_finish:
 *
 * Returns: (transfer full): it; or %NULL with %FLOE_ERROR_NOT_FOUND, or %FLOE_ERROR_DENIED when it
 *   is of a pool that is none of theirs
 */
FloeDesktopDetail *
floe_helpdesk_get_desktop_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
