/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/error.h"
#include "directory/ldap-directory.h"

#include <glib/gstdio.h>

typedef struct
{
  FloeLdapSettings settings;
  FloeSecret *password;
  gchar *ca_file;
  GStrv uris;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  gint fd = g_file_open_tmp ("floe-ca-XXXXXX", &self->ca_file, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (self->ca_file, "-----BEGIN CERTIFICATE-----\n", -1, NULL));
  self->password = floe_secret_new ("secret", -1);
  self->uris = g_strsplit ("ldaps://one.floe.test ldaps://two.floe.test:1636", " ", -1);
  self->settings.uris = self->uris;
  self->settings.ca_file = self->ca_file;
  self->settings.bind_dn = (gchar *)"cn=svc,dc=floe,dc=test";
  self->settings.bind_password = self->password;
  self->settings.base = (gchar *)"dc=floe,dc=test";
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_unlink (self->ca_file);
  g_free (self->ca_file);
  g_strfreev (self->uris);
  floe_secret_unref (self->password);
}

static void
assert_refused (Fixture *self, const gchar *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeDirectory) directory = floe_ldap_directory_new (&self->settings, &error);

  g_assert_null (directory);
  g_assert_error (error, FLOE_ERROR, FLOE_ERROR_INVALID);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_good (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeDirectory) directory = floe_ldap_directory_new (&self->settings, &error);

  g_assert_no_error (error);
  g_assert_true (floe_directory_is_up (directory)); /* nobody was asked yet */
  g_assert_cmpuint (floe_ldap_directory_get_overdue (FLOE_LDAP_DIRECTORY (directory)), ==, 0);
  g_assert_cmpuint (floe_ldap_directory_get_queued (FLOE_LDAP_DIRECTORY (directory)), ==, 0);
}

static void
test_defaults (Fixture *self, gconstpointer data)
{
  g_autoptr (FloeLdapSettings) copy = floe_ldap_settings_copy (&self->settings);

  g_assert_cmpstr (copy->user_filter, ==, "(&(objectClass=person)(uid=%s))");
  g_assert_cmpstr (copy->id_attribute, ==, "entryUUID");
  g_assert_cmpstr (copy->group_attribute, ==, "memberOf");
  g_assert_null (copy->group_base);
  g_assert_null (copy->group_name_attribute);
  g_assert_cmpstr (copy->groups_by, ==, "auto");
  g_assert_cmpstr (copy->group_filter, ==, "(|(member=%d)(uniqueMember=%d)(memberUid=%u))");
  g_assert_cmpstr (copy->group_search_base, ==, "dc=floe,dc=test");
  g_assert_cmpstr (copy->domains[0], ==, "floe.test");
  g_assert_cmpstr (copy->domains[1], ==, "floe");
  g_assert_null (copy->domains[2]);
  g_assert_cmpuint (copy->connections, ==, 8);
  g_assert_cmpuint (copy->connect_timeout, ==, 3);
  g_assert_cmpuint (copy->operation_timeout, ==, 5);
}

static void
test_profiles (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const gchar *profile, *id, *name, *groups, *group_base;
    gboolean tokens;
  } cases[] = {
    { "openldap", "entryUUID", "uid", "memberOf", NULL, FALSE },
    { "active-directory", "objectGUID", "sAMAccountName", "tokenGroups", "dc=floe,dc=test", TRUE },
    { "freeipa", "ipaUniqueID", "uid", "memberOf", "cn=groups,cn=accounts,dc=floe,dc=test", FALSE },
  };

  self->settings.base = (gchar *)"OU=People,DC=floe,dc=test";
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FloeLdapSettings) copy = NULL;
      g_autoptr (GError) error = NULL;

      self->settings.profile = (gchar *)cases[i].profile;
      copy = floe_ldap_settings_copy (&self->settings);
      g_assert_cmpstr (copy->id_attribute, ==, cases[i].id);
      g_assert_cmpstr (copy->name_attribute, ==, cases[i].name);
      g_assert_cmpstr (copy->group_attribute, ==, cases[i].groups);
      g_assert_cmpstr (copy->group_base, ==, cases[i].group_base);
      g_assert_cmpint (floe_ldap_settings_reads_tokens (copy), ==, cases[i].tokens);
      g_assert_true (floe_ldap_settings_check (copy, &error));
      g_assert_no_error (error);
    }
}

