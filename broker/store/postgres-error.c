/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/postgres-error.h"

#include <string.h>

/* By PostgreSQL's appendix A. A state stands before its class, which is its first two characters.
 */
static const struct
{
  const gchar *sqlstate;
  FloeError code;
  const gchar *reason;
} table[] = {
  { "08", FLOE_ERROR_UNAVAILABLE, "database-down" },         /* connection */
  { "23", FLOE_ERROR_CONFLICT, NULL },                       /* constraints */
  { "25006", FLOE_ERROR_UNAVAILABLE, "database-read-only" }, /* a standby */
  { "25P03", FLOE_ERROR_UNAVAILABLE, "database-down" },      /* idle in a transaction, thrown out */
  { "28", FLOE_ERROR_UNAVAILABLE, "database-down" },         /* it does not let us in */
  { "3D000", FLOE_ERROR_UNAVAILABLE, "database-down" },      /* no such database */
  { "3F000", FLOE_ERROR_UNAVAILABLE, "database-down" },      /* no such schema */
  { "40", FLOE_ERROR_BUSY, NULL }, /* serialisation and deadlocks, after all retries */
  { "42501", FLOE_ERROR_UNAVAILABLE, "database-down" }, /* no right to it */
  { "53100", FLOE_ERROR_UNAVAILABLE, "database-full" },
  { "53", FLOE_ERROR_UNAVAILABLE, "database-down" }, /* memory, connections */
  { "55P03", FLOE_ERROR_BUSY, NULL },                /* a lock was not got in time */
  { "57014", FLOE_ERROR_BUSY, NULL },                /* a statement took too long */
  { "57", FLOE_ERROR_UNAVAILABLE, "database-down" }, /* it stops, or starts */
  { "58", FLOE_ERROR_UNAVAILABLE, "database-down" }, /* its disk */
};

/**
 * floe_postgres_error_code:
 * @sqlstate: (nullable): the five characters, or %NULL when no server said anything
 * @reason: (out): a stable keyword, or %NULL
 *
 * Returns: what it means in the broker; anything unknown is INTERNAL
 */
FloeError
floe_postgres_error_code (const gchar *sqlstate, const gchar **reason)
{
  if (sqlstate == NULL)
    sqlstate = "08000";
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_has_prefix (sqlstate, table[i].sqlstate))
      {
        *reason = table[i].reason;
        return table[i].code;
      }
  *reason = NULL;
  return FLOE_ERROR_INTERNAL;
}

/**
 * floe_postgres_error_failure:
 * @sqlstate: the five characters
 *
 * Returns: whether the transaction may be run again
 */
FloePostgresFailure
floe_postgres_error_failure (const gchar *sqlstate)
{
  if (strcmp (sqlstate, "40001") == 0 || strcmp (sqlstate, "40P01") == 0)
    return FLOE_POSTGRES_RETRY;
  /* The latter two are a table, and its type, that another broker makes at the same moment,
   * whatever IF NOT EXISTS says. */
  return strcmp (sqlstate, "23505") == 0 || strcmp (sqlstate, "42P07") == 0
                 || strcmp (sqlstate, "42710") == 0
             ? FLOE_POSTGRES_RACE
             : FLOE_POSTGRES_FAILED;
}
