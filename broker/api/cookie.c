/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/cookie.h"

#include <string.h>

#include "api/secret-text.h"

/* The prefix has browsers keep it from other hosts, from paths and from plain HTTP (RFC 6265bis).
 */
#define NAME "__Host-floe"

static gboolean
refuse (FloeProblem **problem, const gchar *what)
{
  *problem = floe_problem_new (FLOE_PROBLEM_DENIED, what);
  return FALSE;
}

/* is_own_page: what the browser itself says of where the request comes from, as far as it does */
static gboolean
is_own_page (const FloeHttpHead *head)
{
  guint count;
  const gchar *site = floe_http_head_get (head, "sec-fetch-site", &count);
  const gchar *origin;

  if (count > 1 || (count == 1 && strcmp (site, "same-origin") != 0))
    return FALSE;
  origin = floe_http_head_get (head, "origin", &count);
  if (count == 0)
    return TRUE;
  return count == 1 && g_str_has_prefix (origin, "https://")
         && g_ascii_strcasecmp (origin + strlen ("https://"),
                                floe_http_head_get (head, "host", NULL))
                == 0;
}

/* find_token: NULL where there is none */
static FloeSecret *
find_token (const gchar *cookies)
{
  while (*cookies != '\0')
    {
      gsize length = strcspn (cookies, ";");

      if (g_str_has_prefix (cookies, NAME "="))
        return floe_secret_new (cookies + strlen (NAME "="), (gssize)(length - strlen (NAME "=")));
      cookies += length;
      cookies += strspn (cookies, "; ");
    }
  return NULL;
}

/**
 * floe_cookie_read:
 * @head: a request's head, whose Host was checked
 * @in_cookie: (out): whether the request's `Floe-Session: cookie` says that its token is kept in a
 *   cookie, or is to be when it is given one
 * @token: (out) (transfer full) (nullable): the token, where there is one
 * @problem: (out): why the request is not let in: it comes from another site's page
 *
 * Returns: whether it is let in
 */
gboolean
floe_cookie_read (const FloeHttpHead *head, gboolean *in_cookie, FloeSecret **token,
                  FloeProblem **problem)
{
  guint count;
  const gchar *value = floe_http_head_get (head, "floe-session", &count);

  *token = NULL;
  *in_cookie = count == 1 && strcmp (value, "cookie") == 0;
  if (!*in_cookie)
    return TRUE;
  if (!is_own_page (head))
    return refuse (problem, "the request comes from a page of another site");
  value = floe_http_head_get (head, "cookie", &count);
  if (count > 1)
    return refuse (problem, "Cookie is given twice");
  if (count == 1)
    *token = find_token (value);
  return TRUE;
}

/**
 * floe_cookie_write:
 * @token: what the browser is to keep until it is closed; an empty one for nothing any more
 *
 * Returns: (transfer full): the Set-Cookie field with its CR LF
 */
FloeSecret *
floe_cookie_write (const FloeSecret *token)
{
  g_auto (FloeSecretText) text = { NULL, 0, 0 };
  gsize length;
  const gchar *value = floe_secret_get (token, &length);

  floe_secret_text_append (&text, "Set-Cookie: " NAME "=", -1);
  floe_secret_text_append (&text, value, (gssize)length);
  floe_secret_text_append (&text, "; Path=/; Secure; HttpOnly; SameSite=Strict", -1);
  if (length == 0)
    floe_secret_text_append (&text, "; Max-Age=0", -1);
  floe_secret_text_append (&text, "\r\n", 2);
  return floe_secret_text_steal (&text);
}
