/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "config/settings-keys.h"

#include "config/settings.h"

#include <string.h>

#define MINUTE 60
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

#define PEM_EXPECTED      "the absolute path of a PEM file with certificates"
#define GROUPS_EXPECTED   "groups by name, or as sid:... or uuid:..., with \";\" between them"
#define NETWORKS_EXPECTED "networks such as 192.0.2.0/24 or 2001:db8::/32, with \";\" between them"
#define DN_EXPECTED       "a distinguished name, such as ou=people,dc=example,dc=org"

#define MAIN(field)      .offset = G_STRUCT_OFFSET (FloeSettings, field)
#define DIRECTORY(field) .offset = G_STRUCT_OFFSET (FloeDirectorySettings, field)
#define HOST(field)      .offset = G_STRUCT_OFFSET (FloeHostSettings, field)
#define MANAGER(field)   .offset = G_STRUCT_OFFSET (FloeManagerSettings, field)

/* floe-broker.conf(5) and data/broker.conf say the same in words; a test compares them. */
static const FloeSettingsKey keys[] = {
  { "broker", "database", FLOE_KEY_STRING, TRUE,
    .expected = "the absolute path of the SQLite file, in a directory that exists, or the URI of a "
                "PostgreSQL database",
    .check = floe_check_database, MAIN (database) },
  { "broker", "database_password_file", FLOE_KEY_STRING,
    .expected = "the absolute path of a file that holds the password",
    .check = floe_check_password_file, MAIN (database_password_file), .discreet = TRUE },
  { "broker", "name", FLOE_KEY_STRING, .expected = "a name, such as the machine's",
    .check = floe_check_host, MAIN (name) },
  { "broker", "host_names", FLOE_KEY_LIST, TRUE,
    .expected = "the names or addresses by which clients call the broker, without ports, with "
                "\";\" between them",
    .check = floe_check_host, MAIN (host_names) },
  { "broker", "tell_host", FLOE_KEY_BOOLEAN, .fallback = "no", MAIN (tell_host) },

  { "listen", "socket", FLOE_KEY_STRING, .expected = "the absolute path of a Unix socket",
    .check = floe_check_socket, MAIN (socket) },
  { "listen", "loopback", FLOE_KEY_STRING,
    .expected = "a loopback address with a port, such as 127.0.0.1:8080 or [::1]:8080",
    .check = floe_check_loopback, MAIN (loopback) },
  { "listen", "trusted_user", FLOE_KEY_STRING, .expected = "a user of this machine",
    .check = floe_check_account, MAIN (trusted_user) },

  { "directory", "profile", FLOE_KEY_STRING, .fallback = "openldap",
    .expected = "openldap, active-directory or freeipa", .check = floe_check_profile,
    DIRECTORY (profile) },
  { "directory", "uris", FLOE_KEY_LIST, TRUE,
    .expected = "ldaps://HOST[:PORT] or ldap://HOST[:PORT], with \";\" between several",
    .check = floe_check_ldap_uri, DIRECTORY (uris) },
  { "directory", "starttls", FLOE_KEY_BOOLEAN, .fallback = "no", DIRECTORY (starttls) },
  { "directory", "ca_file", FLOE_KEY_STRING, .expected = PEM_EXPECTED,
    .check = floe_check_certificates, DIRECTORY (ca_file) },
  { "directory", "bind_dn", FLOE_KEY_STRING, TRUE, .expected = DN_EXPECTED, .check = floe_check_dn,
    DIRECTORY (bind_dn) },
  { "directory", "bind_password_file", FLOE_KEY_STRING, TRUE,
    .expected = "the absolute path of a file that holds the password",
    .check = floe_check_password_file, DIRECTORY (bind_password_file), .discreet = TRUE },
  { "directory", "base", FLOE_KEY_STRING, TRUE, .expected = DN_EXPECTED, .check = floe_check_dn,
    DIRECTORY (base) },
  { "directory", "domains", FLOE_KEY_LIST,
    .expected = "names of the directory's domain, such as ad.example.org, with \";\" between them",
    .check = floe_check_domain, DIRECTORY (domains) },
  { "directory", "user_filter", FLOE_KEY_STRING, .expected = "an LDAP filter with %s",
    .check = floe_check_user_filter, DIRECTORY (user_filter) },
  { "directory", "id_attribute", FLOE_KEY_STRING, .expected = "an LDAP attribute",
    .check = floe_check_attribute, DIRECTORY (id_attribute) },
  { "directory", "name_attribute", FLOE_KEY_STRING, .expected = "an LDAP attribute",
    .check = floe_check_attribute, DIRECTORY (name_attribute) },
  { "directory", "display_name_attribute", FLOE_KEY_STRING, .expected = "an LDAP attribute",
    .check = floe_check_attribute, DIRECTORY (display_name_attribute) },
  { "directory", "group_attribute", FLOE_KEY_STRING, .expected = "an LDAP attribute",
    .check = floe_check_attribute, DIRECTORY (group_attribute) },
  { "directory", "group_id_attribute", FLOE_KEY_STRING, .expected = "an LDAP attribute",
    .check = floe_check_attribute, DIRECTORY (group_id_attribute) },
  { "directory", "group_base", FLOE_KEY_STRING, .expected = DN_EXPECTED, .check = floe_check_dn,
    DIRECTORY (group_base) },
  { "directory", "group_name_attribute", FLOE_KEY_STRING, .expected = "an LDAP attribute",
    .check = floe_check_attribute, DIRECTORY (group_name_attribute) },
  { "directory", "groups_by", FLOE_KEY_STRING, .expected = "attribute, filter or auto",
    .check = floe_check_groups_by, DIRECTORY (groups_by) },
  { "directory", "group_filter", FLOE_KEY_STRING, .expected = "an LDAP filter with %d or %u",
    .check = floe_check_group_filter, DIRECTORY (group_filter) },
  { "directory", "disabled_filter", FLOE_KEY_STRING, .expected = "an LDAP filter",
    .check = floe_check_disabled_filter, DIRECTORY (disabled_filter) },
  { "directory", "connections", FLOE_KEY_NUMBER, .fallback = "8", .min = 1, .max = 64,
    DIRECTORY (connections) },
  { "directory", "connect_timeout", FLOE_KEY_DURATION, .fallback = "3s", .min = 1, .max = MINUTE,
    DIRECTORY (connect_timeout) },
  { "directory", "operation_timeout", FLOE_KEY_DURATION, .fallback = "5s", .min = 1,
    .max = 2 * MINUTE, DIRECTORY (operation_timeout) },
  { "directory", "password_warning", FLOE_KEY_DURATION, .fallback = "14d", .min = 0,
    .max = 365 * DAY, DIRECTORY (password_warning) },

  { "login", "default_domain", FLOE_KEY_STRING,
    .expected = "a name of a directory's domain, such as ad.example.org",
    .check = floe_check_domain, MAIN (default_domain) },
  { "login", "show_domains", FLOE_KEY_BOOLEAN, .fallback = "yes", MAIN (show_domains) },

  { "roles", "admin_groups", FLOE_KEY_LIST, TRUE, .expected = GROUPS_EXPECTED,
    .check = floe_check_group, MAIN (admin_groups) },
  { "roles", "operator_groups", FLOE_KEY_LIST, .expected = GROUPS_EXPECTED,
    .check = floe_check_group, MAIN (operator_groups) },
  { "roles", "auditor_groups", FLOE_KEY_LIST, .expected = GROUPS_EXPECTED,
    .check = floe_check_group, MAIN (auditor_groups) },
  { "roles", "helpdesk_groups", FLOE_KEY_LIST, .expected = GROUPS_EXPECTED,
    .check = floe_check_group, MAIN (helpdesk_groups) },

  { "tokens", "idle", FLOE_KEY_DURATION, .fallback = "15min", .min = 1, .max = 7 * DAY,
    MAIN (idle_seconds) },
  { "tokens", "absolute", FLOE_KEY_DURATION, .fallback = "12h", .min = 1, .max = 30 * DAY,
    MAIN (absolute_seconds) },

  { "throttle", "pause", FLOE_KEY_DURATION, .fallback = "30min", .min = MINUTE, .max = 7 * DAY,
    MAIN (throttle_seconds) },
  { "throttle", "person_tries", FLOE_KEY_NUMBER, .fallback = "4", .min = 1, .max = 1000,
    MAIN (person_tries) },
  { "throttle", "network_tries", FLOE_KEY_NUMBER, .fallback = "100", .min = 1, .max = 1000000,
    MAIN (network_tries) },
  { "throttle", "heed_lockout", FLOE_KEY_BOOLEAN, .fallback = "yes", MAIN (heed_lockout) },

  { "second_factor", "key_file", FLOE_KEY_STRING,
    .expected = "the absolute path of a file that holds 32 random bytes, as hex or base64",
    .check = floe_check_password_file, MAIN (factor_key_file), .discreet = TRUE },
  { "second_factor", "required_groups", FLOE_KEY_LIST, .expected = GROUPS_EXPECTED,
    .check = floe_check_group, MAIN (required_groups) },
  { "second_factor", "required_networks", FLOE_KEY_LIST, .expected = NETWORKS_EXPECTED,
    .check = floe_check_network, MAIN (required_networks) },
  { "second_factor", "exempt_networks", FLOE_KEY_LIST, .expected = NETWORKS_EXPECTED,
    .check = floe_check_some_network, MAIN (exempt_networks) },
  { "second_factor", "issuer", FLOE_KEY_STRING, .fallback = "Floe",
    .expected = "1 to 64 letters, digits, spaces, dots or dashes", .check = floe_check_issuer,
    MAIN (factor_issuer) },

  { "terminals", "key_file", FLOE_KEY_STRING,
    .expected = "the absolute path of a file that holds 32 random bytes, as hex or base64",
    .check = floe_check_password_file, MAIN (terminals_key_file), .discreet = TRUE },

  { "webhooks", "key_file", FLOE_KEY_STRING,
    .expected = "the absolute path of a file that holds 32 random bytes, as hex or base64",
    .check = floe_check_password_file, MAIN (webhooks_key_file), .discreet = TRUE },

  { "audit", "key_file", FLOE_KEY_STRING,
    .expected = "the absolute path of a file that holds 32 random bytes, as hex or base64",
    .check = floe_check_password_file, MAIN (audit_key_file), .discreet = TRUE },

  { "kerberos", "keytab", FLOE_KEY_STRING,
    .expected = "the absolute path of a keytab with a key for HTTP/HOST",
    .check = floe_check_keytab, MAIN (kerberos_keytab) },

  { "metrics", "listen", FLOE_KEY_STRING,
    .expected = "a loopback address with a port, such as 127.0.0.1:9469 or [::1]:9469",
    .check = floe_check_loopback, MAIN (metrics_listen) },

  { "host", "uri", FLOE_KEY_STRING, TRUE,
    .expected = "a URI of libvirt, such as qemu:///system or qemu+tls://HOST/system",
    .check = floe_check_libvirt_uri, HOST (uri) },
  { "host", "display_address", FLOE_KEY_STRING,
    .expected = "a host name or an address, without a port", .check = floe_check_host,
    HOST (display_address) },
  { "host", "display_ca_file", FLOE_KEY_CERTIFICATES, .expected = PEM_EXPECTED,
    .check = floe_check_certificates, HOST (display_ca) },
  { "host", "display_subject", FLOE_KEY_STRING,
    .expected = "the subject of the host's SPICE certificate, such as O=Example,CN=host1",
    .check = floe_check_dn, HOST (display_subject) },
  { "host", "plain_display", FLOE_KEY_BOOLEAN, .fallback = "no", HOST (plain_display) },
  { "host", "starts_at_once", FLOE_KEY_NUMBER, .fallback = "4", .min = 1, .max = 64,
    HOST (starts_at_once) },

  { "manager", "type", FLOE_KEY_STRING, TRUE, .expected = "ovirt", .check = floe_check_manager_type,
    MANAGER (type) },
  { "manager", "url", FLOE_KEY_STRING, TRUE, .expected = "https://HOST[:PORT]/ovirt-engine",
    .check = floe_check_engine_url, MANAGER (url) },
  { "manager", "ca_file", FLOE_KEY_STRING, .expected = PEM_EXPECTED,
    .check = floe_check_certificates, MANAGER (ca_file) },
  { "manager", "user", FLOE_KEY_STRING, TRUE,
    .expected = "an account of the engine, NAME@PROFILE, such as floe@internal",
    .check = floe_check_engine_user, MANAGER (user) },
  { "manager", "password_file", FLOE_KEY_STRING, TRUE,
    .expected = "the absolute path of a file that holds the password",
    .check = floe_check_password_file, MANAGER (password_file), .discreet = TRUE },
  { "manager", "profile", FLOE_KEY_STRING,
    .expected = "the engine's profile for the people of the directory, such as example.org",
    .check = floe_check_engine_name, MANAGER (profile) },
  { "manager", "key_file", FLOE_KEY_STRING,
    .expected = "the absolute path of a file that holds 32 random bytes, as hex or base64",
    .check = floe_check_password_file, MANAGER (key_file), .discreet = TRUE },
  { "manager", "client_id", FLOE_KEY_STRING,
    .expected = "an SSO client that is registered at the engine", .check = floe_check_engine_name,
    MANAGER (client_id) },
  { "manager", "client_secret_file", FLOE_KEY_STRING,
    .expected = "the absolute path of a file that holds the client's secret",
    .check = floe_check_password_file, MANAGER (client_secret_file), .discreet = TRUE },
  { "manager", "plain_display", FLOE_KEY_BOOLEAN, .fallback = "no", MANAGER (plain_display) },
  { "manager", "connections", FLOE_KEY_NUMBER, .fallback = "8", .min = 1, .max = 64,
    MANAGER (connections) },
};

