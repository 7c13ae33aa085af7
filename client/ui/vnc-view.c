/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/vnc-view.h"

#include "ui/zoom.h"

struct _FloeVncView
{
  GObject parent_instance;

  VncDisplay *display;
};

static void guest_view_init (FloeGuestViewInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FloeVncView, floe_vnc_view, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_GUEST_VIEW, guest_view_init))

static void
on_resize (FloeVncView *self)
{
  g_signal_emit_by_name (self, "changed");
}

static void
on_leaving (FloeVncView *self)
{
  g_signal_emit_by_name (self, "leaving");
}

/* The library asks the widget's window how large it is with each update of the picture, the first
 * of which comes before the page is seen. */
static void
on_placed (FloeVncView *self)
{
  GtkWidget *widget = GTK_WIDGET (self->display);

  if (gtk_widget_is_toplevel (gtk_widget_get_toplevel (widget)))
    gtk_widget_realize (widget);
}

/**
 * floe_vnc_view_new:
 * @session: a VNC session whose display is ready
 *
 * Returns: (transfer full): a view that is in no window yet
 */
FloeGuestView *
floe_vnc_view_new (FloeSession *session)
{
  FloeVncView *self = g_object_new (FLOE_TYPE_VNC_VIEW, NULL);

  self->display = g_object_ref (floe_session_get_vnc (session));
  vnc_display_set_keyboard_grab (self->display, TRUE);
  vnc_display_set_pointer_grab (self->display, TRUE);
  /* Many guests draw no pointer that the protocol would carry. */
  vnc_display_set_pointer_local (self->display, TRUE);
  vnc_display_set_keep_aspect_ratio (self->display, TRUE);
  gtk_widget_set_can_focus (GTK_WIDGET (self->display), TRUE);
  g_signal_connect_object (self->display, "hierarchy-changed", G_CALLBACK (on_placed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->display, "vnc-desktop-resize", G_CALLBACK (on_resize), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (vnc_display_get_connection (self->display), "vnc-disconnected",
                           G_CALLBACK (on_leaving), self, G_CONNECT_SWAPPED);
  return FLOE_GUEST_VIEW (self);
}

static GtkWidget *
get_widget (FloeGuestView *view)
{
  return GTK_WIDGET (FLOE_VNC_VIEW (view)->display);
}

static GdkPixbuf *
dup_picture (FloeGuestView *view)
{
  return vnc_display_get_pixbuf (FLOE_VNC_VIEW (view)->display);
}

static void
get_size (FloeGuestView *view, gint *width, gint *height)
{
  *width = vnc_display_get_width (FLOE_VNC_VIEW (view)->display);
  *height = vnc_display_get_height (FLOE_VNC_VIEW (view)->display);
}

static gboolean
follows (FloeGuestView *view)
{
  return FALSE;
}

static void
set_look (FloeGuestView *view, const FloeGuestLook *look)
{
  FloeVncView *self = FLOE_VNC_VIEW (view);
  gboolean is_scaled = look->scaling || look->zoom != FLOE_ZOOM_NORMAL;

  vnc_display_set_force_size (self->display, !is_scaled);
  vnc_display_set_scaling (self->display, is_scaled);
}

/* An empty sequence is never pressed; without one there would be the library's own. */
static void
set_release (FloeGuestView *view, guint *keyvals, guint n_keyvals)
{
  VncGrabSequence *keys = vnc_grab_sequence_new (n_keyvals, keyvals);

  vnc_display_set_grab_keys (FLOE_VNC_VIEW (view)->display, keys);
  vnc_grab_sequence_free (keys);
}

static void
ungrab (FloeGuestView *view)
{
  GtkWidget *widget = GTK_WIDGET (FLOE_VNC_VIEW (view)->display);

  vnc_display_force_grab (FLOE_VNC_VIEW (view)->display, FALSE);
  gdk_seat_ungrab (gdk_display_get_default_seat (gtk_widget_get_display (widget)));
}

static void
send_keys (FloeGuestView *view, const guint *keyvals, gint n_keyvals)
{
  vnc_display_send_keys (FLOE_VNC_VIEW (view)->display, keyvals, n_keyvals);
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

/* The widget is the session's, and only leaves the window. */
static void
floe_vnc_view_dispose (GObject *object)
{
  FloeVncView *self = FLOE_VNC_VIEW (object);
  GtkWidget *parent =
      self->display != NULL ? gtk_widget_get_parent (GTK_WIDGET (self->display)) : NULL;

  if (parent != NULL)
    gtk_container_remove (GTK_CONTAINER (parent), GTK_WIDGET (self->display));
  g_clear_object (&self->display);
  G_OBJECT_CLASS (floe_vnc_view_parent_class)->dispose (object);
}

static void
floe_vnc_view_class_init (FloeVncViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_vnc_view_dispose;
}

static void
floe_vnc_view_init (FloeVncView *self)
{
}
