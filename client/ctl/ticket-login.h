/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ctl/command.h"

G_BEGIN_DECLS

FloeLogin *floe_ctl_log_in_with_ticket (FloeCtl *self, GError **error);

G_END_DECLS
