/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-fake.h"

#include <spice/enums.h>
#include <string.h>

/* sizes on the wire, all little endian */
#define LINK_MAGIC  0x51444552 /* "REDQ" */
#define LINK_HEADER 16
#define LINK_REPLY  178
#define TICKET      128

/* The public half of an RSA key of 1024 bits, whose other half nobody has: the fake only looks at
 * how long the ticket is. */
static const guint8 public_key[162] = {
  0x30, 0x81, 0x9f, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01,
  0x01, 0x05, 0x00, 0x03, 0x81, 0x8d, 0x00, 0x30, 0x81, 0x89, 0x02, 0x81, 0x81, 0x00, 0x99,
  0x8d, 0x98, 0xf2, 0x4e, 0xd4, 0xe5, 0xd7, 0x7a, 0xf8, 0xc5, 0xd1, 0x6e, 0x03, 0x6b, 0x90,
  0xc6, 0x43, 0x90, 0x36, 0xf5, 0xf6, 0x5d, 0xdb, 0xd6, 0xee, 0x95, 0xb9, 0x97, 0x9b, 0x8d,
  0xba, 0x40, 0x51, 0x8c, 0xc7, 0xad, 0x6d, 0x5d, 0x50, 0xb4, 0x93, 0xec, 0xb6, 0x65, 0xc7,
  0xea, 0x67, 0xa5, 0xd8, 0x14, 0x35, 0x10, 0x0d, 0x11, 0xcb, 0xe0, 0xed, 0xc5, 0xf3, 0x79,
  0x08, 0x20, 0xa9, 0xd4, 0xca, 0x87, 0xf3, 0xd5, 0xa3, 0x89, 0xc0, 0xc4, 0x9a, 0x21, 0x88,
  0x2f, 0x00, 0xfd, 0x28, 0x80, 0xa9, 0x9d, 0x57, 0x89, 0x32, 0x8f, 0x69, 0x58, 0x5d, 0x64,
  0xdb, 0x2d, 0x76, 0xf9, 0x91, 0xc0, 0xad, 0x47, 0x5d, 0x26, 0x33, 0x31, 0x07, 0xde, 0x3e,
  0x3a, 0xba, 0x10, 0x84, 0xe5, 0x44, 0xf0, 0x58, 0xcb, 0x5e, 0x64, 0xe1, 0x3b, 0x52, 0x07,
  0x1a, 0xae, 0x6e, 0xeb, 0xba, 0xf4, 0x7f, 0x02, 0x03, 0x01, 0x00, 0x01
};

struct _FakeSpice
{
  GSocketService *service;
  guint16 port;
  GTlsCertificate *certificate;
  gint manner;
  gint n_links;
  FakeAgent *agent;
  FakeSpiceTalk talk;
  gpointer talk_data;
  GMutex mutex;
  GPtrArray *sockets; /* of the connections that are open */
};

static gboolean
get (GInputStream *in, gpointer bytes, gsize n)
{
  gsize got = 0;

  return g_input_stream_read_all (in, bytes, n, &got, NULL, NULL) && got == n;
}

static void
put (GOutputStream *out, gconstpointer bytes, gsize n)
{
  g_output_stream_write_all (out, bytes, n, NULL, NULL, NULL);
}

static void
put_message (GOutputStream *out, guint16 type, gconstpointer body, guint32 length)
{
  guint8 header[18] = { 1 }; /* serial, type, size, sub list */

  memcpy (header + 8, &type, 2);
  memcpy (header + 10, &length, 4);
  put (out, header, sizeof header);
  put (out, body, length);
}

static void
put_link_reply (GOutputStream *out, guint32 error)
{
  const guint32 header[] = { LINK_MAGIC, 2, 2, LINK_REPLY };
  guint8 reply[LINK_REPLY] = { 0 };
  const guint32 caps_offset = LINK_REPLY;

  memcpy (reply, &error, 4);
  memcpy (reply + 4, public_key, sizeof public_key);
  memcpy (reply + LINK_REPLY - 4, &caps_offset, 4);
  put (out, header, sizeof header);
  put (out, reply, sizeof reply);
}

