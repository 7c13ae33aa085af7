/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/secret.h"

G_BEGIN_DECLS

#define FLOE_JSON_MAX_BYTES   (64 * 1024)
#define FLOE_JSON_MAX_DEPTH   16
#define FLOE_JSON_MAX_MEMBERS 256

/**
 * FloeJsonSecret:
 * @name: the member's name
 * @max_bytes: its value's length at most
 * @value: (nullable): filled in; the caller's reference
 * @optional: whether it may be missing
 *
 * A string member that is read without leaving a copy anywhere.
 */
typedef struct
{
  const gchar *name;
  gsize max_bytes;
  FloeSecret *value;
  gboolean optional;
} FloeJsonSecret;

gboolean floe_json_scan (const gchar *text, gsize length, GError **error);
gboolean floe_json_scan_secrets (const gchar *text, gsize length, FloeJsonSecret *fields,
                                 gsize n_fields, GError **error);

G_END_DECLS
