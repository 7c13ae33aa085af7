/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/logo.h"

#define ICON(size) "/org/floe/Floe/icons/org.floe.Floe-" size ".png"

#define SIZE 96

struct _FloeLogo
{
  GtkImage parent_instance;
};

G_DEFINE_FINAL_TYPE (FloeLogo, floe_logo, GTK_TYPE_IMAGE)

static void
load (FloeLogo *self)
{
  gint scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  g_autoptr (GdkPixbuf) picture =
      gdk_pixbuf_new_from_resource_at_scale (ICON ("192"), SIZE * scale, SIZE * scale, TRUE, NULL);
  cairo_surface_t *surface;

  if (picture == NULL)
    return;
  surface = gdk_cairo_surface_create_from_pixbuf (picture, scale, NULL);
  gtk_image_set_from_surface (GTK_IMAGE (self), surface);
  cairo_surface_destroy (surface);
}

/**
 * floe_logo_set_default_icon:
 *
 * Gives it to each window that has no icon of its own.
 */
void
floe_logo_set_default_icon (void)
{
  static const gchar *const paths[] = { ICON ("16"), ICON ("32"), ICON ("64") };
  GList *icons = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      GdkPixbuf *icon = gdk_pixbuf_new_from_resource (paths[i], NULL);

      if (icon != NULL)
        icons = g_list_prepend (icons, icon);
    }
  gtk_window_set_default_icon_list (icons);
  g_list_free_full (icons, g_object_unref);
}

static void
floe_logo_class_init (FloeLogoClass *klass)
{
}

static void
floe_logo_init (FloeLogo *self)
{
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (load), NULL);
  load (self);
}
