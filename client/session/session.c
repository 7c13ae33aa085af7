/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/session-impl.h"

/* A server that accepts and then says nothing is never given up by spice-gtk itself. */
#define OPEN_LIMIT_MS 15000

/* A picture that is on its way over a slow line is waited for so many times as long as one that is
 * not: asked for again, it would begin anew. */
#define SLOW_LINE 4

/* A host pings at least this often. */
#define SILENCE_LIMIT_MS 20000

typedef struct
{
  FloePolicy *policy;
  guint open_ms;
  guint picture_ms;
  guint silence_ms;

  FloeSessionState state;
  FloeEndCause cause;
  gchar *detail;
  gboolean announced;
  guint watchdog;
  guint ending;
} FloeSessionPrivate;

enum
{
  SIGNAL_STATE_CHANGED,
  SIGNAL_DISPLAY_READY,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (FloeSession, floe_session, G_TYPE_OBJECT)

#define PRIVATE(self) ((FloeSessionPrivate *)floe_session_get_instance_private (self))

static gboolean
on_ending (gpointer data)
{
  FloeSession *self = g_object_ref (FLOE_SESSION (data));

  PRIVATE (self)->ending = 0;
  floe_session_advance (self, FLOE_SESSION_ENDED);
  g_object_unref (self);
  return G_SOURCE_REMOVE;
}

/**
 * floe_session_fail:
 * @self: a session
 * @cause: why it ends
 * @detail: (nullable): in the library's words, English
 *
 * The first cause counts: a broken connection is reported several times, and our own close is, too.
 * What follows happens from the main loop, since this may be called in the middle of the library's
 * own events.
 */
void
floe_session_fail (FloeSession *self, FloeEndCause cause, const gchar *detail)
{
  FloeSessionPrivate *priv = PRIVATE (self);

  if (priv->cause != FLOE_END_NONE)
    return;
  priv->cause = cause;
  priv->detail = g_strdup (detail != NULL ? detail : "");
  g_clear_handle_id (&priv->watchdog, g_source_remove);
  FLOE_SESSION_GET_CLASS (self)->close (self);
  priv->ending = g_idle_add (on_ending, self);
}

static gboolean
on_watchdog (gpointer data)
{
  FloeSession *self = data;

  PRIVATE (self)->watchdog = 0;
  if (PRIVATE (self)->state == FLOE_SESSION_CONNECTING)
    floe_session_fail (self, FLOE_END_NO_ANSWER, "the display's host does not speak");
  else
    floe_session_fail (self, FLOE_END_NO_PICTURE, "no picture came in all this time");
  return G_SOURCE_REMOVE;
}

static void
set_watchdog (FloeSession *self, guint delay_ms)
{
  FloeSessionPrivate *priv = PRIVATE (self);

  g_clear_handle_id (&priv->watchdog, g_source_remove);
  if (delay_ms > 0)
    priv->watchdog = g_timeout_add (delay_ms, on_watchdog, self);
}

/* watch: whether it is noticed that the host has fallen silent */
static gboolean
watch (FloeSession *self, guint silence_ms)
{
  FloeSessionClass *klass = FLOE_SESSION_GET_CLASS (self);

  if (klass->watch != NULL)
    klass->watch (self, silence_ms);
  return klass->watch != NULL;
}

/**
 * floe_session_fall_silent:
 * @self: a session
 *
 * Nothing came from the host for as long as its class was told.
 */
void
floe_session_fall_silent (FloeSession *self)
{
  if (PRIVATE (self)->state == FLOE_SESSION_OPEN)
    floe_session_fail (self, FLOE_END_NO_PICTURE, "no picture came");
  else
    floe_session_fail (self, FLOE_END_NETWORK, "nothing came from the host for too long");
}

static void
set_guards (FloeSession *self)
{
  FloeSessionPrivate *priv = PRIVATE (self);
  guint patience = 0;

  if (priv->state == FLOE_SESSION_OPEN)
    patience = watch (self, priv->picture_ms) ? SLOW_LINE * priv->picture_ms : priv->picture_ms;
  else if (priv->state == FLOE_SESSION_PICTURE)
    watch (self, priv->silence_ms);
  set_watchdog (self, patience);
}

/**
 * floe_session_advance:
 * @self: a session
 * @state: what it has come to
 *
 * The one place that moves the state, and only ever forward.
 */
void
floe_session_advance (FloeSession *self, FloeSessionState state)
{
  FloeSessionPrivate *priv = PRIVATE (self);

  if (state <= priv->state || (priv->cause != FLOE_END_NONE && state != FLOE_SESSION_ENDED))
    return;
  priv->state = state;
  g_object_ref (self);
  set_guards (self);
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
  if (state == FLOE_SESSION_ENDED)
    g_signal_emit (self, signals[SIGNAL_ENDED], 0, priv->cause, priv->detail);
  g_object_unref (self);
}

/**
 * floe_session_announce:
 * @self: a session
 * @channel_id: the display channel
 * @monitor_id: its first monitor
 *
 * A widget may be made for the display now; told once.
 */
void
floe_session_announce (FloeSession *self, guint channel_id, guint monitor_id)
{
  FloeSessionPrivate *priv = PRIVATE (self);

  if (priv->announced || priv->cause != FLOE_END_NONE)
    return;
  priv->announced = TRUE;
  g_signal_emit (self, signals[SIGNAL_DISPLAY_READY], 0, channel_id, monitor_id);
}

/**
 * floe_session_set_policy:
 * @self: a session that has not begun
 * @policy: what may go between the desktop and this computer
 */
void
floe_session_set_policy (FloeSession *self, const FloePolicy *policy)
{
  g_clear_pointer (&PRIVATE (self)->policy, floe_policy_free);
  PRIVATE (self)->policy = floe_policy_copy (policy);
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

  PRIVATE (self)->open_ms = open_ms;
  PRIVATE (self)->picture_ms = picture_ms;
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

  PRIVATE (self)->silence_ms = silence_ms;
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
  FloeSessionPrivate *priv = PRIVATE (self);

  g_return_if_fail (FLOE_IS_SESSION (self));
  g_return_if_fail (priv->watchdog == 0 && priv->state == FLOE_SESSION_CONNECTING);

  set_watchdog (self, priv->open_ms);
  FLOE_SESSION_GET_CLASS (self)->open (self);
}

/**
 * floe_session_end:
 * @self: a session
 *
 * Closes it; "ended" follows with %FLOE_END_ASKED, unless it had ended already.
 */
void
floe_session_end (FloeSession *self)
{
  g_return_if_fail (FLOE_IS_SESSION (self));

  floe_session_fail (self, FLOE_END_ASKED, NULL);
}

FloeSessionState
floe_session_get_state (FloeSession *self)
{
  g_return_val_if_fail (FLOE_IS_SESSION (self), FLOE_SESSION_ENDED);

  return PRIVATE (self)->state;
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

  return PRIVATE (self)->cause;
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

  return PRIVATE (self)->policy;
}

/**
 * floe_session_measure:
 * @self: a session
 * @sample: (out): what its connections know of the network now
 */
void
floe_session_measure (FloeSession *self, FloeQualitySample *sample)
{
  g_return_if_fail (FLOE_IS_SESSION (self));

  *sample = (FloeQualitySample){ .at = g_get_monotonic_time () };
  if (FLOE_SESSION_GET_CLASS (self)->measure != NULL)
    FLOE_SESSION_GET_CLASS (self)->measure (self, sample);
}

/* For somebody else's eyes and hands. */

static gboolean
has_picture (FloeSession *self)
{
  return PRIVATE (self)->state == FLOE_SESSION_PICTURE && PRIVATE (self)->cause == FLOE_END_NONE;
}

/**
 * floe_session_capture:
 * @self: a session
 *
 * Returns: (transfer full) (nullable): what is seen on the first screen; %NULL while that cannot be
 *   told
 */
GdkPixbuf *
floe_session_capture (FloeSession *self)
{
  FloeSessionClass *klass = FLOE_SESSION_GET_CLASS (self);

  return has_picture (self) && klass->capture != NULL ? klass->capture (self) : NULL;
}

/**
 * floe_session_press_key:
 * @self: a session
 * @code: see #FloeSessionClass
 * @down: pressed, or released
 */
void
floe_session_press_key (FloeSession *self, guint code, gboolean down)
{
  FloeSessionClass *klass = FLOE_SESSION_GET_CLASS (self);

  if (has_picture (self) && klass->press_key != NULL)
    klass->press_key (self, code, down);
}

void
floe_session_move_pointer (FloeSession *self, gint x, gint y, guint buttons)
{
  FloeSessionClass *klass = FLOE_SESSION_GET_CLASS (self);

  if (has_picture (self) && klass->move_pointer != NULL)
    klass->move_pointer (self, x, y, buttons);
}

/**
 * floe_session_press_button:
 * @buttons: those that are down afterwards
 */
void
floe_session_press_button (FloeSession *self, guint button, gboolean down, guint buttons)
{
  FloeSessionClass *klass = FLOE_SESSION_GET_CLASS (self);

  if (has_picture (self) && klass->press_button != NULL)
    klass->press_button (self, button, down, buttons);
}

static void
floe_session_dispose (GObject *object)
{
  FloeSession *self = FLOE_SESSION (object);
  FloeSessionPrivate *priv = PRIVATE (self);

  g_clear_handle_id (&priv->watchdog, g_source_remove);
  g_clear_handle_id (&priv->ending, g_source_remove);
  if (priv->cause == FLOE_END_NONE)
    {
      priv->cause = FLOE_END_ASKED;
      FLOE_SESSION_GET_CLASS (self)->close (self);
    }
  G_OBJECT_CLASS (floe_session_parent_class)->dispose (object);
}

static void
floe_session_finalize (GObject *object)
{
  FloeSessionPrivate *priv = PRIVATE (FLOE_SESSION (object));

  g_clear_pointer (&priv->policy, floe_policy_free);
  g_free (priv->detail);
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
  FloeSessionPrivate *priv = PRIVATE (self);

  priv->open_ms = OPEN_LIMIT_MS;
  priv->picture_ms = FLOE_SESSION_PICTURE_MS;
  priv->silence_ms = SILENCE_LIMIT_MS;
}
