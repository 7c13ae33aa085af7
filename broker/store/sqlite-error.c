/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sqlite-error.h"

#include <sqlite3.h>

static const struct
{
  gint result;
  FloeError code;
  const gchar *reason;
} table[] = {
  { SQLITE_BUSY, FLOE_ERROR_BUSY, NULL },
  { SQLITE_LOCKED, FLOE_ERROR_BUSY, NULL },
  { SQLITE_CONSTRAINT, FLOE_ERROR_CONFLICT, NULL },
  { SQLITE_FULL, FLOE_ERROR_UNAVAILABLE, "database-full" },
  { SQLITE_READONLY, FLOE_ERROR_UNAVAILABLE, "database-read-only" },
  { SQLITE_CANTOPEN, FLOE_ERROR_UNAVAILABLE, "database-down" },
  { SQLITE_IOERR, FLOE_ERROR_UNAVAILABLE, "database-down" },
  { SQLITE_PERM, FLOE_ERROR_UNAVAILABLE, "database-down" },
  { SQLITE_AUTH, FLOE_ERROR_UNAVAILABLE, "database-down" },
  { SQLITE_PROTOCOL, FLOE_ERROR_UNAVAILABLE, "database-down" },
};

/**
 * floe_sqlite_error_code:
 * @result: a result code of SQLite, primary or extended
 * @reason: (out): a stable keyword, or %NULL
 *
 * Returns: what it means in the broker; anything unknown is INTERNAL
 */
FloeError
floe_sqlite_error_code (gint result, const gchar **reason)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].result == (result & 0xff))
      {
        *reason = table[i].reason;
        return table[i].code;
      }
  *reason = NULL;
  return FLOE_ERROR_INTERNAL;
}
