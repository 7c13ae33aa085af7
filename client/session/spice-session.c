/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/spice-session.h"

#include <string.h>

#include "session/policy.h"
#include "session/pulse.h"
#include "session/session-impl.h"
#include "session/spice-hands.h"

struct _FloeSpiceSession
{
  FloeSession parent_instance;

  SpiceSession *spice;
  FloeLogTap *tap;
  gboolean marked;
  FloePulse *pulse; /* from when it is open */
};

G_DEFINE_FINAL_TYPE (FloeSpiceSession, floe_spice_session, FLOE_TYPE_SESSION)

static gboolean
on_disconnect (gpointer data)
{
  spice_session_disconnect (data);
  return G_SOURCE_REMOVE;
}

/* Not at once: a channel that was only just told to connect begins from an idle source of its own,
 * and spice-gtk 0.42 lets it run into a session that is gone by then, and leaks it. */
static void
disconnect_later (SpiceSession *spice)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_disconnect, g_object_ref (spice), g_object_unref);
}

static gboolean
is_over (FloeSpiceSession *self)
{
  return floe_session_get_cause (FLOE_SESSION (self)) != FLOE_END_NONE;
}

/* Without sound or cursor a desktop is still one. */
static gboolean
is_vital (SpiceChannel *channel)
{
  return SPICE_IS_MAIN_CHANNEL (channel) || SPICE_IS_DISPLAY_CHANNEL (channel)
         || SPICE_IS_INPUTS_CHANNEL (channel);
}

static gchar *
describe_failure (FloeSpiceSession *self, FloeEndCause cause, const GError *error)
{
  if (error != NULL)
    return g_strdup (error->message);
  if (cause == FLOE_END_TLS && self->tap != NULL)
    return floe_log_tap_dup_heard (self->tap);
  return NULL;
}

/* The library has one event for a certificate that does not pass and for a handshake that broke;
 * what it logs tells them apart. Only the first is no use to try again. */
static FloeEndCause
judge_tls (FloeEndCause cause, const gchar *heard)
{
  if (cause != FLOE_END_TLS || heard == NULL || strstr (heard, "verif") != NULL)
    return cause;
  return FLOE_END_LINK;
}

static void
on_channel_event (SpiceChannel *channel, SpiceChannelEvent event, FloeSpiceSession *self)
{
  /* Valid only inside this handler: the library clears it as soon as the emission is over. */
  const GError *error = spice_channel_get_error (channel);
  FloeEndCause cause = floe_end_cause_from_event (event, error);
  g_autofree gchar *detail = NULL;

  if (event == SPICE_CHANNEL_OPENED)
    {
      floe_pulse_guard_channel (channel);
      if (SPICE_IS_MAIN_CHANNEL (channel))
        floe_session_advance (FLOE_SESSION (self), FLOE_SESSION_OPEN);
      if (self->marked)
        floe_session_advance (FLOE_SESSION (self), FLOE_SESSION_PICTURE);
      return;
    }
  if (cause == FLOE_END_NONE || is_over (self))
    return;
  detail = describe_failure (self, cause, error);
  cause = judge_tls (cause, detail);
  if (is_vital (channel))
    floe_session_fail (FLOE_SESSION (self), cause, detail);
  else
    g_info ("%s ended: %s%s%s", G_OBJECT_TYPE_NAME (channel), floe_end_cause_to_string (cause),
            detail != NULL ? ": " : "", detail != NULL ? detail : "");
}

static void
on_display_mark (SpiceChannel *channel, gint mark, FloeSpiceSession *self)
{
  if (!mark)
    return;
  self->marked = TRUE;
  if (floe_session_get_state (FLOE_SESSION (self)) == FLOE_SESSION_OPEN)
    floe_session_advance (FLOE_SESSION (self), FLOE_SESSION_PICTURE);
}

