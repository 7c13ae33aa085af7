/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/listen.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/error.h"

/* Owner and group: HAProxy is in the socket's group. */
#define SOCKET_MODE 0660

/* The socket is made beside its place and moved there when it is ready. */
#define NEW_SUFFIX ".new"

static GSocket *
make_socket (GSocketAddress *address, GError **error)
{
  g_autoptr (GSocket) socket = NULL;
  GSocketProtocol protocol =
      G_IS_UNIX_SOCKET_ADDRESS (address) ? G_SOCKET_PROTOCOL_DEFAULT : G_SOCKET_PROTOCOL_TCP;

  socket =
      g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM, protocol, error);
  if (socket == NULL || !g_socket_bind (socket, address, TRUE, error))
    return NULL;
  g_socket_set_listen_backlog (socket, FLOE_LISTEN_BACKLOG);
  /* What is accepted there has it as well: an event must not wait for the last one's receipt. */
  if (protocol == G_SOCKET_PROTOCOL_TCP)
    g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  g_socket_set_blocking (socket, FALSE);
  return g_steal_pointer (&socket);
}

/* is_live: whether somebody listens behind a socket's path */
static gboolean
is_live (GSocketAddress *address, GError **error)
{
  g_autoptr (GSocket) probe = NULL;
  g_autoptr (GError) cause = NULL;

  probe =
      g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (probe == NULL)
    return TRUE;
  /* A full backlog blocks a blocking socket; here it is one more sign of life. */
  g_socket_set_blocking (probe, FALSE);
  if (!g_socket_connect (probe, address, NULL, &cause)
      && g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return FALSE;
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_CONFLICT, "another process listens on it already%s%s",
               cause != NULL ? ": " : "", cause != NULL ? cause->message : "");
  return TRUE;
}

/* clear_path: takes away what a broker that died left behind, and nothing else */
static gboolean
clear_path (const gchar *path, GSocketAddress *address, GError **error)
{
  struct stat status;

  if (lstat (path, &status) != 0)
    {
      if (errno == ENOENT)
        return TRUE;
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE, g_strerror (errno));
      return FALSE;
    }
  if (!S_ISSOCK (status.st_mode))
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_CONFLICT,
                           "something that is not a socket is there");
      return FALSE;
    }
  if (is_live (address, error))
    return FALSE;
  g_message ("removing the socket %s of a broker that is gone", path);
  return TRUE; /* the new one is moved over it */
}

static GSocket *
listen_beside (const gchar *path, GError **error)
{
  g_autofree gchar *beside = g_strconcat (path, NEW_SUFFIX, NULL);
  g_autoptr (GSocketAddress) there = g_unix_socket_address_new (path);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (beside);
  g_autoptr (GSocket) socket = NULL;

  if (!clear_path (path, there, error))
    return NULL;
  unlink (beside);
  socket = make_socket (address, error);
  if (socket == NULL)
    return NULL;
  if (chmod (beside, SOCKET_MODE) == 0 && g_socket_listen (socket, error)
      && rename (beside, path) == 0)
    return g_steal_pointer (&socket);
  if (error != NULL && *error == NULL)
    g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE, g_strerror (errno));
  unlink (beside);
  return NULL;
}

static void
add_context (GError **error, const gchar *where)
{
  GError *cause;

  if (error == NULL || *error == NULL)
    return;
  cause = g_steal_pointer (error);
  if (cause->domain != FLOE_ERROR)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_UNAVAILABLE, cause->message);
      g_error_free (cause);
    }
  else
    *error = cause;
  g_prefix_error (error, "cannot listen on %s: ", where);
}

/**
 * floe_listen_unix:
 * @path: where
 *
 * Makes the socket with mode 0660. One that a dead broker left is replaced; a live one is not.
 *
 * Returns: (transfer full) (nullable): a socket that listens, non-blocking; or %NULL with
 *   %FLOE_ERROR_CONFLICT or %FLOE_ERROR_UNAVAILABLE
 */
GSocket *
floe_listen_unix (const gchar *path, GError **error)
{
  GSocket *socket = NULL;

  if (strlen (path) + strlen (NEW_SUFFIX) >= sizeof (((struct sockaddr_un *)NULL)->sun_path))
    g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "the path is too long");
  else
    socket = listen_beside (path, error);
  if (socket == NULL)
    add_context (error, path);
  return socket;
}

/* parse_address: an address and a port; names are not looked up */
static GSocketAddress *
parse_address (const gchar *text, GError **error)
{
  g_autoptr (GSocketConnectable) parsed = g_network_address_parse (text, 0, NULL);
  g_autoptr (GInetAddress) address = NULL;
  const gchar *port = strrchr (text, ':');

  if (parsed != NULL)
    address = g_inet_address_new_from_string (
        g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed)));
  if (address == NULL || port == NULL || !g_ascii_isdigit (port[1]))
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                           "expected an address and a port, such as 127.0.0.1:8080");
      return NULL;
    }
  if (!g_inet_address_get_is_loopback (address))
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                           "only a loopback address is allowed; others are HAProxy's");
      return NULL;
    }
  return g_inet_socket_address_new (address,
                                    g_network_address_get_port (G_NETWORK_ADDRESS (parsed)));
}

/**
 * floe_listen_loopback:
 * @address: "127.0.0.1:8080" or "[::1]:8080"; port 0 takes a free one
 *
 * Returns: (transfer full) (nullable): a socket that listens, non-blocking; or %NULL with
 *   %FLOE_ERROR_INVALID or %FLOE_ERROR_UNAVAILABLE
 */
GSocket *
floe_listen_loopback (const gchar *address, GError **error)
{
  g_autoptr (GSocketAddress) parsed = parse_address (address, error);
  g_autoptr (GSocket) socket = NULL;

  if (parsed != NULL)
    socket = make_socket (parsed, error);
  if (socket != NULL && g_socket_listen (socket, error))
    return g_steal_pointer (&socket);
  add_context (error, address);
  return NULL;
}
