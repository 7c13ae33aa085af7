/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/spice-view.h"

#include "ui/devices.h"
#include "ui/zoom.h"

struct _FloeSpiceView
{
  GObject parent_instance;

  GtkWidget *display;
  SpiceSession *spice;
  SpiceChannel *main;
  SpiceChannel *channel;
  guint monitor_id;
};

static void guest_view_init (FloeGuestViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FloeSpiceView, floe_spice_view, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_GUEST_VIEW, guest_view_init))

/* The widget throws the picture away in its own handler, which was connected after this one. */
static void
on_channel_destroy (SpiceSession *spice, SpiceChannel *channel, FloeSpiceView *self)
{
  if (SPICE_IS_DISPLAY_CHANNEL (channel))
    g_signal_emit_by_name (self, "leaving");
}

static void
on_changed (FloeSpiceView *self)
{
  g_signal_emit_by_name (self, "changed");
}

static void
find_channels (FloeSpiceView *self, guint channel_id)
{
  g_autoptr (GList) channels = spice_session_get_channels (self->spice);

  for (GList *l = channels; l != NULL; l = l->next)
    {
      gint id;

      g_object_get (l->data, "channel-id", &id, NULL);
      if (SPICE_IS_MAIN_CHANNEL (l->data))
        g_set_object (&self->main, l->data);
      else if (SPICE_IS_DISPLAY_CHANNEL (l->data) && id == (gint)channel_id)
        g_set_object (&self->channel, l->data);
    }
}

/**
 * floe_spice_view_new:
 *
 * Like floe_guest_view_new().
 */
FloeGuestView *
floe_spice_view_new (FloeSession *session, guint channel_id, guint monitor_id)
{
  FloeSpiceView *self = g_object_new (FLOE_TYPE_SPICE_VIEW, NULL);

  self->spice = g_object_ref (floe_session_get_spice (session));
  g_signal_connect_object (self->spice, "channel-destroy", G_CALLBACK (on_channel_destroy), self,
                           0);
  self->display = g_object_ref_sink (GTK_WIDGET (
      spice_display_new_with_monitor (self->spice, (gint)channel_id, (gint)monitor_id)));
  floe_devices_prepare_display (session, self->display);
  find_channels (self, channel_id);
  self->monitor_id = monitor_id;
  g_signal_connect_object (self->main, "notify::agent-connected", G_CALLBACK (on_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->channel, "notify::monitors", G_CALLBACK (on_changed), self,
                           G_CONNECT_SWAPPED);
  return FLOE_GUEST_VIEW (self);
}

static GtkWidget *
get_widget (FloeGuestView *view)
{
  return FLOE_SPICE_VIEW (view)->display;
}

static GdkPixbuf *
dup_picture (FloeGuestView *view)
{
  return spice_display_get_pixbuf (SPICE_DISPLAY (FLOE_SPICE_VIEW (view)->display));
}

static void
get_size (FloeGuestView *view, gint *width, gint *height)
{
  FloeSpiceView *self = FLOE_SPICE_VIEW (view);
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

static gboolean
follows (FloeGuestView *view)
{
  gboolean has_agent = FALSE;

  g_object_get (FLOE_SPICE_VIEW (view)->main, "agent-connected", &has_agent, NULL);
  return has_agent;
}

static void
set_look (FloeGuestView *view, const FloeGuestLook *look)
{
  gboolean is_followed = look->adapt && follows (view);

  g_object_set (FLOE_SPICE_VIEW (view)->display, "scaling",
                look->scaling || look->zoom != FLOE_ZOOM_NORMAL, "resize-guest", look->adapt,
                "zoom-level", is_followed ? (gint)look->zoom : FLOE_ZOOM_NORMAL, NULL);
}

/* An empty sequence is never pressed; without one there would be the library's own. */
static void
set_release (FloeGuestView *view, guint *keyvals, guint n_keyvals)
{
  SpiceGrabSequence *keys = spice_grab_sequence_new (n_keyvals, keyvals);

  spice_display_set_grab_keys (SPICE_DISPLAY (FLOE_SPICE_VIEW (view)->display), keys);
  spice_grab_sequence_free (keys);
}

static void
ungrab (FloeGuestView *view)
{
  spice_display_keyboard_ungrab (SPICE_DISPLAY (FLOE_SPICE_VIEW (view)->display));
  spice_display_mouse_ungrab (SPICE_DISPLAY (FLOE_SPICE_VIEW (view)->display));
}

static void
send_keys (FloeGuestView *view, const guint *keyvals, gint n_keyvals)
{
  spice_display_send_keys (SPICE_DISPLAY (FLOE_SPICE_VIEW (view)->display), keyvals, n_keyvals,
                           SPICE_DISPLAY_KEY_EVENT_CLICK);
}

static void
guest_view_init (FloeGuestViewInterface *iface)
{
  iface->get_widget = get_widget;
  iface->dup_picture = dup_picture;
  iface->get_size = get_size;
  iface->follows = follows;
  iface->set_look = set_look;
  iface->set_release = set_release;
  iface->ungrab = ungrab;
  iface->send_keys = send_keys;
}

/* Taken out before it is destroyed: the library lets go of its session first of all, and then
 * cannot do without it when the widget loses the keyboard. It has handlers at the channels, too. */
static void
drop_display (FloeSpiceView *self)
{
  GtkWidget *parent = self->display != NULL ? gtk_widget_get_parent (self->display) : NULL;

  if (parent != NULL)
    gtk_container_remove (GTK_CONTAINER (parent), self->display);
  if (self->display != NULL)
    gtk_widget_destroy (self->display);
  g_clear_object (&self->display);
}

static void
floe_spice_view_dispose (GObject *object)
{
  FloeSpiceView *self = FLOE_SPICE_VIEW (object);

  drop_display (self);
  g_clear_object (&self->main);
  g_clear_object (&self->channel);
  g_clear_object (&self->spice);
  G_OBJECT_CLASS (floe_spice_view_parent_class)->dispose (object);
}

static void
floe_spice_view_class_init (FloeSpiceViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_spice_view_dispose;
}

static void
floe_spice_view_init (FloeSpiceView *self)
{
}
