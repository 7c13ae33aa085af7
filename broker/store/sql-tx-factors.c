/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#include "core/error.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

static gboolean
put_challenge (FloeTx *tx, const FloeChallenge *challenge, GError **error)
{
  return floe_sql_db_run (
      DB (tx), error,
      "INSERT INTO challenges (hash, user_id, address, terminal, ends, password_expires, codes)"
      " VALUES ($1, $2, $3, $4, $5, $6, 0)",
      "ssssii", challenge->hash, challenge->user->id, challenge->address, challenge->terminal,
      challenge->ends, challenge->password_expires);
}

static FloeChallenge *
read_challenge (FloeTx *tx, const gchar *hash, gchar **user_id, GError **error)
{
  g_autoptr (FloeSqlRows) rows = floe_sql_db_query (
      DB (tx), error,
      "SELECT user_id, address, terminal, ends, password_expires FROM challenges WHERE hash = $1",
      "s", hash);
  FloeChallenge *challenge;
  gboolean row;

  if (rows == NULL || !floe_sql_rows_next (rows, &row, error))
    return NULL;
  if (!row)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such challenge");
      return NULL;
    }
  challenge = g_new0 (FloeChallenge, 1);
  challenge->hash = g_strdup (hash);
  *user_id = floe_sql_rows_dup_text (rows, 0);
  challenge->address = floe_sql_rows_dup_text (rows, 1);
  challenge->terminal = floe_sql_rows_dup_text (rows, 2);
  challenge->ends = floe_sql_rows_get_int (rows, 3);
  challenge->password_expires = floe_sql_rows_get_int (rows, 4);
  return challenge;
}

static FloeChallenge *
get_challenge (FloeTx *tx, const gchar *hash, GError **error)
{
  g_autofree gchar *user_id = NULL;
  g_autoptr (FloeChallenge) challenge = read_challenge (tx, hash, &user_id, error);

  if (challenge == NULL)
    return NULL;
  challenge->user = floe_tx_get_user (tx, user_id, error);
  if (challenge->user == NULL)
    return NULL;
  challenge->user->password_expires = challenge->password_expires;
  return g_steal_pointer (&challenge);
}

static gboolean
take_code_try (FloeTx *tx, const gchar *hash, gint64 now, guint most, gboolean *taken,
               GError **error)
{
  return floe_sql_read_any (
      floe_sql_db_query (DB (tx), error,
                         "UPDATE challenges SET codes = codes + 1 WHERE hash = $1"
                         " AND ends > $2 AND codes < $3 RETURNING codes",
                         "sii", hash, now, (gint64)most),
      taken, error);
}

static gboolean
delete_challenge (FloeTx *tx, const gchar *hash, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM challenges WHERE hash = $1", "s", hash);
}

static gboolean
prune_challenges (FloeTx *tx, gint64 before, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM challenges WHERE ends <= $1", "i", before);
}

static gpointer
read_factor (FloeSqlRows *rows)
{
  FloeFactor *factor = g_new0 (FloeFactor, 1);

  factor->sealed = floe_sql_rows_dup_text (rows, 0);
  factor->confirmed = floe_sql_rows_get_int (rows, 1);
  return factor;
}

static FloeFactor *
get_factor (FloeTx *tx, const gchar *user_id, GError **error)
{
  return floe_sql_read_one (
      floe_sql_db_query (DB (tx), error,
                         "SELECT sealed, confirmed FROM second_factors WHERE user_id = $1", "s",
                         user_id),
      read_factor, "second factor", error);
}

static gboolean
put_factor (FloeTx *tx, const gchar *user_id, const gchar *sealed, gboolean *put, GError **error)
{
  return floe_sql_read_any (
      floe_sql_db_query (DB (tx), error,
                         "INSERT INTO second_factors AS f (user_id, sealed, confirmed, last_step)"
                         " VALUES ($1, $2, 0, 0) ON CONFLICT (user_id) DO UPDATE SET sealed = $2"
                         " WHERE f.confirmed = 0 RETURNING user_id",
                         "ss", user_id, sealed),
      put, error);
}

static gboolean
confirm_factor (FloeTx *tx, const gchar *user_id, const gchar *sealed, gint64 now, gint64 step,
                gboolean *done, GError **error)
{
  return floe_sql_read_any (
      floe_sql_db_query (DB (tx), error,
                         "UPDATE second_factors SET confirmed = $3, last_step = $4"
                         " WHERE user_id = $1 AND sealed = $2 AND confirmed = 0 RETURNING user_id",
                         "ssii", user_id, sealed, now, step),
      done, error);
}

static gboolean
use_step (FloeTx *tx, const gchar *user_id, gint64 step, const gchar *sealed, gboolean *used,
          GError **error)
{
  return floe_sql_read_any (
      floe_sql_db_query (DB (tx), error,
                         "UPDATE second_factors SET last_step = $2, sealed = $3"
                         " WHERE user_id = $1 AND confirmed > 0 AND last_step < $2"
                         " RETURNING user_id",
                         "sis", user_id, step, sealed),
      used, error);
}

static gboolean
delete_factor (FloeTx *tx, const gchar *user_id, gboolean *deleted, GError **error)
{
  return floe_sql_read_any (
             floe_sql_db_query (DB (tx), error,
                                "DELETE FROM second_factors WHERE user_id = $1 RETURNING user_id",
                                "s", user_id),
             deleted, error)
         && floe_sql_db_run (DB (tx), error, "DELETE FROM recovery_codes WHERE user_id = $1", "s",
                             user_id)
         && floe_sql_db_run (DB (tx), error, "DELETE FROM challenges WHERE user_id = $1", "s",
                             user_id);
}

static gboolean
put_recovery_code (FloeTx *tx, const gchar *user_id, const gchar *hash, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "INSERT INTO recovery_codes (user_id, hash) VALUES ($1, $2)", "ss",
                          user_id, hash);
}

static gboolean
take_recovery_code (FloeTx *tx, const gchar *user_id, const gchar *hash, gboolean *taken,
                    GError **error)
{
  return floe_sql_read_any (
      floe_sql_db_query (DB (tx), error,
                         "DELETE FROM recovery_codes WHERE user_id = $1 AND hash = $2"
                         " RETURNING user_id",
                         "ss", user_id, hash),
      taken, error);
}

void
floe_sql_tx_factors_iface_init (FloeTxInterface *iface)
{
  iface->put_challenge = put_challenge;
  iface->get_challenge = get_challenge;
  iface->take_code_try = take_code_try;
  iface->delete_challenge = delete_challenge;
  iface->prune_challenges = prune_challenges;
  iface->get_factor = get_factor;
  iface->put_factor = put_factor;
  iface->confirm_factor = confirm_factor;
  iface->use_step = use_step;
  iface->delete_factor = delete_factor;
  iface->put_recovery_code = put_recovery_code;
  iface->take_recovery_code = take_recovery_code;
}