static void
serve_main (GOutputStream *out, gboolean has_agent)
{
  const guint32 init[8] = { 7, 1, SPICE_MOUSE_MODE_SERVER, SPICE_MOUSE_MODE_SERVER, has_agent, 9,
                            0, 0 };
  const guint8 list[] = { 1, 0, 0, 0, SPICE_CHANNEL_DISPLAY, 0 };

  put_message (out, SPICE_MSG_MAIN_INIT, init, sizeof init);
  put_message (out, SPICE_MSG_MAIN_CHANNELS_LIST, list, sizeof list);
}

static void
serve_display (GOutputStream *out, gboolean is_slow)
{
  const guint32 surface[5] = { 0, 64, 48, SPICE_SURFACE_FMT_32_xRGB, SPICE_SURFACE_FLAGS_PRIMARY };

  put_message (out, SPICE_MSG_DISPLAY_SURFACE_CREATE, surface, sizeof surface);
  for (guint i = 0; is_slow && i < 10; i++)
    {
      const guint8 ping[12] = { 0 };

      g_usleep (G_USEC_PER_SEC / 5);
      put_message (out, SPICE_MSG_PING, ping, sizeof ping);
    }
  put_message (out, SPICE_MSG_DISPLAY_MARK, "", 0);
}

/* Until the client goes: what it says to the agent. */
static void
pass_on (FakeSpice *self, GInputStream *in)
{
  guint8 header[18];

  while (get (in, header, sizeof header))
    {
      guint16 type;
      guint32 length;
      g_autofree guint8 *body = NULL;

      memcpy (&type, header + 8, 2);
      memcpy (&length, header + 10, 4);
      body = g_malloc (length + 1);
      if (!get (in, body, length))
        return;
      if (type == SPICE_MSGC_MAIN_AGENT_DATA)
        fake_agent_hear (self->agent, body, length);
    }
}

static void
serve_agent (FakeSpice *self, guint8 type, GInputStream *in, GOutputStream *out)
{
  if (type == SPICE_CHANNEL_MAIN)
    {
      fake_agent_take_main (self->agent, out);
      pass_on (self, in);
    }
  else if (type == SPICE_CHANNEL_DISPLAY)
    fake_agent_take_display (self->agent, out);
}

/* Returns the channel's type, or 0 if there was no link. */
static guint8
take_link (GInputStream *in)
{
  guint32 header[4];
  guint8 mess[256];

  if (!get (in, header, LINK_HEADER) || header[3] > sizeof mess || !get (in, mess, header[3]))
    return 0;
  return mess[4];
}

static void
speak (FakeSpice *self, GIOStream *stream)
{
  GInputStream *in = g_io_stream_get_input_stream (stream);
  GOutputStream *out = g_io_stream_get_output_stream (stream);
  FakeSpiceManner manner = g_atomic_int_get (&self->manner);
  guint8 ticket[TICKET], rest[512];
  guint32 result = manner == FAKE_SPICE_BAD_TICKET ? SPICE_LINK_ERR_PERMISSION_DENIED : 0;
  guint number;
  guint8 type;

  if (manner == FAKE_SPICE_CLOSES)
    return;
  type = take_link (in);
  number = (guint)g_atomic_int_add (&self->n_links, 1);
  if (manner == FAKE_SPICE_GARBAGE)
    put (out, "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", 32);
  else if (manner == FAKE_SPICE_LINK_ERROR)
    put_link_reply (out, SPICE_LINK_ERR_CHANNEL_NOT_AVAILABLE);
  else if (manner == FAKE_SPICE_SECURED)
    put_link_reply (out, SPICE_LINK_ERR_NEED_SECURED);
  else if (type != 0 && manner != FAKE_SPICE_SILENT)
    {
      put_link_reply (out, 0);
      if (!get (in, ticket, TICKET))
        return;
      put (out, &result, sizeof result);
      if (manner == FAKE_SPICE_TALKS)
        self->talk (out, type, number, self->talk_data);
      else if (result == 0 && type == SPICE_CHANNEL_MAIN)
        serve_main (out, manner == FAKE_SPICE_AGENT);
      else if (result == 0 && manner != FAKE_SPICE_NO_PICTURE)
        serve_display (out, manner == FAKE_SPICE_SLOW);
      if (result == 0 && manner == FAKE_SPICE_AGENT)
        serve_agent (self, type, in, out);
    }
  if (manner == FAKE_SPICE_KICKS) /* a clean end: closing at once could reset what is unread */
    g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)), FALSE, TRUE,
                       NULL);
  while (g_input_stream_read (in, rest, sizeof rest, NULL, NULL) > 0)
    ;
  fake_agent_drop (self->agent, out);
}

