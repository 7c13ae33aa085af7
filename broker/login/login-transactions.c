/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/login-transactions.h"

#include "core/ends.h"
#include "core/error.h"
#include "core/transition.h"
#include "login/factor-transactions.h"

void
floe_grant_input_free (FloeGrantInput *self)
{
  floe_identity_free (self->identity);
  g_free (self->hash);
  g_free (self->right);
  g_clear_pointer (&self->factors, floe_factor_policy_unref);
  g_free (self->challenge);
  g_free (self);
}

void
floe_grant_record_free (FloeGrantRecord *self)
{
  g_clear_error (&self->demand);
  floe_identity_free (self->identity);
  g_clear_pointer (&self->pools, g_ptr_array_unref);
  g_free (self);
}

void
floe_token_record_free (FloeTokenRecord *self)
{
  if (self == NULL)
    return;
  floe_token_free (self->token);
  g_strfreev (self->pools);
  g_free (self);
}

void
floe_log_out_free (FloeLogOut *self)
{
  floe_identity_free (self->identity);
  g_free (self);
}

void
floe_touch_free (FloeTouch *self)
{
  g_free (self->login_id);
  g_free (self);
}

void
floe_user_end_free (FloeUserEnd *self)
{
  g_free (self->user_id);
  g_free (self->reason);
  g_free (self);
}

void
floe_user_keep_free (FloeUserKeep *self)
{
  floe_user_free (self->user);
  g_free (self);
}

static gpointer
yes (gboolean ok)
{
  return ok ? GINT_TO_POINTER (TRUE) : NULL;
}

static gboolean
put_grant (FloeTx *tx, const FloeGrantInput *in, const FloeIdentity *identity, GError **error)
{
  g_autoptr (FloeAudit) row = floe_audit_new (in->now, in->action, NULL, "done");
  FloeToken token = { .hash = in->hash,
                      .kind = FLOE_TOKEN_ACCESS,
                      .login_id = identity->login_id,
                      .user = identity->user,
                      .staff = floe_identity_is_staff (identity),
                      .address = identity->caller->address,
                      .terminal = identity->caller->terminal,
                      .issued = in->now,
                      .last_used = in->now,
                      .ends = in->expires };

  floe_audit_set_identity (row, identity);
  row->detail = g_strdup (in->detail);
  return floe_tx_put_user (tx, identity->user, in->now, error)
         && floe_tx_put_token (tx, &token, error) && floe_tx_put_audit (tx, row, error)
         && (token.terminal == NULL || floe_tx_touch_terminal (tx, token.terminal, in->now, error));
}

/* One text for a token that never was and for one that has ended. */
void
floe_login_set_no_token (GError **error)
{
  floe_set_error_reason (error, FLOE_ERROR_UNAUTHENTICATED, "expired-token",
                         "the token is not valid, or not any more");
}

/* The directory was asked meanwhile, and somebody may have logged out or lost the desktop. */
static gboolean
check_right (FloeTx *tx, const FloeGrantInput *in, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (FloeToken) token = NULL;

  if (in->right == NULL)
    return TRUE;
  token = floe_tx_get_token (tx, in->right, &local_error);
  if (token != NULL)
    return TRUE;
  if (g_error_matches (local_error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND))
    floe_login_set_no_token (error);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Returns: (transfer full): a #FloeGrantRecord; the number of statements depends on nothing but
 * whether there is a certificate. */
gpointer
floe_login_record_grant (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeGrantInput *in = input;
  g_autoptr (FloeIdentity) identity = NULL;
  g_auto (GStrv) helped = NULL;
  g_autoptr (FloeGrantRecord) record = g_new0 (FloeGrantRecord, 1);

  if (!check_right (tx, in, error))
    return NULL;
  if (in->factors != NULL && !floe_factor_demand (tx, in, &record->demand, error))
    return NULL;
  if (record->demand != NULL)
    return g_steal_pointer (&record);
  helped = floe_tx_list_pools_of_helpdesk (tx, in->identity->user, error);
  if (helped == NULL)
    return NULL;
  identity = floe_identity_copy_with_pools (in->identity, (const gchar *const *)helped);
  if (!put_grant (tx, in, identity, error))
    return NULL;
  record->pools = floe_own_list_pools (tx, in->identity, error);
  if (record->pools == NULL)
    return NULL;
  record->identity = g_steal_pointer (&identity);
  record->expires = in->expires;
  return g_steal_pointer (&record);
}

/* Returns: (transfer full) (element-type FloeChange): the desktops that were given back. */
gpointer
floe_login_record_log_out (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeLogOut *in = input;
  const FloeCause cause = {
    .now = in->now, .identity = in->identity, .detail = "log-out", .end_reason = "released"
  };
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_change_free);
  g_autoptr (FloeAudit) row = floe_audit_new (in->now, "logout", in->identity->user->name, "done");

  floe_audit_set_identity (row, in->identity);
  if (!floe_tx_put_audit (tx, row, error)
      || !floe_own_release_all (tx, in->identity->user->id, in->identity->login_id, &cause, changes,
                                error)
      || !floe_tx_delete_tokens_of_login (tx, in->identity->login_id, error))
    return NULL;
  return g_steal_pointer (&changes);
}

