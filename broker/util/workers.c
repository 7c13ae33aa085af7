/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "util/workers.h"

#include <sched.h>

#include "core/error.h"

struct _FloeWorkers
{
  GObject parent_instance;

  gchar *name;
  guint n_threads;
  guint queue_limit;
  gpointer (*context_new) (gpointer data);
  gpointer context_data;
  GDestroyNotify context_free;

  GMutex lock; /* guards what follows */
  GCond wake;
  GQueue queue;
  GPtrArray *threads;
  guint idle;
  gboolean closing;

  guint overdue; /* main thread only, as is what follows */
  guint64 timed_out;
};

G_DEFINE_FINAL_TYPE (FloeWorkers, floe_workers, G_TYPE_OBJECT)

typedef struct
{
  FloeWorkers *pool;
  GTask *task;
  FloeWork work;
  gpointer input;
  GDestroyNotify input_free;
  GDestroyNotify result_free;
  GCancellable *abandoned; /* given to the work; cancelled when nobody waits any more */
  GSource *deadline;
  gulong cancel_id;
  gboolean answered;
  gpointer result;
  GError *error;
} Job;

static void
job_free (Job *job)
{
  if (job->input_free != NULL)
    job->input_free (job->input);
  if (job->result != NULL && job->result_free != NULL)
    job->result_free (job->result);
  g_clear_error (&job->error);
  g_object_unref (job->abandoned);
  g_object_unref (job->task);
  g_object_unref (job->pool);
  g_free (job);
}

static void
job_stop_waiting (Job *job)
{
  if (job->deadline != NULL)
    g_source_destroy (job->deadline);
  g_clear_pointer (&job->deadline, g_source_unref);
  if (job->cancel_id != 0)
    g_cancellable_disconnect (g_task_get_cancellable (job->task), job->cancel_id);
  job->cancel_id = 0;
}

/* The answer is given on the main thread only, so a deadline and a result can never race. */
static gboolean
job_done (gpointer data)
{
  Job *job = data;

  job_stop_waiting (job);
  if (job->answered)
    job->pool->overdue--;
  else if (job->error != NULL)
    g_task_return_error (job->task, g_steal_pointer (&job->error));
  else
    g_task_return_pointer (job->task, g_steal_pointer (&job->result), job->result_free);
  job_free (job);
  return G_SOURCE_REMOVE;
}

static void
job_abandon (Job *job, FloeError code, const gchar *text)
{
  if (job->answered)
    return;
  job->answered = TRUE;
  job->pool->overdue++;
  g_cancellable_cancel (job->abandoned);
  g_task_return_new_error (job->task, FLOE_ERROR, code, "%s: %s", job->pool->name, text);
}

static gboolean
job_overdue (gpointer data)
{
  Job *job = data;

  job->pool->timed_out++;
  job_abandon (job, FLOE_ERROR_TIMED_OUT, "no answer before the deadline");
  return G_SOURCE_REMOVE;
}

static gboolean
job_cancelled_idle (gpointer data)
{
  Job *job = data;

  job_abandon (job, FLOE_ERROR_CANCELLED, "given up");
  return G_SOURCE_REMOVE;
}

static void
job_cancelled (GCancellable *cancellable, Job *job)
{
  g_cancellable_cancel (job->abandoned);
  /* A callback may not come before run_async() returns; the deadline's source brings it. */
  g_source_set_callback (job->deadline, job_cancelled_idle, job, NULL);
  g_source_set_ready_time (job->deadline, 0);
}

static void
job_run (Job *job, gpointer context)
{
  GSource *done = g_idle_source_new ();

  if (g_cancellable_is_cancelled (job->abandoned))
    job->error = g_error_new_literal (FLOE_ERROR, FLOE_ERROR_CANCELLED, "given up before it began");
  else
    job->result = job->work (context, job->input, job->abandoned, &job->error);
  g_source_set_priority (done, G_PRIORITY_DEFAULT);
  g_source_set_callback (done, job_done, job, NULL);
  g_source_attach (done, g_task_get_context (job->task));
  g_source_unref (done);
}

/* Whoever gives a worker something to do goes on with what it does, and more is done at once: where
 * all processors are busy, a thread that is woken takes none of them from who woke it. Whoever runs
 * the program otherwise than usual has a reason. */
static void
give_way (void)
{
  const struct sched_param param = { 0 };

  if (sched_getscheduler (0) == SCHED_OTHER)
    sched_setscheduler (0, SCHED_BATCH, &param);
}

static gpointer
worker_main (gpointer data)
{
  FloeWorkers *self = data;
  gpointer context;

  give_way ();
  context = self->context_new != NULL ? self->context_new (self->context_data) : NULL;
  g_mutex_lock (&self->lock);
  for (;;)
    {
      Job *job = g_queue_pop_head (&self->queue);

      if (job == NULL && self->closing)
        break;
      if (job == NULL)
        {
          self->idle++;
          g_cond_wait (&self->wake, &self->lock);
          self->idle--;
          continue;
        }
      g_mutex_unlock (&self->lock);
      job_run (job, context);
      g_mutex_lock (&self->lock);
    }
  g_mutex_unlock (&self->lock);
  if (self->context_free != NULL)
    self->context_free (context);
  return NULL;
}

static Job *
job_new (FloeWorkers *self, GTask *task, FloeWork work, gpointer input, GDestroyNotify input_free,
         GDestroyNotify result_free)
{
  Job *job = g_new0 (Job, 1);

  job->pool = g_object_ref (self);
  job->task = g_object_ref (task);
  job->work = work;
  job->input = input;
  job->input_free = input_free;
  job->result_free = result_free;
  job->abandoned = g_cancellable_new ();
  return job;
}

