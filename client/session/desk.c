/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/desk-private.h"

#include "session/spice-session.h"

/* A picture that lasted this long ends the count of failures before it. */
#define STABLE_MS 30000

enum
{
  SIGNAL_CHANGED,
  SIGNAL_DISPLAY_READY,
  SIGNAL_NEWS,
  SIGNAL_REFUSED,
  SIGNAL_MESSAGE,
  SIGNAL_SHADOW,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeDesk, floe_desk, G_TYPE_OBJECT)

/* States. */

void
floe_desk_drop_watch (FloeDesk *self, FloeEventWatch **watch)
{
  if (*watch == NULL)
    return;
  g_signal_handlers_disconnect_by_data (*watch, self);
  floe_event_watch_stop (*watch);
  g_clear_object (watch);
}

void
floe_desk_drop_session (FloeDesk *self)
{
  if (self->session == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->session, self);
  floe_session_end (self->session);
  g_clear_object (&self->session);
}

/* Whatever is under way belongs to one state: the next begins with nothing running but the SPICE
 * session and the desktops' event stream. */
static void
drop_work (FloeDesk *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->hung, g_source_remove);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->heartbeat, floe_heartbeat_free);
  floe_desk_drop_watch (self, &self->request_watch);
}

static gboolean
on_timer (gpointer data)
{
  FloeDesk *self = data;

  self->timer = 0;
  self->after (self);
  return G_SOURCE_REMOVE;
}

static void
set_timer (FloeDesk *self, guint delay_ms, FloeDeskStep after)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->after = after;
  self->timer = g_timeout_add ((guint)((guint64)delay_ms * self->second_ms / 1000), on_timer, self);
}

static void
forget_failures (FloeDesk *self)
{
  floe_resume_reset (&self->resume);
}

static void
begin_showing (FloeDesk *self)
{
  gint64 took = (g_get_monotonic_time () - self->opened_at) / G_TIME_SPAN_MILLISECOND;
  guint picture_ms = self->was_showing ? 0 : (guint)CLAMP (took, 1, G_MAXINT);

  self->was_showing = TRUE;
  floe_resume_begin_picture (&self->resume);
  /* A stream that is open already does not say again how things stand: what comes next is new. */
  if (self->desktop_watch != NULL && self->news != NULL)
    floe_resume_note (&self->resume, self->news);
  g_clear_pointer (&self->news, floe_desktop_free);
  set_timer (self, STABLE_MS, forget_failures);
  self->heartbeat = floe_heartbeat_new (self->broker, self->desktop_id, self->session, picture_ms,
                                        self->second_ms);
  floe_desk_watch_desktops (self);
}

