/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/token-check.h"

#include "core/api-token.h"
#include "core/error.h"
#include "login/login-token.h"
#include "login/login-transactions.h"

struct _FloeTokenCheck
{
  GObject parent_instance;

  FloeStore *store;
  FloeClock *clock;
  const FloeLoginPolicy *policy; /* not owned */
  GHashTable *held;              /* log-in id to how many event streams hold it */
};

G_DEFINE_FINAL_TYPE (FloeTokenCheck, floe_token_check, G_TYPE_OBJECT)

static void
touched (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_warning ("the use of a token was not recorded: %s", error->message);
}

static void
touch (FloeTokenCheck *self, const gchar *login_id)
{
  FloeTouch *input = g_new0 (FloeTouch, 1);

  input->login_id = g_strdup (login_id);
  input->now = floe_clock_now (self->clock);
  floe_store_note_async (self->store, floe_login_touch, input, (GDestroyNotify)floe_touch_free,
                         NULL, touched, NULL);
}

/* A terminal is whoever has its key: its token alone opens nothing. */
static gboolean
is_alive (FloeTokenCheck *self, const FloeToken *token, const FloeCaller *caller, gint64 now)
{
  gint64 idle = (gint64)self->policy->idle_seconds * G_USEC_PER_SEC;

  if (token->kind != FLOE_TOKEN_ACCESS || token->ends <= now
      || (floe_user_is_terminal (token->user)
          && g_strcmp0 (token->terminal, caller->terminal) != 0))
    return FALSE;
  return now - token->last_used < idle || token->in_use
         || g_hash_table_contains (self->held, token->login_id);
}

/* Who left a group is out of its role from the next look of the account watch on; who came to be of
 * the staff is it from the next log-in on. */
static FloeIdentity *
identity_now (FloeTokenCheck *self, const FloeTokenRecord *record, const FloeCaller *caller)
{
  const FloeToken *token = record->token;
  FloeRole roles =
      token->staff ? floe_role_groups_find (self->policy->groups, token->user) : FLOE_ROLE_USER;
  g_autoptr (FloeIdentity) identity =
      floe_identity_new (token->user, roles, token->login_id, caller);

  return floe_identity_copy_with_pools (identity, (const gchar *const *)record->pools);
}

static void
token_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeTokenCheck *self = g_task_get_source_object (task);
  const FloeCaller *caller = g_task_get_task_data (task);
  gint64 now = floe_clock_now (self->clock);
  GError *error = NULL;
  g_autoptr (FloeTokenRecord) record = floe_store_finish (FLOE_STORE (source), result, &error);
  const FloeToken *token = record != NULL ? record->token : NULL;

  if (token != NULL && is_alive (self, token, caller, now))
    {
      /* Half a minute is exact enough for an idle end of many, and spares a write per request. */
      if (now - token->last_used >= 30 * G_USEC_PER_SEC)
        touch (self, token->login_id);
      g_task_return_pointer (task, identity_now (self, record, caller),
                             (GDestroyNotify)floe_identity_free);
      return;
    }
  if (token != NULL || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    {
      g_clear_error (&error);
      floe_login_set_no_token (&error);
    }
  g_task_return_error (task, error);
}

/* Tokens of the API, which have no log-in behind them. */

typedef struct
{
  gchar *name;
  gchar *address;
  gint64 now;
} ApiTouch;

static void
api_touch_free (ApiTouch *touch)
{
  g_free (touch->name);
  g_free (touch->address);
  g_free (touch);
}

static gpointer
record_api_touch (FloeTx *tx, gconstpointer data, GError **error)
{
  const ApiTouch *touch = data;

  return floe_tx_touch_api_token (tx, touch->name, touch->now, touch->address, error)
             ? GINT_TO_POINTER (TRUE)
             : NULL;
}

static void
touch_api_token (FloeTokenCheck *self, const FloeApiToken *token, const FloeCaller *caller,
                 gint64 now)
{
  ApiTouch *touch;

  if (now - token->last_used < G_TIME_SPAN_MINUTE)
    return;
  touch = g_new0 (ApiTouch, 1);
  touch->name = g_strdup (token->name);
  touch->address = g_strdup (caller->address);
  touch->now = now;
  floe_store_note_async (self->store, record_api_touch, touch, (GDestroyNotify)api_touch_free, NULL,
                         touched, NULL);
}

