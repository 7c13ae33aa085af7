/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "config/settings-loader.h"

#include "config/checks.h"
#include "config/keytab.h"
#include "core/network.h"

#include <string.h>

/* What must fit together. */

static void
check_database (FloeSettingsLoader *loader)
{
  const FloeIniSection *section = floe_settings_find_section (loader, "broker");
  const FloeIniEntry *password = floe_ini_section_find (section, "database_password_file");

  if (password != NULL && loader->settings->database != NULL
      && !floe_check_database_is_server (loader->settings->database))
    floe_settings_add_problem (loader, section, password, password->value,
                               "none beside an SQLite file", NULL);
}

static void
check_listen (FloeSettingsLoader *loader)
{
  const FloeIniSection *section = floe_settings_find_section (loader, "listen");
  const FloeIniEntry *loopback = floe_ini_section_find (section, "loopback");

  if (loopback == NULL && floe_ini_section_find (section, "socket") == NULL)
    floe_problems_add (loader->problems, section != NULL ? section->line : 0,
                       "[listen]: missing, expected either socket or loopback");
  else if (loopback != NULL && floe_ini_section_find (section, "socket") != NULL)
    floe_settings_add_problem (loader, section, loopback, loopback->value,
                               "either socket or loopback", NULL);
}

static void
check_starttls (FloeSettingsLoader *loader, const FloeIniSection *section,
                const FloeDirectorySettings *directory)
{
  const FloeIniEntry *uris = floe_ini_section_find (section, "uris");
  const FloeIniEntry *starttls = floe_ini_section_find (section, "starttls");

  /* What it should have been is not known, and a problem already. */
  if (starttls != NULL && !directory->starttls && !g_str_equal (starttls->value, "no"))
    return;
  for (guint i = 0; directory->uris != NULL && directory->uris[i] != NULL; i++)
    {
      gboolean plain = g_ascii_strncasecmp (directory->uris[i], "ldap://", 7) == 0;
      gboolean tls = g_ascii_strncasecmp (directory->uris[i], "ldaps://", 8) == 0;

      if (plain && !directory->starttls)
        floe_settings_add_problem (loader, section, uris, directory->uris[i],
                                   "ldaps://, or starttls = yes",
                                   "passwords would cross the network in the clear");
      else if (tls && directory->starttls)
        floe_settings_add_problem (loader, section, uris, directory->uris[i],
                                   "ldap:// beside starttls = yes", "ldaps:// is TLS already");
    }
}

static void
check_directories (FloeSettingsLoader *loader)
{
  guint n = 0;

  check_starttls (loader, floe_settings_find_section (loader, "directory"),
                  loader->settings->directory);
  for (guint i = 0; i < loader->sections->len; i++)
    {
      const FloeIniSection *section = loader->sections->pdata[i];

      if (g_str_has_prefix (section->name, "directory "))
        check_starttls (loader, section, loader->settings->more_directories->pdata[n++]);
    }
}

static void
check_tokens (FloeSettingsLoader *loader)
{
  const FloeIniSection *section = floe_settings_find_section (loader, "tokens");
  const FloeIniEntry *idle = floe_ini_section_find (section, "idle");
  const FloeIniEntry *entry = idle;

  if (loader->settings->idle_seconds <= loader->settings->absolute_seconds
      || loader->settings->absolute_seconds == 0)
    return;
  if (entry == NULL)
    entry = floe_ini_section_find (section, "absolute");
  floe_settings_add_problem (
      loader, section, entry, entry->value,
      idle != NULL ? "a time no longer than absolute" : "a time no shorter than idle", NULL);
}

/* Of two networks that overlap the narrower counts, and neither of these is. */
static void
check_exempt (FloeSettingsLoader *loader, const FloeIniSection *section)
{
  const FloeIniEntry *entry = floe_ini_section_find (section, "exempt_networks");
  const GStrv exempt = loader->settings->exempt_networks;
  const GStrv required = loader->settings->required_networks;

  for (guint i = 0; exempt != NULL && exempt[i] != NULL; i++)
    for (guint k = 0; required != NULL && required[k] != NULL; k++)
      if (floe_network_equal (exempt[i], required[k]))
        floe_settings_add_problem (loader, section, entry, exempt[i],
                                   "other networks than in required_networks", NULL);
}

