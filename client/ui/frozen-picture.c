/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/frozen-picture.h"

struct _FloeFrozenPicture
{
  GtkDrawingArea parent_instance;

  GdkPixbuf *picture;
};

G_DEFINE_FINAL_TYPE (FloeFrozenPicture, floe_frozen_picture, GTK_TYPE_DRAWING_AREA)

/**
 * floe_frozen_picture_set:
 * @self: the widget
 * @picture: (nullable): what the screen showed, which is changed; %NULL to forget it
 */
void
floe_frozen_picture_set (FloeFrozenPicture *self, GdkPixbuf *picture)
{
  g_return_if_fail (FLOE_IS_FROZEN_PICTURE (self));

  if (picture != NULL)
    gdk_pixbuf_saturate_and_pixelate (picture, picture, 0.2f, FALSE);
  g_set_object (&self->picture, picture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
floe_frozen_picture_draw (GtkWidget *widget, cairo_t *cr)
{
  FloeFrozenPicture *self = FLOE_FROZEN_PICTURE (widget);
  gdouble width = gtk_widget_get_allocated_width (widget);
  gdouble height = gtk_widget_get_allocated_height (widget);
  gdouble scale;

  cairo_set_source_rgb (cr, 0.086, 0.086, 0.086);
  cairo_paint (cr);
  if (self->picture == NULL)
    return GDK_EVENT_PROPAGATE;
  scale = MIN (width / gdk_pixbuf_get_width (self->picture),
               height / gdk_pixbuf_get_height (self->picture));
  cairo_translate (cr, (width - scale * gdk_pixbuf_get_width (self->picture)) / 2,
                   (height - scale * gdk_pixbuf_get_height (self->picture)) / 2);
  cairo_scale (cr, scale, scale);
  gdk_cairo_set_source_pixbuf (cr, self->picture, 0, 0);
  cairo_paint (cr);
  return GDK_EVENT_PROPAGATE;
}

static void
floe_frozen_picture_dispose (GObject *object)
{
  g_clear_object (&FLOE_FROZEN_PICTURE (object)->picture);
  G_OBJECT_CLASS (floe_frozen_picture_parent_class)->dispose (object);
}

static void
floe_frozen_picture_class_init (FloeFrozenPictureClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_frozen_picture_dispose;
  GTK_WIDGET_CLASS (klass)->draw = floe_frozen_picture_draw;
}

static void
floe_frozen_picture_init (FloeFrozenPicture *self)
{
}
