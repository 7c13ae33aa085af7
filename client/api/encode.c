/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/encode.h"

#include <string.h>

#include "api/error.h"

/* Request bodies that hold a secret are written here and not with json-glib, which would leave
 * copies of it in freed memory. The room is reserved for the worst case at once, since a buffer
 * that grows leaves copies too. */

typedef struct
{
  gchar *start;
  gchar *next;
} Writer;

static void
write_raw (Writer *w, const gchar *text)
{
  gsize n = strlen (text);

  memcpy (w->next, text, n);
  w->next += n;
}

static void
write_string (Writer *w, const gchar *text, gsize length)
{
  static const gchar hex[] = "0123456789abcdef";

  *w->next++ = '"';
  for (gsize i = 0; i < length; i++)
    {
      guchar c = (guchar)text[i];

      if (c == '"' || c == '\\')
        {
          *w->next++ = '\\';
          *w->next++ = (gchar)c;
        }
      else if (c < 0x20 || c == 0x7f)
        {
          write_raw (w, "\\u00");
          *w->next++ = hex[c >> 4];
          *w->next++ = hex[c & 15];
        }
      else
        *w->next++ = (gchar)c;
    }
  *w->next++ = '"';
}

/* Bytes that any JSON string of @length bytes fits in. */
static gsize
room_for (gsize length)
{
  return 6 * length + 2;
}

static gsize
room_for_who (const gchar *username, const gchar *domain)
{
  return room_for (strlen (username)) + room_for (domain != NULL ? strlen (domain) : 0) + 32;
}

static gboolean
is_text (const gchar *username, const gchar *domain)
{
  return g_utf8_validate (username, -1, NULL)
         && (domain == NULL || g_utf8_validate (domain, -1, NULL));
}

static void
write_who (Writer *w, const gchar *username, const gchar *domain)
{
  write_raw (w, "{\"username\":");
  write_string (w, username, strlen (username));
  if (domain == NULL)
    return;
  write_raw (w, ",\"domain\":");
  write_string (w, domain, strlen (domain));
}

/**
 * floe_encode_log_in:
 * @username: the name
 * @domain: (nullable): of which directory it is
 * @password: the password
 * @error: %FLOE_CLIENT_ERROR_INVALID where JSON cannot carry one of them
 *
 * Returns: (transfer full) (nullable): the body of POST /login
 */
FloeSecret *
floe_encode_log_in (const gchar *username, const gchar *domain, FloeSecret *password,
                    GError **error)
{
  gsize length;
  const gchar *text = floe_secret_get (password, &length);
  Writer w;

  if (!is_text (username, domain) || !floe_secret_is_text (password))
    {
      floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, NULL,
                             "user name and password must be text in UTF-8");
      return NULL;
    }
  w.start = w.next = g_malloc (room_for_who (username, domain) + room_for (length) + 64);
  write_who (&w, username, domain);
  write_raw (&w, ",\"password\":");
  write_string (&w, text, length);
  write_raw (&w, "}");
  return floe_secret_new_take (w.start, (gsize)(w.next - w.start));
}

/**
 * floe_encode_password:
 * @username: the name
 * @domain: (nullable): of which directory it is
 * @old: the password as it is
 * @new: what it shall be
 * @error: %FLOE_CLIENT_ERROR_INVALID where JSON cannot carry one of them
 *
 * Returns: (transfer full) (nullable): the body of POST /password
 */
FloeSecret *
floe_encode_password (const gchar *username, const gchar *domain, FloeSecret *old, FloeSecret *new,
                      GError **error)
{
  gsize old_length, new_length;
  const gchar *old_text = floe_secret_get (old, &old_length);
  const gchar *new_text = floe_secret_get (new, &new_length);
  Writer w;

  if (!is_text (username, domain) || !floe_secret_is_text (old) || !floe_secret_is_text (new))
    {
      floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, NULL,
                             "user name and passwords must be text in UTF-8");
      return NULL;
    }
  w.start = w.next = g_malloc (room_for_who (username, domain) + room_for (old_length)
                               + room_for (new_length) + 64);
  write_who (&w, username, domain);
  write_raw (&w, ",\"password\":");
  write_string (&w, old_text, old_length);
  write_raw (&w, ",\"new_password\":");
  write_string (&w, new_text, new_length);
  write_raw (&w, "}");
  return floe_secret_new_take (w.start, (gsize)(w.next - w.start));
}

