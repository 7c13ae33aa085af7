/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/display-spread.h"

#include "session/guest-screens.h"
#include "session/spice-session.h"
#include "ui/display-menus.h"
#include "ui/display-window.h"

struct _FloeDisplaySpread
{
  GObject parent_instance;

  GtkWidget *first; /* the widget in the main window; owns us */
  FloeMonitorChoice *choice;
  FloeDisplayState *state;
  GActionGroup *actions; /* of the menu to choose monitors by */
  FloeSession *session;
  FloeGuestScreens *guest; /* while there is a session */
  GPtrArray *windows;      /* FloeDisplayWindow; the guest's second screen is in the first one */
  gchar *place;            /* the connector of the monitor where the main window is */
  gboolean plain;          /* a guest that has one screen, whatever it is asked for */
  gboolean fullscreen;
  gboolean active;
  guint update;
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_INPUT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeDisplaySpread, floe_display_spread, G_TYPE_OBJECT)

/* Windows. */

static void
on_input (FloeDisplaySpread *self)
{
  g_signal_emit (self, signals[SIGNAL_INPUT], 0);
}

static void
add_window (FloeDisplaySpread *self)
{
  GtkWindow *main = GTK_WINDOW (gtk_widget_get_toplevel (self->first));
  FloeDisplayWindow *window = floe_display_window_new (main);

  g_signal_connect_object (floe_display_window_get_screen (window), "input", G_CALLBACK (on_input),
                           self, G_CONNECT_SWAPPED);
  floe_display_screen_set_title (floe_display_window_get_screen (window),
                                 floe_display_state_get_title (self->state));
  if (floe_display_state_is_locked_down (self->state))
    floe_display_screen_lock_down (floe_display_window_get_screen (window));
  floe_display_bar_set_state (floe_display_window_get_bar (window), self->state);
  gtk_widget_insert_action_group (GTK_WIDGET (window), "monitor", self->actions);
  g_ptr_array_add (self->windows, window);
}

static void
set_n_windows (FloeDisplaySpread *self, guint n)
{
  while (self->windows->len < n)
    add_window (self);
  if (self->windows->len > n)
    g_ptr_array_set_size (self->windows, (gint)n);
}

/* Each window has what the guest has for it by now. */
static void
fill_windows (FloeDisplaySpread *self)
{
  for (guint i = 0; i < self->windows->len; i++)
    {
      FloeDisplayWindow *window = self->windows->pdata[i];
      guint channel_id, monitor_id;
      gboolean there = floe_guest_screens_find (self->guest, i + 1, &channel_id, &monitor_id);

      if (there && !floe_display_window_is_attached (window))
        floe_display_window_attach (window, self->session, channel_id, monitor_id);
      else if (!there && floe_display_window_is_attached (window))
        floe_display_window_detach (window);
    }
}

