/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/flow-private.h"

#include <glib/gi18n.h>

#include "api/error.h"
#include "api/key-file.h"
#include "terminal/enrol.h"
#include "terminal/keep.h"

/* A terminal that is nothing else: it becomes one with a code from the helpdesk, goes by what its
 * broker says, and lets an administrator out with a code that needs no network. */

/* How an administrator asks for the way out: in a corner, so often. */
#define CORNER 64
#define TAPS   5

static FloePageCode *
page_of (FloeFlow *self)
{
  return floe_window_get_code_page (self->window);
}

static gchar *
state_dir (FloeFlow *self)
{
  return self->state_dir != NULL ? g_strdup (self->state_dir) : floe_keep_dir ();
}

/* How it is. */

static GStrv
list_monitors (GdkDisplay *display)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  for (gint i = 0; i < gdk_display_get_n_monitors (display); i++)
    {
      g_autofree gchar *size = NULL;
      GdkMonitor *monitor = gdk_display_get_monitor (display, i);
      GdkRectangle area;
      gint scale = gdk_monitor_get_scale_factor (monitor);

      gdk_monitor_get_geometry (monitor, &area);
      size = g_strdup_printf ("%dx%d", area.width * scale, area.height * scale);
      g_strv_builder_add (list, size);
    }
  return g_strv_builder_end (list);
}

static void
on_monitors (FloeFlow *self)
{
  g_auto (GStrv) list = list_monitors (gtk_widget_get_display (GTK_WIDGET (self->window)));

  if (self->fleet != NULL)
    floe_fleet_set_monitors (self->fleet, (const gchar *const *)list);
}

/* Becoming a terminal. */

static void
ask_enrolment (FloeFlow *self)
{
  const FloeCodeQuestion question = {
    .title = _ ("Set Up This Terminal"),
    .why = _ ("Type the code that your helpdesk made for this terminal."),
    .field = _ ("Co_de from the helpdesk"),
    .name = _ ("Code from the helpdesk"),
    .go = _ ("_Set Up"),
    .back = _ ("_Log In Without"),
  };

  self->asks_unlock = FALSE;
  floe_page_code_ask (page_of (self), &question);
  floe_window_set_title (self->window, "Floe", NULL);
  floe_flow_show_page (self, FLOE_VIEW_CODE);
}

/* Not while somebody works, and not again after somebody said that they need none. */
static void
on_stranger (FloeFlow *self)
{
  FloeView view = floe_window_get_view (self->window);

  if (!self->enrolment_declined && (view == FLOE_VIEW_LOGIN || view == FLOE_VIEW_MESSAGE))
    ask_enrolment (self);
}

static const gchar *
enrolment_problem (const GError *error)
{
  if (floe_client_error_has_reason (error, "wrong-terminal-code"))
    return _ ("That code is wrong, too old, or was used already.");
  if (floe_client_error_has_reason (error, "too-many-tries"))
    return _ ("Too many wrong codes came from here. Try again later.");
  return NULL;
}

static void
show_enrolment_problem (FloeFlow *self, const GError *error)
{
  g_autoptr (FloeNotice) notice = floe_notice_new_for_error (error);
  const gchar *words = enrolment_problem (error);

  g_info ("this is no terminal: %s", error->message);
  floe_page_code_set_busy (page_of (self), FALSE);
  floe_page_code_set_problem (page_of (self), words != NULL ? words : notice->body);
  floe_page_code_take_focus (page_of (self));
}

static void
on_enrolled (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeFlow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = floe_broker_call_finish (FLOE_BROKER (source), result, &error);
  g_autofree gchar *dir = NULL;

  if (floe_flow_is_cancelled (error))
    return;
  if (root == NULL)
    {
      show_enrolment_problem (self, error);
      return;
    }
  dir = state_dir (self);
  floe_keep_forget (dir);
  floe_flow_begin_fleet (self);
  floe_flow_show_login (self);
}

static void
enrol (FloeFlow *self, const gchar *code)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *body = NULL;
  gboolean made;

  if (!floe_terminal_key_make (self->terminal_key, &made, &error)
      || !floe_broker_set_terminal_key (self->broker, self->terminal_key, &error))
    {
      show_enrolment_problem (self, error);
      return;
    }
  body = floe_enrol_make_body (code);
  floe_page_code_set_busy (page_of (self), TRUE);
  floe_broker_call_async (self->broker, "POST", "terminal/enrol", body, floe_flow_begin_call (self),
                          on_enrolled, g_object_ref (self));
}

/**
 * floe_flow_may_enrol:
 *
 * Returns: whether this machine is to be a terminal and has no key yet
 */
