/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "wire.h"

#include "config/checks.h"
#include "core/directories.h"
#include "core/error.h"
#include "directory/ldap-directory.h"
#include "directory/ldap-test.h"
#include "store/postgres-pools.h"
#include "store/sqlite-pools.h"

/* The directories that the configuration names: opened, or tested. */

/**
 * floe_wire_read_secret:
 * @path: of a file that holds a secret
 *
 * Returns: (transfer full): its text, without what ends the last line
 */
FloeSecret *
floe_wire_read_secret (const gchar *path, GError **error)
{
  gchar *text;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r'))
    text[--length] = '\0';
  return floe_secret_new_take (text, length);
}

/**
 * floe_wire_database_password:
 * @password: (out) (transfer full): the password for a database that is a server; %NULL where there
 *   is none
 *
 * Returns: %FALSE when it cannot be read
 */
gboolean
floe_wire_database_password (const FloeSettings *settings, FloeSecret **password, GError **error)
{
  *password = NULL;
  if (settings->database_password_file == NULL)
    return TRUE;
  *password = floe_wire_read_secret (settings->database_password_file, error);
  if (*password == NULL)
    g_prefix_error (error, "[broker] database_password_file: ");
  return *password != NULL;
}

/**
 * floe_wire_role_groups:
 *
 * Returns: (transfer full): what makes somebody what
 */
FloeRoleGroups *
floe_wire_role_groups (const FloeSettings *settings)
{
  return floe_role_groups_new ((const gchar *const *)settings->admin_groups,
                               (const gchar *const *)settings->operator_groups,
                               (const gchar *const *)settings->auditor_groups,
                               (const gchar *const *)settings->helpdesk_groups);
}

/* What the directory's room needs; the strings stay the configuration's. */
static gboolean
fill_directory (FloeLdapSettings *to, const FloeDirectorySettings *from, GError **error)
{
  *to =
      (FloeLdapSettings){ .profile = from->profile,
                          .uris = from->uris,
                          .starttls = from->starttls,
                          .ca_file = from->ca_file,
                          .bind_dn = from->bind_dn,
                          .bind_password = floe_wire_read_secret (from->bind_password_file, error),
                          .base = from->base,
                          .domains = from->domains,
                          .user_filter = from->user_filter,
                          .id_attribute = from->id_attribute,
                          .name_attribute = from->name_attribute,
                          .display_name_attribute = from->display_name_attribute,
                          .group_attribute = from->group_attribute,
                          .group_id_attribute = from->group_id_attribute,
                          .group_base = from->group_base,
                          .group_name_attribute = from->group_name_attribute,
                          .groups_by = from->groups_by,
                          .group_filter = from->group_filter,
                          .disabled_filter = from->disabled_filter,
                          .connections = from->connections,
                          .connect_timeout = from->connect_timeout,
                          .operation_timeout = from->operation_timeout };
  if (to->bind_password != NULL)
    return TRUE;
  g_prefix_error (error, "[directory%s%s] bind_password_file: ", from->name != NULL ? " " : "",
                  from->name != NULL ? from->name : "");
  return FALSE;
}

static FloeDirectory *
open_directory (const FloeDirectorySettings *from, GError **error)
{
  FloeLdapSettings settings;
  FloeDirectory *directory;

  if (!fill_directory (&settings, from, error))
    return NULL;
  directory = floe_ldap_directory_new (&settings, error);
  floe_secret_unref (settings.bind_password);
  return directory;
}

static const gchar *const *
domains_of (gpointer directory)
{
  return floe_ldap_directory_get_domains (directory);
}

/* add: opens one more */
static gboolean
add (GPtrArray *opened, FloeDirectories **all, const FloeDirectorySettings *from, GError **error)
{
  FloeDirectory *one = open_directory (from, error);

  if (one == NULL)
    return FALSE;
  g_ptr_array_add (opened, one);
  if (*all == NULL)
    *all = floe_directories_new (one, domains_of (one));
  else
    floe_directories_add (*all, from->name, one, domains_of (one));
  return TRUE;
}

