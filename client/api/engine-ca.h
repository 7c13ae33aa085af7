/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GTlsCertificate *floe_engine_ca_fetch (const gchar *url, GTlsCertificate **peer, GError **error);

G_END_DECLS
