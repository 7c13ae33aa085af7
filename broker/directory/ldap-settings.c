/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-settings.h"

#include "core/error.h"
#include "directory/ldap-member-filter.h"
#include "directory/ldap-profile.h"
#include "directory/ldap-text.h"

#include <ldap.h>
#include <string.h>
#include <unistd.h>

/* libldap reads ldap.conf for a default, which floe_ldap_init() forbids. */
static const gchar *const system_stores[] = {
  "/etc/ssl/certs/ca-certificates.crt", /* Debian and its like */
  "/etc/pki/tls/certs/ca-bundle.crt",   /* Fedora and its like */
  "/etc/ssl/ca-bundle.pem",             /* SUSE */
  "/etc/ssl/cert.pem",                  /* Alpine */
};

static gchar *
system_store (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (system_stores); i++)
    if (access (system_stores[i], R_OK) == 0)
      return g_strdup (system_stores[i]);
  return NULL;
}

static gchar *
copy_or (const gchar *text, const gchar *preset)
{
  return g_strdup (text != NULL && *text != '\0' ? text : preset);
}

/* Where tokens tell groups by their SIDs, and where a search finds them, the entry is at hand. */
static const gchar *
preset_group_name (const FloeLdapSettings *copy, const FloeLdapProfile *profile)
{
  if (floe_ldap_settings_reads_tokens (copy))
    return "sAMAccountName";
  return g_str_equal (copy->groups_by, FLOE_LDAP_GROUPS_ATTRIBUTE) ? NULL
                                                                   : profile->group_name_attribute;
}

static void
copy_groups (FloeLdapSettings *copy, const FloeLdapSettings *self, const FloeLdapProfile *profile)
{
  g_autofree gchar *group_base = floe_ldap_profile_group_base (profile, self->base);
  g_autofree gchar *suffix = floe_ldap_profile_suffix (self->base);
  gboolean has_filter = self->group_filter != NULL && *self->group_filter != '\0';

  copy->group_attribute = copy_or (self->group_attribute, profile->group_attribute);
  copy->group_id_attribute = copy_or (self->group_id_attribute, profile->group_id_attribute);
  copy->group_base = copy_or (self->group_base, group_base);
  copy->group_filter = copy_or (self->group_filter, profile->group_filter);
  copy->groups_by =
      copy_or (self->groups_by, has_filter ? FLOE_LDAP_GROUPS_FILTER : profile->groups_by);
  copy->group_search_base = copy_or (copy->group_base, suffix != NULL ? suffix : self->base);
  copy->group_name_attribute =
      copy_or (self->group_name_attribute, preset_group_name (copy, profile));
}

static void
copy_attributes (FloeLdapSettings *copy, const FloeLdapSettings *self,
                 const FloeLdapProfile *profile)
{
  copy->user_filter = copy_or (self->user_filter, profile->user_filter);
  copy->id_attribute = copy_or (self->id_attribute, profile->id_attribute);
  copy->name_attribute = copy_or (self->name_attribute, profile->name_attribute);
  copy->display_name_attribute =
      copy_or (self->display_name_attribute, profile->display_name_attribute);
  copy_groups (copy, self, profile);
}

/**
 * floe_ldap_settings_copy:
 * @self: settings
 *
 * Returns: (transfer full): a copy in which every default is filled in; those of `openldap` when
 *   there is no such profile, which floe_ldap_settings_check() refuses
 */
FloeLdapSettings *
floe_ldap_settings_copy (const FloeLdapSettings *self)
{
  const FloeLdapProfile *found = floe_ldap_profile_find (self->profile);
  const FloeLdapProfile *profile = found != NULL ? found : floe_ldap_profile_find (NULL);
  FloeLdapSettings *copy = g_new0 (FloeLdapSettings, 1);

  copy->profile = copy_or (self->profile, profile->name);
  copy->uris = g_strdupv (self->uris);
  copy->starttls = self->starttls;
  copy->ca_file = self->ca_file != NULL ? g_strdup (self->ca_file) : system_store ();
  copy->bind_dn = g_strdup (self->bind_dn);
  copy->bind_password = self->bind_password != NULL ? floe_secret_ref (self->bind_password) : NULL;
  copy->base = g_strdup (self->base);
  copy->domains =
      self->domains != NULL ? g_strdupv (self->domains) : floe_ldap_profile_domains (self->base);
  copy_attributes (copy, self, profile);
  copy->disabled_filter = copy_or (self->disabled_filter, NULL);
  copy->connections = self->connections != 0 ? self->connections : 8;
  copy->connect_timeout = self->connect_timeout != 0 ? self->connect_timeout : 3;
  copy->operation_timeout = self->operation_timeout != 0 ? self->operation_timeout : 5;
  copy->queue_limit = self->queue_limit != 0 ? self->queue_limit : 512;
  return copy;
}

