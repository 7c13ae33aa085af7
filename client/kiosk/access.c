/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kiosk/access.h"

#include <signal.h>

#define LARGE         1.5
#define USUAL_DPI     (96 * 1024)
#define CONTRAST_NAME "HighContrast"

struct _FloeAccess
{
  GObject parent_instance;

  GtkSettings *settings;
  gchar *reader; /* the program's path, or NULL */
  GSubprocess *reading;
};

G_DEFINE_FINAL_TYPE (FloeAccess, floe_access, G_TYPE_OBJECT)

/**
 * floe_access_new:
 * @settings: of the screen
 * @reader: the name of a screen reader's program
 *
 * Returns: (transfer full): with nothing switched on
 */
FloeAccess *
floe_access_new (GtkSettings *settings, const gchar *reader)
{
  FloeAccess *self = g_object_new (FLOE_TYPE_ACCESS, NULL);

  self->settings = g_object_ref (settings);
  self->reader = g_find_program_in_path (reader);
  return self;
}

void
floe_access_set_large_text (FloeAccess *self, gboolean large)
{
  gint dpi = USUAL_DPI;

  g_return_if_fail (FLOE_IS_ACCESS (self));

  gtk_settings_reset_property (self->settings, "gtk-xft-dpi");
  if (!large)
    return;
  g_object_get (self->settings, "gtk-xft-dpi", &dpi, NULL);
  if (dpi <= 0)
    dpi = USUAL_DPI;
  g_object_set (self->settings, "gtk-xft-dpi", (gint)(dpi * LARGE), NULL);
}

void
floe_access_set_high_contrast (FloeAccess *self, gboolean high)
{
  g_return_if_fail (FLOE_IS_ACCESS (self));

  gtk_settings_reset_property (self->settings, "gtk-theme-name");
  gtk_settings_reset_property (self->settings, "gtk-icon-theme-name");
  if (high)
    g_object_set (self->settings, "gtk-theme-name", CONTRAST_NAME, "gtk-icon-theme-name",
                  CONTRAST_NAME, NULL);
}

gboolean
floe_access_has_reader (FloeAccess *self)
{
  g_return_val_if_fail (FLOE_IS_ACCESS (self), FALSE);

  return self->reader != NULL;
}

static void
stop_reader (FloeAccess *self)
{
  if (self->reading != NULL)
    g_subprocess_send_signal (self->reading, SIGTERM);
  g_clear_object (&self->reading);
}

void
floe_access_set_reader (FloeAccess *self, gboolean reads)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (FLOE_IS_ACCESS (self));

  stop_reader (self);
  if (!reads || self->reader == NULL)
    return;
  self->reading =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                        &error, self->reader, NULL);
  if (self->reading == NULL)
    g_message ("the screen reader does not start: %s", error->message);
}

static void
floe_access_dispose (GObject *object)
{
  FloeAccess *self = FLOE_ACCESS (object);

  stop_reader (self);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (floe_access_parent_class)->dispose (object);
}

static void
floe_access_finalize (GObject *object)
{
  g_free (FLOE_ACCESS (object)->reader);
  G_OBJECT_CLASS (floe_access_parent_class)->finalize (object);
}

static void
floe_access_class_init (FloeAccessClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_access_dispose;
  G_OBJECT_CLASS (klass)->finalize = floe_access_finalize;
}

static void
floe_access_init (FloeAccess *self)
{
}
