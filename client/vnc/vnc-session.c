/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "vnc/vnc-session.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "session/pulse.h"
#include "session/session-impl.h"

struct _FloeVncSession
{
  FloeSession parent_instance;

  GtkWidget *display; /* the VncDisplay; ours until the end, whatever shows it */
  gchar *host;
  guint16 port;
  gchar *proxy;
  GCancellable *connecting;
  GSocketConnection *connection;
  gchar *heard; /* what the library said last, or NULL */
  gboolean initialized;
  gint pointer_x; /* where somebody else put it */
  gint pointer_y;
};

G_DEFINE_FINAL_TYPE (FloeVncSession, floe_vnc_session, FLOE_TYPE_SESSION)

/* The library's events. */

static void
on_error (GtkWidget *display, const gchar *message, FloeVncSession *self)
{
  g_free (self->heard);
  self->heard = g_strdup (message);
}

static void
on_auth_failure (GtkWidget *display, const gchar *message, FloeVncSession *self)
{
  floe_session_fail (FLOE_SESSION (self), FLOE_END_AUTH, message);
}

static void
on_auth_unsupported (FloeVncSession *self)
{
  floe_session_fail (FLOE_SESSION (self), FLOE_END_LINK,
                     "the display wants a proof that Floe cannot give");
}

/* Whoever closes the connection in good order says so, and the library has the words of it. */
static FloeEndCause
judge_end (FloeVncSession *self)
{
  if (!self->initialized)
    return FLOE_END_LINK;
  return self->heard == NULL || strstr (self->heard, "closed") != NULL ? FLOE_END_CLOSED
                                                                       : FLOE_END_NETWORK;
}

static void
on_disconnected (FloeVncSession *self)
{
  floe_session_fail (FLOE_SESSION (self), judge_end (self), self->heard);
}

static void
on_initialized (FloeVncSession *self)
{
  self->initialized = TRUE;
  floe_session_advance (FLOE_SESSION (self), FLOE_SESSION_OPEN);
  floe_session_announce (FLOE_SESSION (self), 0, 0);
}

static void
on_update (FloeVncSession *self)
{
  if (self->initialized)
    floe_session_advance (FLOE_SESSION (self), FLOE_SESSION_PICTURE);
}

/* Connecting. The library would do it itself, but tells nobody why it did not succeed. */

/* It closes what it was given. */
static void
hand_over (FloeVncSession *self)
{
  GSocket *socket = g_socket_connection_get_socket (self->connection);
  int fd = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 3);

  floe_pulse_guard_socket (socket);
  if (fd < 0 || !vnc_display_open_fd_with_hostname (VNC_DISPLAY (self->display), fd, self->host))
    floe_session_fail (FLOE_SESSION (self), FLOE_END_LINK, "the connection could not be used");
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FloeVncSession) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_to_host_finish (G_SOCKET_CLIENT (source), result, &error);

  if (floe_session_get_cause (FLOE_SESSION (self)) != FLOE_END_NONE)
    return;
  if (connection == NULL)
    {
      floe_session_fail (FLOE_SESSION (self), floe_end_cause_from_error (error), error->message);
      return;
    }
  self->connection = g_steal_pointer (&connection);
  hand_over (self);
}

static void
floe_vnc_session_open (FloeSession *session)
{
  FloeVncSession *self = FLOE_VNC_SESSION (session);
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  if (self->port == 0)
    {
      floe_session_fail (session, FLOE_END_ADDRESS, "the display has no port");
      return;
    }
  g_socket_client_set_enable_proxy (client, self->proxy != NULL);
  if (self->proxy != NULL)
    {
      g_autoptr (GProxyResolver) resolver = g_simple_proxy_resolver_new (self->proxy, NULL);

      g_socket_client_set_proxy_resolver (client, resolver);
    }
  self->connecting = g_cancellable_new ();
  g_socket_client_connect_to_host_async (client, self->host, self->port, self->connecting,
                                         on_connected, g_object_ref (self));
}

static gboolean
on_close (gpointer display)
{
  vnc_display_close (VNC_DISPLAY (display));
  return G_SOURCE_REMOVE;
}

/* Not at once: this may be called from within the library's connection. */
static void
floe_vnc_session_close (FloeSession *session)
{
  FloeVncSession *self = FLOE_VNC_SESSION (session);

  g_cancellable_cancel (self->connecting);
  g_clear_object (&self->connection);
  if (self->display == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->display, self);
  g_signal_handlers_disconnect_by_data (vnc_display_get_connection (VNC_DISPLAY (self->display)),
                                        self);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_close, g_object_ref (self->display), g_object_unref);
}

static void
floe_vnc_session_measure (FloeSession *session, FloeQualitySample *sample)
{
  FloeVncSession *self = FLOE_VNC_SESSION (session);

  if (self->connection != NULL)
    floe_quality_sample_add_socket (sample, g_socket_connection_get_socket (self->connection));
}

