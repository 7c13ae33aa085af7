/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/flow-private.h"

#include <glib/gi18n.h>

#include "api/error.h"
#include "ui/password-words.h"

/* The log-in. */

void
floe_flow_show_login (FloeFlow *self)
{
  FloePageLogin *page = floe_window_get_login_page (self->window);
  g_autofree gchar *host = floe_server_dup_host (self->server->url);

  floe_page_login_set_server (page, host);
  floe_page_login_set_one_server (page, floe_flow_has_one_server (self));
  floe_page_login_set_busy (page, FALSE);
  floe_page_login_set_problem (
      page, self->was_ended ? _ ("Floe ended unexpectedly while a desktop was open. "
                                 "The desktop is still there: log in to go back to it.")
                            : NULL);
  floe_window_set_title (self->window, "Floe", NULL);
  floe_flow_show_page (self, FLOE_VIEW_LOGIN);
  floe_flow_ask_domains (self);
  floe_flow_ask_announcements (self);
  floe_flow_try_terminal (self);
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

/* Says so beside the fields where that helps, else on a page of its own. */
void
floe_flow_show_login_error (FloeFlow *self, const GError *error)
{
  FloePageLogin *page = floe_window_get_login_page (self->window);
  g_autoptr (FloeNotice) notice = NULL;

  if (!belongs_to_fields (error))
    {
      floe_flow_show_error (self, error);
      return;
    }
  notice = floe_notice_new_for_error (error);
  if (g_error_matches (error, FLOE_CLIENT_ERROR, FLOE_CLIENT_ERROR_UNAUTHENTICATED))
    floe_page_login_clear_password (page);
  floe_page_login_set_problem (page, notice->body);
  floe_page_login_take_focus (page);
}

static void
remember_server (FloeFlow *self)
{
  gboolean user = g_settings_get_boolean (self->settings, FLOE_SETTING_REMEMBER_USER);
  g_autoptr (FloeServer) server =
      floe_server_new (self->server->url, user ? self->server->user : NULL, self->server->ca_file);

  floe_servers_remember (self->servers, server);
}

/* Everything that was asked for is there: to the list, or straight to the only desktop. */
void
floe_flow_enter (FloeFlow *self, const FloeLogin *login)
{
  g_autofree gchar *warning = floe_password_warning (login->password_expires, g_get_real_time ());
  const gchar *pool;

  floe_page_login_clear_password (floe_window_get_login_page (self->window));
  floe_flow_keep_domain (self);
  if (!floe_window_is_locked_down (self->window))
    remember_server (self);
  floe_page_pools_set_person (floe_window_get_pools_page (self->window),
                              login->account->display_name);
  floe_page_pools_set_warning (floe_window_get_pools_page (self->window), warning);
  g_clear_pointer (&self->pools, g_ptr_array_unref);
  self->pools = g_ptr_array_ref (login->pools);
  if (floe_flow_follow_link (self))
    return;
  /* Whoever has something to be told sees it before the desktop covers all. */
  pool = warning == NULL ? floe_flow_pick_pool (self) : NULL;
  if (pool != NULL)
    floe_flow_open_pool (self, pool);
  else
    floe_flow_show_pools (self);
}

/**
 * floe_flow_take_log_in:
 * @self: the flow
 * @login: (nullable): who is logged in; else
 * @error: why not
 *
 * Goes on after a log-in was answered.
 */
void
floe_flow_take_log_in (FloeFlow *self, const FloeLogin *login, const GError *error)
{
  if (floe_flow_is_cancelled (error))
    return;
  floe_page_login_set_busy (floe_window_get_login_page (self->window), FALSE);
  if (login == NULL && floe_flow_asks_password (error))
    {
      floe_flow_show_password_because (self, error);
      return;
    }
  floe_flow_drop_passwords (self);
  if (login != NULL)
    floe_flow_enter (self, login);
  else if (floe_flow_asks_factor (error))
    floe_flow_show_factor_because (self, error);
  else
    floe_flow_show_login_error (self, error);
}

static void
on_logged_in (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFlow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeLogin) login = floe_broker_log_in_finish (FLOE_BROKER (source), result, &error);

  floe_flow_take_log_in (self, login, error);
}

static void
begin_log_in (FloeFlow *self, FloeSecret *password)
{
  floe_flow_drop_passwords (self);
  floe_flow_drop_terminal (self);
  self->was_ended = FALSE;
  self->password = floe_secret_ref (password); /* until we know whether it has to be changed */
  floe_page_login_set_busy (floe_window_get_login_page (self->window), TRUE);
  floe_broker_log_in_async (self->broker, self->server->user, password, floe_flow_begin_call (self),
                            on_logged_in, g_object_ref (self));
}

