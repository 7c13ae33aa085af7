/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kiosk/kiosk.h"

#include "kiosk/bar.h"
#include "kiosk/screens.h"

#define BACKLIGHTS "/sys/class/backlight"

struct _FloeKiosk
{
  GObject parent_instance;

  FloeGuard *guard;
  FloeScreens *screens;
  GtkWidget *bar;
};

G_DEFINE_FINAL_TYPE (FloeKiosk, floe_kiosk, G_TYPE_OBJECT)

/**
 * floe_kiosk_is_asked_for:
 * @argc: how many arguments
 * @argv: the program's arguments
 *
 * For what has to be done before the arguments are parsed, since GTK takes part in that.
 *
 * Returns: whether "--kiosk" is among them
 */
gboolean
floe_kiosk_is_asked_for (int argc, char **argv)
{
  for (int i = 1; i < argc && g_strcmp0 (argv[i], "--") != 0; i++)
    if (g_str_equal (argv[i], "--kiosk"))
      return TRUE;
  return FALSE;
}

/* The bus is on this machine and answers at once, or is not there. */
static GtkWidget *
make_bar (void)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);
  g_autoptr (FloePower) power = floe_power_new (bus, BACKLIGHTS);
  g_autoptr (FloeVolume) volume = floe_volume_new ("default");

  return floe_bar_new (power, volume);
}

/**
 * floe_kiosk_new:
 * @window: a window that is not shown yet
 *
 * Returns: (transfer full): to be disposed of before the window
 */
FloeKiosk *
floe_kiosk_new (GtkWindow *window)
{
  FloeKiosk *self = g_object_new (FLOE_TYPE_KIOSK, NULL);

  floe_guard_tighten_settings (gtk_widget_get_settings (GTK_WIDGET (window)));
  self->screens = floe_screens_new (window);
  self->bar = g_object_ref_sink (make_bar ());
  return self;
}

/**
 * floe_kiosk_get_bar:
 * @self: the kiosk
 *
 * Returns: (transfer none): the bar for below the pages
 */
GtkWidget *
floe_kiosk_get_bar (FloeKiosk *self)
{
  g_return_val_if_fail (FLOE_IS_KIOSK (self), NULL);

  return self->bar;
}

/**
 * floe_kiosk_reset:
 * @self: the kiosk
 *
 * Switches off what whoever was here switched on for themselves.
 */
void
floe_kiosk_reset (FloeKiosk *self)
{
  g_return_if_fail (FLOE_IS_KIOSK (self));

  floe_bar_reset (FLOE_BAR (self->bar));
}

/**
 * floe_kiosk_get_guard:
 * @self: the kiosk
 *
 * Returns: (transfer none): what tells of input
 */
FloeGuard *
floe_kiosk_get_guard (FloeKiosk *self)
{
  g_return_val_if_fail (FLOE_IS_KIOSK (self), NULL);

  return self->guard;
}

static void
floe_kiosk_dispose (GObject *object)
{
  FloeKiosk *self = FLOE_KIOSK (object);

  g_clear_object (&self->screens);
  g_clear_object (&self->bar);
  if (self->guard != NULL)
    g_object_run_dispose (G_OBJECT (self->guard));
  g_clear_object (&self->guard);
  G_OBJECT_CLASS (floe_kiosk_parent_class)->dispose (object);
}

static void
floe_kiosk_class_init (FloeKioskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = floe_kiosk_dispose;
}

static void
floe_kiosk_init (FloeKiosk *self)
{
  self->guard = floe_guard_new ();
}
