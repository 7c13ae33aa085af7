/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sqlite-tx.h"

#include "core/error.h"
#include "store/packed-strings.h"

#define DB(tx) (floe_sqlite_tx_get_db (FLOE_SQLITE_TX (tx)))

/* Somebody who is as they were costs no page: when they were seen last is kept by the hour. */
static gboolean
put_user (FloeTx *tx, const FloeUser *user, gint64 now, GError **error)
{
  g_autofree gchar *groups = floe_pack_strings ((const gchar *const *)user->groups);

  return floe_sqlite_db_run (DB (tx), error,
                             "INSERT INTO users (id, name, display_name, groups, seen)"
                             " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET"
                             " name = $2, display_name = $3, groups = $4, seen = $5"
                             " WHERE name <> $2 OR display_name <> $3 OR groups <> $4"
                             " OR seen < $5 - 3600000000",
                             "ssssi", user->id, user->name, user->display_name, groups, now);
}

static FloeUser *
read_user (sqlite3_stmt *s, gint column)
{
  g_auto (GStrv) groups = floe_unpack_strings (floe_sqlite_get_text (s, column + 3));

  return floe_user_new (floe_sqlite_get_text (s, column), floe_sqlite_get_text (s, column + 1),
                        floe_sqlite_get_text (s, column + 2), (const gchar *const *)groups);
}

static FloeUser *
get_user (FloeTx *tx, const gchar *id, GError **error)
{
  sqlite3_stmt *s = floe_sqlite_db_query (
      DB (tx), error, "SELECT id, name, display_name, groups FROM users WHERE id = $1", "s", id);
  FloeUser *user;
  gboolean row;

  if (s == NULL || !floe_sqlite_db_next (DB (tx), s, &row, error))
    return NULL;
  if (!row)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such user");
      return NULL;
    }
  user = read_user (s, 0);
  sqlite3_reset (s);
  return user;
}

/* Looks at each of them, which an administrator's question may cost. */
static FloeUser *
find_user (FloeTx *tx, const gchar *name, gint64 *seen, GError **error)
{
  sqlite3_stmt *s = floe_sqlite_db_query (
      DB (tx), error,
      "SELECT id, name, display_name, groups, seen FROM users WHERE id = $1 OR lower (name) ="
      " lower ($1) ORDER BY id = $1 DESC, seen DESC LIMIT 1",
      "s", name);
  FloeUser *user;
  gboolean row;

  if (s == NULL || !floe_sqlite_db_next (DB (tx), s, &row, error))
    return NULL;
  if (!row)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such user");
      return NULL;
    }
  user = read_user (s, 0);
  if (seen != NULL)
    *seen = sqlite3_column_int64 (s, 4);
  sqlite3_reset (s);
  return user;
}

static GPtrArray *
list_active_users (FloeTx *tx, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) users = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_user_free);
  sqlite3_stmt *s =
      floe_sqlite_db_query (DB (tx), error,
                            "SELECT id, name, display_name, groups FROM users"
                            " WHERE id IN (SELECT user_id FROM tokens WHERE ends > $1)",
                            "i", now);
  gboolean row = s != NULL;

  if (s == NULL)
    return NULL;
  for (;;)
    {
      if (!floe_sqlite_db_next (DB (tx), s, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&users);
      g_ptr_array_add (users, read_user (s, 0));
    }
}

static gboolean
put_token (FloeTx *tx, const FloeToken *token, GError **error)
{
  return floe_sqlite_db_run (
      DB (tx), error,
      "INSERT INTO tokens (hash, kind, login_id, user_id, role, desktop_id, address, terminal,"
      " issued, last_used, ends) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      "ssssssssiii", token->hash, token->kind == FLOE_TOKEN_ACCESS ? "access" : "reconnect",
      token->login_id, token->user->id, floe_role_name (token->role), token->desktop_id,
      token->address, token->terminal, token->issued, token->last_used, token->ends);
}

