/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sched.h>

#include "core/error.h"
#include "util/workers.h"

typedef struct
{
  GMainLoop *loop;
  gpointer result;
  GError *error;
  guint answers;
} Answer;

static void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->loop, g_main_loop_unref);
  g_clear_error (&answer->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->answers++;
  answer->result = floe_workers_run_finish (FLOE_WORKERS (source), result, &answer->error);
  g_main_loop_quit (answer->loop);
}

static gpointer
work_sleep (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  g_usleep (GPOINTER_TO_UINT (input) * 1000);
  return GUINT_TO_POINTER (GPOINTER_TO_UINT (input) + 1);
}

/* What becomes of one work. */
enum
{
  NOT_BEGUN,
  BEGUN,
  MAY_END,
};

static gpointer
work_wait (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  g_atomic_int_compare_and_exchange ((gint *)context, NOT_BEGUN, BEGUN);
  while (g_atomic_int_get ((gint *)context) != MAY_END)
    g_usleep (1000);
  return NULL;
}

static gpointer
work_fail (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_CONFLICT, "as told");
  return NULL;
}

static gpointer
work_scheduled (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (sched_getscheduler (0));
}

static gpointer
work_context (gpointer context, gpointer input, GCancellable *cancellable, GError **error)
{
  return context;
}

/* The answer comes once, and never before the call for it has returned. */
static void
wait_answer (Answer *answer)
{
  g_assert_cmpuint (answer->answers, ==, 0);
  g_main_loop_run (answer->loop);
  g_assert_cmpuint (answer->answers, ==, 1);
}

static void
run (FloeWorkers *pool, FloeWork work, guint ms, gint64 deadline, GCancellable *cancellable,
     Answer *answer)
{
  floe_workers_run_async (pool, work, GUINT_TO_POINTER (ms), NULL, NULL, deadline, cancellable,
                          answered, answer);
  wait_answer (answer);
}

/* Runs work_wait() until its caller has given up, whatever for, while it goes on. */
static void
run_until_abandoned (FloeWorkers *pool, gint64 deadline, GCancellable *cancellable,
                     const gint *state, Answer *answer)
{
  floe_workers_run_async (pool, work_wait, NULL, NULL, NULL, deadline, cancellable, answered,
                          answer);
  while (g_atomic_int_get (state) == NOT_BEGUN)
    g_usleep (1000);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
  wait_answer (answer);
}

