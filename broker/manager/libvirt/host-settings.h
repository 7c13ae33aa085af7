/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/guard.h"

G_BEGIN_DECLS

/**
 * FloeLibvirtHostSettings:
 * @name: the host's configured name
 * @uri: libvirt's URI
 * @display_address: (nullable): the address that clients use; %NULL means what libvirt says
 * @display_ca: (nullable): PEM that the host's SPICE certificate is checked against
 * @display_subject: (nullable): the certificate's subject as spice-gtk compares it
 * @plain_display: SPICE without TLS is allowed on this host
 * @guard: (nullable): asked directly before a domain or its storage is changed
 * @guard_data: must outlive every call
 *
 * What the manager needs to know of one host.
 */
typedef struct
{
  gchar *name;
  gchar *uri;
  gchar *display_address;
  gchar *display_ca;
  gchar *display_subject;
  gboolean plain_display;
  FloeGuard guard;
  gpointer guard_data;
} FloeLibvirtHostSettings;

FloeLibvirtHostSettings *floe_libvirt_host_settings_copy (const FloeLibvirtHostSettings *self);
void floe_libvirt_host_settings_free (FloeLibvirtHostSettings *self);
gboolean floe_libvirt_host_settings_is_local (const FloeLibvirtHostSettings *self);
gchar *floe_libvirt_host_settings_address (const FloeLibvirtHostSettings *self, const gchar *listen,
                                           GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLibvirtHostSettings, floe_libvirt_host_settings_free)

G_END_DECLS
