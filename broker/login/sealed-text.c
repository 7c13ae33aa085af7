/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/sealed-text.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "core/error.h"

/*
 * A sealed text is base64 of
 *
 *   version  1 byte, 1: AES-256-GCM
 *   key id   4 bytes, the first of the key's SHA-256 with a prefix
 *   nonce    12 bytes, random
 *   the rest what was sealed, and 16 bytes that show that nobody has changed it
 *
 * Version, key id and owner are authenticated, too: one person's text cannot be given to another.
 */
#define VERSION     1
#define ID_BYTES    4
#define NONCE_BYTES 12
#define TAG_BYTES   16
#define HEAD_BYTES  (1 + ID_BYTES + NONCE_BYTES)
#define KEY_BYTES   32
#define MAX_KEYS    8

/* More than anything that is sealed has. */
#define MAX_BYTES 1024

typedef struct
{
  guint8 id[ID_BYTES];
  guint8 bytes[KEY_BYTES];
} Key;

struct _FloeSealKeys
{
  guint n_keys;
  Key keys[MAX_KEYS];
};

/* 64 hex digits, or base64 of 32 bytes */
static gboolean
read_key (const gchar *line, guint8 *key)
{
  gsize length = strlen (line);
  gint state = 0;
  guint save = 0;
  guint8 bytes[KEY_BYTES + 3];
  gsize n;

  if (length == 2 * KEY_BYTES && strspn (line, "0123456789abcdefABCDEF") == length)
    {
      for (guint i = 0; i < KEY_BYTES; i++)
        key[i] = (guint8)(g_ascii_xdigit_value (line[2 * i]) << 4
                          | g_ascii_xdigit_value (line[2 * i + 1]));
      return TRUE;
    }
  /* 43 digits and "=" */
  if (length != 44 || line[43] != '='
      || strspn (line, G_CSET_A_2_Z G_CSET_a_2_z "0123456789+/") != 43)
    return FALSE;
  n = g_base64_decode_step (line, length, bytes, &state, &save);
  if (n == KEY_BYTES)
    memcpy (key, bytes, KEY_BYTES);
  floe_wipe (bytes, sizeof bytes);
  return n == KEY_BYTES;
}

static gboolean
name_key (Key *key)
{
  static const gchar prefix[] = "floe seal key 1";
  guint8 text[sizeof prefix + KEY_BYTES];
  guint8 digest[32];
  gint result;

  memcpy (text, prefix, sizeof prefix);
  memcpy (text + sizeof prefix, key->bytes, KEY_BYTES);
  result = gnutls_hash_fast (GNUTLS_DIG_SHA256, text, sizeof text, digest);
  floe_wipe (text, sizeof text);
  memcpy (key->id, digest, ID_BYTES);
  return result == 0;
}

static void
keys_clear (gpointer data)
{
  floe_wipe (data, sizeof (FloeSealKeys));
}

static gboolean
add_line (FloeSealKeys *self, const gchar *line, guint number, GError **error)
{
  Key *key = &self->keys[self->n_keys];

  if (self->n_keys == MAX_KEYS || !read_key (line, key->bytes) || !name_key (key))
    {
      g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                   "line %u: expected 32 random bytes as 64 hex digits or as base64, a key a line, "
                   "%u at most",
                   number, MAX_KEYS);
      return FALSE;
    }
  self->n_keys++;
  return TRUE;
}

/**
 * floe_seal_keys_new:
 * @text: of a key file: 32 random bytes as 64 hex digits or as base64. More lines are older keys,
 *   which open what was sealed with them
 *
 * Returns: (transfer full): the keys; or %NULL with %FLOE_ERROR_INVALID, which repeats nothing of
 *   @text
 */
FloeSealKeys *
floe_seal_keys_new (const FloeSecret *text, GError **error)
{
  g_autoptr (FloeSealKeys) self = g_atomic_rc_box_new0 (FloeSealKeys);
  const gchar *at = floe_secret_get (text, NULL);

  for (guint number = 1; *at != '\0'; number++)
    {
      gsize length = strcspn (at, "\r\n");
      g_autoptr (FloeSecret) line = floe_secret_new (at, (gssize)length);

      if (!add_line (self, floe_secret_get (line, NULL), number, error))
        return NULL;
      at += length;
      at += strspn (at, "\r\n");
    }
  if (self->n_keys > 0)
    return g_steal_pointer (&self);
  g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "it holds no key");
  return NULL;
}

FloeSealKeys *
floe_seal_keys_ref (FloeSealKeys *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
floe_seal_keys_unref (FloeSealKeys *self)
{
  g_atomic_rc_box_release_full (self, keys_clear);
}

/* The authenticated part beside the text: the head up to the nonce, and whose it is. */
static GByteArray *
about (const guint8 *head, const gchar *owner)
{
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, head, 1 + ID_BYTES);
  g_byte_array_append (bytes, (const guint8 *)owner, (guint)strlen (owner));
  return bytes;
}

