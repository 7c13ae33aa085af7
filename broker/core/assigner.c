/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/assigner.h"

#include <string.h>

#include "core/capacity.h"
#include "core/error.h"
#include "core/waiting-room.h"

struct _FloeAssigner
{
  GObject parent_instance;

  FloeStore *store;
  FloeKeeper *keeper;
  FloeClock *clock;
  FloeWaitingRoom *waiting_room;
  gboolean tells_host;
  FloeTokenOpener opener; /* NULL where nobody is logged in at engines */
  gpointer opener_data;
  GHashTable *asking; /* "USER POOL" to GPtrArray of GTask: those who wait until an engine that is
                       * asked for the same has answered */
};

typedef struct
{
  FloeIdentity *identity;
  gchar *pool;
  gboolean another;
  gchar *desktop_id;
  FloeDomain *domain; /* what an engine gave, until that is recorded */
  FloeTicket *ticket;
  FloeSecret *reconnect;
  FloeClaim *claim;
  gint64 asked; /* elapsed */
  gint64 claim_took;
  gint64 ticket_asked; /* elapsed */
} Connect;

enum
{
  PHASE,
  ENDED,
  SERVED,
  VISITED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeAssigner, floe_assigner, G_TYPE_OBJECT)

static void
connect_free (gpointer data)
{
  Connect *connect = data;

  floe_identity_free (connect->identity);
  g_free (connect->pool);
  g_free (connect->desktop_id);
  floe_domain_free (connect->domain);
  floe_ticket_free (connect->ticket);
  g_clear_pointer (&connect->reconnect, floe_secret_unref);
  floe_claim_free (connect->claim);
  g_free (connect);
}

/* Claiming. */

static void begin_claim (FloeAssigner *self, GTask *task);

static gchar *
make_key (const Connect *connect)
{
  return g_strconcat (connect->identity->user->id, " ", connect->pool, NULL);
}

static void
tell_phase (FloeAssigner *self, const gchar *pool, const gchar *phase, gint64 since)
{
  g_signal_emit (self, signals[PHASE], 0, pool, phase, floe_clock_elapsed (self->clock) - since);
}

static void
tell_end (FloeAssigner *self, const gchar *action, const GError *error)
{
  g_signal_emit (self, signals[ENDED], 0, action, error);
}

static void
on_phase (FloeWaitingRoom *room, const gchar *pool, const gchar *phase, gint64 microseconds,
          FloeAssigner *self)
{
  g_signal_emit (self, signals[PHASE], 0, pool, phase, microseconds);
}

static void
on_failed (FloeWaitingRoom *room, const GError *error, FloeAssigner *self)
{
  tell_end (self, "connect", error);
}

static void
on_waited (FloeWaitingRoom *room, const gchar *pool, gint how, gint64 microseconds,
           FloeAssigner *self)
{
  g_signal_emit (self, signals[SERVED], 0, pool, how, microseconds);
}

/* Takes @error. */
static void
refuse (FloeAssigner *self, GTask *task, GError *error)
{
  const Connect *connect = g_task_get_task_data (task);
  FloeServed how;

  tell_end (self, "connect", error);
  /* Before a claim was decided, nobody knows whether there is such a pool. */
  if (connect->claim != NULL && floe_served_from_error (error, &how))
    g_signal_emit (self, signals[SERVED], 0, connect->pool, (gint)how, G_GINT64_CONSTANT (0));
  g_task_return_error (task, error);
}

static void
answer_with_request (FloeAssigner *self, GTask *task, Connect *connect)
{
  FloeConnectAnswer *answer = g_new0 (FloeConnectAnswer, 1);

  answer->request =
      g_object_ref (floe_waiting_room_enter (self->waiting_room, connect->identity, connect->pool,
                                             connect->another, connect->claim, connect->asked));
  g_task_return_pointer (task, answer, (GDestroyNotify)floe_connect_answer_free);
}

static void
answer_with_place (FloeAssigner *self, GTask *task, Connect *connect)
{
  FloeConnectAnswer *answer = g_new0 (FloeConnectAnswer, 1);

  answer->request = g_object_ref (floe_waiting_room_queue (
      self->waiting_room, connect->identity, connect->pool, connect->another, connect->asked));
  g_task_return_pointer (task, answer, (GDestroyNotify)floe_connect_answer_free);
}

