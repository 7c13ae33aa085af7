/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What stands in an engine's log beside a call: its header Correlation-Id. */

gchar *floe_engine_correlation_new (const gchar *request, const gchar *doing, const gchar *object);
gchar *floe_engine_correlation_new_single (const gchar *correlation);

G_END_DECLS