/* Nobody could say that they are of one without a domain. */
static gboolean
check_domains (const FloeSettings *settings, FloeDirectories *all, GError **error)
{
  g_auto (GStrv) domains = floe_directories_list_domains (all);

  if (settings->more_directories->len > 0
      && g_strv_length (domains) <= settings->more_directories->len)
    g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                         "[directory] domains: missing: of several directories each needs one, and "
                         "not every base names one");
  else if (settings->default_domain != NULL
           && !floe_directories_set_usual (all, settings->default_domain))
    g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                 "[login] default_domain: got \"%s\", expected one of the domains of a directory",
                 settings->default_domain);
  else
    return TRUE;
  return FALSE;
}

/**
 * floe_wire_directories:
 * @all: (out) (transfer full): the port on them
 * @error: which one cannot be opened, and why
 *
 * Returns: (transfer full) (element-type FloeLdapDirectory): each by itself, [directory] first
 */
GPtrArray *
floe_wire_directories (const FloeSettings *settings, FloeDirectories **all, GError **error)
{
  g_autoptr (GPtrArray) opened = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (FloeDirectories) made = NULL;
  gboolean ok = add (opened, &made, settings->directory, error);

  for (guint i = 0; ok && i < settings->more_directories->len; i++)
    ok = add (opened, &made, settings->more_directories->pdata[i], error);
  if (!ok || !check_domains (settings, made, error))
    return NULL;
  *all = g_steal_pointer (&made);
  return g_steal_pointer (&opened);
}

/**
 * floe_wire_read_pools:
 *
 * Returns: (transfer full) (element-type FloePool): the store's, which is not opened as a broker
 * does
 */
GPtrArray *
floe_wire_read_pools (const FloeSettings *settings, GError **error)
{
  g_autoptr (FloeSecret) password = NULL;

  if (!floe_check_database_is_server (settings->database))
    return floe_sqlite_read_pools (settings->database, error);
  if (!floe_wire_database_password (settings, &password, error))
    return NULL;
  return floe_postgres_read_pools (settings->database, password, error);
}

static gboolean
test_one (const FloeDirectorySettings *from, FloeLdapTest *test)
{
  FloeLdapSettings directory;
  g_autoptr (GError) error = NULL;
  gboolean fine;

  if (!fill_directory (&directory, from, &error))
    {
      g_print ("wrong: %s — run this as root, or as the broker's user\n", error->message);
      return FALSE;
    }
  test->settings = &directory;
  fine = floe_ldap_test_run (test, floe_report_print_line, NULL);
  floe_secret_unref (directory.bind_password);
  return fine;
}

/**
 * floe_wire_test_directories:
 * @user: (nullable): who is looked for, in the directory that they are of
 *
 * Prints what is right and wrong with each of them.
 *
 * Returns: whether nothing is wrong
 */
gboolean
floe_wire_test_directories (const FloeSettings *settings, const gchar *user)
{
  g_autoptr (FloeRoleGroups) groups = floe_wire_role_groups (settings);
  g_autoptr (GError) no_pools = NULL;
  g_autoptr (GPtrArray) pools = user != NULL ? floe_wire_read_pools (settings, &no_pools) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeDirectories) all = NULL;
  g_autoptr (GPtrArray) opened = floe_wire_directories (settings, &all, &error);
  guint theirs = opened != NULL && user != NULL ? floe_directories_find (all, user) : 0;
  FloeLdapTest test = { .directories = all,
                        .roles = groups,
                        .pools = pools,
                        .pools_problem = no_pools != NULL ? no_pools->message : NULL,
                        .person_tries = settings->person_tries,
                        .pause = settings->throttle_seconds,
                        .heeds_lockout = settings->heed_lockout,
                        .needs_clock = settings->kerberos_keytab != NULL
                                       || settings->factor_key_file != NULL };
  gboolean fine = TRUE;

  for (guint i = 0; i <= settings->more_directories->len; i++)
    {
      const FloeDirectorySettings *from =
          i > 0 ? settings->more_directories->pdata[i - 1] : settings->directory;

      if (i > 0)
        g_print ("[directory %s]:\n", from->name);
      test.user = i == theirs ? user : NULL;
      test.nth = i;
      test.section = from->name;
      fine &= test_one (from, &test);
    }
  /* One that cannot be opened has been told of; how they stand side by side has not. */
  if (fine && error != NULL)
    g_print ("wrong: %s\n", error->message);
  return fine && error == NULL;
}
