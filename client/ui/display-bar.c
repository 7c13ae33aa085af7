/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/display-bar.h"

#include <glib/gi18n.h>

#include "ui/display-menus.h"
#include "ui/display-status.h"

#define LINGER_MS 900

struct _FloeDisplayBar
{
  GtkEventBox parent_instance;

  GtkWidget *revealer;
  GtkWidget *title;
  GtkWidget *place;
  GtkWidget *status;
  GtkWidget *keys_button;
  GtkWidget *monitors_button;
  GtkWidget *screenshot_button;
  GtkWidget *leave_button;

  guint linger;
};

G_DEFINE_FINAL_TYPE (FloeDisplayBar, floe_display_bar, GTK_TYPE_EVENT_BOX)

/* Crossing events come in no order that could be relied on while the bar moves below the pointer,
 * so that the pointer itself is asked. The overlay has a window for the bar alone, in which the bar
 * begins at the upper left. */
static gboolean
is_pointer_inside (FloeDisplayBar *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GdkWindow *window = gtk_widget_get_window (widget);
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (widget));
  gint x = -1, y = -1;

  if (window == NULL)
    return FALSE;
  gdk_window_get_device_position (window, gdk_seat_get_pointer (seat), &x, &y, NULL);
  return x >= 0 && x < gtk_widget_get_allocated_width (widget) && y >= 0
         && y < gtk_widget_get_allocated_height (widget);
}

static gboolean
has_focus (FloeDisplayBar *self)
{
  GtkWidget *toplevel = gtk_widget_get_toplevel (GTK_WIDGET (self));
  GtkWidget *focus = GTK_IS_WINDOW (toplevel) ? gtk_window_get_focus (GTK_WINDOW (toplevel)) : NULL;

  return focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self));
}

/* Its popover is no part of the bar, but belongs to it. */
static gboolean
has_menu_open (FloeDisplayBar *self)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->keys_button))
         || gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->monitors_button));
}

static gboolean
on_linger_over (gpointer data)
{
  FloeDisplayBar *self = data;

  if (is_pointer_inside (self) || has_focus (self) || has_menu_open (self))
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

  gtk_widget_grab_focus (gtk_widget_get_visible (self->leave_button) ? self->leave_button
                                                                     : self->keys_button);
}

static void
update (FloeDisplayBar *self, FloeDisplayState *state)
{
  const gchar *host = floe_display_state_get_host (state);
  GMenuModel *monitors = floe_display_state_get_monitors (state);
  gboolean locked_down = floe_display_state_is_locked_down (state);
  /* TRANSLATORS: the argument is the name of a computer on which the desktop runs */
  g_autofree gchar *place = host != NULL ? g_strdup_printf (_ ("on %s"), host) : NULL;

  gtk_label_set_text (GTK_LABEL (self->title), floe_display_state_get_title (state));
  gtk_label_set_text (GTK_LABEL (self->place), place != NULL ? place : "");
  gtk_widget_set_visible (self->place, place != NULL);
  gtk_widget_set_visible (self->screenshot_button, !locked_down);
  gtk_widget_set_visible (self->leave_button, !locked_down);
  gtk_widget_set_visible (self->monitors_button, monitors != NULL);
  if (gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (self->monitors_button)) != monitors)
    gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->monitors_button), monitors);
}

static void
on_changed (FloeDisplayState *state, FloeDisplayBar *self)
{
  update (self, state);
}

/**
 * floe_display_bar_set_state:
 * @self: a bar that shows nothing yet
 * @state: what it shows from now on
 */
void
floe_display_bar_set_state (FloeDisplayBar *self, FloeDisplayState *state)
{
  g_return_if_fail (FLOE_IS_DISPLAY_BAR (self));

  g_signal_connect_object (state, "changed", G_CALLBACK (on_changed), self, 0);
  floe_display_status_set_state (FLOE_DISPLAY_STATUS (self->status), state);
  update (self, state);
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

  g_type_ensure (FLOE_TYPE_DISPLAY_STATUS);
  G_OBJECT_CLASS (klass)->dispose = floe_display_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/floe/Floe/display-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, FloeDisplayBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, FloeDisplayBar, title);
  gtk_widget_class_bind_template_child (widget_class, FloeDisplayBar, place);
  gtk_widget_class_bind_template_child (widget_class, FloeDisplayBar, status);
  gtk_widget_class_bind_template_child (widget_class, FloeDisplayBar, keys_button);
  gtk_widget_class_bind_template_child (widget_class, FloeDisplayBar, monitors_button);
  gtk_widget_class_bind_template_child (widget_class, FloeDisplayBar, screenshot_button);
  gtk_widget_class_bind_template_child (widget_class, FloeDisplayBar, leave_button);
}

static void
floe_display_bar_init (FloeDisplayBar *self)
{
  g_autoptr (GMenuModel) keys = floe_display_menus_new_keys ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->keys_button), keys);
  g_signal_connect_swapped (self->revealer, "notify::child-revealed", G_CALLBACK (on_revealed),
                            self);
}
