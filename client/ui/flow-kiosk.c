/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/flow-private.h"

#include <glib/gi18n.h>

#include "api/backoff.h"
#include "kiosk/idle.h"

/* A terminal is never stranded, and keeps nothing of whoever sat at it: every page but the log-in
 * leads back there by itself, and the log-in is only shown while there is a server behind it. */

struct _FloeFlowKiosk
{
  FloeKioskTimes times;
  FloeIdle *idle;
  FloeView seen;        /* for which idle was started */
  gboolean away;        /* the page that is seen says why the server is */
  GCancellable *asking; /* whether it is there */
  guint again;          /* until it is asked again */
  FloeBackoff backoff;
};

static void ask_server (FloeFlow *self);

static void
forget_clipboard (GdkAtom selection)
{
  GtkClipboard *clipboard = gtk_clipboard_get (selection);

  /* whosever it was, it is ours now, and then nobody's */
  gtk_clipboard_set_text (clipboard, "", 0);
  gtk_clipboard_clear (clipboard);
}

/**
 * floe_flow_forget_person:
 * @self: the flow
 *
 * Where it is a terminal's, nothing of whoever was here stays on it.
 */
void
floe_flow_forget_person (FloeFlow *self)
{
  FloePageLogin *login = floe_window_get_login_page (self->window);

  if (self->kiosk == NULL)
    return;
  if (self->broker != NULL)
    floe_broker_set_token (self->broker, NULL);
  if (self->server != NULL)
    g_clear_pointer (&self->server->user, g_free);
  floe_page_login_clear_password (login);
  floe_page_login_set_user (login, NULL);
  floe_page_login_set_ticket (login, NULL);
  floe_page_pools_clear (floe_window_get_pools_page (self->window));
  floe_page_display_forget_person (floe_window_get_display_page (self->window));
  forget_clipboard (GDK_SELECTION_CLIPBOARD);
  forget_clipboard (GDK_SELECTION_PRIMARY);
}

static void
go_home (FloeFlow *self)
{
  if (self->broker == NULL)
    {
      floe_flow_begin_again (self);
      return;
    }
  floe_flow_drop_login (self);
  floe_flow_show_login (self);
}

/* Whether the server is there. */

static guint
seconds_until_next (FloeFlow *self, gboolean failed)
{
  if (failed)
    return MAX (1, (guint)floe_backoff_next (&self->kiosk->backoff, g_random_double ()));
  floe_backoff_reset (&self->kiosk->backoff);
  return (guint)(self->kiosk->times.probe_seconds * (0.75 + 0.5 * g_random_double ())) + 1;
}

static gboolean
on_again (gpointer data)
{
  FloeFlow *self = data;

  self->kiosk->again = 0;
  ask_server (self);
  return G_SOURCE_REMOVE;
}

static void
ask_again_in (FloeFlow *self, guint seconds)
{
  g_clear_handle_id (&self->kiosk->again, g_source_remove);
  self->kiosk->again = g_timeout_add_seconds (seconds, on_again, self);
}

/* Whoever is typing is not thrown out of it. */
static void
show_away (FloeFlow *self, const GError *error)
{
  FloePageLogin *login = floe_window_get_login_page (self->window);
  g_autoptr (FloeNotice) notice = floe_notice_new_for_error (error);

  if (floe_window_get_view (self->window) == FLOE_VIEW_LOGIN && !floe_page_login_is_blank (login))
    {
      floe_page_login_set_problem (login, notice->title);
      return;
    }
  self->kiosk->away = TRUE;
  floe_flow_show_notice (self, notice);
  floe_page_message_set_note (floe_window_get_message_page (self->window),
                              _ ("This is tried again by itself."));
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFlow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = floe_broker_call_finish (FLOE_BROKER (source), result, &error);

  if (floe_flow_is_cancelled (error) || self->kiosk == NULL)
    return;
  g_clear_object (&self->kiosk->asking);
  if (floe_flow_is_logged_in (self)
      || (!self->kiosk->away && floe_window_get_view (self->window) != FLOE_VIEW_LOGIN))
    return;
  ask_again_in (self, seconds_until_next (self, answer == NULL));
  if (answer == NULL)
    show_away (self, error);
  else if (self->kiosk->away)
    go_home (self);
}

static void
stop_asking (FloeFlow *self)
{
  g_cancellable_cancel (self->kiosk->asking);
  g_clear_object (&self->kiosk->asking);
  g_clear_handle_id (&self->kiosk->again, g_source_remove);
}

static void
ask_server (FloeFlow *self)
{
  stop_asking (self);
  if (self->broker == NULL)
    return;
  self->kiosk->asking = g_cancellable_new ();
  floe_broker_call_async (self->broker, "GET", "health", NULL, self->kiosk->asking, on_answered,
                          g_object_ref (self));
}

/* Whether anybody is there. */

static void
tell (FloeFlow *self, guint seconds)
{
  g_autofree gchar *text = NULL;

  if (self->kiosk->seen == FLOE_VIEW_MESSAGE)
    {
      text = g_strdup_printf (
          ngettext ("Back to the log-in in %u second", "Back to the log-in in %u seconds", seconds),
          seconds);
      floe_page_message_set_note (floe_window_get_message_page (self->window), text);
      return;
    }
  if (self->kiosk->seen == FLOE_VIEW_LOGIN)
    return;
  text = g_strdup_printf (ngettext ("Nobody there? You are logged out in %u second. Press a key "
                                    "to stay.",
                                    "Nobody there? You are logged out in %u seconds. Press a key "
                                    "to stay.",
                                    seconds),
                          seconds);
  floe_window_warn (self->window, text);
}

