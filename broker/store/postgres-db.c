/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/postgres-db.h"

#include <poll.h>

#include "store/postgres-pipeline.h"

/* The limits end what a broker that died or hangs would keep locked. */
#define SESSION                                                                                    \
  "SET statement_timeout = '10s'; SET idle_in_transaction_session_timeout = '5s';"                 \
  " SET client_min_messages = 'error'"

static void
ignore_notice (void *data, const PGresult *result)
{
}

static gboolean
connect (FloePostgresDb *self, const FloePostgresConninfo *info)
{
  self->conn = floe_postgres_conninfo_connect (info);
  if (PQstatus (self->conn) != CONNECTION_OK)
    {
      floe_postgres_keep_lost (self, PQerrorMessage (self->conn));
      return FALSE;
    }
  PQsetNoticeReceiver (self->conn, ignore_notice, NULL);
  if (PQsetnonblocking (self->conn, 1) == 0 && PQenterPipelineMode (self->conn))
    return floe_postgres_db_exec (self, SESSION, NULL);
  floe_postgres_keep_lost (self, "the connection was lost");
  return FALSE;
}

/**
 * floe_postgres_db_open:
 * @info: outlives the connection
 *
 * Connects. Blocks.
 *
 * Returns: (transfer full): a connection; or %NULL with %FLOE_ERROR_UNAVAILABLE
 */
FloePostgresDb *
floe_postgres_db_open (const FloePostgresConninfo *info, GError **error)
{
  g_autoptr (FloePostgresDb) self = g_new0 (FloePostgresDb, 1);

  self->base.driver = &floe_postgres_driver;
  self->name = g_strdup (floe_postgres_conninfo_get_name (info));
  self->origin = floe_postgres_conninfo_get_origin (info);
  self->statements = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, g_free);
  self->ahead = g_ptr_array_new_with_free_func ((GDestroyNotify)floe_postgres_rows_unref);
  g_queue_init (&self->pending);
  if (connect (self, info))
    {
      self->n_round_trips = 0;
      return g_steal_pointer (&self);
    }
  floe_postgres_fail (self, error);
  return NULL;
}

void
floe_postgres_db_close (FloePostgresDb *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->ahead);
  floe_postgres_clear_pending (self);
  g_hash_table_unref (self->statements);
  PQfinish (self->conn);
  g_clear_error (&self->error);
  g_free (self->name);
  g_free (self);
}

/**
 * floe_postgres_db_exec:
 * @sql: one or several statements without parameters, and without rows that matter
 *
 * Runs them at once. What was sent before is answered before; an error stays, as any other.
 */
gboolean
floe_postgres_db_exec (FloePostgresDb *self, const gchar *sql, GError **error)
{
  PGresult *result;

  if (self->error != NULL || !floe_postgres_send_begin (self)
      || (self->pending.length > 0 && !floe_postgres_synchronise (self)))
    return floe_postgres_fail (self, error);
  PQexitPipelineMode (self->conn);
  result = PQexec (self->conn, sql);
  self->n_round_trips++;
  if (PQresultStatus (result) != PGRES_COMMAND_OK && PQresultStatus (result) != PGRES_TUPLES_OK)
    floe_postgres_keep_result_error (self, result);
  PQclear (result);
  if (!PQenterPipelineMode (self->conn))
    floe_postgres_keep_lost (self, "the connection was lost");
  return self->error == NULL || floe_postgres_fail (self, error);
}

/**
 * floe_postgres_db_begin:
 * @begin: a literal that begins a transaction
 * @set: (nullable): another one that sets something for it
 *
 * Begins a transaction with its first statement, and forgets the last one's error.
 */
void
floe_postgres_db_begin (FloePostgresDb *self, const gchar *begin, const gchar *set)
{
  self->begin = begin;
  self->set = set;
  g_ptr_array_set_size (self->ahead, 0);
  g_clear_error (&self->error);
  self->refused = self->committed = FALSE;
  if (self->failure != FLOE_POSTGRES_LOST)
    self->failure = FLOE_POSTGRES_OK;
}

