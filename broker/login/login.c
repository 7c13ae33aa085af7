/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/login-private.h"

#include <string.h>

#include "core/error.h"
#include "core/transition.h"

/* How often held log-ins count as used and accounts are looked at. With what a directory's answer
 * is believed for, and the time that it takes to ask about everybody, it is less than a minute. */
#define TICK (45 * G_USEC_PER_SEC)

enum
{
  PHASE,
  ENDED,
  LET_IN,
  DOUBTED,
  ACCOUNT_ENDED,
  VISITED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeLogin, floe_login, G_TYPE_OBJECT)

void
floe_login_tell_phase (FloeLogin *self, FloeVisitPhase phase, FloeLoginCall *call)
{
  call->took[phase] = floe_clock_elapsed (self->clock) - call->began;
  g_signal_emit (self, signals[PHASE], 0, NULL, floe_visit_phase_name (phase), call->took[phase]);
}

/* What the directory took was told with its groups. */
void
floe_login_split_groups (FloeLoginCall *call, const FloeUser *user)
{
  gint64 all = call->took[FLOE_PHASE_DIRECTORY];

  call->took[FLOE_PHASE_GROUPS] = CLAMP (user->groups_took, 0, all);
  call->took[FLOE_PHASE_DIRECTORY] = all - call->took[FLOE_PHASE_GROUPS];
}

/* For the next step: how long what came before it took all in all is known. */
void
floe_login_tell_visit (FloeLogin *self, const FloeLoginCall *call, const gchar *user_id)
{
  g_autoptr (FloeVisit) visit =
      floe_visit_new (user_id, FLOE_VISIT_LOGIN, floe_clock_now (self->clock));

  memcpy (visit->took, call->took, sizeof visit->took);
  g_signal_emit (self, signals[VISITED], 0, visit);
}

void
floe_login_tell_end (FloeLogin *self, const FloeLoginCall *call, const GError *error)
{
  if (call->action != NULL)
    g_signal_emit (self, signals[ENDED], 0, call->action, error);
  if (call->besides != NULL)
    g_signal_emit (self, signals[ENDED], 0, call->besides, error);
  if (call->way != NULL && error == NULL)
    g_signal_emit (self, signals[LET_IN], 0, call->way);
}

/* Logging in. */

static gboolean
is_demand (const GError *error)
{
  const gchar *reason = floe_error_reason (error);

  return g_strcmp0 (reason, "code-needed") == 0 || g_strcmp0 (reason, "enrolment-needed") == 0;
}

static void
engines_asked (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  FloeLoginCall *call = g_task_get_task_data (task);
  FloeLogin *self = g_task_get_source_object (task);

  floe_engine_logins_take_finish (FLOE_ENGINE_LOGINS (source), result);
  call->took[FLOE_PHASE_ENGINES] = floe_clock_elapsed (self->clock) - call->began
                                   - call->took[FLOE_PHASE_DIRECTORY]
                                   - call->took[FLOE_PHASE_GROUPS];
  floe_login_grant (self, task, call->user);
}

/* Takes @task. Whoever may have desktops of engines is logged in there first, with the same
 * password; what comes of that keeps nobody out here. */
static void
let_in (FloeLogin *self, GTask *task, const FloeUser *user)
{
  FloeLoginCall *call = g_task_get_task_data (task);
  g_autoptr (FloeSecret) password = g_steal_pointer (&call->for_engines);

  if (password == NULL)
    {
      floe_login_grant (self, task, user);
      return;
    }
  call->user = floe_user_copy (user);
  floe_engine_logins_take_async (self->engines, user, password, engines_asked, task);
}

static void
authenticated (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  FloeLogin *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (FloeUser) user =
      floe_directory_authenticate_finish (FLOE_DIRECTORY (source), result, &error);

  floe_login_tell_phase (self, FLOE_PHASE_DIRECTORY, g_task_get_task_data (task));
  floe_login_settle (self, g_task_get_task_data (task), user != NULL ? user->id : NULL, error);
  if (user != NULL)
    {
      floe_login_split_groups (g_task_get_task_data (task), user);
      let_in (self, task, user);
      return;
    }
  g_clear_pointer (&((FloeLoginCall *)g_task_get_task_data (task))->for_engines, floe_secret_unref);
  floe_login_record_failure (self, g_task_get_task_data (task), error);
  floe_login_fail_on_grid (self, task, error);
}

/* Goes on to its end when nobody waits any more: what was asked counts. */
static void
authenticate (FloeLogin *self, GTask *task)
{
  FloeLoginCall *call = g_task_get_task_data (task);
  g_autoptr (FloeSecret) password = g_steal_pointer (&call->password);

  if (self->engines != NULL)
    call->for_engines = floe_secret_ref (password);
  floe_directory_authenticate_async (self->directory, call->name, password, NULL, authenticated,
                                     task);
}

/**
 * floe_login_log_in_async:
 * @self: the log-in
 * @who: as typed
 * @password: as typed; dropped as soon as the directory answered
 * @caller: from where
 * @cancellable: (nullable): gives up waiting
 */