static FloeToken *
read_token (sqlite3_stmt *s)
{
  FloeToken *token = g_new0 (FloeToken, 1);

  token->hash = floe_sqlite_dup_text (s, 0);
  token->kind = g_strcmp0 (floe_sqlite_get_text (s, 1), "access") == 0 ? FLOE_TOKEN_ACCESS
                                                                       : FLOE_TOKEN_RECONNECT;
  token->login_id = floe_sqlite_dup_text (s, 2);
  token->role =
      g_strcmp0 (floe_sqlite_get_text (s, 3), "admin") == 0 ? FLOE_ROLE_ADMIN : FLOE_ROLE_USER;
  token->desktop_id = floe_sqlite_dup_text (s, 4);
  token->address = floe_sqlite_dup_text (s, 5);
  token->terminal = floe_sqlite_dup_text (s, 6);
  token->issued = sqlite3_column_int64 (s, 7);
  token->last_used = sqlite3_column_int64 (s, 8);
  token->ends = sqlite3_column_int64 (s, 9);
  token->in_use = sqlite3_column_int64 (s, 10) != 0;
  token->user = read_user (s, 11);
  return token;
}

static FloeToken *
get_token (FloeTx *tx, const gchar *hash, GError **error)
{
  sqlite3_stmt *s = floe_sqlite_db_query (
      DB (tx), error,
      "SELECT t.hash, t.kind, t.login_id, t.role, t.desktop_id, t.address, t.terminal, t.issued,"
      " t.last_used, t.ends, EXISTS (SELECT 1 FROM leases l JOIN desktops d ON d.id = l.desktop_id"
      "  WHERE l.login_id = t.login_id AND d.console = 'connected'),"
      " u.id, u.name, u.display_name, u.groups"
      " FROM tokens t JOIN users u ON u.id = t.user_id WHERE t.hash = $1",
      "s", hash);
  FloeToken *token;
  gboolean row;

  if (s == NULL || !floe_sqlite_db_next (DB (tx), s, &row, error))
    return NULL;
  if (!row)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_NOT_FOUND, "no such token");
      return NULL;
    }
  token = read_token (s);
  sqlite3_reset (s);
  return token;
}

static gboolean
touch_login (FloeTx *tx, const gchar *login_id, gint64 now, GError **error)
{
  return floe_sqlite_db_run (DB (tx), error,
                             "UPDATE tokens SET last_used = max (last_used, $2)"
                             " WHERE login_id = $1 AND kind = 'access'",
                             "si", login_id, now);
}

static gboolean
has_login (FloeTx *tx, const gchar *login_id, gint64 now, gboolean *has, GError **error)
{
  sqlite3_stmt *s = floe_sqlite_db_query (
      DB (tx), error,
      "SELECT 1 FROM tokens WHERE login_id = $1 AND kind = 'access' AND ends > $2 LIMIT 1", "si",
      login_id, now);

  if (s == NULL || !floe_sqlite_db_next (DB (tx), s, has, error))
    return FALSE;
  sqlite3_reset (s);
  return TRUE;
}

static gboolean
delete_tokens_of_login (FloeTx *tx, const gchar *login_id, GError **error)
{
  return floe_sqlite_db_run (DB (tx), error, "DELETE FROM tokens WHERE login_id = $1", "s",
                             login_id);
}

static gboolean
delete_tokens_of_user (FloeTx *tx, const gchar *user_id, GError **error)
{
  return floe_sqlite_db_run (DB (tx), error, "DELETE FROM tokens WHERE user_id = $1", "s", user_id);
}

static gboolean
delete_tokens_of_desktop (FloeTx *tx, const gchar *desktop_id, const gchar *except_login,
                          GError **error)
{
  return floe_sqlite_db_run (DB (tx), error,
                             "DELETE FROM tokens WHERE desktop_id = $1"
                             " AND ($2 IS NULL OR login_id <> $2)",
                             "ss", desktop_id, except_login);
}

static gboolean
delete_ended_tokens (FloeTx *tx, gint64 now, gint64 idle, GError **error)
{
  return floe_sqlite_db_run (
      DB (tx), error,
      "DELETE FROM tokens WHERE ends <= $1 OR (kind = 'access' AND last_used + $2 <= $1"
      " AND NOT EXISTS (SELECT 1 FROM leases l JOIN desktops d ON d.id = l.desktop_id"
      "  WHERE l.login_id = tokens.login_id AND d.console = 'connected'))",
      "ii", now, idle);
}

void
floe_sqlite_tx_people_iface_init (FloeTxInterface *iface)
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
