/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/engine-ca.h"

#include <libsoup/soup.h>

#define CA_PATH   "/services/pki-resource?resource=ca-certificate&format=X509-PEM-CA"
#define MAX_BYTES (64 * 1024)
#define TIMEOUT   20 /* seconds */

static gboolean
on_certificate (SoupMessage *message, GTlsCertificate *certificate, GTlsCertificateFlags errors,
                gpointer data)
{
  g_set_object ((GTlsCertificate **)data, certificate);
  return TRUE;
}

static GTlsCertificate *
read_ca (SoupMessage *message, GBytes *body, GError **error)
{
  if (soup_message_get_status (message) == 200 && g_bytes_get_size (body) <= MAX_BYTES)
    return g_tls_certificate_new_from_pem (g_bytes_get_data (body, NULL),
                                           (gssize)g_bytes_get_size (body), error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "HTTP %u",
               soup_message_get_status (message));
  return NULL;
}

/**
 * floe_engine_ca_fetch:
 * @url: https://HOST/ovirt-engine
 * @peer: (out) (transfer full): the certificate that the engine showed
 *
 * Gets an engine's certificate authority, which is public, from whoever answers there: it counts
 * for nothing before a person has compared its fingerprint, and @peer was checked against it.
 * Blocks.
 *
 * Returns: (transfer full): that; or %NULL
 */
GTlsCertificate *
floe_engine_ca_fetch (const gchar *url, GTlsCertificate **peer, GError **error)
{
  g_autofree gchar *whole = g_strconcat (url, CA_PATH, NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", whole);
  g_autoptr (SoupSession) session =
      soup_session_new_with_options ("timeout", TIMEOUT, "proxy-resolver", NULL, NULL);
  g_autoptr (GBytes) body = NULL;

  g_return_val_if_fail (message != NULL, NULL); /* the caller has looked at it */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (on_certificate), peer);
  body = soup_session_send_and_read (session, message, NULL, error);
  if (body == NULL)
    return NULL;
  if (*peer == NULL) /* trusted already, so nobody was asked */
    g_set_object (peer, soup_message_get_tls_peer_certificate (message));
  return read_ca (message, body, error);
}
