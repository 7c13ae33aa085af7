/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-socket.h"

#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <ldap.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Why not libldap's own connect: with a time-out that does not spin it tries only the first address
 * of a name, resolves names under one lock for the whole process, and reconnects behind our back,
 * on ldap:// in the clear. */

static void
set_option (gint fd, gint level, gint option, gint value)
{
  if (setsockopt (fd, level, option, &value, sizeof value) != 0)
    g_debug ("socket option %d: %s", option, g_strerror (errno));
}

/* A kept connection must notice a peer that went without a word: keepalive while it is idle (which
 * also keeps firewalls from forgetting it), the user time-out for data that nobody confirms. */
static void
set_options (gint fd, gint64 user_timeout_us)
{
  set_option (fd, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option (fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option (fd, IPPROTO_TCP, TCP_KEEPIDLE, 30);
  set_option (fd, IPPROTO_TCP, TCP_KEEPINTVL, 5);
  set_option (fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
  set_option (fd, IPPROTO_TCP, TCP_USER_TIMEOUT, (gint)(user_timeout_us / 1000));
}

static gint
wait_for_connect (gint fd, gint64 until)
{
  struct pollfd poll_fd = { fd, POLLOUT, 0 };
  gint64 left;
  gint problem = 0;
  socklen_t size = sizeof problem;

  for (;;)
    {
      gint n;

      left = until - g_get_monotonic_time ();
      n = left > 0 ? poll (&poll_fd, 1, (gint)(left / 1000) + 1) : 0;
      if (n > 0)
        break;
      if (n == 0)
        return ETIMEDOUT;
      if (errno != EINTR)
        return errno;
    }
  return getsockopt (fd, SOL_SOCKET, SO_ERROR, &problem, &size) == 0 ? problem : errno;
}

static gint
connect_address (const struct addrinfo *address, gint64 until, gint *problem)
{
  gint fd = socket (address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  if (fd < 0)
    {
      *problem = errno;
      return -1;
    }
  set_options (fd, MAX (until - g_get_monotonic_time (), G_USEC_PER_SEC));
  *problem = connect (fd, address->ai_addr, address->ai_addrlen) == 0 ? 0 : errno;
  if (*problem == EINPROGRESS)
    *problem = wait_for_connect (fd, until);
  if (*problem == 0)
    return fd;
  close (fd);
  return -1;
}

/* The addresses share what time there is, so that one that swallows everything leaves some to the
 * next. */
static gint
connect_any (const struct addrinfo *addresses, gint64 until, gint *problem)
{
  guint left = 0;

  for (const struct addrinfo *one = addresses; one != NULL; one = one->ai_next)
    left++;
  for (const struct addrinfo *one = addresses; one != NULL; one = one->ai_next, left--)
    {
      gint64 now = g_get_monotonic_time ();
      gint fd = connect_address (one, now + (until - now) / left, problem);

      if (fd >= 0)
        return fd;
    }
  return -1;
}

static struct addrinfo *
resolve (const LDAPURLDesc *url, GError **error)
{
  struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG };
  struct addrinfo *found = NULL;
  gint port = url->lud_port != 0 ? url->lud_port : LDAP_PORT;
  g_autofree gchar *service = NULL;
  gint rc;

  if (url->lud_port == 0 && g_strcmp0 (url->lud_scheme, "ldaps") == 0)
    port = LDAPS_PORT;
  service = g_strdup_printf ("%d", port);
  rc = getaddrinfo (url->lud_host, service, &hints, &found);
  if (rc == EAI_ADDRFAMILY || rc == EAI_NONAME)
    {
      /* AI_ADDRCONFIG leaves literal loopback addresses out on a host without a network. */
      hints.ai_flags = 0;
      rc = getaddrinfo (url->lud_host, service, &hints, &found);
    }
  if (rc == 0)
    return found;
  floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "directory-down",
                         "the name cannot be resolved (%s)", gai_strerror (rc));
  return NULL;
}

/**
 * floe_ldap_socket_connect:
 * @uri: `ldap://` or `ldaps://`
 * @until: monotonic time for it; name resolution cannot be hurried
 *
 * Returns: a connected socket, not blocking; -1 with %FLOE_ERROR_UNAVAILABLE
 */
gint
floe_ldap_socket_connect (const gchar *uri, gint64 until, GError **error)
{
  LDAPURLDesc *url = NULL;
  struct addrinfo *addresses;
  gint problem = EHOSTUNREACH;
  gint fd = -1;

  if (ldap_url_parse (uri, &url) != LDAP_URL_SUCCESS)
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL, "\"%s\" is not an LDAP URI", uri);
      return -1;
    }
  addresses = resolve (url, error);
  ldap_free_urldesc (url);
  if (addresses == NULL)
    return -1;
  fd = connect_any (addresses, until, &problem);
  freeaddrinfo (addresses);
  if (fd < 0)
    floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "directory-down", "no connection (%s)",
                           g_strerror (problem));
  return fd;
}

/**
 * floe_ldap_socket_is_quiet:
 *
 * Returns: whether a kept connection on which nothing is due still looks alive. Anything that can
 *   be read now is the server's farewell
 */
gboolean
floe_ldap_socket_is_quiet (gint fd)
{
  struct pollfd poll_fd = { fd, POLLIN, 0 };

  return poll (&poll_fd, 1, 0) == 0;
}

gboolean
floe_ldap_socket_set_blocking (gint fd, gboolean blocking)
{
  gint flags = fcntl (fd, F_GETFL);

  if (flags < 0)
    return FALSE;
  flags = blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
  return fcntl (fd, F_SETFL, flags) == 0;
}
