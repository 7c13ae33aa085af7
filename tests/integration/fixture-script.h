/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gchar *fixture_run (GStrv environment, const gchar *const *argv);
void fixture_run_quietly (GStrv environment, const gchar *const *argv);
gchar *fixture_script (const gchar *name);
gchar *fixture_exported (const gchar *output, const gchar *name);

G_END_DECLS
