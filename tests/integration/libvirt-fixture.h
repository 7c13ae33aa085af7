/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * LibvirtFixture:
 * @dir: its directory, removed in the end
 * @uri: of the private libvirtd
 * @tcp_uri: (nullable): the same over TCP, with the option tcp
 * @ca: (nullable): PEM text of the SPICE CA, with the option tls
 * @subject: (nullable): of the SPICE certificate, with the option tls
 *
 * A private libvirtd with guests, made by the scripts of tests/fixtures.
 */
typedef struct
{
  gchar *dir;
  gchar *uri;
  gchar *tcp_uri;
  gchar *ca;
  gchar *subject;
  GStrv options;
} LibvirtFixture;

LibvirtFixture *libvirt_fixture_new (const gchar *const *options);
void libvirt_fixture_free (LibvirtFixture *self);
void libvirt_fixture_start (LibvirtFixture *self);
void libvirt_fixture_signal (LibvirtFixture *self, gint signal);
void libvirt_fixture_kill (LibvirtFixture *self);
gchar *libvirt_fixture_define (LibvirtFixture *self, const gchar *name,
                               const gchar *const *options);
gchar *libvirt_fixture_virsh (LibvirtFixture *self, const gchar *first, ...) G_GNUC_NULL_TERMINATED;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LibvirtFixture, libvirt_fixture_free)

G_END_DECLS
