/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/engine-logins.h"

#include <string.h>

#include "core/error.h"

/* An engine forgets a token that nobody has used for half an hour. One whose renewal was not seen
 * to succeed has its turn again at the next pass. */
#define PASS_EVERY  (60 * (gint64)G_USEC_PER_SEC)
#define RENEW_AFTER (20 * 60 * (gint64)G_USEC_PER_SEC)
#define AGAIN_AFTER (PASS_EVERY - 15 * (gint64)G_USEC_PER_SEC)
#define AT_ONCE     100
/* Whoever typed their password may still have to type a code. */
#define CODE_TAKES (10 * 60 * (gint64)G_USEC_PER_SEC)

struct _FloeEngineLogins
{
  GObject parent_instance;

  FloeStore *store;
  FloeManager *manager;
  FloeClock *clock;
  GHashTable *keys; /* name of an engine to FloeSealKeys */
  guint timer;
};

G_DEFINE_FINAL_TYPE (FloeEngineLogins, floe_engine_logins, G_TYPE_OBJECT)

/* Transactions. */

typedef struct
{
  FloeUser *user;
  gchar *user_id;
  FloeEngineToken *token;
  gint64 before;
  gint64 now;
} Input;

static void
input_free (gpointer data)
{
  Input *input = data;

  floe_user_free (input->user);
  g_free (input->user_id);
  floe_engine_token_free (input->token);
  g_free (input);
}

/* Returns: (transfer full): the names of the engines that give desktops to this person, as a GStrv
 */
static gpointer
find_engines (FloeTx *tx, gconstpointer input, GError **error)
{
  const Input *in = input;
  g_autoptr (GPtrArray) pools = floe_tx_list_pools (tx, error);
  g_autoptr (GStrvBuilder) engines = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  if (pools == NULL)
    return NULL;
  for (guint i = 0; i < pools->len; i++)
    {
      const FloePool *pool = pools->pdata[i];

      if (floe_pool_is_engine (pool) && pool->assign == FLOE_ASSIGN_USER
          && floe_pool_entitles (pool, in->user) && g_hash_table_add (seen, pool->manager))
        g_strv_builder_add (engines, pool->manager);
    }
  return g_strv_builder_end (engines);
}

static gpointer
put_token (FloeTx *tx, gconstpointer input, GError **error)
{
  const Input *in = input;

  return floe_tx_put_engine_token (tx, in->token, in->now, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static gpointer
delete_token (FloeTx *tx, gconstpointer input, GError **error)
{
  const Input *in = input;

  return floe_tx_delete_engine_token (tx, in->token, error) ? GINT_TO_POINTER (TRUE) : NULL;
}

static gpointer
confirm_token (FloeTx *tx, gconstpointer input, GError **error)
{
  const Input *in = input;

  return floe_tx_confirm_engine_token (tx, in->token, in->now, error) ? GINT_TO_POINTER (TRUE)
                                                                      : NULL;
}

static gpointer
take_idle (FloeTx *tx, gconstpointer input, GError **error)
{
  const Input *in = input;

  return floe_tx_take_idle_engine_tokens (tx, in->user_id, in->before, error);
}

static gpointer
take_due (FloeTx *tx, gconstpointer input, GError **error)
{
  const Input *in = input;

  return floe_tx_renew_engine_tokens (tx, in->before, in->before + AGAIN_AFTER, AT_ONCE, error);
}

static void
written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (floe_store_finish (FLOE_STORE (source), result, &error) == NULL)
    g_warning ("what a log-in got at an engine was not recorded: %s", error->message);
}

static void
write_token (FloeEngineLogins *self, FloeTransaction func, FloeEngineToken *token)
{
  Input *input = g_new0 (Input, 1);

  input->token = token;
  input->now = floe_clock_now (self->clock);
  floe_store_write_async (self->store, func, input, input_free, NULL, written, NULL);
}

/* A token is bound to whose it is and where. */
static gchar *
make_owner (const gchar *manager, const gchar *user_id)
{
  return g_strconcat (manager, " ", user_id, NULL);
}

/**
 * floe_engine_logins_open:
 * @self: the log-ins
 *
 * Returns: (transfer full) (nullable): the token that was sealed
 */
FloeSecret *
floe_engine_logins_open (gpointer self, const gchar *manager, const gchar *user_id,
                         const gchar *sealed)
{
  FloeSealKeys *keys = g_hash_table_lookup (FLOE_ENGINE_LOGINS (self)->keys, manager);
  g_autofree gchar *owner = make_owner (manager, user_id);
  g_autoptr (GError) error = NULL;
  gboolean old;
  FloeSecret *token = keys != NULL ? floe_seal_keys_open (keys, sealed, owner, &old, &error) : NULL;

  if (error != NULL)
    g_warning ("[manager %s] key_file: %s", manager, error->message);
  return token;
}

/* Logging in. */

typedef struct
{
  FloeUser *user;
  FloeSecret *password;
  guint n_open;
} Take;

typedef struct
{
  GTask *task;
  gchar *manager;
} One;

static void
take_free (gpointer data)
{
  Take *take = data;

  floe_user_free (take->user);
  g_clear_pointer (&take->password, floe_secret_unref);
  g_free (take);
}

/* Whoever waits for the last one goes on; the store takes its time behind it, in order. */
static void
end_one (GTask *task)
{
  Take *take = g_task_get_task_data (task);

  if (--take->n_open > 0)
    return;
  g_clear_pointer (&take->password, floe_secret_unref);
  g_task_return_boolean (task, TRUE);
}

static void
keep (FloeEngineLogins *self, const gchar *manager, const FloeUser *user, const FloeSecret *token)
{
  FloeSealKeys *keys = g_hash_table_lookup (self->keys, manager);
  g_autofree gchar *owner = make_owner (manager, user->id);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *sealed = floe_seal_keys_seal (keys, token, owner, &error);

  if (sealed != NULL)
    write_token (self, put_token, floe_engine_token_new (user->id, manager, sealed));
  else
    g_warning ("[manager %s] key_file: %s", manager, error->message);
}

static void
logged_in (GObject *source, GAsyncResult *result, gpointer data)
{
  One *one = data;
  g_autoptr (GTask) task = one->task;
  g_autofree gchar *manager = one->manager;
  const Take *take = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeSecret) token = floe_manager_log_in_finish (FLOE_MANAGER (source), result, &error);

  g_free (one);
  if (token != NULL)
    keep (g_task_get_source_object (task), manager, take->user, token);
  else
    g_message ("%s is not logged in at engine %s: %s", take->user->name, manager, error->message);
  end_one (task);
}