/* wait: (nullable): who they were while they waited */
static void
tell_visit (FloeAssigner *self, const Connect *connect, const FloeWaiter *wait, gint64 began)
{
  gint64 now = floe_clock_elapsed (self->clock);
  g_autoptr (FloeVisit) visit = floe_visit_new (connect->identity->user->id, FLOE_VISIT_CONNECT,
                                                floe_clock_now (self->clock));

  if (wait != NULL)
    memcpy (visit->took, wait->took, sizeof visit->took);
  visit->pool = g_strdup (connect->pool);
  visit->desktop = g_strdup (connect->claim->change->desktop->name);
  visit->desktop_id = g_strdup (connect->claim->change->desktop->id);
  visit->took[FLOE_PHASE_CLAIM] = connect->claim_took;
  visit->took[FLOE_PHASE_TICKET] = now - connect->ticket_asked;
  visit->took[FLOE_PHASE_TOTAL] = now - began;
  g_signal_emit (self, signals[VISITED], 0, visit);
}

static void
tell_connection (FloeAssigner *self, const Connect *connect)
{
  const FloeDesktop *desktop = connect->claim->change->desktop;
  const FloeWaiter *wait =
      floe_waiting_room_fetch (self->waiting_room, connect->identity, desktop->id);
  gint64 began = wait != NULL ? wait->began : connect->asked;

  tell_phase (self, connect->pool, "ticket", connect->ticket_asked);
  tell_phase (self, connect->pool, "total", began);
  tell_visit (self, connect, wait, began);
  tell_end (self, "connect", NULL);
  if (connect->claim->taken)
    g_signal_emit (self, signals[SERVED], 0, connect->pool, (gint)FLOE_SERVED_AT_ONCE,
                   G_GINT64_CONSTANT (0));
}

static void
ticket_set (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeAssigner *self = g_task_get_source_object (task);
  Connect *connect = g_task_get_task_data (task);
  const FloeDesktop *desktop = connect->claim->change->desktop;
  GError *error = NULL;
  FloeDisplay *display = floe_manager_set_ticket_finish (FLOE_MANAGER (source), result, &error);
  FloeConnectAnswer *answer;

  floe_connection_audit (self->store, connect->identity, "ticket", desktop->name,
                         floe_clock_now (self->clock), error);
  tell_end (self, "ticket", error);
  if (display == NULL)
    {
      floe_keeper_note_refusal (self->keeper, desktop->id, error);
      g_prefix_error (&error, "desktop %s: ", desktop->name);
      refuse (self, task, error);
      return;
    }
  tell_connection (self, connect);
  floe_ticket_fit (connect->ticket, display->kind);
  answer = g_new0 (FloeConnectAnswer, 1);
  answer->connection = g_new0 (FloeConnection, 1);
  answer->connection->display = display;
  answer->connection->ticket = g_steal_pointer (&connect->ticket);
  answer->connection->desktop = floe_desktop_copy (desktop);
  answer->connection->reconnect_token = g_steal_pointer (&connect->reconnect);
  answer->connection->title = g_strdup (desktop->name);
  answer->connection->host_name = self->tells_host ? g_strdup (desktop->host) : NULL;
  answer->connection->keeps_data = connect->claim->keeps_data;
  answer->connection->actions = g_steal_pointer (&connect->claim->actions);
  answer->connection->policy = g_steal_pointer (&connect->claim->policy);
  g_task_return_pointer (task, answer, (GDestroyNotify)floe_connect_answer_free);
}

static void
set_ticket (FloeAssigner *self, GTask *task, Connect *connect)
{
  const FloeClaim *claim = connect->claim;
  const FloeDesktop *desktop = claim->change->desktop;
  gboolean stays = floe_desktop_get_nature (desktop) == FLOE_NATURE_ENGINE_KEPT;
  const FloeVmHolder holder = { .person = connect->identity->user->name,
                                .person_id = connect->identity->user->id,
                                .engine_user = desktop->engine_user,
                                .service = claim->by_service };
  const FloeTicketOrder order = { .ticket = connect->ticket,
                                  .mode = claim->was_connected ? FLOE_TICKET_DISCONNECT
                                                               : FLOE_TICKET_KEEP,
                                  .policy = claim->policy,
                                  .holder = stays ? &holder : NULL,
                                  .request = connect->identity->caller->request };

  connect->ticket_asked = floe_clock_elapsed (self->clock);
  /* Not cancellable: the claim is recorded, and its ticket belongs to it. */
  floe_manager_set_ticket_async (floe_keeper_get_manager (self->keeper), desktop->host, desktop->id,
                                 &order, NULL, ticket_set, g_object_ref (task));
}

