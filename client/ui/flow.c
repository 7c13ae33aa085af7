/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/flow-private.h"

#include "api/error.h"

enum
{
  SIGNAL_PERSON_LEFT,
  SIGNAL_FLEET_SETTINGS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeFlow, floe_flow, G_TYPE_OBJECT)

GCancellable *
floe_flow_begin_call (FloeFlow *self)
{
  g_cancellable_cancel (self->call);
  g_clear_object (&self->call);
  self->call = g_cancellable_new ();
  return self->call;
}

gboolean
floe_flow_is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

void
floe_flow_drop_login (FloeFlow *self)
{
  gboolean was_logged_in = floe_flow_is_logged_in (self);

  g_cancellable_cancel (self->call);
  g_clear_object (&self->call);
  floe_flow_drop_passwords (self);
  floe_flow_drop_factor (self);
  floe_flow_drop_watch (self);
  floe_flow_drop_desk (self);
  floe_flow_drop_file (self);
  g_clear_pointer (&self->pools, g_ptr_array_unref);
  g_clear_pointer (&self->wanted, g_free);
  g_clear_pointer (&self->wanted_desktop, g_free);
  floe_flow_forget_person (self);
  if (was_logged_in)
    g_signal_emit (self, signals[SIGNAL_PERSON_LEFT], 0);
}

gboolean
floe_flow_is_logged_in (FloeFlow *self)
{
  return self->pools != NULL;
}

void
floe_flow_set_title (FloeFlow *self, const gchar *title)
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

void
floe_flow_show_page (FloeFlow *self, FloeView page)
{
  gboolean back = page == FLOE_VIEW_SETTINGS || (page == FLOE_VIEW_SERVER && self->broker != NULL);

  if (page != FLOE_VIEW_POOLS)
    floe_flow_drop_watch (self);
  floe_window_set_can_go_back (self->window, back);
  set_enabled (self, "back", back);
  set_enabled (self, "settings",
               page == FLOE_VIEW_SERVER || page == FLOE_VIEW_LOGIN || page == FLOE_VIEW_POOLS);
  set_enabled (self, "refresh", page == FLOE_VIEW_POOLS);
  set_enabled (self, "password", page == FLOE_VIEW_POOLS);
  set_enabled (self, "disconnect", page == FLOE_VIEW_DISPLAY);
  set_enabled (self, "log-out",
               page == FLOE_VIEW_POOLS || (page == FLOE_VIEW_DISPLAY && self->file == NULL));
  floe_flow_kiosk_shows (self, page);
  floe_window_show_view (self->window, page);
}

void
floe_flow_show_notice (FloeFlow *self, const FloeNotice *notice)
{
  gboolean one_server =
      floe_flow_has_one_server (self) || floe_window_is_locked_down (self->window);
  FloeNotice shown = *notice; /* borrows the words */
  FloeRemedy second = FLOE_REMEDY_SERVER;

  if (one_server && notice->remedy == FLOE_REMEDY_SERVER)
    shown.remedy = FLOE_REMEDY_RETRY;
  if (floe_flow_is_logged_in (self))
    second = FLOE_REMEDY_POOLS;
  else if (floe_window_is_locked_down (self->window))
    second = shown.remedy;
  else if (one_server || (notice->remedy == FLOE_REMEDY_SERVER && self->broker != NULL))
    second = FLOE_REMEDY_RETRY;
  floe_page_message_show_notice (floe_window_get_message_page (self->window), &shown, second,
                                 self->server != NULL ? self->server->url : NULL);
  floe_flow_set_title (self, "Floe");
  floe_flow_show_page (self, FLOE_VIEW_MESSAGE);
}

void
floe_flow_show_error (FloeFlow *self, const GError *error)
{
  g_autoptr (FloeNotice) notice = floe_notice_new_for_error (error);

  g_info ("%s: %s", notice->code, error->message);
  floe_flow_show_notice (self, notice);
}

/* The server. */

/* An administrator said which one it is: there is no other to go to. */
gboolean
floe_flow_has_one_server (FloeFlow *self)
{
  return !g_settings_is_writable (self->settings, FLOE_SETTING_SERVER);
}

static void
list_servers (FloeFlow *self)
{
  g_autoptr (GPtrArray) list = floe_servers_list (self->servers);

  floe_page_server_set_servers (floe_window_get_server_page (self->window), list);
}

void
floe_flow_show_server (FloeFlow *self)
{
  floe_flow_drop_terminal (self);
  floe_flow_drop_login (self);
  list_servers (self);
  floe_page_server_set_problem (floe_window_get_server_page (self->window), NULL);
  floe_window_set_title (self->window, "Floe", NULL);
  floe_flow_show_page (self, FLOE_VIEW_SERVER);
}

