/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/flow-private.h"

#include <glib/gi18n.h>

#include "api/error.h"
#include "ui/make-session.h"
#include "ui/outlook-words.h"

static void refresh_pools (FloeFlow *self);

/* The list. */

void
floe_flow_drop_watch (FloeFlow *self)
{
  if (self->watch == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->watch, self);
  floe_event_watch_stop (self->watch);
  g_clear_object (&self->watch);
}

static gboolean
is_known (const FloePool *pool, const FloeDesktop *desktop)
{
  for (guint i = 0; i < pool->desktops->len; i++)
    if (floe_desktop_equal (pool->desktops->pdata[i], desktop))
      return TRUE;
  return FALSE;
}

static void
on_desktop_news (FloeEventWatch *watch, FloeDesktop *desktop, FloeFlow *self)
{
  for (guint i = 0; i < self->pools->len; i++)
    {
      FloePool *pool = self->pools->pdata[i];

      if (g_strcmp0 (pool->name, desktop->pool) != 0 || is_known (pool, desktop))
        continue;
      /* Whether it is still ours only the list knows. */
      refresh_pools (self);
      return;
    }
}

static void
on_watch_failed (FloeEventWatch *watch, GError *error, FloeFlow *self)
{
  if (floe_client_error_is_log_in (error))
    floe_flow_show_login_because (self, error);
  else
    floe_flow_drop_watch (self);
}

static void
watch_pools (FloeFlow *self)
{
  if (self->watch != NULL)
    return;
  self->watch = floe_event_watch_new_desktops (self->broker);
  g_signal_connect (self->watch, "desktop", G_CALLBACK (on_desktop_news), self);
  g_signal_connect (self->watch, "failed", G_CALLBACK (on_watch_failed), self);
  floe_event_watch_start (self->watch);
}

void
floe_flow_show_pools (FloeFlow *self)
{
  FloePagePools *page = floe_window_get_pools_page (self->window);

  floe_flow_drop_desk (self);
  floe_page_pools_set_problem (page, NULL);
  floe_page_pools_set_pools (page, self->pools);
  floe_flow_set_title (self, "Floe");
  floe_flow_show_page (self, FLOE_VIEW_POOLS);
  watch_pools (self);
  floe_flow_plan_return (self);
}

static void
on_pools (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFlow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pools =
      floe_broker_list_pools_finish (FLOE_BROKER (source), result, &error);
  FloePagePools *page;

  if (floe_flow_is_cancelled (error) || !floe_flow_is_logged_in (self))
    return;
  page = floe_window_get_pools_page (self->window);
  if (pools != NULL)
    {
      g_ptr_array_unref (self->pools);
      self->pools = g_steal_pointer (&pools);
      floe_page_pools_set_problem (page, NULL);
      floe_page_pools_set_pools (page, self->pools);
      floe_page_pools_take_focus (page);
    }
  else if (floe_client_error_is_log_in (error))
    floe_flow_show_login_because (self, error);
  else
    {
      g_autoptr (FloeNotice) notice = floe_notice_new_for_error (error);

      floe_page_pools_set_problem (page, notice->title);
    }
}

static void
refresh_pools (FloeFlow *self)
{
  floe_broker_list_pools_async (self->broker, floe_flow_begin_call (self), on_pools,
                                g_object_ref (self));
}

static void
on_refresh (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  refresh_pools (data);
}

/* The desktop. */

void
floe_flow_drop_desk (FloeFlow *self)
{
  if (self->desk == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->desk, self);
  g_clear_handle_id (&self->outlook_timer, g_source_remove);
  floe_display_notices_clear (
      floe_page_display_get_notices (floe_window_get_display_page (self->window)));
  floe_shadow_bar_set (
      floe_page_display_get_shadow_bar (floe_window_get_display_page (self->window)), NULL);
  floe_display_state_set_time_left (
      floe_page_display_get_state (floe_window_get_display_page (self->window)), NULL);
  floe_page_display_detach (floe_window_get_display_page (self->window));
  floe_page_display_thaw (floe_window_get_display_page (self->window));
  floe_desk_stop (self->desk);
  g_clear_object (&self->desk);
  g_clear_pointer (&self->mark, floe_mark_free);
  floe_flow_update_acts (self);
}

void
floe_flow_show_fresh_pools (FloeFlow *self)
{
  floe_flow_show_pools (self);
  refresh_pools (self);
}

