/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/key-file.h"

#include <unistd.h>

#include "api/error.h"

#define SIZE_LIMIT (64 * 1024)

/**
 * floe_key_file_is_private:
 * @info: what fstat() or stat() said of it
 *
 * Whoever can read a terminal's key is the terminal, too; and what others could write into a file
 * that it keeps is worth nothing.
 *
 * Returns: whether it is a file of no more than 64 KiB that only its owner can open, and the owner
 *   is this user or root
 */
gboolean
floe_key_file_is_private (const struct stat *info)
{
  return S_ISREG (info->st_mode) && info->st_size <= SIZE_LIMIT
         && (info->st_uid == geteuid () || info->st_uid == 0) && (info->st_mode & 077) == 0;
}

/**
 * floe_key_file_load:
 * @file: a path
 * @error: %FLOE_CLIENT_ERROR_INVALID, reason "key-file"
 *
 * Reads it at once.
 *
 * Returns: (transfer full) (nullable): the terminal's certificate with its key
 */
GTlsCertificate *
floe_key_file_load (const gchar *file, GError **error)
{
  g_autofree gchar *whole = g_canonicalize_filename (file, NULL);
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GError) why = NULL;
  struct stat info;

  if (stat (whole, &info) != 0)
    floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, "key-file",
                           "the terminal's key \"%s\" cannot be read", whole);
  else if (!floe_key_file_is_private (&info))
    floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, "key-file",
                           "the terminal's key \"%s\" is not its owner's alone", whole);
  else
    {
      certificate = g_tls_certificate_new_from_file (whole, &why);
      if (certificate == NULL)
        floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, "key-file",
                               "\"%s\" holds no key and certificate in PEM: %s", whole,
                               why->message);
    }
  return g_steal_pointer (&certificate);
}
