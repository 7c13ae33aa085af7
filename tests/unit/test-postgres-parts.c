/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/error.h"
#include "store/postgres-conninfo.h"
#include "store/postgres-error.h"

/* What of the PostgreSQL store needs no server. */

static void
test_error_table (void)
{
  static const struct
  {
    const gchar *sqlstate;
    FloeError code;
    const gchar *reason;
  } rows[] = {
    { NULL, FLOE_ERROR_UNAVAILABLE, "database-down" },
    { "08000", FLOE_ERROR_UNAVAILABLE, "database-down" },
    { "08006", FLOE_ERROR_UNAVAILABLE, "database-down" },
    { "22021", FLOE_ERROR_INTERNAL, NULL },
    { "23502", FLOE_ERROR_CONFLICT, NULL },
    { "23503", FLOE_ERROR_CONFLICT, NULL },
    { "23505", FLOE_ERROR_CONFLICT, NULL },
    { "25006", FLOE_ERROR_UNAVAILABLE, "database-read-only" },
    { "25P02", FLOE_ERROR_INTERNAL, NULL },
    { "25P03", FLOE_ERROR_UNAVAILABLE, "database-down" },
    { "28P01", FLOE_ERROR_UNAVAILABLE, "database-down" },
    { "3D000", FLOE_ERROR_UNAVAILABLE, "database-down" },
    { "3F000", FLOE_ERROR_UNAVAILABLE, "database-down" },
    { "40001", FLOE_ERROR_BUSY, NULL },
    { "40P01", FLOE_ERROR_BUSY, NULL },
    { "42501", FLOE_ERROR_UNAVAILABLE, "database-down" },
    { "42601", FLOE_ERROR_INTERNAL, NULL },
    { "42P07", FLOE_ERROR_INTERNAL, NULL },
    { "53100", FLOE_ERROR_UNAVAILABLE, "database-full" },
    { "53200", FLOE_ERROR_UNAVAILABLE, "database-down" },
    { "53300", FLOE_ERROR_UNAVAILABLE, "database-down" },
    { "55P03", FLOE_ERROR_BUSY, NULL },
    { "57014", FLOE_ERROR_BUSY, NULL },
    { "57P01", FLOE_ERROR_UNAVAILABLE, "database-down" },
    { "57P02", FLOE_ERROR_UNAVAILABLE, "database-down" },
    { "57P03", FLOE_ERROR_UNAVAILABLE, "database-down" },
    { "58030", FLOE_ERROR_UNAVAILABLE, "database-down" },
    { "XX000", FLOE_ERROR_INTERNAL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const gchar *reason;

      g_test_message ("%s", rows[i].sqlstate);
      g_assert_cmpint (floe_postgres_error_code (rows[i].sqlstate, &reason), ==, rows[i].code);
      g_assert_cmpstr (reason, ==, rows[i].reason);
    }
}

static void
test_failure_table (void)
{
  static const struct
  {
    const gchar *sqlstate;
    FloePostgresFailure failure;
  } rows[] = {
    { "40001", FLOE_POSTGRES_RETRY },  { "40P01", FLOE_POSTGRES_RETRY },
    { "40002", FLOE_POSTGRES_FAILED }, { "23505", FLOE_POSTGRES_RACE },
    { "42P07", FLOE_POSTGRES_RACE },   { "23503", FLOE_POSTGRES_FAILED },
    { "53100", FLOE_POSTGRES_FAILED }, { "57014", FLOE_POSTGRES_FAILED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (floe_postgres_error_failure (rows[i].sqlstate), ==, rows[i].failure);
}

/* The same address in libpq's two forms: what must not be in it is refused, and never repeated. */
static void
test_conninfo (void)
{
  static const gchar *const bad[] = {
    "postgresql://floe:geheim@db.example.org/floe",
    "postgresql://db.example.org/floe?password=geheim",
    "postgresql://db.example.org/floe?sslpassword=geheim",
    "host=db.example.org password=geheim",
    "host=db.example.org geheim=geheim",
    "postgresql://db.example.org/floe?geheim=geheim",
    "postgresql://db.example.org/floe?sslmode=require",
    "postgresql://db.example.org/floe?sslmode=prefer",
    "postgresql://db.example.org/floe?ssl=true",
    "service=geheim",
    "postgresql://db.example.org/%zz",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", bad[i]);
      g_assert_null (floe_postgres_conninfo_new (bad[i], NULL, &error));
      g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
      g_assert_null (strstr (error->message, "geheim"));
    }
}

static const gchar *
value_of (const PQconninfoOption *options, const gchar *keyword)
{
  while (strcmp (options->keyword, keyword) != 0)
    options++;
  return options->val;
}

/* What holds whatever the environment says: nobody turns the server's certificate off. */
static void
test_verified (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeSecret) password = floe_secret_new ("geheim", -1);
  g_autoptr (FloePostgresConninfo) info = NULL;
  PQconninfoOption *options;
  PGconn *conn;

  g_setenv ("PGSSLMODE", "disable", TRUE);
  g_setenv ("PGCONNECT_TIMEOUT", "2", TRUE);
  info = floe_postgres_conninfo_new ("postgresql://floe@127.0.0.1:1/desktops", password, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (floe_postgres_conninfo_get_name (info), ==, "desktops at 127.0.0.1");
  conn = floe_postgres_conninfo_connect (info);
  options = PQconninfo (conn);
  g_assert_cmpstr (value_of (options, "sslmode"), ==, "verify-full");
  g_assert_cmpstr (value_of (options, "gssencmode"), ==, "disable");
  g_assert_cmpstr (value_of (options, "password"), ==, "geheim");
  g_assert_cmpint (PQstatus (conn), ==, CONNECTION_BAD);
  g_assert_null (strstr (PQerrorMessage (conn), "geheim"));
  PQconninfoFree (options);
  PQfinish (conn);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/postgres-parts/error-table", test_error_table);
  g_test_add_func ("/postgres-parts/failure-table", test_failure_table);
  g_test_add_func ("/postgres-parts/conninfo", test_conninfo);
  g_test_add_func ("/postgres-parts/verified", test_verified);
  return g_test_run ();
}
