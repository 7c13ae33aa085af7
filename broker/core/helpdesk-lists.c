/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-lists.h"

#include <string.h>

#include "core/error.h"
#include "core/helpdesk-parts.h"
#include "core/permit.h"
#include "core/search.h"
#include "core/service.h"

#define TRAIL_ROWS     100
#define SHOWN_ROWS     20
#define SHOWN_FAILURES 5

/* What a search is given. */
typedef struct
{
  FloeIdentity *actor;
  FloeDesktopQuery *query;
} Input;

/* One search: how far it came, and what it walks along. */
typedef struct
{
  FloePageWalk walk;
  FloeTx *tx;
  const FloeDesktopQuery *query;
  FloeRangeKind kind;
  const gchar *value;
  const gchar *holder; /* nullable: their id */
  GStrv tokens;        /* nullable: all of them have to be in the name */
  GStrv pools;         /* nullable: only of these */
  const gchar *pool;   /* nullable: the one of them that it walks along */
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
fits (const FloePageWalk *walk, gconstpointer item)
{
  const Search *self = (const Search *)walk;
  const FloeDesktopRow *row = item;
  const FloeDesktopQuery *query = self->query;

  return (self->pools == NULL || g_strv_contains ((const gchar *const *)self->pools, row->pool))
         && is_among (query->host, row->host) && is_among (query->state, row->state)
         && is_among (self->holder, row->holder) && is_among (query->terminal, row->terminal)
         && (query->assigned < 0 || (row->holder != NULL) == query->assigned)
         && (!query->open || strcmp (row->console, "connected") == 0)
         && floe_search_matches (self->tokens, row->name);
}

static void
set_key (FloePageWalk *walk, gconstpointer item)
{
  const FloeDesktopRow *row = item;
  gboolean words = ((Search *)walk)->kind == FLOE_RANGE_WORD;

  walk->key[0] = words ? row->word : row->pool;
  walk->key[1] = words ? row->id : row->name;
  walk->key[2] = words ? NULL : row->id;
}

static gboolean
read_rows (FloePageWalk *walk, guint limit, GError **error)
{
  const Search *self = (const Search *)walk;
  gboolean words = self->kind == FLOE_RANGE_WORD;
  const FloeRange range = { .kind = self->kind,
                            .value = self->value,
                            .pool = self->pool,
                            .after = { walk->key[0], walk->key[1], walk->key[words ? 1 : 2] },
                            .limit = limit };

  return floe_tx_read_desktop_rows (self->tx, &range, walk->page, error);
}

static const FloePageSource source = { read_rows, fits, set_key };

/* One pool after the other, since the indices begin with them. */
static gboolean
walk_pools (Search *self, GError **error)
{
  FloePageWalk *walk = &self->walk;

  for (guint i = 0; self->pools[i] != NULL && !floe_page_walk_is_done (walk); i++)
    {
      gint before = strcmp (self->pools[i], walk->key[0]);

      if (before < 0)
        continue;
      if (before > 0)
        {
          walk->key[0] = self->pools[i];
          walk->key[1] = walk->key[2] = "";
        }
      self->pool = self->pools[i];
      walk->stopped = walk->looked >= FLOE_PAGE_LOOKS;
      walk->looked++; /* so that empty pools come to an end, too */
      if (!floe_page_walk_on (walk, error))
        return FALSE;
    }
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
  FloePageWalk *walk = &self->walk;
  gboolean words = self->kind == FLOE_RANGE_WORD;
  gboolean by_pool = self->kind != FLOE_RANGE_HOLDER && self->kind != FLOE_RANGE_TERMINAL && !words;

  if (!floe_page_walk_begin (walk, words ? "found" : "desktops", words ? 2 : 3,
                             (const gchar *const *)self->query->after, error)
      || !(self->pools != NULL && by_pool ? walk_pools (self, error)
                                          : floe_page_walk_on (walk, error)))
    return FALSE;
  floe_page_walk_end (walk);
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
  Search self = {
    .walk = { &source, page, query->limit }, .tx = tx, .query = query, .tokens = tokens
  };

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
  floe_maintenance_free (self->maintenance);
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
      || !floe_service_find_maintenance (tx, detail->desktop, &detail->maintenance, error)
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
