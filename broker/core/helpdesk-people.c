/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-people.h"

#include <string.h>

#include "core/error.h"
#include "core/helpdesk-parts.h"
#include "core/search.h"

#define MAX_DESKTOPS 100
#define TRAIL_ROWS   100
#define FAILURES     10

typedef struct
{
  FloeIdentity *actor;
  FloePeopleQuery query;
} Input;

/* One search, and how far it came. */
typedef struct
{
  FloePageWalk walk;
  FloeTx *tx;
  GStrv tokens;     /* nullable: all of them have to be in a name */
  GPtrArray *pools; /* nullable: only who may open one of these */
} Search;

static void
input_free (gpointer data)
{
  Input *input = data;

  floe_identity_free (input->actor);
  g_free (input->query.text);
  g_strfreev (input->query.after);
  g_free (input);
}

/* The pools whose people somebody may see: NULL for everybody. */
static gboolean
read_pools (FloeTx *tx, const FloeIdentity *actor, GPtrArray **pools, GError **error)
{
  g_auto (GStrv) names = NULL;
  g_autoptr (GPtrArray) list = NULL;

  if (!floe_search_scope (tx, actor, FLOE_MAY_SEE_PEOPLE, NULL, &names, error))
    return FALSE;
  if (names == NULL)
    return TRUE;
  list = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_pool_free);
  for (guint i = 0; names[i] != NULL; i++)
    {
      FloePool *pool = floe_tx_get_pool (tx, names[i], error);

      if (pool == NULL)
        return FALSE;
      g_ptr_array_add (list, pool);
    }
  *pools = g_steal_pointer (&list);
  return TRUE;
}

static gboolean
is_theirs (GPtrArray *pools, const FloeUser *user)
{
  for (guint i = 0; pools != NULL && i < pools->len; i++)
    if (floe_pool_entitles (pools->pdata[i], user))
      return TRUE;
  return pools == NULL;
}

/* The list. */

static gboolean
read_rows (FloePageWalk *walk, guint limit, GError **error)
{
  const Search *self = (const Search *)walk;
  GPtrArray *people = floe_tx_list_people (self->tx, floe_search_get_longest (self->tokens),
                                           walk->key, limit, error);

  if (people == NULL)
    return FALSE;
  g_ptr_array_extend_and_steal (walk->page->items, people);
  return TRUE;
}

static gboolean
fits (const FloePageWalk *walk, gconstpointer item)
{
  const Search *self = (const Search *)walk;
  const FloeUser *user = ((const FloePerson *)item)->user;
  g_autofree gchar *names = g_strdup_printf ("%s %s", user->name, user->display_name);

  return floe_search_matches (self->tokens, names) && is_theirs (self->pools, user);
}

static void
set_key (FloePageWalk *walk, gconstpointer item)
{
  const FloePerson *person = item;

  walk->key[0] =
      floe_page_keep (walk->page, person->word != NULL ? person->word : person->user->name);
  walk->key[1] = floe_page_keep (walk->page, person->user->id);
}

static const FloePageSource source = { read_rows, fits, set_key };

static gpointer
search_people (FloeTx *tx, gconstpointer data, GError **error)
{
  const Input *input = data;
  g_autoptr (FloePage) page = floe_page_new ((GDestroyNotify)floe_person_free);
  g_auto (GStrv) tokens = floe_search_split (input->query.text);
  g_autoptr (GPtrArray) pools = NULL;
  Search self = { .walk = { &source, page, input->query.limit }, .tx = tx, .tokens = tokens };

  if (!floe_page_walk_begin (&self.walk, tokens != NULL ? "found-people" : "people", 2,
                             (const gchar *const *)input->query.after, error)
      || !read_pools (tx, input->actor, &pools, error))
    return NULL;
  self.pools = pools;
  if (!floe_page_walk_on (&self.walk, error))
    return NULL;
  floe_page_walk_end (&self.walk);
  return g_steal_pointer (&page);
}

