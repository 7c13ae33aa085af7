/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <gssapi/gssapi.h>

G_BEGIN_DECLS

gchar *floe_gss_describe (OM_uint32 major, OM_uint32 minor, gss_OID mech);
void floe_gss_set_refusal (GError **error, OM_uint32 minor, const gchar *description);

G_END_DECLS
