/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/link.h"

#include <string.h>

#include "api/error.h"
#include "api/url.h"

#define SCHEME "floe:"

/* In bytes, percent signs and all; no name of a pool or a desktop is nearly as long. */
#define MAX_BYTES 1024

/**
 * floe_link_is_one:
 * @text: an address of any kind
 *
 * Returns: whether it means to be a link of ours
 */
gboolean
floe_link_is_one (const gchar *text)
{
  return g_ascii_strncasecmp (text, SCHEME, strlen (SCHEME)) == 0;
}

static gboolean
set_wrong (GError **error, const gchar *why)
{
  floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, "bad-link", "the link: %s", why);
  return FALSE;
}

/* A name is shown, and asked for: it must be one line of text. */
static gchar *
read_name (const gchar *segment, GError **error)
{
  g_autofree gchar *name = g_uri_unescape_string (segment, "/");

  if (name == NULL || *name == '\0' || !g_utf8_validate (name, -1, NULL))
    {
      set_wrong (error, "a name is missing or no text");
      return NULL;
    }
  for (const gchar *c = name; *c != '\0'; c = g_utf8_next_char (c))
    if (!g_unichar_isprint (g_utf8_get_char (c)))
      {
        set_wrong (error, "a name has a character in it that cannot be shown");
        return NULL;
      }
  return g_steal_pointer (&name);
}

static gboolean
read_path (FloeLink *self, const gchar *path, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (*path == '/' ? path + 1 : path, "/", 4);
  guint n = g_strv_length (parts);
  gchar **name = NULL;

  if (n > 0 && *parts[n - 1] == '\0') /* a slash at the end */
    n--;
  if (n == 0)
    return TRUE;
  if (strcmp (parts[0], "pool") == 0)
    name = &self->pool;
  else if (strcmp (parts[0], "desktop") == 0)
    name = &self->desktop;
  if (n != 2 || name == NULL)
    return set_wrong (error, "behind the server comes /pool/NAME or /desktop/NAME");
  *name = read_name (parts[1], error);
  return *name != NULL;
}

static gchar *
read_server (GUri *uri, GError **error)
{
  g_autofree gchar *address = NULL;

  if (g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL
      || g_uri_get_fragment (uri) != NULL)
    {
      set_wrong (error, "it holds more than a server and a name");
      return NULL;
    }
  if (g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    {
      set_wrong (error, "it names no server");
      return NULL;
    }
  address = g_uri_join (G_URI_FLAGS_NONE, "https", NULL, g_uri_get_host (uri), g_uri_get_port (uri),
                        "", NULL, NULL);
  return floe_url_normalize (address, error);
}

/**
 * floe_link_parse:
 * @text: what was clicked, from whoever wrote the page that it stood on
 * @error: %FLOE_CLIENT_ERROR_INVALID with the reason "bad-link" or "bad-url"
 *
 * Returns: (transfer full) (nullable): what it says
 */
FloeLink *
floe_link_parse (const gchar *text, GError **error)
{
  g_autoptr (FloeLink) self = g_new0 (FloeLink, 1);
  g_autoptr (GUri) uri = NULL;

  if (strlen (text) <= MAX_BYTES && floe_link_is_one (text))
    uri = g_uri_parse (text, G_URI_FLAGS_ENCODED_PATH, NULL);
  if (uri == NULL)
    {
      set_wrong (error, "it is none that begins with floe://");
      return NULL;
    }
  self->server = read_server (uri, error);
  if (self->server == NULL || !read_path (self, g_uri_get_path (uri), error))
    return NULL;
  return g_steal_pointer (&self);
}

void
floe_link_free (FloeLink *self)
{
  if (self == NULL)
    return;
  g_free (self->server);
  g_free (self->pool);
  g_free (self->desktop);
  g_free (self);
}
