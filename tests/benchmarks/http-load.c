/* SPDX-License-Identifier: GPL-3.0-or-later */

/* http-load: a closed loop of HTTPS requests from one thread.
 *
 * Each of --clients keeps one TLS connection and sends the next request as soon as the last one is
 * answered. The request is a file; "%U" in it becomes the next of --users names u00001, u00002 and
 * so on, which are all of one length, so that Content-Length can be written into the file. An
 * answer's time counts from the request's first byte to the answer's last. Connecting does not
 * count, but how often it was needed is told.
 *
 * Prints one JSON object; see samples.c.
 */
#include "samples.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

typedef enum
{
  CONNECTING,
  WRITING,
  READING,
} State;

typedef struct
{
  int fd;
  SSL *ssl;
  State state;
  gchar *request;
  GString *answer;
  gint64 begun;
} Client;

typedef struct
{
  gchar *address;
  gchar *source;
  gchar *ca;
  gchar *name;
  gchar *file;
  gint n_users;
  gint first_user;
  gint n_clients;
  gint expected;
  gdouble seconds;
  gdouble warm_up;

  struct sockaddr_in to;
  struct sockaddr_in from;
  SSL_CTX *tls;
  gchar *template;
  gsize length;
  gsize user_at; /* offset of "%U", or G_MAXSIZE */
  gint next_user;
  int epoll;
  gint64 counted_from;
  FloeSamples samples;
  guint answered; /* warm-up included */
  guint failed;
  guint reconnects;
  guint complaints;
} Load;

G_GNUC_PRINTF (1, 2)
static void
die (const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  fputs ("http-load: ", stderr);
  vfprintf (stderr, format, args);
  fputs ("\n", stderr);
  va_end (args);
  exit (1);
}

/* One example of each kind is enough to see what is wrong. */
static void
complain (Load *load, const gchar *what)
{
  if (load->complaints++ < 3)
    fprintf (stderr, "http-load: %.300s\n", what);
}

static void
watch (Load *load, Client *client, guint events, int operation)
{
  struct epoll_event event = { .events = events, .data.ptr = client };

  if (epoll_ctl (load->epoll, operation, client->fd, &event) != 0)
    die ("epoll: %s", g_strerror (errno));
}

