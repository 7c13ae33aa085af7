/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/user.h"
#include "login/sealed-text.h"

G_BEGIN_DECLS

/**
 * FloeFactorPolicy:
 *
 * Who is asked for a code beside their password, and where. Whoever has enrolled is; whoever is in
 * one of the required groups must enrol, and so must everybody in a required network; but not in an
 * exempt network. Where a required and an exempt network overlap, the narrower counts. Immutable,
 * counted, and shared by threads.
 */
typedef struct _FloeFactorPolicy FloeFactorPolicy;

FloeFactorPolicy *floe_factor_policy_new (FloeSealKeys *keys, const gchar *const *required_groups,
                                          const gchar *const *required_networks,
                                          const gchar *const *exempt_networks, const gchar *issuer,
                                          GError **error);
FloeFactorPolicy *floe_factor_policy_ref (FloeFactorPolicy *self);
void floe_factor_policy_unref (FloeFactorPolicy *self);

const FloeSealKeys *floe_factor_policy_get_keys (const FloeFactorPolicy *self);
const gchar *floe_factor_policy_get_issuer (const FloeFactorPolicy *self);
gboolean floe_factor_policy_exempts (const FloeFactorPolicy *self, const gchar *address);
gboolean floe_factor_policy_requires (const FloeFactorPolicy *self, const FloeUser *user,
                                      const gchar *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeFactorPolicy, floe_factor_policy_unref)

G_END_DECLS
