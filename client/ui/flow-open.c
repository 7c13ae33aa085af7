/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/flow-private.h"

#include <glib/gi18n.h>

#include "api/error.h"
#include "ui/make-session.h"

/* Connection files: a display without a server behind it. */

static gboolean
parse_keys (FloeHotkey *keys, const gchar *text)
{
  return text != NULL && floe_hotkey_parse (keys, text);
}

/* use_keys: those of a file, or the usual ones again */
static void
use_keys (FloeFlow *self, const FloeVvFile *file)
{
  FloeDisplayScreen *screen =
      floe_page_display_get_screen (floe_window_get_display_page (self->window));
  FloeHotkey fullscreen, attention, release;
  gboolean has_fullscreen = file != NULL && parse_keys (&fullscreen, file->toggle_fullscreen);
  gboolean has_attention = file != NULL && parse_keys (&attention, file->secure_attention);
  gboolean has_release = file != NULL && parse_keys (&release, file->release_cursor);

  floe_window_set_keys (self->window, has_fullscreen ? &fullscreen : NULL,
                        has_attention ? &attention : NULL);
  floe_display_screen_set_release (screen, has_release ? &release : NULL);
}

static void
drop_session (FloeFlow *self)
{
  FloePageDisplay *page = floe_window_get_display_page (self->window);

  if (self->session == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->session, self);
  floe_display_notices_clear (floe_page_display_get_notices (page));
  floe_page_display_detach (page);
  floe_page_display_thaw (page);
  floe_session_end (self->session);
  g_clear_object (&self->session);
}

/**
 * floe_flow_drop_file:
 * @self: the flow
 *
 * Closes the display that a connection file opened, and forgets the file.
 */
void
floe_flow_drop_file (FloeFlow *self)
{
  g_clear_pointer (&self->unread, g_free);
  if (self->file == NULL)
    return;
  drop_session (self);
  use_keys (self, NULL);
  floe_devices_set_auto_usb (
      floe_page_display_get_devices (floe_window_get_display_page (self->window)), FALSE);
  g_clear_pointer (&self->file, floe_vv_file_free);
}

/* A ticket in a file is short-lived, and nobody is there who would give a fresh one, or say why. */
static FloeNotice *
notice_for (FloeEndCause cause, const gchar *detail)
{
  const FloeStop stop = { .cause = cause, .detail = (gchar *)detail };
  g_autoptr (GError) error = NULL;

  if (cause != FLOE_END_AUTH && cause != FLOE_END_CLOSED)
    return floe_notice_new_for_stop (&stop);
  error = floe_client_error_new (FLOE_CLIENT_ERROR_INVALID,
                                 cause == FLOE_END_AUTH ? "file-password" : "file-closed", "%s",
                                 detail);
  return floe_notice_new_for_error (error);
}

static void
on_ended (FloeSession *session, guint cause, const gchar *detail, FloeFlow *self)
{
  g_autoptr (FloeNotice) notice = notice_for (cause, detail);

  g_info ("%s: %s", notice->code, detail);
  drop_session (self);
  floe_flow_show_notice (self, notice);
}

static void
on_state (FloeSession *session, FloeFlow *self)
{
  FloePageDisplay *page = floe_window_get_display_page (self->window);

  if (floe_session_get_state (session) != FLOE_SESSION_PICTURE)
    return;
  floe_flow_show_page (self, FLOE_VIEW_DISPLAY);
  if (self->file->fullscreen)
    gtk_window_fullscreen (GTK_WINDOW (self->window));
  floe_page_display_take_focus (page);
}

static void
on_display_ready (FloeSession *session, guint channel_id, guint monitor_id, FloeFlow *self)
{
  floe_page_display_attach (floe_window_get_display_page (self->window), session, channel_id,
                            monitor_id);
}

static void
begin_session (FloeFlow *self)
{
  const FloeConnection *connection = self->file->connection;
  FloePageDisplay *page = floe_window_get_display_page (self->window);

  floe_page_display_set_title (page, connection->title);
  floe_display_state_set_host (floe_page_display_get_state (page), connection->host);
  floe_window_set_title (self->window, connection->title, connection->host);
  floe_page_progress_say_opening (floe_window_get_progress_page (self->window), connection->title);
  floe_flow_show_page (self, FLOE_VIEW_PROGRESS);
  self->session = floe_make_session (connection, self->tap);
  g_signal_connect (self->session, "state-changed", G_CALLBACK (on_state), self);
  g_signal_connect (self->session, "display-ready", G_CALLBACK (on_display_ready), self);
  g_signal_connect (self->session, "ended", G_CALLBACK (on_ended), self);
  floe_session_start (self->session);
}

