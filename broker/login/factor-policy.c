/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/factor-policy.h"

#include <gio/gio.h>

#include "core/error.h"
#include "core/network.h"

struct _FloeFactorPolicy
{
  FloeSealKeys *keys;
  GStrv groups;
  GPtrArray *required; /* GInetAddressMask */
  GPtrArray *exempt;   /* GInetAddressMask */
  gchar *issuer;
};

static void
policy_clear (gpointer data)
{
  FloeFactorPolicy *self = data;

  g_clear_pointer (&self->keys, floe_seal_keys_unref);
  g_strfreev (self->groups);
  g_clear_pointer (&self->required, g_ptr_array_unref);
  g_clear_pointer (&self->exempt, g_ptr_array_unref);
  g_free (self->issuer);
}

/* Returns: (transfer full) (element-type GInetAddressMask): them; or %NULL */
static GPtrArray *
parse_networks (const gchar *const *networks, GError **error)
{
  g_autoptr (GPtrArray) masks = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; networks != NULL && networks[i] != NULL; i++)
    {
      GInetAddressMask *mask = g_inet_address_mask_new_from_string (networks[i], NULL);

      if (mask == NULL)
        {
          g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID, "%s is not a network", networks[i]);
          return NULL;
        }
      g_ptr_array_add (masks, mask);
    }
  return g_steal_pointer (&masks);
}

/**
 * floe_factor_policy_new:
 * @keys: what secrets are sealed with
 * @required_groups: (nullable) (array zero-terminated=1): who must enrol
 * @required_networks: (nullable) (array zero-terminated=1): such as "192.0.2.0/24": from where
 *   everybody must
 * @exempt_networks: (nullable) (array zero-terminated=1): such as "192.0.2.0/24": from where nobody
 *   is asked
 * @issuer: what an app shows beside the name
 *
 * Returns: (transfer full): the policy; or %NULL with %FLOE_ERROR_INVALID, when one of the networks
 *   is none
 */
FloeFactorPolicy *
floe_factor_policy_new (FloeSealKeys *keys, const gchar *const *required_groups,
                        const gchar *const *required_networks, const gchar *const *exempt_networks,
                        const gchar *issuer, GError **error)
{
  g_autoptr (FloeFactorPolicy) self = g_atomic_rc_box_new0 (FloeFactorPolicy);

  self->keys = floe_seal_keys_ref (keys);
  self->groups = g_strdupv ((gchar **)required_groups);
  self->issuer = g_strdup (issuer);
  self->required = parse_networks (required_networks, error);
  self->exempt = self->required != NULL ? parse_networks (exempt_networks, error) : NULL;
  return self->exempt != NULL ? g_steal_pointer (&self) : NULL;
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

/* Returns: how many bits the narrowest of them that has @address says; -1 when none has it */
static gint
narrowest (const GPtrArray *masks, const gchar *address)
{
  g_autoptr (GInetAddress) inet = floe_network_parse (address);
  gint bits = -1;

  for (guint i = 0; inet != NULL && i < masks->len; i++)
    if (g_inet_address_mask_matches (masks->pdata[i], inet))
      bits = MAX (bits, (gint)g_inet_address_mask_get_length (masks->pdata[i]));
  return bits;
}

/**
 * floe_factor_policy_exempts:
 * @address: (nullable): from where somebody logs in; what is no address is nowhere exempt
 */
gboolean
floe_factor_policy_exempts (const FloeFactorPolicy *self, const gchar *address)
{
  return narrowest (self->exempt, address) > narrowest (self->required, address);
}

/**
 * floe_factor_policy_requires:
 * @address: (nullable): from where they come; what is no address is in no network
 *
 * Returns: whether they must enrol, for what they are or from where they come
 */
gboolean
floe_factor_policy_requires (const FloeFactorPolicy *self, const FloeUser *user,
                             const gchar *address)
{
  gint bits = narrowest (self->required, address);

  if (bits >= 0 && bits >= narrowest (self->exempt, address))
    return TRUE;
  return self->groups != NULL && floe_user_in_any_group (user, self->groups);
}