static gnutls_aead_cipher_hd_t
open_cipher (const Key *key)
{
  gnutls_datum_t datum = { (guchar *)key->bytes, KEY_BYTES };
  gnutls_aead_cipher_hd_t cipher;

  return gnutls_aead_cipher_init (&cipher, GNUTLS_CIPHER_AES_256_GCM, &datum) == 0 ? cipher : NULL;
}

/**
 * floe_seal_keys_seal:
 * @plain: what is to be kept, 512 bytes at most
 * @owner: whose it is; needed to open it
 *
 * Returns: (transfer full): what may be kept; or %NULL with %FLOE_ERROR_INTERNAL
 */
gchar *
floe_seal_keys_seal (const FloeSealKeys *self, const FloeSecret *plain, const gchar *owner,
                     GError **error)
{
  const Key *key = &self->keys[0];
  gnutls_aead_cipher_hd_t cipher = open_cipher (key);
  g_autoptr (GByteArray) with = NULL;
  gsize length;
  const gchar *text = floe_secret_get (plain, &length);
  guint8 out[MAX_BYTES] = { VERSION };
  gsize room = sizeof out - HEAD_BYTES;
  gint result = GNUTLS_E_INTERNAL_ERROR;

  memcpy (out + 1, key->id, ID_BYTES);
  with = about (out, owner);
  if (cipher != NULL)
    {
      result = gnutls_rnd (GNUTLS_RND_RANDOM, out + 1 + ID_BYTES, NONCE_BYTES);
      if (result == 0)
        result = gnutls_aead_cipher_encrypt (cipher, out + 1 + ID_BYTES, NONCE_BYTES, with->data,
                                             with->len, TAG_BYTES, text, length, out + HEAD_BYTES,
                                             &room);
      gnutls_aead_cipher_deinit (cipher);
    }
  if (result == 0)
    return g_base64_encode (out, HEAD_BYTES + room);
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL, "sealing failed: %s",
               gnutls_strerror (result));
  return NULL;
}

static const Key *
find_key (const FloeSealKeys *self, const guint8 *id)
{
  for (guint i = 0; i < self->n_keys; i++)
    if (memcmp (self->keys[i].id, id, ID_BYTES) == 0)
      return &self->keys[i];
  return NULL;
}

static FloeSecret *
decrypt (const Key *key, const guint8 *bytes, gsize length, const gchar *owner)
{
  gnutls_aead_cipher_hd_t cipher = open_cipher (key);
  g_autoptr (GByteArray) with = about (bytes, owner);
  gsize room = length - HEAD_BYTES;
  gchar *plain = g_malloc0 (room + 1);
  gint result = GNUTLS_E_INTERNAL_ERROR;

  if (cipher != NULL)
    {
      result = gnutls_aead_cipher_decrypt (cipher, bytes + 1 + ID_BYTES, NONCE_BYTES, with->data,
                                           with->len, TAG_BYTES, bytes + HEAD_BYTES,
                                           length - HEAD_BYTES, plain, &room);
      gnutls_aead_cipher_deinit (cipher);
    }
  if (result == 0)
    return floe_secret_new_take (plain, room);
  g_free (plain);
  return NULL;
}

/**
 * floe_seal_keys_open:
 * @sealed: from floe_seal_keys_seal()
 * @owner: whose it is
 * @old: (out): whether it was sealed with another key than the first
 *
 * Returns: (transfer full): what was sealed; or %NULL with %FLOE_ERROR_UNAVAILABLE (reason
 *   "second-factor-key": the key that it was sealed with is not here, and nothing is lost) or
 *   %FLOE_ERROR_INTERNAL, when it was changed or is somebody else's
 */
FloeSecret *
floe_seal_keys_open (const FloeSealKeys *self, const gchar *sealed, const gchar *owner,
                     gboolean *old, GError **error)
{
  gsize length;
  g_autofree guint8 *bytes = g_base64_decode (sealed, &length);
  const Key *key;
  FloeSecret *plain;

  if (length < HEAD_BYTES + TAG_BYTES || bytes[0] != VERSION)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INTERNAL, "the sealed text is damaged");
      return NULL;
    }
  key = find_key (self, bytes + 1);
  if (key == NULL)
    {
      floe_set_error_reason (
          error, FLOE_ERROR_UNAVAILABLE, "second-factor-key",
          "it was sealed with key %02x%02x%02x%02x, which is not in the key file", bytes[1],
          bytes[2], bytes[3], bytes[4]);
      return NULL;
    }
  plain = decrypt (key, bytes, length, owner);
  if (plain == NULL)
    g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INTERNAL,
                         "the sealed text was changed, or is somebody else's");
  *old = key != &self->keys[0];
  return plain;
}
