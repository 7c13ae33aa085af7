/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/flow.h"

#include <glib/gi18n.h>

#include "api/error.h"
#include "api/watch.h"
#include "session/desk.h"

struct _FloeFlow
{
  GObject parent_instance;

  FloeWindow *window; /* owns us */
  FloeServers *servers;
  FloeLogTap *tap;

  FloeServer *server;
  FloeBroker *broker;
  GCancellable *call; /* the one call of ours that is under way */

  GPtrArray *pools;
  FloeEventWatch *watch; /* while the list is seen */
  FloeDesk *desk;
  gchar *wanted; /* the pool that was asked for last */
};

G_DEFINE_FINAL_TYPE (FloeFlow, floe_flow, G_TYPE_OBJECT)

static void show_server (FloeFlow *self);
static void show_login (FloeFlow *self);
static void show_pools (FloeFlow *self);
static void refresh_pools (FloeFlow *self);
static void open_pool (FloeFlow *self, const gchar *name);

static GCancellable *
begin_call (FloeFlow *self)
{
  g_cancellable_cancel (self->call);
  g_clear_object (&self->call);
  self->call = g_cancellable_new ();
  return self->call;
}

static gboolean
is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
drop_watch (FloeFlow *self)
{
  if (self->watch == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->watch, self);
  floe_event_watch_stop (self->watch);
  g_clear_object (&self->watch);
}

static void
drop_desk (FloeFlow *self)
{
  if (self->desk == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->desk, self);
  floe_page_display_detach (floe_window_get_display_page (self->window));
  floe_page_display_thaw (floe_window_get_display_page (self->window));
  floe_desk_stop (self->desk);
  g_clear_object (&self->desk);
}

static void
drop_login (FloeFlow *self)
{
  g_cancellable_cancel (self->call);
  g_clear_object (&self->call);
  drop_watch (self);
  drop_desk (self);
  g_clear_pointer (&self->pools, g_ptr_array_unref);
  g_clear_pointer (&self->wanted, g_free);
}

static gboolean
is_logged_in (FloeFlow *self)
{
  return self->pools != NULL;
}

static void
set_title (FloeFlow *self, const gchar *title)
{
  g_autofree gchar *host = self->server != NULL ? floe_server_dup_host (self->server->url) : NULL;

  floe_window_set_title (self->window, title, host);
}

static void
set_enabled (FloeFlow *self, const gchar *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->window), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
show_page (FloeFlow *self, FloeView page)
{
  if (page != FLOE_VIEW_POOLS)
    drop_watch (self);
  floe_window_set_can_go_back (self->window, page == FLOE_VIEW_SERVER && self->broker != NULL);
  set_enabled (self, "back", page == FLOE_VIEW_SERVER && self->broker != NULL);
  set_enabled (self, "refresh", page == FLOE_VIEW_POOLS);
  set_enabled (self, "disconnect", page == FLOE_VIEW_DISPLAY);
  set_enabled (self, "log-out", page == FLOE_VIEW_POOLS || page == FLOE_VIEW_DISPLAY);
  floe_window_show_view (self->window, page);
}

static void
show_notice (FloeFlow *self, const FloeNotice *notice)
{
  FloeRemedy second = FLOE_REMEDY_SERVER;

  if (is_logged_in (self))
    second = FLOE_REMEDY_POOLS;
  else if (notice->remedy == FLOE_REMEDY_SERVER)
    second = self->broker != NULL ? FLOE_REMEDY_RETRY : FLOE_REMEDY_SERVER;
  floe_page_message_show_notice (floe_window_get_message_page (self->window), notice, second,
                                 self->server != NULL ? self->server->url : NULL);
  set_title (self, "Floe");
  show_page (self, FLOE_VIEW_MESSAGE);
}

static void
show_error (FloeFlow *self, const GError *error)
{
  g_autoptr (FloeNotice) notice = floe_notice_new_for_error (error);

  g_info ("%s: %s", notice->code, error->message);
  show_notice (self, notice);
}

/* The server. */

static void
list_servers (FloeFlow *self)
{
  g_autoptr (GPtrArray) list = floe_servers_list (self->servers);

  floe_page_server_set_servers (floe_window_get_server_page (self->window), list);
}

