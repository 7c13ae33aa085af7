/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/broker-factor.h"
#include "ctl/command.h"

G_BEGIN_DECLS

FloeSecret *floe_ctl_ask_code (FloeCtl *self, GError **error);
FloeLogin *floe_ctl_send_code (FloeCtl *self, GError **error);
FloeFactorReceipt *floe_ctl_enrol (FloeCtl *self, GError **error);

G_END_DECLS
