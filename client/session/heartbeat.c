/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/heartbeat.h"

#define BEAT_SECONDS 60

struct _FloeHeartbeat
{
  FloeBroker *broker;
  gchar *desktop_id;
  GCancellable *cancellable;
  guint second_ms;
  guint timer;
  gint64 input_at; /* g_get_monotonic_time() */
};

static void
beaten (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!floe_broker_beat_finish (FLOE_BROKER (source), result, &error))
    g_debug ("the broker did not hear that the session lives: %s", error->message);
}

static gboolean
beat (gpointer data)
{
  FloeHeartbeat *self = data;
  gint64 idle = (g_get_monotonic_time () - self->input_at) / ((gint64)self->second_ms * 1000);

  floe_broker_beat_async (self->broker, self->desktop_id, (guint)MAX (idle, 0), self->cancellable,
                          beaten, NULL);
  return G_SOURCE_CONTINUE;
}

/**
 * floe_heartbeat_new:
 * @broker: where the person is logged in
 * @desktop_id: whose picture is there from now on
 * @second_ms: how long a second lasts, for tests
 */
FloeHeartbeat *
floe_heartbeat_new (FloeBroker *broker, const gchar *desktop_id, guint second_ms)
{
  FloeHeartbeat *self = g_new0 (FloeHeartbeat, 1);

  self->broker = g_object_ref (broker);
  self->desktop_id = g_strdup (desktop_id);
  self->cancellable = g_cancellable_new ();
  self->second_ms = MAX (second_ms, 1);
  self->input_at = g_get_monotonic_time ();
  self->timer = g_timeout_add (BEAT_SECONDS * self->second_ms, beat, self);
  return self;
}

/**
 * floe_heartbeat_note_input:
 *
 * Somebody pressed a key or moved the pointer.
 */
void
floe_heartbeat_note_input (FloeHeartbeat *self)
{
  self->input_at = g_get_monotonic_time ();
}

void
floe_heartbeat_free (FloeHeartbeat *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_object_unref (self->cancellable);
  g_object_unref (self->broker);
  g_free (self->desktop_id);
  g_free (self);
}
