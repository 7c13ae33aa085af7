/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/claim.h"

G_BEGIN_DECLS

/* What the ways to claim share. */

/* claim.c */
FloePool *floe_claim_check (FloeTx *tx, const FloeClaimInput *input, GError **error);
FloeChange *floe_claim_take_held (FloeTx *tx, FloeDesktop *desktop, const FloeClaimInput *input,
                                  const FloeCause *cause, GError **error);
gboolean floe_claim_record_given (FloeTx *tx, const FloePool *pool, const FloeClaimInput *input,
                                  const FloeCause *cause, FloeClaim *claim, GError **error);
FloeClaim *floe_claim_refuse (FloeTx *tx, const FloeClaimInput *input, GError *refusal,
                              FloeClaim *claim, GError **error);

/* claim-parts.c */
void floe_claim_run_async (FloeStore *store, FloeTransaction func, FloeClaimInput *input,
                           GAsyncReadyCallback callback, gpointer user_data);

G_END_DECLS