/* The one place that moves the state. A stopped desk stays stopped. */
void
floe_desk_enter (FloeDesk *self, FloeDeskState state)
{
  if (self->state == FLOE_DESK_STOPPED)
    return;
  drop_work (self);
  self->state = state;
  if (state != FLOE_DESK_QUEUED)
    g_clear_pointer (&self->request, floe_connect_request_free);
  if (state == FLOE_DESK_SHOWING)
    begin_showing (self);
  else
    floe_desk_drop_shadow (self);
  if (state == FLOE_DESK_STOPPED)
    {
      g_cancellable_cancel (self->acting);
      floe_desk_drop_watch (self, &self->desktop_watch);
      floe_desk_drop_session (self);
    }
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
floe_desk_stop_with_error (FloeDesk *self, const GError *error)
{
  g_clear_error (&self->stop.error);
  self->stop.error = g_error_copy (error);
  floe_desk_enter (self, FLOE_DESK_STOPPED);
}

void
floe_desk_stop_with_desktop (FloeDesk *self, const FloeDesktop *desktop)
{
  g_clear_pointer (&self->stop.desktop, floe_desktop_free);
  self->stop.desktop = floe_desktop_copy (desktop);
  floe_desk_enter (self, FLOE_DESK_STOPPED);
}

void
floe_desk_enter_then (FloeDesk *self, FloeDeskState state, guint delay_ms, FloeDeskStep after)
{
  floe_desk_enter (self, state);
  if (self->state == state)
    set_timer (self, delay_ms, after);
}

GCancellable *
floe_desk_begin_call (FloeDesk *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  floe_desk_limit_call (self);
  return self->cancellable;
}

/**
 * floe_desk_new:
 * @broker: where the person is logged in
 * @pool: the pool that they want a desktop of
 * @tap: (nullable): see #FloeSessionMaker
 *
 * Returns: (transfer full): a desk that has not begun
 */
FloeDesk *
floe_desk_new (FloeBroker *broker, const gchar *pool, FloeLogTap *tap)
{
  FloeDesk *self = g_object_new (FLOE_TYPE_DESK, NULL);

  self->broker = g_object_ref (broker);
  self->pool = g_strdup (pool);
  self->title = g_strdup (pool);
  self->tap = tap != NULL ? floe_log_tap_ref (tap) : NULL;
  return self;
}

/**
 * floe_desk_set_wish:
 * @self: a desk that has not begun
 * @wish: which of several desktops of the pool is meant
 */
void
floe_desk_set_wish (FloeDesk *self, const FloeConnectWish *wish)
{
  g_return_if_fail (FLOE_IS_DESK (self));

  self->another = wish->another;
  g_free (self->target);
  self->target = g_strdup (wish->desktop_id);
}

/**
 * floe_desk_set_reduced_effects:
 * @self: a desk that has not begun
 * @reduced: see floe_session_set_reduced_effects()
 */
void
floe_desk_set_reduced_effects (FloeDesk *self, gboolean reduced)
{
  g_return_if_fail (FLOE_IS_DESK (self));

  self->reduced_effects = reduced;
}

/**
 * floe_desk_set_maker:
 * @self: a desk that has not begun
 * @maker: what makes its sessions, in place of floe_spice_session_new()
 */
void
floe_desk_set_maker (FloeDesk *self, FloeSessionMaker maker)
{
  g_return_if_fail (FLOE_IS_DESK (self));

  self->maker = maker;
}

/**
 * floe_desk_set_second:
 * @self: a desk that has not begun
 * @second_ms: how long a second of its waiting lasts, for tests
 */
void
floe_desk_set_second (FloeDesk *self, guint second_ms)
{
  g_return_if_fail (FLOE_IS_DESK (self));

  self->second_ms = second_ms;
}

void
floe_desk_start (FloeDesk *self)
{
  g_return_if_fail (FLOE_IS_DESK (self));

  floe_desk_heed_network (self);
  floe_desk_ask_for_desktop (self);
}

/**
 * floe_desk_retry_now:
 * @self: a desk
 *
 * Does at once what the desk would do after a while.
 */
void
floe_desk_retry_now (FloeDesk *self)
{
  g_return_if_fail (FLOE_IS_DESK (self));

  if (self->timer == 0 || (self->state != FLOE_DESK_PAUSED && self->state != FLOE_DESK_ASKING_WHY))
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  self->after (self);
}

/**
 * floe_desk_stop:
 * @self: a desk
 *
 * Leaves the desktop, which stays the person's; or gives up what is under way.
 */
void
floe_desk_stop (FloeDesk *self)
{
  g_return_if_fail (FLOE_IS_DESK (self));

  if (self->state == FLOE_DESK_STOPPED)
    return;
  /* Whoever is behind us in line need not wait until the broker finds out. */
  if (self->request != NULL && self->request->state == FLOE_REQUEST_STATE_QUEUED)
    floe_broker_leave_request_async (self->broker, self->request->id, NULL, NULL, NULL);
  self->stop.cause = FLOE_END_ASKED;
  floe_desk_enter (self, FLOE_DESK_STOPPED);
}

FloeDeskState
floe_desk_get_state (FloeDesk *self)
{
  g_return_val_if_fail (FLOE_IS_DESK (self), FLOE_DESK_STOPPED);

  return self->state;
}

/**
 * floe_desk_was_showing:
 * @self: a desk
 *
 * Returns: %TRUE if the guest's picture was there before, so that what goes on now is a return
 */
gboolean
floe_desk_was_showing (FloeDesk *self)
{
  g_return_val_if_fail (FLOE_IS_DESK (self), FALSE);

  return self->was_showing;
}

const gchar *
floe_desk_get_pool (FloeDesk *self)
{
  g_return_val_if_fail (FLOE_IS_DESK (self), NULL);

  return self->pool;
}

/**
 * floe_desk_get_title:
 * @self: a desk
 *
 * Returns: (transfer none): for the window; the pool's name until the desktop is known
 */
const gchar *
floe_desk_get_title (FloeDesk *self)
{
  g_return_val_if_fail (FLOE_IS_DESK (self), NULL);

  return self->title;
}

/**
 * floe_desk_get_host_name:
 * @self: a desk
 *
 * Returns: (transfer none) (nullable): the host that the desktop runs on, where the broker says so
 */
const gchar *
floe_desk_get_host_name (FloeDesk *self)
{
  g_return_val_if_fail (FLOE_IS_DESK (self), NULL);

  return self->host_name;
}

gboolean
floe_desk_keeps_data (FloeDesk *self)
{
  g_return_val_if_fail (FLOE_IS_DESK (self), TRUE);

  return self->keeps_data;
}

/**
 * floe_desk_get_attempt:
 * @self: a desk
 *
 * Returns: how often it has tried to come back since the picture was last stable
 */
guint
floe_desk_get_attempt (FloeDesk *self)
{
  g_return_val_if_fail (FLOE_IS_DESK (self), 0);

  return self->resume.attempt;
}

/**
 * floe_desk_get_request:
 * @self: a desk
 *
 * Returns: (transfer none) (nullable): how far a queued desk has come, once it is known
 */
const FloeConnectRequest *
floe_desk_get_request (FloeDesk *self)
{
  g_return_val_if_fail (FLOE_IS_DESK (self), NULL);

  return self->request;
}

const FloeStop *
floe_desk_get_stop (FloeDesk *self)
{
  g_return_val_if_fail (FLOE_IS_DESK (self), NULL);

  return &self->stop;
}

/**
 * floe_desk_get_news:
 * @self: a desk
 *
 * Returns: (transfer none) (nullable): what the broker said last of the desktop since its picture
 *   came
 */
const FloeDesktop *
floe_desk_get_news (FloeDesk *self)
{
  g_return_val_if_fail (FLOE_IS_DESK (self), NULL);

  return self->news;
}

/**
 * floe_desk_note_input:
 * @self: a desk
 *
 * Somebody pressed a key or moved the pointer there.
 */
void
floe_desk_note_input (FloeDesk *self)
{
  g_return_if_fail (FLOE_IS_DESK (self));

  if (self->heartbeat != NULL)
    floe_heartbeat_note_input (self->heartbeat);
}

void
floe_desk_tell_news (FloeDesk *self)
{
  g_signal_emit (self, signals[SIGNAL_NEWS], 0);
}

void
floe_desk_tell_message (FloeDesk *self, const FloeMessage *message)
{
  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
}

/**
 * floe_desk_get_session:
 * @self: a desk
 *
 * Returns: (transfer none) (nullable): the session, while there is one
 */
FloeSession *
floe_desk_get_session (FloeDesk *self)
{
  g_return_val_if_fail (FLOE_IS_DESK (self), NULL);

  return self->session;
}

static void
floe_desk_dispose (GObject *object)
{
  FloeDesk *self = FLOE_DESK (object);

  self->state = FLOE_DESK_STOPPED;
  drop_work (self);
  g_clear_handle_id (&self->network_settles, g_source_remove);
  floe_desk_drop_shadow (self);
  floe_desk_drop_watch (self, &self->desktop_watch);
  floe_desk_drop_session (self);
  g_clear_object (&self->broker);
  G_OBJECT_CLASS (floe_desk_parent_class)->dispose (object);
}

static void
floe_desk_finalize (GObject *object)
{
  FloeDesk *self = FLOE_DESK (object);

  g_clear_pointer (&self->tap, floe_log_tap_unref);
  g_clear_pointer (&self->request, floe_connect_request_free);
  g_clear_pointer (&self->news, floe_desktop_free);
  g_clear_pointer (&self->shadow, floe_shadow_free);
  g_free (self->shadow_allowed);
  g_clear_pointer (&self->stop.desktop, floe_desktop_free);
  g_clear_pointer (&self->reconnect_token, floe_secret_unref);
  g_clear_error (&self->stop.error);
  g_free (self->stop.detail);
  g_strfreev (self->actions);
  g_free (self->target);
  g_free (self->pool);
  g_free (self->title);
  g_free (self->host_name);
  g_free (self->desktop_id);
  G_OBJECT_CLASS (floe_desk_parent_class)->finalize (object);
}

void
floe_desk_class_init (FloeDeskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = floe_desk_dispose;
  object_class->finalize = floe_desk_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FLOE_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_NEWS] =
      g_signal_new ("news", FLOE_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REFUSED] = g_signal_new ("refused", FLOE_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_MESSAGE] = g_signal_new ("message", FLOE_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, FLOE_TYPE_MESSAGE);
  signals[SIGNAL_SHADOW] = g_signal_new ("shadow", FLOE_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_DISPLAY_READY] =
      g_signal_new ("display-ready", FLOE_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, FLOE_TYPE_SESSION, G_TYPE_UINT, G_TYPE_UINT);
}

void
floe_desk_init (FloeDesk *self)
{
  self->second_ms = 1000;
  self->maker = floe_spice_session_new;
  self->keeps_data = TRUE;
}