/**
 * floe_helpdesk_search_people_async:
 * @query: whom
 *
 * One page of those who logged in here once and whom the actor may see, by name; of a search by the
 * words that were found.
 */
void
floe_helpdesk_search_people_async (FloeHelpdesk *self, const FloeIdentity *actor,
                                   const FloePeopleQuery *query, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)floe_page_free, cancellable, callback,
                                        user_data);
  Input *input = g_new0 (Input, 1);

  g_task_set_source_tag (task, floe_helpdesk_search_people_async);
  input->actor = floe_identity_copy (actor);
  input->query.text = g_strdup (query->text);
  input->query.after = g_strdupv (query->after);
  input->query.limit = query->limit;
  floe_store_read_async (self->store, search_people, input, input_free,
                         (GDestroyNotify)floe_page_free, cancellable, floe_helpdesk_answered, task);
}

/**
 * floe_helpdesk_search_people_finish:
 *
 * Returns: (transfer full): #FloePerson items; or %NULL with %FLOE_ERROR_INVALID for a place of
 *   another list
 */
FloePage *
floe_helpdesk_search_people_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* One of them. */

static void
entitlement_free (gpointer data)
{
  FloeEntitlement *self = data;

  floe_pool_free (self->pool);
  g_strfreev (self->through);
  g_free (self);
}

void
floe_person_detail_free (FloePersonDetail *self)
{
  if (self == NULL)
    return;
  floe_person_free (self->person);
  g_strfreev (self->groups);
  g_clear_pointer (&self->entitlements, g_ptr_array_unref);
  floe_page_free (self->desktops);
  g_clear_pointer (&self->failures, g_ptr_array_unref);
  g_clear_pointer (&self->visits, g_ptr_array_unref);
  g_clear_pointer (&self->qualities, g_ptr_array_unref);
  g_free (self);
}

static FloePerson *
find_person (FloeTx *tx, const gchar *name, GPtrArray *pools, GError **error)
{
  g_autoptr (FloePerson) person = g_new0 (FloePerson, 1);

  person->user = floe_tx_find_user (tx, name, &person->seen, error);
  if (person->user == NULL || is_theirs (pools, person->user))
    return person->user != NULL ? g_steal_pointer (&person) : NULL;
  floe_set_error_reason (error, FLOE_ERROR_DENIED, "not-your-pool",
                         "%s may open none of the pools that you help in", person->user->name);
  return NULL;
}

/**
 * floe_helpdesk_find_person:
 * @input: a #FloeAdminInput
 *
 * Returns: (transfer full): a #FloePerson whom the actor may see
 */
gpointer
floe_helpdesk_find_person (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (GPtrArray) pools = NULL;

  return read_pools (tx, input->actor, &pools, error) ? find_person (tx, input->name, pools, error)
                                                      : NULL;
}

static GStrv
list_reasons (const FloePool *pool, const FloeUser *user)
{
  g_autofree gchar *name = g_utf8_casefold (user->name, -1);
  g_autoptr (GStrvBuilder) through = g_strv_builder_new ();

  for (guint i = 0; pool->users[i] != NULL; i++)
    {
      g_autofree gchar *folded = g_utf8_casefold (pool->users[i], -1);
      g_autofree gchar *reason = g_strconcat ("user ", pool->users[i], NULL);

      if (strcmp (folded, name) == 0)
        g_strv_builder_add (through, reason);
    }
  for (guint i = 0; pool->groups[i] != NULL; i++)
    {
      g_autofree gchar *reason = g_strconcat ("group ", pool->groups[i], NULL);

      if (floe_user_in_group (user, floe_pool_get_key (pool, pool->groups[i])))
        g_strv_builder_add (through, reason);
    }
  return g_strv_builder_end (through);
}

