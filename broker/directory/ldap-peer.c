/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-peer.h"

#include "core/error.h"

#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <string.h>

/* What libldap's handshake leaves open. Built on GnuTLS it does not heed
 * LDAP_OPT_X_TLS_PROTOCOL_MIN, and where no alternative name fits it is content with the common
 * name, in which an authority may have signed anything (RFC 6125, 6.4.4). */

/* As GnuTLS and OpenSSL call it: "TLS1.2", "TLSv1.2". */
static gboolean
is_new_enough (const gchar *version)
{
  const gchar *number = version != NULL && g_str_has_prefix (version, "TLS") ? version + 3 : "";

  if (*number == 'v')
    number++;
  return number[0] == '1' && number[1] == '.' && number[2] >= '2' && number[2] <= '9';
}

static gboolean
check_version (LDAP *ld, GError **error)
{
  char *version = NULL;
  gboolean fine;

  ldap_get_option (ld, LDAP_OPT_X_TLS_VERSION, &version);
  fine = is_new_enough (version);
  if (!fine)
    floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "directory-down",
                           "the server speaks %s, and nothing older than TLS 1.2 is safe",
                           version != NULL ? version : "no known TLS");
  ldap_memfree (version);
  return fine;
}

/* Whether there is an alternative name of the kind that is looked for: with one, GnuTLS does not
 * look at the common name either. */
static gboolean
has_name (gnutls_x509_crt_t certificate, gint kind)
{
  gint found = 0;

  for (guint i = 0; found >= 0; i++)
    {
      guint8 name[1024];
      gsize size = sizeof name;

      found = gnutls_x509_crt_get_subject_alt_name (certificate, i, name, &size, NULL);
      if (found == kind)
        return TRUE;
      if (found == GNUTLS_E_SHORT_MEMORY_BUFFER)
        found = 0;
    }
  return FALSE;
}

static gboolean
names (const struct berval *der, const gchar *host)
{
  const gnutls_datum_t datum = { (guint8 *)der->bv_val, (guint)der->bv_len };
  guint8 address[sizeof (struct in6_addr)];
  gboolean is_address =
      inet_pton (AF_INET, host, address) == 1 || inet_pton (AF_INET6, host, address) == 1;
  gnutls_x509_crt_t certificate;
  gboolean fine;

  if (gnutls_x509_crt_init (&certificate) != 0)
    return FALSE;
  fine = gnutls_x509_crt_import (certificate, &datum, GNUTLS_X509_FMT_DER) == 0
         && has_name (certificate, is_address ? GNUTLS_SAN_IPADDRESS : GNUTLS_SAN_DNSNAME)
         /* There libldap has looked for this machine's own name. */
         && (g_ascii_strcasecmp (host, "localhost") == 0
             || gnutls_x509_crt_check_hostname (certificate, host) != 0);
  gnutls_x509_crt_deinit (certificate);
  return fine;
}

static gboolean
check_name (LDAP *ld, const gchar *uri, GError **error)
{
  struct berval der = { 0, NULL };
  LDAPURLDesc *url = NULL;
  gboolean fine = ldap_get_option (ld, LDAP_OPT_X_TLS_PEERCERT, &der) == LDAP_OPT_SUCCESS
                  && der.bv_val != NULL && ldap_url_parse (uri, &url) == LDAP_URL_SUCCESS
                  && url->lud_host != NULL && names (&der, url->lud_host);

  ldap_memfree (der.bv_val);
  ldap_free_urldesc (url);
  if (!fine)
    floe_set_error_reason (error, FLOE_ERROR_UNAVAILABLE, "directory-down",
                           "the certificate has no subject alternative name for this server, and "
                           "its common name does not count");
  return fine;
}

/**
 * floe_ldap_peer_check:
 * @ld: on which TLS is in place, and nothing was sent yet
 * @uri: by which its server was reached
 * @error: %FLOE_ERROR_UNAVAILABLE
 *
 * Returns: whether the server speaks a TLS that is safe, and its certificate names it where names
 *   belong
 */
gboolean
floe_ldap_peer_check (LDAP *ld, const gchar *uri, GError **error)
{
  return check_version (ld, error) && check_name (ld, uri, error);
}