/* Whoever must have a second factor could not. */
static void
check_second_factor (FloeSettingsLoader *loader)
{
  static const gchar *const keys[] = { "required_groups", "required_networks" };
  const FloeIniSection *section = floe_settings_find_section (loader, "second_factor");

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const FloeIniEntry *required = floe_ini_section_find (section, keys[i]);

      if (required != NULL && floe_ini_section_find (section, "key_file") == NULL)
        floe_settings_add_problem (loader, section, required, required->value, "key_file beside it",
                                   NULL);
    }
  check_exempt (loader, section);
}

/* A key of another host is one that no client has a ticket for. */
static void
check_kerberos (FloeSettingsLoader *loader)
{
  const FloeIniSection *section = floe_settings_find_section (loader, "kerberos");
  const FloeIniEntry *keytab = floe_ini_section_find (section, "keytab");
  const gchar *path = loader->settings->kerberos_keytab;

  if (path != NULL && loader->settings->host_names != NULL
      && !floe_keytab_fits (path, "HTTP", (const gchar *const *)loader->settings->host_names))
    floe_settings_add_problem (loader, section, keytab, path,
                               "a keytab with a key for HTTP on one of host_names", NULL);
}

static void
check_hosts (FloeSettingsLoader *loader)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < loader->sections->len; i++)
    {
      const FloeIniSection *section = loader->sections->pdata[i];
      const FloeIniEntry *uri = floe_ini_section_find (section, "uri");

      if (!g_str_has_prefix (section->name, "host ") || uri == NULL)
        continue;
      if (!g_hash_table_add (seen, uri->value))
        floe_settings_add_problem (loader, section, uri, uri->value,
                                   "another URI than any other host's", NULL);
    }
  if (loader->settings->hosts->len + loader->settings->managers->len == 0)
    floe_problems_add (loader->problems, 0,
                       "[host NAME]: missing, expected at least one, or a [manager NAME]");
}

static gboolean
is_host (FloeSettingsLoader *loader, const gchar *name)
{
  for (guint i = 0; i < loader->settings->hosts->len; i++)
    if (g_strcmp0 (((const FloeHostSettings *)loader->settings->hosts->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

/* A client vouches for people, so it has a secret, and it must be known as whom the engine knows
 * them. */
static void
check_client (FloeSettingsLoader *loader, const FloeIniSection *section)
{
  static const gchar *const needed[] = { "client_id", "client_secret_file", "profile" };
  const FloeIniEntry *client = floe_ini_section_find (section, "client_id");

  if (client == NULL)
    client = floe_ini_section_find (section, "client_secret_file");
  for (guint i = 0; client != NULL && i < G_N_ELEMENTS (needed); i++)
    {
      g_autofree gchar *expected = g_strdup_printf ("%s beside it", needed[i]);

      if (floe_ini_section_find (section, needed[i]) == NULL)
        floe_settings_add_problem (loader, section, client, client->value, expected, NULL);
    }
}

/* It must be known as whom the engine knows people. */
static void
check_key (FloeSettingsLoader *loader, const FloeIniSection *section)
{
  const FloeIniEntry *key = floe_ini_section_find (section, "key_file");

  if (key != NULL && floe_ini_section_find (section, "profile") == NULL)
    floe_settings_add_problem (loader, section, key, key->value, "profile beside it", NULL);
}

/* An engine is a host to the rest of the broker, so its name is one, too. */
static void
check_managers (FloeSettingsLoader *loader)
{
  guint n = 0;

  for (guint i = 0; i < loader->sections->len; i++)
    {
      const FloeIniSection *section = loader->sections->pdata[i];
      const FloeManagerSettings *manager;

      if (!g_str_has_prefix (section->name, "manager "))
        continue;
      manager = loader->settings->managers->pdata[n++];
      if (g_strcmp0 (manager->name, "libvirt") == 0 || is_host (loader, manager->name))
        floe_problems_add (
            loader->problems, section->line,
            "[%s]: got \"%s\", expected a name that no host has, and not \"libvirt\"",
            section->name, manager->name);
      check_client (loader, section);
      check_key (loader, section);
    }
}

/**
 * floe_settings_check_whole:
 * @loader: that has read all sections
 *
 * Adds what is wrong between values, each of which is right by itself.
 */
void
floe_settings_check_whole (FloeSettingsLoader *loader)
{
  check_database (loader);
  check_listen (loader);
  check_directories (loader);
  check_tokens (loader);
  check_second_factor (loader);
  check_kerberos (loader);
  check_hosts (loader);
  check_managers (loader);
}