static void
on_desk_stopped (FloeFlow *self)
{
  g_autoptr (FloeDesk) desk = g_object_ref (self->desk);
  const FloeStop *stop = floe_desk_get_stop (desk);
  g_autoptr (FloeNotice) notice = NULL;

  floe_flow_drop_desk (self);
  if (stop->error != NULL && floe_client_error_is_log_in (stop->error))
    {
      floe_flow_show_login_because (self, stop->error);
      return;
    }
  notice = floe_notice_new_for_stop (stop);
  g_info ("%s: %s", notice->code, notice->detail != NULL ? notice->detail : "");
  floe_flow_show_notice (self, notice);
  floe_flow_plan_return (self);
}

static void
on_desk_changed (FloeDesk *desk, FloeFlow *self)
{
  FloePageDisplay *display = floe_window_get_display_page (self->window);
  FloeDeskState state = floe_desk_get_state (desk);

  if (state == FLOE_DESK_STOPPED)
    {
      on_desk_stopped (self);
      return;
    }
  floe_flow_update_acts (self);
  floe_flow_set_title (self, floe_desk_get_title (desk));
  floe_page_display_set_title (display, floe_desk_get_title (desk));
  floe_display_state_set_host (floe_page_display_get_state (display),
                               floe_desk_get_host_name (desk));
  if (state == FLOE_DESK_SHOWING)
    {
      floe_page_display_thaw (display);
      floe_flow_show_page (self, FLOE_VIEW_DISPLAY);
      floe_page_display_take_focus (display);
    }
  else if (floe_desk_was_showing (desk))
    {
      g_autofree gchar *words = floe_desk_words (desk);

      if (floe_desk_get_session (desk) == NULL)
        floe_page_display_detach (display);
      floe_page_display_freeze (
          display, state == FLOE_DESK_ASKING_WHY ? _ ("Disconnected") : _ ("Reconnecting…"), words);
    }
  else
    {
      floe_page_display_detach (display);
      floe_page_display_thaw (display);
      floe_page_progress_update (floe_window_get_progress_page (self->window), desk);
      floe_flow_show_page (self, FLOE_VIEW_PROGRESS);
    }
}

static void
on_display_ready (FloeDesk *desk, FloeSession *session, guint channel_id, guint monitor_id,
                  FloeFlow *self)
{
  floe_page_display_attach (floe_window_get_display_page (self->window), session, channel_id,
                            monitor_id);
}

static void tell_outlook (FloeFlow *self);

static gboolean
on_outlook_due (gpointer data)
{
  FloeFlow *self = data;

  self->outlook_timer = 0;
  tell_outlook (self);
  return G_SOURCE_REMOVE;
}

/* What is to come of the desktop that is seen. */
static void
tell_outlook (FloeFlow *self)
{
  const FloeDesktop *news = floe_desk_get_news (self->desk);
  gint64 now = g_get_real_time ();
  gint64 again = 0;
  gint64 next_minute = 0;
  g_autofree gchar *words = news != NULL ? floe_outlook_words (news, now, &again) : NULL;
  g_autofree gchar *left = news != NULL ? floe_outlook_time_left (news, now, &next_minute) : NULL;

  if (next_minute > 0)
    again = again > 0 ? MIN (again, next_minute) : next_minute;
  floe_display_state_set_time_left (
      floe_page_display_get_state (floe_window_get_display_page (self->window)), left);
  g_clear_handle_id (&self->outlook_timer, g_source_remove);
  floe_page_display_set_notice (floe_window_get_display_page (self->window), words);
  if (again > now)
    self->outlook_timer = g_timeout_add_seconds (
        (guint)CLAMP ((again - now) / G_USEC_PER_SEC + 1, 1, 24 * 3600), on_outlook_due, self);
}

/* Each has a bar of its own. One that was told before, and perhaps closed, does not come back. */
static void
on_message (FloeDesk *desk, FloeMessage *message, FloeFlow *self)
{
  FloePageDisplay *page = floe_window_get_display_page (self->window);
  g_autofree gchar *key = g_strconcat ("message ", message->id, NULL);
  /* TRANSLATORS: the argument is the name of a person of the helpdesk */
  g_autofree gchar *from = g_strdup_printf (_ ("Message from %s"), message->from);

  floe_display_notices_set (floe_page_display_get_notices (page), key, GTK_MESSAGE_INFO, from,
                            message->text);
}

