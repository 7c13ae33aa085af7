/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/page-display.h"

#include <glib/gi18n.h>

#include "session/quality-meter.h"
#include "ui/devices.h"
#include "ui/display-bar.h"
#include "ui/display-notices.h"
#include "ui/display-screen.h"
#include "ui/display-spread.h"
#include "ui/late-spinner.h"
#include "ui/zoom.h"
#include "vnc/vnc-session.h"

/* Often enough to see a hitch, and nothing that a session would notice. */
#define MEASURE_EVERY_MS 2000

struct _FloePageDisplay
{
  GtkOverlay parent_instance;

  GtkWidget *screen;
  GtkWidget *veil;
  GtkWidget *spinner;
  GtkWidget *lost_label;
  GtkWidget *lost_detail;
  GtkWidget *retry_button;
  GtkWidget *leave_button;
  GtkWidget *edge;
  GtkWidget *bar;
  GtkWidget *notices;
  GtkWidget *shadow_bar;

  FloeDisplayState *state;
  FloeDisplaySpread *spread;
  FloeMonitorChoice *monitors;
  FloeQualityMeter *meter;
  FloeDevices *devices;
  gboolean adapt;
  guint zoom;
};

enum
{
  SIGNAL_RETRY,
  SIGNAL_LEAVE,
  SIGNAL_INPUT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloePageDisplay, floe_page_display, GTK_TYPE_OVERLAY)

static void
on_quality (FloeQuality quality, guint rtt_us, guint64 rate, gpointer data)
{
  floe_display_state_set_quality (FLOE_PAGE_DISPLAY (data)->state, quality, rtt_us, rate);
}

static void
stop_measuring (FloePageDisplay *self)
{
  g_clear_pointer (&self->meter, floe_quality_meter_free);
  floe_display_state_set_quality (self->state, FLOE_QUALITY_UNKNOWN, 0, 0);
}

/* What is not carried is not offered, and why is said once. */
static void
tell_what_is_missing (FloePageDisplay *self, FloeSession *session)
{
  gboolean plain = floe_session_get_vnc (session) != NULL;

  floe_display_state_set_plain (self->state, plain);
  floe_display_notices_set (
      FLOE_DISPLAY_NOTICES (self->notices), "plain", GTK_MESSAGE_INFO,
      _ ("This desktop speaks VNC"),
      plain ? _ ("There are a picture, a keyboard and a pointer. Sound, copying and pasting, files "
                 "and devices do not pass.")
            : NULL);
}

/**
 * floe_page_display_attach:
 * @self: the page
 * @session: a session whose display is ready
 * @channel_id: which display channel
 * @monitor_id: which monitor of it
 *
 * Shows a guest's screen in the place of what was there.
 */
void
floe_page_display_attach (FloePageDisplay *self, FloeSession *session, guint channel_id,
                          guint monitor_id)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  floe_display_screen_attach (FLOE_DISPLAY_SCREEN (self->screen), session, channel_id, monitor_id);
  floe_display_spread_attach (self->spread, session);
  floe_devices_attach (self->devices, session);
  stop_measuring (self);
  self->meter = floe_quality_meter_new (session, MEASURE_EVERY_MS, on_quality, self);
  tell_what_is_missing (self, session);
}

/**
 * floe_page_display_detach:
 * @self: the page
 *
 * Lets the screen go; the last picture of one that was lost stays.
 */
void
floe_page_display_detach (FloePageDisplay *self)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  stop_measuring (self);
  floe_devices_detach (self->devices);
  floe_display_spread_detach (self->spread);
  floe_display_screen_detach (FLOE_DISPLAY_SCREEN (self->screen));
}

/**
 * floe_page_display_set_title:
 * @self: the page
 * @title: the desktop's name
 */
void
floe_page_display_set_title (FloePageDisplay *self, const gchar *title)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  floe_display_state_set_title (self->state, title);
  floe_display_screen_set_title (FLOE_DISPLAY_SCREEN (self->screen), title);
  floe_display_spread_set_title (self->spread, title);
}

