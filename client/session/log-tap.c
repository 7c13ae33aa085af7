/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/log-tap.h"

#include <string.h>

/* A server that makes the library complain for ever is heard no longer than this, in bytes. */
#define MAX_HEARD 512

struct _FloeLogTap
{
  gatomicrefcount refs;
  GMutex mutex;
  GString *heard;
};

/**
 * floe_log_tap_new:
 *
 * Returns: (transfer full): a tap that nothing flows through until floe_log_tap_write() is made the
 *   log writer, with the tap as its data
 */
FloeLogTap *
floe_log_tap_new (void)
{
  FloeLogTap *self = g_new0 (FloeLogTap, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->mutex);
  self->heard = g_string_new (NULL);
  return self;
}

FloeLogTap *
floe_log_tap_ref (FloeLogTap *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
floe_log_tap_unref (FloeLogTap *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_mutex_clear (&self->mutex);
  g_string_free (self->heard, TRUE);
  g_free (self);
}

static gchar *
dup_field (const GLogField *fields, gsize n_fields, const gchar *key)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, key))
      return fields[i].length < 0 ? g_strdup (fields[i].value)
                                  : g_strndup (fields[i].value, fields[i].length);
  return NULL;
}

/* "../src/file.c:12:function: what" is of no use to a helpdesk before its "what". */
static const gchar *
skip_place (const gchar *text)
{
  const gchar *colon = g_str_has_prefix (text, "../") ? strstr (text, ": ") : NULL;

  return colon != NULL ? colon + 2 : text;
}

static void
keep (FloeLogTap *self, gchar *text)
{
  g_mutex_lock (&self->mutex);
  if (self->heard->len < MAX_HEARD)
    {
      if (self->heard->len > 0)
        g_string_append (self->heard, "; ");
      g_string_append (self->heard, skip_place (g_strstrip (text)));
    }
  g_mutex_unlock (&self->mutex);
}

/**
 * floe_log_tap_write:
 * @level: as for #GLogWriterFunc
 * @fields: (array length=n_fields): the message
 * @n_fields: how many
 * @user_data: the tap
 *
 * A #GLogWriterFunc: keeps the warnings of the SPICE libraries, and passes everything on to the
 * default writer. Called from any thread.
 *
 * Returns: what the default writer returned
 */
GLogWriterOutput
floe_log_tap_write (GLogLevelFlags level, const GLogField *fields, gsize n_fields,
                    gpointer user_data)
{
  FloeLogTap *self = user_data;

  if ((level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL)) != 0)
    {
      g_autofree gchar *domain = dup_field (fields, n_fields, "GLIB_DOMAIN");

      if (g_strcmp0 (domain, "Spice") == 0 || g_strcmp0 (domain, "GSpice") == 0)
        {
          g_autofree gchar *text = dup_field (fields, n_fields, "MESSAGE");

          if (text != NULL)
            keep (self, text);
        }
    }
  return g_log_writer_default (level, fields, n_fields, NULL);
}

/**
 * floe_log_tap_clear:
 * @self: a tap
 *
 * Forgets what was heard, so that the next attempt is not explained by an earlier one.
 */
void
floe_log_tap_clear (FloeLogTap *self)
{
  g_mutex_lock (&self->mutex);
  g_string_truncate (self->heard, 0);
  g_mutex_unlock (&self->mutex);
}

/**
 * floe_log_tap_dup_heard:
 * @self: a tap
 *
 * Returns: (transfer full) (nullable): the warnings since it was cleared, in the library's English
 */
gchar *
floe_log_tap_dup_heard (FloeLogTap *self)
{
  gchar *copy = NULL;

  g_mutex_lock (&self->mutex);
  if (self->heard->len > 0)
    copy = g_strdup (self->heard->str);
  g_mutex_unlock (&self->mutex);
  return copy;
}
