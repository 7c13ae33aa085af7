/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "config/checks.h"

#include <gio/gio.h>
#include <string.h>

/**
 * floe_check_database_is_server:
 *
 * Returns: whether this is the URI of a PostgreSQL database, and not the path of a file
 */
gboolean
floe_check_database_is_server (const gchar *value)
{
  return g_str_has_prefix (value, "postgresql://") || g_str_has_prefix (value, "postgres://");
}

/* What libpq takes from the query could undo what is checked here, and what the broker demands. */
static gboolean
check_query (const gchar *query, gchar **why)
{
  g_autoptr (GHashTable) parameters = g_uri_parse_params (query, -1, "&", G_URI_PARAMS_NONE, NULL);
  const gchar *mode;

  if (parameters == NULL)
    return floe_check_refuse (why, "what follows the \"?\" is not a list of NAME=VALUE");
  if (g_hash_table_contains (parameters, "password")
      || g_hash_table_contains (parameters, "sslpassword"))
    return floe_check_refuse (why, "no password belongs into it: database_password_file names a "
                                   "file with it");
  if (g_hash_table_contains (parameters, "service"))
    return floe_check_refuse (why, "a service could say anything");
  mode = g_hash_table_lookup (parameters, "sslmode");
  return mode == NULL || strcmp (mode, "verify-full") == 0
         || floe_check_refuse (why, "sslmode is always verify-full, except on a Unix socket");
}

static gboolean
check_server (const gchar *value, gchar **why)
{
  g_autoptr (GUri) uri = g_uri_parse (value, G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD, NULL);

  if (uri == NULL)
    return floe_check_refuse (why, "not a URI with one server at most; host= in its query takes "
                                   "several");
  if (g_uri_get_password (uri) != NULL)
    return floe_check_refuse (why, "no password belongs into it: database_password_file names a "
                                   "file with it");
  if (strlen (g_uri_get_path (uri)) < 2)
    return floe_check_refuse (why, "it names no database");
  return g_uri_get_query (uri) == NULL || check_query (g_uri_get_query (uri), why);
}

/**
 * floe_check_database:
 *
 * The path of an SQLite file; or the URI of a PostgreSQL database, without a password.
 */
gboolean
floe_check_database (const gchar *value, gchar **why)
{
  return floe_check_database_is_server (value) ? check_server (value, why)
                                               : floe_check_file_to_make (value, why);
}
