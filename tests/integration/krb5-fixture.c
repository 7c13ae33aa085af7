/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "krb5-fixture.h"

#include "fixture-script.h"

#include <gio/gio.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <string.h>
#include <unistd.h>

static void
take_variable (const gchar *output, const gchar *name)
{
  g_autofree gchar *value = fixture_exported (output, name);

  g_setenv (name, value, TRUE);
}

Krb5Fixture *
krb5_fixture_new (void)
{
  Krb5Fixture *self = g_new0 (Krb5Fixture, 1);
  g_autofree gchar *up = fixture_script ("krb5-up.sh");
  g_autofree gchar *owner = g_strdup_printf ("%d", (gint)getpid ());
  g_autofree gchar *output = NULL;
  g_autoptr (GError) error = NULL;
  const gchar *argv[] = { up, NULL, NULL };

  self->directory = g_dir_make_tmp ("floe-krb5-XXXXXX", &error);
  g_assert_no_error (error);
  g_setenv ("KRB_OWNER", owner, TRUE);
  argv[1] = self->directory;
  output = fixture_run (NULL, argv);
  self->keytab = fixture_exported (output, "KRB5_KEYTAB");
  self->password = g_strdup ("secret");
  take_variable (output, "KRB5_CONFIG");
  take_variable (output, "KRB5_KDC_PROFILE");
  take_variable (output, "KRB5RCACHENAME");
  return self;
}

/**
 * krb5_fixture_new_for_domain:
 * @domain_controller: where samba-up.sh keeps its files
 * @password: everybody's
 *
 * Returns: (transfer full): its key distribution centre, with a key of HTTP/localhost only
 */
Krb5Fixture *
krb5_fixture_new_for_domain (const gchar *domain_controller, const gchar *password)
{
  Krb5Fixture *self = g_new0 (Krb5Fixture, 1);
  g_autofree gchar *configuration = g_build_filename (domain_controller, "krb5.conf", NULL);
  g_autofree gchar *cache = NULL;
  g_autoptr (GError) error = NULL;

  self->directory = g_dir_make_tmp ("floe-krb5-XXXXXX", &error);
  g_assert_no_error (error);
  self->keytab = g_build_filename (domain_controller, "http.keytab", NULL);
  self->password = g_strdup (password);
  cache = g_strdup_printf ("file2:%s/rcache2", self->directory);
  g_setenv ("KRB5_CONFIG", configuration, TRUE);
  g_setenv ("KRB5RCACHENAME", cache, TRUE);
  return self;
}

void
krb5_fixture_free (Krb5Fixture *self)
{
  g_autofree gchar *stop = fixture_script ("stop.sh");
  const gchar *stop_argv[] = { stop, self->directory, NULL };
  const gchar *remove_argv[] = { "rm", "-rf", self->directory, NULL };

  fixture_run_quietly (NULL, stop_argv);
  fixture_run_quietly (NULL, remove_argv);
  g_free (self->directory);
  g_free (self->keytab);
  g_free (self->password);
  g_free (self);
}

/**
 * krb5_fixture_log_in:
 * @principal: such as `alice@FLOE.TEST`
 *
 * Returns: (transfer full): where their tickets are
 */
gchar *
krb5_fixture_log_in (Krb5Fixture *self, const gchar *principal)
{
  g_autofree gchar *name = g_strdelimit (g_strdup (principal), "/@", '-');
  gchar *ccache = g_strdup_printf ("FILE:%s/cc-%s", self->directory, name);
  const gchar *argv[] = { "sh",   "-c",      "echo \"$2\" | kinit -c \"$0\" \"$1\"",
                          ccache, principal, self->password,
                          NULL };

  fixture_run_quietly (NULL, argv);
  return ccache;
}

static gss_name_t
name_of (const gchar *host)
{
  g_autofree gchar *service = g_strconcat ("HTTP@", host, NULL);
  gss_buffer_desc text = { strlen (service), service };
  gss_name_t name = GSS_C_NO_NAME;
  OM_uint32 minor;

  g_assert_cmpuint (gss_import_name (&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, &name), ==,
                    GSS_S_COMPLETE);
  return name;
}

static gss_cred_id_t
credentials_of (const gchar *ccache, gss_OID_set mechanisms)
{
  gss_key_value_element_desc element = { "ccache", ccache };
  gss_key_value_set_desc store = { 1, &element };
  gss_cred_id_t credentials = GSS_C_NO_CREDENTIAL;
  OM_uint32 minor;

  g_assert_cmpuint (gss_acquire_cred_from (&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, mechanisms,
                                           GSS_C_INITIATE, &store, &credentials, NULL, NULL),
                    ==, GSS_S_COMPLETE);
  return credentials;
}

/**
 * krb5_fixture_token:
 * @ccache: from krb5_fixture_log_in()
 * @host: whose HTTP service it is for
 *
 * Returns: (transfer full): a client's first message
 */
FloeSecret *
krb5_fixture_token (const gchar *ccache, const gchar *host, Krb5Mechanism mechanism)
{
  gss_OID_desc spnego = { 6, (void *)"\x2b\x06\x01\x05\x05\x02" };
  gss_OID wanted = mechanism == KRB5_SPNEGO ? &spnego : gss_mech_krb5;
  gss_OID_set_desc mechanisms = { 1, wanted };
  gss_cred_id_t credentials = credentials_of (ccache, &mechanisms);
  gss_name_t name = name_of (host);
  gss_ctx_id_t context = GSS_C_NO_CONTEXT;
  gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
  OM_uint32 minor;
  OM_uint32 major =
      gss_init_sec_context (&minor, credentials, &context, name, wanted, 0, 0,
                            GSS_C_NO_CHANNEL_BINDINGS, GSS_C_NO_BUFFER, NULL, &token, NULL, NULL);
  FloeSecret *secret;

  g_assert_false (GSS_ERROR (major));
  secret = floe_secret_new (token.value, (gssize)token.length);
  gss_release_buffer (&minor, &token);
  gss_delete_sec_context (&minor, &context, GSS_C_NO_BUFFER);
  gss_release_name (&minor, &name);
  gss_release_cred (&minor, &credentials);
  return secret;
}

/**
 * krb5_fixture_renew_key:
 * @principal: whose key is replaced by a new one
 * @keytab: the file that the new one is written to
 */
void
krb5_fixture_renew_key (Krb5Fixture *self, const gchar *principal, const gchar *keytab)
{
  g_autofree gchar *command = g_strdup_printf ("ktadd -k %s %s", keytab, principal);
  g_autofree gchar *path = g_strconcat (g_getenv ("PATH"), ":/usr/sbin:/sbin", NULL);
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "PATH", path, TRUE);
  const gchar *argv[] = { "env", "kadmin.local", "-r", "FLOE.TEST", "-q", command, NULL };

  fixture_run_quietly (environment, argv);
}
