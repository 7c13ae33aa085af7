/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/timers.h"

/* A timer whose handler failed (a full disk, say) is tried again after this. */
#define AGAIN_AFTER (5 * G_USEC_PER_SEC)
/* However far the next row is: the time of day may be set meanwhile. */
#define LOOK_AT_LEAST (60 * G_USEC_PER_SEC)

struct _FloeTimers
{
  GObject parent_instance;

  FloeStore *store;
  FloeClock *clock;
  gboolean running;
  guint wake;
  gint64 wake_at;
  gboolean looking;
  gboolean again; /* woken while looking: what was seen may be older than what woke */
};

typedef struct
{
  GPtrArray *due;
  gint64 next; /* the next one after those; 0 for none */
} Look;

static guint due_signal;

G_DEFINE_FINAL_TYPE (FloeTimers, floe_timers, G_TYPE_OBJECT)

static void
look_free (gpointer data)
{
  Look *look = data;

  g_ptr_array_unref (look->due);
  g_free (look);
}

static gpointer
look_up (FloeTx *tx, gconstpointer input, GError **error)
{
  const gint64 *now = input;
  g_autoptr (GPtrArray) due = floe_tx_list_timers (tx, *now, error);
  Look *look;
  gint64 next;

  if (due == NULL || !floe_tx_get_next_due (tx, *now, &next, error))
    return NULL;
  look = g_new0 (Look, 1);
  look->due = g_steal_pointer (&due);
  look->next = next;
  return look;
}

static gboolean wake_due (gpointer data);

static void
wake_in (FloeTimers *self, gint64 delay)
{
  gint64 at = floe_clock_elapsed (self->clock) + delay;

  if (!self->running || (self->wake != 0 && self->wake_at <= at))
    return;
  floe_clock_clear_timeout (self->clock, &self->wake);
  self->wake_at = at;
  self->wake = floe_clock_add_timeout (self->clock, delay, wake_due, self, NULL);
}

static void
looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeTimers) self = data;
  g_autoptr (GError) error = NULL;
  Look *look = floe_store_finish (FLOE_STORE (source), result, &error);
  gint64 now = floe_clock_now (self->clock);

  self->looking = FALSE;
  if (look == NULL)
    {
      g_warning ("timers cannot be read: %s", error->message);
      wake_in (self, AGAIN_AFTER);
      return;
    }
  for (guint i = 0; self->running && i < look->due->len; i++)
    g_signal_emit (self, due_signal, 0, look->due->pdata[i]);
  wake_in (self, look->due->len > 0 ? AGAIN_AFTER : LOOK_AT_LEAST);
  if (look->next != 0)
    wake_in (self, MAX (look->next - now, 0));
  if (self->again)
    wake_in (self, 0);
  self->again = FALSE;
  look_free (look);
}

static gboolean
wake_due (gpointer data)
{
  FloeTimers *self = data;
  gint64 *now;

  self->wake = 0;
  self->again = self->looking;
  if (self->looking)
    return G_SOURCE_REMOVE;
  self->looking = TRUE;
  now = g_new (gint64, 1);
  *now = floe_clock_now (self->clock);
  floe_store_read_async (self->store, look_up, now, g_free, look_free, NULL, looked,
                         g_object_ref (self));
  return G_SOURCE_REMOVE;
}

/**
 * floe_timers_start:
 *
 * Fires what became due while nobody looked, and goes on from there.
 */
void
floe_timers_start (FloeTimers *self)
{
  self->running = TRUE;
  wake_in (self, 0);
}

void
floe_timers_stop (FloeTimers *self)
{
  self->running = FALSE;
  floe_clock_clear_timeout (self->clock, &self->wake);
}

/**
 * floe_timers_note:
 * @due: when a timer that was just committed is due; 0 for none
 */
void
floe_timers_note (FloeTimers *self, gint64 due)
{
  if (due != 0)
    wake_in (self, MAX (due - floe_clock_now (self->clock), 0));
}

static void
floe_timers_finalize (GObject *object)
{
  FloeTimers *self = FLOE_TIMERS (object);

  floe_timers_stop (self);
  g_object_unref (self->store);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (floe_timers_parent_class)->finalize (object);
}

static void
floe_timers_class_init (FloeTimersClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_timers_finalize;
  due_signal = g_signal_new ("due", FLOE_TYPE_TIMERS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                             G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
floe_timers_init (FloeTimers *self)
{
}

FloeTimers *
floe_timers_new (FloeStore *store, FloeClock *clock)
{
  FloeTimers *self = g_object_new (FLOE_TYPE_TIMERS, NULL);

  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  return self;
}
