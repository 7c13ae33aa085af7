/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ldap-loop: the bare work of a log-in, as fast as libldap does it: a search for the name as the
 * service account on one kept connection, then a bind with the password on another.
 *
 * Each of --clients keeps such a pair and begins anew as soon as it is done; one thread serves all.
 * Names are u00001, u00002 and so on, as in http-load. Prints one JSON object; see samples.c.
 */
#include "samples.h"

#include <ldap.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  LDAP *search;
  LDAP *bind;
  LDAP *waiting; /* which of the two */
  int message;
  gint64 begun;
} Client;

typedef struct
{
  gchar *uri;
  gchar *ca;
  gchar *service_dn;
  gchar *password_file;
  gchar *base;
  gchar *filter;
  gchar *password;
  GStrv attributes;
  gint n_users;
  gint n_clients;
  gdouble seconds;
  gdouble warm_up;

  GStrv filter_parts;
  LDAPControl *policy[2];
  gint next_user;
  gint64 counted_from;
  FloeSamples samples;
} Loop;

static void
die (const gchar *what, const gchar *why)
{
  fprintf (stderr, "ldap-loop: %s: %s\n", what, why);
  exit (1);
}

static void
need (int result, const gchar *what)
{
  if (result != LDAP_SUCCESS)
    die (what, ldap_err2string (result));
}