void
floe_login_log_in_async (FloeLogin *self, const FloeTypedName *who, FloeSecret *password,
                         const FloeCaller *caller, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = floe_login_call_new (self, "login", caller, cancellable, callback, user_data);
  FloeLoginCall *call = g_task_get_task_data (task);

  g_task_set_source_tag (task, floe_login_log_in_async);
  call->way = "password";
  floe_login_take_name (call, who);
  call->password = floe_secret_ref (password);
  floe_login_admit (self, task, authenticate);
}

/**
 * floe_login_log_in_finish:
 * @result: of floe_login_log_in_async() or floe_login_log_in_with_ticket_async()
 * @challenge: (out) (optional) (transfer full): what a code or an enrolment is to come with, where
 *   that is needed; else %NULL
 *
 * Returns: (transfer full): the grant; or %NULL with the errors of
 *   floe_directory_authenticate_finish() or a store's, %FLOE_ERROR_BUSY (reason "too-many-tries"),
 *   %FLOE_ERROR_INVALID (reason "unknown-domain"), or, with @challenge, %FLOE_ERROR_UNAUTHENTICATED
 * (reason "code-needed" or "enrolment-needed")
 */
FloeGrant *
floe_login_log_in_finish (FloeLogin *self, GAsyncResult *result, FloeSecret **challenge,
                          GError **error)
{
  FloeLoginCall *call = g_task_get_task_data (G_TASK (result));
  FloeGrant *grant;
  GError *why = NULL;

  grant = g_task_propagate_pointer (G_TASK (result), &why);
  if (challenge != NULL)
    *challenge = why != NULL && is_demand (why) ? g_steal_pointer (&call->challenge) : NULL;
  if (why != NULL)
    g_propagate_error (error, why);
  return grant;
}

/* Presenting a token. */

static void
checked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  FloeIdentity *identity = floe_token_check_run_finish (FLOE_TOKEN_CHECK (source), result, &error);

  if (identity == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, identity, (GDestroyNotify)floe_identity_free);
}

/**
 * floe_login_authenticate_async:
 * @token: what came with a request
 * @caller: from where
 *
 * Looks up who sent a request. Nothing about them is kept with the connection.
 */
void
floe_login_authenticate_async (FloeLogin *self, FloeSecret *token, const FloeCaller *caller,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, floe_login_authenticate_async);
  floe_token_check_run_async (self->tokens, token, caller, cancellable, checked, task);
}

/**
 * floe_login_authenticate_finish:
 *
 * Returns: (transfer full): who; or %NULL with %FLOE_ERROR_UNAUTHENTICATED (reason "expired-token")
 * or a store's error
 */
FloeIdentity *
floe_login_authenticate_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Logging out. */

static void
logged_out (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeLogin *self = g_task_get_source_object (task);
  const gchar *user_id = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) changes = floe_store_finish (FLOE_STORE (source), result, &error);

  if (changes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < changes->len; i++)
    floe_keeper_handle (self->keeper, changes->pdata[i]);
  if (self->engines != NULL)
    floe_engine_logins_drop (self->engines, user_id);
  g_task_return_boolean (task, TRUE);
}

/**
 * floe_login_log_out_async:
 * @identity: whose log-in ends
 *
 * Ends the log-in's tokens and the leases of floating desktops that it used last, which are reset.
 */
void
floe_login_log_out_async (FloeLogin *self, const FloeIdentity *identity, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  FloeLogOut *input = g_new0 (FloeLogOut, 1);

  g_task_set_source_tag (task, floe_login_log_out_async);
  g_task_set_task_data (task, g_strdup (identity->user->id), g_free);
  input->identity = floe_identity_copy (identity);
  input->now = floe_clock_now (self->clock);
  floe_store_write_async (self->store, floe_login_record_log_out, input,
                          (GDestroyNotify)floe_log_out_free, (GDestroyNotify)g_ptr_array_unref,
                          logged_out, task);
}

