/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/clock.h"
#include "core/manager.h"
#include "manager/libvirt/libvirt-lanes.h"

G_BEGIN_DECLS

/**
 * FloeHostMeter:
 *
 * Measures what a host has left: when it is told to, and from then on every ten seconds until it
 * pauses.
 */
typedef struct _FloeHostMeter FloeHostMeter;

typedef void (*FloeHostMeterFunc) (const FloeHostCapacity *capacity, gpointer data);

FloeHostMeter *floe_host_meter_new (const gchar *host, FloeLibvirtLanes *lanes, FloeClock *clock,
                                    FloeHostMeterFunc measured, gpointer data);
void floe_host_meter_stop (FloeHostMeter *self);
void floe_host_meter_measure (FloeHostMeter *self);
void floe_host_meter_pause (FloeHostMeter *self);

guint floe_host_meter_load (FloeLibvirtMeasure *last, const FloeLibvirtMeasure *now);

G_END_DECLS
