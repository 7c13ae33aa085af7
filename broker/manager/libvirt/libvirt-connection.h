/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <libvirt/libvirt.h>

#include "manager/libvirt/host-settings.h"

G_BEGIN_DECLS

/**
 * FloeLibvirtConnection:
 *
 * One worker thread's connection to one host: opened when it is first needed and again when it
 * broke. Only ever used by its thread.
 */
typedef struct _FloeLibvirtConnection FloeLibvirtConnection;

/**
 * FloeLibvirtCall:
 * @connection: open
 * @settings: of the host
 * @input: the call's own
 * @error: where its error goes
 *
 * What is done with a connection. It may be done a second time on a new connection when the first
 * one turns out to be dead, so it must be repeatable.
 *
 * Returns: (transfer full): the result, or %NULL with @error set
 */
typedef gpointer (*FloeLibvirtCall) (virConnectPtr connection,
                                     const FloeLibvirtHostSettings *settings, gpointer input,
                                     GError **error);

FloeLibvirtConnection *floe_libvirt_connection_new (const FloeLibvirtHostSettings *settings);
void floe_libvirt_connection_free (FloeLibvirtConnection *self);
gpointer floe_libvirt_connection_call (FloeLibvirtConnection *self, FloeLibvirtCall call,
                                       gpointer input, GCancellable *cancellable, GError **error);
const FloeLibvirtHostSettings *floe_libvirt_connection_get_settings (FloeLibvirtConnection *self);

virConnectPtr floe_libvirt_open (const gchar *uri, GError **error);

G_END_DECLS
