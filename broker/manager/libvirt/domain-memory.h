/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

G_BEGIN_DECLS

guint floe_domain_memory_mib (xmlNodePtr root);

G_END_DECLS
