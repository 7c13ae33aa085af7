/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

void floe_ctl_print_pool (JsonNode *pool);

G_END_DECLS
