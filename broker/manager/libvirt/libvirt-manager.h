/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/manager.h"
#include "manager/libvirt/host-settings.h"
#include "manager/libvirt/libvirt-lanes.h"

G_BEGIN_DECLS

/**
 * FloeLibvirtManager:
 *
 * The manager port on libvirt hosts: the broker owns everything.
 */
#define FLOE_TYPE_LIBVIRT_MANAGER (floe_libvirt_manager_get_type ())
G_DECLARE_FINAL_TYPE (FloeLibvirtManager, floe_libvirt_manager, FLOE, LIBVIRT_MANAGER, GObject)

FloeManager *floe_libvirt_manager_new (GPtrArray *host_settings, FloeClock *clock);
void floe_libvirt_manager_get_load (FloeLibvirtManager *self, const gchar *host,
                                    FloeLibvirtLane lane, FloeLoad *load);

G_END_DECLS
