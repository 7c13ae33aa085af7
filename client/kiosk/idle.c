/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kiosk/idle.h"

#include <time.h>

struct _FloeIdle
{
  GObject parent_instance;

  guint seconds;
  guint told_seconds;
  gint64 since;
  gboolean telling;
  guint timer; /* 0 while it rests */
};

enum
{
  SIGNAL_LEFT,
  SIGNAL_STIRRED,
  SIGNAL_ELAPSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeIdle, floe_idle, G_TYPE_OBJECT)

/* In milliseconds, counted also while the machine sleeps: whoever closed the lid is gone, too. */
static gint64
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_BOOTTIME, &time);
  return time.tv_sec * (gint64)1000 + time.tv_nsec / 1000000;
}

static gboolean
on_second (gpointer data)
{
  FloeIdle *self = data;
  /* rounded up, since a timer comes a little late */
  gint64 left = self->seconds - (now () - self->since) / 1000;

  if (left <= 0)
    {
      self->timer = 0;
      self->telling = FALSE;
      g_signal_emit (self, signals[SIGNAL_ELAPSED], 0);
      return G_SOURCE_REMOVE;
    }
  if (left <= self->told_seconds)
    {
      self->telling = TRUE;
      g_signal_emit (self, signals[SIGNAL_LEFT], 0, (guint)left);
    }
  return G_SOURCE_CONTINUE;
}

static void
on_input (FloeIdle *self)
{
  if (self->timer == 0)
    return;
  self->since = now ();
  if (!self->telling)
    return;
  self->telling = FALSE;
  g_signal_emit (self, signals[SIGNAL_STIRRED], 0);
}

/**
 * floe_idle_new:
 * @guard: what tells of input
 *
 * Returns: (transfer full): one that rests
 */
FloeIdle *
floe_idle_new (FloeGuard *guard)
{
  FloeIdle *self = g_object_new (FLOE_TYPE_IDLE, NULL);

  g_signal_connect_object (guard, "input", G_CALLBACK (on_input), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * floe_idle_start:
 * @self: the wait
 * @seconds: how long nobody may have touched anything
 * @told_seconds: how many of these at the end are told
 *
 * Begins, or begins anew.
 */
void
floe_idle_start (FloeIdle *self, guint seconds, guint told_seconds)
{
  g_return_if_fail (FLOE_IS_IDLE (self));

  floe_idle_stop (self);
  self->seconds = seconds;
  self->told_seconds = told_seconds;
  self->since = now ();
  self->timer = g_timeout_add (1000, on_second, self);
  on_second (self);
}

void
floe_idle_stop (FloeIdle *self)
{
  g_return_if_fail (FLOE_IS_IDLE (self));

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->telling)
    {
      self->telling = FALSE;
      g_signal_emit (self, signals[SIGNAL_STIRRED], 0);
    }
}

static void
floe_idle_dispose (GObject *object)
{
  g_clear_handle_id (&FLOE_IDLE (object)->timer, g_source_remove);
  G_OBJECT_CLASS (floe_idle_parent_class)->dispose (object);
}

static void
floe_idle_class_init (FloeIdleClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_idle_dispose;
  signals[SIGNAL_LEFT] = g_signal_new ("left", FLOE_TYPE_IDLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_STIRRED] = g_signal_new ("stirred", FLOE_TYPE_IDLE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ELAPSED] = g_signal_new ("elapsed", FLOE_TYPE_IDLE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_idle_init (FloeIdle *self)
{
}