/* A SpiceDisplay that is made before its channel has monitors logs a CRITICAL and stays empty. */
static void
on_monitors (SpiceChannel *channel, GParamSpec *pspec, FloeSpiceSession *self)
{
  g_autoptr (GArray) monitors = NULL;
  gint channel_id;

  g_object_get (channel, "monitors", &monitors, "channel-id", &channel_id, NULL);
  if (monitors != NULL && monitors->len > 0)
    floe_session_announce (FLOE_SESSION (self), (guint)channel_id,
                           g_array_index (monitors, SpiceDisplayMonitorConfig, 0).id);
}

static void
on_channel_new (SpiceSession *spice, SpiceChannel *channel, FloeSpiceSession *self)
{
  g_signal_connect_object (channel, "channel-event", G_CALLBACK (on_channel_event), self, 0);
  floe_policy_apply_to_channel (floe_session_get_policy (FLOE_SESSION (self)), channel);
  if (SPICE_IS_DISPLAY_CHANNEL (channel))
    {
      g_signal_connect_object (channel, "display-mark", G_CALLBACK (on_display_mark), self, 0);
      g_signal_connect_object (channel, "notify::monitors", G_CALLBACK (on_monitors), self, 0);
      spice_channel_connect (channel);
    }
  else if (SPICE_IS_PLAYBACK_CHANNEL (channel))
    /* It connects the sound channels itself, and returns the same object however often asked. */
    spice_audio_get (spice, NULL);
}

static void
set_trust (SpiceSession *spice, const FloeConnection *connection)
{
  g_autoptr (GByteArray) ca = NULL;

  if (connection->ca != NULL)
    {
      ca = g_byte_array_new ();
      g_byte_array_append (ca, (const guint8 *)connection->ca, strlen (connection->ca) + 1);
    }
  /* No file of the person's home may add a certificate authority. */
  g_object_set (spice, "ca-file", NULL, "ca", ca, "cert-subject", connection->host_subject, NULL);
  /* The library takes any of the checks that are set as enough, so that exactly one must be: the
   * subject that the broker names, else the name of the host. */
  g_object_set (spice, "verify",
                connection->host_subject != NULL ? SPICE_SESSION_VERIFY_SUBJECT
                                                 : SPICE_SESSION_VERIFY_HOSTNAME,
                NULL);
}

static SpiceSession *
make_spice (const FloeConnection *connection)
{
  static const gchar *const everything[] = { "all", NULL };
  SpiceSession *spice = spice_session_new ();
  g_autofree gchar *port = g_strdup_printf ("%u", connection->port);
  g_autofree gchar *tls_port = g_strdup_printf ("%u", connection->tls_port);

  g_object_set (spice, "host", connection->host, "username", connection->username, "proxy",
                connection->proxy, NULL);
  if (connection->ticket != NULL)
    g_object_set (spice, "password", floe_secret_get (connection->ticket, NULL), NULL);
  if (connection->ciphers != NULL)
    g_object_set (spice, "ciphers", connection->ciphers, NULL);
  floe_policy_apply (connection->policy, spice);
  /* With both ports set the library begins in the clear, so the plain one is left out wherever TLS
   * can be had at all. */
  if (connection->tls_port != 0)
    g_object_set (spice, "tls-port", tls_port, "secure-channels", everything, NULL);
  else
    g_object_set (spice, "port", port, "secure-channels", connection->secure_channels, NULL);
  set_trust (spice, connection);
  return spice;
}

/**
 * floe_spice_session_new:
 *
 * A #FloeSessionMaker.
 */
FloeSession *
floe_spice_session_new (const FloeConnection *connection, FloeLogTap *tap)
{
  FloeSpiceSession *self = g_object_new (FLOE_TYPE_SPICE_SESSION, NULL);

  self->spice = make_spice (connection);
  floe_session_set_policy (FLOE_SESSION (self), connection->policy);
  self->tap = tap != NULL ? floe_log_tap_ref (tap) : NULL;
  g_signal_connect_object (self->spice, "channel-new", G_CALLBACK (on_channel_new), self, 0);
  return FLOE_SESSION (self);
}