/* What is given holds, whatever the profile says. */
static void
test_overrides (Fixture *self, gconstpointer data)
{
  gchar *domains[] = { (gchar *)"EXAMPLE", NULL };
  g_autoptr (FloeLdapSettings) copy = NULL;

  self->settings.profile = (gchar *)"active-directory";
  self->settings.domains = domains;
  self->settings.user_filter = (gchar *)"(mail=%s)";
  self->settings.id_attribute = (gchar *)"employeeID";
  self->settings.group_attribute = (gchar *)"memberOf";
  self->settings.group_base = (gchar *)"ou=groups,dc=floe,dc=test";
  copy = floe_ldap_settings_copy (&self->settings);
  g_assert_cmpstr (copy->domains[0], ==, "EXAMPLE");
  g_assert_null (copy->domains[1]);
  g_assert_cmpstr (copy->user_filter, ==, "(mail=%s)");
  g_assert_cmpstr (copy->id_attribute, ==, "employeeID");
  g_assert_false (floe_ldap_settings_reads_tokens (copy));
  g_assert_cmpstr (copy->group_base, ==, "ou=groups,dc=floe,dc=test");
  self->settings.profile = (gchar *)"novell";
  assert_refused (self, "no profile \"novell\"");
}

/* By what a group is called, and below which base it is searched, follows how it is found. */
static void
test_groups (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const gchar *profile, *attribute, *filter, *by, *base, *group_base;
    const gchar *found_by, *name, *search_base;
    gboolean tokens, entry;
  } cases[] = {
    { "openldap", NULL, NULL, NULL, "ou=people,dc=x", NULL, "auto", NULL, "dc=x", FALSE, TRUE },
    { "openldap", NULL, NULL, NULL, "ou=p,o=x", NULL, "auto", NULL, "ou=p,o=x", FALSE, TRUE },
    { "openldap", NULL, NULL, NULL, "dc=x", "ou=g,dc=x", "auto", NULL, "ou=g,dc=x", FALSE, TRUE },
    { "openldap", NULL, "(m=%d)", NULL, "dc=x", NULL, "filter", NULL, "dc=x", FALSE, FALSE },
    { "openldap", NULL, "(m=%d)", "auto", "dc=x", NULL, "auto", NULL, "dc=x", FALSE, TRUE },
    { "openldap", "tokenGroups", NULL, NULL, "dc=x", NULL, "auto", "sAMAccountName", "dc=x", TRUE,
      FALSE },
    { "active-directory", NULL, NULL, NULL, "dc=x", NULL, "attribute", "sAMAccountName", "dc=x",
      TRUE, FALSE },
    { "active-directory", "memberOf", NULL, NULL, "dc=x", NULL, "attribute", NULL, "dc=x", FALSE,
      TRUE },
    { "active-directory", NULL, NULL, "filter", "dc=x", NULL, "filter", "sAMAccountName", "dc=x",
      FALSE, FALSE },
    { "freeipa", NULL, NULL, NULL, "dc=x", NULL, "attribute", NULL, "cn=groups,cn=accounts,dc=x",
      FALSE, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FloeLdapSettings) copy = NULL;

      self->settings.profile = (gchar *)cases[i].profile;
      self->settings.group_attribute = (gchar *)cases[i].attribute;
      self->settings.group_filter = (gchar *)cases[i].filter;
      self->settings.groups_by = (gchar *)cases[i].by;
      self->settings.base = (gchar *)cases[i].base;
      self->settings.group_base = (gchar *)cases[i].group_base;
      copy = floe_ldap_settings_copy (&self->settings);
      g_assert_cmpstr (copy->groups_by, ==, cases[i].found_by);
      g_assert_cmpstr (copy->group_name_attribute, ==, cases[i].name);
      g_assert_cmpstr (copy->group_search_base, ==, cases[i].search_base);
      g_assert_cmpint (floe_ldap_settings_reads_tokens (copy), ==, cases[i].tokens);
      g_assert_cmpint (floe_ldap_settings_reads_groups (copy), ==, cases[i].entry);
    }
}