/* take_file: opens it in the place of what is open */
static void
take_file (FloeFlow *self, FloeVvFile *file)
{
  floe_flow_drop_desk (self);
  floe_flow_drop_file (self);
  self->file = file;
  use_keys (self, file);
  floe_devices_set_auto_usb (
      floe_page_display_get_devices (floe_window_get_display_page (self->window)), file->auto_usb);
  begin_session (self);
}

/**
 * floe_flow_open_file_again:
 * @self: the flow
 *
 * Connects once more to the display of the connection file that was opened last, or reads it again
 * if it could not be.
 *
 * Returns: whether there is one
 */
gboolean
floe_flow_open_file_again (FloeFlow *self)
{
  g_autofree gchar *unread = g_steal_pointer (&self->unread);

  if (unread != NULL)
    {
      floe_flow_open_file (self, unread);
      return TRUE;
    }
  if (self->file == NULL)
    return FALSE;
  drop_session (self);
  begin_session (self);
  return TRUE;
}

/**
 * floe_flow_leave_file:
 * @self: the flow
 *
 * Back to where one was before; a window that was only there for the file is closed.
 */
void
floe_flow_leave_file (FloeFlow *self)
{
  gboolean visits = self->visits;

  floe_flow_drop_file (self);
  if (floe_flow_is_logged_in (self))
    floe_flow_show_fresh_pools (self);
  else if (visits)
    gtk_window_close (GTK_WINDOW (self->window));
  else
    floe_flow_begin_again (self);
}

/* Whether somebody is looking at a desktop, or waiting for one. */
static gboolean
is_engaged (FloeFlow *self)
{
  return self->desk != NULL || self->session != NULL;
}

static void
ask (FloeFlow *self, const gchar *topic, const gchar *title, const gchar *text, const gchar *yes)
{
  floe_window_ask (
      self->window,
      &(FloeQuestion){
          .topic = topic, .title = title, .text = text, .no = _ ("_Stay"), .yes = yes });
}

/**
 * floe_flow_open_file:
 * @self: the flow
 * @path: a connection file
 *
 * Opens what it says, after asking where something else is open.
 */
void
floe_flow_open_file (FloeFlow *self, const gchar *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeVvFile) file = floe_vv_file_read (path, &error);
  g_autofree gchar *text = NULL;

  if (file == NULL)
    {
      if (is_engaged (self))
        {
          g_message ("%s", error->message);
          return;
        }
      floe_flow_drop_file (self);
      self->unread = g_strdup (path);
      floe_flow_show_error (self, error);
      return;
    }
  if (!is_engaged (self))
    {
      take_file (self, g_steal_pointer (&file));
      return;
    }
  g_clear_pointer (&self->next, floe_vv_file_free);
  self->next = g_steal_pointer (&file);
  /* TRANSLATORS: the argument is a desktop's name */
  text = g_strdup_printf (_ ("“%s” is opened in this window. What is open here stays as it is, and "
                             "can be opened again."),
                          self->next->connection->title);
  ask (self, "open-file", _ ("Open another desktop?"), text, _ ("_Open"));
}

static void
on_answered_file (FloeWindow *window, gboolean yes, FloeFlow *self)
{
  g_autoptr (FloeVvFile) file = g_steal_pointer (&self->next);

  if (yes && file != NULL)
    take_file (self, g_steal_pointer (&file));
}

/* Links. */

static gboolean
is_here (FloeFlow *self, const gchar *url)
{
  const FloeServer *server = self->server != NULL ? self->server : self->first;
  g_autofree gchar *own = server != NULL ? floe_broker_normalize_url (server->url, NULL) : NULL;

  return g_strcmp0 (own, url) == 0;
}

/* find_desktop: the one of that name or id that the person holds, and its pool; or NULL */
static const FloeDesktop *
find_desktop (FloeFlow *self, const gchar *name)
{
  for (guint i = 0; i < self->pools->len; i++)
    {
      const FloePool *pool = self->pools->pdata[i];

      for (guint k = 0; k < pool->desktops->len; k++)
        {
          const FloeDesktop *desktop = pool->desktops->pdata[k];

          if (g_strcmp0 (desktop->name, name) == 0 || g_strcmp0 (desktop->id, name) == 0)
            return desktop;
        }
    }
  return NULL;
}

