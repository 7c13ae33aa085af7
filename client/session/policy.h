/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <spice-client.h>

#include "api/policy.h"

G_BEGIN_DECLS

void floe_policy_apply (const FloePolicy *self, SpiceSession *spice);
void floe_policy_apply_to_channel (const FloePolicy *self, SpiceChannel *channel);

G_END_DECLS
