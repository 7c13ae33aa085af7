/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/types.h"

G_BEGIN_DECLS

/**
 * FloeFactorOffer:
 * @secret: what an app takes when it is typed
 * @uri: the same, and whose it is, for a QR code
 *
 * A second factor that is not confirmed yet.
 */
typedef struct
{
  FloeSecret *secret;
  FloeSecret *uri;
} FloeFactorOffer;

/**
 * FloeFactorReceipt:
 * @recovery_codes: (element-type FloeSecret): each opens one log-in without the app
 * @login: (nullable): what a log-in that needed the factor has become
 *
 * A second factor that was confirmed.
 */
typedef struct
{
  GPtrArray *recovery_codes;
  FloeLogin *login;
} FloeFactorReceipt;

void floe_factor_offer_free (FloeFactorOffer *self);
void floe_factor_receipt_free (FloeFactorReceipt *self);

FloeSecret *floe_code_tidy (const gchar *typed, gssize length);
FloeSecret *floe_secret_in_groups (const FloeSecret *secret);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeFactorOffer, floe_factor_offer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeFactorReceipt, floe_factor_receipt_free)

G_END_DECLS
