/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/secret.h"

#include <string.h>

struct _FloeSecret
{
  gatomicrefcount refs;
  gsize length;
  gchar *bytes;
};

/**
 * floe_wipe:
 * @bytes: (nullable): memory to overwrite
 * @length: how many bytes
 *
 * Overwrites in a way that the compiler may not leave out.
 */
void
floe_wipe (gpointer bytes, gsize length)
{
  if (bytes != NULL && length > 0)
    explicit_bzero (bytes, length);
}

/**
 * floe_secret_new_take:
 * @bytes: (transfer full): allocated with g_malloc(), with room for a NUL at @length
 * @length: bytes in it
 *
 * Returns: (transfer full): a secret that owns and finally wipes @bytes
 */
FloeSecret *
floe_secret_new_take (gchar *bytes, gsize length)
{
  FloeSecret *self = g_new0 (FloeSecret, 1);

  g_atomic_ref_count_init (&self->refs);
  self->bytes = bytes;
  self->bytes[length] = '\0';
  self->length = length;
  return self;
}

/**
 * floe_secret_new:
 * @bytes: the bytes to copy
 * @length: how many, or -1 up to the first NUL
 *
 * Returns: (transfer full): a secret; the caller still has to wipe its own copy
 */
FloeSecret *
floe_secret_new (const gchar *bytes, gssize length)
{
  gsize n = length < 0 ? strlen (bytes) : (gsize)length;
  gchar *copy = g_malloc (n + 1);

  if (n > 0)
    memcpy (copy, bytes, n);
  return floe_secret_new_take (copy, n);
}

FloeSecret *
floe_secret_ref (FloeSecret *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
floe_secret_unref (FloeSecret *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  floe_wipe (self->bytes, self->length);
  g_free (self->bytes);
  g_free (self);
}

/**
 * floe_secret_get:
 * @self: a secret
 * @length: (out) (optional): its bytes without the NUL behind them
 *
 * Returns: (transfer none): the bytes, valid while the reference is held; copy them nowhere
 */
const gchar *
floe_secret_get (const FloeSecret *self, gsize *length)
{
  if (length != NULL)
    *length = self->length;
  return self->bytes;
}

gboolean
floe_secret_is_empty (const FloeSecret *self)
{
  return self->length == 0;
}

/**
 * floe_secret_is_text:
 * @self: a secret
 *
 * Returns: %TRUE if it is valid UTF-8 without a NUL, so that JSON can carry it
 */
gboolean
floe_secret_is_text (const FloeSecret *self)
{
  return g_utf8_validate_len (self->bytes, self->length, NULL);
}
