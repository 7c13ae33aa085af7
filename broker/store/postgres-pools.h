/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/secret.h"

G_BEGIN_DECLS

GPtrArray *floe_postgres_read_pools (const gchar *conninfo, FloeSecret *password, GError **error);

G_END_DECLS
