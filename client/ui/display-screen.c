/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/display-screen.h"

#include "ui/devices.h"
#include "ui/frozen-picture.h"
#include "ui/zoom.h"

#define MAX_KEYS 8

struct _FloeDisplayScreen
{
  GtkOverlay parent_instance;

  GtkWidget *place;
  GtkWidget *frozen;

  SpiceSession *spice; /* whose display channel lives; only ever compared */
  GtkWidget *display;  /* the SpiceDisplay, or NULL */
  SpiceChannel *main;  /* while there is a display, as the next one */
  SpiceChannel *channel;
  guint monitor_id;
  gchar *title;
  gboolean scaling;
  gboolean adapt;
  gboolean locked_down;
  guint zoom; /* percent */
};

enum
{
  SIGNAL_INPUT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FloeDisplayScreen, floe_display_screen, GTK_TYPE_OVERLAY)

/* The last picture. */

static void
keep_picture (FloeDisplayScreen *self)
{
  g_autoptr (GdkPixbuf) picture = NULL;

  if (self->display == NULL)
    return;
  picture = spice_display_get_pixbuf (SPICE_DISPLAY (self->display));
  if (picture != NULL)
    floe_frozen_picture_set (FLOE_FROZEN_PICTURE (self->frozen), picture);
}

/* The widget throws the picture away in its own handler, which was connected after this one. */
static void
on_channel_destroy (SpiceSession *spice, SpiceChannel *channel, FloeDisplayScreen *self)
{
  if (SPICE_IS_DISPLAY_CHANNEL (channel) && spice == self->spice)
    {
      keep_picture (self);
      self->spice = NULL;
    }
}

/**
 * floe_display_screen_freeze:
 * @self: the screen
 *
 * Shows the last picture instead of the guest, until floe_display_screen_thaw().
 */
void
floe_display_screen_freeze (FloeDisplayScreen *self)
{
  g_return_if_fail (FLOE_IS_DISPLAY_SCREEN (self));

  gtk_widget_show (self->frozen);
}

void
floe_display_screen_thaw (FloeDisplayScreen *self)
{
  g_return_if_fail (FLOE_IS_DISPLAY_SCREEN (self));

  gtk_widget_hide (self->frozen);
  floe_frozen_picture_set (FLOE_FROZEN_PICTURE (self->frozen), NULL);
}

gboolean
floe_display_screen_is_frozen (FloeDisplayScreen *self)
{
  g_return_val_if_fail (FLOE_IS_DISPLAY_SCREEN (self), FALSE);

  return gtk_widget_get_visible (self->frozen);
}

/* The display. */

/* In pixels of the guest. */
static void
get_guest_size (FloeDisplayScreen *self, gint *width, gint *height)
{
  g_autoptr (GArray) monitors = NULL;

  g_object_get (self->channel, "width", width, "height", height, "monitors", &monitors, NULL);
  for (guint i = 0; monitors != NULL && i < monitors->len; i++)
    {
      const SpiceDisplayMonitorConfig *monitor =
          &g_array_index (monitors, SpiceDisplayMonitorConfig, i);

      if (monitor->id != self->monitor_id || monitor->width == 0)
        continue;
      *width = (gint)monitor->width;
      *height = (gint)monitor->height;
    }
}

/* A guest that nobody can tell how large it should be is made larger or smaller as it is, and
 * scrolled. */
static void
apply_fixed_zoom (FloeDisplayScreen *self)
{
  gint factor = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  gint width = 0, height = 0;

  get_guest_size (self, &width, &height);
  gtk_widget_set_size_request (self->place, width * (gint)self->zoom / (100 * factor),
                               height * (gint)self->zoom / (100 * factor));
  g_object_set (self->place, "halign", GTK_ALIGN_CENTER, "valign", GTK_ALIGN_CENTER, NULL);
}