static void
show_server (FloeFlow *self)
{
  drop_login (self);
  list_servers (self);
  floe_page_server_set_problem (floe_window_get_server_page (self->window), NULL);
  floe_window_set_title (self->window, "Floe", NULL);
  show_page (self, FLOE_VIEW_SERVER);
}

static void
on_back (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  show_login (data);
}

static gboolean
use_server (FloeFlow *self, const gchar *text, const gchar *user, const gchar *ca_file)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *url = floe_broker_normalize_url (text, &error);
  g_autoptr (FloeServer) known = NULL;
  g_autoptr (FloeBroker) broker = NULL;

  if (url != NULL)
    broker = floe_broker_new (url, ca_file, &error);
  if (broker == NULL)
    {
      g_autoptr (FloeNotice) notice = floe_notice_new_for_error (error);

      floe_page_server_set_problem (floe_window_get_server_page (self->window), notice->body);
      return FALSE;
    }
  known = floe_servers_lookup (self->servers, url);
  if (user == NULL && known != NULL)
    user = known->user;
  drop_login (self);
  g_set_object (&self->broker, broker);
  g_clear_pointer (&self->server, floe_server_free);
  self->server = floe_server_new (url, user, ca_file);
  floe_page_login_clear_password (floe_window_get_login_page (self->window));
  floe_page_login_set_user (floe_window_get_login_page (self->window), user);
  show_login (self);
  return TRUE;
}

static void
on_server_chosen (FloePageServer *page, const gchar *text, const gchar *ca_file, FloeFlow *self)
{
  use_server (self, text, NULL, ca_file);
}

static void
on_server_forgotten (FloePageServer *page, const gchar *url, FloeFlow *self)
{
  floe_servers_forget (self->servers, url);
  list_servers (self);
}

/* The log-in. */

static void
show_login (FloeFlow *self)
{
  FloePageLogin *page = floe_window_get_login_page (self->window);
  g_autofree gchar *host = floe_server_dup_host (self->server->url);

  floe_page_login_set_server (page, host);
  floe_page_login_set_busy (page, FALSE);
  floe_page_login_set_problem (page, NULL);
  floe_window_set_title (self->window, "Floe", NULL);
  show_page (self, FLOE_VIEW_LOGIN);
}

/* What the person can mend on the spot, or what passes in a moment, is said beside the fields. */
static gboolean
belongs_to_fields (const GError *error)
{
  return g_error_matches (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_UNAUTHENTICATED)
         || g_error_matches (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_BUSY)
         || g_error_matches (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_DENIED)
         || g_error_matches (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_INVALID)
         || g_error_matches (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_TOO_LARGE)
         || floe_client_error_has_reason (error, "directory-down");
}

static void
show_login_error (FloeFlow *self, const GError *error)
{
  FloePageLogin *page = floe_window_get_login_page (self->window);
  g_autoptr (FloeNotice) notice = NULL;

  if (!belongs_to_fields (error))
    {
      show_error (self, error);
      return;
    }
  notice = floe_notice_new_for_error (error);
  if (g_error_matches (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_UNAUTHENTICATED))
    floe_page_login_clear_password (page);
  floe_page_login_set_problem (page, notice->body);
  floe_page_login_take_focus (page);
}

static void open_pool (FloeFlow *self, const gchar *name);

static void
on_logged_in (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFlow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeLogin) login = floe_broker_log_in_finish (FLOE_BROKER (source), result, &error);

  if (is_cancelled (error))
    return;
  floe_page_login_set_busy (floe_window_get_login_page (self->window), FALSE);
  if (login == NULL)
    {
      show_login_error (self, error);
      return;
    }
  floe_page_login_clear_password (floe_window_get_login_page (self->window));
  floe_servers_remember (self->servers, self->server);
  floe_page_pools_set_person (floe_window_get_pools_page (self->window),
                              login->account->display_name);
  self->pools = g_ptr_array_ref (login->pools);
  if (self->pools->len == 1)
    open_pool (self, ((FloePool *)self->pools->pdata[0])->name);
  else
    show_pools (self);
}