/**
 * floe_page_display_freeze:
 * @self: the page
 * @title: what happened, a few words
 * @detail: what is being done about it
 *
 * Covers the screen: what is typed now reaches nobody, and it should look like that.
 */
void
floe_page_display_freeze (FloePageDisplay *self, const gchar *title, const gchar *detail)
{
  gboolean was_frozen;

  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  was_frozen = gtk_widget_get_visible (self->veil);
  gtk_label_set_text (GTK_LABEL (self->lost_label), title);
  gtk_label_set_text (GTK_LABEL (self->lost_detail), detail);
  floe_display_screen_freeze (FLOE_DISPLAY_SCREEN (self->screen));
  floe_display_spread_freeze (self->spread);
  gtk_widget_show (self->veil);
  floe_late_spinner_set (self->spinner, TRUE);
  if (!was_frozen)
    gtk_widget_grab_focus (self->retry_button);
}

/**
 * floe_page_display_thaw:
 * @self: the page
 *
 * The picture is there again.
 */
void
floe_page_display_thaw (FloePageDisplay *self)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  floe_late_spinner_set (self->spinner, FALSE);
  gtk_widget_hide (self->veil);
  floe_display_screen_thaw (FLOE_DISPLAY_SCREEN (self->screen));
  floe_display_spread_thaw (self->spread);
}

/**
 * floe_page_display_set_notice:
 * @self: the page
 * @text: (nullable): what whoever sits here should know; %NULL for nothing
 *
 * Shows a bar over the screen, until it is closed or there is nothing to know any more. What was
 * closed comes back only when it says something else.
 */
void
floe_page_display_set_notice (FloePageDisplay *self, const gchar *text)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  floe_display_notices_set (FLOE_DISPLAY_NOTICES (self->notices), "outlook", GTK_MESSAGE_INFO, NULL,
                            text);
}

/**
 * floe_page_display_get_notices:
 * @self: the page
 *
 * Returns: (transfer none): the bars over the screen
 */
FloeDisplayNotices *
floe_page_display_get_notices (FloePageDisplay *self)
{
  return FLOE_DISPLAY_NOTICES (self->notices);
}

/**
 * floe_page_display_get_shadow_bar:
 * @self: the page
 *
 * Returns: (transfer none): where it is said who looks at the screen
 */
FloeShadowBar *
floe_page_display_get_shadow_bar (FloePageDisplay *self)
{
  g_return_val_if_fail (FLOE_IS_PAGE_DISPLAY (self), NULL);

  return FLOE_SHADOW_BAR (self->shadow_bar);
}

/**
 * floe_page_display_get_state:
 * @self: the page
 *
 * Returns: (transfer none): what is said of the desktop wherever something is
 */
FloeDisplayState *
floe_page_display_get_state (FloePageDisplay *self)
{
  return self->state;
}

/* Over several monitors the guest is told at one place how large it is on each. */
static void
apply_adapt (FloePageDisplay *self)
{
  floe_display_screen_set_adapt (FLOE_DISPLAY_SCREEN (self->screen),
                                 self->adapt && !floe_display_spread_is_active (self->spread));
}

void
floe_page_display_set_scaling (FloePageDisplay *self, gboolean scaling)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  floe_display_screen_set_scaling (FLOE_DISPLAY_SCREEN (self->screen), scaling);
}

/**
 * floe_page_display_set_adapt:
 * @self: the page
 * @adapt: whether the guest takes the window's size as its resolution; needs an agent in it
 */
void
floe_page_display_set_adapt (FloePageDisplay *self, gboolean adapt)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  self->adapt = adapt;
  apply_adapt (self);
}

/**
 * floe_page_display_zoom:
 * @self: the page
 * @percent: how large the guest is shown
 */
