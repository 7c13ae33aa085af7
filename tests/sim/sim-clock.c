/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sim-clock.h"

/* Monday, the fourth of January 2027, at midnight. */
#define BEGIN (G_GINT64_CONSTANT (1799020800) * G_USEC_PER_SEC)

struct _SimClock
{
  GObject parent_instance;

  gint64 now;
  guint last_id;
  GPtrArray *heap;   /* Timeout, the next one first */
  GHashTable *by_id; /* those that were not removed */
};

typedef struct
{
  guint id;
  gint64 due;
  gint64 delay;
  GSourceFunc func; /* NULL once it was removed */
  gpointer data;
  GDestroyNotify notify;
  gboolean stays; /* when the broker is killed */
} Timeout;

static gboolean
is_before (const Timeout *x, const Timeout *y)
{
  return x->due < y->due || (x->due == y->due && x->id < y->id);
}

static void
swap (GPtrArray *heap, guint i, guint k)
{
  gpointer one = heap->pdata[i];

  heap->pdata[i] = heap->pdata[k];
  heap->pdata[k] = one;
}

static void
push (SimClock *self, Timeout *timeout)
{
  GPtrArray *heap = self->heap;
  guint i = heap->len;

  g_ptr_array_add (heap, timeout);
  for (; i > 0 && is_before (heap->pdata[i], heap->pdata[(i - 1) / 2]); i = (i - 1) / 2)
    swap (heap, i, (i - 1) / 2);
}

static Timeout *
pop (SimClock *self)
{
  GPtrArray *heap = self->heap;
  Timeout *first = heap->pdata[0];
  guint i = 0;

  heap->pdata[0] = heap->pdata[heap->len - 1];
  g_ptr_array_set_size (heap, (gint)heap->len - 1);
  for (;;)
    {
      guint child = 2 * i + 1;

      if (child + 1 < heap->len && is_before (heap->pdata[child + 1], heap->pdata[child]))
        child++;
      if (child >= heap->len || !is_before (heap->pdata[child], heap->pdata[i]))
        return first;
      swap (heap, i, child);
      i = child;
    }
}

static void
let_go (Timeout *timeout)
{
  GDestroyNotify notify = timeout->notify;

  timeout->func = NULL;
  timeout->notify = NULL;
  if (notify != NULL)
    notify (timeout->data);
}

static gint64
sim_elapsed (FloeClock *clock)
{
  return SIM_CLOCK (clock)->now;
}

static gint64
sim_now (FloeClock *clock)
{
  return SIM_CLOCK (clock)->now;
}

static guint
sim_add (FloeClock *clock, gint64 delay, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  SimClock *self = SIM_CLOCK (clock);
  Timeout *timeout = g_new0 (Timeout, 1);

  timeout->id = ++self->last_id;
  timeout->due = self->now + delay;
  timeout->delay = delay;
  timeout->func = func;
  timeout->data = data;
  timeout->notify = notify;
  g_hash_table_insert (self->by_id, GUINT_TO_POINTER (timeout->id), timeout);
  push (self, timeout);
  return timeout->id;
}

static void
sim_remove (FloeClock *clock, guint id)
{
  SimClock *self = SIM_CLOCK (clock);
  Timeout *timeout = g_hash_table_lookup (self->by_id, GUINT_TO_POINTER (id));

  if (timeout == NULL)
    return;
  g_hash_table_remove (self->by_id, GUINT_TO_POINTER (id));
  let_go (timeout);
}

static void
sim_clock_iface_init (FloeClockInterface *iface)
{
  iface->now = sim_now;
  iface->elapsed = sim_elapsed;
  iface->add_timeout = sim_add;
  iface->remove_timeout = sim_remove;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SimClock, sim_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_CLOCK, sim_clock_iface_init))

static void
sim_clock_finalize (GObject *object)
{
  SimClock *self = SIM_CLOCK (object);

  for (guint i = 0; i < self->heap->len; i++)
    {
      let_go (self->heap->pdata[i]);
      g_free (self->heap->pdata[i]);
    }
  g_ptr_array_unref (self->heap);
  g_hash_table_unref (self->by_id);
  G_OBJECT_CLASS (sim_clock_parent_class)->finalize (object);
}

static void
sim_clock_class_init (SimClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sim_clock_finalize;
}

static void
sim_clock_init (SimClock *self)
{
  self->now = BEGIN;
  self->heap = g_ptr_array_new ();
  self->by_id = g_hash_table_new (g_direct_hash, g_direct_equal);
}

SimClock *
sim_clock_new (void)
{
  return g_object_new (SIM_TYPE_CLOCK, NULL);
}

guint
sim_clock_add (SimClock *self, gint64 delay, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  guint id = sim_add (FLOE_CLOCK (self), MAX (delay, 0), func, data, notify);

  ((Timeout *)g_hash_table_lookup (self->by_id, GUINT_TO_POINTER (id)))->stays = TRUE;
  return id;
}

/* What the broker waited for ends with it. */
void
sim_clock_forget (SimClock *self)
{
  for (guint i = 0; i < self->heap->len; i++)
    {
      Timeout *timeout = self->heap->pdata[i];

      if (timeout->stays || timeout->func == NULL)
        continue;
      g_hash_table_remove (self->by_id, GUINT_TO_POINTER (timeout->id));
      let_go (timeout);
    }
}

/* Goes on to the next event and lets it happen. */
gboolean
sim_clock_step (SimClock *self)
{
  Timeout *timeout;
  gboolean again = FALSE;

  if (self->heap->len == 0)
    return FALSE;
  timeout = pop (self);
  if (timeout->func != NULL)
    {
      self->now = MAX (self->now, timeout->due);
      again = timeout->func (timeout->data) && timeout->func != NULL; /* it may remove itself */
    }
  if (again)
    {
      timeout->due = self->now + MAX (timeout->delay, 1);
      push (self, timeout);
      return TRUE;
    }
  if (timeout->func != NULL)
    {
      g_hash_table_remove (self->by_id, GUINT_TO_POINTER (timeout->id));
      let_go (timeout);
    }
  g_free (timeout);
  return TRUE;
}

void
sim_clock_sleep (SimClock *self, gint64 microseconds)
{
  self->now += microseconds;
}
