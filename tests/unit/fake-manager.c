/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-manager-parts.h"

#include <string.h>

static gboolean
same_id (gconstpointer domain, gconstpointer id)
{
  return g_strcmp0 (((const FloeDomain *)domain)->id, id) == 0;
}

FloeDomain *
fake_manager_find (FakeManager *self, const gchar *id)
{
  guint at;

  return g_ptr_array_find_with_equal_func (self->domains, id, same_id, &at)
             ? self->domains->pdata[at]
             : NULL;
}

static FloeManagerKind
fake_get_kind (FloeManager *manager, const gchar *host)
{
  return FAKE_MANAGER (manager)->engine ? FLOE_MANAGER_ENGINE : FLOE_MANAGER_OWNED;
}

static void
fake_start_stop (FloeManager *manager)
{
}

static void
list_host (FakeManager *self, const gchar *host)
{
  g_autoptr (GPtrArray) there = g_ptr_array_new ();

  for (guint i = 0; i < self->domains->len; i++)
    if (strcmp (((FloeDomain *)self->domains->pdata[i])->host, host) == 0)
      g_ptr_array_add (there, self->domains->pdata[i]);
  floe_manager_emit_host_listed (FLOE_MANAGER (self), host, there);
}

static void
fake_refresh (FloeManager *manager, const gchar *host)
{
  list_host (FAKE_MANAGER (manager), host);
}

static void
call_free (Call *call)
{
  g_object_unref (call->task);
  g_free (call->id);
  floe_job_free (call->job);
  g_free (call);
}

static GError *
take_failure (FakeManager *self, const Call *call)
{
  const FloeDomain *domain = fake_manager_find (self, call->id);
  GError *error = NULL;

  if (!floe_guard_check (self->guard, self->guard_data, &error))
    return error;
  if (call->job == NULL && domain == NULL)
    return g_error_new (FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "there is no domain %s", call->id);
  if (call->job == NULL && !call->on)
    return NULL;
  error = call->job != NULL ? fake_faults_take_job (self->faults, call->job)
                            : fake_faults_take_start (self->faults, domain);
  if (error != NULL)
    return error;
  if (call->job != NULL)
    return g_steal_pointer (&self->job_errors[call->job->kind]);
  return g_steal_pointer (&self->start_error);
}

static void
answer_one (FakeManager *self, const GError *error)
{
  Call *call = g_queue_pop_head (&self->pending);
  GError *failure = error != NULL ? g_error_copy (error) : take_failure (self, call);

  if (failure != NULL)
    g_task_return_error (call->task, failure);
  else if (call->job != NULL)
    g_task_return_pointer (call->task, fake_manager_do_job (self, call->job),
                           (GDestroyNotify)floe_job_result_free);
  else
    {
      fake_manager_tell_power (self, call->id, call->on ? FLOE_POWER_ON : FLOE_POWER_OFF);
      g_task_return_boolean (call->task, TRUE);
    }
  call_free (call);
}

static gboolean
answer_idle (gpointer data)
{
  FakeManager *self = data;

  while (!self->hold && !g_queue_is_empty (&self->pending))
    answer_one (self, NULL);
  return G_SOURCE_REMOVE;
}

static void
push (FakeManager *self, Call *call)
{
  g_queue_push_tail (&self->pending, call);
  g_idle_add_full (G_PRIORITY_DEFAULT, answer_idle, g_object_ref (self), g_object_unref);
}

static void
power_call (FloeManager *manager, const gchar *id, gboolean on, GTask *task)
{
  FakeManager *self = FAKE_MANAGER (manager);
  FloeDomain *domain = fake_manager_find (self, id);
  Call *call = g_new0 (Call, 1);

  g_string_append_printf (self->log, "%s %s;", on ? "on" : "off",
                          domain != NULL ? domain->name : id);
  call->task = task;
  call->id = g_strdup (id);
  call->on = on;
  push (self, call);
}

static void
fake_power_on (FloeManager *manager, const gchar *host, const gchar *id, GCancellable *cancellable,
               GAsyncReadyCallback callback, gpointer user_data)
{
  power_call (manager, id, TRUE, g_task_new (manager, cancellable, callback, user_data));
}

static void
note_request (FakeManager *self, const gchar *request)
{
  g_free (self->request);
  self->request = g_strdup (request);
}

static void
fake_power_off (FloeManager *manager, const gchar *host, const gchar *id, const gchar *request,
                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  note_request (FAKE_MANAGER (manager), request);
  power_call (manager, id, FALSE, g_task_new (manager, cancellable, callback, user_data));
}

static gboolean
fake_power_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
fake_run (FloeManager *manager, const FloeJob *job, GCancellable *cancellable,
          GAsyncReadyCallback callback, gpointer user_data)
{
  FakeManager *self = FAKE_MANAGER (manager);
  Call *call = g_new0 (Call, 1);

  note_request (self, job->request);
  fake_manager_log_job (self, job);
  call->task = g_task_new (manager, cancellable, callback, user_data);
  call->job = floe_job_copy (job);
  push (self, call);
}

