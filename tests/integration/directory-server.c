/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory-server.h"

#include "directory/ldap-outcome.h"
#include "fixture-script.h"

#include <ldap.h>
#include <string.h>
#include <unistd.h>

/**
 * directory_server_new:
 * @script: of tests/fixtures
 * @owner_variable: by which the script learns of us
 * @n_users: how many more, as the script has them
 *
 * Returns: (transfer full): a running server
 */
DirectoryServer *
directory_server_new (const gchar *script, const gchar *owner_variable, guint n_users)
{
  DirectoryServer *self = g_new0 (DirectoryServer, 1);
  g_autofree gchar *owner = g_strdup_printf ("%d", (gint)getpid ());
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), owner_variable, owner, TRUE);
  g_autofree gchar *up = fixture_script (script);
  g_autofree gchar *n = g_strdup_printf ("%u", n_users);
  g_autofree gchar *output = NULL;
  g_autoptr (GError) error = NULL;

  self->directory = g_dir_make_tmp ("floe-directory-XXXXXX", &error);
  g_assert_no_error (error);
  output = fixture_run (environment, (const gchar *const[]){ up, self->directory, n, NULL });
  self->uri = fixture_exported (output, "LDAP_URI");
  self->tls_uri = fixture_exported (output, "LDAPS_URI");
  self->ca = fixture_exported (output, "LDAP_CA");
  self->base = fixture_exported (output, "LDAP_BASE");
  self->people = fixture_exported (output, "LDAP_PEOPLE");
  self->service_dn = fixture_exported (output, "LDAP_SVC_DN");
  self->password = fixture_exported (output, "LDAP_PW");
  self->admin_dn = fixture_exported (output, "LDAP_ADMIN_DN");
  self->admin_password = fixture_exported (output, "LDAP_ADMIN_PW");
  return self;
}

void
directory_server_free (DirectoryServer *self)
{
  g_autofree gchar *stop = fixture_script ("stop.sh");

  fixture_run_quietly (NULL, (const gchar *const[]){ stop, self->directory, NULL });
  fixture_run_quietly (NULL, (const gchar *const[]){ "rm", "-rf", self->directory, NULL });
  g_free (self->directory);
  g_free (self->uri);
  g_free (self->tls_uri);
  g_free (self->ca);
  g_free (self->base);
  g_free (self->people);
  g_free (self->service_dn);
  g_free (self->password);
  g_free (self->admin_dn);
  g_free (self->admin_password);
  g_free (self);
}

/* What is not the same for all; what is %NULL is as the server has it. */
typedef struct
{
  const gchar *profile;
  const gchar *uri;
  const gchar *ca;
  gboolean starttls;
  const gchar *dn; /* of the service account, with its password */
  const gchar *password;
  void (*change) (FloeLdapSettings *settings);
} Way;

static FloeDirectory *
open_by (DirectoryServer *self, const Way *way, GError **error)
{
  gchar *uris[] = { (gchar *)(way->uri != NULL ? way->uri : self->tls_uri), NULL };
  g_autoptr (FloeSecret) password =
      floe_secret_new (way->dn != NULL ? way->password : self->password, -1);
  FloeLdapSettings settings = {
    .profile = (gchar *)way->profile,
    .uris = uris,
    .starttls = way->starttls,
    .ca_file = (gchar *)(way->ca != NULL ? way->ca : self->ca),
    .bind_dn = (gchar *)(way->dn != NULL ? way->dn : self->service_dn),
    .bind_password = password,
    .base = self->base,
    .connections = 2,
    .connect_timeout = 60,
    .operation_timeout = 60,
  };

  if (way->change != NULL)
    way->change (&settings);
  return floe_ldap_directory_new (&settings, error);
}

static FloeDirectory *
open_well (DirectoryServer *self, const Way *way)
{
  g_autoptr (GError) error = NULL;
  FloeDirectory *directory = open_by (self, way, &error);

  g_assert_no_error (error);
  return directory;
}

/**
 * directory_server_open:
 * @profile: the kind of directory
 * @change: (nullable): changes the settings
 *
 * Returns: (transfer full): a directory that is set up as its documentation says, with time-outs
 *   that a busy machine keeps
 */
FloeDirectory *
directory_server_open (DirectoryServer *self, const gchar *profile,
                       void (*change) (FloeLdapSettings *settings))
{
  return open_well (self, &(const Way){ .profile = profile, .change = change });
}

/**
 * directory_server_open_as_admin:
 *
 * Returns: (transfer full): the same with a service account that may read everything
 */
