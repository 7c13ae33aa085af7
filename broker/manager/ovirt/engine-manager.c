/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-manager.h"

#include <string.h>

#include "core/error.h"
#include "manager/ovirt/engine-allocator.h"
#include "manager/ovirt/engine-correlation.h"
#include "manager/ovirt/engine-edit.h"
#include "manager/ovirt/engine-holders.h"
#include "manager/ovirt/engine-json.h"
#include "manager/ovirt/engine-own.h"
#include "manager/ovirt/engine-people.h"
#include "manager/ovirt/engine-power.h"
#include "manager/ovirt/engine-release.h"
#include "manager/ovirt/engine-watch.h"

struct _FloeEngineManager
{
  GObject parent_instance;

  gchar *name;
  gchar *profile;
  gboolean plain_display;
  FloeEngineParts parts;
  FloeEngineAllocator *allocator;
  FloeEngineOwn *own;
};

static void manager_iface_init (FloeManagerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FloeEngineManager, floe_engine_manager, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_MANAGER, manager_iface_init))

static FloeManagerKind
manager_get_kind (FloeManager *manager, const gchar *host)
{
  return FLOE_MANAGER_ENGINE;
}

static void
manager_start (FloeManager *manager)
{
  floe_engine_watch_start (FLOE_ENGINE_MANAGER (manager)->parts.watch);
  floe_engine_own_start (FLOE_ENGINE_MANAGER (manager)->own);
}

static void
manager_stop (FloeManager *manager)
{
  FloeEngineManager *self = FLOE_ENGINE_MANAGER (manager);

  floe_engine_watch_stop (self->parts.watch);
  floe_engine_own_stop (self->own);
  floe_engine_client_close (self->parts.client);
}

static void
manager_refresh (FloeManager *manager, const gchar *host)
{
  FloeEngineManager *self = FLOE_ENGINE_MANAGER (manager);

  if (g_str_equal (host, self->name))
    floe_engine_watch_refresh (self->parts.watch);
}

/* Power. What an engine takes back it starts by itself for whomever it gives it to; what stays its
 * user's is started by a job. */

static void
switched (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (floe_engine_power_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
manager_power_on_async (FloeManager *manager, const gchar *host, const gchar *domain_id,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  const FloeEngineParts *parts = &FLOE_ENGINE_MANAGER (manager)->parts;
  GTask *task = g_task_new (manager, cancellable, callback, user_data);

  g_task_set_source_tag (task, manager_power_on_async);
  g_task_set_check_cancellable (task, FALSE);
  floe_engine_power_see_on_async (parts, domain_id, switched, task);
}

static void
manager_power_off_async (FloeManager *manager, const gchar *host, const gchar *domain_id,
                         const gchar *request, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  FloeEngineManager *self = FLOE_ENGINE_MANAGER (manager);
  GTask *task = g_task_new (manager, cancellable, callback, user_data);
  g_autofree gchar *correlation = floe_engine_correlation_new (request, "power-off", domain_id);

  g_task_set_source_tag (task, manager_power_off_async);
  g_task_set_check_cancellable (task, FALSE);
  floe_engine_power_off_async (&self->parts, domain_id, 0, correlation, switched, task);
}

static gboolean
manager_power_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Consoles. An engine that sets a ticket cuts off whoever is connected; so one that is only to be
 * spent, for somebody who is to stay, is left to end by itself. */

typedef struct
{
  gchar *vm_id;
  gchar *correlation;
  FloeTicket *ticket;
  FloePolicy *policy;
  FloeDisplay *display;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_free (opening->vm_id);
  g_free (opening->correlation);
  floe_ticket_free (opening->ticket);
  floe_policy_free (opening->policy);
  g_clear_pointer (&opening->display, floe_display_free);
  g_free (opening);
}

static void
ticket_set (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Opening *opening = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);

  if (answer == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&opening->display),
                           (GDestroyNotify)floe_display_free);
}

