/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/libvirt/libvirt-lanes.h"

#include "manager/libvirt/libvirt-connection.h"
#include "manager/libvirt/ordered-lane.h"
#include "manager/libvirt/screenshot.h"

/* Deadlines. Starting and stopping take seconds on a busy host; setting a ticket takes 2 ms. */
#define OPEN_DEADLINE     (15 * G_USEC_PER_SEC)
#define LIST_DEADLINE     (30 * G_USEC_PER_SEC)
#define LOOK_DEADLINE     (10 * G_USEC_PER_SEC)
#define TICKET_DEADLINE   (10 * G_USEC_PER_SEC)
#define CHANNELS_DEADLINE (10 * G_USEC_PER_SEC)
#define POWER_DEADLINE    (60 * G_USEC_PER_SEC)
#define MEASURE_DEADLINE  (10 * G_USEC_PER_SEC)
/* An image of 50 GiB takes minutes to copy and to read. */
#define COPY_DEADLINE (30 * 60 * G_USEC_PER_SEC)
/* Beside the time that a guest is given to end by itself. */
#define JOB_DEADLINE (5 * 60 * G_USEC_PER_SEC)
/* A first boot is given 9 minutes. */
#define PERSONALIZE_DEADLINE (10 * 60 * G_USEC_PER_SEC)
#define AGENT_DEADLINE       (60 * G_USEC_PER_SEC)
/* Beside the agent, since both wait for one guest that may hang. */
#define SCREENSHOT_DEADLINE (20 * G_USEC_PER_SEC)

/* A thread is started when it is first needed. A hung QEMU costs one of the first lane, a daemon
 * that hangs in the log-in up to two of the third. libvirtd answers 20 calls at a time; of the jobs
 * most wait for a guest and ask now and then. */
#define TICKET_THREADS 4
#define POWER_THREADS  4
#define LOOK_THREADS   3
#define COPY_THREADS   2
#define JOB_THREADS    8
#define AGENT_THREADS  4
#define CALL_LIMIT     256
#define JOB_LIMIT      1024
#define LOOK_LIMIT     4096

struct _FloeLibvirtLanes
{
  GObject parent_instance;

  FloeOrderedLane *tickets;
  FloeOrderedLane *power;
  FloeOrderedLane *looks;
  FloeOrderedLane *copies;
  FloeOrderedLane *jobs;
  FloeOrderedLane *agent;
  guint opens; /* that have not returned */
};

G_DEFINE_FINAL_TYPE (FloeLibvirtLanes, floe_libvirt_lanes, G_TYPE_OBJECT)

static gpointer
context_new (gpointer data)
{
  return floe_libvirt_connection_new (data);
}

static void
context_free (gpointer data)
{
  floe_libvirt_connection_free (data);
}

static FloeOrderedLane *
lane_new (const FloeLibvirtHostSettings *settings, const gchar *what, guint threads, guint limit)
{
  FloeLibvirtHostSettings *own = floe_libvirt_host_settings_copy (settings);
  g_autofree gchar *name = g_strdup_printf ("%s %s", settings->name, what);
  FloeWorkers *workers = floe_workers_new (name, threads, limit, context_new, own, context_free);

  /* A pool outlives its lane while a call has not returned, and its threads use the settings to
   * their end: freed with the pool's last reference, after its threads were joined. */
  g_object_set_data_full (G_OBJECT (workers), "floe-settings", own,
                          (GDestroyNotify)floe_libvirt_host_settings_free);
  return floe_ordered_lane_new (workers, limit);
}

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gpointer value = floe_ordered_lane_run_finish (FLOE_ORDERED_LANE (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, g_task_get_task_data (task));
}

static void
run (FloeLibvirtLanes *self, FloeOrderedLane *lane, const FloeLaneCall *call,
     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, run);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, call->result_free, NULL);
  floe_ordered_lane_run_async (lane, call, cancellable, answered, task);
}

typedef struct
{
  FloeLibvirtLanes *lanes;
  FloeLibvirtWatch *watch;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  opening->lanes->opens--;
  g_object_unref (opening->lanes);
  floe_libvirt_watch_unref (opening->watch);
  g_free (opening);
}

static gpointer
open_watch (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  Opening *opening = input;

  return floe_libvirt_watch_open (context, opening->watch, cancellable, error);
}

/**
 * floe_libvirt_lanes_open_watch:
 *
 * Runs floe_libvirt_watch_open(); the result is a reference to the watch.
 */