static void
open_given (FloeAssigner *self, GTask *task, Connect *connect)
{
  const FloeClaim *claim = connect->claim;

  floe_keeper_note_ticket (self->keeper, claim->change->desktop->id, claim->change->due);
  floe_keeper_handle (self->keeper, claim->change);
  if (claim->ready)
    set_ticket (self, task, connect);
  else if (claim->change->desktop->facts.power == FLOE_POWER_UNKNOWN)
    {
      GError *error = NULL;

      floe_set_error_reason (&error, FLOE_ERROR_UNAVAILABLE, "host-down",
                             "host %s of desktop %s does not answer", claim->change->desktop->host,
                             claim->change->desktop->name);
      refuse (self, task, error);
    }
  else
    answer_with_request (self, task, connect);
}

/* An engine is asked. Whoever asks for the same meanwhile waits, and then has it. */

static void
go_on (FloeAssigner *self, const Connect *connect)
{
  g_autofree gchar *key = make_key (connect);
  g_autoptr (GPtrArray) waiting = NULL;
  gpointer old;

  g_hash_table_steal_extended (self->asking, key, &old, (gpointer *)&waiting);
  g_free (old);
  for (guint i = 0; i < waiting->len; i++)
    begin_claim (self, waiting->pdata[i]);
}

static void
given_back (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeAssigner) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeChange) change = floe_store_finish (FLOE_STORE (source), result, &error);

  if (change == NULL)
    g_warning ("what an engine gave for nothing is not written down: %s", error->message);
  else if (change->changed)
    floe_keeper_handle (self->keeper, change);
}

/* They have no right to it any more, or nobody wrote down that they have it. One that is to stay
 * theirs may have been theirs before, and have their work in it; but not where it is the broker's
 * own account's and was not found to be. */
static void
give_back (FloeAssigner *self, const Connect *connect, const FloePool *asked,
           const FloeDomain *domain)
{
  FloeManager *manager = floe_keeper_get_manager (self->keeper);

  if (asked->kind == FLOE_POOL_FLOATING)
    floe_manager_power_off_async (manager, domain->host, domain->id,
                                  connect->identity->caller->request, NULL, NULL, NULL);
  else if (asked->assign == FLOE_ASSIGN_SERVICE && !domain->found)
    floe_claim_give_back_async (self->store, connect->identity, asked->name, domain,
                                floe_clock_now (self->clock), given_back, g_object_ref (self));
}

static void
allocation_recorded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeAssigner *self = g_task_get_source_object (task);
  Connect *connect = g_task_get_task_data (task);
  g_autoptr (FloeDomain) domain = g_steal_pointer (&connect->domain);
  GError *error = NULL;
  FloeClaim *claim = floe_claim_finish (FLOE_STORE (source), result, &error);
  g_autoptr (FloePool) asked = g_steal_pointer (&connect->claim->asks_engine);

  floe_claim_free (connect->claim);
  connect->claim = claim;
  if (claim != NULL && claim->refusal == NULL)
    open_given (self, task, connect);
  else
    {
      give_back (self, connect, asked, domain);
      refuse (self, task, claim == NULL ? error : g_error_copy (claim->refusal));
    }
  go_on (self, connect);
}

static void
allocated (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeAssigner *self = g_task_get_source_object (task);
  Connect *connect = g_task_get_task_data (task);
  gint64 now = floe_clock_now (self->clock);
  GError *error = NULL;

  connect->domain = floe_manager_allocate_finish (FLOE_MANAGER (source), result, &error);
  floe_connection_audit (self->store, connect->identity, "allocate", connect->pool, now, error);
  if (connect->domain == NULL)
    {
      refuse (self, task, error);
      go_on (self, connect);
      return;
    }
  floe_ticket_free (connect->ticket);
  connect->ticket = floe_ticket_new (now);
  floe_claim_allocated_async (self->store,
                              floe_claim_input_new (connect->identity, connect->pool, NULL, now,
                                                    connect->ticket, connect->reconnect),
                              connect->domain, allocation_recorded, g_object_ref (task));
}