/**
 * floe_postgres_db_commit:
 * @unknown: (out): nobody can say whether it was committed
 *
 * Returns: %FALSE when the transaction failed, now or before; floe_postgres_db_rollback() ends it
 */
gboolean
floe_postgres_db_commit (FloePostgresDb *self, gboolean *unknown, GError **error)
{
  *unknown = FALSE;
  if (self->error != NULL)
    return floe_postgres_fail (self, error);
  if (self->begin != NULL) /* nobody asked for anything */
    return TRUE;
  if (floe_postgres_send_plain (self, FLOE_POSTGRES_COMMIT, "COMMIT"))
    floe_postgres_synchronise (self);
  if (self->committed) /* also when the connection was lost behind that */
    return TRUE;
  *unknown = self->failure == FLOE_POSTGRES_LOST && !self->refused;
  return floe_postgres_fail (self, error);
}

/**
 * floe_postgres_db_leave:
 *
 * Ends a transaction that only read, without waiting for the answer: it is read with the next
 * one's.
 *
 * Returns: %FALSE when the transaction failed before; floe_postgres_db_rollback() ends it then
 */
gboolean
floe_postgres_db_leave (FloePostgresDb *self, GError **error)
{
  if (self->error != NULL)
    return floe_postgres_fail (self, error);
  if (self->begin != NULL)
    return TRUE;
  if (floe_postgres_send_plain (self, FLOE_POSTGRES_OTHER, "COMMIT"))
    floe_postgres_send_sync (self); /* if that fails, whoever comes next will see */
  return TRUE;
}

/**
 * floe_postgres_db_rollback:
 *
 * Ends a transaction that failed, or that is not wanted. The transaction's error can be asked for
 * until the next one begins.
 */
void
floe_postgres_db_rollback (FloePostgresDb *self)
{
  gboolean begun = self->begin == NULL;

  self->begin = self->set = NULL;
  if (!begun || self->failure == FLOE_POSTGRES_LOST)
    return;
  if (self->pending.length > 0)
    floe_postgres_synchronise (self);
  if (self->failure == FLOE_POSTGRES_LOST || PQtransactionStatus (self->conn) == PQTRANS_IDLE)
    return;
  if (floe_postgres_send_plain (self, FLOE_POSTGRES_OTHER, "ROLLBACK"))
    floe_postgres_synchronise (self);
}

/**
 * floe_postgres_db_get_failure:
 *
 * Returns: whether and how the transaction failed so far, by the database and not by who uses it
 */
FloePostgresFailure
floe_postgres_db_get_failure (FloePostgresDb *self)
{
  return self->failure;
}

/**
 * floe_postgres_db_is_alive:
 *
 * Whether the connection, on which nothing is under way, can be used, as far as one can see without
 * asking: a server that stopped has said so.
 */
gboolean
floe_postgres_db_is_alive (FloePostgresDb *self)
{
  struct pollfd socket = { PQsocket (self->conn), POLLIN, 0 };

  if (self->failure == FLOE_POSTGRES_LOST || PQstatus (self->conn) == CONNECTION_BAD)
    return FALSE;
  if (poll (&socket, 1, 0) == 0)
    return TRUE;
  return PQconsumeInput (self->conn) && PQstatus (self->conn) == CONNECTION_OK
         && poll (&socket, 1, 0) == 0;
}

/**
 * floe_postgres_db_get_round_trips:
 *
 * Returns: how often somebody waited for the server on this connection since it was made
 */
guint64
floe_postgres_db_get_round_trips (FloePostgresDb *self)
{
  return self->n_round_trips;
}

/**
 * floe_postgres_db_get_origin:
 *
 * Returns: see floe_postgres_conninfo_get_origin()
 */
gint64
floe_postgres_db_get_origin (FloePostgresDb *self)
{
  return self->origin;
}

/**
 * floe_postgres_db_get_sql:
 *
 * Returns: (transfer none): the connection as what a transaction keeps is written on
 */
FloeSqlDb *
floe_postgres_db_get_sql (FloePostgresDb *self)
{
  return &self->base;
}