static void
on_log_in (FloePageLogin *page, const gchar *name, FloeSecret *password, FloeFlow *self)
{
  g_free (self->server->user);
  self->server->user = g_strdup (name);
  floe_page_login_set_problem (page, NULL);
  floe_page_login_set_busy (page, TRUE);
  floe_broker_log_in_async (self->broker, name, password, begin_call (self), on_logged_in,
                            g_object_ref (self));
}

static void
on_cancel_log_in (FloePageLogin *page, FloeFlow *self)
{
  g_cancellable_cancel (self->call);
  floe_page_login_set_busy (page, FALSE);
  floe_page_login_take_focus (page);
}

/* A log-in that ended by itself: say so where the next one begins. */
static void
show_login_because (FloeFlow *self, const GError *error)
{
  g_autoptr (FloeNotice) notice = floe_notice_new_for_error (error);

  drop_login (self);
  show_login (self);
  floe_page_login_set_problem (floe_window_get_login_page (self->window), notice->title);
}

/* The list. */

static void
on_desktop_news (FloeEventWatch *watch, FloeDesktop *desktop, FloeFlow *self)
{
  for (guint i = 0; i < self->pools->len; i++)
    {
      FloePool *pool = self->pools->pdata[i];

      if (g_strcmp0 (pool->name, desktop->pool) != 0
          || (pool->desktop != NULL && floe_desktop_equal (pool->desktop, desktop)))
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
    show_login_because (self, error);
  else
    drop_watch (self);
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

static void
show_pools (FloeFlow *self)
{
  FloePagePools *page = floe_window_get_pools_page (self->window);

  drop_desk (self);
  floe_page_pools_set_problem (page, NULL);
  floe_page_pools_set_pools (page, self->pools);
  set_title (self, "Floe");
  show_page (self, FLOE_VIEW_POOLS);
  watch_pools (self);
}

static void
on_pools (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFlow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pools =
      floe_broker_list_pools_finish (FLOE_BROKER (source), result, &error);
  FloePagePools *page;

  if (is_cancelled (error) || !is_logged_in (self))
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
    show_login_because (self, error);
  else
    {
      g_autoptr (FloeNotice) notice = floe_notice_new_for_error (error);

      floe_page_pools_set_problem (page, notice->title);
    }
}

static void
refresh_pools (FloeFlow *self)
{
  floe_broker_list_pools_async (self->broker, begin_call (self), on_pools, g_object_ref (self));
}

static void
on_refresh (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  refresh_pools (data);
}

/* The desktop. */

static void
show_fresh_pools (FloeFlow *self)
{
  show_pools (self);
  refresh_pools (self);
}

static void
on_desk_stopped (FloeFlow *self)
{
  g_autoptr (FloeDesk) desk = g_object_ref (self->desk);
  const FloeStop *stop = floe_desk_get_stop (desk);
  g_autoptr (FloeNotice) notice = NULL;

  drop_desk (self);
  if (stop->error != NULL && floe_client_error_is_log_in (stop->error))
    {
      show_login_because (self, stop->error);
      return;
    }
  notice = floe_notice_new_for_stop (stop);
  g_info ("%s: %s", notice->code, notice->detail != NULL ? notice->detail : "");
  show_notice (self, notice);
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
  set_title (self, floe_desk_get_title (desk));
  floe_page_display_set_title (display, floe_desk_get_title (desk));
  if (state == FLOE_DESK_SHOWING)
    {
      floe_page_display_thaw (display);
      show_page (self, FLOE_VIEW_DISPLAY);
      floe_page_display_take_focus (display);
    }
  else if (floe_desk_was_showing (desk))
    {
      g_autofree gchar *words = floe_desk_words (desk);

      if (floe_desk_get_session (desk) == NULL)
        floe_page_display_detach (display);
      floe_page_display_freeze (display, words);
    }
  else
    {
      floe_page_progress_update (floe_window_get_progress_page (self->window), desk);
      show_page (self, FLOE_VIEW_PROGRESS);
    }
}

static void
on_display_ready (FloeDesk *desk, FloeSession *session, guint channel_id, guint monitor_id,
                  FloeFlow *self)
{
  floe_page_display_attach (floe_window_get_display_page (self->window), session, channel_id,
                            monitor_id);
}

static void
open_pool (FloeFlow *self, const gchar *name)
{
  g_autofree gchar *wanted = g_strdup (name);

  drop_desk (self);
  g_free (self->wanted);
  self->wanted = g_steal_pointer (&wanted);
  self->desk = floe_desk_new (self->broker, self->wanted, self->tap);
  g_signal_connect (self->desk, "changed", G_CALLBACK (on_desk_changed), self);
  g_signal_connect (self->desk, "display-ready", G_CALLBACK (on_display_ready), self);
  floe_desk_start (self->desk);
}

static void
on_open (FloePagePools *page, const gchar *pool, FloeFlow *self)
{
  open_pool (self, pool);
}

static void
on_leave (FloeFlow *self)
{
  if (is_logged_in (self))
    show_fresh_pools (self);
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

/* Logging out. */

static void
on_logged_out (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFlow) self = data;
  g_autoptr (GError) error = NULL;

  if (!floe_broker_log_out_finish (FLOE_BROKER (source), result, &error))
    {
      if (is_cancelled (error))
        return;
      if (!floe_client_error_is_log_in (error))
        {
          /* The desktops are still lent to this person: that must not look like a log-out. */
          show_error (self, error);
          return;
        }
    }
  drop_login (self);
  show_login (self);
}

static void
log_out (FloeFlow *self)
{
  drop_desk (self);
  floe_page_progress_say (floe_window_get_progress_page (self->window), _ ("Logging out"),
                          _ ("Your desktops are given back."));
  set_title (self, "Floe");
  show_page (self, FLOE_VIEW_PROGRESS);
  floe_broker_log_out_async (self->broker, begin_call (self), on_logged_out, g_object_ref (self));
}

static const gchar *
name_of_lost (FloeFlow *self)
{
  if (self->desk != NULL && !floe_desk_keeps_data (self->desk))
    return floe_desk_get_title (self->desk);
  for (guint i = 0; i < self->pools->len; i++)
    {
      FloePool *pool = self->pools->pdata[i];

      if (pool->desktop != NULL && !pool->keeps_data)
        return pool->desktop->name;
    }
  return NULL;
}

static void
on_ask_log_out (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FloeFlow *self = data;
  g_autofree gchar *text = NULL;
  const gchar *lost;

  if (!is_logged_in (self))
    return;
  lost = name_of_lost (self);
  if (lost != NULL)
    /* TRANSLATORS: the argument is a desktop's name */
    text = g_strdup_printf (_ ("“%s” will be reset: nothing on it is kept."), lost);
  else
    text = g_strdup (_ ("What is open on your own desktop stays as it is."));
  floe_window_ask (self->window, text);
}

static void
on_answered (FloeWindow *window, gboolean yes, FloeFlow *self)
{
  if (yes && is_logged_in (self))
    log_out (self);
}

/* After a failure. */

static void
retry (FloeFlow *self)
{
  if (is_logged_in (self) && self->wanted != NULL)
    open_pool (self, self->wanted);
  else if (is_logged_in (self))
    show_fresh_pools (self);
  else
    show_login (self);
}

static void
on_remedy (FloePageMessage *page, guint remedy, FloeFlow *self)
{
  switch ((FloeRemedy)remedy)
    {
    case FLOE_REMEDY_SERVER:
      show_server (self);
      break;
    case FLOE_REMEDY_LOG_IN:
      drop_login (self);
      show_login (self);
      break;
    case FLOE_REMEDY_POOLS:
      show_fresh_pools (self);
      break;
    case FLOE_REMEDY_RETRY:
    case FLOE_REMEDY_BRING:
    case FLOE_REMEDY_START:
    default:
      retry (self);
      break;
    }
}

static void
connect_pages (FloeFlow *self)
{
  FloeWindow *window = self->window;

  g_signal_connect_object (floe_window_get_server_page (window), "chosen",
                           G_CALLBACK (on_server_chosen), self, 0);
  g_signal_connect_object (floe_window_get_server_page (window), "forgotten",
                           G_CALLBACK (on_server_forgotten), self, 0);
  g_signal_connect_object (floe_window_get_login_page (window), "log-in", G_CALLBACK (on_log_in),
                           self, 0);
  g_signal_connect_object (floe_window_get_login_page (window), "cancel",
                           G_CALLBACK (on_cancel_log_in), self, 0);
  g_signal_connect_object (floe_window_get_login_page (window), "other-server",
                           G_CALLBACK (show_server), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (floe_window_get_pools_page (window), "open", G_CALLBACK (on_open), self,
                           0);
  g_signal_connect_object (floe_window_get_progress_page (window), "cancel", G_CALLBACK (on_leave),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (floe_window_get_display_page (window), "leave", G_CALLBACK (on_leave),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (floe_window_get_display_page (window), "retry",
                           G_CALLBACK (on_retry_now), self, 0);
  g_signal_connect_object (floe_window_get_message_page (window), "remedy", G_CALLBACK (on_remedy),
                           self, 0);
  g_signal_connect_object (window, "answered", G_CALLBACK (on_answered), self, 0);
}

/**
 * floe_flow_new:
 * @window: the window; it must outlive the flow
 * @servers: what is remembered
 * @tap: what the SPICE library logs
 *
 * Returns: (transfer full): a flow that has not begun
 */
FloeFlow *
floe_flow_new (FloeWindow *window, FloeServers *servers, FloeLogTap *tap)
{
  static const GActionEntry entries[] = {
    { .name = "back", .activate = on_back },
    { .name = "refresh", .activate = on_refresh },
    { .name = "disconnect", .activate = on_disconnect },
    { .name = "log-out", .activate = on_ask_log_out },
  };
  FloeFlow *self = g_object_new (FLOE_TYPE_FLOW, NULL);

  self->window = window;
  self->servers = g_object_ref (servers);
  self->tap = floe_log_tap_ref (tap);
  g_action_map_add_action_entries (G_ACTION_MAP (window), entries, G_N_ELEMENTS (entries), self);
  connect_pages (self);
  return self;
}

/**
 * floe_flow_start:
 * @self: a flow that has not begun
 * @start: what the command line said
 *
 * Begins with the named server, else with the one that was used last, else with the question.
 */
void
floe_flow_start (FloeFlow *self, const FloeFlowStart *start)
{
  g_autoptr (GPtrArray) list = floe_servers_list (self->servers);
  g_autoptr (FloeServer) first = NULL;

  if (start->broker != NULL)
    {
      g_autofree gchar *url = floe_broker_normalize_url (start->broker, NULL);
      g_autoptr (FloeServer) known = url != NULL ? floe_servers_lookup (self->servers, url) : NULL;
      const gchar *ca_file = start->ca_file;

      if (ca_file == NULL && known != NULL)
        ca_file = known->ca_file;
      first = floe_server_new (start->broker, start->user, ca_file);
    }
  else if (list->len > 0)
    {
      const FloeServer *last = list->pdata[0];

      first = floe_server_new (last->url, start->user,
                               start->ca_file != NULL ? start->ca_file : last->ca_file);
    }
  show_server (self);
  if (first == NULL)
    return;
  floe_page_server_set_server (floe_window_get_server_page (self->window), first);
  use_server (self, first->url, first->user, first->ca_file);
}

static void
floe_flow_dispose (GObject *object)
{
  FloeFlow *self = FLOE_FLOW (object);

  g_cancellable_cancel (self->call);
  g_clear_object (&self->call);
  drop_watch (self);
  if (self->desk != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->desk, self);
      floe_desk_stop (self->desk);
      g_clear_object (&self->desk);
    }
  g_clear_object (&self->broker);
  g_clear_object (&self->servers);
  G_OBJECT_CLASS (floe_flow_parent_class)->dispose (object);
}

static void
floe_flow_finalize (GObject *object)
{
  FloeFlow *self = FLOE_FLOW (object);

  g_clear_pointer (&self->pools, g_ptr_array_unref);
  g_clear_pointer (&self->server, floe_server_free);
  g_clear_pointer (&self->tap, floe_log_tap_unref);
  g_free (self->wanted);
  G_OBJECT_CLASS (floe_flow_parent_class)->finalize (object);
}

static void
floe_flow_class_init (FloeFlowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = floe_flow_dispose;
  object_class->finalize = floe_flow_finalize;
}

static void
floe_flow_init (FloeFlow *self)
{
}
