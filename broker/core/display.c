/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/display.h"

#include <string.h>

#define TICKET_BYTES 16

const gchar *
floe_display_via_name (FloeDisplayVia via)
{
  return via == FLOE_DISPLAY_PROXY ? "proxy" : "direct";
}

const gchar *
floe_display_kind_name (FloeDisplayKind kind)
{
  return kind == FLOE_DISPLAY_VNC ? "vnc" : "spice";
}

/**
 * floe_display_new:
 * @host: the address that clients use
 * @port: plain port or 0
 * @tls_port: TLS port or 0
 * @ca: (nullable): PEM
 * @host_subject: (nullable): the certificate's subject
 *
 * Returns: (transfer full): a direct display; all channels must be TLS when there is no plain port
 */
FloeDisplay *
floe_display_new (const gchar *host, guint16 port, guint16 tls_port, const gchar *ca,
                  const gchar *host_subject)
{
  static const gchar *const all[] = { "all", NULL };
  static const gchar *const none[] = { NULL };
  FloeDisplay *self = g_new0 (FloeDisplay, 1);

  self->via = FLOE_DISPLAY_DIRECT;
  self->host = g_strdup (host);
  self->port = port;
  self->tls_port = tls_port;
  self->ca = g_strdup (ca);
  self->host_subject = g_strdup (host_subject);
  self->secure_channels = g_strdupv ((gchar **)(tls_port != 0 ? all : none));
  return self;
}

/**
 * floe_display_set_proxy:
 * @self: a display that nobody else has yet
 * @proxy: `[http://]HOST[:PORT]`, or with https
 *
 * Returns: whether it is such a one
 */
gboolean
floe_display_set_proxy (FloeDisplay *self, const gchar *proxy)
{
  g_autofree gchar *url =
      strstr (proxy, "://") != NULL ? g_strdup (proxy) : g_strconcat ("http://", proxy, NULL);
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const gchar *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0'
      || g_uri_get_userinfo (uri) != NULL
      || (strcmp (scheme, "http") != 0 && strcmp (scheme, "https") != 0))
    return FALSE;
  self->via = FLOE_DISPLAY_PROXY;
  self->proxy = g_steal_pointer (&url);
  return TRUE;
}

void
floe_display_free (FloeDisplay *self)
{
  if (self == NULL)
    return;
  g_free (self->proxy);
  g_free (self->host);
  g_free (self->ca);
  g_free (self->host_subject);
  g_strfreev (self->secure_channels);
  g_free (self);
}

/**
 * floe_ticket_new:
 * @now: the time of day, microseconds
 *
 * Returns: (transfer full): a random ticket that a first channel may use for %FLOE_TICKET_SECONDS
 */
FloeTicket *
floe_ticket_new (gint64 now)
{
  FloeTicket *self = g_new0 (FloeTicket, 1);

  self->secret = floe_secret_new_random (TICKET_BYTES);
  self->valid_until = now + FLOE_TICKET_SECONDS * G_USEC_PER_SEC;
  return self;
}

/**
 * floe_ticket_new_spent:
 *
 * Returns: (transfer full): a random ticket that ended in 1970: setting it closes a display to
 *   everybody who is not in yet
 */
FloeTicket *
floe_ticket_new_spent (void)
{
  FloeTicket *self = floe_ticket_new (0);

  self->valid_until = G_USEC_PER_SEC;
  return self;
}

/**
 * floe_ticket_fit:
 * @self: a ticket that was set on a display
 * @kind: what that speaks
 *
 * Cuts it to what opens such a display: of 128 bits VNC takes 48.
 */
void
floe_ticket_fit (FloeTicket *self, FloeDisplayKind kind)
{
  FloeSecret *cut;
  gsize length;
  const gchar *text = floe_secret_get (self->secret, &length);

  if (kind != FLOE_DISPLAY_VNC || length <= FLOE_VNC_TICKET_LENGTH)
    return;
  cut = floe_secret_new (text, FLOE_VNC_TICKET_LENGTH);
  floe_secret_unref (self->secret);
  self->secret = cut;
}

gboolean
floe_ticket_is_spent (const FloeTicket *self)
{
  return self->valid_until <= G_USEC_PER_SEC;
}

FloeTicket *
floe_ticket_copy (const FloeTicket *self)
{
  FloeTicket *copy = g_new0 (FloeTicket, 1);

  copy->secret = floe_secret_ref (self->secret);
  copy->valid_until = self->valid_until;
  return copy;
}

void
floe_ticket_free (FloeTicket *self)
{
  if (self == NULL)
    return;
  floe_secret_unref (self->secret);
  g_free (self);
}
