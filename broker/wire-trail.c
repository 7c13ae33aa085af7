/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "wire.h"

/**
 * floe_wire_trail_key:
 *
 * Returns: (transfer full): what the audit trail is sealed with, which is no secret where there is
 *   none; or %NULL
 */
FloeTrailKey *
floe_wire_trail_key (const FloeSettings *settings, GError **error)
{
  g_autoptr (FloeSecret) text = NULL;
  FloeTrailKey *key = NULL;

  if (settings->audit_key_file == NULL)
    return floe_trail_key_new (NULL, error);
  text = floe_wire_read_secret (settings->audit_key_file, error);
  key = text != NULL ? floe_trail_key_new (text, error) : NULL;
  if (key == NULL)
    g_prefix_error (error, "[audit] key_file: ");
  return key;
}
