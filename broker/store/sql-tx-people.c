/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sql-tx.h"

#include "core/error.h"
#include "core/fold.h"
#include "store/packed-strings.h"

#define DB(tx) (floe_sql_tx_get_db (FLOE_SQL_TX (tx)))

/* When somebody was seen last is kept by the hour. */
#define FRESH "u.seen >= $5 - 3600000000"

/* Asked of SQLite only: PostgreSQL is told several things at once, and an answer is waited for.
 * Words to be found by are not folded again for that: they are when the hour is over. */
static gboolean
is_as_kept (FloeTx *tx, const FloeUser *user, const gchar *groups, gint64 now, gboolean *is,
            GError **error)
{
  const gchar *sql =
      floe_sql_db_choose (DB (tx),
                          "SELECT 1 FROM users u WHERE id = $1 AND name = $2 AND display_name = $3"
                          " AND groups = $4 AND folded <> '' AND " FRESH,
                          NULL);

  *is = FALSE;
  return sql == NULL
         || floe_sql_read_any (floe_sql_db_query (DB (tx), error, sql, "ssssi", user->id,
                                                  user->name, user->display_name, groups, now),
                               is, error);
}

/* Somebody who is as they were costs no page. */
static gboolean
put_user (FloeTx *tx, const FloeUser *user, gint64 now, GError **error)
{
  g_autofree gchar *groups = floe_pack_strings ((const gchar *const *)user->groups);
  g_autofree gchar *names = NULL;
  g_autofree gchar *folded = NULL;
  gboolean kept;

  if (!is_as_kept (tx, user, groups, now, &kept, error))
    return FALSE;
  if (kept)
    return TRUE;
  names = g_strdup_printf ("%s %s", user->name, user->display_name);
  folded = floe_fold (names);
  return floe_sql_put_user_words (tx, user->id, folded, error)
         && floe_sql_db_run (DB (tx), error,
                             "INSERT INTO users AS u (id, name, display_name, groups, seen, folded)"
                             " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET"
                             " name = $2, display_name = $3, groups = $4, seen = $5, folded = $6"
                             " WHERE u.name <> $2 OR u.display_name <> $3 OR u.groups <> $4"
                             " OR u.folded <> $6 OR NOT " FRESH,
                             "ssssis", user->id, user->name, user->display_name, groups, now,
                             folded);
}

FloeUser *
floe_sql_read_user (const FloeSqlRows *rows, gint column)
{
  g_auto (GStrv) groups = floe_unpack_strings (floe_sql_rows_get_text (rows, column + 3));

  return floe_user_new (floe_sql_rows_get_text (rows, column),
                        floe_sql_rows_get_text (rows, column + 1),
                        floe_sql_rows_get_text (rows, column + 2), (const gchar *const *)groups);
}

static gpointer
read_user_row (FloeSqlRows *rows)
{
  return floe_sql_read_user (rows, 0);
}

FloeSqlRows *
floe_sql_query_user (FloeTx *tx, const gchar *id, GError **error)
{
  return floe_sql_db_query (
      DB (tx), error, "SELECT id, name, display_name, groups FROM users WHERE id = $1", "s", id);
}

static FloeUser *
get_user (FloeTx *tx, const gchar *id, GError **error)
{
  return floe_sql_read_one (floe_sql_query_user (tx, id, error), read_user_row, "user", error);
}

/* By the first of the words that they are found by. */
static FloeUser *
find_user (FloeTx *tx, const gchar *name, gint64 *seen, GError **error)
{
  g_autofree gchar *folded = floe_fold (name);
  g_auto (GStrv) words = floe_fold_words (folded);
  g_autoptr (FloeSqlRows) rows = floe_sql_db_query (
      DB (tx), error,
      "SELECT id, name, display_name, groups, seen FROM users WHERE id = $1 OR (id IN"
      " (SELECT subject FROM user_words WHERE word = $2) AND lower (name) = lower ($1))"
      " ORDER BY CASE WHEN id = $1 THEN 0 ELSE 1 END, seen DESC LIMIT 1",
      "ss", name, words[0] != NULL ? words[0] : "");
  gboolean row;

  if (rows == NULL || !floe_sql_rows_next (rows, &row, error))
    return NULL;
  if (!row)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such user");
      return NULL;
    }
  if (seen != NULL)
    *seen = floe_sql_rows_get_int (rows, 4);
  return floe_sql_read_user (rows, 0);
}

static GPtrArray *
list_active_users (FloeTx *tx, gint64 now, GError **error)
{
  return floe_sql_read_all (
      floe_sql_db_query (DB (tx), error,
                         "SELECT id, name, display_name, groups FROM users"
                         " WHERE id IN (SELECT user_id FROM tokens WHERE ends > $1)",
                         "i", now),
      read_user_row, (GDestroyNotify)floe_user_free, error);
}

/* The column knows two words: "admin" stands for all of the staff. What exactly somebody may do is
 * worked out at each request. */
static gboolean
put_token (FloeTx *tx, const FloeToken *token, GError **error)
{
  return floe_sql_db_run (
      DB (tx), error,
      "INSERT INTO tokens (hash, kind, login_id, user_id, role, desktop_id, address, terminal,"
      " issued, last_used, ends) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      "ssssssssiii", token->hash, token->kind == FLOE_TOKEN_ACCESS ? "access" : "reconnect",
      token->login_id, token->user->id, token->staff ? "admin" : "user", token->desktop_id,
      token->address, token->terminal, token->issued, token->last_used, token->ends);
}

