/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/secret.h"

G_BEGIN_DECLS

/**
 * FloeDisplayVia:
 * @FLOE_DISPLAY_DIRECT: clients connect to its host
 * @FLOE_DISPLAY_PROXY: clients have a proxy connect them to it
 */
typedef enum
{
  FLOE_DISPLAY_DIRECT,
  FLOE_DISPLAY_PROXY,
} FloeDisplayVia;

const gchar *floe_display_via_name (FloeDisplayVia via);

/**
 * FloeDisplayKind:
 * @FLOE_DISPLAY_SPICE: the usual one
 * @FLOE_DISPLAY_VNC: a picture, keyboard and pointer, never encrypted; where a pool allows it. Its
 *   tickets have %FLOE_VNC_TICKET_LENGTH characters, and setting one cuts nobody off: whoever comes
 *   next and asks for exclusive access does
 */
typedef enum
{
  FLOE_DISPLAY_SPICE,
  FLOE_DISPLAY_VNC,
} FloeDisplayKind;

const gchar *floe_display_kind_name (FloeDisplayKind kind);

/**
 * FloeDisplay:
 * @kind: what it speaks
 * @via: how a client reaches it
 * @proxy: (nullable): the URL of the proxy
 * @host: the address that clients, or the proxy, use
 * @port: the plain port, or 0 where there is none or the administrator did not allow it
 * @tls_port: the TLS port, or 0
 * @ca: (nullable): the PEM that the certificate is checked against
 * @host_subject: (nullable): the certificate's subject, spelled as QEMU and spice-gtk compare it
 * @secure_channels: (array zero-terminated=1): channels that must be TLS; "all" or empty
 *
 * Where a desktop's display is, as its manager says now. Immutable.
 */
typedef struct
{
  FloeDisplayKind kind;
  FloeDisplayVia via;
  gchar *proxy;
  gchar *host;
  guint16 port;
  guint16 tls_port;
  gchar *ca;
  gchar *host_subject;
  GStrv secure_channels;
} FloeDisplay;

FloeDisplay *floe_display_new (const gchar *host, guint16 port, guint16 tls_port, const gchar *ca,
                               const gchar *host_subject);
gboolean floe_display_set_proxy (FloeDisplay *self, const gchar *proxy);
void floe_display_free (FloeDisplay *self);

/**
 * FLOE_TICKET_SECONDS:
 *
 * How long a ticket may wait for its first use.
 */
#define FLOE_TICKET_SECONDS 30

/**
 * FloeTicket:
 * @secret: what QEMU asks for: 128 bits, which are 22 characters
 * @valid_until: the time; its date is judged by the host's clock
 *
 * A SPICE ticket. QEMU binds it to nobody; the store's row binds it to holder, terminal and
 * desktop.
 */
typedef struct
{
  FloeSecret *secret;
  gint64 valid_until;
} FloeTicket;

/* All that VNC's own authentication looks at. */
#define FLOE_VNC_TICKET_LENGTH 8

FloeTicket *floe_ticket_new (gint64 now);
void floe_ticket_fit (FloeTicket *self, FloeDisplayKind kind);
FloeTicket *floe_ticket_new_spent (void);
gboolean floe_ticket_is_spent (const FloeTicket *self);
FloeTicket *floe_ticket_copy (const FloeTicket *self);
void floe_ticket_free (FloeTicket *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeDisplay, floe_display_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeTicket, floe_ticket_free)

G_END_DECLS
