/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "manager/libvirt/host-settings.h"
#include "manager/libvirt/libvirt-calls.h"
#include "manager/libvirt/libvirt-jobs.h"
#include "manager/libvirt/libvirt-watch.h"
#include "util/workers.h"

G_BEGIN_DECLS

typedef enum
{
  FLOE_LIBVIRT_LANE_TICKETS,
  FLOE_LIBVIRT_LANE_POWER,
  FLOE_LIBVIRT_LANE_LOOKS,
  FLOE_LIBVIRT_LANE_COPIES,
  FLOE_LIBVIRT_LANE_JOBS,
  FLOE_LIBVIRT_LANE_AGENT,
} FloeLibvirtLane;

/**
 * FloeLibvirtLanes:
 *
 * The calls to one host, in lanes with threads and connections of their own, so that nothing waits
 * behind something slower: tickets and whatever else talks to a QEMU; power (a destroy takes 1 to
 * 2 s); looking, which never talks to a QEMU, and the event connection; copying images, which takes
 * minutes; other jobs; guest agents, of which a stuck one takes 5 s. Each call has its deadline.
 */
#define FLOE_TYPE_LIBVIRT_LANES (floe_libvirt_lanes_get_type ())
G_DECLARE_FINAL_TYPE (FloeLibvirtLanes, floe_libvirt_lanes, FLOE, LIBVIRT_LANES, GObject)

FloeLibvirtLanes *floe_libvirt_lanes_new (const FloeLibvirtHostSettings *settings);

void floe_libvirt_lanes_open_watch (FloeLibvirtLanes *self, FloeLibvirtWatch *watch,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
guint floe_libvirt_lanes_get_hung_opens (FloeLibvirtLanes *self);
void floe_libvirt_lanes_list (FloeLibvirtLanes *self, GAsyncReadyCallback callback,
                              gpointer user_data);
void floe_libvirt_lanes_look_up (FloeLibvirtLanes *self, const gchar *id,
                                 GAsyncReadyCallback callback, gpointer user_data);
void floe_libvirt_lanes_screenshot (FloeLibvirtLanes *self, const gchar *id,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
void floe_libvirt_lanes_list_channels (FloeLibvirtLanes *self, const gchar *id,
                                       GAsyncReadyCallback callback, gpointer user_data);
void floe_libvirt_lanes_power (FloeLibvirtLanes *self, const gchar *id, gboolean on,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);
void floe_libvirt_lanes_set_ticket (FloeLibvirtLanes *self, FloeLibvirtRequest *request,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
void floe_libvirt_lanes_get_load (FloeLibvirtLanes *self, FloeLibvirtLane lane, FloeLoad *load);
void floe_libvirt_lanes_run_job (FloeLibvirtLanes *self, FloeLibvirtTask *task,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
void floe_libvirt_lanes_first_boot (FloeLibvirtLanes *self, const gchar *id,
                                    GAsyncReadyCallback callback, gpointer user_data);
void floe_libvirt_lanes_measure (FloeLibvirtLanes *self, GAsyncReadyCallback callback,
                                 gpointer user_data);
gpointer floe_libvirt_lanes_finish (FloeLibvirtLanes *self, GAsyncResult *result, GError **error);

G_END_DECLS
