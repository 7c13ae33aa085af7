/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/manager.h"

G_BEGIN_DECLS

/*
 * What the worker threads do, each a #FloeWork whose context is a #FloeLibvirtConnection. All can
 * be repeated without harm.
 */

/**
 * FloeLibvirtRequest:
 * @id: the domain's UUID
 * @asked: when, by a clock that goes on while this process is stopped
 * @ticket: (nullable): for floe_libvirt_set_ticket()
 * @mode: for floe_libvirt_set_ticket()
 * @policy: (nullable): for floe_libvirt_set_ticket()
 *
 * The input of calls that are about one domain.
 */
typedef struct
{
  gchar *id;
  gint64 asked;
  FloeTicket *ticket;
  FloeTicketMode mode;
  FloePolicy *policy;
} FloeLibvirtRequest;

FloeLibvirtRequest *floe_libvirt_request_new (const gchar *id);
void floe_libvirt_request_free (FloeLibvirtRequest *self);

/**
 * FloeLibvirtSeen:
 * @domain: as it was seen
 * @has_display: it runs with a SPICE display that asks for a ticket
 * @seeded: it is a clone that cloud-init makes its own: its agent answers before it is ready
 */
typedef struct
{
  FloeDomain *domain;
  gboolean has_display;
  gboolean seeded;
} FloeLibvirtSeen;

void floe_libvirt_seen_free (FloeLibvirtSeen *self);

gpointer floe_libvirt_list (gpointer context, gpointer input, GCancellable *cancellable,
                            GError **error);
gpointer floe_libvirt_look_up (gpointer context, gpointer input, GCancellable *cancellable,
                               GError **error);
gpointer floe_libvirt_power_on (gpointer context, gpointer input, GCancellable *cancellable,
                                GError **error);
gpointer floe_libvirt_power_off (gpointer context, gpointer input, GCancellable *cancellable,
                                 GError **error);
gpointer floe_libvirt_set_ticket (gpointer context, gpointer input, GCancellable *cancellable,
                                  GError **error);
gpointer floe_libvirt_list_channels (gpointer context, gpointer input, GCancellable *cancellable,
                                     GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLibvirtRequest, floe_libvirt_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FloeLibvirtSeen, floe_libvirt_seen_free)

G_END_DECLS