static void
on_warm (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = floe_broker_call_finish (FLOE_BROKER (source), result, &error);

  if (answer == NULL)
    g_info ("the way to the broker is not there yet: %s", error->message);
}

/* Looks for the way to the broker while the password is typed: what stands by then is used for the
 * log-in. */
static void
on_begun (FloePageLogin *page, FloeFlow *self)
{
  if (self->broker != NULL)
    floe_broker_call_async (self->broker, "GET", "health", NULL, NULL, on_warm, NULL);
}

static void
on_log_in (FloePageLogin *page, const gchar *name, FloeSecret *password, FloeFlow *self)
{
  g_free (self->server->user);
  self->server->user = g_strdup (name);
  floe_flow_choose_domain (self);
  floe_page_login_set_problem (page, NULL);
  begin_log_in (self, password);
}

/**
 * floe_flow_log_in:
 * @self: the flow
 * @password: the new one of whoever tried to log in last
 *
 * Goes on with a log-in that was asked for a new password.
 */
void
floe_flow_log_in (FloeFlow *self, FloeSecret *password)
{
  floe_page_login_clear_password (floe_window_get_login_page (self->window));
  floe_flow_show_login (self);
  begin_log_in (self, password);
}

static void
on_cancel_log_in (FloePageLogin *page, FloeFlow *self)
{
  g_cancellable_cancel (self->call);
  floe_flow_drop_passwords (self);
  floe_flow_drop_factor (self);
  floe_page_login_set_busy (page, FALSE);
  floe_page_login_take_focus (page);
}

/* A log-in that ended by itself: say so where the next one begins. */
void
floe_flow_show_login_because (FloeFlow *self, const GError *error)
{
  g_autoptr (FloeNotice) notice = floe_notice_new_for_error (error);

  floe_flow_drop_login (self);
  floe_flow_show_login (self);
  floe_page_login_set_problem (floe_window_get_login_page (self->window), notice->title);
}

/* Logging out. */

static void
on_logged_out (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFlow) self = data;
  g_autoptr (GError) error = NULL;

  if (!floe_broker_log_out_finish (FLOE_BROKER (source), result, &error))
    {
      if (floe_flow_is_cancelled (error))
        return;
      if (!floe_client_error_is_log_in (error) && self->kiosk == NULL)
        {
          /* The desktops are still lent to this person: that must not look like a log-out. */
          floe_flow_show_error (self, error);
          return;
        }
    }
  floe_flow_drop_login (self);
  floe_flow_show_login (self);
}

/**
 * floe_flow_log_out:
 * @self: the flow of somebody who is logged in
 *
 * Gives back what they have, and shows the log-in.
 */
void
floe_flow_log_out (FloeFlow *self)
{
  floe_flow_drop_desk (self);
  floe_page_progress_say (floe_window_get_progress_page (self->window), _ ("Logging out"),
                          _ ("Your desktops are given back."));
  floe_flow_set_title (self, "Floe");
  floe_flow_show_page (self, FLOE_VIEW_PROGRESS);
  floe_broker_log_out_async (self->broker, floe_flow_begin_call (self), on_logged_out,
                             g_object_ref (self));
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

  if (!floe_flow_is_logged_in (self))
    return;
  lost = name_of_lost (self);
  if (lost != NULL)
    /* TRANSLATORS: the argument is a desktop's name */
    text = g_strdup_printf (_ ("“%s” will be reset: nothing on it is kept."), lost);
  else
    text = g_strdup (_ ("What is open on your own desktop stays as it is."));
  floe_window_ask (self->window, &(FloeQuestion){ .topic = "log-out",
                                                  .title = _ ("Log out?"),
                                                  .text = text,
                                                  .no = _ ("_Stay"),
                                                  .yes = _ ("_Log Out") });
}

static void
on_answered (FloeWindow *window, gboolean yes, FloeFlow *self)
{
  if (yes && floe_flow_is_logged_in (self))
    floe_flow_log_out (self);
}

void
floe_flow_connect_login (FloeFlow *self)
{
  static const GActionEntry entries[] = { { .name = "log-out", .activate = on_ask_log_out } };
  FloePageLogin *page = floe_window_get_login_page (self->window);

  g_action_map_add_action_entries (G_ACTION_MAP (self->window), entries, G_N_ELEMENTS (entries),
                                   self);
  g_signal_connect_object (page, "begun", G_CALLBACK (on_begun), self, 0);
  g_signal_connect_object (page, "log-in", G_CALLBACK (on_log_in), self, 0);
  g_signal_connect_object (page, "cancel", G_CALLBACK (on_cancel_log_in), self, 0);
  g_signal_connect_object (self->window, "answered::log-out", G_CALLBACK (on_answered), self, 0);
}
