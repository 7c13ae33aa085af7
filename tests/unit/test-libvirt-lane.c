/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "manager/libvirt/ordered-lane.h"

/* Calls that wait for their gate, so that a test says when each of them returns. */

typedef struct
{
  GMutex lock;
  GCond moved;
  GString *began; /* names, in the order in which they began */
  GString *open;  /* names that may return */
} Gate;

typedef struct
{
  Gate *gate;
  gchar name;
  FloeError fail; /* 0: it does not (INVALID is never scripted) */
} Input;

typedef struct
{
  Gate gate;
  FloeOrderedLane *lane;
  GString *answers; /* "a" for a result, "aE" with an error's name */
} Test;

#define SOON (20 * G_USEC_PER_SEC)

static gpointer
work (gpointer context, gpointer data, GCancellable *cancellable, GError **error)
{
  Input *input = data;
  Gate *gate = input->gate;

  g_mutex_lock (&gate->lock);
  g_string_append_c (gate->began, input->name);
  g_cond_broadcast (&gate->moved);
  while (strchr (gate->open->str, input->name) == NULL)
    g_cond_wait (&gate->moved, &gate->lock);
  g_mutex_unlock (&gate->lock);
  if (input->fail == 0)
    return g_strdup_printf ("%c", input->name);
  g_set_error_literal (error, FLOE_ERROR, (gint)input->fail, "as told");
  return NULL;
}

static void
allow (Test *test, const gchar *names)
{
  g_mutex_lock (&test->gate.lock);
  g_string_append (test->gate.open, names);
  g_cond_broadcast (&test->gate.moved);
  g_mutex_unlock (&test->gate.lock);
}

/* Waits until that many calls began; says which. */
static gchar *
wait_begun (Test *test, gsize n)
{
  gchar *began;

  g_mutex_lock (&test->gate.lock);
  while (test->gate.began->len < n)
    {
      g_mutex_unlock (&test->gate.lock);
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
      g_mutex_lock (&test->gate.lock);
    }
  began = g_strdup (test->gate.began->str);
  g_mutex_unlock (&test->gate.lock);
  return began;
}

static void
expect_begun (Test *test, const gchar *wanted)
{
  g_autofree gchar *began = wait_begun (test, strlen (wanted));

  g_assert_cmpstr (began, ==, wanted);
}

static void
expect_answers (Test *test, const gchar *wanted)
{
  while (test->answers->len < strlen (wanted))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (test->answers->str, ==, wanted);
}

typedef struct
{
  Test *test;
  gchar name;
} Asked;

static void
answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Asked *asked = data;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *value =
      floe_ordered_lane_run_finish (FLOE_ORDERED_LANE (source), result, &error);

  g_assert_true ((value == NULL) == (error != NULL));
  if (value != NULL)
    g_string_append_printf (asked->test->answers, "%s ", value);
  else
    g_string_append_printf (asked->test->answers, "%c:%s ", asked->name,
                            floe_error_name (error->code));
}

static void
call_failing (Test *test, gchar name, const gchar *key, gint64 deadline, FloeError fail)
{
  Input *input = g_new0 (Input, 1);
  Asked *asked = g_new0 (Asked, 1);
  FloeLaneCall made = { .key = key,
                        .work = work,
                        .input = input,
                        .input_free = g_free,
                        .result_free = g_free,
                        .deadline = deadline };
  gsize before = test->answers->len;

  *input = (Input){ &test->gate, name, fail };
  *asked = (Asked){ test, name };
  floe_ordered_lane_run_async (test->lane, &made, NULL, answered, asked);
  g_assert_cmpuint (test->answers->len, ==, before);
}

static void
call (Test *test, gchar name, const gchar *key, gint64 deadline)
{
  call_failing (test, name, key, deadline, 0);
}

static void
test_init (Test *test, guint threads, guint limit)
{
  g_mutex_init (&test->gate.lock);
  g_cond_init (&test->gate.moved);
  test->gate.began = g_string_new (NULL);
  test->gate.open = g_string_new (NULL);
  test->answers = g_string_new (NULL);
  test->lane =
      floe_ordered_lane_new (floe_workers_new ("test", threads, limit, NULL, NULL, NULL), limit);
}

static void
test_clear (Test *test)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (test->lane);
  g_string_free (test->gate.began, TRUE);
  g_string_free (test->gate.open, TRUE);
  g_string_free (test->answers, TRUE);
  g_mutex_clear (&test->gate.lock);
  g_cond_clear (&test->gate.moved);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Test, test_clear)