static GdkPixbuf *
floe_vnc_session_capture (FloeSession *session)
{
  return vnc_display_get_pixbuf (VNC_DISPLAY (FLOE_VNC_SESSION (session)->display));
}

/* RFB has those behind E0 with a bit of their own. Of the key's symbol QEMU makes nothing, as long
 * as it was not told a keyboard of its own. */
static void
floe_vnc_session_press_key (FloeSession *session, guint code, gboolean down)
{
  VncDisplay *display = VNC_DISPLAY (FLOE_VNC_SESSION (session)->display);

  vnc_connection_key_event (vnc_display_get_connection (display), down, 0,
                            (guint16)(code > 0xff ? (code & 0x7f) | 0x80 : code));
}

static void
floe_vnc_session_move_pointer (FloeSession *session, gint x, gint y, guint buttons)
{
  FloeVncSession *self = FLOE_VNC_SESSION (session);

  self->pointer_x = x;
  self->pointer_y = y;
  vnc_connection_pointer_event (vnc_display_get_connection (VNC_DISPLAY (self->display)),
                                (guint8)buttons, (guint16)x, (guint16)y);
}

static void
floe_vnc_session_press_button (FloeSession *session, guint button, gboolean down, guint buttons)
{
  FloeVncSession *self = FLOE_VNC_SESSION (session);

  floe_vnc_session_move_pointer (session, self->pointer_x, self->pointer_y, buttons);
}

static void
set_credentials (FloeVncSession *self, const FloeConnection *connection)
{
  VncDisplay *display = VNC_DISPLAY (self->display);

  if (connection->ticket != NULL)
    vnc_display_set_credential (display, VNC_DISPLAY_CREDENTIAL_PASSWORD,
                                floe_secret_get (connection->ticket, NULL));
  if (connection->username != NULL)
    vnc_display_set_credential (display, VNC_DISPLAY_CREDENTIAL_USERNAME, connection->username);
  vnc_display_set_credential (display, VNC_DISPLAY_CREDENTIAL_CLIENTNAME, "floe");
}

static void
listen (FloeVncSession *self)
{
  VncConnection *connection = vnc_display_get_connection (VNC_DISPLAY (self->display));

  g_signal_connect (self->display, "vnc-error", G_CALLBACK (on_error), self);
  g_signal_connect (self->display, "vnc-auth-failure", G_CALLBACK (on_auth_failure), self);
  g_signal_connect_swapped (self->display, "vnc-auth-unsupported", G_CALLBACK (on_auth_unsupported),
                            self);
  g_signal_connect_swapped (self->display, "vnc-initialized", G_CALLBACK (on_initialized), self);
  g_signal_connect_swapped (self->display, "vnc-disconnected", G_CALLBACK (on_disconnected), self);
  g_signal_connect_swapped (connection, "vnc-framebuffer-update", G_CALLBACK (on_update), self);
}

/**
 * floe_vnc_session_new:
 *
 * A #FloeSessionMaker. The display is asked for alone: whoever had it before is sent away.
 */
FloeSession *
floe_vnc_session_new (const FloeConnection *connection, FloeLogTap *tap)
{
  FloeVncSession *self = g_object_new (FLOE_TYPE_VNC_SESSION, NULL);

  floe_session_set_policy (FLOE_SESSION (self), connection->policy);
  self->host = g_strdup (connection->host);
  self->port = connection->port;
  self->proxy = g_strdup (connection->proxy);
  self->display = g_object_ref_sink (vnc_display_new ());
  vnc_display_set_shared_flag (VNC_DISPLAY (self->display), FALSE);
  set_credentials (self, connection);
  listen (self);
  return FLOE_SESSION (self);
}

/**
 * floe_session_get_vnc:
 * @session: a session
 *
 * Returns: (transfer none) (nullable): the library's widget, where the display speaks VNC
 */
VncDisplay *
floe_session_get_vnc (FloeSession *session)
{
  return FLOE_IS_VNC_SESSION (session) ? VNC_DISPLAY (FLOE_VNC_SESSION (session)->display) : NULL;
}

static void
floe_vnc_session_finalize (GObject *object)
{
  FloeVncSession *self = FLOE_VNC_SESSION (object);

  g_clear_object (&self->display);
  g_clear_object (&self->connecting);
  g_clear_object (&self->connection);
  g_free (self->host);
  g_free (self->proxy);
  g_free (self->heard);
  G_OBJECT_CLASS (floe_vnc_session_parent_class)->finalize (object);
}

static void
floe_vnc_session_class_init (FloeVncSessionClass *klass)
{
  FloeSessionClass *session_class = FLOE_SESSION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = floe_vnc_session_finalize;
  session_class->open = floe_vnc_session_open;
  session_class->close = floe_vnc_session_close;
  session_class->measure = floe_vnc_session_measure;
  session_class->capture = floe_vnc_session_capture;
  session_class->press_key = floe_vnc_session_press_key;
  session_class->move_pointer = floe_vnc_session_move_pointer;
  session_class->press_button = floe_vnc_session_press_button;
}

static void
floe_vnc_session_init (FloeVncSession *self)
{
}
