/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/json-read.h"
#include "api/json-write.h"

G_BEGIN_DECLS

/* Terminals' settings as JSON, by the table of what can be set. */

GVariant *floe_setting_values_read (FloeJsonReader *reader, const gchar *name);
void floe_setting_values_write (FloeJsonWriter *writer, const gchar *name, GVariant *values);

G_END_DECLS
