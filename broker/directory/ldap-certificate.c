/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "directory/ldap-certificate.h"

#include "core/error.h"
#include "directory/ldap-socket.h"

#include <fcntl.h>
#include <lber.h>
#include <ldap.h>
#include <sys/socket.h>
#include <unistd.h>

/* libldap tells nothing of a certificate that it refuses, so this looks at it on a connection of
 * its own, which is closed when the certificate has come: nothing is ever sent on it. */

void
floe_ldap_certificate_free (FloeLdapCertificate *self)
{
  if (self == NULL)
    return;
  g_free (self->subject);
  g_free (self->issuer);
  g_free (self->names);
  g_clear_pointer (&self->begins, g_date_time_unref);
  g_clear_pointer (&self->ends, g_date_time_unref);
  g_free (self);
}

static gchar *
names_of (GTlsCertificate *from)
{
  g_autoptr (GPtrArray) names = g_tls_certificate_get_dns_names (from);
  g_autoptr (GPtrArray) addresses = g_tls_certificate_get_ip_addresses (from);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      gsize length;
      const gchar *bytes = g_bytes_get_data (names->pdata[i], &length);

      g_ptr_array_add (all, g_strndup (bytes, length));
    }
  for (guint i = 0; addresses != NULL && i < addresses->len; i++)
    g_ptr_array_add (all, g_inet_address_to_string (addresses->pdata[i]));
  g_ptr_array_add (all, NULL);
  return g_strjoinv (", ", (GStrv)all->pdata);
}

static FloeLdapCertificate *
certificate_new (GTlsCertificate *from, GTlsCertificateFlags problems)
{
  FloeLdapCertificate *self = g_new0 (FloeLdapCertificate, 1);

  self->subject = g_tls_certificate_get_subject_name (from);
  self->issuer = g_tls_certificate_get_issuer_name (from);
  self->names = names_of (from);
  self->begins = g_tls_certificate_get_not_valid_before (from);
  self->ends = g_tls_certificate_get_not_valid_after (from);
  self->problems = problems;
  return self;
}

/* RFC 4511: an extended request, and an answer that begins with its result. The socket blocks; the
 * guard ends that. */
static gboolean
ask_for_tls (gint fd)
{
  static const gchar request[] = "\x30\x1d\x02\x01\x01\x77\x18\x80\x16" LDAP_EXOP_START_TLS;
  gchar answer[1024];
  struct berval bytes = { 0, answer };
  BerElement *ber;
  ber_int_t id = 0, code = -1;
  gssize n;

  if (send (fd, request, sizeof request - 1, MSG_NOSIGNAL) != (gssize)sizeof request - 1)
    return FALSE;
  n = recv (fd, answer, sizeof answer, 0);
  if (n <= 0)
    return FALSE;
  bytes.bv_len = (ber_len_t)n;
  ber = ber_init (&bytes);
  if (ber == NULL || ber_scanf (ber, "{i{e", &id, &code) == LBER_ERROR)
    code = -1;
  if (ber != NULL)
    ber_free (ber, 1);
  return code == LDAP_SUCCESS;
}

typedef struct
{
  GTlsCertificate *certificate;
  GTlsCertificateFlags problems;
} Seen;

/* Never accepts: it is asked only about a certificate that has a problem. */
static gboolean
on_certificate (GTlsConnection *connection, GTlsCertificate *certificate,
                GTlsCertificateFlags problems, Seen *seen)
{
  g_set_object (&seen->certificate, certificate);
  seen->problems = problems;
  return FALSE;
}

static GSocketConnectable *
identity_of (const gchar *uri)
{
  LDAPURLDesc *url = NULL;
  GSocketConnectable *identity = NULL;

  if (ldap_url_parse (uri, &url) == LDAP_URL_SUCCESS)
    identity = g_network_address_new (url->lud_host, (guint16)url->lud_port);
  ldap_free_urldesc (url);
  return identity;
}

static void
shake_hands (const FloeLdapSettings *settings, const gchar *uri, GSocket *socket, Seen *seen,
             GError **error)
{
  g_autoptr (GSocketConnection) plain = g_socket_connection_factory_create_connection (socket);
  g_autoptr (GSocketConnectable) identity = identity_of (uri);
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GIOStream) stream = NULL;
  GTlsConnection *tls;

  database = g_tls_file_database_new (settings->ca_file, error);
  if (database == NULL)
    return;
  stream = g_tls_client_connection_new (G_IO_STREAM (plain), identity, error);
  if (stream == NULL)
    return;
  tls = G_TLS_CONNECTION (stream);
  g_tls_connection_set_database (tls, database);
  g_tls_connection_set_require_close_notify (tls, FALSE);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (on_certificate), seen);
  g_tls_connection_handshake (tls, NULL, error);
  if (seen->certificate == NULL)
    g_set_object (&seen->certificate, g_tls_connection_get_peer_certificate (tls));
  g_signal_handlers_disconnect_by_data (tls, seen);
}

static void
look (const FloeLdapSettings *settings, const gchar *uri, gint fd, Seen *seen, GError **error)
{
  g_autoptr (GSocket) socket = NULL;

  floe_ldap_socket_set_blocking (fd, TRUE);
  if (!ldap_is_ldaps_url (uri) && !ask_for_tls (fd))
    {
      g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INTERNAL, "the server refuses StartTLS");
      return;
    }
  socket = g_socket_new_from_fd (fcntl (fd, F_DUPFD_CLOEXEC, 0), error);
  if (socket != NULL)
    shake_hands (settings, uri, socket, seen, error);
}

/**
 * floe_ldap_certificate_fetch:
 * @settings: the directory's
 * @uri: one of its servers
 * @guard: ends it
 * @until: monotonic time for all of it
 *
 * Whether the broker takes the certificate is for libldap to decide; this tells why not. Blocks.
 *
 * Returns: (transfer full): the certificate, also one with problems; or %NULL with
 *   %FLOE_ERROR_UNAVAILABLE for no TCP connection, %FLOE_ERROR_TIMED_OUT for no answer in the
 *   handshake, or an error that leaves it to libldap to say what is wrong
 */
FloeLdapCertificate *
floe_ldap_certificate_fetch (const FloeLdapSettings *settings, const gchar *uri,
                             FloeLdapGuard *guard, gint64 until, GError **error)
{
  Seen seen = { NULL };
  FloeLdapCertificate *self = NULL;
  g_autoptr (GError) problem = NULL;
  gint fd = floe_ldap_socket_connect (uri, until, error);

  if (fd < 0)
    return NULL;
  floe_ldap_guard_arm (guard, fd, until);
  look (settings, uri, fd, &seen, &problem);
  if (!floe_ldap_guard_disarm (guard, fd) && seen.certificate == NULL)
    g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_TIMED_OUT,
                         "the TLS handshake got no answer in time");
  else if (seen.certificate != NULL)
    self = certificate_new (seen.certificate, seen.problems);
  else if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    g_set_error_literal (error, FLOE_ERROR, FLOE_ERROR_INTERNAL, "the server has no certificate");
  close (fd);
  g_clear_object (&seen.certificate);
  return self;
}
