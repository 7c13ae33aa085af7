/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/postgres-pipeline.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

/* A server that says nothing for so long is given up; its own limit for a statement is shorter. */
#define ANSWER_US (15 * G_USEC_PER_SEC)

/* What the statements that may fail so are written to do. */
#define NOT_NULL_VIOLATION "23502"

static void
pending_free (gpointer data)
{
  FloePostgresPending *pending = data;

  g_clear_pointer (&pending->rows, floe_postgres_rows_unref);
  g_free (pending->conflict);
  g_free (pending);
}

FloePostgresPending *
floe_postgres_push_pending (FloePostgresDb *self, FloePostgresPendingKind kind, const gchar *sql)
{
  FloePostgresPending *pending = g_new0 (FloePostgresPending, 1);

  pending->kind = kind;
  pending->sql = sql;
  g_queue_push_tail (&self->pending, pending);
  return pending;
}

/* Forgets what is not answered: nobody will. */
void
floe_postgres_clear_pending (FloePostgresDb *self)
{
  g_queue_clear_full (&self->pending, pending_free);
}

/* Errors: the first one of a transaction is kept. */

static void
keep_error (FloePostgresDb *self, FloePostgresFailure failure, const gchar *sqlstate,
            const gchar *text)
{
  g_autofree gchar *line = g_strdup (text);
  const gchar *reason;
  FloeError code = floe_postgres_error_code (sqlstate, &reason);

  if (self->failure == FLOE_POSTGRES_LOST || (self->error != NULL && failure != FLOE_POSTGRES_LOST))
    return;
  self->failure = failure;
  if (self->error != NULL)
    return;
  g_strstrip (g_strdelimit (line, "\n\t", ' '));
  if (reason != NULL)
    floe_set_error_reason (&self->error, code, reason, "database %s: %s", self->name, line);
  else
    g_set_error (&self->error, FLOE_ERROR, code, "database %s: %s", self->name, line);
}

void
floe_postgres_keep_lost (FloePostgresDb *self, const gchar *text)
{
  keep_error (self, FLOE_POSTGRES_LOST, NULL, text);
}

/* What the server says in detail holds values of rows, which belong into no log. */
void
floe_postgres_keep_result_error (FloePostgresDb *self, const PGresult *result)
{
  const gchar *sqlstate = PQresultErrorField (result, PG_DIAG_SQLSTATE);
  const gchar *severity = PQresultErrorField (result, PG_DIAG_SEVERITY_NONLOCALIZED);
  const gchar *text = PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY);

  if (sqlstate == NULL || text == NULL)
    floe_postgres_keep_lost (self, "the connection was lost");
  else if (g_strcmp0 (severity, "FATAL") == 0 || g_strcmp0 (severity, "PANIC") == 0)
    keep_error (self, FLOE_POSTGRES_LOST, sqlstate, text);
  else
    keep_error (self, floe_postgres_error_failure (sqlstate), sqlstate, text);
}

gboolean
floe_postgres_fail (FloePostgresDb *self, GError **error)
{
  g_propagate_error (error, g_error_copy (self->error));
  return FALSE;
}

/* Reading answers. */

static gboolean
wait_for_socket (FloePostgresDb *self, gint64 until)
{
  gint flush = PQflush (self->conn);
  struct pollfd socket = { PQsocket (self->conn), POLLIN, 0 };
  gint64 left = until - g_get_monotonic_time ();

  if (flush < 0 || socket.fd < 0)
    {
      floe_postgres_keep_lost (self, "the connection was lost");
      return FALSE;
    }
  if (flush > 0)
    socket.events |= POLLOUT;
  if (left <= 0)
    {
      floe_postgres_keep_lost (self, "the server does not answer");
      return FALSE;
    }
  if (poll (&socket, 1, (gint)(left / 1000 + 1)) < 0 && errno != EINTR)
    {
      floe_postgres_keep_lost (self, "the connection was lost");
      return FALSE;
    }
  if ((socket.revents & (POLLIN | POLLHUP | POLLERR)) && !PQconsumeInput (self->conn))
    {
      floe_postgres_keep_lost (self, "the connection was lost");
      return FALSE;
    }
  return TRUE;
}

/* The next result, or NULL behind the last one of a statement; also when the connection is lost. */
static PGresult *
next_result (FloePostgresDb *self)
{
  gint64 until = g_get_monotonic_time () + ANSWER_US;

  while (PQisBusy (self->conn))
    if (!wait_for_socket (self, until))
      return NULL;
  return PQgetResult (self->conn);
}

