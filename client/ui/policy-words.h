/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/policy.h"

G_BEGIN_DECLS

gchar *floe_policy_words (const FloePolicy *policy);
gchar *floe_policy_details (const FloePolicy *policy);

G_END_DECLS