static void
on_back (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  FloeFlow *self = data;

  if (floe_window_get_view (self->window) == FLOE_VIEW_SETTINGS)
    floe_flow_leave_settings (self);
  else
    floe_flow_show_login (self);
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
  if (broker != NULL && self->terminal_key != NULL && !floe_flow_may_enrol (self)
      && !floe_broker_set_terminal_key (broker, self->terminal_key, &error))
    g_clear_object (&broker);
  if (broker == NULL)
    {
      g_autoptr (FloeNotice) notice = floe_notice_new_for_error (error);

      if (floe_flow_has_one_server (self))
        floe_flow_show_notice (self, notice);
      floe_page_server_set_problem (floe_window_get_server_page (self->window), notice->body);
      if (self->kiosk != NULL && self->first != NULL)
        floe_flow_show_notice (self, notice);
      return FALSE;
    }
  known = floe_servers_lookup (self->servers, url);
  if (user == NULL && known != NULL)
    user = known->user;
  floe_flow_drop_login (self);
  floe_flow_drop_domains (self);
  floe_flow_drop_announcements (self);
  floe_page_login_set_announcements (floe_window_get_login_page (self->window), NULL);
  g_set_object (&self->broker, broker);
  g_clear_pointer (&self->server, floe_server_free);
  self->server = floe_server_new (url, user, ca_file);
  floe_page_login_clear_password (floe_window_get_login_page (self->window));
  floe_page_login_set_user (floe_window_get_login_page (self->window), user);
  if (floe_flow_may_enrol (self))
    {
      floe_flow_show_enrolment (self);
      return TRUE;
    }
  floe_flow_begin_fleet (self);
  floe_flow_show_login (self);
  if (self->terminal_key == NULL) /* else once it is known that this is no public terminal */
    floe_flow_begin_with_ticket (self);
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

/* text_setting: a setting that is not empty, or NULL */
static gchar *
text_setting (FloeFlow *self, const gchar *key)
{
  g_autofree gchar *text = g_settings_get_string (self->settings, key);

  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}

/* named_server: the server at an address, with the certificate file that is named or remembered */
static FloeServer *
named_server (FloeFlow *self, const gchar *address, const gchar *user, const gchar *ca_file)
{
  g_autofree gchar *url = floe_broker_normalize_url (address, NULL);
  g_autoptr (FloeServer) known = url != NULL ? floe_servers_lookup (self->servers, url) : NULL;

  if (ca_file == NULL && known != NULL)
    ca_file = known->ca_file;
  return floe_server_new (address, user, ca_file);
}

/* first_server: an administrator's, or else the command line's, the person's own choice, or the one
 * that was used last; or NULL */
static FloeServer *
first_server (FloeFlow *self, const FloeFlowStart *start)
{
  g_autofree gchar *server = text_setting (self, FLOE_SETTING_SERVER);
  g_autofree gchar *ca_file = text_setting (self, FLOE_SETTING_CA_FILE);
  g_autofree gchar *user = text_setting (self, FLOE_SETTING_USER);
  g_autoptr (GPtrArray) list = floe_servers_list (self->servers);
  const gchar *first_user = start->user != NULL ? start->user : user;
  const FloeServer *last = list->len > 0 ? list->pdata[0] : NULL;

  if (start->broker != NULL && !(server != NULL && floe_flow_has_one_server (self)))
    return named_server (self, start->broker, first_user, start->ca_file);
  if (server != NULL)
    return named_server (self, server, first_user,
                         start->ca_file != NULL ? start->ca_file : ca_file);
  if (last == NULL)
    return NULL;
  return floe_server_new (last->url, first_user,
                          start->ca_file != NULL ? start->ca_file : last->ca_file);
}

/* After a failure. */

/**
 * floe_flow_go_to:
 * @self: the flow
 * @url: a server, see floe_broker_normalize_url()
 *
 * Returns: whether it can be used, and is, from the log-in on
 */
gboolean
floe_flow_go_to (FloeFlow *self, const gchar *url)
{
  g_autoptr (FloeServer) server = named_server (self, url, NULL, NULL);

  return use_server (self, server->url, NULL, server->ca_file);
}

/**
 * floe_flow_begin_again:
 * @self: the flow
 *
 * Tries once more to use the server that it began with, or asks for one.
 */
void
floe_flow_begin_again (FloeFlow *self)
{
  if (self->first == NULL)
    floe_flow_show_server (self);
  else
    use_server (self, self->first->url, self->first->user, self->first->ca_file);
}

static void
retry (FloeFlow *self)
{
  if (floe_flow_open_file_again (self))
    return;
  if (self->broker == NULL)
    floe_flow_begin_again (self);
  else if (!floe_flow_is_logged_in (self))
    floe_flow_show_login (self);
  else if (!floe_flow_open_again (self))
    floe_flow_show_fresh_pools (self);
}

static void
on_remedy (FloePageMessage *page, guint remedy, FloeFlow *self)
{
  switch ((FloeRemedy)remedy)
    {
    case FLOE_REMEDY_SERVER:
      floe_flow_show_server (self);
      break;
    case FLOE_REMEDY_LOG_IN:
      floe_flow_drop_login (self);
      floe_flow_show_login (self);
      break;
    case FLOE_REMEDY_POOLS:
      floe_flow_show_fresh_pools (self);
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
  g_signal_connect_object (floe_window_get_login_page (window), "other-server",
                           G_CALLBACK (floe_flow_show_server), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (floe_window_get_message_page (window), "remedy", G_CALLBACK (on_remedy),
                           self, 0);
}

/**
 * floe_flow_new:
 * @window: the window; it must outlive the flow
 * @servers: what is remembered
 * @settings: what was chosen, by whoever sits here or by an administrator
 * @tap: what the SPICE library logs
 *
 * Returns: (transfer full): a flow that has not begun
 */
FloeFlow *
floe_flow_new (FloeWindow *window, FloeServers *servers, GSettings *settings, FloeLogTap *tap)
{
  static const GActionEntry entries[] = {
    { .name = "back", .activate = on_back },
  };
  FloeFlow *self = g_object_new (FLOE_TYPE_FLOW, NULL);

  self->window = window;
  self->servers = g_object_ref (servers);
  self->settings = g_object_ref (settings);
  self->tap = floe_log_tap_ref (tap);
  /* What is still asked then has no page to be shown on. */
  g_signal_connect_object (window, "destroy", G_CALLBACK (g_object_run_dispose), self,
                           G_CONNECT_SWAPPED);
  g_action_map_add_action_entries (G_ACTION_MAP (window), entries, G_N_ELEMENTS (entries), self);
  connect_pages (self);
  floe_flow_connect_settings (self);
  floe_flow_connect_login (self);
  floe_flow_connect_ticket (self);
  floe_flow_connect_factor (self);
  floe_flow_connect_password (self);
  floe_flow_connect_fleet (self);
  floe_flow_connect_desktops (self);
  floe_flow_connect_acts (self);
  floe_flow_connect_shadow (self);
  floe_flow_connect_open (self);
  return self;
}

/**
 * floe_flow_start:
 * @self: a flow that has not begun
 * @start: what the command line said
 *
 * Begins with the server that was chosen, else with the question which one.
 */
void
floe_flow_start (FloeFlow *self, const FloeFlowStart *start)
{
  self->terminal_key = g_strdup (start->terminal_key);
  self->state_dir = g_strdup (start->state_dir);
  self->mark_dir = g_strdup (start->mark_dir);
  self->was_ended = floe_mark_sweep (self->mark_dir);
  if (self->was_ended)
    g_message ("the program before this one ended while a desktop was open");
  self->first = first_server (self, start);
  self->may_use_ticket = start->kerberos;
  floe_flow_show_server (self);
  self->visits = start->visit;
  if (self->first == NULL)
    return;
  floe_page_server_set_server (floe_window_get_server_page (self->window), self->first);
  if (!self->visits)
    floe_flow_begin_again (self);
}

static void
floe_flow_dispose (GObject *object)
{
  FloeFlow *self = FLOE_FLOW (object);

  g_cancellable_cancel (self->call);
  g_clear_object (&self->call);
  floe_flow_drop_domains (self);
  floe_flow_drop_announcements (self);
  floe_flow_drop_terminal (self);
  floe_flow_drop_fleet (self);
  floe_flow_drop_watch (self);
  floe_flow_drop_kiosk (self);
  floe_flow_drop_open (self);
  if (self->desk != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->desk, self);
      floe_desk_stop (self->desk);
      g_clear_object (&self->desk);
    }
  g_clear_pointer (&self->mark, floe_mark_free);
  g_clear_object (&self->broker);
  g_clear_object (&self->servers);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (floe_flow_parent_class)->dispose (object);
}

static void
floe_flow_finalize (GObject *object)
{
  FloeFlow *self = FLOE_FLOW (object);

  g_clear_pointer (&self->pools, g_ptr_array_unref);
  g_clear_pointer (&self->password, floe_secret_unref);
  g_clear_pointer (&self->new_password, floe_secret_unref);
  g_clear_pointer (&self->entering, floe_login_free);
  g_clear_pointer (&self->server, floe_server_free);
  g_clear_pointer (&self->first, floe_server_free);
  g_clear_pointer (&self->tap, floe_log_tap_unref);
  g_free (self->terminal_key);
  g_free (self->state_dir);
  g_free (self->mark_dir);
  g_free (self->wanted);
  g_free (self->wanted_desktop);
  G_OBJECT_CLASS (floe_flow_parent_class)->finalize (object);
}

static void
floe_flow_class_init (FloeFlowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = floe_flow_dispose;
  object_class->finalize = floe_flow_finalize;
  signals[SIGNAL_PERSON_LEFT] = g_signal_new ("person-left", FLOE_TYPE_FLOW, G_SIGNAL_RUN_LAST, 0,
                                              NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FLEET_SETTINGS] = g_signal_new (
      "fleet-settings", FLOE_TYPE_FLOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

void
floe_flow_tell_fleet_settings (FloeFlow *self)
{
  g_signal_emit (self, signals[SIGNAL_FLEET_SETTINGS], 0);
}

static void
floe_flow_init (FloeFlow *self)
{
}
