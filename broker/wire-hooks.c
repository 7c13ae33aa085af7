/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "wire.h"

/**
 * floe_wire_hooks:
 *
 * Returns: (transfer full): webhooks, of which there can be none without a key; or %NULL
 */
FloeWebhooks *
floe_wire_hooks (const FloeSettings *settings, FloeStore *store, FloeClock *clock, GError **error)
{
  g_autoptr (FloeSecret) text = NULL;
  g_autoptr (FloeSealKeys) keys = NULL;

  if (settings->webhooks_key_file == NULL)
    return floe_webhooks_new (store, clock, NULL);
  text = floe_wire_read_secret (settings->webhooks_key_file, error);
  keys = text != NULL ? floe_seal_keys_new (text, error) : NULL;
  if (keys != NULL)
    return floe_webhooks_new (store, clock, keys);
  g_prefix_error (error, "[webhooks] key_file: ");
  return NULL;
}
