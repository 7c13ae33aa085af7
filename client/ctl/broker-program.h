/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl/command.h"

G_BEGIN_DECLS

gchar *floe_ctl_find_broker_program (const gchar *given, GError **error);
gboolean floe_ctl_test_by_broker (FloeCtl *self, GStrv args, const gchar *option, GError **error);

G_END_DECLS
