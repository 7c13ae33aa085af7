/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/session.h"

#include <string.h>

#include "session/policy.h"
#include "session/pulse.h"

/* A server that accepts and then says nothing is never given up by spice-gtk itself. */
#define OPEN_LIMIT_MS 15000

/* A picture that is on its way over a slow line is waited for so many times as long as one that is
 * not: asked for again, it would begin anew. */
#define SLOW_LINE 4

/* A host pings at least this often. */
#define SILENCE_LIMIT_MS 20000

struct _FloeSession
{
  GObject parent_instance;

  SpiceSession *spice;
  FloeLogTap *tap;
  FloePolicy *policy;
  guint open_ms;
  guint picture_ms;
  guint silence_ms;

  FloeSessionState state;
  FloeEndCause cause;
  gchar *detail;
  gboolean marked;
  gboolean announced;
  guint watchdog;
  FloePulse *pulse; /* from when it is open */
  guint ending;
};

enum
{
  SIGNAL_STATE_CHANGED,
  SIGNAL_DISPLAY_READY,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeSession, floe_session, G_TYPE_OBJECT)

static void advance (FloeSession *self, FloeSessionState state);

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
on_ending (gpointer data)
{
  FloeSession *self = g_object_ref (FLOE_SESSION (data));

  self->ending = 0;
  advance (self, FLOE_SESSION_ENDED);
  g_object_unref (self);
  return G_SOURCE_REMOVE;
}

/* The first cause counts: a broken connection reports ERROR_IO and then CLOSED, and our own
 * disconnect closes every channel. What follows happens from the main loop, since this is called
 * in the middle of a channel's own emission. */
static void
end_because (FloeSession *self, FloeEndCause cause, const gchar *detail)
{
  if (self->cause != FLOE_END_NONE)
    return;
  self->cause = cause;
  self->detail = g_strdup (detail != NULL ? detail : "");
  g_clear_handle_id (&self->watchdog, g_source_remove);
  g_clear_pointer (&self->pulse, floe_pulse_free);
  disconnect_later (self->spice);
  self->ending = g_idle_add (on_ending, self);
}

static gboolean
on_watchdog (gpointer data)
{
  FloeSession *self = data;

  self->watchdog = 0;
  if (self->state == FLOE_SESSION_CONNECTING)
    end_because (self, FLOE_END_NO_ANSWER, "the display's host does not speak");
  else
    end_because (self, FLOE_END_NO_PICTURE, "no picture came in all this time");
  return G_SOURCE_REMOVE;
}

static void
set_watchdog (FloeSession *self, guint delay_ms)
{
  g_clear_handle_id (&self->watchdog, g_source_remove);
  if (delay_ms > 0)
    self->watchdog = g_timeout_add (delay_ms, on_watchdog, self);
}

static void
on_silence (gpointer data)
{
  FloeSession *self = data;

  if (self->state == FLOE_SESSION_OPEN)
    end_because (self, FLOE_END_NO_PICTURE, "no picture came");
  else
    end_because (self, FLOE_END_NETWORK, "nothing came from the host for too long");
}

static void
set_pulse (FloeSession *self, guint silence_ms)
{
  g_clear_pointer (&self->pulse, floe_pulse_free);
  if (silence_ms > 0)
    self->pulse = floe_pulse_new (self->spice, silence_ms, on_silence, self);
}

/* The one place that moves the state, and only ever forward. */
static void
advance (FloeSession *self, FloeSessionState state)
{
  if (state <= self->state || (self->cause != FLOE_END_NONE && state != FLOE_SESSION_ENDED))
    return;
  self->state = state;
  g_object_ref (self);
  switch (state)
    {
    case FLOE_SESSION_OPEN:
      set_watchdog (self, self->picture_ms * SLOW_LINE);
      set_pulse (self, self->picture_ms);
      break;
    case FLOE_SESSION_PICTURE:
      set_watchdog (self, 0);
      set_pulse (self, self->silence_ms);
      break;
    case FLOE_SESSION_ENDED:
      set_watchdog (self, 0);
      break;
    case FLOE_SESSION_CONNECTING:
    default:
      break;
    }
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
  if (state == FLOE_SESSION_ENDED)
    g_signal_emit (self, signals[SIGNAL_ENDED], 0, self->cause, self->detail);
  g_object_unref (self);
}

