/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/qr-view.h"

#include "api/qr.h"

/* What a phone's camera reads from a usual distance. */
#define MODULE_PIXELS 4

struct _FloeQrView
{
  GtkDrawingArea parent_instance;

  FloeQr *qr; /* or NULL */
};

G_DEFINE_FINAL_TYPE (FloeQrView, floe_qr_view, GTK_TYPE_DRAWING_AREA)

static void
draw_modules (FloeQrView *self, cairo_t *cr, gint module)
{
  gint n = floe_qr_get_size (self->qr);

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_rectangle (cr, 0, 0, n * module, n * module);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  for (gint y = 0; y < n; y++)
    for (gint x = 0; x < n; x++)
      if (floe_qr_is_dark (self->qr, x, y))
        cairo_rectangle (cr, x * module, y * module, module, module);
  cairo_fill (cr);
}

/* In pixels of the screen, of which several may be one of GTK's. */
static gboolean
floe_qr_view_draw (GtkWidget *widget, cairo_t *cr)
{
  FloeQrView *self = FLOE_QR_VIEW (widget);
  gint scale = gtk_widget_get_scale_factor (widget);
  gint width = gtk_widget_get_allocated_width (widget) * scale;
  gint height = gtk_widget_get_allocated_height (widget) * scale;
  gint n, module, left, top;

  if (self->qr == NULL)
    return GDK_EVENT_PROPAGATE;
  n = floe_qr_get_size (self->qr);
  module = MIN (width, height) / n;
  left = (width - n * module) / 2;
  top = (height - n * module) / 2;
  cairo_scale (cr, 1.0 / scale, 1.0 / scale);
  cairo_translate (cr, left, top);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  draw_modules (self, cr, module);
  return GDK_EVENT_PROPAGATE;
}

/**
 * floe_qr_view_set_text:
 * @self: the view
 * @text: (nullable): what a reader shall read; %NULL for nothing any more
 */
void
floe_qr_view_set_text (FloeQrView *self, const FloeSecret *text)
{
  gint size;

  g_return_if_fail (FLOE_IS_QR_VIEW (self));

  g_clear_pointer (&self->qr, floe_qr_free);
  if (text != NULL)
    self->qr = floe_qr_new (text);
  size = self->qr != NULL ? floe_qr_get_size (self->qr) * MODULE_PIXELS : 0;
  gtk_widget_set_size_request (GTK_WIDGET (self), size, size);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
floe_qr_view_finalize (GObject *object)
{
  g_clear_pointer (&FLOE_QR_VIEW (object)->qr, floe_qr_free);
  G_OBJECT_CLASS (floe_qr_view_parent_class)->finalize (object);
}

static void
floe_qr_view_class_init (FloeQrViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_qr_view_finalize;
  GTK_WIDGET_CLASS (klass)->draw = floe_qr_view_draw;
}

static void
floe_qr_view_init (FloeQrView *self)
{
  atk_object_set_role (gtk_widget_get_accessible (GTK_WIDGET (self)), ATK_ROLE_IMAGE);
}
