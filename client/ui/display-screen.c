/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/display-screen.h"

#include "ui/frozen-picture.h"
#include "ui/guest-view.h"
#include "ui/zoom.h"

#define MAX_KEYS 8

struct _FloeDisplayScreen
{
  GtkOverlay parent_instance;

  GtkWidget *place;
  GtkWidget *frozen;

  FloeGuestView *view;     /* or NULL */
  gboolean picture_is_old; /* what the view had was kept when it was about to be lost */
  gchar *title;
  FloeGuestLook look;
  FloeHotkey release; /* all zero for the library's own */
  gboolean locked_down;
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

  if (self->view == NULL || self->picture_is_old)
    return;
  picture = floe_guest_view_dup_picture (self->view);
  if (picture != NULL)
    floe_frozen_picture_set (FLOE_FROZEN_PICTURE (self->frozen), picture);
}

static void
on_leaving (FloeDisplayScreen *self)
{
  keep_picture (self);
  self->picture_is_old = TRUE;
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

/* A guest that nobody can tell how large it should be is made larger or smaller as it is, and
 * scrolled. */
static void
apply_fixed_zoom (FloeDisplayScreen *self)
{
  gint factor = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  gint zoom = (gint)self->look.zoom;
  gint width = 0, height = 0;

  floe_guest_view_get_size (self->view, &width, &height);
  gtk_widget_set_size_request (self->place, width * zoom / (100 * factor),
                               height * zoom / (100 * factor));
  g_object_set (self->place, "halign", GTK_ALIGN_CENTER, "valign", GTK_ALIGN_CENTER, NULL);
}

static void
apply_look (FloeDisplayScreen *self)
{
  gboolean is_fixed = !floe_display_screen_follows (self) && !self->look.scaling
                      && self->look.zoom != FLOE_ZOOM_NORMAL;

  if (self->view == NULL)
    return;
  floe_guest_view_set_look (self->view, &self->look);
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
  g_return_val_if_fail (FLOE_IS_DISPLAY_SCREEN (self), FALSE);

  return self->look.adapt && self->view != NULL && floe_guest_view_follows (self->view);
}

static void
apply_release (FloeDisplayScreen *self)
{
  guint keyvals[FLOE_HOTKEY_MAX_KEYS] = { 0 };
  gint n = self->locked_down ? 0 : floe_hotkey_list_keys (&self->release, keyvals);

  if (self->view != NULL && (self->locked_down || n > 0))
    floe_guest_view_set_release (self->view, keyvals, (guint)n);
}

static void
name_display (FloeDisplayScreen *self)
{
  if (self->view != NULL)
    atk_object_set_name (gtk_widget_get_accessible (floe_guest_view_get_widget (self->view)),
                         self->title);
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

/* A view may be held by an event of its own that is under way. */
static void
drop_view (FloeDisplayScreen *self)
{
  if (self->view == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->view, self);
  g_signal_handlers_disconnect_by_data (floe_guest_view_get_widget (self->view), self);
  g_object_run_dispose (G_OBJECT (self->view));
  g_clear_object (&self->view);
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
  GtkWidget *widget;

  g_return_if_fail (FLOE_IS_DISPLAY_SCREEN (self));

  floe_display_screen_detach (self);
  self->view = floe_guest_view_new (session, channel_id, monitor_id);
  self->picture_is_old = FALSE;
  widget = floe_guest_view_get_widget (self->view);
  g_signal_connect_object (self->view, "changed", G_CALLBACK (apply_look), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "leaving", G_CALLBACK (on_leaving), self, G_CONNECT_SWAPPED);
  apply_look (self);
  apply_release (self);
  name_display (self);
  g_signal_connect_object (widget, "event", G_CALLBACK (on_display_event), self, 0);
  gtk_box_pack_start (GTK_BOX (self->place), widget, TRUE, TRUE, 0);
  gtk_widget_show (widget);
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

  keep_picture (self);
  drop_view (self);
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

  self->look.scaling = scaling;
  apply_look (self);
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

  self->look.adapt = adapt;
  apply_look (self);
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
  apply_release (self);
}

/**
 * floe_display_screen_set_release:
 * @self: the screen
 * @keys: (nullable): what lets go of the keyboard and the pointer from the next guest on; %NULL for
 *   the usual keys
 */
void
floe_display_screen_set_release (FloeDisplayScreen *self, const FloeHotkey *keys)
{
  g_return_if_fail (FLOE_IS_DISPLAY_SCREEN (self));

  self->release = keys != NULL ? *keys : (FloeHotkey){ 0 };
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

  self->look.zoom = percent;
  apply_look (self);
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

  return self->view != NULL ? floe_guest_view_dup_picture (self->view) : NULL;
}

gboolean
floe_display_screen_is_attached (FloeDisplayScreen *self)
{
  g_return_val_if_fail (FLOE_IS_DISPLAY_SCREEN (self), FALSE);

  return self->view != NULL;
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

  if (self->view != NULL)
    floe_guest_view_ungrab (self->view);
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

  return self->view != NULL && gtk_widget_has_focus (floe_guest_view_get_widget (self->view))
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

  if (self->view == NULL)
    return;
  names = g_strsplit (keys, "+", MAX_KEYS);
  for (; names[n] != NULL; n++)
    keyvals[n] = gdk_keyval_from_name (names[n]);
  floe_guest_view_send_keys (self->view, keyvals, n);
  floe_display_screen_take_focus (self);
}

void
floe_display_screen_take_focus (FloeDisplayScreen *self)
{
  g_return_if_fail (FLOE_IS_DISPLAY_SCREEN (self));

  if (self->view != NULL && !floe_display_screen_is_frozen (self))
    gtk_widget_grab_focus (floe_guest_view_get_widget (self->view));
}

static void
floe_display_screen_dispose (GObject *object)
{
  drop_view (FLOE_DISPLAY_SCREEN (object));
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
  self->look.scaling = TRUE;
  self->look.adapt = TRUE;
  self->look.zoom = FLOE_ZOOM_NORMAL;
  self->title = g_strdup ("");
}