/**
 * floe_session_get_spice:
 * @session: a session
 *
 * Returns: (transfer none) (nullable): the library's session, where the display speaks SPICE
 */
SpiceSession *
floe_session_get_spice (FloeSession *session)
{
  return FLOE_IS_SPICE_SESSION (session) ? FLOE_SPICE_SESSION (session)->spice : NULL;
}

/**
 * floe_session_set_reduced_effects:
 * @session: a session that has not begun
 * @reduced: whether the guest is asked to leave out wallpaper and animations, where the display
 *   speaks SPICE
 */
void
floe_session_set_reduced_effects (FloeSession *session, gboolean reduced)
{
  static const gchar *const left_out[] = { "wallpaper", "animation", NULL };
  SpiceSession *spice = floe_session_get_spice (session);

  if (spice != NULL)
    g_object_set (spice, "disable-effects", reduced ? left_out : NULL, NULL);
}

static void
floe_spice_session_open (FloeSession *session)
{
  FloeSpiceSession *self = FLOE_SPICE_SESSION (session);

  if (self->tap != NULL)
    floe_log_tap_clear (self->tap);
  if (!spice_session_connect (self->spice))
    floe_session_fail (session, FLOE_END_ADDRESS, "the display's address cannot be used");
}

static void
floe_spice_session_close (FloeSession *session)
{
  FloeSpiceSession *self = FLOE_SPICE_SESSION (session);

  g_clear_pointer (&self->pulse, floe_pulse_free);
  if (self->spice != NULL)
    disconnect_later (self->spice);
}

static void
on_silence (gpointer data)
{
  floe_session_fall_silent (data);
}

static void
floe_spice_session_watch (FloeSession *session, guint silence_ms)
{
  FloeSpiceSession *self = FLOE_SPICE_SESSION (session);

  g_clear_pointer (&self->pulse, floe_pulse_free);
  if (silence_ms > 0)
    self->pulse = floe_pulse_new (self->spice, silence_ms, on_silence, self);
}

static void
add_channel (FloeQualitySample *sample, SpiceChannel *channel)
{
  g_autoptr (GSocket) socket = NULL;
  gulong bytes = 0;

  g_object_get (channel, "socket", &socket, "total-read-bytes", &bytes, NULL);
  sample->bytes += bytes;
  floe_quality_sample_add_socket (sample, socket);
}

static void
floe_spice_session_measure (FloeSession *session, FloeQualitySample *sample)
{
  g_autoptr (GList) channels = spice_session_get_channels (FLOE_SPICE_SESSION (session)->spice);

  for (GList *l = channels; l != NULL; l = l->next)
    add_channel (sample, l->data);
}

static void
floe_spice_session_finalize (GObject *object)
{
  FloeSpiceSession *self = FLOE_SPICE_SESSION (object);

  g_clear_object (&self->spice);
  g_clear_pointer (&self->tap, floe_log_tap_unref);
  G_OBJECT_CLASS (floe_spice_session_parent_class)->finalize (object);
}

static void
floe_spice_session_class_init (FloeSpiceSessionClass *klass)
{
  FloeSessionClass *session_class = FLOE_SESSION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = floe_spice_session_finalize;
  session_class->open = floe_spice_session_open;
  session_class->close = floe_spice_session_close;
  session_class->watch = floe_spice_session_watch;
  session_class->measure = floe_spice_session_measure;
  session_class->capture = floe_spice_hands_capture;
  session_class->press_key = floe_spice_hands_press_key;
  session_class->move_pointer = floe_spice_hands_move_pointer;
  session_class->press_button = floe_spice_hands_press_button;
}

static void
floe_spice_session_init (FloeSpiceSession *self)
{
}
