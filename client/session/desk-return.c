/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/desk-private.h"

#include "api/error.h"

/* A person waits, and the host closes the display before its manager has told the broker why. */
#define SETTLE_MS 500

/* A cable that is plugged in makes for several changes of the network within moments. */
#define NETWORK_SETTLES_MS 200

/* In milliseconds, whose second may be a short one. */
gint64
floe_desk_now (FloeDesk *self)
{
  return g_get_monotonic_time () / MAX (self->second_ms, 1);
}

/* Failures of the broker. */

void
floe_desk_try_later (FloeDesk *self, const GError *error, FloeDeskStep again)
{
  FloeResumeStep step =
      floe_resume_after_silence (&self->resume, floe_desk_now (self), g_random_double ());
  guint asked_for = floe_client_error_retry_after (error);

  if (step.action == FLOE_RESUME_STOP)
    floe_desk_stop_with_error (self, error);
  else
    floe_desk_enter_then (self, FLOE_DESK_PAUSED, MAX (step.delay_ms, MIN (asked_for, 60) * 1000),
                          again);
}

/* Dead networks do not say no. What is lost on one is sent again ever later, so that a new try may
 * come through long before the old one. */

static FloeDeskStep
step_of (FloeDesk *self)
{
  return self->state == FLOE_DESK_ASKING ? floe_desk_ask_for_desktop : floe_desk_ask_why;
}

static gboolean
on_hung (gpointer data)
{
  FloeDesk *self = data;
  g_autoptr (GError) error = floe_client_error_new (FLOE_CLIENT_ERROR_NETWORK, "timeout",
                                                    "the broker did not answer in time");

  self->hung = 0;
  self->renewed = FALSE; /* that may be what hung */
  floe_desk_try_later (self, error, step_of (self));
  return G_SOURCE_REMOVE;
}

void
floe_desk_limit_call (FloeDesk *self)
{
  g_clear_handle_id (&self->hung, g_source_remove);
  if (self->was_showing && self->state != FLOE_DESK_SHOWING)
    self->hung = g_timeout_add (floe_resume_get_patience (&self->resume, floe_desk_now (self)),
                                on_hung, self);
}

/* What waits for its turn is done now; what hangs on the network as it was is begun anew, and a
 * session that is only just being opened, too. */
static gboolean
on_network_settled (gpointer data)
{
  FloeDesk *self = data;
  gboolean hangs =
      self->was_showing && (self->state == FLOE_DESK_ASKING || self->state == FLOE_DESK_ASKING_WHY);

  self->network_settles = 0;
  if (self->exchanging)
    return G_SOURCE_REMOVE;
  if (self->timer != 0)
    floe_desk_retry_now (self);
  else if (self->was_showing && self->state == FLOE_DESK_OPENING)
    {
      floe_desk_drop_session (self);
      floe_desk_ask_for_desktop (self);
    }
  else if (hangs)
    {
      self->renewed = FALSE;
      step_of (self) (self);
    }
  return G_SOURCE_REMOVE;
}

static void
on_network_changed (GNetworkMonitor *monitor, gboolean available, FloeDesk *self)
{
  if (available && self->state != FLOE_DESK_STOPPED && self->network_settles == 0)
    self->network_settles = g_timeout_add (NETWORK_SETTLES_MS, on_network_settled, self);
}

void
floe_desk_heed_network (FloeDesk *self)
{
  g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                           G_CALLBACK (on_network_changed), self, 0);
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
      floe_desk_try_later (self, error, self->after);
    }
  else
    floe_desk_stop_with_error (self, error);
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
  floe_broker_reconnect_async (self->broker, self->reconnect_token, floe_desk_begin_call (self),
                               on_renewed, g_object_ref (self));
  return TRUE;
}

void
floe_desk_handle_refusal (FloeDesk *self, const GError *error, FloeDeskStep again)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (floe_client_error_is_log_in (error) && renew_then (self, again))
    return;
  if (g_error_matches (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_BUSY)
      || (self->was_showing && floe_client_error_is_passing (error)))
    floe_desk_try_later (self, error, again);
  else
    floe_desk_stop_with_error (self, error);
}

/* Why a session ended. */

static void
judge (FloeDesk *self, const FloeDesktop *desktop)
{
  FloeResumeStep step = floe_resume_after_answer (&self->resume, desktop, floe_desk_now (self));

  if (step.action == FLOE_RESUME_STOP)
    floe_desk_stop_with_desktop (self, desktop);
  else if (step.action == FLOE_RESUME_ASK)
    floe_desk_enter_then (self, FLOE_DESK_ASKING_WHY, step.delay_ms, floe_desk_ask_why);
  else
    floe_desk_ask_for_desktop (self);
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
      floe_desk_handle_refusal (self, error, floe_desk_ask_why);
      return;
    }
  self->renewed = FALSE;
  judge (self, desktop);
}

