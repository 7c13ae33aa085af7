/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/store.h"
#include "login/factor-policy.h"
#include "login/login-transactions.h"

G_BEGIN_DECLS

/* What second factors do in the store, and what they decide. Inputs are owned copies. What is
 * refused is counted and in the trail, so it is a result and no error. */

/**
 * FloeFactorInput:
 * @policy: (nullable): only floe_factor_reset() does without
 * @groups: which groups make somebody what
 * @challenge: (nullable): the hash of a challenge; or else
 * @identity: (nullable): who is logged in
 * @caller: from where
 * @code: (nullable): as floe_code_normalize() has it
 * @secret: (nullable): a new one, with floe_factor_begin()
 * @recovery: (nullable): hashes of new recovery codes, with floe_factor_confirm()
 * @user: (nullable): whose, with floe_factor_reset()
 * @reason: (nullable): likewise: why
 * @now: microseconds since 1970 UTC
 * @since: wrong codes do not count any more when the newest of them is not after this
 * @login_id: of the log-in that @challenge is to become
 * @hash: of its access token
 * @expires: the end of it
 */
typedef struct
{
  FloeFactorPolicy *policy;
  FloeRoleGroups *groups;
  gchar *challenge;
  FloeIdentity *identity;
  FloeCaller *caller;
  FloeSecret *code;
  FloeSecret *secret;
  GStrv recovery;
  gchar *user;
  gchar *reason;
  gint64 now;
  gint64 since;
  gchar *login_id;
  gchar *hash;
  gint64 expires;
} FloeFactorInput;

/**
 * FloeFactorRecord:
 * @refusal: (nullable): why it was not done
 * @grant: (nullable): the log-in, where a challenge was answered
 * @name: (nullable): whose factor it is
 */
typedef struct
{
  GError *refusal;
  FloeGrantRecord *grant;
  gchar *name;
} FloeFactorRecord;

void floe_factor_input_free (FloeFactorInput *self);
void floe_factor_record_free (FloeFactorRecord *self);

gboolean floe_factor_demand (FloeTx *tx, const FloeGrantInput *input, GError **demand,
                             GError **error);
gpointer floe_factor_answer (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_factor_begin (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_factor_confirm (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_factor_end (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_factor_reset (FloeTx *tx, gconstpointer input, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeFactorRecord, floe_factor_record_free)

G_END_DECLS