gboolean
floe_flow_may_enrol (FloeFlow *self)
{
  return self->terminal_key != NULL && floe_window_is_locked_down (self->window)
         && !g_file_test (self->terminal_key, G_FILE_TEST_EXISTS);
}

void
floe_flow_show_enrolment (FloeFlow *self)
{
  ask_enrolment (self);
}

/* The way out. */

static gchar *
pause_words (guint seconds)
{
  return g_strdup_printf (g_dngettext (NULL, "Too many wrong codes. Wait %u second.",
                                       "Too many wrong codes. Wait %u seconds.", seconds),
                          seconds);
}

static void
show_pause (FloeFlow *self)
{
  guint seconds = floe_unlock_get_pause (floe_fleet_get_unlock (self->fleet), g_get_real_time ());
  g_autofree gchar *words = seconds > 0 ? pause_words (seconds) : NULL;

  floe_page_code_set_problem (page_of (self), words);
}

static void
ask_unlock (FloeFlow *self)
{
  const FloeCodeQuestion question = {
    .title = _ ("Open This Terminal"),
    .why = _ ("Tell your administrator these digits, and type the code that they make from them."),
    .shown = floe_unlock_get_challenge (floe_fleet_get_unlock (self->fleet)),
    .field = _ ("Co_de from the administrator"),
    .name = _ ("Code from the administrator"),
    .go = _ ("_Open"),
    .back = _ ("_Back"),
  };

  self->asks_unlock = TRUE;
  self->before_code = floe_window_get_view (self->window);
  floe_page_code_ask (page_of (self), &question);
  show_pause (self);
  floe_flow_show_page (self, FLOE_VIEW_CODE);
}

/* Where no code could be right, there is nothing to be seen. */
static void
want_unlock (FloeFlow *self)
{
  if (self->fleet != NULL && floe_fleet_can_unlock (self->fleet)
      && floe_window_get_view (self->window) != FLOE_VIEW_CODE)
    ask_unlock (self);
}

static void
unlock (FloeFlow *self, const gchar *code)
{
  if (self->fleet == NULL)
    return;
  switch (floe_fleet_unlock (self->fleet, code))
    {
    case FLOE_UNLOCK_RIGHT:
      g_message ("an administrator opened this terminal");
      gtk_widget_destroy (GTK_WIDGET (self->window));
      return;
    case FLOE_UNLOCK_WRONG:
      floe_page_code_set_shown (page_of (self),
                                floe_unlock_get_challenge (floe_fleet_get_unlock (self->fleet)));
      floe_page_code_clear (page_of (self));
      show_pause (self);
      if (floe_unlock_get_pause (floe_fleet_get_unlock (self->fleet), g_get_real_time ()) == 0)
        floe_page_code_set_problem (page_of (self), _ ("That code does not fit these digits."));
      break;
    case FLOE_UNLOCK_PAUSED:
    default:
      show_pause (self);
      break;
    }
  floe_page_code_take_focus (page_of (self));
}

static gboolean
on_key_press (GtkWidget *window, GdkEventKey *event, FloeFlow *self)
{
  const GdkModifierType all = GDK_CONTROL_MASK | GDK_MOD1_MASK | GDK_SHIFT_MASK;

  if ((event->state & all) != all || gdk_keyval_to_lower (event->keyval) != GDK_KEY_o)
    return GDK_EVENT_PROPAGATE;
  want_unlock (self);
  return GDK_EVENT_STOP;
}

static void
on_tap (GtkGestureMultiPress *gesture, gint n_press, gdouble x, gdouble y, FloeFlow *self)
{
  if (n_press == TAPS && x < CORNER && y < CORNER)
    want_unlock (self);
}

/* Both questions. */

static void
on_code (FloePageCode *page, const gchar *code, FloeFlow *self)
{
  g_autofree gchar *copy = g_strdup (code);

  if (self->asks_unlock)
    unlock (self, copy);
  else
    enrol (self, copy);
}

static void
on_back (FloePageCode *page, FloeFlow *self)
{
  if (self->asks_unlock)
    {
      floe_flow_show_page (self, self->before_code);
      return;
    }
  self->enrolment_declined = TRUE;
  floe_flow_show_login (self);
}

/**
 * floe_flow_connect_fleet:
 *
 * Before the window is locked down or not: what follows looks at that itself.
 */