static gpointer
find_api_token (FloeTx *tx, gconstpointer hash, GError **error)
{
  return floe_tx_get_api_token (tx, hash, error);
}

static void
api_token_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeTokenCheck *self = g_task_get_source_object (task);
  const FloeCaller *caller = g_task_get_task_data (task);
  gint64 now = floe_clock_now (self->clock);
  GError *error = NULL;
  g_autoptr (FloeApiToken) token = floe_store_finish (FLOE_STORE (source), result, &error);

  if (token != NULL && (token->ends == 0 || now < token->ends))
    {
      touch_api_token (self, token, caller, now);
      g_task_return_pointer (task, floe_api_token_new_identity (token, caller),
                             (GDestroyNotify)floe_identity_free);
      return;
    }
  if (token != NULL || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    {
      g_clear_error (&error);
      floe_login_set_no_token (&error);
    }
  g_task_return_error (task, error);
}

/**
 * floe_token_check_run_async:
 * @token: what came with a request: of a log-in, or of the API
 * @caller: from where
 * @cancellable: (nullable): gives up waiting
 *
 * Looks up who sent a request.
 */
void
floe_token_check_run_async (FloeTokenCheck *self, FloeSecret *token, const FloeCaller *caller,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, floe_token_check_run_async);
  g_task_set_task_data (task, floe_caller_copy (caller), (GDestroyNotify)floe_caller_free);
  if (floe_api_token_is_one (token))
    floe_store_read_async (self->store, find_api_token, floe_secret_hash (token), g_free,
                           (GDestroyNotify)floe_api_token_free, cancellable, api_token_found, task);
  else
    floe_store_read_async (self->store, floe_login_find_identity, floe_login_token_key (token),
                           g_free, (GDestroyNotify)floe_token_record_free, cancellable, token_found,
                           task);
}

/**
 * floe_token_check_run_finish:
 *
 * Returns: (transfer full): who; or %NULL with %FLOE_ERROR_UNAUTHENTICATED (reason "expired-token")
 *   or a store's error
 */
FloeIdentity *
floe_token_check_run_finish (FloeTokenCheck *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * floe_token_check_hold:
 * @login_id: whose event stream was opened
 *
 * An open event stream counts as use, until floe_token_check_unhold().
 */
void
floe_token_check_hold (FloeTokenCheck *self, const gchar *login_id)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->held, login_id));

  g_hash_table_insert (self->held, g_strdup (login_id), GUINT_TO_POINTER (n + 1));
}

void
floe_token_check_unhold (FloeTokenCheck *self, const gchar *login_id)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->held, login_id));

  touch (self, login_id);
  if (n > 1)
    g_hash_table_insert (self->held, g_strdup (login_id), GUINT_TO_POINTER (n - 1));
  else
    g_hash_table_remove (self->held, login_id);
}

/**
 * floe_token_check_touch_held:
 *
 * Writes down that log-ins with an open event stream are in use now.
 */
void
floe_token_check_touch_held (FloeTokenCheck *self)
{
  GHashTableIter iter;
  gpointer login_id;

  g_hash_table_iter_init (&iter, self->held);
  while (g_hash_table_iter_next (&iter, &login_id, NULL))
    touch (self, login_id);
}

static void
floe_token_check_finalize (GObject *object)
{
  FloeTokenCheck *self = FLOE_TOKEN_CHECK (object);

  g_hash_table_unref (self->held);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_token_check_parent_class)->finalize (object);
}

static void
floe_token_check_class_init (FloeTokenCheckClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_token_check_finalize;
}

static void
floe_token_check_init (FloeTokenCheck *self)
{
  self->held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * floe_token_check_new:
 * @store: where tokens are kept
 * @clock: the time
 * @policy: (transfer none): outlives it
 *
 * Returns: (transfer full): nothing is held
 */
FloeTokenCheck *
floe_token_check_new (FloeStore *store, FloeClock *clock, const FloeLoginPolicy *policy)
{
  FloeTokenCheck *self = g_object_new (FLOE_TYPE_TOKEN_CHECK, NULL);

  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->policy = policy;
  return self;
}
