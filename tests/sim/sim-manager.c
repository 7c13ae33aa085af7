/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/job-calls.h"
#include "sim-book.h"
#include "sim-world.h"

/* A call that nobody hears of any more is given up after this. */
#define DEADLINE (60 * SECOND)

struct _SimManager
{
  GObject parent_instance;

  Sim *sim;
};

static const gchar *
call_name (const SimCall *call)
{
  static const gchar *const names[] = { "start", "switch off", "ticket" };

  return call->kind == SIM_CALL_JOB ? floe_job_kind_name (call->job->kind) : names[call->kind];
}

static void
call_free (SimCall *call)
{
  g_ptr_array_remove (call->world->calls, call);
  if (call->timeout != 0)
    floe_clock_remove_timeout (FLOE_CLOCK (call->world->sim->clock), call->timeout);
  g_clear_object (&call->task);
  g_free (call->host);
  g_free (call->id);
  floe_job_free (call->job);
  if (call->ticket != NULL)
    floe_ticket_free (call->ticket);
  floe_job_result_free (call->result);
  g_clear_error (&call->error);
  g_free (call);
}

static void
give_result (SimCall *call)
{
  if (call->error != NULL)
    g_task_return_error (call->task, g_steal_pointer (&call->error));
  else if (call->kind == SIM_CALL_JOB)
    g_task_return_pointer (call->task, g_steal_pointer (&call->result),
                           (GDestroyNotify)floe_job_result_free);
  else if (call->kind == SIM_CALL_TICKET)
    g_task_return_pointer (call->task, floe_display_new ("192.0.2.1", 0, 5901, "PEM", "CN=host"),
                           (GDestroyNotify)floe_display_free);
  else
    g_task_return_boolean (call->task, TRUE);
}

/* Tells the broker what came of it, if it still waits for that. Takes @call. */
static void
answer (SimCall *call)
{
  SimWorld *world = call->world;
  Sim *sim = world->sim;

  if (call->task != NULL)
    {
      sim_note (sim, "%s of %s is answered%s%s", call_name (call), call->id,
                call->error != NULL ? ": " : "", call->error != NULL ? call->error->message : "");
      if (call->kind == SIM_CALL_ON)
        sim_world_get_host (world, call->host)->starting--;
      if (sim->doom.answers > 0 && --sim->doom.answers == 0)
        sim_doom (sim);
      give_result (call);
    }
  call_free (call);
}

static void
do_it (SimCall *call)
{
  call->done = TRUE;
  if (call->error == NULL)
    sim_job_do (call);
}

static gboolean
answer_due (gpointer data)
{
  SimCall *call = data;

  call->timeout = 0;
  answer (call);
  return G_SOURCE_REMOVE;
}

static gboolean
effect_due (gpointer data)
{
  SimCall *call = data;

  call->timeout = 0;
  if (call->fate != SIM_FATE_CALL_LOST)
    do_it (call);
  if (call->fate == SIM_FATE_ANSWER_LOST || call->fate == SIM_FATE_CALL_LOST)
    {
      g_clear_error (&call->error);
      g_set_error (&call->error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT, "%s was not answered in time",
                   call_name (call));
    }
  call->timeout = sim_at (call->world->sim, call->answer_after, answer_due, call, NULL);
  return G_SOURCE_REMOVE;
}

static SimFate
choose_fate (SimWorld *world, const SimCall *call)
{
  const SimFaults *faults = &world->faults;
  guint dice = sim_below (world->sim, 1000);

  if (dice < faults->fails)
    return SIM_FATE_FAILS;
  if (dice < faults->fails + faults->is_lost)
    return sim_chance (world->sim, 500) ? SIM_FATE_ANSWER_LOST : SIM_FATE_CALL_LOST;
  return SIM_FATE_GOOD;
}

static gboolean
is_quick (const SimCall *call)
{
  return call->kind == SIM_CALL_TICKET
         || (call->kind == SIM_CALL_JOB
             && (call->job->kind == FLOE_JOB_ASK || call->job->kind == FLOE_JOB_LOCK
                 || call->job->kind == FLOE_JOB_LOG_OFF
                 || call->job->kind == FLOE_JOB_PERSONALIZE));
}

