/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/quality-dot.h"

#include <glib/gi18n.h>

#define SIZE 14

struct _FloeQualityDot
{
  GtkDrawingArea parent_instance;

  FloeQuality quality;
};

G_DEFINE_FINAL_TYPE (FloeQualityDot, floe_quality_dot, GTK_TYPE_DRAWING_AREA)

static const gchar *
describe (FloeQuality quality)
{
  switch (quality)
    {
    case FLOE_QUALITY_GOOD:
      return _ ("Connection: good");
    case FLOE_QUALITY_FAIR:
      return _ ("Connection: fair");
    case FLOE_QUALITY_POOR:
      return _ ("Connection: poor");
    case FLOE_QUALITY_SILENT:
      return _ ("Connection: no answer");
    case FLOE_QUALITY_UNKNOWN:
    default:
      return _ ("Connection: not measured");
    }
}

static gchar *
describe_fully (FloeQuality quality, guint rtt_us, guint64 rate)
{
  g_autofree gchar *size = g_format_size (rate);
  g_autofree gchar *figures = NULL;

  if (quality == FLOE_QUALITY_UNKNOWN || quality == FLOE_QUALITY_SILENT)
    return g_strdup (describe (quality));
  /* TRANSLATORS: milliseconds that the network takes there and back, and what comes in each second,
   * such as "1.2 MB" */
  figures = g_strdup_printf (_ ("%u ms there and back, %s a second"), (rtt_us + 500) / 1000, size);
  return g_strdup_printf ("%s\n%s", describe (quality), figures);
}

/**
 * floe_quality_dot_set:
 * @self: the dot
 * @quality: how the connection is; unknown hides the dot
 * @rtt_us: the round trip
 * @rate: what comes in a second
 */
void
floe_quality_dot_set (FloeQualityDot *self, FloeQuality quality, guint rtt_us, guint64 rate)
{
  g_autofree gchar *words = NULL;

  g_return_if_fail (FLOE_IS_QUALITY_DOT (self));

  words = describe_fully (quality, rtt_us, rate);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), words);
  if (quality == self->quality)
    return;
  self->quality = quality;
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), describe (quality));
  gtk_widget_set_visible (GTK_WIDGET (self), quality != FLOE_QUALITY_UNKNOWN);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
set_color (FloeQualityDot *self, cairo_t *cr)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self));
  const gchar *name = "error_color";
  GdkRGBA color;

  if (self->quality == FLOE_QUALITY_GOOD)
    name = "success_color";
  else if (self->quality == FLOE_QUALITY_FAIR)
    name = "warning_color";
  if (!gtk_style_context_lookup_color (style, name, &color))
    gtk_style_context_get_color (style, gtk_style_context_get_state (style), &color);
  gdk_cairo_set_source_rgba (cr, &color);
}

static gboolean
floe_quality_dot_draw (GtkWidget *widget, cairo_t *cr)
{
  FloeQualityDot *self = FLOE_QUALITY_DOT (widget);
  gdouble radius = SIZE / 2.0 - 2;

  cairo_translate (cr, gtk_widget_get_allocated_width (widget) / 2.0,
                   gtk_widget_get_allocated_height (widget) / 2.0);
  set_color (self, cr);
  cairo_set_line_width (cr, 2);
  cairo_arc (cr, 0, 0, radius, 0, 2 * G_PI);
  if (self->quality == FLOE_QUALITY_GOOD)
    cairo_fill_preserve (cr);
  cairo_stroke (cr);
  if (self->quality == FLOE_QUALITY_FAIR)
    {
      cairo_arc (cr, 0, 0, radius, 0, G_PI);
      cairo_fill (cr);
    }
  else if (self->quality == FLOE_QUALITY_SILENT)
    {
      cairo_move_to (cr, -radius, radius);
      cairo_line_to (cr, radius, -radius);
      cairo_stroke (cr);
    }
  return GDK_EVENT_PROPAGATE;
}

static void
floe_quality_dot_class_init (FloeQualityDotClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->draw = floe_quality_dot_draw;
  gtk_widget_class_set_accessible_role (widget_class, ATK_ROLE_STATUSBAR);
}

static void
floe_quality_dot_init (FloeQualityDot *self)
{
  gtk_widget_set_size_request (GTK_WIDGET (self), SIZE, SIZE);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}
