/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/timers.h"

#include "fakes.h"
#include "store/sqlite-migrations.h"
#include "store/sqlite-tx.h"

/* A store in memory that reads when it is asked and answers when a test says so. */
#define HELD_TYPE_STORE (held_store_get_type ())
G_DECLARE_FINAL_TYPE (HeldStore, held_store, HELD, STORE, GObject)

struct _HeldStore
{
  GObject parent_instance;

  FloeSqliteDb *db;
  FloeSqliteTx *tx;
  GQueue answers; /* GTask, with its value as "value" */
};

static void
held_run_async (FloeStore *store, FloeStoreMode mode, FloeTransaction func, gpointer input,
                GDestroyNotify input_free, GDestroyNotify result_free, GCancellable *cancellable,
                GAsyncReadyCallback callback, gpointer user_data)
{
  HeldStore *self = HELD_STORE (store);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  gpointer value = func (FLOE_TX (self->tx), input, NULL);

  g_assert_nonnull (value);
  input_free (input);
  g_object_set_data_full (G_OBJECT (task), "value", value, result_free);
  g_queue_push_tail (&self->answers, task);
}

static gpointer
held_run_finish (FloeStore *store, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
held_store_iface_init (FloeStoreInterface *iface)
{
  iface->run_async = held_run_async;
  iface->run_finish = held_run_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (HeldStore, held_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_STORE, held_store_iface_init))

static void
held_store_finalize (GObject *object)
{
  HeldStore *self = HELD_STORE (object);

  g_assert_true (g_queue_is_empty (&self->answers));
  g_object_unref (self->tx);
  floe_sqlite_db_close (self->db);
  G_OBJECT_CLASS (held_store_parent_class)->finalize (object);
}

static void
held_store_class_init (HeldStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = held_store_finalize;
}

static void
held_store_init (HeldStore *self)
{
  g_autoptr (GError) error = NULL;

  self->db = floe_sqlite_db_open (":memory:", TRUE, &error);
  g_assert_no_error (error);
  g_assert_true (floe_sqlite_migrate (self->db, ":memory:", &error));
  self->tx = floe_sqlite_tx_new (self->db);
  g_queue_init (&self->answers);
}

typedef struct
{
  FakeClock *clock;
  HeldStore *store;
  FloeTimers *timers;
  GString *log;
} Fixture;

static void
on_due (FloeTimers *timers, const FloeTimer *timer, Fixture *f)
{
  g_string_append_printf (f->log, "%s;", timer->subject);
  g_assert_true (floe_tx_delete_timer (FLOE_TX (f->store->tx), timer->kind, timer->subject, NULL));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = fake_clock_new ();
  f->store = g_object_new (HELD_TYPE_STORE, NULL);
  f->timers = floe_timers_new (FLOE_STORE (f->store), FLOE_CLOCK (f->clock));
  f->log = g_string_new (NULL);
  g_signal_connect (f->timers, "due", G_CALLBACK (on_due), f);
}

static guint
answer_all (Fixture *f)
{
  guint n = 0;

  while (!g_queue_is_empty (&f->store->answers))
    {
      g_autoptr (GTask) task = g_queue_pop_head (&f->store->answers);

      g_task_return_pointer (task, g_object_steal_data (G_OBJECT (task), "value"), NULL);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      n++;
    }
  return n;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  answer_all (f);
  floe_timers_stop (f->timers);
  g_object_unref (f->timers);
  g_object_unref (f->store);
  g_object_unref (f->clock);
  g_string_free (f->log, TRUE);
}

static gint64
put (Fixture *f, const gchar *subject, gint64 after)
{
  gint64 due = floe_clock_now (FLOE_CLOCK (f->clock)) + after;
  g_autoptr (FloeTimer) timer = floe_timer_new ("grace", subject, due);

  g_assert_true (floe_tx_put_timer (FLOE_TX (f->store->tx), timer, NULL));
  return due;
}

static void
advance (Fixture *f, gint64 microseconds)
{
  fake_clock_advance (f->clock, microseconds);
  answer_all (f);
  fake_clock_advance (f->clock, 0);
  answer_all (f);
}

static void
test_due (Fixture *f, gconstpointer data)
{
  put (f, "past", -G_USEC_PER_SEC);
  put (f, "soon", 10 * G_USEC_PER_SEC);
  floe_timers_start (f->timers);
  advance (f, 0);
  g_assert_cmpstr (f->log->str, ==, "past;");
  floe_timers_note (f->timers, put (f, "sooner", 2 * G_USEC_PER_SEC));
  advance (f, 2 * G_USEC_PER_SEC);
  g_assert_cmpstr (f->log->str, ==, "past;sooner;");
  advance (f, 8 * G_USEC_PER_SEC);
  g_assert_cmpstr (f->log->str, ==, "past;sooner;soon;");
}

/* What is noted while the rows are read is not in what was read. */
static void
test_noted_while_looking (Fixture *f, gconstpointer data)
{
  floe_timers_start (f->timers);
  fake_clock_advance (f->clock, 0); /* has read, and not answered */
  floe_timers_note (f->timers, put (f, "now", 0));
  fake_clock_advance (f->clock, 0);
  g_assert_cmpuint (answer_all (f), ==, 1);
  advance (f, 0);
  g_assert_cmpstr (f->log->str, ==, "now;");
}

/* Whatever somebody sets the calendar to, a timer runs as long as it should. */
static void
test_clock_set (Fixture *f, gconstpointer data)
{
  const gint64 by = GPOINTER_TO_INT (data) * G_TIME_SPAN_DAY;

  put (f, "far", G_TIME_SPAN_HOUR);
  floe_timers_start (f->timers);
  advance (f, 0);
  fake_clock_set (f->clock, by);
  advance (f, G_TIME_SPAN_HOUR - G_USEC_PER_SEC);
  g_assert_cmpstr (f->log->str, ==, "");
  advance (f, G_USEC_PER_SEC);
  g_assert_cmpstr (f->log->str, ==, "far;");
}

static void
test_stopped (Fixture *f, gconstpointer data)
{
  floe_timers_note (f->timers, put (f, "early", 0)); /* not started yet */
  advance (f, 60 * G_USEC_PER_SEC);
  floe_timers_start (f->timers);
  fake_clock_advance (f->clock, 0);
  floe_timers_stop (f->timers);
  answer_all (f);
  advance (f, 120 * G_USEC_PER_SEC);
  g_assert_cmpstr (f->log->str, ==, "");
}

#define ADD(name, func) g_test_add ("/timers/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("due", test_due);
  ADD ("noted-while-looking", test_noted_while_looking);
  g_test_add ("/timers/clock-set-forward", Fixture, GINT_TO_POINTER (1), set_up, test_clock_set,
              tear_down);
  g_test_add ("/timers/clock-set-back", Fixture, GINT_TO_POINTER (-1), set_up, test_clock_set,
              tear_down);
  ADD ("stopped", test_stopped);
  return g_test_run ();
}
