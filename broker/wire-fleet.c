/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "wire.h"

/**
 * floe_wire_fleet:
 *
 * Returns: (transfer full): the fleet, which signs and seals nothing where there is no key; or
 *   %NULL
 */
FloeFleet *
floe_wire_fleet (const FloeSettings *settings, FloeStore *store, FloeClock *clock, GError **error)
{
  g_autoptr (FloeSecret) text = NULL;
  g_autoptr (FloeSealKeys) keys = NULL;

  if (settings->terminals_key_file == NULL)
    return floe_fleet_new (store, clock, NULL);
  text = floe_wire_read_secret (settings->terminals_key_file, error);
  keys = text != NULL ? floe_seal_keys_new (text, error) : NULL;
  if (keys != NULL)
    return floe_fleet_new (store, clock, keys);
  g_prefix_error (error, "[terminals] key_file: ");
  return NULL;
}