/* Without sound or cursor a desktop is still one. */
static gboolean
is_vital (SpiceChannel *channel)
{
  return SPICE_IS_MAIN_CHANNEL (channel) || SPICE_IS_DISPLAY_CHANNEL (channel)
         || SPICE_IS_INPUTS_CHANNEL (channel);
}

static gchar *
describe_failure (FloeSession *self, FloeEndCause cause, const GError *error)
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
on_channel_event (SpiceChannel *channel, SpiceChannelEvent event, FloeSession *self)
{
  /* Valid only inside this handler: the library clears it as soon as the emission is over. */
  const GError *error = spice_channel_get_error (channel);
  FloeEndCause cause = floe_end_cause_from_event (event, error);
  g_autofree gchar *detail = NULL;

  if (event == SPICE_CHANNEL_OPENED)
    {
      floe_pulse_guard_channel (channel);
      if (SPICE_IS_MAIN_CHANNEL (channel))
        advance (self, FLOE_SESSION_OPEN);
      if (self->marked)
        advance (self, FLOE_SESSION_PICTURE);
      return;
    }
  if (cause == FLOE_END_NONE || self->cause != FLOE_END_NONE)
    return;
  detail = describe_failure (self, cause, error);
  cause = judge_tls (cause, detail);
  if (is_vital (channel))
    end_because (self, cause, detail);
  else
    g_info ("%s ended: %s%s%s", G_OBJECT_TYPE_NAME (channel), floe_end_cause_to_string (cause),
            detail != NULL ? ": " : "", detail != NULL ? detail : "");
}

static void
on_display_mark (SpiceChannel *channel, gint mark, FloeSession *self)
{
  if (!mark)
    return;
  self->marked = TRUE;
  if (self->state == FLOE_SESSION_OPEN)
    advance (self, FLOE_SESSION_PICTURE);
}

/* A SpiceDisplay that is made before its channel has monitors logs a CRITICAL and stays empty. */
static void
on_monitors (SpiceChannel *channel, GParamSpec *pspec, FloeSession *self)
{
  g_autoptr (GArray) monitors = NULL;
  gint channel_id;

  g_object_get (channel, "monitors", &monitors, "channel-id", &channel_id, NULL);
  if (self->announced || self->cause != FLOE_END_NONE || monitors == NULL || monitors->len == 0)
    return;
  self->announced = TRUE;
  g_signal_emit (self, signals[SIGNAL_DISPLAY_READY], 0, (guint)channel_id,
                 g_array_index (monitors, SpiceDisplayMonitorConfig, 0).id);
}