/* encode_one: a body with this one member */
static FloeSecret *
encode_one (const gchar *name, const gchar *text, gsize length)
{
  Writer w;

  w.start = w.next = g_malloc (room_for (length) + 64);
  write_raw (&w, "{\"");
  write_raw (&w, name);
  write_raw (&w, "\":");
  write_string (&w, text, length);
  write_raw (&w, "}");
  return floe_secret_new_take (w.start, (gsize)(w.next - w.start));
}

static FloeSecret *
encode_one_secret (const gchar *name, FloeSecret *value)
{
  gsize length;
  const gchar *text = floe_secret_get (value, &length);

  return encode_one (name, text, length);
}

/**
 * floe_encode_reconnect:
 * @reconnect_token: what came with a connection
 * @error: %FLOE_CLIENT_ERROR_INVALID where JSON cannot carry it
 *
 * Returns: (transfer full) (nullable): the body of POST /reconnect
 */
FloeSecret *
floe_encode_reconnect (FloeSecret *reconnect_token, GError **error)
{
  if (floe_secret_is_text (reconnect_token))
    return encode_one_secret ("reconnect_token", reconnect_token);
  floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, NULL, "that is no reconnect token");
  return NULL;
}

/**
 * floe_encode_ticket:
 * @token: of a ticket, in base64
 * @error: %FLOE_CLIENT_ERROR_INVALID where JSON cannot carry it
 *
 * Returns: (transfer full) (nullable): the body of POST /login/kerberos
 */
FloeSecret *
floe_encode_ticket (FloeSecret *token, GError **error)
{
  if (floe_secret_is_text (token))
    return encode_one_secret ("token", token);
  floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, NULL, "that is no ticket");
  return NULL;
}

/**
 * floe_encode_code:
 * @challenge: (nullable): of the log-in that goes on
 * @code: (nullable): of the second factor
 * @error: %FLOE_CLIENT_ERROR_INVALID where JSON cannot carry one of them
 *
 * Returns: (transfer full) (nullable): the body of what is about a second factor
 */
FloeSecret *
floe_encode_code (FloeSecret *challenge, FloeSecret *code, GError **error)
{
  const struct
  {
    const gchar *key;
    FloeSecret *value;
  } fields[] = { { "\"challenge\":", challenge }, { "\"code\":", code } };
  gsize room = 64;
  Writer w;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      gsize length = 0;

      if (fields[i].value == NULL)
        continue;
      if (!floe_secret_is_text (fields[i].value))
        {
          floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, NULL, "that is no code");
          return NULL;
        }
      floe_secret_get (fields[i].value, &length);
      room += room_for (length);
    }
  w.start = w.next = g_malloc (room);
  write_raw (&w, "{");
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].value != NULL)
      {
        gsize length;
        const gchar *text = floe_secret_get (fields[i].value, &length);

        write_raw (&w, w.next > w.start + 1 ? "," : "");
        write_raw (&w, fields[i].key);
        write_string (&w, text, length);
      }
  write_raw (&w, "}");
  return floe_secret_new_take (w.start, (gsize)(w.next - w.start));
}

/**
 * floe_encode_wish:
 * @wish: (nullable): which desktop is meant
 * @error: %FLOE_CLIENT_ERROR_INVALID where JSON cannot carry it
 *
 * Returns: (transfer full) (nullable): the body of POST /pools/POOL/connect; without a wish it says
 *   nothing, as brokers of all times understand
 */
FloeSecret *
floe_encode_wish (const FloeConnectWish *wish, GError **error)
{
  if (wish == NULL || (!wish->another && wish->desktop_id == NULL))
    return floe_secret_new ("{}", -1);
  if (wish->another)
    return floe_secret_new ("{\"another\":true}", -1);
  if (!g_utf8_validate (wish->desktop_id, -1, NULL))
    {
      floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, NULL, "that is no desktop's id");
      return NULL;
    }
  return encode_one ("desktop", wish->desktop_id, strlen (wish->desktop_id));
}

/**
 * floe_encode_action:
 * @action: what a desktop's holder wants of it
 * @error: %FLOE_CLIENT_ERROR_INVALID where JSON cannot carry it
 *
 * Returns: (transfer full) (nullable): the body of POST /desktops/ID/actions
 */
FloeSecret *
floe_encode_action (const gchar *action, GError **error)
{
  if (g_utf8_validate (action, -1, NULL))
    return encode_one ("action", action, strlen (action));
  floe_client_error_set (error, FLOE_CLIENT_ERROR_INVALID, NULL, "that is no action");
  return NULL;
}