void
floe_libvirt_lanes_open_watch (FloeLibvirtLanes *self, FloeLibvirtWatch *watch,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Opening *opening = g_new0 (Opening, 1);
  FloeLaneCall call = { .work = open_watch,
                        .input = opening,
                        .input_free = opening_free,
                        .result_free = (GDestroyNotify)floe_libvirt_watch_close,
                        .deadline = OPEN_DEADLINE };

  opening->lanes = g_object_ref (self);
  opening->watch = floe_libvirt_watch_ref (watch);
  self->opens++;
  run (self, self->looks, &call, cancellable, callback, user_data);
}

/**
 * floe_libvirt_lanes_get_hung_opens:
 *
 * Returns: how many calls of floe_libvirt_lanes_open_watch() have not returned. To be asked when
 *   none is waited for
 */
guint
floe_libvirt_lanes_get_hung_opens (FloeLibvirtLanes *self)
{
  return self->opens;
}

/**
 * floe_libvirt_lanes_list:
 *
 * Runs floe_libvirt_list(); the result is its array.
 */
void
floe_libvirt_lanes_list (FloeLibvirtLanes *self, GAsyncReadyCallback callback, gpointer user_data)
{
  FloeLaneCall call = { .work = floe_libvirt_list,
                        .result_free = (GDestroyNotify)g_ptr_array_unref,
                        .deadline = LIST_DEADLINE };

  run (self, self->looks, &call, NULL, callback, user_data);
}

static FloeLaneCall
call_about (FloeLibvirtRequest *request, FloeWork work, GDestroyNotify result_free, gint64 deadline)
{
  return (FloeLaneCall){ .key = request->id,
                         .work = work,
                         .input = request,
                         .input_free = (GDestroyNotify)floe_libvirt_request_free,
                         .result_free = result_free,
                         .deadline = deadline };
}

/**
 * floe_libvirt_lanes_look_up:
 *
 * Runs floe_libvirt_look_up(); the result is a #FloeLibvirtSeen.
 */
void
floe_libvirt_lanes_look_up (FloeLibvirtLanes *self, const gchar *id, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  FloeLaneCall call = call_about (floe_libvirt_request_new (id), floe_libvirt_look_up,
                                  (GDestroyNotify)floe_libvirt_seen_free, LOOK_DEADLINE);

  run (self, self->looks, &call, NULL, callback, user_data);
}

/**
 * floe_libvirt_lanes_screenshot:
 *
 * Runs floe_libvirt_screenshot(); the result is a #FloeSecret.
 */
void
floe_libvirt_lanes_screenshot (FloeLibvirtLanes *self, const gchar *id, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  FloeLaneCall call = call_about (floe_libvirt_request_new (id), floe_libvirt_screenshot,
                                  (GDestroyNotify)floe_secret_unref, SCREENSHOT_DEADLINE);

  run (self, self->agent, &call, cancellable, callback, user_data);
}

/**
 * floe_libvirt_lanes_list_channels:
 *
 * Runs floe_libvirt_list_channels(); the result is a #GStrv.
 */
void
floe_libvirt_lanes_list_channels (FloeLibvirtLanes *self, const gchar *id,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  FloeLaneCall call = call_about (floe_libvirt_request_new (id), floe_libvirt_list_channels,
                                  (GDestroyNotify)g_strfreev, CHANNELS_DEADLINE);

  run (self, self->tickets, &call, NULL, callback, user_data);
}

/**
 * floe_libvirt_lanes_power:
 *
 * Runs floe_libvirt_power_on() or floe_libvirt_power_off(); the result is not %NULL.
 */
void
floe_libvirt_lanes_power (FloeLibvirtLanes *self, const gchar *id, gboolean on,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  FloeLaneCall call =
      call_about (floe_libvirt_request_new (id),
                  on ? floe_libvirt_power_on : floe_libvirt_power_off, NULL, POWER_DEADLINE);

  run (self, self->power, &call, cancellable, callback, user_data);
}

/**
 * floe_libvirt_lanes_set_ticket:
 * @request: (transfer full): with its ticket
 *
 * Runs floe_libvirt_set_ticket(); the result is a #FloeDisplay.
 */
void
floe_libvirt_lanes_set_ticket (FloeLibvirtLanes *self, FloeLibvirtRequest *request,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  FloeLaneCall call = call_about (request, floe_libvirt_set_ticket,
                                  (GDestroyNotify)floe_display_free, TICKET_DEADLINE);

  run (self, self->tickets, &call, cancellable, callback, user_data);
}

