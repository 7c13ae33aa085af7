/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "config/checks.h"

#include "config/keytab.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* What sd_notify(3) and friends call a sane password file; a key is never longer. */
#define MAX_PASSWORD_BYTES 4096

static gboolean
check_directory_of (const gchar *path, gchar **why)
{
  g_autofree gchar *directory = g_path_get_dirname (path);
  struct stat st;

  if (g_stat (directory, &st) != 0)
    {
      *why = g_strdup_printf ("its directory: %s", g_strerror (errno));
      return FALSE;
    }
  return S_ISDIR (st.st_mode) || floe_check_refuse (why, "its directory: Not a directory");
}

/**
 * floe_check_file_to_make:
 *
 * The absolute path of a file that is there or can be made: its directory must exist.
 */
gboolean
floe_check_file_to_make (const gchar *value, gchar **why)
{
  struct stat st;

  if (!g_path_is_absolute (value) || g_str_has_suffix (value, "/"))
    return floe_check_refuse (why, "not the absolute path of a file");
  if (!check_directory_of (value, why))
    return FALSE;
  return g_stat (value, &st) != 0 || S_ISREG (st.st_mode)
         || floe_check_refuse (why, "not a regular file");
}

/* For the broker to read, and not for everybody else. */
static gboolean
check_secret_file (const gchar *value, struct stat *st, gchar **why)
{
  if (!g_path_is_absolute (value))
    return floe_check_refuse (why, "not an absolute path");
  if (g_stat (value, st) != 0 || (S_ISREG (st->st_mode) && g_access (value, R_OK) != 0))
    return floe_check_refuse (why, g_strerror (errno));
  if (!S_ISREG (st->st_mode))
    return floe_check_refuse (why, "not a regular file");
  if ((st->st_mode & (S_IROTH | S_IWOTH)) != 0)
    return floe_check_refuse (why, "everybody on this machine can read or write it: chmod o-rw");
  return st->st_size > 0 || floe_check_refuse (why, "it is empty");
}

/**
 * floe_check_password_file:
 *
 * The absolute path of a file that the broker can read and not everybody else.
 */
gboolean
floe_check_password_file (const gchar *value, gchar **why)
{
  struct stat st = { 0 };

  return check_secret_file (value, &st, why)
         && (st.st_size <= MAX_PASSWORD_BYTES
             || floe_check_refuse (why, "it is larger than a password"));
}

/**
 * floe_check_keytab:
 *
 * The same, with a key of Kerberos for HTTP on some host.
 */
gboolean
floe_check_keytab (const gchar *value, gchar **why)
{
  struct stat st;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) hosts = NULL;

  if (!check_secret_file (value, &st, why))
    return FALSE;
  hosts = floe_keytab_list_hosts (value, "HTTP", &error);
  if (hosts == NULL)
    return floe_check_refuse (why, error->message);
  return hosts[0] != NULL || floe_check_refuse (why, "it has no key for HTTP/HOST");
}

/**
 * floe_check_socket:
 *
 * The absolute path of a Unix socket that is there or can be made.
 */
gboolean
floe_check_socket (const gchar *value, gchar **why)
{
  struct stat st;

  if (!g_path_is_absolute (value) || g_str_has_suffix (value, "/"))
    return floe_check_refuse (why, "not the absolute path of a socket");
  if (strlen (value) >= sizeof ((struct sockaddr_un *)NULL)->sun_path)
    return floe_check_refuse (why, "longer than the 107 bytes that a socket's path may have");
  if (!check_directory_of (value, why))
    return FALSE;
  return g_stat (value, &st) != 0 || S_ISSOCK (st.st_mode)
         || floe_check_refuse (why, "there is something else than a socket");
}