static FloeJobResult *
fake_run_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* One that a pool has to allow VNC for speaks it. */
static FloeDisplay *
find_display (const FloeDomain *domain)
{
  FloeDisplay *display;

  if (domain->vnc_refusal == NULL)
    return floe_display_new ("192.0.2.1", 0, 5901, "PEM", "CN=host");
  display = floe_display_new ("192.0.2.1", 5900, 0, NULL, NULL);
  display->kind = FLOE_DISPLAY_VNC;
  return display;
}

static void
fake_set_ticket (FloeManager *manager, const gchar *host, const gchar *id,
                 const FloeTicketOrder *order, GCancellable *cancellable,
                 GAsyncReadyCallback callback, gpointer user_data)
{
  FakeManager *self = FAKE_MANAGER (manager);
  g_autoptr (GTask) task = g_task_new (manager, cancellable, callback, user_data);
  FloeDomain *domain = fake_manager_find (self, id);
  g_autofree gchar *gap = domain != NULL && order->policy != NULL
                              ? floe_policy_find_gap (order->policy, domain->openings)
                              : NULL;

  note_request (self, order->request);
  g_string_append_printf (self->log, "ticket %s%s%s;", domain != NULL ? domain->name : id,
                          order->mode == FLOE_TICKET_DISCONNECT ? " cut" : "",
                          order->ticket->valid_until <= G_USEC_PER_SEC ? " spent" : "");
  if (self->ticket_error != NULL)
    g_task_return_error (task, g_error_copy (self->ticket_error));
  else if (domain == NULL)
    g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "there is no domain %s", id);
  else if (gap != NULL)
    {
      GError *error = NULL;

      floe_set_error_reason (&error, FLOE_ERROR_DENIED, "policy-not-enforced", "%s", gap);
      g_task_return_error (task, error);
    }
  else
    g_task_return_pointer (task, find_display (domain), (GDestroyNotify)floe_display_free);
}

static FloeDisplay *
fake_set_ticket_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_screenshot (FloeManager *manager, const gchar *host, const gchar *id,
                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (manager, cancellable, callback, user_data);

  g_string_append_printf (FAKE_MANAGER (manager)->log, "screenshot %s;", id);
  g_task_return_pointer (task, floe_secret_new ("PNG", 3), (GDestroyNotify)floe_secret_unref);
}

static FloeSecret *
fake_screenshot_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_allocate (FloeManager *manager, const FloeAllocation *allocation, GCancellable *cancellable,
               GAsyncReadyCallback callback, gpointer user_data)
{
  FakeManager *self = FAKE_MANAGER (manager);
  g_autoptr (GTask) task = g_task_new (manager, cancellable, callback, user_data);
  FloeDomain *domain = self->gift != NULL ? fake_manager_find (self, self->gift) : NULL;
  GError *error = NULL;

  g_string_append_printf (self->log, "allocate %s %s;", allocation->pool, allocation->person);
  if (domain != NULL)
    g_task_return_pointer (task, floe_domain_copy (domain), (GDestroyNotify)floe_domain_free);
  else
    {
      floe_set_error_reason (&error, FLOE_ERROR_EXHAUSTED, "no-desktop-free", "none is left");
      g_task_return_error (task, error);
    }
  g_clear_pointer (&self->gift, g_free);
}

static FloeDomain *
fake_allocate_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_manager_iface_init (FloeManagerInterface *iface)
{
  iface->get_kind = fake_get_kind;
  iface->start = fake_start_stop;
  iface->stop = fake_start_stop;
  iface->refresh = fake_refresh;
  iface->power_on_async = fake_power_on;
  iface->power_off_async = fake_power_off;
  iface->power_finish = fake_power_finish;
  iface->set_ticket_async = fake_set_ticket;
  iface->screenshot_async = fake_screenshot;
  iface->screenshot_finish = fake_screenshot_finish;
  iface->set_ticket_finish = fake_set_ticket_finish;
  iface->run_async = fake_run;
  iface->run_finish = fake_run_finish;
  iface->allocate_async = fake_allocate;
  iface->allocate_finish = fake_allocate_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeManager, fake_manager, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_MANAGER, fake_manager_iface_init))

static void
fake_manager_finalize (GObject *object)
{
  FakeManager *self = FAKE_MANAGER (object);

  g_assert_true (g_queue_is_empty (&self->pending));
  g_ptr_array_unref (self->hosts);
  g_ptr_array_unref (self->domains);
  g_string_free (self->log, TRUE);
  g_free (self->request);
  fake_faults_free (self->faults);
  g_clear_error (&self->start_error);
  for (guint i = 0; i < G_N_ELEMENTS (self->job_errors); i++)
    g_clear_error (&self->job_errors[i]);
  g_clear_error (&self->ticket_error);
  g_free (self->gift);
  G_OBJECT_CLASS (fake_manager_parent_class)->finalize (object);
}