void
floe_ldap_settings_free (FloeLdapSettings *self)
{
  if (self == NULL)
    return;
  g_free (self->profile);
  g_strfreev (self->uris);
  g_free (self->ca_file);
  g_free (self->bind_dn);
  g_clear_pointer (&self->bind_password, floe_secret_unref);
  g_free (self->base);
  g_strfreev (self->domains);
  g_free (self->user_filter);
  g_free (self->id_attribute);
  g_free (self->name_attribute);
  g_free (self->display_name_attribute);
  g_free (self->group_attribute);
  g_free (self->group_id_attribute);
  g_free (self->group_base);
  g_free (self->group_name_attribute);
  g_free (self->groups_by);
  g_free (self->group_filter);
  g_free (self->group_search_base);
  g_free (self->disabled_filter);
  g_free (self);
}

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const gchar *format, ...)
{
  g_autofree gchar *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, text);
  return FALSE;
}

static gboolean
check_uri (const gchar *uri, gboolean starttls, GError **error)
{
  LDAPURLDesc *url = NULL;
  gboolean plain, encrypted, bare;

  if (ldap_url_parse (uri, &url) != LDAP_URL_SUCCESS)
    return refuse (error, "\"%s\" is not an LDAP URI", uri);
  encrypted = g_strcmp0 (url->lud_scheme, "ldaps") == 0;
  plain = g_strcmp0 (url->lud_scheme, "ldap") == 0;
  bare = url->lud_host != NULL && *url->lud_host != '\0'
         && (url->lud_dn == NULL || *url->lud_dn == '\0') && url->lud_attrs == NULL
         && url->lud_filter == NULL && url->lud_exts == NULL;
  ldap_free_urldesc (url);
  if (!encrypted && !plain)
    return refuse (error, "\"%s\": expected ldaps://HOST[:PORT] or ldap://HOST[:PORT]", uri);
  if (!bare)
    return refuse (error, "\"%s\": expected a host and perhaps a port, nothing more", uri);
  if (plain && !starttls)
    return refuse (error, "\"%s\" would send passwords in the clear; use ldaps:// or StartTLS",
                   uri);
  return TRUE;
}

