/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/search.h"

#include <string.h>

#include "core/error.h"
#include "core/fold.h"
#include "core/permit.h"

/* Nobody types more words than that. */
#define MAX_TOKENS 8

/**
 * floe_search_split:
 * @text: (nullable): what somebody typed
 *
 * Returns: (transfer full) (nullable): its words, folded; %NULL when there are none
 */
GStrv
floe_search_split (const gchar *text)
{
  g_autofree gchar *folded = text != NULL ? floe_fold (text) : NULL;
  g_auto (GStrv) parts = folded != NULL ? g_strsplit_set (folded, " \t\r\n", MAX_TOKENS) : NULL;
  g_autoptr (GPtrArray) tokens = g_ptr_array_new ();

  for (guint i = 0; parts != NULL && parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_ptr_array_add (tokens, g_strdup (parts[i]));
  if (tokens->len == 0)
    return NULL;
  g_ptr_array_add (tokens, NULL);
  return (GStrv)g_ptr_array_steal (tokens, NULL);
}

/**
 * floe_search_get_longest:
 * @tokens: (nullable): from floe_search_split()
 *
 * Returns: (transfer none) (nullable): the one that fewest names have, most likely
 */
const gchar *
floe_search_get_longest (GStrv tokens)
{
  const gchar *longest = NULL;

  for (guint i = 0; tokens != NULL && tokens[i] != NULL; i++)
    if (longest == NULL || strlen (tokens[i]) > strlen (longest))
      longest = tokens[i];
  return longest;
}

/**
 * floe_search_matches:
 * @tokens: (nullable): from floe_search_split()
 * @name: as it is now
 *
 * Returns: whether all of them are somewhere in it
 */
gboolean
floe_search_matches (GStrv tokens, const gchar *name)
{
  g_autofree gchar *folded = tokens != NULL ? floe_fold (name) : NULL;

  for (guint i = 0; tokens != NULL && tokens[i] != NULL; i++)
    if (strstr (folded, tokens[i]) == NULL)
      return FALSE;
  return TRUE;
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar *const *)a, *(const gchar *const *)b);
}

static gboolean
scope_one (FloeTx *tx, const FloeIdentity *actor, FloePermission permission, const gchar *name,
           GStrv *pools, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (FloePool) pool = floe_tx_get_pool (tx, name, &why);
  gboolean missing = FALSE;

  if (pool == NULL && !floe_search_note_missing (g_steal_pointer (&why), &missing, error))
    return FALSE;
  if (pool != NULL && !floe_permit_pool (actor, permission, pool, error))
    return FALSE;
  *pools = g_new0 (gchar *, 2);
  (*pools)[0] = g_strdup (name);
  return TRUE;
}

/**
 * floe_search_scope:
 * @pool: (nullable): the one pool that is asked for
 * @pools: (out) (nullable): what is to be shown, in the order of their bytes; %NULL for all pools
 *
 * In which pools somebody may look.
 *
 * Returns: %FALSE with %FLOE_ERROR_DENIED when @pool is none of theirs, or with a store's error
 */
gboolean
floe_search_scope (FloeTx *tx, const FloeIdentity *actor, FloePermission permission,
                   const gchar *pool, GStrv *pools, GError **error)
{
  if (pool != NULL)
    return scope_one (tx, actor, permission, pool, pools, error);
  if (actor->roles & floe_permission_get_roles (permission))
    return TRUE;
  *pools = floe_tx_list_pools_of_helpdesk (tx, actor->user, error);
  if (*pools == NULL)
    return FALSE;
  qsort (*pools, g_strv_length (*pools), sizeof (gchar *), compare_names);
  return TRUE;
}

/**
 * floe_search_note_missing:
 * @why: (transfer full) (nullable): why something was not found
 * @missing: (out): set when there is no such thing
 *
 * Returns: %FALSE with @error when it is something else that went wrong
 */
gboolean
floe_search_note_missing (GError *why, gboolean *missing, GError **error)
{
  if (why == NULL)
    return TRUE;
  if (g_error_matches (why, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    {
      *missing = TRUE;
      g_error_free (why);
      return TRUE;
    }
  g_propagate_error (error, why);
  return FALSE;
}

static FloeAudit *
copy_row (const FloeAudit *row)
{
  FloeAudit *copy = g_new0 (FloeAudit, 1);

  *copy = *row;
  copy->actor = g_strdup (row->actor);
  copy->action = g_strdup (row->action);
  copy->object = g_strdup (row->object);
  copy->outcome = g_strdup (row->outcome);
  copy->detail = g_strdup (row->detail);
  copy->address = g_strdup (row->address);
  copy->terminal = g_strdup (row->terminal);
  copy->request = g_strdup (row->request);
  return copy;
}

/**
 * floe_search_take_failures:
 * @trail: (element-type FloeAudit): the newest first
 * @most: so many at most
 *
 * Returns: (transfer full) (element-type FloeAudit): what of it went wrong, or was refused
 */
GPtrArray *
floe_search_take_failures (GPtrArray *trail, guint most)
{
  GPtrArray *failures = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_audit_free);

  for (guint i = 0; i < trail->len && failures->len < most; i++)
    {
      const FloeAudit *row = trail->pdata[i];

      if (strcmp (row->outcome, "done") != 0 && strcmp (row->outcome, "intent") != 0)
        g_ptr_array_add (failures, copy_row (row));
    }
  return failures;
}