/* When it has its effect: calls about one domain have theirs in the order in which they came. */
static gint64
plan (SimCall *call)
{
  SimWorld *world = call->world;
  SimDomain *domain = sim_world_find (world, call->id);
  gint64 now = sim_elapsed_now (world->sim);
  gint64 at = now + sim_job_duration (call);

  if (call->fate == SIM_FATE_GOOD && sim_chance (world->sim, world->faults.is_slow))
    at += sim_between (world->sim, HOUR, 3 * HOUR);
  if (domain != NULL && !is_quick (call))
    domain->free_at = at = MAX (at, domain->free_at + 1);
  call->answer_after = sim_between (world->sim, 0, SECOND / 10);
  if (call->fate == SIM_FATE_ANSWER_LOST || call->fate == SIM_FATE_CALL_LOST)
    call->answer_after = MAX (now + DEADLINE - at, 0);
  return at - now;
}

static void
decide (SimCall *call)
{
  SimWorld *world = call->world;

  if (!sim_world_get_host (world, call->host)->up)
    {
      g_set_error (&call->error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE, "host %s does not answer",
                   call->host);
      return;
    }
  call->fate = choose_fate (world, call);
  if (call->fate != SIM_FATE_GOOD)
    sim_world_blame (world);
  if (call->fate == SIM_FATE_FAILS)
    g_set_error (&call->error, FLOE_ERROR, FLOE_ERROR_INTERNAL, "host %s: %s did not go well",
                 call->host, call_name (call));
}

static void
check_call (SimCall *call)
{
  SimWorld *world = call->world;
  Sim *sim = world->sim;
  const SimDomain *domain = sim_world_find (world, call->id);

  sim_note (sim, "%s of %s (%s) on %s", call_name (call), call->id,
            domain != NULL                                 ? domain->facts->name
            : call->job != NULL && call->job->name != NULL ? call->job->name
                                                           : "nothing",
            call->host);
  if (sim->book->in_tx)
    sim_violation (sim, "rule 3", "the manager is called inside a transaction");
  if (domain != NULL && domain->foreign)
    sim_violation (sim, "foreign", "%s of %s, which is nobody's desktop", call_name (call),
                   domain->facts->name);
  if (call->kind == SIM_CALL_ON
      && ++sim_world_get_host (world, call->host)->starting > STARTS_AT_ONCE)
    sim_violation (sim, "rule 7", "more than %u starts at once on %s", STARTS_AT_ONCE, call->host);
}

/* Takes @call. */
static void
begin (SimManager *self, SimCall *call, GTask *task)
{
  Sim *sim = self->sim;
  SimWorld *world = sim->world;

  call->world = world;
  call->task = task;
  g_ptr_array_add (world->calls, call);
  if (sim->doomed || sim->manager != FLOE_MANAGER (self))
    {
      g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_CANCELLED, "the broker is gone");
      call_free (call);
      return;
    }
  world->n_calls++;
  check_call (call);
  decide (call);
  call->timeout = sim_at (sim, plan (call), effect_due, call, NULL);
  if (sim->doom.calls > 0 && --sim->doom.calls == 0)
    sim_doom (sim);
}

/* The broker is dead: nobody waits for anything. What was given may still happen, or never
 * arrived. */
void
sim_manager_abandon (SimWorld *self)
{
  for (guint i = self->calls->len; i > 0; i--)
    {
      SimCall *call = self->calls->pdata[i - 1];

      if (call->task == NULL)
        continue;
      g_task_return_new_error (call->task, FLOE_ERROR, FLOE_ERROR_CANCELLED, "the broker is gone");
      g_clear_object (&call->task);
      if (call->done || sim_chance (self->sim, 500))
        call_free (call);
    }
  for (guint i = 0; i < N_HOSTS; i++)
    self->hosts[i].starting = 0;
}

/* Nothing more happens. */
void
sim_manager_forget (SimWorld *self)
{
  while (self->calls->len > 0)
    call_free (self->calls->pdata[self->calls->len - 1]);
}

/* The host is lost: what was given to it has happened, or has not. */
void
sim_manager_refuse (SimWorld *self, const gchar *host)
{
  for (guint i = self->calls->len; i > 0; i--)
    {
      SimCall *call = self->calls->pdata[i - 1];

      if (strcmp (call->host, host) != 0)
        continue;
      floe_clock_clear_timeout (FLOE_CLOCK (self->sim->clock), &call->timeout);
      if (!call->done && call->fate != SIM_FATE_CALL_LOST && sim_chance (self->sim, 500))
        do_it (call);
      g_clear_error (&call->error);
      g_set_error (&call->error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE,
                   "the connection to host %s broke", host);
      call->timeout =
          sim_at (self->sim, sim_between (self->sim, 0, SECOND), answer_due, call, NULL);
    }
}

