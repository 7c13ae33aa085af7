/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/desk.h"

#include "api/error.h"
#include "api/watch.h"
#include "session/resume.h"

/* The host closes the display before its manager has told the broker why. */
#define SETTLE_MS 500

/* So often a broker that has nothing to say about an end is asked again before it is taken for an
 * accident: a guest that was just shut down must not be started anew by mistake. */
#define MAX_UNEXPLAINED 2

/* A picture that lasted this long ends the count of failures before it. */
#define STABLE_MS 30000

/* More answers of "ready, connect again" than this in a row are taken for a fault. */
#define MAX_READY_ROUNDS 3

typedef void (*FloeDeskStep) (FloeDesk *self);

struct _FloeDesk
{
  GObject parent_instance;

  FloeBroker *broker;
  FloeLogTap *tap;
  gchar *pool;
  guint second_ms;

  FloeDeskState state;
  FloeStop stop;
  gboolean was_showing;

  /* what is under way in this state */
  GCancellable *cancellable;
  guint timer;
  FloeDeskStep after;
  FloeEventWatch *request_watch;
  FloeConnectRequest *request;

  /* what the broker told with the last connection */
  gchar *title;
  gchar *desktop_id;
  FloeSecret *reconnect_token;
  gboolean keeps_data;

  FloeSession *session;
  FloeEventWatch *desktop_watch;
  FloeDesktop *news; /* what the event stream said last about our desktop */
  gint64 old_end_at; /* the end that was known when the picture came; -1 before any news */

  FloeResume resume;
  guint unexplained;
  guint ready_rounds;
  gboolean renewed; /* the token, since the broker last took it */
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_DISPLAY_READY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeDesk, floe_desk, G_TYPE_OBJECT)

static void ask_for_desktop (FloeDesk *self);
static void ask_why (FloeDesk *self);
static void watch_desktops (FloeDesk *self);

/* States. */

static void
drop_watch (FloeDesk *self, FloeEventWatch **watch)
{
  if (*watch == NULL)
    return;
  g_signal_handlers_disconnect_by_data (*watch, self);
  floe_event_watch_stop (*watch);
  g_clear_object (watch);
}

static void
drop_session (FloeDesk *self)
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
  g_clear_handle_id (&self->timer, g_source_remove);
  drop_watch (self, &self->request_watch);
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
  self->was_showing = TRUE;
  self->unexplained = 0;
  self->old_end_at = -1;
  g_clear_pointer (&self->news, floe_desktop_free);
  set_timer (self, STABLE_MS, forget_failures);
  watch_desktops (self);
}

/* The one place that moves the state. A stopped desk stays stopped. */
static void
enter (FloeDesk *self, FloeDeskState state)
{
  if (self->state == FLOE_DESK_STOPPED)
    return;
  drop_work (self);
  self->state = state;
  if (state != FLOE_DESK_QUEUED)
    g_clear_pointer (&self->request, floe_connect_request_free);
  if (state == FLOE_DESK_SHOWING)
    begin_showing (self);
  if (state == FLOE_DESK_STOPPED)
    {
      drop_watch (self, &self->desktop_watch);
      drop_session (self);
    }
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
stop_with_error (FloeDesk *self, const GError *error)
{
  g_clear_error (&self->stop.error);
  self->stop.error = g_error_copy (error);
  enter (self, FLOE_DESK_STOPPED);
}

static void
stop_with_desktop (FloeDesk *self, const FloeDesktop *desktop)
{
  g_clear_pointer (&self->stop.desktop, floe_desktop_free);
  self->stop.desktop = floe_desktop_copy (desktop);
  enter (self, FLOE_DESK_STOPPED);
}

static void
pause_then (FloeDesk *self, guint delay_ms, FloeDeskStep after)
{
  enter (self, FLOE_DESK_PAUSED);
  if (self->state == FLOE_DESK_PAUSED)
    set_timer (self, delay_ms, after);
}

static GCancellable *
begin_call (FloeDesk *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  return self->cancellable;
}

/* Failures of the broker. */

static void
try_later (FloeDesk *self, const GError *error, FloeDeskStep again)
{
  FloeResumeStep step = floe_resume_after_silence (&self->resume, g_random_double ());
  guint asked_for = floe_client_error_retry_after (error);

  if (step.action == FLOE_RESUME_STOP)
    stop_with_error (self, error);
  else
    pause_then (self, MAX (step.delay_ms, MIN (asked_for, 60) * 1000), again);
}

static void
on_renewed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeDesk) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeLogin) login = floe_broker_reconnect_finish (FLOE_BROKER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (login != NULL)
    self->after (self);
  else if (self->state == FLOE_DESK_SHOWING)
    g_info ("the log-in could not be renewed, the session goes on: %s", error->message);
  else if (self->was_showing && floe_client_error_is_passing (error))
    {
      self->renewed = FALSE;
      try_later (self, error, self->after);
    }
  else
    stop_with_error (self, error);
}

