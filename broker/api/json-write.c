/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/json-write.h"

#include <string.h>

#include "api/secret-text.h"
#include "api/time-text.h"
#include "core/date.h"

struct _FloeJsonWriter
{
  FloeSecretText text;
  gboolean follows; /* something is before this in the same object or array */
  gboolean has_secret;
};

FloeJsonWriter *
floe_json_writer_new (void)
{
  return g_new0 (FloeJsonWriter, 1);
}

void
floe_json_writer_free (FloeJsonWriter *self)
{
  if (self == NULL)
    return;
  floe_secret_text_clear (&self->text);
  g_free (self);
}

/* append: most pieces are a few bytes and fit, so this is what writing a list costs */
static inline void
append (FloeJsonWriter *self, const gchar *bytes, gsize length)
{
  FloeSecretText *text = &self->text;

  if (text->length + length < text->allocated)
    {
      memcpy (text->bytes + text->length, bytes, length);
      text->length += length;
    }
  else
    floe_secret_text_append (text, bytes, (gssize)length);
}

static inline void
append_char (FloeJsonWriter *self, gchar c)
{
  append (self, &c, 1);
}

static void
append_escape (FloeJsonWriter *self, guchar c)
{
  gchar escape[7];

  if (c == '"' || c == '\\')
    g_snprintf (escape, sizeof escape, "\\%c", c);
  else if (c == '\n')
    g_strlcpy (escape, "\\n", sizeof escape);
  else
    g_snprintf (escape, sizeof escape, "\\u%04x", (guint)c);
  append (self, escape, strlen (escape));
}

static inline gboolean
needs_escape (guchar c)
{
  return c < 0x20 || c == '"' || c == '\\' || c == 0x7f;
}

/* append_quoted: what needs no escape is appended in runs. The slash is not escaped; U+2028 and
 * U+2029 need not be, since no script ever evaluates our answers. */
static void
append_quoted (FloeJsonWriter *self, const gchar *text, gsize length)
{
  gsize from = 0;

  append_char (self, '"');
  for (gsize i = 0; i < length; i++)
    {
      if (!needs_escape ((guchar)text[i]))
        continue;
      append (self, text + from, i - from);
      append_escape (self, (guchar)text[i]);
      from = i + 1;
    }
  append (self, text + from, length - from);
  append_char (self, '"');
}

/* append_string: a directory or a hypervisor may hand us what is no UTF-8; a client must not
 * choke on it */
static void
append_string (FloeJsonWriter *self, const gchar *text, gsize length)
{
  g_autofree gchar *valid = NULL;

  if (g_utf8_validate_len (text, length, NULL))
    {
      append_quoted (self, text, length);
      return;
    }
  valid = g_utf8_make_valid (text, (gssize)length);
  append_quoted (self, valid, strlen (valid));
}

static void
begin (FloeJsonWriter *self, const gchar *name)
{
  if (self->follows)
    append_char (self, ',');
  if (name != NULL)
    {
      append_quoted (self, name, strlen (name));
      append_char (self, ':');
    }
  self->follows = TRUE;
}

void
floe_json_writer_begin_object (FloeJsonWriter *self, const gchar *name)
{
  begin (self, name);
  append_char (self, '{');
  self->follows = FALSE;
}

void
floe_json_writer_end_object (FloeJsonWriter *self)
{
  append_char (self, '}');
  self->follows = TRUE;
}

void
floe_json_writer_begin_array (FloeJsonWriter *self, const gchar *name)
{
  begin (self, name);
  append_char (self, '[');
  self->follows = FALSE;
}

void
floe_json_writer_end_array (FloeJsonWriter *self)
{
  append_char (self, ']');
  self->follows = TRUE;
}

void
floe_json_writer_null (FloeJsonWriter *self, const gchar *name)
{
  begin (self, name);
  append (self, "null", 4);
}

/**
 * floe_json_writer_string:
 * @self: a writer
 * @name: (nullable): the member's name
 * @value: (nullable): text, which %NULL makes null; what is not UTF-8 in it is replaced
 */