static gint64
seconds_left (FloeEngineManager *self, const FloeTicket *ticket)
{
  gint64 left = ticket->valid_until - floe_clock_now (self->parts.clock);

  return CLAMP ((left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC, 1, FLOE_TICKET_SECONDS);
}

/* Our tickets are base64 and need no escaping. */
static void
set_ticket (FloeEngineManager *self, GTask *task)
{
  Opening *opening = g_task_get_task_data (task);
  g_autofree gchar *path = g_strdup_printf ("/vms/%s/ticket", opening->vm_id);
  g_autofree gchar *body = NULL;
  FloeEngineCall call = {
    .method = "POST", .path = path, .correlation = opening->correlation, .repeatable = TRUE
  };

  floe_ticket_fit (opening->ticket, opening->display->kind);
  body = g_strdup_printf ("{\"ticket\":{\"value\":\"%s\",\"expiry\":\"%" G_GINT64_FORMAT "\"}}",
                          floe_secret_get (opening->ticket->secret, NULL),
                          seconds_left (self, opening->ticket));
  call.body = body;
  floe_engine_client_call_async (self->parts.client, &call, ticket_set, g_object_ref (task));
  floe_wipe (body, strlen (body));
}

static gboolean
is_offered (FloeEngineManager *self, FloeDisplay *display, GError **error)
{
  if (display->tls_port == 0 && !self->plain_display)
    {
      floe_set_error_reason (error, FLOE_ERROR_DENIED, "plain-display",
                             "the console has no TLS port, and [manager %s] does not say "
                             "plain_display = yes",
                             self->name);
      return FALSE;
    }
  return TRUE;
}

/* Nobody gets in where less is enforced than the pool's policy says. */
static gboolean
enforces (JsonObject *vm, const FloePolicy *policy, GError **error)
{
  g_autoptr (FloeOpenings) openings = floe_engine_openings_new (vm);
  g_autofree gchar *gap = policy != NULL ? floe_policy_find_gap (policy, openings) : NULL;
  g_autofree gchar *why = gap != NULL ? floe_policy_refuse (gap) : NULL;

  if (why != NULL)
    floe_set_error_reason (error, FLOE_ERROR_DENIED, "policy-not-enforced", "%s", why);
  return why == NULL;
}

static void
display_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FloeEngineManager *self = g_task_get_source_object (task);
  Opening *opening = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);

  if (answer != NULL && enforces (floe_engine_json_root (answer), opening->policy, &error))
    opening->display = floe_engine_display_new (floe_engine_json_root (answer), &error);
  if (opening->display == NULL || !is_offered (self, opening->display, &error))
    g_task_return_error (task, error);
  else
    set_ticket (self, task);
}

static void
read_display (FloeEngineManager *self, GTask *task)
{
  const Opening *opening = g_task_get_task_data (task);
  g_autofree gchar *path = g_strdup_printf ("/vms/%s", opening->vm_id);
  const FloeEngineCall call = { .method = "GET",
                                .path = path,
                                .correlation = opening->correlation,
                                .repeatable = TRUE,
                                .whole = TRUE };

  floe_engine_client_call_async (self->parts.client, &call, display_read, g_object_ref (task));
}

static void
holder_checked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (floe_engine_holders_check_finish (FLOE_ENGINE_CLIENT (source), result, &error))
    read_display (g_task_get_source_object (task), task);
  else
    g_task_return_error (task, error);
}

static void
manager_set_ticket_async (FloeManager *manager, const gchar *host, const gchar *domain_id,
                          const FloeTicketOrder *order, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  FloeEngineManager *self = FLOE_ENGINE_MANAGER (manager);
  g_autoptr (GTask) task = g_task_new (manager, cancellable, callback, user_data);
  Opening *opening = g_new0 (Opening, 1);

  g_task_set_source_tag (task, manager_set_ticket_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, opening, opening_free);
  opening->vm_id = g_strdup (domain_id);
  opening->ticket = floe_ticket_copy (order->ticket);
  opening->policy = order->policy != NULL ? floe_policy_copy (order->policy) : NULL;
  if (floe_ticket_is_spent (order->ticket) && order->mode == FLOE_TICKET_KEEP)
    {
      GError *error = NULL;

      g_set_error_literal (&error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
                           "the engine's tickets end by themselves");
      g_task_return_error (task, error);
      return;
    }
  opening->correlation = floe_engine_correlation_new (order->request, "ticket", domain_id);
  if (order->holder != NULL)
    floe_engine_holders_find_async (self->parts.client, domain_id, order->holder,
                                    opening->correlation, holder_checked, g_object_ref (task));
  else
    read_display (self, task);
}

static FloeDisplay *
manager_set_ticket_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Jobs: of those that there are an engine's API has few. */

static void
power_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (floe_engine_power_finish (result, &error))
    g_task_return_pointer (task, floe_job_result_new (), (GDestroyNotify)floe_job_result_free);
  else
    g_task_return_error (task, error);
}

