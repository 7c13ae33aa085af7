/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/desk-private.h"

#include "api/error.h"
#include "session/spice-session.h"

/* More answers of "ready, connect again" than this in a row are taken for a fault. */
#define MAX_READY_ROUNDS 3

/* And so are more desktops that stop between being handed out and being opened. */
#define MAX_STOPPED_ROUNDS 3

/* The session. */

static void
on_session_state (FloeSession *session, FloeDesk *self)
{
  if (floe_session_get_state (session) == FLOE_SESSION_PICTURE)
    floe_desk_enter (self, FLOE_DESK_SHOWING);
}

static void
on_display_ready (FloeSession *session, guint channel_id, guint monitor_id, FloeDesk *self)
{
  g_signal_emit_by_name (self, "display-ready", session, channel_id, monitor_id);
}

static void
on_session_ended (FloeSession *session, guint cause, const gchar *detail, FloeDesk *self)
{
  floe_desk_handle_end (self, cause, detail);
}

/* Where there may be several, the one that was found is the one that is meant from now on. */
static void
aim_at (FloeDesk *self, const gchar *desktop_id)
{
  if (desktop_id == NULL || (!self->another && self->target == NULL))
    return;
  self->another = FALSE;
  g_free (self->target);
  self->target = g_strdup (desktop_id);
}

static void
keep_terms (FloeDesk *self, const FloeConnection *connection)
{
  g_free (self->title);
  self->title = g_strdup (connection->title);
  if (g_strcmp0 (self->desktop_id, connection->desktop_id) != 0)
    g_clear_pointer (&self->news, floe_desktop_free); /* of another one */
  g_free (self->host_name);
  self->host_name = g_strdup (connection->host_name);
  g_free (self->desktop_id);
  self->desktop_id = g_strdup (connection->desktop_id);
  aim_at (self, connection->desktop_id);
  self->keeps_data = connection->keeps_data;
  g_strfreev (self->actions);
  self->actions = g_strdupv (connection->actions);
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
  self->stopped_rounds = 0;
  floe_desk_drop_session (self);
  self->session = self->maker (connection, self->tap);
  floe_session_set_reduced_effects (self->session, self->reduced_effects);
  floe_session_set_limits (self->session,
                           floe_resume_get_patience (&self->resume, floe_desk_now (self)),
                           FLOE_SESSION_PICTURE_MS);
  g_signal_connect (self->session, "state-changed", G_CALLBACK (on_session_state), self);
  g_signal_connect (self->session, "display-ready", G_CALLBACK (on_display_ready), self);
  g_signal_connect (self->session, "ended", G_CALLBACK (on_session_ended), self);
  self->opened_at = g_get_monotonic_time ();
  floe_desk_enter (self, FLOE_DESK_OPENING);
  if (self->session != NULL)
    floe_session_start (self->session);
}

/* Waiting. */

static void
on_request (FloeEventWatch *watch, FloeConnectRequest *request, FloeDesk *self)
{
  self->renewed = FALSE;
  if (request->state == FLOE_REQUEST_STATE_FAILED)
    {
      floe_desk_stop_with_error (self, request->problem);
      return;
    }
  if (request->state == FLOE_REQUEST_STATE_READY)
    {
      aim_at (self, request->desktop_id);
      if (++self->ready_rounds > MAX_READY_ROUNDS)
        floe_desk_enter_then (self, FLOE_DESK_PAUSED, 5000, floe_desk_ask_for_desktop);
      else
        floe_desk_ask_for_desktop (self);
      return;
    }
  g_clear_pointer (&self->request, floe_connect_request_free);
  self->request = floe_connect_request_copy (request);
  g_signal_emit_by_name (self, "changed");
}

static void
on_request_watch_failed (FloeEventWatch *watch, GError *error, FloeDesk *self)
{
  /* A broker that was started anew need not know the request; asking again joins the line. */
  if (g_error_matches (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_NOT_FOUND))
    floe_desk_try_later (self, error, floe_desk_ask_for_desktop);
  else
    floe_desk_handle_refusal (self, error, floe_desk_ask_for_desktop);
}

static void
watch_request (FloeDesk *self, const FloeConnectRequest *request)
{
  floe_desk_enter (self, FLOE_DESK_QUEUED);
  if (self->state != FLOE_DESK_QUEUED)
    return;
  self->request = floe_connect_request_copy (request);
  self->request_watch = floe_event_watch_new_request (self->broker, request->id);
  g_signal_connect (self->request_watch, "request", G_CALLBACK (on_request), self);
  g_signal_connect (self->request_watch, "failed", G_CALLBACK (on_request_watch_failed), self);
  floe_event_watch_set_timing (self->request_watch, self->second_ms, 45);
  floe_event_watch_start (self->request_watch);
}

/* Asking. */

/* The guest stopped before the broker could let anybody in. One that was shut down while we watched
 * is not started anew by itself: what the broker says about it decides. */
static gboolean
handle_not_running (FloeDesk *self, const GError *error)
{
  if (!floe_client_error_has_reason (error, "not-running")
      || ++self->stopped_rounds > MAX_STOPPED_ROUNDS)
    return FALSE;
  floe_desk_try_later (self, error,
                       self->was_showing ? floe_desk_ask_why : floe_desk_ask_for_desktop);
  return TRUE;
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
      if (!handle_not_running (self, error))
        floe_desk_handle_refusal (self, error, floe_desk_ask_for_desktop);
      return;
    }
  self->renewed = FALSE;
  if (answer->connection != NULL)
    open_session (self, answer->connection);
  else
    watch_request (self, answer->request);
}

void
floe_desk_ask_for_desktop (FloeDesk *self)
{
  const FloeConnectWish wish = { self->another, self->target };

  floe_desk_enter (self, FLOE_DESK_ASKING);
  if (self->state == FLOE_DESK_ASKING)
    floe_broker_connect_async (self->broker, self->pool, &wish, floe_desk_begin_call (self),
                               on_connect_answer, g_object_ref (self));
}
