/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/failure.h"

#include <libsoup/soup.h>

#include "api/error.h"

typedef struct
{
  gint code;
  const gchar *reason;
  const gchar *words;
} Row;

static const Row io_rows[] = {
  { G_IO_ERROR_CONNECTION_REFUSED, "refused", "nothing listens at the broker's address" },
  { G_IO_ERROR_HOST_UNREACHABLE, "unreachable", "there is no way to the broker's address" },
  { G_IO_ERROR_NETWORK_UNREACHABLE, "unreachable", "there is no way to the broker's address" },
  { G_IO_ERROR_PERMISSION_DENIED, "unreachable", "this machine may not connect there" },
  { G_IO_ERROR_HOST_NOT_FOUND, "dns", "the broker's name was not found" },
  { G_IO_ERROR_TIMED_OUT, "timeout", "the broker does not answer" },
  { G_IO_ERROR_PROXY_FAILED, "proxy", "the network's proxy failed" },
  { G_IO_ERROR_PROXY_AUTH_FAILED, "proxy", "the network's proxy refused the log-in" },
  { G_IO_ERROR_PROXY_NEED_AUTH, "proxy", "the network's proxy wants a log-in" },
  { G_IO_ERROR_PROXY_NOT_ALLOWED, "proxy", "the network's proxy does not allow it" },
};

/**
 * floe_failure_tls_reason:
 * @flags: what verification found wrong; not 0
 *
 * An unknown issuer comes first: nothing else that such a certificate says is worth telling.
 *
 * Returns: (transfer none): the keyword
 */
const gchar *
floe_failure_tls_reason (GTlsCertificateFlags flags)
{
  if (flags
      & (G_TLS_CERTIFICATE_UNKNOWN_CA | G_TLS_CERTIFICATE_REVOKED | G_TLS_CERTIFICATE_INSECURE
         | G_TLS_CERTIFICATE_GENERIC_ERROR))
    return "tls-untrusted";
  if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return "tls-name";
  if (flags & G_TLS_CERTIFICATE_EXPIRED)
    return "tls-expired";
  if (flags & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return "tls-not-yet-valid";
  return "tls-untrusted";
}

static GError *
map_tls (const GError *error, GTlsCertificateFlags flags)
{
  if (flags != 0)
    {
      const gchar *reason = floe_failure_tls_reason (flags);

      return floe_client_error_new (FLOE_CLIENT_ERROR_NETWORK, reason,
                                    "the broker's certificate is not accepted (%s)", reason + 4);
    }
  if (error->code == G_TLS_ERROR_BAD_CERTIFICATE)
    return floe_client_error_new (FLOE_CLIENT_ERROR_NETWORK, "tls-untrusted",
                                  "the broker's certificate is not accepted: %s", error->message);
  if (error->code == G_TLS_ERROR_EOF)
    return floe_client_error_new (FLOE_CLIENT_ERROR_NETWORK, "closed",
                                  "the broker closed the connection");
  return floe_client_error_new (FLOE_CLIENT_ERROR_NETWORK, "tls-protocol",
                                "no TLS connection of version 1.2 or later: %s", error->message);
}

static GError *
map_io (const GError *error)
{
  for (guint i = 0; i < G_N_ELEMENTS (io_rows); i++)
    if (error->code == io_rows[i].code)
      return floe_client_error_new (FLOE_CLIENT_ERROR_NETWORK, io_rows[i].reason, "%s",
                                    io_rows[i].words);
  return floe_client_error_new (FLOE_CLIENT_ERROR_NETWORK, "closed", "the connection broke: %s",
                                error->message);
}

/**
 * floe_failure_map:
 * @error: what GIO or libsoup said
 * @flags: what certificate verification found wrong, or 0
 *
 * Returns: (transfer full): the same as an error of #FLOE_CLIENT_ERROR; %G_IO_ERROR_CANCELLED stays
 */
GError *
floe_failure_map (const GError *error, GTlsCertificateFlags flags)
{
  if (error->domain == FLOE_CLIENT_ERROR
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);
  if (error->domain == G_RESOLVER_ERROR)
    return floe_client_error_new (FLOE_CLIENT_ERROR_NETWORK, "dns",
                                  "the broker's name was not found: %s", error->message);
  if (error->domain == G_TLS_ERROR || flags != 0)
    return map_tls (error, flags);
  if (error->domain == G_IO_ERROR)
    return map_io (error);
  if (g_error_matches (error, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_PARSING))
    return floe_client_error_new (FLOE_CLIENT_ERROR_PROTOCOL, "not-a-broker",
                                  "what answers there does not speak HTTP");
  return floe_client_error_new (FLOE_CLIENT_ERROR_NETWORK, "closed", "the connection broke: %s",
                                error->message);
}
