/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/heartbeat.h"

#include "api/error.h"

#define BEAT_SECONDS 60
/* The first one is told when the connection has been measured. */
#define FIRST_SECONDS  5
#define MAX_PICTURE_MS 3600000

struct _FloeHeartbeat
{
  FloeBroker *broker;
  gchar *desktop_id;
  FloeSession *session;
  FloeQualitySample last; /* at the beat before */
  gboolean *plain;        /* counted: the broker is older, and does not take what was measured */
  GCancellable *cancellable;
  guint picture_ms; /* 0 once it was told */
  guint second_ms;
  guint timer;
  gint64 input_at; /* g_get_monotonic_time() */
};

/* The heartbeat may be gone by then. */
static void
beaten (GObject *source, GAsyncResult *result, gpointer data)
{
  gboolean *plain = data;
  g_autoptr (GError) error = NULL;

  if (!floe_broker_beat_finish (FLOE_BROKER (source), result, &error))
    {
      g_debug ("the broker did not hear that the session lives: %s", error->message);
      *plain |= g_error_matches (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_INVALID);
    }
  g_rc_box_release (plain);
}

/* What was lost counts apart: over a minute, a little always is. */
static void
measure (FloeHeartbeat *self, FloeBeat *beat)
{
  static const gchar *const words[] = { NULL, "good", "fair", "poor", "silent" };
  FloeQualitySample now;

  floe_session_measure (self->session, &now);
  beat->quality = *self->plain ? NULL : words[floe_quality_judge (&now, &now)];
  beat->rtt_ms = MIN ((now.rtt_us + 500) / 1000, 60000);
  if (now.retransmits > self->last.retransmits)
    beat->retransmits = now.retransmits - self->last.retransmits;
  beat->rate = floe_quality_get_rate (&self->last, &now);
  self->last = now;
}

static gboolean
beat (gpointer data)
{
  FloeHeartbeat *self = data;
  gint64 idle = (g_get_monotonic_time () - self->input_at) / ((gint64)self->second_ms * 1000);
  FloeBeat said = { .idle_seconds = (guint)MAX (idle, 0) };

  measure (self, &said);
  said.picture_ms = *self->plain ? 0 : MIN (self->picture_ms, MAX_PICTURE_MS);
  self->picture_ms = 0;
  floe_broker_beat_async (self->broker, self->desktop_id, &said, self->cancellable, beaten,
                          g_rc_box_acquire (self->plain));
  return G_SOURCE_CONTINUE;
}

static gboolean
begin (gpointer data)
{
  FloeHeartbeat *self = data;

  beat (self);
  self->timer = g_timeout_add (BEAT_SECONDS * self->second_ms, beat, self);
  return G_SOURCE_REMOVE;
}

/**
 * floe_heartbeat_new:
 * @broker: where the person is logged in
 * @desktop_id: whose picture is there from now on
 * @session: which has it
 * @picture_ms: how long the picture took, for the first time that this desktop is shown; else 0
 * @second_ms: how long a second lasts, for tests
 */
FloeHeartbeat *
floe_heartbeat_new (FloeBroker *broker, const gchar *desktop_id, FloeSession *session,
                    guint picture_ms, guint second_ms)
{
  FloeHeartbeat *self = g_new0 (FloeHeartbeat, 1);

  self->broker = g_object_ref (broker);
  self->desktop_id = g_strdup (desktop_id);
  self->session = g_object_ref (session);
  self->plain = g_rc_box_new0 (gboolean);
  floe_session_measure (session, &self->last);
  self->cancellable = g_cancellable_new ();
  self->second_ms = MAX (second_ms, 1);
  self->input_at = g_get_monotonic_time ();
  self->picture_ms = picture_ms;
  self->timer = g_timeout_add (FIRST_SECONDS * self->second_ms, begin, self);
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
  g_object_unref (self->session);
  g_rc_box_release (self->plain);
  g_object_unref (self->broker);
  g_free (self->desktop_id);
  g_free (self);
}
