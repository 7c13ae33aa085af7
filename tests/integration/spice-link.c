/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "spice-link.h"

#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

/* SPICE protocol 2.2: a link header with its message, the server's public key, the ticket encrypted
 * with it, and the result. All numbers are little-endian. */

#define KEY_BYTES    162
#define TICKET_BYTES 128
#define REPLY_BYTES  (4 + KEY_BYTES + 12)

typedef struct __attribute__ ((packed))
{
  gchar magic[4];
  guint32 major, minor, size;
} Header;

typedef struct __attribute__ ((packed))
{
  guint32 connection_id;
  guint8 channel_type, channel_id;
  guint32 n_common_caps, n_channel_caps, caps_offset;
} Link;

struct _SpiceLink
{
  GSocketConnection *socket;
  GIOStream *stream; /* the socket, or TLS on it */
  gchar *ca_file;
};

static gboolean
put (SpiceLink *self, gconstpointer data, gsize length)
{
  return g_output_stream_write_all (g_io_stream_get_output_stream (self->stream), data, length,
                                    NULL, NULL, NULL);
}

static gboolean
get (SpiceLink *self, gpointer data, gsize length)
{
  gsize got;

  return g_input_stream_read_all (g_io_stream_get_input_stream (self->stream), data, length, &got,
                                  NULL, NULL)
         && got == length;
}

static gboolean
send_link (SpiceLink *self)
{
  Header header = {
    { 'R', 'E', 'D', 'Q' }, GUINT32_TO_LE (2), GUINT32_TO_LE (2), GUINT32_TO_LE (sizeof (Link))
  };
  Link link = { .channel_type = 1, .caps_offset = GUINT32_TO_LE (sizeof (Link)) };

  return put (self, &header, sizeof header) && put (self, &link, sizeof link);
}

/* Reads the server's link message; returns its key, or NULL. */
static EVP_PKEY *
read_key (SpiceLink *self)
{
  Header header;
  g_autofree guint8 *reply = NULL;
  const guint8 *key;
  guint32 failed;

  if (!get (self, &header, sizeof header) || memcmp (header.magic, "REDQ", 4) != 0)
    return NULL;
  header.size = GUINT32_FROM_LE (header.size);
  if (header.size < REPLY_BYTES || header.size > 4096)
    return NULL;
  reply = g_malloc (header.size);
  if (!get (self, reply, header.size))
    return NULL;
  memcpy (&failed, reply, sizeof failed);
  key = reply + 4;
  return failed == 0 ? d2i_PUBKEY (NULL, &key, KEY_BYTES) : NULL;
}

static gboolean
send_ticket (SpiceLink *self, const gchar *ticket)
{
  guint8 secret[TICKET_BYTES];
  gsize length = sizeof secret;
  EVP_PKEY *key = read_key (self);
  EVP_PKEY_CTX *context = key != NULL ? EVP_PKEY_CTX_new (key, NULL) : NULL;
  gboolean good =
      context != NULL && EVP_PKEY_encrypt_init (context) == 1
      && EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_OAEP_PADDING) == 1
      && EVP_PKEY_encrypt (context, secret, &length, (const guint8 *)ticket, strlen (ticket) + 1)
             == 1
      && put (self, secret, length);

  EVP_PKEY_CTX_free (context);
  EVP_PKEY_free (key);
  return good;
}

static gboolean
connect_to (SpiceLink *self, const gchar *host, guint16 port, const gchar *ca)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GSocketConnectable) identity = g_network_address_new (host, port);

  g_socket_client_set_timeout (client, 10);
  self->socket = g_socket_client_connect_to_host (client, host, port, NULL, NULL);
  if (self->socket == NULL || ca == NULL)
    {
      self->stream = self->socket != NULL ? g_object_ref (G_IO_STREAM (self->socket)) : NULL;
      return self->socket != NULL;
    }
  self->ca_file = g_strdup ("/tmp/floe-ca-XXXXXX");
  g_close (g_mkstemp (self->ca_file), NULL);
  g_assert_true (g_file_set_contents (self->ca_file, ca, -1, NULL));
  database = g_tls_file_database_new (self->ca_file, NULL);
  self->stream = g_tls_client_connection_new (G_IO_STREAM (self->socket), identity, NULL);
  g_tls_connection_set_database (G_TLS_CONNECTION (self->stream), database);
  return g_tls_connection_handshake (G_TLS_CONNECTION (self->stream), NULL, NULL);
}

/**
 * spice_link_new:
 * @host: the display's address
 * @port: the plain or the TLS port
 * @ca: (nullable): PEM that the server's certificate is checked against; %NULL for the plain port
 * @ticket: the ticket
 * @result: (out): what came of it
 *
 * Returns: (transfer full) (nullable): the channel if the server took the ticket
 */
SpiceLink *
spice_link_new (const gchar *host, guint16 port, const gchar *ca, const gchar *ticket,
                SpiceLinkResult *result)
{
  g_autoptr (SpiceLink) self = g_new0 (SpiceLink, 1);
  guint32 answer;

  *result = SPICE_LINK_FAILED;
  if (!connect_to (self, host, port, ca) || !send_link (self) || !send_ticket (self, ticket)
      || !get (self, &answer, sizeof answer))
    return NULL;
  *result = answer == 0 ? SPICE_LINK_IN : SPICE_LINK_REFUSED;
  return answer == 0 ? g_steal_pointer (&self) : NULL;
}

void
spice_link_free (SpiceLink *self)
{
  if (self == NULL)
    return;
  if (self->stream != NULL)
    g_io_stream_close (self->stream, NULL, NULL);
  g_clear_object (&self->stream);
  g_clear_object (&self->socket);
  if (self->ca_file != NULL)
    g_unlink (self->ca_file);
  g_free (self->ca_file);
  g_free (self);
}

/**
 * spice_link_get_peer:
 *
 * Returns: (transfer full): "address:port" of our end
 */
gchar *
spice_link_get_peer (SpiceLink *self)
{
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (self->socket, NULL);
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (local);
  g_autofree gchar *address = g_inet_address_to_string (g_inet_socket_address_get_address (inet));

  return g_strdup_printf ("%s:%u", address, g_inet_socket_address_get_port (inet));
}

/**
 * spice_link_is_open:
 *
 * Returns: %FALSE once the server closed the channel; what it sent is skipped
 */
gboolean
spice_link_is_open (SpiceLink *self)
{
  GSocket *socket = g_socket_connection_get_socket (self->socket);
  gchar skipped[4096];
  gssize n = 1;

  while (n > 0)
    n = g_socket_receive_with_blocking (socket, skipped, sizeof skipped, FALSE, NULL, NULL);
  return n < 0;
}