/* The log-in may run out in a long session; its terminal holds a right to come back. */
static gboolean
renew_then (FloeDesk *self, FloeDeskStep again)
{
  if (self->reconnect_token == NULL || self->renewed)
    return FALSE;
  self->renewed = TRUE;
  g_clear_handle_id (&self->timer, g_source_remove);
  self->after = again;
  floe_broker_reconnect_async (self->broker, self->reconnect_token, begin_call (self), on_renewed,
                               g_object_ref (self));
  return TRUE;
}

static void
handle_refusal (FloeDesk *self, const GError *error, FloeDeskStep again)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (floe_client_error_is_log_in (error) && renew_then (self, again))
    return;
  if (g_error_matches (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_BUSY)
      || (self->was_showing && floe_client_error_is_passing (error)))
    try_later (self, error, again);
  else
    stop_with_error (self, error);
}

/* The desktops' event stream. */

static void
on_desktop_news (FloeEventWatch *watch, FloeDesktop *desktop, FloeDesk *self)
{
  if (g_strcmp0 (desktop->id, self->desktop_id) != 0)
    return;
  self->renewed = FALSE;
  /* The first one only says how things stood when the picture came. */
  if (self->old_end_at < 0)
    self->old_end_at = desktop->end != NULL ? desktop->end->at : 0;
  g_clear_pointer (&self->news, floe_desktop_free);
  self->news = floe_desktop_copy (desktop);
}

static void
on_desktop_watch_failed (FloeEventWatch *watch, GError *error, FloeDesk *self)
{
  drop_watch (self, &self->desktop_watch);
  if (self->state == FLOE_DESK_SHOWING && floe_client_error_is_log_in (error)
      && renew_then (self, watch_desktops))
    return;
  g_info ("no news of the desktop from here on: %s", error->message);
}

static void
watch_desktops (FloeDesk *self)
{
  if (self->desktop_watch != NULL)
    return;
  self->desktop_watch = floe_event_watch_new_desktops (self->broker);
  g_signal_connect (self->desktop_watch, "desktop", G_CALLBACK (on_desktop_news), self);
  g_signal_connect (self->desktop_watch, "failed", G_CALLBACK (on_desktop_watch_failed), self);
  floe_event_watch_set_timing (self->desktop_watch, self->second_ms, 45);
  floe_event_watch_start (self->desktop_watch);
}

/* Why a session ended. */

static gboolean
is_fresh_end (FloeDesk *self, const FloeDesktop *desktop)
{
  return desktop->end != NULL && (self->old_end_at < 0 || desktop->end->at != self->old_end_at);
}

static gboolean
is_final (FloeDesk *self, const FloeDesktop *desktop)
{
  if (!desktop->can_reconnect)
    return TRUE;
  if (desktop->state == FLOE_DESKTOP_STATE_OFF || desktop->state == FLOE_DESKTOP_STATE_RESETTING)
    return TRUE;
  return is_fresh_end (self, desktop) && !floe_resume_is_welcome (desktop);
}

static void
on_why (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeDesk) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeDesktop) desktop =
      floe_broker_get_desktop_finish (FLOE_BROKER (source), result, &error);

  if (desktop == NULL)
    {
      handle_refusal (self, error, ask_why);
      return;
    }
  self->renewed = FALSE;
  if (is_final (self, desktop))
    stop_with_desktop (self, desktop);
  else if (!is_fresh_end (self, desktop) && ++self->unexplained < MAX_UNEXPLAINED)
    pause_then (self, 2 * SETTLE_MS, ask_why);
  else
    ask_for_desktop (self);
}

static void
ask_why (FloeDesk *self)
{
  floe_broker_get_desktop_async (self->broker, self->desktop_id, begin_call (self), on_why,
                                 g_object_ref (self));
}

/* The session. */

static void
on_session_state (FloeSession *session, FloeDesk *self)
{
  if (floe_session_get_state (session) == FLOE_SESSION_PICTURE)
    enter (self, FLOE_DESK_SHOWING);
}

static void
on_display_ready (FloeSession *session, guint channel_id, guint monitor_id, FloeDesk *self)
{
  g_signal_emit (self, signals[SIGNAL_DISPLAY_READY], 0, session, channel_id, monitor_id);
}

static void
on_session_ended (FloeSession *session, guint cause, const gchar *detail, FloeDesk *self)
{
  FloeResumeStep step;

  g_info ("the session ended: %s%s%s", floe_end_cause_to_string (cause), *detail ? ", " : "",
          detail);
  self->stop.cause = cause;
  g_free (self->stop.detail);
  self->stop.detail = g_strdup (detail);
  drop_session (self);
  if (self->news != NULL && is_fresh_end (self, self->news) && is_final (self, self->news))
    {
      stop_with_desktop (self, self->news);
      return;
    }
  step = floe_resume_after_end (&self->resume, cause, g_random_double ());
  if (step.action == FLOE_RESUME_STOP)
    enter (self, FLOE_DESK_STOPPED);
  else if (step.action == FLOE_RESUME_ASK)
    pause_then (self, MAX (step.delay_ms, SETTLE_MS), ask_why);
  else
    pause_then (self, step.delay_ms, ask_for_desktop);
}