void
floe_page_display_zoom (FloePageDisplay *self, guint percent)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  self->zoom = percent;
  floe_display_screen_set_zoom (FLOE_DISPLAY_SCREEN (self->screen), percent);
}

guint
floe_page_display_get_zoom (FloePageDisplay *self)
{
  g_return_val_if_fail (FLOE_IS_PAGE_DISPLAY (self), FLOE_ZOOM_NORMAL);

  return self->zoom;
}

/**
 * floe_page_display_get_screen:
 * @self: the page
 *
 * Returns: (transfer none): the guest's first screen
 */
FloeDisplayScreen *
floe_page_display_get_screen (FloePageDisplay *self)
{
  return FLOE_DISPLAY_SCREEN (self->screen);
}

void
floe_page_display_set_clipboard (FloePageDisplay *self, gboolean share)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  floe_devices_set_clipboard (self->devices, share);
}

/**
 * floe_page_display_get_devices:
 * @self: the page
 *
 * Returns: (transfer none): what else goes between the desktop and this computer
 */
FloeDevices *
floe_page_display_get_devices (FloePageDisplay *self)
{
  g_return_val_if_fail (FLOE_IS_PAGE_DISPLAY (self), NULL);

  return self->devices;
}

/**
 * floe_page_display_set_settings:
 * @self: the page, without any
 * @settings: what whoever sits here chose
 */
void
floe_page_display_set_settings (FloePageDisplay *self, GSettings *settings)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  floe_devices_set_settings (self->devices, settings);
  floe_monitor_choice_set_settings (self->monitors, settings);
}

/**
 * floe_page_display_forget_person:
 * @self: the page
 *
 * Forgets what somebody chose here, and not in the settings.
 */
void
floe_page_display_forget_person (FloePageDisplay *self)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  floe_monitor_choice_forget (self->monitors);
}

/**
 * floe_page_display_lock_down:
 * @self: the page
 *
 * The guest's keyboard has no release combination any more, and nothing of its screen can be kept.
 */
void
floe_page_display_lock_down (FloePageDisplay *self)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  floe_display_screen_lock_down (FLOE_DISPLAY_SCREEN (self->screen));
  floe_display_state_set_locked_down (self->state, TRUE);
  floe_devices_lock_down (self->devices);
}

/* The bar. */

/**
 * floe_page_display_set_fullscreen:
 * @self: the page
 * @fullscreen: whether there is no header bar now
 */
void
floe_page_display_set_fullscreen (FloePageDisplay *self, gboolean fullscreen)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  floe_display_spread_set_fullscreen (self->spread, fullscreen);
  gtk_widget_set_visible (self->edge, fullscreen);
  floe_display_bar_conceal (FLOE_DISPLAY_BAR (self->bar));
  if (fullscreen)
    floe_display_bar_introduce (FLOE_DISPLAY_BAR (self->bar));
}

/**
 * floe_page_display_show_bar:
 * @self: the page, in full screen
 *
 * Brings the bar out and the keyboard to it.
 */
void
floe_page_display_show_bar (FloePageDisplay *self)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  floe_display_screen_ungrab (FLOE_DISPLAY_SCREEN (self->screen));
  floe_display_bar_reveal (FLOE_DISPLAY_BAR (self->bar));
  floe_display_bar_take_focus (FLOE_DISPLAY_BAR (self->bar));
}

static gboolean
on_edge_entered (FloePageDisplay *self)
{
  floe_display_bar_reveal (FLOE_DISPLAY_BAR (self->bar));
  return GDK_EVENT_PROPAGATE;
}

/* Keys. */

/**
 * floe_page_display_has_keyboard:
 * @self: the page
 *
 * Returns: %TRUE if what is typed belongs to the guest
 */
gboolean
floe_page_display_has_keyboard (FloePageDisplay *self)
{
  g_return_val_if_fail (FLOE_IS_PAGE_DISPLAY (self), FALSE);

  return floe_display_screen_has_keyboard (FLOE_DISPLAY_SCREEN (self->screen));
}