static gpointer
read_token (FloeSqlRows *rows)
{
  FloeToken *token = g_new0 (FloeToken, 1);

  token->hash = floe_sql_rows_dup_text (rows, 0);
  token->kind = g_strcmp0 (floe_sql_rows_get_text (rows, 1), "access") == 0 ? FLOE_TOKEN_ACCESS
                                                                            : FLOE_TOKEN_RECONNECT;
  token->login_id = floe_sql_rows_dup_text (rows, 2);
  token->staff = g_strcmp0 (floe_sql_rows_get_text (rows, 3), "admin") == 0;
  token->desktop_id = floe_sql_rows_dup_text (rows, 4);
  token->address = floe_sql_rows_dup_text (rows, 5);
  token->terminal = floe_sql_rows_dup_text (rows, 6);
  token->issued = floe_sql_rows_get_int (rows, 7);
  token->last_used = floe_sql_rows_get_int (rows, 8);
  token->ends = floe_sql_rows_get_int (rows, 9);
  token->in_use = floe_sql_rows_get_int (rows, 10) != 0;
  token->user = floe_sql_read_user (rows, 11);
  return token;
}

static FloeToken *
get_token (FloeTx *tx, const gchar *hash, GError **error)
{
  return floe_sql_read_one (
      floe_sql_db_query (
          DB (tx), error,
          "SELECT t.hash, t.kind, t.login_id, t.role, t.desktop_id, t.address, t.terminal,"
          " t.issued, t.last_used, t.ends, CASE WHEN EXISTS (SELECT 1 FROM leases l"
          "  JOIN desktops d ON d.id = l.desktop_id WHERE l.login_id = t.login_id"
          "  AND d.console = 'connected') THEN 1 ELSE 0 END, u.id, u.name, u.display_name, u.groups"
          " FROM tokens t JOIN users u ON u.id = t.user_id WHERE t.hash = $1",
          "s", hash),
      read_token, "token", error);
}

static gboolean
touch_login (FloeTx *tx, const gchar *login_id, gint64 now, GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "UPDATE tokens SET last_used = $2"
                          " WHERE login_id = $1 AND kind = 'access' AND last_used < $2",
                          "si", login_id, now);
}

/* Whoever ends the log-in waits for a transaction that rests on it. */
FloeSqlRows *
floe_sql_query_login (FloeTx *tx, const gchar *login_id, gint64 now, GError **error)
{
  static const gchar *const reads =
      "SELECT 1 FROM tokens WHERE login_id = $1 AND kind = 'access' AND ends > $2 LIMIT 1";
  static const gchar *const writes =
      "SELECT 1 FROM tokens WHERE login_id = $1 AND kind = 'access' AND ends > $2 LIMIT 1"
      " FOR SHARE";

  return floe_sql_db_query (DB (tx), error, floe_sql_tx_locks (FLOE_SQL_TX (tx)) ? writes : reads,
                            "si", login_id, now);
}

static gboolean
has_login (FloeTx *tx, const gchar *login_id, gint64 now, gboolean *has, GError **error)
{
  return floe_sql_read_any (floe_sql_query_login (tx, login_id, now, error), has, error);
}

static gboolean
delete_tokens_of_login (FloeTx *tx, const gchar *login_id, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM tokens WHERE login_id = $1", "s", login_id);
}

static gboolean
delete_tokens_of_user (FloeTx *tx, const gchar *user_id, GError **error)
{
  return floe_sql_db_run (DB (tx), error, "DELETE FROM tokens WHERE user_id = $1", "s", user_id);
}

static gboolean
delete_tokens_of_desktop (FloeTx *tx, const gchar *desktop_id, const gchar *except_login,
                          GError **error)
{
  return floe_sql_db_run (DB (tx), error,
                          "DELETE FROM tokens WHERE desktop_id = $1"
                          " AND ($2 IS NULL OR login_id <> $2)",
                          "ss", desktop_id, except_login);
}

static gboolean
delete_ended_tokens (FloeTx *tx, gint64 now, gint64 idle, GError **error)
{
  return floe_sql_db_run (
      DB (tx), error,
      "DELETE FROM tokens WHERE ends <= $1 OR (kind = 'access' AND last_used + $2 <= $1"
      " AND NOT EXISTS (SELECT 1 FROM leases l JOIN desktops d ON d.id = l.desktop_id"
      "  WHERE l.login_id = tokens.login_id AND d.console = 'connected'))",
      "ii", now, idle);
}

void
floe_sql_tx_people_iface_init (FloeTxInterface *iface)
{
  iface->put_user = put_user;
  iface->get_user = get_user;
  iface->find_user = find_user;
  iface->list_active_users = list_active_users;
  iface->put_token = put_token;
  iface->get_token = get_token;
  iface->touch_login = touch_login;
  iface->has_login = has_login;
  iface->delete_tokens_of_login = delete_tokens_of_login;
  iface->delete_tokens_of_user = delete_tokens_of_user;
  iface->delete_tokens_of_desktop = delete_tokens_of_desktop;
  iface->delete_ended_tokens = delete_ended_tokens;
}
