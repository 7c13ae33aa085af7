/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assigner.h"
#include "core/store.h"
#include "login/factor-policy.h"

G_BEGIN_DECLS

/* What the log-in does in the store. Inputs are owned copies, see #FloeTransaction. */

typedef struct
{
  FloeIdentity *identity;
  gchar *hash;
  gchar *right; /* the hash of the reconnect token that asked for it; NULL with a password */
  gint64 now;
  gint64 expires;
  const gchar *action;       /* a literal */
  const gchar *detail;       /* likewise, or NULL */
  FloeFactorPolicy *factors; /* whether more is needed than the password; NULL when not */
  gchar *challenge;          /* then: the hash of the challenge */
  gint64 challenge_ends;
} FloeGrantInput;

/**
 * FloeGrantRecord:
 * @demand: (nullable): what is needed besides, see floe_factor_demand(); then there is nothing else
 */
typedef struct
{
  GError *demand;
  FloeIdentity *identity;
  gint64 expires;
  GPtrArray *pools;
} FloeGrantRecord;

/**
 * FloeTokenRecord:
 * @token: an access token
 * @pools: (nullable): of the staff: the pools of which they are the helpdesk
 */
typedef struct
{
  FloeToken *token;
  GStrv pools;
} FloeTokenRecord;

typedef struct
{
  FloeIdentity *identity;
  gint64 now;
} FloeLogOut;

typedef struct
{
  gchar *login_id;
  gint64 now;
} FloeTouch;

typedef struct
{
  gchar *user_id;
  gchar *reason;
  gint64 now;
} FloeUserEnd;

typedef struct
{
  FloeUser *user;
  gint64 now;
} FloeUserKeep;

typedef struct
{
  gint64 now;
  gint64 idle;
} FloeSweep;

void floe_login_set_no_token (GError **error);
void floe_grant_input_free (FloeGrantInput *self);
void floe_grant_record_free (FloeGrantRecord *self);
void floe_token_record_free (FloeTokenRecord *self);
void floe_log_out_free (FloeLogOut *self);
void floe_touch_free (FloeTouch *self);
void floe_user_end_free (FloeUserEnd *self);
void floe_user_keep_free (FloeUserKeep *self);

gpointer floe_login_record_grant (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_login_record_log_out (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_login_put_audit (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_login_find_token (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_login_find_identity (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_login_touch (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_login_end_user (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_login_keep_user (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_login_sweep (FloeTx *tx, gconstpointer input, GError **error);
gpointer floe_login_list_active (FloeTx *tx, gconstpointer input, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeGrantRecord, floe_grant_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTokenRecord, floe_token_record_free)

G_END_DECLS
