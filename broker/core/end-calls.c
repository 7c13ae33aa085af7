/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/end-calls.h"

#include "core/end-acts.h"
#include "core/error.h"
#include "core/guest-watch.h"
#include "core/keeper-transactions.h"

struct _FloeEndCalls
{
  GObject parent_instance;

  FloeStore *store;
  FloeManager *manager;
  FloeClock *clock;
  FloeGuestWatch *watch;
  gboolean closed;
};

typedef struct
{
  FloeEndCalls *calls;
  FloeActOutcome *outcome;
} Call;

static guint changed_signal;

G_DEFINE_FINAL_TYPE (FloeEndCalls, floe_end_calls, G_TYPE_OBJECT)

static void
call_free (Call *call)
{
  if (call->outcome != NULL)
    floe_act_outcome_free (call->outcome);
  g_object_unref (call->calls);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

static void
recorded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeEndCalls) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeChange) change = floe_store_finish (FLOE_STORE (source), result, &error);

  if (change != NULL)
    g_signal_emit (self, changed_signal, 0, change);
  else if (!g_error_matches (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    g_warning ("what a guest agent said was not recorded: %s", error->message);
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Call) call = data;
  FloeEndCalls *self = call->calls;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeJobResult) done = floe_manager_run_finish (FLOE_MANAGER (source), result, &error);

  /* The row of its timer stands: what is not known now is asked for again later. */
  if (self->closed || g_error_matches (error, FLOE_ERROR, FLOE_ERROR_CANCELLED))
    return;
  if (done == NULL)
    g_message ("%s of %s failed: %s", floe_pool_act_name (call->outcome->act),
               call->outcome->desktop_id, error->message);
  call->outcome->problem = error != NULL ? g_strdup (error->message) : NULL;
  call->outcome->now = floe_clock_now (self->clock);
  floe_store_write_async (self->store, floe_end_act_record_outcome,
                          g_steal_pointer (&call->outcome), (GDestroyNotify)floe_act_outcome_free,
                          (GDestroyNotify)floe_change_free, recorded, g_object_ref (self));
}

static void
on_heard (FloeGuestWatch *watch, const gchar *desktop_id, gint event, FloeEndCalls *self)
{
  floe_store_write_async (self->store, floe_keeper_record_event,
                          floe_keeper_event_new (desktop_id, event, floe_clock_now (self->clock)),
                          (GDestroyNotify)floe_keeper_event_free, (GDestroyNotify)floe_change_free,
                          recorded, g_object_ref (self));
}

/**
 * floe_end_calls_start:
 *
 * Begins to ask who is logged in, also after floe_end_calls_close().
 */
void
floe_end_calls_start (FloeEndCalls *self)
{
  self->closed = FALSE;
  floe_guest_watch_start (self->watch);
}

/**
 * floe_end_calls_run:
 * @change: as it was committed
 *
 * Does what it asks for, if it asks for anything.
 */
void
floe_end_calls_run (FloeEndCalls *self, const FloeChange *change)
{
  g_autoptr (FloeJob) job = NULL;
  Call *call;

  if (change->act == FLOE_ACT_KEEP || self->closed)
    return;
  job = floe_job_new (change->act == FLOE_ACT_LOCK      ? FLOE_JOB_LOCK
                      : change->act == FLOE_ACT_RESTART ? FLOE_JOB_RESTART
                                                        : FLOE_JOB_LOG_OFF,
                      change->desktop->host);
  job->domain_id = g_strdup (change->desktop->id);
  job->request = g_strdup (change->request);
  call = g_new0 (Call, 1);
  call->calls = g_object_ref (self);
  call->outcome = g_new0 (FloeActOutcome, 1);
  call->outcome->desktop_id = g_strdup (change->desktop->id);
  call->outcome->act = change->act;
  call->outcome->timer = g_strdup (change->act_timer);
  call->outcome->due = change->act_due;
  floe_manager_run_async (self->manager, job, NULL, answered, call);
}

/**
 * floe_end_calls_close:
 *
 * Asks for nothing more from now on, and records no answer.
 */
void
floe_end_calls_close (FloeEndCalls *self)
{
  self->closed = TRUE;
  floe_guest_watch_stop (self->watch);
}

static void
floe_end_calls_finalize (GObject *object)
{
  FloeEndCalls *self = FLOE_END_CALLS (object);

  g_object_unref (self->watch);
  g_object_unref (self->store);
  g_object_unref (self->manager);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_end_calls_parent_class)->finalize (object);
}

static void
floe_end_calls_class_init (FloeEndCallsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_end_calls_finalize;
  changed_signal = g_signal_new ("changed", FLOE_TYPE_END_CALLS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
floe_end_calls_init (FloeEndCalls *self)
{
}

/**
 * floe_end_calls_new:
 * @store: where outcomes are recorded
 * @manager: who reaches the agents
 * @clock: the time
 */
FloeEndCalls *
floe_end_calls_new (FloeStore *store, FloeManager *manager, FloeClock *clock)
{
  FloeEndCalls *self = g_object_new (FLOE_TYPE_END_CALLS, NULL);

  self->store = g_object_ref (store);
  self->manager = g_object_ref (manager);
  self->clock = g_object_ref (clock);
  self->watch = floe_guest_watch_new (store, manager, clock);
  g_signal_connect_object (self->watch, "heard", G_CALLBACK (on_heard), self, 0);
  return self;
}