static void
apply_options (FloeDisplayScreen *self)
{
  gboolean follows = floe_display_screen_follows (self);
  gboolean is_fixed = !follows && !self->scaling && self->zoom != FLOE_ZOOM_NORMAL;

  if (self->display == NULL)
    return;
  g_object_set (self->display, "scaling", self->scaling || self->zoom != FLOE_ZOOM_NORMAL,
                "resize-guest", self->adapt, "zoom-level",
                follows ? (gint)self->zoom : FLOE_ZOOM_NORMAL, NULL);
  if (is_fixed)
    apply_fixed_zoom (self);
  else
    {
      gtk_widget_set_size_request (self->place, -1, -1);
      g_object_set (self->place, "halign", GTK_ALIGN_FILL, "valign", GTK_ALIGN_FILL, NULL);
    }
}

/**
 * floe_display_screen_follows:
 * @self: the screen
 *
 * Returns: whether the guest takes the window's size as its resolution, so that zooming is for it
 *   to do
 */
gboolean
floe_display_screen_follows (FloeDisplayScreen *self)
{
  gboolean has_agent = FALSE;

  g_return_val_if_fail (FLOE_IS_DISPLAY_SCREEN (self), FALSE);

  if (self->main != NULL)
    g_object_get (self->main, "agent-connected", &has_agent, NULL);
  return self->adapt && has_agent;
}

/* An empty sequence is never pressed; without one there would be the library's own. */
static void
forget_release (FloeDisplayScreen *self)
{
  SpiceGrabSequence *nothing;

  if (self->display == NULL || !self->locked_down)
    return;
  nothing = spice_grab_sequence_new (0, NULL);
  spice_display_set_grab_keys (SPICE_DISPLAY (self->display), nothing);
  spice_grab_sequence_free (nothing);
}

static void
name_display (FloeDisplayScreen *self)
{
  if (self->display != NULL)
    atk_object_set_name (gtk_widget_get_accessible (self->display), self->title);
}

static gboolean
on_display_event (GtkWidget *display, GdkEvent *event, FloeDisplayScreen *self)
{
  switch (gdk_event_get_event_type (event))
    {
    case GDK_KEY_PRESS:
    case GDK_BUTTON_PRESS:
    case GDK_MOTION_NOTIFY:
    case GDK_SCROLL:
    case GDK_TOUCH_BEGIN:
    case GDK_TOUCH_UPDATE:
      g_signal_emit (self, signals[SIGNAL_INPUT], 0);
      break;
    default:
      break;
    }
  return GDK_EVENT_PROPAGATE;
}

static void
find_channels (FloeDisplayScreen *self, guint channel_id)
{
  GList *channels = spice_session_get_channels (self->spice);

  for (GList *l = channels; l != NULL; l = l->next)
    {
      gint id;

      g_object_get (l->data, "channel-id", &id, NULL);
      if (SPICE_IS_MAIN_CHANNEL (l->data))
        g_set_object (&self->main, l->data);
      else if (SPICE_IS_DISPLAY_CHANNEL (l->data) && id == (gint)channel_id)
        g_set_object (&self->channel, l->data);
    }
  g_list_free (channels);
}

static void
drop_channels (FloeDisplayScreen *self)
{
  if (self->main != NULL)
    g_signal_handlers_disconnect_by_data (self->main, self);
  if (self->channel != NULL)
    g_signal_handlers_disconnect_by_data (self->channel, self);
  g_clear_object (&self->main);
  g_clear_object (&self->channel);
}

/**
 * floe_display_screen_attach:
 * @self: the screen
 * @session: a session whose display is ready
 * @channel_id: which display channel
 * @monitor_id: which monitor of it
 *
 * Shows a guest's screen in the place of what was there.
 */