FloeDirectory *
directory_server_open_as_admin (DirectoryServer *self, const gchar *profile)
{
  return open_well (
      self,
      &(const Way){ .profile = profile, .dn = self->admin_dn, .password = self->admin_password });
}

static gchar *
as_admin (DirectoryServer *self, const gchar *tool, const gchar *const *arguments)
{
  g_autofree gchar *ca = g_strdup_printf ("LDAPTLS_CACERT=%s", self->ca);
  const gchar *const first[] = { "env", "-u",           "LDAPNOINIT", ca,
                                 tool,  "-x",           "-H",         self->tls_uri,
                                 "-D",  self->admin_dn, "-w",         self->admin_password };
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (first); i++)
    g_ptr_array_add (argv, (gpointer)first[i]);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer)arguments[i]);
  g_ptr_array_add (argv, NULL);
  return fixture_run (NULL, (const gchar *const *)argv->pdata);
}

/**
 * directory_server_modify:
 * @ldif: changes, applied as the directory's administrator
 */
void
directory_server_modify (DirectoryServer *self, const gchar *ldif)
{
  g_autofree gchar *file = g_build_filename (self->directory, "change.ldif", NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (file, ldif, -1, &error);
  g_assert_no_error (error);
  g_free (as_admin (self, "ldapmodify", (const gchar *const[]){ "-f", file, NULL }));
}

/**
 * directory_server_read:
 *
 * Returns: (transfer full): one attribute's first value, as the directory's administrator sees it,
 *   as ldapsearch prints it: a colon and base64 when it is no text
 */
gchar *
directory_server_read (DirectoryServer *self, const gchar *dn, const gchar *attribute)
{
  g_autofree gchar *output = as_admin (self, "ldapsearch",
                                       (const gchar *const[]){ "-LLL", "-o", "ldif_wrap=no", "-b",
                                                               dn, "-s", "base", attribute, NULL });
  g_autofree gchar *start = g_strdup_printf ("\n%s:", attribute);
  const gchar *found = strstr (output, start);

  if (found == NULL)
    return g_strdup ("");
  found += strlen (start);
  return g_strstrip (g_strndup (found, strcspn (found, "\n")));
}

void
directory_server_log_in (DirectoryServer *self, FloeDirectory *directory, const gchar *name,
                         DirectoryAnswer *answer)
{
  directory_begin (directory, name, self->password, NULL, answer);
  directory_wait (answer);
}

void
directory_server_look_up (FloeDirectory *directory, const gchar *id, DirectoryAnswer *answer)
{
  directory_begin_look_up (directory, id, answer);
  directory_wait (answer);
}

/**
 * directory_server_id:
 *
 * Returns: (transfer full): the id of somebody who can log in
 */
gchar *
directory_server_id (DirectoryServer *self, FloeDirectory *directory, const gchar *name)
{
  g_auto (DirectoryAnswer) answer = { 0 };

  directory_server_log_in (self, directory, name, &answer);
  g_assert_no_error (answer.error);
  return g_strdup (answer.user->id);
}

static void
assert_outcome (const DirectoryAnswer *answer, const gchar *reason)
{
  if (*reason == '\0')
    {
      g_assert_no_error (answer->error);
      return;
    }
  g_assert_nonnull (answer->error);
  g_assert_cmpstr (floe_error_reason (answer->error), ==, reason);
  if (g_str_equal (reason, "wrong-credentials"))
    {
      g_assert_error (answer->error, FLOE_ERROR, FLOE_ERROR_UNAUTHENTICATED);
      g_assert_cmpstr (answer->error->message, ==, "wrong name or password");
    }
  else
    g_assert_error (answer->error, FLOE_ERROR, FLOE_ERROR_DENIED);
}

/**
 * directory_server_assert_states:
 * @states: (array length=n_states): what is to be so
 *
 * Asks for each with the wrong password, then with the right one.
 */
void
directory_server_assert_states (DirectoryServer *self, FloeDirectory *directory,
                                const DirectoryState *states, guint n_states)
{
  for (guint i = 0; i < n_states; i++)
    {
      g_auto (DirectoryAnswer) wrong = { 0 };
      g_auto (DirectoryAnswer) right = { 0 };

      g_test_message ("%s", states[i].name);
      directory_begin (directory, states[i].name, "Wrong.456", NULL, &wrong);
      directory_wait (&wrong);
      assert_outcome (&wrong, "wrong-credentials");
      directory_server_log_in (self, directory, states[i].name, &right);
      assert_outcome (&right, states[i].right);
    }
}

/**
 * directory_server_assert_starttls:
 *
 * People log in on the other port as well.
 */
void
directory_server_assert_starttls (DirectoryServer *self, const gchar *profile)
{
  g_autoptr (FloeDirectory) directory =
      open_well (self, &(const Way){ .profile = profile, .uri = self->uri, .starttls = TRUE });

  directory_assert_in (directory, "alice", self->password);
  directory_assert_out (directory, "alice", "Wrong.456", FLOE_ERROR_UNAUTHENTICATED,
                        "wrong-credentials");
  directory_assert_in (directory, "alice", self->password);
}

/**
 * directory_server_assert_wrong_ca:
 *
 * A server that another authority vouches for gets no password, on neither port.
 */
void
directory_server_assert_wrong_ca (DirectoryServer *self, const gchar *profile)
{
  g_autofree gchar *dir = g_build_filename (self->directory, "other-ca", NULL);
  g_autofree gchar *ca = g_build_filename (dir, "ca.pem", NULL);
  g_autofree gchar *script = fixture_script ("ca.sh");
  const gchar *const uris[] = { self->tls_uri, self->uri };

  fixture_run_quietly (NULL, (const gchar *const[]){ script, dir, "other.test", NULL });
  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      g_autoptr (FloeDirectory) directory = open_well (
          self, &(const Way){ .profile = profile, .uri = uris[i], .ca = ca, .starttls = TRUE });

      directory_log_expect ("directory server ldap*cannot be used*");
      directory_assert_down (directory);
      g_assert_cmpuint (directory_log_seen ("*check the CA file*"), ==, 1);
      directory_log_expect (NULL);
    }
}

