/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/url.h"

#include <gio/gio.h>
#include <string.h>

#include "api/error.h"

static gboolean
is_loopback (const gchar *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  /* GResolver itself answers "localhost", without asking the network. */
  if (address == NULL)
    return g_ascii_strcasecmp (host, "localhost") == 0;
  return g_inet_address_get_is_loopback (address);
}

static gchar *
to_ascii_host (const gchar *host)
{
  g_autofree gchar *ascii = NULL;

  if (g_hostname_is_ip_address (host))
    return g_strdup (host);
  ascii = g_hostname_to_ascii (host);
  if (ascii == NULL || *ascii == '\0' || *ascii == '-' || *ascii == '.' || strlen (ascii) > 253)
    return NULL;
  for (const gchar *c = ascii; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr ("-._", *c) == NULL)
      return NULL;
  return g_ascii_strdown (ascii, -1);
}

static GUri *
parse (const gchar *text, GError **error)
{
  g_autofree gchar *whole = g_strstrip (g_strdup (text));
  g_autoptr (GError) why = NULL;
  GUri *uri;

  if (strstr (whole, "://") == NULL)
    {
      g_autofree gchar *bare = g_steal_pointer (&whole);

      whole = g_strconcat ("https://", bare, NULL);
    }
  uri = g_uri_parse (whole, G_URI_FLAGS_SCHEME_NORMALIZE, &why);
  if (uri == NULL)
    floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, "bad-url",
                           "that is no address of a broker: %s", why->message);
  return uri;
}

static gboolean
check (GUri *uri, const gchar *host, GError **error)
{
  const gchar *scheme = g_uri_get_scheme (uri);
  const gchar *path = g_uri_get_path (uri);

  if (!g_str_equal (scheme, "https") && !g_str_equal (scheme, "http"))
    floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, "bad-url",
                           "an address of a broker begins with https://");
  else if (host == NULL)
    floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, "bad-url",
                           "that is no address of a broker: no valid host name");
  else if (g_uri_get_userinfo (uri) != NULL)
    floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, "bad-url",
                           "an address of a broker holds neither user nor password");
  else if ((*path != '\0' && !g_str_equal (path, "/")) || g_uri_get_query (uri) != NULL
           || g_uri_get_fragment (uri) != NULL)
    floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, "bad-url",
                           "an address of a broker ends after the host or port");
  else if (g_uri_get_port (uri) == 0)
    floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, "bad-url",
                           "that is no address of a broker: port 0");
  else if (g_str_equal (scheme, "http") && !is_loopback (host))
    floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, "plain-http",
                           "http:// would send passwords unprotected; use https://");
  else
    return TRUE;
  return FALSE;
}

/**
 * floe_url_normalize:
 * @text: what somebody typed, such as "broker.example.com" or "https://broker.example.com:8443/"
 * @error: %FLOE_CLIENT_ERROR_INVALID, reason "bad-url" or "plain-http"
 *
 * Only https:// is taken, which is also what a missing scheme means, and http:// to this machine
 * itself.
 *
 * Returns: (transfer full) (nullable): scheme, host and port, without a slash at the end
 */
gchar *
floe_url_normalize (const gchar *text, GError **error)
{
  g_autoptr (GUri) uri = parse (text, error);
  g_autofree gchar *host = NULL;
  gint port;

  if (uri == NULL)
    return NULL;
  if (g_uri_get_host (uri) != NULL)
    host = to_ascii_host (g_uri_get_host (uri));
  if (!check (uri, host, error))
    return NULL;
  port = g_uri_get_port (uri);
  if (port == (g_str_equal (g_uri_get_scheme (uri), "https") ? 443 : 80))
    port = -1;
  return g_uri_join (G_URI_FLAGS_NONE, g_uri_get_scheme (uri), NULL, host, port, "", NULL, NULL);
}

/**
 * floe_url_join:
 * @error: %FLOE_CLIENT_ERROR_INVALID if a segment is empty, "." or "..", which would be another
 * path
 * @first: the first segment
 * @...: further segments, then %NULL
 *
 * Returns: (transfer full) (nullable): the segments, each escaped, with slashes between them
 */
gchar *
floe_url_join (GError **error, const gchar *first, ...)
{
  g_autoptr (GString) path = g_string_new (NULL);
  gboolean good = TRUE;
  va_list args;

  va_start (args, first);
  for (const gchar *s = first; s != NULL; s = va_arg (args, const gchar *))
    {
      good = good && *s != '\0' && !g_str_equal (s, ".") && !g_str_equal (s, "..")
             && g_utf8_validate (s, -1, NULL);
      if (!good)
        continue;
      if (path->len > 0)
        g_string_append_c (path, '/');
      g_string_append_uri_escaped (path, s, NULL, FALSE);
    }
  va_end (args);
  if (good)
    return g_string_free (g_steal_pointer (&path), FALSE);
  floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, NULL, "the name cannot be asked for");
  return NULL;
}