static void
engines_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeEngineLogins *self = g_task_get_source_object (task);
  Take *take = g_task_get_task_data (task);
  g_auto (GStrv) engines = floe_store_finish (FLOE_STORE (source), result, NULL);

  take->n_open = 1;
  for (guint i = 0; engines != NULL && engines[i] != NULL; i++)
    {
      One *one;

      if (!g_hash_table_contains (self->keys, engines[i]))
        continue;
      one = g_new0 (One, 1);
      one->task = g_object_ref (task);
      one->manager = g_strdup (engines[i]);
      take->n_open++;
      floe_manager_log_in_async (self->manager, engines[i], take->user->name, take->password,
                                 logged_in, one);
    }
  end_one (task);
}

/**
 * floe_engine_logins_take_async:
 * @user: whose password was right; where they are, see floe_seat_fill(), is not looked at
 * @password: let go of when this ends, in a few seconds at most
 *
 * Logs them in at the engines that give them desktops.
 */
void
floe_engine_logins_take_async (FloeEngineLogins *self, const FloeUser *user, FloeSecret *password,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Take *take = g_new0 (Take, 1);
  Input *input = g_new0 (Input, 1);

  g_task_set_source_tag (task, floe_engine_logins_take_async);
  take->user = floe_user_copy (user);
  take->password = floe_secret_ref (password);
  g_task_set_task_data (task, take, take_free);
  input->user = floe_user_copy (user);
  floe_store_read_async (self->store, find_engines, input, input_free, (GDestroyNotify)g_strfreev,
                         NULL, engines_found, task);
}

void
floe_engine_logins_take_finish (FloeEngineLogins *self, GAsyncResult *result)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
}

/* Ends. */

static void
end_all (FloeEngineLogins *self, GPtrArray *tokens)
{
  for (guint i = 0; i < tokens->len; i++)
    {
      const FloeEngineToken *one = tokens->pdata[i];
      g_autoptr (FloeSecret) token =
          floe_engine_logins_open (self, one->manager, one->user_id, one->sealed);

      if (token != NULL)
        floe_manager_log_out (self->manager, one->manager, token);
    }
}

static void
idle_taken (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeEngineLogins) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tokens = floe_store_finish (FLOE_STORE (source), result, &error);

  if (tokens != NULL)
    end_all (self, tokens);
  else
    g_debug ("idle tokens of engines: %s", error->message);
}

static void
take_idle_ones (FloeEngineLogins *self, const gchar *user_id, gint64 age)
{
  Input *input = g_new0 (Input, 1);

  input->user_id = g_strdup (user_id);
  input->before = floe_clock_now (self->clock) - age;
  floe_store_write_async (self->store, take_idle, input, input_free,
                          (GDestroyNotify)g_ptr_array_unref, idle_taken, g_object_ref (self));
}

