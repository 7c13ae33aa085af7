/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session/log-tap.h"

G_BEGIN_DECLS

#define FLOE_APPLICATION_ID "org.floe.Floe"

/**
 * FloeApplication:
 *
 * The program: its command line, its actions, and its one window. Each start is a process of its
 * own, so that a fault in one desktop's session never takes another one with it.
 */
#define FLOE_TYPE_APPLICATION (floe_application_get_type ())
G_DECLARE_FINAL_TYPE (FloeApplication, floe_application, FLOE, APPLICATION, GtkApplication)

FloeApplication *floe_application_new (FloeLogTap *tap);
gint floe_application_run (FloeApplication *self, gint argc, gchar **argv);

G_END_DECLS
