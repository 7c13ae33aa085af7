/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gchar *floe_ctl_find_broker_program (const gchar *given, GError **error);
gboolean floe_ctl_become_broker (const gchar *program, const gchar *config, const gchar *option,
                                 const gchar *word, GError **error);

G_END_DECLS
