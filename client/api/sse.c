/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/sse.h"

#include <string.h>

#include "api/error.h"

struct _FloeSse
{
  FloeSseEvent on_event;
  gpointer user_data;
  GString *line;
  GString *data;
  GString *event;
  gboolean has_data;
  gboolean after_cr;
  gboolean started;
};

FloeSse *
floe_sse_new (FloeSseEvent on_event, gpointer user_data)
{
  FloeSse *self = g_new0 (FloeSse, 1);

  self->on_event = on_event;
  self->user_data = user_data;
  self->line = g_string_new (NULL);
  self->data = g_string_new (NULL);
  self->event = g_string_new (NULL);
  return self;
}

void
floe_sse_free (FloeSse *self)
{
  g_string_free (self->line, TRUE);
  g_string_free (self->data, TRUE);
  g_string_free (self->event, TRUE);
  g_free (self);
}

static void
dispatch (FloeSse *self)
{
  if (self->has_data)
    self->on_event (self->event->len > 0 ? self->event->str : "message", self->data->str,
                    self->data->len, self->user_data);
  g_string_truncate (self->data, 0);
  g_string_truncate (self->event, 0);
  self->has_data = FALSE;
}

static gboolean
take_field (FloeSse *self, const gchar *name, const gchar *value, GError **error)
{
  if (g_str_equal (name, "event"))
    g_string_assign (self->event, value);
  if (!g_str_equal (name, "data"))
    return TRUE;
  if (self->data->len + strlen (value) >= FLOE_SSE_LIMIT)
    {
      floe_client_error_set (error, FLOE_CLIENT_ERROR_PROTOCOL, "too-large",
                             "an event of the stream is longer than 64 KiB");
      return FALSE;
    }
  if (self->has_data)
    g_string_append_c (self->data, '\n');
  g_string_append (self->data, value);
  self->has_data = TRUE;
  return TRUE;
}

static gboolean
take_line (FloeSse *self, GError **error)
{
  gchar *text = self->line->str;
  gchar *colon;

  if (!g_utf8_validate_len (text, self->line->len, NULL))
    {
      floe_client_error_set (error, FLOE_CLIENT_ERROR_PROTOCOL, "malformed",
                             "the event stream is no text in UTF-8");
      return FALSE;
    }
  if (!self->started && g_str_has_prefix (text, "\xef\xbb\xbf"))
    text += 3;
  self->started = TRUE;
  if (*text == '\0')
    {
      dispatch (self);
      return TRUE;
    }
  colon = strchr (text, ':');
  if (colon == NULL)
    return take_field (self, text, "", error);
  if (colon == text) /* a comment */
    return TRUE;
  *colon = '\0';
  return take_field (self, text, colon + (colon[1] == ' ' ? 2 : 1), error);
}

static gboolean
end_line (FloeSse *self, GError **error)
{
  gboolean good = take_line (self, error);

  g_string_truncate (self->line, 0);
  return good;
}

static gsize
until_line_end (const gchar *bytes, gsize length)
{
  gsize n = 0;

  while (n < length && bytes[n] != '\n' && bytes[n] != '\r')
    n++;
  return n;
}

/**
 * floe_sse_feed:
 * @self: a reader; of no use any more after an error
 * @bytes: what came
 * @length: how many bytes
 * @error: %FLOE_CLIENT_ERROR_PROTOCOL: a line or an event of more than 64 KiB, or bytes that are no
 *   UTF-8
 *
 * Calls back for each event that is complete now.
 *
 * Returns: %TRUE if it could be read
 */
gboolean
floe_sse_feed (FloeSse *self, const gchar *bytes, gsize length, GError **error)
{
  for (gsize at = 0; at < length; at++)
    {
      gsize n = until_line_end (bytes + at, length - at);

      if (self->line->len + n > FLOE_SSE_LIMIT)
        {
          floe_client_error_set (error, FLOE_CLIENT_ERROR_PROTOCOL, "too-large",
                                 "a line of the event stream is longer than 64 KiB");
          return FALSE;
        }
      g_string_append_len (self->line, bytes + at, (gssize)n);
      at += n;
      if (n > 0)
        self->after_cr = FALSE;
      if (at == length)
        break;
      if (bytes[at] == '\n' && self->after_cr)
        {
          self->after_cr = FALSE;
          continue;
        }
      self->after_cr = bytes[at] == '\r';
      if (!end_line (self, error))
        return FALSE;
    }
  return TRUE;
}
