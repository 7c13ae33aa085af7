/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/clamp.h"

struct _FloeClamp
{
  GtkBin parent_instance;

  gint maximum_width;
};

enum
{
  PROP_0,
  PROP_MAXIMUM_WIDTH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (FloeClamp, floe_clamp, GTK_TYPE_BIN)

static GtkSizeRequestMode
floe_clamp_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
floe_clamp_get_preferred_width (GtkWidget *widget, gint *minimum, gint *natural)
{
  FloeClamp *self = FLOE_CLAMP (widget);
  GtkWidget *child = gtk_bin_get_child (GTK_BIN (self));
  gint child_natural = 0;

  *minimum = 0;
  if (child != NULL && gtk_widget_get_visible (child))
    gtk_widget_get_preferred_width (child, minimum, &child_natural);
  *natural = MAX (*minimum, self->maximum_width);
}

static void
floe_clamp_get_preferred_height_for_width (GtkWidget *widget, gint width, gint *minimum,
                                           gint *natural)
{
  FloeClamp *self = FLOE_CLAMP (widget);
  GtkWidget *child = gtk_bin_get_child (GTK_BIN (self));

  *minimum = *natural = 0;
  if (child != NULL && gtk_widget_get_visible (child))
    gtk_widget_get_preferred_height_for_width (child, MIN (width, self->maximum_width), minimum,
                                               natural);
}

static void
floe_clamp_size_allocate (GtkWidget *widget, GtkAllocation *allocation)
{
  FloeClamp *self = FLOE_CLAMP (widget);
  GtkWidget *child = gtk_bin_get_child (GTK_BIN (self));
  GtkAllocation inner = *allocation;
  gint minimum;

  gtk_widget_set_allocation (widget, allocation);
  if (child == NULL || !gtk_widget_get_visible (child))
    return;
  gtk_widget_get_preferred_width (child, &minimum, NULL);
  inner.width = MIN (allocation->width, MAX (self->maximum_width, minimum));
  inner.x += (allocation->width - inner.width) / 2;
  gtk_widget_size_allocate (child, &inner);
}

static void
floe_clamp_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  FloeClamp *self = FLOE_CLAMP (object);

  if (id == PROP_MAXIMUM_WIDTH)
    g_value_set_int (value, self->maximum_width);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
floe_clamp_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  FloeClamp *self = FLOE_CLAMP (object);

  if (id != PROP_MAXIMUM_WIDTH)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  self->maximum_width = g_value_get_int (value);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
floe_clamp_class_init (FloeClampClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = floe_clamp_get_property;
  object_class->set_property = floe_clamp_set_property;
  widget_class->get_request_mode = floe_clamp_get_request_mode;
  widget_class->get_preferred_width = floe_clamp_get_preferred_width;
  widget_class->get_preferred_height_for_width = floe_clamp_get_preferred_height_for_width;
  widget_class->size_allocate = floe_clamp_size_allocate;
  gtk_container_class_handle_border_width (GTK_CONTAINER_CLASS (klass));

  properties[PROP_MAXIMUM_WIDTH] = g_param_spec_int ("maximum-width", NULL, NULL, 1, G_MAXINT, 480,
                                                     G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
floe_clamp_init (FloeClamp *self)
{
  self->maximum_width = 480;
  gtk_widget_set_has_window (GTK_WIDGET (self), FALSE);
}

/* The first adjustment is gone when the page is made. */
static void
on_vadjustment (GtkScrollable *viewport)
{
  gtk_container_set_focus_vadjustment (GTK_CONTAINER (viewport),
                                       gtk_scrollable_get_vadjustment (viewport));
}

/**
 * floe_clamp_follow_focus:
 * @page: a scrolled window whose template has a viewport of its own
 *
 * Makes it scroll to whatever takes the keyboard's focus, which GTK does only for a viewport that
 * it has made by itself.
 */
void
floe_clamp_follow_focus (GtkScrolledWindow *page)
{
  GtkWidget *viewport = gtk_bin_get_child (GTK_BIN (page));

  g_signal_connect (viewport, "notify::vadjustment", G_CALLBACK (on_vadjustment), NULL);
  on_vadjustment (GTK_SCROLLABLE (viewport));
}

/**
 * floe_clamp_scroll_to:
 * @page: a scrolled window with a viewport, and a clamp in that
 * @widget: what shall be seen
 */
void
floe_clamp_scroll_to (GtkScrolledWindow *page, GtkWidget *widget)
{
  GtkWidget *clamp = gtk_widget_get_ancestor (widget, FLOE_TYPE_CLAMP);
  GtkAllocation place;
  gint height = gtk_widget_get_allocated_height (widget);
  gint top;

  if (!gtk_widget_translate_coordinates (widget, clamp, 0, 0, NULL, &top))
    return;
  gtk_widget_get_allocation (clamp, &place);
  top += place.y;
  gtk_adjustment_clamp_page (gtk_scrolled_window_get_vadjustment (page), top, top + height);
}