static void
add_entitlements (FloePersonDetail *detail, GPtrArray *pools)
{
  const FloeUser *user = detail->person->user;

  detail->entitlements = g_ptr_array_new_with_free_func (entitlement_free);
  for (guint i = 0; i < pools->len; i++)
    {
      FloeEntitlement *one;

      if (!floe_pool_entitles (pools->pdata[i], user))
        continue;
      one = g_new0 (FloeEntitlement, 1);
      one->pool = floe_pool_copy (pools->pdata[i]);
      one->through = list_reasons (one->pool, user);
      g_ptr_array_add (detail->entitlements, one);
    }
}

/* Who helps in some pools learns of those groups that open them. */
static void
add_groups (FloePersonDetail *detail, gboolean all)
{
  GStrv groups = detail->person->user->groups;
  g_autoptr (GStrvBuilder) shown = g_strv_builder_new ();

  for (guint i = 0; groups[i] != NULL; i++)
    {
      gboolean opens = all;

      for (guint k = 0; k < detail->entitlements->len && !opens; k++)
        {
          const FloeEntitlement *one = detail->entitlements->pdata[k];

          for (guint g = 0; one->pool->groups[g] != NULL && !opens; g++)
            {
              const gchar *key = floe_pool_get_key (one->pool, one->pool->groups[g]);
              g_autofree gchar *folded = g_utf8_casefold (key, -1);

              opens = strcmp (folded, groups[i]) == 0;
            }
        }
      if (opens)
        g_strv_builder_add (shown, groups[i]);
    }
  detail->groups = g_strv_builder_end (shown);
}

