/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "api/factor.h"

G_BEGIN_DECLS

/* What a terminal shows of a new second factor. */

FloeSecret *floe_factor_offer_to_text (const FloeFactorOffer *offer, gboolean with_picture);
FloeSecret *floe_factor_receipt_to_text (const FloeFactorReceipt *receipt);

G_END_DECLS