/* open_token: (nullable): what their log-in got at the engine */
static FloeSecret *
open_token (FloeAssigner *self, const Connect *connect)
{
  const FloeClaim *claim = connect->claim;

  if (claim->engine_token == NULL || self->opener == NULL)
    return NULL;
  return self->opener (self->opener_data, claim->asks_engine->manager, connect->identity->user->id,
                       claim->engine_token);
}

static void
ask_engine (FloeAssigner *self, GTask *task, Connect *connect)
{
  const FloePool *pool = connect->claim->asks_engine;
  g_autoptr (FloeSecret) token = open_token (self, connect);
  g_autofree gchar *key = make_key (connect);
  GPtrArray *waiting = g_hash_table_lookup (self->asking, key);
  const FloeAllocation allocation = { .host = pool->manager,
                                      .pool = pool->engine_pool,
                                      .way = pool->assign,
                                      .keeps = pool->kind != FLOE_POOL_FLOATING,
                                      .person = connect->identity->user->name,
                                      .person_id = connect->identity->user->id,
                                      .held = (const gchar *const *)connect->claim->held,
                                      .token = token,
                                      .request = connect->identity->caller->request };

  if (waiting != NULL)
    {
      g_clear_pointer (&connect->claim, floe_claim_free);
      g_ptr_array_add (waiting, g_object_ref (task));
      return;
    }
  g_hash_table_insert (self->asking, g_steal_pointer (&key),
                       g_ptr_array_new_with_free_func (g_object_unref));
  /* Not cancellable: the engine gives whether anybody waits for it or not. */
  floe_manager_allocate_async (floe_keeper_get_manager (self->keeper), &allocation, NULL, allocated,
                               g_object_ref (task));
}

static void
claimed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeAssigner *self = g_task_get_source_object (task);
  Connect *connect = g_task_get_task_data (task);
  GError *error = NULL;
  FloeClaim *claim = floe_claim_finish (FLOE_STORE (source), result, &error);

  connect->claim = claim;
  if (claim == NULL || claim->refusal != NULL)
    {
      refuse (self, task, claim == NULL ? error : g_error_copy (claim->refusal));
      return;
    }
  /* Only now is the pool known for one that there is. */
  tell_phase (self, connect->pool, "claim", connect->asked);
  connect->claim_took = floe_clock_elapsed (self->clock) - connect->asked;
  if (claim->queued)
    answer_with_place (self, task, connect);
  else if (claim->asks_engine != NULL)
    ask_engine (self, task, connect);
  else
    open_given (self, task, connect);
}

static void
begin_claim (FloeAssigner *self, GTask *task)
{
  Connect *connect = g_task_get_task_data (task);
  const FloeConnectWish wish = { .another = connect->another, .desktop_id = connect->desktop_id };

  floe_claim_async (self->store,
                    floe_claim_input_new (connect->identity, connect->pool, &wish,
                                          floe_clock_now (self->clock), connect->ticket,
                                          connect->reconnect),
                    claimed, g_object_ref (task));
}

/**
 * floe_assigner_connect_async:
 * @self: the assigner
 * @identity: who asks
 * @pool: for a desktop of which pool
 * @wish: (nullable): which one
 * @cancellable: (nullable): gives up waiting; what was claimed stays claimed
 *
 * Gives somebody their desktop, and what they need to open it if it is ready.
 */
void
floe_assigner_connect_async (FloeAssigner *self, const FloeIdentity *identity, const gchar *pool,
                             const FloeConnectWish *wish, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  gint64 now = floe_clock_now (self->clock);
  Connect *connect = g_new0 (Connect, 1);

  g_task_set_source_tag (task, floe_assigner_connect_async);
  g_task_set_task_data (task, connect, connect_free);
  connect->identity = floe_identity_copy (identity);
  connect->pool = g_strdup (pool);
  connect->another = wish != NULL && wish->another;
  connect->desktop_id = wish != NULL ? g_strdup (wish->desktop_id) : NULL;
  connect->asked = floe_clock_elapsed (self->clock);
  connect->ticket = floe_ticket_new (now);
  connect->reconnect = floe_claim_new_reconnect_token ();
  begin_claim (self, task);
}

