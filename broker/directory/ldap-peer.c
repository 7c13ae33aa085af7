/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-peer.h"

#include "core/error.h"

#include <gio/gio.h>

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

static GTlsCertificate *
parse (const struct berval *der)
{
  GType type = g_tls_backend_get_certificate_type (g_tls_backend_get_default ());
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  g_byte_array_append (bytes, (const guint8 *)der->bv_val, (guint)der->bv_len);
  return g_initable_new (type, NULL, NULL, "certificate", bytes, NULL);
}

/* With an alternative name of the kind that is looked for, GIO does not look at the common name
 * either. */
static gboolean
has_names_for (GTlsCertificate *certificate, const gchar *host)
{
  g_autoptr (GPtrArray) found = g_hostname_is_ip_address (host)
                                    ? g_tls_certificate_get_ip_addresses (certificate)
                                    : g_tls_certificate_get_dns_names (certificate);

  return found != NULL && found->len > 0;
}

static gboolean
names (const struct berval *der, const gchar *host)
{
  g_autoptr (GTlsCertificate) certificate = parse (der);
  g_autoptr (GSocketConnectable) identity = g_network_address_new (host, 0);

  if (certificate == NULL || !has_names_for (certificate, host))
    return FALSE;
  /* There libldap has looked for this machine's own name. */
  return g_ascii_strcasecmp (host, "localhost") == 0
         || (g_tls_certificate_verify (certificate, identity, NULL)
             & G_TLS_CERTIFICATE_BAD_IDENTITY)
                == 0;
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