static void
fake_manager_class_init (FakeManagerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_manager_finalize;
}

static void
fake_manager_init (FakeManager *self)
{
  self->hosts = g_ptr_array_new_with_free_func (g_free);
  self->domains = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_domain_free);
  self->log = g_string_new (NULL);
  self->faults = fake_faults_new ();
  g_queue_init (&self->pending);
}

FakeManager *
fake_manager_new (const gchar *host)
{
  FakeManager *self = g_object_new (FAKE_TYPE_MANAGER, NULL);

  fake_manager_add_host (self, host);
  return self;
}

void
fake_manager_add_host (FakeManager *self, const gchar *host)
{
  g_ptr_array_add (self->hosts, g_strdup (host));
}

FloeDomain *
fake_manager_add (FakeManager *self, const gchar *name, FloePower power)
{
  g_autofree gchar *id = g_strdup_printf ("id-%s", name);
  FloeDomain *domain = floe_domain_new (id, name, self->hosts->pdata[0]);

  domain->power = power;
  g_ptr_array_add (self->domains, domain);
  return domain;
}

void
fake_manager_undefine (FakeManager *self, const gchar *id)
{
  g_autofree gchar *host = g_strdup (fake_manager_find (self, id)->host);

  fake_manager_undefine_at (self, host, id);
}

void
fake_manager_list (FakeManager *self)
{
  for (guint i = 0; i < self->hosts->len; i++)
    list_host (self, self->hosts->pdata[i]);
}

void
fake_manager_lose_host (FakeManager *self)
{
  fake_manager_lose (self, self->hosts->pdata[0]);
}

void
fake_manager_lose (FakeManager *self, const gchar *host)
{
  floe_manager_emit_host_lost (FLOE_MANAGER (self), host, "as told");
}

void
fake_manager_measure (FakeManager *self, const gchar *host, guint memory_mib, guint free_mib)
{
  FloeHostCapacity capacity = { .host = (gchar *)host,
                                .memory_mib = memory_mib,
                                .free_mib = free_mib,
                                .cpus = 8,
                                .load_percent = 10 };

  floe_manager_emit_host_measured (FLOE_MANAGER (self), &capacity);
}

void
fake_manager_set_power (FakeManager *self, const gchar *id, FloePower power)
{
  g_assert_nonnull (fake_manager_find (self, id));
  fake_manager_tell_power (self, id, power);
}

void
fake_manager_boot (FakeManager *self)
{
  for (guint i = 0; i < self->domains->len; i++)
    {
      FloeDomain *domain = self->domains->pdata[i];

      if (!domain->has_agent || domain->agent_connected || domain->power != FLOE_POWER_ON)
        continue;
      domain->agent_connected = TRUE;
      floe_manager_emit_domain_changed (FLOE_MANAGER (self), domain);
    }
}

void
fake_manager_hold (FakeManager *self, gboolean hold)
{
  self->hold = hold;
  if (!hold)
    answer_idle (self);
}

void
fake_manager_answer (FakeManager *self, const GError *error)
{
  g_assert_false (g_queue_is_empty (&self->pending));
  answer_one (self, error);
}

void
fake_manager_fail_next_start (FakeManager *self, FloeError code, const gchar *text)
{
  g_clear_error (&self->start_error);
  self->start_error = g_error_new_literal (FLOE_ERROR, code, text);
}

void
fake_manager_fail_next_job (FakeManager *self, FloeJobKind kind, FloeError code,
                            const gchar *reason, const gchar *text)
{
  g_clear_error (&self->job_errors[kind]);
  floe_set_error_reason (&self->job_errors[kind], code, reason, "%s", text);
}

FakeFaults *
fake_manager_get_faults (FakeManager *self)
{
  return self->faults;
}

void
fake_manager_fail_tickets (FakeManager *self, FloeError code, const gchar *reason)
{
  g_clear_error (&self->ticket_error);
  floe_set_error_reason (&self->ticket_error, code, reason, "as told");
}

void
fake_manager_mend_tickets (FakeManager *self)
{
  g_clear_error (&self->ticket_error);
}

/* Asked when a call is about to be done. */
void
fake_manager_set_guard (FakeManager *self, FloeGuard guard, gpointer guard_data)
{
  self->guard = guard;
  self->guard_data = guard_data;
}

void
fake_manager_be_engine (FakeManager *self, const gchar *id)
{
  self->engine = TRUE;
  g_free (self->gift);
  self->gift = g_strdup (id);
}

guint
fake_manager_get_pending (FakeManager *self)
{
  return self->pending.length;
}

const gchar *
fake_manager_get_log (FakeManager *self)
{
  return self->log->str;
}

const gchar *
fake_manager_get_request (FakeManager *self)
{
  return self->request;
}

void
fake_manager_clear_log (FakeManager *self)
{
  g_string_truncate (self->log, 0);
}