static gboolean
check_uris (const FloeLdapSettings *self, GError **error)
{
  guint n = self->uris != NULL ? g_strv_length (self->uris) : 0;

  if (n == 0 || n > FLOE_LDAP_SERVERS_MAX)
    return refuse (error, "%u servers are named; expected 1 to %d", n, FLOE_LDAP_SERVERS_MAX);
  for (guint i = 0; i < n; i++)
    if (!check_uri (self->uris[i], self->starttls, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_dn (const gchar *what, const gchar *dn, GError **error)
{
  LDAPDN parsed = NULL;
  gboolean good;

  if (dn == NULL || *dn == '\0')
    return refuse (error, "the %s is empty", what);
  good = ldap_str2dn (dn, &parsed, LDAP_DN_FORMAT_LDAPV3) == LDAP_SUCCESS && parsed != NULL;
  ldap_dnfree (parsed);
  return good ? TRUE : refuse (error, "the %s \"%s\" is not a distinguished name", what, dn);
}

static gboolean
check_group_filter (const FloeLdapSettings *self, GError **error)
{
  gchar *dns[] = { (gchar *)"cn=a,dc=b" };
  g_autofree gchar *of_person =
      floe_ldap_member_filter_for_person (self->group_filter, dns[0], "name");
  g_autofree gchar *of_group = NULL;

  if (of_person == NULL)
    return refuse (error, "the group filter \"%s\" needs %%d or %%u, and no other %%",
                   self->group_filter);
  if (floe_ldap_filter_is_valid (of_person))
    of_group = floe_ldap_member_filter_for_groups (self->group_filter, (gpointer *)dns, 1);
  if (!floe_ldap_filter_is_valid (of_group != NULL ? of_group : of_person))
    return refuse (error, "the group filter \"%s\" is not a filter", self->group_filter);
  return TRUE;
}

static gboolean
check_groups_by (const FloeLdapSettings *self, GError **error)
{
  const gchar *const known[] = { FLOE_LDAP_GROUPS_ATTRIBUTE, FLOE_LDAP_GROUPS_FILTER,
                                 FLOE_LDAP_GROUPS_AUTO, NULL };

  return g_strv_contains (known, self->groups_by)
             ? TRUE
             : refuse (error, "groups are not found by \"%s\"", self->groups_by);
}

static gboolean
check_filters (const FloeLdapSettings *self, GError **error)
{
  g_autofree gchar *by_name = floe_ldap_filter_for_name (self->user_filter, "name");

  if (by_name == NULL)
    return refuse (error, "the user filter \"%s\" needs one %%s at least, and no other %%",
                   self->user_filter);
  if (!floe_ldap_filter_is_valid (by_name))
    return refuse (error, "the user filter \"%s\" is not a filter", self->user_filter);
  if (self->disabled_filter != NULL && !floe_ldap_filter_is_valid (self->disabled_filter))
    return refuse (error, "the filter of disabled accounts \"%s\" is not a filter",
                   self->disabled_filter);
  return check_group_filter (self, error) && check_groups_by (self, error);
}

static gboolean
check_attributes (const FloeLdapSettings *self, GError **error)
{
  const gchar *const names[] = { self->id_attribute, self->name_attribute,
                                 self->display_name_attribute, self->group_attribute,
                                 self->group_id_attribute };
  const gchar *group_name = self->group_name_attribute;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (!floe_ldap_attribute_is_valid (names[i]))
      return refuse (error, "\"%s\" is not an attribute's name", names[i]);
  if (group_name != NULL && !floe_ldap_attribute_is_valid (group_name))
    return refuse (error, "\"%s\" is not an attribute's name", group_name);
  return TRUE;
}

/* The trial finds a file that is missing or holds no certificate now, not at the first log-in,
 * where libldap would only say -1. */
static gboolean
check_ca_file (const FloeLdapSettings *self, GError **error)
{
  g_autofree gchar *text = NULL;

  if (self->ca_file == NULL)
    return refuse (error, "this system has no certificate store; name a CA file");
  if (!g_file_get_contents (self->ca_file, &text, NULL, NULL))
    return refuse (error, "the CA file \"%s\" cannot be read", self->ca_file);
  if (strstr (text, "-----BEGIN CERTIFICATE-----") == NULL
      && strstr (text, "-----BEGIN TRUSTED CERTIFICATE-----") == NULL)
    return refuse (error, "the CA file \"%s\" holds no PEM certificate", self->ca_file);
  return TRUE;
}

/**
 * floe_ldap_settings_check:
 * @self: settings as floe_ldap_settings_copy() made them
 *
 * Returns: whether the directory can work with them; %FLOE_ERROR_INVALID says what is wrong.
 *   Asks no server
 */
gboolean
floe_ldap_settings_check (const FloeLdapSettings *self, GError **error)
{
  if (floe_ldap_profile_find (self->profile) == NULL)
    return refuse (error, "there is no profile \"%s\"", self->profile);
  if (!check_uris (self, error) || !check_dn ("bind DN", self->bind_dn, error)
      || !check_dn ("search base", self->base, error)
      || (self->group_base != NULL && !check_dn ("group base", self->group_base, error)))
    return FALSE;
  if (self->bind_password == NULL || floe_secret_is_empty (self->bind_password)
      || floe_secret_has_nul (self->bind_password))
    return refuse (error, "the service account has no usable password");
  return check_filters (self, error) && check_attributes (self, error)
         && check_ca_file (self, error);
}

/**
 * floe_ldap_settings_reads_tokens:
 *
 * Returns: whether a person's groups come as SIDs, all at once, from an attribute that only a
 *   search for that one entry may ask for
 */
gboolean
floe_ldap_settings_reads_tokens (const FloeLdapSettings *self)
{
  return g_ascii_strcasecmp (self->group_attribute, "tokenGroups") == 0
         && !g_str_equal (self->groups_by, FLOE_LDAP_GROUPS_FILTER);
}

/**
 * floe_ldap_settings_reads_groups:
 *
 * Returns: whether a person's entry names groups by their DN, in an attribute that comes with it
 */
gboolean
floe_ldap_settings_reads_groups (const FloeLdapSettings *self)
{
  return !floe_ldap_settings_reads_tokens (self)
         && !g_str_equal (self->groups_by, FLOE_LDAP_GROUPS_FILTER);
}
