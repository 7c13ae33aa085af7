/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "login/signing-key.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#include "core/error.h"

struct _FloeSigningKey
{
  gnutls_privkey_t key;
  gchar *public;
};

static gboolean
refuse (int status, const gchar *what, GError **error)
{
  g_set_error (error, FLOE_ERROR, FLOE_ERROR_INTERNAL, "%s: %s", what, gnutls_strerror (status));
  return FALSE;
}

/* Returns: 0 or GnuTLS's error; @pem is GnuTLS's memory */
static int export(gnutls_x509_privkey_t key, gnutls_datum_t *pem)
{
  int status = gnutls_x509_privkey_generate (key, GNUTLS_PK_EDDSA_ED25519,
                                             GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_ED25519), 0);

  return status < 0 ? status
                    : gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL,
                                                         GNUTLS_PKCS_PLAIN, pem);
}

/**
 * floe_signing_key_make:
 *
 * Returns: (transfer full): a new key as floe_signing_key_new() takes it; or %NULL with
 *   %FLOE_ERROR_INTERNAL
 */
FloeSecret *
floe_signing_key_make (GError **error)
{
  gnutls_x509_privkey_t key;
  gnutls_datum_t pem = { NULL, 0 };
  FloeSecret *text = NULL;
  int status = gnutls_x509_privkey_init (&key);

  if (status >= 0)
    {
      status = export(key, &pem);
      gnutls_x509_privkey_deinit (key);
    }
  if (status < 0)
    refuse (status, "a key was not made", error);
  else
    text = floe_secret_new ((const gchar *)pem.data, (gssize)pem.size);
  if (pem.data != NULL)
    floe_wipe (pem.data, pem.size);
  gnutls_free (pem.data);
  return text;
}

static int
read_public (gnutls_privkey_t key, gchar **public)
{
  gnutls_pubkey_t half;
  gnutls_datum_t x = { NULL, 0 };
  int status = gnutls_pubkey_init (&half);

  if (status < 0)
    return status;
  status = gnutls_pubkey_import_privkey (half, key, GNUTLS_KEY_DIGITAL_SIGNATURE, 0);
  if (status >= 0)
    status = gnutls_pubkey_export_ecc_raw2 (half, NULL, &x, NULL, 0);
  if (status >= 0)
    *public = g_base64_encode (x.data, x.size);
  gnutls_free (x.data);
  gnutls_pubkey_deinit (half);
  return status;
}

/**
 * floe_signing_key_new:
 * @text: from floe_signing_key_make()
 *
 * Returns: (transfer full): the key; or %NULL with %FLOE_ERROR_INTERNAL
 */
FloeSigningKey *
floe_signing_key_new (const FloeSecret *text, GError **error)
{
  g_autoptr (FloeSigningKey) self = g_new0 (FloeSigningKey, 1);
  gsize length;
  const gchar *bytes = floe_secret_get (text, &length);
  const gnutls_datum_t pem = { (guchar *)bytes, (guint)length };
  int status = gnutls_privkey_init (&self->key);

  if (status >= 0)
    status = gnutls_privkey_import_x509_raw (self->key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0);
  if (status >= 0)
    status = read_public (self->key, &self->public);
  if (status >= 0)
    return g_steal_pointer (&self);
  refuse (status, "the signing key cannot be read", error);
  return NULL;
}

void
floe_signing_key_free (FloeSigningKey *self)
{
  if (self == NULL)
    return;
  if (self->key != NULL)
    gnutls_privkey_deinit (self->key);
  g_free (self->public);
  g_free (self);
}

/**
 * floe_signing_key_get_public:
 *
 * Returns: (transfer none): its public half, 32 bytes as base64
 */
const gchar *
floe_signing_key_get_public (const FloeSigningKey *self)
{
  return self->public;
}

/**
 * floe_signing_key_sign:
 * @purpose: what it is, a line that is signed before the text: one kind of thing is never taken for
 *   another
 *
 * Returns: (transfer full): the signature, 64 bytes as base64; or %NULL with %FLOE_ERROR_INTERNAL
 */
gchar *
floe_signing_key_sign (const FloeSigningKey *self, const gchar *purpose, const gchar *text,
                       gsize length, GError **error)
{
  g_autoptr (GString) whole = g_string_new (purpose);
  gnutls_datum_t data;
  gnutls_datum_t signature = { NULL, 0 };
  gchar *encoded;
  int status;

  g_string_append_c (whole, '\n');
  g_string_append_len (whole, text, (gssize)length);
  data = (gnutls_datum_t){ (guchar *)whole->str, (guint)whole->len };
  status = gnutls_privkey_sign_data2 (self->key, GNUTLS_SIGN_EDDSA_ED25519, 0, &data, &signature);
  if (status < 0)
    {
      refuse (status, "signing failed", error);
      return NULL;
    }
  encoded = g_base64_encode (signature.data, signature.size);
  gnutls_free (signature.data);
  return encoded;
}
