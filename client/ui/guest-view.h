/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/session.h"

G_BEGIN_DECLS

/**
 * FloeGuestLook:
 * @scaling: the guest's picture is as large as the widget
 * @adapt: the guest is told to be as large as the widget
 * @zoom: percent, see floe_zoom_in()
 *
 * How a guest is shown.
 */
typedef struct
{
  gboolean scaling;
  gboolean adapt;
  guint zoom;
} FloeGuestLook;

/**
 * FloeGuestView:
 *
 * One screen of a guest in a widget, whatever its display speaks.
 *
 * Signals: "changed" () when the guest's size did, or whether it follows the widget's; "leaving" ()
 * when its picture is about to be lost.
 */
#define FLOE_TYPE_GUEST_VIEW (floe_guest_view_get_type ())
G_DECLARE_INTERFACE (FloeGuestView, floe_guest_view, FLOE, GUEST_VIEW, GObject)

struct _FloeGuestViewInterface
{
  GTypeInterface parent_iface;

  GtkWidget *(*get_widget) (FloeGuestView *self);
  GdkPixbuf *(*dup_picture) (FloeGuestView *self);
  void (*get_size) (FloeGuestView *self, gint *width, gint *height);
  gboolean (*follows) (FloeGuestView *self);
  void (*set_look) (FloeGuestView *self, const FloeGuestLook *look);
  void (*set_release) (FloeGuestView *self, guint *keyvals, guint n_keyvals);
  void (*ungrab) (FloeGuestView *self);
  void (*send_keys) (FloeGuestView *self, const guint *keyvals, gint n_keyvals);
};

FloeGuestView *floe_guest_view_new (FloeSession *session, guint channel_id, guint monitor_id);

GtkWidget *floe_guest_view_get_widget (FloeGuestView *self);
GdkPixbuf *floe_guest_view_dup_picture (FloeGuestView *self);
void floe_guest_view_get_size (FloeGuestView *self, gint *width, gint *height);
gboolean floe_guest_view_follows (FloeGuestView *self);
void floe_guest_view_set_look (FloeGuestView *self, const FloeGuestLook *look);
void floe_guest_view_set_release (FloeGuestView *self, guint *keyvals, guint n_keyvals);
void floe_guest_view_ungrab (FloeGuestView *self);
void floe_guest_view_send_keys (FloeGuestView *self, const guint *keyvals, gint n_keyvals);

G_END_DECLS
