/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/ca-file.h"

#include <sys/stat.h>

#include "api/error.h"

#define SIZE_LIMIT (1024 * 1024)

/**
 * floe_ca_file_load:
 * @file: a path
 * @error: %FLOE_CLIENT_ERROR_INVALID, reason "ca-file"
 *
 * Reads it at once.
 *
 * Returns: (transfer full) (nullable): a database that trusts the file's certificates and no others
 */
GTlsDatabase *
floe_ca_file_load (const gchar *file, GError **error)
{
  g_autofree gchar *whole = g_canonicalize_filename (file, NULL);
  g_autoptr (GTlsCertificate) first = NULL;
  g_autoptr (GError) why = NULL;
  GTlsDatabase *database;
  struct stat info;

  /* A pipe or a device would block the caller, and an endless file fill the memory. */
  if (stat (whole, &info) != 0 || !S_ISREG (info.st_mode) || info.st_size > SIZE_LIMIT)
    {
      floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, "ca-file",
                             "the CA file \"%s\" is no file that can be read", whole);
      return NULL;
    }
  /* The database itself takes a file without any certificate, and then trusts nobody. */
  first = g_tls_certificate_new_from_file (whole, &why);
  database = first != NULL ? g_tls_file_database_new (whole, &why) : NULL;
  if (database == NULL)
    floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, "ca-file",
                           "the CA file \"%s\" holds no certificate in PEM: %s", whole,
                           why->message);
  return database;
}