/**
 * floe_engine_logins_drop:
 * @user_id: who has just logged out
 *
 * Logs them out at the engines, too, unless they are logged in here once more.
 */
void
floe_engine_logins_drop (FloeEngineLogins *self, const gchar *user_id)
{
  take_idle_ones (self, user_id, 0);
}

/* Renewal. */

typedef struct
{
  FloeEngineLogins *logins;
  FloeEngineToken *token;
} Renewal;

static void
renewed (GObject *source, GAsyncResult *result, gpointer data)
{
  Renewal *renewal = data;
  g_autoptr (FloeEngineLogins) self = renewal->logins;
  g_autoptr (FloeEngineToken) token = renewal->token;
  g_autoptr (GError) error = NULL;

  g_free (renewal);
  if (floe_manager_renew_finish (FLOE_MANAGER (source), result, &error))
    write_token (self, confirm_token, g_steal_pointer (&token));
  else if (g_strcmp0 (floe_error_reason (error), "engine-login") == 0)
    write_token (self, delete_token, g_steal_pointer (&token));
  else
    g_debug ("a token of engine %s was not renewed yet: %s", token->manager, error->message);
}

/* One that is of no use here, with another key or at an engine that is not ours, is left alone for
 * as long as if it had been renewed. */
static void
renew (FloeEngineLogins *self, const FloeEngineToken *one)
{
  g_autoptr (FloeEngineToken) copy =
      floe_engine_token_new (one->user_id, one->manager, one->sealed);
  g_autoptr (FloeSecret) token =
      floe_engine_logins_open (self, one->manager, one->user_id, one->sealed);
  Renewal *renewal;

  if (token == NULL)
    {
      write_token (self, confirm_token, g_steal_pointer (&copy));
      return;
    }
  renewal = g_new0 (Renewal, 1);
  renewal->logins = g_object_ref (self);
  renewal->token = g_steal_pointer (&copy);
  floe_manager_renew_async (self->manager, one->manager, token, renewed, renewal);
}

static void
due_taken (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeEngineLogins) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tokens = floe_store_finish (FLOE_STORE (source), result, &error);

  if (tokens == NULL)
    g_debug ("tokens of engines: %s", error->message);
  for (guint i = 0; tokens != NULL && i < tokens->len; i++)
    renew (self, tokens->pdata[i]);
}

/* The log-ins that ended by themselves, and those whose turn it is. */
static gboolean
pass (gpointer data)
{
  FloeEngineLogins *self = data;
  Input *input = g_new0 (Input, 1);

  take_idle_ones (self, NULL, CODE_TAKES);
  input->now = floe_clock_now (self->clock);
  input->before = input->now - RENEW_AFTER;
  floe_store_write_async (self->store, take_due, input, input_free,
                          (GDestroyNotify)g_ptr_array_unref, due_taken, g_object_ref (self));
  return G_SOURCE_CONTINUE;
}

void
floe_engine_logins_start (FloeEngineLogins *self)
{
  if (self->timer == 0)
    self->timer = floe_clock_add_timeout (self->clock, PASS_EVERY, pass, self, NULL);
}

void
floe_engine_logins_stop (FloeEngineLogins *self)
{
  floe_clock_clear_timeout (self->clock, &self->timer);
}

static void
floe_engine_logins_finalize (GObject *object)
{
  FloeEngineLogins *self = FLOE_ENGINE_LOGINS (object);

  floe_engine_logins_stop (self);
  g_object_unref (self->store);
  g_object_unref (self->manager);
  g_object_unref (self->clock);
  g_hash_table_unref (self->keys);
  G_OBJECT_CLASS (floe_engine_logins_parent_class)->finalize (object);
}

static void
floe_engine_logins_class_init (FloeEngineLoginsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_engine_logins_finalize;
}

static void
floe_engine_logins_init (FloeEngineLogins *self)
{
  self->keys =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)floe_seal_keys_unref);
}

FloeEngineLogins *
floe_engine_logins_new (FloeStore *store, FloeManager *manager, FloeClock *clock)
{
  FloeEngineLogins *self = g_object_new (FLOE_TYPE_ENGINE_LOGINS, NULL);

  self->store = g_object_ref (store);
  self->manager = g_object_ref (manager);
  self->clock = g_object_ref (clock);
  return self;
}

/**
 * floe_engine_logins_add:
 * @manager: the name of an engine
 * @keys: with which its tokens are sealed
 */
void
floe_engine_logins_add (FloeEngineLogins *self, const gchar *manager, FloeSealKeys *keys)
{
  g_hash_table_insert (self->keys, g_strdup (manager), floe_seal_keys_ref (keys));
}
