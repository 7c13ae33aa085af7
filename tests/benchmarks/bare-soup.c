/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bare-soup SOCKET BYTES: what an answer costs that needs no work.
 *
 * libsoup's own server behind a Unix socket, with a handler that answers everything with so many
 * bytes. Connections are accepted as facts of libsoup 3.2 demand: its own listener has a backlog of
 * ten.
 */
#include <gio/gunixsocketaddress.h>
#include <libsoup/soup.h>
#include <stdlib.h>

typedef struct
{
  SoupServer *server;
  GBytes *body;
} Bare;

static void
answer (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
        gpointer data)
{
  Bare *bare = data;
  gsize length;
  const gchar *bytes = g_bytes_get_data (bare->body, &length);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, bytes, length);
}

static gboolean
incoming (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  Bare *bare = data;
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 1);
  g_autoptr (GError) error = NULL;

  if (!soup_server_accept_iostream (bare->server, G_IO_STREAM (connection), address, address,
                                    &error))
    g_printerr ("bare-soup: %s\n", error->message);
  return TRUE;
}

int
main (int argc, char **argv)
{
  gsize length = argc == 3 ? (gsize)g_ascii_strtoull (argv[2], NULL, 10) : 0;
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  Bare bare = { NULL, NULL };

  if (length == 0)
    {
      g_printerr ("usage: bare-soup SOCKET BYTES\n");
      return 2;
    }
  bare.server = soup_server_new (NULL, NULL);
  bare.body = g_bytes_new_take (g_strnfill (length, 'x'), length);
  soup_server_add_handler (bare.server, NULL, answer, &bare, NULL);
  address = g_unix_socket_address_new (argv[1]);
  g_socket_listener_set_backlog (G_SOCKET_LISTENER (service), 1024);
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &error))
    {
      g_printerr ("bare-soup: %s: %s\n", argv[1], error->message);
      return 1;
    }
  g_signal_connect (service, "incoming", G_CALLBACK (incoming), &bare);
  g_socket_service_start (service);
  g_main_loop_run (loop);
  return 0;
}