static const struct
{
  const gchar *name;
  guint seconds;
} units[] = {
  { "d", DAY },
  { "h", HOUR },
  { "min", MINUTE },
  { "s", 1 },
};

/**
 * floe_settings_keys:
 * @n_keys: (out): how many
 *
 * Returns: (transfer none) (array length=n_keys): the table, section by section
 */
const FloeSettingsKey *
floe_settings_keys (guint *n_keys)
{
  *n_keys = G_N_ELEMENTS (keys);
  return keys;
}

gboolean
floe_settings_has_section (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_str_equal (keys[i].section, name))
      return TRUE;
  return FALSE;
}

const FloeSettingsKey *
floe_settings_find_key (const gchar *section, const gchar *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      if (g_str_equal (keys[i].section, section) && g_str_equal (keys[i].key, key))
        return &keys[i];
    }
  return NULL;
}

/* Levenshtein's distance, in which case does not count and "-" is "_". */
static guint
distance (const gchar *a, const gchar *b)
{
  gsize width = strlen (b);
  g_autofree guint *row = g_new (guint, width + 1);

  for (gsize j = 0; j <= width; j++)
    row[j] = j;
  for (gsize i = 1; a[i - 1] != '\0'; i++)
    {
      gchar left = a[i - 1] == '-' ? '_' : g_ascii_tolower (a[i - 1]);
      guint diagonal = row[0];

      row[0] = i;
      for (gsize j = 1; j <= width; j++)
        {
          guint above = row[j];

          row[j] = MIN (MIN (row[j] + 1, row[j - 1] + 1), diagonal + (left != b[j - 1]));
          diagonal = above;
        }
    }
  return row[width];
}