/* As no directory of ours does it. */
static gint
bind_in_the_clear (DirectoryServer *self)
{
  struct berval password = { strlen (self->password), self->password };
  gint version = LDAP_VERSION3;
  LDAP *ld = NULL;
  gint code;

  g_assert_cmpint (ldap_initialize (&ld, self->uri), ==, LDAP_SUCCESS);
  g_assert_cmpint (ldap_set_option (ld, LDAP_OPT_PROTOCOL_VERSION, &version), ==, LDAP_OPT_SUCCESS);
  code = ldap_sasl_bind_s (ld, self->service_dn, LDAP_SASL_SIMPLE, &password, NULL, NULL, NULL);
  ldap_unbind_ext (ld, NULL, NULL);
  return code;
}

/**
 * directory_server_assert_no_plain:
 * @code: what the server says to a password in the clear
 * @words: what we make of that
 *
 * No setting sends one; and what a server would say to it is understood.
 */
void
directory_server_assert_no_plain (DirectoryServer *self, const gchar *profile, gint code,
                                  const gchar *words)
{
  g_autoptr (GError) unencrypted = NULL;
  g_autoptr (GError) refused = NULL;
  g_auto (FloeLdapReply) reply = FLOE_LDAP_REPLY_INIT;

  g_assert_null (
      open_by (self, &(const Way){ .profile = profile, .uri = self->uri }, &unencrypted));
  g_assert_error (unencrypted, FLOE_ERROR, FLOE_ERROR_INVALID);
  reply.code = bind_in_the_clear (self);
  g_assert_cmpint (reply.code, ==, code);
  g_assert_cmpint (floe_ldap_judge (FLOE_LDAP_SERVICE_BIND, &reply, &refused), ==,
                   FLOE_LDAP_REFUSED);
  g_assert_error (refused, FLOE_ERROR, FLOE_ERROR_INTERNAL);
  g_assert_cmpstr (refused->message, ==, words);
}

/**
 * directory_server_assert_find_group:
 * @prefix: with which the ids of the server's groups begin
 *
 * Carol is in VDI-users, by the id that its name is found to be; a person's name is no group's.
 */
void
directory_server_assert_find_group (DirectoryServer *self, FloeDirectory *directory,
                                    const gchar *prefix)
{
  g_autofree gchar *id = directory_find_group (directory, "VDI-users");
  g_autofree gchar *none = directory_find_group (directory, "nobody");
  g_autofree gchar *person = directory_find_group (directory, "carol");
  g_auto (DirectoryAnswer) carol = { 0 };

  directory_server_log_in (self, directory, "carol", &carol);
  g_assert_no_error (carol.error);
  g_assert_true (g_str_has_prefix (id, prefix));
  g_assert_true (floe_user_in_group (carol.user, id));
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (person, ==, "");
}
