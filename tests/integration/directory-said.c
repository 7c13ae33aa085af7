/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory-said.h"

static void
take (const gchar *line, gpointer lines)
{
  g_test_message ("%s", line);
  g_ptr_array_add (lines, g_strdup (line));
}

void
directory_said_run (const FloeLdapTest *test, DirectorySaid *said)
{
  said->lines = g_ptr_array_new_with_free_func (g_free);
  said->fine = floe_ldap_test_run (test, take, said->lines);
  g_assert_cmpint (said->fine, ==, directory_said_count (said, "wrong: *") == 0);
}

/**
 * directory_said_ask:
 *
 * Tests a server, whose settings are as its documentation says, with the broker's own [throttle].
 */
void
directory_said_ask (DirectoryServer *server, const gchar *profile, const gchar *user,
                    DirectorySaid *said)
{
  gchar *uris[] = { server->tls_uri, NULL };
  g_autoptr (FloeSecret) password = floe_secret_new (server->password, -1);
  FloeLdapSettings settings = { .profile = (gchar *)profile,
                                .uris = uris,
                                .ca_file = server->ca,
                                .bind_dn = server->service_dn,
                                .bind_password = password,
                                .base = server->base,
                                .connect_timeout = 60,
                                .operation_timeout = 60 };
  FloeLdapTest test = { .settings = &settings, .user = user, .person_tries = 4, .pause = 1800 };

  directory_said_run (&test, said);
}

guint
directory_said_count (const DirectorySaid *said, const gchar *pattern)
{
  guint n = 0;

  for (guint i = 0; i < said->lines->len; i++)
    n += g_pattern_match_simple (pattern, said->lines->pdata[i]) ? 1 : 0;
  return n;
}

void
directory_said_clear (DirectorySaid *said)
{
  g_ptr_array_unref (said->lines);
}