static void
settle (Test *test)
{
  while (floe_ordered_lane_get_overdue (test->lane) > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
check_load (Test *test, guint queued, guint overdue, guint timed_out)
{
  FloeLoad load;

  floe_ordered_lane_get_load (test->lane, &load);
  g_assert_cmpuint (load.queued, ==, queued);
  g_assert_cmpuint (load.overdue, ==, overdue);
  g_assert_cmpuint (load.timed_out, ==, timed_out);
}

/* One key runs in order although threads are free; another key runs beside it. */
static void
test_order (void)
{
  g_auto (Test) test;

  test_init (&test, 4, 16);
  call (&test, 'a', "x", SOON);
  call (&test, 'b', "x", SOON);
  call (&test, 'c', "x", SOON);
  expect_begun (&test, "a");
  check_load (&test, 2, 0, 0);
  call (&test, 'd', "y", SOON);
  expect_begun (&test, "ad");
  allow (&test, "d");
  expect_answers (&test, "d ");
  allow (&test, "bc");
  allow (&test, "a");
  expect_answers (&test, "d a b c ");
  expect_begun (&test, "adbc");
}

static void
test_no_key (void)
{
  g_auto (Test) test;

  test_init (&test, 2, 16);
  call (&test, 'a', NULL, SOON);
  expect_begun (&test, "a");
  call (&test, 'b', NULL, SOON);
  expect_begun (&test, "ab");
  allow (&test, "b");
  expect_answers (&test, "b ");
  allow (&test, "a");
  expect_answers (&test, "b a ");
}

/* A call that hangs: its key is busy until it returns, another key is not. */
static void
test_overdue (void)
{
  g_auto (Test) test;

  test_init (&test, 2, 16);
  call (&test, 'a', "x", 50 * 1000);
  call (&test, 'b', "x", SOON);
  expect_begun (&test, "a");
  expect_answers (&test, "b:busy a:timed-out ");
  g_assert_cmpuint (floe_ordered_lane_get_overdue (test.lane), ==, 1);
  check_load (&test, 0, 1, 1);
  call (&test, 'c', "x", SOON);
  expect_answers (&test, "b:busy a:timed-out c:busy ");
  allow (&test, "d");
  call (&test, 'd', "y", SOON);
  expect_answers (&test, "b:busy a:timed-out c:busy d ");
  allow (&test, "a");
  settle (&test);
  allow (&test, "e");
  call (&test, 'e', "x", SOON);
  expect_answers (&test, "b:busy a:timed-out c:busy d e ");
}

/* The work itself says that something timed out: nothing hangs, the next call goes ahead. */
static void
test_work_times_out (void)
{
  g_auto (Test) test;

  test_init (&test, 2, 16);
  call_failing (&test, 'a', "x", SOON, FLOE_ERROR_TIMED_OUT);
  call (&test, 'b', "x", SOON);
  allow (&test, "ab");
  expect_answers (&test, "a:timed-out b ");
}

static void
test_waits_too_long (void)
{
  g_auto (Test) test;

  test_init (&test, 2, 16);
  call (&test, 'a', "x", SOON);
  call (&test, 'b', "x", 30 * 1000);
  call (&test, 'c', "x", SOON);
  expect_answers (&test, "b:timed-out ");
  check_load (&test, 1, 0, 1); /* never begun, and so none that holds a thread */
  allow (&test, "ac");
  expect_answers (&test, "b:timed-out a c ");
  expect_begun (&test, "ac");
}

static void
test_limit (void)
{
  g_auto (Test) test;

  test_init (&test, 1, 2);
  call (&test, 'a', "x", SOON);
  call (&test, 'b', "y", SOON);
  call (&test, 'c', "z", SOON);
  expect_answers (&test, "c:busy ");
  allow (&test, "abd");
  expect_answers (&test, "c:busy a b ");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  call (&test, 'd', "z", SOON);
  expect_answers (&test, "c:busy a b d ");
}

static void
cancel_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (floe_ordered_lane_run_finish (FLOE_ORDERED_LANE (source), result, &error));
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_CANCELLED);
  *(guint *)data += 1;
}

/* Given up while it waits for its key: answered at once, never begun. */
static void
test_cancel (void)
{
  g_auto (Test) test;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Input *input = g_new0 (Input, 1);
  FloeLaneCall made = { .key = "x",
                        .work = work,
                        .input = input,
                        .input_free = g_free,
                        .result_free = g_free,
                        .deadline = SOON };
  guint cancelled = 0;

  test_init (&test, 2, 16);
  *input = (Input){ &test.gate, 'b', 0 };
  call (&test, 'a', "x", SOON);
  floe_ordered_lane_run_async (test.lane, &made, cancellable, cancel_answered, &cancelled);
  g_cancellable_cancel (cancellable);
  g_assert_cmpuint (cancelled, ==, 0);
  while (cancelled == 0)
    g_main_context_iteration (NULL, TRUE);
  input = made.input = g_new0 (Input, 1);
  *input = (Input){ &test.gate, 'c', 0 };
  floe_ordered_lane_run_async (test.lane, &made, cancellable, cancel_answered, &cancelled);
  g_assert_cmpuint (cancelled, ==, 1);
  while (cancelled == 1)
    g_main_context_iteration (NULL, TRUE);
  allow (&test, "a");
  expect_answers (&test, "a ");
  expect_begun (&test, "a");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/libvirt-lane/order/keys", test_order);
  g_test_add_func ("/libvirt-lane/order/no-key", test_no_key);
  g_test_add_func ("/libvirt-lane/deadline/overdue", test_overdue);
  g_test_add_func ("/libvirt-lane/deadline/in-the-work", test_work_times_out);
  g_test_add_func ("/libvirt-lane/deadline/waiting", test_waits_too_long);
  g_test_add_func ("/libvirt-lane/limit/busy", test_limit);
  g_test_add_func ("/libvirt-lane/cancel/waiting", test_cancel);
  return g_test_run ();
}