/* Near enough to be meant: a slip or two, or one name begins with the other. */
static guint
remoteness (const gchar *given, const gchar *known)
{
  guint far = distance (given, known);

  if (strlen (given) >= 3 && (g_str_has_prefix (known, given) || g_str_has_prefix (given, known)))
    far = MIN (far, 2);
  return far <= MAX (2, strlen (known) / 3) ? far : G_MAXUINT;
}

/**
 * floe_settings_nearest_key:
 * @section: a known section, or "host"
 * @key: an unknown key
 *
 * Returns: (transfer none) (nullable): the key that was probably meant
 */
const gchar *
floe_settings_nearest_key (const gchar *section, const gchar *key)
{
  const gchar *nearest = NULL;
  guint best = G_MAXUINT;

  if (strlen (key) > 64)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      guint far;

      if (!g_str_equal (keys[i].section, section))
        continue;
      far = remoteness (key, keys[i].key);
      if (far < best)
        {
          best = far;
          nearest = keys[i].key;
        }
    }
  return nearest;
}

/**
 * floe_settings_nearest_section:
 * @name: an unknown section
 *
 * Returns: (transfer none) (nullable): the section that was probably meant
 */
const gchar *
floe_settings_nearest_section (const gchar *name)
{
  const gchar *nearest = NULL;
  guint best = G_MAXUINT;

  if (strlen (name) > 64)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      guint far = remoteness (name, keys[i].section);

      if (far < best)
        {
          best = far;
          nearest = keys[i].section;
        }
    }
  return nearest;
}

