/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/manager.h"
#include "manager/libvirt/host-settings.h"
#include "manager/libvirt/libvirt-lanes.h"

G_BEGIN_DECLS

/**
 * FloeLibvirtHost:
 *
 * One libvirt host: a connection for events that is made again for ever, what is known of its
 * domains, and lanes of calls. It emits the manager's signals for its part.
 */
#define FLOE_TYPE_LIBVIRT_HOST (floe_libvirt_host_get_type ())
G_DECLARE_FINAL_TYPE (FloeLibvirtHost, floe_libvirt_host, FLOE, LIBVIRT_HOST, GObject)

FloeLibvirtHost *floe_libvirt_host_new (const FloeLibvirtHostSettings *settings, FloeClock *clock,
                                        FloeManager *manager);
void floe_libvirt_host_start (FloeLibvirtHost *self);
void floe_libvirt_host_stop (FloeLibvirtHost *self);
void floe_libvirt_host_refresh (FloeLibvirtHost *self);

const FloeLibvirtHostSettings *floe_libvirt_host_get_settings (FloeLibvirtHost *self);
FloeLibvirtLanes *floe_libvirt_host_get_lanes (FloeLibvirtHost *self, GError **error);
void floe_libvirt_host_get_load (FloeLibvirtHost *self, FloeLibvirtLane lane, FloeLoad *load);
gboolean floe_libvirt_host_check_clock (FloeLibvirtHost *self, GError **error);

G_END_DECLS
