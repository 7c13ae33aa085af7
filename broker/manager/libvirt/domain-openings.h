/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libxml/tree.h>

#include "core/policy.h"

G_BEGIN_DECLS

FloeOpenings *floe_domain_openings_read (xmlNodePtr root);
void floe_domain_openings_close (xmlNodePtr root, const FloePolicy *policy);

G_END_DECLS