/* Until the work that was given up has ended. */
static void
wait_overdue (FloeWorkers *pool)
{
  while (floe_workers_get_overdue (pool) > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_result (void)
{
  g_autoptr (FloeWorkers) pool = floe_workers_new ("test", 2, 4, NULL, NULL, NULL);
  g_auto (Answer) answer = { g_main_loop_new (NULL, FALSE) };

  run (pool, work_sleep, 1, G_USEC_PER_SEC * 10, NULL, &answer);
  g_assert_no_error (answer.error);
  g_assert_cmpuint (GPOINTER_TO_UINT (answer.result), ==, 2);
}

/* Whoever is woken waits for its turn. */
static void
test_scheduled (void)
{
  g_autoptr (FloeWorkers) pool = floe_workers_new ("test", 1, 4, NULL, NULL, NULL);
  g_auto (Answer) answer = { g_main_loop_new (NULL, FALSE) };
  gint before = sched_getscheduler (0);

  run (pool, work_scheduled, 0, G_USEC_PER_SEC * 10, NULL, &answer);
  g_assert_cmpint (GPOINTER_TO_INT (answer.result), ==,
                   before == SCHED_OTHER ? SCHED_BATCH : before);
  g_assert_cmpint (sched_getscheduler (0), ==, before);
}

static void
test_error (void)
{
  g_autoptr (FloeWorkers) pool = floe_workers_new ("test", 2, 4, NULL, NULL, NULL);
  g_auto (Answer) answer = { g_main_loop_new (NULL, FALSE) };

  run (pool, work_fail, 1, G_USEC_PER_SEC * 10, NULL, &answer);
  g_assert_error (answer.error, FLOE_ERROR, FLOE_ERROR_CONFLICT);
}

static gpointer
make_context (gpointer data)
{
  return data;
}

static void
check_late (FloeWorkers *pool, guint overdue, guint timed_out)
{
  FloeLoad load;

  floe_workers_get_load (pool, &load);
  g_assert_cmpuint (load.overdue, ==, overdue);
  g_assert_cmpuint (load.timed_out, ==, timed_out);
}

static void
test_deadline (void)
{
  gint state = NOT_BEGUN;
  g_autoptr (FloeWorkers) pool = floe_workers_new ("test", 1, 4, make_context, &state, NULL);
  g_auto (Answer) answer = { g_main_loop_new (NULL, FALSE) };

  run_until_abandoned (pool, 20000, NULL, &state, &answer);
  g_assert_error (answer.error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT);
  g_assert_cmpuint (floe_workers_get_overdue (pool), ==, 1);
  check_late (pool, 1, 1);
  g_atomic_int_set (&state, MAY_END);
  wait_overdue (pool);
  g_assert_cmpuint (answer.answers, ==, 1);
  check_late (pool, 0, 1);
}

static void
test_cancel (void)
{
  gint state = NOT_BEGUN;
  g_autoptr (FloeWorkers) pool = floe_workers_new ("test", 1, 4, make_context, &state, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Answer) answer = { g_main_loop_new (NULL, FALSE) };

  run_until_abandoned (pool, G_USEC_PER_SEC * 10, cancellable, &state, &answer);
  g_assert_error (answer.error, FLOE_ERROR, FLOE_ERROR_CANCELLED);
  check_late (pool, 1, 0); /* given up is not timed out */
  g_atomic_int_set (&state, MAY_END);
  floe_workers_close (pool);
  wait_overdue (pool);
}

/* Not even then does the answer come before the call returns; wait_answer() looks. */
static void
test_cancelled_before (void)
{
  g_autoptr (FloeWorkers) pool = floe_workers_new ("test", 1, 4, NULL, NULL, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Answer) answer = { g_main_loop_new (NULL, FALSE) };

  g_cancellable_cancel (cancellable);
  run (pool, work_sleep, 1, G_USEC_PER_SEC * 10, cancellable, &answer);
  g_assert_error (answer.error, FLOE_ERROR, FLOE_ERROR_CANCELLED);
  floe_workers_close (pool);
  wait_overdue (pool);
}

static void
test_full (void)
{
  g_autoptr (FloeWorkers) pool = floe_workers_new ("test", 1, 1, NULL, NULL, NULL);
  g_auto (Answer) running = { g_main_loop_new (NULL, FALSE) };
  g_auto (Answer) queued = { g_main_loop_ref (running.loop) };
  g_auto (Answer) refused = { g_main_loop_ref (running.loop) };
  FloeLoad load;

  floe_workers_run_async (pool, work_sleep, GUINT_TO_POINTER (100), NULL, NULL, G_USEC_PER_SEC * 10,
                          NULL, answered, &running);
  while (floe_workers_get_queued (pool) > 0)
    g_usleep (1000);
  floe_workers_run_async (pool, work_sleep, GUINT_TO_POINTER (1), NULL, NULL, G_USEC_PER_SEC * 10,
                          NULL, answered, &queued);
  floe_workers_get_load (pool, &load);
  g_assert_cmpuint (load.queued, ==, 1);
  run (pool, work_sleep, 1, G_USEC_PER_SEC * 10, NULL, &refused);
  g_assert_error (refused.error, FLOE_ERROR, FLOE_ERROR_BUSY);
  while (queued.answers == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (running.error);
  g_assert_no_error (queued.error);
}

static void
test_context (void)
{
  gint thing = 0;
  g_autoptr (FloeWorkers) pool = floe_workers_new ("test", 1, 1, make_context, &thing, NULL);
  g_auto (Answer) answer = { g_main_loop_new (NULL, FALSE) };

  run (pool, work_context, 0, G_USEC_PER_SEC * 10, NULL, &answer);
  g_assert_true (answer.result == &thing);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/workers/result", test_result);
  g_test_add_func ("/workers/scheduled", test_scheduled);
  g_test_add_func ("/workers/error", test_error);
  g_test_add_func ("/workers/deadline", test_deadline);
  g_test_add_func ("/workers/cancel", test_cancel);
  g_test_add_func ("/workers/cancelled-before", test_cancelled_before);
  g_test_add_func ("/workers/full", test_full);
  g_test_add_func ("/workers/context", test_context);
  return g_test_run ();
}