static void
on_input (FloePageDisplay *page, FloeFlow *self)
{
  if (self->desk != NULL)
    floe_desk_note_input (self->desk);
}

static const FloePolicy *
find_policy (FloeFlow *self, const gchar *name)
{
  for (guint i = 0; i < self->pools->len; i++)
    if (g_strcmp0 (((FloePool *)self->pools->pdata[i])->name, name) == 0)
      return ((FloePool *)self->pools->pdata[i])->policy;
  return NULL;
}

static void
open_wanted (FloeFlow *self)
{
  const FloeConnectWish wish = { self->wanted_another, self->wanted_desktop };

  floe_flow_drop_desk (self);
  floe_flow_drop_file (self);
  self->mark = floe_mark_new (self->mark_dir);
  self->desk = floe_desk_new (self->broker, self->wanted, self->tap);
  floe_desk_set_wish (self->desk, &wish);
  floe_desk_set_reduced_effects (
      self->desk, g_settings_get_boolean (self->settings, FLOE_SETTING_REDUCED_EFFECTS));
  floe_desk_set_maker (self->desk, floe_make_session);
  g_signal_connect (self->desk, "changed", G_CALLBACK (on_desk_changed), self);
  g_signal_connect_swapped (self->desk, "news", G_CALLBACK (tell_outlook), self);
  g_signal_connect (self->desk, "message", G_CALLBACK (on_message), self);
  g_signal_connect (self->desk, "display-ready", G_CALLBACK (on_display_ready), self);
  floe_flow_follow_acts (self, self->desk);
  floe_flow_follow_shadow (self, self->desk);
  floe_page_progress_set_policy (floe_window_get_progress_page (self->window),
                                 find_policy (self, self->wanted));
  floe_desk_start (self->desk);
}

static void
on_open (FloePagePools *page, const gchar *pool, const gchar *desktop, gboolean another,
         FloeFlow *self)
{
  g_autofree gchar *wanted = g_strdup (pool);
  g_autofree gchar *wanted_desktop = g_strdup (desktop);

  g_free (self->wanted);
  g_free (self->wanted_desktop);
  self->wanted = g_steal_pointer (&wanted);
  self->wanted_desktop = g_steal_pointer (&wanted_desktop);
  self->wanted_another = another;
  open_wanted (self);
}

/**
 * floe_flow_open_again:
 * @self: the flow
 *
 * Opens what was asked for last, if anything was.
 *
 * Returns: whether anything was
 */
gboolean
floe_flow_open_again (FloeFlow *self)
{
  if (self->wanted == NULL)
    return FALSE;
  open_wanted (self);
  return TRUE;
}

void
floe_flow_open_pool (FloeFlow *self, const gchar *name)
{
  floe_flow_open_desktop (self, name, NULL);
}

/**
 * floe_flow_open_desktop:
 * @self: the flow of somebody who is logged in
 * @pool: a pool's name
 * @desktop: (nullable): the id of one of those that they hold there
 */
void
floe_flow_open_desktop (FloeFlow *self, const gchar *pool, const gchar *desktop)
{
  on_open (NULL, pool, desktop, FALSE, self);
}

static void
on_leave (FloeFlow *self)
{
  if (self->file != NULL)
    floe_flow_leave_file (self);
  else if (floe_flow_is_logged_in (self))
    floe_flow_show_fresh_pools (self);
}

static void
on_disconnect (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  on_leave (data);
}

static void
on_retry_now (FloePageDisplay *page, FloeFlow *self)
{
  if (self->desk != NULL)
    floe_desk_retry_now (self->desk);
}

void
floe_flow_connect_desktops (FloeFlow *self)
{
  static const GActionEntry entries[] = {
    { .name = "refresh", .activate = on_refresh },
    { .name = "disconnect", .activate = on_disconnect },
  };
  FloeWindow *window = self->window;
  FloePageDisplay *display = floe_window_get_display_page (window);

  g_action_map_add_action_entries (G_ACTION_MAP (window), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_object (floe_window_get_pools_page (window), "open", G_CALLBACK (on_open), self,
                           0);
  g_signal_connect_object (floe_window_get_progress_page (window), "cancel", G_CALLBACK (on_leave),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (display, "leave", G_CALLBACK (on_leave), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (display, "input", G_CALLBACK (on_input), self, 0);
  g_signal_connect_object (display, "retry", G_CALLBACK (on_retry_now), self, 0);
}
