/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/letter-keys.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <nettle/curve25519.h>
#include <string.h>

#include "core/error.h"

#define PURPOSE       "floe letter 1"
#define KEY_BYTES     32
#define NONCE_BYTES   12
#define TAG_BYTES     16
#define ADDRESS_CHARS 44 /* base64 of a key */

struct _FloeLetterKeys
{
  GObject parent_instance;

  guint8 key[CURVE25519_SIZE];
  gchar *address;
};

static void floe_letter_keys_iface_init (FloePostKeysInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FloeLetterKeys, floe_letter_keys, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (FLOE_TYPE_POST_KEYS,
                                                      floe_letter_keys_iface_init))

static gboolean
fail (int status, const gchar *what, GError **error)
{
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL, "%s: %s", what, gnutls_strerror (status));
  return FALSE;
}

/* Whose a letter is, and for whom. */

static gboolean
read_address (const gchar *address, guint8 *bytes)
{
  guint8 room[CURVE25519_SIZE + 3];
  gint state = 0;
  guint save = 0;

  if (strlen (address) != ADDRESS_CHARS
      || g_base64_decode_step (address, ADDRESS_CHARS, room, &state, &save) != CURVE25519_SIZE)
    return FALSE;
  memcpy (bytes, room, CURVE25519_SIZE);
  return TRUE;
}

/* What the two have in common; it is nothing with an address that was made for that (RFC 7748,
 * 6.1). */
static gboolean
derive_secret (FloeLetterKeys *self, const gchar *peer, guint8 *secret)
{
  guint8 other[CURVE25519_SIZE];
  guint8 sum = 0;

  if (!read_address (peer, other))
    return FALSE;
  curve25519_mul (secret, self->key, other);
  for (guint i = 0; i < CURVE25519_SIZE; i++)
    sum |= secret[i];
  return sum != 0;
}

static int
expand (const gnutls_datum_t *secret, const gchar *sender, const gchar *recipient, guint8 *key)
{
  g_autofree gchar *about = g_strconcat (PURPOSE " ", sender, " ", recipient, NULL);
  const gnutls_datum_t info = { (guchar *)about, (guint)strlen (about) };
  const gnutls_datum_t salt = { (guchar *)PURPOSE, strlen (PURPOSE) };
  guint8 bytes[KEY_BYTES];
  const gnutls_datum_t middle = { bytes, sizeof bytes };
  int status = gnutls_hkdf_extract (GNUTLS_MAC_SHA256, secret, &salt, bytes);

  if (status >= 0)
    status = gnutls_hkdf_expand (GNUTLS_MAC_SHA256, &middle, &info, key, KEY_BYTES);
  floe_wipe (bytes, sizeof bytes);
  return status;
}

static int
open_cipher (FloeLetterKeys *self, const gchar *sender, const gchar *recipient,
             gnutls_aead_cipher_hd_t *cipher)
{
  gboolean is_ours = strcmp (sender, self->address) == 0;
  guint8 bytes[CURVE25519_SIZE];
  const gnutls_datum_t secret = { bytes, sizeof bytes };
  guint8 key[KEY_BYTES];
  const gnutls_datum_t datum = { key, sizeof key };
  int status = GNUTLS_E_ILLEGAL_PARAMETER;

  if (derive_secret (self, is_ours ? recipient : sender, bytes))
    status = expand (&secret, sender, recipient, key);
  if (status >= 0)
    status = gnutls_aead_cipher_init (cipher, GNUTLS_CIPHER_AES_256_GCM, &datum);
  floe_wipe (key, sizeof key);
  floe_wipe (bytes, sizeof bytes);
  return status;
}

/* Letters: a nonce, and what was sealed with it. */

