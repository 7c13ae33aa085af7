/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/secret.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

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
  self->length = length;
  self->bytes[length] = '\0';
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

  memcpy (copy, bytes, n);
  return floe_secret_new_take (copy, n);
}

static void
encode_base64url (const guint8 *raw, gsize n, gchar *out)
{
  static const gchar digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  guint32 bits = 0;
  guint have = 0;

  for (gsize i = 0; i < n; i++)
    {
      bits = (bits << 8) | raw[i];
      for (have += 8; have >= 6; have -= 6)
        *out++ = digits[(bits >> (have - 6)) & 63];
    }
  if (have > 0)
    *out++ = digits[(bits << (6 - have)) & 63];
}

/**
 * floe_secret_new_random:
 * @n_bytes: bytes of randomness, 32 for a token, 24 for one of a log-in, 16 for a ticket; 64 at
 * most
 *
 * Returns: (transfer full): that many bytes of getrandom(2) as base64url without padding
 */
FloeSecret *
floe_secret_new_random (gsize n_bytes)
{
  guint8 raw[64];
  gsize length = (n_bytes * 8 + 5) / 6;
  gchar *text = g_malloc (length + 1);
  gsize got = 0;

  g_return_val_if_fail (n_bytes > 0 && n_bytes <= sizeof raw, NULL);
  while (got < n_bytes)
    {
      gssize n = getrandom (raw + got, n_bytes - got, 0);

      if (n < 0 && errno != EINTR)
        abort (); /* a kernel without getrandom: no token may be made */
      got += n > 0 ? n : 0;
    }
  encode_base64url (raw, n_bytes, text);
  floe_wipe (raw, sizeof raw);
  return floe_secret_new_take (text, length);
}

/**
 * floe_secret_new_marked:
 * @mark: says what it is, and is no secret
 * @n_bytes: as of floe_secret_new_random()
 *
 * Returns: (transfer full): the mark, and behind it randomness
 */
FloeSecret *
floe_secret_new_marked (const gchar *mark, gsize n_bytes)
{
  g_autoptr (FloeSecret) random = floe_secret_new_random (n_bytes);
  /* Not printed: vasprintf() leaves a copy of what it prints in memory that it frees. */
  gchar *text = g_strconcat (mark, floe_secret_get (random, NULL), NULL);

  return floe_secret_new_take (text, strlen (text));
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
 * floe_secret_has_nul:
 * @self: a secret
 *
 * Returns: %TRUE if a NUL is among its bytes. A C library would see a shorter, perhaps an empty
 *   password there, and an empty one is an unauthenticated bind that succeeds (RFC 4513, 5.1.2)
 */
gboolean
floe_secret_has_nul (const FloeSecret *self)
{
  return memchr (self->bytes, '\0', self->length) != NULL;
}

/**
 * floe_secret_hash:
 * @self: a token
 *
 * Returns: (transfer full): its SHA-256 in lower hex, which is all that the store ever holds of a
 *   token, beside the time of one of a log-in. A token has 192 bits of randomness or more, so
 * neither salt nor stretching adds anything
 */
gchar *
floe_secret_hash (const FloeSecret *self)
{
  static const guchar nothing[63] = { 0 }; /* less than a block, so that it is kept */
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gchar *hash;

  g_checksum_update (checksum, (const guchar *)self->bytes, (gssize)self->length);
  hash = g_strdup (g_checksum_get_string (checksum));
  /* GLib frees the block that holds the end of the token as it is: something else goes over it. */
  g_checksum_reset (checksum);
  g_checksum_update (checksum, nothing, sizeof nothing);
  g_checksum_free (checksum);
  return hash;
}