static gboolean
is_in (GPtrArray *pools, const gchar *name)
{
  for (guint i = 0; i < pools->len; i++)
    if (strcmp (((const FloePool *)pools->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
read_desktops (FloeTx *tx, FloePersonDetail *detail, GPtrArray *pools, GError **error)
{
  const FloeRange range = { .kind = FLOE_RANGE_HOLDER,
                            .value = detail->person->user->id,
                            .after = { "", "", "" },
                            .limit = MAX_DESKTOPS };
  GPtrArray *items;

  detail->desktops = floe_page_new (g_free);
  if (!floe_tx_read_desktop_rows (tx, &range, detail->desktops, error))
    return FALSE;
  items = detail->desktops->items;
  for (guint i = items->len; i > 0; i--)
    if (!is_in (pools, ((const FloeDesktopRow *)items->pdata[i - 1])->pool))
      g_ptr_array_remove_index (items, i - 1);
  return TRUE;
}

static gboolean
read_visits (FloeTx *tx, FloePersonDetail *detail, GPtrArray *pools, GError **error)
{
  GPtrArray *visits = floe_tx_list_visits (tx, detail->person->user->id, error);

  detail->visits = visits;
  for (guint i = visits != NULL ? visits->len : 0; i > 0; i--)
    {
      const FloeVisit *visit = visits->pdata[i - 1];

      if (visit->pool != NULL && !is_in (pools, visit->pool))
        g_ptr_array_remove_index (visits, i - 1);
    }
  return visits != NULL;
}

/* Only what is said of a session that there is, and of a desktop that is shown. */
static gboolean
has_session (const FloePersonDetail *detail, const FloeSessionQuality *quality)
{
  for (guint i = 0; i < detail->desktops->items->len; i++)
    {
      const FloeDesktopRow *row = detail->desktops->items->pdata[i];

      if (strcmp (row->id, quality->desktop_id) == 0)
        return strcmp (row->console, "connected") == 0 && quality->at >= row->console_at;
    }
  return FALSE;
}

static gboolean
read_qualities (FloeTx *tx, FloePersonDetail *detail, gint64 now, GError **error)
{
  GPtrArray *qualities =
      floe_tx_list_qualities (tx, detail->person->user->id, now - FLOE_QUALITY_GOOD_FOR, error);

  detail->qualities = qualities;
  for (guint i = qualities != NULL ? qualities->len : 0; i > 0; i--)
    if (!has_session (detail, qualities->pdata[i - 1]))
      g_ptr_array_remove_index (qualities, i - 1);
  return qualities != NULL;
}

static gint
compare_rows (gconstpointer a, gconstpointer b)
{
  const FloeAudit *one = *(const FloeAudit *const *)a;
  const FloeAudit *other = *(const FloeAudit *const *)b;

  return one->id < other->id ? 1 : one->id > other->id ? -1 : 0;
}

/* What they did that went wrong, and log-ins in their name that were refused: those have no actor.
 */
static gboolean
read_failures (FloeTx *tx, FloePersonDetail *detail, GError **error)
{
  gchar *name = detail->person->user->name;
  const FloeAuditFilter filters[] = { { .limit = TRAIL_ROWS, .actor = name },
                                      { .limit = TRAIL_ROWS, .object = name } };

  detail->failures = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_audit_free);
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_autoptr (GPtrArray) trail = floe_tx_list_audit (tx, &filters[i], error);
      g_autoptr (GPtrArray) failures = NULL;

      if (trail == NULL)
        return FALSE;
      failures = floe_search_take_failures (trail, FAILURES);
      while (failures->len > 0)
        {
          FloeAudit *row = g_ptr_array_steal_index (failures, 0);

          if (i == 0 || strcmp (row->actor, name) != 0)
            g_ptr_array_add (detail->failures, row);
          else
            floe_audit_free (row);
        }
    }
  g_ptr_array_sort (detail->failures, compare_rows);
  if (detail->failures->len > FAILURES)
    g_ptr_array_set_size (detail->failures, FAILURES);
  return TRUE;
}

static gboolean
read_factor (FloeTx *tx, FloePersonDetail *detail, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (FloeFactor) factor = floe_tx_get_factor (tx, detail->person->user->id, &why);
  gboolean missing = FALSE;

  detail->second_factor = factor != NULL && factor->confirmed != 0;
  return floe_search_note_missing (g_steal_pointer (&why), &missing, error);
}

static gpointer
read_person (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (FloePersonDetail) detail = g_new0 (FloePersonDetail, 1);
  g_autoptr (GPtrArray) own = NULL;
  g_autoptr (GPtrArray) all = NULL;

  if (!read_pools (tx, input->actor, &own, error)
      || (detail->person = find_person (tx, input->name, own, error)) == NULL
      || (own == NULL && (all = floe_tx_list_pools (tx, error)) == NULL))
    return NULL;
  detail->role = floe_role_name (floe_role_groups_find (input->groups, detail->person->user));
  add_entitlements (detail, own != NULL ? own : all);
  add_groups (detail, own == NULL);
  return read_desktops (tx, detail, own != NULL ? own : all, error)
                 && read_visits (tx, detail, own != NULL ? own : all, error)
                 && read_qualities (tx, detail, input->now, error)
                 && read_failures (tx, detail, error) && read_factor (tx, detail, error)
             ? g_steal_pointer (&detail)
             : NULL;
}

/**
 * floe_helpdesk_get_person_async:
 * @user: a log-in name that was seen here, in whatever case, or an id
 */
void
floe_helpdesk_get_person_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *user,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)floe_person_detail_free, cancellable,
                                        callback, user_data);

  g_task_set_source_tag (task, floe_helpdesk_get_person_async);
  floe_store_read_async (self->store, read_person, floe_helpdesk_input_new (self, actor, user),
                         (GDestroyNotify)floe_admin_input_free,
                         (GDestroyNotify)floe_person_detail_free, cancellable,
                         floe_helpdesk_answered, task);
}

/**
 * floe_helpdesk_get_person_finish:
 *
 * Returns: (transfer full): what is known of them; or %NULL with %FLOE_ERROR_NOT_FOUND, or
 *   %FLOE_ERROR_DENIED when they are none of the people whom the actor may see
 */
FloePersonDetail *
floe_helpdesk_get_person_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