static void
keep_terms (FloeDesk *self, const FloeConnection *connection)
{
  g_free (self->title);
  self->title = g_strdup (connection->title);
  g_free (self->desktop_id);
  self->desktop_id = g_strdup (connection->desktop_id);
  self->keeps_data = connection->keeps_data;
  if (connection->reconnect_token == NULL)
    return;
  g_clear_pointer (&self->reconnect_token, floe_secret_unref);
  self->reconnect_token = floe_secret_ref (connection->reconnect_token);
}

static void
open_session (FloeDesk *self, const FloeConnection *connection)
{
  keep_terms (self, connection);
  self->ready_rounds = 0;
  drop_session (self);
  self->session = floe_session_new (connection, self->tap);
  g_signal_connect (self->session, "state-changed", G_CALLBACK (on_session_state), self);
  g_signal_connect (self->session, "display-ready", G_CALLBACK (on_display_ready), self);
  g_signal_connect (self->session, "ended", G_CALLBACK (on_session_ended), self);
  enter (self, FLOE_DESK_OPENING);
  if (self->session != NULL)
    floe_session_start (self->session);
}

/* The desktop. */

static void
on_request (FloeEventWatch *watch, FloeConnectRequest *request, FloeDesk *self)
{
  self->renewed = FALSE;
  if (request->state == FLOE_REQUEST_STATE_FAILED)
    {
      stop_with_error (self, request->problem);
      return;
    }
  if (request->state == FLOE_REQUEST_STATE_READY)
    {
      if (++self->ready_rounds > MAX_READY_ROUNDS)
        pause_then (self, 5000, ask_for_desktop);
      else
        ask_for_desktop (self);
      return;
    }
  g_clear_pointer (&self->request, floe_connect_request_free);
  self->request = floe_connect_request_copy (request);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
on_request_watch_failed (FloeEventWatch *watch, GError *error, FloeDesk *self)
{
  /* A broker that was started anew need not know the request; asking again joins the line. */
  if (g_error_matches (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_NOT_FOUND))
    try_later (self, error, ask_for_desktop);
  else
    handle_refusal (self, error, ask_for_desktop);
}

static void
watch_request (FloeDesk *self, const FloeConnectRequest *request)
{
  enter (self, FLOE_DESK_QUEUED);
  if (self->state != FLOE_DESK_QUEUED)
    return;
  self->request_watch = floe_event_watch_new_request (self->broker, request->id);
  g_signal_connect (self->request_watch, "request", G_CALLBACK (on_request), self);
  g_signal_connect (self->request_watch, "failed", G_CALLBACK (on_request_watch_failed), self);
  floe_event_watch_set_timing (self->request_watch, self->second_ms, 45);
  floe_event_watch_start (self->request_watch);
}

static void
on_connect_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeDesk) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeConnectAnswer) answer =
      floe_broker_connect_finish (FLOE_BROKER (source), result, &error);

  if (answer == NULL)
    {
      handle_refusal (self, error, ask_for_desktop);
      return;
    }
  self->renewed = FALSE;
  if (answer->connection != NULL)
    open_session (self, answer->connection);
  else
    watch_request (self, answer->request);
}

static void
ask_for_desktop (FloeDesk *self)
{
  enter (self, FLOE_DESK_ASKING);
  if (self->state == FLOE_DESK_ASKING)
    floe_broker_connect_async (self->broker, self->pool, begin_call (self), on_connect_answer,
                               g_object_ref (self));
}

/**
 * floe_desk_new:
 * @broker: where the person is logged in
 * @pool: the pool that they want a desktop of
 * @tap: (nullable): see floe_session_new()
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

  ask_for_desktop (self);
}

/**
 * floe_desk_retry_now:
 * @self: a desk
 *
 * Does at once what a paused desk would do after a while.
 */
void
floe_desk_retry_now (FloeDesk *self)
{
  g_return_if_fail (FLOE_IS_DESK (self));

  if (self->state != FLOE_DESK_PAUSED || self->timer == 0)
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
  self->stop.cause = FLOE_END_ASKED;
  enter (self, FLOE_DESK_STOPPED);
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
 * floe_desk_get_session:
 * @self: a desk
 *
 * Returns: (transfer none) (nullable): the SPICE session, while there is one
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
  drop_watch (self, &self->desktop_watch);
  drop_session (self);
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
  g_clear_pointer (&self->stop.desktop, floe_desktop_free);
  g_clear_pointer (&self->reconnect_token, floe_secret_unref);
  g_clear_error (&self->stop.error);
  g_free (self->stop.detail);
  g_free (self->pool);
  g_free (self->title);
  g_free (self->desktop_id);
  G_OBJECT_CLASS (floe_desk_parent_class)->finalize (object);
}

static void
floe_desk_class_init (FloeDeskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = floe_desk_dispose;
  object_class->finalize = floe_desk_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FLOE_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_DISPLAY_READY] =
      g_signal_new ("display-ready", FLOE_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 3, FLOE_TYPE_SESSION, G_TYPE_UINT, G_TYPE_UINT);
}

static void
floe_desk_init (FloeDesk *self)
{
  self->second_ms = 1000;
  self->keeps_data = TRUE;
  self->old_end_at = -1;
}