/**
 * floe_assigner_connect_finish:
 *
 * Returns: (transfer full): the answer; or %NULL with %FLOE_ERROR_UNAUTHENTICATED (reason
 *   "expired-token": the log-in ended meanwhile), %FLOE_ERROR_NOT_FOUND (no such pool for
 * them, or no such desktop of theirs), %FLOE_ERROR_DENIED (reason "not-from-here"),
 *   %FLOE_ERROR_CONFLICT (reason "limit-reached"),
 *   %FLOE_ERROR_EXHAUSTED (reason "pool-closed" or "not-assigned"), %FLOE_ERROR_UNAVAILABLE
 *   (reason "host-down", "desktop-gone"), the errors of floe_manager_set_ticket_finish() or a
 * store's
 */
FloeConnectAnswer *
floe_assigner_connect_finish (FloeAssigner *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * floe_assigner_get_request:
 *
 * Returns: (transfer none): a request of this person's; or %NULL with %FLOE_ERROR_NOT_FOUND
 */
FloeConnectRequest *
floe_assigner_get_request (FloeAssigner *self, const FloeIdentity *identity, const gchar *id,
                           GError **error)
{
  FloeConnectRequest *request = floe_waiting_room_find (self->waiting_room, identity, id, error);

  if (request != NULL)
    floe_connect_request_touch (request, floe_clock_elapsed (self->clock));
  return request;
}

static void
left (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (floe_waiting_room_leave_finish (FLOE_WAITING_ROOM (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * floe_assigner_leave_async:
 * @id: a request of this person's, which they do not wait for any more
 */
void
floe_assigner_leave_async (FloeAssigner *self, const FloeIdentity *identity, const gchar *id,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, floe_assigner_leave_async);
  floe_waiting_room_leave_async (self->waiting_room, identity, id, left, task);
}

/**
 * floe_assigner_leave_finish:
 *
 * Returns: %TRUE once their place, if they had one, is given up; or %FALSE
 *   with %FLOE_ERROR_NOT_FOUND or a store's error
 */
gboolean
floe_assigner_leave_finish (FloeAssigner *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * floe_assigner_start:
 *
 * Takes up the lines that there were when the broker went away.
 */
void
floe_assigner_start (FloeAssigner *self)
{
  floe_waiting_room_start (self->waiting_room);
}

/**
 * floe_assigner_count_requests:
 *
 * Returns: how many people wait in @state
 */
guint
floe_assigner_count_requests (FloeAssigner *self, FloeRequestState state)
{
  return floe_waiting_room_count (self->waiting_room, state);
}

/* Looking. */

static void
return_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gpointer value = floe_store_finish (FLOE_STORE (source), result, &error);

  if (value == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, g_task_get_task_data (task));
}

/**
 * floe_assigner_list_pools_async:
 *
 * Lists the pools that somebody is entitled to, with the desktop that they hold in each.
 */
void
floe_assigner_list_pools_async (FloeAssigner *self, const FloeIdentity *identity,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, floe_assigner_list_pools_async);
  g_task_set_task_data (task, (gpointer)g_ptr_array_unref, NULL);
  floe_store_read_async (self->store, floe_own_list_pools, floe_identity_copy (identity),
                         (GDestroyNotify)floe_identity_free, (GDestroyNotify)g_ptr_array_unref,
                         cancellable, return_read, task);
}

/**
 * floe_assigner_list_pools_finish:
 *
 * Returns: (transfer full) (element-type FloePoolView): by name; or %NULL with a store's error
 */
GPtrArray *
floe_assigner_list_pools_finish (FloeAssigner *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * floe_assigner_get_desktop_async:
 * @desktop_id: a desktop of theirs
 *
 * Looks at a desktop: after a disconnect its client asks why.
 */
void
floe_assigner_get_desktop_async (FloeAssigner *self, const FloeIdentity *identity,
                                 const gchar *desktop_id, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, floe_assigner_get_desktop_async);
  g_task_set_task_data (task, (gpointer)floe_desktop_free, NULL);
  floe_store_read_async (self->store, floe_own_read,
                         floe_own_input_new (identity, desktop_id, floe_clock_now (self->clock)),
                         (GDestroyNotify)floe_own_input_free, (GDestroyNotify)floe_desktop_free,
                         cancellable, return_read, task);
}

/**
 * floe_assigner_get_desktop_finish:
 *
 * Returns: (transfer full): the desktop, if the caller holds it, or was its last holder and may be
 *   told why that ended; or %NULL with %FLOE_ERROR_NOT_FOUND or a store's error
 */
FloeDesktop *
floe_assigner_get_desktop_finish (FloeAssigner *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Giving back. */

static void
released (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeAssigner *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (FloeChange) change = floe_store_finish (FLOE_STORE (source), result, &error);

  if (change == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  floe_keeper_handle (self->keeper, change);
  g_task_return_boolean (task, TRUE);
}

/**
 * floe_assigner_release_async:
 *
 * Ends the caller's lease of a floating desktop, which is reset before anybody else gets it.
 */
void
floe_assigner_release_async (FloeAssigner *self, const FloeIdentity *identity,
                             const gchar *desktop_id, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, floe_assigner_release_async);
  floe_store_write_async (self->store, floe_own_release,
                          floe_own_input_new (identity, desktop_id, floe_clock_now (self->clock)),
                          (GDestroyNotify)floe_own_input_free, (GDestroyNotify)floe_change_free,
                          released, task);
}

/**
 * floe_assigner_release_finish:
 *
 * Returns: %TRUE once it is recorded; or %FALSE with %FLOE_ERROR_NOT_FOUND, %FLOE_ERROR_CONFLICT (a
 *   dedicated one) or a store's error
 */
gboolean
floe_assigner_release_finish (FloeAssigner *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
floe_assigner_finalize (GObject *object)
{
  FloeAssigner *self = FLOE_ASSIGNER (object);

  g_object_unref (self->waiting_room);
  g_hash_table_unref (self->asking);
  g_object_unref (self->store);
  g_object_unref (self->keeper);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_assigner_parent_class)->finalize (object);
}

static void
floe_assigner_class_init (FloeAssignerClass *klass)
{
  const GType plain = G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE;

  G_OBJECT_CLASS (klass)->finalize = floe_assigner_finalize;
  signals[PHASE] = g_signal_new ("phase", FLOE_TYPE_ASSIGNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 3, plain, plain, G_TYPE_INT64);
  signals[ENDED] = g_signal_new ("ended", FLOE_TYPE_ASSIGNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 2, plain, G_TYPE_POINTER);
  signals[SERVED] = g_signal_new ("served", FLOE_TYPE_ASSIGNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 3, plain, G_TYPE_INT, G_TYPE_INT64);
  signals[VISITED] = g_signal_new ("visited", FLOE_TYPE_ASSIGNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
floe_assigner_init (FloeAssigner *self)
{
  self->asking =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
}

/**
 * floe_assigner_set_tells_host:
 * @tells_host: whether people are told on which host their desktop runs
 */
void
floe_assigner_set_tells_host (FloeAssigner *self, gboolean tells_host)
{
  self->tells_host = tells_host;
}

/**
 * floe_assigner_set_token_opener:
 * @opener: opens what people's log-ins got at engines
 * @data: for it; must outlive the assigner
 */
void
floe_assigner_set_token_opener (FloeAssigner *self, FloeTokenOpener opener, gpointer data)
{
  self->opener = opener;
  self->opener_data = data;
}

FloeAssigner *
floe_assigner_new (FloeStore *store, FloeKeeper *keeper, FloeClock *clock)
{
  FloeAssigner *self = g_object_new (FLOE_TYPE_ASSIGNER, NULL);

  self->store = g_object_ref (store);
  self->keeper = g_object_ref (keeper);
  self->clock = g_object_ref (clock);
  self->waiting_room = floe_waiting_room_new (store, keeper, clock);
  g_signal_connect_object (self->waiting_room, "phase", G_CALLBACK (on_phase), self, 0);
  g_signal_connect_object (self->waiting_room, "failed", G_CALLBACK (on_failed), self, 0);
  g_signal_connect_object (self->waiting_room, "waited", G_CALLBACK (on_waited), self, 0);
  return self;
}