void
floe_display_screen_attach (FloeDisplayScreen *self, FloeSession *session, guint channel_id,
                            guint monitor_id)
{
  g_return_if_fail (FLOE_IS_DISPLAY_SCREEN (self));

  floe_display_screen_detach (self);
  self->spice = floe_session_get_spice (session);
  g_signal_connect_object (self->spice, "channel-destroy", G_CALLBACK (on_channel_destroy), self,
                           0);
  self->display =
      GTK_WIDGET (spice_display_new_with_monitor (self->spice, (gint)channel_id, (gint)monitor_id));
  floe_devices_prepare_display (session, self->display);
  find_channels (self, channel_id);
  self->monitor_id = monitor_id;
  g_signal_connect_object (self->main, "notify::agent-connected", G_CALLBACK (apply_options), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->channel, "notify::monitors", G_CALLBACK (apply_options), self,
                           G_CONNECT_SWAPPED);
  apply_options (self);
  forget_release (self);
  name_display (self);
  g_signal_connect_object (self->display, "event", G_CALLBACK (on_display_event), self, 0);
  gtk_box_pack_start (GTK_BOX (self->place), self->display, TRUE, TRUE, 0);
  gtk_widget_show (self->display);
}

/* Taken out before it is destroyed: the library lets go of its session first of all, and then
 * cannot do without it when the widget loses the keyboard. */
static void
drop_display (FloeDisplayScreen *self)
{
  g_autoptr (GtkWidget) display = NULL;

  if (self->display == NULL)
    return;
  display = g_object_ref (g_steal_pointer (&self->display));
  gtk_container_remove (GTK_CONTAINER (self->place), display);
  gtk_widget_destroy (display);
}

/**
 * floe_display_screen_detach:
 * @self: the screen
 *
 * Lets the guest go; the last picture of one that was lost stays.
 */
void
floe_display_screen_detach (FloeDisplayScreen *self)
{
  g_return_if_fail (FLOE_IS_DISPLAY_SCREEN (self));

  if (self->spice != NULL)
    keep_picture (self);
  self->spice = NULL;
  drop_channels (self);
  drop_display (self);
}

/**
 * floe_display_screen_set_title:
 * @self: the screen
 * @title: the desktop's name, by which the screen is found
 */
void
floe_display_screen_set_title (FloeDisplayScreen *self, const gchar *title)
{
  g_return_if_fail (FLOE_IS_DISPLAY_SCREEN (self));

  g_free (self->title);
  self->title = g_strdup (title);
  name_display (self);
}

void
floe_display_screen_set_scaling (FloeDisplayScreen *self, gboolean scaling)
{
  g_return_if_fail (FLOE_IS_DISPLAY_SCREEN (self));

  self->scaling = scaling;
  apply_options (self);
}

/**
 * floe_display_screen_set_adapt:
 * @self: the screen
 * @adapt: whether the guest takes the window's size as its resolution; needs an agent in it
 */
void
floe_display_screen_set_adapt (FloeDisplayScreen *self, gboolean adapt)
{
  g_return_if_fail (FLOE_IS_DISPLAY_SCREEN (self));

  self->adapt = adapt;
  apply_options (self);
}

/**
 * floe_display_screen_lock_down:
 * @self: the screen
 *
 * No keys let go of the keyboard and the pointer any more.
 */
void
floe_display_screen_lock_down (FloeDisplayScreen *self)
{
  g_return_if_fail (FLOE_IS_DISPLAY_SCREEN (self));

  self->locked_down = TRUE;
  forget_release (self);
}

/**
 * floe_display_screen_set_zoom:
 * @self: the screen
 * @percent: how large the guest is shown
 */
void
floe_display_screen_set_zoom (FloeDisplayScreen *self, guint percent)
{
  g_return_if_fail (FLOE_IS_DISPLAY_SCREEN (self));

  self->zoom = percent;
  apply_options (self);
}

/**
 * floe_display_screen_dup_picture:
 * @self: the screen
 *
 * Returns: (transfer full) (nullable): what it shows now
 */
GdkPixbuf *
floe_display_screen_dup_picture (FloeDisplayScreen *self)
{
  g_return_val_if_fail (FLOE_IS_DISPLAY_SCREEN (self), NULL);

  return self->display != NULL ? spice_display_get_pixbuf (SPICE_DISPLAY (self->display)) : NULL;
}

