/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "config/settings-keys.h"
#include "config/settings.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A directory with everything that the files of tests/data/config name. */
static gchar *dir;

static gchar *
source_path (const gchar *name)
{
  return g_build_filename (g_getenv ("G_TEST_SRCDIR"), name, NULL);
}

static gchar *
read_source (const gchar *name)
{
  g_autofree gchar *path = source_path (name);
  g_autoptr (GError) error = NULL;
  gchar *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static gchar *
replace (const gchar *text, const gchar *from, const gchar *to)
{
  g_auto (GStrv) parts = g_strsplit (text, from, -1);

  return g_strjoinv (to, parts);
}

static gchar *
put (const gchar *name, const gchar *bytes, gssize length, guint mode)
{
  gchar *path = g_build_filename (dir, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (path, bytes, length, G_FILE_SET_CONTENTS_CONSISTENT, mode, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
  return path;
}

static gchar *
put_config (const gchar *name)
{
  g_autofree gchar *source = g_build_filename ("tests/data/config", name, NULL);
  g_autofree gchar *text = read_source (source);
  g_autofree gchar *filled = replace (text, "@DIR@", dir);

  return put ("broker.conf", filled, -1, 0644);
}

static FloeSettings *
load_good (const gchar *path)
{
  g_autoptr (GPtrArray) problems = NULL;
  FloeSettings *settings = floe_settings_load (path, &problems);

  floe_settings_report_problems (problems, stderr);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_nonnull (settings);
  return settings;
}

/* Asserts that loading @path fails with exactly the lines of @expected. */
static void
assert_problems (const gchar *path, const gchar *expected)
{
  g_autoptr (GPtrArray) problems = NULL;
  g_autoptr (FloeSettings) settings = floe_settings_load (path, &problems);
  g_autoptr (GString) got = g_string_new (NULL);
  g_autofree gchar *without_dir = NULL;

  g_assert_null (settings);
  for (guint i = 0; i < problems->len; i++)
    g_string_append_printf (got, "%s\n", (const gchar *)problems->pdata[i]);
  without_dir = replace (got->str, dir, "@DIR@");
  g_assert_cmpstr (without_dir, ==, expected);
}

static void
assert_one_problem (const gchar *bytes, gssize length, const gchar *expected)
{
  g_autofree gchar *path = put ("broker.conf", bytes, length, 0644);

  assert_problems (path, expected);
}

static void
test_minimal (void)
{
  g_autofree gchar *path = put_config ("good-minimal.conf");
  g_autoptr (FloeSettings) settings = load_good (path);
  const FloeDirectorySettings *directory = settings->directory;
  const FloeHostSettings *host;

  g_assert_true (g_str_has_prefix (settings->database, dir));
  g_assert_cmpuint (g_strv_length (settings->host_names), ==, 1);
  g_assert_cmpstr (settings->host_names[0], ==, "desktops.example.org");
  g_assert_true (g_str_has_suffix (settings->socket, "/http.sock"));
  g_assert_null (settings->loopback);
  g_assert_null (settings->trusted_user);
  g_assert_cmpuint (g_strv_length (directory->uris), ==, 1);
  g_assert_false (directory->starttls);
  g_assert_null (directory->ca_file);
  g_assert_cmpstr (directory->profile, ==, "openldap");
  g_assert_null (directory->user_filter); /* what the profile says */
  g_assert_null (directory->group_base);
  g_assert_null (directory->group_name_attribute);
  g_assert_null (directory->groups_by);
  g_assert_null (directory->group_filter);
  g_assert_null (directory->disabled_filter);
  g_assert_cmpuint (directory->connections, ==, 8);
  g_assert_cmpuint (directory->connect_timeout, ==, 3);
  g_assert_cmpuint (directory->operation_timeout, ==, 5);
  g_assert_cmpuint (directory->password_warning, ==, 14 * 86400);
  g_assert_cmpuint (settings->idle_seconds, ==, 900);
  g_assert_cmpuint (settings->absolute_seconds, ==, 43200);
  g_assert_cmpuint (settings->hosts->len, ==, 1);
  host = settings->hosts->pdata[0];
  g_assert_cmpstr (host->name, ==, "alpha");
  g_assert_cmpstr (host->uri, ==, "qemu:///system");
  g_assert_null (host->display_address);
  g_assert_null (host->display_ca);
  g_assert_null (host->display_subject);
  g_assert_false (host->plain_display);
  g_assert_cmpuint (host->starts_at_once, ==, 4);
}

static void
test_full (void)
{
  g_autofree gchar *path = put_config ("good-full.conf");
  g_autofree gchar *ca = read_source ("tests/data/config/ca.pem");
  g_autoptr (FloeSettings) settings = load_good (path);
  const FloeDirectorySettings *directory = settings->directory;
  const FloeHostSettings *host;

  g_assert_cmpuint (g_strv_length (settings->host_names), ==, 4);
  g_assert_cmpstr (settings->host_names[2], ==, "2001:db8::1");
  g_assert_null (settings->socket);
  g_assert_cmpstr (settings->loopback, ==, "[::1]:8080");
  g_assert_cmpstr (settings->trusted_user, ==, "nobody");
  g_assert_cmpuint (g_strv_length (directory->uris), ==, 3);
  g_assert_cmpstr (directory->uris[1], ==, "ldap://[2001:db8::2]:1389/");
  g_assert_true (directory->starttls);
  g_assert_true (g_str_has_suffix (directory->ca_file, "/ca.pem"));
  g_assert_cmpstr (directory->bind_dn, ==, "CN=Floe\\, the broker,OU=Dienste,DC=example,DC=org");
  g_assert_cmpstr (directory->group_attribute, ==, "1.2.840.113556.1.2.102");
  g_assert_cmpstr (directory->group_base, ==, "ou=groups # this belongs to it,dc=example,dc=org");
  g_assert_cmpstr (directory->group_name_attribute, ==, "cn");
  g_assert_cmpstr (directory->groups_by, ==, "auto");
  g_assert_cmpstr (directory->group_filter, ==, "(&(objectClass=group)(member=%d))");
  g_assert_cmpstr (directory->profile, ==, "active-directory");
  g_assert_cmpstr (directory->domains[1], ==, "EXAMPLE");
  g_assert_cmpstr (directory->group_id_attribute, ==, "objectGUID");
  g_assert_cmpuint (directory->connections, ==, 6);
  g_assert_cmpuint (directory->connect_timeout, ==, 1);
  g_assert_cmpuint (directory->operation_timeout, ==, 60);
  g_assert_cmpuint (directory->password_warning, ==, 0);
  g_assert_cmpuint (settings->more_directories->len, ==, 1);
  directory = settings->more_directories->pdata[0];
  g_assert_cmpstr (directory->name, ==, "partner-1");
  g_assert_cmpstr (directory->base, ==, "dc=partner,dc=example");
  g_assert_cmpuint (directory->connections, ==, 8);
  g_assert_cmpuint (g_strv_length (settings->admin_groups), ==, 3);
  g_assert_cmpstr (settings->admin_groups[1], ==, "Support, Zürich");
  g_assert_cmpstr (settings->admin_groups[2], ==, "sid:S-1-5-21-1-2-3-1104");
  g_assert_cmpstr (settings->operator_groups[0], ==, "operators");
  g_assert_cmpuint (g_strv_length (settings->auditor_groups), ==, 2);
  g_assert_cmpstr (settings->auditor_groups[0], ==, "Revision");
  g_assert_true (g_str_has_suffix (settings->factor_key_file, "/password"));
  g_assert_cmpuint (g_strv_length (settings->required_networks), ==, 2);
  g_assert_cmpstr (settings->required_networks[1], ==, "::/0");
  g_assert_cmpuint (g_strv_length (settings->exempt_networks), ==, 2);
  g_assert_cmpstr (settings->exempt_networks[0], ==, "192.0.2.0/24");
  g_assert_true (g_str_has_suffix (settings->terminals_key_file, "/password"));
  g_assert_true (g_str_has_suffix (settings->webhooks_key_file, "/password"));
  g_assert_true (g_str_has_suffix (settings->audit_key_file, "/password"));
  g_assert_cmpstr (settings->helpdesk_groups[0], ==, "helpdesk");
  g_assert_cmpuint (settings->idle_seconds, ==, 1800);
  g_assert_cmpuint (settings->absolute_seconds, ==, 2 * 86400);
  g_assert_cmpstr (settings->metrics_listen, ==, "127.0.0.2:9469");
  g_assert_cmpuint (settings->hosts->len, ==, 2);
  host = settings->hosts->pdata[0];
  g_assert_cmpstr (host->name, ==, "beta-2");
  g_assert_cmpstr (host->uri, ==, "qemu+tls://beta.example.org:16514/system?pkipath=/etc/floe/pki");
  g_assert_cmpstr (host->display_ca, ==, ca);
  g_assert_cmpuint (host->starts_at_once, ==, 64);
  g_assert_false (host->plain_display);
  host = settings->hosts->pdata[1];
  g_assert_true (host->plain_display);
}

/* An editor of another system writes a byte order mark and CR LF. */
static void
test_foreign_line_ends (void)
{
  g_autofree gchar *path = put_config ("good-full.conf");
  g_autofree gchar *text = NULL;
  g_autofree gchar *lines = NULL;
  g_autofree gchar *foreign = NULL;
  g_autofree gchar *rewritten = NULL;
  g_autoptr (FloeSettings) settings = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = replace (text, "\n", "\r\n");
  foreign = g_strconcat ("\xef\xbb\xbf", lines, NULL);
  rewritten = put ("broker.conf", foreign, -1, 0644);
  settings = load_good (rewritten);
  g_assert_cmpstr (settings->loopback, ==, "[::1]:8080");
}

static void
test_symlink (void)
{
  g_autofree gchar *path = put_config ("good-minimal.conf");
  g_autofree gchar *link = g_build_filename (dir, "link.conf", NULL);
  g_autoptr (FloeSettings) settings = NULL;

  g_assert_cmpint (symlink (path, link), ==, 0);
  settings = load_good (link);
  g_assert_cmpint (g_unlink (link), ==, 0);
}

/* Of a bundle with words in it, only the certificates reach the clients. */
static void
test_certificates_only (void)
{
  g_autofree gchar *ca = read_source ("tests/data/config/ca.pem");
  g_autofree gchar *twice = g_strconcat ("Subject: somebody\n", ca, "internal note\n", ca, NULL);
  g_autofree gchar *expected = g_strconcat (ca, ca, NULL);
  g_autofree gchar *path = put_config ("good-full.conf");
  g_autoptr (FloeSettings) settings = NULL;
  const FloeHostSettings *host;

  g_free (put ("ca.pem", twice, -1, 0644));
  settings = load_good (path);
  g_free (put ("ca.pem", ca, -1, 0644));
  host = settings->hosts->pdata[0];
  g_assert_cmpstr (host->display_ca, ==, expected);
}

/* No libvirt host is needed beside it. */
static void
test_engine (void)
{
  g_autofree gchar *path = put_config ("good-engine.conf");
  g_autoptr (FloeSettings) settings = load_good (path);
  const FloeManagerSettings *manager = settings->managers->pdata[0];
  g_autofree gchar *password = g_build_filename (dir, "password", NULL);

  g_assert_cmpuint (settings->hosts->len, ==, 0);
  g_assert_cmpuint (settings->managers->len, ==, 1);
  g_assert_cmpstr (manager->name, ==, "rhv-1");
  g_assert_cmpstr (manager->type, ==, "ovirt");
  g_assert_cmpstr (manager->url, ==, "https://engine.example.org:8443/ovirt-engine");
  g_assert_cmpstr (manager->user, ==, "svc@corp.example.org@internal");
  g_assert_cmpstr (manager->password_file, ==, password);
  g_assert_null (manager->ca_file);
  g_assert_null (manager->client_id);
  g_assert_false (manager->plain_display);
  g_assert_cmpuint (manager->connections, ==, 8);
}

static void
test_bad_file (gconstpointer data)
{
  const gchar *name = data;
  g_autofree gchar *source = g_strdup_printf ("tests/data/config/%s.problems", name);
  g_autofree gchar *conf = g_strdup_printf ("%s.conf", name);
  g_autofree gchar *expected = read_source (source);
  g_autofree gchar *path = put_config (conf);

  assert_problems (path, expected);
}

static void
test_unreadable (void)
{
  g_autofree gchar *missing = g_build_filename (dir, "missing.conf", NULL);
  g_autofree gchar *fifo = g_build_filename (dir, "fifo", NULL);

  assert_problems (missing, "@DIR@/missing.conf: expected a configuration file that can be read: "
                            "No such file or directory\n");
  assert_problems (dir, "@DIR@: expected a configuration file that can be read: "
                        "not a regular file\n");
  assert_problems (fifo, "@DIR@/fifo: expected a configuration file that can be read: "
                         "not a regular file\n");
}

static void
test_too_large (void)
{
  g_autofree gchar *minimal = put_config ("good-minimal.conf");
  g_autofree gchar *text = NULL;
  g_autoptr (GString) padded = NULL;
  g_autoptr (FloeSettings) settings = NULL;
  g_autofree gchar *path = NULL;

  g_assert_true (g_file_get_contents (minimal, &text, NULL, NULL));
  padded = g_string_new (text);
  g_string_append_c (padded, '#');
  while (padded->len < 1024 * 1024)
    g_string_append_c (padded, 'x');
  path = put ("broker.conf", padded->str, padded->len, 0644);
  settings = load_good (path);
  g_string_append_c (padded, 'x');
  assert_one_problem (padded->str, padded->len,
                      "@DIR@/broker.conf: expected a configuration file that can be read: larger "
                      "than 1048576 bytes\n");
}

/* A good file with one more line that holds @bytes gives the one problem @expected for it. */
static void
assert_bad_line (const gchar *bytes, gsize length, const gchar *expected)
{
  g_autofree gchar *good = put_config ("good-minimal.conf");
  g_autofree gchar *text = NULL;
  g_autoptr (GString) bad = NULL;
  g_autofree gchar *problem = NULL;
  guint line = 1;

  g_assert_true (g_file_get_contents (good, &text, NULL, NULL));
  for (const gchar *p = text; *p != '\0'; p++)
    line += *p == '\n';
  bad = g_string_new (text);
  g_string_append_len (bad, bytes, length);
  problem = g_strdup_printf ("@DIR@/broker.conf:%u: %s\n", line, expected);
  assert_one_problem (bad->str, bad->len, problem);
}

static void
test_bad_bytes (void)
{
  assert_bad_line ("# a \0 in a comment\n", 19, "expected text, got a NUL byte");
  assert_bad_line ("\0", 1, "expected text, got a NUL byte");
  assert_bad_line ("# Z\xfcrich\n", 9, "expected text in UTF-8");
  assert_bad_line ("# cut off: \xc3", 12, "expected text in UTF-8");
  assert_bad_line ("# a \033[2J in it\n", 15, "expected text without control characters");
  assert_bad_line ("# old\rMac\n", 10, "expected text without control characters");
  assert_bad_line ("# C1 \xc2\x9b\n", 8, "expected text without control characters");
}

static void
test_long_value (void)
{
  g_autofree gchar *letters = g_strnfill (5000, 'x');
  g_autofree gchar *line = g_strdup_printf ("starts_at_once = %s\n", letters);
  g_autofree gchar *start = g_strnfill (120, 'x');
  g_autofree gchar *expected = g_strdup_printf (
      "[host alpha] starts_at_once: got \"%s…\", expected a number from 1 to 64", start);
  g_autofree gchar *unknown = g_strdup_printf ("%s = 1\n", letters);
  g_autofree gchar *unexpected = g_strdup_printf (
      "[host alpha] %s: unknown key, expected one of floe-broker.conf(5)", letters);

  assert_bad_line (line, strlen (line), expected);
  assert_bad_line (unknown, strlen (unknown), unexpected);
}

static void
test_user_filter (void)
{
  static const struct
  {
    const gchar *filter;
    const gchar *why;
  } cases[] = {
    { "(uid=%s)", NULL },
    { "(&(objectClass=person)(|(uid=%s)(cn=a\\28b\\29)))", NULL },
    { "(uid=%s@example.org)", NULL },
    { "(uid=alice)", "it has no %s for the log-in name" },
    { "(|(uid=%s)(mail=%s))", NULL },
    { "(|(uid=%s)(%s=mail))", "its %s does not stand in a value" },
    { "(&(uid=%s)(cn=%n))", "it has another % than that of %s" },
    { "(uid=%d)", "it has another % than that of %s" },
    { "(uid=%", "it has another % than that of %s" },
    { "(%s=alice)", "its %s does not stand in a value" },
    { "(&(a=b)%s)", "its %s does not stand in a value" },
    { "((uid=%s)", "its parentheses are not balanced" },
    { "(uid=%s))", "something follows its last parenthesis" },
    { "(uid=%s)(cn=x)", "something follows its last parenthesis" },
    { "uid=%s", "it does not begin with a parenthesis" },
    { ")uid=%s(", "its parentheses are not balanced" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree gchar *why = NULL;

      g_assert_cmpint (floe_check_user_filter (cases[i].filter, &why), ==, cases[i].why == NULL);
      g_assert_cmpstr (why, ==, cases[i].why);
    }
}

static void
test_group_filter (void)
{
  static const struct
  {
    const gchar *filter;
    const gchar *why;
  } cases[] = {
    { "(member=%d)", NULL },
    { "(memberUid=%u)", NULL },
    { "(|(member=%d)(uniqueMember=%d)(memberUid=%u))", NULL },
    { "(member:1.2.840.113556.1.4.1941:=%d)", NULL },
    { "(member=cn=a)",
      "it has neither %d for the member's DN nor %u for the member's log-in name" },
    { "(member=%s)", "it has another % than that of %d and %u" },
    { "(&(member=%d)(a=%%))", "it has another % than that of %d and %u" },
    { "(member=%", "it has another % than that of %d and %u" },
    { "(%u=member)", "its %d or %u does not stand in a value" },
    { "(&(a=b)%d)", "its %d or %u does not stand in a value" },
    { "(|(member=%d)(memberUid=%u)", "its parentheses are not balanced" },
    { "(member=%d)(memberUid=%u)", "something follows its last parenthesis" },
    { "member=%d", "it does not begin with a parenthesis" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree gchar *why = NULL;

      g_assert_cmpint (floe_check_group_filter (cases[i].filter, &why), ==, cases[i].why == NULL);
      g_assert_cmpstr (why, ==, cases[i].why);
    }
}

static void
test_duration (void)
{
  static const struct
  {
    const gchar *text;
    gboolean good;
    guint seconds;
  } cases[] = {
    { "0", TRUE, 0 },
    { "900", TRUE, 900 },
    { "90s", TRUE, 90 },
    { "15min", TRUE, 900 },
    { "12h", TRUE, 43200 },
    { "2d", TRUE, 172800 },
    { "", FALSE },
    { "min", FALSE },
    { "1 h", FALSE },
    { "1H", FALSE },
    { "-1", FALSE },
    { "+1", FALSE },
    { "1.5h", FALSE },
    { "1h30min", FALSE },
    { "15m", FALSE },
    { "4294967295", TRUE, G_MAXUINT },
    { "4294967296", FALSE },
    { "49711d", FALSE },
    { "99999999999999999999s", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint seconds = 7;

      g_assert_cmpint (floe_settings_parse_duration (cases[i].text, &seconds), ==, cases[i].good);
      g_assert_cmpuint (seconds, ==, cases[i].good ? cases[i].seconds : 7);
    }
}

static void
test_loopback (void)
{
  static const gchar *const good[] = { "127.0.0.1:1", "127.8.9.10:65535", "[::1]:80" };
  static const gchar *const bad[] = {
    "127.0.0.1", "127.0.0.1:0",    "127.0.0.1:65536", "0.0.0.0:80",  "[::]:80", "::1:80",
    "[::1]80",   "[127.0.0.1]:80", "localhost:80",    "127.1:80",    ":80",     "[]:80",
    "]:80",      "127.0.0.1:+80",  "192.168.0.1:80",  "[fe80::1]:80"
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree gchar *why = NULL;

      g_assert_true (floe_check_loopback (good[i], &why));
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree gchar *why = NULL;

      g_test_message ("%s", bad[i]);
      g_assert_false (floe_check_loopback (bad[i], &why));
    }
}

/* No password, no way around the server's certificate. */
static void
test_database (void)
{
  static const gchar *const good[] = {
    "postgresql://floe@db.example.org/floe?sslrootcert=/etc/floe/ca.pem",
    "postgres://db.example.org:5433/floe?sslmode=verify-full",
    "postgresql:///floe?host=/run/postgresql&user=floe",
    "postgresql://floe@%2Frun%2Fpostgresql/floe",
    "postgresql:///floe?host=db1.example.org,db2.example.org&target_session_attrs=read-write",
    "postgresql://[2001:db8::1]/floe"
  };
  static const struct
  {
    const gchar *value;
    const gchar *why;
  } bad[] = {
    { "postgresql://floe:secret@db.example.org/floe", "password" },
    { "postgresql://floe:@db.example.org/floe", "password" },
    { "postgresql://db.example.org/floe?password=secret", "password" },
    { "postgresql://db.example.org/floe?pass%77ord=secret", "password" },
    { "postgresql://db.example.org/floe?sslkey=/k&sslpassword=secret", "password" },
    { "postgresql://db.example.org/floe?service=other", "service" },
    { "postgresql://db.example.org/floe?sslmode=require", "verify-full" },
    { "postgresql://db.example.org/floe?sslmode=verify-ca", "verify-full" },
    { "postgresql://db.example.org/floe?sslmode=disable", "verify-full" },
    { "postgresql://db.example.org/floe?sslmode", "list of NAME=VALUE" },
    { "postgresql://db1.example.org:1,db2.example.org:2/floe", "one server" },
    { "postgresql://db.example.org/", "no database" },
    { "postgresql://db.example.org", "no database" },
    { "mysql://db.example.org/floe", "absolute path" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree gchar *why = NULL;

      g_test_message ("%s", good[i]);
      g_assert_true (floe_check_database (good[i], &why));
      g_assert_true (floe_check_database_is_server (good[i]));
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree gchar *why = NULL;

      g_test_message ("%s", bad[i].value);
      g_assert_false (floe_check_database (bad[i].value, &why));
      g_assert_nonnull (strstr (why, bad[i].why));
      g_assert_null (strstr (why, "secret"));
    }
}

/* A file whose contents @mask leaves to others must not hold a password. */
static void
test_password_modes (void)
{
  static const struct
  {
    guint mode;
    gboolean good;
  } cases[] = { { 0600, TRUE }, { 0640, TRUE }, { 0400, TRUE }, { 0644, FALSE }, { 0602, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree gchar *path = put ("some-password", "secret\n", -1, cases[i].mode);
      g_autofree gchar *why = NULL;

      g_assert_cmpint (floe_check_password_file (path, &why), ==, cases[i].good);
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
}

/* An entry as ktadd writes it; the key itself does not matter. */
static void
append_key (GByteArray *keytab, const gchar *service, const gchar *host)
{
  g_autoptr (GByteArray) entry = g_byte_array_new ();
  const gchar *const texts[] = { "EXAMPLE.ORG", service, host };
  guint8 size[4] = { 0 };

  g_byte_array_append (entry, (const guint8 *)"\0\2", 2);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const guint8 length[2] = { 0, (guint8)strlen (texts[i]) };

      g_byte_array_append (entry, length, 2);
      g_byte_array_append (entry, (const guint8 *)texts[i], length[1]);
    }
  g_byte_array_append (entry, (const guint8 *)"\0\0\0\1\0\0\0\0\2\0\22\0\4key!", 17);
  size[3] = (guint8)entry->len;
  g_byte_array_append (keytab, size, 4);
  g_byte_array_append (keytab, entry->data, entry->len);
}

static GByteArray *
keytab_new (void)
{
  GByteArray *keytab = g_byte_array_new ();

  g_byte_array_append (keytab, (const guint8 *)"\5\2", 2);
  return keytab;
}

static void
assert_keytab (const GByteArray *keytab, guint mode, const gchar *why_not)
{
  g_autofree gchar *path = put ("http.keytab", (const gchar *)keytab->data, keytab->len, mode);
  g_autofree gchar *why = NULL;

  g_assert_cmpint (floe_check_keytab (path, &why), ==, why_not == NULL);
  g_assert_cmpstr (why, ==, why_not);
}

static void
test_keytab (void)
{
  g_autoptr (GByteArray) keytab = keytab_new ();
  g_autofree gchar *relative = NULL;

  assert_keytab (keytab, 0600, "it has no key for HTTP/HOST");
  append_key (keytab, "host", "desktops.example.org");
  assert_keytab (keytab, 0600, "it has no key for HTTP/HOST");
  g_byte_array_append (keytab, (const guint8 *)"\377\377\377\374hole", 8);
  append_key (keytab, "HTTP", "desktops.example.org");
  assert_keytab (keytab, 0600, NULL);
  assert_keytab (keytab, 0640, NULL);
  assert_keytab (keytab, 0644, "everybody on this machine can read or write it: chmod o-rw");
  g_assert_false (floe_check_keytab ("http.keytab", &relative));
  for (guint length = keytab->len - 1; length > 0; length--)
    {
      g_autofree gchar *why = NULL;
      g_autofree gchar *path = put ("cut.keytab", (const gchar *)keytab->data, length, 0600);

      g_assert_false (floe_check_keytab (path, &why));
    }
  g_byte_array_append (keytab, (const guint8 *)"\200\0\0\0", 4);
  assert_keytab (keytab, 0600, "it is no keytab");
  keytab->data[1] = 1;
  assert_keytab (keytab, 0600, "it is no keytab");
}

/* A keytab with a key, but not for the names that clients know. */
static void
test_keytab_host (void)
{
  g_autofree gchar *minimal = put_config ("good-minimal.conf");
  g_autoptr (GByteArray) keytab = keytab_new ();
  g_autofree gchar *text = NULL;
  g_autofree gchar *more = NULL;
  g_autofree gchar *path = NULL;
  g_autofree gchar *keys = NULL;
  g_autoptr (FloeSettings) settings = NULL;
  g_autoptr (GPtrArray) problems = NULL;

  append_key (keytab, "HTTP", "elsewhere.example.org");
  keys = put ("http.keytab", (const gchar *)keytab->data, keytab->len, 0600);
  g_assert_true (g_file_get_contents (minimal, &text, NULL, NULL));
  more = g_strdup_printf ("%s[kerberos]\nkeytab = %s\n", text, keys);
  path = put ("broker.conf", more, -1, 0644);
  g_assert_null (floe_settings_load (path, &problems));
  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_nonnull (strstr (problems->pdata[0], "a key for HTTP on one of host_names"));
  append_key (keytab, "HTTP", "Desktops.Example.Org");
  g_free (put ("http.keytab", (const gchar *)keytab->data, keytab->len, 0600));
  settings = load_good (path);
  g_assert_cmpstr (settings->kerberos_keytab, ==, keys);
}

static void
test_report (void)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new ();
  g_autofree gchar *text = NULL;
  gsize size = 0;
  FILE *stream = open_memstream (&text, &size);

  g_ptr_array_add (problems, (gpointer) "a:1: [b] c: got \"100%s\"");
  g_ptr_array_add (problems, (gpointer) "a:2: and this");
  floe_settings_report_problems (problems, stream);
  g_assert_cmpint (fclose (stream), ==, 0);
  g_assert_cmpstr (text, ==, "a:1: [b] c: got \"100%s\"\na:2: and this\n");
}

/* What one document says: "section key" to the words about it. */
static void
remember (GHashTable *said, const gchar *section, const gchar *key, const gchar *words)
{
  gchar *id = g_strdup_printf ("%s %s", section, key);

  g_test_message ("%s", id);
  g_assert_true (g_hash_table_insert (said, id, g_strdup (words)));
}

static void
assert_says_table (GHashTable *said, const gchar *default_format)
{
  guint n_keys;
  const FloeSettingsKey *keys = floe_settings_keys (&n_keys);

  g_assert_cmpuint (g_hash_table_size (said), ==, n_keys);
  for (guint i = 0; i < n_keys; i++)
    {
      g_autofree gchar *id = g_strdup_printf ("%s %s", keys[i].section, keys[i].key);
      const gchar *words = g_hash_table_lookup (said, id);
      g_autofree gchar *fallback = NULL;

      g_test_message ("%s", id);
      g_assert_nonnull (words);
      if (keys[i].fallback == NULL)
        continue;
      fallback = replace (default_format, "@", keys[i].fallback);
      g_assert_nonnull (strstr (words, fallback));
    }
}

static gchar *
section_of (const gchar *line)
{
  const gchar *start = strchr (line, '[') + 1;

  return g_strndup (start, strcspn (start, " ]"));
}

/* Each key stands in data/broker.conf once: as it must be given, or with its default after "#". */
static void
test_example (void)
{
  g_autofree gchar *text = read_source ("data/broker.conf");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GHashTable) said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree gchar *section = g_strdup ("");

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const gchar *line = lines[i] + (lines[i][0] == '#');
      g_auto (GStrv) pair = g_strsplit (line, " = ", 2);

      if (line[0] == '[')
        {
          g_free (section);
          section = section_of (line);
        }
      else if (line[0] != ' ' && pair[0] != NULL && pair[1] != NULL)
        remember (said, section, pair[0], line);
    }
  assert_says_table (said, " = @");
}

static void
test_man_page (void)
{
  g_autofree gchar *text = read_source ("docs/man/floe-broker.conf.5");
  g_auto (GStrv) sections = g_strsplit (text, "\n.Ss ", -1);
  g_autoptr (GHashTable) said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 1; sections[i] != NULL; i++)
    {
      g_autofree gchar *section = section_of (sections[i]);
      g_auto (GStrv) items = g_strsplit (sections[i], "\n.It Cm ", -1);

      for (guint j = 1; items[j] != NULL; j++)
        {
          g_autofree gchar *key = g_strndup (items[j], strcspn (items[j], " \n"));

          remember (said, section, key, items[j]);
        }
    }
  assert_says_table (said, "\nThe default is\n.Ql @ .");
}

static void
add_bad_files (GPtrArray *names)
{
  g_autofree gchar *path = source_path ("tests/data/config");
  g_autoptr (GDir) listing = g_dir_open (path, 0, NULL);
  const gchar *entry;

  g_assert_nonnull (listing);
  while ((entry = g_dir_read_name (listing)) != NULL)
    {
      g_autofree gchar *name = NULL;
      g_autofree gchar *test = NULL;

      if (!g_str_has_prefix (entry, "bad-") || !g_str_has_suffix (entry, ".conf"))
        continue;
      name = g_strndup (entry, strlen (entry) - strlen (".conf"));
      test = g_strdup_printf ("/settings/load/%s", name);
      g_test_add_data_func (test, name, test_bad_file);
      g_ptr_array_add (names, g_steal_pointer (&name));
    }
  g_assert_cmpuint (names->len, >, 8);
}

static void
make_dir (void)
{
  static const struct
  {
    const gchar *name;
    const gchar *bytes;
    guint mode;
  } files[] = {
    { "password", "secret\n", 0600 },
    { "open-password", "secret\n", 0644 },
    { "empty", "", 0600 },
    { "nothing.pem", "no certificate\n", 0644 },
    { "key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", 0644 },
    { "broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", 0644 },
    { "truncated.pem", "-----BEGIN CERTIFICATE-----\nMIIBAgMC\n", 0644 },
  };
  g_autofree gchar *ca = read_source ("tests/data/config/ca.pem");
  g_autofree gchar *ca_path = NULL;
  g_autofree gchar *fifo = NULL;

  dir = g_dir_make_tmp ("floe-settings-XXXXXX", NULL);
  g_assert_nonnull (dir);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    g_free (put (files[i].name, files[i].bytes, -1, files[i].mode));
  ca_path = put ("ca.pem", ca, -1, 0644);
  fifo = g_build_filename (dir, "fifo", NULL);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
}

static void
remove_dir (void)
{
  g_autoptr (GDir) listing = g_dir_open (dir, 0, NULL);
  const gchar *entry;

  while ((entry = g_dir_read_name (listing)) != NULL)
    {
      g_autofree gchar *path = g_build_filename (dir, entry, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (dir), ==, 0);
  g_clear_pointer (&dir, g_free);
}

gint
main (gint argc, gchar **argv)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  gint status;

  g_test_init (&argc, &argv, NULL);
  make_dir ();
  g_test_add_func ("/settings/load/minimal", test_minimal);
  g_test_add_func ("/settings/load/full", test_full);
  g_test_add_func ("/settings/load/foreign-line-ends", test_foreign_line_ends);
  g_test_add_func ("/settings/load/symlink", test_symlink);
  g_test_add_func ("/settings/load/certificates-only", test_certificates_only);
  g_test_add_func ("/settings/load/unreadable", test_unreadable);
  g_test_add_func ("/settings/load/too-large", test_too_large);
  g_test_add_func ("/settings/load/engine", test_engine);
  g_test_add_func ("/settings/load/bad-bytes", test_bad_bytes);
  g_test_add_func ("/settings/check-database", test_database);
  g_test_add_func ("/settings/load/long-value", test_long_value);
  add_bad_files (names);
  g_test_add_func ("/settings/report-problems/lines", test_report);
  g_test_add_func ("/settings/parse-duration/table", test_duration);
  g_test_add_func ("/settings/check-user-filter/table", test_user_filter);
  g_test_add_func ("/settings/check-group-filter/table", test_group_filter);
  g_test_add_func ("/settings/check-loopback/table", test_loopback);
  g_test_add_func ("/settings/check-password-file/modes", test_password_modes);
  g_test_add_func ("/settings/check/keytab", test_keytab);
  g_test_add_func ("/settings/load/keytab-host", test_keytab_host);
  g_test_add_func ("/settings/documents/example", test_example);
  g_test_add_func ("/settings/documents/man-page", test_man_page);
  status = g_test_run ();
  remove_dir ();
  return status;
}
