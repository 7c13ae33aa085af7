/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/guest-view.h"

#include "ui/spice-view.h"
#include "ui/vnc-view.h"

G_DEFINE_INTERFACE (FloeGuestView, floe_guest_view, G_TYPE_OBJECT)

static void
floe_guest_view_default_init (FloeGuestViewInterface *iface)
{
  g_signal_new ("changed", FLOE_TYPE_GUEST_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
  g_signal_new ("leaving", FLOE_TYPE_GUEST_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
}

/**
 * floe_guest_view_new:
 * @session: a session whose display is ready
 * @channel_id: which display channel
 * @monitor_id: which monitor of it
 *
 * Returns: (transfer full): a view that is in no window yet
 */
FloeGuestView *
floe_guest_view_new (FloeSession *session, guint channel_id, guint monitor_id)
{
  if (floe_session_get_vnc (session) != NULL)
    return floe_vnc_view_new (session);
  return floe_spice_view_new (session, channel_id, monitor_id);
}

/**
 * floe_guest_view_get_widget:
 * @self: a view
 *
 * Returns: (transfer none): what shows the guest
 */
GtkWidget *
floe_guest_view_get_widget (FloeGuestView *self)
{
  return FLOE_GUEST_VIEW_GET_IFACE (self)->get_widget (self);
}

/**
 * floe_guest_view_dup_picture:
 * @self: a view
 *
 * Returns: (transfer full) (nullable): what it shows now
 */
GdkPixbuf *
floe_guest_view_dup_picture (FloeGuestView *self)
{
  return FLOE_GUEST_VIEW_GET_IFACE (self)->dup_picture (self);
}

/**
 * floe_guest_view_get_size:
 * @self: a view
 * @width: (out): in pixels of the guest
 * @height: (out): likewise
 */
void
floe_guest_view_get_size (FloeGuestView *self, gint *width, gint *height)
{
  FLOE_GUEST_VIEW_GET_IFACE (self)->get_size (self, width, height);
}

/**
 * floe_guest_view_follows:
 * @self: a view
 *
 * Returns: whether the guest does take the widget's size when it is told to
 */
gboolean
floe_guest_view_follows (FloeGuestView *self)
{
  return FLOE_GUEST_VIEW_GET_IFACE (self)->follows (self);
}

void
floe_guest_view_set_look (FloeGuestView *self, const FloeGuestLook *look)
{
  FLOE_GUEST_VIEW_GET_IFACE (self)->set_look (self, look);
}

/**
 * floe_guest_view_set_release:
 * @self: a view
 * @keyvals: (array length=n_keyvals): the keys that let go of the keyboard and the pointer
 * @n_keyvals: how many; 0 for none at all
 */
void
floe_guest_view_set_release (FloeGuestView *self, guint *keyvals, guint n_keyvals)
{
  FLOE_GUEST_VIEW_GET_IFACE (self)->set_release (self, keyvals, n_keyvals);
}

/**
 * floe_guest_view_ungrab:
 * @self: a view
 *
 * Takes keyboard and pointer away from the guest.
 */
void
floe_guest_view_ungrab (FloeGuestView *self)
{
  FLOE_GUEST_VIEW_GET_IFACE (self)->ungrab (self);
}

/**
 * floe_guest_view_send_keys:
 * @self: a view
 * @keyvals: (array length=n_keyvals): keys that are pressed one after the other, and let go
 * @n_keyvals: how many
 */
void
floe_guest_view_send_keys (FloeGuestView *self, const guint *keyvals, gint n_keyvals)
{
  FLOE_GUEST_VIEW_GET_IFACE (self)->send_keys (self, keyvals, n_keyvals);
}
