/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/display-bar.h"

#define LINGER_MS 900

struct _FloeDisplayBar
{
  GtkEventBox parent_instance;

  GtkWidget *revealer;
  GtkWidget *title;
  GtkWidget *leave_button;

  guint linger;
};

G_DEFINE_FINAL_TYPE (FloeDisplayBar, floe_display_bar, GTK_TYPE_EVENT_BOX)

/* Crossing events come in no order that could be relied on while the bar moves below the pointer,
 * so that the pointer itself is asked. */
static gboolean
is_pointer_inside (FloeDisplayBar *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  GdkWindow *window = parent != NULL ? gtk_widget_get_window (parent) : NULL;
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (GTK_WIDGET (self)));
  GtkAllocation bar;
  gint x = -1, y = -1;

  if (window == NULL)
    return FALSE;
  gdk_window_get_device_position (window, gdk_seat_get_pointer (seat), &x, &y, NULL);
  gtk_widget_get_allocation (GTK_WIDGET (self), &bar);
  return y >= 0 && y < bar.height && x >= bar.x && x < bar.x + bar.width;
}

static gboolean
has_focus (FloeDisplayBar *self)
{
  GtkWidget *toplevel = gtk_widget_get_toplevel (GTK_WIDGET (self));
  GtkWidget *focus = GTK_IS_WINDOW (toplevel) ? gtk_window_get_focus (GTK_WINDOW (toplevel)) : NULL;

  return focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self));
}

static gboolean
on_linger_over (gpointer data)
{
  FloeDisplayBar *self = data;

  if (is_pointer_inside (self) || has_focus (self))
    return G_SOURCE_CONTINUE;
  self->linger = 0;
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
  return G_SOURCE_REMOVE;
}

static void
linger (FloeDisplayBar *self, guint delay_ms)
{
  g_clear_handle_id (&self->linger, g_source_remove);
  self->linger = g_timeout_add (delay_ms, on_linger_over, self);
}

/* Closed, it would still take the pointer away from the edge below it. */
static void
on_revealed (FloeDisplayBar *self)
{
  if (!gtk_revealer_get_child_revealed (GTK_REVEALER (self->revealer))
      && !gtk_revealer_get_reveal_child (GTK_REVEALER (self->revealer)))
    gtk_widget_hide (GTK_WIDGET (self));
}

/**
 * floe_display_bar_reveal:
 * @self: the bar
 *
 * Brings it out, until nobody needs it.
 */
void
floe_display_bar_reveal (FloeDisplayBar *self)
{
  g_return_if_fail (FLOE_IS_DISPLAY_BAR (self));

  gtk_widget_show (GTK_WIDGET (self));
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), TRUE);
  linger (self, LINGER_MS);
}

/**
 * floe_display_bar_introduce:
 * @self: the bar
 *
 * Brings it out for longer, so that everybody has seen where the way out is.
 */
void
floe_display_bar_introduce (FloeDisplayBar *self)
{
  g_return_if_fail (FLOE_IS_DISPLAY_BAR (self));

  floe_display_bar_reveal (self);
  linger (self, 3 * LINGER_MS);
}

/**
 * floe_display_bar_conceal:
 * @self: the bar
 *
 * Hides it at once.
 */
void
floe_display_bar_conceal (FloeDisplayBar *self)
{
  g_return_if_fail (FLOE_IS_DISPLAY_BAR (self));

  g_clear_handle_id (&self->linger, g_source_remove);
  gtk_widget_hide (GTK_WIDGET (self));
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
}

void
floe_display_bar_take_focus (FloeDisplayBar *self)
{
  g_return_if_fail (FLOE_IS_DISPLAY_BAR (self));

  gtk_widget_grab_focus (self->leave_button);
}

/**
 * floe_display_bar_set_title:
 * @self: the bar
 * @title: the desktop's name
 */
void
floe_display_bar_set_title (FloeDisplayBar *self, const gchar *title)
{
  g_return_if_fail (FLOE_IS_DISPLAY_BAR (self));

  gtk_label_set_text (GTK_LABEL (self->title), title);
}

static void
floe_display_bar_dispose (GObject *object)
{
  FloeDisplayBar *self = FLOE_DISPLAY_BAR (object);

  g_clear_handle_id (&self->linger, g_source_remove);
  G_OBJECT_CLASS (floe_display_bar_parent_class)->dispose (object);
}

static void
floe_display_bar_class_init (FloeDisplayBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = floe_display_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/floe/Floe/display-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, FloeDisplayBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, FloeDisplayBar, title);
  gtk_widget_class_bind_template_child (widget_class, FloeDisplayBar, leave_button);
}

static void
floe_display_bar_init (FloeDisplayBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->revealer, "notify::child-revealed", G_CALLBACK (on_revealed),
                            self);
}