/**
 * floe_settings_parse_duration:
 * @value: such as "900", "15min" or "12h"
 * @seconds: (out): what it is
 *
 * Returns: whether it is a duration that fits
 */
gboolean
floe_settings_parse_duration (const gchar *value, guint *seconds)
{
  gsize n_digits = strspn (value, G_CSET_DIGITS);
  g_autofree gchar *digits = g_strndup (value, n_digits);
  const gchar *unit = value[n_digits] != '\0' ? value + n_digits : "s";
  guint64 number;

  if (!g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT, &number, NULL))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      if (!g_str_equal (unit, units[i].name))
        continue;
      if (number * units[i].seconds > G_MAXUINT)
        return FALSE;
      *seconds = number * units[i].seconds;
      return TRUE;
    }
  return FALSE;
}

static gchar *
format_duration (guint seconds)
{
  guint i = 0;

  while (seconds % units[i].seconds != 0)
    i++;
  return g_strdup_printf ("%u%s", seconds / units[i].seconds, units[i].name);
}

/**
 * floe_settings_key_expectation:
 * @key: a row of the table
 *
 * Returns: (transfer full): what its value must be, to follow the word "expected"
 */
gchar *
floe_settings_key_expectation (const FloeSettingsKey *key)
{
  g_autofree gchar *min = NULL;
  g_autofree gchar *max = NULL;

  switch (key->type)
    {
    case FLOE_KEY_BOOLEAN:
      return g_strdup ("yes or no");
    case FLOE_KEY_NUMBER:
      return g_strdup_printf ("a number from %u to %u", key->min, key->max);
    case FLOE_KEY_DURATION:
      min = format_duration (key->min);
      max = format_duration (key->max);
      return g_strdup_printf ("a time from %s to %s, such as 900, 90s, 15min, 12h or 2d", min, max);
    case FLOE_KEY_STRING:
    case FLOE_KEY_LIST:
    case FLOE_KEY_CERTIFICATES:
    default:
      return g_strdup (key->expected);
    }
}