/* An error of one statement, in the words of whoever sent it where it has some. */
static void
take_error (FloePostgresDb *self, const FloePostgresPending *pending, const PGresult *result)
{
  const gchar *sqlstate = PQresultErrorField (result, PG_DIAG_SQLSTATE);

  if (sqlstate != NULL && pending->kind != FLOE_POSTGRES_COMMIT)
    self->refused = TRUE;
  if (pending->conflict == NULL || g_strcmp0 (sqlstate, NOT_NULL_VIOLATION) != 0)
    {
      floe_postgres_keep_result_error (self, result);
      return;
    }
  if (self->error != NULL)
    return;
  self->failure = FLOE_POSTGRES_FAILED;
  g_set_error_literal (&self->error, FLOE_ERROR, FLOE_ERROR_CONFLICT, pending->conflict);
}

static void
take_result (FloePostgresDb *self, FloePostgresPending *pending, PGresult *result)
{
  ExecStatusType status = PQresultStatus (result);
  gboolean good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;

  if (pending->kind == FLOE_POSTGRES_PREPARE && !good)
    g_hash_table_remove (self->statements, pending->sql);
  if (!good && status != PGRES_PIPELINE_ABORTED)
    take_error (self, pending, result);
  if (good && pending->kind == FLOE_POSTGRES_COMMIT)
    {
      self->committed = strcmp (PQcmdStatus (result), "COMMIT") == 0;
      if (!self->committed)
        keep_error (self, FLOE_POSTGRES_FAILED, "40000", "the transaction was undone");
    }
  if (good && pending->rows != NULL)
    pending->rows->result = result;
  else
    PQclear (result);
}

static gboolean
read_one (FloePostgresDb *self)
{
  FloePostgresPending *pending = g_queue_peek_head (&self->pending);
  PGresult *result = next_result (self);

  if (result == NULL)
    {
      floe_postgres_keep_lost (self, "the connection was lost");
      return FALSE;
    }
  if (pending->kind == FLOE_POSTGRES_SYNC)
    {
      if (PQresultStatus (result) != PGRES_PIPELINE_SYNC)
        floe_postgres_keep_lost (self, "the connection was lost");
      PQclear (result);
    }
  else
    {
      take_result (self, pending, result);
      result = next_result (self); /* NULL is the end of this statement */
      if (result != NULL)
        floe_postgres_keep_lost (self, "the connection was lost");
      PQclear (result);
    }
  pending_free (g_queue_pop_head (&self->pending));
  return self->failure != FLOE_POSTGRES_LOST;
}

/* Sends what is still here, and where the server is to say that it is done with it. */
gboolean
floe_postgres_send_sync (FloePostgresDb *self)
{
  if (self->failure == FLOE_POSTGRES_LOST)
    return FALSE;
  if (PQpipelineSync (self->conn))
    floe_postgres_push_pending (self, FLOE_POSTGRES_SYNC, NULL);
  else
    floe_postgres_keep_lost (self, "the connection was lost");
  return self->failure != FLOE_POSTGRES_LOST;
}

/* Sends what is still here and reads all answers. */
gboolean
floe_postgres_synchronise (FloePostgresDb *self)
{
  self->n_round_trips++;
  if (!floe_postgres_send_sync (self))
    return FALSE;
  while (self->pending.length > 0)
    if (!read_one (self))
      return FALSE;
  return self->error == NULL;
}

gboolean
floe_postgres_send_plain (FloePostgresDb *self, FloePostgresPendingKind kind, const gchar *sql)
{
  if (!PQsendQueryParams (self->conn, sql, 0, NULL, NULL, NULL, NULL, 0))
    floe_postgres_keep_lost (self, "the connection was lost");
  else
    floe_postgres_push_pending (self, kind, sql);
  return self->failure != FLOE_POSTGRES_LOST;
}

/* What begins the transaction goes with its first statement. */
gboolean
floe_postgres_send_begin (FloePostgresDb *self)
{
  const gchar *begin = g_steal_pointer (&self->begin);
  const gchar *set = g_steal_pointer (&self->set);

  return (begin == NULL || floe_postgres_send_plain (self, FLOE_POSTGRES_OTHER, begin))
         && (set == NULL || floe_postgres_send_plain (self, FLOE_POSTGRES_OTHER, set));
}