gboolean
floe_login_log_out_finish (FloeLogin *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Use that is not a request. */

/**
 * floe_login_hold:
 * @identity: whose event stream was opened
 *
 * An open event stream counts as use, until floe_login_unhold().
 */
void
floe_login_hold (FloeLogin *self, const FloeIdentity *identity)
{
  floe_token_check_hold (self->tokens, identity->login_id);
}

void
floe_login_unhold (FloeLogin *self, const FloeIdentity *identity)
{
  floe_token_check_unhold (self->tokens, identity->login_id);
}

static void
on_doubted (FloeAccountWatch *accounts, guint n, FloeLogin *self)
{
  g_signal_emit (self, signals[DOUBTED], 0, n);
}

static void
on_account_ended (FloeAccountWatch *accounts, FloeLogin *self)
{
  g_signal_emit (self, signals[ACCOUNT_ENDED], 0);
}

static gboolean
tick_due (gpointer data)
{
  FloeLogin *self = data;
  floe_token_check_touch_held (self->tokens);
  floe_account_watch_pass (self->accounts);
  floe_group_binder_pass (self->binder);
  if (self->throttle != NULL)
    {
      floe_login_heed_lockout (self);
      floe_throttle_prune (self->throttle);
    }
  return G_SOURCE_CONTINUE;
}

/**
 * floe_login_start:
 *
 * Begins to look, more than once a minute, whether people who are logged in still may be. When
 * directories lock accounts is asked for at once, to be known before anybody guesses. And finds out
 * which groups pools mean.
 */
void
floe_login_start (FloeLogin *self)
{
  if (self->throttle != NULL)
    floe_login_heed_lockout (self);
  if (self->tick != 0)
    return;
  self->tick = floe_clock_add_timeout (self->clock, TICK, tick_due, self, NULL);
  g_signal_connect_object (self->keeper, "pools-changed", G_CALLBACK (floe_group_binder_pass),
                           self->binder, G_CONNECT_SWAPPED);
  floe_group_binder_start (self->binder);
}

void
floe_login_stop (FloeLogin *self)
{
  floe_clock_clear_timeout (self->clock, &self->tick);
  g_signal_handlers_disconnect_by_data (self->keeper, self->binder);
  floe_group_binder_stop (self->binder);
}

gboolean
floe_login_directory_is_up (FloeLogin *self)
{
  return floe_directory_is_up (self->directory);
}

/**
 * floe_login_get_try_limits:
 * @limits: (out caller-allocates): from when on somebody is held back at this moment
 *
 * Returns: whether anybody ever is
 */
gboolean
floe_login_get_try_limits (FloeLogin *self, FloeTryLimits *limits)
{
  if (self->throttle == NULL)
    return FALSE;
  floe_throttle_get_limits (self->throttle, limits);
  return TRUE;
}

static void
floe_login_finalize (GObject *object)
{
  FloeLogin *self = FLOE_LOGIN (object);

  floe_login_stop (self);
  g_object_unref (self->tokens);
  g_object_unref (self->accounts);
  g_object_unref (self->binder);
  g_clear_object (&self->throttle);
  g_clear_object (&self->negotiator);
  g_clear_object (&self->directories);
  g_clear_object (&self->engines);
  floe_role_groups_unref (self->policy.groups);
  g_clear_pointer (&self->policy.factors, floe_factor_policy_unref);
  g_object_unref (self->directory);
  g_object_unref (self->store);
  g_object_unref (self->keeper);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_login_parent_class)->finalize (object);
}

static void
floe_login_class_init (FloeLoginClass *klass)
{
  const GType plain = G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE;

  G_OBJECT_CLASS (klass)->finalize = floe_login_finalize;
  signals[PHASE] = g_signal_new ("phase", FLOE_TYPE_LOGIN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 3, plain, plain, G_TYPE_INT64);
  signals[DOUBTED] = g_signal_new ("doubted", FLOE_TYPE_LOGIN, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[ACCOUNT_ENDED] = g_signal_new ("account-ended", FLOE_TYPE_LOGIN, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LET_IN] = g_signal_new ("let-in", FLOE_TYPE_LOGIN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, plain);
  signals[ENDED] = g_signal_new ("ended", FLOE_TYPE_LOGIN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 2, plain, G_TYPE_POINTER);
  signals[VISITED] = g_signal_new ("visited", FLOE_TYPE_LOGIN, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
floe_login_init (FloeLogin *self)
{
}

/**
 * floe_login_set_engines:
 * @engines: where people are logged in, too
 */
void
floe_login_set_engines (FloeLogin *self, FloeEngineLogins *engines)
{
  g_set_object (&self->engines, engines);
}

FloeLogin *
floe_login_new (FloeDirectory *directory, FloeStore *store, FloeKeeper *keeper, FloeClock *clock,
                const FloeLoginPolicy *policy)
{
  FloeLogin *self = g_object_new (FLOE_TYPE_LOGIN, NULL);

  self->directory = g_object_ref (directory);
  self->store = g_object_ref (store);
  self->keeper = g_object_ref (keeper);
  self->clock = g_object_ref (clock);
  self->accounts = floe_account_watch_new (directory, store, keeper, clock, policy->idle_seconds);
  self->binder = floe_group_binder_new (directory, store, clock);
  g_signal_connect_object (self->accounts, "doubted", G_CALLBACK (on_doubted), self, 0);
  g_signal_connect_object (self->accounts, "ended", G_CALLBACK (on_account_ended), self, 0);
  self->policy = *policy;
  self->policy.groups = floe_role_groups_ref (policy->groups);
  if (policy->factors != NULL)
    self->policy.factors = floe_factor_policy_ref (policy->factors);
  if (policy->throttle.person_tries > 0)
    self->throttle = floe_throttle_new (store, clock, &policy->throttle);
  self->tokens = floe_token_check_new (store, clock, &self->policy);
  return self;
}