void
floe_flow_connect_fleet (FloeFlow *self)
{
  GdkDisplay *display = gtk_widget_get_display (GTK_WIDGET (self->window));

  g_signal_connect_object (page_of (self), "code", G_CALLBACK (on_code), self, 0);
  g_signal_connect_object (page_of (self), "back", G_CALLBACK (on_back), self, 0);
  g_signal_connect_object (display, "monitor-added", G_CALLBACK (on_monitors), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (display, "monitor-removed", G_CALLBACK (on_monitors), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

static void
watch_for_administrator (FloeFlow *self)
{
  GtkGesture *taps = gtk_gesture_multi_press_new (GTK_WIDGET (self->window));

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (taps), GTK_PHASE_CAPTURE);
  g_signal_connect_object (taps, "pressed", G_CALLBACK (on_tap), self, 0);
  g_object_set_data_full (G_OBJECT (self->window), "floe-taps", taps, g_object_unref);
  g_signal_connect_object (self->window, "key-press-event", G_CALLBACK (on_key_press), self, 0);
}

/**
 * floe_flow_begin_fleet:
 * @self: a flow whose broker is there
 *
 * Where nothing else runs on this machine, and it has a key: goes by what the broker says, or said.
 */
void
floe_flow_begin_fleet (FloeFlow *self)
{
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autofree gchar *fingerprint = NULL;
  g_autofree gchar *dir = NULL;

  floe_flow_drop_fleet (self);
  if (self->terminal_key == NULL || !floe_window_is_locked_down (self->window))
    return;
  certificate = floe_key_file_load (self->terminal_key, NULL);
  if (certificate == NULL)
    return;
  if (g_object_get_data (G_OBJECT (self->window), "floe-taps") == NULL)
    watch_for_administrator (self);
  fingerprint = floe_fleet_fingerprint (certificate);
  dir = state_dir (self);
  self->fleet = floe_fleet_new (self->broker, fingerprint, dir);
  on_monitors (self);
  if (self->was_ended)
    floe_fleet_set_problem (self->fleet, "the program ended while a desktop was open");
  g_signal_connect_swapped (self->fleet, "settings", G_CALLBACK (floe_flow_tell_fleet_settings),
                            self);
  g_signal_connect_swapped (self->fleet, "stranger", G_CALLBACK (on_stranger), self);
  g_signal_connect_swapped (self->fleet, "settings", G_CALLBACK (floe_flow_show_domains), self);
  floe_fleet_start (self->fleet);
}

void
floe_flow_drop_fleet (FloeFlow *self)
{
  if (self->fleet == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->fleet, self);
  floe_fleet_stop (self->fleet);
  g_clear_object (&self->fleet);
}

/**
 * floe_flow_pick_pool:
 * @self: a flow where somebody is logged in
 *
 * Returns: (transfer none) (nullable): the pool that is opened by itself: the only one, or the one
 *   that is set for this terminal
 */
const gchar *
floe_flow_pick_pool (FloeFlow *self)
{
  const gchar *wanted = self->fleet != NULL ? floe_fleet_get_settings (self->fleet)->pool : NULL;

  for (guint i = 0; i < self->pools->len; i++)
    {
      const FloePool *pool = self->pools->pdata[i];

      if (g_strcmp0 (pool->name, wanted) == 0)
        return pool->name;
      if (self->pools->len == 1 && !floe_pool_is_choice (pool))
        return pool->name;
    }
  return NULL;
}

/**
 * floe_flow_get_fleet_settings:
 * @self: the flow
 *
 * Returns: (transfer none) (nullable): what this terminal of a fleet goes by; %NULL where it is
 * none
 */
const FloeTerminalSettings *
floe_flow_get_fleet_settings (FloeFlow *self)
{
  g_return_val_if_fail (FLOE_IS_FLOW (self), NULL);

  return self->fleet != NULL ? floe_fleet_get_settings (self->fleet) : NULL;
}

/**
 * floe_flow_set_fleet_problem:
 * @self: the flow
 * @problem: (nullable): which of its settings cannot be had here, for the helpdesk to see
 */
void
floe_flow_set_fleet_problem (FloeFlow *self, const gchar *problem)
{
  g_return_if_fail (FLOE_IS_FLOW (self));

  if (self->fleet != NULL)
    floe_fleet_set_problem (self->fleet, problem);
}

/**
 * floe_flow_is_untouched:
 * @self: the flow
 *
 * Returns: whether nobody is at it: nobody is logged in, or has begun to type who they are
 */
gboolean
floe_flow_is_untouched (FloeFlow *self)
{
  g_return_val_if_fail (FLOE_IS_FLOW (self), FALSE);

  return floe_flow_may_begin_again (self)
         && floe_page_login_is_blank (floe_window_get_login_page (self->window));
}