/**
 * floe_display_screen_get_display:
 * @self: the screen
 *
 * Returns: (transfer none) (nullable): the library's widget, while a guest is attached
 */
SpiceDisplay *
floe_display_screen_get_display (FloeDisplayScreen *self)
{
  g_return_val_if_fail (FLOE_IS_DISPLAY_SCREEN (self), NULL);

  return self->display != NULL ? SPICE_DISPLAY (self->display) : NULL;
}

/* Keys. */

/**
 * floe_display_screen_ungrab:
 * @self: the screen
 *
 * Takes keyboard and pointer away from the guest, for a bar or a dialog of ours.
 */
void
floe_display_screen_ungrab (FloeDisplayScreen *self)
{
  g_return_if_fail (FLOE_IS_DISPLAY_SCREEN (self));

  if (self->display != NULL)
    {
      spice_display_keyboard_ungrab (SPICE_DISPLAY (self->display));
      spice_display_mouse_ungrab (SPICE_DISPLAY (self->display));
    }
}

/**
 * floe_display_screen_has_keyboard:
 * @self: the screen
 *
 * Returns: %TRUE if what is typed belongs to the guest
 */
gboolean
floe_display_screen_has_keyboard (FloeDisplayScreen *self)
{
  g_return_val_if_fail (FLOE_IS_DISPLAY_SCREEN (self), FALSE);

  return self->display != NULL && gtk_widget_has_focus (self->display)
         && !floe_display_screen_is_frozen (self);
}

/**
 * floe_display_screen_send_keys:
 * @self: the screen
 * @keys: names of keys as X has them, joined with "+", like "Control_L+Alt_L+Delete"
 */
void
floe_display_screen_send_keys (FloeDisplayScreen *self, const gchar *keys)
{
  g_auto (GStrv) names = NULL;
  guint keyvals[MAX_KEYS];
  gint n = 0;

  g_return_if_fail (FLOE_IS_DISPLAY_SCREEN (self));

  if (self->display == NULL)
    return;
  names = g_strsplit (keys, "+", MAX_KEYS);
  for (; names[n] != NULL; n++)
    keyvals[n] = gdk_keyval_from_name (names[n]);
  spice_display_send_keys (SPICE_DISPLAY (self->display), keyvals, n,
                           SPICE_DISPLAY_KEY_EVENT_CLICK);
  floe_display_screen_take_focus (self);
}

void
floe_display_screen_take_focus (FloeDisplayScreen *self)
{
  g_return_if_fail (FLOE_IS_DISPLAY_SCREEN (self));

  if (self->display != NULL && !floe_display_screen_is_frozen (self))
    gtk_widget_grab_focus (self->display);
}

static void
floe_display_screen_dispose (GObject *object)
{
  FloeDisplayScreen *self = FLOE_DISPLAY_SCREEN (object);

  drop_display (self);
  drop_channels (self);
  G_OBJECT_CLASS (floe_display_screen_parent_class)->dispose (object);
}

static void
floe_display_screen_finalize (GObject *object)
{
  g_free (FLOE_DISPLAY_SCREEN (object)->title);
  G_OBJECT_CLASS (floe_display_screen_parent_class)->finalize (object);
}

static void
floe_display_screen_class_init (FloeDisplayScreenClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (FLOE_TYPE_FROZEN_PICTURE);
  object_class->dispose = floe_display_screen_dispose;
  object_class->finalize = floe_display_screen_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/floe/Floe/display-screen.ui");
  gtk_widget_class_bind_template_child (widget_class, FloeDisplayScreen, place);
  gtk_widget_class_bind_template_child (widget_class, FloeDisplayScreen, frozen);

  signals[SIGNAL_INPUT] = g_signal_new ("input", FLOE_TYPE_DISPLAY_SCREEN, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
floe_display_screen_init (FloeDisplayScreen *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->scaling = TRUE;
  self->adapt = TRUE;
  self->zoom = FLOE_ZOOM_NORMAL;
  self->title = g_strdup ("");
}
