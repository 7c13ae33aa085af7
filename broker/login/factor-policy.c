/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/factor-policy.h"

#include <gio/gio.h>

#include "core/error.h"
#include "core/network.h"

struct _FloeFactorPolicy
{
  FloeSealKeys *keys;
  GStrv required;
  GPtrArray *exempt; /* GInetAddressMask */
  gchar *issuer;
};

static void
policy_clear (gpointer data)
{
  FloeFactorPolicy *self = data;

  g_clear_pointer (&self->keys, floe_seal_keys_unref);
  g_strfreev (self->required);
  g_clear_pointer (&self->exempt, g_ptr_array_unref);
  g_free (self->issuer);
}

/**
 * floe_factor_policy_new:
 * @keys: what secrets are sealed with
 * @required_groups: (nullable) (array zero-terminated=1): who must enrol
 * @exempt_networks: (nullable) (array zero-terminated=1): such as "192.0.2.0/24": from where nobody
 *   is asked
 * @issuer: what an app shows beside the name
 *
 * Returns: (transfer full): the policy; or %NULL with %FLOE_ERROR_INVALID, when one of the networks
 *   is none
 */
FloeFactorPolicy *
floe_factor_policy_new (FloeSealKeys *keys, const gchar *const *required_groups,
                        const gchar *const *exempt_networks, const gchar *issuer, GError **error)
{
  g_autoptr (FloeFactorPolicy) self = g_atomic_rc_box_new0 (FloeFactorPolicy);

  self->keys = floe_seal_keys_ref (keys);
  self->required = g_strdupv ((gchar **)required_groups);
  self->exempt = g_ptr_array_new_with_free_func (g_object_unref);
  self->issuer = g_strdup (issuer);
  for (guint i = 0; exempt_networks != NULL && exempt_networks[i] != NULL; i++)
    {
      GInetAddressMask *mask = g_inet_address_mask_new_from_string (exempt_networks[i], NULL);

      if (mask == NULL)
        {
          g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID, "%s is not a network",
                       exempt_networks[i]);
          return NULL;
        }
      g_ptr_array_add (self->exempt, mask);
    }
  return g_steal_pointer (&self);
}

FloeFactorPolicy *
floe_factor_policy_ref (FloeFactorPolicy *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
floe_factor_policy_unref (FloeFactorPolicy *self)
{
  g_atomic_rc_box_release_full (self, policy_clear);
}

const FloeSealKeys *
floe_factor_policy_get_keys (const FloeFactorPolicy *self)
{
  return self->keys;
}

const gchar *
floe_factor_policy_get_issuer (const FloeFactorPolicy *self)
{
  return self->issuer;
}

/**
 * floe_factor_policy_exempts:
 * @address: (nullable): from where somebody logs in; what is no address is nowhere exempt
 */
gboolean
floe_factor_policy_exempts (const FloeFactorPolicy *self, const gchar *address)
{
  g_autoptr (GInetAddress) inet = floe_network_parse (address);

  for (guint i = 0; inet != NULL && i < self->exempt->len; i++)
    if (g_inet_address_mask_matches (self->exempt->pdata[i], inet))
      return TRUE;
  return FALSE;
}

gboolean
floe_factor_policy_requires (const FloeFactorPolicy *self, const FloeUser *user)
{
  return self->required != NULL && floe_user_in_any_group (user, self->required);
}
