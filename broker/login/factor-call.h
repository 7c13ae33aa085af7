/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/error.h"
#include "login/factor-transactions.h"

G_BEGIN_DECLS

/**
 * FloeFactorCall:
 * @action: for the trail
 * @refused: it is the end, and the record says why
 *
 * Whom a code is for, and what for: what the transactions of second factors have in common. What
 * begins with init ends with end, whatever comes of it.
 */
typedef struct
{
  FloeTx *tx;
  const FloeFactorInput *in;
  const gchar *action;
  FloeChallenge *challenge;
  const FloeUser *user;
  FloeFactorRecord *record;
  gboolean refused;
} FloeFactorCall;

void floe_factor_call_init (FloeFactorCall *call, FloeTx *tx, gconstpointer input,
                            const gchar *action);
gboolean floe_factor_call_put_row (FloeFactorCall *call, const gchar *object, const gchar *outcome,
                                   const gchar *detail, GError **error);
gpointer floe_factor_call_end (FloeFactorCall *call, gboolean ok, GError **error);
void floe_factor_call_refuse (FloeFactorCall *call, FloeError code, const gchar *reason,
                              const gchar *format, ...) G_GNUC_PRINTF (4, 5);
gboolean floe_factor_is_missing (GError *why, GError **error);
gboolean floe_factor_call_open_challenge (FloeFactorCall *call, GError **error);
gboolean floe_factor_call_take_try (FloeFactorCall *call, GError **error);
gboolean floe_factor_call_forget_tries (FloeFactorCall *call, GError **error);
gboolean floe_factor_call_get_factor (FloeFactorCall *call, FloeFactor **factor, GError **error);
gboolean floe_factor_call_find_step (FloeFactorCall *call, const FloeFactor *factor, gint64 *step,
                                     gchar **sealed, GError **error);
void floe_factor_call_refuse_code (FloeFactorCall *call);
gboolean floe_factor_call_check_code (FloeFactorCall *call, GError **error);
gboolean floe_factor_call_grant (FloeFactorCall *call, const gchar *detail, GError **error);

G_END_DECLS