static gchar *
seal (FloePostKeys *keys, const gchar *recipient, const FloeSecret *text, GError **error)
{
  FloeLetterKeys *self = FLOE_LETTER_KEYS (keys);
  gsize length;
  const gchar *plain = floe_secret_get (text, &length);
  gsize room = length + TAG_BYTES;
  g_autofree guint8 *out = g_malloc (NONCE_BYTES + room);
  gnutls_aead_cipher_hd_t cipher;
  int status;

  if (length > FLOE_LETTER_MOST)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "the letter is too long");
      return NULL;
    }
  status = open_cipher (self, self->address, recipient, &cipher);
  if (status >= 0)
    {
      status = gnutls_rnd (GNUTLS_RND_NONCE, out, NONCE_BYTES);
      if (status >= 0)
        status = gnutls_aead_cipher_encrypt (cipher, out, NONCE_BYTES, NULL, 0, TAG_BYTES, plain,
                                             length, out + NONCE_BYTES, &room);
      gnutls_aead_cipher_deinit (cipher);
    }
  if (status >= 0)
    return g_base64_encode (out, NONCE_BYTES + room);
  fail (status, "a letter was not sealed", error);
  return NULL;
}

static FloeSecret *
open_letter (FloePostKeys *keys, const gchar *sender, const gchar *sealed, GError **error)
{
  FloeLetterKeys *self = FLOE_LETTER_KEYS (keys);
  gsize length;
  g_autofree guint8 *bytes = g_base64_decode (sealed, &length);
  gnutls_aead_cipher_hd_t cipher;
  gsize room = length;
  gchar *plain;
  int status = GNUTLS_E_DECRYPTION_FAILED;

  if (length >= NONCE_BYTES + TAG_BYTES)
    status = open_cipher (self, sender, self->address, &cipher);
  if (status >= 0)
    {
      plain = g_malloc (length + 1);
      status = gnutls_aead_cipher_decrypt (cipher, bytes, NONCE_BYTES, NULL, 0, TAG_BYTES,
                                           bytes + NONCE_BYTES, length - NONCE_BYTES, plain, &room);
      gnutls_aead_cipher_deinit (cipher);
      if (status >= 0)
        {
          plain[room] = '\0';
          return floe_secret_new_take (plain, room);
        }
      floe_wipe (plain, length + 1);
      g_free (plain);
    }
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_INVALID, "it cannot be opened: %s",
               gnutls_strerror (status));
  return NULL;
}

static const gchar *
get_address (FloePostKeys *keys)
{
  return FLOE_LETTER_KEYS (keys)->address;
}

static void
floe_letter_keys_iface_init (FloePostKeysInterface *iface)
{
  iface->get_address = get_address;
  iface->seal = seal;
  iface->open = open_letter;
}

static void
floe_letter_keys_finalize (GObject *object)
{
  FloeLetterKeys *self = FLOE_LETTER_KEYS (object);

  floe_wipe (self->key, sizeof self->key);
  g_free (self->address);
  G_OBJECT_CLASS (floe_letter_keys_parent_class)->finalize (object);
}

static void
floe_letter_keys_class_init (FloeLetterKeysClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = floe_letter_keys_finalize;
}

static void
floe_letter_keys_init (FloeLetterKeys *self)
{
}

/**
 * floe_letter_keys_new:
 *
 * Returns: (transfer full): keys that were never there before; or %NULL with %FLOE_ERROR_INTERNAL
 */
FloePostKeys *
floe_letter_keys_new (GError **error)
{
  g_autoptr (FloeLetterKeys) self = g_object_new (FLOE_TYPE_LETTER_KEYS, NULL);
  guint8 public[CURVE25519_SIZE];
  int status = gnutls_rnd (GNUTLS_RND_KEY, self->key, sizeof self->key);

  if (status < 0)
    {
      fail (status, "keys for letters to other brokers were not made", error);
      return NULL;
    }
  curve25519_mul_g (public, self->key);
  self->address = g_base64_encode (public, sizeof public);
  return FLOE_POST_KEYS (g_steal_pointer (&self));
}
