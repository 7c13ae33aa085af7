/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/environment.h"

/* GDK asks the graphics driver for its visuals at the start, which loads the driver and its
 * compiler: a fifth of a second, and a third of the memory of the whole program. Nothing here draws
 * by OpenGL: the pictures of guests on other machines come as pixels. */
static void
leave_driver_alone (void)
{
  g_setenv ("GDK_GL", "disable", FALSE);
}

/**
 * floe_environment_scrub:
 *
 * Takes out of the environment what would make the SPICE library do something else than the broker
 * said: a proxy of somebody's own, channels left out, grabs switched off, another USB helper. What
 * only helps to look for faults, and the test's own sound sink, may stay.
 */
void
floe_environment_scrub (void)
{
  static const gchar *const harmless[] = { "SPICE_DEBUG", "SPICE_GST_AUDIOSINK",
                                           "SPICE_GST_AUDIOSRC", NULL };
  g_auto (GStrv) names = g_listenv ();

  for (gsize i = 0; names[i] != NULL; i++)
    if (g_str_has_prefix (names[i], "SPICE_") && !g_strv_contains (harmless, names[i]))
      g_unsetenv (names[i]);
  leave_driver_alone ();
}
