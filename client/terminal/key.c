/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "terminal/key.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>
#include <unistd.h>

#include "api/secret.h"

#define DAY (24 * 3600)

/* Nobody looks at it: a terminal is its fingerprint. */
#define NAME "CN=Floe terminal"

typedef struct
{
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t certificate;
} Pair;

static void
pair_clear (Pair *pair)
{
  if (pair->key != NULL)
    gnutls_x509_privkey_deinit (pair->key);
  if (pair->certificate != NULL)
    gnutls_x509_crt_deinit (pair->certificate);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)

/* Returns: 0 or GnuTLS's error */
static int
make_key (Pair *pair)
{
  int status = gnutls_x509_privkey_init (&pair->key);

  return status < 0
             ? status
             : gnutls_x509_privkey_generate (pair->key, GNUTLS_PK_ECDSA,
                                             GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
}

/* It does not expire: it is taken away where it is known. A clock that is slow is no harm. */
static int
fill_certificate (gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key)
{
  guint8 serial[16];
  const char *wrong;
  int status = gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial);

  serial[0] &= 0x7f;
  if (status >= 0)
    status = gnutls_x509_crt_set_serial (certificate, serial, sizeof serial);
  if (status >= 0)
    status = gnutls_x509_crt_set_version (certificate, 3);
  if (status >= 0)
    status = gnutls_x509_crt_set_dn (certificate, NAME, &wrong);
  if (status >= 0)
    status = gnutls_x509_crt_set_activation_time (certificate, time (NULL) - DAY);
  if (status >= 0)
    status =
        gnutls_x509_crt_set_expiration_time (certificate, GNUTLS_X509_NO_WELL_DEFINED_EXPIRATION);
  if (status >= 0)
    status = gnutls_x509_crt_set_key (certificate, key);
  if (status >= 0)
    status = gnutls_x509_crt_set_key_usage (certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
  if (status >= 0)
    status = gnutls_x509_crt_set_key_purpose_oid (certificate, GNUTLS_KP_TLS_WWW_CLIENT, 0);
  return status;
}

static int
make_pair (Pair *pair)
{
  int status = make_key (pair);

  if (status >= 0)
    status = gnutls_x509_crt_init (&pair->certificate);
  if (status >= 0)
    status = fill_certificate (pair->certificate, pair->key);
  return status >= 0 ? gnutls_x509_crt_sign2 (pair->certificate, pair->certificate, pair->key,
                                              GNUTLS_DIG_SHA256, 0)
                     : status;
}

/* Returns: (nullable): both in PEM; NULL with GnuTLS's error */
static FloeSecret *
make_text (int *status)
{
  g_auto (Pair) pair = { NULL };
  gnutls_datum_t key = { NULL, 0 };
  gnutls_datum_t certificate = { NULL, 0 };
  gchar *text = NULL;

  *status = make_pair (&pair);
  if (*status >= 0)
    *status = gnutls_x509_privkey_export2_pkcs8 (pair.key, GNUTLS_X509_FMT_PEM, NULL,
                                                 GNUTLS_PKCS_PLAIN, &key);
  if (*status >= 0)
    *status = gnutls_x509_crt_export2 (pair.certificate, GNUTLS_X509_FMT_PEM, &certificate);
  if (*status >= 0)
    text = g_strdup_printf ("%.*s%.*s", (int)key.size, key.data, (int)certificate.size,
                            certificate.data);
  if (key.data != NULL)
    floe_wipe (key.data, key.size);
  gnutls_free (key.data);
  gnutls_free (certificate.data);
  return text != NULL ? floe_secret_new_take (text, strlen (text)) : NULL;
}

/* All or nothing, and never over a key that there is. */
static gboolean
write_text (const gchar *file, const FloeSecret *text, GError **error)
{
  gint fd = g_open (file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  gsize length;
  const gchar *bytes = floe_secret_get (text, &length);
  gboolean good = fd >= 0 && write (fd, bytes, length) == (gssize)length && fsync (fd) == 0;

  if (!good)
    g_set_error (error, G_FILE_ERROR, (gint)g_file_error_from_errno (errno),
                 _ ("cannot write %s: %s"), file, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  if (!good && fd >= 0)
    g_unlink (file);
  return good;
}

/**
 * floe_terminal_key_make:
 * @file: where the terminal's key is to be
 * @made: (out): whether it was not there
 * @error: it cannot be written
 *
 * Makes a key (ECDSA on P-256) and a certificate that it signs itself, for its owner's eyes only,
 * unless there is something already.
 */
gboolean
floe_terminal_key_make (const gchar *file, gboolean *made, GError **error)
{
  g_autoptr (FloeSecret) text = NULL;
  int status;

  *made = !g_file_test (file, G_FILE_TEST_EXISTS);
  if (!*made)
    return TRUE;
  text = make_text (&status);
  if (text != NULL)
    return write_text (file, text, error);
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, _ ("cannot make a key: %s"),
               gnutls_strerror (status));
  return FALSE;
}