void
floe_desk_ask_why (FloeDesk *self)
{
  floe_desk_enter (self, FLOE_DESK_ASKING_WHY);
  if (self->state == FLOE_DESK_ASKING_WHY)
    floe_broker_get_desktop_async (self->broker, self->desktop_id, floe_desk_begin_call (self),
                                   on_why, g_object_ref (self));
}

/**
 * floe_desk_handle_end:
 * @self: a desk
 * @cause: how its session ended
 * @detail: the library's words
 *
 * Takes the session away and goes on as #FloeResume and the broker have it.
 */
void
floe_desk_handle_end (FloeDesk *self, FloeEndCause cause, const gchar *detail)
{
  gboolean in_use = cause == FLOE_END_CLOSED || cause == FLOE_END_NETWORK;
  FloeResumeStep step;

  g_info ("the session ended: %s%s%s", floe_end_cause_to_string (cause), *detail ? ", " : "",
          detail);
  self->stop.cause = cause;
  g_free (self->stop.detail);
  self->stop.detail = g_strdup (detail);
  floe_desk_drop_session (self);
  if (floe_desk_waits_for_exchange (self))
    return;
  if (self->news != NULL && floe_resume_is_over (&self->resume, self->news))
    {
      floe_desk_stop_with_desktop (self, self->news);
      return;
    }
  step = floe_resume_after_end (&self->resume, cause, floe_desk_now (self), g_random_double ());
  if (step.action == FLOE_RESUME_STOP)
    floe_desk_enter (self, FLOE_DESK_STOPPED);
  else if (step.action == FLOE_RESUME_ASK)
    floe_desk_enter_then (self, FLOE_DESK_ASKING_WHY,
                          in_use ? MAX (step.delay_ms, SETTLE_MS) : step.delay_ms,
                          floe_desk_ask_why);
  else
    floe_desk_enter_then (self, FLOE_DESK_PAUSED, step.delay_ms, floe_desk_ask_for_desktop);
}

/* The desktops' event stream. */

static gboolean
wants_reason (FloeDesk *self)
{
  return self->state == FLOE_DESK_ASKING_WHY
         || (self->state == FLOE_DESK_PAUSED && self->after == floe_desk_ask_why);
}

static void
on_desktop_news (FloeEventWatch *watch, FloeDesktop *desktop, FloeDesk *self)
{
  if (g_strcmp0 (desktop->id, self->desktop_id) != 0)
    return;
  self->renewed = FALSE;
  if (self->state == FLOE_DESK_SHOWING)
    floe_resume_note (&self->resume, desktop);
  g_clear_pointer (&self->news, floe_desktop_free);
  self->news = floe_desktop_copy (desktop);
  if (self->state == FLOE_DESK_SHOWING)
    floe_desk_tell_news (self);
  else if (wants_reason (self) && floe_resume_explains (&self->resume, desktop))
    judge (self, self->news);
}

static void
on_message (FloeEventWatch *watch, FloeMessage *message, FloeDesk *self)
{
  if (g_strcmp0 (message->desktop_id, self->desktop_id) == 0)
    floe_desk_tell_message (self, message);
}

static void
on_shadow (FloeEventWatch *watch, FloeShadow *shadow, FloeDesk *self)
{
  floe_desk_hear_shadow (self, shadow);
}

static void
on_desktop_watch_failed (FloeEventWatch *watch, GError *error, FloeDesk *self)
{
  floe_desk_drop_watch (self, &self->desktop_watch);
  if (self->state == FLOE_DESK_SHOWING && floe_client_error_is_log_in (error)
      && renew_then (self, floe_desk_watch_desktops))
    return;
  g_info ("no news of the desktop from here on: %s", error->message);
}

void
floe_desk_watch_desktops (FloeDesk *self)
{
  if (self->desktop_watch != NULL)
    return;
  self->desktop_watch = floe_event_watch_new_desktops (self->broker);
  g_signal_connect (self->desktop_watch, "desktop", G_CALLBACK (on_desktop_news), self);
  g_signal_connect (self->desktop_watch, "message", G_CALLBACK (on_message), self);
  g_signal_connect (self->desktop_watch, "shadow", G_CALLBACK (on_shadow), self);
  g_signal_connect (self->desktop_watch, "failed", G_CALLBACK (on_desktop_watch_failed), self);
  floe_event_watch_set_timing (self->desktop_watch, self->second_ms, 45);
  floe_event_watch_start (self->desktop_watch);
}
