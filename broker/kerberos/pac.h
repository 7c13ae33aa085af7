/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <gssapi/gssapi.h>

G_BEGIN_DECLS

/* What a domain controller writes into a ticket beside the name (MS-PAC). */

GBytes *floe_pac_read_sid (gss_name_t name);
GBytes *floe_pac_parse_sid (const guint8 *bytes, gsize length);

G_END_DECLS
