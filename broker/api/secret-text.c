/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/secret-text.h"

#include <string.h>

#define FIRST_BYTES 1024

/**
 * floe_secret_text_append:
 * @self: a text; all zero at first
 * @bytes: (array length=length): what to append
 * @length: its bytes, or -1 up to the first NUL
 */
void
floe_secret_text_append (FloeSecretText *self, const gchar *bytes, gssize length)
{
  gsize n = length < 0 ? strlen (bytes) : (gsize)length;

  if (self->length + n >= self->allocated)
    {
      gsize allocated = MAX (FIRST_BYTES, 2 * (self->length + n + 1));
      gchar *moved = g_malloc (allocated);

      if (self->length > 0)
        memcpy (moved, self->bytes, self->length);
      floe_wipe (self->bytes, self->allocated);
      g_free (self->bytes);
      self->bytes = moved;
      self->allocated = allocated;
    }
  memcpy (self->bytes + self->length, bytes, n);
  self->length += n;
}

/**
 * floe_secret_text_steal:
 * @self: a text
 *
 * Returns: (transfer full): what was appended; @self is empty again
 */
FloeSecret *
floe_secret_text_steal (FloeSecretText *self)
{
  FloeSecret *secret;

  floe_secret_text_append (self, "", 0);
  secret = floe_secret_new_take (self->bytes, self->length);
  *self = (FloeSecretText){ NULL, 0, 0 };
  return secret;
}

void
floe_secret_text_clear (FloeSecretText *self)
{
  floe_wipe (self->bytes, self->allocated);
  g_free (self->bytes);
  *self = (FloeSecretText){ NULL, 0, 0 };
}