static gboolean
has_pool (FloeFlow *self, const gchar *name)
{
  for (guint i = 0; i < self->pools->len; i++)
    if (g_strcmp0 (((FloePool *)self->pools->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

static void
show_dead_end (FloeFlow *self, const gchar *name)
{
  /* TRANSLATORS: the argument is the name of a pool or a desktop */
  g_autofree gchar *text =
      g_strdup_printf (_ ("The link leads to “%s”, which is not among your desktops."), name);

  floe_flow_show_pools (self);
  floe_page_pools_set_problem (floe_window_get_pools_page (self->window), text);
}

/**
 * floe_flow_follow_link:
 * @self: the flow of somebody who is logged in
 *
 * Goes where a link leads that waited for the log-in.
 *
 * Returns: whether there was one that leads to more than the server
 */
gboolean
floe_flow_follow_link (FloeFlow *self)
{
  g_autoptr (FloeLink) link = g_steal_pointer (&self->link);
  const FloeDesktop *desktop;

  if (link == NULL || !is_here (self, link->server))
    return FALSE;
  desktop = link->desktop != NULL ? find_desktop (self, link->desktop) : NULL;
  if (desktop != NULL)
    floe_flow_open_desktop (self, desktop->pool, desktop->id);
  else if (link->desktop != NULL)
    show_dead_end (self, link->desktop);
  else if (link->pool != NULL && has_pool (self, link->pool))
    floe_flow_open_desktop (self, link->pool, NULL);
  else if (link->pool != NULL)
    show_dead_end (self, link->pool);
  return link->pool != NULL || link->desktop != NULL;
}

/* A log-in that is under way goes on; what it ends in is the link's. */
static void
go (FloeFlow *self)
{
  self->visits = FALSE;
  if (!is_here (self, self->link->server))
    floe_flow_go_to (self, self->link->server);
  else if (floe_flow_is_logged_in (self))
    floe_flow_follow_link (self);
  else if (self->broker == NULL)
    floe_flow_begin_again (self);
  else if (self->file != NULL)
    {
      floe_flow_drop_file (self);
      floe_flow_show_login (self);
    }
}

static void
ask_for_server (FloeFlow *self)
{
  g_autofree gchar *host = floe_server_dup_host (self->link->server);
  /* TRANSLATORS: the argument is a server's name */
  g_autofree gchar *text = g_strdup_printf (
      _ ("A link leads to “%s”, which is not the server that you use. Whoever runs it gets your "
         "name and password when you log in there. Go on only if you know it."),
      host);

  ask (self, "open-link", _ ("Go to another server?"), text, _ ("_Go On"));
}

static void
ask_to_leave (FloeFlow *self)
{
  ask (self, "open-link", _ ("Open another desktop?"),
       _ ("A link leads there. What is open here stays as it is, and can be opened again."),
       _ ("_Open"));
}

static void
refuse_link (FloeFlow *self, const GError *error)
{
  if (is_engaged (self))
    g_message ("%s", error->message);
  else
    floe_flow_show_error (self, error);
}

/**
 * floe_flow_open_link:
 * @self: the flow
 * @text: a link, from whoever wrote the page that it stood on
 *
 * Goes where it leads, once somebody is logged in there. A server that is not the usual one is
 * asked about first, since a log-in hands it a password.
 */
void
floe_flow_open_link (FloeFlow *self, const gchar *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeLink) link = floe_link_parse (text, &error);

  if (link != NULL && floe_flow_has_one_server (self) && !is_here (self, link->server))
    {
      error = floe_client_error_new (FLOE_CLIENT_ERROR_INVALID, "other-server",
                                     "the link leads to another server than the administrator's");
      g_clear_pointer (&link, floe_link_free);
    }
  if (link == NULL)
    {
      refuse_link (self, error);
      return;
    }
  g_clear_pointer (&self->link, floe_link_free);
  self->link = g_steal_pointer (&link);
  if (!is_here (self, self->link->server))
    ask_for_server (self);
  else if (is_engaged (self) && (self->link->pool != NULL || self->link->desktop != NULL))
    ask_to_leave (self);
  else
    go (self);
}

static void
on_answered_link (FloeWindow *window, gboolean yes, FloeFlow *self)
{
  if (self->link == NULL)
    return;
  if (yes)
    go (self);
  else
    g_clear_pointer (&self->link, floe_link_free);
}

void
floe_flow_connect_open (FloeFlow *self)
{
  g_signal_connect_object (self->window, "answered::open-file", G_CALLBACK (on_answered_file), self,
                           0);
  g_signal_connect_object (self->window, "answered::open-link", G_CALLBACK (on_answered_link), self,
                           0);
}

/**
 * floe_flow_drop_open:
 * @self: a flow that ends
 */
void
floe_flow_drop_open (FloeFlow *self)
{
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->session, self);
      floe_session_end (self->session);
      g_clear_object (&self->session);
    }
  g_clear_pointer (&self->unread, g_free);
  g_clear_pointer (&self->file, floe_vv_file_free);
  g_clear_pointer (&self->next, floe_vv_file_free);
  g_clear_pointer (&self->link, floe_link_free);
}
