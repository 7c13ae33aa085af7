/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl/command.h"

G_BEGIN_DECLS

gchar *floe_ctl_complete (const FloeCtlCommand *const *groups, guint n_groups);

G_END_DECLS
