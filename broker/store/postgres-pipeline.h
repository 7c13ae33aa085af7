/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/postgres-db.h"

G_BEGIN_DECLS

/* How statements and their answers pass; for postgres-db.c and postgres-statement.c. */

struct _FloePostgresDb
{
  FloeSqlDb base;
  gchar *name;
  gint64 origin; /* see floe_postgres_conninfo_get_origin() */
  PGconn *conn;
  GHashTable *statements; /* SQL text, which is a literal, to the name it was prepared under */
  guint n_prepared;
  GPtrArray *ahead;   /* FloePostgresRows: asked for before anybody wanted them */
  GQueue pending;     /* FloePostgresPending: sent, and not answered yet */
  const gchar *begin; /* sent with the transaction's first statement */
  const gchar *set;   /* and this behind it */
  GError *error;      /* the transaction's first */
  FloePostgresFailure failure;
  gboolean refused;   /* the server refused a statement before the commit */
  gboolean committed; /* the server said so */
  guint64 n_round_trips;
};

/* The rows of one statement, which are waited for when the first one is asked for. */
typedef struct
{
  FloeSqlRows base;
  guint refs; /* all on one thread */
  FloePostgresDb *db;
  const gchar *sql;
  gchar *values; /* of its parameters, as one string */
  PGresult *result;
  gint at;
} FloePostgresRows;

extern const FloeSqlDriver floe_postgres_driver;

typedef enum
{
  FLOE_POSTGRES_OTHER,
  FLOE_POSTGRES_PREPARE,
  FLOE_POSTGRES_COMMIT,
  FLOE_POSTGRES_SYNC, /* not a statement: the end of what is sent together */
} FloePostgresPendingKind;

typedef struct
{
  FloePostgresPendingKind kind;
  const gchar *sql;       /* of PREPARE */
  FloePostgresRows *rows; /* nullable: who wants its rows */
  gchar *conflict;        /* nullable: what it means when a NULL is refused */
} FloePostgresPending;

void floe_postgres_keep_lost (FloePostgresDb *self, const gchar *text);
void floe_postgres_keep_result_error (FloePostgresDb *self, const PGresult *result);
gboolean floe_postgres_fail (FloePostgresDb *self, GError **error);
FloePostgresPending *floe_postgres_push_pending (FloePostgresDb *self, FloePostgresPendingKind kind,
                                                 const gchar *sql);
void floe_postgres_clear_pending (FloePostgresDb *self);
gboolean floe_postgres_send_plain (FloePostgresDb *self, FloePostgresPendingKind kind,
                                   const gchar *sql);
gboolean floe_postgres_send_begin (FloePostgresDb *self);
gboolean floe_postgres_send_sync (FloePostgresDb *self);
gboolean floe_postgres_synchronise (FloePostgresDb *self);
void floe_postgres_rows_unref (FloePostgresRows *self);

G_END_DECLS
