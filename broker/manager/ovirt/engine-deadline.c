/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "manager/ovirt/engine-deadline.h"

#include "core/error.h"

struct _FloeEngineDeadline
{
  FloeClock *clock;
  GCancellable *cancellable; /* our own: cancelled when it is late, or with the caller's */
  GCancellable *caller;
  gulong caller_id;
  guint timer;
  gboolean late;
};

static gboolean
passed (gpointer data)
{
  FloeEngineDeadline *self = data;

  self->timer = 0;
  self->late = TRUE;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static void
caller_cancelled (GCancellable *caller, gpointer data)
{
  g_cancellable_cancel (data);
}

/**
 * floe_engine_deadline_new:
 * @delay: microseconds from now
 * @caller: (nullable): what the caller gives it up with
 *
 * Returns: (transfer full): a deadline that runs
 */
FloeEngineDeadline *
floe_engine_deadline_new (FloeClock *clock, gint64 delay, GCancellable *caller)
{
  FloeEngineDeadline *self = g_new0 (FloeEngineDeadline, 1);

  self->clock = g_object_ref (clock);
  self->cancellable = g_cancellable_new ();
  self->timer = floe_clock_add_timeout (clock, delay, passed, self, NULL);
  if (caller != NULL)
    {
      self->caller = g_object_ref (caller);
      self->caller_id = g_cancellable_connect (caller, G_CALLBACK (caller_cancelled),
                                               g_object_ref (self->cancellable), g_object_unref);
    }
  return self;
}

void
floe_engine_deadline_free (FloeEngineDeadline *self)
{
  g_cancellable_disconnect (self->caller, self->caller_id);
  floe_clock_clear_timeout (self->clock, &self->timer);
  g_clear_object (&self->caller);
  g_object_unref (self->cancellable);
  g_object_unref (self->clock);
  g_free (self);
}

/**
 * floe_engine_deadline_get_cancellable:
 *
 * Returns: (transfer none): what each step of the request is given
 */
GCancellable *
floe_engine_deadline_get_cancellable (FloeEngineDeadline *self)
{
  return self->cancellable;
}

/**
 * floe_engine_deadline_judge:
 * @cause: (transfer full): what the request failed of
 * @sent: whether anything of it can have gone out
 *
 * Returns: (transfer full): %FLOE_ERROR_TIMED_OUT, %FLOE_ERROR_CANCELLED or
 *   %FLOE_ERROR_UNAVAILABLE (reason "host-silent" if @sent; else "host-down")
 */
GError *
floe_engine_deadline_judge (const FloeEngineDeadline *self, GError *cause, gboolean sent)
{
  g_autoptr (GError) error = cause;
  GError *judged = NULL;

  if (self->late)
    g_set_error_literal (&judged, FLOE_ERROR, FLOE_ERROR_TIMED_OUT,
                         "the engine did not answer in time");
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_set_error_literal (&judged, FLOE_ERROR, FLOE_ERROR_CANCELLED, "the call was given up");
  else
    floe_set_error_reason (&judged, FLOE_ERROR_UNAVAILABLE, sent ? "host-silent" : "host-down",
                           "the engine cannot be reached: %s", error->message);
  return judged;
}