static void
on_left (FloeIdle *idle, guint seconds, FloeFlow *self)
{
  tell (self, seconds);
}

static void
on_stirred (FloeFlow *self)
{
  floe_window_warn (self->window, NULL);
  if (self->kiosk->seen == FLOE_VIEW_MESSAGE && !self->kiosk->away)
    tell (self, self->kiosk->times.return_seconds);
}

static void
on_elapsed (FloeFlow *self)
{
  FloeView seen = self->kiosk->seen;

  floe_window_warn (self->window, NULL);
  if (seen == FLOE_VIEW_LOGIN)
    {
      /* what somebody began to type and left */
      floe_flow_forget_person (self);
      floe_page_login_set_problem (floe_window_get_login_page (self->window), NULL);
      floe_page_login_take_focus (floe_window_get_login_page (self->window));
    }
  else if (floe_flow_is_logged_in (self) && seen != FLOE_VIEW_MESSAGE)
    {
      g_message ("nobody is there: logging out");
      floe_flow_log_out (self);
    }
  else
    go_home (self);
}

static void
wait_for_nobody (FloeFlow *self, FloeView page)
{
  const FloeKioskTimes *times = &self->kiosk->times;
  gboolean inside = floe_flow_is_logged_in (self);

  self->kiosk->seen = page;
  if (page == FLOE_VIEW_MESSAGE && self->kiosk->away)
    floe_idle_stop (self->kiosk->idle);
  else if (page == FLOE_VIEW_MESSAGE)
    floe_idle_start (self->kiosk->idle, times->return_seconds, times->return_seconds);
  else if (page == FLOE_VIEW_PROGRESS || page == FLOE_VIEW_SERVER)
    floe_idle_stop (self->kiosk->idle); /* it goes on by itself, or there is nowhere to go */
  else if (page == FLOE_VIEW_LOGIN || !inside)
    floe_idle_start (self->kiosk->idle, times->typing_seconds, 0);
  else if (times->idle_seconds > 0)
    floe_idle_start (self->kiosk->idle, times->idle_seconds, times->warn_seconds);
  else
    floe_idle_stop (self->kiosk->idle);
}

/**
 * floe_flow_kiosk_shows:
 * @self: the flow
 * @page: what is about to be shown
 *
 * Begins to wait for what takes a terminal back from there.
 */
void
floe_flow_kiosk_shows (FloeFlow *self, FloeView page)
{
  gboolean again;

  if (self->kiosk == NULL)
    return;
  again = page == self->kiosk->seen && floe_window_get_view (self->window) == page;
  if (page != FLOE_VIEW_MESSAGE)
    self->kiosk->away = FALSE;
  if (!again || page == FLOE_VIEW_MESSAGE)
    wait_for_nobody (self, page);
  if (page == FLOE_VIEW_LOGIN && !again)
    {
      if (!floe_flow_is_logged_in (self) && self->kiosk->asking == NULL)
        ask_server (self);
    }
  else if (page != FLOE_VIEW_LOGIN && !self->kiosk->away)
    stop_asking (self);
}

/**
 * floe_flow_set_kiosk:
 * @self: a flow that has not begun
 * @guard: what tells of input
 * @times: how long what is waited for
 *
 * Makes it a terminal's, whose window was locked down.
 */
void
floe_flow_set_kiosk (FloeFlow *self, FloeGuard *guard, const FloeKioskTimes *times)
{
  g_return_if_fail (self->kiosk == NULL);
  g_return_if_fail (floe_window_is_locked_down (self->window));

  self->kiosk = g_new0 (FloeFlowKiosk, 1);
  self->kiosk->times = *times;
  self->kiosk->idle = floe_idle_new (guard);
  g_signal_connect_object (self->kiosk->idle, "left", G_CALLBACK (on_left), self, 0);
  g_signal_connect_object (self->kiosk->idle, "stirred", G_CALLBACK (on_stirred), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->kiosk->idle, "elapsed", G_CALLBACK (on_elapsed), self,
                           G_CONNECT_SWAPPED);
}

/**
 * floe_flow_set_idle_seconds:
 * @self: a terminal's flow
 * @seconds: after how long without a key or a move somebody is logged out; 0 for never
 */
void
floe_flow_set_idle_seconds (FloeFlow *self, guint seconds)
{
  g_return_if_fail (FLOE_IS_FLOW (self));
  g_return_if_fail (self->kiosk != NULL);

  self->kiosk->times.idle_seconds = seconds;
  wait_for_nobody (self, self->kiosk->seen);
}

void
floe_flow_drop_kiosk (FloeFlow *self)
{
  if (self->kiosk == NULL)
    return;
  stop_asking (self);
  g_signal_handlers_disconnect_by_data (self->kiosk->idle, self);
  g_object_run_dispose (G_OBJECT (self->kiosk->idle));
  g_clear_object (&self->kiosk->idle);
  g_clear_pointer (&self->kiosk, g_free);
}
