/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/helpdesk-tokens.h"

#include <string.h>

#include "core/error.h"
#include "core/helpdesk-parts.h"

static gpointer
read_all (FloeTx *tx, gconstpointer data, GError **error)
{
  return floe_tx_list_api_tokens (tx, error);
}

void
floe_helpdesk_list_tokens_async (FloeHelpdesk *self, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_helpdesk_task_new (self, (GDestroyNotify)g_ptr_array_unref, cancellable,
                                        callback, user_data);

  g_task_set_source_tag (task, floe_helpdesk_list_tokens_async);
  floe_store_read_async (self->store, read_all, floe_helpdesk_input_new (self, NULL, NULL),
                         (GDestroyNotify)floe_admin_input_free, (GDestroyNotify)g_ptr_array_unref,
                         cancellable, floe_helpdesk_answered, task);
}

/**
 * floe_helpdesk_list_tokens_finish:
 *
 * Returns: (transfer full) (element-type FloeApiToken): all of them, those that have ended, too, by
 *   name; or %NULL with a store's error
 */
GPtrArray *
floe_helpdesk_list_tokens_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Making one. */

static const FloeApiToken *
find (GPtrArray *all, const gchar *name)
{
  for (guint i = 0; i < all->len; i++)
    if (strcmp (((const FloeApiToken *)all->pdata[i])->name, name) == 0)
      return all->pdata[i];
  return NULL;
}

static gboolean
check_room (GPtrArray *all, const gchar *name, GError **error)
{
  if (find (all, name) != NULL)
    {
      floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "name-taken",
                             "there is a token \"%s\" already", name);
      return FALSE;
    }
  if (all->len < FLOE_MAX_API_TOKENS)
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_CONFLICT, "too-many-tokens",
                         "there are %d tokens already; remove one first", FLOE_MAX_API_TOKENS);
  return FALSE;
}

/* A name that is mistyped would be that of a pool that somebody makes later. */
static gboolean
check_pools (FloeTx *tx, const FloeApiToken *token, GError **error)
{
  for (guint i = 0; token->pools != NULL && token->pools[i] != NULL; i++)
    {
      g_autoptr (GError) why = NULL;
      g_autoptr (FloePool) pool = floe_tx_get_pool (tx, token->pools[i], &why);

      if (pool != NULL)
        continue;
      if (g_error_matches (why, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
        g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID, "pools: there is no pool \"%s\"",
                     token->pools[i]);
      else
        g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_role (const FloeAdminInput *input, GError **error)
{
  FloeRole role = input->token->role;

  if (floe_role_rank (role) <= floe_role_rank (input->actor->roles))
    return TRUE;
  floe_set_error_reason (error, FLOE_ERROR_DENIED, "higher-role",
                         "role: nobody gives a role above their own, which %s is",
                         floe_role_name (role));
  return FALSE;
}

static gpointer
record_token (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (FloeApiToken) token = floe_api_token_copy (input->token);
  g_autoptr (GPtrArray) all = floe_tx_list_api_tokens (tx, error);
  g_autofree gchar *detail = NULL;

  if (all == NULL || !check_role (input, error) || !check_room (all, token->name, error)
      || !check_pools (tx, token, error))
    return NULL;
  token->by = g_strdup (input->actor->user->name);
  token->created = input->now;
  if (input->minutes > 0)
    token->ends = input->now + (gint64)input->minutes * G_TIME_SPAN_MINUTE;
  detail = floe_api_token_describe (token);
  return floe_tx_put_api_token (tx, token, error)
                 && floe_admin_put_row (tx, input, "token", token->name, detail, error)
             ? g_steal_pointer (&token)
             : NULL;
}

/**
 * floe_helpdesk_add_token_async:
 * @token: with a hash, a name, a role and pools
 * @days: for how long; 0 for ever
 */
void
floe_helpdesk_add_token_async (FloeHelpdesk *self, const FloeIdentity *actor,
                               const FloeApiToken *token, guint days, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task =
      floe_helpdesk_task_new (self, (GDestroyNotify)floe_api_token_free, NULL, callback, user_data);
  FloeAdminInput *input;
  GError *error = NULL;

  g_task_set_source_tag (task, floe_helpdesk_add_token_async);
  if (!floe_api_token_validate (token, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  input = floe_helpdesk_input_new (self, actor, token->name);
  input->token = floe_api_token_copy (token);
  input->minutes = days * 24 * 60;
  floe_store_write_async (self->store, record_token, input, (GDestroyNotify)floe_admin_input_free,
                          (GDestroyNotify)floe_api_token_free, floe_helpdesk_answered, task);
}

/**
 * floe_helpdesk_add_token_finish:
 *
 * Returns: (transfer full): as it is now; or %NULL with %FLOE_ERROR_INVALID, %FLOE_ERROR_DENIED
 *   (reason "higher-role"), %FLOE_ERROR_CONFLICT (reason "name-taken" or "too-many-tokens"), or a
 *   store's error
 */
FloeApiToken *
floe_helpdesk_add_token_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Taking it away. */

static gpointer
record_end (FloeTx *tx, gconstpointer data, GError **error)
{
  const FloeAdminInput *input = data;
  g_autoptr (GPtrArray) all = floe_tx_list_api_tokens (tx, error);
  const FloeApiToken *before = all != NULL ? find (all, input->name) : NULL;
  g_autofree gchar *detail = NULL;

  if (all == NULL)
    return NULL;
  if (before == NULL)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "there is no token \"%s\"",
                   input->name);
      return NULL;
    }
  detail = floe_api_token_describe (before);
  return floe_tx_drop_api_token (tx, input->name, error)
                 && floe_admin_put_row (tx, input, "token-drop", input->name, detail, error)
             ? floe_api_token_copy (before)
             : NULL;
}

/**
 * floe_helpdesk_drop_token_async:
 *
 * The next request that it comes with is refused.
 */
void
floe_helpdesk_drop_token_async (FloeHelpdesk *self, const FloeIdentity *actor, const gchar *name,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task =
      floe_helpdesk_task_new (self, (GDestroyNotify)floe_api_token_free, NULL, callback, user_data);

  g_task_set_source_tag (task, floe_helpdesk_drop_token_async);
  floe_store_write_async (self->store, record_end, floe_helpdesk_input_new (self, actor, name),
                          (GDestroyNotify)floe_admin_input_free,
                          (GDestroyNotify)floe_api_token_free, floe_helpdesk_answered, task);
}

/**
 * floe_helpdesk_drop_token_finish:
 *
 * Returns: %FALSE with %FLOE_ERROR_NOT_FOUND, or a store's error
 */
gboolean
floe_helpdesk_drop_token_finish (FloeHelpdesk *self, GAsyncResult *result, GError **error)
{
  g_autoptr (FloeApiToken) dropped = g_task_propagate_pointer (G_TASK (result), error);

  return dropped != NULL;
}
