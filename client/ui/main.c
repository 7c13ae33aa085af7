/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "kiosk/kiosk.h"
#include "ui/application.h"
#include "ui/environment.h"
#include "ui/language.h"

int
main (int argc, char **argv)
{
  g_autoptr (FloeLogTap) tap = floe_log_tap_new ();
  g_autoptr (FloeApplication) application = NULL;

  floe_environment_scrub ();
  if (floe_kiosk_is_asked_for (argc, argv))
    floe_guard_scrub_environment ();
  /* GLib decides once for the whole process whether it translates at all, by the first locale that
   * it meets; but here another language may be chosen later. In this one, "C", it always does. */
  (void)g_dgettext (GETTEXT_PACKAGE, "");
  setlocale (LC_ALL, "");
  floe_language_bind ();
  textdomain (GETTEXT_PACKAGE);
  g_log_set_writer_func (floe_log_tap_write, tap, NULL);
  application = floe_application_new (tap);
  return floe_application_run (application, argc, argv);
}