static void
test_uris (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const gchar *uri, *part;
    gboolean starttls;
  } cases[] = {
    { "ldap://one", "in the clear", FALSE },
    { "ldapi:///", "expected ldaps://", TRUE },
    { "ldapi://%2Frun%2Fslapd", "expected ldaps://", TRUE },
    { "cldap://one", "not an LDAP URI", TRUE },
    { "http://one", "not an LDAP URI", TRUE },
    { "one", "not an LDAP URI", TRUE },
    { "ldaps://", "a host", TRUE },
    { "ldaps://one/dc=x", "a host", TRUE },
    { "ldaps://one/??sub?(uid=x)", "a host", TRUE },
    { "", "not an LDAP URI", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gchar *uris[] = { (gchar *)"ldaps://fine", (gchar *)cases[i].uri, NULL };

      self->settings.uris = uris;
      self->settings.starttls = cases[i].starttls;
      assert_refused (self, cases[i].part);
    }
  self->settings.uris = NULL;
  assert_refused (self, "0 servers");
}

static void
test_starttls (Fixture *self, gconstpointer data)
{
  gchar *uris[] = { (gchar *)"ldap://one", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (FloeDirectory) directory = NULL;

  self->settings.uris = uris;
  self->settings.starttls = TRUE;
  directory = floe_ldap_directory_new (&self->settings, &error);
  g_assert_no_error (error);
}

static void
test_names (Fixture *self, gconstpointer data)
{
  self->settings.bind_dn = (gchar *)"";
  assert_refused (self, "bind DN is empty");
  self->settings.bind_dn = (gchar *)"svc";
  assert_refused (self, "bind DN \"svc\"");
  self->settings.bind_dn = (gchar *)"cn=svc";
  self->settings.base = NULL;
  assert_refused (self, "search base is empty");
  self->settings.base = (gchar *)"dc=x";
  self->settings.group_base = (gchar *)"groups";
  assert_refused (self, "group base");
  self->settings.group_base = NULL;
  self->settings.id_attribute = (gchar *)"a)(b";
  assert_refused (self, "attribute");
}

static void
test_filters (Fixture *self, gconstpointer data)
{
  self->settings.user_filter = (gchar *)"(uid=alice)";
  assert_refused (self, "one %s at least");
  self->settings.user_filter = (gchar *)"(&(uid=%s)";
  assert_refused (self, "is not a filter");
  self->settings.user_filter = NULL;
  self->settings.disabled_filter = (gchar *)"employeeType=retired";
  assert_refused (self, "disabled accounts");
  self->settings.disabled_filter = NULL;
  self->settings.group_filter = (gchar *)"(member=cn=a)";
  assert_refused (self, "needs %d or %u");
  self->settings.group_filter = (gchar *)"(member=%s)";
  assert_refused (self, "needs %d or %u");
  self->settings.group_filter = (gchar *)"(|(member=%d)(memberUid=%u)";
  assert_refused (self, "the group filter \"(|(member=%d)(memberUid=%u)\" is not a filter");
  self->settings.group_filter = NULL;
  self->settings.groups_by = (gchar *)"magic";
  assert_refused (self, "by \"magic\"");
  self->settings.groups_by = NULL;
  self->settings.group_name_attribute = (gchar *)"c n";
  assert_refused (self, "attribute");
}

static void
test_secrets (Fixture *self, gconstpointer data)
{
  g_autoptr (FloeSecret) empty = floe_secret_new ("", 0);
  g_autoptr (FloeSecret) nul = floe_secret_new ("a\0b", 3);

  self->settings.bind_password = empty;
  assert_refused (self, "no usable password");
  self->settings.bind_password = nul;
  assert_refused (self, "no usable password");
  self->settings.bind_password = NULL;
  assert_refused (self, "no usable password");
  self->settings.bind_password = self->password;
  self->settings.ca_file = (gchar *)"/nonexistent/ca.pem";
  assert_refused (self, "cannot be read");
  self->settings.ca_file = self->ca_file;
  g_assert_true (g_file_set_contents (self->ca_file, "", 0, NULL));
  assert_refused (self, "no PEM certificate");
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  floe_ldap_init ();
  g_test_init (&argc, &argv, NULL);
  ADD ("/ldap-settings/check/good", test_good);
  ADD ("/ldap-settings/check/starttls", test_starttls);
  ADD ("/ldap-settings/check/uris", test_uris);
  ADD ("/ldap-settings/check/names", test_names);
  ADD ("/ldap-settings/check/filters", test_filters);
  ADD ("/ldap-settings/check/secrets", test_secrets);
  ADD ("/ldap-settings/copy/defaults", test_defaults);
  ADD ("/ldap-settings/copy/profiles", test_profiles);
  ADD ("/ldap-settings/copy/overrides", test_overrides);
  ADD ("/ldap-settings/copy/groups", test_groups);
  return g_test_run ();
}