void
floe_json_writer_string (FloeJsonWriter *self, const gchar *name, const gchar *value)
{
  if (value == NULL)
    {
      floe_json_writer_null (self, name);
      return;
    }
  begin (self, name);
  append_string (self, value, strlen (value));
}

void
floe_json_writer_secret (FloeJsonWriter *self, const gchar *name, const FloeSecret *value)
{
  gsize length;
  const gchar *text = floe_secret_get (value, &length);

  self->has_secret = TRUE;
  begin (self, name);
  append_quoted (self, text, length);
}

/**
 * floe_json_writer_has_secret:
 *
 * Returns: whether floe_json_writer_secret() was called
 */
gboolean
floe_json_writer_has_secret (const FloeJsonWriter *self)
{
  return self->has_secret;
}

void
floe_json_writer_strings (FloeJsonWriter *self, const gchar *name, const gchar *const *values)
{
  floe_json_writer_begin_array (self, name);
  for (gsize i = 0; values != NULL && values[i] != NULL; i++)
    floe_json_writer_string (self, NULL, values[i]);
  floe_json_writer_end_array (self);
}

/**
 * floe_json_writer_rows:
 * @rows: what @write is given, one after the other
 * @n_rows: the first so many of them
 *
 * Writes an array.
 */
void
floe_json_writer_rows (FloeJsonWriter *self, const gchar *name, GPtrArray *rows, guint n_rows,
                       FloeJsonWriteRow write)
{
  floe_json_writer_begin_array (self, name);
  for (guint i = 0; i < n_rows; i++)
    write (self, rows->pdata[i]);
  floe_json_writer_end_array (self);
}

void
floe_json_writer_int (FloeJsonWriter *self, const gchar *name, gint64 value)
{
  gchar digits[24];

  begin (self, name);
  g_snprintf (digits, sizeof digits, "%" G_GINT64_FORMAT, value);
  append (self, digits, strlen (digits));
}

void
floe_json_writer_bool (FloeJsonWriter *self, const gchar *name, gboolean value)
{
  begin (self, name);
  append (self, value ? "true" : "false", value ? 4 : 5);
}

/**
 * floe_json_writer_date:
 * @self: a writer
 * @name: (nullable): the member's name
 * @value: microseconds since 1970 UTC
 */
void
floe_json_writer_date (FloeJsonWriter *self, const gchar *name, gint64 value)
{
  gchar text[FLOE_TIME_TEXT_SIZE];

  floe_time_write (value, text);
  begin (self, name);
  append_quoted (self, text, strlen (text));
}

/**
 * floe_json_writer_date_or_null:
 * @self: a writer
 * @name: (nullable): the member's name
 * @value: microseconds since 1970 UTC; 0 for never, which is null
 */
void
floe_json_writer_date_or_null (FloeJsonWriter *self, const gchar *name, gint64 value)
{
  if (value > 0)
    floe_json_writer_date (self, name, value);
  else
    floe_json_writer_null (self, name);
}

/**
 * floe_json_writer_time:
 * @self: a writer
 * @name: (nullable): the member's name
 * @value: a time, whose date is written
 */
void
floe_json_writer_time (FloeJsonWriter *self, const gchar *name, gint64 value)
{
  floe_json_writer_date (self, name, floe_date_of (value));
}

/**
 * floe_json_writer_moment:
 * @self: a writer
 * @name: (nullable): the member's name
 * @value: a time, whose date is written; 0 for never, which is null
 */
void
floe_json_writer_moment (FloeJsonWriter *self, const gchar *name, gint64 value)
{
  floe_json_writer_date_or_null (self, name, value > 0 ? floe_date_of (value) : 0);
}

/**
 * floe_json_writer_finish:
 * @self: a writer whose objects and arrays are all ended
 *
 * Returns: (transfer full): the text; @self is empty again
 */
FloeSecret *
floe_json_writer_finish (FloeJsonWriter *self)
{
  self->follows = FALSE;
  return floe_secret_text_steal (&self->text);
}