static LDAP *
connect_as (const Loop *loop, const gchar *dn, const gchar *password)
{
  struct berval credentials = { strlen (password), (char *)password };
  struct timeval timeout = { 5, 0 };
  const int version = 3;
  const int zero = 0;
  LDAP *ldap;

  need (ldap_initialize (&ldap, loop->uri), loop->uri);
  ldap_set_option (ldap, LDAP_OPT_PROTOCOL_VERSION, &version);
  ldap_set_option (ldap, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
  ldap_set_option (ldap, LDAP_OPT_TIMEOUT, &timeout);
  ldap_set_option (ldap, LDAP_OPT_X_TLS_CACERTFILE, loop->ca);
  if (ldap_set_option (ldap, LDAP_OPT_X_TLS_NEWCTX, &zero) != LDAP_SUCCESS)
    die (loop->ca, "cannot be used as a list of authorities");
  need (ldap_sasl_bind_s (ldap, dn, LDAP_SASL_SIMPLE, &credentials, NULL, NULL, NULL), dn);
  return ldap;
}

static void
begin (Loop *loop, Client *client)
{
  g_autofree gchar *name = g_strdup_printf ("u%05d", 1 + loop->next_user++ % loop->n_users);
  g_autofree gchar *filter = g_strjoinv (name, loop->filter_parts);
  struct timeval limit = { 5, 0 };

  client->begun = g_get_monotonic_time ();
  client->waiting = client->search;
  need (ldap_search_ext (client->search, loop->base, LDAP_SCOPE_SUBTREE, filter, loop->attributes,
                         0, NULL, NULL, &limit, 2, &client->message),
        "search");
}

/* Everything of the entry is looked at once, as anybody has to who wants to know it. */
static void
read_entry (Client *client, LDAPMessage *entry)
{
  BerElement *element = NULL;
  char *attribute = ldap_first_attribute (client->search, entry, &element);

  while (attribute != NULL)
    {
      ldap_value_free_len (ldap_get_values_len (client->search, entry, attribute));
      ldap_memfree (attribute);
      attribute = ldap_next_attribute (client->search, entry, element);
    }
  ber_free (element, 0);
}

static void
found (Loop *loop, Client *client, LDAPMessage *answer)
{
  struct berval credentials = { strlen (loop->password), loop->password };
  LDAPMessage *entry = ldap_first_entry (client->search, answer);
  char *dn;

  if (entry == NULL)
    die ("search", "found nobody");
  read_entry (client, entry);
  dn = ldap_get_dn (client->search, entry);
  client->waiting = client->bind;
  need (ldap_sasl_bind (client->bind, dn, LDAP_SASL_SIMPLE, &credentials, loop->policy, NULL,
                        &client->message),
        "bind");
  ldap_memfree (dn);
}

static void
answered (Loop *loop, Client *client, LDAPMessage *answer)
{
  int result = LDAP_OTHER;

  need (ldap_parse_result (client->waiting, answer, &result, NULL, NULL, NULL, NULL, 0), "answer");
  need (result, client->waiting == client->search ? "search" : "bind");
  if (client->waiting == client->search)
    {
      found (loop, client, answer);
      return;
    }
  if (client->begun >= loop->counted_from)
    floe_samples_add (&loop->samples, g_get_monotonic_time () - client->begun);
  begin (loop, client);
}

/* TLS may hold a whole answer that poll() does not see: ask until there is none. */
static void
serve (Loop *loop, Client *client)
{
  for (;;)
    {
      struct timeval now = { 0, 0 };
      LDAPMessage *answer = NULL;
      int type = ldap_result (client->waiting, client->message, LDAP_MSG_ALL, &now, &answer);

      if (type < 0)
        die ("connection", "lost");
      if (type == 0)
        return;
      answered (loop, client, answer);
      ldap_msgfree (answer);
    }
}

static void
run (Loop *loop)
{
  g_autofree Client *clients = g_new0 (Client, loop->n_clients);
  g_autofree struct pollfd *fds = g_new0 (struct pollfd, loop->n_clients);
  g_autofree gchar *service_password = NULL;
  gint64 now, until;

  if (!g_file_get_contents (loop->password_file, &service_password, NULL, NULL))
    die (loop->password_file, "cannot be read");
  g_strchomp (service_password);
  for (gint i = 0; i < loop->n_clients; i++)
    {
      clients[i].search = connect_as (loop, loop->service_dn, service_password);
      clients[i].bind = connect_as (loop, loop->service_dn, service_password);
    }
  loop->counted_from = g_get_monotonic_time () + loop->warm_up * G_USEC_PER_SEC;
  until = loop->counted_from + loop->seconds * G_USEC_PER_SEC;
  for (gint i = 0; i < loop->n_clients; i++)
    begin (loop, &clients[i]);
  while ((now = g_get_monotonic_time ()) < until)
    {
      for (gint i = 0; i < loop->n_clients; i++)
        {
          ldap_get_option (clients[i].waiting, LDAP_OPT_DESC, &fds[i].fd);
          fds[i].events = POLLIN;
        }
      if (poll (fds, loop->n_clients, 100) < 0)
        continue;
      for (gint i = 0; i < loop->n_clients; i++)
        {
          if (fds[i].revents != 0)
            serve (loop, &clients[i]);
        }
    }
  floe_samples_print (&loop->samples, now - loop->counted_from, loop->samples.us->len, 0, 0);
  for (gint i = 0; i < loop->n_clients; i++)
    {
      ldap_unbind_ext (clients[i].search, NULL, NULL);
      ldap_unbind_ext (clients[i].bind, NULL, NULL);
    }
}

int
main (int argc, char **argv)
{
  LDAPControl policy = { (char *)LDAP_CONTROL_PASSWORDPOLICYREQUEST, { 0, NULL }, 0 };
  Loop loop = { .n_users = 1, .n_clients = 1, .seconds = 3, .warm_up = 0.3, .policy = { &policy } };
  const GOptionEntry options[] = {
    { "uri", 0, 0, G_OPTION_ARG_STRING, &loop.uri, "the server", "URI" },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &loop.ca, "PEM of its authority", "FILE" },
    { "bind-dn", 0, 0, G_OPTION_ARG_STRING, &loop.service_dn, "the service account", "DN" },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &loop.password_file, "its password", "FILE" },
    { "base", 0, 0, G_OPTION_ARG_STRING, &loop.base, "where to search", "DN" },
    { "filter", 0, 0, G_OPTION_ARG_STRING, &loop.filter, "what to search, with %s", "FILTER" },
    { "attribute", 0, 0, G_OPTION_ARG_STRING_ARRAY, &loop.attributes, "what to read", "NAME" },
    { "password", 0, 0, G_OPTION_ARG_STRING, &loop.password, "of all users", "PASSWORD" },
    { "users", 0, 0, G_OPTION_ARG_INT, &loop.n_users, "how many names", "N" },
    { "clients", 0, 0, G_OPTION_ARG_INT, &loop.n_clients, "pairs of connections", "N" },
    { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &loop.seconds, "how long to count", "S" },
    { "warm-up", 0, 0, G_OPTION_ARG_DOUBLE, &loop.warm_up, "how long to run before that", "S" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    die ("options", error->message);
  if (loop.uri == NULL || loop.ca == NULL || loop.service_dn == NULL || loop.password_file == NULL
      || loop.base == NULL || loop.filter == NULL || loop.password == NULL || loop.n_clients < 1
      || loop.n_users < 1)
    die ("options", "some are missing; see --help");
  g_setenv ("LDAPNOINIT", "1", TRUE);
  signal (SIGPIPE, SIG_IGN);
  loop.filter_parts = g_strsplit (loop.filter, "%s", -1);
  floe_samples_init (&loop.samples);
  run (&loop);
  floe_samples_clear (&loop.samples);
  g_strfreev (loop.filter_parts);
  return 0;
}
