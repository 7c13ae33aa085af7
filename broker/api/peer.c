/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/peer.h"

#include <string.h>

#define MAX_REQUEST_ID_BYTES 128
#define FINGERPRINT_DIGITS   64

static FloeCaller *
refuse (FloeProblem **problem, const gchar *field)
{
  g_autofree gchar *what = g_strconcat (field, " is malformed", NULL);

  *problem = floe_problem_new (FLOE_PROBLEM_INVALID, what);
  return NULL;
}

/* read_once: a field that is there once or not at all */
static gboolean
read_once (const FloeHttpHead *head, const gchar *name, const gchar **value)
{
  guint count;

  *value = floe_http_head_get (head, name, &count);
  return count <= 1;
}

/* address_to_text: in one spelling each, so that a throttle counts an address once */
static gchar *
address_to_text (GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);
  static const guint8 mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
  g_autoptr (GInetAddress) plain = NULL;

  if (g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6
      || memcmp (bytes, mapped, sizeof mapped) != 0)
    return g_inet_address_to_string (address);
  plain = g_inet_address_new_from_bytes (bytes + sizeof mapped, G_SOCKET_FAMILY_IPV4);
  return g_inet_address_to_string (plain);
}

static gchar *
read_address (const gchar *value)
{
  g_autoptr (GInetAddress) address = NULL;

  /* Not from HAProxy, which always says; then it is a process of this machine. */
  if (value == NULL)
    return g_strdup ("127.0.0.1");
  address = g_inet_address_new_from_string (value);
  return address != NULL ? address_to_text (address) : NULL;
}

static gboolean
is_fingerprint (const gchar *value)
{
  return strlen (value) == FINGERPRINT_DIGITS
         && strspn (value, "0123456789abcdef") == FINGERPRINT_DIGITS;
}

static gboolean
is_request_id (const gchar *value)
{
  gsize length = strlen (value);

  if (length == 0 || length > MAX_REQUEST_ID_BYTES)
    return FALSE;
  for (; *value != '\0'; value++)
    if (!g_ascii_isalnum (*value) && strchr (".:_-", *value) == NULL)
      return FALSE;
  return TRUE;
}

/**
 * floe_peer_read:
 * @head: a request's head
 * @remote: (nullable): the peer of a TCP connection; %NULL for one of the Unix socket, whose peers
 *   are trusted to say for whom they speak
 * @problem: (out): what is wrong; must be %NULL at first
 *
 * What X-Forwarded-For, X-Floe-Terminal and X-Floe-Request say is read on the Unix socket, where
 * HAProxy set them, and ignored otherwise.
 *
 * Returns: (transfer full) (nullable): where the request comes from; or %NULL with @problem set
 */
FloeCaller *
floe_peer_read (const FloeHttpHead *head, GSocketAddress *remote, FloeProblem **problem)
{
  const gchar *forwarded = NULL;
  const gchar *terminal = NULL;
  const gchar *request = NULL;
  g_autofree gchar *own_id = NULL;
  g_autofree gchar *address = NULL;

  if (remote != NULL)
    address = address_to_text (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote)));
  else
    {
      if (!read_once (head, "x-forwarded-for", &forwarded))
        return refuse (problem, "X-Forwarded-For");
      address = read_address (forwarded);
      if (address == NULL)
        return refuse (problem, "X-Forwarded-For");
      if (!read_once (head, "x-floe-terminal", &terminal)
          || (terminal != NULL && !is_fingerprint (terminal)))
        return refuse (problem, "X-Floe-Terminal");
      if (!read_once (head, "x-floe-request", &request)
          || (request != NULL && !is_request_id (request)))
        return refuse (problem, "X-Floe-Request");
    }
  if (request == NULL)
    request = own_id = g_uuid_string_random ();
  return floe_caller_new (address, terminal, request);
}