gpointer
floe_login_put_audit (FloeTx *tx, gconstpointer input, GError **error)
{
  return yes (floe_tx_put_audit (tx, input, error));
}

/* @input is the hash. Returns: (transfer full): a #FloeToken. */
gpointer
floe_login_find_token (FloeTx *tx, gconstpointer input, GError **error)
{
  return floe_tx_get_token (tx, input, error);
}

/* @input is the token's key. Returns: (transfer full): a #FloeTokenRecord. */
gpointer
floe_login_find_identity (FloeTx *tx, gconstpointer input, GError **error)
{
  g_autoptr (FloeTokenRecord) record = g_new0 (FloeTokenRecord, 1);

  record->token = floe_tx_get_token (tx, input, error);
  if (record->token == NULL)
    return NULL;
  if (record->token->staff
      && (record->pools = floe_tx_list_pools_of_helpdesk (tx, record->token->user, error)) == NULL)
    return NULL;
  return g_steal_pointer (&record);
}

gpointer
floe_login_touch (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeTouch *in = input;

  return yes (floe_tx_touch_login (tx, in->login_id, in->now, error));
}

static gboolean
end_desktops (FloeTx *tx, const FloeUserEnd *in, GPtrArray *changes, GError **error)
{
  g_autoptr (GPtrArray) desktops = floe_tx_list_desktops_of_user (tx, in->user_id, error);

  for (guint i = 0; desktops != NULL && i < desktops->len; i++)
    {
      FloeChange *change = floe_change_new (g_steal_pointer (&desktops->pdata[i]));

      g_ptr_array_add (changes, change);
      if (!floe_ends_plan_account (change, tx, in->now, error))
        return FALSE;
    }
  return desktops != NULL;
}

/* The account is gone or disabled: no token of theirs opens anything any more, and their desktops
 * come to the end that their pools want. Returns: (transfer full) (element-type FloeChange): what
 * became of those. */
gpointer
floe_login_end_user (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeUserEnd *in = input;
  g_autoptr (FloeUser) user = floe_tx_get_user (tx, in->user_id, error);
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_change_free);
  g_autoptr (FloeAudit) row = NULL;

  if (user == NULL)
    return NULL;
  row = floe_audit_new (in->now, "account-ended", user->name, "done");
  row->detail = g_strdup (in->reason);
  if (!floe_tx_delete_tokens_of_user (tx, in->user_id, error) || !floe_tx_put_audit (tx, row, error)
      || !end_desktops (tx, in, changes, error))
    return NULL;
  return g_steal_pointer (&changes);
}

gpointer
floe_login_keep_user (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeUserKeep *in = input;

  return yes (floe_tx_put_user (tx, in->user, in->now, error));
}

gpointer
floe_login_sweep (FloeTx *tx, gconstpointer input, GError **error)
{
  const FloeSweep *in = input;

  return yes (floe_tx_delete_ended_tokens (tx, in->now, in->idle, error)
              && floe_tx_prune_challenges (tx, in->now, error));
}

/* @input is the time. Returns: (transfer full) (element-type FloeUser): the people who have a
 * token; a directory knows no terminal. */
gpointer
floe_login_list_active (FloeTx *tx, gconstpointer input, GError **error)
{
  GPtrArray *users = floe_tx_list_active_users (tx, *(const gint64 *)input, error);

  for (guint i = users != NULL ? users->len : 0; i > 0; i--)
    if (floe_user_is_terminal (users->pdata[i - 1]))
      g_ptr_array_remove_index_fast (users, i - 1);
  return users;
}