static void
tell_logged_in (FloeEngineManager *self, GTask *task, const gchar *vm_id)
{
  const FloeEngineVm *vm = floe_engine_picture_find_vm (self->parts.picture, vm_id);
  FloeJobResult *result;

  if (vm == NULL || !vm->agent)
    {
      GError *error = NULL;

      floe_set_error_reason (&error, FLOE_ERROR_UNAVAILABLE, "agent-down",
                             "its guest agent has told nothing");
      g_task_return_error (task, error);
      return;
    }
  result = floe_job_result_new ();
  result->logged_in = vm->logged_in;
  g_task_return_pointer (task, result, (GDestroyNotify)floe_job_result_free);
}

static void
rebooted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer =
      floe_engine_client_call_finish (FLOE_ENGINE_CLIENT (source), result, &error);

  if (answer != NULL)
    g_task_return_pointer (task, floe_job_result_new (), (GDestroyNotify)floe_job_result_free);
  else
    g_task_return_error (task, error);
}

/* The VM runs on: what its guest does then, its agent tells. */
static void
reboot (FloeEngineManager *self, GTask *task, const gchar *vm_id, const gchar *correlation)
{
  g_autofree gchar *path = g_strdup_printf ("/vms/%s/reboot", vm_id);
  const FloeEngineCall call = {
    .method = "POST", .path = path, .body = "{\"reason\":\"Floe\"}", .correlation = correlation
  };
  GError *error = NULL;

  if (floe_guard_check (self->parts.guard, self->parts.guard_data, &error))
    floe_engine_client_call_async (self->parts.client, &call, rebooted, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

static void
run_job (FloeEngineManager *self, GTask *task, const FloeJob *job)
{
  g_autofree gchar *correlation =
      floe_engine_correlation_new (job->request, floe_job_kind_name (job->kind), job->domain_id);
  const FloeVmHolder whose = { .person = job->person,
                               .person_id = job->person_id,
                               .engine_user = job->engine_user,
                               .service = job->service };

  if (job->kind == FLOE_JOB_SHUT_DOWN)
    floe_engine_power_off_async (&self->parts, job->domain_id, job->seconds, correlation,
                                 power_done, g_object_ref (task));
  else if (job->kind == FLOE_JOB_START)
    floe_engine_power_on_async (&self->parts, job->domain_id, &whose, correlation, power_done,
                                g_object_ref (task));
  else if (job->kind == FLOE_JOB_GIVE_BACK)
    floe_engine_release_async (&self->parts, job->domain_id, &whose, correlation, power_done,
                               g_object_ref (task));
  else if (job->kind == FLOE_JOB_RESTART)
    reboot (self, task, job->domain_id, correlation);
  else
    g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_INVALID,
                             "an engine is not asked for the job %s",
                             floe_job_kind_name (job->kind));
}

static void
manager_run_async (FloeManager *manager, const FloeJob *job, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (manager, cancellable, callback, user_data);

  g_task_set_source_tag (task, manager_run_async);
  g_task_set_check_cancellable (task, FALSE);
  if (job->kind == FLOE_JOB_ASK) /* of which its lists tell */
    tell_logged_in (FLOE_ENGINE_MANAGER (manager), task, job->domain_id);
  else
    run_job (FLOE_ENGINE_MANAGER (manager), task, job);
}

static FloeJobResult *
manager_run_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Assignment. */

static void
allocated (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  FloeDomain *domain =
      floe_engine_allocator_run_finish (FLOE_ENGINE_ALLOCATOR (source), result, &error);

  if (domain != NULL)
    g_task_return_pointer (task, domain, (GDestroyNotify)floe_domain_free);
  else
    g_task_return_error (task, error);
}

static void
manager_allocate_async (FloeManager *manager, const FloeAllocation *allocation,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (manager, cancellable, callback, user_data);

  g_task_set_source_tag (task, manager_allocate_async);
  g_task_set_check_cancellable (task, FALSE);
  floe_engine_allocator_run_async (FLOE_ENGINE_MANAGER (manager)->allocator, allocation, allocated,
                                   task);
}

static FloeDomain *
manager_allocate_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* People. */

static void
manager_log_in_async (FloeManager *manager, const gchar *host, const gchar *person,
                      FloeSecret *password, GAsyncReadyCallback callback, gpointer user_data)
{
  FloeEngineManager *self = FLOE_ENGINE_MANAGER (manager);
  GTask *task = g_task_new (manager, NULL, callback, user_data);

  g_task_set_source_tag (task, manager_log_in_async);
  floe_engine_people_log_in (&self->parts, self->profile, person, password, task);
}

static FloeSecret *
manager_log_in_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
manager_renew_async (FloeManager *manager, const gchar *host, FloeSecret *token,
                     GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (manager, NULL, callback, user_data);

  g_task_set_source_tag (task, manager_renew_async);
  floe_engine_people_renew (&FLOE_ENGINE_MANAGER (manager)->parts, token, task);
}

static gboolean
manager_renew_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
manager_log_out (FloeManager *manager, const gchar *host, FloeSecret *token)
{
  floe_engine_client_end_token (FLOE_ENGINE_MANAGER (manager)->parts.client, token);
}

static gboolean
manager_describe_pool (FloeManager *manager, const gchar *host, const gchar *name,
                       FloeEngineFacts *facts)
{
  const FloeEnginePool *pool =
      floe_engine_picture_find_pool (FLOE_ENGINE_MANAGER (manager)->parts.picture, name);

  if (pool != NULL)
    *facts = (FloeEngineFacts){ pool->size, pool->prestarted, pool->per_user, pool->manual,
                                pool->stateful };
  return pool != NULL;
}

static void
manager_edit_pool_async (FloeManager *manager, const FloeEngineEdit *edit,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (manager, NULL, callback, user_data);

  g_task_set_source_tag (task, manager_edit_pool_async);
  floe_engine_edit_run (&FLOE_ENGINE_MANAGER (manager)->parts, edit, task);
}

static gboolean
manager_edit_pool_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
manager_iface_init (FloeManagerInterface *iface)
{
  iface->get_kind = manager_get_kind;
  iface->start = manager_start;
  iface->stop = manager_stop;
  iface->refresh = manager_refresh;
  iface->power_on_async = manager_power_on_async;
  iface->power_off_async = manager_power_off_async;
  iface->power_finish = manager_power_finish;
  iface->set_ticket_async = manager_set_ticket_async;
  iface->set_ticket_finish = manager_set_ticket_finish;
  iface->run_async = manager_run_async;
  iface->run_finish = manager_run_finish;
  iface->allocate_async = manager_allocate_async;
  iface->allocate_finish = manager_allocate_finish;
  iface->log_in_async = manager_log_in_async;
  iface->log_in_finish = manager_log_in_finish;
  iface->renew_async = manager_renew_async;
  iface->renew_finish = manager_renew_finish;
  iface->log_out = manager_log_out;
  iface->describe_pool = manager_describe_pool;
  iface->edit_pool_async = manager_edit_pool_async;
  iface->edit_pool_finish = manager_edit_pool_finish;
}

static void
floe_engine_manager_finalize (GObject *object)
{
  FloeEngineManager *self = FLOE_ENGINE_MANAGER (object);

  if (self->parts.client != NULL)
    manager_stop (FLOE_MANAGER (self));
  g_clear_object (&self->allocator);
  g_clear_object (&self->own);
  g_clear_object (&self->parts.watch);
  g_clear_object (&self->parts.picture);
  g_clear_object (&self->parts.client);
  g_clear_object (&self->parts.clock);
  g_free (self->name);
  g_free (self->profile);
  G_OBJECT_CLASS (floe_engine_manager_parent_class)->finalize (object);
}

static void
floe_engine_manager_class_init (FloeEngineManagerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_engine_manager_finalize;
}

static void
floe_engine_manager_init (FloeEngineManager *self)
{
}

/**
 * floe_engine_manager_count_calls:
 *
 * Returns: how many of its calls are under way
 */
guint
floe_engine_manager_count_calls (FloeEngineManager *self)
{
  return floe_engine_client_count_calls (self->parts.client);
}

/**
 * floe_engine_manager_new:
 * @settings: copied
 *
 * Returns: (transfer full): a manager that was not started yet; or %NULL when the CA cannot be read
 */
FloeManager *
floe_engine_manager_new (const FloeEngineSettings *settings, FloeClock *clock, GError **error)
{
  g_autoptr (FloeEngineClient) client = floe_engine_client_new (settings, clock, error);
  FloeEngineManager *self;

  if (client == NULL)
    return NULL;
  self = g_object_new (FLOE_TYPE_ENGINE_MANAGER, NULL);
  self->name = g_strdup (settings->name);
  self->profile = g_strdup (settings->profile);
  self->plain_display = settings->plain_display;
  self->parts.guard = settings->guard;
  self->parts.guard_data = settings->guard_data;
  self->parts.clock = g_object_ref (clock);
  self->parts.client = g_steal_pointer (&client);
  self->parts.picture = floe_engine_picture_new (FLOE_MANAGER (self), self->name, clock);
  self->parts.watch =
      floe_engine_watch_new (self->name, self->parts.client, self->parts.picture, clock);
  self->own = floe_engine_own_new (&self->parts);
  self->allocator = floe_engine_allocator_new (self->name, settings->profile, &self->parts);
  return FLOE_MANAGER (self);
}