static gboolean
on_run (GThreadedSocketService *service, GSocketConnection *connection, GObject *source,
        FakeSpice *self)
{
  GSocket *socket = g_socket_connection_get_socket (connection);
  g_autoptr (GIOStream) stream = NULL;

  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->sockets, g_object_ref (socket));
  g_mutex_unlock (&self->mutex);
  if (self->certificate != NULL)
    stream = g_tls_server_connection_new (G_IO_STREAM (connection), self->certificate, NULL);
  else
    stream = g_object_ref (G_IO_STREAM (connection));
  speak (self, stream);
  g_io_stream_close (stream, NULL, NULL);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  g_mutex_lock (&self->mutex);
  g_ptr_array_remove (self->sockets, socket);
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

/* With @pem_file, a certificate and its key, it speaks TLS. */
FakeSpice *
fake_spice_new (FakeSpiceManner manner, const gchar *pem_file)
{
  FakeSpice *self = g_new0 (FakeSpice, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_from_string ("127.0.0.1");
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  g_mutex_init (&self->mutex);
  self->agent = fake_agent_new ();
  self->sockets = g_ptr_array_new_with_free_func (g_object_unref);
  self->manner = manner;
  if (pem_file != NULL)
    self->certificate = g_tls_certificate_new_from_file (pem_file, &error);
  g_assert_no_error (error);
  self->service = g_threaded_socket_service_new (16);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  g_signal_connect (self->service, "run", G_CALLBACK (on_run), self);
  g_socket_service_start (self->service);
  return self;
}

void
fake_spice_close_all (FakeSpice *self)
{
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->sockets->len; i++)
    g_socket_shutdown (self->sockets->pdata[i], TRUE, TRUE, NULL);
  g_mutex_unlock (&self->mutex);
}

static guint
n_open (FakeSpice *self)
{
  guint n;

  g_mutex_lock (&self->mutex);
  n = self->sockets->len;
  g_mutex_unlock (&self->mutex);
  return n;
}

void
fake_spice_free (FakeSpice *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  while (n_open (self) > 0)
    {
      fake_spice_close_all (self);
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }
  g_object_unref (self->service);
  g_clear_object (&self->certificate);
  g_ptr_array_unref (self->sockets);
  g_mutex_clear (&self->mutex);
  fake_agent_free (self->agent);
  g_free (self);
}

guint16
fake_spice_port (FakeSpice *self)
{
  return self->port;
}

void
fake_spice_set_manner (FakeSpice *self, FakeSpiceManner manner)
{
  g_atomic_int_set (&self->manner, manner);
}

/* To be called before anybody connects. */
void
fake_spice_set_talk (FakeSpice *self, FakeSpiceTalk talk, gpointer data)
{
  self->talk = talk;
  self->talk_data = data;
  fake_spice_set_manner (self, FAKE_SPICE_TALKS);
}

guint
fake_spice_n_links (FakeSpice *self)
{
  return g_atomic_int_get (&self->n_links);
}

FakeAgent *
fake_spice_get_agent (FakeSpice *self)
{
  return self->agent;
}

FloeConnection *
fake_spice_connection (FakeSpice *self, gboolean tls)
{
  FloeConnection *connection = g_new0 (FloeConnection, 1);

  connection->host = g_strdup ("127.0.0.1");
  if (tls)
    connection->tls_port = self->port;
  else
    connection->port = self->port;
  connection->secure_channels = g_new0 (gchar *, 1);
  connection->ticket = floe_secret_new ("ticket", -1);
  connection->desktop_id = g_strdup ("d1");
  connection->desktop_name = g_strdup ("office-01");
  connection->pool = g_strdup ("office");
  connection->title = g_strdup ("Office: office-01");
  connection->policy = floe_policy_new ();
  return connection;
}
