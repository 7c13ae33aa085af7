/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GError *floe_failure_map (const GError *error, GTlsCertificateFlags flags);
const gchar *floe_failure_tls_reason (GTlsCertificateFlags flags);

G_END_DECLS