static void
client_connect (Load *load, Client *client)
{
  int yes = 1;

  client->fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  setsockopt (client->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (load->source != NULL
      && bind (client->fd, (struct sockaddr *)&load->from, sizeof load->from) != 0)
    die ("%s: %s", load->source, g_strerror (errno));
  if (connect (client->fd, (struct sockaddr *)&load->to, sizeof load->to) != 0
      && errno != EINPROGRESS)
    die ("%s: %s", load->address, g_strerror (errno));
  client->ssl = SSL_new (load->tls);
  SSL_set_fd (client->ssl, client->fd);
  SSL_set_tlsext_host_name (client->ssl, load->name);
  SSL_set1_host (client->ssl, load->name);
  SSL_set_connect_state (client->ssl);
  client->state = CONNECTING;
  watch (load, client, EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD);
}

static void
client_disconnect (Client *client)
{
  g_clear_pointer (&client->ssl, SSL_free);
  close (client->fd);
}

static void
client_reconnect (Load *load, Client *client)
{
  client_disconnect (client);
  load->reconnects++;
  client_connect (load, client);
}

static void
client_next_request (Load *load, Client *client)
{
  gchar user[16];

  if (load->user_at != G_MAXSIZE)
    {
      g_snprintf (user, sizeof user, "u%05d", load->first_user + load->next_user++ % load->n_users);
      memcpy (client->request + load->user_at, user, 6);
    }
  g_string_truncate (client->answer, 0);
  client->state = WRITING;
  client->begun = g_get_monotonic_time ();
}

/* The whole answer's length when its head says it, 0 when the head is not complete, -1 when it
 * comes in chunks. */
static gssize
answer_length (const GString *answer)
{
  const gchar *end = strstr (answer->str, "\r\n\r\n");
  const gchar *length;

  if (end == NULL)
    return 0;
  length = strcasestr (answer->str, "\r\ncontent-length:");
  if (length != NULL && length < end)
    return end + 4 - answer->str + strtol (length + strlen ("\r\ncontent-length:"), NULL, 10);
  length = strcasestr (answer->str, "\r\ntransfer-encoding:");
  return length != NULL && length < end ? -1 : end + 4 - answer->str;
}

static gboolean
is_complete (const GString *answer)
{
  gssize length = answer_length (answer);

  if (length == -1)
    return g_str_has_suffix (answer->str, "\r\n0\r\n\r\n");
  return length > 0 && answer->len >= (gsize)length;
}

static void
client_answered (Load *load, Client *client)
{
  gint64 now = g_get_monotonic_time ();
  gint status = client->answer->len > 12 ? atoi (client->answer->str + 9) : 0;
  const gchar *closing = strcasestr (client->answer->str, "\r\nconnection: close");

  load->answered++;
  if (status != load->expected)
    complain (load, client->answer->str);
  if (client->begun >= load->counted_from)
    {
      if (status == load->expected)
        floe_samples_add (&load->samples, now - client->begun);
      else
        load->failed++;
    }
  if (closing != NULL)
    client_reconnect (load, client);
  else
    client_next_request (load, client);
}

static void
client_lost (Load *load, Client *client)
{
  if (client->state == CONNECTING)
    {
      ERR_print_errors_fp (stderr);
      die ("no TLS connection to %s as %s", load->address, load->name);
    }
  /* A connection that was closed between two requests is no failure of either. */
  if (client->answer->len > 0)
    {
      complain (load, "an answer was cut off");
      load->failed += client->begun >= load->counted_from;
    }
  client_reconnect (load, client);
}

/* One step of TLS; FALSE when it has to wait. */
static gboolean
client_step (Load *load, Client *client)
{
  gchar buffer[16384];
  int n;

  switch (client->state)
    {
    case CONNECTING:
      n = SSL_do_handshake (client->ssl);
      break;
    case WRITING:
      n = SSL_write (client->ssl, client->request, load->length);
      break;
    case READING:
    default:
      n = SSL_read (client->ssl, buffer, sizeof buffer);
      break;
    }
  if (n <= 0)
    {
      int error = SSL_get_error (client->ssl, n);

      if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
        {
          client_lost (load, client);
          return FALSE;
        }
      watch (load, client, error == SSL_ERROR_WANT_READ ? EPOLLIN : EPOLLOUT, EPOLL_CTL_MOD);
      return FALSE;
    }
  if (client->state == CONNECTING)
    client_next_request (load, client);
  else if (client->state == WRITING)
    client->state = READING;
  else
    {
      g_string_append_len (client->answer, buffer, n);
      if (is_complete (client->answer))
        {
          client_answered (load, client);
          return client->state != CONNECTING;
        }
    }
  return TRUE;
}

static void
run (Load *load)
{
  g_autofree Client *clients = g_new0 (Client, load->n_clients);
  struct epoll_event events[64];
  gint64 now = g_get_monotonic_time ();
  gint64 until;

  load->counted_from = now + load->warm_up * G_USEC_PER_SEC;
  until = load->counted_from + load->seconds * G_USEC_PER_SEC;
  for (gint i = 0; i < load->n_clients; i++)
    {
      clients[i].request = g_memdup2 (load->template, load->length);
      clients[i].answer = g_string_sized_new (4096);
      client_connect (load, &clients[i]);
    }
  while ((now = g_get_monotonic_time ()) < until)
    {
      int n = epoll_wait (load->epoll, events, G_N_ELEMENTS (events), 100);

      for (int i = 0; i < n; i++)
        {
          while (client_step (load, events[i].data.ptr))
            ;
        }
    }
  floe_samples_print (&load->samples, now - load->counted_from, load->answered, load->failed,
                      load->reconnects);
  for (gint i = 0; i < load->n_clients; i++)
    {
      client_disconnect (&clients[i]);
      g_free (clients[i].request);
      g_string_free (clients[i].answer, TRUE);
    }
}

static void
prepare_addresses (Load *load)
{
  g_auto (GStrv) parts = g_strsplit (load->address, ":", 2);

  load->to.sin_family = AF_INET;
  if (parts[0] == NULL || parts[1] == NULL
      || inet_pton (AF_INET, parts[0], &load->to.sin_addr) != 1)
    die ("%s: expected ADDRESS:PORT", load->address);
  load->to.sin_port = htons (atoi (parts[1]));
  load->from.sin_family = AF_INET;
  if (load->source != NULL && inet_pton (AF_INET, load->source, &load->from.sin_addr) != 1)
    die ("%s: expected an address", load->source);
}

static void
prepare_request (Load *load)
{
  g_autoptr (GError) error = NULL;
  const gchar *user;
  GString *spread;

  if (!g_file_get_contents (load->file, &load->template, &load->length, &error))
    die ("%s", error->message);
  user = strstr (load->template, "%U");
  load->user_at = user != NULL ? (gsize)(user - load->template) : G_MAXSIZE;
  if (user == NULL)
    return;
  spread = g_string_new_len (load->template, load->length);
  g_string_insert (spread, load->user_at + 2, "0000");
  g_free (load->template);
  load->length = spread->len;
  load->template = g_string_free (spread, FALSE);
}

static void
prepare_tls (Load *load)
{
  load->tls = SSL_CTX_new (TLS_client_method ());
  SSL_CTX_set_verify (load->tls, SSL_VERIFY_PEER, NULL);
  SSL_CTX_set_mode (load->tls, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (SSL_CTX_load_verify_locations (load->tls, load->ca, NULL) != 1)
    die ("%s holds no certificate", load->ca);
}

int
main (int argc, char **argv)
{
  Load load = {
    .n_users = 1, .first_user = 1, .n_clients = 1, .expected = 200, .seconds = 3, .warm_up = 0.3
  };
  const GOptionEntry options[] = {
    { "connect", 0, 0, G_OPTION_ARG_STRING, &load.address, "where to", "ADDRESS:PORT" },
    { "source", 0, 0, G_OPTION_ARG_STRING, &load.source, "where from", "ADDRESS" },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &load.ca, "PEM of the server's authority", "FILE" },
    { "name", 0, 0, G_OPTION_ARG_STRING, &load.name, "the name in its certificate", "NAME" },
    { "request", 0, 0, G_OPTION_ARG_FILENAME, &load.file, "the request as it is sent", "FILE" },
    { "users", 0, 0, G_OPTION_ARG_INT, &load.n_users, "how many names for %U", "N" },
    { "first-user", 0, 0, G_OPTION_ARG_INT, &load.first_user, "number of the first", "N" },
    { "clients", 0, 0, G_OPTION_ARG_INT, &load.n_clients, "connections at once", "N" },
    { "expect", 0, 0, G_OPTION_ARG_INT, &load.expected, "status of a good answer", "STATUS" },
    { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &load.seconds, "how long to count", "S" },
    { "warm-up", 0, 0, G_OPTION_ARG_DOUBLE, &load.warm_up, "how long to run before that", "S" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    die ("%s", error->message);
  if (load.address == NULL || load.ca == NULL || load.name == NULL || load.file == NULL
      || load.n_clients < 1 || load.n_users < 1 || load.first_user + load.n_users > 100000)
    die ("--connect, --ca, --name and --request are needed; see --help");
  signal (SIGPIPE, SIG_IGN);
  prepare_addresses (&load);
  prepare_request (&load);
  prepare_tls (&load);
  floe_samples_init (&load.samples);
  load.epoll = epoll_create1 (EPOLL_CLOEXEC);
  run (&load);
  floe_samples_clear (&load.samples);
  SSL_CTX_free (load.tls);
  g_free (load.template);
  return 0;
}