static FloeOrderedLane *
lane_of (FloeLibvirtLanes *self, const FloeJob *job, gint64 *deadline)
{
  switch (job->kind)
    {
    case FLOE_JOB_PUBLISH:
    case FLOE_JOB_CARRY:
      *deadline = COPY_DEADLINE;
      return self->copies;
    case FLOE_JOB_LOCK:
    case FLOE_JOB_LOG_OFF:
    case FLOE_JOB_ASK:
      *deadline = AGENT_DEADLINE;
      return self->agent;
    case FLOE_JOB_PERSONALIZE:
      *deadline = PERSONALIZE_DEADLINE;
      return self->jobs;
    default:
      *deadline = JOB_DEADLINE + (gint64)job->seconds * G_USEC_PER_SEC;
      return self->jobs;
    }
}

/**
 * floe_libvirt_lanes_run_job:
 * @task: (transfer full): the job
 *
 * Runs floe_libvirt_run_job(); the result is a #FloeJobResult.
 */
void
floe_libvirt_lanes_run_job (FloeLibvirtLanes *self, FloeLibvirtTask *task,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autofree gchar *key = floe_libvirt_task_key (task);
  FloeLaneCall call = { .key = key,
                        .work = floe_libvirt_run_job,
                        .input = task,
                        .input_free = (GDestroyNotify)floe_libvirt_task_free,
                        .result_free = (GDestroyNotify)floe_job_result_free };
  FloeOrderedLane *lane = lane_of (self, task->job, &call.deadline);

  run (self, lane, &call, cancellable, callback, user_data);
}

/**
 * floe_libvirt_lanes_first_boot:
 *
 * Runs floe_libvirt_first_boot(); the result is not %NULL.
 */
void
floe_libvirt_lanes_first_boot (FloeLibvirtLanes *self, const gchar *id,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  FloeLaneCall call =
      call_about (floe_libvirt_request_new (id), floe_libvirt_first_boot, NULL, AGENT_DEADLINE);

  run (self, self->agent, &call, NULL, callback, user_data);
}

/**
 * floe_libvirt_lanes_measure:
 *
 * Runs floe_libvirt_measure(); the result is a #FloeLibvirtMeasure.
 */
void
floe_libvirt_lanes_measure (FloeLibvirtLanes *self, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  FloeLaneCall call = { .work = floe_libvirt_measure,
                        .result_free = g_free,
                        .deadline = MEASURE_DEADLINE };

  run (self, self->looks, &call, NULL, callback, user_data);
}

/**
 * floe_libvirt_lanes_finish:
 *
 * Returns: (transfer full): what the call returned, or %NULL with @error set
 */
gpointer
floe_libvirt_lanes_finish (FloeLibvirtLanes *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * floe_libvirt_lanes_get_load:
 * @lane: which one
 * @load: (out caller-allocates): how busy it is
 */
void
floe_libvirt_lanes_get_load (FloeLibvirtLanes *self, FloeLibvirtLane lane, FloeLoad *load)
{
  FloeOrderedLane *const lanes[] = { self->tickets, self->power, self->looks,
                                     self->copies,  self->jobs,  self->agent };

  floe_ordered_lane_get_load (lanes[lane], load);
}

static void
floe_libvirt_lanes_finalize (GObject *object)
{
  FloeLibvirtLanes *self = FLOE_LIBVIRT_LANES (object);

  g_object_unref (self->tickets);
  g_object_unref (self->power);
  g_object_unref (self->looks);
  g_object_unref (self->copies);
  g_object_unref (self->jobs);
  g_object_unref (self->agent);
  G_OBJECT_CLASS (floe_libvirt_lanes_parent_class)->finalize (object);
}

static void
floe_libvirt_lanes_class_init (FloeLibvirtLanesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_libvirt_lanes_finalize;
}

static void
floe_libvirt_lanes_init (FloeLibvirtLanes *self)
{
}

/**
 * floe_libvirt_lanes_new:
 * @settings: of the host; copied
 *
 * Returns: (transfer full): lanes without threads yet
 */
FloeLibvirtLanes *
floe_libvirt_lanes_new (const FloeLibvirtHostSettings *settings)
{
  FloeLibvirtLanes *self = g_object_new (FLOE_TYPE_LIBVIRT_LANES, NULL);

  self->tickets = lane_new (settings, "tickets", TICKET_THREADS, CALL_LIMIT);
  self->power = lane_new (settings, "power", POWER_THREADS, CALL_LIMIT);
  self->looks = lane_new (settings, "looks", LOOK_THREADS, LOOK_LIMIT);
  self->copies = lane_new (settings, "copies", COPY_THREADS, CALL_LIMIT);
  self->jobs = lane_new (settings, "jobs", JOB_THREADS, JOB_LIMIT);
  self->agent = lane_new (settings, "agent", AGENT_THREADS, JOB_LIMIT);
  return self;
}