static void
on_channel_new (SpiceSession *spice, SpiceChannel *channel, FloeSession *self)
{
  g_signal_connect_object (channel, "channel-event", G_CALLBACK (on_channel_event), self, 0);
  floe_policy_apply_to_channel (self->policy, channel);
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

  g_object_set (spice, "host", connection->host, "password",
                floe_secret_get (connection->ticket, NULL), NULL);
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
 * floe_session_new:
 * @connection: what the broker handed out; not needed afterwards
 * @tap: (nullable): where the reasons of failed certificate checks are heard
 *
 * Returns: (transfer full): a session that has not begun
 */
FloeSession *
floe_session_new (const FloeConnection *connection, FloeLogTap *tap)
{
  FloeSession *self = g_object_new (FLOE_TYPE_SESSION, NULL);

  self->spice = make_spice (connection);
  self->policy = floe_policy_copy (connection->policy);
  self->tap = tap != NULL ? floe_log_tap_ref (tap) : NULL;
  g_signal_connect_object (self->spice, "channel-new", G_CALLBACK (on_channel_new), self, 0);
  return self;
}

/**
 * floe_session_set_reduced_effects:
 * @self: a session that has not begun
 * @reduced: whether the guest is asked to leave out wallpaper and animations
 */
void
floe_session_set_reduced_effects (FloeSession *self, gboolean reduced)
{
  static const gchar *const left_out[] = { "wallpaper", "animation", NULL };

  g_return_if_fail (FLOE_IS_SESSION (self));

  g_object_set (self->spice, "disable-effects", reduced ? left_out : NULL, NULL);
}

/**
 * floe_session_set_limits:
 * @self: a session that has not begun
 * @open_ms: milliseconds from the start until the display's protocol is open
 * @picture_ms: milliseconds from there in which nothing may come before the first picture; as long
 *   as something does, four times that
 *
 * Both are 15 seconds by default.
 */
void
floe_session_set_limits (FloeSession *self, guint open_ms, guint picture_ms)
{
  g_return_if_fail (FLOE_IS_SESSION (self));

  self->open_ms = open_ms;
  self->picture_ms = picture_ms;
}

/**
 * floe_session_set_silence:
 * @self: a session that has not begun
 * @silence_ms: milliseconds without a word from the host that end it, once its picture is there
 */
void
floe_session_set_silence (FloeSession *self, guint silence_ms)
{
  g_return_if_fail (FLOE_IS_SESSION (self));

  self->silence_ms = silence_ms;
}

/**
 * floe_session_start:
 * @self: a session that has not begun
 *
 * Connects. Whatever comes of it is told by the signals.
 */
void
floe_session_start (FloeSession *self)
{
  g_return_if_fail (FLOE_IS_SESSION (self));
  g_return_if_fail (self->watchdog == 0 && self->state == FLOE_SESSION_CONNECTING);

  if (self->tap != NULL)
    floe_log_tap_clear (self->tap);
  set_watchdog (self, self->open_ms);
  if (!spice_session_connect (self->spice))
    end_because (self, FLOE_END_ADDRESS, "the display's address cannot be used");
}

/**
 * floe_session_end:
 * @self: a session
 *
 * Closes every channel; "ended" follows with %FLOE_END_ASKED, unless it had ended already.
 */
void
floe_session_end (FloeSession *self)
{
  g_return_if_fail (FLOE_IS_SESSION (self));

  end_because (self, FLOE_END_ASKED, NULL);
}

FloeSessionState
floe_session_get_state (FloeSession *self)
{
  g_return_val_if_fail (FLOE_IS_SESSION (self), FLOE_SESSION_ENDED);

  return self->state;
}

/**
 * floe_session_get_cause:
 * @self: a session
 *
 * Returns: why it ended or is about to, or %FLOE_END_NONE
 */
FloeEndCause
floe_session_get_cause (FloeSession *self)
{
  g_return_val_if_fail (FLOE_IS_SESSION (self), FLOE_END_NONE);

  return self->cause;
}

/**
 * floe_session_get_spice:
 * @self: a session
 *
 * Returns: (transfer none): the library's session, for a display widget
 */
SpiceSession *
floe_session_get_spice (FloeSession *self)
{
  g_return_val_if_fail (FLOE_IS_SESSION (self), NULL);

  return self->spice;
}

/**
 * floe_session_get_policy:
 * @self: a session
 *
 * Returns: (transfer none): what may go between the desktop and this computer
 */
const FloePolicy *
floe_session_get_policy (FloeSession *self)
{
  g_return_val_if_fail (FLOE_IS_SESSION (self), NULL);

  return self->policy;
}

static void
floe_session_dispose (GObject *object)
{
  FloeSession *self = FLOE_SESSION (object);

  g_clear_handle_id (&self->watchdog, g_source_remove);
  g_clear_handle_id (&self->ending, g_source_remove);
  g_clear_pointer (&self->pulse, floe_pulse_free);
  if (self->spice != NULL && self->cause == FLOE_END_NONE)
    {
      self->cause = FLOE_END_ASKED;
      disconnect_later (self->spice);
    }
  g_clear_object (&self->spice);
  G_OBJECT_CLASS (floe_session_parent_class)->dispose (object);
}

static void
floe_session_finalize (GObject *object)
{
  FloeSession *self = FLOE_SESSION (object);

  g_clear_pointer (&self->tap, floe_log_tap_unref);
  g_clear_pointer (&self->policy, floe_policy_free);
  g_free (self->detail);
  G_OBJECT_CLASS (floe_session_parent_class)->finalize (object);
}

static void
floe_session_class_init (FloeSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = floe_session_dispose;
  object_class->finalize = floe_session_finalize;

  signals[SIGNAL_STATE_CHANGED] = g_signal_new (
      "state-changed", FLOE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_DISPLAY_READY] =
      g_signal_new ("display-ready", FLOE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", FLOE_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);
}

static void
floe_session_init (FloeSession *self)
{
  self->open_ms = OPEN_LIMIT_MS;
  self->picture_ms = FLOE_SESSION_PICTURE_MS;
  self->silence_ms = SILENCE_LIMIT_MS;
}