gboolean
sim_manager_is_busy_with (SimWorld *self, const gchar *id)
{
  for (guint i = 0; i < self->calls->len; i++)
    {
      const SimCall *call = self->calls->pdata[i];

      if (call->task != NULL && g_strcmp0 (call->id, id) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Whether as many jobs are under way there as the broker begins: some take hours, and what comes
 * after them waits. */
gboolean
sim_manager_is_full (SimWorld *self, const gchar *host)
{
  guint n = 0;

  for (guint i = 0; i < self->calls->len; i++)
    {
      const SimCall *call = self->calls->pdata[i];

      n += call->task != NULL && call->kind == SIM_CALL_JOB && strcmp (call->host, host) == 0;
    }
  return n >= FLOE_JOBS_AT_ONCE;
}

/* The port. */

static FloeManagerKind
get_kind (FloeManager *manager, const gchar *host)
{
  return FLOE_MANAGER_OWNED;
}

static void
nothing (FloeManager *manager)
{
}

static void
refresh (FloeManager *manager, const gchar *host)
{
  Sim *sim = SIM_MANAGER (manager)->sim;

  if (sim->manager == manager && sim_world_get_host (sim->world, host)->up)
    sim_world_list (sim->world, sim_world_get_host (sim->world, host), FALSE);
}

static SimCall *
call_new (SimCallKind kind, const gchar *host, const gchar *id)
{
  SimCall *call = g_new0 (SimCall, 1);

  call->kind = kind;
  call->host = g_strdup (host);
  call->id = g_strdup (id);
  return call;
}

static void
power_on (FloeManager *manager, const gchar *host, const gchar *id, GCancellable *cancellable,
          GAsyncReadyCallback callback, gpointer user_data)
{
  begin (SIM_MANAGER (manager), call_new (SIM_CALL_ON, host, id),
         g_task_new (manager, cancellable, callback, user_data));
}

static void
power_off (FloeManager *manager, const gchar *host, const gchar *id, const gchar *request,
           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  begin (SIM_MANAGER (manager), call_new (SIM_CALL_OFF, host, id),
         g_task_new (manager, cancellable, callback, user_data));
}

static gboolean
power_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
set_ticket (FloeManager *manager, const gchar *host, const gchar *id, const FloeTicketOrder *order,
            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  SimCall *call = call_new (SIM_CALL_TICKET, host, id);

  call->ticket = floe_ticket_copy (order->ticket);
  call->mode = order->mode;
  begin (SIM_MANAGER (manager), call, g_task_new (manager, cancellable, callback, user_data));
}

static FloeDisplay *
set_ticket_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
run (FloeManager *manager, const FloeJob *job, GCancellable *cancellable,
     GAsyncReadyCallback callback, gpointer user_data)
{
  SimCall *call = call_new (SIM_CALL_JOB, job->host, job->domain_id);

  call->job = floe_job_copy (job);
  begin (SIM_MANAGER (manager), call, g_task_new (manager, cancellable, callback, user_data));
}

static FloeJobResult *
run_finish (FloeManager *manager, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
manager_iface_init (FloeManagerInterface *iface)
{
  iface->get_kind = get_kind;
  iface->start = nothing;
  iface->stop = nothing;
  iface->refresh = refresh;
  iface->power_on_async = power_on;
  iface->power_off_async = power_off;
  iface->power_finish = power_finish;
  iface->set_ticket_async = set_ticket;
  iface->set_ticket_finish = set_ticket_finish;
  iface->run_async = run;
  iface->run_finish = run_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SimManager, sim_manager, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_MANAGER, manager_iface_init))

static void
sim_manager_class_init (SimManagerClass *klass)
{
}

static void
sim_manager_init (SimManager *self)
{
}

FloeManager *
sim_manager_new (Sim *sim)
{
  SimManager *self = g_object_new (SIM_TYPE_MANAGER, NULL);

  self->sim = sim;
  return FLOE_MANAGER (self);
}