static void
job_watch (Job *job, gint64 deadline_us)
{
  GCancellable *cancellable = g_task_get_cancellable (job->task);

  job->deadline = g_timeout_source_new ((guint)MIN (deadline_us / 1000, G_MAXINT));
  g_source_set_callback (job->deadline, job_overdue, job, NULL);
  g_source_attach (job->deadline, g_task_get_context (job->task));
  if (cancellable != NULL)
    job->cancel_id = g_cancellable_connect (cancellable, G_CALLBACK (job_cancelled), job, NULL);
}

static gboolean
enqueue (FloeWorkers *self, Job *job)
{
  gboolean taken, somebody_waits;

  g_mutex_lock (&self->lock);
  taken = !self->closing && self->queue.length < self->queue_limit;
  if (taken)
    {
      g_queue_push_tail (&self->queue, job);
      if (self->idle < self->queue.length && self->threads->len < self->n_threads)
        g_ptr_array_add (self->threads, g_thread_new (self->name, worker_main, self));
    }
  somebody_waits = taken && self->idle > 0;
  g_mutex_unlock (&self->lock);
  /* Whoever wakes while the lock is held sleeps again at once. */
  if (somebody_waits)
    g_cond_signal (&self->wake);
  return taken;
}

/**
 * floe_workers_run_async:
 * @self: the pool
 * @work: runs on a worker
 * @input: (transfer full) (nullable): the arguments
 * @input_free: (nullable): frees @input
 * @result_free: (nullable): frees a result that nobody took
 * @deadline_us: microseconds until the answer is %FLOE_ERROR_TIMED_OUT
 * @cancellable: (nullable): makes the answer %FLOE_ERROR_CANCELLED; the work goes on if it has
 * begun
 * @callback: called once on the main thread
 * @user_data: for @callback
 */
void
floe_workers_run_async (FloeWorkers *self, FloeWork work, gpointer input, GDestroyNotify input_free,
                        GDestroyNotify result_free, gint64 deadline_us, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Job *job = job_new (self, task, work, input, input_free, result_free);

  g_task_set_source_tag (task, floe_workers_run_async);
  g_task_set_check_cancellable (task, FALSE);
  job_watch (job, deadline_us);
  if (!enqueue (self, job))
    {
      job_stop_waiting (job);
      g_task_return_new_error (task, FLOE_ERROR, FLOE_ERROR_BUSY, "%s: too many calls are waiting",
                               self->name);
      job_free (job);
    }
}

/**
 * floe_workers_run_finish:
 *
 * Returns: (transfer full) (nullable): what the work returned, or %NULL with @error set to its
 * error or to %FLOE_ERROR_BUSY, %FLOE_ERROR_TIMED_OUT, %FLOE_ERROR_CANCELLED
 */
gpointer
floe_workers_run_finish (FloeWorkers *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * floe_workers_get_overdue:
 *
 * Returns: calls that were given up, by deadline or by their caller, and have not returned yet
 */
guint
floe_workers_get_overdue (FloeWorkers *self)
{
  return self->overdue;
}

guint
floe_workers_get_queued (FloeWorkers *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->queue.length;
  g_mutex_unlock (&self->lock);
  return n;
}

/**
 * floe_workers_get_load:
 * @load: (out caller-allocates): how busy the pool is
 */
void
floe_workers_get_load (FloeWorkers *self, FloeLoad *load)
{
  load->queued = floe_workers_get_queued (self);
  load->overdue = self->overdue;
  load->timed_out = self->timed_out;
}

/**
 * floe_workers_close:
 * @self: the pool
 *
 * Takes no more work, finishes what is queued and joins the threads. Answers that are still on
 * their way come with the next turns of the main loop. Blocks: for the end of the program only.
 */
void
floe_workers_close (FloeWorkers *self)
{
  g_mutex_lock (&self->lock);
  self->closing = TRUE;
  g_cond_broadcast (&self->wake);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (g_ptr_array_index (self->threads, i));
  g_ptr_array_set_size (self->threads, 0);
}

static void
floe_workers_finalize (GObject *object)
{
  FloeWorkers *self = FLOE_WORKERS (object);

  floe_workers_close (self);
  g_ptr_array_unref (self->threads);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->wake);
  g_free (self->name);
  G_OBJECT_CLASS (floe_workers_parent_class)->finalize (object);
}

static void
floe_workers_class_init (FloeWorkersClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_workers_finalize;
}

static void
floe_workers_init (FloeWorkers *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->wake);
  g_queue_init (&self->queue);
  self->threads = g_ptr_array_new ();
}

/**
 * floe_workers_new:
 * @name: names the threads and prefixes errors
 * @n_threads: threads at most
 * @queue_limit: calls that may wait at most
 * @context_new: (nullable) (scope forever): makes a thread's context, on that thread
 * @context_data: for @context_new; must outlive the pool
 * @context_free: (nullable): frees a context, on its thread
 *
 * Returns: (transfer full): a pool without threads yet
 */
FloeWorkers *
floe_workers_new (const gchar *name, guint n_threads, guint queue_limit,
                  gpointer (*context_new) (gpointer data), gpointer context_data,
                  GDestroyNotify context_free)
{
  FloeWorkers *self = g_object_new (FLOE_TYPE_WORKERS, NULL);

  self->name = g_strdup (name);
  self->n_threads = n_threads;
  self->queue_limit = queue_limit;
  self->context_new = context_new;
  self->context_data = context_data;
  self->context_free = context_free;
  return self;
}
