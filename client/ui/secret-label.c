/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/secret-label.h"

#include <gtk/gtk-a11y.h>
#include <string.h>

/* Around the text, where the focus is shown. */
#define PADDING 6

struct _FloeSecretLabel
{
  GtkDrawingArea parent_instance;

  FloeSecret *secret; /* or NULL */
};

G_DEFINE_FINAL_TYPE (FloeSecretLabel, floe_secret_label, GTK_TYPE_DRAWING_AREA)

/* What a screen reader reads: not kept by ATK, but asked for. */

#define FLOE_TYPE_SECRET_ACCESSIBLE (floe_secret_accessible_get_type ())
G_DECLARE_FINAL_TYPE (FloeSecretAccessible, floe_secret_accessible, FLOE, SECRET_ACCESSIBLE,
                      GtkWidgetAccessible)

struct _FloeSecretAccessible
{
  GtkWidgetAccessible parent_instance;
};

G_DEFINE_FINAL_TYPE (FloeSecretAccessible, floe_secret_accessible, GTK_TYPE_WIDGET_ACCESSIBLE)

static const gchar *
floe_secret_accessible_get_name (AtkObject *object)
{
  GtkWidget *widget = gtk_accessible_get_widget (GTK_ACCESSIBLE (object));
  FloeSecret *secret = widget != NULL ? FLOE_SECRET_LABEL (widget)->secret : NULL;

  return secret != NULL ? floe_secret_get (secret, NULL) : "";
}

static void
floe_secret_accessible_initialize (AtkObject *object, gpointer data)
{
  ATK_OBJECT_CLASS (floe_secret_accessible_parent_class)->initialize (object, data);
  atk_object_set_role (object, ATK_ROLE_LABEL);
}

static void
floe_secret_accessible_class_init (FloeSecretAccessibleClass *klass)
{
  ATK_OBJECT_CLASS (klass)->get_name = floe_secret_accessible_get_name;
  ATK_OBJECT_CLASS (klass)->initialize = floe_secret_accessible_initialize;
}

static void
floe_secret_accessible_init (FloeSecretAccessible *self)
{
}

/* A layout lives no longer than one drawing, and its own copy of the text is overwritten. */

static PangoLayout *
layout_new (FloeSecretLabel *self)
{
  const gchar *text = self->secret != NULL ? floe_secret_get (self->secret, NULL) : "";

  return gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
}

static void
layout_free (PangoLayout *layout)
{
  gchar *text = (gchar *)pango_layout_get_text (layout);
  gsize length = strlen (text);

  if (length > 0)
    floe_wipe (text, length);
  g_object_unref (layout);
}

static void
measure (FloeSecretLabel *self, gint *width, gint *height)
{
  PangoLayout *layout = layout_new (self);

  pango_layout_get_pixel_size (layout, width, height);
  layout_free (layout);
  *width += 2 * PADDING;
  *height += 2 * PADDING;
}

static void
floe_secret_label_get_preferred_width (GtkWidget *widget, gint *minimum, gint *natural)
{
  gint height;

  measure (FLOE_SECRET_LABEL (widget), minimum, &height);
  *natural = *minimum;
}

static void
floe_secret_label_get_preferred_height (GtkWidget *widget, gint *minimum, gint *natural)
{
  gint width;

  measure (FLOE_SECRET_LABEL (widget), &width, minimum);
  *natural = *minimum;
}

static gboolean
floe_secret_label_draw (GtkWidget *widget, cairo_t *cr)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  gint whole_width = gtk_widget_get_allocated_width (widget);
  gint whole_height = gtk_widget_get_allocated_height (widget);
  PangoLayout *layout = layout_new (FLOE_SECRET_LABEL (widget));
  gint width, height, left, top;

  pango_layout_get_pixel_size (layout, &width, &height);
  left = (whole_width - width) / 2;
  top = (whole_height - height) / 2;
  gtk_render_layout (style, cr, left, top, layout);
  layout_free (layout);
  if (gtk_widget_has_visible_focus (widget))
    gtk_render_focus (style, cr, 0, 0, whole_width, whole_height);
  return GDK_EVENT_PROPAGATE;
}

/**
 * floe_secret_label_set_secret:
 * @self: the label
 * @secret: (nullable): what it shows; %NULL for nothing any more
 */
void
floe_secret_label_set_secret (FloeSecretLabel *self, FloeSecret *secret)
{
  g_return_if_fail (FLOE_IS_SECRET_LABEL (self));

  if (secret != NULL)
    floe_secret_ref (secret);
  g_clear_pointer (&self->secret, floe_secret_unref);
  self->secret = secret;
  g_object_notify (G_OBJECT (gtk_widget_get_accessible (GTK_WIDGET (self))), "accessible-name");
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
floe_secret_label_finalize (GObject *object)
{
  g_clear_pointer (&FLOE_SECRET_LABEL (object)->secret, floe_secret_unref);
  G_OBJECT_CLASS (floe_secret_label_parent_class)->finalize (object);
}

static void
floe_secret_label_class_init (FloeSecretLabelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = floe_secret_label_finalize;
  widget_class->get_preferred_width = floe_secret_label_get_preferred_width;
  widget_class->get_preferred_height = floe_secret_label_get_preferred_height;
  widget_class->draw = floe_secret_label_draw;
  gtk_widget_class_set_accessible_type (widget_class, FLOE_TYPE_SECRET_ACCESSIBLE);
}

static void
floe_secret_label_init (FloeSecretLabel *self)
{
}
