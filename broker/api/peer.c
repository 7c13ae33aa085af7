/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/peer.h"

#include <arpa/inet.h>
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

/* read_address: in one spelling each, so that a throttle counts an address once; NULL for what is
 * none */
static gchar *
read_address (const gchar *value)
{
  gchar text[INET6_ADDRSTRLEN];
  struct in6_addr address;
  gint family = strchr (value, ':') != NULL ? AF_INET6 : AF_INET;
  const guint8 *bytes = address.s6_addr;

  if (inet_pton (family, value, &address) != 1)
    return NULL;
  if (family == AF_INET6 && IN6_IS_ADDR_V4MAPPED (&address))
    {
      family = AF_INET;
      bytes += sizeof (struct in6_addr) - sizeof (struct in_addr);
    }
  return g_strdup (inet_ntop (family, bytes, text, sizeof text));
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
 * @remote: (nullable): the address of a TCP connection's peer; %NULL for one of the Unix socket,
 * whose peers are trusted to say for whom they speak
 * @problem: (out): what is wrong; must be %NULL at first
 *
 * What X-Forwarded-For, X-Floe-Terminal and X-Floe-Request say is read on the Unix socket, where
 * HAProxy set them, and ignored otherwise.
 *
 * Returns: (transfer full) (nullable): where the request comes from; or %NULL with @problem set
 */
FloeCaller *
floe_peer_read (const FloeHttpHead *head, const gchar *remote, FloeProblem **problem)
{
  const gchar *forwarded = NULL;
  const gchar *terminal = NULL;
  const gchar *request = NULL;
  g_autofree gchar *own_id = NULL;
  g_autofree gchar *address = NULL;

  if (remote != NULL)
    address = read_address (remote);
  else
    {
      if (!read_once (head, "x-forwarded-for", &forwarded))
        return refuse (problem, "X-Forwarded-For");
      /* HAProxy always says it; otherwise it is a process of this machine. */
      address = read_address (forwarded != NULL ? forwarded : "127.0.0.1");
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
