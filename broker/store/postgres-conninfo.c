/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/postgres-conninfo.h"

#include <string.h>

#include "core/error.h"

struct _FloePostgresConninfo
{
  gchar *name;
  GPtrArray *keywords; /* element-type utf8, ends with NULL, as values does */
  GPtrArray *values;
  FloeSecret *password; /* nullable */
  gint64 origin;        /* tells what was written through it from what others wrote */
};

/* Whatever the configuration says, these hold: who the server is is checked wherever a network lies
 * in between (libpq ignores both on a Unix socket), and one that does not answer is noticed. */
static const struct
{
  const gchar *keyword;
  const gchar *value;
  gboolean always;
} settings[] = {
  { "sslmode", "verify-full", TRUE },     { "gssencmode", "disable", TRUE },
  { "client_encoding", "UTF8", TRUE },    { "fallback_application_name", "floe-broker", TRUE },
  { "connect_timeout", "5", FALSE },      { "keepalives_idle", "10", FALSE },
  { "keepalives_interval", "5", FALSE },  { "keepalives_count", "3", FALSE },
  { "tcp_user_timeout", "15000", FALSE },
};

static const PQconninfoOption *
find (const PQconninfoOption *options, const gchar *keyword)
{
  for (const PQconninfoOption *option = options; option->keyword != NULL; option++)
    if (strcmp (option->keyword, keyword) == 0 && option->val != NULL && *option->val != '\0')
      return option;
  return NULL;
}

static gboolean
refuse (GError **error, const gchar *text)
{
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID, "database: %s", text);
  return FALSE;
}

static gboolean
check (const PQconninfoOption *options, GError **error)
{
  const PQconninfoOption *mode = find (options, "sslmode");

  if (find (options, "password") != NULL || find (options, "sslpassword") != NULL)
    return refuse (error, "no password belongs into its address");
  if (find (options, "service") != NULL)
    return refuse (error, "its address names a service, which could say anything");
  if (mode != NULL && strcmp (mode->val, "verify-full") != 0)
    return refuse (error, "sslmode is always verify-full");
  return TRUE;
}

static void
add (FloePostgresConninfo *self, const gchar *keyword, const gchar *value)
{
  g_ptr_array_add (self->keywords, g_strdup (keyword));
  g_ptr_array_add (self->values, g_strdup (value));
}

static void
fill (FloePostgresConninfo *self, const PQconninfoOption *options)
{
  const PQconninfoOption *host = find (options, "host");
  const PQconninfoOption *database = find (options, "dbname");

  self->name = g_strdup_printf ("%s%s%s", database != NULL ? database->val : "postgresql",
                                host != NULL ? " at " : "", host != NULL ? host->val : "");
  for (const PQconninfoOption *option = options; option->keyword != NULL; option++)
    if (option->val != NULL)
      add (self, option->keyword, option->val);
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    if (settings[i].always || find (options, settings[i].keyword) == NULL)
      add (self, settings[i].keyword, settings[i].value); /* libpq takes the last one */
}

/**
 * floe_postgres_conninfo_new:
 * @text: libpq's URI or its "keyword=value" form, without a password
 * @password: (nullable): the password
 *
 * Returns: (transfer full): how to connect; or %NULL with %FLOE_ERROR_INVALID
 */
FloePostgresConninfo *
floe_postgres_conninfo_new (const gchar *text, FloeSecret *password, GError **error)
{
  g_autoptr (FloePostgresConninfo) self = NULL;
  char *problem = NULL; /* repeats parts of the text, which may hold a password by mistake */
  PQconninfoOption *options = PQconninfoParse (text, &problem);
  gboolean good;

  PQfreemem (problem);
  if (options == NULL)
    {
      refuse (error, "its address is not one that PostgreSQL's library understands");
      return NULL;
    }
  good = check (options, error);
  if (good)
    {
      self = g_new0 (FloePostgresConninfo, 1);
      self->keywords = g_ptr_array_new_full (0, g_free);
      self->values = g_ptr_array_new_full (0, g_free);
      self->password = password != NULL ? floe_secret_ref (password) : NULL;
      self->origin = ((gint64)g_random_int () << 31) | g_random_int ();
      fill (self, options);
    }
  PQconninfoFree (options);
  return g_steal_pointer (&self);
}

void
floe_postgres_conninfo_free (FloePostgresConninfo *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_ptr_array_unref (self->keywords);
  g_ptr_array_unref (self->values);
  g_clear_pointer (&self->password, floe_secret_unref);
  g_free (self);
}

/**
 * floe_postgres_conninfo_get_name:
 *
 * Returns: what errors call the database
 */
const gchar *
floe_postgres_conninfo_get_name (const FloePostgresConninfo *self)
{
  return self->name;
}

/**
 * floe_postgres_conninfo_get_origin:
 *
 * Returns: a number of its own
 */
gint64
floe_postgres_conninfo_get_origin (const FloePostgresConninfo *self)
{
  return self->origin;
}

/**
 * floe_postgres_conninfo_connect:
 *
 * Blocks.
 *
 * Returns: (transfer full): a connection, maybe one that failed
 */
PGconn *
floe_postgres_conninfo_connect (const FloePostgresConninfo *self)
{
  guint n = self->keywords->len;
  g_autofree const gchar **keywords = g_new0 (const gchar *, n + 2);
  g_autofree const gchar **values = g_new0 (const gchar *, n + 2);

  for (guint i = 0; i < n; i++)
    {
      keywords[i] = self->keywords->pdata[i];
      values[i] = self->values->pdata[i];
    }
  if (self->password != NULL)
    {
      keywords[n] = "password";
      values[n] = floe_secret_get (self->password, NULL);
    }
  return PQconnectdbParams (keywords, values, 0);
}
