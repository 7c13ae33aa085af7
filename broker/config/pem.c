/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "config/pem.h"

#include "config/file.h"
#include "core/error.h"

#include <string.h>

#define BEGIN "-----BEGIN CERTIFICATE-----"
#define END   "-----END CERTIFICATE-----"

/* Bundles of all public authorities are some 250 KiB. */
#define MAX_BYTES (1024 * 1024)

/* An X.509 certificate is one DER SEQUENCE that fills the block to its last byte. */
static gboolean
is_one_sequence (const guchar *der, gsize length)
{
  gsize size = 0;
  gsize n_octets;

  if (length < 2 || der[0] != 0x30)
    return FALSE;
  if (der[1] < 0x80)
    return length == 2 + (gsize)der[1];
  n_octets = der[1] & 0x7f;
  if (n_octets == 0 || n_octets > 4 || length < 2 + n_octets)
    return FALSE;
  for (gsize i = 0; i < n_octets; i++)
    size = size << 8 | der[2 + i];
  return length == 2 + n_octets + size;
}

static gboolean
is_certificate (const gchar *base64, gsize length)
{
  g_autofree gchar *text = g_strndup (base64, length);
  g_autofree guchar *der = NULL;
  gsize der_length = 0;

  if (text[strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "+/=\r\n \t")] != '\0')
    return FALSE;
  der = g_base64_decode (text, &der_length);
  return is_one_sequence (der, der_length);
}

static gchar *
collect_certificates (const gchar *text, GError **error)
{
  g_autoptr (GString) blocks = g_string_new (NULL);
  const gchar *at = text;

  while ((at = strstr (at, BEGIN)) != NULL)
    {
      const gchar *body = at + strlen (BEGIN);
      const gchar *end = strstr (body, END);

      if (end == NULL || !is_certificate (body, end - body))
        {
          g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID,
                               "a certificate in it is damaged");
          return NULL;
        }
      end += strlen (END);
      g_string_append_len (blocks, at, end - at);
      g_string_append_c (blocks, '\n');
      at = end;
    }
  if (blocks->len == 0)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "it holds no certificate");
      return NULL;
    }
  return g_string_free (g_steal_pointer (&blocks), FALSE);
}

/**
 * floe_pem_read_certificates:
 * @path: a PEM file
 * @error: why it is none: %FLOE_ERROR_INVALID
 *
 * A file with a private key in it is refused, since what is read here may be handed to clients.
 *
 * Returns: (transfer full) (nullable): its certificates, one or more, and nothing else of it
 */
gchar *
floe_pem_read_certificates (const gchar *path, GError **error)
{
  g_autofree gchar *text = floe_file_read (path, MAX_BYTES, NULL, error);

  if (text == NULL)
    return NULL;
  if (strstr (text, "PRIVATE KEY-----") != NULL)
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INVALID, "it holds a private key");
      return NULL;
    }
  return collect_certificates (text, error);
}