/**
 * floe_page_display_send_keys:
 * @self: the page
 * @keys: see floe_display_screen_send_keys()
 */
void
floe_page_display_send_keys (FloePageDisplay *self, const gchar *keys)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  floe_display_screen_send_keys (FLOE_DISPLAY_SCREEN (self->screen), keys);
}

void
floe_page_display_take_focus (FloePageDisplay *self)
{
  g_return_if_fail (FLOE_IS_PAGE_DISPLAY (self));

  floe_display_screen_take_focus (FLOE_DISPLAY_SCREEN (self->screen));
}

static void
on_input (FloePageDisplay *self)
{
  g_signal_emit (self, signals[SIGNAL_INPUT], 0);
}

static void
on_retry (FloePageDisplay *self)
{
  g_signal_emit (self, signals[SIGNAL_RETRY], 0);
}

static void
on_leave (FloePageDisplay *self)
{
  g_signal_emit (self, signals[SIGNAL_LEAVE], 0);
}

static void
floe_page_display_dispose (GObject *object)
{
  FloePageDisplay *self = FLOE_PAGE_DISPLAY (object);

  g_clear_pointer (&self->meter, floe_quality_meter_free);
  g_clear_object (&self->devices);
  g_clear_object (&self->spread);
  g_clear_object (&self->monitors);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (floe_page_display_parent_class)->dispose (object);
}

static void
floe_page_display_class_init (FloePageDisplayClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FLOE_TYPE_DISPLAY_SCREEN);
  g_type_ensure (FLOE_TYPE_DISPLAY_BAR);
  g_type_ensure (FLOE_TYPE_DISPLAY_NOTICES);
  g_type_ensure (FLOE_TYPE_SHADOW_BAR);
  G_OBJECT_CLASS (klass)->dispose = floe_page_display_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/floe/Floe/page-display.ui");
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, screen);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, veil);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, spinner);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, lost_label);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, lost_detail);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, retry_button);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, leave_button);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, edge);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, bar);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, notices);
  gtk_widget_class_bind_template_child (widget_class, FloePageDisplay, shadow_bar);

  signals[SIGNAL_RETRY] = g_signal_new ("retry", FLOE_TYPE_PAGE_DISPLAY, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_INPUT] = g_signal_new ("input", FLOE_TYPE_PAGE_DISPLAY, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LEAVE] = g_signal_new ("leave", FLOE_TYPE_PAGE_DISPLAY, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
}

static void
make_spread (FloePageDisplay *self)
{
  self->monitors = floe_monitor_choice_new_default (gtk_widget_get_display (GTK_WIDGET (self)));
  self->spread = floe_display_spread_new (GTK_WIDGET (self), self->monitors, self->state);
  g_signal_connect_object (self->spread, "input", G_CALLBACK (on_input), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->spread, "changed", G_CALLBACK (apply_adapt), self,
                           G_CONNECT_SWAPPED);
}

static void
floe_page_display_init (FloePageDisplay *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->devices = floe_devices_new (GTK_OVERLAY (self));
  g_signal_connect_object (self->devices, "closed", G_CALLBACK (floe_page_display_take_focus), self,
                           G_CONNECT_SWAPPED);
  self->adapt = TRUE;
  self->zoom = FLOE_ZOOM_NORMAL;
  self->state = floe_display_state_new ();
  make_spread (self);
  floe_display_bar_set_state (FLOE_DISPLAY_BAR (self->bar), self->state);
  g_signal_connect_swapped (self->retry_button, "clicked", G_CALLBACK (on_retry), self);
  g_signal_connect_swapped (self->leave_button, "clicked", G_CALLBACK (on_leave), self);
  g_signal_connect_swapped (self->edge, "enter-notify-event", G_CALLBACK (on_edge_entered), self);
  g_signal_connect_swapped (self->screen, "input", G_CALLBACK (on_input), self);
}
