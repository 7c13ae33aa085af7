/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/pulse.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

/* Unacknowledged input on a dead network would hold the connection for a quarter of an hour, and
 * without input nobody would notice at all, were it not for probes. */
#define DEAD_PEER_MS     15000
#define PROBE_AFTER_S    5
#define PROBE_EVERY_S    5
#define TICKS_OF_SILENCE 10

struct _FloePulse
{
  SpiceSession *spice;
  FloePulseFunc silent;
  gpointer data;
  gulong n_bytes;
  guint ticks; /* since there were more */
  guint timer;
};

static void
set_option (GSocket *socket, gint level, gint option, gint value)
{
  g_autoptr (GError) error = NULL;

  if (!g_socket_set_option (socket, level, option, value, &error))
    g_info ("a dead host will be noticed late: %s", error->message);
}

/**
 * floe_pulse_guard_socket:
 * @socket: (nullable): one that is connected
 *
 * Has the kernel end the connection when nothing comes back on it for a quarter of a minute,
 * whether or not anything was sent.
 */
void
floe_pulse_guard_socket (GSocket *socket)
{
  if (socket == NULL || g_socket_get_family (socket) == G_SOCKET_FAMILY_UNIX)
    return;
  g_socket_set_keepalive (socket, TRUE);
  set_option (socket, IPPROTO_TCP, TCP_KEEPIDLE, PROBE_AFTER_S);
  set_option (socket, IPPROTO_TCP, TCP_KEEPINTVL, PROBE_EVERY_S);
  set_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, DEAD_PEER_MS);
}

/**
 * floe_pulse_guard_channel:
 * @channel: one that is open
 *
 * floe_pulse_guard_socket() for its connection.
 */
void
floe_pulse_guard_channel (SpiceChannel *channel)
{
  g_autoptr (GSocket) socket = NULL;

  g_object_get (channel, "socket", &socket, NULL);
  floe_pulse_guard_socket (socket);
}

/* Whatever comes on any channel is a sign of life. */
static gulong
count_bytes (SpiceSession *spice)
{
  g_autoptr (GList) channels = spice_session_get_channels (spice);
  gulong sum = 0;

  for (GList *i = channels; i != NULL; i = i->next)
    {
      gulong n;

      g_object_get (i->data, "total-read-bytes", &n, NULL);
      sum += n;
    }
  return sum;
}

static gboolean
is_moving (SpiceSession *spice)
{
  SpiceSessionMigration state;

  g_object_get (spice, "migration-state", &state, NULL);
  return state != SPICE_SESSION_MIGRATION_NONE;
}

/* The channels have other sockets when a guest has moved to another host. */
static void
guard_channels (SpiceSession *spice)
{
  g_autoptr (GList) channels = spice_session_get_channels (spice);

  for (GList *i = channels; i != NULL; i = i->next)
    floe_pulse_guard_channel (i->data);
}

/* Ticks are counted, and not the time: a computer that was busy or asleep has not listened. */
static gboolean
on_tick (gpointer user_data)
{
  FloePulse *self = user_data;
  gulong n_bytes = count_bytes (self->spice);

  if (n_bytes != self->n_bytes || is_moving (self->spice))
    self->ticks = 0;
  else
    self->ticks++;
  self->n_bytes = n_bytes;
  if (self->ticks < TICKS_OF_SILENCE)
    return G_SOURCE_CONTINUE;
  self->timer = 0;
  self->silent (self->data);
  return G_SOURCE_REMOVE;
}

static void
on_migration_state (FloePulse *self)
{
  if (!is_moving (self->spice))
    guard_channels (self->spice);
}

/**
 * floe_pulse_new:
 * @spice: a session that is open
 * @silence_ms: after how long nothing from its host means that the network is dead
 * @silent: (scope notified): called then, once
 * @data: for @silent
 */
FloePulse *
floe_pulse_new (SpiceSession *spice, guint silence_ms, FloePulseFunc silent, gpointer data)
{
  FloePulse *self = g_new0 (FloePulse, 1);

  self->spice = g_object_ref (spice);
  self->silent = silent;
  self->data = data;
  self->n_bytes = count_bytes (spice);
  self->timer = g_timeout_add (MAX (silence_ms / TICKS_OF_SILENCE, 1), on_tick, self);
  g_signal_connect_swapped (spice, "notify::migration-state", G_CALLBACK (on_migration_state),
                            self);
  return self;
}

void
floe_pulse_free (FloePulse *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->spice, self);
  g_object_unref (self->spice);
  g_free (self);
}