static void
set_active (FloeDisplaySpread *self, gboolean active)
{
  if (self->active == active)
    return;
  self->active = active;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
gather (FloeDisplaySpread *self)
{
  set_n_windows (self, 0);
  if (self->active && self->guest != NULL)
    floe_guest_screens_ask (self->guest, NULL);
  set_active (self, FALSE);
}

static void
spread_over (FloeDisplaySpread *self, GPtrArray *monitors)
{
  g_autoptr (GArray) screens = floe_monitors_lay_out (monitors);

  set_active (self, TRUE);
  set_n_windows (self, monitors->len - 1);
  for (guint i = 1; i < monitors->len; i++)
    {
      const FloeMonitor *monitor = monitors->pdata[i];
      FloeDisplayWindow *window = self->windows->pdata[i - 1];

      floe_display_window_place (
          window, floe_monitor_choice_get_monitor (self->choice, monitor->connector));
      gtk_widget_show (GTK_WIDGET (window));
    }
  floe_guest_screens_ask (self->guest, screens);
  fill_windows (self);
}

/* find_place: the connector of the monitor where the main window is, or NULL */
static const gchar *
find_place (FloeDisplaySpread *self)
{
  GtkWidget *main = gtk_widget_get_toplevel (self->first);
  GdkWindow *window = gtk_widget_get_window (main);
  const FloeMonitor *monitor = NULL;

  if (window != NULL)
    monitor = floe_monitor_choice_find (
        self->choice, gdk_display_get_monitor_at_window (gtk_widget_get_display (main), window));
  return monitor != NULL ? monitor->connector : NULL;
}

/* The menu says where the window is. */
static void
update_menu (FloeDisplaySpread *self)
{
  GtkWidget *main = gtk_widget_get_toplevel (self->first);
  g_autoptr (GMenuModel) menu = floe_display_menus_new_monitors (self->choice);

  g_free (self->place);
  self->place = g_strdup (find_place (self));
  g_clear_object (&self->actions);
  self->actions = floe_display_menus_new_monitor_actions (self->choice, self->place);
  if (GTK_IS_WINDOW (main))
    gtk_widget_insert_action_group (main, "monitor", self->actions);
  for (guint i = 0; i < self->windows->len; i++)
    gtk_widget_insert_action_group (self->windows->pdata[i], "monitor", self->actions);
  floe_display_state_set_monitors (self->state, self->plain ? NULL : menu);
}

/* The one place that decides. While the way to the guest is lost, windows stay as they are. */
static void
update (FloeDisplaySpread *self)
{
  g_autoptr (GPtrArray) monitors = NULL;

  update_menu (self);
  if (self->plain || !self->fullscreen || !gtk_widget_get_mapped (self->first))
    {
      gather (self);
      return;
    }
  if (self->guest == NULL)
    return;
  monitors = floe_monitor_choice_list (self->choice, self->place,
                                       floe_guest_screens_get_most (self->guest));
  g_debug ("full screen on %u of %u monitors; the guest can have %u, its agent is %s",
           monitors->len, floe_monitor_choice_get_monitors (self->choice)->len,
           floe_guest_screens_get_most (self->guest),
           floe_guest_screens_has_agent (self->guest) ? "there" : "not there");
  if (monitors->len > 1 && (self->active || floe_guest_screens_has_agent (self->guest)))
    spread_over (self, monitors);
  else
    gather (self);
}

static gboolean
on_update (gpointer data)
{
  FloeDisplaySpread *self = data;

  self->update = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

/* Window managers and guests change several things at once, and windows are not to be made and
 * destroyed in the middle of their events. */
static void
update_soon (FloeDisplaySpread *self)
{
  if (self->update == 0)
    self->update = g_idle_add (on_update, self);
}

/* A guest that has got its screens is not asked for them again. */
static void
on_guest_changed (FloeDisplaySpread *self)
{
  if (self->active)
    fill_windows (self);
  else if (self->fullscreen)
    update_soon (self);
}

/* Somebody moves the main window, or its monitor goes, and the window manager does. */
static gboolean
on_configure (FloeDisplaySpread *self)
{
  if (gtk_widget_get_mapped (self->first) && g_strcmp0 (find_place (self), self->place) != 0)
    update_soon (self);
  return GDK_EVENT_PROPAGATE;
}

/**
 * floe_display_spread_attach:
 * @self: the spread
 * @session: the session whose first screen is shown
 */
void
floe_display_spread_attach (FloeDisplaySpread *self, FloeSession *session)
{
  g_return_if_fail (FLOE_IS_DISPLAY_SPREAD (self));

  floe_display_spread_detach (self);
  self->plain = floe_session_get_spice (session) == NULL;
  update_soon (self);
  if (self->plain)
    return;
  self->session = g_object_ref (session);
  self->guest = floe_guest_screens_new (floe_session_get_spice (session));
  g_signal_connect_object (self->guest, "changed", G_CALLBACK (on_guest_changed), self,
                           G_CONNECT_SWAPPED);
}

/**
 * floe_display_spread_detach:
 * @self: the spread
 *
 * The session is gone; the windows keep their last pictures for the next one.
 */
void
floe_display_spread_detach (FloeDisplaySpread *self)
{
  g_return_if_fail (FLOE_IS_DISPLAY_SPREAD (self));

  for (guint i = 0; i < self->windows->len; i++)
    floe_display_window_detach (self->windows->pdata[i]);
  if (self->guest != NULL)
    g_signal_handlers_disconnect_by_data (self->guest, self);
  g_clear_object (&self->guest);
  g_clear_object (&self->session);
}

void
floe_display_spread_set_fullscreen (FloeDisplaySpread *self, gboolean fullscreen)
{
  g_return_if_fail (FLOE_IS_DISPLAY_SPREAD (self));

  self->fullscreen = fullscreen;
  update_soon (self);
}

/**
 * floe_display_spread_set_title:
 * @self: the spread
 * @title: the desktop's name
 */
void
floe_display_spread_set_title (FloeDisplaySpread *self, const gchar *title)
{
  g_return_if_fail (FLOE_IS_DISPLAY_SPREAD (self));

  for (guint i = 0; i < self->windows->len; i++)
    floe_display_screen_set_title (floe_display_window_get_screen (self->windows->pdata[i]), title);
}

void
floe_display_spread_freeze (FloeDisplaySpread *self)
{
  g_return_if_fail (FLOE_IS_DISPLAY_SPREAD (self));

  for (guint i = 0; i < self->windows->len; i++)
    floe_display_screen_freeze (floe_display_window_get_screen (self->windows->pdata[i]));
}

void
floe_display_spread_thaw (FloeDisplaySpread *self)
{
  g_return_if_fail (FLOE_IS_DISPLAY_SPREAD (self));

  for (guint i = 0; i < self->windows->len; i++)
    floe_display_screen_thaw (floe_display_window_get_screen (self->windows->pdata[i]));
}

/**
 * floe_display_spread_is_active:
 * @self: the spread
 *
 * Returns: whether the guest is told here how its screens are to be
 */
gboolean
floe_display_spread_is_active (FloeDisplaySpread *self)
{
  g_return_val_if_fail (FLOE_IS_DISPLAY_SPREAD (self), FALSE);

  return self->active;
}

static void
floe_display_spread_dispose (GObject *object)
{
  FloeDisplaySpread *self = FLOE_DISPLAY_SPREAD (object);

  g_clear_handle_id (&self->update, g_source_remove);
  g_clear_pointer (&self->windows, g_ptr_array_unref);
  g_clear_object (&self->guest);
  g_clear_object (&self->session);
  g_clear_object (&self->choice);
  g_clear_object (&self->state);
  g_clear_object (&self->actions);
  G_OBJECT_CLASS (floe_display_spread_parent_class)->dispose (object);
}

static void
floe_display_spread_finalize (GObject *object)
{
  g_free (FLOE_DISPLAY_SPREAD (object)->place);
  G_OBJECT_CLASS (floe_display_spread_parent_class)->finalize (object);
}

static void
floe_display_spread_class_init (FloeDisplaySpreadClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_display_spread_dispose;
  G_OBJECT_CLASS (klass)->finalize = floe_display_spread_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", FLOE_TYPE_DISPLAY_SPREAD, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_INPUT] = g_signal_new ("input", FLOE_TYPE_DISPLAY_SPREAD, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_display_spread_init (FloeDisplaySpread *self)
{
  self->windows = g_ptr_array_new_with_free_func ((GDestroyNotify)gtk_widget_destroy);
}

static void
on_main_changed (FloeDisplaySpread *self)
{
  GtkWidget *main = gtk_widget_get_toplevel (self->first);

  if (GTK_IS_WINDOW (main))
    g_signal_connect_object (main, "configure-event", G_CALLBACK (on_configure), self,
                             G_CONNECT_SWAPPED);
}

/**
 * floe_display_spread_new:
 * @first: what shows the first screen; it owns the spread
 * @choice: on which monitors
 * @state: what the bars say; it gets the menu to choose monitors by
 *
 * Returns: (transfer full): a spread over nothing yet
 */
FloeDisplaySpread *
floe_display_spread_new (GtkWidget *first, FloeMonitorChoice *choice, FloeDisplayState *state)
{
  FloeDisplaySpread *self = g_object_new (FLOE_TYPE_DISPLAY_SPREAD, NULL);

  self->first = first;
  self->choice = g_object_ref (choice);
  self->state = g_object_ref (state);
  g_signal_connect_object (choice, "changed", G_CALLBACK (update_soon), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (first, "map", G_CALLBACK (update_soon), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (first, "unmap", G_CALLBACK (update_soon), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (first, "hierarchy-changed", G_CALLBACK (on_main_changed), self,
                           G_CONNECT_SWAPPED);
  return self;
}
