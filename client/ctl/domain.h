/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl/command.h"

G_BEGIN_DECLS

gboolean floe_ctl_choose_domain (FloeCtl *self, GError **error);

G_END_DECLS
