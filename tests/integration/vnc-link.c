/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "vnc-link.h"

#include <openssl/evp.h>
#include <string.h>

/* RFB 3.8 of RFC 6143: versions, a list of security types, VNC authentication, and the two
 * messages that begin a session. */

#define VERSION  "RFB 003.008\n"
#define VNC_AUTH 2

struct _VncLink
{
  GSocketConnection *socket;
};

static gboolean
put (VncLink *self, gconstpointer data, gsize length)
{
  return g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (self->socket)),
                                    data, length, NULL, NULL, NULL);
}

static gboolean
get (VncLink *self, gpointer data, gsize length)
{
  gsize got;

  return g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (self->socket)), data,
                                  length, &got, NULL, NULL)
         && got == length;
}

/* DES with the bits of each byte of the key the other way round; three times the same key is once,
 * in libraries that have left the single one behind. */
static void
answer_challenge (const gchar *password, guint8 challenge[16])
{
  EVP_CIPHER_CTX *des = EVP_CIPHER_CTX_new ();
  guint8 key[24] = { 0 };
  gchar eight[9] = { 0 };
  gint length;

  g_strlcpy (eight, password, sizeof eight);
  for (guint i = 0; i < 24; i++)
    for (guint bit = 0; bit < 8; bit++)
      key[i] |= (guint8)(((guint8)eight[i % 8] >> bit & 1) << (7 - bit));
  g_assert_cmpint (EVP_EncryptInit_ex (des, EVP_des_ede3_ecb (), NULL, key, NULL), ==, 1);
  EVP_CIPHER_CTX_set_padding (des, 0);
  g_assert_cmpint (EVP_EncryptUpdate (des, challenge, &length, challenge, 16), ==, 1);
  g_assert_cmpint (length, ==, 16);
  EVP_CIPHER_CTX_free (des);
}

static gboolean
log_in (VncLink *self, const gchar *password)
{
  static const guint8 vnc_auth = VNC_AUTH;
  gchar version[12];
  guint8 types[256], n, challenge[16];
  guint32 result;

  if (!get (self, version, sizeof version) || !put (self, VERSION, 12) || !get (self, &n, 1)
      || n == 0 || !get (self, types, n))
    return FALSE;
  g_assert_nonnull (memchr (types, VNC_AUTH, n)); /* never without a password */
  if (!put (self, &vnc_auth, 1) || !get (self, challenge, sizeof challenge))
    return FALSE;
  answer_challenge (password, challenge);
  return put (self, challenge, sizeof challenge) && get (self, &result, sizeof result)
         && result == 0;
}

/**
 * vnc_link_new:
 * @shared: whether others may stay
 *
 * Returns: (transfer full) (nullable): a client that is in, or %NULL when it was refused
 */
VncLink *
vnc_link_new (const gchar *host, guint16 port, const gchar *password, gboolean shared)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (VncLink) self = g_new0 (VncLink, 1);
  guint8 flag = shared ? 1 : 0;
  guint8 init[24];

  self->socket = g_socket_client_connect_to_host (client, host, port, NULL, NULL);
  if (self->socket == NULL || !log_in (self, password) || !put (self, &flag, 1)
      || !get (self, init, sizeof init))
    return NULL;
  return g_steal_pointer (&self);
}

void
vnc_link_free (VncLink *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->socket);
  g_free (self);
}

/**
 * vnc_link_is_open:
 *
 * Returns: whether the server has not closed it within half a second
 */
gboolean
vnc_link_is_open (VncLink *self)
{
  GSocket *socket = g_socket_connection_get_socket (self->socket);
  gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 2;
  gchar bytes[4096];

  while (g_socket_condition_timed_wait (socket, G_IO_IN | G_IO_HUP, end - g_get_monotonic_time (),
                                        NULL, NULL))
    if (g_socket_receive (socket, bytes, sizeof bytes, NULL, NULL) <= 0)
      return FALSE;
  return TRUE;
}
