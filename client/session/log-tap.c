/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session/log-tap.h"

#include <string.h>

struct _FloeLogTap
{
  gatomicrefcount refs;
  GMutex mutex;
  gchar *last;
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
  g_free (self->last);
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
            g_strstrip (text);
          g_mutex_lock (&self->mutex);
          g_free (self->last);
          self->last = g_steal_pointer (&text);
          g_mutex_unlock (&self->mutex);
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
  g_clear_pointer (&self->last, g_free);
  g_mutex_unlock (&self->mutex);
}

/**
 * floe_log_tap_dup_last:
 * @self: a tap
 *
 * Returns: (transfer full) (nullable): the last warning, in the library's English
 */
gchar *
floe_log_tap_dup_last (FloeLogTap *self)
{
  g_autofree gchar *copy = NULL;

  g_mutex_lock (&self->mutex);
  copy = g_strdup (self->last);
  g_mutex_unlock (&self->mutex);
  return g_steal_pointer (&copy);
}
